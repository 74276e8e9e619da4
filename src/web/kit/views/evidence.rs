//! The evidence of a round as a page that is a file: whole in itself, fetches nothing, and is fit for paper.

use askama::Template;

use crate::base::problem::{Problem, Result};

use super::frame::plural;

/// Not served: `soundings evidence export` writes it beside the file that is checked.
#[derive(Template)]
#[template(path = "pages/signoff/evidence.html")]
pub struct EvidencePage {
    /// Pages that are served have it as a file of its own.
    pub style: &'static str,
    pub client: String,
    pub title: String,
    /// As commands name the round.
    pub round: String,
    /// "8 February 2027 to 5 March 2027".
    pub dates: String,
    pub as_of: String,
    /// "Record 1f3a 90bc ..., entry 12".
    pub record: String,
    /// Of the whole file that is checked.
    pub sha256: String,
    pub accounts: Vec<EvidenceAccount>,
    pub delegations: Vec<EvidenceDelegation>,
    pub signatures: Vec<EvidenceSignature>,
    /// How many entries tell of what contacts did, and are not shown.
    pub withheld: usize,
    pub journal: Vec<EvidenceEntry>,
}

pub struct EvidenceAccount {
    pub name: String,
    pub director: String,
    pub director_email: String,
    pub strategic: bool,
    /// In words.
    pub standing: &'static str,
    pub names: i64,
}

pub struct EvidenceDelegation {
    pub n: u64,
    pub to: String,
    /// For whom, at which level.
    pub of: String,
    /// An account, or all of them.
    pub accounts: String,
    /// When, by whom, from where.
    pub asked: String,
    /// When and by whom; empty while it holds.
    pub ended: String,
}

pub struct EvidenceSignature {
    pub n: u64,
    pub account: String,
    /// "Account director" or "Sales director".
    pub level: &'static str,
    pub by: String,
    pub at: String,
    /// By which human step, or where it was given.
    pub how: String,
    pub fingerprint: String,
    /// With which signature it is compared.
    pub since: Option<u64>,
    pub changes: Vec<String>,
    /// None where the list was not kept.
    pub names: Option<Vec<EvidenceName>>,
    pub count: i64,
}

pub struct EvidenceName {
    pub name: String,
    pub email: String,
    pub job_title: String,
    pub role: &'static str,
    /// Language, country, region, time zone.
    pub place: String,
}

pub struct EvidenceEntry {
    pub n: i64,
    pub at: String,
    /// None where it is withheld.
    pub told: Option<EvidenceTold>,
    /// Its beginning, as pages show it.
    pub hash: String,
}

pub struct EvidenceTold {
    pub actor: String,
    pub action: String,
    pub detail: String,
}

impl EvidencePage {
    pub fn html(&self) -> Result<String> {
        self.render().map_err(|e| Problem::internal("The evidence could not be put on a page.").because(e))
    }

    /// "3 signatures on 5 accounts".
    fn counted(&self) -> String {
        let accounts = plural(self.accounts.len(), "account", "accounts");
        format!("{} on {accounts}", plural(self.signatures.len(), "signature", "signatures"))
    }
}
