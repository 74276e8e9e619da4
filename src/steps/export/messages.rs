//! The messages of a round in order of time; of a round that tells numbers only, without those that only some get.

use std::collections::{BTreeSet, HashMap};

use crate::base::clock::Ts;
use crate::base::ids::{ContactId, MessageId};
use crate::base::problem::Result;
use crate::rules::export::messages::{COLUMNS, MessageRow};
use crate::rules::export::value::{cells, columns};
use crate::rules::export::{Column, Rows, Value};
use crate::steps::completion::told;
use crate::steps::context::Live;
use crate::steps::plan::forecast::sentence;
use crate::store::sending::outbox::Message;
use crate::store::{Tx, contacts, export};

use super::position::Position;

pub(super) struct Messages {
    state: String,
    now: Ts,
    /// The last that was read.
    after: (Ts, MessageId),
}

impl Messages {
    /// `now`: for those that are due.
    pub fn open(state: String, now: Ts) -> Messages {
        Messages { state, now, after: (Ts(i64::MIN), MessageId::default()) }
    }

    /// From behind this one.
    pub fn behind(after: &Position, state: String, now: Ts) -> Result<Messages> {
        Ok(Messages { state, now, after: (after.instant()?, after.id.as_str().into()) })
    }

    pub fn columns() -> Vec<Column> {
        columns(COLUMNS)
    }

    pub async fn piece(&mut self, tx: &mut Tx, live: &Live, rows: i64) -> Result<Option<Rows>> {
        let placed = self.placed(tx, live, rows).await?;
        Ok(placed.map(|rows| rows.into_iter().map(|(_, row)| row).collect()))
    }

    /// The rows of so many messages that may be told, each with where it stands. None at the end.
    pub async fn placed(&mut self, tx: &mut Tx, live: &Live, rows: i64) -> Result<Option<Vec<(Position, Vec<Value>)>>> {
        let asked = (self.state.as_str(), self.now);
        let found = export::messages_after(tx, &live.lane(), asked, (self.after.0, &self.after.1), rows).await?;
        let Some(last) = found.last() else { return Ok(None) };
        self.after = (last.due_at, last.id.clone());
        let told_of: Vec<Message> = found.into_iter().filter(|m| live.spec.participation.letter(m.kind)).collect();
        let to: BTreeSet<&ContactId> = told_of.iter().filter_map(|m| m.contact_id.as_ref()).collect();
        let to: Vec<&ContactId> = to.into_iter().collect();
        let people = contacts::persons(tx, &to).await?;
        let accounts: HashMap<ContactId, String> = people.into_iter().map(|p| (p.id, p.account)).collect();
        let rows = told_of.into_iter().map(|m| {
            let account = m.contact_id.as_ref().and_then(|id| accounts.get(id)).cloned().unwrap_or_default();
            let at = Position::new(m.due_at.0, &m.id);
            (at, cells(COLUMNS, &row(told::message(live, m), account)))
        });
        Ok(Some(rows.collect()))
    }
}

fn row(m: Message, account: String) -> MessageRow {
    MessageRow {
        reason: m.reason.as_deref().map(sentence).unwrap_or_default(),
        id: m.id,
        kind: m.kind,
        number: m.number,
        state: m.state,
        contact: m.contact_id,
        account,
        to_name: m.to_name,
        to_email: m.to_email,
        planned_for: m.planned_for,
        due_at: m.due_at,
        left_at: m.marked_at,
        settled_at: m.settled_at,
        tries: m.attempt,
        answer: m.answer.unwrap_or_default(),
    }
}
