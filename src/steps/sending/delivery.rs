//! Sending what is due: claim, render, offer, mark, write the dot, settle.
//!
//! Promises 2 and 3. A claim is a lease and is committed before anything is said to a server. Whether a message may go is asked of the
//! rules at the claim, and the facts it was decided on are compared again in the commit just before the final dot. Between that mark and
//! the settlement the message is `sending`; if the program stops there, it is in doubt and named, at most one per open connection. Each
//! [`Line`] is one sender that owns one connection. The settlement of one message is committed while the next one is being offered, at the
//! latest together with the next mark.

use std::sync::Arc;
use std::time::Instant;

use futures_util::future::{join, join_all};
use tokio::sync::oneshot;
use tokio::time::sleep;
use tracing::{Instrument, info, info_span, warn};

use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::MessageId;
use crate::base::problem::{Kind, Result};
use crate::config::smtp::SmtpSettings;
use crate::mail::smtp::Connection;
use crate::rules::journal::Actor;
use crate::rules::sending::delivery::{Cause, Failure, Outcome, Reply, Stage, about_the_server, outcome};
use crate::rules::sending::pace::in_answer;
use crate::rules::sending::reason::MessageReason;
use crate::rules::sending::trouble::told;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::letters::compose::Composed;
use crate::store::Tx;
use crate::store::sending::claim::{self, Mark};
use crate::store::sending::due;

use super::claim_buffer::ClaimBuffer;
use super::claims::ReadyMessage;
use super::group_commit::{GroupCommit, LONGEST_WAIT, PendingSettlement};
use super::outbound::records::{Became, Dot};
use super::settling::{Settling, give_back};
use super::tally::Tally;
use super::trouble::holds::{earliest_under_holds, look_at_trials};

/// After trouble with the server itself, this long nobody asks it again.
pub(super) const REST: i64 = MINUTE;
/// Of the lease that a mark gives, ten minutes are the server's for its answer; so much may pass before the dot.
const MARK_WITHIN: i64 = 4 * MINUTE;

/// One sender with a connection of its own.
pub struct Line {
    settings: Arc<SmtpSettings>,
    commits: Arc<GroupCommit>,
    claims: Arc<ClaimBuffer>,
    connection: Option<(Connection, Instant)>,
}

/// What a run of the lines has done.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Messages that were settled, whatever the outcome.
    pub settled: u64,
    /// What became of them.
    pub tally: Tally,
    /// What is wrong with the server itself, if anything.
    pub trouble: Option<String>,
}

/// Makes the lines of an installation. Nothing is opened yet.
pub fn lines(settings: &SmtpSettings) -> Vec<Line> {
    let settings = Arc::new(settings.clone());
    let lines = settings.connections.max(1);
    let (commits, claims) = (Arc::new(GroupCommit::new()), Arc::new(ClaimBuffer::new(lines)));
    let line =
        || Line { settings: settings.clone(), commits: commits.clone(), claims: claims.clone(), connection: None };
    std::iter::repeat_with(line).take(lines).collect()
}

/// Sends everything that is due, on all lines at once, and returns when nothing is left.
pub async fn drain(ctx: &Ctx, lines: &mut [Line]) -> Result<Report> {
    let mut sum = Report::default();
    for report in join_all(lines.iter_mut().map(|line| line.drain(ctx))).await {
        let report = report?;
        sum.settled += report.settled;
        sum.tally.add(report.tally);
        sum.trouble = sum.trouble.or(report.trouble);
    }
    Ok(sum)
}

impl Line {
    /// Sends what is due until nothing is, or until the server itself is in trouble.
    pub async fn drain(&mut self, ctx: &Ctx) -> Result<Report> {
        let mut report = Report::default();
        let mut unsettled = None;
        let sent = self.send_all(ctx, &mut report, &mut unsettled).await;
        if let Some(mut pending) = unsettled {
            self.commits.settled(ctx, &mut pending).await?;
        }
        if let Some(outbound) = &ctx.outbound {
            outbound.flush(ctx);
        }
        look_at_trials(ctx).await?;
        sent.map(|()| report)
    }

    /// Says goodbye to the server. Anything claimed has been settled or given back by then.
    pub async fn close(&mut self) {
        if let Some((connection, _)) = self.connection.take() {
            connection.quit().await;
        }
    }

    /// Without a word: what was begun on it is not taken by the server.
    pub fn hang_up(&mut self) {
        self.connection = None;
    }

    async fn send_all(
        &mut self,
        ctx: &Ctx,
        report: &mut Report,
        unsettled: &mut Option<PendingSettlement>,
    ) -> Result<()> {
        while !ctx.is_stopping() {
            let Some(taken) = self.claims.next(ctx).await? else { return Ok(()) };
            let span = info_span!("message", id = %taken.fence.id, round = taken.claimed.lane.as_str());
            match self.send_one(ctx, taken, unsettled).instrument(span).await? {
                Step::Settled(became) => {
                    report.settled += 1;
                    report.tally.count(became);
                }
                Step::GivenBack => {}
                Step::Trouble(why) => {
                    warn!(server = %self.settings.host, "the mail server is in trouble, resting a minute: {why}");
                    self.claims.return_all(ctx, ctx.clock.now().plus(REST), MessageReason::Said(why.clone())).await?;
                    report.trouble = Some(why);
                    return Ok(());
                }
            }
        }
        self.claims.return_all(ctx, ctx.clock.now(), MessageReason::StoppedInOrder).await
    }

    async fn send_one(
        &mut self,
        ctx: &Ctx,
        taken: ReadyMessage,
        unsettled: &mut Option<PendingSettlement>,
    ) -> Result<Step> {
        let composed = match self.claims.composer.make(ctx, &taken).await {
            Ok(composed) => composed,
            Err(problem) if problem.kind == Kind::Unavailable => return Err(problem),
            // A message that cannot be made fails alone; the others go on (F21).
            Err(problem) => {
                self.commits.settle(ctx, Settling::unmade(&taken, &problem)).await?;
                return Ok(Step::Settled(Became::Refused));
            }
        };
        let answer = if let Err(failure) = self.offer_while_settling(ctx, &composed, unsettled).await? {
            Err(failure)
        } else {
            let asked = ctx.clock.now();
            if !self.mark(ctx, &taken, &composed).await? {
                // The body is half said: only hanging up keeps the server from taking it.
                self.connection = None;
                give_back(ctx, vec![taken.fence], ctx.clock.now(), MessageReason::DecidedAgain).await?;
                return Ok(Step::GivenBack);
            }
            // Whoever stood still meanwhile may have lost the message to somebody else (F15).
            if ctx.clock.now().since(asked) > MARK_WITHIN {
                return self.begin_again(ctx, taken).await;
            }
            self.finish().await
        };
        if let Err(failure) = &answer
            && about_the_server(failure)
        {
            let why = failure.to_string();
            ctx.failures.sending_fails(failure, ctx.clock.now());
            self.connection = None;
            self.settle_or_give_back(ctx, taken, failure, &why).await?;
            return Ok(Step::Trouble(why));
        }
        let now = ctx.clock.now();
        let first = taken.claimed.first_tried_at.unwrap_or(now);
        let seed = seed(&taken.fence.id);
        let outcome = outcome(&answer, taken.claimed.attempt as u32, first, now, seed);
        match &outcome {
            Outcome::Delivered { .. } => ctx.failures.sending_works(now),
            _ => ctx.failures.sending_is_answered(),
        }
        if let Some(outbound) = &ctx.outbound {
            outbound.answered(&taken.fence, &outcome, now.0);
        }
        let became = Became::of(&outcome);
        let settling = Settling::new(taken, outcome).with(in_answer(&answer), told(&answer));
        // The one before went with the mark of this one, and is not heard of unless it failed.
        if let Some(mut before) = unsettled.replace(self.commits.hand_in(settling)?) {
            self.commits.settled(ctx, &mut before).await?;
        }
        Ok(Step::Settled(became))
    }

    /// The mark stands and the dot is not written: nobody has the message, and it is due again at once.
    async fn begin_again(&mut self, ctx: &Ctx, taken: ReadyMessage) -> Result<Step> {
        self.connection = None;
        let now = ctx.clock.now();
        let again = Outcome::TryLater { at: now, why: "the sender stood still before the end of the message".into() };
        if let Some(outbound) = &ctx.outbound {
            outbound.answered(&taken.fence, &again, now.0);
        }
        self.commits.settle(ctx, Settling::new(taken, again)).await?;
        Ok(Step::GivenBack)
    }

    /// Offers a message. The settlement of the one before waits as long as that takes to be committed with others, but not longer than a
    /// moment.
    async fn offer_while_settling(
        &mut self,
        ctx: &Ctx,
        composed: &Composed,
        unsettled: &mut Option<PendingSettlement>,
    ) -> Result<Result<(), Failure>> {
        let Some(mut pending) = unsettled.take() else { return Ok(self.offer(composed).await) };
        let commits = self.commits.clone();
        let (tell, offered) = oneshot::channel();
        let offering = async {
            let ready = self.offer(composed).await;
            let _ = tell.send(());
            ready
        };
        let settling = async {
            tokio::select! {
                biased;
                _ = offered => Ok(false),
                () = sleep(LONGEST_WAIT) => commits.settled(ctx, &mut pending).await.map(|()| true),
            }
        };
        let (ready, settled) = join(offering, settling).await;
        match settled {
            Ok(true) => {}
            Ok(false) => *unsettled = Some(pending),
            Err(problem) => {
                self.connection = None;
                return Err(problem);
            }
        }
        Ok(ready)
    }

    async fn offer(&mut self, composed: &Composed) -> Result<(), Failure> {
        let connection = self.ready().await?;
        let served = connection.sent() > 0;
        match connection.offer(&composed.envelope, &composed.bytes).await {
            // A server that ends a conversation between two messages has had enough of this one, not of us.
            Err(failure) if served && failure.stage == Stage::Mail && about_the_server(&failure) => {
                self.connection = None;
                self.ready().await?.offer(&composed.envelope, &composed.bytes).await
            }
            offered => offered,
        }
    }

    async fn finish(&mut self) -> Result<Reply, Failure> {
        match &mut self.connection {
            Some((connection, used)) => {
                *used = Instant::now();
                connection.finish().await
            }
            None => Err(Failure { stage: Stage::Dot, cause: Cause::Broken("the connection is gone".into()) }),
        }
    }

    /// The connection, opened anew where the old one is spent, broken, or was closed by the server while it was idle (F12).
    async fn ready(&mut self) -> Result<&mut Connection, Failure> {
        let keep = match &mut self.connection {
            Some((c, used)) => {
                c.usable()
                    && c.sent() < self.settings.messages_per_connection
                    && (used.elapsed().as_secs() < 1 || c.check_idle().await)
            }
            None => false,
        };
        if !keep {
            if let Some((old, _)) = self.connection.take()
                && old.usable()
            {
                old.quit().await;
            }
            let opened = Connection::open(&self.settings).await?;
            info!(server = %self.settings.host, "connected to the mail server");
            self.connection = Some((opened, Instant::now()));
        }
        match &mut self.connection {
            Some((connection, _)) => Ok(connection),
            None => Err(Failure { stage: Stage::Connect, cause: Cause::Broken("no connection".into()) }),
        }
    }

    async fn mark(&self, ctx: &Ctx, taken: &ReadyMessage, composed: &Composed) -> Result<bool> {
        let now = ctx.clock.now();
        if !taken.still_in_time(now) {
            return Ok(false);
        }
        let dot = Dot {
            dot: taken.fence.id.clone(),
            n: taken.fence.attempt,
            group: 0,
            key: taken.claimed.key.clone(),
            to: taken.claimed.to_email.as_str().into(),
            message_id: composed.message_id.clone(),
            at: now.0,
        };
        let mark = Mark { fence: taken.fence.clone(), on: taken.decided_on };
        self.commits.mark(ctx, mark, dot, &taken.claimed.lane).await
    }

    /// Trouble before the mark gives the claim back; after it (421 in answer to the dot) the server has refused, and the message waits.
    async fn settle_or_give_back(&self, ctx: &Ctx, taken: ReadyMessage, failure: &Failure, why: &str) -> Result<()> {
        let later = ctx.clock.now().plus(REST);
        if failure.stage == Stage::Dot {
            let outcome = Outcome::TryLater { at: later, why: why.into() };
            if let Some(outbound) = &ctx.outbound {
                outbound.answered(&taken.fence, &outcome, ctx.clock.now().0);
            }
            return self.commits.settle(ctx, Settling::new(taken, outcome)).await;
        }
        give_back(ctx, vec![taken.fence], later, MessageReason::Said(why.into())).await
    }
}

enum Step {
    Settled(Became),
    GivenBack,
    Trouble(String),
}

/// Spreads retries; the same for the same message.
fn seed(id: &MessageId) -> u64 {
    id.as_str().bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// Looks after what senders left behind: claims whose lease ran out go back to the plan, messages that were between dot and answer
/// are in doubt from now on. `alone`: no other program can be sending on this database, so every lease but ours has run out.
pub async fn recover(ctx: &Ctx, alone: bool) -> Result<u64> {
    let doubted = ctx.order(&Actor::Program, RecoverClaims { alone }).await?;
    if doubted > 0 {
        warn!(
            messages = doubted,
            "messages are in doubt: they were on their way when a sender stopped; the outbox names them"
        );
    }
    Ok(doubted)
}

struct RecoverClaims {
    alone: bool,
}

impl Order for RecoverClaims {
    type Done = u64;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<u64> {
        let now = ctx.clock.now();
        let others = self.alone.then(|| ctx.owner.to_string());
        super::suspects::end(ctx, tx, others.as_deref()).await?;
        claim::reclaim(tx, now, others.as_deref()).await?;
        let doubted = claim::doubt(tx, now, others.as_deref()).await?;
        for m in &doubted {
            super::settling::note_doubt(ctx, tx, m).await?;
        }
        Ok(doubted.len() as u64)
    }
}

/// When the next message of any running round, or of the system, is due.
pub async fn next_due(ctx: &Ctx) -> Result<Option<Ts>> {
    let mut tx = ctx.db.read().await?;
    let due = due::next_of_all(&mut tx).await?;
    earliest_under_holds(&mut tx, due).await
}
