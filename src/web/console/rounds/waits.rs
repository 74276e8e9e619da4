//! What waits for somebody in a round, beside its figures: read once, for its overview and for the list of rounds.

use crate::base::clock::Ts;
use crate::base::ids::{IncidentId, ReplyId};
use crate::base::problem::Result;
use crate::rules::calendar::Locality;
use crate::rules::message::MessageKind;
use crate::rules::plan::Deadline;
use crate::rules::round::RoundState;
use crate::steps::sending::pace::alarms;
use crate::steps::sending::trouble;
use crate::steps::signoff::progress;
use crate::steps::{Ctx, Live};
use crate::store::contacts::uploads::{self, Upload};
use crate::store::contacts::{self, identity, left_out};
use crate::store::plan::pauses as stopped;
use crate::store::repair::tasks;
use crate::store::signoff::director_tally::{self, Search};
use crate::store::signoff::{self, signers};
use crate::store::{Tx, replies};
use crate::web::kit::frames::home;
use crate::web::kit::times::exact;

pub struct Open {
    /// Contacts who cannot be reached, and since when the oldest is known.
    pub to_repair: i64,
    pub oldest: Option<String>,
    /// Pauses that hold something now, by id.
    pub pauses: Vec<String>,
    /// Gateways to which nothing goes.
    pub held: Vec<String>,
    /// Refusals that many share, those that hold mail first: which, and what they are called.
    pub trouble: Vec<(IncidentId, String)>,
    /// Replies that nobody has seen to, the complaints among them, and the newest of those.
    pub replies: i64,
    pub complaints: i64,
    pub complaint: Option<ReplyId>,
    /// Addresses that the warm-up has found dead, while the invitation is still to come.
    pub before_invitation: i64,
    /// When that goes to the others, while it is to come.
    pub invitation: Option<Ts>,
    /// Lists that are uploaded and not loaded yet.
    pub uploads: Vec<Upload>,
    /// Rows that the last list had and the round has not.
    pub left_out: i64,
    /// Rows of a list that are held until somebody says who they are.
    pub asked: i64,
    /// People for whom an absence leaves no time before the close.
    pub away: i64,
    /// Who signs, while lists wait for signatures.
    pub signing: Option<Signing>,
}

/// Where the signatures of a round stand.
pub struct Signing {
    pub directors: i64,
    /// Of them: who has nothing left to sign.
    pub done: i64,
    /// People who were asked, the sales director and whoever signs for others among them.
    pub asked: i64,
    pub late: i64,
    /// Account directors of strategic accounts who are late.
    pub late_of_strategic: i64,
    /// When somebody is asked next.
    pub next_ask: Option<Ts>,
    /// Names that are not signed.
    pub names: i64,
    /// When the first letter goes to somebody of them, or would have gone.
    pub letter: Option<Deadline>,
    /// Accounts of which one person gives both signatures.
    pub both: i64,
}

pub async fn open(ctx: &Ctx, tx: &mut Tx, live: &Live, now: Ts) -> Result<Open> {
    let waiting = tasks::waiting(tx, &live.id).await?;
    let pauses = stopped::not_lifted(tx, &live.id).await?.into_iter();
    let holding = pauses.filter(|p| p.from_at <= now && p.until_at.is_none_or(|until| until > now));
    let complaints = replies::open_complaints(tx, &live.id, now).await?;
    let invitation = live.sequence.own_time(Locality::default(), MessageKind::Invitation, 1);
    Ok(Open {
        to_repair: waiting.tasks,
        oldest: waiting.oldest.map(|at| exact(at, now, &home(live))),
        pauses: holding.map(|pause| pause.id.to_string()).collect(),
        held: alarms(tx, now).await?.into_iter().map(|alarm| alarm.gateway).collect(),
        trouble: trouble::waiting(tx).await?,
        replies: replies::open_in_round(tx, &live.id, now).await?,
        complaint: if complaints > 0 { replies::open_complaint(tx, &live.id, now).await? } else { None },
        complaints,
        before_invitation: replies::to_repair_before_invitation(tx, &live.id).await?,
        invitation: invitation.filter(|at| *at > now),
        uploads: uploads::of_round(tx, &live.id).await?,
        left_out: left_out::count(tx, &live.id).await?,
        asked: identity::open_count(tx, &live.id).await?,
        away: contacts::away_until_the_close(tx, &live.id).await?,
        signing: signing(ctx, tx, live).await?,
    })
}

/// None where nobody is waited for.
async fn signing(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Option<Signing>> {
    if !matches!(live.state, RoundState::Running | RoundState::Paused) {
        return Ok(None);
    }
    let progress = progress::of_round(ctx, tx, live).await?;
    if progress.left.names == 0 {
        return Ok(None);
    }
    let of = |filter| Search { filter, ..Search::default() };
    let late_of_strategic = match progress.late_before {
        Some(before) if progress.late.directors > 0 => signers::late_of_strategic(tx, &live.id, before).await?,
        _ => 0,
    };
    Ok(Some(Signing {
        directors: director_tally::count(tx, &live.id, &of("")).await?,
        done: director_tally::count(tx, &live.id, &of("done")).await?,
        asked: signers::asked(tx, &live.id).await?,
        late: progress.late.directors,
        late_of_strategic,
        next_ask: signoff::next_ask(tx, &live.id).await?,
        names: progress.left.names,
        letter: progress.letter,
        both: signers::signed_by_one(tx, &live.id, &live.spec.signoff.sales_director_email).await?,
    }))
}
