//! Workbooks through the command line: what is printed of them, what can be chosen, and a folder whose list is one.

use crate::*;

fn workbook(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists/files").join(name)
}

#[test]
fn f22_a_workbook_is_checked_as_its_text_is_and_says_how_it_was_read() {
    let csv = check(&workbook("same.csv"), &[]);
    assert_eq!((&csv["sheet"], &csv["encoding"], &csv["kind"]), (&Value::Null, &"utf-8".into(), &"csv".into()));
    for name in ["same.xlsx", "same-openpyxl.xlsx", "same.xls", "same.ods"] {
        let report = check(&workbook(name), &[]);
        assert_eq!((findings(&report), &report["accepted"]), (findings(&csv), &csv["accepted"]), "{name}");
        assert_eq!((&report["sheet"], &report["header_row"]), (&"Contacts".into(), &4.into()), "{name}");
        assert!(report["file"].as_str().unwrap().ends_with(name));
        let column = &report["columns"][3];
        assert_eq!(
            (&column["header"], &column["field"], &column["why"]),
            (&"email".into(), &"email".into(), &"named".into())
        );
        assert_eq!(report["columns"][15]["field"], Value::Null, "Member since is none of ours");
    }
}

#[test]
fn f22_what_is_said_of_sheets_and_columns_is_taken_or_refused_in_one_sentence() {
    let house = House::new();
    let file = workbook("same.xlsx").to_str().unwrap().to_owned();
    for (more, told) in [
        (
            &["--sheet", "Contakts"][..],
            "same.xlsx has no sheet “Contakts”. Name one of “Read me”, “Contacts”, “Old contacts”.",
        ),
        (&["--column", "jobb=Notes"], "There is no field “jobb”. Write one of account, "),
        (&["--column", "role=Notizen"], "There is no column “Notizen” in the list. Name one of “account”"),
        (&["--column", "role"], "“role” does not name a column."),
    ] {
        let said = house.run(&[&["list", "check", &file], more].concat());
        assert!(said.code == 2 && said.err.contains(told), "{more:?}: {} {}", said.code, said.err);
    }
    let said = check(&workbook("same.xlsx"), &["--column", "job_title=Notes", "--column", "=job_title"]);
    let of = |header: &str| said["columns"].as_array().unwrap().iter().find(|c| c["header"] == header).unwrap().clone();
    assert_eq!((&of("Notes")["field"], &of("Notes")["why"]), (&"job_title".into(), &"chosen".into()));
    assert_eq!(of("job_title")["field"], Value::Null);
}

#[test]
fn f22_a_folder_may_have_a_workbook_and_only_one_list() {
    let house = House::new();
    std::fs::copy(workbook("same.ods"), house.round().join("contacts.ods")).unwrap();
    let two = house.run(&["round", "check", "round"]);
    assert!(two.code == 1 && two.out.contains("contacts.ods: There is contacts.csv in this folder too"), "{}", two.out);
    std::fs::remove_file(house.round().join("contacts.csv")).unwrap();
    let checked = house.run(&["round", "check", "round", "--json"]).json();
    assert_eq!((&checked["contacts"], &checked["rows"]), (&23.into(), &24.into()), "{checked}");
    let loaded = house.run(&["round", "load", "round"]);
    // One row of it cannot be used.
    assert!(loaded.code == 1 && loaded.out.contains("23 contacts"), "{}{}", loaded.out, loaded.err);
}
