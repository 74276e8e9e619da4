//! How a load and its dry run tell what becomes of a round's letters, settings, questionnaire and messages; people are told elsewhere.

use serde::Serialize;

use crate::app::output;
use crate::base::counted::{counted, form};
use crate::steps::plan::change::Messages;
use crate::steps::round::notices::{INVENTED, Notice, Notices, PROMISED};
use crate::steps::round::reload::Changed;

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
        "{verb} moves {}, adds {added}, ends {gone} and leaves {same} where {} {}; {reworded} {} differently.",
        counted(*moved, "message", "messages"),
        form(*same, "it", "they"),
        form(*same, "is", "are"),
        form(*reworded, "reads", "read"),
    ));
    said.iter().for_each(|sentence| output::line(sentence));
}

/// The findings of a folder, then what is only to be known; sentences of the demo's under one heading each.
pub fn notices(noticed: &Notices) {
    told(
        &noticed.findings,
        "",
        INVENTED,
        "These are the demo round’s and invented. Write what is yours, or remove them:",
    );
    told(
        &noticed.notes,
        "note: ",
        PROMISED,
        "These are the demo round’s and promise something in your name. Keep what you mean:",
    );
}

/// The findings alone, for those who have read the notes when they checked the folder.
pub fn findings(noticed: &Notices) {
    notices(&Notices { findings: noticed.findings.clone(), ..Notices::default() });
    match noticed.notes.len() {
        0 => {}
        1 => output::line("1 note beside; `round check` names it."),
        n => output::line(&format!("{n} notes beside; `round check` names them.")),
    }
}

fn told(all: &[Notice], before: &str, quoted: &str, heading: &str) {
    all.iter().filter(|n| n.code != quoted).for_each(|notice| output::line(&format!("{before}{notice}")));
    let quotes = all.iter().filter(|n| n.code == quoted).filter_map(|n| Some((n, n.sentence.as_ref()?)));
    let quotes: Vec<String> = quotes.map(|(n, sentence)| format!("{}: “{sentence}”", n.place())).collect();
    others(&format!("{before}{heading}"), &quotes);
}

/// A result with what was noticed in its folder, as one object.
#[derive(Serialize)]
pub struct WithNotices<'a, T> {
    #[serde(flatten)]
    pub of: &'a T,
    #[serde(flatten)]
    pub noticed: &'a Notices,
}
