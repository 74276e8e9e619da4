//! The sign-off board: who was asked, what came back, what is missing; and approvals given elsewhere, recorded with their proof.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, RequestId};
use crate::base::problem::Kind;
use crate::rules::calendar::human;
use crate::rules::plan::Deadline;
use crate::rules::round::RoundState;
use crate::rules::signoff::{SignLevel, Standing};
use crate::rules::text::typed::too_long;
use crate::steps::contacts::people::identity;
use crate::steps::signoff::deadline;
use crate::steps::signoff::signing::RecordSignature;
use crate::steps::{Live, completion, signoff as asking};
use crate::store::Tx;
use crate::store::contacts::accounts::{self, Account};
use crate::store::journal::round_chain;
use crate::store::signoff::board::Standings;
use crate::store::signoff::{self, Request, Signature, board as store};
use crate::web::console::ask_again;
use crate::web::console::contacts::standing::signed;
use crate::web::console::views::board::{Approval, BoardAccount, BoardPage, DirectorRow, record_approval};
use crate::web::console::views::contacts::Filter;
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::figures::{count, rate};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::{query, with};
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::listed::signer;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::{day, when};
use crate::web::kit::views::form::{Choice, in_rows};
use crate::web::kit::views::frame::Status;
use crate::web::kit::views::page::respond;
use crate::web::kit::{paging, urls};

use super::{account_pairs, identity_questions};

/// What was refused.
#[derive(Default)]
struct Refused {
    /// Of which account an approval, and what was typed.
    account: Option<AccountId>,
    typed: Approval,
    /// The form's, or the row's.
    place: String,
}

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    show(&web, &live, &by, &words, None).await
}

/// Accounts on one page.
const ROWS: i64 = 100;

const SHOWN: [(&str, &str); 7] = [
    ("", "all accounts"),
    ("open", "not signed off"),
    ("unsigned", "waiting for the account director"),
    ("counter_sign", "waiting for the sales director"),
    ("signed", "signed off"),
    ("asked", "with names to be told apart"),
    ("to_look_at", "with names to look at"),
];

/// Which part of the board a page is.
#[derive(Clone, Copy)]
struct Part {
    filter: &'static str,
    page: i64,
}

impl Part {
    fn of(fields: &Fields) -> Part {
        let filter = SHOWN.iter().map(|(filter, _)| *filter).find(|f| *f == fields.get("show")).unwrap_or("");
        Part { filter, page: paging::number(fields) }
    }

    fn back(self, live: &Live, done: &str, account: Option<&AccountId>) -> Response {
        let page = if self.page > 1 { self.page.to_string() } else { String::new() };
        let query = query(&[("done", done), ("show", self.filter), ("page", &page)]);
        let row = account.map(|account| format!("#account-{account}")).unwrap_or_default();
        Redirect::to(&format!("{}{query}{row}", urls::board(&live.slug))).into_response()
    }

    /// Where the forms of the page are posted to, so that one stands in the same part afterwards.
    fn here(self, live: &Live) -> String {
        let page = if self.page > 1 { self.page.to_string() } else { String::new() };
        format!("{}{}", urls::board(&live.slug), query(&[("show", self.filter), ("page", &page)]))
    }
}

/// The accounts of a page with what is said about them.
struct Read {
    accounts: Vec<Account>,
    /// Of the filter.
    total: i64,
    signatures: Vec<Signature>,
    to_look_at: HashMap<AccountId, i64>,
    requests: Vec<Request>,
    standings: Vec<Standings>,
}

async fn read(tx: &mut Tx, live: &Live, part: Part, also: Option<&AccountId>) -> crate::base::problem::Result<Read> {
    let mut wanted = store::page(tx, &live.id, part.filter, ROWS, (part.page - 1) * ROWS).await?;
    // A form that was refused is shown, wherever its account stands.
    if let Some(also) = also.filter(|also| !wanted.iter().any(|id| id == *also)) {
        wanted.insert(0, also.clone());
    }
    let ids: Vec<&AccountId> = wanted.iter().collect();
    let mut by_id: HashMap<AccountId, Account> =
        accounts::by_ids(tx, &ids).await?.into_iter().map(|a| (a.id.clone(), a)).collect();
    let accounts: Vec<Account> = wanted.iter().filter_map(|id| by_id.remove(id)).collect();
    let mut directors: Vec<&str> = accounts.iter().map(|a| a.director_email.as_str()).collect();
    directors.sort_unstable();
    directors.dedup();
    Ok(Read {
        total: store::count(tx, &live.id, part.filter).await?,
        signatures: signoff::of_accounts(tx, &ids).await?,
        to_look_at: store::to_look_at(tx, &ids).await?,
        requests: signoff::of_people(tx, &live.id, SignLevel::Director, &directors).await?,
        standings: store::standings(tx, &live.id, &directors).await?,
        accounts,
    })
}

async fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    words: &Fields,
    mut refused: Option<Refused>,
) -> Result<Response, Failure> {
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let part = Part::of(words);
    let mut tx = web.ctx.db.read().await?;
    let figures = completion::status_of(&web.ctx, &mut tx, live).await?;
    let read = read(&mut tx, live, part, refused.as_ref().and_then(|r| r.account.as_ref())).await?;
    let (asked, open) = if part.page == 1 {
        identity::open_first(&mut tx, &live.id, identity_questions::READ).await?
    } else {
        (Vec::new(), 0)
    };
    let by_when = by_when(live, deadline::of_round(&mut tx, live, web.ctx.clock.now()).await?);
    let record = round_chain::head(&mut tx, &live.id).await?;
    drop(tx);
    let mut directors: Vec<DirectorRow> = Vec::new();
    // One director's accounts stand together: those that are left to sign, and further down those that are signed.
    let together = |a: &Account, b: &Account| {
        a.director_email == b.director_email && (a.standing == Standing::Signed) == (b.standing == Standing::Signed)
    };
    for own in read.accounts.chunk_by(|a, b| together(a, b)) {
        let rows = own.iter().map(|a| {
            let from = read.signatures.partition_point(|s| s.account_id < a.id);
            let signatures = read.signatures.get(from..).unwrap_or_default();
            let signatures = signatures.get(..signatures.partition_point(|s| s.account_id == a.id)).unwrap_or_default();
            let typed = match &refused {
                Some(r) if r.account.as_ref() == Some(&a.id) => refused.take().map(|r| r.typed).unwrap_or_default(),
                _ => Approval::default(),
            };
            account(
                (live, web.ctx.clock.now()),
                &by.csrf,
                part,
                a,
                signatures,
                read.to_look_at.get(&a.id).copied().unwrap_or(0),
                typed,
            )
        });
        let rows = rows.collect();
        let Some(first) = own.first() else { continue };
        let request = read.requests.iter().find(|r| r.email == first.director_email);
        directors.push(director(web, live, &by.csrf, part, request, (first, &read.standings), rows));
    }
    let mut directors_rows = directors.iter_mut().flat_map(|d| &mut d.accounts);
    in_rows("accounts", directors_rows.by_ref().map(|a| (a.place(), &mut a.record)));
    let here = part.here(live);
    let empty = refused.as_ref().map_or("", |r| r.place.as_str()).to_string();
    let (rows, more_asked) = identity_questions::rows(live, (&here, &by.csrf), &asked, open, &empty);
    let shown = read.accounts.len();
    let page = BoardPage {
        account_pairs: account_pairs::rows(web, live, &here, &by.csrf).await?,
        console: console(web, by, Some(live), "sign-off", words),
        asked: rows,
        more_asked,
        asked_groups: identity_questions::groups(live, (&here, &by.csrf), &asked, open > asked.len() as i64, &empty),
        signed: rate(figures.accounts.signed, figures.accounts.listed),
        names_left: count(figures.individual.listed - figures.individual.signed),
        by_when,
        record: record.map(|head| head.sentence("en")).unwrap_or_default(),
        filter: Filter {
            name: "show",
            label: "Show",
            value: part.filter.into(),
            choices: SHOWN.iter().map(|(value, label)| Choice::new(*value, *label)).collect(),
        },
        paging: paging::by(ROWS, part.page, shown, read.total, &urls::board(&live.slug), &[("show", part.filter)]),
        directors,
    };
    Ok(respond(status, &page))
}

/// Until when signatures are in time for the first letter.
fn by_when(live: &Live, deadline: Option<Deadline>) -> String {
    match deadline.filter(|_| live.state != RoundState::Closed) {
        Some(Deadline::Before { letter, at }) => {
            let when = day(home(live).local(at).date());
            format!(" before the {} goes to the first of them on {when}", letter.label())
        }
        Some(Deadline::Passed { letter, .. }) => format!("; their {} goes as soon as they are signed", letter.label()),
        None => String::new(),
    }
}

fn director(
    web: &Web,
    live: &Live,
    csrf: &str,
    part: Part,
    request: Option<&Request>,
    (first, standings): (&Account, &[Standings]),
    rows: Vec<BoardAccount>,
) -> DirectorRow {
    let (now, zone) = (web.ctx.clock.now(), home(live));
    let own = || standings.iter().filter(|s| s.director_email == first.director_email.as_str());
    let all: i64 = own().map(|s| s.n).sum();
    let unsigned: i64 = own().filter(|s| s.standing == Standing::Unsigned).map(|s| s.n).sum();
    let signed = all - unsigned;
    // What is asked of the director is said once, where something is left to sign.
    let request = request.filter(|_| unsigned == 0 || first.standing != Standing::Signed);
    let is_open = first.standing != Standing::Signed;
    let state = match (unsigned, request) {
        (0, _) => Status::good("signed"),
        (_, None) if is_open => Status::waiting("not asked yet"),
        _ if signed == 0 => Status::attention("not signed"),
        _ => Status::attention(format!("{} of {} signed", count(signed), count(all))),
    };
    let chases = request.map_or(0, |r| (r.asked - 1).max(0));
    let chased = if chases > 0 {
        format!("chased {chases} of {} times", live.spec.signoff.maximum_chases)
    } else {
        String::new()
    };
    let next = request.and_then(|r| r.next_ask_at).filter(|_| unsigned > 0);
    let ask = request
        .filter(|r| is_open && unsigned > 0 && r.asked > 0)
        .map(|r| ask_again::form(r.id.as_str(), (&part.here(live), csrf), &r.id, &r.name));
    DirectorRow {
        name: first.director_name.clone(),
        email: first.director_email.as_str().into(),
        is_open,
        state,
        asked: request.and_then(|r| r.asked_at).map(|at| when(at, now, &zone)),
        chased,
        next_chase: next.map(|at| when(at, now, &zone)),
        accounts: rows,
        ask_again: ask,
    }
}

fn account(
    (live, now): (&Live, Ts),
    csrf: &str,
    part: Part,
    a: &Account,
    signatures: &[Signature],
    findings: i64,
    typed: Approval,
) -> BoardAccount {
    let zone = home(live);
    let told = |s: &Signature| {
        let how = if s.how == "recorded" { format!(", recorded by {}", s.recorded_by) } else { String::new() };
        format!("{}, {}{how}", signer(&s.signed_by), human(s.at, now, &zone))
    };
    let last = |level: SignLevel| signatures.iter().rev().find(|s| s.level == level).map(told);
    let second =
        last(SignLevel::SalesDirector).filter(|_| a.standing == Standing::Signed && a.strategic_since.is_some());
    let valid: Vec<String> = last(SignLevel::Director).into_iter().chain(second).collect();
    let waiting = a.listed - a.signed_names;
    let note = match (a.standing, signatures.last()) {
        (Standing::Unsigned, Some(last)) if a.signed_names > 0 => {
            format!("{} of {} to sign: changed since it was signed by {}.", count(waiting), count(a.listed), told(last))
        }
        (Standing::Unsigned, Some(last)) => format!("Changed since it was signed by {}.", told(last)),
        (Standing::Unsigned, None) => String::new(),
        _ => format!("Signed by {}.", valid.join("; ")),
    };
    let record = (a.standing != Standing::Signed).then(|| {
        let names = a.listed.max(0) as u64;
        record_approval(&part.here(live), csrf, (a.id.as_str(), &a.name), names, &a.fingerprint, typed)
    });
    BoardAccount {
        id: a.id.clone(),
        name: a.name.clone(),
        href: with(urls::contacts(&live.slug), "account", a.id.as_str()),
        strategic: a.strategic.0,
        names: count(a.listed),
        findings: count(findings),
        state: signed(live, a.standing),
        note,
        record,
        pause: (live.state != RoundState::Closed).then(|| with(urls::pause(&live.slug), "account", a.id.as_str())),
    }
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, Words(words): Words, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    match fields.get("act") {
        "ask_again" => {
            let request = {
                let mut tx = web.ctx.db.read().await?;
                signoff::by_id(&mut tx, &RequestId::from(fields.get("request"))).await?
            };
            let request = request.filter(|r| r.round_id == live.id).ok_or_else(Failure::unknown)?;
            web.ctx.order(&by.actor(), asking::AskAgainToSign { request: request.id.clone() }).await?;
            Ok(back(&urls::board(&live.slug), "ask_again"))
        }
        "record" => record(&web, &live, &by, &words, &fields).await,
        "answer" if identity_questions::word(&fields).is_none() => {
            let refused = Refused {
                place: identity_questions::place(&fields).ok_or_else(Failure::unknown)?,
                ..Refused::default()
            };
            let place = refused.place.clone();
            Ok(refused_forms::at(place, show(&web, &live, &by, &words, Some(refused)).await?))
        }
        "accounts" => account_pairs::answer(&web, &live, &by, &fields).await,
        "answer" => identity_questions::answer(&web, &live, &by, &fields).await,
        _ => Err(Failure::unknown()),
    }
}

async fn record(web: &Web, live: &Live, by: &Operator, words: &Fields, fields: &Fields) -> Answer {
    let account = {
        let mut tx = web.ctx.db.read().await?;
        accounts::by_id(&mut tx, &AccountId::from(fields.get("account"))).await?
    };
    let account = account.filter(|a| a.round_id == live.id).ok_or_else(Failure::unknown)?;
    let mut typed = check(fields);
    if account.fingerprint != fields.get("fingerprint") {
        typed.confirm_error = Some("The list has changed since the page was opened. Look at it once more.".into());
    }
    let level = if account.standing == Standing::CounterSign { SignLevel::SalesDirector } else { SignLevel::Director };
    let wrong = [&typed.who_error, &typed.when_error, &typed.evidence_error, &typed.confirm_error];
    if wrong.iter().all(|error| error.is_none()) {
        let recorded = RecordSignature {
            account: account.id.clone(),
            fingerprint: account.fingerprint,
            level,
            who: typed.who.clone(),
            when: typed.when.clone(),
            evidence: typed.evidence.clone(),
        };
        match web.ctx.order(&by.actor(), recorded).await {
            Ok(_) => return Ok(Part::of(fields).back(live, "record", Some(&account.id))),
            Err(problem) if matches!(problem.kind, Kind::Unusable | Kind::Refused) => {
                typed.confirm_error = Some(problem.for_page());
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    let place = format!("account-{}", account.id);
    let refused = Refused { account: Some(account.id), typed, place: place.clone() };
    Ok(refused_forms::at(place, show(web, live, by, words, Some(refused)).await?))
}

fn check(fields: &Fields) -> Approval {
    let missing = |name: &str, sentence: &str| match fields.get(name) {
        "" => Some(sentence.to_string()),
        typed => too_long(typed),
    };
    Approval {
        who: fields.get("who").into(),
        when: fields.get("when").into(),
        evidence: fields.get("evidence").into(),
        who_error: missing("who", "Write who has approved the names."),
        when_error: missing("when", "Write on which day it was given."),
        evidence_error: missing("evidence", "Say where the approval can be found."),
        confirm_error: missing("confirm", "Tick the box if all of them were approved."),
    }
}
