//! A few people of a round, and their accounts, by the beginnings of their names: places for the palette to lead to, as JSON for the script
//! of the console. Costs what a search costs.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::Serialize;

use crate::store::contacts::Person;
use crate::store::contacts::search as people;
use crate::web::kit::door::session::Onlooker;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::frames::round;
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;
use crate::web::kit::urls;

use super::part::Part;

/// As many as are seen at a glance.
const MOST: i64 = 6;

#[derive(Serialize)]
struct Found {
    people: Vec<Place>,
    accounts: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    text: String,
    /// What it is, in a word or two.
    kind: String,
    href: String,
}

pub async fn find(State(web): State<Web>, Path(slug): Path<String>, _: Onlooker, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let part = Part::of(&words, live.spec.participation);
    let found = {
        let mut tx = web.ctx.db.read().await?;
        let search = part.search(&mut tx, &live.id).await?;
        // Without a word everybody would be found.
        match search.words {
            None => Vec::new(),
            Some(_) => people::page(&mut tx, &live.id, &search, MOST, 0).await?,
        }
    };
    let accounts = found.iter().fold(Vec::new(), |mut accounts: Vec<&Person>, person| {
        if accounts.iter().all(|known| known.account_id != person.account_id) {
            accounts.push(person);
        }
        accounts
    });
    let account = |p: &&Person| Place {
        text: p.account.clone(),
        kind: "account".into(),
        href: urls::account(&live.slug, &p.account_id),
    };
    let person =
        |p: &Person| Place { text: p.full_name(), kind: p.account.clone(), href: urls::contact(&live.slug, &p.id) };
    let found = Found { accounts: accounts.iter().map(account).collect(), people: found.iter().map(person).collect() };
    Ok(Json(found).into_response())
}
