//! What the weekly mails say: to an account manager three people to call, to an account director where his accounts stand, to the sponsor
//! where the round does. Looked up when they leave.
//!
//! Names of people who have (not) answered stand in them only where the round lets them be told: where it tells numbers only, managers and
//! directors read where each of their accounts stands, and the sponsor what may be told of the whole.

use crate::base::problem::{Problem, Result};
use crate::mail::letters::rendering::Values;
use crate::mail::letters::told::shortened;
use crate::mail::letters::told::team::{
    ToCall, counted_account, rate, ready_lines, reason, silent_account, silent_accounts, to_call, to_repair,
};
use crate::mail::letters::usual;
use crate::rules::completion::team::TeamLevel;
use crate::steps::calling::{CallList, Wanted, call_list, details};
use crate::steps::completion::sponsor;
use crate::steps::completion::team::in_numbers;
use crate::steps::context::{Ctx, Live, Purpose};
use crate::steps::repair::contact_tasks::open_of;
use crate::store::calling::team::{self, Part, PartTally, TeamLink};
use crate::store::sending::claim::Claimed;
use crate::store::{Tx, repair};

use super::ready::ready_text;
use super::wording;

/// As many people are to be called by one mail.
const TO_CALL: usize = 3;
/// As many accounts stand in a mail, the dearest.
const ACCOUNTS: i64 = 5;

pub(super) async fn values(ctx: &Ctx, live: &Live, m: &Claimed) -> Result<(Values, Option<&'static str>)> {
    let mut tx = ctx.db.read().await?;
    let link = link_of(&mut tx, live, m).await?;
    let (mut values, occasion) = match link.level {
        TeamLevel::Sponsor => {
            let read = sponsor::read(ctx, &mut tx, live).await?;
            drop(tx);
            (to_sponsor(ctx, live, read).await, Some(usual::DIGEST_SPONSOR))
        }
        _ if !live.spec.participation.names() => (in_counts(&mut tx, live, &link).await?, Some(usual::DIGEST_COUNTS)),
        TeamLevel::Manager => (to_manager(ctx, &mut tx, live, &link, m.number as u32).await?, None),
        TeamLevel::Director => (to_director(ctx, &mut tx, live, &link).await?, Some(usual::DIGEST_DIRECTOR)),
    };
    let team = &live.spec.senders.team;
    values.insert("manager_name", m.to_name.clone());
    values.insert("full_name", m.to_name.clone());
    values.insert("link", ctx.link(Purpose::Team, &link.id));
    values.insert("sender_name", team.name.clone());
    values.insert("sender_title", team.title.clone());
    values.entry("open_names").or_insert_with(|| "0".into());
    for name in ["list", "rate", "next", "ready_text"] {
        values.entry(name).or_default();
    }
    Ok((values, occasion))
}

async fn link_of(tx: &mut Tx, live: &Live, m: &Claimed) -> Result<TeamLink> {
    if let Some(link) = team::by_id(tx, &m.subject_id.as_str().into()).await? {
        return Ok(link);
    }
    // Planned by an earlier version, under the account manager's address.
    let link = team::of_person(tx, &live.id, TeamLevel::Manager, &m.subject_id).await?;
    link.ok_or_else(|| Problem::internal("Whoever a weekly mail is for is not there."))
}

async fn to_manager(ctx: &Ctx, tx: &mut Tx, live: &Live, link: &TeamLink, number: u32) -> Result<Values> {
    let language = live.spec.language.as_str();
    let today = live.sequence.home().start_of_day(ctx.clock.now());
    let part = Part { round: &live.id, level: link.level, email: link.email.as_str(), before: today, only_open: true };
    let open = team::how_many(tx, &part).await?;
    let tally = team::tally(tx, &live.id, link.level, part.email).await?;
    let wanted = Wanted { manager: part.email.into(), silent_only: false };
    let list = call_list(ctx, tx, live, &wanted).await?;
    let (mut lines, ready) = people_to_call(tx, live, link, list).await?;
    if let Some(request) = repair::of_person(tx, &live.id, &link.email).await? {
        let broken = open_of(tx, &request).await?.len();
        lines.extend((broken > 0).then(|| to_repair(language, broken)));
    }
    let mut list: Vec<String> = lines.iter().map(|line| format!("- {line}")).collect();
    if !wording::has_a_link(live, number) {
        list.push(ctx.link(Purpose::Team, &link.id));
    }
    Ok(Values::from([
        ("open_names", open.to_string()),
        ("list", list.join("\n")),
        ("rate", told_rate(live, &tally)),
        ("next", told_silence(live, &tally)),
        ("ready_text", ready.join("\n")),
    ]))
}

/// The first of the call list whom nobody else means to call today, each with words to send instead.
async fn people_to_call(
    tx: &mut Tx,
    live: &Live,
    link: &TeamLink,
    list: CallList,
) -> Result<(Vec<String>, Vec<String>)> {
    let language = live.spec.language.as_str();
    let (mut lines, mut ready) = (Vec::new(), Vec::new());
    let free = list.places.into_iter().filter(|place| place.is_free_for(link.email.as_str()));
    for place in free.take(TO_CALL) {
        let person = &place.person;
        let found = details(tx, live, person).await?;
        let (name, email) = (person.full_name(), person.email.as_str());
        let why = reason(language, &place.ranked.why, &person.account, found.stopped.as_ref());
        lines.push(to_call(&ToCall {
            name: &name,
            job_title: &person.job_title,
            account: &person.account,
            reason: &why,
            telephones: &found.telephones,
            email,
        }));
        let words = ready_text(live, person, link)?;
        ready.push(ready_lines(&name, email, &words.subject, &words.text));
    }
    Ok((lines, ready))
}

/// To a manager or a director of a round that tells numbers only.
async fn in_counts(tx: &mut Tx, live: &Live, link: &TeamLink) -> Result<Values> {
    let language = live.spec.language.as_str();
    let told = in_numbers(tx, live, link).await?;
    let lines = told.accounts.iter().map(|(a, completed)| counted_account(language, &a.name, *completed, a.invited));
    let figure = told.completed.map(|completed| rate(language, completed, told.invited));
    Ok(Values::from([("list", shortened(lines.collect(), language)), ("rate", figure.unwrap_or_default())]))
}

async fn to_director(ctx: &Ctx, tx: &mut Tx, live: &Live, link: &TeamLink) -> Result<Values> {
    let email = link.email.as_str();
    let today = live.sequence.home().start_of_day(ctx.clock.now());
    let part = Part { round: &live.id, level: link.level, email, before: today, only_open: true };
    let open = team::how_many(tx, &part).await?;
    let tally = team::tally(tx, &live.id, link.level, email).await?;
    let silent = team::silent(tx, &live.id, link.level, email, ACCOUNTS).await?;
    let lines: Vec<String> = silent
        .iter()
        .map(|account| {
            let line = silent_account(&live.spec.language, &account.name, account.reachable, &account.manager_name);
            format!("- {line}")
        })
        .collect();
    Ok(Values::from([
        ("open_names", open.to_string()),
        ("list", lines.join("\n")),
        ("rate", told_rate(live, &tally)),
        ("next", told_silence(live, &tally)),
    ]))
}

async fn to_sponsor(ctx: &Ctx, live: &Live, read: sponsor::Read) -> Values {
    let whole = sponsor::whole_round(ctx, live, read).await;
    let language = live.spec.language.as_str();
    Values::from([("rate", whole.figure(language)), ("next", whole.needed(language))])
}

fn told_rate(live: &Live, tally: &PartTally) -> String {
    rate(&live.spec.language, tally.completed, tally.reachable)
}

fn told_silence(live: &Live, tally: &PartTally) -> String {
    silent_accounts(&live.spec.language, tally.invited - tally.answered, tally.invited)
}
