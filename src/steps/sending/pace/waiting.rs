//! Why a message waits, as the outbox says it.

use crate::base::clock::Ts;
use crate::base::counted::counted;
use crate::rules::calendar::human;
use crate::rules::sending::pace::{Gateway, NEVER_HELD, Policy, Ramp, Wait};
use crate::steps::context::Live;

pub(super) fn sentence(policy: &Policy, live: &Live, gateway: &Gateway, ramp: &Ramp, why: Wait, now: Ts) -> String {
    let name = &gateway.name;
    let until = gateway.standing.held_until.map(|at| human(at, now, live.sequence.home().zone())).unwrap_or_default();
    match why {
        Wait::Held if gateway.standing.held_by != NEVER_HELD => {
            format!("waits: mail to {name} is held by {}", gateway.standing.held_by)
        }
        Wait::Held => format!("waits: {name} refuses our mail; it is tried again after {until}"),
        Wait::Canary => format!("waits for the first message of this round to {name} to be accepted"),
        Wait::Open => {
            format!("waits: {} way to {name}", counted(gateway.open, "message is on its", "messages are on their"))
        }
        Wait::Gateway => {
            let slow = gateway.standing.halvings(now);
            let slower = if slow > 0 { format!(", now a {} of it", share(slow)) } else { String::new() };
            format!(
                "waits its turn: {} to {name}{slower}",
                counted(gateway.limit.per_hour, "message an hour goes", "messages an hour go")
            )
        }
        Wait::Ramp => {
            let most = ramp.most.unwrap_or(0);
            format!(
                "waits for tomorrow: {} is new as a sender and sends {} today",
                ramp.domain,
                counted(most, "message", "messages")
            )
        }
        Wait::Round => {
            let most = live.spec.schedule.maximum_per_hour.unwrap_or(0);
            format!("waits its turn: this round sends {} an hour", counted(most, "message", "messages"))
        }
        Wait::All => {
            format!("waits its turn: {} in an hour", counted(policy.per_hour, "message leaves", "messages leave"))
        }
    }
}

fn share(halvings: u32) -> &'static str {
    match halvings {
        1 => "half",
        2 => "quarter",
        3 => "eighth",
        4 => "sixteenth",
        _ => "small part",
    }
}
