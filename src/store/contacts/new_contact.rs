//! What a list or a person says about a contact who is to be written, and by which words he is found.

use serde::Serialize;

use crate::base::address::EmailAddress;
use crate::base::folding::{Findable, findable};
use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::rules::contacts::Role;

/// What a list says about a person, to insert or to correct.
#[derive(Clone, Debug, Serialize)]
pub struct NewContact {
    pub id: ContactId,
    pub round_id: RoundId,
    pub account_id: AccountId,
    pub line: i64,
    pub email: EmailAddress,
    pub first_name: String,
    pub last_name: String,
    pub job_title: String,
    pub role: Role,
    pub language: String,
    pub country: String,
    pub region: String,
    pub time_zone: String,
    pub findings: String,
    /// What the client's own system calls the person; may be empty.
    pub client_key: String,
    /// JSON: columns of the list that are none of ours.
    pub more: String,
    pub link_hash: String,
    pub opt_out_hash: String,
}

/// By which words a contact is found.
pub(crate) fn found_by(contact: &NewContact) -> Findable {
    findable(&[&contact.first_name, &contact.last_name], contact.email.as_str())
}
