//! The demo round, compiled in, so that `demo` needs no set-up wherever the program stands. It is the folder `config/demo`.

use std::fs;
use std::path::Path;

use crate::base::problem::{Problem, Result};
use crate::intake::files::{QUESTIONNAIRE, ROUND};
use crate::intake::folder::schema::TomlSheet;
use crate::intake::folder::{spec, texts, typed};
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

/// What a round says, but for its list.
#[derive(Clone, Debug)]
pub struct Template {
    pub spec: RoundSpec,
    pub questionnaire: Questionnaire,
    pub words: Words,
}

/// The demo round without its people.
pub fn template() -> Result<Template> {
    let text = |file: &str| FILES.iter().find(|(name, _)| *name == file).map_or("", |(_, bytes)| utf8(bytes));
    let mut faults = Vec::new();
    let mut sheet = TomlSheet::new(ROUND, text(ROUND));
    let (spec, _) = spec::read(&mut sheet);
    let questionnaire = typed::questions(text(QUESTIONNAIRE), "en").ok();
    let mut words = Words::new();
    for (name, bytes) in FILES {
        let Some((language, file)) = name.strip_prefix("mail/").and_then(|rest| rest.split_once('/')) else { continue };
        let Some(name) = file.strip_suffix(".md") else { continue };
        if let Some(text) = texts::parse(file, utf8(bytes), &mut faults) {
            words.entry(language.into()).or_default().insert(name.into(), text);
        }
    }
    match (spec, questionnaire) {
        (Some(spec), Some(questionnaire)) if faults.is_empty() => Ok(Template { spec, questionnaire, words }),
        _ => Err(Problem::internal("The template of a round cannot be read.")),
    }
}

fn utf8(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

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
        let read = crate::intake::folder::read(&folder).unwrap();
        let template = template().unwrap();
        assert!(
            read.spec == template.spec && read.words == template.words && read.questionnaire == template.questionnaire
        );
    }
}
