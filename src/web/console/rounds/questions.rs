//! What a round asks, as contacts read it, and as a text that can be changed by whoever knows how such a text is written.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::problem::Kind;
use crate::intake::folder::typed;
use crate::rules::questionnaire::{Group, Item, ItemKind, in_language};
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::round::questions::ChangeQuestions;
use crate::web::console::views::settings::{QuestionGroup, QuestionsPage};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::frames::{back, console, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::{Control, Field, Mistake};
use crate::web::kit::views::page::respond;

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let text = typed::questions_as_text(&live.questionnaire);
    show(&web, &live, &by, &words, (text, live.version), &[])
}

fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    words: &Fields,
    (text, opened): (String, i64),
    wrong: &[String],
) -> Answer {
    let own = live.spec.language.as_str();
    let group = |group: &Group| QuestionGroup {
        title: in_language(&group.title, own, own).into(),
        items: group.items.iter().map(|item| (in_language(&item.text, own, own).into(), how(item))).collect(),
    };
    let mistake = |message: &String| Mistake { field: "questions-text".into(), message: message.clone() };
    let page = QuestionsPage {
        console: console(web, by, Some(live), "plan", words),
        id: "questions",
        version: opened,
        mistakes: wrong.iter().map(mistake).collect(),
        groups: live.questionnaire.groups.iter().map(group).collect(),
        field: Field::text("text", "The questions as text", text)
            .control(Control::Letter)
            .hint("Each question has an id, a kind (scale_1_7, scale_0_10, choice or text) and its words by language. What was answered already keeps its meaning: give a changed question an id of its own.")
            .error(wrong.first().cloned()),
        open: live.state != RoundState::Closed,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(respond(status, &page))
}

fn how(item: &Item) -> String {
    let kind = match item.kind {
        ItemKind::Scale7 => "1 to 7".to_string(),
        ItemKind::Scale10 => "0 to 10".into(),
        ItemKind::Choice => format!("one of {}", item.options.len()),
        ItemKind::Text => "in words".into(),
    };
    if item.required { format!("{kind}, must be answered") } else { kind }
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    if fields.get("act") != "save" {
        return Err(Failure::unknown());
    }
    let opened = fields.get("version").parse().unwrap_or(live.version);
    // Browsers end lines in two letters.
    let text = fields.get("text").replace("\r\n", "\n");
    let refuse = |wrong: Vec<String>| show(&web, &live, &by, &Fields::default(), (text.clone(), opened), &wrong);
    let questionnaire = match typed::questions(&text, &live.spec.language) {
        Ok(questionnaire) => questionnaire,
        Err(wrong) => return refuse(wrong.into_iter().map(|(line, what)| format!("Line {line}: {what}")).collect()),
    };
    if questionnaire == *live.questionnaire {
        return refuse(vec!["Nothing is different yet. Change the text, then save it.".into()]);
    }
    let order = ChangeQuestions { slug: live.slug.clone(), version: opened, questionnaire };
    match web.ctx.order(&by.actor(), order).await {
        Ok(()) => Ok(back(&urls::questions(&live.slug), "questions")),
        Err(problem) if problem.kind == Kind::Refused => refuse(vec![problem.to_string()]),
        Err(problem) => Err(problem.into()),
    }
}
