//! The last change of a director on the list of an account, taken back: the rows are again as they were.
//!
//! Only the last one, only by who made it, and only while nobody has changed the rows since, signed them, or written to whom it brought in.

use serde::{Deserialize, Serialize};

use crate::base::address::EmailAddress;
use crate::base::ids::{ContactId, NameChangeId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::Role;
use crate::rules::journal::Action;
use crate::steps::contacts::people::new_address::{self, Answers};
use crate::steps::contacts::people::place::{free, place_of};
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::listing::{self, NewContact};
use crate::store::contacts::{self, Person};
use crate::store::signoff::name_changes::{self as store, NameChange};
use crate::store::signoff::{Request, Signature};

use super::editing::{self, Edit};
use super::usable_names::{By, Done, NotDone, taken};

/// A row of a list as a director sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::signoff) struct Row {
    pub id: ContactId,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub job_title: String,
    pub role: Role,
    pub findings: String,
}

impl Row {
    pub fn of(p: &Person) -> Row {
        Row {
            id: p.id.clone(),
            first_name: p.first_name.clone(),
            last_name: p.last_name.clone(),
            email: p.email.as_str().into(),
            job_title: p.job_title.clone(),
            role: p.role,
            findings: p.findings.clone(),
        }
    }

    fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_string()
    }
}

/// Keeps what was changed.
pub(in crate::signoff) async fn note(
    ctx: &Ctx,
    tx: &mut Tx,
    by: &By<'_>,
    what: &str,
    before: &[Row],
    after: &[Row],
) -> Result<()> {
    let json = |rows: &[Row]| {
        serde_json::to_string(rows).map_err(|e| Problem::internal("A change could not be written down.").because(e))
    };
    let at = ctx.clock.now();
    let change = NameChange {
        id: ctx.ids.id(at),
        round_id: by.account.round_id.clone(),
        account_id: by.account.id.clone(),
        what: what.into(),
        by_whom: by.request.email.as_str().into(),
        at,
        rows_before: json(before)?,
        rows_after: json(after)?,
        taken_back_at: None,
    };
    store::keep(tx, &change).await
}

/// What can be taken back on a director's page.
#[derive(Clone, Debug)]
pub struct LastChange {
    pub id: NameChangeId,
    /// `corrected`, `removed`, `replaced`, `added` or `kept`.
    pub what: String,
    /// Whose names are concerned, as they were.
    pub names: Vec<String>,
    /// The row at which it was made: of whoever stands there now.
    pub contact: Option<ContactId>,
}

/// Of the last changes of accounts, the one that this reader can take back.
pub(in crate::signoff) fn offered(
    all: &[NameChange],
    request: &Request,
    account: &Account,
    signed: &[Signature],
) -> Option<LastChange> {
    let last = all.iter().find(|c| c.account_id == account.id)?;
    let his = last.by_whom == request.email.as_str() && last.taken_back_at.is_none();
    let (before, after) = (rows(&last.rows_before), rows(&last.rows_after));
    let named = if before.is_empty() { &after } else { &before };
    (his && signed.iter().all(|s| s.at < last.at)).then(|| LastChange {
        id: last.id.clone(),
        what: last.what.clone(),
        names: named.iter().map(Row::full_name).collect(),
        contact: after.first().map(|row| row.id.clone()),
    })
}

pub(in crate::signoff) fn rows(json: &str) -> Vec<Row> {
    serde_json::from_str(json).unwrap_or_default()
}

/// The last change of the account is this reader's correction of this person.
pub(in crate::signoff) async fn has_just_corrected(tx: &mut Tx, by: &By<'_>, person: &Person) -> Result<bool> {
    let last = store::last_of(tx, &[&by.account.id]).await?;
    let his =
        |c: &NameChange| c.by_whom == by.request.email.as_str() && c.what == "corrected" && c.taken_back_at.is_none();
    Ok(last.iter().any(|c| his(c) && rows(&c.rows_after) == [Row::of(person)]))
}

pub(in crate::signoff) async fn take_back(ctx: &Ctx, tx: &mut Tx, by: &By<'_>, change: &NameChangeId) -> Result<Done> {
    let last = store::last_of(tx, &[&by.account.id]).await?;
    let own = last.into_iter().find(|c| c.id == *change && c.by_whom == by.request.email.as_str());
    let Some(last) = own else { return Ok(Err(NotDone::NothingToTakeBack)) };
    let (before, after) = (rows(&last.rows_before), rows(&last.rows_after));
    let place = before.first().or(after.first()).map(|row| row.id.clone());
    if last.taken_back_at.is_some() {
        // The second tap of two.
        return Ok(Ok(place));
    }
    // Nobody has changed these rows since.
    for row in &after {
        let now = contacts::person(tx, &row.id).await?.filter(|p| p.account_id == by.account.id);
        let Some(now) = now else { return Ok(Err(NotDone::NothingToTakeBack)) };
        if Row::of(&now) != *row || now.removed_at.is_some() != (last.what == "removed") {
            return Ok(Err(NotDone::NothingToTakeBack));
        }
        if matches!(last.what.as_str(), "replaced" | "added") && now.sent_count > 0 {
            return Ok(Err(NotDone::WrittenTo(now.full_name())));
        }
    }
    for row in &before {
        if let Ok(email) = EmailAddress::parse(&row.email)
            && let Some(why) = taken(tx, by, Some(&row.id), &email).await?
        {
            return Ok(Err(why));
        }
    }
    let back = match last.what.as_str() {
        "removed" => put_back(ctx, tx, by, &before).await?,
        "replaced" => {
            take_off(ctx, tx, by, &after).await?;
            put_back(ctx, tx, by, &before).await?
        }
        "added" => take_off(ctx, tx, by, &after).await?,
        "kept" => remarks_again(tx, &before).await?,
        _ => corrected_back(ctx, tx, by, &before).await?,
    };
    store::take_back(tx, &last.id, ctx.clock.now()).await?;
    let round = Some(&by.account.round_id);
    for name in back {
        ctx.journal(tx, &by.actor, Action::TookChangeBack, round, &name, &last.what).await?;
    }
    Ok(Ok(place))
}

async fn put_back(ctx: &Ctx, tx: &mut Tx, by: &By<'_>, rows: &[Row]) -> Result<Vec<ContactId>> {
    for row in rows {
        if let Some(person) = contacts::person(tx, &row.id).await? {
            editing::apply(ctx, tx, &by.actor, &person, Edit::PutBack).await?;
        }
    }
    Ok(rows.iter().map(|row| row.id.clone()).collect())
}

/// Of those whom the change has brought in.
async fn take_off(ctx: &Ctx, tx: &mut Tx, by: &By<'_>, rows: &[Row]) -> Result<Vec<ContactId>> {
    for row in rows {
        if let Some(person) = contacts::person(tx, &row.id).await? {
            let reason = "Taken back by who had added the name".into();
            editing::apply(ctx, tx, &by.actor, &person, Edit::Remove { reason }).await?;
        }
    }
    Ok(rows.iter().map(|row| row.id.clone()).collect())
}

async fn remarks_again(tx: &mut Tx, rows: &[Row]) -> Result<Vec<ContactId>> {
    for row in rows {
        if let Some(person) = contacts::person(tx, &row.id).await? {
            listing::renumber(tx, &row.id, person.line, &row.findings).await?;
        }
    }
    Ok(rows.iter().map(|row| row.id.clone()).collect())
}

async fn corrected_back(ctx: &Ctx, tx: &mut Tx, by: &By<'_>, rows: &[Row]) -> Result<Vec<ContactId>> {
    for row in rows {
        let Some(person) = contacts::person(tx, &row.id).await? else { continue };
        if *row == (Row { findings: row.findings.clone(), ..Row::of(&person) }) {
            listing::renumber(tx, &row.id, person.line, &row.findings).await?;
            continue;
        }
        let Ok(email) = EmailAddress::parse(&row.email) else { continue };
        if !person.has_address(&email) {
            free(tx, &person, &email).await?;
        }
        let new = NewContact {
            first_name: row.first_name.clone(),
            last_name: row.last_name.clone(),
            email,
            job_title: row.job_title.clone(),
            role: row.role,
            findings: row.findings.clone(),
            ..place_of(ctx, &person, person.id.clone())
        };
        let by = new_address::By { actor: &by.actor, edited: true, answers: Answers::SetAside };
        new_address::write(ctx, tx, &person, &new, &by).await?;
    }
    Ok(rows.iter().map(|row| row.id.clone()).collect())
}
