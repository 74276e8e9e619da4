//! What is said of a list when it is checked and loaded with its round, and which lists are refused.

use crate::cases::slug;
use crate::*;

const LEFT_OUT: &str =
    "2 of 3 rows were left out: rows 5 and 8, the e-mail address cannot be used (“b1@acme”, “c1@acme”).";

fn unusable() -> Vec<u8> {
    std::fs::read(case("unusable-rows.csv")).unwrap()
}

/// A list in which no row can be used.
fn hopeless() -> Vec<u8> {
    format!(
        "{HEADER}\nAcme,Bob,Two,b1@acme,,,,GB,,D,d@client.example,,,,\nAcme,Cat,Three,,,,,GB,,D,d@client.example,,,,\n"
    )
    .into_bytes()
}

fn good(people: &[&str]) -> Vec<u8> {
    let rows: Vec<String> = people
        .iter()
        .map(|p| format!("Acme,Ann,{p},{p}@acme.example,Buyer,influencer,en,GB,,D,d@client.example,,,no,1\n"))
        .collect();
    format!("{HEADER}\n{}", rows.concat()).into_bytes()
}

#[test]
fn c1_round_check_names_the_rows_and_exits_with_1() {
    let house = House::new();
    house.list(&unusable());
    let said = house.run(&["round", "check", "round"]);
    assert_eq!(said.code, 1, "{}", said.out);
    assert!(
        said.out.contains("Row 5: the address b1@acme") && said.out.contains("Row 8: the address c1@acme"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("The folder is fine") && said.last_line() == LEFT_OUT, "{}", said.out);
    let json = house.run(&["round", "check", "round", "--json"]);
    assert_eq!((json.code, &json.json()["left_out"][0]["rows"]), (1, &serde_json::json!([5, 8])));
    assert_eq!((&json.json()["rows"], &json.json()["contacts"]), (&3.into(), &1.into()));
    house.list(&hopeless());
    let said = house.run(&["round", "check", "round"]);
    assert!(said.code == 1 && said.out.contains("no row of its list can be used"), "{}", said.out);
    house.list(&good(&["lee"]));
    let said = house.run(&["round", "check", "round"]);
    assert!(said.code == 0 && said.out.contains("The folder is fine: 1 contact in 1 account"), "{}", said.out);
}

#[test]
fn c1_loads_end_with_what_was_left_out_and_why() {
    let house = House::new();
    house.list(&unusable());
    let said = house.run(&["round", "load", "round"]);
    assert_eq!((said.code, said.last_line()), (1, LEFT_OUT), "{}{}", said.out, said.err);
    let said = house.run(&["round", "load", "round", "--json"]).json();
    assert_eq!((&said["rows"], &said["left_out"][0]["code"]), (&3.into(), &"address_invalid".into()));
    let (slug, file) = (slug(&house), house.file("list.csv", &unusable()));
    let said = house.run(&["list", "load", &slug, &file]);
    assert_eq!((said.code, said.last_line()), (1, LEFT_OUT), "{}{}", said.out, said.err);
    let said = house.run(&["list", "load", &slug, &file, "--json"]).json();
    assert_eq!(said["left_out"][0]["rows"], serde_json::json!([5, 8]));
    // Looking at it exits as loading it does, and with a list of which every row can be used as well.
    for (list, code) in [(unusable(), 1), (good(&["lee"]), 0)] {
        let file = house.file("list.csv", &list);
        house.list(&list);
        for command in [&["round", "load", "round"][..], &["list", "load", &slug, &file]] {
            for more in [&["--dry-run"][..], &["--dry-run", "--json"], &[]] {
                let said = house.run(&[command, &["--remove-everybody"], more].concat());
                assert_eq!(said.code, code, "{command:?} {more:?}: {}{}", said.out, said.err);
            }
        }
    }
}

#[test]
fn c1_a_list_that_would_empty_a_draft_is_refused_until_somebody_says_so() {
    let house = House::new();
    house.list(&hopeless());
    let said = house.run(&["round", "load", "round"]);
    assert!(
        said.code == 1
            && said.err.contains("No row of this list can be used")
            && said.err.contains("--remove-everybody"),
        "{}",
        said.err
    );
    assert!(said.last_line().starts_with("2 of 2 rows were left out: rows 2, "), "{}", said.out);
    house.list(&good(&["lee", "kay"]));
    assert_eq!(house.run(&["round", "load", "round"]).code, 0);
    let slug = slug(&house);
    for (name, list, why) in [
        ("hopeless.csv", hopeless(), "all 2 contacts of the draft would be removed"),
        ("others.csv", good(&["moe", "joy", "may"]), "None of the 2 contacts of the draft is on this list"),
    ] {
        let file = house.file(name, &list);
        house.list(&list);
        for command in
            [&["list", "load", &slug, &file][..], &["round", "load", "round"], &["round", "load", "round", "--dry-run"]]
        {
            let said = house.run(command);
            assert!(said.code == 1 && said.err.contains(why), "{command:?}: {}{}", said.out, said.err);
        }
        assert_eq!(house.run(&["round", "status", &slug, "--json"]).json()["individual"]["listed"], 2, "{name}");
    }
    let file = house.file("others.csv", &good(&["moe", "joy", "may"]));
    assert_eq!(house.run(&["list", "load", &slug, &file, "--remove-everybody"]).code, 0);
    assert_eq!(house.run(&["round", "status", &slug, "--json"]).json()["individual"]["listed"], 3);
    house.list(&good(&["moe", "lee"]));
    assert_eq!(house.run(&["round", "load", "round"]).code, 0, "somebody stays");
    house.list(&hopeless());
    let said = house.run(&["round", "load", "round", "--remove-everybody"]);
    assert!(said.code == 1 && said.last_line().starts_with("2 of 2 rows were left out"), "{}", said.out);
    assert_eq!(house.run(&["round", "status", &slug, "--json"]).json()["individual"]["listed"], 0);
}

#[test]
fn a_list_that_lacks_somebody_of_a_draft_is_loaded_when_it_is_said_which_list_it_is() {
    let house = House::new();
    house.list(&good(&["lee", "kay", "moe"]));
    assert_eq!(house.run(&["round", "load", "round"]).code, 0);
    let slug = slug(&house);
    let listed = || house.run(&["round", "status", &slug, "--json"]).json()["individual"]["listed"].clone();
    let file = house.file("list.csv", &good(&["lee", "joy"]));
    for more in [&[][..], &["--dry-run"], &["--json"], &["--confirm"]] {
        let said = house.run(&[&["list", "load", &slug, &file][..], more].concat());
        assert!(
            said.code == 1
                && said.err.contains("2 of the 3 contacts of the draft are not on this list")
                && said.err.contains("--keep-others")
                && said.err.contains("--whole"),
            "{more:?}: {}{}",
            said.out,
            said.err
        );
        assert_eq!(listed(), 3, "{more:?}");
    }
    assert_ne!(house.run(&["list", "load", &slug, &file, "--keep-others", "--whole"]).code, 0, "it is one of them");
    assert_eq!(house.run(&["list", "load", &slug, &file, "--keep-others"]).code, 0);
    assert_eq!(listed(), 4);
    assert_eq!(house.run(&["list", "load", &slug, &file, "--whole"]).code, 0);
    assert_eq!(listed(), 2);
    // A list that lacks nobody needs no word, and a folder is the whole by itself.
    let file = house.file("list.csv", &good(&["lee", "joy", "may"]));
    assert_eq!(house.run(&["list", "load", &slug, &file]).code, 0);
    assert_eq!(listed(), 3);
    house.list(&good(&["joy"]));
    assert_eq!(house.run(&["round", "load", "round", "--dry-run"]).code, 0);
    assert_eq!(house.run(&["round", "load", "round"]).code, 0);
    assert_eq!(listed(), 1);
}

/// What a list could change, as it is told from outside.
fn content(house: &House) -> Vec<String> {
    let status = house.run(&["round", "status", &slug(house), "--json"]).json();
    let plan = house.run(&["round", "plan", &slug(house), "--json"]).json();
    let folder = house.folder.path().join("exported");
    house.run(&["export", &slug(house), "--to", folder.to_str().unwrap()]);
    let list = std::fs::read_to_string(folder.join("contacts.csv")).unwrap();
    vec![status["individual"].to_string(), plan["messages"].to_string(), list]
}

#[test]
fn a_dry_run_of_a_list_prints_the_difference_and_writes_nothing() {
    let house = House::new();
    house.list(&good(&["lee", "kay", "moe"]));
    assert_eq!(house.run(&["round", "load", "round"]).code, 0);
    let slug = slug(&house);
    let mut list = String::from_utf8(good(&["lee", "kay", "joy"]))
        .unwrap()
        .replace("kay@acme.example,Buyer", "kay@acme.example,Head of Buying");
    list.push_str("Acme,Bob,Two,b1@acme,,,,GB,,D,d@client.example,,,,\n");
    let file = house.file("list.csv", list.as_bytes());
    let before = content(&house);
    let said = house.run(&["list", "load", &slug, &file, "--whole", "--dry-run", "--json"]);
    assert_eq!(said.code, 1, "a row was refused: {}{}", said.out, said.err);
    let d = said.json();
    assert_eq!((d["added"][0]["email"].as_str(), d["added"][0]["row"].as_u64()), (Some("joy@acme.example"), Some(4)));
    assert_eq!(d["changed"][0]["fields"], serde_json::json!({ "job_title": ["Buyer", "Head of Buying"] }));
    assert!(d["changed"][0]["contact"].is_string() && d["changed"][0]["row"] == 3, "{d}");
    assert_eq!((&d["gone"][0]["email"], &d["gone"][0]["removed"]), (&"moe@acme.example".into(), &true.into()));
    assert_eq!((&d["refused"][0]["row"], &d["refused"][0]["code"]), (&5.into(), &"address_invalid".into()));
    assert_eq!(
        (&d["unchanged"], &d["asked"], &d["signs_again"]),
        (&1.into(), &serde_json::json!([]), &serde_json::json!([]))
    );
    let said = house.run(&["list", "load", &slug, &file, "--whole", "--dry-run"]);
    assert_eq!(said.code, 1);
    for line in [
        "Row 4: Ann joy at Acme <joy@acme.example> is added.",
        "Row 3: Ann kay at Acme is changed: job_title “Head of Buying”, was “Buyer”.",
        "Ann moe at Acme <moe@acme.example> is taken off.",
        "1 person is taken off, for the list does not have them: Ann moe at Acme.",
        "nothing was loaded.",
    ] {
        assert!(said.out.contains(line), "{line}: {}", said.out);
    }
    assert_eq!(content(&house), before);
    // Loaded, it does what was said, and then there is no difference.
    assert_eq!(house.run(&["list", "load", &slug, &file, "--whole"]).code, 1);
    assert!(content(&house) != before);
    let d = house.run(&["list", "load", &slug, &file, "--dry-run", "--json"]).json();
    assert_eq!(
        (&d["added"], &d["changed"], &d["gone"]),
        (&serde_json::json!([]), &serde_json::json!([]), &serde_json::json!([]))
    );
    let fine = house.file("fine.csv", &good(&["lee", "kay", "joy"]));
    assert_eq!(house.run(&["list", "load", &slug, &fine, "--dry-run"]).code, 0);
    let said = house.run(&["list", "load", "no-such-round", &file, "--dry-run", "--json"]);
    assert!(said.code == 1 && said.err.contains("There is no round named"), "{}{}", said.code, said.err);
}

#[test]
fn c3_a_dry_run_says_what_the_list_would_do_and_does_nothing() {
    let house = House::new();
    house.list(&good(&["lee", "kay", "moe"]));
    assert_eq!(house.run(&["round", "load", "round"]).code, 0);
    let slug = slug(&house);
    let before = house.run(&["round", "plan", &slug, "--json"]).json()["messages"].clone();
    let mut list = String::from_utf8(good(&["lee", "kay", "joy"]))
        .unwrap()
        .replace("kay@acme.example,Buyer", "kay@acme.example,Head of Buying");
    list.push_str("\nAcme,Bob,Two,b1@acme,,,,GB,,D,d@client.example,,,,\n");
    house.list(list.as_bytes());
    let said = house.run(&["round", "load", "round", "--dry-run"]);
    assert_eq!(said.code, 1, "a row is left out: {}{}", said.out, said.err);
    assert!(said.out.contains("Its list adds 1 contact, changes 1, leaves 1 unchanged and removes 1."), "{}", said.out);
    assert_eq!(said.last_line(), "1 of 4 rows was left out: row 6, the e-mail address cannot be used (“b1@acme”).");
    let json = house.run(&["round", "load", "round", "--dry-run", "--json"]).json();
    assert_eq!((&json["contacts"]["added"], &json["contacts"]["removed"]), (&1.into(), &1.into()));
    assert_eq!(json["contacts"]["left_out"][0]["rows"], serde_json::json!([6]));
    assert_eq!(house.run(&["round", "plan", &slug, "--json"]).json()["messages"], before, "nothing was changed");
    assert_eq!(house.run(&["round", "status", &slug, "--json"]).json()["individual"]["listed"], 3);
}

/// Two directors, of whom one has a row that cannot be used and one that is in capitals.
fn two_directors() -> Vec<u8> {
    let row = |first: &str, email: &str, director: &str| {
        format!(
            "Acme {director},{first},Reid,{email},Buyer,key_decision_maker,en,GB,,{director},{director}@client.example,,,no,1\n"
        )
    };
    let rows = row("Ann", "ann.reid@acme.example", "dora")
        + &row("Eva", "eva.reid@acme", "dora")
        + &row("Kim", "kim.reid@other.example", "erik");
    format!("{HEADER}\n{rows}").into_bytes()
}

#[test]
fn a_template_goes_to_a_director_and_loads_as_it_comes_back() {
    let house = House::new();
    let file = house.file("list.csv", &two_directors());
    let to = house.folder.path().join("dora.xlsx").to_str().unwrap().to_owned();
    let said = house.run(&["list", "template", &file, "--director", "Dora@client.example", "--to", &to]);
    assert_eq!(
        (said.code, said.last_line()),
        (0, format!("Wrote 2 rows to {to}, 1 of them with findings.").as_str()),
        "{}",
        said.err
    );
    let back = house.run(&["list", "check", &to, "--json"]).json();
    assert_eq!((&back["rows"], &back["accepted"]), (&2.into(), &1.into()), "{back}");
    assert_eq!(back["findings"][0]["code"], "address_invalid");
    assert!(back["columns"].as_array().unwrap().iter().any(|c| c["header"] == "what_to_do" && c["field"].is_null()));
    let again = house.run(&["list", "template", &file, "--to", &to]);
    assert!(again.code == 2 && again.err.contains("is there already"), "{}", again.err);
    let to = house.folder.path().join("nobody.xlsx").to_str().unwrap().to_owned();
    let said = house.run(&["list", "template", &file, "--director", "nobody@client.example", "--to", &to]);
    assert!(said.code == 2 && said.err.contains("has no row of nobody@client.example"), "{}", said.err);
    house.list(&two_directors());
    assert_eq!(house.run(&["round", "load", "round"]).code, 1);
    let slug = slug(&house);
    let said = house.run(&["list", "template", &slug, "--director", "dora@client.example", "--to", &to]);
    assert!(said.code == 0 && said.out.contains("Wrote 2 rows"), "{}{}", said.out, said.err);
    let back = house.run(&["list", "check", &to, "--json"]).json();
    assert_eq!((&back["rows"], &back["accepted"]), (&2.into(), &1.into()), "who was left out is in it too: {back}");
}

#[test]
fn a_list_and_a_round_have_a_score_with_its_reasons() {
    let house = House::new();
    let file = house.file("list.csv", &two_directors());
    let json = house.run(&["list", "check", &file, "--json"]).json();
    let quality = &json["quality"];
    let lost: u64 = quality["reasons"].as_array().unwrap().iter().map(|r| r["points"].as_u64().unwrap()).sum();
    assert_eq!(quality["score"].as_u64().unwrap() + lost, 100, "{quality}");
    assert!(
        quality["reasons"][0]["sentence"].as_str().unwrap().starts_with("1 of 3 people cannot be used."),
        "{quality}"
    );
    assert_eq!(
        (&quality["coverage"]["accounts"], &quality["coverage"]["revenue_share"]),
        (&2.into(), &serde_json::Value::Null)
    );
    let said = house.run(&["list", "check", &file]);
    assert!(said.out.contains(&format!("Score {} of 100.", quality["score"])), "{}", said.out);
    house.list(&two_directors());
    house.run(&["round", "load", "round"]);
    let slug = slug(&house);
    let round = house.run(&["list", "quality", &slug, "--json"]).json();
    assert_eq!((&round["score"], &round["dropped"]), (&quality["score"], &serde_json::json!([])), "{round}");
    let refused = house.run(&["list", "reason", &slug, "dora@client.example", "the plant was closed"]);
    assert!(refused.code != 0 && refused.err.contains("No director of the round before"), "{}", refused.err);
}
