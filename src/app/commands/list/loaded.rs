//! What loading a list has done, in sentences, and the answers to what it has asked: `list asked`, `list answer`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::app::{open, output};
use crate::base::address::EmailAddress;
use crate::base::counted::counted;
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::together::account::key;
use crate::rules::journal::Actor;
use crate::steps::Ctx;
use crate::steps::contacts::Changes;
use crate::steps::contacts::accounts::account_questions::{self, AnswerAboutAccounts, TakeAnswersBack, WhichAccounts};
use crate::steps::contacts::people::identity::{self, Answer, OpenQuestion, Settled, Which};

/// So many are named in a line of text; JSON names all.
const NAMED: usize = 20;

/// What there is to say beside the figures.
pub fn tell_changes(round: &str, c: &Changes) {
    for line in sentences(round, c) {
        output::line(&line);
    }
}

fn sentences(round: &str, c: &Changes) -> Vec<String> {
    let mut all: Vec<String> = c.renamed.iter().map(|r| format!("{} is called {} now.", r.from, r.to)).collect();
    all.extend(c.directors.iter().map(|d| {
        let people = counted(d.contacts as usize, "contact now belongs", "contacts now belong");
        let (to, from) = match d.to == d.from {
            true => (format!("{} <{}>", d.to, d.to_email), format!("{} <{}>", d.from, d.from_email)),
            false => (d.to.clone(), d.from.clone()),
        };
        format!("{people} to {to} (before: {from}): {}.", named(&d.accounts))
    }));
    all.extend(c.accounts.iter().map(|a| format!("{} {}.", a.account, a.what)));
    if !c.moved.is_empty() {
        let moved: Vec<String> = c.moved.iter().map(|m| format!("{} ({} to {})", m.name, m.from, m.to)).collect();
        let people = counted(
            c.moved.len(),
            "contact is at another account now and is",
            "contacts are at another account now and are",
        );
        all.push(format!("{people} to be signed by its director: {}.", named(&moved)));
    }
    if !c.letters_lost.is_empty() {
        let lost: Vec<String> = c.letters_lost.iter().map(|n| format!("{} at {}", n.name, n.account)).collect();
        let whose =
            counted(lost.len(), "contact has lost letters on this list", "contacts have lost letters on this list");
        all.push(format!(
            "{whose}, and the name that was known stays: {}. Look at them, and save the list again as CSV UTF-8.",
            named(&lost)
        ));
    }
    if !c.missing.is_empty() {
        let missing: Vec<String> = c.missing.iter().map(|m| format!("{} at {}", m.name, m.account)).collect();
        let what = if c.removed > 0 {
            "taken off, for the list does not have them"
        } else {
            "not on this list and left as they are"
        };
        all.push(format!("{} {what}: {}.", c.missing.len(), named(&missing)));
    }
    if !c.same_account.is_empty() {
        let pairs: Vec<String> = c.same_account.iter().map(|s| format!("{}={}", s.account, s.known)).collect();
        all.push(format!(
            "{} under another name: {}. Say which are one account with `list answer {round} same|else ACCOUNT=KNOWN`.",
            counted(pairs.len(), "account may be known", "accounts may be known"),
            named(&pairs)
        ));
    }
    if !c.asked.is_empty() {
        let asked: Vec<String> = c
            .asked
            .iter()
            .map(|a| format!("{} at {} <{}>, known as <{}>", a.name, a.account, a.email, a.known_as))
            .collect();
        all.push(format!(
            "{} and nothing goes to the new address before somebody has said whether it is the same person: {}. \
             Answer on the sign-off board, or with `list answer {round} same|else WHICH`.",
            counted(c.asked.len(), "row is held", "rows are held"),
            named(&asked)
        ));
    }
    all
}

/// The first names, and how many more there are.
fn named(all: &[String]) -> String {
    let first = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if all.len() > NAMED { format!("{first} and {} more", all.len() - NAMED) } else { first }
}

pub async fn asked(config: Option<&Path>, round: &str, as_json: bool) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let all = identity::of_round(&ctx, round).await?;
    let accounts = account_questions::of_round(&ctx, round).await?;
    let answered = account_questions::answered(&ctx, round).await?;
    if as_json {
        let rows = all.iter().map(|a| {
            json!({
                "id": a.question.id, "name": a.name(), "account": a.question.account, "email": a.listed.email,
                "known_as": a.question.known_email, "known_at": a.question.known_account, "why": a.why(),
                "same": a.does(Answer::SamePerson), "other": a.does(Answer::SomebodyElse),
            })
        });
        let pairs = accounts.iter().map(|q| json!({ "id": q.id, "account": q.account, "known": q.known }));
        let pairs: Vec<_> = pairs.collect();
        let settled = answered.iter().map(|q| json!({ "account": q.account, "known": q.known, "answer": q.answer }));
        let settled: Vec<_> = settled.collect();
        let rows: Vec<_> = rows.collect();
        output::json(&json!({ "round": round, "asked": rows, "accounts": pairs, "accounts_answered": settled }))?;
        return Ok(ExitCode::SUCCESS);
    }
    for asked in &all {
        output::line(&match asked.contradiction() {
            // It is answered by itself, and somebody may leave the list by it.
            Some(_) => format!("{} {}", asked.sentence(), asked.shown()),
            None => asked.sentence(),
        });
    }
    for ((old, new), n) in domains(&all) {
        output::line(&format!(
            "{} in the domain only: `list answer {round} same {old}={new}` settles those.",
            counted(n, "of them differs", "of them differ")
        ));
    }
    for question in &accounts {
        let (account, known) = (&question.account, &question.known);
        output::line(&format!(
            "{} Answer with `list answer {round} same|else \"{account}={known}\"`.",
            account_questions::sentence(question)
        ));
    }
    for question in &answered {
        let (account, known) = (&question.account, &question.known);
        output::line(&format!(
            "{} Take that back with `list answer {round} back \"{account}={known}\"`.",
            account_questions::answer_sentence(question)
        ));
    }
    output::line(&format!("{}.", counted(all.len(), "row waits for a word", "rows wait for a word")));
    Ok(ExitCode::SUCCESS)
}

/// The changes of domain that several questions share.
fn domains(all: &[OpenQuestion]) -> Vec<((String, String), usize)> {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for change in all.iter().filter_map(OpenQuestion::domains) {
        *counts.entry(change).or_default() += 1;
    }
    counts.into_iter().filter(|(_, n)| *n > 1).collect()
}

pub async fn answer(config: Option<&Path>, round: &str, answer: &str, which: &str) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    if answer == "back" {
        let order = TakeAnswersBack { slug: round.to_owned(), which: answered_accounts(which)? };
        for sentence in ctx.order(&Actor::CommandLine, order).await? {
            output::line(&sentence);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let answer = if answer == "same" { Answer::SamePerson } else { Answer::SomebodyElse };
    if let Some(accounts) = which_accounts(&ctx, round, which).await? {
        let order = AnswerAboutAccounts { slug: round.to_owned(), which: accounts, answer };
        for sentence in ctx.order(&Actor::CommandLine, order).await? {
            output::line(&sentence);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let settled = identity::answer(&ctx, round, meant(which), answer, &Actor::CommandLine).await?;
    for line in settled_lines(answer, &settled) {
        output::line(&line);
    }
    for (_, why) in settled.refused.iter().take(NAMED) {
        output::line(why);
    }
    if settled.refused.len() > NAMED {
        output::line(&format!("And {} more like these.", settled.refused.len() - NAMED));
    }
    if !settled.asked_again.is_empty() {
        let again = named(&settled.asked_again);
        output::line(&format!(
            "One more person whom each may be is known, and is asked about now: {again}. See `list asked {round}`."
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// What was done, as the questions had said it.
fn settled_lines(answer: Answer, settled: &Settled) -> Vec<String> {
    let mut lines = Vec::new();
    if !settled.left.is_empty() {
        let who = counted(settled.left.len(), "contact has left the list", "contacts have left the list");
        lines.push(format!("{who}, for the address is somebody else’s: {}.", named(&settled.left)));
    }
    let (own, rest): (Vec<String>, Vec<String>) =
        settled.names.iter().cloned().partition(|name| settled.holders.contains(name));
    let (one, many) = match answer {
        Answer::SamePerson => ("contact has the new address", "contacts have the new address"),
        Answer::SomebodyElse => ("contact was added", "contacts were added"),
    };
    let mut tell = |names: &[String], one, many| {
        if !names.is_empty() {
            let done = counted(names.len(), one, many);
            lines.push(format!("{done}: {}. The names are to be signed again.", named(names)));
        }
    };
    tell(
        &own,
        "contact, whom the client’s key means, has the address",
        "contacts, whom the client’s keys mean, have the addresses",
    );
    tell(&rest, one, many);
    lines
}

/// The questions about accounts that are named: all of them, or one by its two names.
async fn which_accounts(ctx: &Ctx, round: &str, which: &str) -> Result<Option<WhichAccounts>> {
    if which == "accounts" {
        return Ok(Some(WhichAccounts::All));
    }
    let Some((account, known)) = which.split_once('=') else { return Ok(None) };
    let open = account_questions::of_round(ctx, round).await?;
    let is_asked = open.iter().any(|q| key(&q.account) == key(account) && key(&q.known) == key(known));
    Ok(is_asked.then(|| WhichAccounts::Pair(account.into(), known.into())))
}

/// Only answers about accounts can be taken back: a person's new address is corrected like any other.
fn answered_accounts(which: &str) -> Result<WhichAccounts> {
    match which.split_once('=') {
        Some((account, known)) => Ok(WhichAccounts::Pair(account.into(), known.into())),
        None if which == "accounts" => Ok(WhichAccounts::All),
        None => Err(Problem::unusable(
            format!("“{which}” names no answer about accounts."),
            "Write ACCOUNT=KNOWN as `list asked` has it; where somebody got a wrong address, correct the contact.",
        )),
    }
}

fn meant(which: &str) -> Which {
    if which == "all" {
        return Which::All;
    }
    if let Ok(address) = EmailAddress::parse(which) {
        return Which::Address(address);
    }
    match which.split_once('=') {
        Some((old, new)) => {
            let domain = |text: &str| {
                let text = text.trim().trim_start_matches('@');
                EmailAddress::parse(&format!("x@{text}"))
                    .map_or_else(|_| text.to_lowercase(), |a| a.domain().to_string())
            };
            Which::Domain(domain(old), domain(new))
        }
        None => Which::Account(which.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::contacts::load::changes::{Named, NewDirector};

    #[test]
    fn who_is_missing_is_named_up_to_twenty() {
        let missing = |n: usize| -> Vec<Named> {
            let one = |i| Named { name: format!("Ann {i}"), account: "Globex".into(), email: String::new() };
            (0..n).map(one).collect()
        };
        let told =
            |n| sentences("r", &Changes { missing: missing(n), not_on_the_list: n as u64, ..Changes::default() });
        assert_eq!(told(0), Vec::<String>::new());
        assert_eq!(told(2), ["2 not on this list and left as they are: Ann 0 at Globex, Ann 1 at Globex."]);
        let many = told(23).remove(0);
        assert!(many.starts_with("23 not on this list") && many.ends_with("Ann 19 at Globex and 3 more."), "{many}");
    }

    #[test]
    fn a_new_director_is_told_with_the_old_one() {
        let director = NewDirector {
            from: "Tom Hale".into(),
            from_email: String::new(),
            to: "Rachel Osei".into(),
            to_email: String::new(),
            ids: Vec::new(),
            accounts: vec!["Globex".into(), "Umbra".into()],
            contacts: 93,
        };
        let told = sentences("r", &Changes { directors: vec![director], ..Changes::default() });
        assert_eq!(told, ["93 contacts now belong to Rachel Osei (before: Tom Hale): Globex, Umbra."]);
    }

    #[test]
    fn which_questions_are_meant() {
        assert_eq!(meant("all"), Which::All);
        assert_eq!(meant("@OLD.example=bücher.example"), Which::Domain("old.example".into(), "bücher.example".into()));
        assert_eq!(meant("Müller AG"), Which::Account("Müller AG".into()));
        assert!(matches!(meant("ann@new.example"), Which::Address(_)));
    }
}
