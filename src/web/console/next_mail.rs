//! What happens next after an order of an operator, behind the notice that it was done: when the next mail leaves, by day and time.

use crate::base::clock::Ts;
use crate::rules::alarm::told_at;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::frames::home;
use crate::web::kit::times::exact;
use crate::web::kit::views::frame::Console;

/// Orders on a round after which its next mail is said.
pub const OF_A_ROUND: [&str; 3] = ["start", "pause", "resume"];
/// The same in the outbox, and on the page of sending.
pub const RELEASED: [&str; 5] = ["release", "retry", "release_gateway", "sending", "retry_incident"];

/// What is planned.
#[derive(Clone, Copy, Debug, Default)]
pub struct Planned {
    /// When the next message is due.
    pub due: Option<Ts>,
    /// When the next person is asked to sign.
    pub ask: Option<Ts>,
    /// All mail is held, or none leaves.
    pub is_held: bool,
}

/// Behind what was done, where it was one of these.
pub fn say(console: &mut Console, words: &Fields, after: &[&str], next: &str) {
    let flash = console.flash.as_mut().filter(|flash| !flash.is_refusal() && after.contains(&words.get("done")));
    if let Some(flash) = flash.filter(|_| !next.is_empty()) {
        flash.text = format!("{} {next}", flash.text);
    }
}

/// Of a round, at its own place.
pub fn of_round(live: &Live, planned: Planned, now: Ts) -> String {
    let Planned { due, ask, is_held } = planned;
    let (zone, calendar) = (home(live), live.sequence.home());
    let next = [due, ask].into_iter().flatten().min();
    match (live.state, next) {
        (RoundState::Draft | RoundState::Closed, _) => String::new(),
        (RoundState::Paused, Some(at)) if at > now => {
            format!("The next mail would go on {}; it waits for that.", exact(at, now, &zone))
        }
        (RoundState::Paused, Some(_)) => "Mail that is due waits for that.".into(),
        (RoundState::Running, Some(_)) if is_held => HELD.into(),
        (RoundState::Running, Some(at)) if at > now => format!("The next mail goes on {}.", exact(at, now, &zone)),
        // Whoever signs is asked at any hour, contacts are written to in theirs.
        (RoundState::Running, Some(_)) if ask.is_none_or(|ask| ask > now) && !calendar.may_send_at(now) => {
            let at = ask.into_iter().chain([calendar.next_sending_time(now)]).min().unwrap_or(now);
            format!("The next mail goes on {}.", exact(at, now, &zone))
        }
        (RoundState::Running, Some(_)) => AT_ONCE.into(),
        (_, None) => "No mail is planned now.".into(),
    }
}

/// Of all rounds.
pub fn of_all(due: Option<Ts>, now: Ts, is_held: bool) -> String {
    match due {
        Some(_) if is_held => HELD.into(),
        Some(at) if at > now => format!("The next mail goes on {}.", told_at(at)),
        Some(_) => AT_ONCE.into(),
        None => "No mail is planned now.".into(),
    }
}

const HELD: &str = "Mail waits until what holds it is settled.";
const AT_ONCE: &str = "The next mail leaves within a minute.";
