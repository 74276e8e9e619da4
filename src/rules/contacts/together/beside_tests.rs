//! Findings that need other rows, and the same rows without what makes them findings.

use crate::rules::contacts::check::Checker;
use crate::rules::contacts::checked::CheckedList;
use crate::rules::contacts::quality::accounts;
use crate::rules::contacts::row::{Field, Row};

const COLUMNS: [Field; 8] = [
    Field::Account,
    Field::FirstName,
    Field::LastName,
    Field::Email,
    Field::Role,
    Field::JobTitle,
    Field::Strategic,
    Field::AnnualRevenue,
];

/// Rows from line 2 on: account, first name, last name, address, and what follows of role, title, strategic, revenue.
fn list(rows: &[&str]) -> CheckedList {
    let mut columns = COLUMNS.to_vec();
    columns.extend([Field::Country, Field::DirectorEmail]);
    let mut checker = Checker::new(columns, 1);
    for (at, text) in rows.iter().enumerate() {
        let mut row = Row::new(at as u64 + 2);
        row.set(Field::DirectorEmail, "d@client.example");
        row.set(Field::Role, "key_decision_maker");
        row.set(Field::Country, "IE");
        for (field, cell) in COLUMNS.into_iter().zip(text.split(',')) {
            row.set(field, cell);
        }
        checker.push(row);
    }
    checker.finish()
}

fn told(rows: &[&str]) -> Vec<(u64, String)> {
    list(rows).findings.into_iter().map(|f| (f.line, f.code)).collect()
}

/// What is said of the accounts; it stands in none of their rows.
fn of_accounts(rows: &[&str]) -> Vec<(u64, String)> {
    let list = list(rows);
    let accounts = accounts::of_list(&list);
    let whole = accounts::listed_revenue(&accounts);
    let all: Vec<(u64, String)> =
        accounts.iter().flat_map(|a| accounts::findings(a, whole)).map(|f| (f.line, f.code)).collect();
    assert!(all.iter().all(|told| !list.findings.iter().any(|f| f.code == told.1)));
    all
}

fn found(line: u64, code: &str) -> Vec<(u64, String)> {
    vec![(line, code.to_owned())]
}

#[test]
fn one_name_under_two_addresses_is_a_question_unless_the_list_tells_them_apart() {
    let twice = ["Acme,Anna,Smith,anna.smith@acme.example", "acme ,SMITH,Anna,a.smith@acme.example"];
    assert_eq!(
        told(&["Acme,Anna,Smith,anna.smith@acme.example", "Acme,Anna,Smith,smith2@acme.example"]),
        found(3, "duplicate_name")
    );
    assert!(told(&twice).contains(&(3, "duplicate_name".into())), "order and case do not count");
    let apart = [
        "Acme,Anna,Smith,anna.smith@acme.example,influencer,Buyer",
        "Acme,Anna,Smith,anna.smith2@acme.example,key_decision_maker,CFO",
    ];
    assert_eq!(told(&apart), []);
    assert_eq!(told(&["Acme,Anna,Smith,anna.smith@acme.example", "Globex,Anna,Smith,anna.smith@globex.example"]), []);
}

#[test]
fn swapped_names_have_two_witnesses() {
    let others = ["Acme,Tom,Jones,tom.jones@acme.example", "Acme,Mia,Hall,mia.hall@acme.example"];
    let with = |row: &'static str| told(&[&others[..], &[row]].concat());
    assert_eq!(with("Acme,Smith,Anna,anna.smith@acme.example"), found(4, "names_swapped"));
    assert_eq!(with("Acme,Smith,Anna,asmith@acme.example"), found(4, "names_swapped"));
    assert_eq!(with("Acme,Anna,Smith,anna.smith@acme.example"), []);
    assert_eq!(with("Acme,James,Taylor,jtaylor@acme.example"), []);
    // A company that writes last names first.
    let company = ["Umbra,Tom,Jones,jones.tom@umbra.example", "Umbra,Mia,Hall,hall.mia@umbra.example"];
    assert_eq!(told(&company), []);
    // Unless the other rows know the name as a first name.
    let known = ["Acme,Anna,Jones,anna.jones@acme.example", "Umbra,Smith,Anna,anna.smith@umbra.example"];
    assert_eq!(told(&known), found(3, "names_swapped"));
    // One address of its domain, in a list whose addresses spell names straight; not where the family name comes first.
    let rows: Vec<String> = (0..20).map(|n| format!("A {n},Tom,Jones,tom.jones@a{n}.example")).collect();
    let with_one = |row: &'static str| told(&rows.iter().map(String::as_str).chain([row]).collect::<Vec<_>>());
    assert_eq!(with_one("B,Wei,Zhang,zhang.wei@b.example"), found(22, "names_swapped"));
    let mut columns = list(&["B,Wei,Zhang,zhang.wei@b.example"]).accepted;
    columns[0].country = "CN".into();
    let mut all = list(&rows.iter().map(String::as_str).collect::<Vec<_>>()).accepted;
    all.append(&mut columns);
    super::about_names(&mut all, &[], 1);
    assert!(all.iter().all(|c| c.findings.is_empty()));
    // Without the address, only names that are never the other kind.
    let by_names = |last: &'static str| {
        told(&["A,Anna,Smith,x1@a.example", "B,Anna,Hall,x2@b.example", "C,Tom,Smith,x3@c.example", last])
    };
    assert_eq!(by_names("D,Smith,Anna,x4@d.example"), found(5, "names_swapped"));
    assert_eq!(by_names("D,Smith,Tom,x4@d.example"), [], "once is no proof");
    assert_eq!(by_names("D,Anna,Tom,x4@d.example"), [], "Anna is a first name here");
}

#[test]
fn an_address_of_somebody_else_is_told_with_whose_it_is() {
    let slipped = [
        "Acme,Tom,Jones,mia.hall@acme.example",
        "Acme,Mia,Hall,peter.brown@acme.example",
        "Acme,Peter,Brown,tom.jones@acme.example",
    ];
    let all = list(&slipped);
    let lines: Vec<u64> =
        all.findings.iter().filter(|f| f.code == "name_and_address_disagree").map(|f| f.line).collect();
    assert_eq!(lines, [2, 3, 4]);
    assert!(
        all.findings[0].message.contains("made from the name of Mia Hall of row 3, not from Tom Jones"),
        "{:?}",
        all.findings[0]
    );
    let known = ["Acme,Maria,Jones,maria.jones@acme.example", "Globex,Peter,Brown,maria.lopez@globex.example"];
    assert_eq!(told(&known), found(3, "name_and_address_disagree"));
    for fine in [
        ["Acme,Tom,Jones,tom.jones@acme.example", "Acme,Bill,Hall,william.hall@acme.example"],
        ["Acme,Tom,Jones,tom.jones@acme.example", "Acme,Mia,Hall,mia.brown@acme.example"],
        ["Acme,Tom,Jones,tom.jones@acme.example", "Acme,Mia,Hall,x12345@acme.example"],
        ["Acme,Tom,Jones,tom.jones@acme.example", "Acme,小明,李,jack.ma@acme.example"],
    ] {
        assert_eq!(told(&fine), [], "{fine:?}");
    }
    assert_eq!(
        told(&["Acme,Tom,Jones,tom.jones@acme.example", "Acme,Mia,Hall,head.office@acme.example"]),
        [],
        "one neighbour is no habit"
    );
}

#[test]
fn capitals_are_told_by_row_and_once_for_a_whole_list() {
    assert_eq!(told(&["Acme,ANNA,SMITH,anna.smith@acme.example"]), found(2, "name_in_capitals"));
    assert_eq!(told(&["Acme,Jean,DUPONT,jean.dupont@acme.example"]), found(2, "name_in_capitals"));
    assert_eq!(told(&["Acme,AJ,Lee,aj.lee@acme.example"]), []);
    let rows: Vec<String> = (0..40).map(|n| format!("Acme {n},ANNA,SMITH,anna.smith@acme{n}.example")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_eq!(told(&rows), found(1, "name_in_capitals"));
}

#[test]
fn accounts_need_roles_and_people_for_their_weight() {
    let kdm = "Acme,Tom,Jones,tom.jones@acme.example,key_decision_maker";
    let influencers = [
        "Acme,Mia,Hall,mia.hall@acme.example,influencer",
        "Acme,Eva,Cole,eva.cole@acme.example,influencer",
        "Acme,Ivo,Pace,ivo.pace@acme.example,influencer",
    ];
    assert_eq!(of_accounts(&influencers[..2]), found(2, "no_key_decision_maker"));
    assert_eq!(of_accounts(&influencers), [(2, "one_role_only".into()), (2, "no_key_decision_maker".into())]);
    assert_eq!(of_accounts(&[&influencers[..], &[kdm]].concat()), []);
    let unknown = ["Acme,Mia,Hall,mia.hall@acme.example,", "Acme,Eva,Cole,eva.cole@acme.example,"];
    assert_eq!(of_accounts(&unknown), [], "what is not known is not missing");
    let strategic = "Acme,Tom,Jones,tom.jones@acme.example,key_decision_maker,CEO,yes";
    assert_eq!(of_accounts(&[strategic]), found(2, "too_few_people"));
    assert_eq!(of_accounts(&[strategic, "Acme,Mia,Hall,mia.hall@acme.example,influencer,CFO,yes"]), []);
    let row = |n: usize, revenue: usize| {
        format!("Acct {n},Tom,Jones,tom.jones@acct{n}.example,key_decision_maker,CEO,no,{revenue}")
    };
    let with = |large: usize, n: usize| {
        let rows: Vec<String> = (0..n).map(|at| row(at, if at == 0 { large } else { 100 })).collect();
        of_accounts(&rows.iter().map(String::as_str).collect::<Vec<_>>())
    };
    assert_eq!(with(120, 30), [], "four percent of the revenue");
    assert_eq!(with(250, 30), found(2, "too_few_people"));
    assert_eq!(with(250, 5), [], "too few accounts to compare by revenue");
}
