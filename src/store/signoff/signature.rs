//! A signature as it is kept, and what of it is chained.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, RoundId, SignatureId};
use crate::rules::signoff::SignLevel;

/// The columns of [`Signature`].
macro_rules! signature_columns {
    () => {
        "id, account_id, level, fingerprint, names, signed_by, COALESCE(human_step, carried, how) AS how, came_from, evidence, recorded_by, at"
    };
}
pub(crate) use signature_columns;

row! {
    pub struct Signature {
        pub id: SignatureId,
        pub account_id: AccountId,
        pub level: SignLevel,
        pub fingerprint: String,
        pub names: i64,
        pub signed_by: String,
        /// `count` or `code`: on the page, by which human step; `link`: there, before steps were kept; `recorded`: given elsewhere;
        /// `carried`: given in the client's round before, whose list stands.
        pub how: String,
        pub came_from: String,
        pub evidence: String,
        pub recorded_by: String,
        pub at: Ts,
    }
}

/// How it was given, as the columns that keep it: on the page or elsewhere, by which human step, and whether in the round before.
pub(super) fn kept_as(how: &str) -> (&str, Option<&str>, Option<&str>) {
    match how {
        "count" | "code" => ("link", Some(how), None),
        "carried" => ("recorded", None, Some(how)),
        how => (how, None, None),
    }
}

/// Everything that a signature says.
pub fn of_signature(round: &RoundId, s: &Signature) -> Vec<String> {
    let (level, names, at) = (s.level.as_str(), s.names.to_string(), s.at.0.to_string());
    let all: [&str; 12] = [
        s.id.as_str(),
        round.as_str(),
        s.account_id.as_str(),
        level,
        &s.fingerprint,
        &names,
        &s.signed_by,
        &s.how,
        &s.came_from,
        &s.evidence,
        &s.recorded_by,
        &at,
    ];
    all.map(str::to_owned).into()
}
