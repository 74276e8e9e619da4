//! What is open in a round before it starts: what `round check` says of its folder, by the same rules, and what of its list waits, with the
//! page on which it is mended.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::problem::Kind;
use crate::base::sentence::capitalised;
use crate::intake::files::{CONTACTS, QUESTIONNAIRE};
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::contacts::quality::{Dropped, GiveReason};
use crate::steps::round::notices::{INVENTED, NO_LIST, Notice, PROMISED};
use crate::steps::round::starting::{OpenPoints, open_points};
use crate::web::console::plan::text_names;
use crate::web::console::views::rounds::making::{CheckPage, Remark};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::day_with_year;
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Field};
use crate::web::kit::views::frame::{Link, Tone, plural};
use crate::web::kit::views::page::respond;

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    show(&web, &live, &by, &words, None).await
}

/// A reason that was not taken: whose, as it was typed, and why.
struct Untaken {
    director: String,
    reason: String,
    why: String,
}

async fn show(web: &Web, live: &Live, by: &Operator, words: &Fields, untaken: Option<Untaken>) -> Answer {
    let found = open_points(&web.ctx, &mut web.ctx.db.read().await?, live).await?;
    let stands = |untaken: &Untaken| found.reasons.iter().any(|dropped| dropped.rate.director == untaken.director);
    let words = match &untaken {
        // Whoever it is about owes none any more: it is said above the page.
        Some(untaken) if !stands(untaken) => &words.clone().with_refusal(untaken.why.clone()),
        _ => words,
    };
    let page = CheckPage {
        console: console(web, by, Some(live), "overview", words),
        draft: live.state == RoundState::Draft,
        points: found.count(),
        no_list: found.nobody_is_listed(),
        reasons: found
            .reasons
            .iter()
            .enumerate()
            .map(|(n, dropped)| (dropped.what(), why(live, by, n, dropped, untaken.as_ref())))
            .collect(),
        given: found.given.iter().map(|dropped| given(live, dropped)).collect(),
        waiting: waiting(live, &found),
        open: by_place(live, &found.findings),
        notes: by_place(live, &found.notes),
    };
    let status = if untaken.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(respond(status, &page))
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    if fields.get("act") != "reason" {
        return Err(Failure::unknown());
    }
    let (director, reason) = (fields.get("director").to_string(), fields.get("reason").to_string());
    let order = GiveReason { slug: live.slug.clone(), director: director.clone(), reason: reason.clone() };
    match web.ctx.order(&by.actor(), order).await {
        Err(problem) if problem.kind == Kind::Unusable => {
            let untaken = Untaken { director, reason, why: problem.to_string() };
            let page = show(&web, &live, &by, &Fields::default(), Some(untaken)).await?;
            Ok(refused_forms::at("reasons", page))
        }
        given => {
            given?;
            Ok(back(&urls::check(&live.slug), "reason"))
        }
    }
}

/// What of a list waits.
fn waiting(live: &Live, found: &OpenPoints) -> Vec<Remark> {
    let remark = |text: String, link: Link| Remark {
        tone: Tone::Attention,
        place: "List".into(),
        text,
        sentences: Vec::new(),
        link,
    };
    let round = live.slug.as_str();
    let lists = found.lists.iter().map(|list| {
        let text = format!("{} is uploaded and not loaded yet.", list.file_name);
        remark(text, Link::new("Go on with it", urls::upload(round, &list.id)))
    });
    let held = (found.held > 0).then(|| {
        let who = plural(found.held, "name on the list has", "names on the list have");
        let text = format!("{who} a new address and nothing goes to it: the same person, or somebody else?");
        remark(text, Link::new("Say who it is", format!("{}#asked", urls::board(round))))
    });
    lists.chain(held).collect()
}

/// "Mary Lee left out 6 of 20 ... Reason (olga@x.example, Mon 1 Feb): ...".
fn given(live: &Live, dropped: &Dropped) -> String {
    let by = dropped.given.as_ref().map_or_else(String::new, |given| {
        format!(" ({}, {})", given.given_by, day_with_year(home(live).local(given.given_at).date()))
    });
    format!("{} Reason{by}: {}", dropped.what(), dropped.reason.as_deref().unwrap_or_default())
}

/// Asks why a director has left people out.
fn why(live: &Live, by: &Operator, number: usize, dropped: &Dropped, untaken: Option<&Untaken>) -> ActionForm {
    let untaken = untaken.filter(|untaken| untaken.director == dropped.rate.director);
    let typed = untaken.map_or("", |untaken| untaken.reason.as_str());
    ActionForm {
        id: format!("reason-{number}"),
        action: urls::check(&live.slug),
        act: "reason",
        csrf: by.csrf.clone(),
        hidden: vec![("director", dropped.rate.director.clone())],
        label: "Say why".into(),
        about: format!("{} left them out", dropped.rate.name),
        explain: "It is told to whoever approves the plan.".into(),
        fields: vec![
            Field::text("reason", "Why they are not asked again", typed)
                .error(untaken.map(|untaken| untaken.why.clone())),
        ],
        button: "Save the reason".into(),
        places: vec!["reasons".into()],
        ..ActionForm::default()
    }
}

/// Sentences of one text stand together.
fn by_place(live: &Live, notices: &[Notice]) -> Vec<Remark> {
    let together = |one: &Notice, other: &Notice| {
        one.sentence.is_some() && other.sentence.is_some() && (&one.file, one.code) == (&other.file, other.code)
    };
    notices
        .chunk_by(together)
        .filter_map(|all| {
            let sentences = all.iter().filter_map(|notice| notice.sentence.clone()).collect();
            Some(Remark { sentences, ..remark(live, all.first()?) })
        })
        .collect()
}

fn remark(live: &Live, notice: &Notice) -> Remark {
    let round = live.slug.as_str();
    let text = notice.file.strip_prefix("mail/").and_then(|file| file.strip_suffix(".md")?.split_once('/'));
    let (place, link) = match (text, notice.file.as_str()) {
        (Some((language, name)), _) => {
            let there = query(&[("language", language), ("name", name)]);
            let place = capitalised(&text_names::in_language(&format!("{language}/{name}")));
            (place, Link::new("Change the text", format!("{}{there}", urls::texts(round))))
        }
        (None, QUESTIONNAIRE) => ("Questions".into(), Link::new("Change the questions", urls::questions(round))),
        (None, CONTACTS) if notice.code == NO_LIST => ("List".into(), Link::new("Load a list", urls::list(round))),
        (None, CONTACTS) => ("List".into(), Link::new("See who it is", urls::contacts(round))),
        (None, file) if file.starts_with("mail") => ("Words".into(), Link::new("Write the texts", urls::texts(round))),
        _ => ("Settings".into(), Link::new("Change the settings", urls::settings(round))),
    };
    let tone = if [INVENTED, NO_LIST].contains(&notice.code) { Tone::Wrong } else { Tone::Attention };
    let text = match notice.code {
        INVENTED => "Invented for the template and untrue of anybody else. Write what is yours, or take it out.".into(),
        PROMISED => String::new(),
        _ => notice.page_text().into(),
    };
    Remark { tone, place, text, sentences: Vec::new(), link }
}
