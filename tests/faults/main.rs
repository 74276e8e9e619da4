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

mod f01_kills;
mod f05_stop;
mod f06_answers;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use f06_answers::*;
use site::Place::{Postgres, Sqlite};

type Test = fn(site::Place, usize);

fn trial(name: &str, run: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name.to_string(), move || {
        run();
        Ok(())
    })
}

fn trials() -> Vec<Trial> {
    let mut all = vec![trial(
        "twin_the_judge_sees_losses_and_copies",
        oracle::twins::a_planted_loss_and_a_planted_copy_are_found,
    )];
    for (place, database) in [(Sqlite, "sqlite"), (Postgres, "postgres")] {
        for connections in [1, 8] {
            let at = format!("{database}_{connections}");
            let mut add = |name: &str, run: fn(site::Place, usize)| {
                all.push(trial(&format!("{name}::{at}"), move || run(place, connections)));
            };
            add("f01_f02_f03_killed_at_every_stage", |p, n| f01_kills::killed_at_every_stage(p, n, n == 8));
            add("f05_a_stop_in_a_wave_leaves_nothing_in_doubt", f05_stop::a_stop_in_a_wave_leaves_nothing_in_doubt);
        }
        for (name, run) in [
            (
                "f06_421_after_some_messages_ends_a_connection_and_not_the_wave",
                f06_421_after_some_messages_ends_a_connection_and_not_the_wave as Test,
            ),
            ("f06_f07_refusals_at_each_stage_concern_one_message", f06_f07_refusals_at_each_stage_concern_one_message),
            (
                "f08_a_late_answer_counts_and_silence_leaves_one_in_doubt",
                f08_a_late_answer_counts_and_silence_leaves_one_in_doubt,
            ),
            ("f10_nonsense_after_the_dot_is_no_answer", f10_nonsense_after_the_dot_is_no_answer),
            ("f12_connections_closed_while_idle_are_opened_again", f12_connections_closed_while_idle_are_opened_again),
        ] {
            all.push(trial(&format!("{name}::{database}"), move || run(place, 4)));
        }
    }
    all
}

fn main() -> ExitCode {
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials());
    report::print();
    conclusion.exit_code()
}
