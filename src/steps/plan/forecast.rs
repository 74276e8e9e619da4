//! The whole round ahead: what has gone, what is planned, and what is still to come if nothing changes.
//!
//! Lists that are not signed yet are treated as signed now, and the contacts concerned are named. Costs the whole round, account by account:
//! a contact is remembered in some two hundred bytes and a message in forty, so that a hundred thousand contacts fit into a small machine.
//! The sequence is a parameter: a plan that is only thought of is forecast beside the one that runs.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::calendar::Calendar;
use crate::rules::plan::{Left, Reason, Sequence};
use crate::rules::sending::outbox::{MessageKind, MessageState};
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;

use self::reading::Reading;

mod collect;
pub(in crate::steps) mod figures;
mod lines;
mod reading;
mod summary;

pub use self::figures::{DayAhead, Figures, MessageAhead, figures};
pub use self::lines::{Line, sentence};
pub use self::summary::{Day, Domain, Hour, LeftOver, Moved, Summary};

/// An account of the round.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: Box<str>,
    pub name: Box<str>,
    pub director: Box<str>,
    pub director_email: Box<str>,
    /// Whether the list names somebody who looks after it.
    pub managed: bool,
}

/// Where contacts are whose days and hours are the same.
#[derive(Clone, Debug)]
pub struct Place {
    /// The zone that is used, which is the round's own where the list's is not known.
    pub time_zone: Box<str>,
    /// Whether nobody knows the zone there, and the round's own stands in for it.
    pub in_rounds_time: bool,
    pub country: Box<str>,
    pub region: Box<str>,
    pub calendar: Arc<Calendar>,
}

#[derive(Clone, Debug)]
pub struct Contact {
    pub id: Box<str>,
    pub name: Box<str>,
    pub email: Box<str>,
    /// Into [`Forecast::accounts`].
    pub account: u32,
    /// Into [`Forecast::places`].
    pub place: u32,
    /// Into [`Forecast::languages`].
    pub language: u32,
    /// Not signed off; its messages are forecast as if it were signed now.
    pub as_if_signed: bool,
    /// A successor who was named when the others had their first letter.
    pub introduced: bool,
}

/// A message that went, is planned, or is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    pub at: Ts,
    /// Into [`Forecast::contacts`].
    pub contact: u32,
    pub number: u32,
    /// Into [`Forecast::reasons`].
    reason: u32,
    pub kind: MessageKind,
    /// None: not in the ledger yet.
    pub state: Option<MessageState>,
    /// Why it goes later than its touch wants it to.
    pub moved: Option<Reason>,
}

impl Message {
    /// Whether it is still to go.
    pub fn is_ahead(&self) -> bool {
        matches!(self.state, None | Some(MessageState::Planned | MessageState::Claimed | MessageState::Held))
    }

    /// Whether it reached, or will reach, somebody.
    pub fn counts(&self) -> bool {
        self.is_ahead() || self.state.is_some_and(MessageState::may_have_arrived)
    }
}

/// A round as it will go on.
#[derive(Debug, Default)]
pub struct Forecast {
    pub now: Ts,
    /// The round's own time zone.
    pub home: Box<str>,
    pub accounts: Vec<Account>,
    pub places: Vec<Place>,
    pub languages: Vec<Box<str>>,
    /// Account by account.
    pub contacts: Vec<Contact>,
    /// In order of time.
    pub messages: Vec<Message>,
    /// Touches that contacts have not had and will not have; `contact` is a place in `contacts`.
    pub left: Vec<Left>,
    /// Behind which gateway a domain is that is none by itself.
    gateways: HashMap<String, String>,
    reasons: Vec<Box<str>>,
}

/// The forecast of a round as it is now.
pub async fn plan_of(ctx: &Ctx, slug: &str) -> Result<Arc<Forecast>> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    Ok(Arc::new(ahead(ctx, &mut tx, &live, &live.sequence).await?))
}

/// The forecast of a round by this sequence, whether it is the round's own or one that is thought of.
pub async fn ahead(ctx: &Ctx, tx: &mut Tx, live: &Live, sequence: &Sequence) -> Result<Forecast> {
    ahead_at(tx, live, sequence, ctx.clock.now()).await
}

/// The same as seen at `now`: two forecasts that are compared are seen at one time, or what is due would have moved between them.
pub async fn ahead_at(tx: &mut Tx, live: &Live, sequence: &Sequence, now: Ts) -> Result<Forecast> {
    let mut forecast = in_pieces(tx, live, sequence, now, |_| {}).await?;
    forecast.in_order();
    Ok(forecast)
}

/// The forecast account by account. After each thousand contacts `look` sees what there is so far, and may take it away: what it has counted need
/// not be remembered.
pub(in crate::steps) async fn in_pieces(
    tx: &mut Tx,
    live: &Live,
    sequence: &Sequence,
    now: Ts,
    mut look: impl FnMut(&mut Forecast) + Send,
) -> Result<Forecast> {
    let mut reading = Reading::new(tx, live).await?;
    let mut collector = reading.collector(sequence, now);
    while let Some(people) = reading.next(tx).await? {
        people.add_to(tx, &mut collector).await?;
        look(&mut collector.so_far);
    }
    Ok(collector.so_far)
}

/// The round by its own sequence and by one that is thought of: after each thousand contacts `look` sees both, with the same people in the same
/// places, and then they are forgotten.
pub(in crate::steps) async fn side_by_side(
    tx: &mut Tx,
    live: &Live,
    other: &Sequence,
    now: Ts,
    mut look: impl FnMut(&Forecast, &Forecast) + Send,
) -> Result<()> {
    let mut reading = Reading::new(tx, live).await?;
    let (mut own, mut others) = (reading.collector(&live.sequence, now), reading.collector(other, now));
    while let Some(people) = reading.next(tx).await? {
        people.add_to(tx, &mut own).await?;
        people.add_to(tx, &mut others).await?;
        look(&own.so_far, &others.so_far);
        own.so_far.forget();
        others.so_far.forget();
    }
    Ok(())
}

impl Forecast {
    fn in_order(&mut self) {
        let addresses = &self.contacts;
        let address = |m: &Message| addresses.get(m.contact as usize).map(|c| &c.email);
        self.messages
            .sort_unstable_by(|a, b| (a.at, address(a), a.kind, a.number).cmp(&(b.at, address(b), b.kind, b.number)));
        self.messages.shrink_to_fit();
    }

    /// Forgets whom it was about. Places, languages and reasons are few, and keep their numbers.
    pub(in crate::steps) fn forget(&mut self) {
        self.accounts.clear();
        self.contacts.clear();
        self.messages.clear();
        self.left.clear();
    }
}
