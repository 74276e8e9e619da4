//! What leaves the house is on record: who took which table, folder or report of a round, and when.
//!
//! It is written before the first byte goes, so that nothing is taken that is not told; a file that then breaks off stands there as well.

use crate::base::problem::Result;
use crate::rules::export::{Format, Table};
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;

/// What is taken away of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Folder,
    Table(Table, Format),
    /// The rows that a list of the console was narrowed down to. By what is not kept: words that somebody searched for may be a name.
    PartOf(Table, Format),
    Report,
}

impl Taken {
    /// As the journal has it.
    fn words(self) -> String {
        match self {
            Taken::Folder => "the folder of the round".into(),
            Taken::Table(table, format) => format!("{}.{}", table.as_str(), format.ending()),
            Taken::PartOf(table, format) => format!("{}.{}, a part of it", table.as_str(), format.ending()),
            Taken::Report => "the report".into(),
        }
    }
}

/// Notes that something is taken away.
pub struct RecordExport {
    pub slug: String,
    pub what: Taken,
}

impl Order for RecordExport {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let live = ctx.live_by_slug(tx, &self.slug).await?;
        tx.in_round(&live.id);
        ctx.journal(tx, by, Action::Exported, Some(&live.id), live.id.as_str(), &self.what.words()).await
    }
}
