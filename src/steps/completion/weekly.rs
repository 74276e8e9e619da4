//! Whether a weekly mail still goes, asked again of one that is about to leave (promise 2), and the link that it leads to.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::TeamLinkId;
use crate::base::problem::Result;
use crate::rules::completion::course::QUARTER;
use crate::rules::completion::team::{TeamLevel, Weekly, WeeklyMail};
use crate::rules::message::MessageKind;
use crate::rules::sending::reason::MessageReason;
use crate::steps::context::{Ctx, Live, Purpose};
use crate::store::calling::team::{self, TeamLink};
use crate::store::calling::weekly as store;
use crate::store::round::rounds;
use crate::store::sending::claim::Claimed;
use crate::store::{Tx, course};

/// Whoever was invited since then is not silent yet.
pub(super) fn today(ctx: &Ctx, live: &Live) -> Ts {
    live.sequence.home().start_of_day(ctx.clock.now())
}

/// Whether somebody hears weekly at this level: as an account manager or director of accounts of which there is something to tell, or as
/// the sponsor of a round in which somebody was invited.
pub(super) async fn has_part(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Live,
    level: TeamLevel,
    email: &EmailAddress,
) -> Result<bool> {
    let today = today(ctx, live);
    if level == TeamLevel::Sponsor {
        let is_sponsor = live.spec.sponsor.as_ref().is_some_and(|sponsor| sponsor.email.key() == email.key());
        return Ok(is_sponsor && somebody_was_invited(tx, live, today).await?);
    }
    let open = live.spec.participation.names();
    store::still_hears(tx, &live.id, (level, email.as_str()), today, open).await
}

async fn somebody_was_invited(tx: &mut Tx, live: &Live, before: Ts) -> Result<bool> {
    let letters = course::letters(tx, &live.id).await?;
    Ok(letters.iter().any(|w| w.kind == MessageKind::Invitation && w.quarter.saturating_mul(QUARTER) < before.0))
}

/// The link of somebody at this level; made where he has none yet.
pub(super) async fn link_of(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Live,
    level: TeamLevel,
    name: &str,
    email: &EmailAddress,
) -> Result<TeamLink> {
    if let Some(link) = team::of_person(tx, &live.id, level, email.as_str()).await? {
        return Ok(link);
    }
    let now = ctx.clock.now();
    let id: TeamLinkId = ctx.ids.id(now);
    let hash = ctx.secret_hash(Purpose::Team, &id);
    let (round_id, name, email) = (live.id.clone(), name.to_string(), email.clone());
    let link = TeamLink { id, round_id, level, name, email, created_at: now };
    team::add(tx, &link, &hash).await?;
    Ok(link)
}

/// Why a weekly mail that is claimed is of no use any more, if it is of none. One that an earlier version has planned is about the account
/// manager's address, and gets its link here.
pub(crate) async fn of_no_use(ctx: &Ctx, tx: &mut Tx, live: &Live, m: &Claimed) -> Result<Option<MessageReason>> {
    let about = team::by_id(tx, &m.subject_id.as_str().into()).await?;
    let level = about.as_ref().map_or(TeamLevel::Manager, |link| link.level);
    let link = match &about {
        Some(link) => Some(link.clone()),
        None => team::of_person(tx, &live.id, level, m.to_email.as_str()).await?,
    };
    let Some(round) = rounds::brief_by_id(tx, &live.id).await? else { return Ok(None) };
    let later_under = |latest: Option<i64>, than: i64| latest.is_some_and(|number| number > than);
    let mut has_later = round.next_digest_at.is_some_and(|at| at <= ctx.clock.now())
        || later_under(store::latest_mail(tx, &live.id, &m.subject_id).await?, m.number);
    if let Some(link) = link.as_ref().filter(|_| about.is_none()) {
        // Of two of the same day the one that leads to the link goes.
        has_later |= later_under(store::latest_mail(tx, &live.id, link.id.as_str()).await?, m.number - 1);
    }
    let has_part = has_part(ctx, tx, live, level, &m.to_email).await?;
    if let WeeklyMail::OfNoUse(why) = (Weekly { state: round.state, has_part, has_later }).decide() {
        return Ok(Some(why));
    }
    // Of a round that was paused this moment, the mark before the last dot stops it (docs/decisions/0004).
    if link.is_none() {
        link_of(ctx, tx, live, level, &m.to_name, &m.to_email).await?;
    }
    Ok(None)
}
