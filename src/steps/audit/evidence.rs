//! The evidence file of a round: everything that proves who approved whom, read at one moment.

use crate::base::ids::{AccountId, RoundId};
use crate::base::problem::{Kind, Problem, Result};
use crate::rules::evidence::{AccountRecord, Document, EntryRecord, Head, RoundRecord, Signed, follow};
use crate::rules::journal::Actor;
use crate::steps::context::Ctx;
use crate::steps::signoff::signed;
use crate::store::Tx;
use crate::store::contacts::accounts::{self, Account};
use crate::store::journal::round_chain;
use crate::store::round::rounds;
use crate::store::signoff::{self, WithList};

use super::beginning::BeginChains;

/// So often it is read again when the round goes on meanwhile.
const TRIES: usize = 5;

/// Reads a round's evidence. What is between two equal ends of its journal is of one moment, for every signature has an entry.
pub async fn evidence(ctx: &Ctx, slug: &str) -> Result<Document> {
    ctx.order(&Actor::Program, BeginChains).await?;
    let mut tx = ctx.db.read().await?;
    let round = ctx.live_by_slug(&mut tx, slug).await?.id.clone();
    for _ in 0..TRIES {
        let before = head_of(&mut tx, &round).await?;
        let document = read(ctx, &mut tx, &round, &before).await?;
        if head_of(&mut tx, &round).await? == before {
            return Ok(document);
        }
    }
    Err(Problem::new(Kind::Unavailable, "The round changes faster than it can be read.", "Try again in a minute."))
}

/// The end of a round's journal; that of none where it has no entry yet.
async fn head_of(tx: &mut Tx, round: &RoundId) -> Result<Head> {
    Ok(round_chain::head(tx, round).await?.unwrap_or_else(|| Head::before_all(round)))
}

async fn read(ctx: &Ctx, tx: &mut Tx, id: &RoundId, head: &Head) -> Result<Document> {
    let unknown = || Problem::not_found("There is no such round.", "Look at the list of rounds.");
    let live = ctx.live_by_id(tx, id).await?;
    let round = rounds::by_id(tx, id).await?.ok_or_else(unknown)?;
    let record = RoundRecord {
        id: id.clone(),
        name: round.slug,
        client: live.spec.client.clone(),
        title: live.spec.title.clone(),
        opens: live.spec.schedule.opens,
        closes: live.spec.schedule.closes,
        made_at: round.created_at,
        started_at: round.started_at,
        closed_at: round.closed_at,
        as_of: ctx.clock.now(),
        entries: head.entries,
        head: head.hash.clone(),
    };
    let all = accounts::of_round(tx, id).await?;
    let signatures = signatures(tx, id, &all).await?;
    let journal = journal(tx, id).await?;
    Ok(Document::new(record, all.into_iter().map(account).collect(), signatures, journal))
}

fn account(a: Account) -> AccountRecord {
    AccountRecord {
        id: a.id,
        name: a.name,
        director: a.director_name,
        director_email: a.director_email.as_str().into(),
        strategic: a.strategic_since.is_some(),
        standing: a.standing,
        names: a.listed,
        fingerprint: a.fingerprint,
    }
}

async fn signatures(tx: &mut Tx, round: &RoundId, accounts: &[Account]) -> Result<Vec<Signed>> {
    let (mut all, mut last) = (Vec::new(), 0);
    loop {
        let page = signoff::with_lists(tx, round, last).await?;
        let Some(end) = page.last() else { return Ok(all) };
        last = end.n;
        all.extend(page.into_iter().map(|with_list| of(with_list, accounts)));
    }
}

/// Lists that earlier versions kept do not say what the account was called; most are called so still.
fn of(with_list: WithList, accounts: &[Account]) -> Signed {
    let (_, account, list, signature) = with_list.apart();
    let called = |id: &AccountId| accounts.iter().find(|a| a.id == *id).map(|a| a.name.clone());
    let account = account.or_else(|| called(&signature.account_id)).unwrap_or_default();
    signed(&signature, &account, list.and_then(|json| serde_json::from_str(&json).ok()))
}

async fn journal(tx: &mut Tx, round: &RoundId) -> Result<Vec<EntryRecord>> {
    let (mut all, mut end, mut last) = (Vec::new(), Head::before_all(round), 0);
    loop {
        let (entries, reached) = round_chain::page(tx, round, last).await?;
        let Some(reached) = reached else { return Ok(all) };
        last = reached;
        for entry in entries {
            let (placed, next) = follow(&end, entry);
            end = next;
            all.push(placed);
        }
    }
}

/// The end of a round's journal as it is kept; none where the round has no entry.
pub async fn head(tx: &mut Tx, round: &RoundId) -> Result<Option<Head>> {
    Ok(round_chain::head(tx, round).await?.filter(|head| head.entries > 0))
}

/// What is wrong with the journal of a round beside the end that is kept of it.
pub(super) async fn wrong(tx: &mut Tx, round: &RoundId) -> Result<Option<String>> {
    let Some(kept) = head(tx, round).await? else { return Ok(None) };
    let (mut end, mut last) = (Head::before_all(round), 0);
    while end.entries < kept.entries {
        let (entries, reached) = round_chain::page(tx, round, last).await?;
        let Some(reached) = reached else { break };
        last = reached;
        for entry in entries {
            // What was added while this was read stands behind the end that was kept.
            if end.entries < kept.entries {
                (_, end) = follow(&end, entry);
            }
        }
    }
    let says = match end {
        end if end == kept => return Ok(None),
        end if end.entries < kept.entries => {
            format!("it ends with entry {}, and {} were written.", end.entries, kept.entries)
        }
        _ => format!("its {} entries do not lead to the end that pages have shown.", kept.entries),
    };
    Ok(Some(says))
}
