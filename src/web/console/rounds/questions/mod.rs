//! The questions of a round: as contacts meet them, each to be changed in a form, and all of them as text, by the rules of `questionnaire.toml`.

mod form;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::problem::Kind;
use crate::base::sentence::capitalised;
use crate::intake::folder;
use crate::intake::folder::faults::Fault;
use crate::intake::folder::typed::questions_as_text;
use crate::rules::questionnaire::{Item, Questionnaire, changes, editing, in_language};
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::round::questions::{self, ChangeQuestions, Effect};
use crate::web::console::views::plan::ConfirmPage;
use crate::web::console::views::rounds::making::{Question, QuestionsOf, QuestionsPage};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::with;
use crate::web::kit::frames::{back, console, round};
use crate::web::kit::problem::{Answer, Failure, status};
use crate::web::kit::state::Web;
use crate::web::kit::views::form::{ActionForm, Control, Field, Mistake};
use crate::web::kit::views::frame::plural;
use crate::web::kit::views::page::respond;
use crate::web::kit::{names, urls};

use super::languages::Languages;
use super::settings::unopened;
use form::{About, Typed};

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let shown = Shown { form: form(&live, &words), ..Shown::of(&live, Languages::of(&web, &live).await?) };
    Ok(respond(StatusCode::OK, &shown.page(&web, &live, &by, &words)))
}

/// The form of the question that an address names.
fn form(live: &Live, words: &Fields) -> Option<(About, Typed)> {
    let about = About::of(words).filter(|_| live.state != RoundState::Closed)?;
    let typed = match &about {
        About::Item(_) => Typed::of(about.item(&live.questionnaire)?),
        About::Page(page) => live.questionnaire.groups.get(page - 1).map(|_| Typed::new())?,
        About::NewPage => Typed::new(),
    };
    let typed = typed.titled(&live.questionnaire, &about);
    Some((about, typed))
}

/// What stands on the page.
struct Shown {
    /// With which the form was opened.
    opened: i64,
    /// All questions as text, as it was typed.
    text: String,
    /// What is wrong with the text.
    faults: Vec<String>,
    /// A question that is being written.
    form: Option<(About, Typed)>,
    /// In which it can be written.
    languages: Languages,
}

impl Shown {
    fn of(live: &Live, languages: Languages) -> Shown {
        let text = questions_as_text(&live.questionnaire);
        Shown { opened: live.version, text, faults: Vec::new(), form: None, languages }
    }
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let Ok(opened) = fields.get("version").parse::<i64>() else { return Err(unopened()) };
    let asked = &*live.questionnaire;
    let languages = Languages::of(&web, &live).await?;
    let id = fields.get("item");
    let edited = match fields.get("act") {
        "edit" | "look" | "confirm" => {
            return as_text(&web, &live, &by, &fields, Shown { opened, ..Shown::of(&live, languages) }).await;
        }
        "question" => {
            return question(&web, &live, &by, &fields, Shown { opened, ..Shown::of(&live, languages) }).await;
        }
        "up" => editing::moved(asked, id, true),
        "down" => editing::moved(asked, id, false),
        "remove" => editing::without(asked, id),
        _ => return Err(Failure::unknown()),
    };
    // A second press: it was there, and is not any more or cannot go further.
    let Some(edited) = edited else { return Ok(back(&urls::questions(&live.slug), "")) };
    change(&web, &live, &by, Wanted { opened, questionnaire: edited, confirmed: false }, Shown::of(&live, languages))
        .await
}

/// All questions as one text.
async fn as_text(web: &Web, live: &Live, by: &Operator, fields: &Fields, shown: Shown) -> Answer {
    // Browsers end lines in two letters.
    let shown = Shown { text: fields.get("text").replace("\r\n", "\n"), ..shown };
    let opened = shown.opened;
    if fields.get("act") == "edit" {
        return Ok(respond(StatusCode::OK, &shown.page(web, live, by, &Fields::default())));
    }
    let wrong = match folder::questionnaire(&shown.text, &live.spec.language) {
        Ok(questionnaire) if questionnaire == *live.questionnaire => {
            vec!["Nothing is different yet. Change something, then save it.".to_string()]
        }
        Ok(questionnaire) => {
            let wanted = Wanted { opened, questionnaire, confirmed: fields.get("act") == "confirm" };
            return change(web, live, by, wanted, shown).await;
        }
        Err(faults) => faults.iter().map(told).collect(),
    };
    shown.refuse(web, live, by, wrong, StatusCode::UNPROCESSABLE_ENTITY)
}

/// One question as it was typed.
async fn question(web: &Web, live: &Live, by: &Operator, fields: &Fields, shown: Shown) -> Answer {
    let Some(about) = About::of(fields) else { return Err(Failure::unknown()) };
    let (opened, languages) = (shown.opened, &shown.languages);
    let mut typed = Typed::from(fields, languages, about.item(&live.questionnaire)).titled(&live.questionnaire, &about);
    let edited = typed.read(&live.questionnaire, &about, languages);
    let own = format!("text-{}", live.spec.language);
    if typed.wrong.is_empty() {
        let wrong = match &edited {
            None => vec!["This question, or its page, is not there any more. Open the page once more.".to_string()],
            Some(edited) if *edited == *live.questionnaire => vec!["Nothing is different yet.".into()],
            Some(edited) => match folder::questionnaire(&questions_as_text(edited), &live.spec.language) {
                Ok(_) => Vec::new(),
                Err(faults) => faults.iter().map(typed_fault).collect(),
            },
        };
        typed.wrong.extend(wrong.into_iter().map(|sentence| (own.clone(), sentence)));
    }
    let is_wrong = !typed.wrong.is_empty();
    let shown = Shown { form: Some((about, typed)), ..shown };
    match edited {
        Some(questionnaire) if !is_wrong => {
            change(web, live, by, Wanted { opened, questionnaire, confirmed: false }, shown).await
        }
        _ => Ok(respond(StatusCode::UNPROCESSABLE_ENTITY, &shown.page(web, live, by, &Fields::default()))),
    }
}

/// Of a form there are no keys and no lines.
fn typed_fault(fault: &Fault) -> String {
    match fault.key() {
        Some((_, rest)) => capitalised(&format!("it {rest}")),
        None => capitalised(&fault.message),
    }
}

struct Wanted {
    opened: i64,
    questionnaire: Questionnaire,
    /// Somebody has seen what it does.
    confirmed: bool,
}

/// Shows what the change does, or makes it. A draft is asked of nobody: what is saved there is done at once.
async fn change(web: &Web, live: &Live, by: &Operator, wanted: Wanted, shown: Shown) -> Answer {
    let Wanted { opened, questionnaire, confirmed } = wanted;
    let problem = if confirmed || live.state == RoundState::Draft {
        let order = ChangeQuestions { slug: live.slug.clone(), version: opened, questionnaire };
        match web.ctx.order(&by.actor(), order).await {
            Ok(()) => return Ok(back(&urls::questions(&live.slug), "questions")),
            Err(problem) => problem,
        }
    } else {
        let text = questions_as_text(&questionnaire);
        match questions::effect(&web.ctx, &live.slug, questionnaire).await {
            Ok(effect) => return Ok(respond(StatusCode::OK, &confirm(web, live, by, (opened, text), &effect))),
            Err(problem) => problem,
        }
    };
    match problem.kind {
        Kind::Refused | Kind::Unusable => {
            let sentence = problem.for_page();
            shown.refuse(web, live, by, vec![sentence], status(problem.kind))
        }
        _ => Err(problem.into()),
    }
}

/// What the change does, before it is made.
fn confirm(web: &Web, live: &Live, by: &Operator, (opened, text): (i64, String), effect: &Effect) -> ConfirmPage {
    let mut notes = effect.changes.clone();
    if effect.begun > 0 {
        let who = plural(effect.begun as usize, "contact has begun and goes on", "contacts have begun and go on");
        notes.push(format!("{who} with the questions as they were."));
    }
    if effect.completed > 0 {
        let who = plural(effect.completed as usize, "contact has", "contacts have");
        notes.push(format!("{who} sent the answers already; they stay as they are, under their own version."));
    }
    if opened != live.version {
        let note = "The round was changed since you opened the form. What you see is measured against how it is now.";
        notes.push(note.into());
    }
    ConfirmPage {
        console: console(web, by, Some(live), "plan", &Fields::default()),
        title: "Everybody who has not begun is asked differently".into(),
        refused: None,
        notes,
        rows: Vec::new(),
        more: String::new(),
        action: urls::questions(&live.slug),
        hidden: vec![("text".into(), text), ("version".into(), live.version.to_string())],
        button: "Make this change".into(),
        danger: false,
    }
}

/// "Line 12: ..."; the file is the text before one.
fn told(fault: &Fault) -> String {
    match fault.line {
        Some(line) => format!("Line {line}: {}", fault.message),
        None => capitalised(&fault.message),
    }
}

impl Shown {
    /// What was wanted cannot be: said at the form that wanted it.
    fn refuse(mut self, web: &Web, live: &Live, by: &Operator, wrong: Vec<String>, code: StatusCode) -> Answer {
        match &mut self.form {
            Some((_, typed)) => {
                let own = format!("text-{}", live.spec.language);
                typed.wrong.extend(wrong.into_iter().map(|sentence| (own.clone(), sentence)));
            }
            None => self.faults = wrong,
        }
        Ok(respond(code, &self.page(web, live, by, &Fields::default())))
    }

    fn page(self, web: &Web, live: &Live, by: &Operator, words: &Fields) -> QuestionsPage {
        let own = &live.spec.language;
        let asked = &live.questionnaire;
        let open = live.state != RoundState::Closed;
        let question = |item: &Item| Question {
            id: item.id.clone(),
            text: in_language(&item.text, own, own).to_string(),
            how: how(item),
            change: with(urls::questions(&live.slug), "item", &item.id),
            acts: if open { acts(live, by, item) } else { Vec::new() },
        };
        let pages = asked
            .groups
            .iter()
            .enumerate()
            .map(|(at, g)| QuestionsOf {
                title: in_language(&g.title, own, own).to_string(),
                items: g.items.iter().map(question).collect(),
                more: with(urls::questions(&live.slug), "new", &(at + 1).to_string()),
            })
            .collect();
        let form = self.form.as_ref().map(|(about, typed)| {
            let there = about.item(asked);
            let is_there = |language: &str| there.is_some_and(|item| item.text.contains_key(language));
            typed.form(about, &self.languages.missing_first(is_there))
        });
        let of_text = self.faults.iter().map(|f| Mistake { field: "questions-text".into(), message: f.clone() });
        let of_form = self.form.iter().flat_map(|(_, typed)| &typed.wrong).map(|(field, sentence)| Mistake {
            field: format!("questions-{field}"),
            message: match form.as_ref().and_then(|form| form.label(field)) {
                Some(label) => format!("{label}: {sentence}"),
                None => sentence.clone(),
            },
        });
        let mistakes = of_form.chain(of_text).collect();
        let error = (!self.faults.is_empty()).then(|| self.faults.join(" "));
        QuestionsPage {
            console: console(web, by, Some(live), "plan", words),
            id: "questions",
            version: self.opened,
            open,
            draft: live.state == RoundState::Draft,
            mistakes,
            name: format!("{}, version {}", asked.id, asked.version),
            pages,
            new_page: with(urls::questions(&live.slug), "new", "page"),
            form,
            changed: self.text != questions_as_text(asked) || error.is_some(),
            field: Field::text("text", "All questions as text", self.text)
                .control(Control::Letter)
                .hint("For whoever keeps questions as text. Give a question that means something else a name (id) of its own.")
                .error(error),
        }
    }
}

/// What can be done to a question with one press.
fn acts(live: &Live, by: &Operator, item: &Item) -> Vec<ActionForm> {
    let act = |act: &'static str, label: &str| ActionForm {
        id: format!("{act}-{}", item.id),
        action: urls::questions(&live.slug),
        act,
        csrf: by.csrf.clone(),
        hidden: vec![("item", item.id.clone()), ("version", live.version.to_string())],
        label: label.into(),
        about: in_language(&item.text, &live.spec.language, &live.spec.language).into(),
        places: vec![format!("question-{}", item.id), "questions".into()],
        ..ActionForm::default()
    };
    let explain = "It is asked no more. What was answered before stays as it is.";
    vec![
        act("up", "Up"),
        act("down", "Down"),
        ActionForm { explain: explain.into(), button: "Take it out".into(), danger: true, ..act("remove", "Take out") },
    ]
}

fn how(item: &Item) -> String {
    let kind = changes::kind(item.kind);
    let languages: Vec<&str> = item.text.keys().map(|code| names::language(code)).collect();
    let required = if item.required { ", required" } else { "" };
    format!("{}{required}; in {}", capitalised(kind), languages.join(", "))
}
