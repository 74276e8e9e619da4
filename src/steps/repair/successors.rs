//! What a colleague or an operator does about a contact who cannot be reached: write the right address, name who follows, drop the name
//! with a reason, or say that all is well.
//!
//! An address that looks wrong is a question, not a refusal: it is taken when the colleague says that it is right. A changed list is signed
//! again before anybody on it is written to (promise 1). A successor is a contact of his own, so that what his predecessor got and
//! answered stays his predecessor's.

use crate::base::address::EmailAddress;
use crate::base::problem::{Kind, Problem, Result};
use crate::base::tokens;
use crate::rules::contacts::{Finding, Role, name};
use crate::rules::repair as rule;
use crate::rules::round::RoundState;
use crate::steps::contacts::{objections, rows};
use crate::steps::context::{Ctx, Purpose};
use crate::steps::replies::addresses;
use crate::steps::signoff;
use crate::steps::signoff::signing::{self, Correction, Edit, clean, fitting, quoted, required};
use crate::store::contacts::listing::NewContact;
use crate::store::contacts::{self, Person, accounts, loading};
use crate::store::repair::tasks;
use crate::store::sending::outbox;
use crate::store::{Tx, repair as store};

use super::{all_of, settled};

/// Who stands in the place of somebody; what is not asked is inherited.
#[derive(Clone, Debug, Default)]
pub struct Successor {
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub job_title: String,
    /// Empty: the predecessor's.
    pub role: String,
}

#[derive(Clone, Debug)]
pub enum Mend {
    Correct {
        email: String,
    },
    Replace(Successor),
    Drop {
        reason: String,
    },
    /// The address takes mail, or the person has not left. `why`: how that is known.
    Fine {
        why: String,
    },
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum Mended {
    Done,
    /// Nothing yet: these are asked first.
    Unsure(Vec<Finding>),
}

/// By the link of a repair mail. `sure`: the questions about the address were answered.
pub async fn mend(ctx: &Ctx, secret: &str, contact: &str, mend: Mend, sure: bool) -> Result<Mended> {
    let (c, secret, contact) = (ctx.clone(), secret.to_string(), contact.to_string());
    let mended = ctx
        .db
        .write(move |tx| {
            Box::pin(async move {
                let unknown = || {
                    Problem::not_found(
                        "There is nothing to repair here.",
                        "Open the link in the latest mail once more.",
                    )
                };
                let request = store::by_link(tx, &tokens::hash(&secret)).await?.ok_or_else(unknown)?;
                // The latest task counts: an earlier one of the same person may be closed.
                let mut all = all_of(tx, &request).await?.into_iter();
                let broken = all.rfind(|b| b.person.id == contact).ok_or_else(unknown)?;
                if broken.task.closed_at.is_some() {
                    // The second tap of two: his own word is told again.
                    if broken.task.closed_by.as_deref() == Some(request.email.as_str()) {
                        return Ok(Mended::Done);
                    }
                    let outcome = broken.task.outcome.unwrap_or_default();
                    let what = format!("This was settled in the meantime: {} ({outcome}).", broken.person.full_name());
                    return Err(Problem::refused(what, "There is nothing left to do about it."));
                }
                apply(&c, tx, request.email.as_str(), &broken.person, mend, sure).await
            })
        })
        .await?;
    ctx.wake();
    Ok(mended)
}

/// The same by an operator, from the console.
pub async fn mend_as_operator(ctx: &Ctx, operator: &str, contact: &str, mend: Mend, sure: bool) -> Result<Mended> {
    let (c, operator, contact) = (ctx.clone(), operator.to_string(), contact.to_string());
    let mended = ctx
        .db
        .write(move |tx| {
            Box::pin(async move {
                let person = contacts::person(tx, &contact).await?.ok_or_else(|| {
                    Problem::not_found("There is no such contact.", "Go back to the list of contacts.")
                })?;
                apply(&c, tx, &operator, &person, mend, sure).await
            })
        })
        .await?;
    ctx.wake();
    Ok(mended)
}

async fn apply(ctx: &Ctx, tx: &mut Tx, actor: &str, person: &Person, mend: Mend, sure: bool) -> Result<Mended> {
    let live = ctx.live_by_id(tx, &person.round_id).await?;
    if live.state == RoundState::Closed {
        return Err(Problem::new(Kind::Gone, "This round is closed.", "Nothing needs to be repaired any more."));
    }
    let unsure = match mend {
        Mend::Correct { email } => correct(ctx, tx, actor, person, &email, sure).await?,
        Mend::Replace(_) if live.state == RoundState::Draft => {
            let next = "Change the list and load it again.";
            return Err(Problem::refused("The round has not begun: its list can still be changed.", next));
        }
        Mend::Replace(successor) => replace(ctx, tx, actor, person, successor, sure).await?,
        Mend::Drop { reason } => {
            signing::apply(ctx, tx, actor, person, Edit::Remove { reason }).await?;
            Vec::new()
        }
        Mend::Fine { why } => {
            fine(ctx, tx, actor, person, &why).await?;
            Vec::new()
        }
    };
    if !unsure.is_empty() {
        return Ok(Mended::Unsure(unsure));
    }
    let office = live.sequence.home();
    let sitting = office.next_sending_time(ctx.clock.now().plus(rule::SITTING));
    signoff::update_standing_and_ask(ctx, tx, &person.account_id, sitting).await?;
    Ok(Mended::Done)
}

async fn correct(
    ctx: &Ctx,
    tx: &mut Tx,
    actor: &str,
    person: &Person,
    typed: &str,
    sure: bool,
) -> Result<Vec<Finding>> {
    let email = address(typed)?;
    if email.key() == person.email.key() {
        return Err(Problem::unusable(
            format!("{email} is the address that takes no mail."),
            "Write another one, or say that it is right after all.",
        ));
    }
    let questions = questions(tx, person, &email).await?;
    if !sure && !questions.is_empty() {
        free(tx, person, &email).await?;
        return Ok(questions);
    }
    let correction = Correction {
        first_name: person.first_name.clone(),
        last_name: person.last_name.clone(),
        email: email.to_string(),
        job_title: person.job_title.clone(),
        role: person.role.as_str().into(),
        reason: "the old address took no mail".into(),
    };
    signing::apply(ctx, tx, actor, person, Edit::Correct(correction)).await?;
    Ok(Vec::new())
}

pub(in crate::steps) async fn replace(
    ctx: &Ctx,
    tx: &mut Tx,
    actor: &str,
    person: &Person,
    s: Successor,
    sure: bool,
) -> Result<Vec<Finding>> {
    let now = ctx.clock.now();
    let same = |email: EmailAddress| format!("replaced by {} {} <{email}>", clean(&s.first_name), clean(&s.last_name));
    // The second tap of two: this very person follows already.
    if person.removed_at.is_some() && person.removed_reason == address(&s.email).ok().map(same) {
        return Ok(Vec::new());
    }
    if person.completed_at.is_some() || person.removed_at.is_some() {
        let what = format!(
            "{} is not to be replaced: {}.",
            person.full_name(),
            match person.completed_at {
                Some(_) => "the answers have arrived",
                None => "the name is off the list already",
            }
        );
        return Err(Problem::refused(what, "Reload the page."));
    }
    let first_name = fitting("The first name", &s.first_name)?;
    let last_name = fitting("The last name", &s.last_name)?;
    match name::verdict(&first_name, &last_name) {
        name::Verdict::Name | name::Verdict::Half => {}
        name::Verdict::Missing => {
            return Err(Problem::unusable("The name is missing.", "Write who follows, then save again."));
        }
        name::Verdict::Placeholder => {
            let what = format!("{} is not a person’s name.", quoted(&format!("{first_name} {last_name}")));
            return Err(Problem::unusable(what, "Write who follows, then save again."));
        }
    }
    let email = address(&s.email)?;
    free(tx, person, &email).await?;
    let questions = questions(tx, person, &email).await?;
    if !sure && !questions.is_empty() {
        return Ok(questions);
    }
    let id = ctx.ids.new_id(now);
    let new = NewContact {
        first_name,
        last_name,
        job_title: fitting("The job title", &s.job_title)?,
        role: Role::parse(&s.role).unwrap_or(person.role),
        findings: signing::json(&questions)?,
        email,
        ..place_of(ctx, person, id.clone())
    };
    let successor = format!("{} {} <{}>", new.first_name, new.last_name, new.email);
    rows::add(ctx, tx, std::slice::from_ref(&new), now).await?;
    store::succeed(tx, &id, &person.id, now).await?;
    if !contacts::remove(tx, &person.id, &format!("replaced by {successor}"), now).await? {
        // Another daemon has done it between our question and this statement.
        return Err(Problem::refused(format!("{} is off the list already.", person.full_name()), "Reload the page."));
    }
    outbox::withdraw_of_contact(tx, &person.id, "removed", now).await?;
    settled(ctx, tx, person, &format!("replaced by {successor}"), actor).await?;
    let round = Some(person.round_id.as_str());
    ctx.journal(tx, actor, "named a successor", round, &person.id, &successor).await?;
    let place = format!("in the place of {} <{}>", person.full_name(), person.email);
    ctx.journal(tx, actor, "put on the list", round, &id, &place).await?;
    Ok(Vec::new())
}

async fn fine(ctx: &Ctx, tx: &mut Tx, actor: &str, person: &Person, why: &str) -> Result<()> {
    let why = required(why, "Say how you know.")?;
    let round = Some(person.round_id.as_str());
    if person.left_at.is_some() {
        objections::stays(ctx, tx, person, &why, actor).await?;
        return ctx.journal(tx, actor, "has not left after all", round, &person.id, &why).await;
    }
    addresses::lives(ctx, tx, &person.email, &why, actor).await
}

/// The place of this person on the list, to be taken under the id `id`.
pub(in crate::steps) fn place_of(ctx: &Ctx, person: &Person, id: String) -> NewContact {
    NewContact {
        round_id: person.round_id.clone(),
        account_id: person.account_id.clone(),
        line: person.line,
        first_name: person.first_name.clone(),
        last_name: person.last_name.clone(),
        email: person.email.clone(),
        job_title: person.job_title.clone(),
        role: person.role,
        language: person.language.clone(),
        country: person.country.clone(),
        region: person.region.clone(),
        time_zone: person.time_zone.clone(),
        findings: person.findings.clone(),
        link_hash: ctx.secret_hash(Purpose::Assessment, &id),
        opt_out_hash: ctx.secret_hash(Purpose::OptOut, &id),
        id,
    }
}

pub(in crate::steps) fn address(typed: &str) -> Result<EmailAddress> {
    EmailAddress::parse(typed.trim()).map_err(|why| {
        Problem::unusable(format!("The address {} {why}.", quoted(typed)), "Correct it, then save again.")
    })
}

/// Nobody else of the round has this address, not even on a list that is not in yet.
pub(in crate::steps) async fn free(tx: &mut Tx, person: &Person, email: &EmailAddress) -> Result<()> {
    loading::give_way(tx, &person.round_id, &email.key()).await?;
    let Some(id) = contacts::by_address(tx, &person.round_id, &email.key()).await? else { return Ok(()) };
    let Some(other) = contacts::person(tx, &id).await?.filter(|other| other.id != person.id) else { return Ok(()) };
    let who = format!("{} at {}", other.full_name(), other.account);
    Err(match other.removed_at {
        Some(_) => Problem::refused(
            format!("{email} is the address of {who}, who was taken off the list."),
            "Ask the account director to put the name back, or write another address.",
        ),
        None => Problem::refused(
            format!("{email} is on the list already: {who}."),
            "Write another address, or drop this name.",
        ),
    })
}

/// What is asked about an address, beside those of the same account.
pub(in crate::steps) async fn questions(tx: &mut Tx, person: &Person, email: &EmailAddress) -> Result<Vec<Finding>> {
    let others: Vec<EmailAddress> = contacts::of_account(tx, &person.account_id)
        .await?
        .into_iter()
        .filter(|p| p.removed_at.is_none() && p.id != person.id)
        .map(|p| p.email)
        .collect();
    Ok(rule::questions(email, person.line.max(0) as u64, &person.account, &others))
}

/// An operator closes what is open about a contact without changing the list.
pub async fn close_task(ctx: &Ctx, contact: &str, outcome: &str, actor: &str) -> Result<()> {
    let (c, contact, actor) = (ctx.clone(), contact.to_string(), actor.to_string());
    let outcome = required(outcome, "Say what came of it.")?;
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let gone = || Problem::refused("There is nothing to be done about this contact.", "Reload the page.");
                let person = contacts::person(tx, &contact).await?.ok_or_else(gone)?;
                if !settled(&c, tx, &person, &outcome, &actor).await? {
                    let mut closed = tasks::of_contact(tx, &person.id).await?.into_iter();
                    // The second tap of two.
                    let own = closed
                        .any(|t| t.closed_by.as_deref() == Some(&actor) && t.outcome.as_deref() == Some(&outcome));
                    return if own { Ok(()) } else { Err(gone()) };
                }
                c.journal(tx, &actor, "closed the task", Some(&person.round_id), &person.id, &outcome).await
            })
        })
        .await
}

/// The open tasks of a round with their contacts, and who is asked about each: a page of them, the oldest first.
pub async fn open_tasks(ctx: &Ctx, round: &str, limit: i64, offset: i64) -> Result<Vec<Repairing>> {
    let mut tx = ctx.db.read().await?;
    let mut requests = store::of_round(&mut tx, round).await?;
    for request in &mut requests {
        as_it_left(&mut tx, request).await?;
    }
    let tasks = tasks::open_in_round(&mut tx, round, limit, offset).await?;
    let mut all = Vec::new();
    for broken in super::with_people(&mut tx, tasks).await? {
        let Some(account) = accounts::by_id(&mut tx, &broken.person.account_id).await? else { continue };
        let (name, email) = super::repairer(&account);
        let request = requests.iter().find(|r| r.email.key() == email.key()).cloned();
        all.push(Repairing { broken, repairer: name, request });
    }
    Ok(all)
}

/// Whoever looks wants to know when the mails left; what is still planned comes next.
async fn as_it_left(tx: &mut Tx, request: &mut store::RepairRequest) -> Result<()> {
    let left = outbox::left_about(tx, &request.round_id, &request.id).await?;
    let last = left.last().map(|(_, at)| *at);
    let planned = request.asked_at.filter(|at| last.is_none_or(|left| left < *at));
    request.next_ask_at = request.next_ask_at.or(planned);
    (request.asked, request.asked_at) = (left.len() as i64, last);
    Ok(())
}

/// An open task, and who is asked about it.
pub struct Repairing {
    pub broken: super::Broken,
    pub repairer: String,
    pub request: Option<store::RepairRequest>,
}
