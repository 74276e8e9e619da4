//! The sign-off board: who was asked, what came back, what is missing, who is late and what is lost without them; and approvals given
//! elsewhere, recorded with their proof.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::base::folding::sought;
use crate::base::ids::{AccountId, RequestId};
use crate::base::problem::Kind;
use crate::rules::plan::Deadline;
use crate::rules::round::RoundState;
use crate::rules::signoff::{SignLevel, Standing};
use crate::rules::text::typed::too_long;
use crate::steps::contacts::people::identity;
use crate::steps::signoff::asking::late::AskAllWhoAreLate;
use crate::steps::signoff::progress::{self, Progress};
use crate::steps::signoff::signing::RecordSignature;
use crate::steps::{Live, signoff as asking};
use crate::store::Tx;
use crate::store::contacts::accounts::{self, Account};
use crate::store::journal::round_chain;
use crate::store::signoff::board::{LOOKED_THROUGH, Order, Search};
use crate::store::signoff::{self, board as store, delegations, director_tally, signers};
use crate::web::console::views::signoff::board::{Approval, BoardPage, RoundStanding};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::figures::{count, rate};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::paging::{self, COUNTED};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::day;
use crate::web::kit::urls;
use crate::web::kit::views::form::in_rows;
use crate::web::kit::views::page::respond;

use super::part::Part;
use super::rows::{Beside, Making};
use super::{account_pairs, identity_questions, standing};

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

/// The accounts of a page with what is said about them.
struct Read {
    accounts: Vec<Account>,
    /// Of the filter and the words.
    total: i64,
    is_vague: bool,
    beside: Beside,
}

async fn read(
    tx: &mut Tx,
    live: &Live,
    (part, progress): (&Part, &Progress),
    also: Option<&AccountId>,
) -> crate::base::problem::Result<Read> {
    let words = match sought(&part.q) {
        _ if part.q.trim().is_empty() => None,
        words => Some(store::narrowed(tx, &live.id, words).await?),
    };
    let search = Search { filter: part.filter, order: part.order, late_before: progress.late_before, words };
    let found = store::find(tx, &live.id, &search, (ROWS, (part.page - 1) * ROWS), COUNTED).await?;
    let mut wanted = found.accounts;
    // A form that was refused is shown, wherever its account stands.
    if let Some(also) = also.filter(|also| !wanted.iter().any(|id| id == *also)) {
        wanted.insert(0, also.clone());
    }
    let ids: Vec<&AccountId> = wanted.iter().collect();
    let mut accounts = accounts::by_ids(tx, &ids).await?;
    accounts.sort_by_key(|a| wanted.iter().position(|id| *id == a.id));
    let mut directors: Vec<&str> = accounts.iter().map(|a| a.director_email.as_str()).collect();
    directors.sort_unstable();
    directors.dedup();
    Ok(Read {
        total: found.total,
        is_vague: search.words.as_ref().is_some_and(|words| words.is_vague),
        beside: Beside {
            signatures: signoff::of_accounts(tx, &ids).await?,
            requests: signoff::of_people(tx, &live.id, SignLevel::Director, &directors).await?,
            directors: director_tally::of_people(tx, &live.id, &directors).await?,
            delegations: delegations::given(tx, &live.id, SignLevel::Director, &directors).await?,
        },
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
    let mut tx = web.ctx.db.read().await?;
    let progress = progress::of_round(&web.ctx, &mut tx, live).await?;
    let part = Part::of(words).with_late(progress.late.directors > 0);
    let also = refused.as_ref().and_then(|r| r.account.as_ref());
    let read = read(&mut tx, live, (&part, &progress), also).await?;
    let (asked, open) = if part.page == 1 {
        identity::open_first(&mut tx, &live.id, identity_questions::READ).await?
    } else {
        (Vec::new(), 0)
    };
    let record = round_chain::head(&mut tx, &live.id).await?;
    let both = signers::signed_by_one(&mut tx, &live.id, &live.spec.signoff.sales_director_email).await?;
    drop(tx);
    let (here, calendar) = (part.here(live), live.sequence.home());
    let making = Making {
        live,
        home: &calendar,
        now: web.ctx.clock.now(),
        progress: &progress,
        csrf: &by.csrf,
        here: here.clone(),
    };
    let mut row = |a: &Account| {
        let typed = match &refused {
            Some(r) if r.account.as_ref() == Some(&a.id) => refused.take().map(|r| r.typed),
            _ => None,
        };
        making.account(a, &read.beside, typed.unwrap_or_default())
    };
    // One director's accounts stand together: those that are left to sign, and further down those that are signed.
    let together = |a: &Account, b: &Account| {
        a.director_email == b.director_email && (a.standing == Standing::Signed) == (b.standing == Standing::Signed)
    };
    let (mut directors, mut flat) = (Vec::new(), Vec::new());
    if matches!(part.order, Order::Director | Order::LateFirst) {
        for own in read.accounts.chunk_by(|a, b| together(a, b)) {
            let accounts = own.iter().map(&mut row).collect();
            directors.extend(making.director(own, &read.beside, accounts));
        }
    } else {
        flat = read.accounts.iter().map(row).collect();
    }
    let in_order = directors.iter_mut().flat_map(|d| &mut d.accounts).chain(&mut flat);
    in_rows("accounts", in_order.map(|a| (a.place(), &mut a.record)));
    let empty = refused.as_ref().map_or("", |r| r.place.as_str()).to_string();
    let (rows, more_asked) = identity_questions::rows(live, (&here, &by.csrf), &asked, open, &empty);
    let (shown, listed) = (read.accounts.len(), progress.listed);
    let page = BoardPage {
        account_pairs: account_pairs::rows(web, live, &here, &by.csrf).await?,
        console: console(web, by, Some(live), "sign-off", words),
        asked: rows,
        more_asked,
        asked_groups: identity_questions::groups(live, (&here, &by.csrf), &asked, open > asked.len() as i64, &empty),
        signed: rate(progress.signed_accounts, listed.accounts),
        names_left: count(progress.left.names),
        by_when: by_when(live, progress.letter),
        standing: RoundStanding {
            both: standing::both(live, both),
            ..standing::of_round(live, &progress, &here, &by.csrf)
        },
        record: record.map(|head| head.sentence("en")).unwrap_or_default(),
        filters: part.filters(),
        vague: if read.is_vague {
            let looked = count(LOOKED_THROUGH);
            format!(
                "Very many names begin so: {looked} of them were looked through. Type more letters, or a second word."
            )
        } else {
            String::new()
        },
        paging: paging::by(ROWS, part.page, shown, read.total, &urls::board(&live.slug), &part.kept()),
        q: part.q,
        directors,
        flat,
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

/// POST `/rounds/{round}/sign-off`.
pub async fn act(State(web): State<Web>, Path(slug): Path<String>, Words(words): Words, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    match fields.get("act") {
        "ask_again" | "ask_late" => {
            let done = ask(&web, &live, &by, &fields).await?;
            Ok(back(&urls::board(&live.slug), done))
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

/// Asks one person again, or all who are late; the word of what was done.
pub async fn ask(web: &Web, live: &Live, by: &Operator, fields: &Fields) -> Result<&'static str, Failure> {
    if fields.get("act") == "ask_late" {
        web.ctx.order(&by.actor(), AskAllWhoAreLate { slug: live.slug.clone() }).await?;
        return Ok("ask_late");
    }
    let request = {
        let mut tx = web.ctx.db.read().await?;
        signoff::by_id(&mut tx, &RequestId::from(fields.get("request"))).await?
    };
    let request = request.filter(|r| r.round_id == live.id).ok_or_else(Failure::unknown)?;
    web.ctx.order(&by.actor(), asking::AskAgainToSign { request: request.id.clone() }).await?;
    Ok("ask_again")
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
