//! The demo round, compiled in, so that `demo` needs no set-up wherever the program stands. It is the folder `config/demo`.

use std::fs;
use std::path::Path;

use crate::base::problem::{Problem, Result};
use crate::intake::files::{Files, Source};
use crate::intake::folder;
use crate::rules::questionnaire::Questionnaire;
use crate::rules::round::{RoundSpec, Words};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("../../config/demo/", $name)).as_slice())),*]
    };
}

const FILES: [(&str, &[u8]); 27] = files![
    "contacts.csv",
    "mail/de/invitation.md",
    "mail/de/reminder-2.md",
    "mail/de/reminder-3.md",
    "mail/de/reminder-4.md",
    "mail/de/reminder.md",
    "mail/de/thank_you.md",
    "mail/de/warm_up.md",
    "mail/en/counter_sign.md",
    "mail/en/digest.md",
    "mail/en/invitation.md",
    "mail/en/reminder-2.md",
    "mail/en/reminder-3.md",
    "mail/en/reminder-4.md",
    "mail/en/reminder.md",
    "mail/en/sign_off.md",
    "mail/en/thank_you.md",
    "mail/en/warm_up.md",
    "mail/fr/invitation.md",
    "mail/fr/reminder-2.md",
    "mail/fr/reminder-3.md",
    "mail/fr/reminder-4.md",
    "mail/fr/reminder.md",
    "mail/fr/thank_you.md",
    "mail/fr/warm_up.md",
    "questionnaire.toml",
    "round.toml",
];

/// Writes the demo round's folder.
pub fn write(dir: &Path) -> Result<()> {
    let cannot = |e: std::io::Error| {
        Problem::unusable(format!("The folder {} cannot be written.", dir.display()), "Name another one.").because(e)
    };
    for (name, bytes) in FILES {
        let path = dir.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(cannot)?;
        }
        fs::write(&path, bytes).map_err(cannot)?;
    }
    Ok(())
}

/// The demo round's settings, questions and texts: the template of a round that is made in the browser.
pub fn content() -> Result<(RoundSpec, Questionnaire, Words)> {
    let files: Files = FILES.into_iter().map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).collect();
    let mut faults = Vec::new();
    let read = folder::content(Source::Memory(&files), &mut faults);
    read.filter(|_| faults.is_empty()).ok_or_else(|| Problem::internal("The template of a round has faults."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_compiled_in() {
        fn count(dir: &Path) -> usize {
            let entries = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
            entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
        assert_eq!(FILES.len(), count(&folder));
        assert!(crate::intake::folder::read(&folder).is_ok());
    }
}
