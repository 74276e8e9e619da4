//! Whether an automatic reply says that its writer does not work there any more, or will not from a day on.

use chrono::NaiveDate;

use crate::mail::incoming::words;

use super::clauses;
use super::heard::{NoticeText, with_start};
use super::whose::Whose;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    HasLeft,
    /// On a day to come, or on one that it does not name.
    IsLeaving,
}

/// The first clause that speaks of it. `written`: the day of the mail, if it has one.
pub fn read(heard: &NoticeText, written: Option<NaiveDate>) -> Option<Departure> {
    let mut third = Whose::Writer;
    for part in heard.parts {
        let clause = heard.words(part);
        let date = heard.dates_in(part).map(|(_, d)| d.date).next();
        let is_ahead = date.zip(written).is_some_and(|(date, written)| date > written);
        if let Some(departure) = last_day(clause, date, is_ahead) {
            return Some(departure);
        }
        let is_none = words::any("not_left", clause);
        if !is_none && words::any("leaves", clause) && is_of_writer(heard, clause, "leaves", third) {
            let now = date.is_some() && !is_ahead;
            return Some(if now { Departure::HasLeft } else { Departure::IsLeaving });
        }
        if !is_none
            && (words::any("left", clause) && is_of_writer(heard, clause, "left", third) || left_firm(heard, clause))
        {
            // "From 1 March I no longer work for": not before that day.
            return Some(if is_ahead && begins_ahead(clause) { Departure::IsLeaving } else { Departure::HasLeft });
        }
        if words::any("colleague", clause) {
            third = Whose::Other;
        } else if heard.writer.is_named_in(clause) {
            third = Whose::Writer;
        }
    }
    None
}

fn last_day(clause: &str, date: Option<NaiveDate>, is_ahead: bool) -> Option<Departure> {
    if !words::any("last_day", clause) || words::any("not_last_day", clause) {
        return None;
    }
    let has_come = words::any("was", clause) || !is_ahead && (date.is_some() || words::any("today", clause));
    Some(if has_come { Departure::HasLeft } else { Departure::IsLeaving })
}

fn is_of_writer(heard: &NoticeText, clause: &str, section: &str, third: Whose) -> bool {
    words::places(section, clause).into_iter().any(|span| {
        let told = heard.writer.subject(&with_start(clause, &span));
        match if told == Whose::Third { third } else { told } {
            Whose::Writer | Whose::Third => true,
            Whose::Nobody => !names_another(heard, &clause[..span.start]),
            Whose::Other => !words::any("colleague", clause) && !names_another(heard, &clause[..span.start]),
        }
    })
}

/// A person's own mailbox that tells of somebody by another name, where anybody is named at all.
fn names_another(heard: &NoticeText, before: &str) -> bool {
    // A name in other letters may be the same.
    let named = clauses::telling(before).any(|w| w.contains(|c: char| c.is_ascii_alphabetic()));
    named && heard.writer.may_be_another() && !heard.writer.is_named_in(before)
}

/// "I have left Acme", "habe Acme verlassen", "j'ai quitté Acme": the firm by the name of its domain.
fn left_firm(heard: &NoticeText, clause: &str) -> bool {
    let firm = &heard.writer.firm;
    let names = firm.chars().count() > 2 && clause.contains(firm.as_str());
    let said = [
        format!("left {firm}"),
        format!("retired from {firm}"),
        format!("{firm} verlassen"),
        format!("quitté {firm}"),
        format!("no longer work at {firm}"),
        format!("working for {firm} any"),
    ];
    names && said.iter().any(|s| words::says(clause, s)) && heard.writer.subject(clause) != Whose::Other
}

/// A departure that is told for a day to come: "from 1 March", "ab dem 1. März", "zum 31.3.".
fn begins_ahead(clause: &str) -> bool {
    [
        "from ",
        "as of ",
        "as from ",
        "with effect from ",
        "effective ",
        "starting ",
        "after ",
        "ab ",
        "zum ",
        "nach dem ",
        "à partir du ",
        "à compter du ",
        "dès le ",
        "on ",
    ]
    .iter()
    .any(|w| words::says(clause, w))
}
