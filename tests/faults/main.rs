//! Real faults: the program as it is shipped, killed, stopped, starved and cut off while it sends, on SQLite and PostgreSQL.
//!
//! Who got what is written down by an SMTP server in this process, and joined with the ledger when everything is over: nobody lost, nobody
//! doubled whom the ledger did not name. What every fault cost is printed as one table at the end.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

#[path = "../common/postgres.rs"]
mod postgres;
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

mod f01_kills;
mod f04_syscalls;
mod f05_stop;
mod f06_answers;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use f01_kills::*;
use f04_syscalls::*;
use f05_stop::*;
use f06_answers::*;
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
    ("f10_nonsense_after_the_dot_is_no_answer", f10_nonsense_after_the_dot_is_no_answer, &[4]),
    ("f12_connections_closed_while_idle_are_opened_again", f12_connections_closed_while_idle_are_opened_again, &[4]),
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
    all
}

fn main() -> ExitCode {
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials());
    report::print();
    conclusion.exit_code()
}
