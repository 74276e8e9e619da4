//! The worth of a round's people as they are now, and of a list before it is loaded.

use std::collections::HashMap;

use serde::Serialize;

use crate::base::ids::{AccountId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::checked::{CheckedList, Unread};
use crate::rules::contacts::quality::known::AccountBefore;
use crate::rules::contacts::quality::{KnownFacts, Quality, quality};
use crate::rules::contacts::together::account::key;
use crate::steps::contacts::accounts::aliases;
use crate::steps::contacts::people::particulars::as_row;
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::listing::Listed;
use crate::store::contacts::{accounts, earlier, left_out, listing, objections};

use super::super::load::rows::{AT_ONCE, add_what_is_known};
use super::dropped::{Dropped, Here, dropped};

/// What is shown of a round or a list: its worth, and whom directors left out since the round before.
#[derive(Clone, Debug, Serialize)]
pub struct RoundQuality {
    #[serde(flatten)]
    pub quality: Quality,
    pub dropped: Vec<Dropped>,
}

/// The people of a round as they are now.
pub async fn of_round(ctx: &Ctx, slug: &str) -> Result<RoundQuality> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let list = listed(&mut tx, &live.id).await?;
    worth(ctx, &mut tx, &live, &list).await
}

/// Who is in a round, as a list that can be sent back.
pub async fn list_of_round(ctx: &Ctx, slug: &str) -> Result<CheckedList> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    listed(&mut tx, &live.id).await
}

/// A list as it would be in the round.
pub async fn of_list(ctx: &Ctx, slug: &str, list: &CheckedList) -> Result<RoundQuality> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let mut list = list.clone();
    for rows in list.accepted.chunks_mut(AT_ONCE) {
        add_what_is_known(&mut tx, &live.id, rows, ctx.clock.now()).await?;
    }
    worth(ctx, &mut tx, &live, &list).await
}

/// The same, with what is known of its people as findings of their rows.
pub async fn of_list_by_row(ctx: &Ctx, slug: &str, mut list: CheckedList) -> Result<(CheckedList, RoundQuality)> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let mut known = Vec::new();
    for rows in list.accepted.chunks_mut(AT_ONCE) {
        let before: Vec<usize> = rows.iter().map(|row| row.findings.len()).collect();
        add_what_is_known(&mut tx, &live.id, rows, ctx.clock.now()).await?;
        known.extend(rows.iter().zip(before).flat_map(|(row, n)| row.findings.iter().skip(n).cloned()));
    }
    list.findings.extend(known);
    list.findings.sort_by_key(|finding| finding.line);
    let worth = worth(ctx, &mut tx, &live, &list).await?;
    Ok((list, worth))
}

async fn worth(ctx: &Ctx, tx: &mut Tx, live: &Live, list: &CheckedList) -> Result<RoundQuality> {
    let known = known(tx, live, list).await?;
    let here = Here::of_list(tx, &live.id, list).await?;
    Ok(RoundQuality { quality: quality(list, &known), dropped: dropped(ctx, tx, &live.id, &here).await? })
}

/// What is known of the accounts, under the names that the list has for them.
async fn known(tx: &mut Tx, live: &Live, list: &CheckedList) -> Result<KnownFacts> {
    let before = match earlier::round_before(tx, &live.id).await? {
        Some(before) => accounts::of_round(tx, &before.id).await?,
        None => Vec::new(),
    };
    let before = before.into_iter().filter(|a| a.listed > 0 || a.invited > 0);
    let client = objections::client_of(tx, &live.id).await?;
    let aliases = aliases::load(tx, &client).await?;
    let mut listed: HashMap<String, &str> = HashMap::new();
    for row in &list.accepted {
        let key = key(&row.account);
        listed.entry(aliases.canonical(&key).to_owned()).or_insert(&row.account);
        listed.insert(key, &row.account);
    }
    let called = |name: String| {
        let key = key(&name);
        let on_the_list = listed.get(&key).or_else(|| listed.get(aliases.canonical(&key)));
        on_the_list.map_or(name, |on_the_list| (*on_the_list).to_owned())
    };
    let known = |a: Account| AccountBefore { name: called(a.name), revenue: a.annual_revenue };
    let this_round = accounts::of_round(tx, &live.id).await?.into_iter().map(known).collect();
    Ok(KnownFacts { client_revenue: live.spec.client_revenue, accounts: before.map(known).collect(), this_round })
}

/// Who is in a round, and who was left out of its list, as a list that was checked.
async fn listed(tx: &mut Tx, round: &RoundId) -> Result<CheckedList> {
    let all = accounts::of_round(tx, round).await?;
    let by_id: HashMap<&AccountId, &Account> = all.iter().map(|a| (&a.id, a)).collect();
    let everybody = listing::everybody(tx, round).await?;
    let there = everybody.into_iter().filter(|p| p.removed_at.is_none());
    let row =
        |p: &Listed, account| as_row(0, (p.first_name.as_str(), p.last_name.as_str(), &p.email), p.into(), account);
    let accepted: Vec<ListedContact> =
        there.filter_map(|p| by_id.get(&p.account_id).map(|account| row(&p, account))).collect();
    let left_out = left_out::of_round(tx, round).await?;
    let unread: Vec<Unread> = left_out
        .into_iter()
        .map(|l| Unread { line: l.line as u64, who: l.who, account: l.account, director: l.director_key, why: l.why })
        .collect();
    let mut names: Vec<String> = accepted.iter().map(|c| key(&c.account)).collect();
    names.sort_unstable();
    names.dedup();
    let findings = accepted.iter().flat_map(|c| c.findings.iter().cloned()).collect();
    Ok(CheckedList {
        rows: (accepted.len() + unread.len()) as u64,
        accounts: names.len() as u64,
        accepted,
        findings,
        unread,
        refused: Vec::new(),
    })
}
