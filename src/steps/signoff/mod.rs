//! Getting every name signed off: who is asked, how often, and what a signature or a change does.

pub mod signing;
pub mod deadline;

use std::collections::HashSet;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::base::tokens;
use crate::rules::plan::Deadline;
use crate::rules::round::RoundState;
use crate::rules::sending::outbox::MessageKind;
use crate::rules::signoff as rule;
use crate::rules::signoff::{SignLevel, SignedName, Standing};
use crate::steps::contacts::left_out;
use crate::steps::context::{Ctx, Live};
use crate::steps::duties::each_round::in_each;
use crate::steps::duties::failures::ROW_REST;
use crate::steps::letters::client_people::{self, Addressee};
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::{self, Person};
use crate::store::round::rounds;
use crate::store::sending::outbox;
use crate::store::signoff::Request;
use crate::store::{Tx, plan, signoff as requests};

use super::context::Purpose;

pub(in crate::steps) mod changes;

pub use crate::rules::signoff::Change;
pub use changes::changes_of;
pub(super) use changes::{Waiting, keep, waiting_for};

/// What a signature on these people covers.
pub fn names(people: &[Person]) -> Vec<SignedName> {
    let listed = people.iter().filter(|p| p.removed_at.is_none());
    listed
        .map(|p| SignedName {
            email: p.email.as_str().into(),
            first_name: p.first_name.clone(),
            last_name: p.last_name.clone(),
            job_title: p.job_title.clone(),
            role: p.role,
            language: p.language.clone(),
            country: p.country.clone(),
            time_zone: p.time_zone.clone(),
            region: p.region.clone(),
        })
        .collect()
}

/// Works out anew where an account stands, after its names or signatures changed. Asks again whom there is to ask.
pub(super) async fn update_standing(ctx: &Ctx, tx: &mut Tx, account: &str) -> Result<Standing> {
    update_standing_and_ask(ctx, tx, account, ctx.clock.now()).await
}

/// The same; whoever has to sign again is asked at `ask_at`.
pub(super) async fn update_standing_and_ask(ctx: &Ctx, tx: &mut Tx, account: &str, ask_at: Ts) -> Result<Standing> {
    let now = ctx.clock.now();
    let Some(account) = accounts::by_id(tx, account).await? else { return Ok(Standing::Unsigned) };
    let names = names(&contacts::of_account(tx, &account.id).await?);
    let fingerprint = rule::fingerprint(&account.name, &names);
    let signatures = requests::of_account(tx, &account.id).await?;
    let standing = rule::standing(
        account.strategic_since.is_some(),
        &fingerprint,
        names.len(),
        signatures.iter().map(|s| (s.level, s.fingerprint.as_str())),
    );
    if fingerprint == account.fingerprint && standing == account.standing {
        return Ok(standing);
    }
    let signed_at = (standing == Standing::Signed).then_some(now);
    accounts::set_standing(tx, &account.id, &fingerprint, standing, signed_at).await?;
    plan::look_at_account(tx, &account.id, now).await?;
    if standing == Standing::Unsigned && !names.is_empty() {
        let director = &account.director_email;
        requests::ask_again(tx, &account.round_id, SignLevel::Director, director, ask_at).await?;
        // What was signed and is not any more does not wait for the chase of another list.
        if account.standing != Standing::Unsigned {
            requests::ask_sooner(tx, &account.round_id, SignLevel::Director, director, ask_at).await?;
        }
    }
    if standing == Standing::CounterSign {
        // With what else the account directors sign today, and not when the chase of another account comes.
        if let Some((to, at)) = ensure_counter_request(ctx, tx, &account.round_id).await? {
            requests::ask_sooner(tx, &account.round_id, SignLevel::SalesDirector, &to, at).await?;
        }
    }
    Ok(standing)
}

/// Makes sure that everybody who must sign something in a started round has a request, and so a link.
pub(super) async fn ensure_signoff_requests(ctx: &Ctx, tx: &mut Tx, round: &str) -> Result<()> {
    let mut asked = HashSet::new();
    for account in accounts::of_round(tx, round).await? {
        let waits = account.standing == Standing::Unsigned && account.listed > 0;
        if waits && asked.insert(account.director_email.key()) {
            let director = (account.director_name.as_str(), account.director_email.clone());
            add_request(ctx, tx, round, SignLevel::Director, director, ctx.clock.now()).await?;
        }
    }
    ensure_counter_request(ctx, tx, round).await.map(drop)
}

/// Whom it asks, and when; none where nothing waits for the second signature.
async fn ensure_counter_request(ctx: &Ctx, tx: &mut Tx, round: &str) -> Result<Option<(EmailAddress, Ts)>> {
    let waiting = accounts::strategic(tx, round).await?.iter().any(|a| a.standing == Standing::CounterSign);
    let Some(brief) = rounds::by_id(tx, round).await? else { return Ok(None) };
    if !waiting || brief.state == RoundState::Draft {
        return Ok(None);
    }
    let live = ctx.live_by_id(tx, round).await?;
    let by = &live.spec.signoff;
    let at = rule::counter_ask_at(&live.sequence.home(), ctx.clock.now());
    let to = by.sales_director_email.clone();
    add_request(ctx, tx, round, SignLevel::SalesDirector, (&by.sales_director, to.clone()), at).await?;
    requests::ask_again(tx, round, SignLevel::SalesDirector, &to, at).await?;
    Ok(Some((to, at)))
}

async fn add_request(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &str,
    level: SignLevel,
    (name, email): (&str, EmailAddress),
    ask_at: Ts,
) -> Result<()> {
    let now = ctx.clock.now();
    let id = ctx.ids.new_id(now);
    let hash = ctx.secret_hash(Purpose::SignOff, &id);
    let request = Request {
        id,
        round_id: round.into(),
        level,
        name: name.into(),
        email,
        created_at: now,
        asked: 0,
        asked_at: None,
        next_ask_at: Some(ask_at),
        opened_at: None,
    };
    requests::add_request(tx, &request, &hash).await
}

/// The accounts that a request is about.
pub(super) async fn accounts_of(tx: &mut Tx, request: &Request) -> Result<Vec<Account>> {
    let all = match request.level {
        SignLevel::Director => accounts::of_director(tx, &request.round_id, request.email.as_str()).await?,
        // The sales director sees what is ready for him, and what he has signed.
        SignLevel::SalesDirector => {
            let mut all = accounts::strategic(tx, &request.round_id).await?;
            all.retain(|a| a.standing != Standing::Unsigned);
            all
        }
    };
    Ok(all.into_iter().filter(|a| a.listed > 0 || request.level == SignLevel::Director).collect())
}

/// The accounts on which this request still waits for a signature.
pub(super) fn to_sign(request: &Request, accounts: &[Account]) -> Vec<Account> {
    accounts.iter().filter(|a| a.listed > 0 && rule::may_sign(request.level, a.standing)).cloned().collect()
}

/// Asks everybody whose time has come, and chases those who have not answered. Returns how many mails were planned.
pub async fn ask(ctx: &Ctx) -> Result<u64> {
    let due = requests::rounds_due(&mut ctx.db.read().await?, ctx.clock.now()).await?;
    in_each(ctx, due, "asking for signatures", |ctx, tx, live| Box::pin(ask_in(ctx, tx, live))).await
}

async fn ask_in(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<u64> {
    let now = ctx.clock.now();
    let mut planned = 0;
    let (due, unreadable) = ctx.readable("request for a signature", requests::due(tx, &live.id, now, 500).await?);
    for id in unreadable {
        requests::put_off(tx, &id, now.plus(ROW_REST)).await?;
    }
    for request in due {
        let asked = ask_one(ctx, tx, live, &request).await;
        match ctx.alone(&format!("request for a signature {}", request.id), asked)? {
            Some(n) => planned += n,
            None => requests::put_off(tx, &request.id, now.plus(ROW_REST)).await?,
        }
    }
    Ok(planned)
}

async fn ask_one(ctx: &Ctx, tx: &mut Tx, live: &Live, request: &Request) -> Result<u64> {
    let now = ctx.clock.now();
    let accounts = to_sign(request, &accounts_of(tx, request).await?);
    if accounts.is_empty() {
        requests::set_next_ask(tx, &request.id, None).await?;
        return Ok(0);
    }
    let waiting = waiting_for(tx, request, accounts).await?;
    let left = outbox::left_about(tx, &live.id, &request.id).await?;
    let times = mails_about(&waiting, &left).min().unwrap_or(0) + 1;
    let kind = match request.level {
        SignLevel::Director => MessageKind::SignOff,
        SignLevel::SalesDirector => MessageKind::CounterSign,
    };
    let number = request.asked + 1;
    let to = Addressee { subject: &request.id, name: &request.name, email: &request.email };
    let message = client_people::message_to(ctx, &live.id, to, kind, number, now);
    let planned = u64::from(outbox::enqueue(tx, &message, now).await?);
    let office = live.sequence.home();
    // New lists bring mails of their own, which use up no chase of the others.
    requests::asked(tx, &request.id, now, rule::next_chase(&office, &live.spec.signoff, times, now)).await?;
    Ok(planned)
}

/// How many of the mails that left were about what has waited longest.
pub(super) fn asked_before(waiting: &[Waiting], left: &[(i64, Ts)]) -> u32 {
    mails_about(waiting, left).max().unwrap_or(0)
}

fn mails_about<'w>(waiting: &'w [Waiting], left: &'w [(i64, Ts)]) -> impl Iterator<Item = u32> + 'w {
    waiting.iter().map(|w| left.iter().filter(|(_, at)| *at >= w.since).count() as u32)
}

/// An operator has somebody asked again at once, whatever the chases have come to.
pub async fn ask_now(ctx: &Ctx, operator: &str, request: &str) -> Result<()> {
    let (c, operator, request) = (ctx.clone(), operator.to_string(), request.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let unknown = || Problem::not_found("There is no such request.", "Go back to the sign-off board.");
                let r = requests::by_id(tx, &request).await?.ok_or_else(unknown)?;
                if to_sign(&r, &accounts_of(tx, &r).await?).is_empty() {
                    let what = format!("{} has nothing left to sign.", r.name);
                    return Err(Problem::refused(what, "Look at the sign-off board again."));
                }
                requests::set_next_ask(tx, &r.id, Some(c.clock.now())).await?;
                c.journal(tx, &operator, "asked again to sign", Some(&r.round_id), &r.id, r.email.as_str()).await
            })
        })
        .await?;
    ctx.wake();
    Ok(())
}

/// The request behind a link, if the link is one of ours.
pub async fn find(ctx: &Ctx, secret: &str) -> Result<Option<Request>> {
    let mut tx = ctx.db.read().await?;
    requests::by_link(&mut tx, &tokens::hash(secret)).await
}

/// What a director sees: his accounts with all their names.
pub struct Sheet {
    pub request: Request,
    pub live: std::sync::Arc<Live>,
    pub accounts: Vec<SheetAccount>,
    /// Accounts that were this director's and are somebody else's now.
    pub handed_over: Vec<Account>,
    /// Who stands in the list and could not be read, one a line.
    pub left_out: Vec<String>,
    /// By when to sign what is left; none when no letter waits for it.
    pub deadline: Option<Deadline>,
    /// When the first letter of the round goes, while none has gone.
    pub first_letter: Option<Deadline>,
}

pub struct SheetAccount {
    pub account: Account,
    pub names: Vec<Person>,
    pub removed: Vec<Person>,
    pub signatures: Vec<requests::Signature>,
    /// Since the account director last signed; for who counter-signs, since he did.
    pub changes: Vec<Change>,
    pub to_sign: bool,
}

/// Everything on the page behind a sign-off link; `None` when there is no such link.
pub async fn sheet(ctx: &Ctx, secret: &str) -> Result<Option<Sheet>> {
    let mut tx = ctx.db.read().await?;
    let Some(request) = requests::by_link(&mut tx, &tokens::hash(secret)).await? else { return Ok(None) };
    let live = ctx.live_by_id(&mut tx, &request.round_id).await?;
    let mut sheet = Vec::new();
    for account in accounts_of(&mut tx, &request).await? {
        let (removed, names) =
            contacts::of_account(&mut tx, &account.id).await?.into_iter().partition(|p| p.removed_at.is_some());
        let signatures = requests::of_account(&mut tx, &account.id).await?;
        let to_sign = account.listed > 0 && rule::may_sign(request.level, account.standing);
        let changes = match account.standing {
            Standing::Unsigned => changes_of(&mut tx, &account, SignLevel::Director).await?,
            _ if to_sign => changes_of(&mut tx, &account, request.level).await?,
            _ => Vec::new(),
        };
        sheet.push(SheetAccount { account, names, removed, signatures, changes, to_sign });
    }
    let handed_over = match request.level {
        SignLevel::Director => accounts::no_longer_of(&mut tx, &request.round_id, &request.email).await?,
        SignLevel::SalesDirector => Vec::new(),
    };
    let own: Vec<Account> = sheet.iter().map(|a: &SheetAccount| a.account.clone()).collect();
    let left_out = match request.level {
        SignLevel::Director => left_out::of_director(&mut tx, &request, &own).await?,
        SignLevel::SalesDirector => Vec::new(),
    };
    let now = ctx.clock.now();
    let left: Vec<&str> = sheet.iter().filter(|a| a.to_sign).map(|a| a.account.id.as_str()).collect();
    let deadline = deadline::of_accounts(&mut tx, &live, &left, now).await?;
    let first_letter = deadline::of_round(&mut tx, &live, now).await?.filter(|first| first.before().is_some());
    Ok(Some(Sheet { request, live, accounts: sheet, handed_over, left_out, deadline, first_letter }))
}
