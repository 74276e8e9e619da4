//! Answers to whether two accounts of a round are one. The same: its people go to the account that is known, and its lists do from then on.
//! Two: they stay apart. Either is remembered for the client.

use crate::base::counted::counted;
use crate::base::ids::{AccountId, AccountQuestionId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::account::key;
use crate::rules::journal::{Action, Actor};
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::steps::repair::requests::ensure_repair_requests;
use crate::steps::signoff::requests::ensure_signoff_requests;
use crate::steps::signoff::standing::update_standing;
use crate::store::Tx;
use crate::store::contacts::account_questions::{self as store, AccountQuestion};
use crate::store::contacts::{self, listing};
use crate::store::round::rounds::{self, Round};

use super::identity::Answer;

/// Which of a round's questions about accounts an answer settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhichAccounts {
    One(AccountQuestionId),
    /// By both names, in any spelling.
    Pair(String, String),
    All,
}

/// What is asked, in a sentence.
pub fn sentence(question: &AccountQuestion) -> String {
    let names = counted(question.names, "name", "names");
    format!("{} ({names}) has come with a list: the same account as {}?", question.account, question.known)
}

/// The open questions of a round about accounts.
pub async fn of_round(ctx: &Ctx, slug: &str) -> Result<Vec<AccountQuestion>> {
    let mut tx = ctx.db.read().await?;
    let round = rounds::by_slug(&mut tx, slug).await?.ok_or_else(|| unknown(slug))?;
    store::open(&mut tx, &round.id).await
}

/// Settles questions about accounts; the sentences say what was done.
pub struct AnswerAboutAccounts {
    pub slug: String,
    pub which: WhichAccounts,
    pub answer: Answer,
}

impl Order for AnswerAboutAccounts {
    type Done = Vec<String>;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<Vec<String>> {
        let round = rounds::by_slug(tx, &self.slug).await?.ok_or_else(|| unknown(&self.slug))?;
        if round.state == RoundState::Closed {
            let what = format!("Round {} is closed.", self.slug);
            return Err(Problem::refused(what, "Nothing is asked there any more."));
        }
        let mut done = Vec::new();
        for question in store::open(tx, &round.id).await?.into_iter().filter(|q| is_meant(&self.which, q)) {
            let word = if self.answer == Answer::SamePerson { "same" } else { "other" };
            if !store::answer(tx, &question.id, word, by.as_str(), ctx.clock.now()).await? {
                continue;
            }
            done.push(match self.answer {
                Answer::SamePerson => same(ctx, tx, &round, &question, by).await?,
                Answer::SomebodyElse => other(ctx, tx, &round, &question, by).await?,
            });
        }
        if done.is_empty() {
            let next = format!("`list asked {}` names what is still open.", self.slug);
            return Err(Problem::refused("Nothing is asked about these accounts.", next));
        }
        if round.state != RoundState::Draft {
            ensure_signoff_requests(ctx, tx, &round.id).await?;
            ensure_repair_requests(ctx, tx, &round.id).await?;
        }
        Ok(done)
    }
}

fn is_meant(which: &WhichAccounts, question: &AccountQuestion) -> bool {
    match which {
        WhichAccounts::One(id) => question.id == *id,
        WhichAccounts::Pair(a, b) => key(a) == key(&question.account) && key(b) == key(&question.known),
        WhichAccounts::All => true,
    }
}

/// Everybody of the one goes to the other, also those who were taken off: what they have answered counts there.
async fn same(ctx: &Ctx, tx: &mut Tx, round: &Round, question: &AccountQuestion, by: &Actor) -> Result<String> {
    let now = ctx.clock.now();
    let people = contacts::of_account(tx, &question.account_id).await?;
    let listed = people.iter().filter(|p| p.removed_at.is_none()).count();
    for person in &people {
        listing::move_to(tx, &person.id, &question.known_id, now).await?;
        let detail = format!("from {} to {}, which are one account", question.account, question.known);
        ctx.journal(tx, by, Action::MovedToAnotherAccount, Some(&round.id), &person.id, &detail).await?;
    }
    for account in [&question.account_id, &question.known_id] {
        update_standing(ctx, tx, account).await?;
    }
    let people = counted(listed, "name goes", "names go");
    Ok(format!("{people} from {} to {} and are to be signed there.", question.account, question.known))
}

async fn other(ctx: &Ctx, tx: &mut Tx, round: &Round, question: &AccountQuestion, by: &Actor) -> Result<String> {
    let detail = format!("{} and {} are two accounts", question.account, question.known);
    let about: &AccountId = &question.account_id;
    ctx.journal(tx, by, Action::AnsweredAboutTheList, Some(&round.id), about.as_str(), &detail).await?;
    Ok(format!("{detail}."))
}
