//! Next year's round from this one: its settings, letters and questions on the same weekdays, and everybody who can be asked again,
//! with what came of him (decision 0048).
//!
//! It is worked out by reading alone. A folder is written of it, or a draft is made of it with its people; both have been read back by the
//! rules of `round check` before.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use serde::Serialize;

use crate::base::counted::counted;
use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::{Kind, Problem, Result};
use crate::base::seal::sha256;
use crate::intake::files::{self, CONTACTS};
use crate::intake::folder::{self, RoundFolder, export};
use crate::intake::list::CheckedList;
use crate::rules::contacts::last_time::{COLUMNS, Came, Stood};
use crate::rules::contacts::next_list::{Against, NextTime, WhyNot, next_time};
use crate::rules::contacts::objection::ObjectionKind;
use crate::rules::contacts::out::Removal;
use crate::rules::contacts::{ListedContact, Severity};
use crate::rules::journal::{Action, Actor};
use crate::rules::round::RoundState;
use crate::steps::completion::told as told_then;
use crate::steps::contacts::people::{particulars::as_row, stood};
use crate::steps::contacts::{Allowed, load_checked};
use crate::steps::context::{Ctx, unknown};
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::{Person, addresses, earlier, objections};
use crate::store::round::rounds::{self, Round};
use crate::store::{Tx, journal};

use super::folder::of_files;
use super::making::{self, Made, MakeRound, Pattern};
use super::read_back;
use super::reload::Content;

/// Who is not asked again stands beside the list in a file of this name.
pub const NOT_CARRIED: &str = "not-carried.csv";

/// So many addresses are asked about at once.
const AT_ONCE: usize = 1_000;

#[derive(Clone, Debug)]
pub struct NextRound {
    /// The round that it follows.
    pub from: String,
    pub content: Content,
    pub rows: Vec<ListedContact>,
    /// What came of them, and of how many.
    pub came: Vec<(Came, usize)>,
    pub not_carried: Vec<NotCarried>,
    /// A round of its name is there already.
    pub is_there: bool,
    /// It is there as a draft that was made from this one, and its people are still to come.
    pub without_people: bool,
    /// Of everything that it says, whom it lists with what, and whom not: another one where any of that has changed.
    pub version: String,
}

/// Somebody who is not on the next list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotCarried {
    pub account: String,
    pub name: String,
    pub email: String,
    pub why: String,
}

impl NextRound {
    pub fn slug(&self) -> &str {
        &self.content.spec.round
    }

    pub fn accounts(&self) -> usize {
        self.rows.iter().map(|row| &row.account).collect::<HashSet<_>>().len()
    }

    /// "12 contacts in 3 accounts".
    pub fn people(&self) -> String {
        let accounts = counted(self.accounts(), "account", "accounts");
        format!("{} in {accounts}", counted(self.rows.len(), "contact", "contacts"))
    }

    /// Read back as whoever loads the folder reads it, or why it could not be.
    pub fn folder(&self) -> Result<RoundFolder> {
        let Content { spec, questionnaire, words } = &self.content;
        let mut files = export::content(spec, questionnaire, words)?;
        files.insert(CONTACTS.into(), export::list(&self.rows)?);
        let folder = of_files(&files).map_err(|faults| {
            let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
            cannot_follow(self.slug(), &self.from, &all.join(" "))
        })?;
        // Whom a list would refuse was told before: nobody else may be missing in it.
        if folder.list.accepted.len() != self.rows.len() {
            let refused = folder.list.findings.iter().find(|finding| finding.severity == Severity::Error);
            let why = refused.map_or("Its list is not read as it is written.", |finding| finding.message.as_str());
            return Err(cannot_follow(self.slug(), &self.from, why));
        }
        Ok(folder)
    }
}

fn cannot_follow(slug: &str, from: &str, why: &str) -> Problem {
    Problem::refused(
        format!("Round {slug} cannot follow round {from} as it is. {why}"),
        format!("Write it out with `export {from}`, and correct it there under its next name."),
    )
    .on_page("Make a round from this earlier one under “New round”, correct it there, and load its list.")
}

/// What would follow this round now. Changes nothing.
pub async fn next(ctx: &Ctx, slug: &str) -> Result<NextRound> {
    let content = making::draft(ctx, Pattern::Earlier(slug.into()), "").await?;
    let mut tx = ctx.db.read().await?;
    let round = rounds::by_slug(&mut tx, slug).await?.ok_or_else(|| unknown(slug))?;
    if round.state == RoundState::Draft {
        return Err(Problem::refused(
            format!("Round {slug} has not started, so nothing is known of its people yet."),
            format!("Write it out as it is with `export {slug}`."),
        )
        .on_page("Start it first, or make another one from it under “New round”."));
    }
    let all = accounts::of_round(&mut tx, &round.id).await?;
    let place: HashMap<&AccountId, usize> = all.iter().enumerate().map(|(at, account)| (&account.id, at)).collect();
    let named = earlier::named(&mut tx, &round.id).await?;
    let ids: Vec<&ContactId> = named.iter().map(|one| &one.id).collect();
    let mut people = stood::people(&mut tx, told_then::of_spec(&round.spec)?, &ids).await?;
    people.sort_by(|(a, _), (b, _)| {
        (place.get(&a.account_id), a.line, &a.id).cmp(&(place.get(&b.account_id), b.line, &b.id))
    });
    let client = objections::client_of(&mut tx, &round.id).await?;
    let said = said_for_good(&mut tx, &client, &people).await?;
    let dead = dead(&mut tx, &people).await?;
    let there = rounds::by_slug(&mut tx, &content.spec.round).await?;
    let without_people = match &there {
        Some(there) => without_people(&mut tx, there, slug).await?,
        None => false,
    };
    drop(tx);

    let followed: HashSet<ContactId> = people.iter().filter_map(|(p, _)| p.replaces.clone()).collect();
    let readable: HashSet<ContactId> = people.iter().map(|(p, _)| p.id.clone()).collect();
    let unreadable = named.into_iter().filter(|one| !readable.contains(&one.id)).map(|one| NotCarried {
        account: one.account,
        name: format!("{} {}", one.first_name, one.last_name).trim().to_owned(),
        email: one.email,
        why: WhyNot::Unreadable.told(),
    });
    let mut not_carried: Vec<NotCarried> = unreadable.collect();
    let (mut rows, mut each) = (Vec::new(), Vec::new());
    for (p, stood) in people {
        let known = (said.get(&p.email_key).copied(), dead.get(&p.email_key));
        let account = place.get(&p.account_id).and_then(|at| all.get(*at));
        match (next_time(&against(&p, followed.contains(&p.id), known)), account) {
            (NextTime::Listed, Some(account)) => {
                each.push(stood.came());
                rows.push(row(slug, p, &stood, account));
            }
            (NextTime::Listed, None) => not_carried.push(told(&p, &WhyNot::Unreadable)),
            (NextTime::Followed, _) => {}
            (NextTime::Told(why), _) => not_carried.push(told(&p, &why)),
        }
    }
    let (rows, refusals) = as_read_back(rows).await.map_err(|problem| match problem.kind {
        Kind::Internal => problem,
        _ => cannot_follow(&content.spec.round, slug, &problem.to_string()),
    })?;
    let (mut listed, mut came) = (Vec::with_capacity(rows.len()), BTreeMap::<Came, usize>::new());
    for ((row, refusal), what) in rows.into_iter().zip(refusals).zip(each) {
        match refusal {
            None => {
                *came.entry(what).or_default() += 1;
                listed.push(row);
            }
            Some(why) => not_carried.push(NotCarried {
                name: format!("{} {}", row.first_name, row.last_name).trim().to_owned(),
                account: row.account,
                email: row.email.to_string(),
                why: WhyNot::NoRow(why).told(),
            }),
        }
    }
    let version = version(&content, &listed, &not_carried)?;
    Ok(NextRound {
        from: slug.into(),
        content,
        rows: listed,
        came: came.into_iter().collect(),
        not_carried,
        is_there: there.is_some(),
        without_people,
        version,
    })
}

fn told(p: &Person, why: &WhyNot) -> NotCarried {
    NotCarried { account: p.account.clone(), name: p.full_name(), email: p.email.to_string(), why: why.told() }
}

/// The rows, and why each would not be read back from a list. Beside the work of everybody else: a list may be long.
async fn as_read_back(rows: Vec<ListedContact>) -> Result<(Vec<ListedContact>, Vec<Option<String>>)> {
    let reading = tokio::task::spawn_blocking(move || -> Result<_> {
        let refusals = read_back::refusals(&rows)?;
        Ok((rows, refusals))
    });
    reading.await.map_err(|e| Problem::internal("The next list could not be read back.").because(e))?
}

/// What is shown is what is made: settings, texts and questions, the list as it is written, and who is not on it.
fn version(content: &Content, rows: &[ListedContact], not_carried: &[NotCarried]) -> Result<String> {
    let mut all = content.as_loaded()?.into_bytes();
    all.push(b'\n');
    all.extend(export::list(rows)?);
    all.extend(not_carried_table(not_carried)?.into_bytes());
    Ok(sha256(all))
}

/// Whether this round was made from `from`, and its people have not come: whoever made it was stopped in between.
async fn without_people(tx: &mut Tx, there: &Round, from: &str) -> Result<bool> {
    if there.state != RoundState::Draft || earlier::has_anybody(tx, &there.id).await? {
        return Ok(false);
    }
    let done = journal::of_subject(tx, &there.id).await?;
    let made = format!("from {}", origin(from));
    Ok(done.iter().any(|entry| entry.action == Action::MadeRound.as_str() && entry.detail == made))
}

/// What the journal says a round was made from.
fn origin(from: &str) -> String {
    format!("round {from}")
}

/// What these people have said to the client for good, by the key of the address.
async fn said_for_good(
    tx: &mut Tx,
    client: &str,
    people: &[(Person, Stood)],
) -> Result<HashMap<String, ObjectionKind>> {
    let keys: Vec<String> = people
        .iter()
        .filter(|(p, _)| p.objected_at.is_some() || p.gone_at.is_some())
        .map(|(p, _)| p.email_key.clone())
        .collect();
    let mut said = HashMap::new();
    for keys in keys.chunks(AT_ONCE) {
        for (key, all) in objections::of_keys(tx, client, keys).await? {
            // That he does not want to outlasts that he is not there.
            let first = all.iter().map(|objection| objection.kind).min();
            said.extend(first.map(|kind| (key, kind)));
        }
    }
    Ok(said)
}

/// Why their addresses are dead, by the key.
async fn dead(tx: &mut Tx, people: &[(Person, Stood)]) -> Result<HashMap<String, String>> {
    let keys: Vec<String> = people.iter().map(|(p, _)| p.email_key.clone()).collect();
    let mut dead = HashMap::new();
    for keys in keys.chunks(AT_ONCE) {
        dead.extend(addresses::dead(tx, keys).await?.into_iter().map(|(key, dead)| (key, dead.dead_because)));
    }
    Ok(dead)
}

/// A round that is closed hears nothing more: what was learned since is known of the address alone.
fn against(p: &Person, followed: bool, (said, dead): (Option<ObjectionKind>, Option<&String>)) -> Against {
    Against {
        removed: p.removed_at.map(|_| Removal::read(p.removed_reason.as_deref().unwrap_or_default())),
        followed,
        said,
        no_address: p.gave_address_up(),
        dead: dead.cloned(),
    }
}

/// As he is known now, with what came of him; what stood there of the round before that is gone.
fn row(round: &str, p: Person, stood: &Stood, account: &Account) -> ListedContact {
    let name = (p.first_name.as_str(), p.last_name.as_str(), &p.email);
    let mut row = as_row(p.line, name, (&p).into(), account);
    for (header, cell) in COLUMNS.into_iter().zip(stood.cells(round)) {
        match cell.is_empty() {
            true => row.more.remove(header),
            false => row.more.insert(header.to_owned(), cell),
        };
    }
    row
}

/// Writes the folder of the round that follows, and beside its list who is not on it.
pub fn write(dir: &Path, next: &NextRound) -> Result<()> {
    next.folder()?;
    let Content { spec, questionnaire, words } = &next.content;
    folder::write(dir, spec, &next.rows, questionnaire, words)?;
    if next.not_carried.is_empty() {
        return Ok(());
    }
    files::write(dir, NOT_CARRIED, not_carried_table(&next.not_carried)?.as_bytes())
}

fn not_carried_table(all: &[NotCarried]) -> Result<String> {
    let cells = |n: &NotCarried| [n.account.clone(), n.name.clone(), n.email.clone(), n.why.clone()];
    export::table(["account", "name", "email", "why"], all.iter().map(cells)).collect()
}

/// Makes the draft with its people, of what was shown and has been read back. A press goes on where an earlier one was stopped,
/// whosever that was: a draft that was made from the round and has no people yet gets them, and stays as it is otherwise.
pub async fn make(ctx: &Ctx, actor: &Actor, next: NextRound, list: &CheckedList) -> Result<Made> {
    let slug = next.slug().to_owned();
    let made = match waits_for_people(ctx, &slug, &next.from).await? {
        true => Made::New,
        false => ctx.order(actor, MakeRound { content: next.content, from: origin(&next.from) }).await?,
    };
    if made == Made::New {
        load_checked(ctx, &slug, list, Allowed::default(), actor).await?;
    }
    Ok(made)
}

async fn waits_for_people(ctx: &Ctx, slug: &str, from: &str) -> Result<bool> {
    let mut tx = ctx.db.read().await?;
    match rounds::by_slug(&mut tx, slug).await? {
        Some(there) => without_people(&mut tx, &there, from).await,
        None => Ok(false),
    }
}
