//! Where the answers of a round are missing, as its overview says it: each missed target in names, accounts by role, silent accounts,
//! account directors beside each other. Every number leads to its people.

use std::collections::BTreeMap;

use crate::base::counted::form;
use crate::rules::completion::gap::{Answered, accounts_of};
use crate::rules::completion::told::Whole;
use crate::rules::completion::{Status as Figures, TargetStatus};
use crate::rules::contacts::Role;
use crate::rules::round::Level;
use crate::steps::Live;
use crate::steps::completion::missing::{ByRole, Missing};
use crate::steps::completion::told;
use crate::store::contacts::accounts::Account;
use crate::store::course::OfDirector;
use crate::store::missing::{Begun, OfRole};
use crate::web::console::contacts::standing::signed;
use crate::web::console::views::missing::*;
use crate::web::kit::figures::{as_told, count, rate};
use crate::web::kit::forms::query::{query, with};
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Link, plural};

/// As many names stand at one target.
const NAMED: usize = 5;
/// Said in the place of people who have begun where they are not told.
const NO_NAMES: &str = "This round tells nobody’s name. An answer at a silent account counts twice:";
const NO_ACCOUNTS: &str = "This round does not tell at which accounts nobody has answered.";
/// Silent accounts on the page.
const SILENT: usize = 10;

pub(super) fn part(live: &Live, figures: &Figures, missing: &Missing) -> MissingPart {
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| figures.roles.contains_key(role.as_str())).collect();
    let silent = (figures.accounts.invited - figures.accounts.completed).max(0);
    let (names, whole) = (live.spec.participation.names(), Whole::of(figures, live.spec.participation));
    let told = figures.targets.iter().filter(|t| whole.level(t.level));
    MissingPart {
        names,
        gaps: told.filter_map(|t| gap(live, figures, missing, t)).collect(),
        roles: roles.iter().map(|role| role.label()).collect(),
        heat: missing.accounts.iter().map(|of| heat_row(live, of, &roles)).collect(),
        silent_title: match (names, silent) {
            (true, 1..) => count(silent).of("silent account", "silent accounts"),
            (false, _) if !missing.silent.is_empty() => "Silent accounts".into(),
            _ => String::new(),
        },
        silent: missing.silent.iter().take(SILENT).map(|of| silent_row(live, of)).collect(),
        silent_more: if names { count(silent - missing.silent.len().min(SILENT) as i64) } else { count(0) },
        directors: directors(live, &missing.directors),
    }
}

fn of_account(live: &Live, account: &Account) -> String {
    urls::account(&live.slug, &account.id)
}

fn percent(t: &TargetStatus) -> String {
    format!("{}\u{a0}%", (t.target * 100.0).round())
}

/// Nothing of a target that is met, and before anybody was invited.
fn gap(live: &Live, f: &Figures, missing: &Missing, t: &TargetStatus) -> Option<Gap> {
    let of = usize::try_from(t.missing).unwrap_or(0);
    match t.level {
        _ if t.met || of == 0 => None,
        Level::Individual if f.individual.reachable == 0 => None,
        Level::Accounts if f.accounts.invited == 0 => None,
        Level::Individual => Some(of_people(live, missing, t, of)),
        Level::Accounts => Some(of_accounts(live, missing, t, of)),
    }
}

fn of_people(live: &Live, missing: &Missing, t: &TargetStatus, answers: usize) -> Gap {
    let begun = &missing.begun;
    let has_begun = plural(begun.len(), "person has begun", "people have begun");
    let reach = form(answers, "reaches", "reach");
    let (says, why) = if begun.len() >= answers {
        let accounts = plural(accounts_of(begun, answers, |p| &p.account_id), "account", "accounts");
        let says = format!("{} in {accounts} {reach} {}.", plural(answers, "answer", "answers"), percent(t));
        (says, format!("{has_begun} and not finished, those of silent accounts first:"))
    } else {
        let says = format!("{} {reach} {} of contacts.", plural(answers, "answer", "answers"), percent(t));
        match begun.len() {
            0 if !live.spec.participation.names() => (says, NO_NAMES.into()),
            0 => (says, "Nobody has begun without finishing. An answer at a silent account counts twice:".into()),
            _ => {
                (says, format!("{has_begun} and not finished; after them, an answer at a silent account counts twice:"))
            }
        }
    };
    let people = begun.iter().take(NAMED).map(|p| person(live, p));
    let accounts = missing.silent.iter().map(|of| near(live, of));
    let who: Vec<Near> = if begun.len() >= answers {
        people.take(answers).collect()
    } else {
        people.chain(accounts).take(NAMED).collect()
    };
    let all = with(urls::contacts(&live.slug), "stage", "not_answered");
    let others = live.spec.participation.names().then(|| Link::new("Everybody who has not answered", all));
    Gap { says, why, who, others }
}

fn of_accounts(live: &Live, missing: &Missing, t: &TargetStatus, accounts: usize) -> Gap {
    let reach = form(accounts, "reaches", "reach");
    let says = format!("{} {reach} {}.", plural(accounts, "more account", "more accounts"), percent(t));
    let has_begun = missing.silent.iter().filter(|(_, begun)| *begun > 0).count();
    let names = live.spec.participation.names();
    let why = match (has_begun, missing.silent.len()) {
        (_, 0) if !names => NO_ACCOUNTS.to_string(),
        (_, 0) => "Nobody at a silent account can be reached: see who is to be repaired.".to_string(),
        (0, _) => "One answer at each is enough; the dearest first:".into(),
        (n, _) => format!("One answer at each is enough; at {} somebody has begun:", plural(n, "account", "accounts")),
    };
    let who = missing.silent.iter().take(NAMED.min(accounts)).map(|of| near(live, of)).collect();
    let others = match missing.silent.len() {
        0 if !names => Link::new("All accounts", urls::accounts(&live.slug)),
        0 => Link::new("Contacts who cannot be reached", urls::repairs(&live.slug)),
        _ => Link::new("The silent accounts", "#silent".to_string()),
    };
    Gap { says, why, who, others: Some(others) }
}

fn person(live: &Live, p: &Begun) -> Near {
    let name = format!("{} {}", p.first_name, p.last_name).trim().to_string();
    Near { name, href: urls::contact(&live.slug, &p.id), beside: p.account.clone() }
}

fn near(live: &Live, (account, begun): &(Account, i64)) -> Near {
    Near { name: account.name.clone(), href: of_account(live, account), beside: people(account, *begun) }
}

/// "3 people, 1 of them has begun".
fn people(account: &Account, begun: i64) -> String {
    let open = (account.reachable - account.completed).max(0);
    let people = count(open).of("person", "people");
    match begun {
        0 => people,
        n if n >= open => format!("{people}, who {} begun", form(n, "has", "have")),
        n => format!("{people}, {} of them {} begun", count(n), form(n, "has", "have")),
    }
}

fn heat_row(live: &Live, of: &ByRole, roles: &[Role]) -> HeatRow {
    let a = &of.account;
    let known: Option<BTreeMap<&str, &OfRole>> =
        of.roles.as_ref().map(|all| all.iter().map(|one| (one.role.as_str(), one)).collect());
    let cell = |role: &Role| match &known {
        Some(known) => heat_cell(live, a, *role, known.get(role.as_str()).copied()),
        None => HeatCell { text: "see its people".into(), class: "", href: Some(of_role(live, a, *role)) },
    };
    HeatRow {
        name: a.name.clone(),
        href: of_account(live, a),
        strategic: a.strategic.0,
        silent: told::is_silent(live, a),
        cells: roles.iter().map(cell).collect(),
        rate: rate(a.completed, a.reachable),
        director: a.director_name.clone(),
        signed: signed(live, a.standing),
    }
}

fn of_role(live: &Live, account: &Account, role: Role) -> String {
    let narrowed = query(&[("role", role.as_str()), ("account", account.id.as_str())]);
    format!("{}{narrowed}", urls::contacts(&live.slug))
}

fn heat_cell(live: &Live, account: &Account, role: Role, of: Option<&OfRole>) -> HeatCell {
    let (listed, reachable, completed) = of.map_or((0, 0, 0), |of| (of.listed, of.reachable, of.completed));
    let href = (listed > 0 || reachable > 0).then(|| of_role(live, account, role));
    let answered =
        |class| HeatCell { text: format!("{} of {}", count(completed), count(reachable)), class, href: href.clone() };
    match Answered::of(completed, reachable) {
        Answered::NobodyToAsk if listed > 0 => {
            HeatCell { text: format!("{} not asked", count(listed)), class: "", href }
        }
        Answered::NobodyToAsk => HeatCell { text: "nobody".into(), class: "", href },
        Answered::Nobody => answered("none"),
        Answered::Some => answered("some"),
        Answered::Most => answered("most"),
        Answered::All => answered("all"),
    }
}

fn silent_row(live: &Live, (account, begun): &(Account, i64)) -> SilentRow {
    SilentRow {
        name: account.name.clone(),
        href: of_account(live, account),
        strategic: account.strategic.0,
        people: people(account, *begun),
        revenue: account.annual_revenue.map(count),
        director: account.director_name.clone(),
    }
}

/// By the accounts that have answered; by name where that would tell.
fn directors(live: &Live, all: &[OfDirector]) -> Vec<DirectorRow> {
    let rule = live.spec.participation;
    let told = |each: Vec<(i64, i64)>| {
        let told = rule.beside(&each);
        told.parts.into_iter().map(|part| part.filter(|_| told.total.is_some())).collect::<Vec<_>>()
    };
    let accounts = told(all.iter().map(|of| (of.answered, of.invited)).collect());
    let people = told(all.iter().map(|of| (of.completed, of.reachable)).collect());
    let each = all.iter().zip(accounts.into_iter().zip(people));
    let mut rows: Vec<DirectorRow> = each
        .map(|(of, (answered, completed))| DirectorRow {
            name: of.name.clone(),
            href: with(urls::board(&live.slug), "q", of.email.as_str()),
            accounts: as_told(answered, of.invited),
            people: as_told(completed, of.reachable),
            silent: answered.map_or_else(|| "not told".into(), |n| count(of.invited - n).to_string()),
        })
        .collect();
    if !rule.names() {
        rows.sort_by(|a, b| a.name.cmp(&b.name));
    }
    rows
}
