//! A message to a contact as it was read: in whose name it left, in which words, and the letter itself.
//!
//! S03: the letter is a document of its own, in a frame that runs no script, sends no form and belongs to no origin; nothing in it can
//! reach the console around it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::ids::MessageId;
use crate::base::sentence::capitalised;
use crate::rules::message::MessageState;
use crate::steps::Live;
use crate::steps::letters::as_sent::{ShownMessage, Wording, shown};
use crate::web::console::views::contacts::{Fact, LetterPage};
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::frames::{console, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::exact;
use crate::web::kit::{framed, urls};

use super::message::kind;

/// None where it is not told to whom letters of its kind go.
async fn told(web: &Web, live: &Arc<Live>, id: &MessageId) -> Result<ShownMessage, Failure> {
    let letter = shown(&web.ctx, live, id).await?;
    letter.filter(|letter| live.spec.participation.letter(letter.message.kind)).ok_or_else(Failure::unknown)
}

pub async fn page(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, MessageId)>,
    by: Operator,
    Words(words): Words,
) -> Answer {
    let live = round(&web, &slug).await?;
    let letter = told(&web, &live, &id).await?;
    let (m, p, now) = (&letter.message, &letter.person, web.ctx.clock.now());
    let calendar = live.sequence.calendar(p.locality());
    let left = m.marked_at.filter(|_| letter.wording != Wording::Now);
    let mut facts = vec![
        Fact::new("From", format!("{} <{}>", letter.from.name, letter.from.email)),
        Fact::new("To", format!("{} <{}>", m.to_name, m.to_email)),
        Fact::new("Subject", letter.subject.clone()),
        Fact::new("Planned for", exact(m.planned_for, now, calendar.zone())),
    ];
    facts.extend(left.map(|at| Fact::new("Left", exact(at, now, calendar.zone()))));
    facts.extend(m.answer.iter().filter(|a| !a.is_empty()).map(|a| Fact::new("Server said", a.clone())));
    let page = LetterPage {
        console: console(&web, &by, Some(&live), "contacts", &words),
        what: capitalised(&kind(m)),
        name: p.full_name(),
        href: urls::contact(&live.slug, &p.id),
        note: note(&letter),
        facts,
        frame: urls::letter(&live.slug, &m.id),
        text: letter.text,
    };
    Ok(framed::with_frame(StatusCode::OK, &page))
}

fn note(letter: &ShownMessage) -> String {
    let words = match letter.wording {
        Wording::Then => "In the words it left with.",
        Wording::Now if letter.message.state == MessageState::Withdrawn => "It did not leave. In the words of today.",
        Wording::Now => "It has not left yet. In the words of today.",
        Wording::NotKept => "It left before words were kept, so these are the words of today.",
    };
    let corrected =
        letter.message.marked_at.is_some_and(|at| letter.person.edited_at.is_some_and(|edited| edited > at));
    let names = if corrected { " The name was corrected since and is shown as it is now." } else { "" };
    format!("{words}{names} The personal link is left out.")
}

/// The letter by itself, for the frame.
pub async fn letter(State(web): State<Web>, Path((slug, id)): Path<(String, MessageId)>, _: Operator) -> Answer {
    let live = round(&web, &slug).await?;
    let letter = told(&web, &live, &id).await?;
    Ok(framed::letter(letter.html))
}
