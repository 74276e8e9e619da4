//! What is told of somebody in a round that tells numbers only: to operators, in mails, in files and to programs alike. One place, so that
//! a page that reads a person through it cannot say more than another.
//!
//! Somebody who was invited is told as invited, whatever he has done since; letters that only some get are told of nobody.

use crate::base::counted::counted;
use crate::base::ids::RoundId;
use crate::base::problem::{Problem, Result};
use crate::rules::message::{Lane, MessageKind};
use crate::rules::participation::Participation;
use crate::rules::participation::accounts::{Shape, Singly};
use crate::rules::plan::Facts;
use crate::rules::round::RoundSpec;
use crate::steps::context::Live;
use crate::store::completion::AccountShape;
use crate::store::contacts::Person;
use crate::store::contacts::accounts::Account;
use crate::store::journal::Entry;
use crate::store::round::rounds;
use crate::store::sending::outbox::Message;
use crate::store::{Tx, completion as tallies};

/// A person as pages may show him. Orders are given about the person as he is.
pub fn person(live: &Live, p: Person) -> Person {
    if live.spec.participation.names() {
        return p;
    }
    // Why nothing more comes to him, or what comes next, would tell.
    let waiting_for = p.waiting_for.clone().filter(|_| p.invited_at.is_none());
    Person { started_at: None, completed_at: None, last_sent_at: None, waiting_for, ..p }
}

/// What is known of somebody, for an act of a person: that he has answered must not change what comes of it where no names are told.
pub(crate) fn facts(live: &Live, known: Facts) -> Facts {
    match live.spec.participation.names() {
        true => known,
        false => Facts { started_at: None, completed_at: None, ..known },
    }
}

/// Whether a form has to ask as if he had answered: of everybody who may have.
pub fn may_have_answered(live: &Live, p: &Person) -> bool {
    match live.spec.participation.names() {
        true => p.started_at.is_some() || p.completed_at.is_some(),
        false => p.invited_at.is_some(),
    }
}

/// The letters of one person that may be told as his.
pub fn messages(live: &Live, mut all: Vec<Message>) -> Vec<Message> {
    let told = live.spec.participation;
    all.retain(|m| told.letter_to(m.kind, m.state));
    all.into_iter().map(|m| message(live, m)).collect()
}

/// A letter without what would tell why it stands where it stands.
pub fn message(live: &Live, m: Message) -> Message {
    let told = live.spec.participation;
    let reason = m.reason.filter(|reason| told.why(m.kind, reason));
    Message { reason, ..m }
}

/// What the journal says of one person, as far as it may be told.
pub fn entries(live: &Live, mut all: Vec<Entry>) -> Vec<Entry> {
    all.retain(|entry| live.spec.participation.entry(&entry.action, &entry.detail));
    all
}

/// How many accounts of a round are of which size, and have answered how often.
pub(crate) async fn shapes(tx: &mut Tx, round: &RoundId) -> Result<Vec<Shape>> {
    Ok(tallies::shapes(tx, round).await?.iter().map(shape).collect())
}

pub(super) fn shape(kept: &AccountShape) -> Shape {
    Shape::of(kept.invited, kept.completed, kept.accounts)
}

/// Which accounts of a round are told one by one.
pub async fn accounts(tx: &mut Tx, live: &Live) -> Result<Singly> {
    let rule = live.spec.participation;
    let shapes = if rule.names() { Vec::new() } else { shapes(tx, &live.id).await? };
    Ok(rule.singly(&shapes))
}

/// Of how many people of an account those who have answered are told.
pub fn of_whom(live: &Live, a: &Account) -> i64 {
    live.spec.participation.base(a.invited, a.reachable)
}

/// How many of an account have answered, where that may be told. `told`: as [`accounts`] says.
pub fn of_account(live: &Live, told: Singly, a: &Account) -> Option<i64> {
    told.of(a.completed, of_whom(live, a))
}

/// Somebody was invited and nobody has answered, and that may be told.
pub fn is_silent(live: &Live, told: Singly, a: &Account) -> bool {
    a.invited > 0 && a.completed == 0 && of_account(live, told, a).is_some()
}

/// Whether it may be told how many of a whole round have answered. Not of one whose settings cannot be read.
pub async fn of_answers(tx: &mut Tx, round: &RoundId) -> Result<bool> {
    let Some(kept) = rounds::by_id(tx, round).await? else { return Ok(false) };
    let Ok(rule) = of_spec(&kept.spec) else { return Ok(false) };
    let roles = tallies::by_role(tx, round).await?;
    let (completed, base) = roles.iter().fold((0, 0), |(completed, base), role| {
        (completed + role.completed, base + rule.base(role.invited, role.reachable))
    });
    Ok(rule.count(completed, base).is_some())
}

/// What a round tells, as its settings are kept.
pub(crate) fn of_spec(spec: &str) -> Result<Participation> {
    let read: RoundSpec = serde_json::from_str(spec)
        .map_err(|e| Problem::internal("The settings of a round cannot be read from the database.").because(e))?;
    Ok(read.participation)
}

/// Whether it may be told to whom a letter of this kind goes. Reads the round only where that is in question.
pub(crate) async fn of_letter(tx: &mut Tx, lane: &Lane, kind: MessageKind) -> Result<bool> {
    let Some(round) = lane.round().filter(|_| !Participation::Counts.letter(kind)) else { return Ok(true) };
    match rounds::by_id(tx, round).await? {
        Some(round) => Ok(of_spec(&round.spec)?.letter(kind)),
        None => Ok(true),
    }
}

/// Once invitations have gone, what they promised is kept: less may be told, and never more.
pub(crate) async fn may_become(
    tx: &mut Tx,
    round: &RoundId,
    before: Participation,
    after: Participation,
) -> Result<()> {
    if after.tells_no_more_than(before) {
        return Ok(());
    }
    let invited: i64 = tallies::by_role(tx, round).await?.iter().map(|role| role.invited).sum();
    if invited == 0 {
        return Ok(());
    }
    let promised = match before {
        Participation::CountsFrom(n) => format!("that numbers are told from {n} answers on"),
        _ => "that no names are told".into(),
    };
    Err(Problem::refused(
        format!(
            "{} invited with the word {promised} of who has answered.",
            counted(invited, "person was", "people were")
        ),
        "Leave `participation` as it was, or tell less. The next round may tell more.",
    ))
}
