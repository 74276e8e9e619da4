//! What the mail says that tells a sponsor where the signatures of a round stand: how far they are, who is late, what is lost without them,
//! and what the round does by itself. Looked up when it is shown, and again when it leaves.

use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::mail::dates::day;
use crate::mail::letters::rendering::{Rendered, Values};
use crate::mail::letters::told::more;
use crate::mail::letters::told::summary::{Next, late, lost, next, signed_so_far};
use crate::mail::letters::usual;
use crate::rules::message::MessageKind;
use crate::rules::plan::Deadline;
use crate::rules::signoff::loss::AtStake;
use crate::steps::context::{Ctx, Live};
use crate::steps::signoff::progress::{self, Progress};
use crate::store::Tx;
use crate::store::sending::claim::Claimed;
use crate::store::signoff::director_tally::{self, Director, Search};
use crate::store::signoff::{self as requests, summaries};

use super::wording;

/// Late directors who are named; the last line says how many more there are.
const NAMED: i64 = 15;

/// A summary as somebody of this name would read it now.
pub(crate) async fn shown(ctx: &Ctx, tx: &mut Tx, live: &Live, name: &str) -> Result<Rendered> {
    let values = values(ctx, tx, live, name).await?;
    let language = live.spec.language.as_str();
    wording::to_colleague(live, MessageKind::SignOffSummary, 1, &values, language, Some(usual::SIGN_OFF_SUMMARY))
}

/// The one that is about to leave, with its round.
pub(super) async fn of_message(ctx: &Ctx, m: &Claimed) -> Result<(std::sync::Arc<Live>, Rendered)> {
    let gone = || Problem::internal("The summary that a mail is about is not there.");
    let mut tx = ctx.db.read().await?;
    let summary = summaries::by_id(&mut tx, &m.subject_id.as_str().into()).await?.ok_or_else(gone)?;
    let live = ctx.live_by_id(&mut tx, &summary.round_id).await?;
    let letter = shown(ctx, &mut tx, &live, &summary.name).await?;
    Ok((live, letter))
}

async fn values(ctx: &Ctx, tx: &mut Tx, live: &Live, name: &str) -> Result<Values> {
    let (now, language) = (ctx.clock.now(), live.spec.language.as_str());
    let progress = progress::of_round(ctx, tx, live).await?;
    let (listed, left) = (progress.listed, progress.left);
    let out_of_reach = listed.out_of_reach(&live.spec.targets, &left);
    let next_ask = requests::next_ask(tx, &live.id).await?;
    let team = &live.spec.senders.team;
    Ok(Values::from([
        ("full_name", name.to_owned()),
        ("client", live.spec.client.clone()),
        ("title", live.spec.title.clone()),
        ("accounts", (listed.accounts - progress.signed_accounts).to_string()),
        ("names", left.names.to_string()),
        ("rate", signed_so_far(language, progress.signed_accounts, listed.accounts)),
        ("list", late_lines(tx, live, &progress, now).await?.join("\n")),
        ("lost", lost(language, &left, listed.share(&left), &out_of_reach)),
        ("next", next(language, &what_comes(live, &progress, &left, next_ask.map(|at| at.max(now))))),
        ("sender_name", team.name.clone()),
        ("sender_title", team.title.clone()),
    ]))
}

fn what_comes(live: &Live, progress: &Progress, left: &AtStake, next_ask: Option<Ts>) -> Next {
    if left.names == 0 {
        return Next::default();
    }
    let home = live.sequence.home();
    let on = |at: Ts| day(home.local(at).date(), &live.spec.language);
    Next {
        asks_on: next_ask.map(on),
        every: live.spec.signoff.chase_every_working_days,
        at_most: live.spec.signoff.maximum_chases,
        letter_on: progress.letter.and_then(Deadline::before).map(on),
        letter_passed: matches!(progress.letter, Some(Deadline::Passed { .. })),
    }
}

/// Who is late, whoever has waited longest first; the sales director behind them.
async fn late_lines(tx: &mut Tx, live: &Live, progress: &Progress, now: Ts) -> Result<Vec<String>> {
    let (home, language) = (live.sequence.home(), live.spec.language.as_str());
    let search = Search {
        filter: "late",
        late_before: progress.late_before,
        order: director_tally::Order::Wait,
        ..Search::default()
    };
    let line = |d: &Director| {
        let waits = progress.waits(live, &home, d.waits_since, now)?;
        Some(late(language, &d.name, d.open, &d.at_stake(), waits.days, waits.late?.days))
    };
    let found = match progress.late_before {
        Some(_) => director_tally::page(tx, &live.id, &search, NAMED, 0).await?,
        None => Vec::new(),
    };
    let mut lines: Vec<String> = found.iter().filter_map(line).collect();
    let others = progress.late.directors - found.len() as i64;
    if others > 0 {
        lines.push(more(language, others as usize));
    }
    let second = progress.second;
    if let Some((waits, is_late)) = second.waits.and_then(|waits| Some((waits, waits.late?))) {
        let name = &live.spec.signoff.sales_director;
        lines.push(late(language, name, second.accounts, &second.at_stake, waits.days, is_late.days));
    }
    Ok(lines.iter().map(|line| format!("- {line}")).collect())
}
