//! Checking a round's folder as a whole: its files, its schedule, its words. Every fault is named, not only the first.

use std::path::Path;

use crate::intake::faults::Fault;
use crate::intake::folder::{self, RoundFolder};
use crate::mail::words;
use crate::rules::calendar::Almanac;
use crate::rules::outbox::MessageKind;
use crate::rules::plan;

/// Reads a round's folder, or says everything that is wrong with it.
pub fn read(dir: &Path) -> Result<RoundFolder, Vec<Fault>> {
    let folder = folder::read(dir)?;
    let mut faults: Vec<Fault> = plan::check(&folder.spec, &Almanac::built_in())
        .into_iter()
        .map(|sentence| Fault::new("round.toml", None, sentence))
        .collect();
    for (language, texts) in &folder.words {
        for (name, text) in texts {
            let file = format!("mail/{language}/{name}.md");
            // `reminder-2` is a reminder.
            let kind = MessageKind::parse(name.split('-').next().unwrap_or(name));
            let found = kind.map(|kind| words::check(kind, text)).unwrap_or_default();
            faults.extend(found.into_iter().map(|sentence| Fault::new(&file, None, sentence)));
        }
    }
    if faults.is_empty() { Ok(folder) } else { Err(faults) }
}
