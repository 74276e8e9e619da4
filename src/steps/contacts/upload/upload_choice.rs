//! What somebody has said about an uploaded list before it is loaded: how it is to be read, which column is which, and which rows are repaired.
//!
//! The file itself stays as it came. Repairs are of the table in which they were made: read with another sheet, encoding or column, the list
//! is without them, and has them again when it is read as before.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::base::ids::UploadId;
use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::intake::list::{Choice, FileLook, Repairs};
use crate::rules::contacts::row::Field;
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::store::Tx;
use crate::store::contacts::uploads;
use crate::store::round::rounds;

use crate::steps::contacts::upload::{Upload, gone, told_of_another};

/// What is kept beside the file.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    choice: Choice,
    #[serde(default)]
    repairs: Vec<MadeRepair>,
    /// The table in which they were made.
    #[serde(default)]
    read_as: String,
    /// Whether whoever is in the draft and not on this list stays, once somebody has said so.
    #[serde(default)]
    keep_others: Option<bool>,
    /// What was said of columns, by header, for the client's next list.
    #[serde(default)]
    remember: BTreeMap<String, String>,
}

impl Kept {
    fn of(upload: &Upload) -> Kept {
        serde_json::from_str(&upload.choice).unwrap_or_default()
    }

    async fn save(&self, tx: &mut Tx, upload: &Upload) -> Result<()> {
        match uploads::choose(tx, &upload.round_id, &upload.id, &as_text(self)?).await? {
            0 => Err(gone()),
            _ => Ok(()),
        }
    }
}

/// What somebody has repaired in a row of an uploaded list with one press.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeRepair {
    pub row: u64,
    /// Code and field of the finding that it settles.
    pub code: String,
    #[serde(default)]
    pub field: String,
    /// By the name of the column.
    pub fields: BTreeMap<String, String>,
}

/// How a list is to be read, as somebody has said on its page; what he said of columns is remembered for the client once it is loaded.
pub struct ChooseColumns {
    pub slug: String,
    pub upload: UploadId,
    pub choice: Choice,
    /// Only what is new, when the list is loaded: a press on the button says nothing about columns that were clear.
    pub remember: BTreeMap<String, String>,
}

impl Order for ChooseColumns {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let round = rounds::by_slug(tx, &self.slug).await?.ok_or_else(|| unknown(&self.slug))?;
        let upload = uploads::by_id(tx, &round.id, &self.upload).await?.ok_or_else(gone)?;
        Kept { choice: self.choice, remember: self.remember, ..Kept::of(&upload) }.save(tx, &upload).await?;
        told_of_another(ctx, tx, by, &upload, (Action::ChangedUploadOfAnother, "how it is read")).await
    }
}

/// What was said about how this list is to be read.
pub fn choice(upload: &Upload) -> Choice {
    Kept::of(upload).choice
}

/// The table that a list is read as: its sheet, its letters, its header and what each column is.
pub fn read_as(look: &FileLook) -> String {
    let columns: Vec<(&str, &str)> =
        look.columns.iter().map(|column| (column.header.as_str(), column.field.map_or("", Field::as_str))).collect();
    sha256(format!("{:?} {:?} {} {columns:?}", look.sheet, look.encoding, look.header_row))
}

/// What was said of its columns that the client's next list is to be read by.
pub(in crate::contacts) fn to_remember(upload: &Upload) -> BTreeMap<String, String> {
    Kept::of(upload).remember
}

/// Whether whoever is in the draft and not on this list stays; nothing where nobody has said it.
pub fn keeps_others(upload: &Upload) -> Option<bool> {
    Kept::of(upload).keep_others
}

/// A list is said to be one of several, or the whole one.
pub struct KeepOthers {
    pub upload: Upload,
    pub keep: bool,
}

impl Order for KeepOthers {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let upload = uploads::by_id(tx, &self.upload.round_id, &self.upload.id).await?.ok_or_else(gone)?;
        Kept { keep_others: Some(self.keep), ..Kept::of(&upload) }.save(tx, &upload).await?;
        told_of_another(ctx, tx, by, &upload, (Action::ChangedUploadOfAnother, "whether others stay")).await
    }
}

/// What was repaired in this table.
pub fn repairs(upload: &Upload, read_as: &str) -> Repairs {
    let kept = Kept::of(upload);
    let mut repairs = Repairs::default();
    for made in kept.repairs.iter().filter(|_| kept.read_as == read_as) {
        repairs.add(made.row, (&made.code, &made.field), &made.fields);
    }
    repairs
}

/// Repairs rows of a list that waits to be applied.
pub struct RepairRows {
    pub upload: Upload,
    /// The table in which somebody has seen them.
    pub read_as: String,
    pub repairs: Vec<MadeRepair>,
}

impl Order for RepairRows {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let upload = uploads::by_id(tx, &self.upload.round_id, &self.upload.id).await?.ok_or_else(gone)?;
        let mut kept = Kept::of(&upload);
        if kept.read_as != self.read_as {
            (kept.repairs, kept.read_as) = (Vec::new(), self.read_as);
        }
        let new: HashSet<(u64, &str, &str)> = self.repairs.iter().map(told).collect();
        kept.repairs.retain(|made| !new.contains(&told(made)));
        kept.repairs.extend(self.repairs);
        kept.save(tx, &upload).await?;
        told_of_another(ctx, tx, by, &upload, (Action::ChangedUploadOfAnother, "repaired rows")).await
    }
}

fn told(made: &MadeRepair) -> (u64, &str, &str) {
    (made.row, &made.code, &made.field)
}

/// Takes back what was repaired: in a row, or in all of them.
pub struct TakeBackRepairs {
    pub upload: Upload,
    pub row: Option<u64>,
}

impl Order for TakeBackRepairs {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let upload = uploads::by_id(tx, &self.upload.round_id, &self.upload.id).await?.ok_or_else(gone)?;
        let mut kept = Kept::of(&upload);
        kept.repairs.retain(|made| self.row.is_some_and(|row| row != made.row));
        kept.save(tx, &upload).await?;
        told_of_another(ctx, tx, by, &upload, (Action::ChangedUploadOfAnother, "took repairs back")).await
    }
}

/// What is kept beside a file, as text.
pub fn as_text(choice: &impl Serialize) -> Result<String> {
    serde_json::to_string(choice).map_err(|e| Problem::internal("A choice could not be written down.").because(e))
}
