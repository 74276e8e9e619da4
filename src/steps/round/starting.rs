//! What stands before the start of a round, for every page that says it; and a start by somebody who was shown it: it is what he saw, or
//! he is asked again.

use crate::base::counted::counted;
use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::rules::journal::Actor;
use crate::rules::round::RoundState;
use crate::steps::contacts::quality::{self, Dropped};
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::store::Tx;
use crate::store::contacts::identity;
use crate::store::contacts::uploads::{self, Upload};

use super::lifecycle::{RoundOrder, TellRound};
use super::notices::{self, NO_LIST, Notice};

/// What stands before the start of a draft; of another round only what its folder would be told.
#[derive(Debug, Default)]
pub struct OpenPoints {
    /// Can be mended, or meant: a round starts with them on a word.
    pub findings: Vec<Notice>,
    /// Worth reading once.
    pub notes: Vec<Notice>,
    /// Directors who owe a reason: a word does not help.
    pub reasons: Vec<Dropped>,
    /// Those who have given theirs.
    pub given: Vec<Dropped>,
    /// Lists that are uploaded and not loaded.
    pub lists: Vec<Upload>,
    /// Rows of a list that are held until somebody says who they are.
    pub held: usize,
}

impl OpenPoints {
    /// As many as are told one by one; names that are held are told together.
    pub fn count(&self) -> usize {
        self.findings.len() + self.reasons.len() + self.lists.len() + usize::from(self.held > 0)
    }

    /// There is nobody to ask: it does not start, whatever is said.
    pub fn nobody_is_listed(&self) -> bool {
        self.findings.iter().any(|notice| notice.code == NO_LIST)
    }
}

/// The one answer to what is open in a round.
pub async fn open_points(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<OpenPoints> {
    let found = notices::of_round(tx, live).await?;
    let mut open = OpenPoints { findings: found.findings, notes: found.notes, ..OpenPoints::default() };
    let reasons = quality::reasons(ctx, tx, &live.id).await?;
    let (given, owed): (Vec<Dropped>, Vec<Dropped>) = reasons.into_iter().partition(|dropped| dropped.given.is_some());
    open.given = given;
    if live.state == RoundState::Draft {
        open.reasons = owed;
        open.lists = uploads::of_round(tx, &live.id).await?;
        open.held = identity::open_count(tx, &live.id).await?.max(0) as usize;
    }
    Ok(open)
}

/// Says which points these are; empty where none is open.
pub fn version(open: &[Notice]) -> String {
    match open {
        [] => String::new(),
        some => sha256(format!("{some:?}")),
    }
}

/// Starts a round as it is. Its open points are those of `seen`, or nothing is started.
pub struct StartAsSeen {
    pub slug: String,
    /// [`version`] of the points with which somebody has said to start; empty where he has not.
    pub seen: String,
}

impl Order for StartAsSeen {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let live = ctx.live_by_slug(tx, &self.slug).await?;
        if live.state == RoundState::Draft {
            let open = notices::of_round(tx, &live).await?.findings;
            if !open.is_empty() && version(&open) != self.seen {
                return Err(asked_again(&open));
            }
        }
        TellRound { slug: self.slug, order: RoundOrder::Start }.run(ctx, tx, by).await
    }
}

fn asked_again(open: &[Notice]) -> Problem {
    let now = counted(open.len(), "point is open now", "points are open now");
    Problem::unusable(
        format!("{now}, and not those that were open when the box was ticked."),
        "Go through them, or tick the box again.",
    )
}
