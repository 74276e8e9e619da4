//! Where the names of an account stand: signed, waiting for the second signature, or not signed; each by itself, and the account as its
//! worst name does. Worked out anew after every change of names or signatures.

use crate::base::clock::Ts;
use crate::base::ids::AccountId;
use crate::base::problem::Result;
use crate::rules::contacts::Role;
use crate::rules::signoff::rows::{self, AccountNow, Coverage, RowNow};
use crate::rules::signoff::{self as rule, SignLevel, SignedName, Standing};
use crate::steps::context::Ctx;
use crate::store::contacts::accounts::{Account, Stands};
use crate::store::contacts::{self, Person, accounts, signed};
use crate::store::{Tx, signoff as requests};

use super::covered::{names, signed_by};
use crate::steps::signoff::asking::requests::{asked_for, ensure_counter_request};

/// Works out anew where an account stands, after its names or signatures changed. Asks again whom there is to ask.
pub(crate) async fn update_standing(ctx: &Ctx, tx: &mut Tx, account: &AccountId) -> Result<Standing> {
    update_standing_and_ask(ctx, tx, account, ctx.clock.now()).await
}

/// The same; whoever has to sign again is asked at `ask_at`.
pub(crate) async fn update_standing_and_ask(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &AccountId,
    ask_at: Ts,
) -> Result<Standing> {
    let now = ctx.clock.now();
    let Some(account) = accounts::by_id(tx, account).await? else { return Ok(Standing::Unsigned) };
    let people: Vec<Person> =
        contacts::of_account(tx, &account.id).await?.into_iter().filter(|p| p.removed_at.is_none()).collect();
    let names = names(&people);
    let fingerprint = rule::fingerprint(&account.name, &names);
    let (rows, standings) = stand(tx, &account, &fingerprint, &people, &names).await?;
    let fallen =
        people.iter().zip(&standings).any(|(p, is)| *is == Standing::Unsigned && p.standing != Standing::Unsigned);
    signed::set(tx, &rows, now).await?;
    let standing = rows::of_account(standings.iter().copied());
    let signed_names = standings.iter().filter(|standing| **standing == Standing::Signed).count() as i64;
    let decides = |p: &Person| p.role == Role::KeyDecisionMaker;
    let deciders_left =
        people.iter().zip(&standings).filter(|(p, is)| decides(p) && **is != Standing::Signed).count() as i64;
    let same = fingerprint == account.fingerprint
        && standing == account.standing
        && signed_names == account.signed_names
        && deciders_left == account.deciders_left;
    if same && !fallen {
        return Ok(standing);
    }
    let stands = Stands { fingerprint: &fingerprint, standing, signed_names, deciders_left };
    accounts::set_standing(tx, &account.id, &stands, now).await?;
    if standing == Standing::Unsigned && !names.is_empty() {
        for to in asked_for(tx, &account, SignLevel::Director, &account.director_email).await? {
            requests::ask_again(tx, &account.round_id, SignLevel::Director, &to, ask_at).await?;
            // What was signed and is not any more does not wait for the chase of another list.
            if account.standing != Standing::Unsigned || fallen {
                requests::ask_sooner(tx, &account.round_id, SignLevel::Director, &to, ask_at).await?;
            }
        }
    }
    if standing == Standing::CounterSign {
        // With what else the account directors sign today, and not when the chase of another account comes.
        if let Some((own, at)) = ensure_counter_request(ctx, tx, &account.round_id).await? {
            for to in asked_for(tx, &account, SignLevel::SalesDirector, &own).await? {
                requests::ask_again(tx, &account.round_id, SignLevel::SalesDirector, &to, at).await?;
                requests::ask_sooner(tx, &account.round_id, SignLevel::SalesDirector, &to, at).await?;
            }
        }
    }
    Ok(standing)
}

/// Where each of these names stands, as it is written down and as it is; all of them are on the list.
async fn stand(
    tx: &mut Tx,
    account: &Account,
    fingerprint: &str,
    people: &[Person],
    names: &[SignedName],
) -> Result<(Vec<signed::Row>, Vec<Standing>)> {
    let by = signed_by(tx, &[&account.id]).await?.remove(&account.id).unwrap_or_default();
    let coverage =
        Coverage::new(AccountNow { name: &account.name, fingerprint, second: account.strategic_since.is_some() }, &by);
    let of = |(p, name): (&Person, &SignedName)| {
        let standing = coverage.of(RowNow { id: &p.id, name, off_after: p.off_after });
        let signed_as = coverage.signed_as().filter(|_| standing != Standing::Unsigned).map(str::to_owned);
        signed::Row { id: p.id.clone(), standing, signed_as }
    };
    let rows: Vec<signed::Row> = people.iter().zip(names).map(of).collect();
    let standings = rows.iter().map(|row| row.standing).collect();
    Ok((rows, standings))
}

/// Where the names of an account stand by its signatures and by nothing that is remembered beside them, for checks.
pub async fn by_signatures(tx: &mut Tx, account: &AccountId) -> Result<Vec<(Person, Standing)>> {
    let Some(account) = accounts::by_id(tx, account).await? else { return Ok(Vec::new()) };
    let people: Vec<Person> =
        contacts::of_account(tx, &account.id).await?.into_iter().filter(|p| p.removed_at.is_none()).collect();
    let names = names(&people);
    let fingerprint = rule::fingerprint(&account.name, &names);
    let (_, standings) = stand(tx, &account, &fingerprint, &people, &names).await?;
    Ok(people.into_iter().zip(standings).collect())
}
