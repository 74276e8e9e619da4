//! The settings of a round: who asks, who signs, how it reads; and what is to be settled before it starts.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::problem::{Kind, Problem};
use crate::intake::files::{CONTACTS, QUESTIONNAIRE};
use crate::intake::folder::text_names::REQUIRED;
use crate::intake::folder::typed::{self, Mistyped};
use crate::rules::round::{RoundSpec, RoundState, Words as Letters};
use crate::steps::Live;
use crate::steps::contacts::quality::{self, GiveReason};
use crate::steps::plan::change::{self, Change, ChangeRound};
use crate::steps::round::export::as_folder;
use crate::steps::round::notices::{Notice, notices};
use crate::web::console::plan::effects::{self, Look};
use crate::web::console::views::settings::{Section, SettingsPage};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::{back, console, round};
use crate::web::kit::problem::{Answer, Failure, status};
use crate::web::kit::state::Web;
use crate::web::kit::views::form::{ActionForm, Field};
use crate::web::kit::views::frame::Link;
use crate::web::kit::views::page::respond;
use crate::web::kit::{names, urls};

use super::sections::{Form, keys};
use super::typed::{Typed, Wrong, mistakes};

fn languages(live: &Live) -> Vec<String> {
    live.words.keys().cloned().collect()
}

fn sections(form: &Form<'_>, languages: &[String]) -> Vec<Section> {
    let mut about = vec![form.client(), form.title(), form.time_zone()];
    about.extend(form.reading(languages));
    let about = Section { id: "about", title: "What it is".into(), about: "", fields: about };
    let mut all = vec![about];
    all.extend(form.senders());
    all.extend([form.countries(), form.sign_off(), form.digest(), form.last_year(languages)]);
    all
}

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let typed = Typed::of(&live.spec, &languages(&live));
    show(&web, &live, &by, &words, (&typed, live.version), &Wrong::new()).await
}

async fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    words: &Fields,
    (typed, opened): (&Typed, i64),
    wrong: &Wrong,
) -> Answer {
    if live.state == RoundState::Closed {
        return Err(Failure::unknown());
    }
    let draft = live.state == RoundState::Draft;
    // Counted where it can still be settled: a started round is told by its plan what its letters do.
    let (asked, notes) = if draft { asked(web, live).await? } else { Default::default() };
    let reasons = if draft { reasons(web, live, by).await? } else { Vec::new() };
    let sections = sections(&Form { typed, wrong }, &languages(live));
    let fields: Vec<&Field> = sections.iter().flat_map(|section| &section.fields).collect();
    let page = SettingsPage {
        console: console(web, by, Some(live), "plan", words),
        id: "settings",
        version: opened,
        draft,
        mistakes: mistakes("settings", wrong, &fields),
        asked,
        notes,
        reasons,
        sections,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(respond(status, &page))
}

/// Sentences, each with where it is settled.
type Asked = Vec<(String, Option<Link>)>;

/// What `round check` finds in a folder like this round, and what it notes.
async fn asked(web: &Web, live: &Live) -> Result<(Asked, Asked), Failure> {
    let folder = as_folder(&web.ctx, &live.slug).await?;
    let found = tokio::task::spawn_blocking(move || notices(&folder)).await;
    let found = found.map_err(|e| Problem::internal("The round could not be looked through.").because(e))?;
    let told = |all: Vec<Notice>| {
        let linked = all.into_iter().map(|notice| (place(live, &notice), notice.message));
        linked.map(|(link, message)| (message, link)).collect()
    };
    Ok((told(found.findings), told(found.notes)))
}

/// Whom directors have left out since the last round without saying why: the round does not start before.
async fn reasons(web: &Web, live: &Live, by: &Operator) -> Result<Vec<(String, ActionForm)>, Failure> {
    let all = quality::of_round(&web.ctx, &live.slug).await?.dropped;
    let open = all.into_iter().filter(|d| d.rate.reason_wanted && d.reason.is_none()).enumerate();
    let form = |(n, d): (usize, quality::Dropped)| {
        let form = ActionForm {
            id: format!("reason-{n}"),
            action: urls::settings(&live.slug),
            act: "reason",
            csrf: by.csrf.clone(),
            hidden: vec![("director", d.rate.director.clone())],
            label: "Say why".into(),
            about: format!("{} left them out", d.rate.name),
            explain: "It is told to whoever approves the plan.".into(),
            fields: vec![Field::text("reason", "Why they are not asked again", "")],
            button: "Save the reason".into(),
            ..ActionForm::default()
        };
        (d.sentence(), form)
    };
    Ok(open.map(form).collect())
}

/// Where it is settled.
fn place(live: &Live, notice: &Notice) -> Option<Link> {
    if let Some((language, file)) = notice.file.strip_prefix("mail/").and_then(|rest| rest.split_once('/')) {
        let name = file.strip_suffix(".md").unwrap_or(file);
        let there = format!("{}{}", urls::texts(&live.slug), query(&[("language", language), ("name", name)]));
        return Some(Link::new(format!("Change it in {}", names::language(language)), there));
    }
    match notice.file.as_str() {
        QUESTIONNAIRE => Some(Link::new("Change the questions", urls::questions(&live.slug))),
        CONTACTS => Some(Link::new("Load a list", urls::list(&live.slug))),
        file if file.starts_with("mail") => Some(Link::new("Write the letters", urls::texts(&live.slug))),
        _ => None,
    }
}

/// What the folder's rules ask of a round beside its settings: letters and questions in its own language.
fn in_its_language(live: &Live, spec: &RoundSpec, words: &Letters) -> Wrong {
    let language = names::language(&spec.language);
    let there = |name: &str| words.get(&spec.language).is_some_and(|texts| texts.contains_key(name));
    let missing: Vec<&str> = REQUIRED
        .iter()
        .map(|kind| kind.label())
        .zip(REQUIRED)
        .filter(|(_, kind)| !there(kind.as_str()))
        .map(|(label, _)| label)
        .collect();
    let mut wrong = Wrong::new();
    let mut say = |message: String| wrong.push(Mistyped { key: "language".into(), message });
    if !missing.is_empty() {
        say(format!("In {language} these letters are missing: {}. Write them first.", missing.join(", ")));
    }
    if typed::questions(&typed::questions_as_text(&live.questionnaire), &spec.language).is_err() {
        say(format!("Not every question is there in {language}. Write them first."));
    }
    wrong
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let opened = fields.get("version").parse().unwrap_or(live.version);
    let known = languages(&live);
    let typed = Typed::of(&live.spec, &known).sent(&fields);
    let none = Fields::default();
    let refuse = async |wrong: Wrong| show(&web, &live, &by, &none, (&typed, opened), &wrong).await;
    let act = fields.get("act");
    if act == "reason" {
        let (director, reason) = (fields.get("director").to_string(), fields.get("reason").to_string());
        web.ctx.order(&by.actor(), GiveReason { slug: live.slug.clone(), director, reason }).await?;
        return Ok(back(&urls::settings(&live.slug), "reason"));
    }
    match act {
        "edit" => return refuse(Wrong::new()).await,
        "look" | "confirm" => {}
        _ => return Err(Failure::unknown()),
    }
    let nothing = Wrong::new();
    let keys = keys(&sections(&Form { typed: &typed, wrong: &nothing }, &known));
    let spec = match typed.read(&live.spec, &keys) {
        Ok(spec) => spec,
        Err(wrong) => return refuse(wrong).await,
    };
    let change = Change { spec, words: live.words.clone() };
    let mut wrong = if change.spec.language == live.spec.language {
        Wrong::new()
    } else {
        in_its_language(&live, &change.spec, &change.words)
    };
    let whole = |message: String| Mistyped { key: String::new(), message };
    wrong.extend(change::faults(&web.ctx, &live, &change).into_iter().map(whole));
    if wrong.is_empty() && change.spec == live.spec {
        wrong.push(whole("Nothing is different yet. Change a field, then save it.".into()));
    }
    if !wrong.is_empty() {
        return refuse(wrong).await;
    }
    let hidden = keys.iter().map(|key| (key.clone(), typed.get(key).to_string())).collect();
    let mut look = Look { change: &change, path: urls::settings(&live.slug), hidden, opened, refused: None };
    if act == "look" && live.state != RoundState::Draft {
        return Ok(respond(StatusCode::OK, &effects::page(&web, &live, &by, look).await?));
    }
    let order = ChangeRound { slug: live.slug.clone(), version: opened, change: change.clone() };
    match web.ctx.order(&by.actor(), order).await {
        Ok(()) => Ok(back(&urls::settings(&live.slug), "settings")),
        Err(problem) if problem.kind == Kind::Refused && live.state == RoundState::Draft => {
            refuse(vec![whole(problem.to_string())]).await
        }
        Err(problem) if problem.kind == Kind::Refused && live.state != RoundState::Closed => {
            look.refused = Some(problem.to_string());
            Ok(respond(status(problem.kind), &effects::page(&web, &live, &by, look).await?))
        }
        Err(problem) => Err(problem.into()),
    }
}
