//! What becomes of names that nobody has signed: left out, or signed as last year's list stands. By an operator with a reason, or by the
//! round's rule.
//!
//! Promise 1 stays: who is left out is off the list, and last year's signature covers a name only as it stood on that very list (decision
//! 0054).

use crate::base::counted::counted;
use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::together::account::key;
use crate::rules::journal::{Action, Actor};
use crate::rules::round::RoundState;
use crate::rules::signoff as rule;
use crate::rules::signoff::carried::{SignedThen, Sought, Was, carried};
use crate::rules::signoff::rows::{AccountNow, Coverage, RowNow, Signed};
use crate::rules::signoff::{Listed, SignLevel, Unanswered};
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::typed::{fitting, required};
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::{self, Person};
use crate::store::signoff::Signature;
use crate::store::signoff::decisions::{self, NewDecision};
use crate::store::{Tx, round};

use crate::steps::signoff::names::editing::{self, Edit};
use crate::steps::signoff::round_before::known_then;
use crate::steps::signoff::signing::covered::{listed, signed_by};
use crate::steps::signoff::signing::standing::update_standing;
use crate::steps::signoff::signing::{finish_requests, put_list};

/// What an operator decides about one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    LeaveOut,
    /// What was left out waits for a signature again.
    TakeIn,
    LastYear,
}

pub struct Decide {
    pub account: AccountId,
    pub what: What,
    pub reason: String,
}

impl Order for Decide {
    /// How many names are concerned.
    type Done = usize;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<usize> {
        let unknown = || Problem::not_found("There is no such account.", "Go back to the sign-off board.");
        let account = accounts::by_id(tx, &self.account).await?.ok_or_else(unknown)?;
        tx.in_round(&account.round_id);
        let live = ctx.live_by_id(tx, &account.round_id).await?;
        if live.state == RoundState::Closed {
            return Err(Problem::refused(format!("Round {} is closed.", live.slug), "Nothing is decided any more."));
        }
        let reason = required(&fitting("The reason", &self.reason)?, "Write why, for whoever asks later.")?;
        let (done, none) = match self.what {
            What::LeaveOut => (
                leave_out(ctx, tx, &account, None, &reason, by).await?,
                "has no name that waits for a signature and has not answered",
            ),
            What::TakeIn => (take_in(ctx, tx, &account, &reason, by).await?, "has nobody who was left out"),
            What::LastYear => (
                let_last_year_stand(ctx, tx, &live, &account, &reason, by).await?,
                "has no name that waits and stands as it was signed in the round before",
            ),
        };
        if done == 0 {
            return Err(Problem::refused(
                format!("{} {none}.", account.name),
                "Reload the page to see where it stands.",
            ));
        }
        Ok(done)
    }
}

/// Whom leaving an account out would take off its list: by an operator's press, or because this level did not answer. Whoever has answered
/// keeps his place; where no names are told so does whoever was invited, since who keeps his would tell.
pub async fn would_be_left_out(
    tx: &mut Tx,
    live: &Live,
    account: &Account,
    level: Option<SignLevel>,
) -> Result<Vec<Person>> {
    let names = live.spec.participation.names();
    let mut people = contacts::of_account(tx, &account.id).await?;
    people.retain(|p| {
        let has_answered = if names { p.completed_at.is_some() } else { p.invited_at.is_some() };
        let is_listed = p.removed_at.is_none();
        rule::is_left_out(level, Unanswered { is_listed, has_answered, standing: p.standing })
    });
    Ok(people)
}

/// Takes them off the list. How many.
pub(super) async fn leave_out(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &Account,
    level: Option<SignLevel>,
    reason: &str,
    by: &Actor,
) -> Result<usize> {
    let live = ctx.live_by_id(tx, &account.round_id).await?;
    let waiting = would_be_left_out(tx, &live, account, level).await?;
    for person in &waiting {
        let reason = format!("left out: {reason}");
        editing::apply(ctx, tx, by, person, Edit::Remove { reason }).await?;
    }
    let names: Vec<ContactId> = waiting.into_iter().map(|p| p.id).collect();
    decided(ctx, tx, account, "left_out", reason, &names, by).await?;
    update_standing(ctx, tx, &account.id).await?;
    for level in [SignLevel::Director, SignLevel::SalesDirector] {
        finish_requests(ctx, tx, std::slice::from_ref(account), level).await?;
    }
    if !names.is_empty() {
        let detail = format!("{}. {reason}", counted(names.len(), "name", "names"));
        ctx.journal(tx, by, Action::LeftOut, Some(&account.round_id), &account.id, &detail).await?;
    }
    Ok(names.len())
}

/// Puts back who was left out last and is still off the list. How many.
async fn take_in(ctx: &Ctx, tx: &mut Tx, account: &Account, reason: &str, by: &Actor) -> Result<usize> {
    let mut back = Vec::new();
    for person in left_out(tx, account).await? {
        editing::apply(ctx, tx, by, &person, Edit::PutBack).await?;
        back.push(person.id);
    }
    if back.is_empty() {
        return Ok(0);
    }
    decided(ctx, tx, account, "taken_in", reason, &back, by).await?;
    update_standing(ctx, tx, &account.id).await?;
    let detail = format!("{}. {reason}", counted(back.len(), "name", "names"));
    ctx.journal(tx, by, Action::TookInAgain, Some(&account.round_id), &account.id, &detail).await?;
    Ok(back.len())
}

/// Who was left out since somebody was taken in again last, and is off the list for that.
pub async fn left_out(tx: &mut Tx, account: &Account) -> Result<Vec<Person>> {
    let mut names: Vec<ContactId> = Vec::new();
    for decision in decisions::of_account(tx, &account.id).await? {
        match decision.what.as_str() {
            "left_out" => names.extend(decision.names()?),
            "taken_in" => names.clear(),
            _ => {}
        }
    }
    let people = contacts::of_account(tx, &account.id).await?.into_iter();
    let for_that = |p: &Person| p.removed_reason.as_ref().is_some_and(|why| why.starts_with("left out: "));
    Ok(people.filter(|p| p.removed_at.is_some() && names.contains(&p.id) && for_that(p)).collect())
}

async fn decided(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &Account,
    what: &'static str,
    reason: &str,
    names: &[ContactId],
    by: &Actor,
) -> Result<()> {
    let at = ctx.clock.now();
    let (id, round, account, by) = (ctx.ids.id(at), &account.round_id, &account.id, by.as_str());
    decisions::add(tx, &NewDecision { id, round, account, what, reason, names, by, at }).await
}

/// What a list that was signed in the round before carries of the names that wait now.
#[derive(Debug)]
pub struct LastYear {
    pub level: SignLevel,
    /// The round, who signed there, and on which day.
    pub round: String,
    pub signed_by: String,
    pub day: String,
    /// The names that it carries.
    pub names: Vec<Listed>,
    /// With them, the others of the account that this level covers already.
    list: Vec<Listed>,
}

/// List by list, what would stand if last year's did; each is the signature of one person. Costs the names of the account.
pub async fn last_year(tx: &mut Tx, live: &Live, account: &Account) -> Result<Vec<LastYear>> {
    let people: Vec<Person> =
        contacts::of_account(tx, &account.id).await?.into_iter().filter(|p| p.removed_at.is_none()).collect();
    let Some((before, then)) = known_then(tx, live, &people.iter().collect::<Vec<_>>()).await? else {
        return Ok(Vec::new());
    };
    // Only what stood at this very account, and was still on its list.
    let same = |p: &Person, was: &Person| was.removed_at.is_none() && key(&was.account) == key(&p.account);
    let then: Vec<Option<&Person>> =
        people.iter().zip(&then).map(|(p, was)| was.as_ref().filter(|was| same(p, was))).collect();
    let mut accounts_then: Vec<&AccountId> = then.iter().flatten().map(|was| &was.account_id).collect();
    accounts_then.sort();
    accounts_then.dedup();
    let signed = decisions::signed_then(tx, &accounts_then).await?;
    let Some(before) = round::rounds::by_id(tx, &before).await? else { return Ok(Vec::new()) };

    let by = signed_by(tx, &[&account.id]).await?.remove(&account.id).unwrap_or_default();
    let second = account.strategic_since.is_some();
    let fingerprint = account.fingerprint.as_str();
    let coverage = Coverage::new(AccountNow { name: &account.name, fingerprint, second }, &by);
    let now = listed(&people);
    let each = people.iter().zip(&now).zip(&then);
    let names: Vec<Sought<'_>> = each
        .map(|((p, listed), was)| Sought {
            now: RowNow { id: &p.id, name: &listed.name, off_after: p.off_after },
            was: was.map(|was| Was { id: &was.id, account: &was.account_id, off_after: was.off_after }),
        })
        .collect();
    let lists: Vec<SignedThen> = signed
        .iter()
        .map(|s| SignedThen {
            account: s.account_id.clone(),
            level: s.level,
            n: s.n,
            names: Signed::names_of(serde_json::from_str(&s.list).unwrap_or_default()),
        })
        .collect();
    let of = |places: &[usize]| -> Vec<Listed> { places.iter().filter_map(|place| now.get(*place).cloned()).collect() };
    let carries = carried(&coverage, second, &names, &lists).into_iter().filter_map(|carries| {
        let from = signed.get(carries.from)?;
        Some(LastYear {
            level: from.level,
            round: before.slug.clone(),
            signed_by: from.signed_by.clone(),
            day: live.sequence.home().local(from.at).date().format("%-d %B %Y").to_string(),
            names: of(&carries.names),
            list: of(&carries.covers),
        })
    });
    Ok(carries.collect())
}

/// Lets the lists of the round before stand for the names that wait as they had them: each as a signature of whoever signed it then. How
/// many names.
pub(super) async fn let_last_year_stand(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Live,
    account: &Account,
    reason: &str,
    by: &Actor,
) -> Result<usize> {
    let at = ctx.clock.now();
    let mut names: Vec<ContactId> = Vec::new();
    for last in last_year(tx, live, account).await? {
        let fingerprint =
            rule::fingerprint(&account.name, &last.list.iter().map(|l| l.name.clone()).collect::<Vec<_>>());
        let signature = Signature {
            id: ctx.ids.id(at),
            account_id: account.id.clone(),
            level: last.level,
            fingerprint,
            names: last.list.len() as i64,
            signed_by: last.signed_by.clone(),
            how: "carried".into(),
            came_from: String::new(),
            evidence: last.evidence(reason),
            recorded_by: by.into(),
            at,
        };
        names.extend(last.names.iter().map(|listed| listed.id.clone()));
        let level = if last.level == SignLevel::Director { "account director" } else { "sales director" };
        let detail = format!("{level}: {}", signature.evidence);
        put_list(ctx, tx, account, &signature, last.list, by).await?;
        ctx.journal(tx, by, Action::LetLastYearStand, Some(&account.round_id), &account.id, &detail).await?;
    }
    names.sort();
    names.dedup();
    decided(ctx, tx, account, "last_year", reason, &names, by).await?;
    Ok(names.len())
}

impl LastYear {
    /// Names each one that is carried, for the list of the signature also has those that this year's signature covers.
    fn evidence(&self, reason: &str) -> String {
        let each = |l: &Listed| format!("{} {} <{}>", l.name.first_name, l.name.last_name, l.name.email);
        let names: Vec<String> = self.names.iter().map(each).collect();
        format!(
            "The list of round {}, which {} signed on {}, stands for {} ({}): {reason}",
            self.round,
            self.signed_by,
            self.day,
            counted(names.len(), "name", "names"),
            names.join(", ")
        )
    }
}
