//! What mail servers answer to messages that they have put off, each answer once: in their words, and for how many messages.
//!
//! Of letters that only those get who have not answered, or who have, codes alone where a round tells of nobody which: words name the
//! address.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::message::{Lane, MessageKind};
use crate::rules::sending::meaning::alike;
use crate::steps::completion::told;
use crate::store::Tx;
use crate::store::sending::silence::{self, Answered};

use super::standstill::TRIED_WITHIN;

/// As many messages are looked at.
const LOOKED_AT: i64 = 200;

/// Messages that were answered alike.
pub struct ServerAnswer {
    /// In the words of one of them.
    pub said: String,
    pub messages: i64,
    /// It may be told how many.
    pub is_told: bool,
    /// When the first of them was first tried.
    pub since: Option<Ts>,
    /// When the next of them is tried again.
    pub again: Ts,
}

/// Those of the most messages first.
pub async fn of_all(tx: &mut Tx, now: Ts) -> Result<Vec<ServerAnswer>> {
    let mut all: Vec<ServerAnswer> = Vec::new();
    let mut letters: HashMap<(Lane, MessageKind), bool> = HashMap::new();
    for of in silence::answers(tx, now.plus(TRIED_WITHIN), LOOKED_AT).await? {
        let Answered { lane, kind, answer, first_tried_at, due_at } = of;
        let letter = (lane, kind);
        let is_told = if let Some(known) = letters.get(&letter).copied() {
            known
        } else {
            let is_told = told::of_letter(tx, &letter.0, kind).await?;
            letters.insert(letter, is_told);
            is_told
        };
        if let Some(known) = all.iter_mut().find(|known| known.is_told == is_told && alike(&known.said, &answer)) {
            known.messages += 1;
            known.since = [known.since, first_tried_at].into_iter().flatten().min();
        } else {
            let said = if is_told { answer } else { codes(&answer) };
            all.push(ServerAnswer { said, messages: 1, is_told, since: first_tried_at, again: due_at });
        }
    }
    all.sort_by_key(|answer| -answer.messages);
    Ok(all)
}

/// "451 4.7.1" of "451 4.7.1 <ann@acme.example>: try later"; "not told" of an answer without codes.
fn codes(answer: &str) -> String {
    let is_code = |word: &&str| word.len() <= 10 && word.chars().all(|c| c.is_ascii_digit() || ".-".contains(c));
    let found: Vec<&str> = answer.split_whitespace().skip_while(|word| !is_code(word)).take_while(is_code).collect();
    if found.is_empty() { "not told".into() } else { found.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_name_nobody() {
        assert_eq!(codes("451 4.7.1 <ann@acme.example>: try later"), "451 4.7.1");
        assert_eq!(codes("The server answered 450 for ann@acme.example 12"), "450");
        assert_eq!(codes("ann@acme.example waits"), "not told");
    }
}
