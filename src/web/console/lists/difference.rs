//! What a list would change, shown before the one button that changes it; what is loaded is what was shown, or nothing.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use crate::base::problem::Kind;
use crate::intake::list::CheckedList;
use crate::rules::contacts::difference::{Difference, about_rows};
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::contacts::upload::upload_choice::{KeepOthers, keeps_others};
use crate::steps::contacts::upload::{self, Upload};
use crate::steps::contacts::{self, Allowed, Comparison, Permission, Wanted};
use crate::web::console::views::difference::{DifferencePage, Others};
use crate::web::console::views::lists::discard;
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::with;
use crate::web::kit::frames::{console, round};
use crate::web::kit::in_turn::in_turn;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::Field as Input;
use crate::web::kit::views::frame::{Count, plural};
use crate::web::kit::views::page::respond;

use super::columns::{self, Said, steps};
use super::difference_parts::parts;
use super::reading::{self, loaded_already};

/// The tick by which somebody says that a list may do this; whether others are taken off is said once and kept with the list.
fn tick(permission: Permission) -> Option<&'static str> {
    match permission {
        Permission::RemovingEverybody => Some("removing_everybody"),
        Permission::LosingOwners => Some("losing_owners"),
        Permission::TakingOff => None,
    }
}

/// The field by which a list is one of several or the whole one, and its values.
const OTHERS: &str = "others";
const KEEP: &str = "keep";
const WHOLE: &str = "whole";

/// What was said so far of what this list may do.
fn allowed(upload: &Upload, fields: &Fields) -> Allowed {
    let said = |permission| tick(permission).is_some_and(|tick| fields.get(tick) == "yes");
    Allowed {
        removing_everybody: said(Permission::RemovingEverybody),
        losing_owners: said(Permission::LosingOwners),
        keeping_others: keeps_others(upload) == Some(true),
        taking_off: keeps_others(upload) == Some(false),
    }
}

pub async fn page(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, String)>,
    by: Operator,
    Words(words): Words,
) -> Answer {
    let live = round(&web, &slug).await?;
    let upload = reading::find(&web, &live, &id).await?;
    let list = match reading::read(&web, &live, &upload).await {
        Ok(list) => Arc::new(list),
        Err(problem) if problem.kind == Kind::Unusable => {
            return columns::show(&web, &live, &by, &upload, &words, Said::of(&problem)).await;
        }
        Err(problem) => return Err(loaded_already(&web, &live, &upload.id, problem.into()).await?),
    };
    show(&web, &live, &by, &words, (&upload, &list), Told::default()).await
}

/// What was said of a list and did not do.
#[derive(Default)]
struct Told {
    fields: Fields,
    refused: Option<String>,
    /// Neither was chosen of the two that a list can be.
    neither: bool,
}

async fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    words: &Fields,
    (upload, list): (&Upload, &Arc<CheckedList>),
    told: Told,
) -> Answer {
    let here = urls::difference(&live.slug, &upload.id);
    let allowed = allowed(upload, &told.fields);
    let (slug, rows) = (live.slug.clone(), list.clone());
    let compared = in_turn(web, move |web| async move { contacts::comparison(&web.ctx, &slug, &rows, allowed).await });
    let (Comparison { difference, wanted }, impossible) = match compared.await {
        Ok(comparison) => (comparison, None),
        Err(problem) if matches!(problem.kind, Kind::Refused | Kind::Unusable) => {
            (Comparison { difference: Difference::default(), wanted: Vec::new() }, Some(problem.for_page()))
        }
        Err(problem) => return Err(problem.into()),
    };
    // What was refused for want of a tick, and not for another reason, says so at the tick.
    let missing = |wanted: &Wanted| !allowed.says(wanted.permission);
    let unticked = told.refused.is_some()
        && impossible.is_none()
        && told.fields.get("version") == difference.version
        && wanted.iter().any(missing);
    let status = match told.refused {
        None if told.neither => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
        Some(_) if unticked => StatusCode::UNPROCESSABLE_ENTITY,
        Some(_) => StatusCode::CONFLICT,
    };
    let unsaid = keeps_others(upload).is_none() && difference.gone.iter().any(|gone| gone.removed);
    let which = wanted.iter().any(|wanted| wanted.permission == Permission::TakingOff && missing(wanted));
    // What becomes of the others is said first: most of what would have to be ticked depends on it.
    let asked_first = live.state == RoundState::Draft && unsaid;
    let ticks = wanted.iter().filter(|_| !asked_first).filter_map(|wanted| {
        let name = tick(wanted.permission)?;
        let label = format!("{} That is meant.", wanted.problem.what);
        let error =
            (unticked && missing(wanted)).then(|| "Tick the box if that is meant, or load another list.".into());
        Some(Input { value: told.fields.get(name).to_string(), ..Input::check(name, label) }.error(error))
    });
    let rows_say = about_rows(&difference);
    let page = DifferencePage {
        console: console(web, by, Some(live), "contacts", words),
        id: "load",
        steps: steps(live, upload, "What changes"),
        headline: headline(&difference, unsaid),
        name: upload.file_name.clone(),
        version: difference.version.clone(),
        others: others(live, &difference, keeps_others(upload), told.neither || (unticked && (which || asked_first))),
        effects: difference.effects.iter().filter(|effect| !rows_say.contains(effect)).cloned().collect(),
        signs_again: difference.signs_again.clone(),
        parts: parts(&difference, unsaid),
        unchanged: Count(difference.unchanged),
        ticks: ticks.collect(),
        button: button(&difference, unsaid),
        discard: discard(&urls::upload(&live.slug, &upload.id), &by.csrf, &upload.file_name),
        refused: told.refused.filter(|_| !unticked),
        impossible,
        here,
    };
    Ok(respond(status, &page))
}

/// In a draft: whether who is not on this list goes or stays, asked where it matters and as it was said.
fn others(live: &Live, difference: &Difference, said: Option<bool>, missing: bool) -> Option<Others> {
    let n = difference.gone.len();
    if live.state != RoundState::Draft || (n == 0 && said.is_none()) {
        return None;
    }
    let (asked, whole) = match n {
        0 => {
            ("Are there other lists of this round?".into(), "whoever is in the draft and not on it is taken off".into())
        }
        n => (
            format!(
                "{} not on this list. Which list is it?",
                plural(n, "contact of the draft is", "contacts of the draft are")
            ),
            format!("{} off", plural(n, "contact is taken", "contacts are taken")),
        ),
    };
    Some(Others {
        asked,
        choices: [
            (KEEP, "This file is one of several: the others stay".into(), said == Some(true)),
            (WHOLE, format!("This is the whole list: {whole}"), said == Some(false)),
        ],
        error: missing.then(|| "Say first whether this file is one of several or the whole list.".into()),
    })
}

/// "12 new, 3 changed"; the kinds that there are.
fn counts(d: &Difference) -> Vec<String> {
    let gone = d.gone.iter().filter(|gone| gone.removed).count();
    said(vec![(d.added.len(), "new"), (d.changed.len(), "changed"), (gone, "taken off"), (d.asked.len(), ASKED)])
}

const ASKED: &str = "to be asked about";

fn said(counts: Vec<(usize, &str)>) -> Vec<String> {
    counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", Count(n as u64))).collect()
}

/// The same while nobody has said whether those who are not on it stay: nothing is done to them.
fn counts_unsaid(d: &Difference) -> Vec<String> {
    said(vec![(d.added.len(), "new"), (d.changed.len(), "changed"), (d.asked.len(), ASKED)])
}

fn headline(d: &Difference, unsaid: bool) -> String {
    let all = match unsaid {
        true => [counts_unsaid(d), vec![format!("{} not on this list", Count(d.gone.len() as u64))]].concat(),
        false => counts(d),
    };
    match all.as_slice() {
        [] if d.effects.is_empty() => "Nothing would change".into(),
        [] => "No contact would change".into(),
        all => all.join(", "),
    }
}

fn button(d: &Difference, unsaid: bool) -> String {
    let people = d.added.len() + d.changed.len() + d.asked.len() + d.kept.len() + d.unchanged as usize;
    let load = format!("Load {}", plural(people, "contact", "contacts"));
    match (if unsaid { counts_unsaid(d) } else { counts(d) }).as_slice() {
        [] => load,
        all => format!("{load}: {}", all.join(", ")),
    }
}

pub async fn act(State(web): State<Web>, Path((slug, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let upload = reading::find(&web, &live, &id).await?;
    match fields.get("act") {
        OTHERS => {
            let there = urls::difference(&live.slug, &upload.id);
            let Some(keep) = said_of_others(&fields) else { return neither(&web, &live, &by, &upload).await };
            web.ctx.order(&by.actor(), KeepOthers { upload, keep }).await?;
            Ok(Redirect::to(&there).into_response())
        }
        // Chosen in the same form and not shown yet: it is shown before anything is loaded by it.
        "load" if said_of_others(&fields).is_some_and(|keep| keeps_others(&upload) != Some(keep)) => {
            let keep = said_of_others(&fields).unwrap_or(true);
            let there = with(urls::difference(&live.slug, &upload.id), "done", "say_others");
            web.ctx.order(&by.actor(), KeepOthers { upload, keep }).await?;
            Ok(Redirect::to(&there).into_response())
        }
        "load" => load(&web, &live, &by, upload, fields).await,
        _ => Err(Failure::unknown()),
    }
}

fn said_of_others(fields: &Fields) -> Option<bool> {
    match fields.get(OTHERS) {
        KEEP => Some(true),
        WHOLE => Some(false),
        _ => None,
    }
}

/// The form of the two that a list can be was sent without one of them.
async fn neither(web: &Web, live: &Live, by: &Operator, upload: &Upload) -> Answer {
    let list = match reading::read(web, live, upload).await {
        Ok(list) => Arc::new(list),
        Err(problem) => return Err(loaded_already(web, live, &upload.id, problem.into()).await?),
    };
    let told = Told { neither: true, ..Told::default() };
    show(web, live, by, &Fields::default(), (upload, &list), told).await
}

async fn load(web: &Web, live: &Live, by: &Operator, upload: Upload, fields: Fields) -> Answer {
    let list = match reading::read(web, live, &upload).await {
        Ok(list) => Arc::new(list),
        // Two presses at once: the other one may have loaded it while this one read.
        Err(problem) => return Err(loaded_already(web, live, &upload.id, problem.into()).await?),
    };
    let allowed = allowed(&upload, &fields);
    let (slug, rows, id) = (live.slug.clone(), list.clone(), upload.id.clone());
    let (version, actor) = (fields.get("version").to_string(), by.actor());
    let loaded = in_turn(web, move |web| async move {
        contacts::load_upload_as_shown(&web.ctx, &slug, (&id, &rows), allowed, &version, &actor).await
    });
    let Err(problem) = loaded.await else {
        return Ok(reading::loaded_page(web, live).await?);
    };
    match problem.kind {
        // Two presses at once: the other one has loaded it.
        Kind::Refused | Kind::Gone if upload::was_loaded(&web.ctx, &live.id, &upload.id).await? => {
            Ok(reading::loaded_page(web, live).await?)
        }
        Kind::Refused => {
            let told = Told { fields, refused: Some(problem.for_page()), neither: false };
            show(web, live, by, &Fields::default(), (&upload, &list), told).await
        }
        _ => Err(problem.into()),
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot::channel;

    use super::*;
    use crate::web::tests::fixture::house;

    #[tokio::test]
    async fn a_load_that_has_begun_goes_to_its_end_also_when_its_page_is_waited_for_no_longer() {
        let web = Web::new(house().await.ctx.clone(), 0);
        let ((begun, has_begun), (go, may_go), (done, is_done)) = (channel(), channel(), channel());
        let work = in_turn(&web, move |_| async move {
            begun.send(()).unwrap();
            may_go.await.unwrap();
            done.send(()).unwrap();
            Ok(())
        });
        tokio::select! {
            _ = work => panic!("it waits"),
            begun = has_begun => begun.unwrap(),
        }
        assert_eq!(web.reading.available_permits(), 0, "the next one waits for its turn");
        go.send(()).unwrap();
        is_done.await.unwrap();
        in_turn(&web, |_| async { Ok(()) }).await.unwrap();
    }
}
