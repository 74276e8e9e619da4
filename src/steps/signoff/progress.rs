//! Where the signatures of a round stand: what is signed, what waits and since when, who is late, and what is lost without them. One answer
//! for the board, for asking again and for the summary. Costs the directors of the round, not its accounts.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::calendar::Calendar;
use crate::rules::plan::Deadline;
use crate::rules::round::RoundState;
use crate::rules::signoff::Standing;
use crate::rules::signoff::late::{Expected, Waits};
use crate::rules::signoff::loss::{AtStake, Listed};
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;
use crate::store::signoff::director_tally::{self, LateOnes, Totals};

use crate::steps::signoff::asking::deadline;

pub struct Progress {
    pub listed: Listed,
    pub signed_accounts: i64,
    /// Whatever waits for anybody.
    pub left: AtStake,
    /// When the first letter goes, or would have gone.
    pub letter: Option<Deadline>,
    /// What waits since before is late; none where nobody is waited for: in drafts, and after the close.
    pub late_before: Option<Ts>,
    /// Account directors who are late, and all that they have not signed.
    pub late: LateOnes,
    /// What waits for the sales director.
    pub second: Second,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Second {
    pub accounts: i64,
    pub at_stake: AtStake,
    pub waits: Option<Waits>,
}

impl Progress {
    /// What is expected of whoever signs in this round.
    pub fn expected<'a>(&self, live: &Live, home: &'a Calendar) -> Expected<'a> {
        Expected::new(home, &live.spec.signoff, self.letter)
    }

    /// How long something waits; none where nobody is waited for.
    pub fn waits(&self, live: &Live, home: &Calendar, since: Option<Ts>, now: Ts) -> Option<Waits> {
        self.late_before?;
        Some(self.expected(live, home).waits(since?, now))
    }
}

pub async fn of_round(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Progress> {
    let now = ctx.clock.now();
    let totals = director_tally::totals(tx, &live.id).await?;
    let at = |standing: Standing| totals.iter().find(|t| t.standing == standing);
    let mut progress = Progress {
        listed: director_tally::listed(&totals, live.spec.client_revenue),
        signed_accounts: at(Standing::Signed).map_or(0, |t| t.accounts),
        left: totals.iter().filter(|t| t.standing != Standing::Signed).map(Totals::at_stake).sum(),
        letter: deadline::of_round(tx, live, now).await?,
        late_before: None,
        late: LateOnes::default(),
        second: Second::default(),
    };
    let home = live.sequence.home();
    if matches!(live.state, RoundState::Running | RoundState::Paused) {
        let before = progress.expected(live, &home).late_before(now);
        progress.late_before = Some(before);
        progress.late = director_tally::late(tx, &live.id, before).await?;
    }
    if let Some(second) = at(Standing::CounterSign) {
        let waits = progress.waits(live, &home, second.waits_since, now);
        progress.second = Second { accounts: second.accounts, at_stake: second.at_stake(), waits };
    }
    Ok(progress)
}
