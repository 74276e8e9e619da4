//! A table of a round: its columns, then its rows, piece by piece.

use std::sync::Arc;

use crate::base::problem::Result;
use crate::rules::export::{Column, Rows, Table};
use crate::steps::context::{Ctx, Live};
use crate::store::contacts::accounts::accounts_page;
use crate::store::contacts::search;

use super::accounts::Accounts;
use super::contacts::Contacts;
use super::messages::Messages;
use super::position::PIECE;
use super::responses::Responses;

/// What is taken away: all of it, or what a list of the console shows.
pub enum Of {
    Contacts(Option<search::Search>),
    Accounts(Option<accounts_page::Search>),
    /// In one of the ledger's states, `due`, or in any where it is empty.
    Messages(String),
    Responses,
}

impl Of {
    /// A list was narrowed down.
    pub fn is_part(&self) -> bool {
        match self {
            Of::Contacts(search) => search.is_some(),
            Of::Accounts(search) => search.is_some(),
            Of::Messages(state) => !state.is_empty(),
            Of::Responses => false,
        }
    }

    pub fn all(table: Table) -> Of {
        match table {
            Table::Contacts => Of::Contacts(None),
            Table::Accounts => Of::Accounts(None),
            Table::Messages => Of::Messages(String::new()),
            Table::Responses => Of::Responses,
        }
    }
}

enum Reader {
    Contacts(Box<Contacts>),
    Accounts(Accounts),
    Messages(Messages),
    Responses(Responses),
}

pub struct Source {
    ctx: Ctx,
    live: Arc<Live>,
    columns: Vec<Column>,
    reader: Reader,
}

impl Source {
    pub async fn open(ctx: &Ctx, live: &Arc<Live>, of: Of) -> Result<Source> {
        let mut tx = ctx.db.read().await?;
        let (columns, reader) = match of {
            Of::Contacts(search) => {
                let reader = Contacts::open(&mut tx, live, search).await?;
                (reader.columns(), Reader::Contacts(Box::new(reader)))
            }
            Of::Accounts(search) => (Accounts::columns(), Reader::Accounts(Accounts::open(search))),
            Of::Messages(state) => (Messages::columns(), Reader::Messages(Messages::open(state, ctx.clock.now()))),
            Of::Responses => {
                let reader = Responses::open(ctx, &mut tx, live).await?;
                (reader.columns(), Reader::Responses(reader))
            }
        };
        drop(tx);
        Ok(Source { ctx: ctx.clone(), live: live.clone(), columns, reader })
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The next rows; none at the end.
    pub async fn piece(&mut self) -> Result<Option<Rows>> {
        let mut tx = self.ctx.db.read().await?;
        match &mut self.reader {
            Reader::Contacts(reader) => reader.piece(&mut tx, &self.live, PIECE).await,
            Reader::Accounts(reader) => reader.piece(&mut tx, &self.live, PIECE).await,
            Reader::Messages(reader) => reader.piece(&mut tx, &self.live, PIECE).await,
            Reader::Responses(reader) => reader.piece(&mut tx, &self.live, PIECE).await,
        }
    }
}
