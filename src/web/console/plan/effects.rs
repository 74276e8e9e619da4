//! What a change would do, as the page on which it is confirmed.

use axum::http::StatusCode;

use crate::base::clock::Ts;
use crate::base::problem::{Kind, Result};
use crate::rules::plan::Turn;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::plan::change::{self, Change, ChangeRound, Effect};
use crate::web::console::views::plan::{Affected, ConfirmPage};
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::frames::{back, console};
use crate::web::kit::problem::{Answer, status};
use crate::web::kit::state::Web;
use crate::web::kit::times::exact_in;
use crate::web::kit::urls;
use crate::web::kit::views::frame::plural;
use crate::web::kit::views::page::respond;

use super::text_names;

/// As many messages are shown before and after.
const SHOWN: usize = 50;

/// A change that was looked at: what was typed, and against which version.
pub struct Look<'a> {
    pub change: &'a Change,
    /// The page to which it is confirmed.
    pub path: String,
    pub hidden: Vec<(String, String)>,
    /// The version that the form was opened with.
    pub opened: i64,
    pub refused: Option<String>,
}

/// Changes nothing.
pub async fn page(web: &Web, live: &Live, by: &Operator, look: Look<'_>) -> Result<ConfirmPage> {
    let effect = change::preview(&web.ctx, &live.slug, look.change).await?;
    let (now, mut notes) = (web.ctx.clock.now(), notes(&effect));
    if look.opened != live.version && look.refused.is_none() {
        notes.push(
            "The round was changed since you opened the form. What you see is measured against how it is now.".into(),
        );
    }
    let more = (effect.messages.affected() as usize).saturating_sub(effect.affected.len().min(SHOWN));
    let version = [("version".to_string(), live.version.to_string())];
    Ok(ConfirmPage {
        console: console(web, by, Some(live), "plan", &Fields::default()),
        title: title(&effect),
        refused: look.refused,
        notes,
        rows: effect.affected.iter().take(SHOWN).map(|a| row(live, now, a)).collect(),
        more: if more > 0 { format!("And {} more.", plural(more, "message", "messages")) } else { String::new() },
        action: look.path,
        hidden: look.hidden.into_iter().chain(version).collect(),
        button: "Make this change".into(),
        danger: false,
    })
}

/// Shows what a change does, or makes it and leads to `next`. A draft is sent to nobody: what is saved there is done at once.
pub async fn answer(
    web: &Web,
    live: &Live,
    by: &Operator,
    mut look: Look<'_>,
    confirmed: bool,
    next: (&str, &str),
) -> Answer {
    if !confirmed {
        return Ok(respond(StatusCode::OK, &page(web, live, by, look).await?));
    }
    let order = ChangeRound { slug: live.slug.clone(), version: look.opened, change: look.change.clone() };
    match web.ctx.order(&by.actor(), order).await {
        Ok(()) => Ok(back(next.0, next.1)),
        Err(problem) if problem.kind == Kind::Refused && live.state != RoundState::Closed => {
            look.refused = Some(problem.for_page());
            Ok(respond(status(problem.kind), &page(web, live, by, look).await?))
        }
        Err(problem) => Err(problem.into()),
    }
}

fn title(effect: &Effect) -> String {
    match (effect.messages.affected() as usize, effect.messages.reworded) {
        (0, 0) => "No message that is planned now changes".into(),
        (0, n) => plural(n as usize, "message reads differently", "messages read differently"),
        (n, _) => format!(
            "{}, {}",
            plural(n, "message changes", "messages change"),
            plural(effect.messages.same as usize, "stays", "stay")
        ),
    }
}

fn notes(effect: &Effect) -> Vec<String> {
    let m = &effect.messages;
    let counts = [
        (m.moved, "message moves to another time", "messages move to another time"),
        (m.gone, "message does not go any more", "messages do not go any more"),
        (m.added, "message is added", "messages are added"),
        (m.same, "message goes when it did", "messages go when they did"),
        (m.reworded, "message to come reads differently", "messages to come read differently"),
    ];
    let mut all: Vec<String> = counts
        .into_iter()
        .filter(|(n, _, _)| *n > 0)
        .map(|(n, one, many)| format!("{}.", plural(n as usize, one, many)))
        .collect();
    all.extend(effect.said.iter().cloned());
    if !effect.texts.is_empty() {
        let texts: Vec<String> = effect.texts.iter().map(|text| text_names::in_language(text)).collect();
        all.push(format!("Texts that change: {}.", texts.join(", ")));
    }
    all
}

fn row(live: &Live, now: Ts, a: &change::Affected) -> Affected {
    let told = |at| exact_in(at, now, &a.time_zone);
    let (before, after) = match a.turn {
        Turn::Moved { from, to } => (told(from), told(to)),
        Turn::Gone { was } => (told(was), "does not go".into()),
        Turn::Added { at } => ("did not go".into(), told(at)),
    };
    Affected {
        name: a.name.clone(),
        href: urls::contact(&live.slug, &a.contact),
        account: a.account.clone(),
        message: a.kind.numbered(a.number),
        before,
        after,
    }
}
