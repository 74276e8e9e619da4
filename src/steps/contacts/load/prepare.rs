//! What a list does to a round, worked out beside the writer: reads only.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::base::address::EmailAddress;
use crate::base::clock::{HOUR, Ts};
use crate::base::ids::{AccountId, ContactId, QuestionId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::emptying::to_be_said;
use crate::rules::contacts::together::identity::Holder;
use crate::rules::contacts::together::meant::{Meant, SaidOfAddresses, Somebody, meant};
use crate::rules::contacts::wanted::{Allowed, Permission, Wanted, all_said};
use crate::rules::journal::Action;
use crate::rules::round::RoundState;
use crate::rules::signoff as rule;
use crate::rules::signoff::SignedName;
use crate::steps::context::Ctx;
use crate::store::contacts::account_questions::{self, NewAccountQuestion};
use crate::store::contacts::identity::{self, Lasting, NewQuestion, Question};
use crate::store::contacts::listing::{self, Known, Listed};
use crate::store::contacts::{accounts, loading, objections};
use crate::store::{Tx, journal};

use super::changes::{Changes, Named};
use super::lost_letters;
use super::rows::{self, AT_ONCE, Again, Fate, Rows, fell_off};
use crate::steps::contacts::accounts::account_pairs;
use crate::steps::contacts::accounts::agreed;
use crate::steps::contacts::accounts::aliases;
use crate::steps::contacts::accounts::new_names::People;
use crate::steps::contacts::accounts::owners::{self, Owners, Write};
use crate::steps::contacts::people::namesakes::{self, Sorted, Who};
use crate::steps::contacts::people::particulars::signed_name;

/// What a list does, to be written.
pub(crate) struct Prepared {
    pub(crate) round: RoundId,
    pub(in crate::contacts) state: RoundState,
    /// Under which its new people are put down.
    pub(in crate::contacts) mark: String,
    pub(in crate::contacts) changes: Changes,
    pub(in crate::contacts) owners: Owners,
    pub(in crate::contacts) rows: Rows,
    pub(in crate::contacts) questions: Vec<NewQuestion>,
    /// Accounts that may be others that are known, under another name.
    pub(in crate::contacts) account_questions: Vec<NewAccountQuestion>,
    /// New people whom the client's key names as somebody of an earlier round, about whom something lasts.
    pub(in crate::contacts) carried: Vec<(ContactId, EmailAddress, Lasting)>,
    /// Questions that are not asked any more.
    pub(in crate::contacts) forget: Vec<QuestionId>,
    /// Who is taken off a draft.
    pub(in crate::contacts) missing: Vec<ContactId>,
    /// Who is not on the list, taken off or not.
    pub(in crate::contacts) absent: Vec<ContactId>,
    /// Accounts that stand otherwise afterwards.
    pub(in crate::contacts) touched: BTreeSet<AccountId>,
    /// Those of them that are new with this list, with their fingerprints.
    pub(in crate::contacts) prints: Vec<(AccountId, String)>,
    /// Some of the new people were put down by an earlier load.
    pub(in crate::contacts) again: bool,
    /// Whom an earlier load has put down, and this list does not have.
    pub(in crate::contacts) left: Vec<ContactId>,
    /// What people have said about names of accounts, in whichever round of the client.
    pub(in crate::contacts) said: String,
    client: String,
    since: Ts,
    done_by_people: i64,
}

/// The people and accounts of a round as they were when a list was held against them.
pub(in crate::contacts) struct Seen {
    pub people: Vec<Listed>,
    pub accounts: Vec<accounts::Account>,
    /// What somebody has to say first, and has not said.
    pub wanted: Vec<Wanted>,
}

impl Prepared {
    /// Nobody has changed the names since a little before this was prepared, nor said which names of accounts mean one.
    pub(in crate::contacts) async fn is_as_it_was(&self, tx: &mut Tx) -> Result<bool> {
        Ok(done_by_people(tx, &self.round, self.since).await? == self.done_by_people
            && aliases::as_said(tx, &self.client).await? == self.said)
    }
}

/// A list is compared anew where people have done something to the names of its round in between.
async fn done_by_people(tx: &mut Tx, round: &RoundId, since: Ts) -> Result<i64> {
    let all: Vec<Action> = Action::ALL.iter().copied().filter(|action| action.changes_names()).collect();
    journal::count_since(tx, round, &all, since).await
}

/// What a list does to a round; refused where it does something that nobody has allowed.
pub(in crate::contacts) async fn prepare(
    ctx: &Ctx,
    tx: &mut Tx,
    round: (&RoundId, RoundState),
    rows: &[ListedContact],
    allowed: Allowed,
) -> Result<(Prepared, Seen)> {
    let (prepared, mut seen) = worked_out(ctx, tx, round, rows, allowed).await?;
    all_said(std::mem::take(&mut seen.wanted), allowed)?;
    Ok((prepared, seen))
}

/// The same; what nobody has allowed is told and not refused.
pub(in crate::contacts) async fn worked_out(
    ctx: &Ctx,
    tx: &mut Tx,
    (round, state): (&RoundId, RoundState),
    rows: &[ListedContact],
    allowed: Allowed,
) -> Result<(Prepared, Seen)> {
    // Asked first: what comes after it is noticed.
    let since = ctx.clock.now().plus(-HOUR);
    let done_by_people = done_by_people(tx, round, since).await?;
    let mut changes = Changes::default();
    let mut rows = first_of_each(rows);
    let keys: Vec<String> = rows.iter().map(|row| row.email.key()).collect();
    let everybody = listing::everybody(tx, round).await?;
    let there: HashMap<&ContactId, &Listed> = everybody.iter().map(|p| (&p.id, p)).collect();
    let former = former(tx, round, &keys).await?;
    let others = identity::others(tx, round).await?;
    let not_he = others.into_iter().map(|other| (other.contact_id, other.new_key)).collect();
    let said_of_addresses = SaidOfAddresses { former, not_he };
    let Meant { known, conflicts, former } =
        meant(&everybody.iter().map(somebody).collect::<Vec<_>>(), &rows, &keys, &said_of_addresses);
    let known: HashMap<String, Known> =
        known.into_iter().filter_map(|(key, id)| Some((key, Known::from(*there.get(id)?)))).collect();
    let mut left: HashMap<String, ContactId> =
        loading::left(tx, round).await?.into_iter().map(|left| (left.email_key, left.id)).collect();
    let all = accounts::of_round(tx, round).await?;
    let accounts = all.clone();
    let client = objections::client_of(tx, round).await?;
    // Before what it is compared with: what is said between the two is noticed.
    let said = aliases::as_said(tx, &client).await?;
    let aliases = aliases::load(tx, &client).await?;
    agreed::agree(&mut rows, &aliases, &all);
    lost_letters::put_back(&mut rows, &known, &there, &all, &mut changes);
    let mut owners = owners::decide(
        ctx,
        (round, state, allowed.losing_owners),
        all,
        (&rows, &aliases),
        People {
            everybody: &everybody,
            known: &known,
            former: &former,
            conflicts: &conflicts,
            others: &identity::others(tx, round).await?,
        },
        &mut changes,
    )?;
    let open_pairs = account_questions::asked(tx, round).await?;
    let account_questions = account_pairs::pairs(ctx, (round, &client), (&accounts, &open_pairs), &owners, &aliases);
    changes.same_account = account_pairs::named(&account_questions, &owners);
    let who = Who { known: &known, former: &former, conflicts: &conflicts, aliases: &aliases };
    let Sorted { fates, questions, carried } =
        namesakes::sort(ctx, tx, (round, &left), &rows, who, (&owners, &everybody), &mut changes).await?;
    let to_write = rows::compare(ctx, tx, round, (&rows, &fates), &there, &mut owners, &mut changes).await?;
    let before = left.len();
    for new in to_write.new.iter() {
        left.remove(&new.email.key());
    }
    let again = left.len() < before;
    // What has come to a contact of the round in another way is not asked any more.
    let addresses: HashSet<&str> = everybody.iter().map(|p| p.email_key.as_str()).collect();
    let mut open = identity::open(tx, round).await?;
    let on_this_list: HashSet<&str> = keys.iter().map(String::as_str).collect();
    // A row that is on this list is asked about as it reads now, or not at all.
    let asked_now: HashSet<(&str, &ContactId)> =
        questions.iter().map(|q| (q.new_key.as_str(), &q.contact_id)).collect();
    let no_more = |q: &Question| {
        on_this_list.contains(q.new_key.as_str()) && !asked_now.contains(&(q.new_key.as_str(), &q.contact_id))
    };
    let agreed: Vec<QuestionId> = open.iter().filter(|q| no_more(q)).map(|q| q.id.clone()).collect();
    open.retain(|q| !no_more(q) && (q.keyed.0 || !addresses.contains(q.new_key.as_str())));
    let mut asked_again: HashSet<&ContactId> = questions.iter().map(|q| &q.contact_id).collect();
    asked_again.extend(conflicts.values().flat_map(|c| std::iter::once(&c.ask).chain(&c.holder)));
    let mut absent = absent((state, allowed), (&keys, &fates, &everybody), open, &asked_again, &owners, &mut changes)?;
    absent.forget.extend(agreed);
    let lost = owners.wanted.take().map(|problem| Wanted { permission: Permission::LosingOwners, problem });
    let wanted = lost.into_iter().chain(absent.wanted.take()).collect();
    let mut touched = std::mem::take(&mut owners.touched);
    if state == RoundState::Draft {
        touched.extend(absent.missing.iter().filter_map(|id| there.get(id)).map(|p| p.account_id.clone()));
    }
    count_handed_over(&everybody, &to_write, &absent.missing, &mut changes);
    let prints = prints(&owners, &to_write);
    for (account, _) in &prints {
        touched.remove(account);
    }
    let prepared = Prepared {
        round: round.clone(),
        state,
        mark: ctx.ids.new_id(ctx.clock.now()),
        changes,
        owners,
        rows: to_write,
        questions,
        carried,
        account_questions,
        forget: absent.forget,
        missing: absent.missing,
        absent: absent.everybody,
        touched,
        prints,
        again,
        left: left.into_values().collect(),
        said,
        client,
        since,
        done_by_people,
    };
    Ok((prepared, Seen { people: everybody, accounts, wanted }))
}

/// The first row of each address; the difference names the others.
fn first_of_each(rows: &[ListedContact]) -> Cow<'_, [ListedContact]> {
    let mut keys = HashSet::with_capacity(rows.len());
    let first: Vec<bool> = rows.iter().map(|row| keys.insert(row.email.key())).collect();
    if first.iter().all(|first| *first) {
        return Cow::Borrowed(rows);
    }
    rows.iter().zip(first).filter(|(_, first)| *first).map(|(row, _)| row.clone()).collect()
}

fn somebody(p: &Listed) -> Somebody<'_> {
    Somebody {
        holder: Holder { id: &p.id, first_name: &p.first_name, last_name: &p.last_name, key: &p.client_key },
        email_key: &p.email_key,
        list_key: &p.list_key,
        removed: p.removed_at.is_some(),
    }
}

/// Whose former addresses these are, of whom somebody has said so.
async fn former(tx: &mut Tx, round: &RoundId, keys: &[String]) -> Result<HashMap<String, Vec<ContactId>>> {
    let mut former = HashMap::new();
    for keys in keys.chunks(AT_ONCE) {
        former.extend(identity::former(tx, round, keys).await?);
    }
    Ok(former)
}

struct Absent {
    forget: Vec<QuestionId>,
    missing: Vec<ContactId>,
    everybody: Vec<ContactId>,
    /// What has to be said before a draft loses them.
    wanted: Option<Wanted>,
}

/// Who is not on the list: off a draft, named in a round that was started. Whoever is asked about is neither.
fn absent(
    (state, allowed): (RoundState, Allowed),
    (keys, fates, everybody): (&[String], &[Fate], &[Listed]),
    open: Vec<Question>,
    asked_again: &HashSet<&ContactId>,
    owners: &Owners,
    changes: &mut Changes,
) -> Result<Absent> {
    let draft = state == RoundState::Draft;
    let keeps = draft && allowed.keeping_others;
    let listed: HashSet<&str> = keys.iter().map(String::as_str).collect();
    let (mut forget, mut asked) = (Vec::new(), HashSet::new());
    for question in open {
        if draft && !keeps && !listed.contains(question.new_key.as_str()) {
            forget.push(question.id);
        } else {
            asked.insert(question.contact_id);
        }
    }
    let mut seen: HashSet<&ContactId> = asked.iter().chain(asked_again.iter().copied()).collect();
    seen.extend(fates.iter().filter_map(|fate| match fate {
        Fate::Known(known) => Some(&known.id),
        Fate::Former(id) => Some(id),
        Fate::New(_) | Fate::Held => None,
    }));
    let there = || everybody.iter().filter(|p| p.removed_at.is_none());
    let missing: Vec<&Listed> = there().filter(|p| !keeps && !seen.contains(&p.id)).collect();
    let wanted = if draft { to_be_said(keys.len(), there().count(), missing.len()) } else { None };
    for person in &missing {
        let counter = if draft { &mut changes.removed } else { &mut changes.not_on_the_list };
        *counter += 1;
        changes.missing.push(Named {
            name: format!("{} {}", person.first_name, person.last_name).trim().into(),
            account: owners.name(&person.account_id).into(),
            email: person.email.to_string(),
        });
    }
    let everybody: Vec<ContactId> = missing.into_iter().map(|p| p.id.clone()).collect();
    Ok(Absent { forget, missing: if draft { everybody.clone() } else { Vec::new() }, everybody, wanted })
}

/// How many people the accounts have that were given to somebody else.
fn count_handed_over(everybody: &[Listed], to_write: &Rows, missing: &[ContactId], changes: &mut Changes) {
    if changes.directors.is_empty() {
        return;
    }
    let missing: HashSet<&ContactId> = missing.iter().collect();
    let again: HashMap<&ContactId, &Again> = to_write.again.iter().map(|a| (&a.known.id, a)).collect();
    let mut listed: BTreeMap<AccountId, u64> = BTreeMap::new();
    for person in everybody {
        let again = again.get(&person.id);
        let back = again.is_some() && fell_off(person.removed_reason.as_deref());
        if (person.removed_at.is_none() || back) && !missing.contains(&person.id) {
            let edited = person.edited_at.is_some();
            let place = again.filter(|_| !edited).map_or(&person.account_id, |again| &again.account);
            *listed.entry(place.clone()).or_default() += 1;
        }
    }
    for new in to_write.new.iter() {
        *listed.entry(new.account_id.clone()).or_default() += 1;
    }
    for director in &mut changes.directors {
        director.contacts = director.ids.iter().filter_map(|id| listed.get(id)).sum();
    }
}

/// The fingerprints of accounts that are new with this list and have its new people only. Nobody can have signed them.
fn prints(owners: &Owners, to_write: &Rows) -> Vec<(AccountId, String)> {
    let moved_to: HashSet<&AccountId> = to_write.again.iter().map(|again| &again.account).collect();
    let new_ones = owners.writes.iter().filter_map(|write| match write {
        Write::New(account) if !moved_to.contains(&account.id) => Some(account),
        _ => None,
    });
    let mut names: HashMap<&AccountId, Vec<SignedName>> = new_ones.clone().map(|a| (&a.id, Vec::new())).collect();
    for new in to_write.new.iter() {
        if let Some(names) = names.get_mut(&new.account_id) {
            names.push(signed_name(new));
        }
    }
    let print = |a: &accounts::Account| {
        let names = names.get(&a.id).map(Vec::as_slice).unwrap_or_default();
        (a.id.clone(), rule::fingerprint(&a.name, names))
    };
    new_ones.map(print).collect()
}
