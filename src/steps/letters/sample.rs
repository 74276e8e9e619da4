//! Every mail of a round with sample names, to look at before anything is sent.
//!
//! The samples go through the same words, frame and message as real ones.

use std::collections::BTreeMap;

use chrono::Days;

use crate::base::ids::Ids;
use crate::base::problem::Result;
use crate::base::seal::SecretKey;
use crate::mail::dates::day;
use crate::mail::letters::frame::{self, Look, PlanToApprove, Surroundings};
use crate::mail::letters::rendering::{Values, known_placeholders, render};
use crate::mail::letters::told::{begun, counted, invited, since, unreachable};
use crate::mail::letters::usual;
use crate::rules::completion::percent;
use crate::rules::contacts::Role;
use crate::rules::repair::TaskKind;
use crate::rules::round::{OCCASIONS, RoundSpec, Words};
use crate::rules::sending::outbox::MessageKind;
use crate::rules::signoff::{Listed, SignedName, changes};
use crate::steps::context::Purpose;

/// A link as long as those that are sent: a shorter one would hide what a long one does to a letter.
fn link(page: &str) -> String {
    format!("https://soundings.example/{page}/{}", SecretKey::draw(&Ids::seeded(1)).link(page, "sample"))
}

/// What a text of this name is for, in this round; none where nobody gets it: colleagues have the round's language, and a letter that no touch
/// sends goes to nobody.
fn kind_of(spec: &RoundSpec, language: &str, name: &str) -> Option<MessageKind> {
    let of_a_touch = spec.touches.iter().find(|t| t.words.as_deref() == Some(name)).map(|t| t.kind);
    let occasion = OCCASIONS.iter().find(|(n, _)| *n == name).map(|(_, kind)| *kind);
    let usual = || MessageKind::parse(name.split('-').next().unwrap_or(name));
    let kind = of_a_touch.or(occasion).or_else(usual)?;
    let goes = if kind.to_contact() {
        spec.touches.iter().any(|t| t.kind == kind)
    } else {
        language == spec.language
            || (language == "en" && occasion.is_some() && !usual::texts().contains_key(&spec.language))
    };
    goes.then_some(kind)
}

/// File names and contents: one HTML file and one text file per mail text and language that somebody of the round gets, and the mails of the
/// installation.
pub fn mails(spec: &RoundSpec, words: &Words) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    // Our own words stand beside those of the round, where it has none of that name.
    let mut all = usual::texts().clone();
    all.retain(|language, _| words.contains_key(language) || language == "en");
    for (language, texts) in words {
        all.entry(language.clone()).or_default().extend(texts.clone());
    }
    for (language, texts) in &all {
        for (name, text) in texts {
            let Some(kind) = kind_of(spec, language, name) else { continue };
            let values = values(spec, kind, name, language);
            let look = Look::new(&spec.accent, language).asking(kind, language, &values);
            let rendered = render(kind, text, &values, &look)?;
            let opt_out = link("opt-out");
            let around = Surroundings {
                kind,
                language,
                client: &spec.client,
                title: &spec.title,
                account: "Moore-Powell",
                opt_out_link: Some(&opt_out),
            };
            let letter = frame::letter(&rendered, &around)?;
            files.push((format!("mail-{language}-{name}.html"), letter.html));
            files.push((
                format!("mail-{language}-{name}.txt"),
                format!("Subject: {}\n\n{}", letter.subject, letter.text),
            ));
        }
    }
    let login = frame::login("https://soundings.example", &link("login"), 15)?;
    files.push(("mail-login.html".into(), login.html));
    let plan = link("plan");
    let asked = PlanToApprove { name: "Catherine Cooper", title: &spec.title, messages: 214, link: &plan };
    files.push(("mail-plan-approval.html".into(), frame::plan(&asked, &Look::new(&spec.accent, "en"))?.html));
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
        ("opt_out_link", link("opt-out")),
        ("link", link(purpose_of(kind).word())),
        ("director_name", "Kelvin Mullooney".into()),
        ("accounts", if kind == MessageKind::CounterSign { "2" } else { "3" }.into()),
        ("names", if kind == MessageKind::Repair { "2" } else { "14" }.into()),
        ("manager_name", "Sophie Weldon".into()),
        ("open_names", "2".into()),
        ("list", list(spec, name, language)),
        ("predecessor", "Donna Ross".into()),
        ("changed_names", "2".into()),
        ("sign_by", day(spec.schedule.opens - Days::new(10), language)),
        ("asked", if name.ends_with("_again") { "2" } else { "1" }.into()),
        ("answers_in", "yes".into()),
        ("begun", "yes".into()),
        ("rate", format!("{} (123 of 300)", percent(123, 300))),
    ]);
    known_placeholders(kind).iter().map(|name| (*name, sample.get(name).cloned().unwrap_or_default())).collect()
}

/// Where the link of a letter leads.
fn purpose_of(kind: MessageKind) -> Purpose {
    match kind {
        MessageKind::SignOff | MessageKind::CounterSign => Purpose::SignOff,
        MessageKind::Repair => Purpose::Repair,
        MessageKind::Login => Purpose::Login,
        MessageKind::PlanApproval => Purpose::Plan,
        MessageKind::WarmUp
        | MessageKind::Invitation
        | MessageKind::Reminder
        | MessageKind::ThankYou
        | MessageKind::Digest => Purpose::Assessment,
    }
}

fn list(spec: &RoundSpec, name: &str, language: &str) -> String {
    let before = day(spec.schedule.opens - Days::new(20), language);
    let known = since(language, &before);
    let listed = |name: &str| SignedName {
        email: "anna.lee@moore-powell.example".into(),
        first_name: "Anna".into(),
        last_name: name.into(),
        job_title: "Buyer".into(),
        role: Role::Influencer,
        language: "en".into(),
        country: "GB".into(),
        time_zone: "Europe/London".into(),
        region: String::new(),
    };
    let of = |id: &str, name: &str| Listed { id: id.into(), name: listed(name), replaces: None };
    let lines: Vec<String> = match name {
        usual::REPAIR => vec![
            format!("Donna Ross, King-Perry: {}, {known}", unreachable(language, TaskKind::Replace)),
            format!("Anna Lee, Moore-Powell: {}, {known}", unreachable(language, TaskKind::Correct)),
        ],
        usual::SIGN_OFF_CHANGED => {
            let signed = [of("a", "Lee"), of("b", "Ross")];
            let found = changes(&signed, &[of("a", "Leigh"), of("c", "Lang")]);
            found.iter().map(|change| format!("Moore-Powell: {}", change.sentence(language))).collect()
        }
        name if name.starts_with("counter_sign") => {
            let by = |who| Some((who, before.clone()));
            let asked = Some(before.as_str()).filter(|_| name == usual::COUNTER_SIGN_AGAIN);
            vec![
                counted(language, "King-Perry", 8, by("Rachel Osei"), asked),
                counted(language, "Moore-Powell", 6, by("Kelvin Mullooney"), None),
            ]
        }
        name if name.starts_with("sign_off") => {
            let asked = Some(before.as_str()).filter(|_| name == usual::SIGN_OFF_AGAIN);
            vec![
                counted(language, "King-Perry", 8, None, asked),
                counted(language, "Lopez & Sons", 1, None, asked),
                counted(language, "Moore-Powell", 5, None, asked),
            ]
        }
        _ => vec![
            format!("Anna Lee, Buyer, Moore-Powell{}, {}", begun(language), invited(language, &before)),
            format!("Donna Ross, Chief Financial Officer, King-Perry, {}", invited(language, &before)),
        ],
    };
    lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
}
