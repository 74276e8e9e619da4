//! Taking a signature back: by whoever may sign, while no letter to somebody of the account has left. The account is unsigned again.
//!
//! The signature itself stays on record with its list; what is added says that it counts no more.

use crate::base::ids::AccountId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::signoff as rule;
use crate::rules::signoff::{SignLevel, Standing};
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::contacts::accounts::Account;
use crate::store::signoff::withdrawals::{self, Withdrawal};
use crate::store::{Tx, signoff as requests};

use super::finish_request;
use super::opening::opened_one;
use super::receipt;
use super::standing::update_standing_and_ask;
use crate::steps::signoff::asking::requests::{asked_about, of_signers};

/// Takes the signature of whoever holds the link back. Told is where the account stands then.
#[derive(Clone, Debug)]
pub struct WithdrawSignature {
    pub secret: String,
    pub account: AccountId,
}

impl Order for WithdrawSignature {
    type Done = Standing;
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Standing> {
        let (request, account) = opened_one(tx, &self.secret, &self.account).await?;
        tx.in_round(&account.round_id);
        let signatures = requests::of_account(tx, &account.id).await?;
        let Some(signature) = signatures.iter().rfind(|s| s.level == request.level) else {
            // The second tap of two: what the first one asked for is done.
            if withdrawals::is_taken_back(tx, &account.id, request.level).await? {
                return Ok(account.standing);
            }
            return Err(Problem::refused(
                format!("The list of {} is not signed by you.", account.name),
                "Reload the page to see where it stands.",
            ));
        };
        if withdrawals::written_to(tx, &account.id).await? {
            return Err(too_late(&account));
        }
        let withdrawal = Withdrawal {
            id: ctx.ids.id(ctx.clock.now()),
            round_id: account.round_id.clone(),
            account_id: account.id.clone(),
            level: request.level,
            at: ctx.clock.now(),
            by_whom: format!("{} <{}>", request.name, request.email),
        };
        withdrawals::withdraw(tx, &withdrawal).await?;
        let by = Actor::signer(request.level, &request.email);
        let detail = format!("signature {} by {}", signature.id, signature.signed_by);
        ctx.journal(tx, &by, Action::TookSignatureBack, Some(&account.round_id), &account.id, &detail).await?;
        // Whoever takes a signature back knows that the list waits: he is asked again as somebody who was asked today.
        let live = ctx.live_by_id(tx, &account.round_id).await?;
        let now = ctx.clock.now();
        let ask_at = rule::next_chase(&live.sequence.home(), &live.spec.signoff, 0, now).unwrap_or(now);
        let standing = update_standing_and_ask(ctx, tx, &account.id, ask_at).await?;
        if asked_about(tx, &request).await?.len() == 1 {
            requests::set_next_ask(tx, &request.id, Some(ask_at)).await?;
        }
        for other in requests::of_round(tx, &account.round_id).await? {
            if other.level == SignLevel::SalesDirector && request.level == SignLevel::Director {
                finish_request(ctx, tx, &other).await?;
            }
        }
        for told in of_signers(ctx, tx, std::slice::from_ref(&account), request.level).await? {
            receipt::forget(ctx, tx, &told, &signature.id).await?;
        }
        Ok(standing)
    }
}

fn too_late(account: &Account) -> Problem {
    Problem::refused(
        format!("A letter to somebody at {} has left, so the signature stays.", account.name),
        "Answer the mail that asked you to sign and say who is not to be written to any more.",
    )
}
