//! Whether it is a message's turn, and when it is asked again where it is not.

use crate::base::clock::{MINUTE, SECOND, Ts};
use crate::base::ids::MessageId;
use crate::rules::message::MessageState;

use super::policy::{Limit, Policy, at_once, interval, tomorrow};
use super::standing::Standing;

/// What has been used of a limit, and how long its queue is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// When a message could go if one went after the other.
    pub free_at: Ts,
    /// The last place in the queue of those who wait.
    pub queue: Option<Ts>,
}

impl Budget {
    /// When the next may go. A clock that was set back does not make anybody wait for what has been used in its future.
    fn opens(&self, between: i64, at_once: i64, now: Ts) -> Ts {
        self.free_at.min(now.plus(between.saturating_mul(at_once))).plus(-between.saturating_mul(at_once - 1))
    }

    fn use_up(&mut self, between: i64, now: Ts) {
        self.free_at = self.free_at.max(now).plus(between);
    }

    /// A place behind everybody who waits, not before `from`.
    fn line_up(&mut self, between: i64, from: Ts) -> Ts {
        let place = self.queue.map_or(from, |last| last.plus(between).max(from));
        self.queue = Some(place);
        place
    }
}

/// The first message of a round to a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canary {
    pub message: MessageId,
    /// When it was let go.
    pub since: Ts,
    pub state: MessageState,
    pub settled_at: Option<Ts>,
    /// It was accepted, and nothing bad was heard for the time that is waited.
    pub passed: bool,
}

/// What is known of a gateway in a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    pub name: String,
    pub limit: Limit,
    pub budget: Budget,
    /// Messages in the hands of senders.
    pub open: u32,
    pub standing: Standing,
    pub canary: Option<Canary>,
}

/// What a sender's domain has sent today, and how much it may, while the world gets to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ramp {
    pub domain: String,
    pub today: u32,
    pub most: Option<u32>,
}

/// The message whose turn is asked for.
#[derive(Clone, Copy, Debug)]
pub struct PacedMessage<'a> {
    pub id: &'a MessageId,
    /// It has waited for its place in a queue, and this is its place.
    pub waited: bool,
}

/// Why a message waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    Held,
    Canary,
    Open,
    Gateway,
    Ramp,
    Round,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    Go,
    Wait { until: Ts, why: Wait },
}

/// Decides, and takes what the message uses from every limit if it goes. `round` and `all`: budgets with their limits per hour.
pub fn turn(
    policy: &Policy,
    message: PacedMessage<'_>,
    gateway: &mut Gateway,
    ramp: &mut Ramp,
    round: (&mut Budget, u32),
    all: (&mut Budget, u32),
    now: Ts,
) -> Pace {
    let halvings = gateway.standing.halvings(now);
    let per_hour = gateway.limit.per_hour;
    // A gateway without a limit that asked us to be slower has one of a message a second to halve.
    let between = if per_hour == 0 && halvings > 0 { SECOND } else { interval(per_hour) } << halvings;
    let wait = |budget: &mut Budget, between: i64, from: Ts, why: Wait| Pace::Wait {
        until: budget.line_up(between, from).max(now.plus(1)),
        why,
    };
    if let Some(until) = gateway.standing.held(now) {
        return wait(&mut gateway.budget, between, until, Wait::Held);
    }
    if ramp.most.is_some_and(|most| ramp.today >= most) {
        return Pace::Wait { until: tomorrow(now), why: Wait::Ramp };
    }
    let mine = gateway.canary.as_ref().is_some_and(|canary| !canary.passed && canary.message == *message.id);
    let goes_first = match first(policy, gateway.canary.as_ref(), mine, now) {
        First::Passed => false,
        First::Goes => true,
        First::Waits(until) => return wait(&mut gateway.budget, between, until, Wait::Canary),
    };
    if gateway.limit.open > 0 && gateway.open >= gateway.limit.open {
        return wait(&mut gateway.budget, between.max(SECOND), now.plus(SECOND), Wait::Open);
    }
    let limits = [
        (&mut gateway.budget, between, at_once(per_hour >> halvings), Wait::Gateway),
        (&mut *round.0, interval(round.1), at_once(round.1), Wait::Round),
        (&mut *all.0, interval(all.1), at_once(all.1), Wait::All),
    ];
    for (budget, between, at_once, why) in limits {
        let opens = budget.opens(between, at_once, now);
        let in_turn = message.waited || mine || budget.queue.is_none_or(|last| last <= now);
        if between > 0 && (opens > now || !in_turn) {
            return wait(budget, between, opens.max(now), why);
        }
    }
    gateway.budget.use_up(between, now);
    gateway.open = gateway.open.saturating_add(1);
    ramp.today = ramp.today.saturating_add(1);
    round.0.use_up(interval(round.1), now);
    all.0.use_up(interval(all.1), now);
    if goes_first {
        let id = message.id.clone();
        gateway.canary =
            Some(Canary { message: id, since: now, state: MessageState::Claimed, settled_at: None, passed: false });
    } else if let Some(canary) = gateway.canary.as_mut() {
        canary.passed = true;
    }
    Pace::Go
}

enum First {
    /// Somebody went first, and it went well; or nobody has to.
    Passed,
    /// This message goes first.
    Goes,
    Waits(Ts),
}

fn first(policy: &Policy, canary: Option<&Canary>, mine: bool, now: Ts) -> First {
    let Some(canary) = canary else {
        return if policy.canary == 0 { First::Passed } else { First::Goes };
    };
    if canary.passed || policy.canary == 0 {
        return First::Passed;
    }
    let after = |at: Ts| at.plus(policy.canary);
    match canary.state {
        MessageState::Sent => {
            let passes = after(canary.settled_at.unwrap_or(canary.since));
            if passes <= now { First::Passed } else { First::Waits(passes) }
        }
        _ if mine => First::Goes,
        // When the answer comes is not known; a little more than the time that is waited after it.
        MessageState::Claimed | MessageState::Sending => First::Waits(after(now).plus(MINUTE)),
        // Put off, or nobody knows whether it arrived: somebody else goes first, but not at once.
        MessageState::Planned | MessageState::InDoubt if after(canary.since) > now => First::Waits(after(canary.since)),
        _ => First::Goes,
    }
}
