//! The questions of a round changed in the browser, by the rules by which a folder changes them.

use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::questionnaire::Questionnaire;
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::questionnaire::may_become;
use crate::store::Tx;
use crate::store::round::rounds;

use super::folder;
use super::reload::{Changed, Content};

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
        if live.state == RoundState::Closed {
            return Err(Problem::refused(format!("Round {slug} is closed."), "Its questions stay as they were asked."));
        }
        if live.version != version {
            return Err(Problem::refused(
                format!("Round {slug} has changed since you opened the page, so nothing was done."),
                "Open it once more, then make your change.",
            ));
        }
        if let Some(fault) = folder::check(&live.spec, &questionnaire, &live.words, &ctx.almanac).first() {
            return Err(Problem::unusable(fault.message.clone(), "Correct it, then save it."));
        }
        let Some(round) = rounds::by_id(tx, &live.id).await? else { return Ok(()) };
        let before = Content::of_round(&round)?;
        let after = Content { questionnaire, ..before.clone() };
        let changed = Changed::between(&before, &after);
        if changed.is_nothing() {
            return Ok(());
        }
        may_become(tx, &round, &after.questionnaire).await?;
        let text = |e: serde_json::Error| Problem::internal("The questions could not be written down.").because(e);
        let round =
            rounds::Round { questionnaire: serde_json::to_string(&after.questionnaire).map_err(text)?, ..round };
        rounds::replace_content(tx, &round, now, by.as_str()).await?;
        let told = changed.questionnaire.join("; ");
        ctx.journal(tx, by, Action::ChangedQuestions, Some(&live.id), live.id.as_str(), &told).await
    }
}
