//! Writes what was prepared: the new people of a list by pieces that others' writes may pass between, and the rest at once.
//!
//! Up to the last piece nothing of the list is in force. A load that ends before it leaves marked people behind, who are nobody; the next
//! load takes them up or clears them away.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use tokio::task::JoinHandle;
use tracing::warn;

use crate::base::address::key_of;
use crate::base::ids::{AccountId, ContactId, QuestionId, RoundId};
use crate::base::problem::{Kind, Problem, Result};
use crate::rules::contacts::out::Removal;
use crate::rules::journal::Actor;
use crate::rules::round::RoundState;
use crate::rules::signoff::SignLevel;
use crate::steps::context::Ctx;
use crate::steps::signoff::signing::standing::update_standing;
use crate::store::contacts::account_questions::{self, NewAccountQuestion};
use crate::store::contacts::loading::{self, Piece};
use crate::store::contacts::search_words::{self, Gathered};
use crate::store::contacts::{self, accounts, identity, objections as known_objections};
use crate::store::{Tx, signoff as requests};

use super::changes::Changes;
use super::pieces::{ClearAccountsAway, ClearAway, EnterSearchWords, PutAccountsDown, PutPeopleDown};
use super::prepare::Prepared;
use super::rows::{self, AT_ONCE};
use crate::steps::contacts::accounts::owners::{self, RenamedAccount, Write};
use crate::steps::contacts::addresses;
use crate::steps::contacts::objections;
use crate::steps::contacts::people::carried::{KnownFrom, carry};

/// Left to other writers between two pieces, also to those of other programs, which the database gives no turn by itself.
const PAUSE: Duration = Duration::from_millis(10);

/// New people in one piece: as long as others wait at most for one. Each piece writes most pages of the indexes once more, so few are
/// better.
const PIECE: usize = 4_000;

/// Words in one piece.
const WORDS: usize = 20_000;

/// People of earlier loads that are cleared away at once.
const CLEARED: usize = 100;

/// Puts the new people of a list down, piece by piece.
pub(in crate::contacts) async fn put_down(ctx: &Ctx, by: &Actor, prepared: &Prepared) -> Result<()> {
    clear_away(ctx, by, &prepared.round, &prepared.left).await?;
    for writes in prepared.owners.writes.chunks(AT_ONCE) {
        let new: Vec<Write> = writes.iter().filter(|write| matches!(write, Write::New(_))).cloned().collect();
        if !new.is_empty() {
            ctx.order(by, PutAccountsDown { new }).await.map_err(another_is_loading)?;
            ctx.pauses.pause(PAUSE).await;
        }
    }
    let mut words = Gathered::default();
    let mut next = written_down(prepared, 0);
    for at in 0..prepared.rows.new.len().div_ceil(PIECE) {
        let mut new = next.await.map_err(|e| Problem::internal("A list could not be written down.").because(e))??;
        // The next piece is worked out while this one is written.
        next = written_down(prepared, at + 1);
        words.add(std::mem::take(&mut new.words));
        let (mark, again) = (prepared.mark.clone(), prepared.again);
        ctx.order(by, PutPeopleDown { new, mark, again }).await?;
        ctx.pauses.pause(PAUSE).await;
    }
    let words = words.in_order(&prepared.rows.new);
    for words in words.pieces(&prepared.rows.new, WORDS) {
        ctx.order(by, EnterSearchWords { round: prepared.round.clone(), words: words? }).await?;
        ctx.pauses.pause(PAUSE).await;
    }
    Ok(())
}

/// A piece of the people of a list as it is put down; behind the last one nobody.
fn written_down(prepared: &Prepared, piece: usize) -> JoinHandle<Result<Piece>> {
    let new = prepared.rows.new.clone();
    tokio::task::spawn_blocking(move || {
        let begin = (piece * PIECE).min(new.len());
        loading::piece(&new[begin..(begin + PIECE).min(new.len())])
    })
}

/// What a load has put down: its new people, and its new accounts.
#[derive(Default)]
pub(crate) struct PutDown {
    people: Vec<ContactId>,
    accounts: Vec<AccountId>,
}

impl PutDown {
    pub fn of(prepared: &Prepared) -> PutDown {
        let new = prepared.owners.writes.iter().filter_map(|write| match write {
            Write::New(account) => Some(account.id.clone()),
            Write::Update(_) | Write::HandOver(_) => None,
        });
        PutDown { people: prepared.rows.new.iter().map(|new| new.id.clone()).collect(), accounts: new.collect() }
    }

    pub fn add(&mut self, other: PutDown) {
        self.people.extend(other.people);
        self.accounts.extend(other.accounts);
    }

    /// Clears it away after a refusal. The next load clears away whom this leaves; why this one was refused is what its reader needs.
    pub async fn clear_away(&self, ctx: &Ctx, by: &Actor, round: &RoundId) {
        let done = async {
            clear_away(ctx, by, round, &self.people).await?;
            for accounts in self.accounts.chunks(CLEARED) {
                ctx.order(by, ClearAccountsAway { round: round.clone(), accounts: accounts.to_vec() }).await?;
                ctx.pauses.pause(PAUSE).await;
            }
            Ok::<(), Problem>(())
        };
        if let Err(problem) = done.await {
            warn!(%problem, round = round.as_str(), "what a refused list has put down was not cleared away");
        }
    }
}

/// Clears people away who were put down and are on no list.
async fn clear_away(ctx: &Ctx, by: &Actor, round: &RoundId, left: &[ContactId]) -> Result<()> {
    for left in left.chunks(CLEARED) {
        ctx.order(by, ClearAway { round: round.clone(), left: left.to_vec() }).await?;
        ctx.pauses.pause(PAUSE).await;
    }
    Ok(())
}

/// Two lists at once have put the same account down.
fn another_is_loading(problem: Problem) -> Problem {
    match problem.kind {
        Kind::Refused => Problem::refused(
            "Another list is being loaded into this round, so this one was not.",
            "Load it again when that one is in.",
        )
        .because(problem),
        _ => problem,
    }
}

/// The same in a transaction that there is.
pub(in crate::contacts) async fn put_down_in(ctx: &Ctx, tx: &mut Tx, prepared: &Prepared) -> Result<()> {
    let left: Vec<&ContactId> = prepared.left.iter().collect();
    if !left.is_empty() {
        loading::forget(tx, &prepared.round, &left).await?;
    }
    let new: Vec<Write> = prepared.owners.writes.iter().filter(|w| matches!(w, Write::New(_))).cloned().collect();
    owners::write(ctx, tx, &new, true).await?;
    let mut words = Gathered::default();
    for people in prepared.rows.new.chunks(AT_ONCE) {
        let mut piece = loading::piece(people)?;
        words.add(std::mem::take(&mut piece.words));
        loading::put(tx, &piece, &prepared.mark, prepared.again, ctx.clock.now()).await?;
    }
    for words in words.in_order(&prepared.rows.new).pieces(&prepared.rows.new, WORDS) {
        search_words::enter(tx, &prepared.round, &words?).await?;
    }
    Ok(())
}

/// The same, unless another list has put some of its people down meanwhile: then nothing of it is.
pub(in crate::contacts) async fn put_down_at_once(ctx: &Ctx, tx: &mut Tx, prepared: &Prepared) -> Result<bool> {
    put_down_in(ctx, tx, prepared).await?;
    if loading::count(tx, &prepared.round, &prepared.mark).await? == prepared.rows.new.len() as i64 {
        return Ok(true);
    }
    let new = PutDown::of(prepared);
    loading::forget(tx, &prepared.round, &new.people.iter().collect::<Vec<_>>()).await?;
    accounts::forget_unused(tx, &prepared.round, &new.accounts.iter().collect::<Vec<_>>()).await?;
    Ok(false)
}

/// Whether what was prepared still is what the list does: nobody has changed the names since, and the accounts that it knew are there. An
/// account that another list had put down is not, where that one was refused.
pub(in crate::contacts) async fn is_as_it_was(tx: &mut Tx, prepared: &Prepared, state: RoundState) -> Result<bool> {
    Ok(state == prepared.state && prepared.is_as_it_was(tx).await? && has_its_accounts(tx, prepared).await?)
}

async fn has_its_accounts(tx: &mut Tx, prepared: &Prepared) -> Result<bool> {
    let mut known: BTreeSet<&AccountId> = prepared.touched.iter().collect();
    known.extend(prepared.rows.new.iter().map(|new| &new.account_id));
    known.extend(prepared.rows.again.iter().map(|again| &again.account));
    known.extend(prepared.account_questions.iter().flat_map(|asked| [&asked.account_id, &asked.known_id]));
    for write in &prepared.owners.writes {
        if let Write::New(account) = write {
            known.remove(&account.id);
        }
    }
    let known: Vec<&AccountId> = known.into_iter().collect();
    Ok(accounts::how_many_are_there(tx, &prepared.round, &known).await? == known.len() as i64)
}

/// The same, and all its new people stand under its mark.
pub(in crate::contacts) async fn still_holds(tx: &mut Tx, prepared: &Prepared, state: RoundState) -> Result<bool> {
    Ok(is_as_it_was(tx, prepared, state).await?
        && loading::count(tx, &prepared.round, &prepared.mark).await? == prepared.rows.new.len() as i64)
}

/// Whoever is known under the name that an account had is found under the one that it has.
async fn remember_names(ctx: &Ctx, tx: &mut Tx, round: &RoundId, renamed: &[RenamedAccount]) -> Result<()> {
    if renamed.is_empty() {
        return Ok(());
    }
    let (now, client) = (ctx.clock.now(), known_objections::client_of(tx, round).await?);
    for renamed in renamed {
        let remembered = NewAccountQuestion {
            id: ctx.ids.id(now),
            client: client.clone(),
            round_id: round.clone(),
            account_id: renamed.id.clone(),
            known_id: renamed.id.clone(),
            listed_key: renamed.to.clone(),
            known_key: renamed.from.clone(),
            asked_at: now,
        };
        account_questions::is_renamed(tx, &remembered).await?;
    }
    Ok(())
}

/// The last piece.
pub(in crate::contacts) async fn apply(ctx: &Ctx, tx: &mut Tx, prepared: Prepared) -> Result<Changes> {
    let (now, round) = (ctx.clock.now(), &prepared.round);
    let mut changes = prepared.changes;
    identity::forget_settled(tx, round).await?;
    owners::write(ctx, tx, &prepared.owners.writes, false).await?;
    if !prepared.rows.new.is_empty() {
        for (contact, email, fact) in &prepared.carried {
            let from = KnownFrom { round: &fact.round_id, contact: &fact.contact_id, email: &fact.email };
            let what = carry(ctx, tx, round, &from, email, &Actor::List).await?;
            let detail = format!("{} {} <{}>, by the client’s key", fact.first_name, fact.last_name, fact.email);
            ctx.journal(tx, &Actor::List, what, Some(round), contact, &detail).await?;
        }
        let known = loading::known_of(tx, round, &prepared.mark).await?;
        loading::land(tx, round, &prepared.mark, now).await?;
        for id in known {
            let Some(person) = contacts::person(tx, &id).await? else { continue };
            addresses::given(ctx, tx, &id, &person.email).await?;
            objections::given(ctx, tx, &id).await?;
        }
    }
    rows::write(ctx, tx, &prepared.rows.again, &prepared.owners).await?;
    for question in &prepared.forget {
        identity::forget(tx, question).await?;
    }
    for question in &prepared.questions {
        identity::ask(tx, question).await?;
    }
    for question in &prepared.account_questions {
        account_questions::ask(tx, question).await?;
    }
    remember_names(ctx, tx, &prepared.round, &prepared.owners.renamed).await?;
    if !changes.asked.is_empty() {
        // A question that was asked before has the id of then.
        let mut open = HashMap::new();
        for question in identity::open(tx, round).await? {
            open.entry(question.new_key).or_insert(question.id);
        }
        for asked in &mut changes.asked {
            asked.id = open.get(&key_of(&asked.email)).cloned().unwrap_or_else(|| QuestionId::from(""));
        }
    }
    for contact in &prepared.missing {
        contacts::remove(tx, contact, &Removal::OffTheList, now).await?;
    }
    for account in &prepared.touched {
        update_standing(ctx, tx, account).await?;
    }
    if !prepared.prints.is_empty() {
        loading::fingerprints(tx, &prepared.prints).await?;
        let new: BTreeSet<&AccountId> = prepared.rows.new.iter().map(|new| &new.account_id).collect();
        let with_names = prepared.prints.iter().filter(|(id, _)| new.contains(id));
        let directors = with_names.filter_map(|(id, _)| prepared.owners.get(id));
        let directors: BTreeSet<_> = directors.map(|a| &a.director_email).collect();
        for director in directors {
            requests::ask_again(tx, round, SignLevel::Director, director, now).await?;
        }
    }
    Ok(changes)
}
