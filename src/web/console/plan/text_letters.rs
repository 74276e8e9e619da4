//! A text as letters, in the frame on the page of the text: of what is typed there, saved or not, for a reader of the round; and one of them
//! sent to whoever is logged in. Showing saves nothing.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::base::problem::Kind;
use crate::base::sentence::capitalised;
use crate::steps::Live;
use crate::steps::letters::approved;
use crate::steps::letters::preview::{Draft, Preview, preview};
use crate::steps::letters::test_letter::SendTestLetter;
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::round;
use crate::web::kit::problem::{Answer, Failure, status};
use crate::web::kit::state::Web;
use crate::web::kit::views::letters::{LettersPage, ShownLetter, everywhere};
use crate::web::kit::{framed, names, urls};

use super::text_names::label;
use super::text_readers::reader;
use super::texts::Asked;

/// GET `/rounds/{round}/plan/words/letters?language=en&name=reminder`: the text as it is saved; without a name every letter to contacts, as the
/// client is shown them.
pub async fn page(State(web): State<Web>, Path(slug): Path<String>, _: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    if words.get("done") == "test" {
        let said = Some("The test letter is on its way to you. What you have typed is still there.".into());
        let page = LettersPage { title: "The test letter".into(), said, ..LettersPage::default() };
        return Ok(framed::letters(StatusCode::OK, &page));
    }
    if words.get("name").is_empty() {
        return Ok(framed::all_letters(approved::letters(&live, &web.ctx.base_url)?));
    }
    let asked = Asked::saved(&words, &live)?;
    show(&web, &live, &asked, &words).await
}

async fn show(web: &Web, live: &Live, asked: &Asked<'_>, fields: &Fields) -> Answer {
    let reader = reader(web, live, asked.name, fields).await?;
    let draft = Draft { language: asked.language, name: asked.name, text: &asked.text };
    let shown = preview(&web.ctx, live, &draft, reader.as_ref()).await?;
    let title = format!("{} in {}", capitalised(&label(asked.name)), names::language(asked.language));
    let letter = shown_letter(title.clone(), asked.language, shown);
    Ok(framed::letters(StatusCode::OK, &LettersPage { title, said: None, letters: vec![letter] }))
}

fn shown_letter(title: String, language: &str, shown: Preview) -> ShownLetter {
    let mut facts = vec![("From", format!("{} <{}>", shown.from.name, shown.from.email)), ("To", shown.to)];
    facts.extend(shown.letter.iter().map(|letter| ("Subject", letter.subject.clone())));
    let views = shown.letter.as_ref().map_or_else(Vec::new, |letter| everywhere(&letter.html));
    ShownLetter {
        title,
        facts,
        language: language.into(),
        wrong: shown.advice.wrong,
        better: shown.advice.better,
        advised: true,
        views,
        text: shown.letter.map(|letter| letter.text),
    }
}

/// POST to the same: what is typed, shown or sent.
pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let asked = Asked::read(&fields, live.version)?;
    match fields.get("act") {
        "show" => show(&web, &live, &asked, &fields).await,
        "test" => send(&web, &live, &by, &asked, &fields).await,
        _ => Err(Failure::unknown()),
    }
}

async fn send(web: &Web, live: &Live, by: &Operator, asked: &Asked<'_>, fields: &Fields) -> Answer {
    let reader = reader(web, live, asked.name, fields).await?;
    let order = SendTestLetter {
        slug: live.slug.clone(),
        language: asked.language.into(),
        name: asked.name.into(),
        text: asked.text.clone(),
        reader,
    };
    match web.ctx.order(&by.actor(), order).await {
        Ok(()) => Ok(sent(live, asked)),
        Err(problem) if matches!(problem.kind, Kind::Refused | Kind::Unusable) => {
            let refused = ShownLetter {
                title: "Nothing was sent".into(),
                facts: Vec::new(),
                language: asked.language.into(),
                wrong: vec![problem.for_page()],
                better: Vec::new(),
                advised: true,
                views: Vec::new(),
                text: None,
            };
            let page = LettersPage { title: refused.title.clone(), said: None, letters: vec![refused] };
            Ok(framed::letters(status(problem.kind), &page))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// So that loading the frame again sends nothing again.
fn sent(live: &Live, asked: &Asked<'_>) -> Response {
    let said = [("language", asked.language), ("name", asked.name), ("done", "test")];
    Redirect::to(&format!("{}{}", urls::text_letters(&live.slug), query(&said))).into_response()
}
