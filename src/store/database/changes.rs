//! The changes of all programs on this database, for those of the others: one row for each stage of each round, with the number of the
//! commit that changed it last.
//!
//! Numbers grow in the order in which commits become visible, because writers take turns (`writer.rs`): whoever has seen a number has
//! missed none below it. The table has as many rows as there are rounds and stages, however much is written (docs/decisions/0039).

use std::collections::BTreeSet;

use serde::Serialize;

use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::rules::change::{Change, Stage};

use super::tx::{Tx, json};

row! {
    pub struct ChangeRow {
        pub round: String,
        pub stage: String,
        pub seq: i64,
    }
}

impl ChangeRow {
    /// None for a stage that a newer version knows.
    pub fn change(&self) -> Option<Change> {
        let round = (!self.round.is_empty()).then(|| self.round.as_str().into());
        Stage::parse(&self.stage).map(|stage| Change { round, stage })
    }
}

/// Writes what a commit changes, in its transaction, under the next number; returns that number.
pub(crate) async fn write(tx: &mut Tx, changes: &BTreeSet<Change>) -> Result<i64> {
    #[derive(Serialize)]
    struct Row<'a> {
        round: Option<&'a RoundId>,
        stage: &'a str,
    }
    let rows = changes.iter().map(|c| Row { round: c.round.as_ref(), stage: c.stage.as_str() });
    let written: Vec<ChangeRow> = all!(
        tx,
        "INSERT INTO change (round, stage, seq)
         SELECT COALESCE(value ->> 'round', ''), value ->> 'stage', (SELECT COALESCE(max(seq), 0) + 1 FROM change) FROM json_each($1) WHERE 1 = 1
         ON CONFLICT (round, stage) DO UPDATE SET seq = excluded.seq
         RETURNING round, stage, seq",
        json(&rows.collect::<Vec<_>>())?
    )?;
    Ok(written.into_iter().map(|row| row.seq).max().unwrap_or(0))
}

/// The number of the last commit that changed anything.
pub async fn last(tx: &mut Tx) -> Result<i64> {
    let (seq,): (i64,) = one!(tx, "SELECT COALESCE(max(seq), 0) FROM change")?;
    Ok(seq)
}

/// What was changed after that commit.
pub(crate) async fn after(tx: &mut Tx, seq: i64) -> Result<Vec<ChangeRow>> {
    all!(tx, "SELECT round, stage, seq FROM change WHERE seq > $1 ORDER BY seq, round, stage", seq)
}
