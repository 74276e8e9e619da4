//! What the sponsor of a round is told: one figure and its direction, and what is needed from him. Costs what the overview costs.

use crate::base::problem::Result;
use crate::mail::letters::told_team::{Needed, direction, needed, untold};
use crate::rules::completion::week::a_week_ago;
use crate::rules::completion::{Status, TargetStatus};
use crate::rules::round::Level;
use crate::steps::context::{Ctx, Live};
use crate::store::{Tx, course};

use super::outlook::{self, Outlook};
use super::participation::counted;
use super::status::status_of;

/// As many account directors are named.
const NAMED: i64 = 2;

/// The whole round, for its sponsor.
pub struct WholeRound {
    pub status: Status,
    pub outlook: Outlook,
    needed: Needed,
    told: Option<i64>,
    before: Option<i64>,
}

pub async fn whole_round(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<WholeRound> {
    let status = status_of(ctx, tx, live).await?;
    let outlook = outlook::of_round(ctx, tx, live).await?;
    let today = live.sequence.home().local(ctx.clock.now()).date();
    let missing = |level: Level| {
        let missed = status.targets.iter().filter(|t| t.level == level && t.missing > 0);
        missed.map(|t: &TargetStatus| t.missing).min()
    };
    let range = outlook.ahead.as_ref().map(|ahead| ahead.forecast.last);
    let silent = course::directors(tx, &live.id, NAMED).await?.into_iter().filter(|d| d.answered < d.invited);
    let needed = Needed {
        answers: missing(Level::Individual),
        accounts: missing(Level::Accounts),
        without_targets: status.targets.is_empty(),
        goes_to: range.map(|range| (range.low, range.high, live.closed_on())),
        directors: silent.map(|d| (d.name, d.invited - d.answered, d.invited)).collect(),
    };
    let told = counted(live, status.individual.completed, status.individual.reachable);
    let before = a_week_ago(&outlook.days, today);
    Ok(WholeRound { status, outlook, needed, told, before })
}

impl WholeRound {
    /// "41 % (123 of 300), 6 points more than a week ago".
    pub fn figure(&self, language: &str) -> String {
        match self.told {
            Some(completed) => direction(language, completed, self.status.individual.reachable, self.before),
            None => untold(language).into(),
        }
    }

    /// In sentences; empty where there is nothing to say.
    pub fn needed(&self, language: &str) -> String {
        needed(language, &self.needed)
    }
}
