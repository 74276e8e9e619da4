//! What the sponsor of a round is told: one figure and its direction, and what is needed from him. Costs what the overview costs.

use crate::base::problem::Result;
use crate::mail::letters::told::team::{Needed, direction, needed, untold};
use crate::rules::completion::told::Whole;
use crate::rules::completion::week::a_week_ago;
use crate::rules::completion::{Status, TargetStatus};
use crate::rules::round::Level;
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;
use crate::store::course::{self, OfDirector};

use super::outlook::{self, Outlook};
use super::status::status_of;

/// As many account directors are named.
const NAMED: i64 = 2;

/// The whole round, for its sponsor.
pub struct WholeRound {
    pub status: Status,
    pub outlook: Outlook,
    /// Which of its figures may be told.
    pub told: Whole,
    needed: Needed,
    before: Option<i64>,
}

/// What the database says of it.
pub struct Read {
    status: Status,
    outlook: outlook::Read,
    directors: Vec<OfDirector>,
}

pub async fn read(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Read> {
    // Whose accounts answer least would tell of those that are few.
    let names = live.spec.participation.names();
    Ok(Read {
        status: status_of(ctx, tx, live).await?,
        outlook: outlook::read(ctx, tx, live).await?,
        directors: if names { course::directors(tx, &live.id, NAMED).await? } else { Vec::new() },
    })
}

/// Takes as long as a forecast where it is the first, so no transaction is open meanwhile.
pub async fn whole_round(ctx: &Ctx, live: &Live, read: Read) -> WholeRound {
    let Read { status, outlook, directors } = read;
    let outlook = outlook::worked_out(ctx, live, outlook).await;
    let today = live.sequence.home().local(ctx.clock.now()).date();
    let (rule, told) = (live.spec.participation, Whole::of(&status, live.spec.participation));
    let missing = |level: Level| {
        let missed = status.targets.iter().filter(|t| told.level(level) && t.level == level && t.missing > 0);
        missed.map(|t: &TargetStatus| t.missing).min()
    };
    let range = outlook.ahead.as_ref().filter(|_| told.answers).map(|ahead| ahead.forecast.last);
    let silent = directors.into_iter().filter(|d| d.answered < d.invited);
    let needed = Needed {
        answers: missing(Level::Individual),
        accounts: missing(Level::Accounts),
        without_targets: status.targets.is_empty() || !told.answers || !told.accounts,
        goes_to: range.map(|range| (range.low, range.high, live.closed_on())),
        directors: silent.map(|d| (d.name, d.invited - d.answered, d.invited)).collect(),
    };
    let before = a_week_ago(&outlook.days, today).filter(|n| rule.count(*n, status.individual.reachable).is_some());
    WholeRound { status, outlook, told, needed, before }
}

impl WholeRound {
    /// "41 % (123 of 300), 6 points more than a week ago".
    pub fn figure(&self, language: &str) -> String {
        let people = &self.status.individual;
        match self.told.answers {
            true => direction(language, people.completed, people.reachable, self.before),
            false => untold(language).into(),
        }
    }

    /// In sentences; empty where there is nothing to say.
    pub fn needed(&self, language: &str) -> String {
        needed(language, &self.needed)
    }
}
