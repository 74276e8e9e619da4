//! A template goes out and comes back: the same rows, whatever stands in them, and nothing of what was said beside them.

use super::*;
use crate::intake::list::{Choice, read, read_with};

const HEADER: &str = "account,first_name,last_name,email,job_title,role,country,time_zone,account_director,account_director_email,strategic,annual_revenue,city";

fn checked(rows: &[&str]) -> CheckedList {
    read(format!("{HEADER}\n{}\n", rows.join("\n")).as_bytes(), "list.csv").unwrap()
}

fn again(list: &CheckedList, director: Option<&str>) -> CheckedList {
    let book = corrected(&rows(list, director)).unwrap();
    read_with(&book, "template.xlsx", &Choice::default()).unwrap()
}

/// Without what depends on the place of a row.
fn people(list: &CheckedList) -> Vec<ListedContact> {
    list.accepted.iter().map(|c| ListedContact { line: 0, findings: Vec::new(), ..c.clone() }).collect()
}

#[test]
fn s05_a_template_comes_back_as_it_went_out() {
    let list = checked(&[
        "Acme,Anna,Smith,anna.smith@acme.example,\"=HYPERLINK(\"\"http://x.example\"\")\",key_decision_maker,US,America/New_York,Dora Day,dora@client.example,yes,1000,Boston",
        "Acme,'=1+1,O'Neil,b@acme.example,+49 30 123,influencer,DE,,Dora Day,dora@client.example,yes,1000,",
        "Ümläut & Sön,李,小明,c@umlaut.example,@SUM(1),operational_contact,JP,,Rachel Osei,rachel@client.example,no,7,Tokyo",
        "Globex,Tom,Hale,tom@@globex,Buyer,influencer,GB,,Rachel Osei,rachel@client.example,no,7,",
        "Globex,Ann,Lee,ann.lee@globex.example,,key_decision_maker,GB,,Rachel Osei,rachel@client.example,no,7,",
    ]);
    let back = again(&list, None);
    assert_eq!(people(&back), people(&list));
    assert_eq!((back.rows, back.errors()), (list.rows, list.errors()), "{:?}", back.findings);
    let codes = |l: &CheckedList| l.findings.iter().map(|f| f.code.clone()).collect::<Vec<_>>();
    assert_eq!(codes(&back), codes(&list));
    assert!(people(&back)[0].more.keys().eq(["city"]), "{:?}", people(&back)[0].more);
}

#[test]
fn what_a_refused_row_says_of_its_place_comes_back() {
    let text = "account,last_name,email,account_director_email,country,state,city\nAcme,Lee,lee@,d@client.example,US,California,Fresno\n\
        Acme,Kay,kay@acme.example,d@client.example,US,Texas,Austin\n";
    let list = read(text.as_bytes(), "list.csv").unwrap();
    let back = again(&list, None);
    let place = |list: &CheckedList| [Field::State, Field::City].map(|field| list.refused[0].get(field).to_owned());
    assert_eq!(place(&back), ["California", "Fresno"]);
    assert_eq!(people(&back), people(&list));
    assert_eq!(back.accepted[0].time_zone, "America/Chicago");
}

#[test]
fn a_director_gets_the_rows_of_her_accounts_alone_with_what_is_wrong() {
    let list = checked(&[
        "Acme,SMITH,Anna,asmith@acme.example,,key_decision_maker,IE,,Dora Day,dora@client.example,no,7,",
        "Acme,Tom,Jones,tom.jones@acme.example,,influencer,IE,,Dora Day,dora@client.example,no,7,",
        "Acme,Mia,Hall,mia.hall@acmee.example,,influencer,IE,,Dora Day,dora@client.example,no,7,",
        "Acme,Eva,Cole,eva.cole@acme,,influencer,IE,,,,no,7,",
        "Globex,Ann,Lee,ann.lee@globex.example,,key_decision_maker,GB,,Rachel Osei,rachel@client.example,no,7,",
    ]);
    let hers = rows(&list, Some("dora@client.example"));
    assert_eq!(hers.iter().map(|r| r.line).collect::<Vec<_>>(), [2, 3, 4, 5]);
    let proposed = |at: usize| hers[at].proposed.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(" ");
    assert_eq!(proposed(0), "first_name=Anna last_name=Smith");
    assert_eq!(proposed(1), "");
    assert_eq!(proposed(2), "email=mia.hall@acme.example");
    assert_eq!(proposed(3), "account_director_email=dora@client.example email=eva.cole@acme.example");
    assert!(hers[1].told.is_empty() && hers[3].told.len() == 2, "{:?}", hers[3].told);
    assert_eq!(hers[3].told[0][1], "Correct it in the list, or remove the row.");
    assert!(rows(&list, Some("nobody@client.example")).is_empty());
}

#[test]
fn a_finding_is_parted_where_its_advice_begins() {
    for (message, what, next) in [
        ("Row 17: the address x is empty. Write it.", "The address x is empty.", "Write it."),
        ("Row 2: “Dr. No. One” is no name. Write the name.", "“Dr. No. One” is no name.", "Write the name."),
        ("The list has no column. Add one. Or not.", "The list has no column.", "Add one. Or not."),
        ("Row 3: one sentence only", "One sentence only", ""),
    ] {
        assert_eq!(told(message), [what, next], "{message}");
    }
}
