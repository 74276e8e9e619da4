//! What a signature approves about one person, and the fingerprint of an exact list.

use serde::{Deserialize, Serialize};

use crate::base::seal::sha256;
use crate::rules::contacts::Role;

/// What a signature approves about one person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SignedName {
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub job_title: String,
    pub role: Role,
    pub language: String,
    pub country: String,
    pub time_zone: String,
    /// Left out where there is none, so that the signatures from before there were regions hold.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub region: String,
}

/// The fingerprint of an exact list: SHA-256 over its names in the order of their addresses, so that the order of the
/// list does not matter and every letter of it does. A name that moved to another account changes both lists.
pub fn fingerprint(account: &str, names: &[SignedName]) -> String {
    let mut names: Vec<&SignedName> = names.iter().collect();
    names.sort();
    sha256(serde_json::json!([account, names]).to_string())
}
