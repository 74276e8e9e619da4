//! Who must sign: one request, and so one link, for each person and round, and the accounts that it is about.

use std::collections::HashSet;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{RequestId, RoundId};
use crate::base::problem::Result;
use crate::base::tokens;
use crate::rules::round::RoundState;
use crate::rules::signoff as rule;
use crate::rules::signoff::{SignLevel, Standing, delegation};
use crate::steps::context::{Ctx, Purpose};
use crate::store::contacts::accounts::{self, Account};

use crate::store::round::rounds;
use crate::store::signoff::Request;
use crate::store::signoff::delegations::{self, Delegation};
use crate::store::{Flag, Tx, signoff as requests};

/// Makes sure that everybody who must sign something in a started round has a request, and so a link.
pub(crate) async fn ensure_signoff_requests(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<()> {
    let mut asked = HashSet::new();
    for account in accounts::of_round(tx, round).await? {
        let waits = account.standing == Standing::Unsigned && account.listed > 0;
        if waits && asked.insert(account.director_email.key()) {
            let director = (account.director_name.as_str(), account.director_email.clone());
            add_request(ctx, tx, round, SignLevel::Director, director, ctx.clock.now()).await?;
        }
    }
    accounts::wait(tx, round, ctx.clock.now()).await?;
    ensure_counter_request(ctx, tx, round).await.map(drop)
}

/// Whom it asks, and when; none where nothing waits for the second signature.
pub(in crate::signoff) async fn ensure_counter_request(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &RoundId,
) -> Result<Option<(EmailAddress, Ts)>> {
    let waiting = accounts::strategic(tx, round).await?.iter().any(|a| a.standing == Standing::CounterSign);
    let Some(brief) = rounds::by_id(tx, round).await? else { return Ok(None) };
    if brief.state == RoundState::Draft {
        return Ok(None);
    }
    let live = ctx.live_by_id(tx, round).await?;
    let by = &live.spec.signoff;
    requests::signs_for_others_only(tx, round, SignLevel::SalesDirector, &by.sales_director_email).await?;
    if !waiting {
        return Ok(None);
    }
    let at = rule::counter_ask_at(&live.sequence.home(), ctx.clock.now());
    let to = by.sales_director_email.clone();
    add_request(ctx, tx, round, SignLevel::SalesDirector, (&by.sales_director, to.clone()), at).await?;
    requests::stands_for_himself(tx, round, SignLevel::SalesDirector, &to).await?;
    requests::ask_again(tx, round, SignLevel::SalesDirector, &to, at).await?;
    Ok(Some((to, at)))
}

async fn add_request(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &RoundId,
    level: SignLevel,
    whom: (&str, EmailAddress),
    ask_at: Ts,
) -> Result<()> {
    add(ctx, tx, round, level, whom, ask_at, false).await
}

/// Makes sure that somebody who signs for others has a request, and so a link, and is asked at `ask_at` at the latest.
pub(in crate::signoff) async fn ensure_stand_in(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &RoundId,
    level: SignLevel,
    (name, email): (&str, &EmailAddress),
    ask_at: Ts,
) -> Result<()> {
    add(ctx, tx, round, level, (name, email.clone()), ask_at, true).await?;
    requests::ask_again(tx, round, level, email, ask_at).await?;
    requests::ask_sooner(tx, round, level, email, ask_at).await
}

async fn add(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &RoundId,
    level: SignLevel,
    (name, email): (&str, EmailAddress),
    ask_at: Ts,
    stands_in: bool,
) -> Result<()> {
    let now = ctx.clock.now();
    let id: RequestId = ctx.ids.id(now);
    let hash = ctx.secret_hash(Purpose::SignOff, &id);
    let request = Request {
        id,
        round_id: round.clone(),
        level,
        name: name.into(),
        email,
        created_at: now,
        asked: 0,
        asked_at: None,
        next_ask_at: Some(ask_at),
        opened_at: None,
        stands_in: Flag(stands_in),
    };
    requests::add_request(tx, &request, &hash).await
}

/// The accounts that a request is about: those of its person, and those that he signs for somebody else.
pub(crate) async fn accounts_of(tx: &mut Tx, request: &Request) -> Result<Vec<Account>> {
    let all = match request.level {
        SignLevel::Director => accounts::to_be_signed_by(tx, &request.round_id, &request.email).await?,
        // The sales director sees what is ready for him, and what he has signed.
        SignLevel::SalesDirector => {
            let mut all = accounts::strategic(tx, &request.round_id).await?;
            all.retain(|a| a.standing != Standing::Unsigned);
            if request.stands_in.0 {
                let taken = delegations::taken(tx, &request.round_id, request.level, &request.email).await?;
                all.retain(|a| taken.iter().any(|d| d.stand_in().covers(&a.id)));
            }
            all
        }
    };
    Ok(all.into_iter().filter(|a| a.listed > 0 || request.level == SignLevel::Director).collect())
}

/// The accounts on which this request still waits for a signature.
pub(crate) fn to_sign(request: &Request, accounts: &[Account]) -> Vec<Account> {
    accounts.iter().filter(|a| a.listed > 0 && rule::may_sign(request.level, a.standing)).cloned().collect()
}

/// Those of them about which this person is mailed: not those that a colleague signs whom he has asked.
pub(crate) async fn asked_about(tx: &mut Tx, request: &Request) -> Result<Vec<Account>> {
    let mut waiting = to_sign(request, &accounts_of(tx, request).await?);
    let given = delegations::given(tx, &request.round_id, request.level, &[request.email.as_str()]).await?;
    let is_own = |a: &Account| request.level == SignLevel::SalesDirector || a.director_email == request.email;
    waiting.retain(|a| {
        !is_own(a) || delegation::asks_himself(&a.id, &given.iter().map(|d| d.stand_in()).collect::<Vec<_>>())
    });
    Ok(waiting)
}

/// Everybody who is mailed about an account of `own` at a level: himself, or who signs for him.
pub(in crate::signoff) async fn asked_for(
    tx: &mut Tx,
    account: &Account,
    level: SignLevel,
    own: &EmailAddress,
) -> Result<Vec<EmailAddress>> {
    let given = delegations::given(tx, &account.round_id, level, &[own.as_str()]).await?;
    let stand_ins: Vec<_> = given.iter().map(|d| d.stand_in()).collect();
    Ok(delegation::asked(&account.id, own, &stand_ins).into_iter().cloned().collect())
}

/// Of the one whose account it is at a level.
pub(in crate::signoff) async fn own_address(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &Account,
    level: SignLevel,
) -> Result<EmailAddress> {
    Ok(match level {
        SignLevel::Director => account.director_email.clone(),
        SignLevel::SalesDirector => {
            ctx.live_by_id(tx, &account.round_id).await?.spec.signoff.sales_director_email.clone()
        }
    })
}

/// The requests of everybody who may sign any of these accounts at a level, each once; all are of one round.
pub(in crate::signoff) async fn of_signers(
    ctx: &Ctx,
    tx: &mut Tx,
    accounts: &[Account],
    level: SignLevel,
) -> Result<Vec<Request>> {
    let Some(first) = accounts.first() else { return Ok(Vec::new()) };
    let mut own = Vec::new();
    for account in accounts {
        own.push((&account.id, own_address(ctx, tx, account, level).await?));
    }
    let whose: HashSet<&str> = own.iter().map(|(_, email)| email.as_str()).collect();
    let whose: Vec<&str> = whose.into_iter().collect();
    let given = delegations::given(tx, &first.round_id, level, &whose).await?;
    let covers = |d: &&Delegation| own.iter().any(|(id, email)| d.of_email == *email && d.stand_in().covers(id));
    let covering = given.iter().filter(covers).map(|d| d.to_email.as_str());
    let emails: HashSet<&str> = covering.chain(whose.iter().copied()).collect();
    requests::of_people(tx, &first.round_id, level, &emails.into_iter().collect::<Vec<_>>()).await
}

/// The request behind a link, if the link is one of ours.
pub async fn find(ctx: &Ctx, secret: &str) -> Result<Option<Request>> {
    let mut tx = ctx.db.read().await?;
    requests::by_link(&mut tx, &tokens::hash(secret)).await
}
