//! How the plan and the letters of a round stand against those that the client has approved.

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::plan::{Slot, Turn, effect};
use crate::steps::context::{Ctx, Live};
use crate::steps::letters::approved;
use crate::store::Tx;
use crate::store::plan::approvals::{self, Approval};

use super::approval::{ApprovedMessage, letters_covered, read, shown};
use super::forecast::ahead::in_pieces;
use super::forecast::figures::{Counting, Figures};
use super::forecast::model::Forecast;

/// What is different from the plan that the client approved.
pub struct Since {
    pub approval: Approval,
    /// Letters that are others than were approved: "en/reminder/2". None where the approval covers no letters.
    pub letters: Option<Vec<String>>,
    /// On another day than was approved; the hour does not count.
    pub moved: u64,
    pub added: u64,
    /// Approved, still possible, and not planned any more.
    pub gone: u64,
}

/// How the plan stands against the last one that was approved, if any was: only then the round is forecast.
pub async fn standing(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Option<Since>> {
    let Some(mut since) = since(ctx, tx, live).await? else { return Ok(None) };
    in_pieces(tx, live, &live.sequence, ctx.clock.now(), |piece| {
        since.add(piece);
        piece.forget();
    })
    .await?;
    Ok(Some(since.so_far))
}

/// What is ahead of a round in figures, and how that stands against what the client has approved.
pub async fn figures_since(ctx: &Ctx, live: &Live) -> Result<(Figures, Option<Since>)> {
    let mut tx = ctx.db.read().await?;
    let (mut counting, mut since) = (Counting::default(), since(ctx, &mut tx, live).await?);
    let now = ctx.clock.now();
    let last = in_pieces(&mut tx, live, &live.sequence, now, |piece| {
        counting.add(piece);
        if let Some(since) = &mut since {
            since.add(piece);
        }
        piece.forget();
    });
    let places = last.await?.places;
    Ok((counting.done(now, places), since.map(|since| since.so_far)))
}

/// What the client has approved last.
pub async fn approved(tx: &mut Tx, live: &Live) -> Result<Option<Approval>> {
    approvals::latest_approved(tx, &live.id).await
}

/// The plan that was approved last, for forecasts to be held against it.
async fn since(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Option<Comparison>> {
    let Some(approval) = approvals::latest_approved(tx, &live.id).await? else { return Ok(None) };
    let mut before = read(&approval)?;
    before.sort_unstable_by(|a, b| a.contact.cmp(&b.contact));
    let letters = match letters_covered(&approval) {
        Some(then) => {
            let now = approved::fingerprints(&approved::letters(live, &ctx.base_url)?);
            Some(approved::differences(&then, &now))
        }
        None => None,
    };
    Ok(Some(Comparison { before, so_far: Since { approval, letters, moved: 0, added: 0, gone: 0 } }))
}

/// An approved plan beside a forecast that comes in pieces of whole contacts.
struct Comparison {
    /// By contact.
    before: Vec<ApprovedMessage>,
    so_far: Since,
}

impl Comparison {
    fn add(&mut self, piece: &Forecast) {
        let now = shown(piece);
        // What has gone is not gone from the plan, and who has answered or left needs nothing more.
        let mut open: Vec<&ContactId> = now.iter().map(|m| &m.contact).collect();
        open.sort_unstable();
        open.dedup();
        let went = piece.messages.iter().filter(|m| !m.is_ahead());
        let mut went: Vec<Slot<'_>> = went
            .filter_map(|m| {
                let contact = piece.contacts.get(m.contact as usize)?;
                Some(Slot { contact: &contact.id, kind: m.kind, number: m.number })
            })
            .collect();
        went.sort_unstable();
        let expected = open.iter().flat_map(|contact| {
            let from = self.before.partition_point(|m| m.contact < **contact);
            self.before.iter().skip(from).take_while(|m| m.contact == **contact).map(on_day)
        });
        let expected = expected.filter(|(slot, _)| went.binary_search(slot).is_err());
        let (turns, _) = effect(expected, now.iter().map(on_day));
        for (_, turn) in turns.into_iter().filter(|(slot, _)| piece.told.letter(slot.kind)) {
            match turn {
                Turn::Moved { .. } => self.so_far.moved += 1,
                Turn::Added { .. } => self.so_far.added += 1,
                Turn::Gone { .. } => self.so_far.gone += 1,
            }
        }
    }
}

fn on_day(m: &ApprovedMessage) -> (Slot<'_>, Ts) {
    let midnight = Ts::from(m.day.and_time(chrono::NaiveTime::MIN).and_utc());
    (Slot { contact: &m.contact, kind: m.kind, number: m.number }, midnight)
}
