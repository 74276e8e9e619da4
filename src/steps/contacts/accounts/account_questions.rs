//! Answers to whether two accounts of a round are one. The same: its people go to the account that is known, and its lists do from then on.
//! Two: they stay apart. Either holds for the client, in every open round that asks it, until it is taken back.

use std::collections::{BTreeMap, HashSet};

use crate::base::counted::{counted, form};
use crate::base::ids::{AccountId, AccountQuestionId, ContactId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::together::account::key;
use crate::rules::contacts::together::renamed::{Mark, mark};
use crate::rules::journal::{Action, Actor};
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::steps::repair::requests::ensure_repair_requests;
use crate::steps::signoff::asking::requests::ensure_signoff_requests;
use crate::steps::signoff::signing::standing::update_standing;
use crate::store::contacts::account_questions::{self as store, AccountQuestion};
use crate::store::contacts::{self, accounts, listing, objections};
use crate::store::round::rounds::{self, Round};
use crate::store::{Flag, Tx};

use super::aliases;
use super::owners::mark_of;
use crate::steps::contacts::people::identity::Answer;

/// Which questions about accounts are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhichAccounts {
    One(AccountQuestionId),
    /// By both names, in any spelling.
    Pair(String, String),
    All,
}

/// So many answers of a client are read where they are shown.
const ANSWERED: i64 = 1_000;

/// What is asked, in a sentence.
pub fn sentence(question: &AccountQuestion) -> String {
    let names = counted(question.names, "name", "names");
    format!("{} ({names}) has come with a list: the same account as {}?", question.account, question.known)
}

/// What was answered, in a sentence.
pub fn answer_sentence(question: &AccountQuestion) -> String {
    let what = if question.answer.as_deref() == Some("same") { "one account" } else { "two accounts" };
    format!("{} and {} are {what}.", question.account, question.known)
}

/// The open questions of a round about accounts.
pub async fn of_round(ctx: &Ctx, slug: &str) -> Result<Vec<AccountQuestion>> {
    let mut tx = ctx.db.read().await?;
    let round = rounds::by_slug(&mut tx, slug).await?.ok_or_else(|| unknown(slug))?;
    store::open(&mut tx, &round.id).await
}

/// What was answered about accounts of the round's client, in whichever round; the latest first, each pair once.
pub async fn answered(ctx: &Ctx, slug: &str) -> Result<Vec<AccountQuestion>> {
    let mut tx = ctx.db.read().await?;
    let round = rounds::by_slug(&mut tx, slug).await?.ok_or_else(|| unknown(slug))?;
    answered_of(&mut tx, &round.id, ANSWERED).await
}

async fn answered_of(tx: &mut Tx, round: &RoundId, most: i64) -> Result<Vec<AccountQuestion>> {
    let client = objections::client_of(tx, round).await?;
    let mut pairs = HashSet::new();
    let mut all = store::answered(tx, &client, most).await?;
    all.retain(|q| {
        let (a, b) = (q.listed_key.clone(), q.known_key.clone());
        pairs.insert(if a < b { (a, b) } else { (b, a) })
    });
    Ok(all)
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
        let round = open_round(tx, &self.slug).await?;
        let client = objections::client_of(tx, &round.id).await?;
        let word = if self.answer == Answer::SamePerson { "same" } else { "other" };
        let mut open = OpenRounds::default();
        let mut done = Vec::new();
        for asked in store::open(tx, &round.id).await?.into_iter().filter(|q| is_meant(&self.which, q)) {
            for question in store::of_pair(tx, &client, (&asked.listed_key, &asked.known_key)).await? {
                if !store::answer(tx, &question.id, word, by.as_str(), ctx.clock.now()).await? {
                    continue;
                }
                let Some((place, state)) = open.get(tx, &question.round_id).await? else { continue };
                let said = match self.answer {
                    Answer::SamePerson => same(ctx, tx, (&client, state), &question, by).await?,
                    Answer::SomebodyElse => other(ctx, tx, &question, by).await?,
                };
                done.push(if question.round_id == round.id { said } else { format!("In round {place}: {said}") });
            }
        }
        if done.is_empty() {
            let next = format!("`list asked {}` names what is still open.", self.slug);
            return Err(Problem::refused("Nothing is asked about these accounts.", next).on_page(ON_THE_BOARD));
        }
        open.ask_to_sign(ctx, tx).await?;
        Ok(done)
    }
}

/// Where a page says what is asked and what was answered.
const ON_THE_BOARD: &str = "Open the sign-off board again; it says how things are.";

/// Takes answers back, in whichever round of the client they were given: what they have moved goes back, and it is asked again.
pub struct TakeAnswersBack {
    pub slug: String,
    pub which: WhichAccounts,
}

impl Order for TakeAnswersBack {
    type Done = Vec<String>;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<Vec<String>> {
        let round = open_round(tx, &self.slug).await?;
        let client = objections::client_of(tx, &round.id).await?;
        let mut open = OpenRounds::default();
        let mut done = Vec::new();
        for answered in answered_of(tx, &round.id, i64::MAX).await?.into_iter().filter(|q| is_meant(&self.which, q)) {
            let what = format!("It is open again whether {} and {} are one account", answered.account, answered.known);
            let mut back = Vec::new();
            for question in store::of_pair(tx, &client, (&answered.listed_key, &answered.known_key)).await? {
                if store::take_back(tx, &question.id).await? && open.get(tx, &question.round_id).await?.is_some() {
                    back.extend(move_back(ctx, tx, &question, by).await?);
                }
            }
            ctx.journal(tx, by, Action::AnsweredAboutTheList, Some(&round.id), answered.account_id.as_str(), &what)
                .await?;
            done.push(if back.is_empty() { format!("{what}.") } else { format!("{what}: {}.", back.join("; ")) });
        }
        if done.is_empty() {
            let next = format!("`list asked {}` names what was answered.", self.slug);
            return Err(Problem::refused("Nothing was answered about these accounts.", next).on_page(ON_THE_BOARD));
        }
        open.ask_to_sign(ctx, tx).await?;
        Ok(done)
    }
}

async fn open_round(tx: &mut Tx, slug: &str) -> Result<Round> {
    let round = rounds::by_slug(tx, slug).await?.ok_or_else(|| unknown(slug))?;
    if round.state == RoundState::Closed {
        return Err(Problem::refused(format!("Round {slug} is closed."), "Nothing is asked there any more."));
    }
    Ok(round)
}

/// The rounds that an answer reaches, by id: slug and state.
#[derive(Default)]
struct OpenRounds(BTreeMap<RoundId, (String, RoundState)>);

impl OpenRounds {
    /// None where it is closed: its lists stay as they are.
    async fn get(&mut self, tx: &mut Tx, id: &RoundId) -> Result<Option<(String, RoundState)>> {
        if !self.0.contains_key(id)
            && let Some(round) = rounds::by_id(tx, id).await?
        {
            self.0.insert(id.clone(), (round.slug, round.state));
        }
        Ok(self.0.get(id).filter(|(_, state)| *state != RoundState::Closed).cloned())
    }

    async fn ask_to_sign(&self, ctx: &Ctx, tx: &mut Tx) -> Result<()> {
        for (id, (_, state)) in &self.0 {
            if !matches!(state, RoundState::Draft | RoundState::Closed) {
                ensure_signoff_requests(ctx, tx, id).await?;
                ensure_repair_requests(ctx, tx, id).await?;
            }
        }
        Ok(())
    }
}

fn is_meant(which: &WhichAccounts, question: &AccountQuestion) -> bool {
    match which {
        WhichAccounts::One(id) => question.id == *id,
        WhichAccounts::Pair(a, b) => {
            let [a, b, account, known] = [a, b, &question.account, &question.known].map(|name| key(name));
            a == account && b == known || a == known && b == account
        }
        WhichAccounts::All => true,
    }
}

/// Everybody of the one goes to the other, also those who were taken off: what they have answered counts there.
async fn same(
    ctx: &Ctx,
    tx: &mut Tx,
    (client, state): (&str, RoundState),
    question: &AccountQuestion,
    by: &Actor,
) -> Result<String> {
    let Some((to, name)) = where_to(tx, client, question).await? else {
        let marked = keep_the_mark(ctx, tx, (question, &question.account_id, state)).await?;
        let detail = format!("{} and {} are one account{marked}", question.account, question.known);
        let round = Some(&question.round_id);
        ctx.journal(tx, by, Action::AnsweredAboutTheList, round, question.account_id.as_str(), &detail).await?;
        update_standing(ctx, tx, &question.account_id).await?;
        return Ok(format!("{detail}."));
    };
    let marked = keep_the_mark(ctx, tx, (question, &to, state)).await?;
    let people = contacts::of_account(tx, &question.account_id).await?;
    let listed = people.iter().filter(|p| p.removed_at.is_none()).count();
    let ids: Vec<ContactId> = people.into_iter().map(|person| person.id).collect();
    let detail = format!("from {} to {name}, which are one account{marked}", question.account);
    moved(ctx, tx, question, (&ids, &question.account_id, &to), &detail, by).await?;
    store::has_moved(tx, &question.id, &to, &ids).await?;
    Ok(match listed {
        0 => format!("{} and {} are one account{marked}.", question.account, question.known),
        n => format!("{}{marked}.", goes(n, ("goes", "go"), &question.account, &name)),
    })
}

/// Where one of the two is strategic, the one account is. What is said about that, as the end of a sentence.
async fn keep_the_mark(
    ctx: &Ctx,
    tx: &mut Tx,
    (question, to, state): (&AccountQuestion, &AccountId, RoundState),
) -> Result<String> {
    let had = accounts::by_ids(tx, &[to, &question.account_id, &question.known_id]).await?;
    let marks: Vec<Mark> = had.iter().map(mark_of).collect();
    let Some(mut account) = had.into_iter().find(|account| account.id == *to) else { return Ok(String::new()) };
    let mark = mark(&marks, None, state == RoundState::Draft, ctx.clock.now());
    if mark == mark_of(&account) {
        return Ok(String::new());
    }
    let second = account.strategic_since.is_none();
    (account.strategic, account.strategic_since) = (Flag(mark.strategic), mark.since);
    accounts::update_owners(tx, &account).await?;
    Ok(if second { format!("; the sales director signs {} too", account.name) } else { String::new() })
}

/// "2 names go from Globex to Umbra and are to be signed there".
fn goes(n: usize, (one, many): (&str, &str), from: &str, to: &str) -> String {
    let names = counted(n, "name", "names");
    format!("{names} {} from {from} to {to} and {} to be signed there", form(n, one, many), form(n, "is", "are"))
}

/// The known account; where it has nobody, the one that has people under another name of the two. None: there is no other.
async fn where_to(tx: &mut Tx, client: &str, question: &AccountQuestion) -> Result<Option<(AccountId, String)>> {
    let all = accounts::of_round(tx, &question.round_id).await?;
    let aliases = aliases::load(tx, client).await?;
    let mut names = vec![key(&question.known)];
    names.extend(aliases.one_account(&question.known_key).into_iter().map(str::to_owned));
    let has_people =
        |name: &String| all.iter().find(|a| a.id != question.account_id && a.listed > 0 && key(&a.name) == *name);
    Ok(names.iter().find_map(has_people).map(|account| (account.id.clone(), account.name.clone())))
}

/// Whoever still is where the answer has moved him. What was done, for each way.
async fn move_back(ctx: &Ctx, tx: &mut Tx, question: &AccountQuestion, by: &Actor) -> Result<Option<String>> {
    let Some(from) = &question.moved_to else { return Ok(None) };
    let ids: Vec<ContactId> = serde_json::from_str(&question.moved).map_err(|e| {
        Problem::internal(format!("Whom the answer {} has moved cannot be read.", question.id)).because(e)
    })?;
    let ids: Vec<&ContactId> = ids.iter().collect();
    let mut people = contacts::persons(tx, &ids).await?;
    people.retain(|person| person.account_id == *from);
    let Some(name) = people.first().map(|person| person.account.clone()) else { return Ok(None) };
    let listed = people.iter().filter(|p| p.removed_at.is_none()).count();
    let ids: Vec<ContactId> = people.into_iter().map(|person| person.id).collect();
    let detail = format!("back from {name} to {}: the answer was taken back", question.account);
    moved(ctx, tx, question, (&ids, from, &question.account_id), &detail, by).await?;
    Ok((listed > 0).then(|| goes(listed, ("goes back", "go back"), &name, &question.account)))
}

async fn moved(
    ctx: &Ctx,
    tx: &mut Tx,
    question: &AccountQuestion,
    (people, from, to): (&[ContactId], &AccountId, &AccountId),
    detail: &str,
    by: &Actor,
) -> Result<()> {
    let now = ctx.clock.now();
    for person in people {
        listing::move_to(tx, person, to, now).await?;
        ctx.journal(tx, by, Action::MovedToAnotherAccount, Some(&question.round_id), person, detail).await?;
    }
    for account in [from, to] {
        update_standing(ctx, tx, account).await?;
    }
    Ok(())
}

async fn other(ctx: &Ctx, tx: &mut Tx, question: &AccountQuestion, by: &Actor) -> Result<String> {
    let detail = format!("{} and {} are two accounts", question.account, question.known);
    let about: &AccountId = &question.account_id;
    ctx.journal(tx, by, Action::AnsweredAboutTheList, Some(&question.round_id), about.as_str(), &detail).await?;
    Ok(format!("{detail}."))
}
