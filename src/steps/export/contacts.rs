//! The contacts on the list of a round, by name; or those that a list of the console shows.

use std::collections::{BTreeSet, HashMap};

use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::Result;
use crate::intake::folder::export::is_kept;
use crate::rules::contacts::row::Field;
use crate::rules::export::contacts::{Stands, cells, columns, fields};
use crate::rules::export::{Column, Rows};
use crate::rules::plan::Reason;
use crate::rules::signoff::Standing;
use crate::steps::completion::told;
use crate::steps::contacts::people::particulars::{as_row, more_columns};
use crate::steps::context::Live;
use crate::store::Tx;
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::search::{self, Search};
use crate::store::contacts::{self, Person};
use crate::store::export;

use super::position::{PIECE, Position};

pub(super) struct Contacts {
    fields: Vec<Field>,
    /// Headers of columns that are none of ours.
    more: Vec<String>,
    /// Those of each piece are its own rows'.
    more_by_piece: bool,
    search: Option<Search>,
    /// How many of the search were read.
    read: i64,
    /// The last that was read of all.
    after: (String, ContactId),
}

impl Contacts {
    pub async fn open(tx: &mut Tx, live: &Live, search: Option<Search>) -> Result<Contacts> {
        // Which columns there are nobody knows before all have been looked at.
        let (mut more, mut keyed) = (BTreeSet::new(), false);
        let mut after = (String::new(), ContactId::default());
        loop {
            let piece = export::more_after(tx, &live.id, (&after.0, &after.1), PIECE).await?;
            let Some(last) = piece.last() else { break };
            after = (last.sort_key.clone(), last.id.clone());
            for of in &piece {
                keyed |= !of.client_key.is_empty();
                if of.more != "{}" {
                    more.extend(more_columns(&of.more).into_keys().filter(|header| is_kept(header)));
                }
            }
        }
        Ok(Contacts {
            fields: fields(keyed),
            more: more.into_iter().collect(),
            more_by_piece: false,
            search,
            read: 0,
            after: (String::new(), ContactId::default()),
        })
    }

    /// All, from behind this one. Columns that are none of ours are known with the rows that have them, so that a piece costs its own rows.
    pub fn behind(after: Position) -> Contacts {
        let after = (after.key, after.id.into());
        Contacts { fields: fields(true), more: Vec::new(), more_by_piece: true, search: None, read: 0, after }
    }

    /// Of the last that was read.
    pub fn position(&self) -> Position {
        Position::new(&self.after.0, &self.after.1)
    }

    pub fn columns(&self) -> Vec<Column> {
        columns(&self.fields, &self.more)
    }

    pub async fn piece(&mut self, tx: &mut Tx, live: &Live, rows: i64) -> Result<Option<Rows>> {
        let ids = self.next_ids(tx, live, rows).await?;
        if ids.is_empty() {
            return Ok(None);
        }
        let wanted: Vec<&ContactId> = ids.iter().collect();
        let people = contacts::persons(tx, &wanted).await?;
        if self.more_by_piece {
            let headers = people.iter().flat_map(|p| more_columns(&p.more).into_keys());
            let headers: BTreeSet<String> = headers.filter(|header| is_kept(header)).collect();
            self.more = headers.into_iter().collect();
        }
        let at: BTreeSet<&AccountId> = people.iter().map(|p| &p.account_id).collect();
        let at: Vec<&AccountId> = at.into_iter().collect();
        let accounts = accounts::by_ids(tx, &at).await?;
        let accounts: HashMap<&AccountId, &Account> = accounts.iter().map(|a| (&a.id, a)).collect();
        let mut rows: HashMap<ContactId, _> = HashMap::new();
        for p in people {
            let Some(account) = accounts.get(&p.account_id) else { continue };
            let names = (p.first_name.as_str(), p.last_name.as_str(), &p.email);
            let listed = as_row(p.line, names, (&p).into(), account);
            let id = p.id.clone();
            let stands = stands(live, &told::person(live, p));
            rows.insert(id, cells(&listed, &stands, &self.fields, &self.more));
        }
        Ok(Some(ids.iter().filter_map(|id| rows.remove(id)).collect()))
    }

    async fn next_ids(&mut self, tx: &mut Tx, live: &Live, rows: i64) -> Result<Vec<ContactId>> {
        if let Some(search) = &self.search {
            let ids = search::by_name(tx, &live.id, search, rows, self.read).await?;
            self.read += ids.len() as i64;
            return Ok(ids);
        }
        let found = export::contacts_after(tx, &live.id, (&self.after.0, &self.after.1), rows).await?;
        if let Some((id, sort_key)) = found.last() {
            self.after = (sort_key.clone(), id.clone());
        }
        Ok(found.into_iter().map(|(id, _)| id).collect())
    }
}

/// `p`: as he may be told.
fn stands(live: &Live, p: &Person) -> Stands {
    Stands {
        id: p.id.clone(),
        signed: p.standing == Standing::Signed,
        signed_at: p.signed_at,
        invited_at: p.invited_at,
        started_at: p.started_at,
        completed_at: p.completed_at,
        opted_out_at: p.opted_out_at.or(p.objected_at),
        left_at: p.left_at.or(p.gone_at),
        undeliverable_at: p.undeliverable_at,
        undeliverable_reason: p.undeliverable_reason.clone().unwrap_or_default(),
        absent_until: p.absent_until,
        away_until_the_close: p.waiting_for.as_deref() == Some(Reason::Absent.as_str()),
        last_sent_at: p.last_sent_at,
        // Reminders go to those alone who have not answered.
        messages: live.spec.participation.names().then_some(p.sent_count),
        removed_at: p.removed_at,
        removed_reason: p.removed_reason.clone().unwrap_or_default(),
    }
}
