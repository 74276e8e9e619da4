//! The whole round ahead: what has gone, what is planned, and what is still to come if nothing changes.
//!
//! Lists that are not signed yet are treated as signed now. Costs the whole round; for `round plan` and its page.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use serde::Serialize;

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::plan::{Reason, dry_run};
use crate::store::contacts::{self, Person, Search};
use crate::store::{outbox, plan as touches};

use super::{Ctx, plan};

/// One message. Contract: `messages` of `round plan ROUND --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The contact's address.
    pub contact: String,
    pub account: String,
    pub kind: String,
    pub number: i64,
    pub due_at: Ts,
    /// Wall-clock time where the contact is.
    pub local: NaiveDateTime,
    pub time_zone: String,
    pub country: String,
    /// A state of the ledger, or `expected` for what is not in it yet.
    pub state: String,
    pub reason: String,
    #[serde(skip)]
    pub name: String,
    #[serde(skip)]
    pub contact_id: String,
}

/// The plan of a round in order of time.
pub async fn plan_of(ctx: &Ctx, slug: &str) -> Result<Vec<Line>> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let mut ledger: HashMap<String, Vec<outbox::Message>> = HashMap::new();
    for m in outbox::of_lane(&mut tx, &live.id).await? {
        if let Some(contact) = m.contact_id.clone() {
            ledger.entry(contact).or_default().push(m);
        }
    }
    let mut touched: HashMap<String, Vec<touches::Touched>> = HashMap::new();
    for t in touches::touched_in_round(&mut tx, &live.id).await? {
        touched.entry(t.contact_id.clone()).or_default().push(t);
    }
    let now = ctx.clock.now();
    let mut lines = Vec::new();
    for person in contacts::page(&mut tx, &live.id, &Search::default(), i64::MAX, 0).await? {
        let calendar = live.sequence.calendar(person.locality());
        let zone = calendar.zone().name().to_string();
        for m in ledger.remove(&person.id).unwrap_or_default() {
            let at = m.settled_at.filter(|_| m.state.may_have_arrived()).unwrap_or(m.due_at);
            let reason = m.reason.as_deref().unwrap_or("");
            let line = line(
                &person,
                m.kind.as_str(),
                m.number,
                at,
                calendar.local(at),
                &zone,
                m.state.as_str(),
                &sentence(reason),
            );
            lines.push(line);
        }
        let history = plan::touched(touched.remove(&person.id).unwrap_or_default());
        let unsigned = person.standing != crate::rules::signoff::Standing::Signed;
        let reason = if unsigned { "as if its list were signed off now" } else { "" };
        for next in dry_run(&live.sequence, &plan::facts(&person), &history, now) {
            let known = history.iter().any(|t| t.kind == next.kind && t.number == next.number);
            if !known {
                let kind = next.kind.as_str();
                lines.push(line(
                    &person,
                    kind,
                    i64::from(next.number),
                    next.due_at,
                    next.local,
                    &zone,
                    "expected",
                    reason,
                ));
            }
        }
    }
    lines.sort_by(|a, b| (a.due_at, &a.contact, &a.kind, a.number).cmp(&(b.due_at, &b.contact, &b.kind, b.number)));
    Ok(lines)
}

/// A reason of the rules as a sentence; what a person or a server said as it is.
pub fn sentence(reason: &str) -> String {
    Reason::parse(reason).map_or_else(|| reason.to_string(), |r| r.sentence().to_string())
}

#[expect(clippy::too_many_arguments, reason = "the columns of one line, named at both calls")]
fn line(
    p: &Person,
    kind: &str,
    number: i64,
    due_at: Ts,
    local: NaiveDateTime,
    zone: &str,
    state: &str,
    reason: &str,
) -> Line {
    Line {
        contact: p.email.as_str().into(),
        account: p.account.clone(),
        kind: kind.into(),
        number,
        due_at,
        local,
        time_zone: zone.into(),
        country: p.country.clone(),
        state: state.into(),
        reason: reason.into(),
        name: p.full_name(),
        contact_id: p.id.clone(),
    }
}
