//! Real faults: the program as it is shipped, killed, stopped, starved and cut off while it sends, on SQLite and PostgreSQL.
//!
//! Who got what is written down by an SMTP server in this process, and joined with the ledger when everything is over: nobody lost, nobody
//! doubled whom the ledger did not name. What every fault cost is printed as one table at the end.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

#[path = "../common/postgres.rs"]
mod postgres;
#[path = "../common/program.rs"]
mod program;
#[path = "../common/round.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod texts;

mod sink;
mod oracle;
mod report;
mod daemon;
mod site;
mod look;
mod strace;
mod cluster;

mod f01_kills;
mod f04_syscalls;
mod f05_stop;
mod f06_answers;
mod f09_network;
mod f13_storage;
mod f14_restored;
mod f15_two;
mod f21_making;
mod f26_memory;
mod f28_upgrade;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use f01_kills::*;
use f04_syscalls::*;
use f05_stop::*;
use f06_answers::*;
use f09_network::*;
use f13_storage::*;
use f14_restored::*;
use f15_two::*;
use f21_making::*;
use f26_memory::*;
use f28_upgrade::*;
use site::Place;

type Test = fn(Place, usize);

/// Says why something is not tried; on CI that is a failure. False, so that a check can end with it.
pub fn skip(why: &str) -> bool {
    eprintln!("skipped: {why}");
    assert!(std::env::var_os("CI").is_none(), "on CI nothing is skipped: {why}");
    false
}

fn trial(name: &str, run: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name.to_string(), move || {
        run();
        Ok(())
    })
}

/// What is tried on both databases, and over how many connections.
const ON_BOTH: &[(&str, Test, &[usize])] = &[
    ("f01_f02_f03_killed_at_every_stage", f01_f02_f03_killed_at_every_stage, &[1, 8]),
    ("f04_a_command_killed_at_any_write_is_done_or_not", f04_a_command_killed_at_any_write_is_done_or_not, &[1]),
    ("f04_a_daemon_killed_at_any_write_goes_on", f04_a_daemon_killed_at_any_write_goes_on, &[1]),
    ("f05_a_stop_in_a_wave_leaves_nothing_in_doubt", f05_a_stop_in_a_wave_leaves_nothing_in_doubt, &[1, 8]),
    ("f06_421_ends_a_connection_and_not_the_wave", f06_421_ends_a_connection_and_not_the_wave, &[4]),
    ("f06_f07_refusals_concern_one_message", f06_f07_refusals_concern_one_message, &[4]),
    ("f08_f09_silence_after_the_dot_leaves_one_in_doubt", f08_f09_silence_after_the_dot_leaves_one_in_doubt, &[4]),
    ("f09_reset_in_the_message", f09_reset_in_the_message, &[4]),
    ("f09_every_fifth_packet_is_lost", f09_every_fifth_packet_is_lost, &[8]),
    ("f09_the_line_is_dead_and_does_not_say_so", f09_the_line_is_dead_and_does_not_say_so, &[4]),
    ("f10_nonsense_after_the_dot_is_no_answer", f10_nonsense_after_the_dot_is_no_answer, &[4]),
    ("f12_connections_closed_while_idle_are_opened_again", f12_connections_closed_while_idle_are_opened_again, &[4]),
    ("f21_a_message_that_cannot_be_made_fails_alone", f21_a_message_that_cannot_be_made_fails_alone, &[4]),
    (
        "f21_a_message_whose_making_kills_the_program_is_held",
        f21_a_message_whose_making_kills_the_program_is_held,
        &[4],
    ),
    ("f26_out_of_memory_in_a_wave", f26_out_of_memory_in_a_wave, &[4]),
    ("f30_a_soak_of_random_faults", f30_a_soak_of_random_faults, &[8]),
];

/// What concerns one database only.
/// Name, test, and with how many connections.
type OnOne = (&'static str, fn(usize), &'static [usize]);

const ON_ONE: &[OnOne] = &[
    (
        "f13_a_full_disk_stops_the_wave_and_space_lets_it_go_on",
        f13_a_full_disk_stops_the_wave_and_space_lets_it_go_on,
        &[1, 8],
    ),
    ("f13_failing_writes_are_survived", f13_failing_writes_are_survived, &[4]),
    ("f13_twin_a_sound_disk_gives_no_alarm", f13_twin_a_sound_disk_gives_no_alarm, &[4]),
    ("f14_postgres_stopped_hard_in_a_wave", f14_postgres_stopped_hard_in_a_wave, &[1, 8]),
    ("f14_connections_to_postgres_are_cut", f14_connections_to_postgres_are_cut, &[1, 8]),
    ("f14_sqlite_locked_by_another_program_for_a_minute", f14_sqlite_locked_by_another_program_for_a_minute, &[4]),
    ("f14_sqlite_needs_no_log_after_a_stop", f14_sqlite_needs_no_log_after_a_stop, &[4]),
    ("f13_a_damaged_database_sends_nothing", f13_a_damaged_database_sends_nothing, &[4]),
    (
        "f14_a_backup_beside_a_foreign_log_sends_nothing_again",
        f14_a_backup_beside_a_foreign_log_sends_nothing_again,
        &[4],
    ),
    ("f14_twin_sqlite_brings_a_foreign_log_into_a_backup", f14_twin_sqlite_brings_a_foreign_log_into_a_backup, &[4]),
    ("f14_a_log_that_was_brought_in_doubles_nothing", f14_a_log_that_was_brought_in_doubles_nothing, &[4]),
    (
        "f15_eight_senders_on_a_slow_sqlite_and_no_second_daemon",
        f15_eight_senders_on_a_slow_sqlite_and_no_second_daemon,
        &[8],
    ),
    (
        "f15_two_daemons_on_a_slow_database_send_nothing_twice",
        f15_two_daemons_on_a_slow_database_send_nothing_twice,
        &[4],
    ),
    (
        "f15_a_daemon_that_stood_still_past_its_lease_sends_nothing_more",
        f15_a_daemon_that_stood_still_past_its_lease_sends_nothing_more,
        &[1, 8],
    ),
    (
        "f28_an_upgrade_in_the_middle_of_a_wave_doubles_nothing",
        f28_an_upgrade_in_the_middle_of_a_wave_doubles_nothing,
        &[4],
    ),
];

fn trials() -> Vec<Trial> {
    let mut all =
        vec![trial("twin_the_judge_sees_losses_and_copies", oracle::a_planted_loss_and_a_planted_copy_are_found)];
    for (place, database) in [(Place::Sqlite, "sqlite"), (Place::Postgres, "postgres")] {
        for (name, run, over) in ON_BOTH {
            for connections in *over {
                all.push(trial(&format!("{name}::{database}_{connections}"), move || run(place, *connections)));
            }
        }
    }
    for (name, run, over) in ON_ONE {
        all.extend(over.iter().map(|n| trial(&format!("{name}::{n}"), move || run(*n))));
    }
    all
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().collect();
    if let [_, inside, name, place] = words.as_slice()
        && inside == INSIDE
    {
        f09_network::play(name, place);
        return ExitCode::SUCCESS;
    }
    let mut arguments = Arguments::from_args();
    // Most of the time each of them waits.
    arguments.test_threads.get_or_insert(6);
    let conclusion = libtest_mimic::run(&arguments, trials());
    report::print();
    conclusion.exit_code()
}
