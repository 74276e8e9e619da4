//! What a list has asked about people, as it is read: whom a row may be, and why that is asked.

use crate::base::ids::{ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::together::answered::{Answer, Asked, Consequence, Touched};
use crate::rules::contacts::together::identity::{domain_change, is_same_name};
use crate::steps::context::{Ctx, unknown};
use crate::store::Tx;
use crate::store::contacts::identity::{self as store, Question};
use crate::store::round::rounds;

use super::touched::{self, Around};

/// How a row contradicts what is known of the person whom it may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// It has his key, and another name and address.
    Key,
    /// It has his address, and another key.
    Address,
    /// It has an address that was his, and another name.
    FormerAddress,
    /// He stands on the list by another row.
    Twice,
}

fn twice(row: &str, known: &str) -> String {
    format!("{row} stands on the list beside {known}: one person with two addresses?")
}

/// A question as people read it.
#[derive(Clone, Debug)]
pub struct OpenQuestion {
    pub question: Question,
    pub listed: ListedContact,
    about: Touched,
    at: Option<Touched>,
    by_key: Option<Touched>,
}

impl OpenQuestion {
    pub fn name(&self) -> String {
        format!("{} {}", self.listed.first_name, self.listed.last_name).trim().to_string()
    }

    pub fn known_name(&self) -> String {
        format!("{} {}", self.question.known_first, self.question.known_last).trim().to_string()
    }

    /// The old domain and the new one, where nothing else differs.
    pub fn domains(&self) -> Option<(String, String)> {
        domain_change(&self.question.known_email, &self.listed.email)
    }

    fn asked(&self) -> Asked<'_> {
        let q = &self.question;
        Asked {
            row: &self.listed,
            keyed: q.keyed.0,
            about: &self.about,
            earlier: q.known_round != q.round_id,
            at: self.at.as_ref(),
            by_key: self.by_key.as_ref(),
        }
    }

    pub fn consequence(&self, answer: Answer) -> Consequence {
        self.asked().consequence(answer)
    }

    /// What an answer does, in a sentence.
    pub fn does(&self, answer: Answer) -> String {
        self.asked().sentence(answer)
    }

    /// What both answers do, as it is shown beside the choice: an answer that is given goes with it.
    pub fn shown(&self) -> String {
        let [same, other] = [Answer::SamePerson, Answer::SomebodyElse].map(|answer| self.does(answer));
        if same == other { same } else { format!("{same} {other}") }
    }

    /// What the row contradicts, where its key, address and name do not agree on one person.
    pub fn contradiction(&self) -> Option<Contradiction> {
        let (row, q) = (&self.listed, &self.question);
        let has_address = q.new_key == q.known_email.key();
        let has_key = !row.key.is_empty() && row.key == q.known_client_key;
        let named = is_same_name((&row.first_name, &row.last_name), (&q.known_first, &q.known_last));
        q.keyed.0.then_some(match (has_address, has_key) {
            (false, true) => Contradiction::Key,
            (true, _) if !row.key.is_empty() => Contradiction::Address,
            (false, false) if !named => Contradiction::FormerAddress,
            _ => Contradiction::Twice,
        })
    }

    /// Why it is asked, in a word: as the result of a load and the difference have it.
    pub fn why(&self) -> &str {
        if self.question.keyed.0 { "key" } else { &self.question.why }
    }

    /// What is asked, in a sentence.
    pub fn sentence(&self) -> String {
        let (name, q) = (self.name(), &self.question);
        let known = format!("{} at {} <{}>", self.known_name(), q.known_account, q.known_email);
        let row = format!("{name} at {} <{}>", q.account, self.listed.email);
        match self.contradiction() {
            None => {}
            Some(Contradiction::Key) => {
                return format!("{row} has the key under which the client’s system knew {known}: the same person?");
            }
            Some(Contradiction::Address) => {
                return format!(
                    "{row} has the address of {known}, and another key in the client’s system: the same person?"
                );
            }
            Some(Contradiction::FormerAddress) => {
                return format!("{row} has an address that {known} had before: the same person?");
            }
            Some(Contradiction::Twice) => return twice(&row, &known),
        }
        match q.why.as_str() {
            "twice" => twice(&row, &known),
            "opted_out" => {
                format!("{known} has asked in an earlier round not to be written to; is {row} the same person?")
            }
            "complained" => {
                format!("{known} has called a mail of an earlier round unwanted; is {row} the same person?")
            }
            "left" => format!("{known} had left in an earlier round; is {row} the same person?"),
            _ => format!("{row} is known as {known}: the same person with a new address?"),
        }
    }
}

/// The open questions of a round, by account and name.
pub async fn open(tx: &mut Tx, round: &RoundId) -> Result<Vec<OpenQuestion>> {
    let all = store::open(tx, round).await?;
    read(tx, all).await
}

/// The first of them, and how many there are in all.
pub async fn open_first(tx: &mut Tx, round: &RoundId, most: i64) -> Result<(Vec<OpenQuestion>, i64)> {
    let first = store::open_first(tx, round, most).await?;
    let all = if (first.len() as i64) < most { first.len() as i64 } else { store::open_count(tx, round).await? };
    Ok((read(tx, first).await?, all))
}

/// What is asked about this contact.
pub async fn about(tx: &mut Tx, contact: &ContactId) -> Result<Vec<OpenQuestion>> {
    let all = store::about(tx, contact).await?;
    read(tx, all).await
}

async fn read(tx: &mut Tx, questions: Vec<Question>) -> Result<Vec<OpenQuestion>> {
    let all = touched::read(tx, questions).await?;
    let with = |Around { question, listed, about, at, by_key }| OpenQuestion { question, listed, about, at, by_key };
    Ok(all.into_iter().map(with).collect())
}

/// The open questions of a round, for whoever names one.
pub async fn of_round(ctx: &Ctx, slug: &str) -> Result<Vec<OpenQuestion>> {
    let mut tx = ctx.db.read().await?;
    let round = rounds::by_slug(&mut tx, slug).await?.ok_or_else(|| unknown(slug))?;
    open(&mut tx, &round.id).await
}
