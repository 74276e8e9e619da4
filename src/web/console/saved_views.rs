//! Filters of lists that an operator keeps under a name: links above the list, and where they are kept and removed.
//!
//! An address is never taken as it came: each list reads its own words out of it, and what it makes of them is kept.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::base::ids::{SavedViewId, is_id};
use crate::base::problem::{Kind, Result};
use crate::rules::participation::Participation;
use crate::rules::text::typed::LONGEST_LINE;
use crate::steps::Live;
use crate::steps::installation::saved_views::{RemoveView, SaveView, SavedList};
use crate::store::Tx;
use crate::store::installation::saved_views as store;
use crate::web::console::views::saved::{SavedLink, SavedPage, SavedRow, SavedViews};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{back, console, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Field, in_rows};
use crate::web::kit::views::page::respond;

use super::accounts::part::Part as OfAccounts;
use super::calls::part::Part as OfCalls;
use super::contacts::part::Part as OfContacts;
use super::sending::part::Part as OfOutbox;

const SAVE: &str = "save_view";
const REMOVE: &str = "remove_view";

fn path(list: SavedList, live: &Live) -> String {
    match list {
        SavedList::Contacts => urls::contacts(&live.slug),
        SavedList::Accounts => urls::accounts(&live.slug),
        SavedList::Outbox => urls::outbox(&live.slug),
        SavedList::Calls => urls::calls(&live.slug),
    }
}

fn label(list: SavedList) -> &'static str {
    match list {
        SavedList::Contacts => "Contacts",
        SavedList::Accounts => "Accounts",
        SavedList::Outbox => "Outbox",
        SavedList::Calls => "Calls",
    }
}

/// What a list makes of words, as they stand in its address.
fn kept(list: SavedList, told: Participation, fields: &Fields) -> Vec<(&'static str, String)> {
    let owned = |kept: &[(&'static str, &str)]| {
        kept.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (*name, (*value).to_string())).collect()
    };
    match list {
        SavedList::Contacts => owned(&OfContacts::of(fields, told).kept()),
        SavedList::Accounts => owned(&OfAccounts::of(fields, told).kept()),
        SavedList::Outbox => owned(&OfOutbox::of(fields, told).kept()),
        SavedList::Calls => owned(&OfCalls::of(fields).kept()),
    }
}

fn address(kept: &[(&'static str, String)]) -> String {
    query(&kept.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
}

/// A view that nobody has given a name: its words, without ids.
fn named(kept: &[(&'static str, String)]) -> String {
    let said: Vec<String> =
        kept.iter().filter(|(_, value)| !is_id(value)).map(|(_, value)| value.replace('_', " ")).collect();
    if said.is_empty() { "One account".into() } else { said.join(", ").chars().take(LONGEST_LINE).collect() }
}

fn form(live: &Live, by: &Operator, list: SavedList, kept: Vec<(&'static str, String)>) -> ActionForm {
    let list = [("list", list.as_str().to_string())];
    ActionForm {
        id: "save-view".into(),
        action: urls::views(&live.slug),
        act: SAVE,
        csrf: by.csrf.clone(),
        hidden: list.into_iter().chain(kept).collect(),
        label: "Keep this view".into(),
        explain: "What is shown now stands above this list from then on, for you alone.".into(),
        fields: vec![Field::text("name", "Name", "").optional().hint("Left empty, it is called by its filter.")],
        button: "Keep it".into(),
        ..ActionForm::default()
    }
}

/// What stands above a list that shows what these words ask for.
pub async fn above(tx: &mut Tx, live: &Live, by: &Operator, list: SavedList, words: &Fields) -> Result<SavedViews> {
    let (kept, path) = (kept(list, live.spec.participation, words), path(list, live));
    let now = address(&kept);
    let all = store::of_operator(tx, &live.id, by.actor().as_str()).await?;
    let links: Vec<SavedLink> = all
        .iter()
        .filter(|view| view.list == list.as_str())
        .map(|view| SavedLink {
            name: view.name.clone(),
            href: format!("{path}{}", view.query),
            current: view.query == now,
        })
        .collect();
    let is_new = !kept.is_empty() && !links.iter().any(|link| link.current);
    Ok(SavedViews {
        save: is_new.then(|| form(live, by, list, kept)),
        all: if all.is_empty() { String::new() } else { urls::views(&live.slug) },
        links,
    })
}

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    show(&web, &live, &by, &words, None).await
}

async fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    words: &Fields,
    save: Option<ActionForm>,
) -> Result<Response, Failure> {
    let all = {
        let mut tx = web.ctx.db.read().await?;
        store::of_operator(&mut tx, &live.id, by.actor().as_str()).await?
    };
    let row = |view: store::SavedView| {
        let list = SavedList::parse(&view.list)?;
        Some(SavedRow {
            place: format!("view-{}", view.id),
            list: label(list),
            href: format!("{}{}", path(list, live), view.query),
            remove: ActionForm {
                id: format!("remove-{}", view.id),
                action: urls::views(&live.slug),
                act: REMOVE,
                csrf: by.csrf.clone(),
                hidden: vec![("view", view.id.to_string())],
                label: "Remove".into(),
                about: view.name.clone(),
                ..ActionForm::default()
            },
            name: view.name,
        })
    };
    let mut rows: Vec<SavedRow> = all.into_iter().filter_map(row).collect();
    in_rows("main", rows.iter_mut().map(|row| (row.place.clone(), [&mut row.remove])));
    let status = if save.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SavedPage { console: console(web, by, Some(live), "", words), rows, save };
    Ok(respond(status, &page))
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    match fields.get("act") {
        SAVE => {
            let list = SavedList::parse(fields.get("list")).ok_or_else(Failure::unknown)?;
            let kept = kept(list, live.spec.participation, &fields);
            let (typed, address) = (fields.get("name"), address(&kept));
            let name = if typed.is_empty() { named(&kept) } else { typed.to_string() };
            let order = SaveView { round: live.slug.clone(), list, name: name.clone(), query: address.clone() };
            match web.ctx.order(&by.actor(), order).await {
                Ok(()) => {
                    let joint = if address.is_empty() { '?' } else { '&' };
                    Ok(Redirect::to(&format!("{}{address}{joint}done={SAVE}", path(list, &live))).into_response())
                }
                Err(problem) if problem.kind == Kind::Unusable => {
                    let field = Field::text("name", "Name", name).error(Some(problem.for_page()));
                    let again = ActionForm { fields: vec![field], ..form(&live, &by, list, kept) };
                    let shown = show(&web, &live, &by, &Fields::default(), Some(again)).await?;
                    Ok(refused_forms::at("save-view", shown))
                }
                Err(problem) => Err(problem.into()),
            }
        }
        REMOVE => {
            let view = Some(fields.get("view")).filter(|id| is_id(id)).ok_or_else(Failure::unknown)?;
            let order = RemoveView { round: live.slug.clone(), view: SavedViewId::from(view) };
            web.ctx.order(&by.actor(), order).await?;
            Ok(back(&urls::views(&live.slug), REMOVE))
        }
        _ => Err(Failure::unknown()),
    }
}
