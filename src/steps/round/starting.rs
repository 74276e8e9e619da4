//! A start by somebody who was shown what is open: it is what he saw, or he is asked again.

use crate::base::counted::counted;
use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::rules::journal::Actor;
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;

use super::lifecycle::{RoundOrder, TellRound};
use super::notices::{self, Notice};

/// Says which questions these are; empty where none is open.
pub fn version(open: &[Notice]) -> String {
    match open {
        [] => String::new(),
        some => sha256(format!("{some:?}")),
    }
}

/// Starts a round as it is. Open questions are those of `seen`, or nothing is started.
pub struct StartAsSeen {
    pub slug: String,
    /// [`version`] of the questions with which somebody has said to start; empty where he has not.
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
    let now = counted(open.len(), "question is open now", "questions are open now");
    Problem::unusable(
        format!("{now}, and not those that were open when the box was ticked."),
        "Go through them, or tick the box again.",
    )
}
