//! What directors do with a sign-off link: go through their lists, put right what is wrong, miscount, and sign.
//!
//! Where a code is asked for they have one mailed, and sign when it has come. A wrong number, a wrong code and a stale page are tried on
//! purpose: none of them may sign anything (promises 1 and 5).

use std::collections::BTreeSet;

use crate::base::problem::Result;
use crate::rehearsal::personas::SignerPersona;
use crate::rules::journal::Actor;
use crate::rules::round::HumanStep;
use crate::rules::signoff::Standing;
use crate::steps::Ctx;
use crate::steps::signoff::delegating::Delegate;
use crate::steps::signoff::names::editing::{self, Correction, Edit};
use crate::steps::signoff::signing::human_step::{SendCode, step_of};
use crate::steps::signoff::signing::{ShownList, SignLists};
use crate::steps::signoff::{self, SheetAccount};
use crate::store::contacts::Person;
use crate::store::contacts::accounts::Account;

use super::findings::Findings;
use super::personas;
use super::refusals::told;

/// The lists, by director and account, that a director has been through once.
type Reviewed = BTreeSet<(String, String)>;

const BROWSER: &str = "198.51.100.7, simulated browser";

/// Goes through everything behind the link that waits for this person. Whether a code is now awaited.
pub async fn sign(
    seed: u64,
    reviewed: &mut Reviewed,
    ctx: &Ctx,
    who: &str,
    secret: &str,
    strategic: bool,
    findings: &mut Findings,
) -> Result<bool> {
    let persona = persona(seed, who, strategic);
    let mut wants_code = false;
    let sheet = signoff::sheet(ctx, secret).await?;
    findings.must(1, sheet.is_some(), || format!("The sign-off link of {who} leads nowhere."));
    let waiting: Vec<SheetAccount> = sheet.into_iter().flat_map(|s| s.accounts).filter(|a| a.to_sign).collect();
    if persona.forwards {
        tries_with_the_link_alone(ctx, who, secret, &waiting, findings).await?;
    }
    if persona.delegates && !waiting.is_empty() {
        let mut codes = false;
        for list in &waiting {
            codes |= asks_for_code(ctx, &list.account).await?;
        }
        let names: usize = waiting.iter().map(|a| a.to_count).sum();
        let has_asked = !codes && delegates(ctx, who, secret, &names.to_string(), findings).await?;
        if has_asked {
            return Ok(false);
        }
    }
    for list in waiting {
        let changed = match strategic {
            true => false,
            false => review(seed, reviewed, ctx, who, secret, &list).await?,
        };
        let now = if changed {
            if persona.stale {
                let typed = list.to_count.to_string();
                let old = signing_of(secret, std::slice::from_ref(&list.account), &typed);
                let signed = signs(ctx, old).await?;
                findings.must(1, signed.is_none(), || {
                    format!("{who} signed the list of {} as it had been before the change.", list.account.name)
                });
            }
            let again = signoff::sheet(ctx, secret).await?;
            let lists = again.into_iter().flat_map(|s| s.accounts);
            lists.map(|a| (a.account, a.to_count)).find(|(account, _)| account.id == list.account.id)
        } else {
            Some((list.account.clone(), list.to_count))
        };
        // Removing the last name that waits leaves nothing to sign.
        if let Some((account, names)) = now.filter(|(_, names)| *names > 0) {
            if asks_for_code(ctx, &account).await? {
                wants_code = true;
            } else {
                let (right, wrong) = (format!(" {names} "), (names + 1).to_string());
                step_and_sign(ctx, who, persona, secret, &[account], (&right, &wrong), findings).await?;
            }
        }
    }
    let asked = match wants_code {
        true => told(ctx.order(&Actor::Visitor, SendCode { secret: secret.into() }).await)?,
        false => None,
    };
    Ok(asked.is_some_and(|sent| sent.is_ok()))
}

/// Signs with the code that has come what waits for one.
pub async fn sign_with_code(
    seed: u64,
    ctx: &Ctx,
    who: &str,
    secret: &str,
    strategic: bool,
    code: &str,
    findings: &mut Findings,
) -> Result<()> {
    let persona = persona(seed, who, strategic);
    let wrong: String = code.chars().rev().map(|c| if c == '0' { '1' } else { '0' }).collect();
    let waiting = signoff::sheet(ctx, secret).await?.into_iter().flat_map(|s| s.accounts).filter(|a| a.to_sign);
    let mut coded = Vec::new();
    for account in waiting.map(|a| a.account) {
        if asks_for_code(ctx, &account).await? {
            coded.push(account);
        }
    }
    if persona.delegates && !coded.is_empty() && delegates(ctx, who, secret, code, findings).await? {
        return Ok(());
    }
    // Who counter-signs does it for all at once, most others one after the other.
    let at_once = if strategic { coded.len().max(1) } else { 1 };
    for (nth, together) in coded.chunks(at_once).enumerate() {
        // Once; the code bears five.
        let persona = SignerPersona { miscounts: persona.miscounts && nth == 0, ..persona };
        step_and_sign(ctx, who, persona, secret, together, (code, &wrong), findings).await?;
    }
    Ok(())
}

/// How the address of a colleague begins who is asked to sign for somebody.
const COLLEAGUE: &str = "colleague.of.";

/// Asks a colleague to sign everything; a colleague who was asked himself passes it on to nobody. Whether somebody was asked.
async fn delegates(ctx: &Ctx, who: &str, secret: &str, typed: &str, findings: &mut Findings) -> Result<bool> {
    let asked = told(ctx.order(&Actor::Visitor, asking(secret, &format!("{COLLEAGUE}{who}"), typed)).await)?;
    let has_asked = asked.is_some_and(|asked| asked.is_ok());
    findings
        .must(1, !(has_asked && who.starts_with(COLLEAGUE)), || format!("{who} passed on what he was asked to sign."));
    Ok(has_asked)
}

/// What somebody can do who was sent the link on, and has neither the mailbox nor a mind to count.
async fn tries_with_the_link_alone(
    ctx: &Ctx,
    who: &str,
    secret: &str,
    waiting: &[SheetAccount],
    findings: &mut Findings,
) -> Result<()> {
    for list in waiting {
        if asks_for_code(ctx, &list.account).await? {
            let accounts = std::slice::from_ref(&list.account);
            let signed = signs(ctx, signing_of(secret, accounts, &list.to_count.to_string())).await?;
            findings
                .must(5, signed.is_none(), || format!("Somebody with the link of {who} signed {}.", list.account.name));
        }
    }
    let names: usize = waiting.iter().map(|a| a.to_count).sum();
    let outside = asking(secret, "somebody@elsewhere.example", &names.to_string());
    let asked = told(ctx.order(&Actor::Visitor, outside).await)?;
    findings.must(5, asked.is_none_or(|asked| asked.is_err()), || format!("Somebody outside may sign for {who}."));
    Ok(())
}

fn asking(secret: &str, email: &str, typed: &str) -> Delegate {
    Delegate {
        secret: secret.into(),
        account: None,
        name: "Kim Sander".into(),
        email: email.into(),
        typed: typed.into(),
        came_from: BROWSER.into(),
    }
}

fn persona(seed: u64, who: &str, strategic: bool) -> SignerPersona {
    if strategic { personas::sales_director(seed, who) } else { personas::director(seed, who) }
}

async fn asks_for_code(ctx: &Ctx, account: &Account) -> Result<bool> {
    let live = ctx.live_by_id(&mut ctx.db.read().await?, &account.round_id).await?;
    Ok(step_of(&live.spec.signoff, account) == HumanStep::Code)
}

/// None where what was typed, or the list, was refused.
async fn signs(ctx: &Ctx, signing: SignLists) -> Result<Option<Standing>> {
    Ok(told(ctx.order(&Actor::Visitor, signing).await)?.and_then(|signed| signed.ok()))
}

async fn step_and_sign(
    ctx: &Ctx,
    who: &str,
    persona: SignerPersona,
    secret: &str,
    accounts: &[Account],
    (right, wrong): (&str, &str),
    findings: &mut Findings,
) -> Result<()> {
    if persona.miscounts {
        let signed = signs(ctx, signing_of(secret, accounts, wrong)).await?;
        let names = || accounts.iter().map(|a| a.name.as_str()).collect::<Vec<_>>().join(", ");
        findings.must(5, signed.is_none(), || format!("{who} signed {} with a wrong human step.", names()));
    }
    signs(ctx, signing_of(secret, accounts, right)).await?;
    Ok(())
}

fn signing_of(secret: &str, accounts: &[Account], typed: &str) -> SignLists {
    let shown = |a: &Account| ShownList { account: a.id.clone(), fingerprint: a.fingerprint.clone() };
    SignLists {
        secret: secret.into(),
        lists: accounts.iter().map(shown).collect(),
        step: HumanStep::Count,
        typed: typed.into(),
        came_from: BROWSER.into(),
    }
}

/// Puts right what this director finds on this list, once. Whether something was changed.
async fn review(
    seed: u64,
    reviewed: &mut Reviewed,
    ctx: &Ctx,
    who: &str,
    secret: &str,
    list: &SheetAccount,
) -> Result<bool> {
    if !reviewed.insert((who.to_owned(), list.account.name.clone())) {
        return Ok(false);
    }
    let review = personas::review(seed, who, &list.account.name);
    let left = list.names.iter().find(|p| has_left(p));
    let mut changed = false;
    if let Some(person) = left.or(list.names.last().filter(|_| review.removes_one && list.names.len() > 2)) {
        let edit = Edit::Remove { reason: "has left the company".into() };
        changed |= told(
            ctx.order(
                &Actor::Visitor,
                editing::EditName { secret: secret.to_string(), contact: person.id.clone(), edit },
            )
            .await,
        )?
        .is_some();
    }
    if let Some(person) = list.names.first().filter(|_| review.corrects_one) {
        let correction = Correction {
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            email: person.email.to_string(),
            job_title: format!("{} (Europe)", person.job_title),
            role: person.role.as_str().into(),
            reason: "promoted".into(),
        };
        changed |= told(
            ctx.order(
                &Actor::Visitor,
                editing::EditName {
                    secret: secret.to_string(),
                    contact: person.id.clone(),
                    edit: Edit::Correct(correction),
                },
            )
            .await,
        )?
        .is_some();
    }
    Ok(changed)
}

fn has_left(person: &Person) -> bool {
    person.findings.contains("left_company_note") || person.job_title.contains("(left")
}
