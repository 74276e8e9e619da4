//! What an automatic reply proposes and an operator decides with one press: a long absence, another address.

use chrono::NaiveDate;

use crate::rules::round::Schedule;
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

/// With its year: it may be the next.
fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b %Y").to_string()
}
