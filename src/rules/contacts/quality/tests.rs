//! The score of lists that are as good as can be, and of the same lists with one thing missing.

use crate::rules::contacts::check::Checker;
use crate::rules::contacts::checked::CheckedList;
use crate::rules::contacts::row::{Field, Row};

use super::known::AccountBefore;
use super::{KnownFacts, Quality, quality};

const COLUMNS: [Field; 6] =
    [Field::Account, Field::FirstName, Field::LastName, Field::Email, Field::Role, Field::AnnualRevenue];

fn list(rows: &[String]) -> CheckedList {
    let mut columns = COLUMNS.to_vec();
    columns.extend([Field::Country, Field::DirectorEmail]);
    let mut checker = Checker::new(columns, 1);
    for (at, text) in rows.iter().enumerate() {
        let mut row = Row::new(at as u64 + 2);
        row.set(Field::DirectorEmail, "d@client.example");
        row.set(Field::Country, "IE");
        for (field, cell) in COLUMNS.into_iter().zip(text.split(',')) {
            row.set(field, cell);
        }
        checker.push(row);
    }
    checker.finish()
}

/// Twelve accounts with three people of three roles each, a hundred of revenue each.
fn good() -> Vec<String> {
    let people =
        [("Tom", "Jones", "key_decision_maker"), ("Mia", "Hall", "influencer"), ("Eva", "Cole", "operational_contact")];
    let row = |n: usize, (first, last, role): (&str, &str, &str)| {
        format!("Acct {n},{first},{last},{first}.{last}@acct{n}.example,{role},100")
    };
    (0..12).flat_map(|n| people.map(|person| row(n, person))).collect()
}

fn known(client_revenue: i64) -> KnownFacts {
    KnownFacts { client_revenue: Some(client_revenue), ..KnownFacts::default() }
}

fn of(rows: &[String], known: &KnownFacts) -> Quality {
    let found = quality(&list(rows), known);
    let lost: u64 = found.reasons.iter().map(|r| u64::from(r.points)).sum();
    assert_eq!(u64::from(found.score) + lost, 100, "{:?}", found.reasons);
    assert!(found.reasons.is_sorted_by_key(|r| std::cmp::Reverse(r.points)), "{:?}", found.reasons);
    for account in &found.accounts {
        let lost: u64 = account.reasons.iter().map(|r| u64::from(r.points)).sum();
        assert_eq!(u64::from(account.score) + lost, 100, "{account:?}");
    }
    found
}

/// The points and the beginning of the dearest reason.
fn dearest(found: &Quality) -> (u8, &str) {
    found.reasons.first().map_or((0, ""), |r| (r.points, r.sentence.as_str()))
}

#[test]
fn nothing_is_missing_at_a_good_list() {
    let found = of(&good(), &known(2400));
    assert_eq!((found.score, found.reasons.len()), (100, 0), "{:?}", found.reasons);
    assert_eq!((found.coverage.revenue_share, found.coverage.accounts), (Some(50), 12));
    assert_eq!((found.coverage.with_key_decision_maker, found.coverage.with_several_roles), (12, 12));
    assert!(found.accounts.iter().all(|a| a.score == 100));
}

#[test]
fn each_thing_that_is_missing_costs_and_says_so() {
    let without = |role: &str| good().into_iter().filter(|row| !row.contains(role)).collect::<Vec<_>>();
    let found = of(&without("key_decision_maker"), &known(2400));
    assert_eq!(dearest(&found).0, 15);
    assert!(
        dearest(&found).1.starts_with("No key decision maker at 12 of 12 accounts: Acct 0, "),
        "{:?}",
        found.reasons
    );
    // Every third row cannot be used.
    let broken: Vec<String> =
        good().into_iter().enumerate().map(|(n, row)| if n % 3 == 1 { row.replace('@', "") } else { row }).collect();
    let found = of(&broken, &known(2400));
    assert_eq!(
        dearest(&found),
        (17, "12 of 36 people cannot be used. Mend their rows; the spreadsheets to send back name them.")
    );
    let found = of(&good(), &known(4800));
    assert_eq!(dearest(&found).0, 8);
    assert!(dearest(&found).1.starts_with("The list stands for 25 % of the client's revenue"), "{:?}", found.reasons);
    let heavy: Vec<String> =
        good().into_iter().enumerate().filter(|(n, _)| !(1..3).contains(n)).map(|(_, row)| row).collect();
    let found = of(&heavy, &known(2000));
    assert!(
        found
            .reasons
            .iter()
            .any(|r| r.sentence.starts_with("Too few people for their weight at 1 of 12 accounts: Acct 0")),
        "{:?}",
        found.reasons
    );
    assert_eq!((found.accounts[0].account.as_str(), found.accounts[0].contacts), ("Acct 0", 1));
    let none: Vec<String> = good().into_iter().map(|row| row.replace('@', "")).collect();
    assert_eq!(of(&none, &known(2400)).score, 0);
}

#[test]
fn accounts_of_the_round_before_are_the_whole_where_nobody_said_it() {
    let before = |name: &str, revenue: i64| AccountBefore { name: name.into(), revenue: Some(revenue) };
    let accounts = vec![before("ACCT 0", 50), before("Gone", 1800)];
    let facts = KnownFacts { accounts, ..KnownFacts::default() };
    let found = of(&good(), &facts);
    assert_eq!((found.coverage.client_revenue, found.coverage.revenue_share), (Some(3000), Some(40)));
    let gone: Vec<&str> = found.coverage.without_anyone.iter().map(|a| a.account.as_str()).collect();
    assert_eq!(gone, ["Gone"]);
    let unknown = of(&good(), &KnownFacts::default());
    assert_eq!((unknown.score, unknown.coverage.revenue_share), (100, None));
    assert_eq!((unknown.reasons[0].points, unknown.reasons.len()), (0, 1), "asked for, and no fault of the list");
}

#[test]
fn an_account_without_a_usable_row_is_named() {
    let mut rows = good();
    rows.push("Umbra,Ann,Lee,ann.lee,influencer,100".into());
    let found = of(&rows, &known(2400));
    let told: Vec<String> = found.coverage.without_anyone.iter().map(|a| format!("{} {}", a.account, a.why)).collect();
    assert_eq!(told, ["Umbra is listed, and its row cannot be used"]);
    assert_eq!((found.accounts[0].account.as_str(), found.accounts[0].score), ("Umbra", 0));
}

fn accounts(all: &[(&str, Option<i64>)]) -> Vec<AccountBefore> {
    all.iter().map(|(name, revenue)| AccountBefore { name: (*name).into(), revenue: *revenue }).collect()
}

/// The good list without its column of revenues, and of so many of its accounts.
fn silent(of: usize) -> Vec<String> {
    good().into_iter().take(3 * of).map(|row| row.replace(",100", ",")).collect()
}

#[test]
fn a_list_without_revenues_stands_for_what_is_known_of_its_accounts() {
    let names: Vec<String> = (0..12).map(|n| format!("ACCT {n}")).collect();
    let each: Vec<(&str, Option<i64>)> = names.iter().map(|name| (name.as_str(), Some(100))).collect();
    let before = KnownFacts { accounts: accounts(&each), ..KnownFacts::default() };
    for (there, share, points) in [(12, 100, 0), (6, 50, 0), (5, 41, 3), (1, 8, 13)] {
        let found = of(&silent(there), &before);
        assert_eq!((found.coverage.revenue, found.coverage.client_revenue), (100 * there as i64, Some(1200)));
        assert_eq!(found.coverage.revenue_share, Some(share), "{there} accounts");
        let lost = found.reasons.iter().find(|r| r.sentence.starts_with("The list stands for"));
        assert_eq!(lost.map_or(0, |r| r.points), points, "{there} accounts: {:?}", found.reasons);
    }
    // Beside what the client said.
    let said = KnownFacts { client_revenue: Some(4800), ..before.clone() };
    assert_eq!(of(&silent(12), &said).coverage.revenue_share, Some(25));
    // What this round knows is newer, and what the list says is newest.
    let this_round = accounts(&[("Acct 0", Some(300)), ("Acct 1", None)]);
    let newer = KnownFacts { this_round, ..before.clone() };
    assert_eq!(of(&silent(2), &newer).coverage.revenue, 400);
    let mut mixed = silent(2);
    mixed[0].push_str("500");
    assert_eq!(of(&mixed, &newer).coverage.revenue, 600);
    // The weight of an account is told by the same figures.
    let heavy = KnownFacts { this_round: accounts(&[("Acct 0", Some(10_000))]), ..before };
    let told = of(&silent(12), &heavy);
    assert!(told.reasons.iter().any(|r| r.sentence.contains("for their weight at 1 of 12 accounts: Acct 0")));
}

#[test]
fn a_share_of_which_nothing_is_known_costs_nothing() {
    for facts in [
        known(2400),
        KnownFacts::default(),
        KnownFacts { accounts: accounts(&[("Acct 0", None)]), ..KnownFacts::default() },
        KnownFacts { accounts: accounts(&[("Other", Some(100))]), client_revenue: Some(100), ..KnownFacts::default() },
    ] {
        let found = of(&silent(12), &facts);
        assert_eq!((found.coverage.revenue_share, found.coverage.revenue), (None, 0), "{facts:?}");
        assert!(!found.reasons.iter().any(|r| r.sentence.starts_with("The list stands for")), "{:?}", found.reasons);
    }
    let asked = of(&silent(12), &known(2400));
    assert!(asked.reasons[0].sentence.contains("Add the column annual_revenue"), "{:?}", asked.reasons);
    // Figures that are no revenue of anybody stay within a hundred percent.
    let facts =
        KnownFacts { this_round: accounts(&[("Acct 0", Some(i64::MAX)), ("Acct 1", Some(i64::MAX))]), ..known(1) };
    assert_eq!(of(&silent(12), &facts).coverage.revenue_share, Some(100));
    let facts = KnownFacts { this_round: accounts(&[("Acct 0", Some(-5))]), ..known(100) };
    assert_eq!(of(&silent(12), &facts).coverage.revenue_share, Some(0));
}

#[test]
fn an_account_counts_where_somebody_of_it_can_be_asked() {
    let mut rows = good();
    // One of three people of the first account, nobody of the second.
    rows[0] = rows[0].replace('@', "");
    rows[1] = rows[1].replace('@', "");
    (3..6).for_each(|at| rows[at] = rows[at].replace('@', ""));
    let found = of(&rows, &known(2400));
    let covered = &found.coverage;
    assert_eq!((covered.accounts, covered.revenue, covered.revenue_share), (11, 1100, Some(45)));
    assert_eq!((covered.with_key_decision_maker, covered.with_several_roles), (10, 10));
    let roles: Vec<(u64, u64)> = covered.roles.iter().map(|r| (r.contacts, r.accounts)).collect();
    assert_eq!(roles.iter().map(|(people, _)| people).sum::<u64>(), 31);
    assert!(roles.contains(&(10, 10)) && roles.contains(&(11, 11)), "{roles:?}");
    let none: Vec<String> = covered.without_anyone.iter().map(|a| format!("{} {}", a.account, a.why)).collect();
    assert_eq!(none, ["Acct 1 is listed, and none of its 3 rows can be used"]);
}
