//! What a list would change, shown before the one button that changes it; what is loaded is what was shown, or nothing.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::problem::{Kind, Problem, Result};
use crate::base::sentence::capitalised;
use crate::intake::list::CheckedList;
use crate::rules::contacts::difference::Difference;
use crate::rules::contacts::row::Field;
use crate::rules::round::RoundState;
use crate::steps::contacts::uploads::{RemoveUploads, Upload};
use crate::steps::contacts::{self, Allowed};
use crate::steps::{Ctx, Live};
use crate::web::console::views::difference::{DifferencePage, FOLDED, Part, PartRow, What};
use crate::web::console::views::lists::discard;
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::with;
use crate::web::kit::frames::{back, console, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::Field as Input;
use crate::web::kit::views::frame::{Count, Link, plural};
use crate::web::kit::views::page::respond;

use super::columns::{self, Said, steps};
use super::reading;

/// As many rows of a kind stand on the page.
const SHOWN: usize = 500;
/// The ticks by which somebody says what a list may do.
const EVERYBODY: &str = "removing_everybody";
const OWNERS: &str = "losing_owners";

pub async fn page(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, String)>,
    by: Operator,
    Words(words): Words,
) -> Answer {
    let live = round(&web, &slug).await?;
    let upload = reading::find(&web, &live, &id).await?;
    let list = match reading::read(&web, &live, &upload).await {
        Ok(list) => list,
        Err(problem) if problem.kind == Kind::Unusable => {
            return columns::show(&web, &live, &by, &upload, &words, Said::of(&problem)).await;
        }
        Err(problem) => return Err(problem.into()),
    };
    show(&web, &live, &by, &words, (&upload, &list), Told::default()).await
}

/// What was said of a list and did not do.
#[derive(Default)]
struct Told {
    fields: Fields,
    refused: Option<String>,
    /// Ticks are missing.
    unticked: bool,
}

/// What somebody has to say before this list can be loaded, with the sentence of each.
async fn wanted(ctx: &Ctx, slug: &str, list: &CheckedList, keep: bool) -> Result<Vec<(&'static str, String)>> {
    let without_one = [(EVERYBODY, allowed(false, true, keep)), (OWNERS, allowed(true, false, keep))];
    let mut wanted = Vec::new();
    for (tick, without) in without_one {
        match contacts::difference(ctx, slug, list, without).await {
            Ok(_) => {}
            Err(problem) if problem.kind == Kind::Refused => wanted.push((tick, problem.what)),
            Err(problem) => return Err(problem),
        }
    }
    Ok(wanted)
}

/// The word of the address, and of the form, by which a list is one of several.
const OTHERS: &str = "others";

fn allowed(removing_everybody: bool, losing_owners: bool, keeping_others: bool) -> Allowed {
    Allowed { removing_everybody, losing_owners, keeping_others }
}

async fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    words: &Fields,
    (upload, list): (&Upload, &CheckedList),
    told: Told,
) -> Answer {
    let here = urls::difference(&live.slug, &upload.id);
    let keep = [words, &told.fields].into_iter().any(|said| said.get(OTHERS) == "keep");
    let found = contacts::difference(&web.ctx, &live.slug, list, allowed(true, true, keep)).await;
    let (difference, impossible) = match found {
        Ok(difference) => (difference, None),
        Err(problem) if matches!(problem.kind, Kind::Refused | Kind::Unusable) => {
            (Difference::default(), Some(in_a_browser(&problem)))
        }
        Err(problem) => return Err(problem.into()),
    };
    let wanted = if impossible.is_none() { wanted(&web.ctx, &live.slug, list, keep).await? } else { Vec::new() };
    let status = match (&told.refused, told.unticked) {
        (None, false) => StatusCode::OK,
        (Some(_), _) => StatusCode::CONFLICT,
        (None, true) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let tick = |(name, sentence): (&'static str, String)| {
        let value = told.fields.get(name).to_string();
        let missing = told.unticked && value != "yes";
        let label = format!("{sentence} That is meant.");
        Input { value, ..Input::check(name, label) }
            .error(missing.then(|| "Tick the box if that is meant, or load another list.".to_string()))
    };
    let page = DifferencePage {
        console: console(web, by, Some(live), "contacts", words),
        id: "load",
        steps: steps(live, upload, "What changes"),
        headline: headline(&difference),
        name: upload.file_name.clone(),
        version: difference.version.clone(),
        refused: told.refused,
        impossible,
        others: others(live, &here, &difference, keep),
        keep,
        effects: difference.effects.clone(),
        signs_again: difference.signs_again.clone(),
        parts: parts(&difference),
        unchanged: Count(difference.unchanged),
        ticks: wanted.into_iter().map(tick).collect(),
        button: button(&difference),
        discard: discard(&urls::upload(&live.slug, &upload.id), &by.csrf, &upload.file_name),
        here,
    };
    Ok(respond(status, &page))
}

/// In a draft: whether who is not on this list goes or stays, and the way to the other.
fn others(live: &Live, here: &str, difference: &Difference, keep: bool) -> Option<(String, Link)> {
    if keep {
        let other = Link::new("Take off who is not on it", here);
        return Some(("It is one of several lists: whoever is in the draft and not on it stays.".into(), other));
    }
    let n = difference.gone.len();
    (live.state == RoundState::Draft && n > 0).then(|| {
        let gone = plural(
            n,
            "contact of the draft is not on this list and goes",
            "contacts of the draft are not on this list and go",
        );
        (
            format!("{gone}. Is it one of several lists?"),
            Link::new("Keep the others", with(here.to_string(), OTHERS, "keep")),
        )
    })
}

/// Options of the command line are nothing to press here.
fn in_a_browser(problem: &Problem) -> String {
    if problem.next.contains("--") { problem.what.clone() } else { problem.to_string() }
}

/// "12 new, 3 changed"; the kinds that there are.
fn counts(d: &Difference) -> Vec<String> {
    let all = [
        (d.added.len(), "new"),
        (d.changed.len(), "changed"),
        (d.gone.len(), "no longer on the list"),
        (d.asked.len(), "to be asked about"),
    ];
    all.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", Count(n as u64))).collect()
}

fn headline(d: &Difference) -> String {
    match counts(d).as_slice() {
        [] => "Nothing would change".into(),
        all => all.join(", "),
    }
}

fn button(d: &Difference) -> String {
    let people = d.added.len() + d.changed.len() + d.asked.len() + d.unchanged as usize;
    let load = format!("Load {}", plural(people, "contact", "contacts"));
    match counts(d).as_slice() {
        [] => load,
        all => format!("{load}: {}", all.join(", ")),
    }
}

fn label(field: &str) -> String {
    let ours = Field::ALL.into_iter().find(|ours| ours.as_str() == field);
    ours.map_or_else(|| field.replace('_', " "), |ours| ours.label().to_string())
}

fn changes(fields: &BTreeMap<String, [String; 2]>, causes: &[String]) -> Vec<What> {
    let changed =
        fields.iter().map(|(field, [old, new])| What::Changed(capitalised(&label(field)), old.clone(), new.clone()));
    changed.chain(causes.iter().map(|cause| What::Said(cause.clone()))).collect()
}

fn part(
    id: &'static str,
    what: (usize, &str, &str),
    about: &'static str,
    rows: impl Iterator<Item = PartRow>,
) -> Option<Part> {
    let (n, one, many) = what;
    (n > 0).then(|| Part {
        id,
        title: plural(n, one, many),
        about,
        rows: rows.take(SHOWN).collect(),
        folded: n > FOLDED,
        more: Count(n.saturating_sub(SHOWN) as u64),
    })
}

fn parts(d: &Difference) -> Vec<Part> {
    let row = |row: u64| format!("row {row}");
    let at = |account: &str, line: u64| format!("{account}, row {line}");
    let said = |text: String| vec![What::Said(text)];
    let added = d.added.iter().map(|a| PartRow {
        who: a.name.clone(),
        place: at(&a.account, a.row),
        what: said(a.email.clone()),
    });
    let changed = d.changed.iter().map(|c| PartRow {
        who: c.name.clone(),
        place: at(&c.account, c.row),
        what: changes(&c.fields, &c.causes),
    });
    let stays = "Stays in the round until somebody takes the name off.";
    let gone = d.gone.iter().map(|g| PartRow {
        who: g.name.clone(),
        place: g.account.clone(),
        what: said(if g.removed { g.email.clone() } else { format!("{}. {stays}", g.email) }),
    });
    let asked = d.asked.iter().map(|a| PartRow {
        who: a.name.clone(),
        place: at(&a.account, a.row),
        what: said(format!("{} on the list; known as {} at {}.", a.email, a.known_as, a.known_at)),
    });
    let refused =
        d.refused.iter().map(|r| PartRow { who: String::new(), place: row(r.row), what: said(r.message.clone()) });
    let kept = d.kept.iter().map(|k| PartRow {
        who: k.name.clone(),
        place: at(&k.account, k.row),
        what: said(k.email.clone()),
    });
    let same = d.same_account.iter().map(|s| PartRow {
        who: s.account.clone(),
        place: String::new(),
        what: said(format!("Is it {} under another name? Taken as a new account until somebody has said so.", s.known)),
    });
    let all = [
        part(
            "refused",
            (d.refused.len(), "row is left out", "rows are left out"),
            "They cannot be used as they are. Correct them in the file and upload it again, or load the rest now.",
            refused,
        ),
        part(
            "asked",
            (d.asked.len(), "name is asked about", "names are asked about"),
            "A known name under a new address: nothing goes there until somebody has said on the sign-off board whether it is the same person.",
            asked,
        ),
        part(
            "same-account",
            (d.same_account.len(), "account may be known already", "accounts may be known already"),
            "The sign-off board asks which are one account.",
            same,
        ),
        part(
            "gone",
            (d.gone.len(), "contact is not on the list any more", "contacts are not on the list any more"),
            "They are in the round and not in this file.",
            gone,
        ),
        part(
            "changed",
            (d.changed.len(), "contact changes", "contacts change"),
            "What stands in the round, and what the list says.",
            changed,
        ),
        part(
            "added",
            (d.added.len(), "contact is new", "contacts are new"),
            "They are written to when their names are signed.",
            added,
        ),
        part(
            "kept",
            (d.kept.len(), "contact stays as edited here", "contacts stay as edited here"),
            "Somebody has corrected them in the round or taken them off; the list does not change that.",
            kept,
        ),
    ];
    all.into_iter().flatten().collect()
}

pub async fn act(State(web): State<Web>, Path((slug, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    if fields.get("act") != "load" {
        return Err(Failure::unknown());
    }
    let upload = reading::find(&web, &live, &id).await?;
    let list = reading::read(&web, &live, &upload).await?;
    let said = |tick: &str| fields.get(tick) == "yes";
    let keep = fields.get(OTHERS) == "keep";
    let allowed = allowed(said(EVERYBODY), said(OWNERS), keep);
    let none = Fields::default();
    let missing = wanted(&web.ctx, &live.slug, &list, keep).await?.into_iter().any(|(tick, _)| !said(tick));
    if missing {
        let told = Told { fields, unticked: true, ..Told::default() };
        return show(&web, &live, &by, &none, (&upload, &list), told).await;
    }
    let version = fields.get("version").to_string();
    let loaded = contacts::load_list_as_shown(&web.ctx, &live.slug, &list, allowed, &version, &by.actor()).await;
    match loaded {
        Ok(_) => {
            web.ctx.order(&by.actor(), RemoveUploads { uploads: vec![upload.id] }).await?;
            Ok(back(&urls::board(&live.slug), "load_list"))
        }
        Err(problem) if problem.kind == Kind::Refused => {
            let told = Told { fields, refused: Some(in_a_browser(&problem)), ..Told::default() };
            show(&web, &live, &by, &none, (&upload, &list), told).await
        }
        Err(problem) => Err(problem.into()),
    }
}
