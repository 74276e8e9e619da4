//! Pausing a part of a round: first what it would hold, then, on a second word, the pause.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, is_id};
use crate::base::problem::Kind;
use crate::rules::plan::Scope;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::plan::pauses::{self, NewPause};
use crate::store::plan::pauses::Covered;
use crate::web::console::views::plan::{ConfirmPage, PausePage};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::problem::{Answer, Failure, status};
use crate::web::kit::state::Web;
use crate::web::kit::times::{day, exact};
use crate::web::kit::urls;
use crate::web::kit::views::form::{Control, Field};
use crate::web::kit::views::frame::plural;
use crate::web::kit::views::page::respond;

use super::scopes;

/// The fields of the form, to be carried to the confirmation.
const FIELDS: [&str; 4] = ["scope", "why", "from", "until"];

/// What is wrong: with which field (none: with all), and the sentence.
type Wrong = Vec<(&'static str, String)>;

/// Form of the pause; `account` of the address is chosen already.
pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let account = Some(words.get("account")).filter(|id| is_id(id)).unwrap_or("");
    let chosen = if account.is_empty() { String::new() } else { format!("account:{account}") };
    let typed = Fields::of([("scope", chosen.as_str())]).refused_as(&words);
    show(&web, &live, &by, &typed, Vec::new(), StatusCode::OK).await
}

async fn show(web: &Web, live: &Live, by: &Operator, typed: &Fields, wrong: Wrong, status: StatusCode) -> Answer {
    if live.state == RoundState::Closed {
        return Err(Failure::unknown());
    }
    let scope = typed.get("scope");
    let offered = {
        let mut tx = web.ctx.db.read().await?;
        scopes::offered(&mut tx, live, &AccountId::from(scope.strip_prefix("account:").unwrap_or(""))).await?
    };
    let error = |name: &str| wrong.iter().find(|(field, _)| *field == name).map(|(_, sentence)| sentence.clone());
    let zone = home(live).city();
    let field = |name: &'static str, label: &str| Field::text(name, label, typed.get(name)).error(error(name));
    let page = PausePage {
        console: console(web, by, Some(live), "plan", typed),
        id: "pause",
        scope: scope.into(),
        scope_error: error("scope"),
        scope_hint: if offered.all_accounts {
            String::new()
        } else {
            "There are too many accounts to list here: open a contact of the account and choose “Pause the account” there.".into()
        },
        scopes: offered.groups,
        fields: vec![
            field("why", "Why").hint("In a few words, for example: complaint open."),
            field("from", "First day").control(Control::Date).hint(format!("In {zone}. Empty: at once.")).optional(),
            field("until", "Last day").control(Control::Date).hint("Empty: until somebody lifts it.").optional(),
        ],
        refused: error(""),
    };
    Ok(respond(status, &page))
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let act = fields.get("act");
    if act == "edit" {
        return show(&web, &live, &by, &fields, Vec::new(), StatusCode::OK).await;
    }
    let new = match read(&web, &live, &fields).await? {
        Ok(new) => new,
        Err(wrong) => return show(&web, &live, &by, &fields, wrong, StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    match act {
        "look" => confirm(&web, &live, &by, &fields, &new).await,
        "confirm" => {
            match web.ctx.order(&by.actor(), pauses::PausePeople { slug: live.slug.clone(), pause: new }).await {
                Ok(_) => Ok(back(&urls::plan(&live.slug), "pause_part")),
                Err(problem) if problem.kind == Kind::Unusable => {
                    let wrong = vec![("", problem.for_page())];
                    show(&web, &live, &by, &fields, wrong, status(problem.kind)).await
                }
                Err(problem) => Err(problem.into()),
            }
        }
        _ => Err(Failure::unknown()),
    }
}

async fn read(web: &Web, live: &Live, fields: &Fields) -> Result<Result<NewPause, Wrong>, Failure> {
    let mut wrong: Wrong = fields.too_long().collect();
    let chosen = fields.get("scope");
    let scope = chosen.split_once(':').and_then(|(kind, value)| Scope::parse(kind, value));
    let offered = {
        let mut tx = web.ctx.db.read().await?;
        scopes::offered(&mut tx, live, &AccountId::from(chosen.strip_prefix("account:").unwrap_or(""))).await?
    };
    let scope = scope.filter(|_| offered.groups.iter().flat_map(|(_, all)| all).any(|choice| choice.value == chosen));
    if scope.is_none() {
        wrong.push(("scope", "Choose what is to be paused.".to_string()));
    }
    if fields.get("why").is_empty() {
        wrong.push(("why", "Say why, in a few words.".to_string()));
    }
    let mut date = |name: &'static str| -> Option<NaiveDate> {
        let typed = fields.get(name);
        let date = typed.parse().ok();
        if date.is_none() && !typed.is_empty() {
            wrong.push((name, "Write a day such as 2027-02-15, or leave it empty.".to_string()));
        }
        date
    };
    let (from, until) = (date("from"), date("until"));
    let today = live.sequence.home().local(web.ctx.clock.now()).date();
    if let Some(until) = until.filter(|until| *until < from.unwrap_or(today).max(today)) {
        let first = from.unwrap_or(today).max(today);
        let sentence = format!("{} is over before the pause begins. Write {} or later.", day(until), day(first));
        wrong.push(("until", sentence));
    }
    Ok(match scope {
        Some(scope) if wrong.is_empty() => Ok(NewPause { scope, why: fields.get("why").into(), from, until }),
        _ => Err(wrong),
    })
}

async fn confirm(web: &Web, live: &Live, by: &Operator, fields: &Fields, new: &NewPause) -> Result<Response, Failure> {
    let covered = pauses::preview(&web.ctx, &live.slug, &new.scope).await?;
    let (kind, value) = new.scope.parts();
    let what = {
        let mut tx = web.ctx.db.read().await?;
        scopes::spoken(&mut tx, live, kind, &value).await?
    };
    let page = ConfirmPage {
        console: console(web, by, Some(live), "plan", &Fields::default()),
        title: format!("Pause {what}?"),
        refused: None,
        notes: notes(live, web.ctx.clock.now(), new, &covered),
        rows: Vec::new(),
        more: String::new(),
        action: urls::pause(&live.slug),
        hidden: FIELDS.map(|name| (name.to_string(), fields.get(name).to_string())).into(),
        button: format!("Pause {what}"),
        danger: true,
    };
    Ok(respond(StatusCode::OK, &page))
}

fn notes(live: &Live, now: Ts, new: &NewPause, covered: &Covered) -> Vec<String> {
    let contacts = plural(covered.contacts.max(0) as usize, "contact", "contacts");
    let messages = plural(covered.messages.max(0) as usize, "message is", "messages are");
    let held = match (covered.next_due_at, new.from) {
        (None, _) => format!("It holds {contacts}; no message to them is planned at the moment."),
        (Some(next), None) => {
            format!("It holds {contacts}; {messages} taken back, the next one of {}.", exact(next, now, &home(live)))
        }
        (Some(next), Some(_)) => {
            format!("It holds {contacts}; {messages} planned now, the next one for {}.", exact(next, now, &home(live)))
        }
    };
    let span = match (new.from, new.until) {
        (None, None) => "From now until somebody lifts it.".to_string(),
        (None, Some(until)) => format!("From now to the end of {}.", day(until)),
        (Some(from), None) => format!("From {} until somebody lifts it.", day(from)),
        (Some(from), Some(until)) => format!("From {} to the end of {}.", day(from), day(until)),
    };
    let after = "What is still right goes afterwards, once; what is on its way to a mail server at this moment may still arrive.";
    vec![held, span, format!("Why: {}", new.why), after.into()]
}
