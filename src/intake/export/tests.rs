//! Tables go out in every kind of file and come back as they were, whatever stands in them.

use std::io::{Cursor, Read};

use proptest::prelude::*;

use crate::base::clock::Ts;
use crate::intake::list::read;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::check::CheckedList;
use crate::rules::contacts::row::cells::original;
use crate::rules::export::contacts::{self, Stands};
use crate::rules::export::{Column, Type, Value};

use super::*;

const HEADER: &str = "account,first_name,last_name,email,job_title,role,country,time_zone,account_director,\
    account_director_email,strategic,annual_revenue,contact_key,Plant";

fn table() -> Vec<Column> {
    let kinds = [Type::Text, Type::Whole, Type::Share, Type::YesNo, Type::Instant];
    kinds.into_iter().enumerate().map(|(at, kind)| Column::new(format!("c{at}"), kind, "a column")).collect()
}

fn lines(lines: &Lines, columns: &[Column], rows: &[Vec<Value>]) -> String {
    lines.head(columns).unwrap() + &lines.rows(rows).unwrap()
}

fn book(columns: &[Column], rows: &[Vec<Value>], most: u32) -> Vec<u8> {
    let mut sheets = Sheets::of_at_most(most, "Contacts", columns).unwrap();
    // In two pieces, as they come.
    let (first, others) = rows.split_at(rows.len() / 2);
    sheets.rows(first).unwrap();
    sheets.rows(others).unwrap();
    let mut bytes = Vec::new();
    sheets.finish(&mut bytes).unwrap();
    bytes
}

fn part(book: &[u8], name: &str) -> String {
    let mut text = String::new();
    let mut zip = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn each_value_is_written_as_what_it_is() {
    let columns = table();
    let rows = vec![
        vec![
            Value::Text("=1+1".into()),
            Value::Whole(-5),
            Value::Share(0.3333),
            Value::YesNo(true),
            Value::Instant(Ts(1_802_077_200_000)),
        ],
        vec![Value::Nothing; 5],
    ];
    let csv = lines(&Lines::Csv, &columns, &rows);
    assert_eq!(csv, "\u{feff}c0,c1,c2,c3,c4\n'=1+1,-5,0.3333,yes,2027-02-08T09:00:00Z\n,,,,\n");
    let json = lines(&Lines::json(&columns).unwrap(), &columns, &rows);
    let first = r#"{"c0":"=1+1","c1":-5,"c2":0.3333,"c3":true,"c4":"2027-02-08T09:00:00Z"}"#;
    assert_eq!(json, format!("{first}\n{}\n", r#"{"c0":null,"c1":null,"c2":null,"c3":null,"c4":null}"#));
    let book = book(&columns, &rows, 10);
    let sheet = part(&book, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>") && sheet.contains("'=1+1"), "no cell is a formula: {sheet}");
    assert!(sheet.contains("<v>-5</v>") && sheet.contains("<v>0.3333</v>"), "numbers are numbers: {sheet}");
    // 8 February 2027, 9 o'clock, as a workbook counts days.
    assert!(sheet.contains("<v>46426.375</v>"), "{sheet}");
    assert!(sheet.contains("<autoFilter ref=\"A1:E3\"") && sheet.contains("state=\"frozen\""), "{sheet}");
    let explained = part(&book, "xl/worksheets/sheet2.xml");
    assert!(explained.contains("date and time, UTC") && explained.contains("a column"), "{explained}");
}

#[test]
fn what_does_not_fit_on_one_sheet_goes_on_on_the_next() {
    let columns = table();
    let rows: Vec<Vec<Value>> = (0..5).map(|n| vec![Value::Whole(n); 5]).collect();
    let book = book(&columns, &rows, 2);
    let names = part(&book, "xl/workbook.xml");
    for name in ["Contacts", "Contacts 2", "Contacts 3", "Columns"] {
        assert!(names.contains(&format!("name=\"{name}\"")), "{name}: {names}");
    }
    assert!(part(&book, "xl/worksheets/sheet3.xml").contains("<v>4</v>"));
    assert!(part(&book, "xl/worksheets/sheet3.xml").contains(">c0<"), "each sheet has its head");
}

fn of_contacts(list: &CheckedList) -> (Vec<Column>, Vec<Vec<Value>>) {
    let fields = contacts::fields(list.accepted.iter().any(|c| !c.key.is_empty()));
    let more = ["Plant".to_owned()];
    let at = Some(Ts(1_802_077_200_000));
    let stands = |n: usize| Stands {
        id: format!("0191f3c4-7e2a-7abc-8def-{n:012}").into(),
        signed: n.is_multiple_of(2),
        invited_at: at,
        completed_at: at.filter(|_| n.is_multiple_of(3)),
        undeliverable_reason: "=550 no such user".into(),
        messages: Some(n as i64),
        ..Stands::default()
    };
    let rows = list.accepted.iter().enumerate().map(|(n, c)| contacts::cells(c, &stands(n), &fields, &more)).collect();
    (contacts::columns(&fields, &more), rows)
}

/// Without what depends on the place of a row.
fn people(list: &CheckedList) -> Vec<ListedContact> {
    list.accepted.iter().map(|c| ListedContact { line: 0, findings: Vec::new(), ..c.clone() }).collect()
}

fn again(list: &CheckedList) -> [CheckedList; 2] {
    let (columns, rows) = of_contacts(list);
    let csv = lines(&Lines::Csv, &columns, &rows);
    [(csv.into_bytes(), "contacts.csv"), (book(&columns, &rows, 100), "contacts.xlsx")]
        .map(|(bytes, name)| read(&bytes, name).unwrap())
}

#[test]
fn s05_contacts_come_back_as_a_list_and_nothing_of_where_they_stand() {
    let text = [
        HEADER,
        "Acme,Anna,Smith,anna.smith@acme.example,\"=HYPERLINK(\"\"http://x.example\"\")\",key_decision_maker,US,America/New_York,\
         Dora Day,dora@client.example,yes,1000,K-1,Boston; 2",
        "Acme,'=1+1,O'Neil,b@acme.example,+49 30 123,influencer,DE,,Dora Day,dora@client.example,yes,1000,,",
        "Ümläut & Sön,李,小明,c@umlaut.example,@SUM(1),operational_contact,JP,,Rachel Osei,rachel@client.example,no,7,K-3,=Tokyo",
        "Globex,Ann,Lee,ann.lee@globex.example,,key_decision_maker,GB,,Rachel Osei,rachel@client.example,no,,K-4,'quoted'",
    ];
    let list = read(text.join("\n").as_bytes(), "list.csv").unwrap();
    assert_eq!(list.accepted.len(), 4, "{:?}", list.findings);
    for back in again(&list) {
        assert_eq!(people(&back), people(&list));
        let doubts = back.findings.iter().filter(|f| f.code == "sheet_chosen" || f.code == "column_guessed");
        assert_eq!(doubts.count(), 0, "{:?}", back.findings);
    }
    // The twin: a column of the client's own that is called nearly so stays.
    let own = text.join("\n").replace("Plant", "soundings_plant");
    let own = read(own.as_bytes(), "list.csv").unwrap();
    assert!(own.accepted[0].more.contains_key("soundings_plant"), "{:?}", own.accepted[0].more);
}

proptest! {
    #[test]
    fn s05_any_text_comes_back_and_runs_nowhere(text in "[a'=+@\\-;|\t\n\r \u{200b}\u{feff}\"\\\\,é]{1,12}", n: i64) {
        let columns = vec![Column::new("text", Type::Text, "t"), Column::new("n", Type::Whole, "n")];
        let rows = vec![vec![Value::Text(text.clone()), Value::Whole(n)]];
        let csv = lines(&Lines::Csv, &columns, &rows);
        let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        prop_assert!(!record[0].starts_with(['=', '+', '-', '@', '\t', '\r']), "{record:?}");
        let back = original(&record[0]).into_owned();
        prop_assert_eq!(back, text.clone());
        prop_assert_eq!(record[1].parse::<i64>(), Ok(n));
        let json = lines(&Lines::json(&columns).unwrap(), &columns, &rows);
        prop_assert_eq!(json.lines().count(), 1);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(json["text"].as_str(), Some(text.as_str()));
        prop_assert_eq!(json["n"].as_i64(), Some(n));
    }
}
