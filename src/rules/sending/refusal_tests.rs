//! Real answers of real servers (`answers.jsonl`, none of them about anybody real), and the judge of both kinds of words.

use serde::Deserialize;

use crate::base::clock::Ts;
use crate::rules::sending::delivery::{Cause, Failure, Outcome, Reply, Stage as At, outcome};

use super::*;

#[derive(Deserialize)]
struct Answer {
    stage: String,
    reply: String,
    /// None: either is right.
    address_is_dead: Option<bool>,
    from: String,
}

fn answers() -> Vec<Answer> {
    include_str!("refusal/answers.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn failure(answer: &Answer) -> Failure {
    let stage = match answer.stage.as_str() {
        "mail" => At::Mail,
        "rcpt" => At::Recipient,
        "dot" => At::Dot,
        other => unreachable!("{other}"),
    };
    let (code, text) = (answer.reply.get(..3).unwrap(), answer.reply.get(4..).unwrap_or(""));
    Failure { stage, cause: Cause::Reply(Reply::new(code.parse().unwrap(), text)) }
}

#[test]
fn f07_answers_in_the_conversation_prove_what_they_prove() {
    let all = answers();
    assert!(all.len() >= 150, "{}", all.len());
    let mut wrong = Vec::new();
    for answer in &all {
        let dead = match outcome(&Err(failure(answer)), 1, Ts(0), Ts(0), 7) {
            Outcome::GiveUp { dead_address, why } => {
                if dead_address {
                    assert!(proves_dead(&why, "acme.example"), "what is kept does not prove it: {why}");
                }
                dead_address
            }
            _ => false,
        };
        if answer.address_is_dead.is_some_and(|right| right != dead) {
            wrong.push(format!("{} ({}): dead is {dead}", answer.reply, answer.from));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_report_with_the_same_words_is_judged_the_same() {
    for answer in answers().iter().filter(|a| a.stage != "mail") {
        let stage = if answer.stage == "rcpt" { "RCPT TO" } else { "end of DATA" };
        let around = format!("host mx.acme.example said: {} (in reply to {stage} command)", answer.reply);
        let dead = judge(Evidence { said: &answer.reply, around: &around, ..Evidence::default() }).dead;
        assert!(answer.address_is_dead.is_none_or(|right| right == dead), "{} {dead}", answer.reply);
    }
}

#[test]
fn a_word_against_it_outweighs_every_word_for_it() {
    for against in [
        "relaying denied",
        "Sender rejected",
        "mailbox full",
        "blocked for spam",
        "your host has no reverse DNS",
        "hourly limit reached",
        "account temporarily disabled",
        "try again later",
        "internal error",
        "malformed or unexpected name server reply",
        "account on hold",
        "Absender nicht erlaubt",
        "Postfach voll",
        "expéditeur refusé",
    ] {
        for proven in
            ["550 5.1.1 User unknown", "550 No such user here", "550 5.1.2 Host unknown", "553 Utilisateur inconnu"]
        {
            for said in [format!("{proven}; {against}"), format!("{} {against}: {}", &proven[..3], &proven[4..])] {
                let dead =
                    judge(Evidence { said: &said, stage: Some(RefusedAt::Recipient), ..Evidence::default() }).dead;
                assert!(!dead, "{said}");
            }
        }
    }
}

#[test]
fn what_is_on_record_with_a_dead_address_is_read_again() {
    for (words, proves) in [
        ("Failed at the recipient's address: the server answered 550 5.1.1 no such user", true),
        ("550 5.1.1 <kim@acme.example>: Recipient address rejected: User unknown", true),
        ("spam-free.example: there is no such domain. Correct the address.", true),
        ("acme.example: this domain says that it takes no mail. Correct the address.", true),
        ("[5.1.1] rejected", true),
        ("Failed at the recipient's address: the server answered 550 mailbox not available", false),
        ("Failed at the recipient's address: the server answered 550 Mailbox quota exceeded", false),
        ("550 5.7.1 User unknown", false),
        ("", false),
    ] {
        assert_eq!(proves_dead(words, "spam-free.example"), proves, "{words}");
    }
}

#[test]
fn the_words_that_are_kept_prove_what_a_field_proved() {
    let status = Some((5, 1, 1));
    assert_eq!(told("User unknown", status, "acme.example", 300), "User unknown");
    assert_eq!(told("rejected", status, "acme.example", 300), "[5.1.1] rejected");
    let long = format!("{} User unknown", "Hello. ".repeat(100));
    let kept = told(&long, status, "acme.example", 300);
    assert!(kept.starts_with("[5.1.1] Hello") && kept.chars().count() == 300);
}
