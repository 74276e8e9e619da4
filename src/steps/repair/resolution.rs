//! What a colleague or an operator does about a contact who cannot be reached: write the right address, name who follows, drop the name
//! with a reason, or say that all is well.
//!
//! An address that looks wrong is a question, not a refusal: it is taken when the colleague says that it is right. A changed list is signed
//! again before anybody on it is written to (promise 1).

use crate::base::ids::ContactId;
use crate::base::problem::{Kind, Problem, Result};
use crate::base::tokens;
use crate::rules::contacts::Finding;
use crate::rules::journal::{Action, Actor};
use crate::rules::repair::{self as rule, TaskKind};
use crate::rules::round::RoundState;
use crate::steps::contacts::addresses;
use crate::steps::contacts::objections;
use crate::steps::contacts::people::place::{free, questions};
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::signoff::names::editing::{self, Correction, Edit};
use crate::steps::signoff::signing::standing::update_standing_and_ask;
use crate::steps::typed::{address, required};
use crate::store::contacts::{self, Person};
use crate::store::{Tx, repair as store};

use super::contact_tasks::all_of;
use super::successors::{Successor, replace};
use super::tasks;

#[derive(Clone, Debug)]
pub enum Resolution {
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
        /// What is well: whom to ask, or the address. None: whatever is asked first.
        of: Option<TaskKind>,
    },
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum Resolved {
    Done,
    /// Nothing yet: these are asked first.
    Unsure(Vec<Finding>),
}

/// Settles what is open about a contact, by the link of a repair mail.
pub struct SettleTask {
    pub secret: String,
    pub contact: ContactId,
    pub resolution: Resolution,
    /// The questions about the address were answered.
    pub sure: bool,
}

impl Order for SettleTask {
    type Done = Resolved;
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Resolved> {
        let unknown =
            || Problem::not_found("There is nothing to repair here.", "Open the link in the latest mail once more.");
        let request = store::by_link(tx, &tokens::hash(&self.secret)).await?.ok_or_else(unknown)?;
        let actor = Actor::account_manager(&request.email);
        // The latest open task of the person counts, or else the latest.
        let of = if let Resolution::Fine { of, .. } = &self.resolution { *of } else { None };
        let mut own = all_of(tx, &request).await?;
        own.retain(|b| b.person.id == self.contact && of.is_none_or(|kind| b.task.kind == kind));
        let at = own.iter().rposition(|b| b.task.closed_at.is_none()).unwrap_or(own.len().saturating_sub(1));
        let broken = own.into_iter().nth(at).ok_or_else(unknown)?;
        if broken.task.closed_at.is_some() {
            // The second tap of two: his own word is told again.
            if broken.task.closed_by.as_deref().is_some_and(|by| actor.is(by)) {
                return Ok(Resolved::Done);
            }
            let outcome = broken.task.outcome.unwrap_or_default();
            let what = format!("This was settled in the meantime: {} ({outcome}).", broken.person.full_name());
            return Err(Problem::refused(what, "There is nothing left to do about it."));
        }
        apply(ctx, tx, &actor, &broken.person, self.resolution, self.sure).await
    }
}

/// The same by an operator, from the console.
pub struct SettleContact {
    pub contact: ContactId,
    pub resolution: Resolution,
    pub sure: bool,
}

impl Order for SettleContact {
    type Done = Resolved;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<Resolved> {
        let person = contacts::person(tx, &self.contact)
            .await?
            .ok_or_else(|| Problem::not_found("There is no such contact.", "Go back to the list of contacts."))?;
        apply(ctx, tx, by, &person, self.resolution, self.sure).await
    }
}

async fn apply(
    ctx: &Ctx,
    tx: &mut Tx,
    actor: &Actor,
    person: &Person,
    resolution: Resolution,
    sure: bool,
) -> Result<Resolved> {
    let live = ctx.live_by_id(tx, &person.round_id).await?;
    if live.state == RoundState::Closed {
        return Err(Problem::new(Kind::Gone, "This round is closed.", "Nothing needs to be repaired any more."));
    }
    let unsure = match resolution {
        Resolution::Correct { email } => correct(ctx, tx, actor, person, &email, sure).await?,
        Resolution::Replace(_) if live.state == RoundState::Draft => {
            let next = "Change the list and load it again.";
            return Err(Problem::refused("The round has not begun: its list can still be changed.", next));
        }
        Resolution::Replace(successor) => replace(ctx, tx, actor, person, successor, sure).await?,
        Resolution::Drop { reason } => {
            editing::apply(ctx, tx, actor, person, Edit::Remove { reason }).await?;
            Vec::new()
        }
        Resolution::Fine { why, of } => {
            fine(ctx, tx, actor, person, &why, of).await?;
            Vec::new()
        }
    };
    if !unsure.is_empty() {
        return Ok(Resolved::Unsure(unsure));
    }
    let office = live.sequence.home();
    let sitting = office.next_sending_time(ctx.clock.now().plus(rule::SITTING));
    update_standing_and_ask(ctx, tx, &person.account_id, sitting).await?;
    Ok(Resolved::Done)
}

async fn correct(
    ctx: &Ctx,
    tx: &mut Tx,
    actor: &Actor,
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
    editing::apply(ctx, tx, actor, person, Edit::Correct(correction)).await?;
    Ok(Vec::new())
}

async fn fine(ctx: &Ctx, tx: &mut Tx, actor: &Actor, person: &Person, why: &str, of: Option<TaskKind>) -> Result<()> {
    let why = required(why, "Say how you know.")?;
    let round = Some(&person.round_id);
    if person.left_at.is_some() {
        objections::stays(ctx, tx, person, &why, actor).await?;
        return ctx.journal(tx, actor, Action::HasNotLeft, round, &person.id, &why).await;
    }
    // Said on the telephone not to be whom to ask: another question than whether the address takes mail, and settled by itself.
    if of != Some(TaskKind::Correct) && tasks::is_open(tx, person, TaskKind::Replace).await? {
        tasks::is_right_person(ctx, tx, person, &why, actor).await?;
        return ctx.journal(tx, actor, Action::IsRightPerson, round, &person.id, &why).await;
    }
    // The second tap of two: whom to ask is settled, and of the address nothing was said.
    if of == Some(TaskKind::Replace) {
        return Ok(());
    }
    addresses::lives(ctx, tx, &person.email, &why, actor).await
}
