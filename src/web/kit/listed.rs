//! What is kept with a name on the list, as pages say it: the findings of the check, and who signed.

use crate::base::sentence::capitalised;
use crate::rules::contacts::Finding;

/// The name of "Carol Reed <carol.reed@nordwind.example>".
pub fn signer(signed_by: &str) -> String {
    signed_by.split(" <").next().unwrap_or(signed_by).trim().to_string()
}

/// What the check of the list had to say about a row, without the number of the row.
pub fn findings(json: &str) -> Vec<String> {
    let findings: Vec<Finding> = serde_json::from_str(json).unwrap_or_default();
    let sentence = |f: Finding| match f.message.split_once(": ") {
        Some((row, rest)) if row.starts_with("Row ") => capitalised(rest),
        _ => f.message,
    };
    findings.into_iter().map(sentence).collect()
}
