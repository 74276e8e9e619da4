//! Telling a sponsor where the signatures of a round stand: shown before it is sent, never to a contact, and on record.

use crate::base::address::EmailAddress;
use crate::base::clock::MINUTE;
use crate::base::ids::SummaryId;
use crate::base::problem::{Problem, Result};
use crate::mail::letters::rendering::Rendered;
use crate::rules::journal::{Action, Actor};
use crate::rules::message::{Lane, MessageKind};
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::letters::signing_summary;
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::steps::typed::fitting;
use crate::store::contacts;
use crate::store::sending::outbox;
use crate::store::signoff::summaries::{self, Summary};

/// A second press within this time is the same press.
const SAME_PRESS: i64 = MINUTE;

/// As somebody of this name would read it now.
pub async fn shown(ctx: &Ctx, live: &Live, name: &str) -> Result<Rendered> {
    let mut tx = ctx.db.read().await?;
    signing_summary::shown(ctx, &mut tx, live, name).await
}

/// Who had the last one of a round.
pub async fn latest(ctx: &Ctx, live: &Live) -> Result<Option<Summary>> {
    let mut tx = ctx.db.read().await?;
    summaries::latest(&mut tx, &live.id).await
}

/// Mails a summary to somebody at the client or at the provider.
pub struct SendSummary {
    pub slug: String,
    pub name: String,
    pub email: String,
}

impl Order for SendSummary {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut crate::store::Tx, by: &Actor) -> Result<()> {
        let live = ctx.live_by_slug(tx, &self.slug).await?;
        tx.in_round(&live.id);
        match live.state {
            RoundState::Draft => {
                let what = "Nobody has been asked to sign yet, so there is nothing to tell.";
                return Err(Problem::refused(what, "Start the round first."));
            }
            RoundState::Closed => {
                let what = format!("Round {} is closed, and nobody is asked to sign any more.", live.slug);
                return Err(Problem::refused(what, "Its status says what came of it."));
            }
            RoundState::Running | RoundState::Paused => {}
        }
        let name = fitting("The name", &self.name)?;
        if name.is_empty() {
            return Err(Problem::unusable("The summary has no reader.", "Write the name of whoever is to read it."));
        }
        let email = EmailAddress::parse(self.email.trim()).map_err(|why| {
            Problem::unusable(format!("The address {} {why}.", self.email), "Correct it, then send again.")
        })?;
        if contacts::by_address(tx, &live.id, &email.key()).await?.is_some() {
            let what = format!("{email} is a contact of this round, and no contact reads who has signed.");
            return Err(Problem::refused(what, "Write the address of somebody at the client or at the provider."));
        }
        let now = ctx.clock.now();
        let before = summaries::latest(tx, &live.id).await?;
        if before.is_some_and(|last| last.email.key() == email.key() && now.0 - last.at.0 < SAME_PRESS) {
            return Ok(());
        }
        let id: SummaryId = ctx.ids.id(now);
        let sent_by = by.to_string();
        let summary = Summary { id, round_id: live.id.clone(), name, email, sent_by, at: now };
        summaries::add(tx, &summary).await?;
        let detail = format!("{} <{}>", summary.name, summary.email);
        ctx.journal(tx, by, Action::SentSigningSummary, Some(&live.id), live.id.as_str(), &detail).await?;
        // It leaves whatever the round's own mail does.
        tx.in_any_round();
        let to = Addressee { subject: summary.id.as_str(), name: &summary.name, email: &summary.email };
        outbox::enqueue(tx, &message_to(ctx, &Lane::System, to, MessageKind::SignOffSummary, 1, now), now).await?;
        Ok(())
    }
}
