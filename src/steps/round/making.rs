//! A round made in the browser: from the template, from an earlier round of the installation, or from a folder. It begins as a draft
//! without a list.
//!
//! What is made is held against the rules of `round check` before it is written down, so that its export is a folder that can be loaded.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde_json::Value;

use crate::base::problem::{Problem, Result};
use crate::intake::demo;
use crate::intake::files::Files;
use crate::intake::folder::faults::Fault;
use crate::intake::folder::{Unlisted, read_files};
use crate::rules::calendar::Zone;
use crate::rules::journal::{Action, Actor};
use crate::rules::plan::{OpeningDoubt, moved, next_name, next_round_name, opening_doubt, years_later};
use crate::rules::questionnaire::Questionnaire;
use crate::rules::round::{ByLanguage, RoundSpec, RoundState, Schedule};
use crate::steps::contacts::objections;
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::store::Tx;
use crate::store::round::rounds::{self, Round};

use super::folder;
use super::reload::Content;

/// Name and bytes of a list.
pub type ListFile = (&'static str, Vec<u8>);

/// What a round is made from.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// The demo's words and questions, without its sentence about last year and its country managers.
    Template { client: String, opens: NaiveDate },
    /// Settings, texts and questions of an earlier round by its name, moved to the same weekdays of a year that has not begun to run.
    Earlier(String),
}

/// The template's days, opening on this one.
pub fn opening_on(opens: NaiveDate) -> Result<Schedule> {
    Ok(Schedule { opens, days_off: Vec::new(), ..demo::content()?.0.schedule })
}

/// The first Monday in six weeks, which leaves time for the list, the signatures and the letter before; some weeks later where nobody
/// works on that day.
pub fn next_opening(ctx: &Ctx) -> Result<NaiveDate> {
    let schedule = demo::content()?.0.schedule;
    let soonest = ctx.clock.now().utc().date_naive() + Days::new(42);
    let first = soonest.iter_days().find(|day| day.weekday() == Weekday::Mon).unwrap_or(soonest);
    Ok(working(ctx, first, |opens| Schedule { opens, days_off: Vec::new(), ..schedule.clone() }))
}

/// This opening, or some weeks later where nobody works on that day; `on` is the schedule that opens on a day.
fn working(ctx: &Ctx, first: NaiveDate, on: impl Fn(NaiveDate) -> Schedule) -> NaiveDate {
    first.iter_weeks().take(20).find(|opens| doubt(ctx, &on(*opens)).is_none()).unwrap_or(first)
}

/// Why a round would not open on its day.
pub fn doubt(ctx: &Ctx, schedule: &Schedule) -> Option<OpeningDoubt> {
    let now = ctx.clock.now();
    let zone = Zone::find(&schedule.time_zone);
    let today = zone.map_or_else(|| now.utc().date_naive(), |zone| zone.local(now).date());
    opening_doubt(schedule, &ctx.almanac, today)
}

/// This day, as many years later as are needed for it to come.
fn later(opens: NaiveDate, today: NaiveDate) -> NaiveDate {
    (1..200).map(|years| years_later(opens, years)).find(|day| *day > today).unwrap_or(opens)
}

/// What the round would say. `name`: empty for that of the earlier one with its new year.
pub async fn draft(ctx: &Ctx, pattern: Pattern, name: &str) -> Result<Content> {
    let today = ctx.clock.now().utc().date_naive();
    let (mut content, opens) = match pattern {
        Pattern::Template { client, opens } => {
            let (mut spec, questionnaire, words) = demo::content()?;
            let questionnaire = about(&questionnaire, &spec.client, &client)?;
            spec.client = client;
            spec.senders.country.clear();
            (Content { spec, words, questionnaire }, opens)
        }
        Pattern::Earlier(slug) => {
            let round = rounds::by_slug(&mut ctx.db.read().await?, &slug).await?.ok_or_else(|| unknown(&slug))?;
            let content = Content::of_round(&round)?;
            let first = later(content.spec.schedule.opens, today);
            let opens = working(ctx, first, |opens| moved(&content.spec, opens).schedule);
            (content, opens)
        }
    };
    let before = content.spec.schedule.opens;
    let renamed = |text: &str| next_name(text, before, opens);
    content.questionnaire.version = renamed(&content.questionnaire.version);
    content.spec = RoundSpec {
        round: if name.is_empty() { next_round_name(&content.spec.round, before, opens) } else { name.into() },
        title: renamed(&content.spec.title),
        // What last year's answers changed was said last year.
        changed_since_last_year: ByLanguage::default(),
        ..moved(&content.spec, opens)
    };
    Ok(content)
}

/// The questions name the client.
fn about(asked: &Questionnaire, before: &str, client: &str) -> Result<Questionnaire> {
    fn named(value: &mut Value, before: &str, client: &str) {
        match value {
            Value::String(text) => *text = text.replace(before, client),
            Value::Array(all) => all.iter_mut().for_each(|value| named(value, before, client)),
            Value::Object(all) => all.values_mut().for_each(|value| named(value, before, client)),
            _ => {}
        }
    }
    let broken = |e: serde_json::Error| Problem::internal("The questions of the template cannot be read.").because(e);
    let mut value = serde_json::to_value(asked).map_err(broken)?;
    named(&mut value, before, client);
    serde_json::from_value(value).map_err(broken)
}

/// What the files of a folder say, with its list, which is still to be looked at; or all that is wrong with them.
pub fn of_files(ctx: &Ctx, files: &Files) -> std::result::Result<(Content, Option<ListFile>), Vec<Fault>> {
    let Unlisted { spec, questionnaire, words, list } = read_files(files)?;
    let content = Content { spec, words, questionnaire };
    let faults = faults(ctx, &content);
    if faults.is_empty() { Ok((content, list)) } else { Err(faults) }
}

/// Why it cannot be made; nothing is written.
pub fn faults(ctx: &Ctx, content: &Content) -> Vec<Fault> {
    folder::check(&content.spec, &content.questionnaire, &content.words, &ctx.almanac)
}

/// What a [`MakeRound`] has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    New,
    /// The same person has made the same round before: a second press.
    Before,
}

/// Whether this round is what its maker makes once more.
async fn is_the_same(tx: &mut Tx, there: &Round, content: &Content, by: &Actor) -> Result<bool> {
    let first = rounds::versions(tx, &there.id).await?.into_iter().next().and_then(|version| version.actor);
    let loaded = rounds::loaded(tx, &there.id).await?;
    // What it was made of; what was changed in it since is no matter.
    let made: Option<Content> = loaded.and_then(|text| serde_json::from_str(&text).ok());
    Ok(there.state == RoundState::Draft && first.is_some_and(|actor| by.is(&actor)) && made.as_ref() == Some(content))
}

/// Writes down a new round as a draft without a list.
pub struct MakeRound {
    pub content: Content,
    /// For the journal: "the template", "round acme-2027".
    pub from: String,
}

impl Order for MakeRound {
    type Done = Made;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<Made> {
        let MakeRound { content, from } = self;
        let now = ctx.clock.now();
        if let Some(fault) = faults(ctx, &content).first() {
            return Err(Problem::unusable(
                format!("The round cannot be made. {}", fault.message),
                "Correct it, then make it.",
            ));
        }
        let slug = content.spec.round.clone();
        if let Some(there) = rounds::by_slug(tx, &slug).await? {
            if is_the_same(tx, &there, &content, by).await? {
                return Ok(Made::Before);
            }
            return Err(Problem::refused(
                format!("There is a round {slug} already."),
                "Give the new one another name.",
            ));
        }
        let round = content.as_draft(ctx.ids.id(now), now)?;
        rounds::insert(tx, &round, by.as_str()).await?;
        // A folder that is loaded later is held against this: what people change from now on is theirs (decision 0023).
        rounds::set_loaded(tx, &round.id, &content.as_loaded()?).await?;
        objections::client_named(ctx, tx, &round.client).await?;
        ctx.journal(tx, by, Action::MadeRound, Some(&round.id), round.id.as_str(), &format!("from {from}")).await?;
        Ok(Made::New)
    }
}
