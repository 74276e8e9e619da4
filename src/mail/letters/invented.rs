//! Values for a text of which nobody is the reader yet: those of an invented person, in the language of the text. For previews, and for whoever
//! approves letters before there is a list.

use chrono::NaiveDate;

use crate::mail::dates::day;
use crate::rules::message::MessageKind;

use super::placeholders::{Values, is_number, known};

/// As placeholders have them.
pub const FIRST_NAME: &str = "Maria";
pub const LAST_NAME: &str = "Keller";
pub const ACCOUNT: &str = "Example Industries";
pub const MANAGER: &str = "Jonas Weber";
pub const PREDECESSOR: &str = "Peter Hansen";

/// One for every placeholder of the kind.
pub fn invented(kind: MessageKind, language: &str, link: &str) -> Values {
    known(kind).iter().map(|name| (*name, value(name, language, link))).collect()
}

fn value(name: &str, language: &str, link: &str) -> String {
    match name {
        "link" | "opt_out_link" => link.into(),
        "first_name" => FIRST_NAME.into(),
        "last_name" => LAST_NAME.into(),
        "account" => ACCOUNT.into(),
        "account_manager" | "manager_name" => MANAGER.into(),
        "predecessor" => PREDECESSOR.into(),
        "list" => format!("{ACCOUNT}\nSample & Sons\nMuster GmbH"),
        "code" => "004211".into(),
        "rate" => "62 %".into(),
        "record" => "2027-0042".into(),
        "opening_day" | "sign_by" | "closing_day" => {
            NaiveDate::from_ymd_opt(2027, 2, 8).map_or_else(String::new, |date| day(date, language))
        }
        // A mail that nobody was asked for before.
        "asked" => "1".into(),
        "changed_names" => "2".into(),
        "for_whom" => "Anna Berg".into(),
        // Sentences that some of these mails have and others do not.
        "answers_in" | "begun" | "ready_text" | "next" | "lost" | "changed_since_last_year" => String::new(),
        name if is_number(name) => "12".into(),
        _ => format!("{FIRST_NAME} {LAST_NAME}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::mail::letters::colour::Look;
    use crate::mail::letters::frame::{PlanToApprove, Surroundings, letter, login, plan as plan_mail};
    use crate::mail::letters::rendering::render;
    use crate::mail::letters::usual;
    use crate::rules::letters::{Advice, MadeLetter, advice};
    use crate::rules::round::OCCASIONS;

    use super::*;

    /// What is found of a letter as it leaves, but for the length of its subject, which is the round's title in it.
    fn found(kind: MessageKind, language: &str, text: &crate::rules::round::MailText) -> Advice {
        let link = "https://soundings.example/x";
        let values = invented(kind, language, link);
        let made = render(kind, text, &values, &Look::new("", language)).unwrap();
        let around = Surroundings {
            kind,
            language,
            client: "Northwind",
            title: "Your view of us",
            account: ACCOUNT,
            opt_out_link: Some(link),
        };
        let made = letter(&made, &around).unwrap();
        let own_pages = "https://soundings.example";
        let mut found = advice(&MadeLetter { subject: &made.subject, text: &made.text, html: &made.html, own_pages });
        found.better.retain(|sentence| !sentence.starts_with("The subject has"));
        found
    }

    #[test]
    fn m13_every_text_of_ours_can_be_read_in_every_program() {
        for (language, texts) in usual::texts() {
            for (name, kind) in OCCASIONS {
                assert_eq!(found(kind, language, &texts[name]), Advice::default(), "{language}/{name}");
            }
        }
    }

    #[test]
    fn m13_the_texts_of_the_demo_can_too() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/demo/mail");
        let mut read = 0;
        for language in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
            for file in std::fs::read_dir(language.path()).unwrap().map(|entry| entry.unwrap().path()) {
                let name = file.file_stem().unwrap().to_string_lossy().into_owned();
                let kind = MessageKind::parse(name.split('-').next().unwrap());
                let occasion = OCCASIONS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
                let Some(kind) = kind.or(occasion) else { continue };
                let source = std::fs::read_to_string(&file).unwrap();
                let (first, body) = source.split_once("\n\n").unwrap();
                let subject = first.trim_start_matches("Subject: ").to_owned();
                let text = crate::rules::round::MailText { subject, body: body.into() };
                let language = language.file_name().to_string_lossy().into_owned();
                assert_eq!(found(kind, &language, &text), Advice::default(), "{}", file.display());
                read += 1;
            }
        }
        assert!(read > 6);
    }

    #[test]
    fn m13_mails_of_which_the_words_are_the_programs_can_too() {
        let link = "https://soundings.example/x";
        let left_out = ["One sentence.".to_owned()];
        let plan = PlanToApprove { name: "Anna", title: "Your view", messages: 12, link, left_out: &left_out };
        for made in [login("https://soundings.example", link, 15), plan_mail(&plan, &Look::default())] {
            let made = made.unwrap();
            let own_pages = "https://soundings.example";
            let found = advice(&MadeLetter { subject: "x", text: &made.text, html: &made.html, own_pages });
            assert_eq!(found, Advice::default(), "{}", made.subject);
        }
    }

    #[test]
    fn what_markdown_makes_of_code_is_found() {
        let text = crate::rules::round::MailText { subject: "x".into(), body: "Type `this`.".into() };
        let found = found(MessageKind::WarmUp, "en", &text);
        assert!(found.better.iter().any(|sentence| sentence.contains("<code>")), "{found:?}");
    }
}
