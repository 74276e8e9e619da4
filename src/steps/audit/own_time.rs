//! Promise 4, judged by the plan that was in force when each message left: a plan may change while its round runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::calendar::{Calendar, Locality};
use crate::rules::plan::Sequence;
use crate::rules::round::RoundSpec;
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;
use crate::store::promises::Gone;
use crate::store::round::rounds;

/// How many facts were looked at, and what contradicts the promise.
pub type Found = (u64, Vec<String>);

/// A plan and the instants at which it held; at the instant of a change both the old and the new one do.
pub struct Plan {
    from: Ts,
    until: Ts,
    sequence: Sequence,
}

/// Every plan that a round has had, the oldest first.
pub async fn history(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<Vec<Plan>> {
    let mut plans: Vec<Plan> = Vec::new();
    for settings in rounds::history(tx, round).await? {
        let spec = serde_json::from_str::<RoundSpec>(&settings.spec).ok();
        let Some(sequence) = spec.and_then(|spec| Sequence::accepted(&spec, &ctx.almanac).ok()) else { continue };
        if let Some(before) = plans.last_mut() {
            before.until = settings.since;
        }
        let from = if plans.is_empty() { Ts(i64::MIN) } else { settings.since };
        plans.push(Plan { from, until: Ts(i64::MAX), sequence });
    }
    Ok(plans)
}

pub fn in_own_time(live: &Live, plans: &[Plan], gone: &[Gone]) -> Found {
    let mut broken = Vec::new();
    let mut by_contact: BTreeMap<&ContactId, Vec<&Gone>> = BTreeMap::new();
    let mut by_account: BTreeMap<&AccountId, Vec<Ts>> = BTreeMap::new();
    for m in gone {
        by_contact.entry(&m.contact_id).or_default().push(m);
        by_account.entry(&m.account_id).or_default().extend(m.marked_at);
    }
    let most = plans.iter().map(|p| p.sequence.maximum()).max().unwrap_or(live.sequence.maximum());
    for messages in by_contact.values() {
        if messages.len() > most as usize {
            broken.push(format!("{} got {} messages.", messages[0].email, messages.len()));
        }
        let mut last = None;
        for m in messages {
            let Some(at) = m.marked_at else {
                broken.push(format!("It is not on record when {} got a {}.", m.email, m.kind));
                continue;
            };
            let held = |is: &dyn Fn(&Sequence, &Arc<Calendar>) -> bool| {
                let mut in_force = plans.iter().filter(|p| p.from <= at && at <= p.until).peekable();
                let of = |sequence: &Sequence| is(sequence, &sequence.calendar(place(m)));
                if in_force.peek().is_none() { of(&live.sequence) } else { in_force.any(|p| of(&p.sequence)) }
            };
            if !held(&|_, calendar| calendar.may_send_at(at) && at <= calendar.closes_at()) {
                broken.push(format!("{} got a {} at {at}, outside the hours of {}.", m.email, m.kind, m.time_zone));
            }
            if m.kind.keeps_the_gap() && !held(&|sequence, _| last.is_none_or(|last| at.since(last) >= sequence.gap()))
            {
                broken.push(format!("{} got a {} at {at}, too soon after the message before.", m.email, m.kind));
            }
            let of_account = by_account.get(&m.account_id).map_or(&[][..], |all| all);
            let that_day = |calendar: &Calendar| {
                let midnight = calendar.start_of_day(at);
                of_account.iter().filter(|gone| (midnight..=at).contains(gone)).count()
            };
            if !held(&|sequence, calendar| {
                sequence.maximum_per_account().is_none_or(|most| that_day(calendar) <= most as usize)
            }) {
                broken.push(format!("{} got a {} at {at}, when its account had had enough that day.", m.email, m.kind));
            }
            last = Some(at);
        }
    }
    (gone.len() as u64, broken)
}

fn place(m: &Gone) -> Locality<'_> {
    Locality { time_zone: &m.time_zone, country: &m.country, region: &m.region }
}
