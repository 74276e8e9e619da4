//! Where the answers of a round are missing, as its overview says it: each missed target in names, accounts by role, silent accounts,
//! account directors beside each other. Every number leads to its people.

use std::collections::BTreeMap;

use crate::base::counted::form;
use crate::rules::completion::gap::{Answered, accounts_of};
use crate::rules::completion::told::Whole;
use crate::rules::completion::{Status as Figures, TargetStatus};
use crate::rules::contacts::Role;
use crate::rules::round::{Level, RoundState};
use crate::steps::Live;
use crate::steps::completion::missing::{ByRole, COUNTED, DirectorTold, Missing, Silent};
use crate::store::contacts::accounts::Account;
use crate::store::missing::{Begun, OfRole};
use crate::web::console::contacts::standing::signed;
use crate::web::console::views::rounds::missing::*;
use crate::web::kit::figures::{as_told, count, rate};
use crate::web::kit::forms::query::{query, with};
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Link, plural};

/// As many names stand at one target.
const NAMED: usize = 5;
/// Said in the place of people who have begun where they are not told.
const NO_NAMES: &str = "This round tells nobody’s name";
const NO_ACCOUNTS: &str = "This round does not tell at which accounts nobody has answered.";
/// Silent accounts on the page.
const SILENT: usize = 10;

pub(super) fn part(live: &Live, figures: &Figures, missing: &Missing) -> MissingPart {
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| figures.roles.contains_key(role.as_str())).collect();
    let silent = (figures.accounts.invited - figures.accounts.completed).max(0);
    let (names, whole) = (live.spec.participation.names(), Whole::of(figures, live.spec.participation));
    let rows: Vec<SilentRow> = missing.silent.iter().take(SILENT).map(|of| silent_row(live, of)).collect();
    let is_over = live.state == RoundState::Closed;
    let missed = figures.targets.iter().filter(|t| !is_over && whole.level(t.level));
    // How many accounts are silent is not told beside those that may be named.
    let nobody = if names && missing.are_all_silent { silent - missing.silent.len() as i64 } else { 0 };
    MissingPart {
        names,
        gaps: missed.filter_map(|t| gap(live, figures, missing, t)).collect(),
        roles: roles.iter().map(|role| role.label()).collect(),
        heat: missing.accounts.iter().map(|of| heat_row(live, of, &roles)).collect(),
        silent_title: match (names, silent) {
            (true, 1..) => count(silent).of("silent account", "silent accounts"),
            (false, _) if !rows.is_empty() => "Silent accounts".into(),
            _ => String::new(),
        },
        silent_nobody: nobody_left(nobody, rows.is_empty(), is_over),
        silent_more: more_silent(live, silent, rows.len() as i64).filter(|_| names),
        silent: rows,
        open_is: if is_over { "Did not answer" } else { "Could answer" },
        directors: missing.directors.iter().map(|of| director(live, of)).collect(),
    }
}

/// That nobody of so many silent accounts can answer; `all`: of none of them can anybody.
fn nobody_left(accounts: i64, all: bool, is_over: bool) -> String {
    let asked = if is_over { "could be reached" } else { "can be asked any more" };
    match accounts {
        n if n <= 0 => String::new(),
        _ if all => format!("Nobody there {asked}."),
        n => format!("At {} of them nobody {asked}.", count(n)),
    }
}

/// Where the silent accounts are that are not among so many shown.
fn more_silent(live: &Live, silent: i64, shown: i64) -> Option<Link> {
    let narrowed = query(&[("show", "silent"), ("sort", "revenue")]);
    let text = if shown > 0 { format!("And {} more", count(silent - shown)) } else { "See them".into() };
    (silent > shown).then(|| Link::new(text, format!("{}{narrowed}", urls::accounts(&live.slug))))
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
        Level::Individual => Some(of_people(live, f, missing, t, of)),
        Level::Accounts => Some(of_accounts(live, missing, t, of)),
    }
}

fn of_people(live: &Live, f: &Figures, missing: &Missing, t: &TargetStatus, answers: usize) -> Gap {
    let begun = &missing.begun;
    let (reach, wanted) = (form(answers, "reaches", "reach"), plural(answers, "answer", "answers"));
    let is_enough = begun.len() >= answers;
    let says = if is_enough {
        let accounts = plural(accounts_of(begun, answers, |p| &p.account_id), "account", "accounts");
        format!("{wanted} in {accounts} {reach} {}.", percent(t))
    } else {
        format!("{wanted} {reach} {} of contacts.", percent(t))
    };
    let people = begun.iter().take(NAMED).map(|p| person(live, p));
    let silent = || missing.silent.iter().filter(|of| of.now > 0);
    let who: Vec<Near> = if is_enough {
        people.take(answers).collect()
    } else {
        people.chain(silent().map(|of| near(live, of))).take(NAMED).collect()
    };
    // An account that answers for the first time counts for both, while there is a target of accounts to reach.
    let counts_twice = f.targets.iter().any(|t| t.level == Level::Accounts && !t.met && t.missing > 0);
    let of_silent = (!is_enough && silent().next().is_some()).then_some(match counts_twice {
        true => "an answer at a silent account counts twice",
        false => "then silent accounts, the dearest first",
    });
    let names = live.spec.participation.names();
    let why: String = match (begun.is_empty(), missing.have_begun, of_silent) {
        (_, _, None) if !names => format!("{NO_NAMES}."),
        (_, _, Some(then)) if !names => format!("{NO_NAMES}; {then}:"),
        (false, ..) if is_enough && begun.iter().any(|p| p.account_answers == 0) => {
            "and not finished, those of silent accounts first:".into()
        }
        (false, _, None) => "and not finished:".into(),
        (false, _, Some(then)) => format!("and not finished; after them, {}:", then.trim_start_matches("then ")),
        (true, 0, None) => "Nobody who may be asked has begun without finishing.".into(),
        (true, 0, Some(then)) => format!("Nobody who may be asked has begun without finishing; {then}:"),
        (true, _, None) => "and not finished, and cannot be asked today.".into(),
        (true, _, Some(then)) => format!("and not finished, and cannot be asked today; {then}:"),
    };
    let all = with(urls::contacts(&live.slug), "stage", "not_answered");
    // Who has not answered is told where a round tells names.
    let others = names.then(|| Link::new("Everybody who has not answered", all));
    Gap { says, begun: have_begun(live, missing.have_begun), why, who, others }
}

/// "12 people have begun", "More than 1,000 people have begun"; nothing where nobody has.
fn have_begun(live: &Live, n: i64) -> Option<Link> {
    let text = match n {
        n if n > COUNTED => format!("More than {} people have begun", count(COUNTED)),
        n => count(n).of("person has begun", "people have begun"),
    };
    (n > 0).then(|| Link::new(text, with(urls::contacts(&live.slug), "stage", "not_finished")))
}

fn of_accounts(live: &Live, missing: &Missing, t: &TargetStatus, accounts: usize) -> Gap {
    let more = plural(accounts, "more account", "more accounts");
    let says = format!("An answer at {more} reaches {} of accounts.", percent(t));
    let near_by: Vec<&Silent> = missing.silent.iter().filter(|of| of.now > 0).collect();
    let has_begun = near_by.iter().filter(|of| of.begun > 0).count();
    let names = live.spec.participation.names();
    let why: String = match (has_begun, near_by.len()) {
        (_, 0) if missing.silent.is_empty() && !names => NO_ACCOUNTS.into(),
        (_, 0) if missing.silent.is_empty() => {
            "Nobody at a silent account can be asked: see who is to be repaired.".into()
        }
        (_, 0) => "Nobody at a silent account can be asked today: who could answer is away, or was called.".into(),
        (0, _) => "The dearest first:".into(),
        (n, _) => format!("At {} somebody has begun:", plural(n, "account", "accounts")),
    };
    let who = near_by.into_iter().take(NAMED.min(accounts)).map(|of| near(live, of)).collect();
    let others = match missing.silent.len() {
        0 if !names => Link::new("All accounts", urls::accounts(&live.slug)),
        0 => Link::new("Contacts who cannot be reached", urls::repairs(&live.slug)),
        _ => Link::new("The silent accounts", "#silent"),
    };
    Gap { says, begun: None, why, who, others: Some(others) }
}

fn person(live: &Live, p: &Begun) -> Near {
    let name = format!("{} {}", p.first_name, p.last_name).trim().to_string();
    Near { name, href: urls::contact(&live.slug, &p.id), beside: p.account.clone() }
}

fn near(live: &Live, of: &Silent) -> Near {
    Near { name: of.account.name.clone(), href: of_account(live, &of.account), beside: people(of) }
}

/// "3 people, 1 of them has begun".
fn people(of: &Silent) -> String {
    let people = count(of.people).of("person", "people");
    match of.begun {
        0 => people,
        n if n >= of.people => format!("{people}, who {} begun", form(n, "has", "have")),
        n => format!("{people}, {} of them {} begun", count(n), form(n, "has", "have")),
    }
}

fn heat_row(live: &Live, of: &ByRole, roles: &[Role]) -> HeatRow {
    let a = &of.account;
    let known: Option<BTreeMap<&str, &OfRole>> =
        of.roles.as_ref().map(|all| all.iter().map(|one| (one.role.as_str(), one)).collect());
    let cell = |role: &Role| match &known {
        Some(known) => heat_cell(live, a, *role, known.get(role.as_str()).copied()),
        None => HeatCell { text: "see its people".into(), class: "", href: Some(of_role(live, a, *role, "")) },
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

/// The people of a role of an account; of those who can be reached alone where the number is of them.
fn of_role(live: &Live, account: &Account, role: Role, stage: &str) -> String {
    let narrowed = query(&[("stage", stage), ("role", role.as_str()), ("account", account.id.as_str())]);
    format!("{}{narrowed}", urls::contacts(&live.slug))
}

fn heat_cell(live: &Live, account: &Account, role: Role, of: Option<&OfRole>) -> HeatCell {
    let (listed, invited, reachable, completed) =
        of.map_or((0, 0, 0, 0), |of| (of.listed, of.invited, of.reachable, of.completed));
    let stage = if reachable > 0 { "reachable" } else { "" };
    let href = (listed > 0 || reachable > 0).then(|| of_role(live, account, role, stage));
    let answered =
        |class| HeatCell { text: format!("{} of {}", count(completed), count(reachable)), class, href: href.clone() };
    match Answered::of(completed, reachable) {
        Answered::NobodyToAsk if listed > 0 => HeatCell { text: nobody_to_ask(listed, invited), class: "", href },
        Answered::NobodyToAsk => HeatCell { text: "nobody".into(), class: "", href },
        Answered::Nobody => answered("none"),
        Answered::Some => answered("some"),
        Answered::Most => answered("most"),
        Answered::All => answered("all"),
    }
}

/// Of a role of which nobody can answer: who was asked cannot be reached, the others were not asked.
fn nobody_to_ask(listed: i64, invited: i64) -> String {
    match (invited, listed - invited) {
        (0, left) => format!("{} not asked", count(left)),
        (lost, 0) => format!("{} cannot be reached", count(lost)),
        (lost, left) => format!("{} cannot be reached, {} not asked", count(lost), count(left)),
    }
}

fn silent_row(live: &Live, of: &Silent) -> SilentRow {
    let account = &of.account;
    SilentRow {
        name: account.name.clone(),
        href: of_account(live, account),
        strategic: account.strategic.0,
        people: people(of),
        revenue: account.annual_revenue.map(count),
        director: account.director_name.clone(),
    }
}

pub(super) fn director(live: &Live, DirectorTold { of, answered, completed }: &DirectorTold) -> DirectorRow {
    let (answered, completed) = (*answered, *completed);
    let silent = answered.map(|n| of.invited - n);
    let narrowed = query(&[("show", "silent"), ("director", of.email.as_str())]);
    let names = live.spec.participation.names();
    DirectorRow {
        name: of.name.clone(),
        href: with(urls::accounts(&live.slug), "director", of.email.as_str()),
        accounts: as_told(answered, of.invited),
        people: as_told(completed, of.reachable),
        silent: silent.map(count),
        silent_href: silent.filter(|n| *n > 0 && names).map(|_| format!("{}{narrowed}", urls::accounts(&live.slug))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_asked_and_cannot_be_reached_was_asked() {
        let said = [(2, 0), (1, 1), (3, 1)].map(|(listed, invited)| nobody_to_ask(listed, invited));
        assert_eq!(said, ["2 not asked", "1 cannot be reached", "1 cannot be reached, 2 not asked"]);
    }

    #[test]
    fn silent_accounts_of_which_nobody_can_answer_are_said_to_be_such() {
        assert_eq!(nobody_left(0, false, false), "");
        assert_eq!(nobody_left(2, true, false), "Nobody there can be asked any more.");
        assert_eq!(nobody_left(2, false, true), "At 2 of them nobody could be reached.");
    }
}
