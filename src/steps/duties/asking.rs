//! Requests that are asked by mail until nothing is left to do. Each round is asked in a transaction of its own; a round or a request that
//! fails stops only itself and leaves nothing half done.

use std::marker::PhantomData;

use tracing::{Instrument, Span, info_span};

use crate::base::clock::Ts;
use crate::base::ids::{RequestId, RoundId};
use crate::base::problem::Result;
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::store::{Part, Readable, Tx};

use super::failures::{ROW_REST, Reach};

/// As many requests as are asked in one transaction.
const AT_ONCE: i64 = 500;

/// A request to one person of a round. Each kind has a table of its own; how its turn comes is the same.
pub(crate) trait AskedByMail: Sized + Send + Sync + 'static {
    /// Names the work where a round of it fails.
    const WORK: &'static str;
    /// Names one request where it fails.
    const NAME: &'static str;

    fn id(&self) -> &RequestId;

    /// The running rounds in which somebody is to be asked by now.
    fn rounds_due(tx: &mut Tx, now: Ts) -> impl Future<Output = Result<Vec<RoundId>>> + Send;

    fn due(tx: &mut Tx, round: &RoundId, now: Ts, limit: i64) -> impl Future<Output = Result<Readable<Self>>> + Send;

    /// One that cannot be dealt with now is looked at again then.
    fn put_off(tx: &mut Tx, id: &RequestId, until: Ts) -> impl Future<Output = Result<()>> + Send;

    /// Plans the mail and sets when the next one is due. How many mails: none where nothing is left to do.
    fn ask(&self, ctx: &Ctx, tx: &mut Tx, live: &Live) -> impl Future<Output = Result<u64>> + Send;
}

/// Asks everybody whose time has come. Returns how many mails were planned.
pub(crate) async fn ask_all<R: AskedByMail>(ctx: &Ctx) -> Result<u64> {
    let rounds = R::rounds_due(&mut ctx.db.read().await?, ctx.clock.now()).await?;
    let mut planned = 0;
    for round in rounds {
        let span = info_span!("round", id = round.as_str());
        let asked = ctx.order(&Actor::Program, AskRound::<R> { round: round.clone(), span, kind: PhantomData });
        planned += ctx.alone(Reach::Round, &format!("round {round}: {}", R::WORK), asked.await)?.unwrap_or(0);
    }
    Ok(planned)
}

/// Asks those of one round whose time has come. How many mails were planned.
struct AskRound<R> {
    round: RoundId,
    /// What its lines in the log belong to.
    span: Span,
    kind: PhantomData<R>,
}

impl<R: AskedByMail> Order for AskRound<R> {
    type Done = u64;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<u64> {
        ask_round::<R>(ctx, tx, &self.round).instrument(self.span).await
    }
}

async fn ask_round<R: AskedByMail>(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<u64> {
    let live = ctx.live_by_id(tx, round).await?;
    tx.in_round(&live.id);
    let now = ctx.clock.now();
    let mut planned = 0;
    let (due, unreadable) = ctx.readable(R::NAME, R::due(tx, &live.id, now, AT_ONCE).await?);
    for id in unreadable {
        R::put_off(tx, &RequestId::from(id), now.plus(ROW_REST)).await?;
    }
    for request in due {
        let part = Part::begin(tx).await?;
        let asked = request.ask(ctx, tx, &live).await;
        match ctx.alone(Reach::Piece, &format!("{} {}", R::NAME, request.id()), part.end(tx, asked).await?)? {
            Some(n) => planned += n,
            None => R::put_off(tx, request.id(), now.plus(ROW_REST)).await?,
        }
    }
    Ok(planned)
}
