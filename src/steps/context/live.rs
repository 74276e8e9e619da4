//! A round as the rules see it: its settings, its plan, its questionnaire and its words, read from what the database keeps of one version.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::clock::Ts;
use crate::base::ids::{QuestionnaireId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::mail::letters::rendering::Press;
use crate::rules::calendar::Almanac;
use crate::rules::message::Lane;
use crate::rules::plan::{Pause, Scope, Sequence};
use crate::rules::response::Questionnaire;
use crate::rules::round::{RoundSpec, RoundState, Words};
use crate::store::plan::pauses;
use crate::store::round::rounds;

/// A round as the rules see it, prepared once per version.
#[derive(Debug)]
pub struct Live {
    pub id: RoundId,
    pub slug: String,
    pub state: RoundState,
    pub closed_at: Option<Ts>,
    pub version: i64,
    pub spec: RoundSpec,
    pub sequence: Sequence,
    pub questionnaire: Arc<Questionnaire>,
    /// The id under which it is kept with the responses that are begun under it.
    pub questionnaire_id: QuestionnaireId,
    pub words: Words,
    /// Letters share what their words have in common.
    pub press: Press,
}

impl Live {
    /// In which its messages go.
    pub fn lane(&self) -> Lane {
        Lane::Round(self.id.clone())
    }

    /// The last day on which answers were taken: an earlier one than was planned where somebody closed the round by hand.
    pub fn closed_on(&self) -> NaiveDate {
        let planned = self.spec.schedule.closes;
        self.closed_at.map_or(planned, |at| self.sequence.home().local(at).date().min(planned))
    }

    /// Reads a version of a round. `days_between`: between the last message of one round to a mailbox and the first of another.
    pub(super) fn read(
        round: rounds::Round,
        pauses: &[pauses::Pause],
        almanac: &Arc<Almanac>,
        days_between: u32,
    ) -> Result<Live> {
        let broken = |part: &str| {
            Problem::internal(format!("The {part} of round {} cannot be read from the database.", round.slug))
        };
        let spec: RoundSpec = serde_json::from_str(&round.spec).map_err(|e| broken("settings").because(e))?;
        let sequence =
            Sequence::accepted(&spec, almanac).map_err(|faults| broken("schedule").because(faults.join(" ")))?;
        let pauses = pauses
            .iter()
            .filter_map(|p| {
                Some(Pause { scope: Scope::parse(&p.scope, &p.value)?, from: p.from_at, until: p.until_at })
            })
            .collect();
        Ok(Live {
            sequence: sequence.stopped_by(pauses, days_between),
            questionnaire: Arc::new(
                serde_json::from_str(&round.questionnaire).map_err(|e| broken("questionnaire").because(e))?,
            ),
            questionnaire_id: sha256(&round.questionnaire).into(),
            words: serde_json::from_str(&round.words).map_err(|e| broken("texts").because(e))?,
            spec,
            press: Press::default(),
            id: round.id,
            slug: round.slug,
            state: round.state,
            closed_at: round.closed_at,
            version: round.version,
        })
    }
}
