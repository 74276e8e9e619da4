//! What somebody has said about an uploaded list before it is loaded: how it is to be read, which column is which, and which rows are repaired.
//!
//! The file itself stays as it came.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::address::EmailAddress;
use crate::base::ids::UploadId;
use crate::base::problem::{Problem, Result};
use crate::intake::list::{CheckedList, Choice};
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::row::Field;
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::store::Tx;
use crate::store::contacts::uploads;
use crate::store::round::rounds;

use super::uploads::{Upload, gone, told_of_another};

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
        let kept =
            Kept { choice: self.choice, remember: self.remember, others: keeps_others(&upload), ..Kept::default() };
        uploads::choose(tx, &upload.id, &as_text(&kept)?).await?;
        told_of_another(ctx, tx, by, &upload, (Action::ChangedUploadOfAnother, "how it is read")).await
    }
}

/// What was said about how this list is to be read.
pub fn choice(upload: &Upload) -> Choice {
    serde_json::from_str(&upload.choice).unwrap_or_default()
}

/// What somebody has repaired in a row of an uploaded list with one press.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeRepair {
    pub row: u64,
    /// Of the finding that it settles.
    pub code: String,
    /// By the name of the column.
    pub fields: BTreeMap<String, String>,
}

/// What is kept beside the file. Another choice of columns is another list: its repairs are gone.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    choice: Choice,
    #[serde(default)]
    repairs: Vec<MadeRepair>,
    /// It is one of several lists of a draft.
    #[serde(default)]
    others: bool,
    /// What was said of columns, by header, for the client's next list.
    #[serde(default)]
    remember: BTreeMap<String, String>,
}

/// What was said of its columns that the client's next list is to be read by.
pub(super) fn to_remember(upload: &Upload) -> BTreeMap<String, String> {
    serde_json::from_str::<Kept>(&upload.choice).unwrap_or_default().remember
}

/// Repairs rows of a list that waits to be applied.
pub struct RepairRows {
    pub upload: Upload,
    pub repairs: Vec<MadeRepair>,
}

impl Order for RepairRows {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let round = &self.upload.round_id;
        let upload = uploads::by_id(tx, round, &self.upload.id).await?.ok_or_else(gone)?;
        let mut kept: Kept = serde_json::from_str(&upload.choice).unwrap_or_default();
        let same = |made: &MadeRepair, new: &MadeRepair| made.row == new.row && made.code == new.code;
        kept.repairs.retain(|made| !self.repairs.iter().any(|new| same(made, new)));
        kept.repairs.extend(self.repairs);
        uploads::choose(tx, &upload.id, &as_text(&kept)?).await?;
        told_of_another(ctx, tx, by, &upload, (Action::ChangedUploadOfAnother, "repaired rows")).await
    }
}

/// The list with what somebody has repaired in it.
pub fn repaired(upload: &Upload, mut list: CheckedList) -> CheckedList {
    let repairs = serde_json::from_str::<Kept>(&upload.choice).unwrap_or_default().repairs;
    if repairs.is_empty() {
        return list;
    }
    let of = |row: u64, code: &str| repairs.iter().any(|made| made.row == row && made.code == code);
    for contact in &mut list.accepted {
        let row = contact.line;
        for (field, text) in repairs.iter().filter(|made| made.row == row).flat_map(|made| &made.fields) {
            repair(contact, field, text);
        }
        contact.findings.retain(|finding| !of(row, &finding.code));
    }
    list.findings.retain(|finding| !of(finding.line, &finding.code));
    list
}

fn repair(contact: &mut ListedContact, field: &str, text: &str) {
    match Field::ALL.into_iter().find(|ours| ours.as_str() == field) {
        Some(Field::FirstName) => contact.first_name = text.into(),
        Some(Field::LastName) => contact.last_name = text.into(),
        Some(Field::TimeZone) => contact.time_zone = text.into(),
        Some(Field::Email) => {
            if let Ok(email) = EmailAddress::parse(text) {
                contact.email = email;
            }
        }
        _ => {}
    }
}

/// What is kept beside a file, as text.
pub fn as_text(choice: &impl Serialize) -> Result<String> {
    serde_json::to_string(choice).map_err(|e| Problem::internal("A choice could not be written down.").because(e))
}

/// Whether whoever is in the draft and not on this list stays.
pub fn keeps_others(upload: &Upload) -> bool {
    serde_json::from_str::<Kept>(&upload.choice).unwrap_or_default().others
}

/// A list is said to be one of several, or the only one.
pub struct KeepOthers {
    pub upload: Upload,
    pub keep: bool,
}

impl Order for KeepOthers {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let upload = uploads::by_id(tx, &self.upload.round_id, &self.upload.id).await?.ok_or_else(gone)?;
        let kept: Kept = serde_json::from_str(&upload.choice).unwrap_or_default();
        uploads::choose(tx, &upload.id, &as_text(&Kept { others: self.keep, ..kept })?).await?;
        told_of_another(ctx, tx, by, &upload, (Action::ChangedUploadOfAnother, "whether others stay")).await
    }
}
