//! What directors do with a sign-off link: go through their lists, put right what is wrong, miscount, and sign.
//!
//! A wrong number and a stale page are tried on purpose: neither may sign anything (promises 1 and 5).

use std::collections::BTreeSet;

use crate::base::ids::AccountId;
use crate::base::problem::Result;
use crate::rehearsal::personas::SignerPersona;
use crate::rules::journal::Actor;
use crate::steps::Ctx;
use crate::steps::signoff::editing::{self, Correction, Edit};
use crate::steps::signoff::signing::SignList;
use crate::steps::signoff::{self, SheetAccount};
use crate::store::contacts::Person;

use super::findings::Findings;
use super::personas;
use super::refusals::told;

/// The lists, by director and account, that a director has been through once.
type Reviewed = BTreeSet<(String, String)>;

const BROWSER: &str = "198.51.100.7, simulated browser";

/// Goes through everything behind the link that waits for this person.
pub async fn sign(
    seed: u64,
    reviewed: &mut Reviewed,
    ctx: &Ctx,
    who: &str,
    secret: &str,
    strategic: bool,
    findings: &mut Findings,
) -> Result<()> {
    let persona = match strategic {
        true => personas::sales_director(seed, who),
        false => personas::director(seed, who),
    };
    let sheet = signoff::sheet(ctx, secret).await?;
    findings.must(1, sheet.is_some(), || format!("The sign-off link of {who} leads nowhere."));
    let waiting: Vec<SheetAccount> = sheet.into_iter().flat_map(|s| s.accounts).filter(|a| a.to_sign).collect();
    for list in waiting {
        let changed = match strategic {
            true => false,
            false => review(seed, reviewed, ctx, who, secret, &list).await?,
        };
        let now = if changed {
            if persona.stale {
                let old = signing_of(secret, &list.account.id, &list.account.fingerprint, list.to_count as i64);
                let signed = told(ctx.order(&Actor::Visitor, old).await)?;
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
            count_and_sign(ctx, who, persona, secret, (&account, names as i64), findings).await?;
        }
    }
    Ok(())
}

async fn count_and_sign(
    ctx: &Ctx,
    who: &str,
    persona: SignerPersona,
    secret: &str,
    (account, names): (&crate::store::contacts::accounts::Account, i64),
    findings: &mut Findings,
) -> Result<()> {
    if persona.miscounts {
        let wrong = signing_of(secret, &account.id, &account.fingerprint, names + 1);
        let signed = told(ctx.order(&Actor::Visitor, wrong).await)?;
        findings.must(5, signed.is_none(), || format!("{who} signed {} with a wrong number of names.", account.name));
    }
    told(ctx.order(&Actor::Visitor, signing_of(secret, &account.id, &account.fingerprint, names)).await)?;
    Ok(())
}

fn signing_of(secret: &str, account: &AccountId, fingerprint: &str, typed: i64) -> SignList {
    SignList {
        secret: secret.into(),
        account: account.clone(),
        fingerprint: fingerprint.into(),
        typed: format!(" {typed} "),
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
