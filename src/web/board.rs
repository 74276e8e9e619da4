//! The sign-off board: who was asked, what came back, what is missing; and approvals given elsewhere, recorded with their proof.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::rules::calendar::human;
use crate::rules::contacts::Finding;
use crate::rules::round::RoundState;
use crate::rules::signoff::{SignLevel, Standing};
use crate::steps::Live;
use crate::steps::identity;
use crate::steps::signing::{self, Recorded};
use crate::steps::signoff as asking;
use crate::store::accounts::{self, Account};
use crate::store::contacts;
use crate::store::signoff::{self, Request, Signature};

use super::cards::name;
use super::completion::{at, signed};
use super::fields::{Fields, Words};
use super::frames::{back, console, home, round};
use super::paging::count;
use super::problem::{Answer, Failure};
use super::rounds::rate;
use super::session::{Operator, Posted};
use super::times::{day, when};
use super::views::board::{Approval, BoardAccount, BoardPage, DirectorRow, record_approval};
use super::views::form::ActionForm;
use super::views::frame::Status;
use super::views::respond;
use super::{Web, asked};

/// An approval that was refused: of which account, and what was typed.
struct Refused {
    account: String,
    typed: Approval,
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
    mut refused: Option<Refused>,
) -> Result<Response, Failure> {
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut tx = web.ctx.db.read().await?;
    let all: Vec<Account> = accounts::of_round(&mut tx, &live.id).await?.into_iter().filter(|a| a.listed > 0).collect();
    let requests = signoff::of_round(&mut tx, &live.id).await?;
    let asked = identity::open(&mut tx, &live.id).await?;
    let mut directors: Vec<(bool, DirectorRow)> = Vec::new();
    for (email, own) in by_director(&all) {
        let request = requests.iter().find(|r| r.level == SignLevel::Director && r.email.key() == email);
        let mut rows = Vec::new();
        for a in &own {
            let signatures = signoff::of_account(&mut tx, &a.id).await?;
            let people = contacts::of_account(&mut tx, &a.id).await?;
            let found: usize = people
                .iter()
                .filter(|p| p.removed_at.is_none())
                .map(|p| serde_json::from_str::<Vec<Finding>>(&p.findings).map_or(0, |f| f.len()))
                .sum();
            let typed = match &refused {
                Some(r) if r.account == a.id => refused.take().map(|r| r.typed).unwrap_or_default(),
                _ => Approval::default(),
            };
            rows.push(account(live, &by.csrf, a, &signatures, found as i64, typed));
        }
        let left = own.iter().filter(|a| a.standing != Standing::Signed).count();
        directors.push((left == 0, director(web, live, &by.csrf, request, &own, rows)));
    }
    drop(tx);
    directors.sort_by_key(|(finished, _)| *finished);
    let names = |a: &&Account| if a.standing == Standing::Signed { 0 } else { a.listed };
    let (rows, more_asked) = asked::rows(live, &by.csrf, &asked);
    let page = BoardPage {
        console: console(web, by, Some(live), "sign-off", words),
        asked: rows,
        more_asked,
        asked_groups: asked::groups(live, &by.csrf, &asked),
        signed: rate(all.iter().filter(|a| a.standing == Standing::Signed).count() as i64, all.len() as i64),
        names_left: count(all.iter().map(|a| names(&a)).sum()),
        opens: day(live.spec.schedule.opens),
        directors: directors.into_iter().map(|(_, row)| row).collect(),
    };
    Ok(respond(status, &page))
}

/// In the order of their first account.
fn by_director(all: &[Account]) -> Vec<(String, Vec<&Account>)> {
    let mut grouped: Vec<(String, Vec<&Account>)> = Vec::new();
    for a in all {
        let email = a.director_email.key();
        match grouped.iter_mut().find(|(known, _)| *known == email) {
            Some((_, own)) => own.push(a),
            None => grouped.push((email, vec![a])),
        }
    }
    grouped
}

fn director(
    web: &Web,
    live: &Live,
    csrf: &str,
    request: Option<&Request>,
    own: &[&Account],
    rows: Vec<BoardAccount>,
) -> DirectorRow {
    let (now, zone) = (web.ctx.clock.now(), home(live));
    let (name, email) = own
        .first()
        .map_or((String::new(), String::new()), |a| (a.director_name.clone(), a.director_email.as_str().to_string()));
    let unsigned = own.iter().filter(|a| a.standing == Standing::Unsigned).count();
    let signed = own.len() - unsigned;
    let state = match (unsigned, request) {
        (0, _) => Status::good("signed"),
        (_, None) => Status::waiting("not asked yet"),
        _ if signed == 0 => Status::attention("not signed"),
        _ => Status::attention(format!("{signed} of {} signed", own.len())),
    };
    let chases = request.map_or(0, |r| (r.asked - 1).max(0));
    let chased = if chases > 0 {
        format!("chased {chases} of {} times", live.spec.signoff.maximum_chases)
    } else {
        String::new()
    };
    let next = request.and_then(|r| r.next_ask_at).filter(|_| unsigned > 0);
    let ask = request.filter(|r| unsigned > 0 && r.asked > 0).map(|r| ActionForm {
        id: format!("ask-{}", r.id),
        action: at(live, "/sign-off"),
        act: "ask_again",
        csrf: csrf.into(),
        hidden: vec![("request", r.id.clone())],
        label: "Ask again now".into(),
        about: r.name.clone(),
        explain: format!("{} gets the request once more, with the same link.", r.name),
        button: "Ask again".into(),
        ..ActionForm::default()
    });
    DirectorRow {
        name,
        email,
        state,
        asked: request.and_then(|r| r.asked_at).map(|at| when(at, now, &zone)),
        chased,
        next_chase: next.map(|at| when(at, now, &zone)),
        accounts: rows,
        ask_again: ask,
    }
}

fn account(
    live: &Live,
    csrf: &str,
    a: &Account,
    signatures: &[Signature],
    findings: i64,
    typed: Approval,
) -> BoardAccount {
    let zone = home(live);
    let told = |s: &Signature| {
        let how = if s.how == "recorded" { format!(", recorded by {}", s.recorded_by) } else { String::new() };
        format!("{}, {}{how}", name(&s.signed_by), human(s.at, &zone))
    };
    let valid: Vec<String> = signatures.iter().filter(|s| s.fingerprint == a.fingerprint).map(told).collect();
    let note = match (a.standing, signatures.last()) {
        (Standing::Unsigned, Some(last)) => format!("Changed since it was signed by {}.", told(last)),
        (Standing::Unsigned, None) => String::new(),
        _ => format!("Signed by {}.", valid.join("; ")),
    };
    let record = (a.standing != Standing::Signed).then(|| {
        let names = a.listed.max(0) as u64;
        record_approval(&at(live, "/sign-off"), csrf, (&a.id, &a.name), names, &a.fingerprint, typed)
    });
    BoardAccount {
        name: a.name.clone(),
        href: at(live, &format!("/contacts?account={}", a.id)),
        strategic: a.strategic.0,
        names: count(a.listed),
        findings: count(findings),
        state: signed(live, a.standing),
        note,
        record,
        pause: (live.state != RoundState::Closed).then(|| at(live, &format!("/plan/pause?account={}", a.id))),
    }
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    match fields.get("act") {
        "ask_again" => {
            let request = {
                let mut tx = web.ctx.db.read().await?;
                signoff::by_id(&mut tx, fields.get("request")).await?
            };
            let request = request.filter(|r| r.round_id == live.id).ok_or_else(Failure::unknown)?;
            asking::ask_now(&web.ctx, &by.email, &request.id).await?;
            Ok(back(&at(&live, "/sign-off"), "ask_again"))
        }
        "record" => record(&web, &live, &by, &fields).await,
        "answer" => asked::answer(&web, &live, &by, &fields).await,
        _ => Err(Failure::unknown()),
    }
}

async fn record(web: &Web, live: &Live, by: &Operator, fields: &Fields) -> Answer {
    let account = {
        let mut tx = web.ctx.db.read().await?;
        accounts::by_id(&mut tx, fields.get("account")).await?
    };
    let account = account.filter(|a| a.round_id == live.id).ok_or_else(Failure::unknown)?;
    let mut typed = check(fields);
    if account.fingerprint != fields.get("fingerprint") {
        typed.confirm_error = Some("The list has changed since the page was opened. Look at it once more.".into());
    }
    let wrong = [&typed.who_error, &typed.when_error, &typed.evidence_error, &typed.confirm_error];
    if wrong.iter().any(|error| error.is_some()) {
        let refused = Refused { account: account.id, typed };
        return show(web, live, by, &Fields::default(), Some(refused)).await;
    }
    let level = if account.standing == Standing::CounterSign { SignLevel::SalesDirector } else { SignLevel::Director };
    let recorded = Recorded {
        account: account.id,
        fingerprint: account.fingerprint,
        level,
        who: typed.who,
        when: typed.when,
        evidence: typed.evidence,
    };
    signing::record(&web.ctx, &by.email, recorded).await?;
    Ok(back(&at(live, "/sign-off"), "record"))
}

fn check(fields: &Fields) -> Approval {
    let missing = |name: &str, sentence: &str| fields.get(name).is_empty().then(|| sentence.to_string());
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
