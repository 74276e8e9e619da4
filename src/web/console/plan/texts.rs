//! The words of a round: every text by language, one to change, what that does, and the change.

use std::sync::LazyLock;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::problem::Problem;
use crate::base::sentence::capitalised;
use crate::intake::folder::texts;
use crate::rules::contacts::row::whereabouts::places::is_language_code;
use crate::rules::message::MessageKind;
use crate::rules::round::readings::in_a_line;
use crate::rules::round::{MailText, OCCASIONS, RoundState, named_text};
use crate::steps::Live;
use crate::steps::plan::change::{self, Change};
use crate::steps::round::folder::usual_text;
use crate::store::people;
use crate::web::console::views::plan::{TextPage, WordsPage, WordsRow};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::{console, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::views::form::{Choice, Control, Field};
use crate::web::kit::{framed, names, urls};

use super::effects::{self, Look};
use super::text_names::label;
use super::text_readers::{Chosen, chosen};

/// All texts, or the one that the address names.
pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    if words.get("name").is_empty() {
        return list(&web, &live, &by, &words).await;
    }
    let asked = Asked::saved(&words, &live)?;
    asked.show(&web, &live, &by, Shown { said: &words, ..Shown::of(&words) }).await
}

async fn list(web: &Web, live: &Live, by: &Operator, words: &Fields) -> Answer {
    let places = {
        let mut tx = web.ctx.db.read().await?;
        people::places(&mut tx, &live.id).await?
    };
    let own = &live.spec.language;
    let mut languages: Vec<&str> = live.words.keys().map(String::as_str).collect();
    languages.extend(places.iter().map(|p| p.language.as_str()).filter(|code| is_language_code(code)));
    languages.sort_unstable();
    languages.dedup();
    // What everybody falls back to stands first.
    languages.sort_by_key(|code| code != own);
    let mut all: Vec<&str> = live.words.values().flat_map(|texts| texts.keys().map(String::as_str)).collect();
    all.extend(OCCASIONS.map(|(name, _)| name));
    all.sort_unstable();
    all.dedup();
    all.sort_by_key(|name| texts::REQUIRED.iter().position(|kind| name.starts_with(kind.as_str())).unwrap_or(99));
    let row = |name: &&str| WordsRow {
        label: label(name),
        texts: languages
            .iter()
            .map(|language| {
                let text = live.words.get(*language).and_then(|texts| texts.get(*name));
                let there = query(&[("language", language), ("name", name)]);
                let there = format!("{}{there}", urls::texts(&live.slug));
                let wanted = text.is_some() || language == own || goes_to_contacts(name);
                (text.map(|t| in_a_line(&t.subject)), wanted.then_some(there))
            })
            .collect(),
    };
    let page = WordsPage {
        console: console(web, by, Some(live), "plan", words),
        rows: all.iter().map(row).collect(),
        choices: languages.iter().map(|code| Choice::new(*code, names::language(code))).collect(),
        languages: languages.iter().map(|code| names::language(code).to_string()).collect(),
        open: live.state != RoundState::Closed,
    };
    // A text that was refused is shown again at this address.
    Ok(framed::with_frame(StatusCode::OK, &page))
}

/// Colleagues are written to in the language of the round.
fn goes_to_contacts(name: &str) -> bool {
    let occasion = OCCASIONS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
    let kind = occasion.or_else(|| MessageKind::parse(name.split('-').next().unwrap_or(name)));
    kind.is_none_or(MessageKind::to_contact)
}

/// Which text is meant, and what was typed.
pub(super) struct Asked<'a> {
    pub language: &'a str,
    pub name: &'a str,
    pub text: MailText,
    /// The version of the round that the form was opened with.
    opened: i64,
    /// It is not typed: it stands in the round, or it is what the round goes with.
    is_saved: bool,
}

/// Beside what stage of a change a text is shown.
struct Shown<'a> {
    faults: Vec<String>,
    status: StatusCode,
    /// The words of the address.
    said: &'a Fields,
    /// In which the reader of the preview is chosen.
    chosen_by: &'a Fields,
}

impl<'a> Shown<'a> {
    fn of(fields: &'a Fields) -> Shown<'a> {
        static NOTHING: LazyLock<Fields> = LazyLock::new(Fields::default);
        Shown { faults: Vec::new(), status: StatusCode::OK, said: &NOTHING, chosen_by: fields }
    }
}

impl<'a> Asked<'a> {
    /// The text as it is saved; where there is none, what contacts or colleagues get instead.
    pub fn saved(words: &'a Fields, live: &Live) -> Result<Asked<'a>, Failure> {
        let mut asked = Asked::read(words, live.version)?;
        let own = live.words.get(asked.language).and_then(|texts| texts.get(asked.name));
        let shown = own
            .or_else(|| named_text(&live.words, asked.language, &live.spec.language, asked.name).map(|(_, text)| text))
            .cloned();
        let usual = || usual_text(&live.spec, asked.language, asked.name).cloned();
        asked.text = shown.or_else(usual).unwrap_or(asked.text);
        asked.is_saved = true;
        Ok(asked)
    }

    pub fn read(words: &'a Fields, version: i64) -> Result<Asked<'a>, Failure> {
        let (language, name) = (words.get("language"), words.get("name"));
        if !is_language_code(language) {
            return Err(Failure::unknown());
        }
        if let Err(why) = texts::name(name) {
            let next = "Go back and give it a name such as last_call.";
            return Err(Problem::unusable(format!("The name of the text {why}."), next).into());
        }
        // Browsers end lines in two letters.
        let text = MailText { subject: words.get("subject").into(), body: words.get("body").replace("\r\n", "\n") };
        Ok(Asked { language, name, text, opened: words.get("version").parse().unwrap_or(version), is_saved: false })
    }

    async fn show(&self, web: &Web, live: &Live, by: &Operator, shown: Shown<'_>) -> Answer {
        let Shown { faults, status, said, chosen_by } = shown;
        let chosen = chosen(web, live, self.name, chosen_by).await?;
        let there = live.words.get(self.language).is_some_and(|texts| texts.contains_key(self.name));
        let (language, own) = (names::language(self.language), names::language(&live.spec.language));
        let note = if there {
            String::new()
        } else if self.language == live.spec.language {
            "It is not there yet. A message uses it once the schedule names it under Words.".into()
        } else {
            format!("It is not there yet: contacts who read {language} get the text in {own}.")
        };
        let page = TextPage {
            console: console(web, by, Some(live), "plan", said),
            id: "text",
            version: self.opened,
            title: format!("{} in {language}", capitalised(&label(self.name))),
            note,
            frame: self.is_saved.then(|| self.frame(live, &chosen)),
            // Mails to colleagues say what is looked up when they leave.
            invented: chosen.fields.is_empty(),
            readers: chosen.fields,
            language: self.language.into(),
            name: self.name.into(),
            fields: vec![
                Field::text("subject", "Subject", &*self.text.subject),
                Field::text("body", "Text", &*self.text.body).control(Control::Letter).hint(
                    "Markdown. Words in double braces are filled in for each contact; a link stands alone on its line.",
                ),
            ],
            faults: faults.iter().map(|fault| capitalised(fault)).collect(),
        };
        Ok(framed::with_frame(status, &page))
    }

    /// Where the letters of the saved text stand.
    fn frame(&self, live: &Live, chosen: &Chosen) -> String {
        let reader = chosen.reader.as_ref().map_or("", |id| id.as_str());
        let said = [("language", self.language), ("name", self.name), ("reader", reader)];
        format!("{}{}", urls::text_letters(&live.slug), query(&said))
    }

    fn change(&self, live: &Live) -> Change {
        let mut words = live.words.clone();
        words.entry(self.language.into()).or_default().insert(self.name.into(), self.text.clone());
        Change { spec: live.spec.clone(), words }
    }
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let asked = Asked::read(&fields, live.version)?;
    let act = fields.get("act");
    match act {
        "edit" => return asked.show(&web, &live, &by, Shown::of(&fields)).await,
        "look" | "confirm" => {}
        _ => return Err(Failure::unknown()),
    }
    let change = asked.change(&live);
    let mut faults = change::faults(&web.ctx, &live, &change);
    if faults.is_empty() && change.words == live.words {
        faults.push("Nothing is different yet. Change the text, then look at what it does.".into());
    }
    if !faults.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return asked.show(&web, &live, &by, Shown { faults, status, ..Shown::of(&fields) }).await;
    }
    let carried = [
        ("language", asked.language),
        ("name", asked.name),
        ("subject", &asked.text.subject),
        ("body", &asked.text.body),
    ];
    let hidden = carried.map(|(name, value)| (name.to_string(), value.to_string())).into();
    let path = urls::texts(&live.slug);
    let look = Look { change: &change, path: path.clone(), hidden, opened: asked.opened, refused: None };
    effects::answer(&web, &live, &by, look, act == "confirm", (&path, "words")).await
}
