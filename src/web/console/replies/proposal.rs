//! What an automatic reply proposes and an operator decides with one press: a long absence, another address.

use chrono::NaiveDate;

use crate::base::ids::ContactId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::Actor;
use crate::rules::round::Schedule;
use crate::steps::Ctx;
use crate::steps::replies::absence::{self, News};
use crate::steps::signoff::names::editing::{self, Correction, Edit};
use crate::store::contacts;
use crate::store::replies::Reply;

pub fn is_in(reply: &Reply) -> bool {
    reply.away_until.is_some() || reply.new_email.is_some()
}

fn until(reply: &Reply) -> Option<NaiveDate> {
    reply.away_until.as_deref()?.parse().ok()
}

/// Why it waits, in words.
pub fn notes(reply: &Reply, schedule: &Schedule) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(until) = until(reply) {
        let (day, closes) = (day(until), day(schedule.closes));
        all.push(match until >= schedule.closes {
            true => format!(
                "Says to be away until {day}. The round closes on {closes}: if that is right, nothing \
                more goes to this contact in it."
            ),
            false => format!("Says to be away until {day}, longer than people usually are. Nothing was changed yet."),
        });
    }
    if let Some(new) = &reply.new_email {
        all.push(format!(
            "Gives {new} as the new address. It is written to only after you take it and the name is signed again."
        ));
    }
    all
}

/// One button for each proposal: what it does, and what stands on it.
pub fn accepts(reply: &Reply) -> Vec<(&'static str, String)> {
    let away = until(reply).map(|until| ("accept_absence", format!("Away until {}", day(until))));
    let address = reply.new_email.as_ref().map(|new| ("accept_address", format!("Correct the address to {new}")));
    away.into_iter().chain(address).collect()
}

pub async fn take_absence(ctx: &Ctx, who: &Actor, contact: &ContactId, reply: &Reply, why: &str) -> Result<String> {
    let until = until(reply).ok_or_else(nothing)?;
    ctx.order(who, absence::HearNews { contact: contact.clone(), news: News::AwayUntil(until), why: why.to_string() })
        .await?;
    Ok(format!("away until {until}"))
}

/// As any correction: the name is signed again before anything more goes there.
pub async fn take_address(ctx: &Ctx, who: &Actor, contact: &ContactId, reply: &Reply, why: &str) -> Result<String> {
    let email = reply.new_email.clone().ok_or_else(nothing)?;
    let person = {
        let mut tx = ctx.db.read().await?;
        contacts::person(&mut tx, contact).await?.ok_or_else(nothing)?
    };
    let note = format!("address corrected to {email}");
    let correction = Correction {
        first_name: person.first_name,
        last_name: person.last_name,
        email,
        job_title: person.job_title,
        role: person.role.as_str().into(),
        reason: why.into(),
    };
    ctx.order(who, editing::EditContact { contact: contact.clone(), edit: Edit::Correct(correction) }).await?;
    Ok(note)
}

/// With its year: it may be the next.
fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b %Y").to_string()
}

pub fn seen() -> Problem {
    Problem::refused("Somebody has seen to this mail already.", "Reload the page.")
}

fn nothing() -> Problem {
    Problem::refused("This mail proposes nothing that could be taken.", "Reload the page.")
}
