//! What the rules of the plan ask about a contact, read from the database.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::plan::{Facts, Sequence, Touched, phase};
use crate::rules::signoff::Standing;
use crate::store::Tx;
use crate::store::contacts::Person;
use crate::store::plan::{self, Planned, limits};

/// What the rules ask about a contact, from any row that has these columns.
macro_rules! facts {
    ($row:expr) => {
        Facts {
            time_zone: $row.time_zone.clone(),
            country: $row.country.clone(),
            region: $row.region.clone(),
            signed: $row.standing == Standing::Signed,
            signed_at: $row.signed_at,
            account: $row.account_id.clone(),
            director: $row.director_email.clone(),
            language: $row.language.clone(),
            role: $row.role,
            account_answered: $row.account_answers > 0,
            left: $row.left_at.is_some() || $row.gone_at.is_some(),
            removed: $row.removed_at.is_some(),
            started_at: $row.started_at,
            completed_at: $row.completed_at,
            opted_out_at: $row.opted_out_at.or($row.objected_at),
            undeliverable: $row.undeliverable_at.is_some(),
            absent_until: $row.absent_until,
            left_alone_until: $row.left_alone_until,
            not_chased: $row.not_chased_at.is_some(),
            last_sent_at: $row.last_sent_at,
            sent_count: $row.sent_count.max(0) as u32,
            elsewhere_at: None,
            phase: phase($row.email.as_str()),
            account_today: 0,
        }
    };
}

pub(crate) fn facts_of_person(person: &Person) -> Facts {
    facts!(person)
}

pub(crate) fn facts_of_planned(contact: &Planned) -> Facts {
    facts!(contact)
}

pub(crate) fn touched(rows: &[plan::Touched]) -> Vec<Touched> {
    rows.iter()
        .map(|t| Touched {
            kind: t.kind,
            number: t.number as u32,
            state: t.state,
            at: t.settled_at.unwrap_or(t.due_at),
            tried: t.first_tried_at.is_some() || t.doubted_at.is_some(),
            planned_for: t.planned_for,
        })
        .collect()
}

/// When those who have had nothing in this round were last written to in another, where that counts. `contacts`: by id, with how many
/// messages they have had.
pub(crate) async fn elsewhere<'a>(
    tx: &mut Tx,
    sequence: &Sequence,
    contacts: impl Iterator<Item = (&'a ContactId, i64)>,
    now: Ts,
) -> Result<HashMap<ContactId, Ts>> {
    let first: Vec<&ContactId> = contacts.filter(|(_, sent)| *sent == 0).map(|(id, _)| id).collect();
    if sequence.between_rounds() == 0 || first.is_empty() {
        return Ok(HashMap::new());
    }
    limits::elsewhere(tx, &first, now).await
}
