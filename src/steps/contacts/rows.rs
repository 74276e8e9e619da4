//! The rows of a list, one person each: corrected where the list says something new, added where nobody is known.

use std::collections::{HashMap, HashSet};

use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::{Finding, ListedContact, Role};
use crate::rules::objection;
use crate::steps::context::Purpose;
use crate::steps::new_address::{self, Answers, By};
use crate::steps::{Ctx, addresses, objections};
use crate::store::contacts::{self, Person};
use crate::store::listing::{self, Known, NewContact};
use crate::store::{Tx, objections as known_objections};

use super::changes::{Changes, Moved};
use super::owners::Owners;
use super::{AT_ONCE, OFF_THE_LIST};

/// What becomes of a row.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    /// About somebody who is in the round.
    Known(Known),
    /// The address that somebody had before.
    Former(String),
    /// Somebody new, with the id that he gets.
    New(String),
    /// It waits for a word.
    Held,
}

/// Does with every row what was decided, many in one statement.
pub(super) async fn take(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &str,
    rows: &[ListedContact],
    fates: &[Fate],
    owners: &mut Owners,
    changes: &mut Changes,
) -> Result<()> {
    let now = ctx.clock.now();
    let accounts = owners.of_row.clone();
    let mut all = rows.iter().zip(fates).zip(&accounts);
    loop {
        let batch: Vec<_> = all.by_ref().take(AT_ONCE).collect();
        if batch.is_empty() {
            return Ok(());
        }
        let known = batch.iter().filter_map(|((_, fate), _)| match fate {
            Fate::Known(known) => Some(known.id.as_str()),
            Fate::Former(id) => Some(id.as_str()),
            Fate::New(_) | Fate::Held => None,
        });
        let people = contacts::persons(tx, &known.collect::<Vec<_>>()).await?;
        let people: HashMap<&str, &Person> = people.iter().map(|p| (p.id.as_str(), p)).collect();
        let mut listed: Vec<ListedContact> = batch.iter().map(|((row, _), _)| (*row).clone()).collect();
        let objected = add_what_is_known(tx, round, &mut listed).await?;
        let reached: Vec<String> = batch.iter().filter_map(|((row, fate), _)| reached_as(row, fate, &people)).collect();
        let kept_out = objections::known_of_keys(tx, round, &reached).await?;
        changes.kept_out += reached.iter().filter(|key| kept_out.contains_key(*key)).count() as u64;
        let mut new = Vec::new();
        for (((_, fate), account), row) in batch.iter().zip(listed) {
            match fate {
                Fate::Known(known) => {
                    if let Some(old) = people.get(known.id.as_str()) {
                        take_again(ctx, tx, account, &row, (known, old), owners, changes).await?;
                        if objected.contains(&row.email.key()) {
                            objections::given(ctx, tx, &known.id).await?;
                        }
                    }
                }
                Fate::Former(_) => changes.kept_as_edited += 1,
                Fate::New(id) => {
                    new.push(particulars(ctx, id, round, account, &row, None)?);
                    owners.touched.insert((*account).clone());
                    changes.added += 1;
                }
                Fate::Held => {}
            }
        }
        add(ctx, tx, &new, now).await?;
    }
}

/// The key of the address that the contact behind a row has after this list; none for whoever is not on the round's list.
fn reached_as(row: &ListedContact, fate: &Fate, people: &HashMap<&str, &Person>) -> Option<String> {
    let there =
        |person: &&&Person| person.removed_at.is_none() || person.removed_reason.as_deref() == Some(OFF_THE_LIST);
    match fate {
        Fate::New(_) => Some(row.email.key()),
        Fate::Known(known) => {
            let person = people.get(known.id.as_str()).filter(there)?;
            Some(if person.edited_at.is_some() { person.email.key() } else { row.email.key() })
        }
        Fate::Former(id) => people.get(id.as_str()).filter(|p| p.removed_at.is_none()).map(|p| p.email.key()),
        Fate::Held => None,
    }
}

/// Adds to rows, as findings, what is known of their addresses: dead, opted out, complained, left. The addresses with one of the last three.
pub(in crate::steps) async fn add_what_is_known(
    tx: &mut Tx,
    round: &str,
    rows: &mut [ListedContact],
) -> Result<HashSet<String>> {
    let dead = addresses::dead_in(tx, rows).await?;
    let objected = objections::known_of(tx, round, rows).await?;
    for row in rows {
        let key = row.email.key();
        let dead = dead.get(&key).map(|dead| addresses::finding(row, dead));
        let said = objected.get(&key).into_iter().flatten().map(|o| objection::finding(row, o.kind, o.since));
        let known: Vec<_> = dead.into_iter().chain(said).collect();
        row.findings.extend(known);
    }
    Ok(objected.into_keys().collect())
}

/// Puts people on the list; an address that is known to be dead stops them at once.
pub(in crate::steps) async fn add(ctx: &Ctx, tx: &mut Tx, new: &[NewContact], now: Ts) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    listing::insert(tx, new, now).await?;
    let keys: Vec<String> = new.iter().map(|c| c.email.key()).collect();
    let dead = crate::store::addresses::dead(tx, &keys).await?;
    for contact in new.iter().filter(|contact| dead.contains_key(&contact.email.key())) {
        addresses::given(ctx, tx, &contact.id, &contact.email).await?;
    }
    let Some(round) = new.first().map(|contact| contact.round_id.as_str()) else { return Ok(()) };
    let client = known_objections::client_of(tx, round).await?;
    let objected = known_objections::of_keys(tx, &client, &keys).await?;
    for contact in new.iter().filter(|contact| objected.contains_key(&contact.email.key())) {
        objections::given(ctx, tx, &contact.id).await?;
    }
    Ok(())
}

/// A row about somebody who is in the round.
async fn take_again(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &str,
    row: &ListedContact,
    (known, old): (&Known, &Person),
    owners: &mut Owners,
    changes: &mut Changes,
) -> Result<()> {
    let now = ctx.clock.now();
    let back = known.removed_reason.as_deref() == Some(OFF_THE_LIST) && contacts::restore(tx, &known.id, now).await?;
    if back {
        owners.touched.insert(old.account_id.clone());
    }
    if known.edited_at.is_some() || (known.removed_at.is_some() && !back) {
        changes.kept_as_edited += 1;
        return Ok(());
    }
    let moves = !owners.same(&old.account_id, account);
    let place = if moves { account } else { old.account_id.as_str() };
    let new = particulars(ctx, &known.id, &old.round_id, place, row, Some(old))?;
    if same(old, &new) {
        let handed_over = owners.handed_over.contains(&old.account_id);
        let counter = if back || handed_over { &mut changes.changed } else { &mut changes.unchanged };
        *counter += 1;
        return Ok(());
    }
    if moves {
        listing::move_to(tx, &known.id, account, now).await?;
        let (from, to) = (old.account.clone(), owners.name(account).to_string());
        ctx.journal(
            tx,
            "list",
            "moved to another account",
            Some(&old.round_id),
            &old.id,
            &format!("from {from} to {to}"),
        )
        .await?;
        changes.moved.push(Moved { name: old.full_name(), email: new.email.to_string(), from, to });
    }
    new_address::write(ctx, tx, old, &new, &By { actor: "list", edited: false, answers: Answers::SetAside }).await?;
    changes.changed += 1;
    owners.touched.extend([old.account_id.clone(), place.to_string()]);
    Ok(())
}

fn same(old: &Person, new: &NewContact) -> bool {
    old.account_id == new.account_id
        && old.email == new.email
        && old.first_name == new.first_name
        && old.last_name == new.last_name
        && old.job_title == new.job_title
        && old.role == new.role
        && old.language == new.language
        && old.country == new.country
        && old.region == new.region
        && old.time_zone == new.time_zone
        && old.findings == new.findings
}

/// What was found about values that stay because the row does not say them.
fn about_what_stays(old: &Person, row: &ListedContact) -> Vec<Finding> {
    let known: Vec<Finding> = serde_json::from_str(&old.findings).unwrap_or_default();
    let silent = |field: &str| match field {
        "job_title" => row.job_title.is_empty(),
        "role" => row.role == Role::Unknown,
        "language" => row.language.is_empty(),
        "country" => row.country.is_empty(),
        "region" => row.region.is_empty(),
        "time_zone" => row.time_zone.is_empty(),
        _ => false,
    };
    let new = |f: &Finding| !row.findings.iter().any(|n| n.code == f.code && n.field == f.field);
    known.into_iter().filter(|f| silent(&f.field) && new(f)).collect()
}

/// What a row says; where it is silent, what is known stays.
pub(in crate::steps) fn particulars(
    ctx: &Ctx,
    id: &str,
    round: &str,
    account: &str,
    row: &ListedContact,
    old: Option<&Person>,
) -> Result<NewContact> {
    let or = |said: &str, known: fn(&Person) -> &String| match old {
        Some(old) if said.is_empty() => known(old).clone(),
        _ => said.to_string(),
    };
    // A region belongs to its country.
    let elsewhere = old.is_some_and(|old| !row.country.is_empty() && row.country != old.country);
    let mut findings = row.findings.clone();
    findings.extend(old.map_or_else(Vec::new, |old| about_what_stays(old, row)));
    Ok(NewContact {
        id: id.into(),
        round_id: round.into(),
        account_id: account.into(),
        line: row.line as i64,
        email: row.email.clone(),
        first_name: row.first_name.clone(),
        last_name: row.last_name.clone(),
        job_title: or(&row.job_title, |p| &p.job_title),
        role: old.filter(|_| row.role == Role::Unknown).map_or(row.role, |old| old.role),
        language: or(&row.language, |p| &p.language),
        country: or(&row.country, |p| &p.country),
        region: if elsewhere { row.region.clone() } else { or(&row.region, |p| &p.region) },
        time_zone: or(&row.time_zone, |p| &p.time_zone),
        findings: serde_json::to_string(&findings)
            .map_err(|e| Problem::internal("Findings could not be written down.").because(e))?,
        link_hash: ctx.secret_hash(Purpose::Assessment, id),
        opt_out_hash: ctx.secret_hash(Purpose::OptOut, id),
    })
}
