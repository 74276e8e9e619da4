//! Answers to what a list has asked: the person whom we know, under another address, or somebody else.
//!
//! The same person keeps what is known of him, opt-out and answers among it, gets the new address by the way of every correction, and is
//! signed again. Somebody else becomes an ordinary contact whose name is to be signed off. An answer is remembered for the pair.

use crate::base::address::EmailAddress;
use crate::base::ids::{ContactId, QuestionId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::together::answered::Then;
use crate::rules::contacts::{Role, together::account};
use crate::rules::journal::{Action, Actor};
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::steps::repair::requests::ensure_repair_requests;
use crate::steps::replies::absence;
use crate::steps::signoff::asking::requests::ensure_signoff_requests;
use crate::steps::signoff::names::editing::{self, Correction, Edit};
use crate::steps::signoff::signing::standing::update_standing;
use crate::store::Tx;
use crate::store::contacts::{self, Person, identity as store, listing, loading};
use crate::store::round::rounds;

use super::carried::{KnownFrom, carry};
use super::changed_hands;
use super::once_more::{self, Lasts};
use super::particulars;
use crate::steps::contacts::load::rows::{self, fell_off};
use crate::steps::contacts::objections;

pub use crate::rules::contacts::together::answered::Answer;

pub use super::open_question::{Contradiction, OpenQuestion, about, of_round, open, open_first};

/// Which of a round's open questions an answer settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// By its id.
    One(QuestionId),
    /// By the new address.
    Address(EmailAddress),
    /// By an account's name, in any spelling.
    Account(String),
    /// All in which nothing but the mail domain differs: from this one to that one.
    Domain(String, String),
    All,
}

/// Whose questions an answer has settled, of whom something else is asked now, and who stays as he was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    pub names: Vec<String>,
    pub asked_again: Vec<String>,
    /// Who could not be answered with the others, and why.
    pub refused: Vec<(String, String)>,
    /// Who has left the list, for the address is somebody else's.
    pub left: Vec<String>,
    /// Of those whose questions are settled: who was known by the key, and has the address now.
    pub holders: Vec<String>,
}

/// Settles questions.
pub async fn answer(ctx: &Ctx, slug: &str, which: Which, answer: Answer, actor: &Actor) -> Result<Settled> {
    answer_as_shown(ctx, slug, which, (answer, None), actor).await
}

/// The same, only where the answers do what was shown ([`OpenQuestion::shown`]).
pub async fn answer_as_shown(
    ctx: &Ctx,
    slug: &str,
    which: Which,
    (answer, shown): (Answer, Option<String>),
    actor: &Actor,
) -> Result<Settled> {
    let settled = ctx.order(actor, AnswerQuestions { slug: slug.to_string(), which, answer, shown }).await?;
    if settled == Settled::default() {
        return Err(Problem::refused(
            "Nothing is asked there any more.",
            format!("`list asked {slug}` and the sign-off board name what is still open."),
        )
        .on_page("The sign-off board names what is still open."));
    }
    Ok(settled)
}

/// What of this is open is settled, and whoever is to be asked now is.
struct AnswerQuestions {
    slug: String,
    which: Which,
    answer: Answer,
    shown: Option<String>,
}

impl Order for AnswerQuestions {
    type Done = Settled;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<Settled> {
        let round = rounds::by_slug(tx, &self.slug).await?.ok_or_else(|| unknown(&self.slug))?;
        if round.state == RoundState::Closed {
            return Err(Problem::refused(
                format!("Round {} is closed.", self.slug),
                "Nothing is asked there any more.",
            ));
        }
        // Kept also where nothing is left to be answered.
        store::forget_settled(tx, &round.id).await?;
        let mut all = open(tx, &round.id).await?;
        all.retain(|asked| is_meant(&self.which, asked));
        let mut settled = Settled::default();
        // One that is named is refused; of many, those are left out and named.
        let many = !matches!(self.which, Which::One(_) | Which::Address(_));
        let lasts = match self.answer {
            Answer::SomebodyElse if !all.is_empty() => Some(Lasts::read(tx, &round.id).await?),
            _ => None,
        };
        for asked in &all {
            if self.shown.as_ref().is_some_and(|shown| *shown != asked.shown()) {
                let next = "Read what the answers do now, and answer again.";
                return Err(Problem::refused("An answer does something else by now than was shown.", next));
            }
            // Somebody may leave the list by it, or get another name: that is said and answered for each.
            if many && asked.question.keyed.0 {
                settled.refused.push((asked.name(), format!("{} That is answered by itself.", asked.sentence())));
                continue;
            }
            if let Some(refusal) = refusal(tx, &round.id, asked).await? {
                if !many {
                    return Err(refusal);
                }
                settled.refused.push((asked.name(), refusal.what));
                continue;
            }
            let word = if self.answer == Answer::SamePerson { "same" } else { "other" };
            if !store::answer(tx, &asked.question.id, word, by.as_str(), ctx.clock.now()).await? {
                continue;
            }
            // Read for "somebody else" only.
            if let Some(lasts) = &lasts {
                somebody_else(ctx, tx, (asked, lasts), &mut settled, by).await?;
                continue;
            }
            match asked.question.known_round == round.id {
                true => same_person(ctx, tx, asked, by).await?,
                false => with_what_lasts(ctx, tx, &round.id, asked, by).await?,
            }
            settled.names.push(asked.name());
        }
        if settled.names.is_empty() && settled.asked_again.is_empty() && !settled.refused.is_empty() {
            let why: Vec<&str> = settled.refused.iter().map(|(_, why)| why.as_str()).take(5).collect();
            let next = if all.iter().any(|asked| asked.question.keyed.0) { ONE_BY_ONE } else { CORRECT_FIRST };
            return Err(Problem::refused(why.join(" "), next));
        }
        if round.state != RoundState::Draft {
            ensure_signoff_requests(ctx, tx, &round.id).await?;
            ensure_repair_requests(ctx, tx, &round.id).await?;
        }
        Ok(settled)
    }
}

const ONE_BY_ONE: &str = "Answer each by its address, or by its own form on the sign-off board.";
const CORRECT_FIRST: &str = "Correct the contact who has the address, then answer again.";

/// Nobody gets an address that a third person has by now.
async fn refusal(tx: &mut Tx, round: &RoundId, asked: &OpenQuestion) -> Result<Option<Problem>> {
    let Some(id) = contacts::by_address(tx, round, &asked.question.new_key).await? else { return Ok(None) };
    let Some(holder) = contacts::person(tx, &id).await?.filter(|p| p.id != asked.question.contact_id) else {
        return Ok(None);
    };
    let who = format!("{} at {}", holder.full_name(), holder.account);
    let what = format!("{} is the address of {who}, so nothing was done about {}.", holder.email, asked.name());
    Ok(Some(Problem::refused(what, CORRECT_FIRST)))
}

fn is_meant(which: &Which, asked: &OpenQuestion) -> bool {
    match which {
        Which::One(id) => asked.question.id == *id,
        Which::Address(address) => asked.question.new_key == address.key(),
        Which::Account(name) => account::key(name) == account::key(&asked.question.account),
        Which::Domain(old, new) => asked.domains().is_some_and(|(was, is)| was == *old && is == *new),
        Which::All => true,
    }
}

/// The contact gets the new address and whatever else its row says.
async fn same_person(ctx: &Ctx, tx: &mut Tx, asked: &OpenQuestion, actor: &Actor) -> Result<()> {
    let now = ctx.clock.now();
    let gone = || Problem::refused(format!("{} is not in the round any more.", asked.name()), "Reload the page.");
    let mut old = contacts::person(tx, &asked.question.contact_id).await?.ok_or_else(gone)?;
    // It was a list that took the person off, and a list has the person again.
    if fell_off(old.removed_reason.as_deref()) && contacts::restore(tx, &old.id, now).await? {
        ctx.journal(tx, actor, Action::IsOnTheListAgain, Some(&old.round_id), &old.id, "under another address").await?;
        old = contacts::person(tx, &old.id).await?.ok_or_else(gone)?;
    }
    let row = &asked.listed;
    let correction = Correction {
        first_name: old.first_name.clone(),
        last_name: old.last_name.clone(),
        email: row.email.to_string(),
        job_title: if row.job_title.is_empty() { old.job_title.clone() } else { row.job_title.clone() },
        role: if row.role == Role::Unknown { old.role } else { row.role }.as_str().into(),
        reason: "the same person, as the list has a new address".into(),
    };
    editing::apply(ctx, tx, actor, &old, Edit::CorrectSame(correction)).await?;
    // A list that still has somebody who has left, with his company's new domain, does not bring him back.
    if old.left_at.is_some() || old.gone_at.is_some() {
        let why = format!("as was heard of under {}", old.email);
        objections::note(ctx, tx, &absence::left(&old, &row.email, &why, actor)).await?;
    }
    if !row.key.is_empty() {
        listing::has_key(tx, &old.round_id, &old.id, &row.key).await?;
    }
    // It is the list that has changed the row, and may go on to.
    listing::known_as(tx, &old.id, &asked.question.new_key, old.edited_at).await?;
    let person = contacts::person(tx, &old.id).await?.ok_or_else(gone)?;
    take_the_rest(ctx, tx, asked, &person, actor).await?;
    if old.account_id != asked.question.account_id {
        update_standing(ctx, tx, &asked.question.account_id).await?;
    }
    update_standing(ctx, tx, &old.account_id).await.map(|_| ())?;
    if person.removed_at.is_none() {
        crate::store::sending::claim::look_again(tx, &person.id, now).await?;
    }
    Ok(())
}

/// What the row says beside the address. A row that people have edited here keeps their words.
async fn take_the_rest(ctx: &Ctx, tx: &mut Tx, asked: &OpenQuestion, person: &Person, actor: &Actor) -> Result<()> {
    let (now, to) = (ctx.clock.now(), &asked.question.account_id);
    if person.removed_at.is_some() {
        return Ok(());
    }
    if person.account_id != *to && account::key(&person.account) != account::key(&asked.question.account) {
        listing::move_to(tx, &person.id, to, now).await?;
        let detail = format!("from {} to {}", person.account, asked.question.account);
        ctx.journal(tx, actor, Action::MovedToAnotherAccount, Some(&person.round_id), &person.id, &detail).await?;
    }
    if person.edited_at.is_none() {
        let new = particulars::particulars(ctx, &person.id, &person.round_id, to, &asked.listed, Some(person.into()))?;
        listing::correct(tx, &new, false, false, now).await?;
    }
    Ok(())
}

/// What the question says that this answer does ([`Consequence`]). Where the row may be one more person whom we know, that is asked, and the
/// row goes on waiting.
///
/// [`Consequence`]: crate::rules::contacts::together::answered::Consequence
async fn somebody_else(
    ctx: &Ctx,
    tx: &mut Tx,
    (asked, lasts): (&OpenQuestion, &Lasts),
    settled: &mut Settled,
    actor: &Actor,
) -> Result<()> {
    let (q, done) = (&asked.question, asked.consequence(Answer::SomebodyElse));
    // He has the address, and it is not he: his mailbox has changed hands.
    if let Some(former) = &done.gives_up {
        changed_hands::leaves(ctx, tx, former, &asked.name(), actor).await?;
    }
    if done.leaves {
        settled.left.push(asked.known_name());
    }
    let next = match &done.then {
        Then::Has(holder) => {
            let mut theirs = asked.clone();
            theirs.question.contact_id = holder.clone();
            same_person(ctx, tx, &theirs, actor).await?;
            settled.holders.push(asked.name());
            None
        }
        Then::Asks(holder) => {
            let gone =
                || Problem::refused(format!("{} is not in the round any more.", asked.name()), "Reload the page.");
            let holder = contacts::person(tx, holder).await?.ok_or_else(gone)?;
            Some(once_more::by_key(ctx, q, &holder))
        }
        Then::NewName | Then::Nothing => {
            let next = once_more::next(ctx, tx, lasts, q, &asked.listed).await?;
            if next.is_none() {
                put_on_the_list(ctx, tx, &q.round_id, asked, actor).await?;
            }
            next
        }
    };
    let Some(next) = next else {
        settled.names.push(asked.name());
        return Ok(());
    };
    store::ask(tx, &next).await?;
    let detail =
        format!("is not {} <{}>; it is asked about {} as well", asked.known_name(), q.known_email, next.old_key);
    let round = Some(&q.round_id);
    ctx.journal(tx, actor, Action::AnsweredAboutTheList, round, &next.contact_id, &detail).await?;
    settled.asked_again.push(asked.name());
    Ok(())
}

async fn put_on_the_list(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &RoundId,
    asked: &OpenQuestion,
    actor: &Actor,
) -> Result<ContactId> {
    let (now, q) = (ctx.clock.now(), &asked.question);
    let key = asked.listed.email.key();
    loading::give_way(tx, round, &key).await?;
    if contacts::by_address(tx, round, &key).await?.is_some() {
        let what = format!("{} is on the list already.", asked.listed.email);
        return Err(Problem::refused(what, CORRECT_FIRST));
    }
    let id = ctx.ids.id(now);
    let mut listed = [asked.listed.clone()];
    rows::add_what_is_known(tx, round, &mut listed, now).await?;
    let [listed] = listed;
    let new = particulars::particulars(ctx, &id, round, &q.account_id, &listed, None)?;
    rows::add(ctx, tx, &[new], now).await?;
    if !listed.key.is_empty() {
        listing::has_key(tx, round, &id, &listed.key).await?;
    }
    update_standing(ctx, tx, &q.account_id).await?;
    let detail = format!("is not {} <{}>", asked.known_name(), q.known_email);
    let detail = if q.known_round == *round { detail } else { format!("as the list has it, beside {}", q.known_email) };
    ctx.journal(tx, actor, Action::PutOnTheList, Some(round), &id, &detail).await?;
    Ok(id)
}

/// Somebody of an earlier round under a new address: on the list, and what is still in force holds for the new address as well.
async fn with_what_lasts(ctx: &Ctx, tx: &mut Tx, round: &RoundId, asked: &OpenQuestion, actor: &Actor) -> Result<()> {
    let q = &asked.question;
    let from = KnownFrom { round: &q.known_round, contact: &q.contact_id, email: &q.known_email };
    let what = carry(ctx, tx, round, &from, &asked.listed.email, actor).await?;
    let id = put_on_the_list(ctx, tx, round, asked, actor).await?;
    let detail = format!("{} <{}>", asked.known_name(), q.known_email);
    ctx.journal(tx, actor, what, Some(round), &id, &detail).await
}
