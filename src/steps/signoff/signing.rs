//! What a director does on his page: sign, remove, correct, put back; and what an operator records for him.
//!
//! A signature names the fingerprint of the list it was shown; when the list has changed meanwhile nothing is signed and
//! the director looks again (S19). The human step is the number of names, typed (promise 5).

use crate::base::counted::counted;
use crate::base::problem::{Kind, Problem, Result};
use crate::base::tokens;
use crate::rules::contacts::{Finding, Role};
use crate::rules::round::RoundState;
use crate::rules::signoff as rule;
use crate::rules::signoff::{SignLevel, Standing};
use crate::rules::text::typed::{LONGEST_LINE, one_line, too_long};
use crate::steps::contacts::new_address::{self, Answers, By};
use crate::steps::context::Ctx;
use crate::steps::repair::successors::{Successor, address, free, place_of, questions, replace};
use crate::steps::{repair, signoff};
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::listing::NewContact;
use crate::store::contacts::{self, Person};
use crate::store::round::rounds;
use crate::store::sending::outbox;
use crate::store::signoff::{Request, Signature};
use crate::store::{Tx, signoff as requests};

use super::{accounts_of, restand, to_sign};

/// A signature as it comes from the page.
#[derive(Clone, Debug)]
pub struct Signing {
    pub secret: String,
    pub account: String,
    /// Of the list that the page showed.
    pub fingerprint: String,
    /// The number of names, as the director typed it.
    pub typed: String,
    /// Network address and browser, for the record.
    pub came_from: String,
}

/// Signs an account's names off. Returns where the account stands then.
pub async fn sign(ctx: &Ctx, signing: Signing) -> Result<Standing> {
    let c = ctx.clone();
    let standing = ctx.db.write(move |tx| Box::pin(async move { sign_in(&c, tx, signing).await })).await?;
    ctx.wake();
    Ok(standing)
}

async fn sign_in(ctx: &Ctx, tx: &mut Tx, s: Signing) -> Result<Standing> {
    let (request, account) = opened(tx, &s.secret, &s.account).await?;
    if account.fingerprint != s.fingerprint {
        return Err(Problem::refused(
            format!("The list of {} has changed since you opened the page, so nothing was signed.", account.name),
            "Look at it once more, then sign.",
        ));
    }
    if !rule::typed_number_fits(&s.typed, account.listed as usize) {
        return Err(match clean(&s.typed).is_empty() {
            true => Problem::unusable(
                format!("The list of {} is not signed yet.", account.name),
                "Count the people on it, type how many there are, then press the button.",
            ),
            false => Problem::unusable(
                format!("There are not {} people on the list of {}.", quoted(&s.typed), account.name),
                "Count them and type how many there are.",
            ),
        });
    }
    if !rule::may_sign(request.level, account.standing) {
        let signatures = requests::of_account(tx, &account.id).await?;
        // A second tap, a second tab: this very list is signed, and that is what was asked for.
        if signatures.iter().any(|by| by.level == request.level && by.fingerprint == account.fingerprint) {
            return Ok(account.standing);
        }
        return Err(Problem::refused(
            format!("The list of {} does not wait for your signature.", account.name),
            "Reload the page to see who is to sign first.",
        ));
    }
    let signature = Signature {
        id: ctx.ids.new_id(ctx.clock.now()),
        account_id: account.id.clone(),
        level: request.level,
        fingerprint: account.fingerprint.clone(),
        names: account.listed,
        signed_by: format!("{} <{}>", request.name, request.email),
        how: "link".into(),
        came_from: s.came_from,
        evidence: String::new(),
        recorded_by: String::new(),
        at: ctx.clock.now(),
    };
    let standing = put(ctx, tx, &account, signature, request.email.as_str()).await?;
    finish_request(ctx, tx, &request).await?;
    Ok(standing)
}

async fn put(ctx: &Ctx, tx: &mut Tx, account: &Account, signature: Signature, actor: &str) -> Result<Standing> {
    requests::add_signature(tx, &ctx.chain, &account.round_id, &signature).await?;
    signoff::keep(tx, &signature.id, &account.id).await?;
    let detail = format!(
        "{}, list {}",
        counted(signature.names, "name", "names"),
        &signature.fingerprint[..12.min(signature.fingerprint.len())]
    );
    let action =
        if signature.level == SignLevel::Director { "signed off the names" } else { "counter-signed the names" };
    ctx.journal(tx, actor, action, Some(&account.round_id), &account.id, &detail).await?;
    restand(ctx, tx, &account.id).await
}

/// Stops chasing somebody who has nothing left to sign.
async fn finish_request(ctx: &Ctx, tx: &mut Tx, request: &Request) -> Result<()> {
    let accounts = accounts_of(tx, request).await?;
    if to_sign(request, &accounts).is_empty() {
        requests::set_next_ask(tx, &request.id, None).await?;
        outbox::withdraw_of_subject(tx, &request.round_id, &request.id, "nothing_left_to_sign", ctx.clock.now())
            .await?;
    }
    Ok(())
}

/// The request of a link together with one of its accounts, in a round that is open.
async fn opened(tx: &mut Tx, secret: &str, account: &str) -> Result<(Request, Account)> {
    let unknown = || {
        Problem::not_found("This link does not lead to a list of names.", "Open the link in the latest mail once more.")
    };
    let request = requests::by_link(tx, &tokens::hash(secret)).await?.ok_or_else(unknown)?;
    let round = rounds::by_id(tx, &request.round_id).await?.ok_or_else(unknown)?;
    if round.state == RoundState::Closed {
        return Err(Problem::new(Kind::Gone, "This round is closed.", "Nothing needs to be signed any more."));
    }
    let accounts = accounts_of(tx, &request).await?;
    let account = accounts.into_iter().find(|a| a.id == account).ok_or_else(unknown)?;
    Ok((request, account))
}

/// A correction of one name, as it comes from the page.
#[derive(Clone, Debug)]
pub struct Correction {
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub job_title: String,
    pub role: String,
    pub reason: String,
}

/// What a director does to one name.
#[derive(Clone, Debug)]
pub enum Edit {
    Remove {
        reason: String,
    },
    PutBack,
    /// What was answered under another address is set aside: somebody else may have answered.
    Correct(Correction),
    /// The same, and what was answered under another address is known to be this person's own.
    CorrectSame(Correction),
}

/// Changes one name on the list of a director. The account is unsigned by it, whoever had signed.
pub async fn edit(ctx: &Ctx, secret: &str, contact: &str, edit: Edit) -> Result<()> {
    let (c, secret, contact) = (ctx.clone(), secret.to_string(), contact.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let person = contacts::person(tx, &contact).await?;
                let account = person.as_ref().map_or("", |p| p.account_id.as_str()).to_string();
                let (request, account) = opened(tx, &secret, &account).await?;
                let person =
                    person.ok_or_else(|| Problem::not_found("That name is not on the list.", "Reload the page."))?;
                if request.level != SignLevel::Director {
                    return Err(Problem::refused(
                        "Only the account director changes names.",
                        "Write to the account director.",
                    ));
                }
                apply(&c, tx, request.email.as_str(), &person, edit).await?;
                restand(&c, tx, &account.id).await
            })
        })
        .await?;
    ctx.wake();
    Ok(())
}

/// The same by an operator, from the console.
pub async fn edit_as_operator(ctx: &Ctx, operator: &str, contact: &str, edit: Edit) -> Result<()> {
    let (c, operator, contact) = (ctx.clone(), operator.to_string(), contact.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let person = contacts::person(tx, &contact).await?.ok_or_else(|| {
                    Problem::not_found("There is no such contact.", "Go back to the list of contacts.")
                })?;
                apply(&c, tx, &operator, &person, edit).await?;
                restand(&c, tx, &person.account_id).await
            })
        })
        .await?;
    ctx.wake();
    Ok(())
}

pub(in crate::steps) async fn apply(ctx: &Ctx, tx: &mut Tx, actor: &str, person: &Person, edit: Edit) -> Result<()> {
    let now = ctx.clock.now();
    let (action, detail) = match edit {
        Edit::Remove { reason } => {
            let reason = required(&reason, "Say why this name is removed.")?;
            // Asked for twice, done once.
            if !contacts::remove(tx, &person.id, &reason, now).await? {
                return Ok(());
            }
            outbox::withdraw_of_contact(tx, &person.id, "removed", now).await?;
            repair::settled(ctx, tx, person, &format!("taken off the list: {reason}"), actor).await?;
            ("removed", reason)
        }
        Edit::PutBack => {
            if !contacts::restore(tx, &person.id, now).await? {
                return Ok(());
            }
            ("put back", String::new())
        }
        // Another person in the place of one who has left is a successor, not a correction: what the one got the other has not got.
        Edit::Correct(c) | Edit::CorrectSame(c) if is_succession(person, &c) => {
            let successor = Successor {
                first_name: c.first_name,
                last_name: c.last_name,
                email: c.email,
                job_title: c.job_title,
                role: c.role,
            };
            replace(ctx, tx, actor, person, successor, true).await?;
            ("replaced", clean(&c.reason))
        }
        Edit::Correct(c) => ("corrected", correct(ctx, tx, actor, person, c, Answers::SetAside).await?),
        Edit::CorrectSame(c) => ("corrected", correct(ctx, tx, actor, person, c, Answers::Own).await?),
    };
    ctx.journal(tx, actor, action, Some(&person.round_id), &person.id, &detail).await
}

fn is_succession(person: &Person, c: &Correction) -> bool {
    let same = |a: &str, b: &str| clean(a).to_lowercase() == clean(b).to_lowercase();
    let named = same(&c.first_name, &person.first_name) && same(&c.last_name, &person.last_name);
    person.left_at.is_some() && !named && !same(&c.email, person.email.as_str())
}

async fn correct(
    ctx: &Ctx,
    tx: &mut Tx,
    actor: &str,
    person: &Person,
    c: Correction,
    answers: Answers,
) -> Result<String> {
    let email = address(&c.email)?;
    if email.key() != person.email.key() {
        free(tx, person, &email).await?;
    }
    let first_name = fitting("The first name", &c.first_name)?;
    let last_name = fitting("The last name", &c.last_name)?;
    if first_name.is_empty() && last_name.is_empty() {
        return Err(Problem::unusable("A name is missing.", "Write a first or last name, then save again."));
    }
    let new = NewContact {
        first_name,
        last_name,
        job_title: fitting("The job title", &c.job_title)?,
        role: Role::parse(&c.role).unwrap_or(person.role),
        // What the check of the list had found was about the old particulars.
        findings: json(&questions(tx, person, &email).await?)?,
        email,
        ..place_of(ctx, person, person.id.clone())
    };
    new_address::write(ctx, tx, person, &new, &By { actor, edited: true, answers }).await?;
    let before = format!("{} <{}>, {}", person.full_name(), person.email, person.job_title);
    Ok(format!("was {before}. {}", clean(&c.reason)))
}

/// Findings as they are kept with a contact.
pub(in crate::steps) fn json(findings: &[Finding]) -> Result<String> {
    serde_json::to_string(findings).map_err(|e| Problem::internal("Findings could not be written down.").because(e))
}

/// An approval that was given elsewhere, entered by an operator.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub account: String,
    /// Of the list that the operator saw; empty: whatever the list is now.
    pub fingerprint: String,
    pub level: SignLevel,
    pub who: String,
    /// The day on which it was given, as the operator writes it.
    pub when: String,
    /// Where the proof is: a file, a mail.
    pub evidence: String,
}

/// Records an approval given elsewhere: it covers the list as it is now, and shows as recorded.
pub async fn record(ctx: &Ctx, operator: &str, recorded: Recorded) -> Result<Standing> {
    let (c, operator) = (ctx.clone(), operator.to_string());
    let standing =
        ctx.db.write(move |tx| Box::pin(async move { record_in(&c, tx, &operator, recorded).await })).await?;
    ctx.wake();
    Ok(standing)
}

async fn record_in(ctx: &Ctx, tx: &mut Tx, operator: &str, r: Recorded) -> Result<Standing> {
    let account = accounts::by_id(tx, &r.account)
        .await?
        .ok_or_else(|| Problem::not_found("There is no such account.", "Go back to the sign-off board."))?;
    fitting("What proves it", &r.evidence)?;
    let who = required(&fitting("Who approved", &r.who)?, "Write who has approved the names.")?;
    let evidence = required(&r.evidence, "Write where the approval can be seen: the file or the mail.")?;
    let when = required(&r.when, "Write on which day it was given.")?;
    if !r.fingerprint.is_empty() && r.fingerprint != account.fingerprint {
        return Err(Problem::refused(
            format!("The list of {} has changed meanwhile, so nothing was recorded.", account.name),
            "Look at it once more, then record the approval.",
        ));
    }
    let all = requests::of_account(tx, &account.id).await?;
    // The second tap of two: this list is signed at this level, by whatever way.
    if all.iter().any(|by| by.level == r.level && by.fingerprint == account.fingerprint && by.recorded_by == operator) {
        return Ok(account.standing);
    }
    if !rule::may_sign(r.level, account.standing) {
        return Err(Problem::refused(
            format!("{} does not wait for this signature.", account.name),
            "Look at the sign-off board again.",
        ));
    }
    let signature = Signature {
        id: ctx.ids.new_id(ctx.clock.now()),
        account_id: account.id.clone(),
        level: r.level,
        fingerprint: account.fingerprint.clone(),
        names: account.listed,
        signed_by: who,
        how: "recorded".into(),
        came_from: String::new(),
        evidence: format!("{evidence} (given {when})"),
        recorded_by: operator.into(),
        at: ctx.clock.now(),
    };
    let standing = put(ctx, tx, &account, signature, operator).await?;
    for request in requests::of_round(tx, &account.round_id).await?.iter().filter(|request| request.level == r.level) {
        finish_request(ctx, tx, request).await?;
    }
    Ok(standing)
}

/// What a person typed, as one line.
pub(in crate::steps) fn clean(text: &str) -> String {
    one_line(text)
}

/// The same where only so much is kept: refused, never cut. `what`: "The job title".
pub(in crate::steps) fn fitting(what: &str, text: &str) -> Result<String> {
    if too_long(text).is_none() {
        Ok(one_line(text))
    } else {
        let (has, most) = (one_line(text).chars().count(), LONGEST_LINE);
        let sentence = format!("{what} has {has} characters, and at most {most} are kept.");
        Err(Problem::unusable(sentence, "Shorten it, then save again."))
    }
}

pub(in crate::steps) fn required(text: &str, otherwise: &str) -> Result<String> {
    let text = clean(text);
    if text.is_empty() { Err(Problem::unusable(otherwise, "Then save again.")) } else { Ok(text) }
}

pub(in crate::steps) fn quoted(text: &str) -> String {
    let text = clean(text);
    if text.is_empty() {
        "nothing".into()
    } else {
        format!("\u{201c}{}\u{201d}", text.chars().take(80).collect::<String>())
    }
}
