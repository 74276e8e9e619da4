//! When nothing leaves any more, and somebody has to hear of it: a log-in that is refused, a server that cannot be reached, silence.

use crate::base::clock::{MINUTE, Ts};

use super::delivery::{Cause, Failure, Stage};

/// Servers are restarted and networks stumble; what lasts longer does not pass by itself.
const PATIENCE: i64 = 5 * MINUTE;
/// What is due at nine and has not left by then comes too late for somebody's working hours.
const AFFORDED: i64 = 30 * MINUTE;

/// What failed last between us and the mail server, and has not worked since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub since: Ts,
    /// A sentence, free of secrets.
    pub what: String,
    /// By its nature it stays so until a person changes a setting.
    pub for_good: bool,
}

impl Broken {
    pub fn new(failure: &Failure, since: Ts) -> Broken {
        let refused = matches!(&failure.cause, Cause::Reply(reply) if reply.code >= 500);
        let for_good = match failure.stage {
            Stage::Login => refused || matches!(failure.cause, Cause::Unfit(_)),
            _ => matches!(failure.cause, Cause::Unfit(_)),
        };
        Broken { since, what: failure.to_string(), for_good }
    }
}

/// So many people have to be put off before it is the server's doing: one alone may have a full mailbox or a patient door (greylisting).
pub const ENOUGH: usize = 2;

/// So many are looked at of whom others were accepted beside.
pub const LOOKED_AT: usize = 200;

/// People whom the server has put off, each by when he was first tried, and what it has accepted meanwhile.
#[derive(Clone, Debug, Default)]
pub struct PutOff {
    /// First tried after anything was last accepted: the first first, [`ENOUGH`] at most.
    pub after: Vec<Ts>,
    /// First tried by then: the last first, [`LOOKED_AT`] at most.
    pub before: Vec<Ts>,
    /// When messages were accepted, the last first, [`LOOKED_AT`] at most.
    pub accepted: Vec<Ts>,
}

impl PutOff {
    /// Since when it is the server's doing. A few who are put off while others are accepted are so for reasons of their own; where they
    /// outnumber those who were accepted since the first of them was tried, they are not.
    fn since(&self) -> Option<Ts> {
        if let Some(since) = self.after.get(ENOUGH - 1) {
            return Some(*since);
        }
        let outnumber = |(n, from): (usize, &Ts)| {
            let people = self.after.len() + n + 1;
            let accepted = self.accepted.iter().take_while(|at| *at >= from).count();
            (people >= ENOUGH && people > accepted).then_some(*from)
        };
        self.before.iter().enumerate().find_map(outnumber)
    }
}

#[derive(Clone, Debug, Default)]
pub struct StandstillFacts {
    pub broken: Option<Broken>,
    /// Since when the oldest message that may leave now has been due, or is again in a moment.
    pub oldest_due: Option<Ts>,
    pub put_off: PutOff,
    /// When a message was last accepted, or this program began to look.
    pub last_left: Option<Ts>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standstill {
    pub since: Ts,
    pub what: String,
    pub next: &'static str,
}

/// Whether nothing leaves, and why. What is answered and not accepted has not left.
pub fn stands_still(facts: &StandstillFacts, now: Ts) -> Option<Standstill> {
    if let Some(broken) =
        facts.broken.as_ref().filter(|b| b.for_good || (facts.oldest_due.is_some() && now.since(b.since) >= PATIENCE))
    {
        let next = match broken.for_good {
            true => {
                "Whoever keeps this installation corrects its mail server ([smtp] in the settings) and restarts it. It is tried again every minute."
            }
            false => {
                "Whoever keeps this installation sees whether its mail server ([smtp] in the settings) runs and can be reached. It is tried again every minute."
            }
        };
        return Some(Standstill { since: broken.since, what: format!("No mail leaves. {}", broken.what), next });
    }
    let silent = |from: Option<Ts>| {
        let since = facts.last_left.max(from).filter(|_| from.is_some())?;
        (now.since(since) >= AFFORDED).then_some(since)
    };
    let put_off = silent(facts.put_off.since()).map(|since| Standstill {
        since,
        what: "No mail has left for half an hour: the mail server puts off whatever it is offered.".into(),
        next: "The outbox says what the server answers; ask whoever runs it. Messages are tried again by themselves.",
    });
    put_off.or_else(|| {
        silent(facts.oldest_due).map(|since| Standstill {
            since,
            what: "No mail has left for half an hour, and some is due.".into(),
            next: "The page /sending and the log say what keeps it; a restart harms nothing.",
        })
    })
}

/// Whether silence can have lasted long enough at all, so that the rest need not be asked.
pub fn may_be_silent(last_left: Option<Ts>, now: Ts) -> bool {
    last_left.is_none_or(|left| now.since(left) >= AFFORDED)
}

#[cfg(test)]
mod tests {
    use crate::rules::sending::delivery::Reply;

    use super::*;

    fn failure(stage: Stage, cause: Cause) -> Failure {
        Failure { stage, cause }
    }

    fn broken(failure: &Failure, minutes: i64) -> bool {
        let facts = StandstillFacts {
            broken: Some(Broken::new(failure, Ts(0))),
            oldest_due: Some(Ts(0)),
            ..StandstillFacts::default()
        };
        stands_still(&facts, Ts(minutes * MINUTE)).is_some()
    }

    #[test]
    fn a03_a_refused_log_in_is_told_at_once_and_a_server_that_is_away_after_a_while() {
        let refused = failure(Stage::Login, Cause::Reply(Reply::new(535, "5.7.8")));
        assert!(broken(&refused, 0));
        assert!(broken(&failure(Stage::Login, Cause::Unfit("no mechanism".into())), 0));
        for passing in [
            failure(Stage::Login, Cause::Reply(Reply::new(454, "4.7.0"))),
            failure(Stage::Connect, Cause::Broken("refused".into())),
            failure(Stage::Connect, Cause::TimedOut),
            failure(Stage::Greeting, Cause::Reply(Reply::new(554, ""))),
            failure(Stage::Tls, Cause::Tls("expired".into())),
            failure(Stage::Mail, Cause::Reply(Reply::new(421, ""))),
        ] {
            assert!(!broken(&passing, 4), "{passing}");
            assert!(broken(&passing, 5), "{passing}");
        }
    }

    #[test]
    fn a03_silence_counts_from_what_was_due_and_what_left() {
        let at = |due: Option<i64>, left: Option<i64>, now: i64| {
            let minutes = |n: i64| Ts(n * MINUTE);
            let facts = StandstillFacts {
                oldest_due: due.map(minutes),
                last_left: left.map(minutes),
                ..StandstillFacts::default()
            };
            stands_still(&facts, minutes(now)).map(|s| s.since.0 / MINUTE)
        };
        assert_eq!(at(Some(0), Some(0), 29), None);
        assert_eq!(at(Some(0), Some(0), 30), Some(0));
        // A long queue that moves stands not still; neither does one of which nothing is due.
        assert_eq!(at(Some(0), Some(200), 210), None);
        assert_eq!(at(None, Some(0), 600), None);
        assert_eq!(at(Some(600), Some(0), 610), None);
        assert_eq!(at(Some(600), Some(0), 630), Some(600));
    }

    #[test]
    fn a03_two_people_who_are_put_off_are_a_standstill_and_one_is_not() {
        let minutes = |all: &[i64]| all.iter().map(|n| Ts(n * MINUTE)).collect::<Vec<_>>();
        let at = |after: &[i64], left: Option<i64>, now: i64| {
            let put_off = PutOff { after: minutes(after), ..PutOff::default() };
            let facts =
                StandstillFacts { put_off, last_left: left.map(|n| Ts(n * MINUTE)), ..StandstillFacts::default() };
            stands_still(&facts, Ts(now * MINUTE)).map(|s| s.since.0 / MINUTE)
        };
        assert_eq!(at(&[0, 0], Some(0), 30), Some(0));
        assert_eq!(at(&[0, 0], Some(0), 29), None);
        // It counts from the second, however long the first has been waiting.
        assert_eq!(at(&[0, 50], Some(0), 79), None);
        assert_eq!(at(&[0, 50], Some(0), 80), Some(50));
        assert_eq!(at(&[0], Some(0), 3 * 24 * 60), None);
        // Nobody has ever looked or taken anything: `doctor` beside a daemon that is not there.
        assert_eq!(at(&[0, 1], None, 31), Some(1));
        assert_eq!(at(&[0, 0], Some(100), 120), None);
    }

    #[test]
    fn a03_who_is_put_off_beside_others_proves_something_where_they_are_the_more() {
        let minutes = |all: &[i64]| all.iter().map(|n| Ts(n * MINUTE)).collect::<Vec<_>>();
        let proves = |after: &[i64], before: &[i64], accepted: &[i64]| {
            let put_off = PutOff { after: minutes(after), before: minutes(before), accepted: minutes(accepted) };
            let last_left = put_off.accepted.first().copied();
            stands_still(&StandstillFacts { put_off, last_left, ..StandstillFacts::default() }, Ts(1_000 * MINUTE))
                .is_some()
        };
        assert!(proves(&[], &[9, 8, 7], &[9, 8]));
        assert!(!proves(&[], &[9, 8], &[9, 9, 8]));
        // Two full mailboxes on a day on which a hundred were written to, and one patient door in the evening.
        let hundred: Vec<i64> = (0..100).rev().collect();
        assert!(!proves(&[], &[99, 98], &hundred.iter().map(|n| n + 1).collect::<Vec<_>>()));
        assert!(!proves(&[500], &[60, 3], &hundred));
        assert!(proves(&[500, 501], &[60, 3], &hundred));
        // A relay that takes fewer and fewer, and then none.
        assert!(proves(&[], &[99, 98, 97, 96, 95, 94], &[99, 95, 90, 80]));
        // One alone proves nothing, however little leaves.
        assert!(!proves(&[], &[9], &[]) && !proves(&[9], &[], &[]));
    }
}
