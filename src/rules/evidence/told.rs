//! How the journal tells of a signature, so that its chain covers who signed, from where, and every name.

use crate::base::counted::counted;
use crate::rules::journal::Action;
use crate::rules::signoff::SignLevel;

use super::record::{EntryRecord, Signed, digest};

/// So much of a fingerprint stands in an entry.
const LIST: usize = 12;

/// The detail of the entry that tells of a signature.
pub fn detail(signed: &Signed) -> String {
    let list = begins(&signed.fingerprint);
    format!("{}, list {list}, signature {}", counted(signed.names, "name", "names"), digest(signed))
}

pub(super) fn action(level: SignLevel) -> Action {
    match level {
        SignLevel::Director => Action::SignedOff,
        SignLevel::SalesDirector => Action::CounterSigned,
    }
}

fn begins(fingerprint: &str) -> &str {
    fingerprint.get(..LIST).unwrap_or(fingerprint)
}

/// Which signature an entry tells of; none of an entry that tells of something else. Entries of earlier versions name the list alone.
pub(super) fn of_entry(entry: &EntryRecord) -> Option<String> {
    let level =
        [SignLevel::Director, SignLevel::SalesDirector].into_iter().find(|l| action(*l).as_str() == entry.action)?;
    if let Some((_, sha256)) = entry.detail.rsplit_once(", signature ") {
        return Some(sha256.into());
    }
    let (_, list) = entry.detail.rsplit_once(", list ")?;
    Some(of_list(level, &entry.subject, list))
}

/// How entries of earlier versions name this signature.
pub(super) fn without_its_seal(signed: &Signed) -> String {
    of_list(signed.level, signed.account.as_str(), begins(&signed.fingerprint))
}

fn of_list(level: SignLevel, account: &str, list: &str) -> String {
    format!("{} {account} {list}", level.as_str())
}
