//! Where an account stands: signed, waiting for the second signature, or not signed. Worked out anew after every change of names or
//! signatures.

use crate::base::clock::Ts;
use crate::base::ids::AccountId;
use crate::base::problem::Result;
use crate::rules::signoff as rule;
use crate::rules::signoff::{SignLevel, Standing};
use crate::steps::context::Ctx;
use crate::store::contacts::{self, accounts};
use crate::store::{Tx, plan, signoff as requests};

use super::covered::names;
use super::requests::ensure_counter_request;

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
    let names = names(&contacts::of_account(tx, &account.id).await?);
    let fingerprint = rule::fingerprint(&account.name, &names);
    let signatures = requests::of_account(tx, &account.id).await?;
    let standing = rule::standing(
        account.strategic_since.is_some(),
        &fingerprint,
        names.len(),
        signatures.iter().map(|s| (s.level, s.fingerprint.as_str())),
    );
    if fingerprint == account.fingerprint && standing == account.standing {
        return Ok(standing);
    }
    let signed_at = (standing == Standing::Signed).then_some(now);
    accounts::set_standing(tx, &account.id, &fingerprint, standing, signed_at).await?;
    plan::look_at_account(tx, &account.id, now).await?;
    if standing == Standing::Unsigned && !names.is_empty() {
        let director = &account.director_email;
        requests::ask_again(tx, &account.round_id, SignLevel::Director, director, ask_at).await?;
        // What was signed and is not any more does not wait for the chase of another list.
        if account.standing != Standing::Unsigned {
            requests::ask_sooner(tx, &account.round_id, SignLevel::Director, director, ask_at).await?;
        }
    }
    if standing == Standing::CounterSign {
        // With what else the account directors sign today, and not when the chase of another account comes.
        if let Some((to, at)) = ensure_counter_request(ctx, tx, &account.round_id).await? {
            requests::ask_sooner(tx, &account.round_id, SignLevel::SalesDirector, &to, at).await?;
        }
    }
    Ok(standing)
}
