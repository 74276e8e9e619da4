//! What an operator does to many contacts at one press. It is what is done to one of them on his own page or in the outbox, done to each who
//! may have it done to him; who may not is left and told with the reason (`rules::contacts::bulk`).
//!
//! A press goes in pieces of [`AT_ONCE`], each one order and one transaction, so that nobody waits for the whole. Whoever presses again goes
//! on where it stopped, and does nothing twice: what became of each is kept under the id that the form brought along.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, BulkId, ContactId, MessageId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::bulk::{Act, Facts, Next, WhyNot, may};
use crate::rules::journal::Actor;
use crate::rules::message::MessageState;
use crate::rules::round::RoundState;
use crate::steps::completion::told;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::plan::facts::facts_of_person;
use crate::steps::sending::outbox::{MessageAction, act_on};
use crate::steps::signoff::names::editing::{self, Edit};
use crate::steps::signoff::signing::standing::update_standing;
use crate::steps::typed::{fitting, required};
use crate::store::Tx;
use crate::store::contacts::bulk::{self as store, Ahead, Became, Bulk, SetBy};
use crate::store::contacts::{self, Person};
use crate::store::sending::outbox;

use super::opt_out::{Length, take};

/// As many contacts as go in one transaction.
pub const AT_ONCE: usize = 1_000;

/// As many as can be chosen at once.
pub const MOST: usize = 5_000;

/// One of those who were chosen.
pub struct Looked {
    pub person: Person,
    /// Why it would not be done to him; none where it would.
    pub why: Option<WhyNot>,
    /// The message that is held, released or tried again.
    message: Option<MessageId>,
    /// Since when that message stands as it does; or the name is off the list, where none is meant.
    stands_since: Option<Ts>,
}

impl Looked {
    /// Whether what a press has set still stands as that press has set it.
    fn is_as_set(&self, by: &SetBy) -> bool {
        self.message == by.message_id && self.stands_since.is_some() && self.stands_since == by.set_at
    }
}

/// To whom it would be done now, and to whom not and why; by id. Changes nothing. Who cannot be read or is of another round is not among
/// them. Costs those who are asked about.
pub async fn look(tx: &mut Tx, live: &Live, act: Act, people: &[ContactId]) -> Result<Vec<Looked>> {
    let mut all = Vec::with_capacity(people.len());
    for some in people.chunks(AT_ONCE) {
        let ids: Vec<&ContactId> = some.iter().collect();
        let found = contacts::persons(tx, &ids).await?.into_iter().filter(|p| p.round_id == live.id);
        let messages = store::messages(tx, &ids).await?;
        let mut of_each: HashMap<&ContactId, &[Ahead]> = HashMap::new();
        for own in messages.chunk_by(|a, b| a.contact_id == b.contact_id) {
            of_each.extend(own.first().map(|first| (&first.contact_id, own)));
        }
        all.extend(found.map(|person| {
            let own = of_each.get(&person.id).copied().unwrap_or_default();
            let why = may(act, &facts(&told::person(live, person.clone()), own)).err();
            let meant = about(act, own);
            let stands_since = meant.map_or(person.removed_at, |m| m.settled_at);
            Looked { person, why, message: meant.map(|m| m.id.clone()), stands_since }
        }));
    }
    Ok(all)
}

fn facts(p: &Person, messages: &[Ahead]) -> Facts {
    let any = |states: &[MessageState]| messages.iter().any(|m| states.contains(&m.state));
    let next = if any(&[MessageState::Held]) {
        Next::Held
    } else if any(&[MessageState::Planned, MessageState::Claimed]) {
        Next::Planned
    } else if any(&[MessageState::Sending]) {
        Next::Leaving
    } else {
        Next::None
    };
    let again = about(Act::TryAgain, messages);
    Facts {
        removed: p.removed_at.is_some(),
        completed: p.completed_at.is_some(),
        opted_out: p.opted_out_at.is_some(),
        objected: p.objected_at.is_some(),
        left: p.left_at.is_some() || p.gone_at.is_some(),
        undeliverable: p.undeliverable_at.is_some(),
        next,
        failed: again.is_some(),
        forbidden: again.and_then(|m| facts_of_person(p).forbids_kind(m.kind)),
    }
}

/// Which message of somebody is meant.
fn about(act: Act, messages: &[Ahead]) -> Option<&Ahead> {
    let first = |states: &[MessageState]| messages.iter().find(|m| states.contains(&m.state));
    match act {
        Act::Pause => first(&[MessageState::Planned, MessageState::Claimed]),
        Act::Resume => first(&[MessageState::Held]),
        Act::TryAgain => {
            let ahead = [MessageState::Planned, MessageState::Claimed, MessageState::Held];
            messages.iter().rfind(|m| !ahead.contains(&m.state)).filter(|m| m.state == MessageState::Failed)
        }
        Act::OptOut | Act::NeverAgain | Act::Remove | Act::PutBack => None,
    }
}

/// A press, whole.
#[derive(Clone, Debug)]
pub struct Press {
    /// Drawn when the page was made that asked whether to do it.
    pub id: BulkId,
    pub slug: String,
    pub act: Act,
    /// Empty where none is asked for.
    pub reason: String,
    pub people: Vec<ContactId>,
    /// The press that it takes back.
    pub undoes: Option<BulkId>,
}

/// Does it to all who were chosen, piece by piece.
pub async fn press(ctx: &Ctx, by: &Actor, press: Press) -> Result<()> {
    if press.people.is_empty() {
        return Err(Problem::unusable("Nobody is chosen.", "Tick people on the list first."));
    }
    if press.people.len() > MOST {
        let what = format!("{} people are chosen; {MOST} can be at once.", press.people.len());
        return Err(Problem::unusable(what, "Narrow the list down, and do it in parts."));
    }
    let chosen = press.people.len() as i64;
    for people in press.people.chunks(AT_ONCE) {
        let (people, press) = (people.to_vec(), Press { people: Vec::new(), ..press.clone() });
        ctx.order(by, ActOnMany { press, chosen, people }).await?;
    }
    Ok(())
}

/// Takes a press back: the same people, as far as it was done to them and what it has set still stands. The id under which it is kept.
pub async fn undo(ctx: &Ctx, by: &Actor, slug: &str, id: &BulkId) -> Result<BulkId> {
    let (done, people, undone) = {
        let mut tx = ctx.db.read().await?;
        let done = store::by_id(&mut tx, id).await?;
        (done, store::done_to(&mut tx, id).await?, store::undone_by(&mut tx, id).await?)
    };
    if let Some(undone) = undone {
        return Ok(undone.id);
    }
    let act = done.as_ref().and_then(|done| Act::parse(&done.act)).and_then(Act::undone_by);
    let act = act.ok_or_else(|| Problem::refused("This cannot be undone.", "Look at each contact's own page."))?;
    let own = Press {
        id: ctx.ids.id(ctx.clock.now()),
        slug: slug.into(),
        act,
        reason: String::new(),
        people,
        undoes: Some(id.clone()),
    };
    let own_id = own.id.clone();
    press(ctx, by, own).await?;
    Ok(own_id)
}

/// One piece of a press; `people` are at most [`AT_ONCE`].
struct ActOnMany {
    press: Press,
    /// How many were chosen in all.
    chosen: i64,
    people: Vec<ContactId>,
}

impl Order for ActOnMany {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let ActOnMany { press, chosen, people } = self;
        let live = ctx.live_by_slug(tx, &press.slug).await?;
        if live.state == RoundState::Closed {
            return Err(Problem::refused("This round is closed.", "Nothing of it can be changed any more."));
        }
        if matches!(press.act, Act::Pause | Act::Resume | Act::TryAgain | Act::OptOut) {
            tx.in_round(&live.id);
        }
        let reason = match press.act.asks_why() {
            Some(_) => required(&fitting("The reason", &press.reason)?, "Say it in a few words.")?,
            None => String::new(),
        };
        let bulk = Bulk {
            id: press.id.clone(),
            round_id: live.id.clone(),
            act: press.act.as_str().into(),
            reason: reason.clone(),
            chosen,
            by_whom: by.into(),
            at: ctx.clock.now(),
            undoes: press.undoes.clone(),
        };
        if !store::begin(tx, &bulk).await? {
            let known = store::by_id(tx, &press.id).await?;
            let same = |b: &Bulk| b.round_id == live.id && b.act == bulk.act && by.is(&b.by_whom);
            if known.is_none_or(|known| !same(&known)) {
                return Err(Problem::refused("This was done already.", "Reload the page to see what became of it."));
            }
        }
        let through: BTreeSet<ContactId> = store::noted(tx, &press.id, &people).await?.into_iter().collect();
        let people: Vec<ContactId> = people.into_iter().filter(|id| !through.contains(id)).collect();
        let set: Option<HashMap<ContactId, SetBy>> = match &press.undoes {
            Some(undone) => {
                let set = store::set_by(tx, undone, &people).await?;
                Some(set.into_iter().map(|set| (set.contact_id.clone(), set)).collect())
            }
            None => None,
        };
        let each = do_to(ctx, tx, (&*live, by), (press.act, reason.as_str()), &people, set.as_ref()).await?;
        store::note(tx, &press.id, &each).await
    }
}

/// Does it to each who may have it done to him; what became of all who were asked about. `set`: where a press is taken back, what it has
/// set; of whom it is no more as it was set, somebody else has the last word.
async fn do_to(
    ctx: &Ctx,
    tx: &mut Tx,
    (live, by): (&Live, &Actor),
    (act, reason): (Act, &str),
    people: &[ContactId],
    set: Option<&HashMap<ContactId, SetBy>>,
) -> Result<Vec<Became>> {
    let mut became: BTreeMap<ContactId, (Option<WhyNot>, Option<MessageId>)> =
        people.iter().map(|id| (id.clone(), (Some(WhyNot::Unknown), None))).collect();
    let mut accounts: BTreeSet<AccountId> = BTreeSet::new();
    for looked in look(tx, live, act, people).await? {
        let is_as_set = set.is_none_or(|set| set.get(&looked.person.id).is_some_and(|set| looked.is_as_set(set)));
        let why = match looked.why {
            Some(why) => Some(why),
            None if !is_as_set => Some(WhyNot::SetAgain),
            None => do_to_one(ctx, tx, by, (act, reason), &looked).await?,
        };
        if why.is_none() && act.changes_names() {
            accounts.insert(looked.person.account_id.clone());
        }
        became.insert(looked.person.id, (why, looked.message));
    }
    for account in &accounts {
        update_standing(ctx, tx, account).await?;
    }
    let became = became.into_iter();
    Ok(became.map(|(contact, (why, message))| Became { contact, why: why.map(WhyNot::as_str), message }).collect())
}

/// Why it could not be done after all; none where it was.
async fn do_to_one(
    ctx: &Ctx,
    tx: &mut Tx,
    by: &Actor,
    (act, reason): (Act, &str),
    looked: &Looked,
) -> Result<Option<WhyNot>> {
    let p = &looked.person;
    let (action, otherwise) = match act {
        Act::OptOut => return take(ctx, tx, p, Length::ThisRound, by, reason).await.map(|()| None),
        Act::NeverAgain => return take(ctx, tx, p, Length::NeverAgain, by, reason).await.map(|()| None),
        Act::Remove => {
            let edit = Edit::Remove { reason: reason.into() };
            return editing::apply(ctx, tx, by, p, edit).await.map(|()| None);
        }
        // What is refused is refused before anything of his is written.
        Act::PutBack => {
            return match editing::apply(ctx, tx, by, p, Edit::PutBack).await {
                Ok(()) => Ok(None),
                Err(problem) if problem.kind.is_ours() => Err(problem),
                Err(_) => Ok(Some(WhyNot::AddressTaken)),
            };
        }
        Act::Pause => (MessageAction::Hold, WhyNot::Leaving),
        Act::Resume => (MessageAction::Release, WhyNot::NotPaused),
        Act::TryAgain => (MessageAction::Retry, WhyNot::NothingFailed),
    };
    let message = match &looked.message {
        Some(id) => outbox::by_id(tx, id).await?,
        None => None,
    };
    let Some(message) = message else { return Ok(Some(otherwise)) };
    Ok(if act_on(ctx, tx, by, &message, action).await? { None } else { Some(otherwise) })
}
