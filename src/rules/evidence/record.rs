//! What an evidence file says of a round, an account, a signature and an entry of the journal, and the one way in which each is written.
//!
//! Fields stand in the order in which they are written; a new one changes every SHA-256 and makes a new version of the file.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, EntryId, RoundId, SignatureId};
use crate::base::seal::sha256;
use crate::rules::signoff::{Listed, SignLevel, Standing};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundRecord {
    pub id: RoundId,
    /// As commands and addresses name it.
    pub name: String,
    pub client: String,
    pub title: String,
    pub opens: NaiveDate,
    pub closes: NaiveDate,
    pub made_at: Ts,
    pub started_at: Option<Ts>,
    pub closed_at: Option<Ts>,
    /// When the file was written.
    pub as_of: Ts,
    /// The end of the round's journal, as it is kept beside it.
    pub entries: i64,
    pub head: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountRecord {
    pub id: AccountId,
    pub name: String,
    pub director: String,
    pub director_email: String,
    pub strategic: bool,
    pub standing: Standing,
    /// How many are on its list, and the fingerprint of it as it is now.
    pub names: i64,
    pub fingerprint: String,
}

/// A signature with the list that it covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    pub id: SignatureId,
    pub account: AccountId,
    /// As the account was called then; the fingerprint covers it. None where an earlier version did not keep it and the account has another
    /// name since.
    pub account_name: Option<String>,
    pub level: SignLevel,
    pub signed_by: String,
    pub at: Ts,
    /// `link`: on the page, with the human step; `recorded`: given elsewhere.
    pub how: String,
    pub came_from: String,
    pub evidence: String,
    pub recorded_by: String,
    pub names: i64,
    pub fingerprint: String,
    /// In the order in which the fingerprint goes through it; none where the list was not kept.
    pub list: Option<Vec<Listed>>,
}

impl Signed {
    /// With its list in order.
    pub fn in_order(mut self) -> Signed {
        if let Some(list) = &mut self.list {
            list.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        }
        self
    }
}

/// What an entry of the journal says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryRecord {
    pub id: EntryId,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
}

/// The place of an entry among those of its round. What the entry says is in it by its SHA-256 alone, so that it can be withheld.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceRecord {
    pub n: i64,
    /// The SHA-256 of the place before; of the first one, the round's id.
    pub before: String,
    pub at: Ts,
    /// Whether it tells of what a contact did. No other entry may be withheld.
    pub private: bool,
    /// As [`Told::sha256`] gives it.
    pub content: String,
}

/// What an entry says, with what keeps it from being guessed where it is withheld.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Random, of this entry alone.
    pub salt: String,
    pub entry: EntryRecord,
}

impl Told {
    pub fn sha256(&self) -> String {
        digest(&(&self.salt, &self.entry))
    }
}

/// An entry as a file has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryLine {
    pub record: PlaceRecord,
    pub sha256: String,
    /// None where it is withheld.
    pub told: Option<Told>,
}

/// A record and its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed<T> {
    pub record: T,
    pub sha256: String,
}

impl<T: Serialize> Sealed<T> {
    pub fn of(record: T) -> Sealed<T> {
        Sealed { sha256: digest(&record), record }
    }
}

/// A signature as a file has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureLine {
    pub n: u64,
    /// The number of the signature of this level on this account before it.
    pub since: Option<u64>,
    /// What differs from the list that was signed then, in sentences.
    pub changes: Vec<String>,
    pub record: Signed,
    pub sha256: String,
}

/// The SHA-256 of a record as it is written.
pub fn digest(record: &impl Serialize) -> String {
    sha256(written(record))
}

/// The one way in which a value is written: no space, no letter as an escape that need not be one.
pub(super) fn written(value: &impl Serialize) -> String {
    // Only maps with keys that are no text fail, and none is in here.
    serde_json::to_string(value).unwrap_or_default()
}
