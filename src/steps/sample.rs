//! Every mail of a round with sample names, to look at before anything is sent.
//!
//! The samples go through the same words, frame and message as real ones.

use std::collections::BTreeMap;

use crate::base::problem::Result;
use crate::mail::dates::day;
use crate::mail::frame::{self, Look, Surroundings};
use crate::mail::words::{Values, known_placeholders, render};
use crate::rules::outbox::MessageKind;
use crate::rules::round::{RoundSpec, Words};

/// File names and contents: one HTML file and one text file per mail text and language, and the log-in mail.
pub fn mails(spec: &RoundSpec, words: &Words) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for (language, texts) in words {
        for (name, text) in texts {
            let Some(kind) = MessageKind::parse(name.split('-').next().unwrap_or(name)) else { continue };
            let values = values(spec, kind, language);
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

fn values(spec: &RoundSpec, kind: MessageKind, language: &str) -> Values {
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
        ("changed_since_last_year", spec.changed_since_last_year.clone()),
        ("opt_out_link", "https://soundings.example/opt-out/sample".into()),
        ("link", "https://soundings.example/assessment/sample".into()),
        ("director_name", "Kelvin Mullooney".into()),
        ("accounts", "3".into()),
        ("names", "14".into()),
        ("manager_name", "Sophie Weldon".into()),
        ("open_names", "2".into()),
        ("list", "Donna Ross, Chief Financial Officer, King-Perry\nAnna Lee, Buyer, Moore-Powell (has begun)".into()),
        ("rate", "41 % (123 of 300)".into()),
    ]);
    known_placeholders(kind).iter().map(|name| (*name, sample.get(name).cloned().unwrap_or_default())).collect()
}
