//! What stands above a contact's facts: findings, absences, pauses that hold it, whose place it is in.

use crate::base::address::key_of;
use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::rules::message::MessageState;
use crate::rules::plan::Reason;
use crate::steps::Live;
use crate::steps::plan::forecast::sentence;
use crate::store::contacts::{self, Person};
use crate::store::plan::pauses as stopped;
use crate::store::sending::outbox::Message;
use crate::store::{Tx, repair as store};
use crate::web::console::plan::scopes;
use crate::web::console::views::contacts::Fact;
use crate::web::kit::listed::findings;
use crate::web::kit::problem::Failure;
use crate::web::kit::times::{day, exact};
use crate::web::kit::urls;

use super::standing::is_away_until_the_close;

/// What there is to know about the contact before anything is done.
pub fn notes(live: &Live, p: &Person, messages: &[Message], now: Ts) -> Vec<String> {
    let calendar = live.sequence.calendar(p.locality());
    let mut all = findings(&p.findings);
    if let Some(at) = p.left_at {
        all.push(format!("Has left the company, as we learned on {}.", exact(at, now, calendar.zone())));
    } else if let Some(why) = p.undeliverable_reason.as_deref().filter(|_| p.undeliverable_at.is_some()) {
        all.push(format!("The address does not take mail: {why}"));
    }
    if let Some(until) = p.absent_until.filter(|until| *until > now) {
        let last = day(calendar.local(until.plus(-1)).date());
        all.push(match is_away_until_the_close(p) {
            true => {
                let closes = day(live.spec.schedule.closes);
                format!("Away up to and including {last}. Nothing more can go before the round closes on {closes}.")
            }
            false => format!("Away up to and including {last}; messages wait."),
        });
    }
    if let Some(until) = p.left_alone_until.filter(|until| *until > now && p.completed_at.is_none()) {
        all.push(format!("Called; no reminder before {}.", day(calendar.local(until).date())));
    }
    if p.not_chased_at.is_some() && p.completed_at.is_none() {
        all.push(Reason::NotChased.sentence().into());
    }
    // What is planned stands among what comes next; that a message is on its way is said while one is.
    let leaving = messages.iter().any(|m| matches!(m.state, MessageState::Claimed | MessageState::Sending));
    let told = [Reason::Called, Reason::NotChased].map(Reason::as_str);
    let said = |why: &String| !told.contains(&why.as_str()) && (why != Reason::AlreadyPlanned.as_str() || leaving);
    if let Some(why) = p.waiting_for.as_ref().filter(|why| !is_away_until_the_close(p) && said(why)) {
        all.push(sentence(why));
    }
    all
}

/// What is paused that would go to this contact.
pub async fn pauses(tx: &mut Tx, live: &Live, p: &Person, now: Ts) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    for pause in stopped::not_lifted(tx, &live.id).await? {
        let about = match pause.scope.as_str() {
            "account" => p.account_id == pause.value.as_str(),
            "director" => key_of(&pause.value) == key_of(&p.director_email),
            "country" => pause.value == p.country,
            "language" => pause.value == p.language,
            _ => true,
        };
        if about && pause.from_at <= now && pause.until_at.is_none_or(|until| until > now) {
            let what = scopes::spoken(tx, live, &pause.scope, &pause.value).await?;
            all.push(format!("Paused, with {what}: {}.", pause.why.trim_end_matches('.')));
        }
    }
    Ok(all)
}

/// Whose place this is, and who stands in it now.
pub async fn places(tx: &mut Tx, live: &Live, p: &Person) -> Result<Vec<Fact>, Failure> {
    let link = |label, name: &str, id: &ContactId| Fact::link(label, name, urls::contact(&live.slug, id));
    let mut all: Vec<Fact> = p.replaces.iter().map(|id| link("In the place of", &p.predecessor, id)).collect();
    for id in store::successors(tx, &p.id).await? {
        if let Some(successor) = contacts::person(tx, &id).await? {
            all.push(link("Replaced by", &successor.full_name(), &id));
        }
    }
    Ok(all)
}
