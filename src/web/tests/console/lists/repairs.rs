//! Rows of an uploaded list repaired with one press, in one row or in all, and taken back.

use axum::http::{Method, StatusCode};

use crate::rules::journal::Actor;
use crate::steps::contacts::opt_out::{Length, OptOut};
use crate::steps::context::Purpose;
use crate::web::tests::console::lists::{choose, choose_of, read_as, upload};
use crate::web::tests::fixture::*;

const HEADER: &str = "account,first_name,last_name,email,account_director,account_director_email\n";

fn row(first: &str, last: &str, email: &str) -> String {
    format!("Globex Neu,{first},{last},{email},Dora Dean,dora@client.example\n")
}

fn list() -> String {
    let rows = [
        row("Pat", "Lee", "pat.lee@globex-neu.example"),
        row("Kim", "Roe", "kim.roe@globex-neu.example"),
        row("ANN", "SMITHSON", "ann.smithson@globex-neu.example"),
        row("TOM", "HARRISON", "tom.harrison@globex-neu.example"),
        row("Ida", "Fox", "ida.fox@globex-nue.example"),
        row("Eva", "Dow", "eva.dow@globex-neu"),
        row("Max", "May", "max.may@globexneu.example"),
    ];
    format!("{HEADER}{}", rows.concat())
}

struct Press<'h> {
    h: &'h House,
    cookie: String,
    csrf: String,
    path: String,
}

impl Press<'_> {
    async fn page(&self, path: &str) -> Said {
        self.h.send(Method::GET, &format!("{}{path}", self.path), &[("cookie", &self.cookie)], "").await
    }

    async fn findings(&self) -> String {
        self.page("/findings").await.body
    }

    async fn press(&self, path: &str, fields: &[(&str, &str)]) -> Said {
        let seen = read_as(&self.page(path).await.body);
        self.press_on(&seen, path, fields).await
    }

    /// On a page that showed the list read so.
    async fn press_on(&self, seen: &str, path: &str, fields: &[(&str, &str)]) -> Said {
        let fixed = [("csrf", self.csrf.as_str()), ("read_as", seen)];
        let fields: Vec<_> = fixed.into_iter().chain(fields.iter().copied()).collect();
        self.h.post_with(&format!("{}{path}", self.path), &[("cookie", &self.cookie)], &fields).await
    }

    /// All rows of a code, as this page has shown them.
    async fn repair_all(&self, shown: &str, code: &str) -> Said {
        let before = format!("name=\"code\" value=\"{code}\"><input type=\"hidden\" name=\"shown\" value=\"");
        let digest = shown.split(&before).nth(1).expect(code).split('"').next().unwrap();
        self.press("/findings", &[("act", "repair"), ("code", code), ("shown", digest)]).await
    }

    async fn corrections(&self, query: &str) -> axum::response::Response {
        let request = axum::http::Request::builder()
            .uri(format!("{}/corrections.xlsx{query}", self.path))
            .header("host", OURS)
            .header("cookie", &self.cookie)
            .body(axum::body::Body::empty())
            .unwrap();
        tower::ServiceExt::oneshot(self.h.router.clone(), request).await.unwrap()
    }

    async fn repair(&self, row: &str, code: &str, field: &str) -> Said {
        self.press("/findings", &[("act", "repair"), ("row", row), ("code", code), ("field", field)]).await
    }
}

async fn uploaded<'h>(h: &'h House, content: &str) -> Press<'h> {
    let (cookie, csrf) = h.log_in().await;
    let path = upload(h, &cookie, &csrf, "own.csv", content).await.header("location").to_string();
    Press { h, cookie, csrf, path }
}

#[tokio::test]
async fn one_row_is_repaired_and_taken_back() {
    const ROW: &str = "row-7-address_invalid-email";
    let h = house().await;
    let p = uploaded(&h, &list()).await;
    let before = p.findings().await;
    assert!(
        before.contains("7 rows, 1 cannot be used") && before.contains("Use eva.dow@globex-neu.example"),
        "{before}"
    );
    // A row that is left out comes in.
    let said = p.repair("7", "address_invalid", "email").await;
    let there = |done: &str, place: &str| format!("{}/findings?done={done}#{place}", p.path);
    assert!(before.contains(&format!("id=\"{ROW}\"")), "{before}");
    assert_eq!(said.header("location"), there("repair_rows", ROW), "{}", said.body);
    let now = p.findings().await;
    assert!(now.contains("7 rows, all of them usable"), "{now}");
    assert!(
        now.contains("the e-mail address was “eva.dow@globex-neu” and is “eva.dow@globex-neu.example” now"),
        "{now}"
    );
    let shown = p.page("/difference").await.body;
    assert!(shown.contains("eva.dow@globex-neu.example"), "{shown}");
    assert!(now.contains(&format!("id=\"{ROW}\"")), "it stands where it stood: {now}");
    // A second press, and one on nothing.
    for (row, place) in [("7", ROW), ("99", "findings"), ("x", "findings")] {
        let said = p.repair(row, "address_invalid", "email").await;
        assert_eq!(said.header("location"), there("repaired_before", place));
    }
    assert!(p.findings().await == now);
    let said = p.press("/findings", &[("act", "take_back"), ("row", "7")]).await;
    assert_eq!(said.header("location"), there("take_back_repairs", ROW));
    assert!(p.findings().await == before);
    let said = p.press("/findings", &[("act", "take_back"), ("row", "7")]).await;
    assert_eq!(said.header("location"), there("taken_back_before", "findings"));
    assert_eq!(p.press("/findings", &[("act", "take_back"), ("row", "seven")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn all_rows_of_a_kind_are_repaired_with_one_press_and_addresses_only_as_they_were_shown() {
    let h = house().await;
    let other = row("Leo", "Hall", "leo.hall@globex-nue.example");
    let p = uploaded(&h, &format!("{}{other}", list())).await;
    let before = p.findings().await;
    assert!(
        before.contains("Name in capitals: 2 rows with a proposal") && before.contains("Repair all 2 rows"),
        "{before}"
    );
    assert!(before.contains("Row 4: ANN SMITHSON → Ann Smithson"), "{before}");
    let all = |code| [("act", "repair"), ("code", code)];
    let said = p.press("/findings", &all("name_in_capitals")).await;
    assert!(said.refused && said.body.contains("These are other rows"), "{}", said.body);
    assert!(p.findings().await == before);
    assert_eq!(p.repair_all(&before, "name_in_capitals").await.status, StatusCode::SEE_OTHER);
    let now = p.findings().await;
    assert!(now.contains("Take back all 2 repairs") && !now.contains("Repair all 2 rows"), "{now}");
    assert!(p.page("/difference").await.body.contains("Ann Smithson"));
    // Old and new of each stand beside the button.
    assert!(now.contains("Row 6: ida.fox@globex-nue.example → ida.fox@globex-neu.example"), "{now}");
    assert!(now.contains("Row 9: leo.hall@globex-nue.example → leo.hall@globex-neu.example"), "{now}");
    let said = p.press("/findings", &all("foreign_domain")).await;
    assert!(said.refused && said.body.contains("These are other rows"), "{}", said.body);
    assert!(p.findings().await == now);
    // Another address of the same kind has gone since the page was shown.
    assert_eq!(p.repair("9", "foreign_domain", "email").await.status, StatusCode::SEE_OTHER);
    let stale = p.findings().await;
    assert!(p.repair_all(&now, "foreign_domain").await.refused);
    assert!(p.findings().await == stale);
    assert_eq!(p.press("/findings", &[("act", "take_back"), ("row", "9")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(p.repair_all(&now, "foreign_domain").await.status, StatusCode::SEE_OTHER);
    assert!(p.findings().await.contains("Take back all 5 repairs"));
    assert_eq!(p.press("/findings", &[("act", "take_back")]).await.status, StatusCode::SEE_OTHER);
    assert!(p.findings().await == before);
}

#[tokio::test]
async fn two_rows_that_become_one_address_are_told_and_neither_is_called_unchanged() {
    let h = house().await;
    let twice = row("Pat", "Kay", "pat.lee@globex-nue.example");
    let p = uploaded(&h, &format!("{}{twice}", list())).await;
    assert_eq!(p.repair("9", "foreign_domain", "email").await.status, StatusCode::SEE_OTHER);
    let now = p.findings().await;
    assert!(now.contains("the address pat.lee@globex-neu.example stands in row 2 already"), "{now}");
    assert!(now.contains("8 rows, 2 cannot be used"), "{now}");
    let shown = p.page("/difference").await.body;
    assert!(shown.contains("2 rows are left out") && !shown.contains("contact stays"), "{shown}");
}

const COLUMNS: [&str; 6] =
    ["account", "first_name", "last_name", "email", "account_director", "account_director_email"];

/// Another column is the address, and the addresses are none of ours.
const MOVED: [&str; 6] = ["account", "first_name", "last_name", "none", "email", "account_director_email"];

fn as_fields<'f>(names: &'f [String], columns: &[&'f str]) -> Vec<(&'f str, &'f str)> {
    names.iter().map(String::as_str).zip(columns.iter().copied()).collect()
}

#[tokio::test]
async fn repairs_hold_while_their_columns_are_read_as_they_were_and_none_is_lost_meanwhile() {
    let h = house().await;
    let names: Vec<String> = (1..=7).map(|n| format!("column-{n}")).collect();
    // Segment is a seventh column.
    let list = list()
        .lines()
        .enumerate()
        .map(|(n, row)| format!("{row},{}\n", ["A", "Segment"][usize::from(n == 0)]))
        .collect::<String>();
    let p = uploaded(&h, &list).await;
    let choose = async |columns: [&str; 6], segment: &str| {
        let columns: Vec<&str> = columns.into_iter().chain([segment]).collect();
        let said = choose(&h, &p.cookie, &p.csrf, &p.path, &as_fields(&names, &columns)).await;
        assert_eq!(said.header("location"), format!("{}/findings", p.path), "{}", said.body);
    };
    let holds = async || p.findings().await.contains("all of them usable");
    choose(COLUMNS, "job_title").await;
    assert_eq!(p.repair("7", "address_invalid", "email").await.status, StatusCode::SEE_OTHER);
    assert!(holds().await);
    let [account, first, last, email, director, theirs] = COLUMNS;
    for (columns, segment) in
        [(COLUMNS, "none"), (COLUMNS, "job_title"), ([account, last, first, email, director, theirs], "none")]
    {
        choose(columns, segment).await;
        assert!(holds().await, "{columns:?} {segment}: the addresses are read as they were");
    }
    // Read otherwise it does not hold, and that is said; another repair made now takes nothing from it.
    choose(MOVED, "none").await;
    let shown = p.findings().await;
    assert!(shown.contains("1 repair was made while this list was read otherwise"), "{shown}");
    choose(COLUMNS, "none").await;
    let shown = p.findings().await;
    assert_eq!(p.repair_all(&shown, "name_in_capitals").await.status, StatusCode::SEE_OTHER);
    let shown = p.findings().await;
    assert!(holds().await && shown.contains("Take back all 3 repairs") && !shown.contains("read otherwise"), "{shown}");
    choose([account, last, first, email, director, theirs], "none").await;
    let shown = p.findings().await;
    assert!(holds().await && shown.contains("2 repairs were made while"), "names are read otherwise: {shown}");
    // What does not hold is not taken back with the others.
    assert_eq!(p.press("/findings", &[("act", "take_back")]).await.status, StatusCode::SEE_OTHER);
    choose(COLUMNS, "none").await;
    let shown = p.findings().await;
    assert!(!holds().await && shown.contains("Take back all 2 repairs"), "{shown}");
}

#[tokio::test]
async fn a_press_on_a_page_of_another_reading_changes_nothing_and_shows_the_page_as_it_is_now() {
    let h = house().await;
    let p = uploaded(&h, &list()).await;
    let names: Vec<String> = (1..=6).map(|n| format!("column-{n}")).collect();
    let (columns, findings) = (read_as(&p.page("").await.body), read_as(&p.findings().await));
    let usual = as_fields(&names, &COLUMNS);
    // In another tab.
    let moved = choose(&h, &p.cookie, &p.csrf, &p.path, &as_fields(&names, &MOVED)).await;
    assert_eq!(moved.header("location"), format!("{}/findings", p.path), "{}", moved.body);
    let now = p.findings().await;
    for fields in [
        &[("act", "repair"), ("row", "4"), ("code", "name_in_capitals"), ("field", "first_name")][..],
        &[("act", "repair"), ("code", "name_in_capitals")],
        &[("act", "take_back")],
    ] {
        for seen in ["", "invented", findings.as_str()] {
            let said = p.press_on(seen, "/findings", fields).await;
            assert!(said.refused && said.body.contains("read otherwise than the page showed"), "{}", said.body);
        }
    }
    assert!(p.findings().await == now);
    // The columns are those of the same table: all of them are said anew. Another table is another thing.
    for seen in ["", "invented", findings.as_str()] {
        let said = choose_of(&h, (&p.cookie, &p.csrf), &p.path, seen, &usual).await;
        assert!(said.refused && said.body.contains("read otherwise than the page showed"), "{}", said.body);
    }
    assert!(p.findings().await == now);
    let said = choose_of(&h, (&p.cookie, &p.csrf), &p.path, &columns, &usual).await;
    assert_eq!(said.header("location"), format!("{}/findings", p.path), "{}", said.body);
}

#[tokio::test]
async fn s05_corrections_are_a_workbook_of_one_director_or_of_all() {
    let h = house().await;
    let p = uploaded(&h, &list()).await;
    for (query, name, rows) in [
        ("", "-all.xlsx", 7),
        ("?director=dora%40client.example", "-dora.xlsx", 7),
        ("?director=..%2Fx%22%40client.example", "-..x.xlsx", 0),
    ] {
        let answer = p.corrections(query).await;
        let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert!(header("content-disposition").ends_with(&format!("{name}\"")), "{}", header("content-disposition"));
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        match crate::intake::list::read(&bytes, "back.xlsx") {
            Ok(list) => assert_eq!(list.rows, rows),
            Err(problem) => assert!(rows == 0 && problem.to_string().contains("no contacts"), "{problem}"),
        }
    }
    let said = h.get(&format!("{}/corrections.xlsx", p.path)).await;
    assert_eq!(said.header("location"), "/log-in");
}

#[tokio::test]
async fn names_that_are_mostly_in_capitals_are_repaired_as_they_were_shown() {
    let h = house().await;
    let letter = |n: u8| char::from(b'A' + n);
    let capitals =
        (0..25).map(|n| row("ANN", &format!("SMITH{}", letter(n)), &format!("{}@globex-neu.example", letter(n))));
    let p = uploaded(&h, &format!("{}{}", list(), capitals.collect::<String>())).await;
    let before = p.findings().await;
    assert!(before.contains("The names of 27 rows are in capitals"), "{before}");
    assert!(before.contains("Name in capitals: 27 rows with a proposal") && before.contains("Repair all 27 rows"));
    assert!(before.contains("Row 9: ANN SMITHA → Ann Smitha"), "{before}");
    assert_eq!(p.repair_all(&before, "name_in_capitals").await.status, StatusCode::SEE_OTHER);
    let now = p.findings().await;
    assert!(now.contains("Take back all 27 repairs") && !now.contains("in capitals,"), "{now}");
    assert!(p.page("/difference").await.body.contains("Ann Smithz") || now.contains("“Smithy” now"), "{now}");
    assert_eq!(p.press("/findings", &[("act", "take_back")]).await.status, StatusCode::SEE_OTHER);
    assert!(p.findings().await == before);
}

#[tokio::test]
async fn a_row_with_two_cells_of_a_kind_is_one_row_and_a_director_is_who_signs_for_the_others() {
    let h = house().await;
    let broken = "\"Globex\nNeu\",Leo,\"Ha\nll\",leo@globex-neu.example,Dora Dean,dora@client.example\n";
    let more = "Globex Neu,Mia,\"Ro\nss\",mia@globex-neu.example,Dora Dean,dora@client.example\n";
    let nobody = "Globex Neu,Ivo,Ray,ivo@globex-neu.example,,\nGlobex Neu,Max,Fry,max@globex-neu.example,Eva Other,\n";
    let p = uploaded(&h, &format!("{}{broken}{more}{nobody}", list())).await;
    let before = p.findings().await;
    assert!(
        before.contains("Line break in a cell: 2 rows with a proposal") && before.contains("Repair all 2 rows"),
        "{before}"
    );
    assert!(before.contains("Row 9: Globex Neu → Globex Neu") && before.contains("Row 9: Ha ll → Ha ll"), "{before}");
    assert!(
        before.contains("Use dora@client.example")
            && !before.contains("Account director without a usable address: 2 rows with"),
        "one of the two rows names another: {before}"
    );
    let said = p.repair("11", "account_director_missing", "account_director_email").await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    assert!(p.findings().await.contains("was empty and is “dora@client.example” now"));
    assert_eq!(
        p.repair("12", "account_director_missing", "account_director_email").await.status,
        StatusCode::SEE_OTHER
    );
    assert!(!p.findings().await.contains("Row 12: repaired"));
}

#[tokio::test]
async fn the_file_of_a_director_has_what_earlier_rounds_say() {
    let h = house().await;
    let person = h.people(SECOND).await[0].clone();
    let secret = h.ctx.secret(Purpose::OptOut, &person.id);
    h.ctx.order(&Actor::Visitor, OptOut { secret, length: Length::NeverAgain, how: "tests" }).await.unwrap();
    let theirs = row(&person.first_name, &person.last_name, person.email.as_str()).replace("Globex Neu", "Theirs");
    let p = uploaded(&h, &list().replacen(HEADER, &format!("{HEADER}{theirs}"), 1)).await;
    let page = p.findings().await;
    assert!(page.contains("never to be written to again"), "the page counts it: {page}");
    let answer = p.corrections("?director=dora%40client.example").await;
    let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let look = crate::intake::list::look(&bytes, "back.xlsx", &crate::intake::list::Choice::default()).unwrap();
    let told = look.columns.iter().find(|column| column.header == "finding").unwrap();
    assert!(told.samples.iter().any(|text| text.contains("never to be written to again")), "{told:?}");
}
