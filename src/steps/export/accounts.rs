//! The accounts of a round, by name; or those that a list of the console shows, in its order.

use crate::base::ids::AccountId;
use crate::base::problem::Result;
use crate::rules::export::accounts::{AccountRow, COLUMNS};
use crate::rules::export::value::{cells, columns};
use crate::rules::export::{Column, Rows};
use crate::rules::participation::accounts::Singly;
use crate::steps::completion::told;
use crate::steps::context::Live;
use crate::store::Tx;
use crate::store::contacts::accounts::accounts_page::{self, Search};
use crate::store::contacts::accounts::{self, Account};
use crate::store::export;

use super::position::Position;

pub struct Accounts {
    search: Option<Search>,
    /// How many of the search were read.
    read: i64,
    /// The last that was read of all.
    after: (String, AccountId),
}

impl Accounts {
    pub fn open(search: Option<Search>) -> Accounts {
        Accounts { search, read: 0, after: (String::new(), AccountId::default()) }
    }

    /// All, from behind this one.
    pub fn behind(after: Position) -> Accounts {
        Accounts { after: (after.key, after.id.into()), ..Accounts::open(None) }
    }

    /// Of the last that was read.
    pub fn position(&self) -> Position {
        Position::new(&self.after.0, &self.after.1)
    }

    pub fn columns() -> Vec<Column> {
        columns(COLUMNS)
    }

    pub async fn piece(&mut self, tx: &mut Tx, live: &Live, rows: i64) -> Result<Option<Rows>> {
        let rows = self.rows(tx, live, rows).await?;
        Ok((!rows.is_empty()).then(|| rows.iter().map(|row| cells(COLUMNS, row)).collect()))
    }

    /// The next of them as values, so many at most; none at the end.
    pub async fn rows(&mut self, tx: &mut Tx, live: &Live, most: i64) -> Result<Vec<AccountRow>> {
        let ids = self.next_ids(tx, live, most).await?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let wanted: Vec<&AccountId> = ids.iter().collect();
        let mut all = accounts::by_ids(tx, &wanted).await?;
        all.sort_by_key(|a| ids.iter().position(|id| *id == a.id));
        let singly = told::accounts(tx, live).await?;
        Ok(all.iter().map(|a| row(live, singly, a)).collect())
    }

    async fn next_ids(&mut self, tx: &mut Tx, live: &Live, rows: i64) -> Result<Vec<AccountId>> {
        if let Some(search) = &self.search {
            let (ids, _) = accounts_page::page(tx, &live.id, search, (rows, self.read), 0).await?;
            self.read += ids.len() as i64;
            return Ok(ids);
        }
        let found = export::accounts_after(tx, &live.id, (&self.after.0, &self.after.1), rows).await?;
        if let Some((id, sort_key)) = found.last() {
            self.after = (sort_key.clone(), id.clone());
        }
        Ok(found.into_iter().map(|(id, _)| id).collect())
    }
}

fn row(live: &Live, singly: Singly, a: &Account) -> AccountRow {
    let completed = told::of_account(live, singly, a);
    AccountRow {
        id: a.id.clone(),
        name: a.name.clone(),
        strategic: a.strategic.0,
        annual_revenue: a.annual_revenue,
        director: a.director_name.clone(),
        director_email: a.director_email.clone(),
        manager: a.manager_name.clone(),
        manager_email: a.manager_email.clone(),
        standing: a.standing,
        signed_at: a.signed_at,
        listed: a.listed,
        signed: a.signed_names,
        invited: a.invited,
        reachable: live.spec.participation.names().then_some(a.reachable),
        started: live.spec.participation.names().then_some(a.started),
        completed,
        silent: completed.map(|_| told::is_silent(live, singly, a)),
    }
}
