//! What is done to many contacts at one press: first to whom it would be done, and to whom not and why; then, on a second word, the deed.
//!
//! Exactly the people who were shown are meant. Where others match by then, it is shown anew and nothing is done.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::base::folding::person_key;
use crate::base::ids::{BulkId, ContactId, is_id};
use crate::base::problem::Problem;
use crate::base::seal::sha256;
use crate::rules::contacts::bulk::{Act, WhyNot, reasons};
use crate::rules::participation::Participation;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::contacts::bulk::{self, AT_ONCE, Looked, MOST, Press};
use crate::store::Tx;
use crate::store::contacts::{bulk as kept, search as people};
use crate::web::console::views::bulk::{BulkPage, BulkRow};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::{console, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::Field;
use crate::web::kit::views::page::respond;

use super::part::Part;

/// As many of either kind are named.
const NAMED: usize = 100;

/// What was asked for.
struct Asked {
    act: Act,
    part: Part,
    /// All who match, and not those who are ticked.
    all: bool,
    who: Vec<ContactId>,
}

impl Asked {
    fn of(fields: &Fields, told: Participation) -> Result<Asked, Failure> {
        let act = Act::parse(fields.get("act")).filter(|act| act.is_offered(told)).ok_or_else(Failure::unknown)?;
        let mut who: Vec<ContactId> = fields
            .pairs()
            .filter(|(name, value)| *name == "who" && is_id(value))
            .map(|(_, value)| value.into())
            .take(AT_ONCE)
            .collect();
        who.sort_unstable();
        who.dedup();
        Ok(Asked { act, part: Part::of(fields, told), all: fields.get("all") == "yes", who })
    }

    /// Who is meant, by id; one more than may be where there are more.
    async fn people(&self, tx: &mut Tx, live: &Live) -> Result<Vec<ContactId>, Failure> {
        if !self.all {
            return Ok(self.who.clone());
        }
        let search = self.part.search(tx, &live.id).await?;
        if !search.finds_all() {
            let what = "Very many names begin so, and not all who match were looked at.";
            return Err(Problem::refused(what, "Type more letters or a second word, or tick people.").into());
        }
        let mut found = people::by_name(tx, &live.id, &search, MOST as i64 + 1, 0).await?;
        found.sort_unstable();
        Ok(found)
    }

    /// The fields that say the same again.
    fn hidden(&self) -> Vec<(&'static str, String)> {
        let kept = self.part.kept().into_iter().filter(|(_, value)| !value.is_empty());
        let mut hidden: Vec<(&'static str, String)> = kept.map(|(name, value)| (name, value.to_string())).collect();
        hidden.push(("act", self.act.as_str().into()));
        if self.all {
            hidden.push(("all", "yes".into()));
        } else {
            hidden.extend(self.who.iter().map(|id| ("who", id.to_string())));
        }
        hidden
    }
}

/// Names exactly these people, in their order.
fn seen(people: &[ContactId]) -> String {
    sha256(people.iter().map(ContactId::as_str).collect::<Vec<_>>().join(" "))
}

/// GET `/rounds/{round}/contacts/bulk`.
pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = open(&web, &slug).await?;
    let told = live.spec.participation;
    // Whoever comes without having chosen anything is told where to choose; a form that was refused is shown in the place of that.
    let asked = if words.get("act").is_empty() {
        Asked { act: Act::Pause, part: Part::of(&words, told), all: false, who: Vec::new() }
    } else {
        Asked::of(&words, told)?
    };
    show(&web, &live, &by, &asked, Typed { words: &words, error: None, refused: None }, StatusCode::OK).await
}

/// Nothing of a closed round is changed.
async fn open(web: &Web, slug: &str) -> Result<std::sync::Arc<Live>, Failure> {
    let live = round(web, slug).await?;
    if live.state == RoundState::Closed { Err(Failure::unknown()) } else { Ok(live) }
}

struct Typed<'f> {
    words: &'f Fields,
    /// What is wrong with the reason.
    error: Option<String>,
    refused: Option<String>,
}

async fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    asked: &Asked,
    typed: Typed<'_>,
    status: StatusCode,
) -> Result<Response, Failure> {
    let (chosen, looked) = {
        let mut tx = web.ctx.db.read().await?;
        let chosen = asked.people(&mut tx, live).await?;
        let few = chosen.len() <= MOST;
        let mut looked = if few { bulk::look(&mut tx, live, asked.act, &chosen).await? } else { Vec::new() };
        looked.sort_by_cached_key(|l| person_key(&l.person.first_name, &l.person.last_name));
        (chosen, looked)
    };
    let (others, people): (Vec<&Looked>, Vec<&Looked>) = looked.iter().partition(|l| l.why.is_some());
    let mut why = std::collections::BTreeMap::new();
    for reason in others.iter().filter_map(|l| l.why) {
        *why.entry(reason).or_insert(0) += 1;
    }
    if looked.len() < chosen.len() && chosen.len() <= MOST {
        why.insert(WhyNot::Unknown, chosen.len() - looked.len());
    }
    let act = asked.act;
    let button = if people.is_empty() { String::new() } else { act.button(people.len()) };
    let title = match (chosen.len(), people.len()) {
        (0, _) => "Nobody is chosen".to_string(),
        (n, _) if n > MOST => format!("More than {MOST} people match: narrow the list down first"),
        (_, 0) => format!("{}: nobody to whom it could be done", act.label()),
        _ => format!("{button}?"),
    };
    let explain = if chosen.is_empty() {
        "Tick people on the list, or all who match, and choose what is to be done."
    } else {
        act.explain()
    };
    let mut hidden = asked.hidden();
    hidden.push(("id", web.ctx.ids.id::<BulkId>(web.ctx.clock.now()).to_string()));
    hidden.push(("seen", seen(&chosen)));
    let reason = act.asks_why().map(|label| Field::text("reason", label, typed.words.get("reason")).error(typed.error));
    let row = |l: &&Looked| row(live, l);
    let page = BulkPage {
        console: console(web, by, Some(live), "contacts", typed.words),
        id: "bulk",
        title,
        explain: explain.into(),
        refused: typed.refused,
        left: reasons(&why),
        button,
        danger: matches!(act, Act::OptOut | Act::NeverAgain | Act::Remove),
        action: urls::bulk(&live.slug),
        hidden,
        fields: reason.into_iter().collect(),
        more_people: people.len().saturating_sub(NAMED),
        people: people.iter().take(NAMED).map(row).collect(),
        more_others: others.len().saturating_sub(NAMED),
        others: others.iter().take(NAMED).map(row).collect(),
        back: format!("{}{}", urls::contacts(&live.slug), query(&asked.part.kept())),
    };
    Ok(respond(status, &page))
}

fn row(live: &Live, looked: &Looked) -> BulkRow {
    let p = &looked.person;
    BulkRow {
        href: urls::contact(&live.slug, &p.id),
        name: p.full_name(),
        account: p.account.clone(),
        why: looked.why.map(|why| why.of(1)).unwrap_or_default().into(),
    }
}

/// POST `/rounds/{round}/contacts/bulk`.
pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = open(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let asked = Asked::of(&fields, live.spec.participation)?;
    let id = Some(fields.get("id")).filter(|id| is_id(id)).map(BulkId::from).ok_or_else(Failure::unknown)?;
    let again = |error: Option<String>, refused: Option<String>| Typed { words: &fields, error, refused };
    if asked.act.asks_why().is_some() {
        let missing = || fields.get("reason").is_empty().then(|| "Say it in a few words.".to_string());
        let long = || fields.too_long().find(|(name, _)| *name == "reason").map(|(_, sentence)| sentence);
        if let Some(error) = missing().or_else(long) {
            return show(&web, &live, &by, &asked, again(Some(error), None), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    }
    let people = asked.people(&mut web.ctx.db.read().await?, &live).await?;
    if seen(&people) != fields.get("seen") {
        // The second tap of two: what the first has done is no longer on the list as it was.
        let known = kept::by_id(&mut web.ctx.db.read().await?, &id).await?;
        if known.is_some_and(|known| known.round_id == live.id) {
            return Ok(Redirect::to(&urls::bulk_done(&live.slug, &id)).into_response());
        }
        let refused = "Others match by now. Look at them once more; nothing was done.";
        return show(&web, &live, &by, &asked, again(None, Some(refused.into())), StatusCode::CONFLICT).await;
    }
    let press = Press {
        id: id.clone(),
        slug: live.slug.clone(),
        act: asked.act,
        reason: fields.get("reason").into(),
        people,
        undoes: None,
    };
    bulk::press(&web.ctx, &by.actor(), press).await?;
    Ok(Redirect::to(&urls::bulk_done(&live.slug, &id)).into_response())
}
