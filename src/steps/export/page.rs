//! A page of a table, from behind the row where the page before has ended: its own rows are what it costs, wherever it stands.

use crate::base::problem::Result;
use crate::rules::export::{Column, Rows, Table};
use crate::steps::context::{Ctx, Live};

use super::accounts::Accounts;
use super::contacts::Contacts;
use super::messages::Messages;
use super::position::{PIECE, Position};
use super::responses::Responses;

pub struct Page {
    pub columns: Vec<Column>,
    pub rows: Rows,
    /// Where the next page begins; none at the end.
    pub next: Option<Position>,
}

/// Of responses the people are told, and not what they have said. `state`: of messages, as for `Of::Messages`.
pub async fn page(
    ctx: &Ctx,
    live: &Live,
    (table, state): (Table, &str),
    after: Option<Position>,
    most: i64,
) -> Result<Page> {
    let mut tx = ctx.db.read().await?;
    let start = after.clone().unwrap_or_default();
    let (columns, rows, position) = match table {
        Table::Contacts => {
            let mut reader = Contacts::behind(start);
            let rows = reader.piece(&mut tx, live, most).await?;
            (reader.columns(), rows, reader.position())
        }
        Table::Accounts => {
            let mut reader = Accounts::behind(start);
            let rows = reader.piece(&mut tx, live, most).await?;
            (Accounts::columns(), rows, reader.position())
        }
        Table::Responses => {
            let mut reader = Responses::of_people(live, &start)?;
            let rows = reader.piece(&mut tx, live, most).await?;
            (reader.columns(), rows, reader.position())
        }
        Table::Messages => {
            drop(tx);
            return of_messages(ctx, live, state, after.as_ref(), most).await;
        }
    };
    let rows = rows.unwrap_or_default();
    let next = (rows.len() as i64 == most).then_some(position);
    Ok(Page { columns, rows, next })
}

/// A page ends behind a row that it has: where one stands that is not told, a position would tell of it.
async fn of_messages(ctx: &Ctx, live: &Live, state: &str, after: Option<&Position>, most: i64) -> Result<Page> {
    let (now, state) = (ctx.clock.now(), state.to_string());
    let mut reader = match after {
        Some(after) => Messages::behind(after, state, now)?,
        None => Messages::open(state, now),
    };
    let at_once = if live.spec.participation.names() { most + 1 } else { PIECE };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    while found.len() <= most {
        let piece = reader.placed(&mut ctx.db.read().await?, live, at_once).await?;
        let Some(piece) = piece else { break };
        found.extend(piece);
    }
    let is_more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| is_more).map(|(at, _)| at.clone());
    Ok(Page { columns: Messages::columns(), rows: found.into_iter().map(|(_, row)| row).collect(), next })
}
