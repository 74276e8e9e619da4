//! Proofs about lists: every fault that the generator plants is found, nothing clean is refused, no bytes panic.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use crate::base::problem::Kind as Of;
use crate::rules::contacts::{Finding, Severity};

use super::*;

const HEADER: &str = "account,first_name,last_name,email,role,country,account_director,account_director_email";

fn one(row: &str) -> CheckedList {
    read(format!("{HEADER}\n{row}\n").as_bytes(), "list.csv").unwrap()
}

fn codes(list: &CheckedList) -> Vec<&str> {
    list.findings.iter().map(|f| f.code.as_str()).collect()
}

fn beside(variable: &str, folder: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = [manifest.join("../../../shared").join(folder), manifest.join("../../../../shared").join(folder)];
    let found = named.into_iter().chain(places).find(|p| p.is_dir());
    if found.is_none() {
        println!("skipped: no {folder} beside the checkout and {variable} is not set");
    }
    found
}

#[test]
fn regions_are_known_or_told_and_states_of_other_programs_are_taken_when_known() {
    let list = |column: &str, country: &str, cell: &str| {
        let header = format!("account,last_name,email,account_director_email,country,{column}");
        let row = format!("Acme,Lee,lee@acme.example,dora@client.example,{country},{cell}");
        read(format!("{header}\n{row}\n").as_bytes(), "list.csv").unwrap()
    };
    for (column, country, cell, region) in [
        ("region", "DE", "DE-BY", "BY"),
        ("Region", "Germany", "Bavaria", "BY"),
        ("region", "DE", "", ""),
        ("State/Region", "US", "California", "CA"),
        ("Mailing State/Province", "US", "CA", "CA"),
        ("Bundesland", "DE", "Bayern", "BY"),
        ("State/Region", "DE", "EMEA", ""),
        ("State", "", "BY", ""),
    ] {
        let list = list(column, country, cell);
        assert_eq!(list.accepted[0].region, region, "{column} {cell}");
        assert!(!codes(&list).contains(&"region_unknown"), "{column} {cell}: {:?}", list.findings);
    }
    for (country, message) in [
        ("DE", "Row 2: the region “EMEA” is not known in DE. Write a code such as DE-BY, or leave it empty"),
        ("", "Row 2: the region “EMEA” is not known, because the country is not. Write the country"),
    ] {
        let list = list("region", country, "EMEA");
        let finding = list.findings.iter().find(|f| f.code == "region_unknown").unwrap();
        assert_eq!((finding.severity, finding.field.as_str()), (Severity::Warning, "region"));
        assert!(finding.message.starts_with(message), "{}", finding.message);
        assert_eq!(list.accepted[0].region, "");
    }
}

#[test]
fn f22_every_planted_fault_is_found_and_clean_rows_stay() {
    let Some(folder) = beside("SOUNDINGS_LISTS", "lists") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "csv") {
            continue;
        }
        let list = read(&std::fs::read(&path).unwrap(), "list.csv").unwrap();
        let planted: Vec<serde_json::Value> = match std::fs::read(format!("{}.faults.json", path.display())) {
            Ok(text) => serde_json::from_slice(&text).unwrap(),
            Err(_) => Vec::new(),
        };
        let mut found: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
        for finding in &list.findings {
            found.entry(finding.line).or_default().push(&finding.code);
        }
        let missed: Vec<_> = planted
            .iter()
            .filter(|p| {
                !found.get(&p["line"].as_u64().unwrap()).is_some_and(|c| c.contains(&p["fault"].as_str().unwrap()))
            })
            .collect();
        let faulty: Vec<u64> = planted.iter().map(|p| p["line"].as_u64().unwrap()).collect();
        let wrong: Vec<_> =
            list.findings.iter().filter(|f| f.severity == Severity::Error && !faulty.contains(&f.line)).collect();
        let noise =
            list.findings.iter().filter(|f| f.severity == Severity::Warning && !faulty.contains(&f.line)).count();
        println!(
            "{}: {} rows, {} accepted, {} planted, {} missed, {} false errors, {noise} other warnings",
            path.display(),
            list.rows,
            list.accepted.len(),
            planted.len(),
            missed.len(),
            wrong.len()
        );
        assert!(missed.is_empty(), "{}: missed {missed:?}", path.display());
        assert!(wrong.is_empty(), "{}: false {wrong:?}", path.display());
        if path.ends_with("typical.csv") {
            assert_eq!((list.rows, list.accepted.len(), list.accounts, list.errors()), (300, 300, 50, 0));
        }
    }
}

#[test]
fn a_finding_says_what_is_wrong_and_what_to_do() {
    let list = one("Acme,Anna,Smith,anna.smith@,influencer,IE,Dora Day,dora@client.example");
    assert_eq!(codes(&list), ["address_invalid"]);
    assert_eq!(
        list.findings[0].message,
        "Row 2: the address anna.smith@ has no domain after the @. Correct it in the list, or remove the row."
    );
    assert_eq!(list.accepted.len(), 0);
    let json = serde_json::to_value(list.report()).unwrap();
    assert_eq!(
        (&json["rows"], &json["accepted"], &json["findings"][0]["severity"]),
        (&1.into(), &0.into(), &"error".into())
    );
}

#[test]
fn rows_of_one_account_are_made_to_agree() {
    let text = "account;full name;e-mail;strategic;account director email\r\nAcme;Smith, Anna;a@acme.example;no;d@client.example\r\nACME;Bo Berg;b@acme.example;ja;e@client.example\rAcme;Cy Cole;c@acme.example;;d@client.example\n";
    let list = read(text.as_bytes(), "x.csv").unwrap();
    assert_eq!((list.accepted.len(), list.accounts), (3, 1));
    assert!(
        list.accepted.iter().all(|c| c.strategic == Some(true)
            && c.account == "Acme"
            && c.director.email.as_str() == "d@client.example")
    );
    assert_eq!((list.accepted[0].first_name.as_str(), list.accepted[0].last_name.as_str()), ("Anna", "Smith"));
    assert!(codes(&list).contains(&"director_differs") && codes(&list).contains(&"strategic_differs"));
}

#[test]
fn s05_a_neutralised_cell_is_read_as_it_was() {
    let list = one("Acme,'=Anna,'-5,a@acme.example,key_decision_maker,IE,D,d@client.example");
    assert_eq!((list.accepted[0].first_name.as_str(), list.accepted[0].last_name.as_str()), ("=Anna", "-5"));
    assert_eq!(codes(&list), ["formula_in_cell"]);
}

#[test]
fn an_unclosed_quotation_mark_is_told_with_its_row() {
    let rows: String =
        (0..60).map(|i| format!("Acme,A{i},B,a{i}@acme.example,influencer,IE,D,d@client.example\n")).collect();
    let list = one(&format!("Acme,\"Anna,Smith,anna@acme.example,influencer,IE,D,d@client.example\n{rows}"));
    assert!(codes(&list).contains(&"quotation_not_closed"));
}

#[test]
fn separators_and_marks() {
    let row = |d: &str| {
        format!("{HEADER}\nAcme,Anna,Smith,a@acme.example,influencer,IE,D,d@client.example\n").replace(',', d)
    };
    for text in
        [row(","), row(";"), row("\t"), row("|"), format!("sep=;\r\n{}", row(";")), format!("\u{feff}{}", row(";"))]
    {
        assert_eq!(read(text.as_bytes(), "x").unwrap().accepted.len(), 1, "{text}");
    }
}

#[test]
fn s09_a_file_name_is_only_a_word_in_a_sentence() {
    assert_eq!(shown("../../etc/passwd\0\n"), "passwd");
    assert_eq!(shown("C:\\x\\list.csv"), "list.csv");
    assert_eq!(shown(&"x".repeat(10_000)).len(), 80);
    assert_eq!(shown(""), "The list");
}

#[test]
fn a_list_that_is_too_large_is_refused_unread() {
    assert_eq!(read(&vec![b'x'; LARGEST + 1], "big.csv").unwrap_err().kind, Of::TooLarge);
}

#[test]
fn awkward_files_of_others_do_not_panic() {
    let Some(folder) = beside("SOUNDINGS_CORPORA", "corpora") else { return };
    for entry in std::fs::read_dir(folder.join("csv-spectrum")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(read(&bytes, "x.csv").is_err());
        let _ = read(&[format!("{HEADER}\n").as_bytes(), &bytes].concat(), "x.csv");
    }
    let naughty: Vec<String> =
        serde_json::from_slice(&std::fs::read(folder.join("naughty-strings.json")).unwrap()).unwrap();
    for text in naughty {
        let cell = format!("\"{}\"", text.replace('"', "\"\""));
        let list = one(&format!("{cell},{cell},{cell},a@acme.example,{cell},{cell},{cell},d@client.example"));
        assert!(list.findings.iter().all(|f| !f.message.contains(['\n', '\r'])), "{text:?}");
    }
}

/// Twice the rows may take twice the time and a little more; the bound is wide because machines are shared.
#[test]
fn the_cost_is_linear_in_the_rows() {
    let took = |rows: usize| {
        let row = |i: usize| {
            format!("Acme {},Anna,Smith,a{i}@acme{}.example,influencer,IE,D,d@client.example\n", i / 9, i / 9)
        };
        let text: String = std::iter::once(format!("{HEADER}\n")).chain((0..rows).map(row)).collect();
        let began = std::time::Instant::now();
        assert_eq!(read(text.as_bytes(), "x").unwrap().accepted.len(), rows);
        began.elapsed().as_secs_f64()
    };
    let (small, large) = (took(2_000), took(20_000));
    assert!(large < small * 40.0, "{small} s for 2,000 rows and {large} s for 20,000");
}

/// One account with all rows: what is done per account must not be done for every pair of its rows.
#[test]
fn one_huge_account_costs_no_more() {
    let row = |i: usize| format!("Acme,Anna,Smith,a{i}@d{i}.example,influencer,IE,D{i},d{i}@client.example\n");
    let text: String = std::iter::once(format!("{HEADER}\n")).chain((0..10_000).map(row)).collect();
    let began = std::time::Instant::now();
    assert_eq!(read(text.as_bytes(), "x").unwrap().accounts, 1);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, "x");
        let _ = read(&[HEADER.as_bytes(), b"\n", &bytes].concat(), "x");
    }

    #[test]
    fn no_text_panics_and_every_row_is_told_of(cells in proptest::collection::vec("[a-z@.,;\"'=\\-\n\u{e9}\u{2028} ]{0,12}", 0..80)) {
        let list = read(format!("{HEADER}\n{}", cells.join(",")).as_bytes(), "x");
        if let Ok(list) = list {
            let out: std::collections::BTreeSet<u64> = list.findings.iter().filter(|f| f.severity == Severity::Error).map(|f| f.line).collect();
            prop_assert_eq!(list.rows as usize, out.len() + list.accepted.len());
        }
    }
}

#[test]
fn a_row_with_a_cell_without_end_is_left_out_as_any_other_and_its_twin_comes_in() {
    let header = "account,first_name,last_name,email,job_title,account_director_email";
    let long = "x".repeat(1_001);
    let lines = format!("\"{}\"", "a line of text that goes on\n".repeat(30));
    for (cell, code) in [(&long, "cell_too_long"), (&lines, "quotation_not_closed")] {
        let text = format!(
            "{header}\nAcme,Anna,Lee,a@acme.example,{cell},x@client.example\nAcme,Anna,Lee,a@acme.example,Buyer,d@client.example\n\
             Bolt,Ben,Roe,b@bolt.example,{cell},d@client.example\n"
        );
        let list = read(text.as_bytes(), "list.csv").unwrap();
        assert_eq!(list.accepted.iter().map(|c| c.job_title.as_str()).collect::<Vec<_>>(), ["Buyer"], "{code}");
        assert_eq!(list.accepted[0].director.email.as_str(), "d@client.example", "a row that is out decides nothing");
        assert_eq!(list.findings.iter().filter(|f| f.code == code && f.severity == Severity::Error).count(), 2);
        let out: Vec<(&str, &str)> = list.unread.iter().map(|u| (u.who.as_str(), u.account.as_str())).collect();
        assert_eq!(out, [("Anna Lee", "Acme"), ("Ben Roe", "Bolt")], "{code}");
        assert_eq!((list.refused.len(), list.accounts, list.rows), (2, 1, 3));
    }
    // Twin: as long as a cell may be.
    let text = format!("{header}\nAcme,Anna,Lee,a@acme.example,{},d@client.example\n", "x".repeat(1_000));
    assert_eq!(read(text.as_bytes(), "list.csv").unwrap().accepted.len(), 1);
}

#[test]
fn what_stands_in_an_additional_column_keeps_nobody_out() {
    let header = "account,last_name,email,account_director_email,Notes";
    let comment = "called, wants to be called again next week\n".repeat(40);
    let rows: String = (0..3).map(|i| format!("Acme,Lee,a{i}@acme.example,d@client.example,\"{comment}\"\n")).collect();
    let list = read(format!("{header}\n{rows}").as_bytes(), "list.csv").unwrap();
    assert_eq!((list.accepted.len(), list.errors()), (3, 0), "{:?}", list.findings);
    let said: Vec<&Finding> = list.findings.iter().filter(|f| f.code == "quotation_not_closed").collect();
    assert_eq!((said.len(), said[0].line, said[0].severity), (1, 2, Severity::Warning));
    assert!(said[0].message.contains("column “Notes”, and 2 more in this column"), "{}", said[0].message);
    assert_eq!(list.accepted[0].more["Notes"].chars().count(), 500);
}

#[test]
fn forty_columns_that_have_something_are_kept_and_the_others_are_named() {
    let header: Vec<String> = (0..60).map(|n| format!("Own {n}")).collect();
    let text = |filled: &dyn Fn(usize, usize) -> bool| {
        let row = |row: usize| {
            let cells: Vec<&str> = (0..60).map(|n| if filled(row, n) { "x" } else { "" }).collect();
            format!("Acme,Lee,a{row}@acme.example,d@client.example,{}\n", cells.join(","))
        };
        let rows: String = (0..700).map(row).collect();
        format!("account,last_name,email,account_director_email,{}\n{rows}", header.join(","))
    };
    // One that is empty as far as anybody looks.
    let late = read(text(&|row, n| n < 40 || n == 50 && row > 600).as_bytes(), "x").unwrap();
    let told = late.findings.iter().find(|f| f.code == "columns_left_out").unwrap();
    assert!(told.message.contains("41 columns") && told.message.contains("“Own 50”. Remove"), "{}", told.message);
    assert!(late.accepted.iter().all(|c| c.more.len() == 40));
    let early = read(text(&|row, n| n < 39 || n == 50 && row > 600).as_bytes(), "x").unwrap();
    assert!(early.findings.iter().all(|f| f.code != "columns_left_out"));
    assert_eq!(early.accepted[650].more["Own 50"], "x");
    let all = read(text(&|_, _| true).as_bytes(), "x").unwrap();
    let told = all.findings.iter().find(|f| f.code == "columns_left_out").unwrap();
    assert!(told.message.contains("“Own 49” and 10 more. Remove"), "{}", told.message);
}

#[test]
fn a_column_of_the_clients_own_that_is_called_as_one_of_a_template_is_kept() {
    let base = "account,last_name,email,account_director_email";
    let of = |more: &str, cells: &str| {
        let text = format!("{base},{more}\nAcme,Lee,lee@acme.example,d@client.example,{cells}\n");
        read(text.as_bytes(), "x").unwrap().accepted[0].more.clone()
    };
    assert_eq!(of("finding", "good fit")["finding"], "good fit");
    assert_eq!(of("proposed,finding", "2026,good")["proposed"], "2026");
    assert!(of("finding,what_to_do,proposed", "a,b,c").is_empty());
    let both = of("finding,finding,what_to_do,proposed", "theirs,a,b,c");
    assert_eq!((both.len(), both["finding"].as_str()), (1, "theirs"));
    assert_eq!(of("finding,what_to_do,proposed,Added", "a,b,c,late").len(), 1);
}
