//! The evidence file of a round: everything that proves who approved whom, read at one moment.

use crate::base::counted::counted;
use crate::base::ids::RoundId;
use crate::base::problem::{Kind, Problem, Result};
use crate::rules::evidence::{AccountRecord, Document, Head, RoundRecord, Signed};
use crate::rules::journal::Actor;
use crate::rules::signoff::{Listed, SignedName, fingerprint};
use crate::steps::context::Ctx;
use crate::steps::signoff::delegating::appointing;
use crate::steps::signoff::signed;
use crate::store::Tx;
use crate::store::contacts::account_questions::{self, Renamed};
use crate::store::contacts::accounts::{self, Account};
use crate::store::journal::round_chain;
use crate::store::round::rounds;
use crate::store::signoff::{self, WithList};

use super::beginning::BeginChains;

/// So often it is read again when the round goes on meanwhile.
const TRIES: usize = 5;

/// Reads a round's evidence with everything that its journal says. What is between two equal ends of its journal is of one moment, for every signature has an entry.
pub async fn evidence(ctx: &Ctx, slug: &str) -> Result<Document> {
    ctx.order(&Actor::Program, BeginChains).await?;
    let mut tx = ctx.db.read().await?;
    let round = ctx.live_by_slug(&mut tx, slug).await?.id.clone();
    for _ in 0..TRIES {
        let before = end_of(&mut tx, &round).await?;
        let document = read(ctx, &mut tx, &round, &before).await?;
        if end_of(&mut tx, &round).await? == before {
            return Ok(document);
        }
    }
    Err(Problem::new(Kind::Unavailable, "The round changes faster than it can be read.", "Try again in a minute."))
}

/// The end of a round's journal; before its first entry, where that one will begin.
async fn end_of(tx: &mut Tx, round: &RoundId) -> Result<Head> {
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
    let delegations = signoff::delegations::of_round(tx, id).await?;
    let delegations = (1..).zip(&delegations).map(|(n, d)| appointing::line(n, d)).collect();
    let signatures = signatures(tx, id, &all).await?;
    let mut journal = Vec::new();
    round_chain::walk(tx, id, |line| journal.push(line)).await?;
    Ok(Document::new(record, all.into_iter().map(account).collect(), delegations, signatures, journal))
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
    let renamed = account_questions::renamed(tx, round).await?;
    let (mut all, mut last) = (Vec::new(), 0);
    loop {
        let page = signoff::with_lists(tx, round, last).await?;
        let Some(end) = page.last() else { return Ok(all) };
        last = end.n;
        all.extend(page.into_iter().map(|with_list| of(with_list, accounts, &renamed)));
    }
}

/// Lists that earlier versions kept do not say what the account was called. Most are called so still; of one that a list has renamed since,
/// nobody knows it any more.
fn of(with_list: WithList, accounts: &[Account], renamed: &[Renamed]) -> Signed {
    let WithList { signature, called, list, .. } = with_list;
    let list: Option<Vec<Listed>> = list.and_then(|json| serde_json::from_str(&json).ok());
    let id = &signature.account_id;
    let called = called.or_else(|| {
        let now =
            accounts.iter().find(|account| account.id == *id).map(|account| account.name.clone()).unwrap_or_default();
        let was_renamed = renamed.iter().any(|renamed| renamed.account_id == *id && renamed.at >= signature.at);
        (!was_renamed || covers(&signature.fingerprint, &now, list.as_deref())).then_some(now)
    });
    signed(&signature, called.as_deref(), list)
}

fn covers(signed: &str, account: &str, list: Option<&[Listed]>) -> bool {
    let names: Vec<SignedName> = list.unwrap_or_default().iter().map(|listed| listed.name.clone()).collect();
    fingerprint(account, &names) == signed
}

/// What `doctor` says of the journal of a round: what was changed, and what has no place in it yet.
#[derive(Debug, Default)]
pub(super) struct Amiss {
    pub changed: Option<String>,
    /// Entries that an earlier version has written.
    pub waiting: i64,
}

/// Compares the journal of a round with the end that is kept of it.
pub(super) async fn amiss(tx: &mut Tx, round: &RoundId) -> Result<Amiss> {
    let kept = round_chain::head(tx, round).await?;
    let there = kept.as_ref().map_or(0, |kept| kept.entries);
    let mut at_the_end = None;
    let end = round_chain::walk(tx, round, |line| {
        if line.record.n == there {
            at_the_end = Some(line.sha256);
        }
    })
    .await?;
    let changed = match &kept {
        Some(_) if end.entries < there => {
            Some(format!("it ends with entry {}, and {there} were written.", end.entries))
        }
        Some(kept) if at_the_end.as_ref() != Some(&kept.hash) => {
            Some(format!("its {there} entries do not lead to the end that pages have shown."))
        }
        // What was added while this was read has moved the end along.
        _ if end.entries > there && end_of(tx, round).await?.entries < end.entries => {
            let entries = counted(end.entries - there, "entry", "entries");
            Some(match &kept {
                Some(_) => format!("behind the end that pages have shown it goes on with {entries}."),
                None => format!("it has {entries}, and their end is gone."),
            })
        }
        _ => None,
    };
    Ok(Amiss { changed, waiting: round_chain::waiting(tx, round).await? })
}
