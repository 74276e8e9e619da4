//! Rounds prepared for the steps, each once per version: whoever asks again within this run of the program costs no query.

use std::sync::{Arc, PoisonError};

use crate::base::ids::RoundId;
use crate::base::problem::{Problem, Result};
use crate::store::Tx;
use crate::store::plan::pauses;
use crate::store::round::rounds;

use super::ctx::Ctx;
use super::live::Live;

impl Ctx {
    /// The round, prepared. Costs no query when it is the version known already.
    pub async fn live(&self, tx: &mut Tx, brief: &rounds::Brief) -> Result<Arc<Live>> {
        self.live_known(tx, &brief.id, &brief.slug, brief.version).await
    }

    /// The same, by what is known of the round.
    pub async fn live_known(&self, tx: &mut Tx, id: &RoundId, slug: &str, version: i64) -> Result<Arc<Live>> {
        let known = self.rounds.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        match known {
            Some(live) if live.version == version => Ok(live),
            _ => {
                let round = rounds::by_id(tx, id).await?.ok_or_else(|| unknown(slug))?;
                let pauses = pauses::not_lifted(tx, &round.id).await?;
                self.prepare(round, &pauses)
            }
        }
    }

    /// The round of this id, prepared.
    pub async fn live_by_id(&self, tx: &mut Tx, id: &RoundId) -> Result<Arc<Live>> {
        let brief = rounds::brief_by_id(tx, id).await?.ok_or_else(|| unknown(id.as_str()))?;
        self.live(tx, &brief).await
    }

    /// The round of this name, prepared; a sentence that says so when there is none.
    pub async fn live_by_slug(&self, tx: &mut Tx, slug: &str) -> Result<Arc<Live>> {
        let brief = rounds::brief_by_slug(tx, slug).await?.ok_or_else(|| unknown(slug))?;
        self.live(tx, &brief).await
    }

    fn prepare(&self, round: rounds::Round, pauses: &[pauses::Pause]) -> Result<Arc<Live>> {
        let live = Arc::new(self.read(round, pauses)?);
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).insert(live.id.clone(), live.clone());
        Ok(live)
    }

    /// The round with the settings and words that it had at this version; none where they were not kept.
    pub(crate) async fn live_at(&self, tx: &mut Tx, live: &Arc<Live>, version: i64) -> Result<Option<Arc<Live>>> {
        if version == live.version {
            return Ok(Some(live.clone()));
        }
        let Some(round) = rounds::by_id(tx, &live.id).await? else { return Ok(None) };
        match rounds::said_at(tx, &live.id, version).await? {
            Some(rounds::Said { spec, words: Some(words) }) => {
                Ok(Some(Arc::new(self.read(rounds::Round { spec, words, version, ..round }, &[])?)))
            }
            _ => Ok(None),
        }
    }

    fn read(&self, round: rounds::Round, pauses: &[pauses::Pause]) -> Result<Live> {
        Live::read(round, pauses, &self.almanac, self.days_between_rounds)
    }
}

pub fn unknown(round: &str) -> Problem {
    Problem::not_found(
        format!("There is no round named {round}."),
        "`round load DIR` makes one; the console's first page lists them.",
    )
    .on_page("The first page lists those that there are.")
}
