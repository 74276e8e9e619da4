//! What mails to people of the client say: which names to sign, who has not answered. Looked up when the mail leaves.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::mail::dates::day;
use crate::mail::usual;
use crate::mail::words::Values;
use crate::rules::completion::rate;
use crate::rules::outbox::{MessageKind, key};
use crate::rules::repair::TaskKind;
use crate::store::accounts;
use crate::store::claim::Claimed;
use crate::store::contacts::{self, Person};
use crate::store::outbox::NewMessage;
use crate::store::repair;
use crate::store::signoff as requests;

use super::context::Purpose;
use super::repair::{Broken, open_of};
use super::signoff::{accounts_of, changes_since, to_sign};
use super::{Ctx, Live};

/// Names in one list at most; a manager with more is sent to the console by the last line.
const LONGEST_LIST: usize = 60;

/// Somebody who gets a mail of ours and is no contact.
pub(super) struct Colleague<'a> {
    /// What the mail is about: a request, an approval, a log-in, or the colleague's own address.
    pub subject: &'a str,
    pub name: &'a str,
    pub email: &'a EmailAddress,
}

/// A message to a colleague, as it stands in the ledger.
pub(super) fn message(
    ctx: &Ctx,
    lane: &str,
    to: Colleague<'_>,
    kind: MessageKind,
    number: i64,
    due_at: Ts,
) -> NewMessage {
    NewMessage {
        id: ctx.ids.new_id(ctx.clock.now()),
        key: key(lane, to.subject, kind, number as u32),
        lane: lane.into(),
        contact_id: None,
        subject_id: to.subject.into(),
        kind,
        number,
        to_name: to.name.into(),
        to: to.email.clone(),
        planned_for: due_at,
        due_at,
    }
}

/// The values for a mail to a director, a sales director or an account manager, its language, and the occasion when it is a rare one.
pub(super) async fn values(ctx: &Ctx, live: &Live, m: &Claimed) -> Result<(Values, String, Option<&'static str>)> {
    let (mut values, occasion) = match m.kind {
        MessageKind::Digest => (digest(ctx, live, m).await?, None),
        MessageKind::Repair => (repairs(ctx, live, m).await?, Some(usual::REPAIR)),
        _ => request(ctx, live, m).await?,
    };
    values.insert("client", live.spec.client.clone());
    values.insert("title", live.spec.title.clone());
    Ok((values, live.spec.language.clone(), occasion))
}

async fn request(ctx: &Ctx, live: &Live, m: &Claimed) -> Result<(Values, Option<&'static str>)> {
    let mut tx = ctx.db.read().await?;
    let gone = || Problem::internal("The sign-off request of a message is not there.");
    let request = requests::by_id(&mut tx, &m.subject_id).await?.ok_or_else(gone)?;
    let waiting = to_sign(&request, &accounts_of(&mut tx, &request).await?);
    let changes = changes_since(&mut tx, &request, &waiting).await?;
    let occasion = changes.is_some().then_some(usual::SIGN_OFF_CHANGED);
    let changes = changes.unwrap_or_default();
    let team = &live.spec.senders.team;
    let values = Values::from([
        ("director_name", request.name.clone()),
        ("accounts", waiting.len().to_string()),
        ("names", waiting.iter().map(|a| a.listed).sum::<i64>().to_string()),
        ("changed_names", changes.names.to_string()),
        ("list", changes.lines(&live.spec.language).join("\n")),
        ("link", ctx.link(Purpose::SignOff, &request.id)),
        ("opening_day", day(live.spec.schedule.opens, &live.spec.language)),
        ("sender_name", team.name.clone()),
        ("sender_title", team.title.clone()),
    ]);
    Ok((values, occasion))
}

async fn repairs(ctx: &Ctx, live: &Live, m: &Claimed) -> Result<Values> {
    let gone = || Problem::internal("The repair request of a message is not there.");
    let mut tx = ctx.db.read().await?;
    let request = repair::by_id(&mut tx, &m.subject_id).await?.ok_or_else(gone)?;
    let broken = open_of(&mut tx, &request).await?;
    let team = &live.spec.senders.team;
    let line = |b: &Broken| {
        let why = match b.task.kind {
            TaskKind::Replace => words(&live.spec.language).0,
            TaskKind::Correct => words(&live.spec.language).1,
        };
        format!("{}, {}: {why}", b.person.full_name(), b.person.account)
    };
    Ok(Values::from([
        ("manager_name", request.name.clone()),
        ("names", broken.len().to_string()),
        ("list", shortened(broken.iter().map(line).collect())),
        ("link", ctx.link(Purpose::Repair, &request.id)),
        ("sender_name", team.name.clone()),
        ("sender_title", team.title.clone()),
    ]))
}

/// What is said of somebody who has left, and of a dead address.
fn words(language: &str) -> (&'static str, &'static str) {
    match language.get(..2).unwrap_or_default() {
        "de" => ("hat das Unternehmen verlassen", "die Adresse nimmt keine Post an"),
        "fr" => ("a quitté l'entreprise", "l'adresse n'accepte pas de courrier"),
        _ => ("has left the company", "the address takes no mail"),
    }
}

async fn digest(ctx: &Ctx, live: &Live, m: &Claimed) -> Result<Values> {
    let mut tx = ctx.db.read().await?;
    let open = contacts::open_names_of_manager(&mut tx, &live.id, &m.subject_id).await?;
    let accounts = accounts::of_manager(&mut tx, &live.id, &m.subject_id).await?;
    let completed: i64 = accounts.iter().map(|a| a.completed).sum();
    let reachable: i64 = accounts.iter().map(|a| a.reachable).sum();
    Ok(Values::from([
        ("manager_name", m.to_name.clone()),
        ("open_names", open.len().to_string()),
        ("list", lines(&open)),
        ("rate", format!("{:.0} % ({completed} of {reachable})", rate(completed, reachable) * 100.0)),
    ]))
}

/// One person a line, those who have begun first: they are nearest to an answer.
fn lines(open: &[Person]) -> String {
    let mut people: Vec<&Person> = open.iter().collect();
    people.sort_by_key(|p| p.started_at.is_none());
    let line = |p: &&Person| {
        let title = if p.job_title.is_empty() { String::new() } else { format!(", {}", p.job_title) };
        let begun = if p.started_at.is_some() { " (has begun)" } else { "" };
        format!("{}{title}, {}{begun}", p.full_name(), p.account)
    };
    shortened(people.iter().map(line).collect())
}

fn shortened(mut lines: Vec<String>) -> String {
    if lines.len() > LONGEST_LIST {
        let more = format!("and {} more", lines.len() - LONGEST_LIST);
        lines.truncate(LONGEST_LIST);
        lines.push(more);
    }
    lines.join("\n")
}
