//! Whom to call first, from the few hundred people by whom the most can be won.
//!
//! Costs those people, whatever the size of the round; how far somebody came, and his telephones, are asked for whoever is shown.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::Result;
use crate::mail::letters::told::team::reason;
use crate::rules::calling::{
    Callee, Missing, Outcome, Ranked, Stopped, Telephone, rank, rests_until, stopped, telephones,
};
use crate::rules::completion::{Accounts, Individual, RevenueStatus, target_status};
use crate::rules::contacts::last_time::{Answer, Came, Out, Stood};
use crate::steps::completion::told;
use crate::steps::contacts::people::particulars::more_columns;
use crate::steps::context::{Ctx, Live};
use crate::steps::plan::facts::facts_of_person;
use crate::steps::questionnaire;
use crate::store::calling::{self, Call, Candidate, StoodBefore};
use crate::store::contacts::{Person, accounts, earlier};
use crate::store::{Tx, completion as tallies, course, response};

/// So many account managers can be chosen from.
const MANAGERS: usize = 500;

/// Whose list it is.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The account manager's address; empty for all accounts.
    pub manager: String,
    /// Only people of accounts of which nobody has answered.
    pub silent_only: bool,
}

/// Somebody on the list.
pub struct Place {
    pub person: Person,
    pub ranked: Ranked,
    /// Calls to him in this round.
    pub calls: i64,
    /// Who means to call him today.
    pub reserved_by: Option<String>,
}

impl Place {
    /// Whether nobody but this caller means to call him today.
    pub fn is_free_for(&self, caller: &str) -> bool {
        self.reserved_by.as_deref().is_none_or(|by| by == caller)
    }
}

pub struct CallList {
    /// First whom to call first.
    pub places: Vec<Place>,
    /// Only the first are here: more people can be called.
    pub is_cut: bool,
    pub missing: Missing,
    /// What is missing may be told.
    pub tells_missing: bool,
}

/// What is shown beside somebody.
pub struct Details {
    pub stopped: Option<Stopped>,
    pub telephones: Vec<Telephone>,
}

pub async fn call_list(ctx: &Ctx, tx: &mut Tx, live: &Live, wanted: &Wanted) -> Result<CallList> {
    let now = ctx.clock.now();
    let (missing, tells_missing) = missing(tx, live).await?;
    let (people, is_cut) = candidates(tx, live, wanted, now).await?;
    let ids: Vec<&ContactId> = people.iter().map(|found| &found.person.id).collect();
    let calls = calls_by_contact(tx, &ids).await?;
    let before = before(ctx, tx, live, &people).await?;
    let none = Vec::new();
    let called = |found: &Candidate| calls.get(&found.person.id).unwrap_or(&none).as_slice();
    let callees: Vec<Callee> = people
        .iter()
        .map(|found| callee(ctx, live, found, called(found), before.get(&found.person.email_key).copied()))
        .collect();
    let mut reserved: HashMap<ContactId, String> =
        calling::reserved(tx, &live.id, now).await?.into_iter().map(|r| (r.contact_id, r.caller)).collect();
    let counts: Vec<i64> = people.iter().map(|found| called(found).len() as i64).collect();
    let ranked = rank(&callees, &missing, now);
    let mut people: Vec<Option<Person>> = people.into_iter().map(|found| Some(found.person)).collect();
    let places = ranked.into_iter().filter_map(|ranked| {
        let calls = counts.get(ranked.at).copied().unwrap_or_default();
        let person = people.get_mut(ranked.at)?.take()?;
        Some(Place { reserved_by: reserved.remove(&person.id), calls, person, ranked })
    });
    Ok(CallList { places: places.collect(), is_cut, missing, tells_missing })
}

/// The account managers of the round, by address, with their names; and whether there are more than these.
pub async fn managers(tx: &mut Tx, live: &Live) -> Result<(Vec<(String, String)>, bool)> {
    let mut all = calling::managers(tx, &live.id, MANAGERS as i64 + 1).await?;
    let are_cut = all.len() > MANAGERS;
    all.truncate(MANAGERS);
    Ok((all, are_cut))
}

/// What the round still lacks, and whether that may be told: a handful of counters.
async fn missing(tx: &mut Tx, live: &Live) -> Result<(Missing, bool)> {
    let told = live.spec.participation;
    let mut people = Individual::default();
    for role in tallies::by_role(tx, &live.id).await? {
        people.reachable += told.base(role.invited, role.reachable);
        people.completed += role.completed;
    }
    let tally = tallies::accounts(tx, &live.id).await?;
    let accounts = Accounts { invited: tally.invited, completed: tally.completed, ..Accounts::default() };
    let worth = course::revenue(tx, &live.id).await?;
    let revenue = RevenueStatus { invited: worth.invited, answered: worth.answered, ..RevenueStatus::default() };
    let targets: Vec<_> = live.spec.targets.iter().map(|target| target_status(*target, &people, &accounts)).collect();
    let tells = told.count(people.completed, people.reachable).is_some()
        && told.count(accounts.completed, accounts.invited).is_some()
        && (told.names() || told.tells_accounts(&told::shapes(tx, &live.id).await?));
    Ok((Missing::of(&people, &accounts, &revenue, &targets), tells))
}

/// Each once, in the order of their ids; and whether there may be more than these.
async fn candidates(tx: &mut Tx, live: &Live, wanted: &Wanted, now: Ts) -> Result<(Vec<Candidate>, bool)> {
    let round = &live.id;
    // Who is on a list of people who have not answered is told by it: only whole accounts of which that is told.
    let names = live.spec.participation.names();
    let found = if !names && wanted.manager.is_empty() {
        vec![calling::of_silent_accounts(tx, round, now).await?]
    } else if wanted.manager.is_empty() {
        let mut found =
            vec![calling::of_silent_accounts(tx, round, now).await?, calling::not_finished(tx, round, now).await?];
        if !wanted.silent_only {
            found.push(calling::half_answered(tx, round, true, now).await?);
            found.push(calling::half_answered(tx, round, false, now).await?);
        }
        found
    } else {
        vec![calling::of_manager(tx, round, &wanted.manager, now).await?]
    };
    let is_cut = found.iter().any(|found| found.is_cut);
    let mut people: BTreeMap<ContactId, Candidate> = BTreeMap::new();
    for found in found {
        people.extend(found.people.into_iter().map(|found| (found.person.id.clone(), found)));
    }
    let silent_only = wanted.silent_only || !names;
    let people = people.into_values().filter(|found| !silent_only || found.person.account_answers == 0).collect();
    let people = if names { people } else { of_told_accounts(tx, live, people).await? };
    Ok((people, is_cut))
}

/// Those of accounts of which it is told that nobody has answered, and nothing of who among them has begun.
async fn of_told_accounts(tx: &mut Tx, live: &Live, people: Vec<Candidate>) -> Result<Vec<Candidate>> {
    let ids: BTreeSet<&AccountId> = people.iter().map(|found| &found.person.account_id).collect();
    let accounts = accounts::by_ids(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let singly = told::accounts(tx, live).await?;
    let silent = accounts.into_iter().filter(|account| told::is_silent(live, singly, account));
    let silent: BTreeSet<AccountId> = silent.map(|account| account.id).collect();
    let of_them = people.into_iter().filter(|found| silent.contains(&found.person.account_id));
    Ok(of_them.map(|found| Candidate { person: Person { started_at: None, ..found.person }, ..found }).collect())
}

/// Each one's calls, the latest first.
async fn calls_by_contact(tx: &mut Tx, ids: &[&ContactId]) -> Result<HashMap<ContactId, Vec<Call>>> {
    let mut calls: HashMap<ContactId, Vec<Call>> = HashMap::new();
    for call in calling::of_contacts(tx, ids).await? {
        calls.entry(call.contact_id.clone()).or_default().push(call);
    }
    Ok(calls)
}

/// How these people stood in the client's round before, by address. Whoever has another address since then is not known here.
async fn before(ctx: &Ctx, tx: &mut Tx, live: &Live, people: &[Candidate]) -> Result<HashMap<String, Came>> {
    let Some(round) = earlier::round_before(tx, &live.id).await? else { return Ok(HashMap::new()) };
    if !ctx.live_by_id(tx, &round.id).await?.spec.participation.names() {
        return Ok(HashMap::new());
    }
    let keys: Vec<&str> = people.iter().map(|found| found.person.email_key.as_str()).collect();
    let stood = calling::stood_before(tx, &round.id, &keys).await?;
    Ok(stood.into_iter().map(|row| (row.email_key.clone(), came(&row))).collect())
}

fn came(row: &StoodBefore) -> Came {
    let answer = match (row.completed_at, row.started_at) {
        (Some(_), _) => Answer::Complete,
        (None, Some(_)) => Answer::Begun,
        (None, None) => Answer::None,
    };
    let out = match row {
        _ if row.removed_at.is_some() => Some(Out::TakenOff),
        _ if row.opted_out_at.is_some() => Some(Out::OptedOut),
        _ if row.undeliverable_at.is_some() || row.left_at.is_some() => Some(Out::Unreachable),
        _ => None,
    };
    Stood { invited: row.invited_at.is_some(), answer, out, ..Stood::default() }.came()
}

/// `calls`: the latest first.
fn callee(ctx: &Ctx, live: &Live, found: &Candidate, calls: &[Call], last_time: Option<Came>) -> Callee {
    let person = &found.person;
    let last = calls.first();
    let rests_until =
        last.map(|call| rests_until(&live.sequence.calendar(person.locality()), call.at, ctx.call_pause_days));
    Callee {
        id: person.id.clone(),
        facts: facts_of_person(person),
        invited: person.invited_at.is_some(),
        last_time,
        calls: u32::try_from(calls.len()).unwrap_or(u32::MAX),
        rests_until,
        promised: last.filter(|call| call.outcome == Outcome::WillAnswer).and_then(Call::day),
        strategic: found.strategic.0,
        revenue: found.annual_revenue.unwrap_or_default(),
        role_answered: found.role_answered.0,
    }
}

/// Why somebody is to be called, as a sentence in this language; in English as the call list says it.
pub fn why(language: &str, ranked: &Ranked, account: &str, stopped: Option<&Stopped>) -> String {
    reason(language, &ranked.why, account, stopped)
}

/// For whoever is shown: where he has stopped, and under which numbers he is called.
pub async fn details(tx: &mut Tx, live: &Live, person: &Person) -> Result<Details> {
    let mut stop = None;
    if person.started_at.is_some()
        && let Some(begun) = response::of_contact(tx, &person.id).await?
    {
        let asked = questionnaire::of_response(tx, live, &begun).await?;
        let answers = response::answers(tx, &begun.id).await?;
        let answered: BTreeSet<&str> = answers.iter().map(|answer| answer.item.as_str()).collect();
        let day = live.sequence.calendar(person.locality()).local(begun.started_at).date();
        stop = stopped(&asked, &answered, day);
    }
    Ok(Details { stopped: stop, telephones: numbers(&person.more) })
}

/// Under which numbers somebody is called. `more`: the columns of the list that are none of ours, as they are kept.
pub fn numbers(more: &str) -> Vec<Telephone> {
    telephones(&more_columns(more))
}
