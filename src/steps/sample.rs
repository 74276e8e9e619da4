//! Every mail of a round with sample names, to look at before anything is sent.
//!
//! The samples go through the same words, frame and message as real ones.

use std::collections::BTreeMap;

use crate::base::problem::Result;
use crate::mail::dates::day;
use crate::mail::frame::{self, Look, Surroundings};
use crate::mail::usual;
use crate::mail::words::{Values, known_placeholders, render};
use crate::rules::outbox::MessageKind;
use crate::rules::round::{OCCASIONS, RoundSpec, Words};

/// File names and contents: one HTML file and one text file per mail text and language, and the log-in mail.
pub fn mails(spec: &RoundSpec, words: &Words) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    // Our own words stand beside those of the round, where it has none of that name.
    let mut all = usual::texts().clone();
    all.retain(|language, _| words.contains_key(language));
    for (language, texts) in words {
        all.entry(language.clone()).or_default().extend(texts.clone());
    }
    for (language, texts) in &all {
        for (name, text) in texts {
            let occasion = OCCASIONS.iter().find(|(n, _)| n == name).map(|(_, kind)| *kind);
            let usual = || MessageKind::parse(name.split('-').next().unwrap_or(name));
            let Some(kind) = occasion.or_else(usual) else { continue };
            let values = values(spec, kind, name, language);
            let rendered = render(kind, text, &values, &Look::new(&spec.accent, language))?;
            let around = Surroundings {
                kind,
                language,
                client: &spec.client,
                title: &spec.title,
                account: "Moore-Powell",
                opt_out_link: Some("https://soundings.example/opt-out/sample"),
            };
            let letter = frame::letter(&rendered, &around)?;
            files.push((format!("mail-{language}-{name}.html"), letter.html));
            files.push((
                format!("mail-{language}-{name}.txt"),
                format!("Subject: {}\n\n{}", letter.subject, letter.text),
            ));
        }
    }
    let login = frame::login("https://soundings.example", "https://soundings.example/login/sample", 15)?;
    files.push(("mail-login.html".into(), login.html));
    Ok(files)
}

fn values(spec: &RoundSpec, kind: MessageKind, name: &str, language: &str) -> Values {
    let sender = spec.sender(None, kind, "GB", None);
    let sample: BTreeMap<&str, String> = BTreeMap::from([
        ("first_name", "Catherine".into()),
        ("last_name", "Cooper".into()),
        ("full_name", "Catherine Cooper".into()),
        ("account", "Moore-Powell".into()),
        ("client", spec.client.clone()),
        ("title", spec.title.clone()),
        ("minutes", spec.minutes.to_string()),
        ("closing_day", day(spec.schedule.closes, language)),
        ("opening_day", day(spec.schedule.opens, language)),
        ("account_manager", "Sophie Weldon".into()),
        ("sender_name", sender.name.clone()),
        ("sender_title", sender.title.clone()),
        ("ceo_name", spec.senders.warm_up.name.clone()),
        ("changed_since_last_year", spec.changed_since_last_year.of(language, &spec.language).to_owned()),
        ("opt_out_link", "https://soundings.example/opt-out/sample".into()),
        ("link", "https://soundings.example/assessment/sample".into()),
        ("director_name", "Kelvin Mullooney".into()),
        ("accounts", "3".into()),
        ("names", "14".into()),
        ("manager_name", "Sophie Weldon".into()),
        ("open_names", "2".into()),
        ("list", list(name, language)),
        ("predecessor", "Donna Ross".into()),
        ("changed_names", "2".into()),
        ("rate", "41 % (123 of 300)".into()),
    ]);
    known_placeholders(kind).iter().map(|name| (*name, sample.get(name).cloned().unwrap_or_default())).collect()
}

fn list(name: &str, language: &str) -> String {
    let lines = match (name, language) {
        (usual::REPAIR, "de") => [
            "Donna Ross, King-Perry: hat das Unternehmen verlassen",
            "Anna Lee, Moore-Powell: die Adresse nimmt keine Post an",
        ],
        (usual::REPAIR, "fr") => [
            "Donna Ross, King-Perry: a quitté l'entreprise",
            "Anna Lee, Moore-Powell: l'adresse n'accepte pas de courrier",
        ],
        (usual::REPAIR, _) => {
            ["Donna Ross, King-Perry: has left the company", "Anna Lee, Moore-Powell: the address takes no mail"]
        }
        (usual::SIGN_OFF_CHANGED, "de") => {
            ["King-Perry: Peter Lang an der Stelle von Donna Ross", "Moore-Powell: Anna Lee wurde berichtigt"]
        }
        (usual::SIGN_OFF_CHANGED, "fr") => {
            ["King-Perry: Peter Lang à la place de Donna Ross", "Moore-Powell: Anna Lee : données corrigées"]
        }
        (usual::SIGN_OFF_CHANGED, _) => {
            ["King-Perry: Peter Lang in the place of Donna Ross", "Moore-Powell: Anna Lee was corrected"]
        }
        _ => ["Donna Ross, Chief Financial Officer, King-Perry", "Anna Lee, Buyer, Moore-Powell (has begun)"],
    };
    lines.join("\n")
}
