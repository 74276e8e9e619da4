//! Asking for signatures: the first mail, the chases, and another one when an operator wants it.

pub(crate) mod requests;
pub(crate) mod waiting;
pub mod deadline;
pub mod absences;
mod escalating;
pub mod late;
pub mod unreachable;

use crate::base::clock::Ts;
use crate::base::ids::{RequestId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::message::MessageKind;
use crate::rules::signoff::{SignLevel, ladder};
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::duties::asking::{AskedByMail, ask_all};
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::store::sending::outbox;
use crate::store::signoff::{Request, looks};
use crate::store::{Readable, Tx, signoff as store};

use self::absences::{back_at, calendar_of};
use self::escalating::escalate;
use self::requests::{accounts_of, asked_about, to_sign};
use self::waiting::{mails_about, waiting_for};

/// Asks everybody whose time has come, and chases those who have not answered. Returns how many mails were planned.
pub async fn ask(ctx: &Ctx) -> Result<u64> {
    // Whoever is asked as well is asked in the same turn.
    Ok(escalate(ctx).await? + ask_all::<Request>(ctx).await?)
}

impl AskedByMail for Request {
    const WORK: &'static str = "asking for signatures";
    const NAME: &'static str = "request for a signature";

    fn id(&self) -> &RequestId {
        &self.id
    }

    async fn rounds_due(tx: &mut Tx, now: Ts) -> Result<Vec<RoundId>> {
        store::rounds_due(tx, now).await
    }

    async fn due(tx: &mut Tx, round: &RoundId, now: Ts, limit: i64) -> Result<Readable<Request>> {
        store::due(tx, round, now, limit).await
    }

    async fn put_off(tx: &mut Tx, id: &RequestId, until: Ts) -> Result<()> {
        store::set_next_ask(tx, id, Some(until)).await
    }

    async fn ask(&self, ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<u64> {
        let now = ctx.clock.now();
        let accounts = asked_about(tx, self).await?;
        if accounts.is_empty() {
            store::set_next_ask(tx, &self.id, None).await?;
            return Ok(0);
        }
        let calendar = calendar_of(live, &self.email);
        let away = back_at(tx, &live.id, &self.email, now).await?;
        if let Some(back) = ladder::put_off(&calendar, away, now) {
            store::set_next_ask(tx, &self.id, Some(back)).await?;
            looks::plan(tx, &self.id, now).await?;
            return Ok(0);
        }
        let waiting = waiting_for(tx, self, accounts).await?;
        let left = outbox::left_about(tx, &live.id, &self.id).await?;
        let times = mails_about(&waiting, &left).min().unwrap_or(0) + 1;
        let kind = match self.level {
            SignLevel::Director => MessageKind::SignOff,
            SignLevel::SalesDirector => MessageKind::CounterSign,
        };
        let to = Addressee { subject: self.id.as_str(), name: &self.name, email: &self.email };
        let message = message_to(ctx, &live.lane(), to, kind, self.asked + 1, now);
        let planned = u64::from(outbox::enqueue(tx, &message, now).await?);
        let spec = &live.spec.signoff;
        // New lists bring mails of their own, which use up no chase of the others.
        store::asked(tx, &self.id, now, ladder::next_chase(&calendar, spec, times, away, now)).await?;
        if spec.has_ladder() {
            looks::plan(tx, &self.id, ladder::look_after_mail(&calendar, spec, now)).await?;
        }
        Ok(planned)
    }
}

/// Has somebody asked again at once, whatever the chases have come to.
pub struct AskAgainToSign {
    pub request: RequestId,
}

impl Order for AskAgainToSign {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let unknown = || Problem::not_found("There is no such request.", "Go back to the sign-off board.");
        let r = store::by_id(tx, &self.request).await?.ok_or_else(unknown)?;
        tx.in_round(&r.round_id);
        if to_sign(&r, &accounts_of(tx, &r).await?).is_empty() {
            let what = format!("{} has nothing left to sign.", r.name);
            return Err(Problem::refused(what, "Look at the sign-off board again."));
        }
        // What would be put off, or be about nothing, is not said to be on its way.
        if asked_about(tx, &r).await?.is_empty() {
            let what = format!("A colleague of {} signs this and is asked instead.", r.name);
            return Err(Problem::refused(what, "Ask the colleague again; the page of the account says who it is."));
        }
        if absences::back_at(tx, &r.round_id, &r.email, ctx.clock.now()).await?.is_some() {
            let what = format!("{} is away and is asked after the absence.", r.name);
            return Err(Problem::refused(what, "If that is over, say so on the page of the account, then ask again."));
        }
        store::set_next_ask(tx, &r.id, Some(ctx.clock.now())).await?;
        ctx.journal(tx, by, Action::AskedAgainToSign, Some(&r.round_id), &r.id, r.email.as_str()).await
    }
}
