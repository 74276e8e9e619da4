//! Making a round in the browser: from the template or from a round of before.

use axum::extract::State;
use axum::http::StatusCode;

use crate::base::problem::Kind;
use crate::intake::folder::typed::Mistyped;
use crate::steps::round::make::{self, NewRound};
use crate::store::round::rounds;
use crate::web::console::views::settings::{NewRoundPage, Section};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::frames::{back, console, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::{Choice, Field};
use crate::web::kit::views::page::respond;

use super::sections::{Form, keys};
use super::typed::{Typed, Wrong, mistakes};

/// What of the template is nobody else's, and is to be written.
const OWN: [&str; 14] = [
    "round",
    "client",
    "title",
    "schedule.opens",
    "schedule.closes",
    "senders.team.name",
    "senders.team.email",
    "senders.team.title",
    "senders.warm_up.name",
    "senders.warm_up.email",
    "senders.warm_up.title",
    "signoff.sales_director",
    "signoff.sales_director_email",
    "schedule.time_zone",
];

/// A round of before by its name; the template where it is empty.
async fn base(web: &Web, from: &str) -> Result<NewRound, Failure> {
    if from.is_empty() {
        return Ok(make::from_template()?);
    }
    let live = round(web, from).await?;
    Ok(make::a_year_later(&live))
}

fn languages(new: &NewRound) -> Vec<String> {
    new.words.keys().cloned().collect()
}

fn typed(from: &str, new: &NewRound) -> Typed {
    let mut typed = Typed::of(&new.spec, &[]);
    if from.is_empty() {
        OWN.iter().for_each(|key| _ = typed.0.insert((*key).into(), String::new()));
    }
    typed
}

pub async fn page(State(web): State<Web>, by: Operator, Words(words): Words) -> Answer {
    let from = words.get("from");
    let new = base(&web, from).await?;
    show(&web, &by, &words, (from, &new), &typed(from, &new), &Wrong::new()).await
}

fn sections(form: &Form<'_>, languages: &[String]) -> Vec<Section> {
    let about = Section {
        id: "about",
        title: "What it is".into(),
        about: "",
        fields: vec![form.client(), form.title(), form.slug()],
    };
    let mut days = form.days().to_vec();
    days.push(form.time_zone());
    let days = Section { id: "days", title: "When it runs".into(), about: "", fields: days };
    let reading = Section { id: "reading", title: "How it reads".into(), about: "", fields: form.reading(languages) };
    let mut all = vec![about, days];
    all.extend(form.senders());
    all.push(form.sign_off());
    all.push(reading);
    all
}

async fn show(
    web: &Web,
    by: &Operator,
    words: &Fields,
    (from, new): (&str, &NewRound),
    typed: &Typed,
    wrong: &Wrong,
) -> Answer {
    let rounds = rounds::list(&mut web.ctx.db.read().await?).await?;
    let mut bases = vec![Choice::new("", "the template")];
    bases.extend(rounds.iter().map(|r| Choice::new(&r.slug, format!("{}, a year later", r.slug))));
    let sections = sections(&Form { typed, wrong }, &languages(new));
    let fields: Vec<&Field> = sections.iter().flat_map(|section| &section.fields).collect();
    let page = NewRoundPage {
        console: console(web, by, None, "", words),
        id: "new",
        bases,
        base: from.into(),
        mistakes: mistakes("new", wrong, &fields),
        sections,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(respond(status, &page))
}

pub async fn act(State(web): State<Web>, posted: Posted) -> Answer {
    let Posted { by, fields } = posted;
    if fields.get("act") != "make" {
        return Err(Failure::unknown());
    }
    let from = fields.get("from");
    let new = base(&web, from).await?;
    let typed = typed(from, &new).sent(&fields);
    let nothing = Wrong::new();
    let keys = keys(&sections(&Form { typed: &typed, wrong: &nothing }, &languages(&new)));
    let refuse = async |wrong: Wrong| show(&web, &by, &Fields::default(), (from, &new), &typed, &wrong).await;
    let spec = match typed.read(&new.spec, &keys) {
        Ok(spec) => spec,
        Err(wrong) => return refuse(wrong).await,
    };
    let whole = |message: String| Mistyped { key: String::new(), message };
    let made = NewRound { spec: if from.is_empty() { make::fitted(spec) } else { spec }, ..new.clone() };
    let faults = make::faults(&web.ctx, &made);
    if !faults.is_empty() {
        return refuse(faults.into_iter().map(whole).collect()).await;
    }
    let slug = made.spec.round.clone();
    match make::make(&web.ctx, made, &by.actor()).await {
        Ok(_) => Ok(back(&urls::settings(&slug), "make_round")),
        Err(problem) if problem.kind == Kind::Refused => {
            refuse(vec![Mistyped { key: "round".into(), message: problem.to_string() }]).await
        }
        Err(problem) => Err(problem.into()),
    }
}
