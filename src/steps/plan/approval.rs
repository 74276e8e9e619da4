//! The plan signed off by the client, like a list: by a link in a mail, or recorded with the evidence.
//!
//! An approval covers the plan that was shown, message by message, and the letters as they were shown, in every language of the round. It
//! holds nothing back: a plan that moves on and words that change show against it, and whoever runs the round decides whether to ask again (`since_approval`).

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::counted::counted;
use crate::base::ids::{ApprovalId, ContactId};
use crate::base::problem::{Problem, Result};
use crate::base::tokens;
use crate::rules::journal::{Action, Actor};
use crate::rules::message::{Lane, MessageKind};
use crate::rules::round::RoundState;
use crate::rules::signoff::typed_number_fits;
use crate::steps::context::{Ctx, Giver, Live, Order, Purpose, unknown};
use crate::steps::letters::approved::{self, Fingerprints, LetterToApprove};
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::steps::typed::fitting;
use crate::store::Tx;
use crate::store::plan::approvals::{self, Approval};
use crate::store::round::rounds;
use crate::store::sending::outbox;

use super::forecast::ahead::in_pieces;
use super::forecast::model::Forecast;

/// A message of an approved plan.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ApprovedMessage {
    pub contact: ContactId,
    pub kind: MessageKind,
    pub number: u32,
    pub at: Ts,
    /// In the contact's own time.
    pub day: NaiveDate,
}

/// Whom the client's approval comes from.
#[derive(Clone, Debug)]
pub struct Approver {
    pub name: String,
    pub email: String,
}

/// Sends the plan as it is now to somebody at the client, for approval.
pub async fn ask(ctx: &Ctx, slug: &str, approver: Approver, actor: &Actor) -> Result<()> {
    let (id, now) = (ctx.ids.id(ctx.clock.now()), ctx.clock.now());
    let approval = draft(ctx, slug, &id, &approver, actor).await?;
    ctx.order(actor, AskForApproval { approval, at: now }).await
}

/// Puts down the plan that is shown, and the mail with the link to it.
struct AskForApproval {
    approval: Approval,
    at: Ts,
}

impl Order for AskForApproval {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let AskForApproval { approval, at } = self;
        tx.in_round(&approval.round_id);
        approvals::insert(tx, &approval, &ctx.secret_hash(Purpose::Plan, approval.id.as_str())).await?;
        let to = Addressee { subject: approval.id.as_str(), name: &approval.name, email: &approval.email };
        // A plan is approved before the round is started, when nothing of the round's own is sent.
        let message = message_to(ctx, &Lane::System, to, MessageKind::PlanApproval, 1, at);
        tx.in_any_round();
        outbox::enqueue(tx, &message, at).await?;
        let detail = format!("{}, {} <{}>", covered(&approval), approval.name, approval.email);
        let round = &approval.round_id;
        ctx.journal(tx, by, Action::AskedForApproval, Some(round), round, &detail).await
    }
}

/// Records an approval that was given elsewhere: it covers the plan as it is now.
pub async fn record(ctx: &Ctx, slug: &str, approver: Approver, evidence: &str, actor: &Actor) -> Result<()> {
    let evidence = fitting("Where it can be seen", evidence)?;
    if evidence.is_empty() {
        return Err(Problem::unusable(
            "The approval has no evidence.",
            "Write where it can be seen: the mail or the minutes.",
        ));
    }
    let (id, now) = (ctx.ids.id(ctx.clock.now()), ctx.clock.now());
    let mut approval = draft(ctx, slug, &id, &approver, actor).await?;
    (approval.approved_at, approval.how, approval.evidence) =
        (Some(now), Some("recorded".into()), Some(evidence.clone()));
    ctx.order(actor, RecordApproval { approval, evidence }).await
}

/// Puts down the plan that was approved, and where that can be seen.
struct RecordApproval {
    approval: Approval,
    evidence: String,
}

impl Order for RecordApproval {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let RecordApproval { approval, evidence } = self;
        tx.in_round(&approval.round_id);
        approvals::insert(tx, &approval, &ctx.secret_hash(Purpose::Plan, approval.id.as_str())).await?;
        let detail = format!("{}, by {} <{}>: {evidence}", covered(&approval), approval.name, approval.email);
        let round = &approval.round_id;
        ctx.journal(tx, by, Action::RecordedApproval, Some(round), round.as_str(), &detail).await
    }
}

/// What an approval covers, for the journal: how many messages, and which letters by their fingerprint.
fn covered(approval: &Approval) -> String {
    let messages = counted(approval.messages, "message", "messages");
    match letters_covered(approval) {
        Some(letters) => format!("{messages}, letters {}", approved::fingerprint(&letters)),
        None => messages,
    }
}

/// None of an approval that was asked for before letters were shown.
pub(super) fn letters_covered(approval: &Approval) -> Option<Fingerprints> {
    serde_json::from_str(approval.letters.as_deref()?).ok()
}

async fn draft(ctx: &Ctx, slug: &str, id: &ApprovalId, approver: &Approver, actor: &Actor) -> Result<Approval> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    if live.state == RoundState::Closed {
        return Err(Problem::refused(format!("Round {slug} is closed."), "There is nothing left to approve."));
    }
    let name = fitting("The name", &approver.name)?;
    if name.is_empty() {
        return Err(Problem::unusable("The approver has no name.", "Write who at the client approves the plan."));
    }
    let email = EmailAddress::parse(&approver.email).map_err(|why| {
        Problem::unusable(format!("The address {} {why}.", approver.email), "Correct it, then ask again.")
    })?;
    let (mut plan, mut messages, mut unwritten) = (String::from("["), 0, None);
    in_pieces(&mut tx, &live, &live.sequence, ctx.clock.now(), |piece| {
        for message in shown(piece) {
            plan.push_str(if messages == 0 { "" } else { "," });
            messages += 1;
            match serde_json::to_string(&message) {
                Ok(text) => plan.push_str(&text),
                Err(why) => unwritten = Some(why),
            }
        }
        piece.forget();
    })
    .await?;
    plan.push(']');
    if let Some(why) = unwritten {
        return Err(Problem::internal("The plan could not be written down.").because(why));
    }
    let letters = approved::fingerprints(&approved::letters(&live, &ctx.base_url)?);
    let letters = serde_json::to_string(&letters)
        .map_err(|why| Problem::internal("The letters could not be written down.").because(why))?;
    if messages == 0 {
        return Err(Problem::refused(format!("Nothing is planned in round {slug}."), "Load its contacts first."));
    }
    Ok(Approval {
        id: id.clone(),
        round_id: live.id.clone(),
        name,
        email,
        asked_at: ctx.clock.now(),
        asked_by: actor.into(),
        plan,
        messages,
        approved_at: None,
        how: None,
        evidence: None,
        round_version: Some(live.version),
        letters: Some(letters),
    })
}

pub(super) fn shown(forecast: &Forecast) -> Vec<ApprovedMessage> {
    let messages = forecast.messages.iter().filter(|m| m.is_ahead());
    messages
        .filter_map(|m| {
            let contact = forecast.contacts.get(m.contact as usize)?;
            let day = forecast.places.get(contact.place as usize)?.calendar.local(m.at).date();
            Some(ApprovedMessage { contact: contact.id.clone(), kind: m.kind, number: m.number, at: m.at, day })
        })
        .collect()
}

/// The messages of one touch in a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TouchDays {
    pub kind: MessageKind,
    pub number: u32,
    pub messages: u64,
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// What the client sees behind the link.
pub struct PlanSheet {
    pub live: Arc<Live>,
    pub approval: Approval,
    pub contacts: u64,
    /// In the order in which they go.
    pub touches: Vec<TouchDays>,
}

/// The plan behind a link, as it was when approval was asked for. Changes nothing. `None` when there is no such link.
pub async fn sheet(ctx: &Ctx, secret: &str) -> Result<Option<PlanSheet>> {
    let mut tx = ctx.db.read().await?;
    let Some(approval) = approvals::by_link(&mut tx, &tokens::hash(secret)).await? else { return Ok(None) };
    let live = ctx.live_by_id(&mut tx, &approval.round_id).await?;
    let all = read(&approval)?;
    let mut contacts: Vec<&ContactId> = all.iter().map(|m| &m.contact).collect();
    contacts.sort_unstable();
    contacts.dedup();
    let mut touches: Vec<TouchDays> = Vec::new();
    for m in &all {
        match touches.iter_mut().find(|t| (t.kind, t.number) == (m.kind, m.number)) {
            Some(t) => (t.messages, t.first, t.last) = (t.messages + 1, t.first.min(m.day), t.last.max(m.day)),
            None => touches.push(TouchDays { kind: m.kind, number: m.number, messages: 1, first: m.day, last: m.day }),
        }
    }
    touches.sort_by_key(|t| (t.first, t.kind, t.number));
    let contacts = contacts.len() as u64;
    Ok(Some(PlanSheet { live, approval, contacts, touches }))
}

pub(super) fn read(approval: &Approval) -> Result<Vec<ApprovedMessage>> {
    serde_json::from_str(&approval.plan)
        .map_err(|e| Problem::internal("A plan that was shown cannot be read.").because(e))
}

/// Approves, by the number of messages as a person has typed it (promise 5).
pub struct ApprovePlan {
    pub secret: String,
    pub typed: String,
    pub came_from: String,
}

impl Order for ApprovePlan {
    type Done = ();
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        let ApprovePlan { secret, typed, came_from } = self;
        let unknown =
            || Problem::not_found("This link does not lead to a plan.", "Open the link in the latest mail once more.");
        let approval = approvals::by_link(tx, &tokens::hash(&secret)).await?.ok_or_else(unknown)?;
        tx.in_round(&approval.round_id);
        if !typed_number_fits(&typed, approval.messages as usize) {
            return Err(Problem::unusable(
                format!("You typed {typed:?}, but the plan has another number of messages."),
                "Type the number that stands above the field.",
            ));
        }
        // A second tap: the plan behind this link is approved, and that is what was asked for.
        if !approvals::approve(tx, &approval.id, &came_from, ctx.clock.now()).await? {
            return Ok(());
        }
        let round = &approval.round_id;
        let detail = format!("{}, {}", covered(&approval), approval.name);
        let by = Actor::approver(&approval.email);
        ctx.journal(tx, &by, Action::ApprovedPlan, Some(round), round.as_str(), &detail).await
    }
}

/// The letters behind a link, as they were when approval was asked for; none where they were not kept. Changes nothing.
pub async fn letters(ctx: &Ctx, secret: &str) -> Result<Option<Vec<LetterToApprove>>> {
    let mut tx = ctx.db.read().await?;
    let Some(approval) = approvals::by_link(&mut tx, &tokens::hash(secret)).await? else { return Ok(None) };
    let live = ctx.live_by_id(&mut tx, &approval.round_id).await?;
    let then = match approval.round_version.filter(|_| approval.letters.is_some()) {
        Some(version) => ctx.live_at(&mut tx, &live, version).await?,
        None => None,
    };
    let letters = then.map(|then| approved::letters(&then, &ctx.base_url)).transpose()?;
    Ok(Some(letters.unwrap_or_default()))
}

/// The round whose plan a message is about, for its words.
pub(crate) async fn asked(ctx: &Ctx, tx: &mut Tx, approval: &ApprovalId) -> Result<(Approval, Arc<Live>)> {
    let gone = || Problem::internal("The plan that a mail is about is not there.");
    let approval = approvals::by_id(tx, approval).await?.ok_or_else(gone)?;
    let round =
        rounds::brief_by_id(tx, &approval.round_id).await?.ok_or_else(|| unknown(approval.round_id.as_str()))?;
    let live = ctx.live(tx, &round).await?;
    Ok((approval, live))
}
