//! The questions of a round changed in the console, as a folder that is loaded again changes them.

use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::response::Questionnaire;
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::steps::questionnaire;
use crate::store::Tx;
use crate::store::round::rounds::{self, Round};

use super::reload;

/// Puts other questions in the place of those of a round, against the version that was looked at.
pub struct ChangeQuestions {
    pub slug: String,
    pub version: i64,
    pub questionnaire: Questionnaire,
}

impl Order for ChangeQuestions {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let round = rounds::by_slug(tx, &self.slug).await?.ok_or_else(|| unknown(&self.slug))?;
        if round.state == RoundState::Closed {
            return Err(reload::closed(&round.slug));
        }
        if round.version != self.version {
            return Err(Problem::refused(
                format!("Round {} has changed since you looked, so nothing was done.", self.slug),
                "Look at the questions once more, then save them.",
            ));
        }
        questionnaire::may_become(tx, &round, &self.questionnaire).await?;
        let text = |e: serde_json::Error| Problem::internal("The questions could not be written down.").because(e);
        let questionnaire = serde_json::to_string(&self.questionnaire).map_err(text)?;
        let (id, slug) = (round.id.clone(), round.slug.clone());
        rounds::replace_content(tx, &Round { questionnaire, ..round }, ctx.clock.now(), by.as_str()).await?;
        ctx.journal(tx, by, Action::ChangedPlan, Some(&id), id.as_str(), &format!("questions of {slug}")).await
    }
}
