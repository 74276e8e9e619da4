//! Compares a journal with the database, and settles in the ledger what only the journal knows.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use tracing::{error, warn};

use crate::base::address::EmailAddress;
use crate::base::counted::counted;
use crate::base::ids::{ContactId, HoldId, MessageId};
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::message::{Lane, MessageKind, MessageState};
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::sending::claim::{self, Reached};
use crate::store::sending::outbox::{self, NewMessage};
use crate::store::sending::senders;
use crate::store::{Tx, contacts};

use super::against::{self, is_known};
use super::folder::Keeper;
use super::records::{self, Became, Dot, Gone, Record, unreadable};

/// As many are settled in one transaction.
const BATCH: usize = 200;
/// As many are named with what holds sending; the journal of the console has all of them.
const NAMED: usize = 500;

/// A message that only the journal knows about, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    pub to: String,
    pub kind: String,
    /// Milliseconds since 1970.
    pub at: i64,
    /// "sent", "in doubt", "refused", or "not in this database".
    pub became: String,
}

/// At the start of a daemon. Returns the number of the last group.
pub(super) async fn at_the_start(ctx: &Ctx, path: &Path, instance: &str, keeper: &Keeper) -> Result<i64> {
    let lost = if against::ended_well(path)? { Vec::new() } else { against::unknown(ctx, path).await? };
    let known = senders::all(&mut ctx.db.read().await?).await?;
    let marked = |name: &str| known.iter().find(|s| s.instance == name).map(|s| s.marked);
    match keeper {
        Keeper::Known(_) => {
            let here = marked(instance);
            let (mut gone, last) = beyond(path, here.unwrap_or(0))?;
            add(&mut gone, lost);
            if !gone.is_empty() {
                return settle_and_hold(ctx, instance, gone, last).await;
            }
            register(ctx, instance, last).await?;
            if here.is_none() && !known.is_empty() {
                hold_newcomer(ctx, instance).await?;
            }
            Ok(last)
        }
        Keeper::CopyOf(other) => {
            let (mut gone, last) = beyond(path, marked(other).unwrap_or(0))?;
            add(&mut gone, lost);
            if !gone.is_empty() {
                return settle_and_hold(ctx, instance, gone, last).await;
            }
            register(ctx, instance, last).await?;
            hold_newcomer(ctx, instance).await?;
            Ok(last)
        }
        Keeper::Nobody => {
            register(ctx, instance, 0).await?;
            if !known.is_empty() {
                hold_newcomer(ctx, instance).await?;
            }
            Ok(0)
        }
    }
}

fn add(gone: &mut Vec<Gone>, lost: Vec<Gone>) {
    let named: HashSet<(MessageId, i64)> = gone.iter().map(|g| (g.dot.dot.clone(), g.dot.n)).collect();
    gone.extend(lost.into_iter().filter(|g| !named.contains(&(g.dot.dot.clone(), g.dot.n))));
}

/// In a running daemon whose database has gone back behind what it had committed.
pub(super) async fn behind(ctx: &Ctx, path: &Path, instance: &str, marked: i64, tried: i64) -> Result<i64> {
    let (gone, last) = beyond(path, marked)?;
    settle_and_hold(ctx, instance, gone, last.max(tried)).await
}

async fn register(ctx: &Ctx, instance: &str, marked: i64) -> Result<()> {
    ctx.order(&Actor::Program, RegisterSender { instance: instance.into(), marked }).await
}

/// Enters this sender, with the number of its last group.
struct RegisterSender {
    instance: String,
    marked: i64,
}

impl Order for RegisterSender {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        senders::register(tx, &self.instance, self.marked, ctx.clock.now()).await
    }
}

async fn hold_newcomer(ctx: &Ctx, instance: &str) -> Result<()> {
    warn!("sending is held: this database has been sent from elsewhere; see the console's page /sending");
    let hold = senders::Hold {
        id: ctx.ids.id(ctx.clock.now()),
        instance: instance.into(),
        why: "This database has been sent from before, but not from here. It may be a copy or a restored backup, and whoever sent \
              from it may have written to people since. If it is the only one in use, go on."
            .into(),
        messages: "[]".into(),
        at: ctx.clock.now(),
    };
    ctx.order(&Actor::Program, HoldSending { hold }).await
}

/// Nothing more is sent until somebody has confirmed it.
struct HoldSending {
    hold: senders::Hold,
}

impl Order for HoldSending {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        senders::hold(tx, &self.hold).await
    }
}

/// Dots after the group `marked` that may have been written, in order, and the number of the last group.
fn beyond(path: &Path, marked: i64) -> Result<(Vec<Gone>, i64)> {
    let unreadable = |e: std::io::Error| unreadable(path, &e);
    let files = records::files(path).map_err(unreadable)?;
    let (mut dots, mut answers) = (Vec::<Dot>::new(), HashMap::new());
    let (mut went, mut last) = (HashSet::new(), marked);
    for (_, file) in files.iter().rev() {
        let mut reaches_back = false;
        let mut of_this_file = Vec::new();
        let damaged = records::read(file, |record| match record {
            Record::Dot(dot) => {
                last = last.max(dot.group as i64);
                if dot.group as i64 > marked {
                    of_this_file.push(dot);
                } else {
                    reaches_back = true;
                }
            }
            Record::Go { go } => {
                if go as i64 > marked {
                    went.insert(go);
                } else {
                    reaches_back = true;
                }
            }
            Record::Answered(answered) => _ = answers.insert((answered.answered.clone(), answered.n), answered),
            Record::Opened { .. } | Record::Closed { .. } => {}
        })
        .map_err(unreadable)?;
        if damaged > 0 {
            error!(lines = damaged, "{} has lines that cannot be read", file.display());
        }
        of_this_file.append(&mut dots);
        dots = of_this_file;
        if reaches_back {
            break;
        }
    }
    let gone = dots.into_iter().filter_map(|dot| {
        let answer = answers.remove(&(dot.dot.clone(), dot.n));
        (went.contains(&dot.group) || answer.is_some()).then_some(Gone { dot, answer })
    });
    Ok((gone.collect(), last))
}

/// First nothing more is sent; then the ledger is told, then the count of groups agrees again.
async fn settle_and_hold(ctx: &Ctx, instance: &str, gone: Vec<Gone>, last: i64) -> Result<i64> {
    let hold = senders::Hold {
        id: ctx.ids.id(ctx.clock.now()),
        instance: String::new(),
        why: format!(
            "The database does not know what has left: {} missing in it. It was restored \
             from a backup, or a replica that lacked the last commits took over. The messages are settled now as the journal says; answers, \
             opt-outs and changes of that time are lost unless you enter them again.",
            counted(
                gone.len(),
                "message that is in the outbound journal is",
                "messages that are in the outbound journal are"
            )
        ),
        messages: "[]".into(),
        at: ctx.clock.now(),
    };
    error!(
        messages = gone.len(),
        "sending is held: the database lacks what the outbound journal has; see the console's page /sending"
    );
    let id = hold.id.clone();
    ctx.order(&Actor::Program, HoldSending { hold }).await?;
    let mut named = Vec::new();
    let mut rest = gone.into_iter().peekable();
    while rest.peek().is_some() {
        let batch: Vec<Gone> = rest.by_ref().take(BATCH).collect();
        let lost = ctx.order(&Actor::Program, SettleAsJournalled { batch }).await?;
        let room = NAMED.saturating_sub(named.len());
        named.extend(lost.into_iter().take(room));
    }
    let messages = serde_json::to_string(&named)
        .map_err(|e| Problem::internal("A list of messages could not be written as JSON.").because(e))?;
    ctx.order(&Actor::Program, NameLostMessages { hold: id, messages, instance: instance.into(), last }).await?;
    Ok(last)
}

/// Tells the ledger what the journal says of these. Those that it did not know.
struct SettleAsJournalled {
    batch: Vec<Gone>,
}

impl Order for SettleAsJournalled {
    type Done = Vec<Lost>;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Vec<Lost>> {
        let mut lost = Vec::new();
        for gone in &self.batch {
            lost.extend(settle(ctx, tx, gone).await?);
        }
        Ok(lost)
    }
}

/// Names, with the hold, what was lost; the count of groups agrees again.
struct NameLostMessages {
    hold: HoldId,
    messages: String,
    instance: String,
    last: i64,
}

impl Order for NameLostMessages {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        senders::name_messages(tx, &self.hold, &self.messages).await?;
        senders::register(tx, &self.instance, self.last, ctx.clock.now()).await
    }
}

/// What the ledger is told about one message; none when it knows, or when the server had put the message off.
async fn settle(ctx: &Ctx, tx: &mut Tx, gone: &Gone) -> Result<Option<Lost>> {
    let Gone { dot, answer } = gone;
    let (state, became) = match answer.as_ref().map(|a| a.became) {
        Some(Became::Deferred | Became::NotSent) => return Ok(None),
        Some(Became::Sent) => (MessageState::Sent, "sent"),
        Some(Became::Refused) => (MessageState::Failed, "refused"),
        Some(Became::InDoubt) | None => (MessageState::InDoubt, "in doubt"),
    };
    let mut parts = dot.key.split('/');
    let (Some(lane), Some(recipient), Some(kind)) = (parts.next(), parts.next(), parts.next()) else { return Ok(None) };
    let kind_name = MessageKind::parse(kind).map_or(kind, |k| k.label()).to_string();
    let lost = |became: &str| Lost { to: dot.to.clone(), kind: kind_name.clone(), at: dot.at, became: became.into() };
    let number = parts.next().and_then(|n| n.parse().ok());
    if outbox::by_key(tx, &dot.key).await?.is_none() && !insert(ctx, tx, dot, (lane, recipient, kind), number).await? {
        return Ok(Some(lost("not in this database")));
    }
    let said = answer.as_ref().map_or("", |a| a.said.as_str());
    if !senders::settle_as_journalled(tx, &dot.key, dot.n, state, said, dot.at()).await? {
        return Ok(None);
    }
    let row = outbox::by_key(tx, &dot.key).await?;
    let contact = row.and_then(|m| m.contact_id);
    if let Some(contact) = contact.as_ref().filter(|_| state != MessageState::Failed) {
        let invited = i64::from(kind == MessageKind::Invitation.as_str());
        claim::note_sent(tx, &[Reached { contact: contact.clone(), invited }], ctx.clock.now()).await?;
    }
    let lane = Lane::parse(lane);
    let subject = contact.as_ref().map_or(dot.dot.as_str(), ContactId::as_str);
    ctx.journal(
        tx,
        &Actor::Program,
        Action::WasInOutboundJournalOnly,
        lane.round(),
        subject,
        &format!("{kind_name}, {became}"),
    )
    .await?;
    Ok(Some(lost(became)))
}

/// A row that the database has lost altogether, where it knows round and person. Under its old id, so that a repeat has the same
/// Message-ID.
async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    dot: &Dot,
    (lane, recipient, kind): (&str, &str, &str),
    number: Option<i64>,
) -> Result<bool> {
    let (Some(kind), Some(number), Ok(to)) = (MessageKind::parse(kind), number, EmailAddress::parse(&dot.to)) else {
        return Ok(false);
    };
    let person = contacts::person(tx, &ContactId::from(recipient)).await?;
    if !is_known(tx, &dot.key).await? {
        return Ok(false);
    }
    let new = NewMessage {
        id: dot.dot.clone(),
        key: dot.key.clone(),
        lane: Lane::parse(lane),
        contact_id: person.as_ref().map(|p| p.id.clone()),
        subject_id: recipient.into(),
        kind,
        number,
        to_name: person.map(|p| p.full_name()).unwrap_or_default(),
        to,
        planned_for: dot.at(),
        due_at: dot.at(),
    };
    outbox::enqueue(tx, &new, ctx.clock.now()).await
}
