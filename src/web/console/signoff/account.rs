//! The sign-off of one account: who may sign and was asked when, what was signed, and what an operator decides where nobody does.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::counted::counted;
use crate::base::ids::{AccountId, RequestId};
use crate::base::problem::{Kind, Problem, Result};
use crate::base::sentence::capitalised;
use crate::rules::round::RoundState;
use crate::rules::signoff::SignLevel;
use crate::rules::signoff::delegation::Why;
use crate::steps::Live;
use crate::steps::signoff::asking::absences::{EndAbsence, NoteAbsence};
use crate::steps::signoff::asking::unreachable::{self, Unreachable};
use crate::steps::signoff::deciding::{self, Decide, LastYear, What};
use crate::steps::signoff::signers::{Signer, signers};
use crate::steps::signoff::{self as asking};
use crate::store::Tx;
use crate::store::contacts::Person;
use crate::store::contacts::accounts::{self, Account};
use crate::store::signoff::decisions::{self, Decision};
use crate::store::signoff::{self, Signature};
use crate::web::console::contacts::standing::signed;
use crate::web::console::views::contacts::Fact;
use crate::web::console::views::signoff::signers::{Line, SignerRow, SignersPage};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::refused::Refused;
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::listed::signer as who;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::{day_with_year, when};
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Control, Field};
use crate::web::kit::views::page::respond;

pub async fn page(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, AccountId)>,
    by: Operator,
    Words(words): Words,
) -> Answer {
    let live = round(&web, &slug).await?;
    let account = account(&web, &live, &id).await?;
    let page = made(&web, &live, &by, &account, &words, None).await?;
    Ok(respond(StatusCode::OK, &page))
}

/// S11: an account of another round is as unknown as one that never was.
async fn account(web: &Web, live: &Live, id: &AccountId) -> std::result::Result<Account, Failure> {
    let account = accounts::by_id(&mut web.ctx.db.read().await?, id).await?;
    account.filter(|a| a.round_id == live.id).ok_or_else(Failure::unknown)
}

/// `request`: of the person whom a form is about; empty where it is about the account.
fn form_id(act: &str, request: &str) -> String {
    if request.is_empty() { act.into() } else { format!("{act}-{request}") }
}

struct Known {
    signers: Vec<Signer>,
    signatures: Vec<Signature>,
    decisions: Vec<Decision>,
    waiting: Vec<Person>,
    left_out: Vec<Person>,
    last_year: Vec<LastYear>,
    unreachable: Vec<Unreachable>,
}

async fn read(web: &Web, tx: &mut Tx, live: &Live, account: &Account) -> Result<Known> {
    Ok(Known {
        signers: signers(&web.ctx, tx, live, account).await?,
        signatures: signoff::of_account(tx, &account.id).await?,
        decisions: decisions::of_account(tx, &account.id).await?,
        waiting: deciding::would_be_left_out(tx, live, account, None).await?,
        left_out: deciding::left_out(tx, account).await?,
        last_year: deciding::last_year(tx, live, account).await?,
        unreachable: unreachable::of_account(&web.ctx, tx, live, account).await?,
    })
}

async fn made(
    web: &Web,
    live: &Live,
    by: &Operator,
    account: &Account,
    words: &Fields,
    refused: Option<&Refused<'_>>,
) -> std::result::Result<SignersPage, Failure> {
    let known = {
        let mut tx = web.ctx.db.read().await?;
        read(web, &mut tx, live, account).await?
    };
    let (now, zone) = (web.ctx.clock.now(), home(live));
    let forms = Forms { live, account, csrf: &by.csrf, refused };
    let signature = |s: &Signature| Line {
        what: format!("{} as {}{}", capitalised(&who(&s.signed_by)), level(s.level), how(s)),
        why: s.evidence.clone(),
        when: when(s.at, now, &zone),
    };
    let decision = |d: &Decision| {
        let names = d.names().map_or(0, |names| names.len());
        let (count, by) = (counted(names, "name", "names"), d.by_whom.as_str());
        let by = if by == "soundings" { "the round\u{2019}s rule" } else { by };
        let what = match d.what.as_str() {
            "left_out" => format!("{count} left out by {by}"),
            "taken_in" => format!("{count} taken in again by {by}"),
            _ if names == 0 => format!("By {by}: the list of the round before has none of these names"),
            _ => format!("By {by}: the list of the round before stands for {count}"),
        };
        Line { what, why: d.reason.clone(), when: when(d.at, now, &zone) }
    };
    Ok(SignersPage {
        console: console(web, by, Some(live), "sign-off", words),
        name: account.name.clone(),
        state: signed(live, account.standing),
        facts: [
            Fact::link("Account", "People, figures and what happened", urls::account(&live.slug, &account.id)),
            Fact::new("Names", account.listed.to_string()),
            Fact::new("Signed off", format!("{} of {}", account.signed_names, account.listed)),
            Fact::new("Account director", &account.director_name),
            Fact::new(
                "Strategic",
                if account.strategic_since.is_some() { "yes: the sales director signs, too" } else { "no" },
            ),
            Fact::link("All accounts", "Sign-off board", urls::board(&live.slug)),
        ]
        .into_iter()
        .chain(known.unreachable.iter().map(|one| not_reached(live, one)))
        .collect(),
        signers: known.signers.iter().map(|s| row(&forms, s, now, &zone)).collect(),
        signatures: known.signatures.iter().rev().map(signature).collect(),
        decisions: known.decisions.iter().rev().map(decision).collect(),
        actions: forms.decisions(&known),
    })
}

/// Whoever is named in his place is asked by itself; that he is not reached only a person can mend.
fn not_reached(live: &Live, one: &Unreachable) -> Fact {
    let what = match (one.why, one.level) {
        (Some(Why::Deputy), _) => "deputy",
        (Some(Why::RegionalHead), _) => "regional head",
        (_, level) => self::level(level),
    };
    let text = format!("{}, {} ({what})", one.name, one.email);
    match (one.why, one.level) {
        // Stands in the list.
        (None, SignLevel::Director) => Fact::new("Takes no mail", text),
        _ => Fact::link("Takes no mail", text, urls::settings(&live.slug)),
    }
}

fn level(level: SignLevel) -> &'static str {
    match level {
        SignLevel::Director => "account director",
        SignLevel::SalesDirector => "sales director",
    }
}

/// How it was given, where it was not on the page.
pub fn how(s: &Signature) -> String {
    match s.how.as_str() {
        "recorded" => format!(", recorded by {}", s.recorded_by),
        "carried" => format!(", in the round before, and {} let it stand", s.recorded_by),
        _ => String::new(),
    }
}

fn row(forms: &Forms<'_>, s: &Signer, now: crate::base::clock::Ts, zone: &crate::rules::calendar::Zone) -> SignerRow {
    let r = &s.request;
    let what = match (s.why, r.level) {
        (None, SignLevel::Director) => "Account director",
        (None, SignLevel::SalesDirector) => "Sales director",
        (Some(Why::Colleague), _) => "Colleague",
        (Some(Why::Deputy), _) => "Deputy",
        (Some(Why::RegionalHead), _) => "Regional head",
    };
    let away = s.absence.as_ref().map(|a| {
        let last_day = day_with_year(zone.local(a.back_at.plus(-1)).date());
        format!("until {last_day}. {}", a.why)
    });
    SignerRow {
        name: r.name.clone(),
        email: r.email.to_string(),
        what,
        asked: if r.asked == 0 { "not yet".into() } else { counted(r.asked, "time", "times") },
        last: r.asked_at.map(|at| when(at, now, zone)),
        next: r.next_ask_at.filter(|_| s.is_asked).map(|at| when(at, now, zone)),
        away: away.unwrap_or_default(),
        acts: forms.of_signer(s),
    }
}

struct Forms<'a> {
    live: &'a Live,
    account: &'a Account,
    csrf: &'a str,
    refused: Option<&'a Refused<'a>>,
}

impl Forms<'_> {
    fn form(&self, act: &'static str, request: &str, label: &str, explain: String, button: String) -> ActionForm {
        let hidden = if request.is_empty() { Vec::new() } else { vec![("request", request.to_string())] };
        ActionForm {
            id: form_id(act, request),
            action: urls::account_sign_off(&self.live.slug, &self.account.id),
            act,
            csrf: self.csrf.into(),
            hidden,
            label: label.into(),
            explain,
            button,
            places: vec![form_id(act, request), "signers".into()],
            ..ActionForm::default()
        }
    }

    /// With what was typed when this form was refused.
    fn field(&self, form: &str, name: &'static str, label: &str) -> Field {
        let mine = self.refused.filter(|r| form_id(r.get("act"), r.get("request")) == form);
        mine.map_or_else(|| Field::text(name, label, ""), |refused| refused.shown(name, label))
    }

    fn of_signer(&self, s: &Signer) -> Vec<ActionForm> {
        if self.live.state == RoundState::Closed {
            return Vec::new();
        }
        let (id, name) = (s.request.id.as_str(), &s.request.name);
        let mut all = Vec::new();
        if s.is_asked && s.absence.is_none() && s.request.asked > 0 {
            let explain = format!("{name} gets the request once more, with the same link.");
            let form = self.form("ask_again", id, "Ask again now", explain, "Ask again".into());
            all.push(ActionForm { about: name.clone(), ..form });
        }
        if s.absence.is_some() {
            let explain = format!("{name} is asked again on the next working day.");
            let form = self.form("is_back", id, "Is back", explain, format!("{name} is back"));
            all.push(ActionForm { about: name.clone(), ..form });
        }
        let explain = format!(
            "{name} is not asked before the first working day after it. For a longer absence the deputy is asked at once, where one is named."
        );
        let form = self.form("away", id, "Away until", explain, "Save the absence".into());
        let fields = vec![
            self.field(&form.id, "until", "The last day away").control(Control::Date),
            self.field(&form.id, "reason", "How you know it"),
        ];
        all.push(ActionForm { about: name.clone(), fields, ..form });
        all
    }

    /// Those that would do something.
    fn decisions(&self, known: &Known) -> Vec<ActionForm> {
        if self.live.state == RoundState::Closed {
            return Vec::new();
        }
        let mut all = Vec::new();
        let with_reason = |form: ActionForm| ActionForm { fields: vec![self.field(&form.id, "reason", "Why")], ..form };
        if !known.last_year.is_empty() {
            let told: Vec<String> = known
                .last_year
                .iter()
                .map(|l| {
                    let names = counted(l.names.len(), "name stands", "names stand");
                    format!("{} signed on {} in round {}: {names} as then.", who(&l.signed_by), l.day, l.round)
                })
                .collect();
            let explain = format!("{} Names that are new or have changed since go on waiting.", told.join(" "));
            let button = "Let that list stand".into();
            all.push(with_reason(self.form(
                "last_year",
                "",
                "Let last year\u{2019}s signed list stand",
                explain,
                button,
            )));
        }
        if !known.waiting.is_empty() {
            let names = counted(
                known.waiting.len(),
                "name that still waits for a signature is",
                "names that still wait for a signature are",
            );
            let explain = format!(
                "{names} taken off the list at once. Names that are signed stay, and so does everybody who has answered. You can take them in again."
            );
            let form = self.form("leave_out", "", "Leave out", explain, "Leave them out".into());
            all.push(ActionForm { danger: true, ..with_reason(form) });
        }
        if !known.left_out.is_empty() {
            let explain: String = match known.left_out.len() {
                1 => "1 name comes back on the list and waits for a signature, like a new one.".into(),
                n => format!(
                    "{} come back on the list and wait for signatures, like new ones.",
                    counted(n, "name", "names")
                ),
            };
            all.push(with_reason(self.form("take_in", "", "Take in again", explain, "Take in again".into())));
        }
        all
    }
}

pub async fn act(State(web): State<Web>, Path((slug, id)): Path<(String, AccountId)>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let account = account(&web, &live, &id).await?;
    let Posted { by, fields } = posted;
    let act = fields.get("act");
    let request = RequestId::from(fields.get("request"));
    if matches!(act, "ask_again" | "away" | "is_back") {
        // S11: the request of somebody else is unknown here.
        let mut tx = web.ctx.db.read().await?;
        let all = signers(&web.ctx, &mut tx, &live, &account).await?;
        if !all.iter().any(|s| s.request.id == request) {
            return Err(Failure::unknown());
        }
    }
    let mut refused = Refused::of(&fields);
    let is_written = matches!(act, "away" | "leave_out" | "take_in" | "last_year");
    if is_written {
        refused.needs("reason", "Say it in a few words.");
    }
    if act == "away" && fields.get("until").parse::<chrono::NaiveDate>().is_err() {
        refused.wrong("until", "Write the last day away, such as 2027-02-15.".into());
    }
    let mut why_not = None;
    if !refused.is_refused() {
        let (ctx, actor, reason) = (&web.ctx, &by.actor(), fields.get("reason").to_string());
        let decide =
            async |what| ctx.order(actor, Decide { account: id.clone(), what, reason: reason.clone() }).await.map(drop);
        let done = match act {
            "ask_again" => ctx.order(actor, asking::AskAgainToSign { request }).await,
            "away" => {
                ctx.order(actor, NoteAbsence { request, until: fields.get("until").into(), why: reason.clone() }).await
            }
            "is_back" => ctx.order(actor, EndAbsence { request }).await,
            "leave_out" => decide(What::LeaveOut).await,
            "take_in" => decide(What::TakeIn).await,
            "last_year" => decide(What::LastYear).await,
            _ => return Err(Failure::unknown()),
        };
        match done {
            Ok(()) => {
                let done = match act {
                    "away" => "signer_away",
                    "is_back" => "signer_back",
                    act => act,
                };
                return Ok(back(&urls::account_sign_off(&live.slug, &id), done));
            }
            Err(problem) if is_written && matches!(problem.kind, Kind::Unusable | Kind::Refused) => {
                refused.wrong(if act == "away" { "until" } else { "reason" }, problem.for_page());
                why_not = Some(problem);
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    let page = made(&web, &live, &by, &account, &Fields::default(), Some(&refused)).await?;
    if let Some(problem) = why_not.filter(|_| page.mistakes().is_empty()) {
        // Somebody else has decided meanwhile, and the form is gone: what was typed is told with the refusal.
        let typed = format!("You had written: \u{201c}{}\u{201d}", fields.get("reason"));
        return Err(Problem::new(problem.kind, problem.for_page(), typed).into());
    }
    let place = form_id(act, fields.get("request"));
    Ok(refused_forms::at(place, respond(StatusCode::UNPROCESSABLE_ENTITY, &page)))
}
