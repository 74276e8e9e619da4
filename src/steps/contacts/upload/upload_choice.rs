//! What somebody has said about an uploaded list before it is loaded: how it is to be read, which column is which, and which rows are repaired.
//!
//! The file itself stays as it came. A repair holds as long as its table and the columns that it changes are read as when it was made: by
//! another sheet, encoding or meaning of these columns the list is without it, and has it again when it is read as before.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::base::ids::UploadId;
use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::intake::list::{Choice, ColumnLook, FileLook, Repairs};
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
    /// All that were made, also those that do not hold as the list is read now.
    #[serde(default)]
    repairs: Vec<MadeRepair>,
    /// Whether whoever is in the draft and not on this list stays, once somebody has said so.
    #[serde(default)]
    keep_others: Option<bool>,
    /// What was said of columns, by header, for the client's next list.
    #[serde(default)]
    remember: BTreeMap<String, String>,
    /// The column of the client's keys that is not used, and why, as all rows told when the columns were chosen.
    #[serde(default)]
    no_key: Option<(String, String)>,
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
    /// The finding kept its row out.
    #[serde(default)]
    pub error: bool,
    /// As what its columns were read when it was made.
    #[serde(default)]
    pub read_as: String,
}

/// How a list is to be read, as somebody has said on its page; what he said of columns is remembered for the client once it is loaded.
pub struct ChooseColumns {
    pub slug: String,
    pub upload: UploadId,
    pub choice: Choice,
    /// Only what is new, when the list is loaded: a press on the button says nothing about columns that were clear.
    pub remember: BTreeMap<String, String>,
    /// The column of keys that all rows together show to be none, by its header, and why.
    pub no_key: Option<(String, String)>,
}

impl Order for ChooseColumns {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let round = rounds::by_slug(tx, &self.slug).await?.ok_or_else(|| unknown(&self.slug))?;
        let upload = uploads::by_id(tx, &round.id, &self.upload).await?.ok_or_else(gone)?;
        let ChooseColumns { choice, remember, no_key, .. } = self;
        Kept { choice, remember, no_key, ..Kept::of(&upload) }.save(tx, &upload).await?;
        told_of_another(ctx, tx, by, &upload, (Action::ChangedUploadOfAnother, "how it is read")).await
    }
}

/// What was said about how this list is to be read.
pub fn choice(upload: &Upload) -> Choice {
    Kept::of(upload).choice
}

/// The column of keys that is not used, and why.
pub fn no_key(upload: &Upload) -> Option<(String, String)> {
    Kept::of(upload).no_key
}

/// What a list is read as: its table (sheet, letters and header), and what each column of it is.
#[derive(Clone, Debug, Default)]
pub struct ReadAs {
    table: String,
    /// Our column by header, as they stand in the file.
    columns: Vec<(String, &'static str)>,
}

impl ReadAs {
    pub fn of(look: &FileLook) -> ReadAs {
        let headers: Vec<&str> = look.columns.iter().map(|column| column.header.as_str()).collect();
        let table = sha256(format!("{:?} {:?} {} {headers:?}", look.sheet, look.encoding, look.header_row));
        let is = |column: &ColumnLook| (column.header.clone(), column.field.map_or("", Field::as_str));
        ReadAs { table, columns: look.columns.iter().map(is).collect() }
    }

    /// The same for every meaning of its columns: what a form about columns was made for.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// With the meaning of every column: what a form about rows was made for.
    pub fn whole(&self) -> String {
        sha256(format!("{} {:?}", self.table, self.columns))
    }

    /// What a repair of these columns depends on. A name may stand in one column or in two.
    fn under(&self, fields: &BTreeMap<String, String>) -> String {
        const NAMES: [Field; 3] = [Field::FirstName, Field::LastName, Field::FullName];
        let of_a_name = |name: &str| NAMES.iter().any(|field| field.as_str() == name);
        let a_name = fields.keys().any(|field| of_a_name(field));
        let concerned = |field: &str| fields.contains_key(field) || (a_name && of_a_name(field));
        let columns: Vec<_> = self.columns.iter().filter(|(_, field)| concerned(field)).collect();
        sha256(format!("{} {columns:?}", self.table))
    }

    fn holds(&self, made: &MadeRepair) -> bool {
        made.read_as == self.under(&made.fields)
    }
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

/// What was repaired and holds as the list is read now, in the order in which it was done.
pub fn made(upload: &Upload, read_as: &ReadAs) -> Vec<MadeRepair> {
    Kept::of(upload).repairs.into_iter().filter(|made| read_as.holds(made)).collect()
}

/// How many repairs were made while it was read otherwise, and do not hold now.
pub fn made_otherwise(upload: &Upload, read_as: &ReadAs) -> usize {
    Kept::of(upload).repairs.iter().filter(|made| !read_as.holds(made)).count()
}

/// What was repaired, for the reader of the list.
pub fn repairs(upload: &Upload, read_as: &ReadAs) -> Repairs {
    let mut repairs = Repairs::default();
    for made in made(upload, read_as) {
        repairs.add(made.row, (&made.code, &made.field), &made.fields);
    }
    repairs
}

/// Repairs rows of a list that waits to be applied.
pub struct RepairRows {
    pub upload: Upload,
    /// As what the list was read when somebody saw them.
    pub read_as: ReadAs,
    pub repairs: Vec<MadeRepair>,
}

impl Order for RepairRows {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let upload = uploads::by_id(tx, &self.upload.round_id, &self.upload.id).await?.ok_or_else(gone)?;
        let mut kept = Kept::of(&upload);
        let RepairRows { read_as, mut repairs, .. } = self;
        repairs.iter_mut().for_each(|made| made.read_as = read_as.under(&made.fields));
        let new: HashSet<(u64, &str, &str)> = repairs.iter().map(told).collect();
        kept.repairs.retain(|made| !read_as.holds(made) || !new.contains(&told(made)));
        kept.repairs.extend(repairs);
        kept.save(tx, &upload).await?;
        told_of_another(ctx, tx, by, &upload, (Action::ChangedUploadOfAnother, "repaired rows")).await
    }
}

fn told(made: &MadeRepair) -> (u64, &str, &str) {
    (made.row, &made.code, &made.field)
}

/// Takes back what was repaired and holds: in a row, or in all of them.
pub struct TakeBackRepairs {
    pub upload: Upload,
    pub read_as: ReadAs,
    pub row: Option<u64>,
}

impl Order for TakeBackRepairs {
    /// How many were taken back.
    type Done = usize;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<usize> {
        let upload = uploads::by_id(tx, &self.upload.round_id, &self.upload.id).await?.ok_or_else(gone)?;
        let mut kept = Kept::of(&upload);
        let before = kept.repairs.len();
        kept.repairs.retain(|made| !self.read_as.holds(made) || self.row.is_some_and(|row| row != made.row));
        let taken_back = before - kept.repairs.len();
        if taken_back > 0 {
            kept.save(tx, &upload).await?;
            told_of_another(ctx, tx, by, &upload, (Action::ChangedUploadOfAnother, "took repairs back")).await?;
        }
        Ok(taken_back)
    }
}

/// What is kept beside a file, as text.
pub fn as_text(choice: &impl Serialize) -> Result<String> {
    serde_json::to_string(choice).map_err(|e| Problem::internal("A choice could not be written down.").because(e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::list;

    fn read_as(header: &str, choice: &[(&str, &str)]) -> ReadAs {
        let columns = choice.iter().map(|(header, field)| (header.to_string(), field.to_string())).collect();
        let text = format!("{header}\nGlobex,Ann Lee,ann@globex.example,A,d@client.example\n");
        ReadAs::of(&list::look(text.as_bytes(), "l.csv", &Choice { columns, ..Choice::default() }).unwrap())
    }

    #[test]
    fn a_repair_holds_while_its_own_columns_are_read_as_they_were() {
        const HEADER: &str = "account,name,email,Segment,account_director_email";
        let repair = |field: &str| MadeRepair {
            row: 2,
            code: "c".into(),
            field: field.into(),
            fields: [(field.to_string(), "x".to_string())].into(),
            error: false,
            read_as: read_as(HEADER, &[]).under(&[(field.to_string(), "x".to_string())].into()),
        };
        let other = read_as(HEADER, &[("Segment", "job_title")]);
        assert!(
            other.holds(&repair("email")) && other.holds(&repair("first_name")),
            "another column is none of theirs"
        );
        assert_ne!(other.whole(), read_as(HEADER, &[]).whole());
        assert_eq!(other.table(), read_as(HEADER, &[]).table());
        let moved = read_as(HEADER, &[("Segment", "email"), ("email", "")]);
        assert!(!moved.holds(&repair("email")) && moved.holds(&repair("first_name")));
        let named = read_as(HEADER, &[("Segment", "last_name"), ("name", "first_name")]);
        assert!(named.holds(&repair("email")) && !named.holds(&repair("first_name")));
        assert!(!read_as(&HEADER.replace("Segment", "Grade"), &[]).holds(&repair("email")), "another table");
    }
}
