//! What became of everybody who was invited, by the codes of researchers. Costs those people who are no plain case.

use crate::base::problem::Result;
use crate::rules::completion::aapor::{Aapor, Case, Cases, enough, told};
use crate::rules::completion::told::Whole;
use crate::steps::context::{Ctx, Live};
use crate::store::dispositions::{self, Alike};
use crate::store::{Tx, completion as tallies};

use super::status::status_of;

/// As far as the round tells it.
pub async fn aapor(ctx: &Ctx, slug: &str) -> Result<Aapor> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    aapor_of(ctx, &mut tx, &live).await
}

pub async fn aapor_of(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Aapor> {
    let rule = live.spec.participation;
    let whole = Whole::of(&status_of(ctx, tx, live).await?, rule);
    Ok(told(&cases(tx, live).await?, rule, whole))
}

async fn cases(tx: &mut Tx, live: &Live) -> Result<Cases> {
    let enough = enough(live.questionnaire.items().count());
    let special = dispositions::special(tx, &live.id, enough).await?;
    let (mut invited, mut completed) = (0, 0);
    for role in tallies::by_role(tx, &live.id).await? {
        invited += role.invited;
        completed += role.completed;
    }
    // Everybody else was invited, and has answered or has not.
    let answered = completed - people(&special, |one| one.completed.0);
    let silent = invited - people(&special, |one| one.invited.0) - answered;
    let mut all: Cases = special.iter().map(|one| (case(one), one.people)).collect();
    all.push((Case { completed: true, ..Case::default() }, answered.max(0)));
    all.push((Case::default(), silent.max(0)));
    Ok(all)
}

fn people(all: &[Alike], who: fn(&Alike) -> bool) -> i64 {
    all.iter().filter(|one| who(one)).map(|one| one.people).sum()
}

fn case(one: &Alike) -> Case {
    Case {
        completed: one.completed.0,
        opted_out: one.opted_out.0,
        left: one.left_account.0,
        removed: one.removed.0,
        undeliverable: one.undeliverable.0,
        away: one.away.0,
        begun: one.begun.0,
        enough: one.enough.0,
    }
}
