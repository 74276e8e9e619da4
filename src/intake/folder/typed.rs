//! What somebody types into a form about a round, held against the same rules as its folder, so that a form and `round check` never differ.

use serde::Serialize;

use crate::intake::files::{QUESTIONNAIRE, ROUND};
use crate::rules::questionnaire::Questionnaire;
use crate::rules::round::RoundSpec;

use super::schema::TomlSheet;
use super::{questions, spec};

/// What is wrong with what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistyped {
    /// The key of `round.toml` as a path, `senders.team.email`; empty where it is about more than one.
    pub key: String,
    pub message: String,
}

/// The settings that this value says: its keys are those of `round.toml`.
pub fn settings(value: &impl Serialize) -> Result<RoundSpec, Vec<Mistyped>> {
    let unwritable =
        |why: String| vec![Mistyped { key: String::new(), message: format!("This cannot be kept: {why}.") }];
    // By way of a value, which has its tables in the order that the text wants.
    let value = toml::Value::try_from(value).map_err(|e| unwritable(e.to_string()))?;
    let text = toml::to_string(&value).map_err(|e| unwritable(e.to_string()))?;
    let mut sheet = TomlSheet::new(ROUND, &text);
    let read = spec::read(&mut sheet).0;
    read.ok_or_else(|| sheet.faults.into_iter().map(|fault| mistyped(fault.message)).collect())
}

/// A sentence begins with the key that it is about.
fn mistyped(message: String) -> Mistyped {
    let key = message.strip_prefix('`').and_then(|rest| rest.split_once('`')).map(|(key, _)| key.to_string());
    Mistyped { key: key.unwrap_or_default(), message }
}

/// The questions of a round as a file that people can change.
pub fn questions_as_text(questionnaire: &Questionnaire) -> String {
    toml::to_string(questionnaire).unwrap_or_default()
}

/// The questions that a text says, as `questionnaire.toml` has them; else what is wrong, with its line.
pub fn questions(text: &str, language: &str) -> Result<Questionnaire, Vec<(u64, String)>> {
    let mut sheet = TomlSheet::new(QUESTIONNAIRE, text);
    let read = questions::read(&mut sheet, language);
    read.filter(|_| sheet.faults.is_empty())
        .ok_or_else(|| sheet.faults.into_iter().map(|fault| (fault.line.unwrap_or(0), fault.message)).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn demo() -> Value {
        serde_json::to_value(crate::intake::demo::template().unwrap().spec).unwrap()
    }

    fn with(path: &[&str], value: Value) -> Value {
        let mut all = demo();
        let mut at = &mut all;
        for key in path {
            at = &mut at[*key];
        }
        *at = value;
        all
    }

    #[test]
    fn a_form_is_held_against_the_rules_of_the_folder_and_says_which_field_is_meant() {
        assert_eq!(settings(&demo()).unwrap(), crate::intake::demo::template().unwrap().spec);
        for (path, value) in [
            (&["client"][..], json!("")),
            (&["title"], json!("Customer sur\u{76}ey")),
            (&["round"], json!("Not a slug")),
            (&["round"], json!("new")),
            (&["minutes"], json!("soon")),
            (&["accent"], json!("red")),
            (&["language"], json!("english")),
            (&["schedule", "closes"], json!("2020-01-01")),
            (&["schedule", "time_zone"], json!("Dublin")),
            (&["signoff", "sales_director_email"], json!("dora@")),
            (&["senders", "team", "email"], json!("")),
            (&["senders", "country"], json!({"XX": {"name": "a", "email": "a@client.example"}})),
        ] {
            let wrong = settings(&with(path, value)).unwrap_err();
            assert!(wrong[0].key.starts_with(&path.join(".")), "{path:?} {wrong:?}");
        }
    }

    #[test]
    fn questions_come_back_from_their_text_as_they_were_and_faults_name_their_line() {
        let questionnaire = crate::intake::demo::template().unwrap().questionnaire;
        let text = questions_as_text(&questionnaire);
        assert_eq!(questions(&text, "en").unwrap(), questionnaire);
        let wrong = questions(&text.replacen("scale_1_7", "stars", 1), "en").unwrap_err();
        assert!(wrong.len() == 1 && wrong[0].0 > 1, "{wrong:?}");
        assert!(questions("id = ", "en").is_err() && questions("", "en").is_err());
    }
}
