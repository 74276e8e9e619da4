//! What the mails say that come with a signature: the code to type for one, and the receipt of what was signed. Looked up when they leave.

use std::sync::Arc;

use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::{CodeId, ReceiptId, RequestId};
use crate::base::problem::{Problem, Result};
use crate::mail::dates::day;
use crate::mail::letters::rendering::Values;
use crate::mail::letters::told::{SignedLine, Whose, listed, may_sign, more, signed};
use crate::mail::letters::usual;
use crate::rules::message::MessageKind;
use crate::rules::signoff::Listed;
use crate::rules::signoff::delegation::Signer;
use crate::rules::signoff::human_step::CODE_LASTS;
use crate::steps::context::{Ctx, Live, Purpose};
use crate::steps::signoff::signing::human_step::digits;
use crate::store::contacts::accounts;
use crate::store::journal::round_chain;
use crate::store::sending::claim::Claimed;
use crate::store::signoff::{Request, Signature, codes, delegations, receipts};
use crate::store::{Tx, signoff as requests};

/// Lines of a receipt at most. It is to be whole: the longest sheets have some hundred names.
const LONGEST_RECEIPT: usize = 1000;

/// The round of such a mail, its values, and its text.
pub(super) async fn values(ctx: &Ctx, m: &Claimed) -> Result<(Arc<Live>, Values, &'static str)> {
    let mut tx = ctx.db.read().await?;
    if m.kind == MessageKind::SignCode { code(ctx, &mut tx, m).await } else { receipt(ctx, &mut tx, m).await }
}

fn gone() -> Problem {
    Problem::internal("What a mail about a signature is about is not there.")
}

async fn of_request(ctx: &Ctx, tx: &mut Tx, request: &RequestId) -> Result<(Arc<Live>, Request, Values)> {
    let request = requests::by_id(tx, request).await?.ok_or_else(gone)?;
    let live = ctx.live_by_id(tx, &request.round_id).await?;
    let team = &live.spec.senders.team;
    let values = Values::from([
        ("director_name", request.name.clone()),
        ("client", live.spec.client.clone()),
        ("title", live.spec.title.clone()),
        ("sender_name", team.name.clone()),
        ("sender_title", team.title.clone()),
    ]);
    Ok((live, request, values))
}

async fn code(ctx: &Ctx, tx: &mut Tx, m: &Claimed) -> Result<(Arc<Live>, Values, &'static str)> {
    let code = codes::by_id(tx, &CodeId::from(m.subject_id.as_str())).await?.ok_or_else(gone)?;
    let (live, _, mut values) = of_request(ctx, tx, &code.request_id).await?;
    values.insert("accounts", code.accounts()?.len().to_string());
    values.insert("minutes", (CODE_LASTS / MINUTE).to_string());
    values.insert("code", digits(ctx, &code.id));
    Ok((live, values, usual::SIGN_CODE))
}

async fn receipt(ctx: &Ctx, tx: &mut Tx, m: &Claimed) -> Result<(Arc<Live>, Values, &'static str)> {
    let receipt = receipts::by_id(tx, &ReceiptId::from(m.subject_id.as_str())).await?.ok_or_else(gone)?;
    let (live, request, mut values) = of_request(ctx, tx, &receipt.request_id).await?;
    let mut holds: Vec<(Signature, String, Vec<Listed>)> = Vec::new();
    for requests::WithList { called, list, signature, .. } in requests::on_receipt(tx, &receipt.id).await? {
        // Of a list that was signed, changed and signed again meanwhile, what holds.
        holds.retain(|(before, ..)| before.account_id != signature.account_id);
        let list = list.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
        holds.push((signature, called.unwrap_or_default(), list));
    }
    let language = live.spec.language.as_str();
    let to = request.email.as_str();
    let mut lines: Vec<String> =
        holds.iter().flat_map(|(s, called, list)| lines_of(&live, to, s, called, list)).collect();
    let of_a_delegation = delegated(tx, &live, &request, receipt.due_at).await?;
    let tells_who_may_sign = lines.is_empty() && !of_a_delegation.is_empty();
    if tells_who_may_sign {
        lines = of_a_delegation;
    }
    if lines.len() > LONGEST_RECEIPT {
        let rest = more(language, lines.len() - LONGEST_RECEIPT);
        lines.truncate(LONGEST_RECEIPT);
        lines.push(rest);
    }
    let record = round_chain::head(tx, &request.round_id).await?;
    values.insert("accounts", holds.len().to_string());
    values.insert("names", holds.iter().map(|(s, ..)| s.names).sum::<i64>().to_string());
    values.insert("list", lines.join("\n"));
    values.insert("link", ctx.link(Purpose::SignOff, &request.id));
    values.insert("record", record.map_or_else(String::new, |head| head.sentence(language)));
    Ok((live, values, if tells_who_may_sign { usual::DELEGATED } else { usual::RECEIPT }))
}

/// Whom this person has asked to sign for him at this instant, one a line.
async fn delegated(tx: &mut Tx, live: &Live, request: &Request, at: Ts) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for d in delegations::made_at(tx, &request.round_id, request.level, &request.email, at).await? {
        let account = match &d.account_id {
            Some(id) => accounts::by_id(tx, id).await?.map(|account| account.name),
            None => None,
        };
        lines.push(may_sign(&live.spec.language, &d.to_name, d.to_email.as_str(), account.as_deref()));
    }
    Ok(lines)
}

/// One signature and the names under it, for the reader at this address.
fn lines_of(live: &Live, to: &str, s: &Signature, called: &str, list: &[Listed]) -> Vec<String> {
    let language = live.spec.language.as_str();
    let at = live.sequence.home().local(s.at);
    let at = format!("{}, {}", day(at.date(), language), at.format("%H:%M"));
    let signer = Signer::read(&s.signed_by);
    let whose = match signer.on_behalf_of {
        Some((_, email)) if email == to => Whose::ForYou(signer.name),
        Some((who, _)) => Whose::For(who),
        None => Whose::Own,
    };
    // What stood in the round before is told by name, as what was recorded.
    let given_by = s.signed_by.split(" <").next().unwrap_or_default();
    let line = SignedLine { account: called, names: s.names, at: &at, how: &s.how, given_by, whose };
    let names = list.iter().map(|Listed { name: n, .. }| {
        let whole = format!("{} {}", n.first_name, n.last_name);
        format!("- {}", listed(language, whole.trim(), &n.job_title, n.role, &n.email))
    });
    [signed(language, &line)].into_iter().chain(names).collect()
}
