//! Checking a round's folder as a whole: its files, its schedule, its words. Every fault is named, not only the first.

use std::path::Path;

use crate::intake::faults::Fault;
use crate::intake::folder::{self, RoundFolder};
use crate::mail::words;
use crate::rules::calendar::Almanac;
use crate::rules::outbox::MessageKind;
use crate::rules::plan::{self, Sequence};
use crate::rules::round::RoundSpec;

/// Reads a round's folder, or says everything that is wrong with it.
pub fn read(dir: &Path) -> Result<RoundFolder, Vec<Fault>> {
    let folder = folder::read(dir)?;
    let mut faults: Vec<Fault> = plan::check(&folder.spec, &Almanac::built_in())
        .into_iter()
        .map(|sentence| Fault::new("round.toml", None, sentence))
        .collect();
    if let Ok(sequence) = Sequence::prepare(&folder.spec, &Almanac::built_in()) {
        let crowded = plan::check_crowd(&folder.spec, &sequence, &folder.list.accepted);
        faults.extend(crowded.map(|sentence| Fault::new("round.toml", None, sentence)));
    }
    for (language, texts) in &folder.words {
        for (name, text) in texts {
            let file = format!("mail/{language}/{name}.md");
            for kind in kinds(name, &folder.spec) {
                let found = words::check(kind, text).into_iter().map(|sentence| Fault::new(&file, None, sentence));
                let new: Vec<Fault> = found.filter(|fault| !faults.contains(fault)).collect();
                faults.extend(new);
            }
        }
    }
    if faults.is_empty() { Ok(folder) } else { Err(faults) }
}

/// Of the messages that have this text: `reminder-2` is a reminder, and touches name theirs.
fn kinds(name: &str, spec: &RoundSpec) -> Vec<MessageKind> {
    let usual = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
    let of_touches = spec.touches.iter().filter(|t| t.words.as_deref() == Some(name)).map(|t| t.kind);
    MessageKind::parse(usual).into_iter().chain(of_touches).collect()
}
