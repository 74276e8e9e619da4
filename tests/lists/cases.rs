//! The small lists of `tests/cases/lists`, which show faults that comparable programs have, and others of the same kinds.

use crate::*;

#[test]
fn c2_eight_bit_files_are_read_in_their_own_code_page_or_the_doubt_has_samples() {
    let house = House::new();
    for (file, encoding, names) in [
        ("dos850.csv", "cp850", &["Jörg Grün", "Müller Zürich AG", "Zoë Béraud"][..]),
        ("pl1250.csv", "windows-1250", &["Łukasz Wiśniewski", "Żywiec Łódź SA", "Małgorzata Gąsior"]),
        ("ru1251.csv", "windows-1251", &["Иван Петров", "Ромашка"]),
        ("tr1254.csv", "windows-1254", &["Çağrı Işık", "Şişecam"]),
    ] {
        let bytes = std::fs::read(case(file)).unwrap();
        for more in [&[][..], &["--encoding", encoding]] {
            let report = check(&case(file), more);
            let found: Vec<String> = findings(&report).into_iter().map(|f| f.1).collect();
            assert!(!found.contains(&"character_lost".into()), "{file}: {report}");
            assert!(more.is_empty() || !found.contains(&"encoding_guessed".into()), "{file}: {report}");
            let slug = format!("r{}{}", encoding.replace('-', ""), more.len());
            let toml = std::fs::read_to_string(house.round().join("round.toml")).unwrap();
            let line = toml.lines().find(|l| l.starts_with("round =") || l.starts_with("round=")).unwrap();
            std::fs::write(house.round().join("round.toml"), toml.replace(line, &format!("round = \"{slug}\"")))
                .unwrap();
            house.list(&bytes);
            let loaded = house.run(&[&["round", "load", "round"], more].concat());
            assert_eq!(loaded.code, 0, "{}{}", loaded.out, loaded.err);
            let to = house.folder.path().join(&slug);
            assert_eq!(house.run(&["export", &slug, "--to", to.to_str().unwrap()]).code, 0);
            let list = std::fs::read_to_string(to.join("contacts.csv")).unwrap().replace(',', " ");
            for name in names {
                assert!(list.contains(name), "{file}: {name} in {list}");
            }
        }
    }
}

#[test]
fn c2_an_encoding_is_chosen_by_name_and_an_unknown_one_is_refused_with_the_known() {
    let house = House::new();
    let text = format!("{HEADER}\nAcme,\u{e9}ric,M\u{fc}ller,e@acme.example,,,,FR,,D,d@client.example,,,,\n");
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let file = house.file("x.csv", &latin);
    for command in
        [&["list", "check", &file, "--encoding", "klingon"][..], &["round", "check", "round", "--encoding", "klingon"]]
    {
        let said = house.run(command);
        assert_eq!(said.code, 2, "{}", said.out);
        assert!(
            said.err.contains("There is no encoding “klingon”")
                && said.err.contains("cp850")
                && said.err.contains("shift_jis"),
            "{}",
            said.err
        );
    }
    let read = |encoding: &str| house.run(&["list", "check", &file, "--json", "--encoding", encoding]).json();
    assert!(findings(&read("latin1")).iter().all(|f| f.1 != "character_lost"));
    let broken = read("utf-8");
    assert_eq!(findings(&broken).iter().filter(|f| f.1 == "character_lost").count(), 2, "{broken}");
}

#[test]
fn c2_broken_letters_of_a_mixed_file_are_findings_by_row() {
    let house = House::new();
    let rows = |bad: &[u8]| {
        let mut bytes = format!("{HEADER}\n").into_bytes();
        for (at, name) in [&b"M\xc3\xbcller"[..], b"Zo\xc3\xab", bad, b"Ren\xc3\xa9"].iter().enumerate() {
            bytes.extend(
                [
                    b"Acme,Ann,",
                    *name,
                    format!(",a{at}@acme.example,,influencer,,GB,,D,d@client.example,,,,\n").as_bytes(),
                ]
                .concat(),
            );
        }
        bytes
    };
    for bad in [&b"Gr\xfcn"[..], b"B\xe9raud"] {
        let report = check(Path::new(&house.file("mixed.csv", &rows(bad))), &[]);
        assert_eq!(codes_of(&report, 4), ["character_lost"], "{report}");
        assert!([2, 3, 5].iter().all(|row| codes_of(&report, *row).is_empty()), "{report}");
    }
}

#[test]
fn c2_error_values_and_template_remains_are_findings_in_every_field() {
    let report = check(&case("error-values.csv"), &[]);
    for row in [2, 3, 4, 5, 6, 7, 8, 9] {
        assert!(codes_of(&report, row).contains(&"name_is_placeholder".into()), "row {row}: {report}");
    }
    for row in [10, 13, 14] {
        assert_eq!(codes_of(&report, row), ["name_incomplete"], "row {row}");
    }
    assert_eq!(codes_of(&report, 11), ["account_missing"]);
    let many = codes_of(&report, 12);
    for code in ["value_is_placeholder", "language_unknown", "country_unknown"] {
        assert!(many.contains(&code.into()), "{code} in {many:?}");
    }
    assert_eq!(report["accepted"], 4);

    let house = House::new();
    for value in ["#N/A", "#BEZUG!", "#NOM?", "#¡REF!", "NULL", "nan", "undefined", "n/a", "{{x.y}}", "-", "(leer)"] {
        let mut bytes = format!("{HEADER}\n");
        for field in 4..15 {
            let mut cells = [
                "Acme",
                "Ann",
                "Lee",
                "",
                "Buyer",
                "influencer",
                "en",
                "GB",
                "Europe/London",
                "D",
                "d@client.example",
                "M",
                "m@client.example",
                "no",
                "1",
            ];
            let address = format!("a{field}@acme.example");
            cells[3] = &address;
            cells[field] = value;
            bytes.push_str(&format!("{}\n", cells.join(",")));
        }
        let report = check(Path::new(&house.file("values.csv", bytes.as_bytes())), &[]);
        for field in 4..15 {
            // A dash for "not strategic" is no finding.
            assert!(
                field == 13 && value == "-" || !codes_of(&report, field as u64 - 2).is_empty(),
                "{value} in column {field}: {report}"
            );
        }
    }
}

#[test]
fn c2_na_is_asked_about_where_others_are_filled_and_namibia_is_let_alone() {
    let house = House::new();
    let list = |rows: &[(&str, &str, &str)]| {
        let mut text = format!("{HEADER}\n");
        for (at, (domain, country, zone)) in rows.iter().enumerate() {
            text.push_str(&format!(
                "Acme,Ann,Lee{at},a{at}@{domain},,influencer,en,{country},{zone},D,d@client.example,,,,\n"
            ));
        }
        check(Path::new(&house.file("na.csv", text.as_bytes())), &[])
    };
    let mixed =
        list(&[("acme.example", "GB", ""), ("acme.example", "NA", ""), ("acme.example", "na", "Europe/London")]);
    assert_eq!(
        (codes_of(&mixed, 3), codes_of(&mixed, 4)),
        (vec!["country_unknown".into()], vec!["country_unknown".into()])
    );
    let alone = list(&[("acme.example", "NA", ""), ("acme.example", "NA", "Africa/Windhoek")]);
    assert_eq!(findings(&alone), []);
    let namibian = list(&[("acme.example", "GB", ""), ("acme.example", "NA", "Africa/Windhoek")]);
    assert!(findings(&namibian).iter().all(|f| f.1 != "country_unknown"), "{namibian}");
}

#[test]
fn c2_zones_are_taken_where_nothing_else_can_be_meant_and_told_elsewhere() {
    let report = check(&case("time-zones.csv"), &[]);
    for (row, code) in [
        (2, "time_zone_missing"),
        (4, "time_zone_ambiguous"),
        (5, "time_zone_ambiguous"),
        (6, "time_zone_fixed"),
        (7, "time_zone_fixed"),
        (8, "time_zone_ambiguous"),
        (9, "time_zone_elsewhere"),
    ] {
        assert_eq!(codes_of(&report, row), [code], "row {row}: {report}");
    }
    for row in [3, 10, 11] {
        assert_eq!(codes_of(&report, row), Vec::<String>::new(), "row {row}");
    }
    assert_eq!(report["accepted"], 10);
}

#[test]
fn c2_the_plan_says_whose_messages_go_in_the_rounds_time() {
    let house = House::new();
    house.list(&std::fs::read(case("time-zones.csv")).unwrap());
    assert_eq!(house.run(&["round", "load", "round"]).code, 0);
    let slug = slug(&house);
    let plan = house.run(&["round", "plan", &slug]);
    // Nobody knows the zones of rows 2 and 4.
    assert!(
        plan.out.contains("2 contacts have no time zone that is known: their messages go in ")
            && plan.out.contains("'s time, the round's own."),
        "{}",
        plan.out
    );
    let json = house.run(&["round", "plan", &slug, "--json"]).json();
    let of = |contact: &str| {
        let all = json["messages"].as_array().unwrap();
        all.iter()
            .find(|m| m["contact"] == contact)
            .map(|m| (m["time_zone"].as_str().unwrap().to_owned(), m["in_rounds_time"] == true))
            .unwrap()
    };
    assert!(of("t1@acme.example").1 && of("t3@acme.example").1);
    assert_eq!(of("t2@acme.example"), ("Asia/Tokyo".into(), false));
    assert_eq!(of("t4@acme.example"), ("America/New_York".into(), false));
    assert_eq!(of("t6@acme.example"), ("Europe/Berlin".into(), false));
    assert_eq!(json["summary"]["contacts_in_rounds_time"], 2);
}

#[test]
fn c1_rows_are_named_as_the_spreadsheet_numbers_them() {
    for file in ["empty-lines.csv", "unusable-rows.csv"] {
        let report = check(&case(file), &[]);
        let rows: Vec<u64> = findings(&report).into_iter().filter(|f| f.2 == "error").map(|f| f.0).collect();
        assert_eq!((rows, &report["rows"]), (vec![5, 8], &3.into()), "{file}: {report}");
    }
    let house = House::new();
    let good = |at: u64| format!("Acme,Ann,Lee{at},a{at}@acme.example,,influencer,,GB,,D,d@client.example,,,,");
    let bad = "Acme,Bob,Two,b1@acme,,,,GB,,D,d@client.example,,,,";
    for (text, row) in [
        (format!("sep=,\r\n{HEADER}\r\n{}\r\n{bad}\r\n", good(1)), 3),
        (format!("{HEADER}\n\n\n\n{bad}\n{}\n", good(1)), 5),
        (format!("\n{HEADER}\n{bad}\n{}\n", good(1)), 3),
        (
            format!(
                "{HEADER}\r\n{}\r\n\"Acme\",\"Ann\",\"Lee\",c@acme.example,\"Head of\nbuying\r\nand more\",,,GB,,D,d@client.example,,,,\r\n{bad}\r\n",
                good(1)
            ),
            4,
        ),
        (format!("{HEADER}\r{}\r\r{bad}\r", good(1)), 4),
    ] {
        let report = check(Path::new(&house.file("rows.csv", text.as_bytes())), &[]);
        assert!(codes_of(&report, row).contains(&"address_invalid".into()), "row {row} of {text}: {report}");
    }
}

#[test]
fn c1_a_footer_is_one_finding_and_no_row_is_lost_for_it() {
    let house = House::new();
    let good = "Acme,Ann,Lee,a@acme.example,Buyer,influencer,en,GB,,D,d@client.example,,,no,1";
    for footer in [
        "Grand Total,,,1 contacts\n\nConfidential Information - Do Not Distribute\nGenerated by Ann Lee 1/2/2027",
        "\n\nKey contacts\nCopyright (c) 2000-2027 salesforce.com, inc. All rights reserved.\nConfidential Information - Do Not Distribute\nNorthwind Ltd",
        "Gesamtergebnis,,,,,,,,,,,,,,1\nVertraulich\nErstellt am 1.2.2027",
    ] {
        let report =
            check(Path::new(&house.file("footer.csv", format!("{HEADER}\n{good}\n{footer}\n").as_bytes())), &[]);
        assert_eq!(findings(&report).into_iter().map(|f| f.1).collect::<Vec<_>>(), ["report_footer"], "{report}");
        assert_eq!((&report["rows"], &report["accepted"]), (&1.into(), &1.into()));
    }
    let report = check(
        Path::new(&house.file("no.csv", format!("{HEADER}\n{good}\nTotal,Jean,Roy,,,,,,,,,,,,\n").as_bytes())),
        &[],
    );
    assert!(codes_of(&report, 3).contains(&"address_missing".into()), "{report}");
}

pub fn slug(house: &House) -> String {
    let toml = std::fs::read_to_string(house.round().join("round.toml")).unwrap();
    let line = toml.lines().find(|l| l.starts_with("round")).unwrap();
    line.split('"').nth(1).unwrap().to_owned()
}
