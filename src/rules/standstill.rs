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

#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub broken: Option<Broken>,
    /// When the oldest message that may leave was due.
    pub oldest_due: Option<Ts>,
    /// When a message last left, or when this program began to look.
    pub last_left: Option<Ts>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standstill {
    pub since: Ts,
    pub what: String,
    pub next: &'static str,
}

/// Whether nothing leaves, and why.
pub fn stands_still(facts: &Facts, now: Ts) -> Option<Standstill> {
    if let Some(broken) =
        facts.broken.as_ref().filter(|b| b.for_good || (facts.oldest_due.is_some() && now.since(b.since) >= PATIENCE))
    {
        let next = match broken.for_good {
            true => "Correct [smtp] in the settings and restart; `doctor` tries it. It is tried again every minute.",
            false => {
                "See whether the server of [smtp] runs and can be reached; `doctor` tries it. It is tried again every minute."
            }
        };
        return Some(Standstill { since: broken.since, what: format!("No mail leaves. {}", broken.what), next });
    }
    let (due, left) = (facts.oldest_due?, facts.last_left?);
    let since = due.max(left);
    (now.since(since) >= AFFORDED).then(|| Standstill {
        since,
        what: "No mail has left for half an hour, and some is due.".into(),
        next: "The page /sending and the log say what keeps it; a restart harms nothing.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::delivery::Reply;

    fn failure(stage: Stage, cause: Cause) -> Failure {
        Failure { stage, cause }
    }

    fn broken(failure: &Failure, minutes: i64) -> bool {
        let facts = Facts { broken: Some(Broken::new(failure, Ts(0))), oldest_due: Some(Ts(0)), ..Facts::default() };
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
            let facts = Facts { broken: None, oldest_due: due.map(minutes), last_left: left.map(minutes) };
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
}
