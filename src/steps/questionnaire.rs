//! The questionnaire of a round and the one under which each response was begun: who has begun goes on with the questions that he began
//! with, and they leave under their own version.

use std::sync::Arc;

use crate::base::ids::QuestionnaireId;
use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::rules::response::{Questionnaire, revision};
use crate::steps::context::Live;
use crate::store::response::{self, Response};
use crate::store::round::rounds::Round;
use crate::store::{Tx, response as store};

/// Keeps the round's questionnaire for a response that begins; says under which id.
pub(super) async fn keep<'l>(tx: &mut Tx, live: &'l Live) -> Result<&'l QuestionnaireId> {
    let content = written(&live.questionnaire)?;
    store::keep_questionnaire(tx, &live.questionnaire_id, &content).await?;
    Ok(&live.questionnaire_id)
}

/// The questionnaire under which a response was begun.
pub(super) async fn of_response(tx: &mut Tx, live: &Live, r: &Response) -> Result<Arc<Questionnaire>> {
    if r.questionnaire == live.questionnaire_id {
        return Ok(live.questionnaire.clone());
    }
    let broken = || Problem::internal(format!("The questionnaire of response {} cannot be read.", r.id));
    let kept = store::questionnaire(tx, &r.questionnaire).await?.ok_or_else(broken)?;
    Ok(Arc::new(serde_json::from_str(&kept.content).map_err(|e| broken().because(e))?))
}

/// SHA-256 of the content, so that two that are called by one version can be told apart.
pub(super) fn digest(questionnaire: &Questionnaire) -> Result<String> {
    Ok(sha256(written(questionnaire)?))
}

fn written(questionnaire: &Questionnaire) -> Result<String> {
    serde_json::to_string(questionnaire)
        .map_err(|e| Problem::internal("The questionnaire could not be written down.").because(e))
}

/// Refuses a questionnaire that would give another meaning to what was answered in this round already.
pub(super) async fn may_become(tx: &mut Tx, round: &Round, new: &Questionnaire) -> Result<()> {
    let broken = Problem::internal(format!("The questionnaire of round {} cannot be read.", round.slug));
    let old: Questionnaire = serde_json::from_str(&round.questionnaire).map_err(|e| broken.because(e))?;
    if old == *new {
        return Ok(());
    }
    let answered = response::answered(tx, &round.id).await?.into_iter().map(|a| (a.item, a.people)).collect();
    match revision::refusals(&old, new, &answered).as_slice() {
        [] => Ok(()),
        refused => Err(Problem::refused(
            refused.join(" "),
            "Put the question back as it was, and ask the changed one under an id of its own; or keep the change for the next round.",
        )),
    }
}
