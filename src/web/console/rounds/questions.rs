//! The questions of a round: as contacts meet them, and their text to be changed, by the rules of `questionnaire.toml`.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::problem::Kind;
use crate::base::sentence::capitalised;
use crate::intake::folder;
use crate::intake::folder::faults::Fault;
use crate::intake::folder::typed::questions_as_text;
use crate::rules::questionnaire::{Item, ItemKind};
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::round::questions::ChangeQuestions;
use crate::web::console::views::making::{Question, QuestionsOf, QuestionsPage};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::frames::{back, console, round};
use crate::web::kit::problem::{Answer, status};
use crate::web::kit::state::Web;
use crate::web::kit::views::form::{Control, Field, Mistake};
use crate::web::kit::views::page::respond;
use crate::web::kit::{names, urls};

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let text = questions_as_text(&live.questionnaire);
    let page = show(&web, &live, &by, &words, (live.version, text, Vec::new()));
    Ok(respond(StatusCode::OK, &page))
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let opened = fields.get("version").parse().unwrap_or(live.version);
    // Browsers end lines in two letters.
    let text = fields.get("text").replace("\r\n", "\n");
    let refuse = |sentences: Vec<String>, code: StatusCode| {
        let page = show(&web, &live, &by, &Fields::default(), (opened, text.clone(), sentences));
        Ok(respond(code, &page))
    };
    let questionnaire = match folder::questionnaire(&text, &live.spec.language) {
        Ok(questionnaire) => questionnaire,
        Err(faults) => return refuse(faults.iter().map(told).collect(), StatusCode::UNPROCESSABLE_ENTITY),
    };
    if questionnaire == *live.questionnaire {
        let nothing = "Nothing is different yet. Change the text, then save it.".into();
        return refuse(vec![nothing], StatusCode::UNPROCESSABLE_ENTITY);
    }
    let order = ChangeQuestions { slug: live.slug.clone(), version: opened, questionnaire };
    match web.ctx.order(&by.actor(), order).await {
        Ok(()) => Ok(back(&urls::questions(&live.slug), "questions")),
        Err(problem) if matches!(problem.kind, Kind::Refused | Kind::Unusable) => {
            refuse(vec![format!("{} {}", problem.what, problem.next)], status(problem.kind))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// "Line 12: ..."; the file is the text before one.
fn told(fault: &Fault) -> String {
    match fault.line {
        Some(line) => format!("Line {line}: {}", fault.message),
        None => capitalised(&fault.message),
    }
}

fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    words: &Fields,
    (version, text, faults): (i64, String, Vec<String>),
) -> QuestionsPage {
    let own = &live.spec.language;
    let asked = &live.questionnaire;
    let of = |texts: &std::collections::BTreeMap<String, String>| {
        texts.get(own).or_else(|| texts.values().next()).cloned().unwrap_or_default()
    };
    let question = |item: &Item| Question { text: of(&item.text), how: how(item) };
    let pages = asked
        .groups
        .iter()
        .map(|g| QuestionsOf { title: of(&g.title), items: g.items.iter().map(question).collect() })
        .collect();
    let error = (!faults.is_empty()).then(|| faults.join(" "));
    QuestionsPage {
        console: console(web, by, Some(live), "plan", words),
        id: "questions",
        version,
        open: live.state != RoundState::Closed,
        mistakes: faults.iter().map(|f| Mistake { field: "questions-text".into(), message: f.clone() }).collect(),
        name: format!("{}, version {}", asked.id, asked.version),
        pages,
        field: Field::text("text", "All questions as text", text)
            .control(Control::Letter)
            .hint("TOML, as in questionnaire.toml. Give a question that means something else an id of its own.")
            .error(error),
    }
}

fn how(item: &Item) -> String {
    let kind = match item.kind {
        ItemKind::Scale7 => "scale from 1 to 7",
        ItemKind::Scale10 => "scale from 0 to 10",
        ItemKind::Choice => "choice",
        ItemKind::Text => "text",
    };
    let languages: Vec<&str> = item.text.keys().map(|code| names::language(code)).collect();
    let required = if item.required { ", required" } else { "" };
    format!("{}{required}; in {}", capitalised(kind), languages.join(", "))
}
