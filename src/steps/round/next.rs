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
use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::intake::files::{self, CONTACTS};
use crate::intake::folder::{self, RoundFolder, export};
use crate::intake::list::CheckedList;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::last_time::{COLUMNS, Came, Stood};
use crate::rules::contacts::next_list::{Against, NextTime, next_time};
use crate::rules::contacts::objection::ObjectionKind;
use crate::rules::contacts::out::Removal;
use crate::rules::journal::Actor;
use crate::rules::round::RoundState;
use crate::steps::contacts::people::{particulars::as_row, stood};
use crate::steps::contacts::{Allowed, load_checked};
use crate::steps::context::{Ctx, unknown};
use crate::store::Tx;
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::{self, Person, addresses, listing, objections};
use crate::store::round::rounds;

use super::folder::of_files;
use super::making::{self, Made, MakeRound, Pattern};
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
    /// Whom it lists and whom not: another one where that has changed.
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
        of_files(&files).map_err(|faults| {
            let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
            Problem::refused(
                format!("Round {} cannot follow round {} as it is. {}", self.slug(), self.from, all.join(" ")),
                format!("Write it out with `export {}`, and correct it there under its next name.", self.from),
            )
            .on_page("Make a round from this earlier one under “Make a round”, correct it there, and load its list.")
        })
    }
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
        .on_page("Start it first, or make another one from it under “Make a round”."));
    }
    let all = accounts::of_round(&mut tx, &round.id).await?;
    let place: HashMap<&AccountId, usize> = all.iter().enumerate().map(|(at, account)| (&account.id, at)).collect();
    let ids: Vec<ContactId> = listing::everybody(&mut tx, &round.id).await?.into_iter().map(|p| p.id).collect();
    let mut people = stood::people(&mut tx, &ids.iter().collect::<Vec<_>>()).await?;
    people.sort_by(|(a, _), (b, _)| {
        (place.get(&a.account_id), a.line, &a.id).cmp(&(place.get(&b.account_id), b.line, &b.id))
    });
    let client = objections::client_of(&mut tx, &round.id).await?;
    let said = said_for_good(&mut tx, &client, &people).await?;
    let dead = dead(&mut tx, &people).await?;
    let followed: HashSet<ContactId> = people.iter().filter_map(|(p, _)| p.replaces.clone()).collect();

    let (mut rows, mut not_carried) = (Vec::new(), Vec::new());
    let (mut came, mut seen) = (BTreeMap::<Came, usize>::new(), content.spec.round.clone());
    for (p, stood) in people {
        let Some(account) = place.get(&p.account_id).and_then(|at| all.get(*at)) else { continue };
        let known = (said.get(&p.email_key).copied(), dead.get(&p.email_key));
        match next_time(&against(&p, followed.contains(&p.id), known)) {
            NextTime::Listed => {
                seen.push_str(&format!("\n{} {} {}", p.id, p.email, p.full_name()));
                *came.entry(stood.came()).or_default() += 1;
                rows.push(row(slug, p, &stood, account));
            }
            NextTime::Followed => {}
            NextTime::Told(why) => {
                seen.push_str(&format!("\n{} {}", p.id, why.told()));
                not_carried.push(NotCarried {
                    account: account.name.clone(),
                    name: p.full_name(),
                    email: p.email.to_string(),
                    why: why.told(),
                });
            }
        }
    }
    let is_there = rounds::by_slug(&mut tx, &content.spec.round).await?.is_some();
    let (came, version) = (came.into_iter().collect(), sha256(seen));
    Ok(NextRound { from: slug.into(), content, rows, came, not_carried, is_there, version })
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
    let cells = |n: &NotCarried| [n.account.clone(), n.name.clone(), n.email.clone(), n.why.clone()];
    let table = export::table(["account", "name", "email", "why"], next.not_carried.iter().map(cells));
    let text: String = table.collect::<Result<_>>()?;
    files::write(dir, NOT_CARRIED, text.as_bytes())
}

/// Makes the draft with its people, of what was shown and has been read back. A second press goes on where the first one stopped.
pub async fn make(ctx: &Ctx, actor: &Actor, next: NextRound, list: &CheckedList) -> Result<Made> {
    let slug = next.slug().to_owned();
    let made = ctx.order(actor, MakeRound { content: next.content, from: format!("round {}", next.from) }).await?;
    if made == Made::New || nobody_is_listed(ctx, &slug).await? {
        load_checked(ctx, &slug, list, Allowed::default(), actor).await?;
    }
    Ok(made)
}

async fn nobody_is_listed(ctx: &Ctx, slug: &str) -> Result<bool> {
    let mut tx = ctx.db.read().await?;
    let round = rounds::by_slug(&mut tx, slug).await?.ok_or_else(|| unknown(slug))?;
    Ok(contacts::ids_of_round(&mut tx, &round.id).await?.is_empty())
}
