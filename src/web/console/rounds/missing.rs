//! Where the answers of a round are missing, as its overview says it: each missed target in names, accounts by role, silent accounts,
//! account directors beside each other. Every number leads to its people.

use std::collections::BTreeMap;

use crate::base::counted::form;
use crate::rules::completion::gap::{Answered, accounts_of};
use crate::rules::completion::{Status as Figures, TargetStatus};
use crate::rules::contacts::Role;
use crate::rules::round::{Level, RoundState};
use crate::steps::Live;
use crate::steps::completion::missing::{ByRole, Missing};
use crate::store::contacts::accounts::Account;
use crate::store::course::OfDirector;
use crate::store::missing::{Begun, OfRole};
use crate::web::console::contacts::standing::signed;
use crate::web::console::views::missing::*;
use crate::web::kit::figures::{count, rate};
use crate::web::kit::forms::query::{query, with};
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Link, plural};

/// As many names stand at one target.
const NAMED: usize = 5;
/// Silent accounts on the page.
const SILENT: usize = 10;

pub(super) fn part(live: &Live, figures: &Figures, missing: &Missing) -> MissingPart {
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| figures.roles.contains_key(role.as_str())).collect();
    let silent = (figures.accounts.invited - figures.accounts.completed).max(0);
    let is_over = live.state == RoundState::Closed;
    let missed = figures.targets.iter().filter(|_| !is_over);
    MissingPart {
        gaps: missed.filter_map(|t| gap(live, figures, missing, t)).collect(),
        roles: roles.iter().map(|role| role.label()).collect(),
        heat: missing.accounts.iter().map(|of| heat_row(live, of, &roles)).collect(),
        silent_title: if silent > 0 { count(silent).of("silent account", "silent accounts") } else { String::new() },
        silent: missing.silent.iter().take(SILENT).map(|of| silent_row(live, of)).collect(),
        open_is: if is_over { "Did not answer" } else { "Could answer" },
        silent_more: count(silent - missing.silent.len().min(SILENT) as i64),
        directors: missing.directors.iter().map(|of| director(live, of)).collect(),
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
    Gap { says, why, who, others: Some(Link::new("Everybody who has not answered", all)) }
}

fn of_accounts(live: &Live, missing: &Missing, t: &TargetStatus, accounts: usize) -> Gap {
    let reach = form(accounts, "reaches", "reach");
    let says = format!("{} {reach} {}.", plural(accounts, "more account", "more accounts"), percent(t));
    let has_begun = missing.silent.iter().filter(|(_, begun)| *begun > 0).count();
    let why = match (has_begun, missing.silent.len()) {
        (_, 0) => "Nobody at a silent account can be reached: see who is to be repaired.".to_string(),
        (0, _) => "One answer at each is enough; the dearest first:".into(),
        (n, _) => format!("One answer at each is enough; at {} somebody has begun:", plural(n, "account", "accounts")),
    };
    let who = missing.silent.iter().take(NAMED.min(accounts)).map(|of| near(live, of)).collect();
    let others = match missing.silent.len() {
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
        silent: a.invited > 0 && a.completed == 0,
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

fn director(live: &Live, of: &OfDirector) -> DirectorRow {
    DirectorRow {
        name: of.name.clone(),
        href: with(urls::board(&live.slug), "q", of.email.as_str()),
        accounts: rate(of.answered, of.invited),
        people: rate(of.completed, of.reachable),
        silent: count(of.invited - of.answered),
    }
}
