//! What is remembered of the columns of a client's lists: when, of which, and how it is forgotten.

use axum::http::{Method, StatusCode};

use crate::rules::journal::Action;
use crate::steps::contacts::upload::column_choices;
use crate::store::journal;
use crate::web::tests::fixture::*;

use crate::web::tests::console::lists::*;

/// Two columns of one name, and one without.
const UNNAMED: &str = "Xyz,Name,,Name,email,account_director_email\n\
    Globex Neu,Pat,Lee,A,pat.lee@globexneu.example,dora@client.example\n\
    Globex Neu,Kim,Roe,B,kim.roe@globexneu.example,dora@client.example\n";
const CHOSEN: [(&str, &str); 6] = [
    ("column-1", "account"),
    ("column-2", "first_name"),
    ("column-3", "last_name"),
    ("column-4", "none"),
    ("column-5", "email"),
    ("column-6", "account_director_email"),
];

async fn known(h: &House) -> Vec<(String, String)> {
    let all = column_choices::of_client(&h.ctx, "Northwind Instruments").await.unwrap();
    all.into_iter().map(|column| (column.header, column.field)).collect()
}

#[tokio::test]
async fn a_column_is_remembered_when_its_list_is_loaded_and_only_by_a_name_that_the_file_has() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let page = async |path: &str| h.send(Method::GET, path, &with, "").await;
    let path = upload(&h, &cookie, &csrf, "own.csv", UNNAMED).await.header("location").to_string();
    let said = choose(&h, &cookie, &csrf, &path, &CHOSEN).await;
    assert_eq!(said.header("location"), format!("{path}/findings"), "{}", said.body);
    assert!(page(&path).await.body.contains("you said so"));
    assert!(known(&h).await.is_empty(), "the list is not loaded yet");
    // Taken away: nothing was said.
    let said = h.post_with(&path, &with, &[("act", "discard"), ("csrf", &csrf)]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    assert!(known(&h).await.is_empty());
    // Twin: loaded.
    let path = upload(&h, &cookie, &csrf, "own.csv", UNNAMED).await.header("location").to_string();
    choose(&h, &cookie, &csrf, &path, &CHOSEN).await;
    let there = format!("{path}/difference");
    let version = page(&there).await.hidden("name=\"csrf\"", "version");
    let said = h.post_with(&there, &with, &[("act", "load"), ("csrf", &csrf), ("version", &version)]).await;
    assert!(said.header("location").contains("done=load_list"), "{}", said.body);
    assert_eq!(known(&h).await, [("Xyz".to_string(), "account".to_string())]);
    let mut tx = h.ctx.db.read().await.unwrap();
    let told = journal::of_subject(&mut tx, "northwind instruments").await.unwrap();
    assert!(
        told.iter().any(|e| e.action == Action::RememberedColumns.as_str()
            && e.detail == "“Xyz” is the account"
            && e.actor == OPERATOR),
        "{told:?}"
    );
}

#[tokio::test]
async fn what_is_remembered_stands_on_the_page_of_the_columns_and_is_forgotten_by_one_press() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let page = async |path: &str| h.send(Method::GET, path, &with, "").await;
    let own = UNNAMED.replace("Name,,Name", "first_name,last_name,Grade");
    let mut path = String::new();
    for round in [FIRST, SECOND] {
        path = upload(&h, &cookie, &csrf, "own.csv", &own).await.header("location").to_string();
        if round == FIRST {
            choose(&h, &cookie, &csrf, &path, &CHOSEN).await;
            let there = format!("{path}/difference");
            let version = page(&there).await.hidden("name=\"csrf\"", "version");
            h.post_with(&there, &with, &[("act", "load"), ("csrf", &csrf), ("version", &version)]).await;
        }
    }
    let shown = page(&path).await.body;
    assert!(shown.contains("Remembered of earlier lists of this client: 1 column"), "{shown}");
    assert!(shown.contains("as for an earlier list of this client") && shown.contains(OPERATOR), "{shown}");
    let forget = [("act", "forget"), ("csrf", csrf.as_str()), ("header", "Xyz")];
    for _ in 0..2 {
        // A second press finds it forgotten, and says so.
        let said = h.post_with(&path, &with, &forget).await;
        assert!(said.header("location").contains("done=forget_column"), "{}", said.body);
    }
    assert!(known(&h).await.is_empty());
    let shown = page(&path).await.body;
    assert!(!shown.contains("Remembered of earlier lists") && !shown.contains("as for an earlier list"), "{shown}");
    let mut tx = h.ctx.db.read().await.unwrap();
    let told = journal::of_subject(&mut tx, "northwind instruments").await.unwrap();
    assert_eq!(told.iter().filter(|e| e.action == Action::ForgotColumn.as_str()).count(), 1);
}

/// Keys that stand at several people each, from row 500 on: the look at the first rows sees nothing of it.
fn with_keys() -> String {
    let row = |n: usize| {
        let key = if n < 500 { n } else { n % 4 };
        format!("Globex {n},Pat{n},Lee,pat{n}@globex{n}.example,dora@client.example,K-{key:04},A\n")
    };
    let header = "account,first_name,last_name,email,account_director_email,contact_key,Segment\n";
    format!("{header}{}", (0..700).map(row).collect::<String>())
}

#[tokio::test]
async fn a_press_makes_no_word_of_what_was_clear_and_keys_that_are_none_are_told_at_their_column() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let page = async |path: &str| h.send(Method::GET, path, &[("cookie", cookie.as_str())], "").await.body;
    let path = upload(&h, &cookie, &csrf, "keys.csv", &with_keys()).await.header("location").to_string();
    assert!(!page(&path).await.contains("not used"), "its first rows are fine");
    let columns = ["account", "first_name", "last_name", "email", "account_director_email", "contact_key", "none"];
    let names: Vec<String> = (1..=7).map(|n| format!("column-{n}")).collect();
    let chosen: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(columns).collect();
    for _ in 0..2 {
        let said = choose(&h, &cookie, &csrf, &path, &chosen).await;
        assert_eq!(said.header("location"), format!("{path}/findings"), "{}", said.body);
        let shown = page(&path).await;
        assert!(!shown.contains("you said so"), "{shown}");
        assert!(shown.contains("not used: its cells stand at several people each"), "{shown}");
    }
    // Said otherwise: said, and nothing is told of a column that is none of ours.
    let chosen: Vec<_> = chosen.into_iter().map(|(n, is)| (n, if is == "contact_key" { "none" } else { is })).collect();
    choose(&h, &cookie, &csrf, &path, &chosen).await;
    let shown = page(&path).await;
    assert!(shown.matches("you said so").count() == 1 && !shown.contains("not used"), "{shown}");
}

#[tokio::test]
async fn what_is_read_otherwise_for_want_of_a_word_is_said_as_well() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let page = async |path: &str| h.send(Method::GET, path, &[("cookie", cookie.as_str())], "").await.body;
    let text = "account,first_name,last_name,email,Mail,account_director_email\n\
        Globex Neu,Pat,Lee,pat.lee@globexneu.example,office@globexneu.example,dora@client.example\n";
    let path = upload(&h, &cookie, &csrf, "two.csv", text).await.header("location").to_string();
    let chosen = |email: &'static str, mail: &'static str, first: &'static str| {
        [
            ("column-1", "account"),
            ("column-2", first),
            ("column-3", "last_name"),
            ("column-4", email),
            ("column-5", mail),
            ("column-6", "account_director_email"),
        ]
    };
    for (email, mail) in [("email", "none"), ("none", "email")] {
        choose(&h, &cookie, &csrf, &path, &chosen(email, mail, "first_name")).await;
        let shown = page(&format!("{path}/difference")).await;
        let office = shown.contains("office@globexneu.example");
        assert_eq!(
            (office, shown.contains("pat.lee@globexneu.example")),
            (mail == "email", email == "email"),
            "{shown}"
        );
    }
    // No address at all is refused, and nothing is taken in its place.
    let said = choose(&h, &cookie, &csrf, &path, &chosen("none", "none", "first_name")).await;
    assert!(said.refused && said.body.contains("The list was not read yet"), "{}", said.body);
}
