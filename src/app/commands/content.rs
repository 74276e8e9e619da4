//! How a load and its dry run tell what becomes of a round's letters, settings, questionnaire and messages; people are told elsewhere.

use serde::Serialize;

use crate::app::output;
use crate::steps::change::Messages;
use crate::steps::notices::Notices;
use crate::steps::reload::Changed;

/// "Letters: 1 changed (en/reminder). Settings: none changed. Questionnaire: unchanged."
pub fn changed(changed: &Changed) {
    let counted = |what: &str, all: &[String], by: &str| match all.len() {
        0 => format!("{what}: none changed."),
        n => format!("{what}: {n} changed ({}).", all.join(by)),
    };
    let questionnaire = match changed.questionnaire.as_slice() {
        [] => "Questionnaire: unchanged.".to_string(),
        all => format!("Questionnaire: changed ({}).", all.join("; ")),
    };
    let parts =
        [counted("Letters", &changed.letters, ", "), counted("Settings", &changed.settings, "; "), questionnaire];
    output::line(&parts.join(" "));
}

/// What people have changed in the round, and what becomes of it.
pub fn others(heading: &str, what: &[String]) {
    if !what.is_empty() {
        output::line(heading);
        what.iter().for_each(|line| output::line(&format!("  {line}")));
    }
}

pub fn messages(verb: &str, messages: &Messages, said: &[String]) {
    let Messages { moved, added, gone, same, reworded } = messages;
    output::line(&format!(
        "{verb} moves {moved} messages, adds {added}, ends {gone} and leaves {same} as they are; {reworded} read differently."
    ));
    said.iter().for_each(|sentence| output::line(sentence));
}

/// The findings of a folder first, then what is only to be known.
pub fn notices(noticed: &Notices) {
    noticed.findings.iter().for_each(|finding| output::line(&finding.to_string()));
    noticed.notes.iter().for_each(|note| output::line(&format!("note: {note}")));
}

/// A result with what was noticed in its folder, as one object.
#[derive(Serialize)]
pub struct WithNotices<'a, T> {
    #[serde(flatten)]
    pub of: &'a T,
    #[serde(flatten)]
    pub noticed: &'a Notices,
}
