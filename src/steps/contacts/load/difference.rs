//! What a list would do to a round, told before it is done, and done only where it still is what was told. Telling reads and writes
//! nothing.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::check::CheckedList;
use crate::rules::contacts::difference::{
    Added, Asked, Changed, Circumstances, Columns, Difference, Facts, Gone, Kept, causes, effects, fields, refused,
    signs_again,
};
use crate::rules::contacts::row::Field;
use crate::rules::contacts::wanted::{Allowed, Wanted, all_said};
use crate::rules::journal::Action;
use crate::rules::round::{RoundSpec, RoundState};
use crate::steps::context::Ctx;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::listing::{Listed, NewContact};
use crate::store::round::rounds::Round;
use crate::store::{Tx, journal};

use super::list_load::open_round;
use super::prepare::{Prepared, Seen, worked_out};
use super::rows::{Again, becomes, fell_off, stays_as_edited};
use super::standings;
use crate::steps::contacts::accounts::owners::Owners;
use crate::steps::contacts::people::particulars::{more_columns, signed_name};

/// What a list would do, with what somebody has to say before it does that.
#[derive(Debug)]
pub struct Comparison {
    pub difference: Difference,
    pub wanted: Vec<Wanted>,
}

/// What a list would do to a round, or why it would be refused as a whole.
pub async fn difference(ctx: &Ctx, slug: &str, list: &CheckedList, allowed: Allowed) -> Result<Difference> {
    let Comparison { difference, wanted } = comparison(ctx, slug, list, allowed).await?;
    all_said(wanted, allowed)?;
    Ok(difference)
}

/// The same, whatever is allowed. Of `allowed` counts what the list is said to be: one of several, or the whole.
pub async fn comparison(ctx: &Ctx, slug: &str, list: &CheckedList, allowed: Allowed) -> Result<Comparison> {
    let mut tx = ctx.db.read().await?;
    let round = open_round(&mut tx, slug).await?;
    Ok(compared(ctx, &mut tx, &round, list, allowed).await?.1)
}

/// The same with what is to be written.
pub(in crate::contacts) async fn compared(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &Round,
    list: &CheckedList,
    allowed: Allowed,
) -> Result<(Prepared, Comparison)> {
    // Asked first: what comes after it is noticed.
    let names = last_change(tx, round).await?;
    let Allowed { keeping_others, taking_off, .. } = allowed;
    let allowed = Allowed { keeping_others, ..Allowed::default() };
    let (prepared, mut seen) = worked_out(ctx, tx, (&round.id, round.state), &list.accepted, allowed).await?;
    let (mut difference, facts) = told(tx, round, (&prepared, &seen), list).await?;
    let wanted = std::mem::take(&mut seen.wanted);
    let draft = round.state == RoundState::Draft;
    let shown = Shown {
        rows: &list.accepted,
        difference: &difference,
        effects: effects(&difference, &facts.without_letters()),
        keeps: keeping_others && draft,
        whole: taking_off && draft && !difference.gone.is_empty(),
        wanted: wanted.iter().map(|wanted| wanted.problem.what.as_str()).collect(),
        said: &prepared.said,
    };
    difference.version = format!("{}-{names}-{}", round.state.as_str(), shown.digest()?);
    difference.effects = effects(&difference, &facts);
    Ok((prepared, Comparison { difference, wanted }))
}

/// All that the version of a difference stands for: columns, repairs or the file itself may be others when somebody presses the button.
/// What is allowed stands in it by what it is asked for, and by whether the others stay.
#[derive(Serialize)]
struct Shown<'a> {
    rows: &'a [ListedContact],
    /// Without its version and effects.
    difference: &'a Difference,
    effects: Vec<String>,
    keeps: bool,
    /// Said to be the whole list of a draft that has others, too.
    whole: bool,
    wanted: Vec<&'a str>,
    /// Which names of accounts mean one, as people have said in any round of the client.
    said: &'a str,
}

impl Shown<'_> {
    fn digest(&self) -> Result<String> {
        let text = serde_json::to_string(self)
            .map_err(|e| Problem::internal("What a list does could not be written down.").because(e))?;
        Ok(sha256(text))
    }
}

/// The number of the latest thing that anybody, or a list, did to the names of a round.
async fn last_change(tx: &mut Tx, round: &Round) -> Result<i64> {
    let all: Vec<Action> = Action::ALL.iter().copied().filter(|action| action.changes_names()).collect();
    journal::last_of(tx, &round.id, &all).await
}

async fn told(
    tx: &mut Tx,
    round: &Round,
    (prepared, seen): (&Prepared, &Seen),
    list: &CheckedList,
) -> Result<(Difference, Facts)> {
    let spec: RoundSpec = serde_json::from_str(&round.spec)
        .map_err(|e| Problem::internal(format!("The settings of round {} cannot be read.", round.slug)).because(e))?;
    let started = round.state != RoundState::Draft;
    let accounts = standings::after(tx, prepared, seen).await?;
    let facts = standings::facts(prepared, accounts, started, &spec.signoff.sales_director);
    let signs_again = signs_again(&facts.accounts);
    let people: HashMap<&ContactId, &Listed> = seen.people.iter().map(|p| (&p.id, p)).collect();
    let by_person = ByPerson {
        owners: &prepared.owners,
        before: seen.accounts.iter().map(|account| (&account.id, account)).collect(),
        started,
        signs_again: &signs_again,
    };
    // Every row is in one place.
    let rows = &prepared.rows;
    let (mut changed, mut kept, mut unchanged) = (Vec::new(), Vec::new(), rows.same);
    for again in &rows.again {
        let Some(old) = people.get(&again.known.id) else { continue };
        match by_person.changed(old, again)? {
            Some(change) => changed.push(change),
            None if stays_as_edited(&again.known) => kept.push(by_person.kept(old, again.row.line)),
            None => unchanged += 1,
        }
    }
    for (id, row) in &rows.by_account {
        changed.extend(people.get(id).map(|old| by_person.by_account(old, *row)));
    }
    changed.sort_by(|a, b| (a.row, &a.contact).cmp(&(b.row, &b.contact)));
    kept.extend(rows.kept.iter().filter_map(|(id, row)| people.get(id).map(|old| by_person.kept(old, *row))));
    kept.sort_by_key(|kept| kept.row);
    let changes = &prepared.changes;
    let difference = Difference {
        added: rows.new.iter().map(|new| added(new, &prepared.owners)).collect(),
        changed,
        gone: prepared.absent.iter().filter_map(|id| people.get(id)).map(|p| by_person.gone(p)).collect(),
        asked: changes.asked.iter().map(asked).collect(),
        refused: refused(list),
        unchanged,
        kept,
        same_account: changes.same_account.clone(),
        signs_again: signs_again.clone(),
        effects: Vec::new(),
        version: String::new(),
    };
    Ok((difference, facts))
}

fn added(new: &NewContact, owners: &Owners) -> Added {
    Added {
        row: row(new.line),
        name: full_name(&new.first_name, &new.last_name),
        account: owners.name(&new.account_id).into(),
        email: new.email.to_string(),
    }
}

fn asked(asked: &super::changes::HeldRow) -> Asked {
    Asked {
        row: asked.row,
        name: asked.name.clone(),
        account: asked.account.clone(),
        email: asked.email.clone(),
        known_as: asked.known_as.clone(),
        known_at: asked.known_at.clone(),
        why: asked.why.clone(),
        same: asked.same.clone(),
        other: asked.other.clone(),
    }
}

fn row(line: i64) -> u64 {
    line.max(0) as u64
}

fn full_name(first: &str, last: &str) -> String {
    format!("{first} {last}").trim().to_owned()
}

/// The columns of somebody of the round, or of a row: both have the same.
macro_rules! columns {
    ($person:expr, $account:expr) => {{
        let mut columns = of_account($account);
        for (field, text) in [
            (Field::ContactKey, $person.client_key.as_str()),
            (Field::FirstName, $person.first_name.as_str()),
            (Field::LastName, $person.last_name.as_str()),
            (Field::Email, $person.email.as_str()),
            (Field::JobTitle, $person.job_title.as_str()),
            (Field::Role, $person.role.as_str()),
            (Field::Language, $person.language.as_str()),
            (Field::Country, $person.country.as_str()),
            (Field::Region, $person.region.as_str()),
            (Field::TimeZone, $person.time_zone.as_str()),
        ] {
            columns.insert(field, text.to_owned());
        }
        Columns { ours: columns, more: more_columns(&$person.more) }
    }};
}

fn of_account(account: Option<&Account>) -> BTreeMap<Field, String> {
    let Some(a) = account else { return BTreeMap::new() };
    let revenue = a.annual_revenue.map(|n| n.to_string()).unwrap_or_default();
    [
        (Field::Account, a.name.clone()),
        (Field::Director, a.director_name.clone()),
        (Field::DirectorEmail, a.director_email.to_string()),
        (Field::Manager, a.manager_name.clone()),
        (Field::ManagerEmail, a.manager_email.clone()),
        (Field::Strategic, if a.strategic.0 { "yes" } else { "no" }.to_owned()),
        (Field::AnnualRevenue, revenue),
    ]
    .into_iter()
    .collect()
}

/// What is asked about each person who is in the round.
struct ByPerson<'a> {
    owners: &'a Owners,
    before: HashMap<&'a AccountId, &'a Account>,
    started: bool,
    signs_again: &'a [String],
}

impl ByPerson<'_> {
    fn account_before(&self, id: &AccountId) -> Option<&Account> {
        self.before.get(id).copied()
    }

    fn name_before(&self, id: &AccountId) -> String {
        self.account_before(id).map_or_else(String::new, |a| a.name.clone())
    }

    /// None where the row only stands elsewhere on the list.
    fn changed(&self, old: &Listed, again: &Again) -> Result<Option<Changed>> {
        let back = old.removed_at.is_some() && fell_off(old.removed_reason.as_deref());
        let new = becomes(&again.account, &again.row, (&again.known, old), self.owners)?;
        let before = columns!(old, self.account_before(&old.account_id));
        let after = match &new {
            Some(new) => columns!(new, self.owners.get(&new.account_id)),
            None => before.clone(),
        };
        let mut fields = fields(&before, &after);
        if back {
            fields.insert("on_the_list".to_owned(), ["no".to_owned(), "yes".to_owned()]);
        }
        if let Some(new) = new.as_ref().filter(|_| fields.is_empty()) {
            // What is found wrong with a row is shown to its director.
            let found = crate::steps::contacts::people::particulars::finding_codes(&old.findings, &new.findings);
            fields.extend(found.map(|codes| ("findings".to_owned(), codes)));
        }
        if fields.is_empty() {
            return Ok(None);
        }
        let place = new.as_ref().map_or(&old.account_id, |new| &new.account_id);
        let moves = (*place != old.account_id).then(|| (self.name_before(&old.account_id), self.owners.name(place)));
        let renamed = self.owners.name(&old.account_id) != self.name_before(&old.account_id);
        let circumstances = Circumstances {
            started: self.started,
            edited: back && new.is_none(),
            covered: back || renamed || new.as_ref().is_some_and(|new| signed_name(old) != signed_name(new)),
            signs_again: self.signs_again.iter().any(|name| name == self.owners.name(place)),
            back,
            moves: moves.as_ref().map(|(from, to)| (from.as_str(), *to)),
            other_mailbox: new.as_ref().is_some_and(|new| new.email.key() != old.email_key),
        };
        Ok(Some(self.as_changed(old, again.row.line, fields, &circumstances)))
    }

    fn by_account(&self, old: &Listed, row: u64) -> Changed {
        let before = columns!(old, self.account_before(&old.account_id));
        let after = columns!(old, self.owners.get(&old.account_id));
        let account = self.owners.name(&old.account_id);
        let renamed = account != self.name_before(&old.account_id);
        let circumstances = Circumstances {
            started: self.started,
            covered: renamed,
            signs_again: self.signs_again.iter().any(|name| name == account),
            ..Circumstances::default()
        };
        self.as_changed(old, row, fields(&before, &after), &circumstances)
    }

    fn as_changed(
        &self,
        old: &Listed,
        row: u64,
        fields: BTreeMap<String, [String; 2]>,
        circumstances: &Circumstances<'_>,
    ) -> Changed {
        Changed {
            contact: old.id.clone(),
            row,
            name: full_name(&old.first_name, &old.last_name),
            account: self.name_before(&old.account_id),
            causes: causes(&fields, circumstances),
            fields,
        }
    }

    fn gone(&self, person: &Listed) -> Gone {
        Gone {
            contact: person.id.clone(),
            name: full_name(&person.first_name, &person.last_name),
            account: self.owners.name(&person.account_id).into(),
            email: person.email.to_string(),
            removed: !self.started,
        }
    }

    fn kept(&self, person: &Listed, row: u64) -> Kept {
        Kept {
            contact: person.id.clone(),
            row,
            name: full_name(&person.first_name, &person.last_name),
            account: self.owners.name(&person.account_id).into(),
            email: person.email.to_string(),
        }
    }
}
