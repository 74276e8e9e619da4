//! What mails to people of the client say: which names to sign, who has not answered. Looked up when the mail leaves.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, RequestId};
use crate::base::problem::{Problem, Result};
use crate::mail::dates::day;
use crate::mail::letters::rendering::Values;
use crate::mail::letters::told::{counted, for_another, shortened, since, unreachable};
use crate::mail::letters::usual;
use crate::rules::message::MessageKind;
use crate::rules::plan::Deadline;
use crate::rules::signoff::Change;
use crate::rules::signoff::delegation::Why;
use crate::steps::context::{Ctx, Live, Purpose};
use crate::steps::repair::contact_tasks::{ContactTask, open_of};
use crate::steps::signoff::asking::deadline;
use crate::steps::signoff::asking::requests::asked_about;
use crate::steps::signoff::asking::waiting::{Waiting, asked_before, waiting_for};
use crate::store::sending::claim::Claimed;
use crate::store::sending::outbox;
use crate::store::{repair, signoff as requests};

use super::team_mail;
use super::why_asked::why_asked;

/// The values for a mail to a director, a sales director or an account manager, its language, and the occasion when it is a rare one.
pub(super) async fn values(ctx: &Ctx, live: &Live, m: &Claimed) -> Result<(Values, String, Option<&'static str>)> {
    let (mut values, occasion) = match m.kind {
        MessageKind::Digest => team_mail::values(ctx, live, m).await?,
        MessageKind::Repair => (repairs(ctx, live, m).await?, Some(usual::REPAIR)),
        _ => request(ctx, live, m).await?,
    };
    values.insert("client", live.spec.client.clone());
    values.insert("title", live.spec.title.clone());
    Ok((values, live.spec.language.clone(), occasion))
}

async fn request(ctx: &Ctx, live: &Live, m: &Claimed) -> Result<(Values, Option<&'static str>)> {
    let mut tx = ctx.db.read().await?;
    let gone = || Problem::internal("The sign-off request of a message is not there.");
    let request = requests::by_id(&mut tx, &RequestId::from(m.subject_id.as_str())).await?.ok_or_else(gone)?;
    let accounts = asked_about(&mut tx, &request).await?;
    let ids: Vec<&AccountId> = accounts.iter().map(|a| &a.id).collect();
    let by = deadline::of_accounts(&mut tx, live, &ids, ctx.clock.now()).await?.and_then(Deadline::before);
    let why = why_asked(ctx, &mut tx, live, &request, &ids).await?;
    let left = outbox::left_about(&mut tx, &live.id, &request.id).await?;
    let left: Vec<(i64, Ts)> = left.into_iter().filter(|(number, _)| *number < m.number).collect();
    let waiting = waiting_for(&mut tx, &request, accounts).await?;
    let asked = asked_before(&waiting, &left) + 1;
    let changed = !waiting.is_empty() && waiting.iter().all(|w| w.changes.is_some());
    let colleague = waiting.iter().map(|w| w.behalf.as_ref().filter(|b| b.why == Why::Colleague));
    let for_whom: Option<Vec<&str>> = colleague.map(|behalf| Some(behalf?.name.as_str())).collect();
    let mut for_whom = for_whom.unwrap_or_default();
    for_whom.dedup();
    let occasion = match (changed, asked, m.kind) {
        (_, 1, _) if !for_whom.is_empty() => Some(usual::SIGN_OFF_FOR),
        (_, 1, _) if request.stands_in.0 && !why.is_empty() => Some(usual::SIGN_OFF_AS_WELL),
        (true, _, _) => Some(usual::SIGN_OFF_CHANGED),
        (false, 1, _) => None,
        (false, _, MessageKind::CounterSign) => Some(usual::COUNTER_SIGN_AGAIN),
        (false, ..) => Some(usual::SIGN_OFF_AGAIN),
    };
    let team = &live.spec.senders.team;
    let language = live.spec.language.as_str();
    let changed_names: usize = waiting.iter().filter_map(|w| w.changes.as_ref()).map(Vec::len).sum();
    let lines = why.into_iter().chain(waiting.iter().flat_map(|w| lines_of(live, w, &left))).collect();
    let values = Values::from([
        ("director_name", request.name.clone()),
        ("for_whom", for_whom.join(", ")),
        ("accounts", waiting.len().to_string()),
        ("names", waiting.iter().map(|w| w.names).sum::<usize>().to_string()),
        ("changed_names", changed_names.to_string()),
        ("list", shortened(lines, language)),
        ("link", ctx.link(Purpose::SignOff, &request.id)),
        ("opening_day", day(live.spec.schedule.opens, language)),
        ("sign_by", by.map_or(String::new(), |at| on(live, at))),
        ("asked", asked.to_string()),
        ("sender_name", team.name.clone()),
        ("sender_title", team.title.clone()),
    ]);
    Ok((values, occasion))
}

/// The day of an instant, as the round's own place has it.
fn on(live: &Live, at: Ts) -> String {
    day(live.sequence.home().local(at).date(), &live.spec.language)
}

/// What waits at one account: whose it is by now, and since when its reader knows; what has changed, where it was signed before.
fn lines_of(live: &Live, w: &Waiting, left: &[(i64, Ts)]) -> Vec<String> {
    let language = live.spec.language.as_str();
    let account = match &w.behalf {
        Some(of) => for_another(language, &w.account.name, &of.name, of.why == Why::Colleague),
        None => w.account.name.clone(),
    };
    let named = |changes: &Vec<Change>| -> Vec<String> {
        changes.iter().map(|change| format!("{account}: {}", change.sentence(language))).collect()
    };
    if let Some(lines) = w.changes.as_ref().map(named).filter(|lines| !lines.is_empty()) {
        return lines;
    }
    let signed = w.signed.as_ref().map(|(who, at)| (who.as_str(), on(live, *at)));
    let asked = left.iter().map(|(_, at)| *at).find(|at| *at >= w.since).map(|at| on(live, at));
    vec![counted(language, &account, w.names as i64, signed, asked.as_deref())]
}

async fn repairs(ctx: &Ctx, live: &Live, m: &Claimed) -> Result<Values> {
    let gone = || Problem::internal("The repair request of a message is not there.");
    let mut tx = ctx.db.read().await?;
    let request = repair::by_id(&mut tx, &RequestId::from(m.subject_id.as_str())).await?.ok_or_else(gone)?;
    let broken = open_of(&mut tx, &request).await?;
    let left = outbox::left_about(&mut tx, &live.id, &request.id).await?;
    let asked = left.iter().filter(|(number, _)| *number < m.number).count() + 1;
    let team = &live.spec.senders.team;
    Ok(Values::from([
        ("manager_name", request.name.clone()),
        ("names", broken.len().to_string()),
        ("asked", asked.to_string()),
        ("list", shortened(broken.iter().map(|b| broken_line(live, b)).collect(), &live.spec.language)),
        ("link", ctx.link(Purpose::Repair, &request.id)),
        ("sender_name", team.name.clone()),
        ("sender_title", team.title.clone()),
    ]))
}

/// Who cannot be reached, why, and since when.
fn broken_line(live: &Live, b: &ContactTask) -> String {
    let language = live.spec.language.as_str();
    let why = unreachable(language, b.task.kind, b.person.left_at.is_some());
    format!("{}, {}: {why}, {}", b.person.full_name(), b.person.account, since(language, &on(live, b.task.opened_at)))
}
