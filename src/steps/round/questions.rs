//! The questions of a round changed in the browser, by the rules by which a folder changes them.

use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::questionnaire::{Questionnaire, changes};
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::questionnaire::may_become;
use crate::store::round::rounds;
use crate::store::{Tx, response};

use super::folder;
use super::reload::{Changed, Content};

/// What a change of the questions does.
#[derive(Debug)]
pub struct Effect {
    /// A sentence for each; none where nothing is different.
    pub changes: Vec<String>,
    /// Who goes on with the questions with which he began.
    pub begun: i64,
    /// Who has sent his answers, and is asked no more.
    pub completed: i64,
}

/// Looks at it, and refuses what may not be; changes nothing.
pub async fn effect(ctx: &Ctx, slug: &str, questionnaire: Questionnaire) -> Result<Effect> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let changes = changes::sentences(&live.questionnaire, &questionnaire, &live.spec.language);
    permitted(ctx, &mut tx, &live, questionnaire).await?;
    let counts = response::counts(&mut tx, &live.id).await?;
    let (begun, completed) = counts.map_or((0, 0), |counts| (counts.begun, counts.completed));
    Ok(Effect { changes, begun, completed })
}

/// The round with what it would say, and what is different; none where nothing is.
async fn permitted(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Live,
    questionnaire: Questionnaire,
) -> Result<Option<(rounds::Round, Content, Changed)>> {
    if live.state == RoundState::Closed {
        return Err(Problem::refused(
            format!("Round {} is closed.", live.slug),
            "Its questions stay as they were asked.",
        ));
    }
    if let Some(fault) = folder::check(&live.spec, &questionnaire, &live.words, &ctx.almanac).first() {
        return Err(Problem::unusable(fault.message.clone(), "Correct it, then save it."));
    }
    let Some(round) = rounds::by_id(tx, &live.id).await? else { return Ok(None) };
    let before = Content::of_round(&round)?;
    let after = Content { questionnaire, ..before.clone() };
    let changed = Changed::between(&before, &after);
    if changed.is_nothing() {
        return Ok(None);
    }
    may_become(tx, &round, &after.questionnaire).await?;
    Ok(Some((round, after, changed)))
}

/// Asks these questions from now on; who has begun goes on with those with which he began.
pub struct ChangeQuestions {
    pub slug: String,
    /// That was looked at.
    pub version: i64,
    pub questionnaire: Questionnaire,
}

impl Order for ChangeQuestions {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let ChangeQuestions { slug, version, questionnaire } = self;
        let now = ctx.clock.now();
        let live = ctx.live_by_slug(tx, &slug).await?;
        if live.state != RoundState::Closed && live.version != version {
            return Err(Problem::refused(
                format!("Round {slug} has changed since you opened the page, so nothing was done."),
                "Open it once more, then make your change.",
            ));
        }
        let Some((round, after, changed)) = permitted(ctx, tx, &live, questionnaire).await? else { return Ok(()) };
        let text = |e: serde_json::Error| Problem::internal("The questions could not be written down.").because(e);
        let round =
            rounds::Round { questionnaire: serde_json::to_string(&after.questionnaire).map_err(text)?, ..round };
        rounds::replace_content(tx, &round, now, by.as_str()).await?;
        let told = changed.questionnaire.join("; ");
        ctx.journal(tx, by, Action::ChangedQuestions, Some(&live.id), live.id.as_str(), &told).await
    }
}
