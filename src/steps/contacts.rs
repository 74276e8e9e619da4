//! Contact lists into a round: new rows are added, changed rows corrected, rows that people have edited here left alone.
//!
//! All of a list is taken in one transaction: nothing of it is visible half loaded. Every account whose names changed
//! gets a new fingerprint, and with it needs a new signature.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::ListedContact;
use crate::rules::objection;
use crate::rules::round::RoundState;
use crate::rules::signoff::Standing;
use crate::store::accounts::{self, Account};
use crate::store::contacts::{self, Person};
use crate::store::listing::{self, Known, NewContact};
use crate::store::{Flag, Tx, rounds};

use super::context::{Purpose, unknown};
use super::new_address::{self, Answers, By};
use super::emptying::{Emptying, somebody_stays};
use super::{Ctx, addresses, objections, repair, signoff};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Changes {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// In a draft only: no longer on the list.
    pub removed: u64,
    /// Left as a director or operator has put it.
    pub kept_as_edited: u64,
    /// In a round that was started: people who are no longer on the list. They stay until somebody removes them.
    pub not_on_the_list: u64,
    /// On the list, and not written to: an opt-out for good, a complaint or a departure of another round of the client.
    pub kept_out: u64,
}

/// Why a list took a person off a draft; a list that has the person again puts him back.
const OFF_THE_LIST: &str = "no longer on the list";

/// As many rows are looked up, and new ones added, in one statement.
const AT_ONCE: usize = 1_000;

/// Loads a list into a round that is there already.
pub async fn load_list(ctx: &Ctx, slug: &str, rows: Vec<ListedContact>, actor: &str) -> Result<Changes> {
    load_list_as(ctx, slug, rows, Emptying::Refused, actor).await
}

/// As [`load_list`], for somebody who may have said that the draft is to be emptied.
pub async fn load_list_as(
    ctx: &Ctx,
    slug: &str,
    rows: Vec<ListedContact>,
    emptying: Emptying,
    actor: &str,
) -> Result<Changes> {
    let (c, slug, actor) = (ctx.clone(), slug.to_string(), actor.to_string());
    let changes = ctx
        .db
        .write(move |tx| {
            Box::pin(async move {
                let round = rounds::by_slug(tx, &slug).await?.ok_or_else(|| unknown(&slug))?;
                if round.state == RoundState::Closed {
                    return Err(Problem::refused(
                        format!("Round {slug} is closed."),
                        "Lists can be loaded into open rounds only.",
                    ));
                }
                let changes = load(&c, tx, &round.id, round.state, &rows, emptying).await?;
                if round.state != RoundState::Draft {
                    signoff::ensure_requests(&c, tx, &round.id).await?;
                    repair::ensure_requests(&c, tx, &round.id).await?;
                }
                let detail = format!("{} new, {} changed, {} removed", changes.added, changes.changed, changes.removed);
                c.journal(tx, &actor, "loaded a contact list", Some(&round.id), &round.id, &detail).await?;
                Ok(changes)
            })
        })
        .await?;
    ctx.wake();
    Ok(changes)
}

pub(super) async fn load(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &str,
    state: RoundState,
    rows: &[ListedContact],
    emptying: Emptying,
) -> Result<Changes> {
    let now = ctx.clock.now();
    let mut changes = Changes::default();
    let mut known: BTreeMap<String, Account> =
        accounts::of_round(tx, round).await?.into_iter().map(|a| (a.name.clone(), a)).collect();
    let mut touched = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut rest = rows;
    while !rest.is_empty() {
        let (batch, later) = rest.split_at(distinct(rest));
        rest = later;
        let mut accounts = Vec::with_capacity(batch.len());
        for row in batch {
            accounts.push(account_of(ctx, tx, round, row, &mut known, &mut touched).await?);
        }
        for ((id, changed), account) in
            take_rows(ctx, tx, round, batch, &accounts, &mut changes, now).await?.into_iter().zip(accounts)
        {
            if changed {
                touched.insert(account);
            }
            seen.insert(id);
        }
    }
    let missing: Vec<String> =
        contacts::ids_of_round(tx, round).await?.into_iter().filter(|id| !seen.contains(id)).collect();
    if state == RoundState::Draft && emptying == Emptying::Refused {
        somebody_stays(rows.len(), missing.len(), &changes)?;
    }
    for id in missing {
        if state == RoundState::Draft {
            if let Some(person) = contacts::person(tx, &id).await? {
                contacts::remove(tx, &id, OFF_THE_LIST, now).await?;
                touched.insert(person.account_id);
                changes.removed += 1;
            }
        } else {
            changes.not_on_the_list += 1;
        }
    }
    for account in touched {
        signoff::restand(ctx, tx, &account).await?;
    }
    Ok(changes)
}

/// The id of the row's account, made or brought up to date. The first row of an account speaks for it.
async fn account_of(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &str,
    row: &ListedContact,
    known: &mut BTreeMap<String, Account>,
    touched: &mut BTreeSet<String>,
) -> Result<String> {
    let listed = Account {
        id: String::new(),
        round_id: round.into(),
        name: row.account.clone(),
        strategic: Flag(row.strategic),
        annual_revenue: row.annual_revenue,
        director_name: row.director.name.clone(),
        director_email: lower(&row.director.email)?,
        manager_name: row.manager.as_ref().map(|m| m.name.clone()).unwrap_or_default(),
        manager_email: row.manager.as_ref().map(|m| m.email.key()).unwrap_or_default(),
        fingerprint: String::new(),
        standing: Standing::Unsigned,
        signed_at: None,
        listed: 0,
        invited: 0,
        reachable: 0,
        started: 0,
        completed: 0,
    };
    if let Some(account) = known.get(&row.account) {
        let id = account.id.clone();
        let same = account.strategic == listed.strategic
            && account.annual_revenue == listed.annual_revenue
            && account.director_name == listed.director_name
            && account.director_email == listed.director_email
            && account.manager_name == listed.manager_name
            && account.manager_email == listed.manager_email;
        // Later rows of the same list that differ are reported by the list check; only the first one counts.
        if !same && touched.insert(id.clone()) {
            accounts::update_owners(tx, &Account { id: id.clone(), ..listed }).await?;
        }
        return Ok(id);
    }
    let account = Account { id: ctx.ids.new_id(ctx.clock.now()), ..listed };
    accounts::insert(tx, &account).await?;
    let id = account.id.clone();
    touched.insert(id.clone());
    known.insert(account.name.clone(), account);
    Ok(id)
}

/// One spelling per mailbox, so that a director who is spelled twice gets one mail.
fn lower(address: &EmailAddress) -> Result<EmailAddress> {
    EmailAddress::parse(&address.key()).map_err(|why| Problem::internal(format!("The address {address} {why}.")))
}

/// How many rows from the front are taken together: they are about different people.
fn distinct(rows: &[ListedContact]) -> usize {
    let mut keys = HashSet::with_capacity(AT_ONCE);
    let repeated = rows.iter().take(AT_ONCE).position(|row| !keys.insert(row.email.key()));
    repeated.unwrap_or(rows.len().min(AT_ONCE))
}

/// Takes rows of different people; says of each whose it is and whether that changed anything.
async fn take_rows(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &str,
    rows: &[ListedContact],
    accounts: &[String],
    changes: &mut Changes,
    now: Ts,
) -> Result<Vec<(String, bool)>> {
    let keys: Vec<String> = rows.iter().map(|row| row.email.key()).collect();
    let known = listing::known(tx, round, &keys).await?;
    let ids: Vec<&str> = known.values().map(|known| known.id.as_str()).collect();
    let people: HashMap<String, Person> =
        contacts::persons(tx, &ids).await?.into_iter().map(|p| (p.id.clone(), p)).collect();
    let (mut taken, mut new) = (Vec::with_capacity(rows.len()), Vec::new());
    let dead = addresses::dead_in(tx, rows).await?;
    let objected = objections::known_of(tx, round, rows).await?;
    changes.kept_out += objected.len() as u64;
    let with_finding = |row: &ListedContact| {
        let mut row = row.clone();
        if let Some(dead) = dead.get(&row.email.key()) {
            row.findings.push(addresses::finding(&row, dead));
        }
        for o in objected.get(&row.email.key()).into_iter().flatten() {
            row.findings.push(objection::finding(&row, o.kind, o.since));
        }
        row
    };
    for ((row, account), key) in rows.iter().map(with_finding).zip(accounts).zip(&keys) {
        let row = &row;
        let known = known.get(key).and_then(|known| Some((known, people.get(&known.id)?)));
        taken.push(match known {
            Some((known, old)) => take_again(ctx, tx, account, row, known, old, changes, now).await?,
            None => {
                let id = ctx.ids.new_id(now);
                new.push(particulars(ctx, &id, round, account, row)?);
                changes.added += 1;
                (id, true)
            }
        });
    }
    if !new.is_empty() {
        listing::insert(tx, &new, now).await?;
    }
    for contact in new.iter().filter(|contact| dead.contains_key(&contact.email.key())) {
        addresses::given(ctx, tx, &contact.id, &contact.email).await?;
    }
    for (id, _) in taken.iter().zip(&keys).filter(|(_, key)| objected.contains_key(*key)).map(|(taken, _)| taken) {
        objections::given(ctx, tx, id).await?;
    }
    Ok(taken)
}

/// A row about somebody who is in the round.
#[expect(clippy::too_many_arguments, reason = "what is known of one row, named at the one call")]
async fn take_again(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &str,
    row: &ListedContact,
    known: &Known,
    old: &Person,
    changes: &mut Changes,
    now: Ts,
) -> Result<(String, bool)> {
    let back = known.removed_reason.as_deref() == Some(OFF_THE_LIST) && contacts::restore(tx, &known.id, now).await?;
    if known.edited_at.is_some() || (known.removed_at.is_some() && !back) {
        changes.kept_as_edited += 1;
        return Ok((known.id.clone(), back));
    }
    let new = particulars(ctx, &known.id, &old.round_id, account, row)?;
    if same(old, &new) {
        let counter = if back { &mut changes.changed } else { &mut changes.unchanged };
        *counter += 1;
        return Ok((known.id.clone(), back));
    }
    if known.account_id != account {
        return Err(Problem::refused(
            format!(
                "Row {}: {} is in the round at {} and cannot move to {}.",
                row.line, row.email, old.account, row.account
            ),
            "Remove the person there first, then add a new row with the new account's address.",
        ));
    }
    new_address::write(ctx, tx, old, &new, &By { actor: "list", edited: false, answers: Answers::SetAside }).await?;
    changes.changed += 1;
    Ok((known.id.clone(), true))
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

fn particulars(ctx: &Ctx, id: &str, round: &str, account: &str, row: &ListedContact) -> Result<NewContact> {
    Ok(NewContact {
        id: id.into(),
        round_id: round.into(),
        account_id: account.into(),
        line: row.line as i64,
        email: row.email.clone(),
        first_name: row.first_name.clone(),
        last_name: row.last_name.clone(),
        job_title: row.job_title.clone(),
        role: row.role,
        language: row.language.clone(),
        country: row.country.clone(),
        region: row.region.clone(),
        time_zone: row.time_zone.clone(),
        findings: serde_json::to_string(&row.findings)
            .map_err(|e| Problem::internal("Findings could not be written down.").because(e))?,
        link_hash: ctx.secret_hash(Purpose::Assessment, id),
        opt_out_hash: ctx.secret_hash(Purpose::OptOut, id),
    })
}
