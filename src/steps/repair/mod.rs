//! Contacts who cannot be reached become tasks, and tasks become one mail to whoever looks after the account.
//!
//! What is open is asked about in one mail that names all of it: when it comes up, when more comes up, and every five working days until it is done.
//!
//! A task is opened where the address is found dead or the departure is heard of, in that transaction, and closed where it is settled,
//! whoever settles it. What the mail says is looked up when it leaves.

pub mod successors;

use crate::base::address::EmailAddress;
use crate::base::problem::{Problem, Result};
use crate::base::tokens;
use crate::rules::repair as rule;
use crate::rules::repair::TaskKind;
use crate::rules::sending::outbox::MessageKind;
use crate::steps::context::{Ctx, Live};
use crate::steps::duties::each_round::in_each;
use crate::steps::duties::failures::ROW_REST;
use crate::steps::letters::client_people::{self, Addressee};
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::{self, Person, facts};
use crate::store::repair::RepairRequest;
use crate::store::repair::tasks::{self, Task};
use crate::store::sending::{outbox, trouble};
use crate::store::{Tx, repair as requests};

use super::context::{Purpose, SOUNDINGS};
use super::plan;

/// As many requests as are asked in one transaction.
const AT_ONCE: i64 = 500;

/// An address was found dead: somebody is to correct it. `why`: the server's own words. Once, however often it bounces.
pub(super) async fn address_bounced(ctx: &Ctx, tx: &mut Tx, person: &Person, why: &str) -> Result<()> {
    if person.left_at.is_some() {
        return Ok(());
    }
    open(ctx, tx, person, TaskKind::Correct, why, &[], SOUNDINGS).await
}

/// Somebody has left: a successor is to be found, and the address is nobody's any more. `write_to`: what the reply asks to write to instead.
pub(super) async fn has_left(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    why: &str,
    write_to: &[String],
    actor: &str,
) -> Result<()> {
    tasks::close(tx, &person.id, TaskKind::Correct, actor, "has left the company", ctx.clock.now()).await?;
    open(ctx, tx, person, TaskKind::Replace, why, write_to, actor).await
}

/// The news of a departure was wrong. An address that was dead before the news came is dead still.
pub(super) async fn has_not_left(ctx: &Ctx, tx: &mut Tx, person: &Person, actor: &str) -> Result<()> {
    facts::set_left(tx, &person.id, false, ctx.clock.now()).await?;
    settled(ctx, tx, person, "has not left after all", actor).await?;
    match contacts::person(tx, &person.id).await? {
        Some(dead) if dead.undeliverable_at.is_some() => {
            let why = dead.undeliverable_reason.clone().unwrap_or_default();
            address_bounced(ctx, tx, &dead, &why).await
        }
        _ => Ok(()),
    }
}

async fn open(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    kind: TaskKind,
    why: &str,
    write_to: &[String],
    actor: &str,
) -> Result<()> {
    if !rule::is_worth_repairing(&plan::facts_of_person(person)) {
        return Ok(());
    }
    let now = ctx.clock.now();
    let good = |text: &&String| EmailAddress::parse(text).is_ok_and(|a| a.key() != person.email.key());
    let task = Task {
        id: ctx.ids.new_id(now),
        round_id: person.round_id.clone(),
        contact_id: person.id.clone(),
        kind,
        why: why.into(),
        proposed: write_to.iter().filter(good).cloned().collect::<Vec<_>>().join("\n"),
        opened_at: now,
        opened_by: actor.into(),
        closed_at: None,
        closed_by: None,
        outcome: None,
    };
    if tasks::open(tx, &task).await?
        && let Some(account) = accounts::by_id(tx, &person.account_id).await?
    {
        ask_repairer(ctx, tx, &account).await?;
    }
    Ok(())
}

/// Who repairs the contacts of an account: its manager, or its director where the list names none.
pub(super) fn repairer(account: &Account) -> (String, EmailAddress) {
    match EmailAddress::parse(&account.manager_email) {
        Ok(email) if account.manager_name.is_empty() => (email.to_string(), email),
        Ok(email) => (account.manager_name.clone(), email),
        Err(_) => (account.director_name.clone(), account.director_email.clone()),
    }
}

/// Something has come up at this account: its repairer hears of it with what else comes up.
async fn ask_repairer(ctx: &Ctx, tx: &mut Tx, account: &Account) -> Result<()> {
    let now = ctx.clock.now();
    let (name, email) = repairer(account);
    let id = ctx.ids.new_id(now);
    let hash = ctx.secret_hash(Purpose::Repair, &id);
    let new = RepairRequest {
        id,
        round_id: account.round_id.clone(),
        name,
        email: email.clone(),
        created_at: now,
        asked: 0,
        asked_at: None,
        next_ask_at: None,
    };
    requests::add(tx, &new, &hash).await?;
    let Some(request) = requests::of_person(tx, &account.round_id, &email).await? else { return Ok(()) };
    let live = ctx.live_by_id(tx, &account.round_id).await?;
    let at = rule::ask_at(&live.sequence.home(), now, request.asked_at);
    if request.next_ask_at.is_none_or(|next| at < next) {
        requests::set_next_ask(tx, &request.id, Some(at)).await?;
    }
    Ok(())
}

/// After a list was loaded: whoever looks after an account now is asked about what is open there.
pub(super) async fn ensure_repair_requests(ctx: &Ctx, tx: &mut Tx, round: &str) -> Result<()> {
    for account in accounts::with_open_tasks(tx, round).await? {
        let (_, email) = repairer(&account);
        let known = match requests::of_person(tx, round, &email).await? {
            Some(request) => knows_of(tx, &request, &account).await?,
            None => false,
        };
        if !known {
            ask_repairer(ctx, tx, &account).await?;
        }
    }
    Ok(())
}

/// Whether the last mail to this person told what is open at the account, or the next one will. Whom the account came to since is not told yet.
async fn knows_of(tx: &mut Tx, request: &RepairRequest, account: &Account) -> Result<bool> {
    let Some(asked_at) = request.asked_at else { return Ok(request.next_ask_at.is_some()) };
    let open = open_of(tx, request).await?;
    Ok(open.iter().filter(|b| b.person.account_id == account.id).all(|b| b.task.opened_at <= asked_at))
}

/// Whatever was to be repaired about this contact is done. Stops asking a repairer who has nothing left.
pub(super) async fn settled(ctx: &Ctx, tx: &mut Tx, person: &Person, outcome: &str, actor: &str) -> Result<bool> {
    let now = ctx.clock.now();
    let mut any = false;
    for kind in TaskKind::ALL {
        any |= tasks::close(tx, &person.id, kind, actor, outcome, now).await?;
    }
    if any
        && let Some(account) = accounts::by_id(tx, &person.account_id).await?
        && let Some(request) = requests::of_person(tx, &person.round_id, &repairer(&account).1).await?
        && open_of(tx, &request).await?.is_empty()
    {
        requests::set_next_ask(tx, &request.id, None).await?;
        outbox::withdraw_of_subject(tx, &request.round_id, &request.id, "nothing_left_to_repair", now).await?;
    }
    Ok(any)
}

/// Asks everybody whose time has come about all that is open. Returns how many mails were planned.
pub async fn ask(ctx: &Ctx) -> Result<u64> {
    let due = requests::rounds_due(&mut ctx.db.read().await?, ctx.clock.now()).await?;
    in_each(ctx, due, "asking for repairs", |ctx, tx, live| Box::pin(ask_in(ctx, tx, live))).await
}

async fn ask_in(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<u64> {
    let now = ctx.clock.now();
    let mut planned = 0;
    let (due, unreadable) = ctx.readable("request for repairs", requests::due(tx, &live.id, now, AT_ONCE).await?);
    for id in unreadable {
        requests::set_next_ask(tx, &id, Some(now.plus(ROW_REST))).await?;
    }
    for request in due {
        let asked = ask_one(ctx, tx, live, &request).await;
        match ctx.alone(&format!("request for repairs {}", request.id), asked)? {
            Some(n) => planned += n,
            None => requests::set_next_ask(tx, &request.id, Some(now.plus(ROW_REST))).await?,
        }
    }
    Ok(planned)
}

async fn ask_one(ctx: &Ctx, tx: &mut Tx, live: &Live, request: &RepairRequest) -> Result<u64> {
    let (now, office) = (ctx.clock.now(), live.sequence.home());
    if open_of(tx, request).await?.is_empty() {
        requests::set_next_ask(tx, &request.id, None).await?;
        return Ok(0);
    }
    let number = request.asked + 1;
    // The machine may have been off when the time came.
    let due_at = office.next_sending_time(now);
    let to = Addressee { subject: &request.id, name: &request.name, email: &request.email };
    let message = client_people::message_to(ctx, &live.id, to, MessageKind::Repair, number, due_at);
    let planned = u64::from(outbox::enqueue(tx, &message, now).await?);
    requests::asked(tx, &request.id, due_at, rule::chase_at(&office, due_at)).await?;
    Ok(planned)
}

/// An operator has somebody asked again at once.
pub async fn ask_now(ctx: &Ctx, operator: &str, request: &str) -> Result<()> {
    let (c, operator, request) = (ctx.clone(), operator.to_string(), request.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let unknown = || Problem::not_found("There is no such request.", "Go back to the list of repairs.");
                let r = requests::by_id(tx, &request).await?.ok_or_else(unknown)?;
                if open_of(tx, &r).await?.is_empty() {
                    let what = format!("{} has nothing left to repair.", r.name);
                    return Err(Problem::refused(what, "Look at the list of repairs again."));
                }
                requests::set_next_ask(tx, &r.id, Some(c.clock.now())).await?;
                c.journal(tx, &operator, "asked again to repair contacts", Some(&r.round_id), &r.id, r.email.as_str())
                    .await
            })
        })
        .await?;
    ctx.wake();
    Ok(())
}

/// A task with the contact that it is about.
#[derive(Clone, Debug)]
pub struct Broken {
    pub task: Task,
    pub person: Person,
}

/// The open tasks of the accounts that this person looks after now.
pub(super) async fn open_of(tx: &mut Tx, request: &RepairRequest) -> Result<Vec<Broken>> {
    let open: Vec<Broken> = all_of(tx, request).await?.into_iter().filter(|b| b.task.closed_at.is_none()).collect();
    without_unjudged(tx, open).await
}

/// Without those whose address was taken for dead in an incident that nobody has judged yet: nobody is asked to repair what may be our own trouble.
async fn without_unjudged(tx: &mut Tx, mut open: Vec<Broken>) -> Result<Vec<Broken>> {
    let ids: Vec<&str> = open.iter().map(|b| b.person.id.as_str()).collect();
    let unclear = if ids.is_empty() { Vec::new() } else { trouble::provisional(tx, &ids).await? };
    open.retain(|b| b.task.kind != TaskKind::Correct || !unclear.contains(&b.person.id));
    Ok(open)
}

/// An incident has begun, or has grown: mails that would ask only about its contacts are taken back.
pub(super) async fn wait_for_incident(ctx: &Ctx, tx: &mut Tx, incident: &str) -> Result<()> {
    let mut seen = Vec::new();
    for contact in trouble::contacts(tx, incident).await? {
        let Some(person) = contacts::person(tx, &contact).await? else { continue };
        let Some(account) = accounts::by_id(tx, &person.account_id).await? else { continue };
        let Some(request) = requests::of_person(tx, &person.round_id, &repairer(&account).1).await? else { continue };
        if !seen.contains(&request.id) && open_of(tx, &request).await?.is_empty() {
            requests::set_next_ask(tx, &request.id, None).await?;
            let why = "waits_for_an_incident";
            outbox::withdraw_of_subject(tx, &request.round_id, &request.id, why, ctx.clock.now()).await?;
        }
        seen.push(request.id);
    }
    Ok(())
}

pub(super) async fn all_of(tx: &mut Tx, request: &RepairRequest) -> Result<Vec<Broken>> {
    let tasks = tasks::of_person(tx, &request.round_id, &request.email).await?;
    with_people(tx, tasks).await
}

/// Tasks with the contacts that they are about, in the same order.
pub async fn with_people(tx: &mut Tx, tasks: Vec<Task>) -> Result<Vec<Broken>> {
    let ids: Vec<&str> = tasks.iter().map(|t| t.contact_id.as_str()).collect();
    let people = contacts::persons(tx, &ids).await?;
    let of = |task: Task| {
        let person = people.iter().find(|p| p.id == task.contact_id)?.clone();
        Some(Broken { task, person })
    };
    Ok(tasks.into_iter().filter_map(of).collect())
}

/// What somebody sees behind the link of a repair mail.
pub struct Sheet {
    pub request: RepairRequest,
    pub live: std::sync::Arc<Live>,
    /// What is to be repaired, the oldest first.
    pub open: Vec<Broken>,
    /// What was, the latest first, each with who stands in that place now.
    pub done: Vec<(Broken, Option<Person>)>,
    /// The account directors' names, by account.
    pub directors: Vec<(String, String)>,
}

/// Everything on the page behind a repair link; `None` when there is no such link. Changes nothing.
pub async fn sheet(ctx: &Ctx, secret: &str) -> Result<Option<Sheet>> {
    let mut tx = ctx.db.read().await?;
    let Some(request) = requests::by_link(&mut tx, &tokens::hash(secret)).await? else { return Ok(None) };
    let live = ctx.live_by_id(&mut tx, &request.round_id).await?;
    let (open, closed): (Vec<Broken>, Vec<Broken>) =
        all_of(&mut tx, &request).await?.into_iter().partition(|b| b.task.closed_at.is_none());
    let open = without_unjudged(&mut tx, open).await?;
    let (mut done, mut directors) = (Vec::new(), Vec::new());
    for broken in closed.into_iter().rev() {
        let successor = match requests::successors(&mut tx, &broken.person.id).await?.first() {
            Some(id) => contacts::person(&mut tx, id).await?,
            None => None,
        };
        done.push((broken, successor));
    }
    for person in open.iter().map(|b| &b.person).chain(done.iter().map(|(b, _)| &b.person)) {
        if !directors.iter().any(|(account, _)| *account == person.account_id)
            && let Some(account) = accounts::by_id(&mut tx, &person.account_id).await?
        {
            directors.push((account.id, account.director_name));
        }
    }
    Ok(Some(Sheet { request, live, open, done, directors }))
}
