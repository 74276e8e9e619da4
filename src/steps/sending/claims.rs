//! Taking messages that are due: claimed in one transaction in which the rules decide, of each, whether it still goes.
//!
//! What may not go yet is put off with its reason, what may not go at all is withdrawn with its reason; only what may go now is returned.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::base::clock::{HOUR, MINUTE, Ts};
use crate::base::ids::{AccountId, CodeId, ContactId, DeskActId, MessageId};
use crate::base::problem::{Problem, Result};
use crate::rules::alarm::{AlarmEvent, alarm_of};
use crate::rules::journal::Actor;
use crate::rules::message::{Lane, MessageKind, MessageState};
use crate::rules::plan::{Facts, Reason};
use crate::rules::replies::desk::Amiss;
use crate::rules::sending::outbox::{Claim, decide, look_again_at, plans_anew, still_in_time};
use crate::rules::sending::reason::MessageReason;
use crate::rules::signoff::human_step::is_over;
use crate::steps::completion::weekly;
use crate::steps::contacts::objections;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::duties::failures::{ROW_REST, Reach};
use crate::steps::plan::facts::{elsewhere, facts_of_person};
use crate::steps::replies::desk::amiss::has_not_arrived;
use crate::store::Tx;
use crate::store::alarm;
use crate::store::contacts::{self, Person};
use crate::store::installation::operators;
use crate::store::plan::limits as store;
use crate::store::replies::{self, desk};
use crate::store::sending::claim::{self, Claimed, DecidedOn, Fence, Settlement};
use crate::store::sending::due;
use crate::store::signoff::codes;

use super::fence::fence;
use super::pace::turns::Turns;
use super::trouble::holds::{Holds, look_at_trials};

/// A message that may go now, with all that it is made of.
pub(crate) struct ReadyMessage {
    pub claimed: Claimed,
    pub fence: Fence,
    pub decided_on: DecidedOn,
    pub decided_at: Ts,
    pub live: Option<Arc<Live>>,
    pub person: Option<Person>,
}

/// Claims up to `limit` due messages from the first lane that has any: mail of the system, then the running rounds.
pub(super) async fn take(ctx: &Ctx, limit: i64, lease_until: Ts) -> Result<Vec<ReadyMessage>> {
    if ctx.is_stopping() || ctx.outbound.as_ref().is_some_and(|outbound| !outbound.can_be_written(ctx)) {
        return Ok(Vec::new());
    }
    // What a damaged file says of anybody is not to be believed.
    if ctx.db.damage().is_some() {
        return Ok(Vec::new());
    }
    look_at_trials(ctx).await?;
    let sender = ctx.outbound.as_ref().map_or("", |outbound| &outbound.instance);
    let lanes = {
        let mut tx = ctx.db.read().await?;
        let mut lanes = Vec::new();
        for due in due::lanes(&mut tx, sender, ctx.clock.now()).await? {
            match (due.lane.round(), &due.slug, due.version) {
                (Some(id), Some(slug), Some(version)) => match ctx.live_known(&mut tx, id, slug, version).await {
                    Ok(live) => lanes.push(Some(live)),
                    // The other rounds go on; this one waits until somebody has repaired it.
                    unread => _ = ctx.alone(Reach::Round, &format!("round {slug}: sending"), unread)?,
                },
                _ => lanes.push(None),
            }
        }
        lanes
    };
    for live in lanes {
        let name =
            live.as_ref().map_or("mail of the system: sending".to_string(), |l| format!("round {}: sending", l.slug));
        // A lane of which every message is put off or withdrawn is asked again until it gives something or is empty.
        loop {
            let claim = ClaimMessages { live: live.clone(), limit, lease_until };
            let done = ctx.order(&Actor::Program, claim).await;
            // The other lanes go on; this one is asked again with the next claim.
            let Some((claimed, taken)) = ctx.alone(Reach::Round, &name, done)? else { break };
            if !taken.is_empty() {
                return Ok(taken);
            }
            if claimed == 0 {
                break;
            }
        }
    }
    Ok(Vec::new())
}

impl ReadyMessage {
    /// Whether the clock still says what the decision rested on.
    pub fn still_in_time(&self, now: Ts) -> bool {
        let (Some(live), Some(person)) = (&self.live, &self.person) else { return true };
        let (kind, number) = (self.claimed.kind, self.claimed.number as u32);
        still_in_time(&live.sequence, kind, number, &facts_of_person(person), self.decided_at, now)
    }
}

/// Claims what is due in one lane, and decides of each whether it goes. How many were claimed, and those that go.
struct ClaimMessages {
    /// None: mail of the system.
    live: Option<Arc<Live>>,
    limit: i64,
    lease_until: Ts,
}

impl Order for ClaimMessages {
    type Done = (usize, Vec<ReadyMessage>);
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<(usize, Vec<ReadyMessage>)> {
        let ClaimMessages { live, limit, lease_until } = self;
        let now = ctx.clock.now();
        let lane = live.as_ref().map_or(Lane::System, |l| l.lane());
        let mut holds = Holds::begin(tx, now).await?;
        let limit = holds.most(&lane, limit);
        if limit == 0 {
            return Ok((0, Vec::new()));
        }
        if let Some(live) = &live {
            tx.in_round(&live.id);
        }
        let found = claim::claim(tx, &lane, now, &ctx.owner, lease_until, limit).await?;
        let (claimed, unreadable) = ctx.readable("message", found);
        if !unreadable.is_empty() {
            let unreadable: Vec<MessageId> = unreadable.iter().cloned().map(Into::into).collect();
            let ids: Vec<&MessageId> = unreadable.iter().collect();
            claim::unreadable(tx, &ids, &ctx.owner, now.plus(ROW_REST)).await?;
        }
        holds.look_up(tx, &claimed).await?;
        let count = claimed.len() + unreadable.len();
        let mut taken = Vec::with_capacity(count);
        let ids: Vec<&ContactId> = claimed.iter().filter_map(|m| m.contact_id.as_ref()).collect();
        let mut people: HashMap<ContactId, Person> = HashMap::new();
        if !ids.is_empty() {
            people.extend(contacts::persons(tx, &ids).await?.into_iter().map(|p| (p.id.clone(), p)));
        }
        // One message to a contact at a time: the next one is decided when that one is settled, and the gap counts from it.
        let mut limits = Limits::read(tx, live.as_deref(), &claimed, &people, now).await?;
        let mut pace = Turns::begin(ctx, tx, live.as_ref(), &claimed, &people).await?;
        let mut busy = if people.is_empty() { HashSet::new() } else { claim::in_other_hands(tx, &claimed).await? };
        for claimed in claimed {
            let fence = fence(ctx, &claimed.id, claimed.attempt);
            let person = claimed.contact_id.as_ref().and_then(|contact| people.get(contact)).cloned();
            let decided_on = DecidedOn {
                contact_version: person.as_ref().map_or(0, |p| p.version),
                round_version: live.as_ref().map_or(0, |l| l.version),
            };
            if let Some(why) = of_no_use(ctx, tx, live.as_deref(), &claimed).await? {
                let said = why.sentence();
                claim::settle(tx, &[withdrawn(fence, why)], now).await?;
                let what = (claimed.kind, claimed.subject_id.as_str());
                has_not_arrived(ctx, tx, what, Amiss::NotSent, &said).await?;
                continue;
            }
            let decision = match (&live, &person) {
                (Some(_), Some(person)) if !busy.insert(person.id.clone()) => {
                    Claim::Later { at: now.plus(MINUTE), why: Reason::AlreadyPlanned }
                }
                // Whoever reads the old mailbox gets nothing more, and no link of now.
                (Some(_), Some(person)) if !person.has_address(&claimed.to_email) => {
                    Claim::Withdraw { why: Reason::AddressCorrected }
                }
                (Some(live), Some(person)) => {
                    let mut facts = facts_beside(tx, person, &claimed).await?;
                    limits.fill(live, &mut facts, &person.id, now);
                    decide(&live.sequence, claimed.kind, claimed.number as u32, &facts, now)
                }
                // Nothing goes to somebody of whom nothing can be read: neither an opt-out nor a signature.
                (_, None) if let Some(contact) = &claimed.contact_id => {
                    let why = Problem::internal("The row of this contact cannot be read, so nothing is sent there.");
                    ctx.failed(&format!("contact {contact}"), &why, Reach::Piece);
                    Claim::Later { at: now.plus(ROW_REST), why: Reason::Unreadable }
                }
                _ => Claim::Go,
            };
            match decision {
                Claim::Go if !holds.allows(&claimed, &fence) => {}
                Claim::Go if pace.as_mut().is_some_and(|pace| !pace.allows(&claimed, &people, &fence)) => {}
                Claim::Go => {
                    limits.goes(person.as_ref());
                    holds.goes(&claimed);
                    taken.push(ReadyMessage {
                        claimed,
                        fence,
                        decided_on,
                        decided_at: now,
                        live: live.clone(),
                        person,
                    });
                }
                Claim::Later { at, why } => {
                    claim::release(tx, &fence, at.max(now.plus(1)), &why.into()).await?;
                    if let Some(person) = person.as_ref().filter(|_| plans_anew(why)) {
                        claim::look_again(tx, &person.id, now).await?;
                    }
                }
                Claim::Withdraw { why } => {
                    claim::settle(tx, &[withdrawn(fence, why.into())], now).await?;
                    if let (Some(live), Some(person)) = (&live, &person) {
                        let at = look_again_at(&live.sequence, &facts_of_person(person), why, now);
                        claim::look_again(tx, &person.id, at).await?;
                    }
                }
            }
        }
        // What is known of gateways and incidents is of no round.
        tx.in_any_round();
        if let Some(pace) = pace {
            pace.finish(tx).await?;
        }
        holds.finish(tx).await?;
        Ok((count, taken))
    }
}

fn withdrawn(fence: Fence, reason: MessageReason) -> Settlement {
    Settlement { fence, state: MessageState::Withdrawn, due_at: None, reason, answer: String::new() }
}

/// A code that is good no longer is not sent late; nor an alarm that is over; nor an alarm or a test letter to whoever is no operator any
/// more; nor an answer to somebody who has asked meanwhile not to be written to; nor a weekly list to whoever has no part any more, or
/// beside a later one.
async fn of_no_use(ctx: &Ctx, tx: &mut Tx, live: Option<&Live>, claimed: &Claimed) -> Result<Option<MessageReason>> {
    match claimed.kind {
        MessageKind::Digest => match live {
            Some(live) => weekly::of_no_use(ctx, tx, live, claimed).await,
            None => Ok(None),
        },
        MessageKind::SignCode => {
            let code = codes::by_id(tx, &CodeId::from(claimed.subject_id.as_str())).await?;
            Ok(code.is_none_or(|code| is_over(code.sent_at, ctx.clock.now())).then_some(MessageReason::CodeOver))
        }
        MessageKind::TestLetter => {
            let operator = operators::by_email(tx, &claimed.to_email).await?;
            Ok(operator.is_none().then_some(MessageReason::NoOperator))
        }
        MessageKind::Alarm => {
            if operators::by_email(tx, &claimed.to_email).await?.is_none() {
                return Ok(Some(MessageReason::NoOperator));
            }
            let ended =
                alarm::by_id(tx, &alarm_of(&claimed.subject_id)).await?.is_none_or(|alarm| alarm.ended_at.is_some());
            let begins = claimed.number == AlarmEvent::Raised.number();
            Ok((ended && begins).then_some(MessageReason::AlarmOver))
        }
        MessageKind::DeskAnswer => {
            let Some(act) = desk::by_id(tx, &DeskActId::from(claimed.subject_id.as_str())).await? else {
                return Ok(Some(Reason::OptedOut.into()));
            };
            let round = replies::by_id(tx, &act.reply_id).await?.and_then(|mail| mail.round_id);
            let unwanted = match &round {
                Some(round) => objections::wants_no_mail(tx, round, &claimed.to_email).await?,
                None => true,
            };
            Ok(unwanted.then(|| Reason::OptedOut.into()))
        }
        _ => Ok(None),
    }
}

/// What the limits beyond one contact count, read once for a batch of claims.
#[derive(Default)]
struct Limits {
    elsewhere: HashMap<ContactId, Ts>,
    /// By account: what left lately, and what is being sent or goes with this batch (no instant).
    gone: HashMap<AccountId, Vec<Option<Ts>>>,
}

impl Limits {
    async fn read(
        tx: &mut Tx,
        live: Option<&Live>,
        claimed: &[Claimed],
        people: &HashMap<ContactId, Person>,
        now: Ts,
    ) -> Result<Limits> {
        let mut limits = Limits::default();
        let Some(live) = live.filter(|_| !people.is_empty()) else { return Ok(limits) };
        let had = people.values().map(|p| (&p.id, p.sent_count));
        limits.elsewhere = elsewhere(tx, &live.sequence, had, now).await?;
        if live.sequence.maximum_per_account().is_some() {
            let ours: HashSet<&MessageId> = claimed.iter().map(|m| &m.id).collect();
            let accounts: HashSet<&AccountId> = people.values().map(|p| &p.account_id).collect();
            let accounts: Vec<&AccountId> = accounts.into_iter().collect();
            // No day has more hours, wherever it is.
            for m in store::gone_to_accounts(tx, &accounts, now.plus(-26 * HOUR)).await? {
                if !ours.contains(&m.message_id) {
                    limits.gone.entry(m.account_id).or_default().push(m.at);
                }
            }
        }
        Ok(limits)
    }

    fn fill(&self, live: &Live, facts: &mut Facts, contact: &ContactId, now: Ts) {
        facts.elsewhere_at = self.elsewhere.get(contact).copied();
        if let Some(gone) = self.gone.get(&facts.account) {
            let today = live.sequence.calendar(facts.locality()).start_of_day(now);
            facts.account_today = gone.iter().filter(|at| at.is_none_or(|at| at >= today)).count() as u32;
        }
    }

    fn goes(&mut self, person: Option<&Person>) {
        if let Some(person) = person {
            self.gone.entry(person.account_id.clone()).or_default().push(None);
        }
    }
}

/// The facts for the decision. A repeat out of doubt must not be in its own way: it is judged by the other messages.
async fn facts_beside(tx: &mut Tx, person: &Person, claimed: &Claimed) -> Result<Facts> {
    let mut facts = facts_of_person(person);
    if claimed.doubted_at.is_some() {
        let others = claim::sent_beside(tx, &person.id, &claimed.id).await?;
        facts.last_sent_at = others.last_sent_at;
        facts.sent_count = others.sent.max(0) as u32;
    }
    Ok(facts)
}
