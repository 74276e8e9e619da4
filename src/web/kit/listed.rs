//! What is kept with a name on the list, as pages say it: the findings of the check, and who signed.

use crate::rules::contacts::Finding;
use crate::rules::contacts::spoken::spoken;

/// The name of "Carol Reed <carol.reed@nordwind.example>".
pub fn signer(signed_by: &str) -> String {
    signed_by.split(" <").next().unwrap_or(signed_by).trim().to_string()
}

/// What the check of the list had to say about a row, without the number of the row; in English, the language of the console.
pub fn findings(json: &str) -> Vec<String> {
    findings_in(json, "en")
}

/// The same in the language of whoever reads it, as far as we have words for it.
pub fn findings_in(json: &str, language: &str) -> Vec<String> {
    let findings: Vec<Finding> = serde_json::from_str(json).unwrap_or_default();
    findings.iter().map(|finding| spoken(finding, language)).collect()
}
