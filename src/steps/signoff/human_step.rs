//! The human step of a signature: sending the code that strategic accounts ask for, and looking at what was typed.
//!
//! The digits of a code are made of the installation's key and the code's id, for the mail and for the comparison; they are kept nowhere,
//! so neither the database, nor the journal, nor a log can tell them. The mail goes to the request's own address and to no other, at once,
//! also while the round is paused; what cannot leave while the code is good is withdrawn where messages are claimed.

use crate::base::clock::Ts;
use crate::base::counted::counted;
use crate::base::ids::{AccountId, CodeId};
use crate::base::problem::{Problem, Result};
use crate::base::seal::same;
use crate::rules::journal::Actor;
use crate::rules::message::{Lane, MessageKind};
use crate::rules::round::{HumanStep, SignoffSpec};
use crate::rules::sending::reason::MessageReason;
use crate::rules::signoff::human_step::{self as rule, NotNow, SentCode, Typed};
use crate::rules::signoff::rows::waiting;
use crate::rules::signoff::{SignLevel, typed_number_fits};
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::steps::typed::{clean, quoted};
use crate::store::Tx;
use crate::store::contacts;
use crate::store::contacts::accounts::Account;
use crate::store::sending::outbox;
use crate::store::signoff::Request;
use crate::store::signoff::codes::{self, Code};

use super::opening::request_of;
use super::requests::{accounts_of, to_sign};

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

impl Order for SendCode {
    type Done = ();
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
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
        rule::may_send(&before, now).map_err(|why| not_now(&request, why))?;
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
        Ok(())
    }
}

fn not_now(request: &Request, why: NotNow) -> Problem {
    let to = &request.email;
    match why {
        NotNow::JustSent => Problem::refused(
            format!("A code has been sent to {to} within the last minute."),
            "Look into your mailbox; if it has not come in a minute, ask for another one.",
        ),
        NotNow::EnoughForADay => Problem::refused(
            format!("{} codes have been sent to {to} within a day, and no more are sent.", rule::MOST_IN_A_DAY),
            "Answer the mail that asked you to sign and say that you approve the names; then that is recorded.",
        ),
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

/// What was typed to sign the list of this account: nothing more to say, or the sentence for whoever typed it. A wrong code is counted, so
/// whoever calls this lets the transaction through.
pub(super) async fn look_at(
    ctx: &Ctx,
    tx: &mut Tx,
    request: &Request,
    account: &Account,
    step: HumanStep,
    typed: &str,
) -> Result<Result<()>> {
    if step == HumanStep::Count {
        return number(tx, account, request.level, typed).await;
    }
    let code = codes::latest(tx, &request.id).await?;
    let accounts = code.as_ref().map(Code::accounts).transpose()?.unwrap_or_default();
    let is_the_code = |typed: &str| code.as_ref().is_some_and(|code| same(typed, &digits(ctx, &code.id)));
    let of_rule = code.as_ref().map(|code| sent(code, &accounts));
    let comes = rule::judge(of_rule, &account.id, typed, ctx.clock.now(), is_the_code);
    if let (Typed::Wrong { .. }, Some(code)) = (comes, &code) {
        codes::count_wrong(tx, &code.id).await?;
    }
    Ok(match comes {
        Typed::Fits => Ok(()),
        _ => Err(not_the_code(request, account, comes)),
    })
}

/// How many names of the account wait for this level is what is to be typed.
async fn number(tx: &mut Tx, account: &Account, level: SignLevel, typed: &str) -> Result<Result<()>> {
    let people = contacts::of_account(tx, &account.id).await?;
    let fits = match waiting(level, people.iter().filter(|p| p.removed_at.is_none()).map(|p| p.standing)) {
        // How many waited when the page was opened is not known any more.
        0 => (1..=account.listed).any(|n| typed_number_fits(typed, n as usize)),
        names => typed_number_fits(typed, names),
    };
    if fits {
        return Ok(Ok(()));
    }
    Ok(Err(match clean(typed).is_empty() {
        true => Problem::unusable(
            format!("The list of {} is not signed yet.", account.name),
            "Count the people who wait for your signature, type how many there are, then press the button.",
        ),
        false => Problem::unusable(
            format!("Not {} people wait for your signature at {}.", quoted(typed), account.name),
            "Count them and type how many there are.",
        ),
    }))
}

fn not_the_code(request: &Request, account: &Account, comes: Typed) -> Problem {
    let another = "Ask for a new code; it comes by mail at once.";
    let (what, next) = match comes {
        Typed::Fits | Typed::Nothing => (
            format!("The list of {} is not signed yet.", account.name),
            "Type the six digits that were mailed to you, then press the button.".into(),
        ),
        Typed::NoneWasSent => (
            "No code has been sent for this page yet.".into(),
            format!("Ask for one; it comes by mail to {} at once.", request.email),
        ),
        // What was typed may be most of the code; problems stand in logs.
        Typed::NotSixDigits => {
            ("What was typed is not a code of six digits.".into(), "Type it as it stands in the mail.".into())
        }
        Typed::Over => ("The code is older than ten minutes and is good no longer.".into(), another.into()),
        Typed::TriesUsedUp | Typed::Wrong { left: 0 } => {
            (format!("{} wrong codes were typed, so the code is good no longer.", rule::TRIES), another.into())
        }
        Typed::ForOthers => {
            (format!("The list of {} did not wait for you when the code was sent.", account.name), another.into())
        }
        Typed::Wrong { left } => (
            "That is not the code of the latest mail.".into(),
            format!("Look at the mail again; you have {} left.", counted(left, "try", "tries")),
        ),
    };
    Problem::unusable(what, next)
}
