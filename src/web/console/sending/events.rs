//! Events as the page of sending shows them: what was told last, what waits and why; and the two things that an operator can do about the
//! one that keeps the others waiting.

use crate::base::ids::{EventId, is_id};
use crate::base::problem::Result;
use crate::rules::alarm::told_at;
use crate::rules::handover::HandoffState;
use crate::steps::Ctx;
use crate::steps::handover::event_acts::{LeaveEventOut, TellAgain};
use crate::store::Tx;
use crate::store::handover::events::{self as store, Event};
use crate::web::console::views::sending::events::EventsCard;
use crate::web::kit::door::session::Posted;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;
use crate::web::kit::urls::SENDING;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Status, plural};

pub const AGAIN: &str = "tell_events";
pub const LEAVE_OUT: &str = "leave_event_out";

/// None where nobody is told, and nothing is left of a time when somebody was.
pub async fn card(ctx: &Ctx, tx: &mut Tx, csrf: &str) -> Result<Option<EventsCard>> {
    let (first, last, given_up) = (store::first(tx).await?, store::last_told(tx).await?, store::given_up(tx).await?);
    if ctx.events.kinds.is_empty() && first.is_none() && last.is_none() && given_up == 0 {
        return Ok(None);
    }
    let counted = |n: i64| match usize::try_from(n) {
        Ok(n) if n > 0 => plural(n, "event", "events"),
        _ => String::new(),
    };
    let state = match &first {
        _ if ctx.events.kinds.is_empty() => Status::attention("nobody is told"),
        Some(event) if event.state == HandoffState::Stopped => Status::wrong("stopped"),
        Some(event) if event.is_refused() => Status::wrong("not taken"),
        Some(_) => Status::attention("waits"),
        None => Status::good("all told"),
    };
    Ok(Some(EventsCard {
        state,
        last: last
            .map(|told| match told.settled_at {
                Some(at) => format!("{}, {}", told.kind, told_at(at)),
                None => told.kind,
            })
            .unwrap_or_default(),
        waiting: counted(store::waiting(tx).await?),
        given_up: counted(given_up),
        first: first.as_ref().map(said).unwrap_or_default(),
        next: first.as_ref().map(next).unwrap_or_default(),
        acts: first.filter(Event::is_refused).map(|event| acts(&event, csrf)).unwrap_or_default(),
    }))
}

/// "round.paused of Mon 8 Feb 2027, 09:41 UTC: not taken after 3 tries. The webhook of events answered 500."
fn said(event: &Event) -> String {
    let of = format!("{} of {}", event.kind, told_at(event.created_at));
    match &event.answer {
        None => of,
        Some(answer) => {
            let tries = plural(event.attempt.max(0) as usize, "try", "tries");
            format!("{of}: not taken after {tries}. {answer}")
        }
    }
}

fn next(event: &Event) -> String {
    event.due_at().map_or_else(|| "not before somebody has it told again".into(), told_at)
}

fn acts(event: &Event, csrf: &str) -> Vec<ActionForm> {
    let form = |act: &'static str, label: &str, explain: &str| ActionForm {
        id: act.into(),
        action: SENDING.into(),
        act,
        csrf: csrf.into(),
        hidden: vec![("event", event.id.to_string())],
        label: label.into(),
        about: event.kind.clone(),
        explain: explain.into(),
        button: label.into(),
        places: vec!["events".into()],
        ..ActionForm::default()
    };
    vec![
        form(
            AGAIN,
            "Tell it again now",
            "It is told now, the same bytes under the same id, and those behind it follow once it is taken.",
        ),
        form(
            LEAVE_OUT,
            "Leave this event out",
            "The webhook is never told of it; those behind it are told. The journal says that you left it out.",
        ),
    ]
}

pub async fn act(web: &Web, posted: &Posted, word: &str) -> std::result::Result<(), Failure> {
    let event = posted.fields.get("event");
    if !is_id(event) {
        return Err(Failure::unknown());
    }
    let event = EventId::from(event);
    let by = posted.by.actor();
    match word {
        AGAIN => web.ctx.order(&by, TellAgain { event }).await?,
        _ => web.ctx.order(&by, LeaveEventOut { event }).await?,
    }
    Ok(())
}
