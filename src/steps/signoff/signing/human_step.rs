//! The human step of a signature: sending the code that strategic accounts ask for, and looking at what was typed.
//!
//! The digits of a code are made of the installation's key and the code's id, for the mail and for the comparison; they are kept nowhere,
//! so neither the database, nor the journal, nor a log can tell them. The mail goes to the request's own address and to no other, at once,
//! also while the round is paused; what cannot leave while the code is good is withdrawn where messages are claimed.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, CodeId};
use crate::base::problem::{Problem, Result};
use crate::base::seal::same;
use crate::rules::journal::Actor;
use crate::rules::message::{Lane, MessageKind};
use crate::rules::round::{HumanStep, SignoffSpec};
use crate::rules::sending::reason::MessageReason;
use crate::rules::signoff::human_step::{self as rule, NotNow, NotTyped, SentCode, Typed};
use crate::rules::signoff::rows::waiting;
use crate::rules::signoff::{SignLevel, typed_number_fits};
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::steps::typed::clean;
use crate::store::Tx;
use crate::store::contacts;
use crate::store::contacts::accounts::Account;
use crate::store::sending::outbox;
use crate::store::signoff::Request;
use crate::store::signoff::codes::{self, Code};

use super::opening::request_of;
use crate::steps::signoff::asking::requests::{accounts_of, to_sign};

/// What the key makes the digits for; no link is for this.
const PURPOSE: &str = "sign-code";

/// What a signature on this account asks for.
pub fn step_of(spec: &SignoffSpec, account: &Account) -> HumanStep {
    spec.human_step(account.strategic_since.is_some())
}

/// As they stand in the mail.
pub(crate) fn digits(ctx: &Ctx, code: &CodeId) -> String {
    ctx.key.six_digits(PURPOSE, code.as_str())
}

/// Mails a code to whoever the link was sent to, for all of his accounts that wait for one.
pub struct SendCode {
    pub secret: String,
}

/// Told is why none was sent now, if none was.
impl Order for SendCode {
    type Done = Result<(), NotNow>;
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Result<(), NotNow>> {
        let now = ctx.clock.now();
        let request = request_of(tx, &self.secret).await?;
        tx.in_round(&request.round_id);
        let live = ctx.live_by_id(tx, &request.round_id).await?;
        let waiting = to_sign(&request, &accounts_of(tx, &request).await?);
        let coded = waiting.iter().filter(|a| step_of(&live.spec.signoff, a) == HumanStep::Code);
        let accounts: Vec<AccountId> = coded.map(|a| a.id.clone()).collect();
        if accounts.is_empty() {
            return Err(Problem::refused(
                "No list on this page waits for a code.",
                "Reload the page to see what is left to sign.",
            ));
        }
        let before = codes::sent_after(tx, &request.id, now.plus(-rule::COUNTED_FOR)).await?;
        if let Err(why) = rule::may_send(&before, now) {
            return Ok(Err(why));
        }
        let last = codes::latest(tx, &request.id).await?;
        let id: CodeId = ctx.ids.id(now);
        codes::add(tx, &id, &request.id, now, &accounts).await?;
        // The code leaves whatever the round's own mail does.
        tx.in_any_round();
        if let Some(last) = last {
            outbox::withdraw_of_subject(tx, &Lane::System, &last.id, &MessageReason::NewerCode, now).await?;
        }
        let to = Addressee { subject: id.as_str(), name: &request.name, email: &request.email };
        outbox::enqueue(tx, &message_to(ctx, &Lane::System, to, MessageKind::SignCode, 1, now), now).await?;
        Ok(Ok(()))
    }
}

/// A code that is good.
#[derive(Clone, Debug)]
pub struct GoodCode {
    pub until: Ts,
    pub accounts: Vec<AccountId>,
}

/// The code that this person may type, if one was sent and is good.
pub(crate) async fn good_code(tx: &mut Tx, request: &Request, now: Ts) -> Result<Option<GoodCode>> {
    let Some(code) = codes::latest(tx, &request.id).await? else { return Ok(None) };
    let accounts = code.accounts()?;
    let holds = sent(&code, &accounts).holds(now);
    Ok(holds.then(|| GoodCode { until: code.sent_at.plus(rule::CODE_LASTS), accounts }))
}

fn sent<'a>(code: &Code, accounts: &'a [AccountId]) -> SentCode<'a> {
    SentCode { sent_at: code.sent_at, wrong: code.wrong, accounts }
}

/// What was typed to sign the lists of these accounts together: fits, or why it does not. A wrong code is counted, so whoever calls this lets
/// the transaction through.
pub(in crate::signoff) async fn look_at(
    ctx: &Ctx,
    tx: &mut Tx,
    request: &Request,
    accounts: &[Account],
    step: HumanStep,
    typed: &str,
) -> Result<Result<(), NotTyped>> {
    if step == HumanStep::Count {
        return number(tx, accounts, request.level, typed).await;
    }
    let spec = ctx.live_by_id(tx, &request.round_id).await?.spec.signoff.clone();
    let coded = accounts.iter().filter(|a| step_of(&spec, a) == HumanStep::Code).map(|a| &a.id);
    let code = codes::latest(tx, &request.id).await?;
    let sent_for = code.as_ref().map(Code::accounts).transpose()?.unwrap_or_default();
    let is_the_code = |typed: &str| code.as_ref().is_some_and(|code| same(typed, &digits(ctx, &code.id)));
    let of_rule = code.as_ref().map(|code| sent(code, &sent_for));
    let comes = rule::judge(of_rule, coded, typed, ctx.clock.now(), is_the_code);
    if let (Typed::Wrong { .. }, Some(code)) = (comes, &code) {
        codes::count_wrong(tx, &code.id).await?;
    }
    Ok(match comes {
        Typed::Fits => Ok(()),
        _ => Err(NotTyped::Code(comes)),
    })
}

/// How many names of the accounts wait for this level is what is to be typed.
async fn number(tx: &mut Tx, accounts: &[Account], level: SignLevel, typed: &str) -> Result<Result<(), NotTyped>> {
    let (mut names, mut listed) = (0, 0);
    for account in accounts {
        let people = contacts::of_account(tx, &account.id).await?;
        names += waiting(level, people.iter().filter(|p| p.removed_at.is_none()).map(|p| p.standing));
        listed += account.listed;
    }
    let fits = match names {
        // How many waited when the page was opened is not known any more.
        0 => (1..=listed).any(|n| typed_number_fits(typed, n as usize)),
        names => typed_number_fits(typed, names),
    };
    Ok(match (fits, clean(typed)) {
        (true, _) => Ok(()),
        (false, typed) if typed.is_empty() => Err(NotTyped::NoNumber),
        (false, typed) => Err(NotTyped::OtherNumber(typed)),
    })
}
