//! What the check of a list says of names and accounts: found where it is planted, and nowhere in lists that are as they should be.

use std::path::{Path, PathBuf};

use crate::intake::list::{CheckedList, read};

/// Findings that need other rows, or other people's names.
const ABOUT_NAMES: [&str; 6] = [
    "duplicate_name",
    "name_and_address_disagree",
    "names_swapped",
    "name_in_capitals",
    "address_needs_smtputf8",
    "time_zone_missing",
];
const ABOUT_ACCOUNTS: [&str; 3] = ["no_key_decision_maker", "one_role_only", "too_few_people"];

fn lists() -> Option<PathBuf> {
    let named = std::env::var_os("SOUNDINGS_LISTS").map(PathBuf::from);
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = [manifest.join("../../../shared/lists"), manifest.join("../../../../shared/lists")];
    let found = named.into_iter().chain(places).find(|p| p.is_dir());
    if found.is_none() {
        println!("skipped: no lists beside the checkout and SOUNDINGS_LISTS is not set");
    }
    found
}

fn clean(folder: &Path) -> Vec<(String, CheckedList)> {
    let read = |name: &str| {
        let list = read(&std::fs::read(folder.join(name)).ok()?, name);
        // Other kinds of files are read once their reader is there.
        list.map_err(|why| println!("skipped: {why}")).ok().map(|list| (name.to_owned(), list))
    };
    ["typical.csv", "hubspot.xlsx"].into_iter().filter_map(read).collect()
}

fn of<'l>(list: &'l CheckedList, codes: &[&str]) -> Vec<&'l str> {
    list.findings.iter().filter(|f| codes.contains(&f.code.as_str())).map(|f| f.message.as_str()).collect()
}

#[test]
fn f22_nothing_is_said_of_names_in_lists_that_are_as_they_should_be() {
    let Some(folder) = lists() else { return };
    let all = clean(&folder);
    assert!(all.iter().any(|(name, _)| name == "typical.csv"));
    for (name, list) in all {
        assert_eq!(of(&list, &ABOUT_NAMES), [""; 0], "{name}");
        for told in of(&list, &ABOUT_ACCOUNTS) {
            // One person for a strategic account or a twentieth of the revenue: true of these lists.
            assert!(told.contains(" and has 1 contact. Add people"), "{name}: {told}");
        }
    }
}

/// The same list with its cells changed in one row.
fn with(text: &str, row: usize, change: impl Fn(&mut Vec<String>)) -> CheckedList {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut cells: Vec<String> = lines[row - 1].split(',').map(str::to_owned).collect();
    change(&mut cells);
    lines[row - 1] = cells.join(",");
    read(lines.join("\n").as_bytes(), "list.csv").unwrap()
}

#[test]
fn f22_what_is_planted_in_a_good_list_is_found_in_its_row_and_nowhere_else() {
    let Some(folder) = lists() else { return };
    let text = std::fs::read_to_string(folder.join("typical.csv")).unwrap();
    // Rows without a comma inside a cell.
    let rows: Vec<usize> = text
        .lines()
        .enumerate()
        .skip(1)
        .filter(|(_, l)| !l.contains('"') && l.is_ascii())
        .map(|(at, _)| at + 1)
        .collect();
    for row in rows.iter().copied().step_by(12) {
        type Change = Box<dyn Fn(&mut Vec<String>)>;
        let changes: [(&str, Change); 5] = [
            ("names_swapped", Box::new(|c| c.swap(1, 2))),
            ("name_in_capitals", Box::new(|c| (c[1], c[2]) = (c[1].to_uppercase(), c[2].to_uppercase()))),
            ("address_needs_smtputf8", Box::new(|c| c[3] = format!("ö{}", c[3]))),
            ("name_and_address_disagree", Box::new(|c| (c[1], c[2]) = ("Zacharias".into(), "Quillfeather".into()))),
            ("time_zone_missing", Box::new(|c| (c[7], c[8]) = ("US".into(), String::new()))),
        ];
        for (code, change) in changes {
            let list = with(&text, row, change);
            let found: Vec<(u64, &str)> = list
                .findings
                .iter()
                .filter(|f| ABOUT_NAMES.contains(&f.code.as_str()))
                .map(|f| (f.line, f.code.as_str()))
                .collect();
            assert!(found.iter().all(|(line, _)| *line == row as u64), "{row} {code}: {found:?}");
            assert!(found.contains(&(row as u64, code)), "{row} {code} is not found");
        }
    }
}
