//! A signature: by a director on his page, or given elsewhere and recorded by an operator.
//!
//! A signature names the fingerprint of the list it was shown; when the list has changed meanwhile nothing is signed and
//! the director looks again (S19). The human step is the number of names that wait, typed, or a code that was mailed (promise 5,
//! `human_step.rs`).

pub(in crate::signoff) mod covered;
pub(crate) mod standing;
pub(in crate::signoff) mod opening;
pub mod human_step;
pub(crate) mod receipt;
pub mod withdrawing;

use crate::base::address::key_of;
use crate::base::ids::AccountId;
use crate::base::problem::{Problem, Result};
use crate::rules::evidence;
use crate::rules::journal::{Action, Actor};
use crate::rules::message::Lane;
use crate::rules::round::HumanStep;
use crate::rules::sending::reason::MessageReason;
use crate::rules::signoff as rule;
use crate::rules::signoff::delegation::Signer;
use crate::rules::signoff::human_step::NotTyped;
use crate::rules::signoff::{SignLevel, Standing};
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::typed::{fitting, required};
use crate::store::contacts::accounts::{self, Account};
use crate::store::sending::outbox;
use crate::store::signoff::{Request, Signature};
use crate::store::{Tx, signoff as requests};

use self::opening::opened;
use self::standing::update_standing;
use crate::steps::signoff::asking::requests::{asked_about, of_signers};
use crate::steps::signoff::delegating::on_behalf::{OnBehalf, on_behalf};

/// What somebody sends who signs the names of one account off by his link, or those of several with one human step.
#[derive(Clone, Debug)]
pub struct SignLists {
    pub secret: String,
    pub lists: Vec<ShownList>,
    /// What the page asked for; where one of the accounts asks for a code, that is what counts.
    pub step: HumanStep,
    /// The number of names, or the code, as the director typed it.
    pub typed: String,
    /// Network address and browser, for the record.
    pub came_from: String,
}

/// A list as a page has shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownList {
    pub account: AccountId,
    pub fingerprint: String,
}

/// Signs all of these lists, or none. Told is where the worst of their accounts stands then, or why what was typed signs nothing: a wrong code
/// is counted, so what is written then stays.
impl Order for SignLists {
    type Done = Result<Standing, NotTyped>;
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Result<Standing, NotTyped>> {
        let (request, accounts) = opened(tx, &self.secret, self.lists.iter().map(|list| &list.account)).await?;
        tx.in_round(&request.round_id);
        let shown_as = |account: &Account| self.lists.iter().find(|list| list.account == account.id);
        if let Some(changed) =
            accounts.iter().find(|a| shown_as(a).is_none_or(|list| list.fingerprint != a.fingerprint))
        {
            return Err(Problem::refused(
                format!("The list of {} has changed since you opened the page, so nothing was signed.", changed.name),
                "Look at it once more, then sign.",
            ));
        }
        if let Some(account) = signed_by_himself(tx, &request, &accounts).await? {
            return Err(Problem::refused(
                format!(
                    "You have signed the list of {account} as its account director, so somebody else counter-signs it."
                ),
                "Untick it, or tell whoever has asked you to counter-sign.",
            ));
        }
        let spec = ctx.live_by_id(tx, &request.round_id).await?.spec.signoff.clone();
        let asks_for_code = accounts.iter().any(|a| human_step::step_of(&spec, a) == HumanStep::Code);
        let step = if asks_for_code { HumanStep::Code } else { self.step };
        if let Err(why) = human_step::look_at(ctx, tx, &request, &accounts, step, &self.typed).await? {
            return Ok(Err(why));
        }
        let behalf = on_behalf(tx, &request, &accounts).await?;
        let mut standings = Vec::new();
        for account in &accounts {
            if !rule::may_sign(request.level, account.standing) {
                // A second tap, a second tab: this very list is signed, and that is what was asked for.
                if is_signed(tx, account, request.level).await? {
                    standings.push(account.standing);
                    continue;
                }
                return Err(Problem::refused(
                    format!("The list of {} does not wait for your signature.", account.name),
                    "Reload the page to see who is to sign first.",
                ));
            }
            let signed_by = OnBehalf::signer(behalf.get(&account.id), &request);
            let signature = Signature {
                how: step.as_str().into(),
                came_from: self.came_from.clone(),
                ..of_now(ctx, account, request.level, signed_by)
            };
            let id = signature.id.clone();
            standings.push(put(ctx, tx, account, signature, &Actor::signer(request.level, &request.email)).await?);
            receipt::tell(ctx, tx, account, request.level, Some(&request), &id).await?;
        }
        // Once for all of them: what is left to ask of somebody costs his accounts.
        finish_requests(ctx, tx, &accounts, request.level).await?;
        Ok(Ok(rule::rows::of_account(standings)))
    }
}

/// Two signatures are of two people: whoever counter-signs for the sales director has not given the first one. The account, if he has.
async fn signed_by_himself(tx: &mut Tx, request: &Request, accounts: &[Account]) -> Result<Option<String>> {
    if request.level != SignLevel::SalesDirector || !request.stands_in.0 {
        return Ok(None);
    }
    for account in accounts {
        let signatures = requests::of_account(tx, &account.id).await?;
        let first = signatures.iter().rev().find(|s| s.level == SignLevel::Director);
        if first.is_some_and(|s| key_of(Signer::read(&s.signed_by).email) == request.email.key()) {
            return Ok(Some(account.name.clone()));
        }
    }
    Ok(None)
}

/// Whether the list as it is now was signed at this level.
async fn is_signed(tx: &mut Tx, account: &Account, level: SignLevel) -> Result<bool> {
    let signatures = requests::of_account(tx, &account.id).await?;
    Ok(signatures.iter().any(|by| by.level == level && by.fingerprint == account.fingerprint))
}

/// A signature under the list of an account as it is now; how it was given is not said yet.
fn of_now(ctx: &Ctx, account: &Account, level: SignLevel, signed_by: String) -> Signature {
    let at = ctx.clock.now();
    Signature {
        id: ctx.ids.id(at),
        account_id: account.id.clone(),
        level,
        fingerprint: account.fingerprint.clone(),
        names: account.listed,
        signed_by,
        how: String::new(),
        came_from: String::new(),
        evidence: String::new(),
        recorded_by: String::new(),
        at,
    }
}

async fn put(ctx: &Ctx, tx: &mut Tx, account: &Account, signature: Signature, actor: &Actor) -> Result<Standing> {
    requests::add_signature(tx, &ctx.chain, &account.round_id, &signature).await?;
    let signed = covered::keep(tx, &signature, account).await?;
    tell(ctx, tx, account, &signature, &signed, actor).await
}

/// Puts down a signature that covers these names and no others: it was given elsewhere.
pub(in crate::signoff) async fn put_list(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &Account,
    signature: &Signature,
    list: Vec<rule::Listed>,
    actor: &Actor,
) -> Result<Standing> {
    requests::add_signature(tx, &ctx.chain, &account.round_id, signature).await?;
    let signed = covered::keep_list(tx, signature, account, list).await?;
    let standing = tell(ctx, tx, account, signature, &signed, actor).await?;
    finish_requests(ctx, tx, std::slice::from_ref(account), signature.level).await?;
    receipt::tell(ctx, tx, account, signature.level, None, &signature.id).await?;
    Ok(standing)
}

async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &Account,
    signature: &Signature,
    signed: &evidence::Signed,
    actor: &Actor,
) -> Result<Standing> {
    let detail = evidence::detail(signed);
    let action = if signature.level == SignLevel::Director { Action::SignedOff } else { Action::CounterSigned };
    ctx.journal(tx, actor, action, Some(&account.round_id), account.id.as_str(), &detail).await?;
    update_standing(ctx, tx, &account.id).await
}

/// Stops chasing whoever may sign these accounts, all of one round, and has nothing left to sign; each person is looked at once.
pub(in crate::signoff) async fn finish_requests(
    ctx: &Ctx,
    tx: &mut Tx,
    accounts: &[Account],
    level: SignLevel,
) -> Result<()> {
    for request in of_signers(ctx, tx, accounts, level).await? {
        finish_request(ctx, tx, &request).await?;
    }
    Ok(())
}

/// Stops chasing somebody about whom nothing is left to ask.
pub(in crate::signoff) async fn finish_request(ctx: &Ctx, tx: &mut Tx, request: &Request) -> Result<()> {
    if asked_about(tx, request).await?.is_empty() {
        requests::set_next_ask(tx, &request.id, None).await?;
        outbox::withdraw_of_subject(
            tx,
            &Lane::from(&request.round_id),
            &request.id,
            &MessageReason::NothingLeftToSign,
            ctx.clock.now(),
        )
        .await?;
    }
    Ok(())
}

/// Records an approval given elsewhere: it covers the list as it is now, and shows as recorded. Told is where the account stands then.
#[derive(Clone, Debug)]
pub struct RecordSignature {
    pub account: AccountId,
    /// Of the list that the operator saw; empty: whatever the list is now.
    pub fingerprint: String,
    pub level: SignLevel,
    pub who: String,
    /// The day on which it was given, as the operator writes it.
    pub when: String,
    /// Where the proof is: a file, a mail.
    pub evidence: String,
}

impl Order for RecordSignature {
    type Done = Standing;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<Standing> {
        let account = accounts::by_id(tx, &self.account)
            .await?
            .ok_or_else(|| Problem::not_found("There is no such account.", "Go back to the sign-off board."))?;
        tx.in_round(&account.round_id);
        fitting("What proves it", &self.evidence)?;
        let who = required(&fitting("Who approved", &self.who)?, "Write who has approved the names.")?;
        let evidence = required(&self.evidence, "Write where the approval can be seen: the file or the mail.")?;
        let when = required(&self.when, "Write on which day it was given.")?;
        if !self.fingerprint.is_empty() && self.fingerprint != account.fingerprint {
            return Err(Problem::refused(
                format!("The list of {} has changed meanwhile, so nothing was recorded.", account.name),
                "Look at it once more, then record the approval.",
            ));
        }
        let all = requests::of_account(tx, &account.id).await?;
        // The second tap of two: this list is signed at this level, by whatever way.
        if all.iter().any(|s| s.level == self.level && s.fingerprint == account.fingerprint && by.is(&s.recorded_by)) {
            return Ok(account.standing);
        }
        if !rule::may_sign(self.level, account.standing) {
            return Err(Problem::refused(
                format!("{} does not wait for this signature.", account.name),
                "Look at the sign-off board again.",
            ));
        }
        let signature = Signature {
            how: "recorded".into(),
            evidence: format!("{evidence} (given {when})"),
            recorded_by: by.into(),
            ..of_now(ctx, &account, self.level, who)
        };
        let id = signature.id.clone();
        let standing = put(ctx, tx, &account, signature, by).await?;
        finish_requests(ctx, tx, std::slice::from_ref(&account), self.level).await?;
        // Before its round is started nobody has been asked yet, and nobody is told.
        receipt::tell(ctx, tx, &account, self.level, None, &id).await?;
        Ok(standing)
    }
}
