//! A list from a file to the round, through its pages; and the door that takes files.

mod repairs;
mod shown;
mod uploads;
mod read_otherwise;
mod remembered;
pub(in crate::tests::console) mod asked;

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use futures_util::stream;

use crate::base::clock::{DAY, HOUR};
use crate::steps::contacts::upload;
use crate::store::contacts::uploads as store;
use crate::store::round::rounds;
use crate::web::kit::forms::files::LARGEST_FILE;
use crate::web::kit::state::Web;
use crate::web::routes::router;
use crate::web::tests::fixture::*;

pub(in crate::tests::console) const EDGE: &str = "----edge";
pub(in crate::tests::console) const HEADER: &str =
    "account,first_name,last_name,email,account_director,account_director_email\n";

/// One part of a form.
pub(in crate::tests::console) fn part(name: &str, file: Option<&str>, content: &str) -> String {
    let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
    format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n")
}

pub(in crate::tests::console) fn form(csrf: &str, file: &str, content: &str) -> String {
    format!("{}{}--{EDGE}--\r\n", part("csrf", None, csrf), part("file", Some(file), content))
}

/// The same with a file that is no text.
pub(in crate::tests::console) fn form_of_bytes(csrf: &str, file: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("{}{}", part("csrf", None, csrf), part("file", Some(file), ""));
    let end = format!("\r\n--{EDGE}--\r\n");
    [head.trim_end_matches("\r\n").as_bytes(), b"\r\n\r\n", bytes, end.as_bytes()].concat()
}

pub(in crate::tests::console) fn rows(n: usize) -> String {
    let row = |i: usize| format!("Globex,Pat{i},Lee{i},pat{i}@globex.example,Dora Dean,dora@client.example\n");
    format!("{HEADER}{}", (0..n).map(row).collect::<String>())
}

pub(in crate::tests::console) fn list() -> String {
    format!("/rounds/{FIRST}/list")
}

/// As a browser sends it.
pub(in crate::tests::console) async fn send(h: &House, cookie: &str, body: Body, more: &[(&str, &str)]) -> Said {
    send_to(h, &list(), cookie, body, more).await
}

pub(in crate::tests::console) async fn send_to(
    h: &House,
    path: &str,
    cookie: &str,
    body: Body,
    more: &[(&str, &str)],
) -> Said {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("cookie", cookie)
        .header("content-type", format!("multipart/form-data; boundary={EDGE}"));
    for (name, value) in [("host", OURS)].iter().chain(more) {
        request = request.header(*name, *value);
    }
    h.ask(request.body(body).unwrap()).await
}

pub async fn upload(h: &House, cookie: &str, csrf: &str, file: &str, content: &str) -> Said {
    send(h, cookie, Body::from(form(csrf, file, content)), &[]).await
}

/// What is kept of lists that wait; of one that was loaded stays only that it was.
pub(in crate::tests::console) async fn parts(h: &House) -> usize {
    let all = h.facts().await;
    let mut tx = h.ctx.db.read().await.unwrap();
    let mut waiting = 0;
    for round in rounds::list(&mut tx).await.unwrap() {
        waiting += store::of_round(&mut tx, &round.id).await.unwrap().len();
    }
    waiting + all["list_upload_part"].len()
}

#[tokio::test]
async fn s14_a_file_needs_the_token_of_its_session_before_it() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let (_, other) = h.log_in().await;
    let file = part("file", Some("list.csv"), &rows(2));
    let before = h.everything();
    let wrong = [
        form("", "list.csv", &rows(2)),
        form(&other, "list.csv", &rows(2)),
        format!("{file}{}--{EDGE}--\r\n", part("csrf", None, &csrf)),
        format!("{file}--{EDGE}--\r\n"),
        form(&"x".repeat(5_000), "list.csv", &rows(2)),
    ];
    for body in wrong {
        let said = send(&h, &cookie, Body::from(body.clone()), &[]).await;
        assert_eq!(said.status, StatusCode::FORBIDDEN, "{body}");
    }
    let good = form(&csrf, "list.csv", &rows(2));
    for foreign in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        assert_eq!(send(&h, &cookie, Body::from(good.clone()), &[foreign]).await.status, StatusCode::FORBIDDEN);
    }
    for nobody in ["", "soundings=invented"] {
        assert_eq!(send(&h, nobody, Body::from(good.clone()), &[]).await.status, StatusCode::FORBIDDEN);
    }
    let plain = h.post_with(&list(), &[("cookie", &cookie)], &[("csrf", &csrf), ("file", "x")]).await;
    assert_eq!(plain.status, StatusCode::FORBIDDEN);
    assert!(h.everything() == before, "something of a foreign file was kept");
    // Twin: the page's own form.
    assert_eq!(send(&h, &cookie, Body::from(good), &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn f23_a_file_that_is_too_large_or_too_slow_is_ended_and_leaves_nothing() {
    let mut h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let declared = (LARGEST_FILE + 1).to_string();
    let said = send(&h, &cookie, Body::empty(), &[("content-length", &declared)]).await;
    assert_eq!(said.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(said.body.contains("lists of up to 50 MB are taken"), "{}", said.body);
    // Without a length it is counted as it comes.
    let head = format!("{}{}", part("csrf", None, &csrf), part("file", Some("l.csv"), "").trim_end_matches("\r\n"));
    let head = format!("{head}\r\n\r\n");
    let megabyte = "x".repeat(1024 * 1024);
    let pieces = std::iter::once(head.clone()).chain(std::iter::repeat_n(megabyte, 60)).map(Ok::<_, Infallible>);
    let said = send(&h, &cookie, Body::from_stream(stream::iter(pieces)), &[]).await;
    assert_eq!(said.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(parts(&h).await, 0);
    // A byte now and then.
    let mut web = Web::new(h.ctx.clone(), 0);
    web.patience = Duration::from_millis(300);
    h.router = router(web);
    let slow = stream::unfold(0, move |n| {
        let piece = if n == 0 { head.clone() } else { "x".into() };
        async move {
            tokio::time::sleep(Duration::from_millis(if n == 0 { 0 } else { 100 })).await;
            Some((Ok::<_, Infallible>(piece), n + 1))
        }
    });
    let said = send(&h, &cookie, Body::from_stream(slow), &[]).await;
    assert_eq!(said.status, StatusCode::REQUEST_TIMEOUT, "{}", said.body);
    assert_eq!(parts(&h).await, 0);
    // Who sends nothing at all.
    let nothing = stream::pending::<Result<String, Infallible>>();
    assert_eq!(send(&h, &cookie, Body::from_stream(nothing), &[]).await.status, StatusCode::REQUEST_TIMEOUT);
    // One that breaks off.
    let half = format!("{}{}", part("csrf", None, &csrf), part("file", Some("l.csv"), &rows(3)));
    let said = send(&h, &cookie, Body::from(half.trim_end().to_string()), &[]).await;
    assert!(said.header("location").contains("kept="), "{} {}", said.status, said.body);
    assert_eq!(parts(&h).await, 0);
}

#[tokio::test]
async fn s09_s29_a_list_is_of_its_round_waits_beside_the_next_and_is_forgotten_after_a_day() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let page = async |path: &str| h.send(Method::GET, path, &with, "").await;
    let hostile = "../../etc/<b>list</b>.csv";
    let first = upload(&h, &cookie, &csrf, hostile, &rows(3)).await.header("location").to_string();
    let shown = page(&list()).await.body;
    assert!(shown.contains("list&#60;/b&#62;.csv") || shown.contains("b&#62;.csv"), "{shown}");
    assert!(!shown.contains("<b>list") && !shown.contains("etc/"), "{shown}");
    assert_eq!(page(&first.replace(FIRST, SECOND)).await.status, StatusCode::GONE);
    assert_eq!(h.get(&first).await.header("location"), "/log-in");
    // Larger than one part, and as it came.
    let large = rows(9_000);
    let second = upload(&h, &cookie, &csrf, "large.csv", &large).await.header("location").to_string();
    let round = h.round_id(FIRST).await;
    let all = store::of_round(&mut h.ctx.db.read().await.unwrap(), &round).await.unwrap();
    // Both came at one instant, so either may stand first.
    let kept = all.iter().find(|upload| upload.size == large.len() as i64).unwrap();
    assert_eq!(all.len(), 2);
    assert!(upload::bytes(&h.ctx, kept).await.unwrap() == large.as_bytes());
    assert_eq!((page(&first).await.status, page(&second).await.status), (StatusCode::OK, StatusCode::OK));
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(DAY - HOUR));
    assert_eq!(upload::forget(&h.ctx).await.unwrap(), 0);
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(2 * HOUR));
    assert_eq!((upload::forget(&h.ctx).await.unwrap(), parts(&h).await), (2, 0));
    // The session has ended meanwhile, too.
    let (cookie, _) = h.log_in().await;
    assert_eq!(h.send(Method::GET, &second, &[("cookie", &cookie)], "").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn what_is_no_list_is_told_on_the_page_of_the_file_and_leaves_nothing() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    for (file, content) in [("empty.csv", ""), ("", "")] {
        let said = upload(&h, &cookie, &csrf, file, content).await;
        let there = said.header("location").to_string();
        assert!(there.contains("kept="), "{file}: {} {}", said.status, said.body);
        let page = h.send(Method::GET, &there, &[("cookie", &cookie)], "").await;
        assert!(
            page.body.contains("The list was not taken") && page.body.contains("id=\"file-error\""),
            "{}",
            page.body
        );
        assert_eq!(parts(&h).await, 0, "{file}");
    }
}

const OWN: &str = "Xyz,first_name,last_name,email,account_director_email,Segment\n\
    Globex Neu,Pat,Lee,pat.lee@globexneu.example,dora@client.example,A\n\
    Globex Neu,Kim,Roe,kim.roe@globexneu.example,dora@client.example,B\n";
const CHOSEN: [(&str, &str); 6] = [
    ("column-1", "account"),
    ("column-2", "first_name"),
    ("column-3", "last_name"),
    ("column-4", "email"),
    ("column-5", "account_director_email"),
    ("column-6", "none"),
];

/// The columns of [`HEADER`].
pub(in crate::tests::console) const USUAL: [(&str, &str); 6] = [
    ("column-1", "account"),
    ("column-2", "first_name"),
    ("column-3", "last_name"),
    ("column-4", "email"),
    ("column-5", "account_director"),
    ("column-6", "account_director_email"),
];

pub(in crate::tests::console) async fn choose(
    h: &House,
    cookie: &str,
    csrf: &str,
    path: &str,
    chosen: &[(&str, &str)],
) -> Said {
    let page = h.send(Method::GET, path, &[("cookie", cookie)], "").await;
    choose_of(h, (cookie, csrf), path, &read_as(&page.body), chosen).await
}

/// The same on a page that showed the list read so.
pub(in crate::tests::console) async fn choose_of(
    h: &House,
    (cookie, csrf): (&str, &str),
    path: &str,
    read_as: &str,
    chosen: &[(&str, &str)],
) -> Said {
    let fixed = [("act", "choose"), ("csrf", csrf), ("read_as", read_as)];
    let fields: Vec<_> = fixed.into_iter().chain(chosen.iter().copied()).collect();
    h.post_with(path, &[("cookie", cookie)], &fields).await
}

/// As what a page of a list says that it shows it.
pub(in crate::tests::console) fn read_as(body: &str) -> String {
    let value = body.split("name=\"read_as\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap_or_default().to_string()
}

#[tokio::test]
async fn a_list_goes_by_its_columns_its_findings_and_what_it_changes_into_the_round() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let page = async |path: &str| h.send(Method::GET, path, &with, "").await;
    let path = upload(&h, &cookie, &csrf, "own.csv", OWN).await.header("location").to_string();
    let columns = page(&path).await;
    assert!(columns.body.contains("Globex Neu") && columns.body.contains("a CSV file"), "{}", columns.body);
    // Nobody knows the account, and two columns are not one.
    for wrong in [("column-1", "none"), ("column-1", ""), ("column-6", "email"), ("column-2", "shoe_size")] {
        let chosen = CHOSEN.map(|(name, value)| if name == wrong.0 { wrong } else { (name, value) });
        let said = choose(&h, &cookie, &csrf, &path, &chosen).await;
        assert!(said.refused && said.body.contains("The list was not read yet"), "{wrong:?} {}", said.body);
    }
    let said = choose(&h, &cookie, &csrf, &path, &CHOSEN).await;
    assert_eq!(said.header("location"), format!("{path}/findings"), "{}", said.body);
    let findings = page(&format!("{path}/findings")).await;
    assert!(findings.body.contains("2 rows, all of them usable"), "{}", findings.body);
    let there = format!("{path}/difference");
    let shown = page(&there).await;
    assert!(shown.body.contains("Load 2 contacts: 2 new"), "{}", shown.body);
    let before = h.people(FIRST).await.len();
    // Looking has changed nothing; a version that is not that of the round changes nothing either.
    for version in ["", "invented"] {
        let said = h.post_with(&there, &with, &[("act", "load"), ("csrf", &csrf), ("version", version)]).await;
        assert!(said.refused && said.body.contains("The list was not loaded"), "{}", said.body);
    }
    assert_eq!(h.people(FIRST).await.len(), before);
    let version = shown.hidden("name=\"csrf\"", "version");
    let load = [("act", "load"), ("csrf", csrf.as_str()), ("version", version.as_str())];
    let said = h.post_with(&there, &with, &load).await;
    assert_eq!(said.header("location"), format!("/rounds/{FIRST}/sign-off?done=load_list"), "{}", said.body);
    assert!(page(said.header("location")).await.body.contains("The list is loaded."));
    let people = h.people(FIRST).await;
    assert!(people.iter().any(|p| p.email.as_str() == "pat.lee@globexneu.example" && p.account == "Globex Neu"));
    assert_eq!(parts(&h).await, 0, "a list that was loaded is kept no longer");
    let second = h.post_with(&there, &with, &load).await;
    assert_eq!(second.header("location"), said.header("location"), "a second press says what the first did");
    // What was said about the column is known the next time.
    let again = upload(&h, &cookie, &csrf, "own.csv", OWN).await.header("location").to_string();
    let known = page(&again).await.body;
    assert!(known.contains("as for an earlier list of this client") && !known.contains("you said so"), "{known}");
    let nothing = page(&format!("{again}/difference")).await.body;
    // The keys of the frame speak of new rows.
    let shown = nothing.split("<footer>").next().unwrap_or_default();
    assert!(!shown.contains(" new") && shown.contains("2 contacts stay"), "{nothing}");
}

#[tokio::test]
async fn a_round_that_was_changed_meanwhile_refuses_what_was_shown_and_shows_what_is_so_now() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let path = upload(&h, &cookie, &csrf, "l.csv", &rows(2)).await.header("location").to_string();
    let there = format!("{path}/difference");
    let shown = h.send(Method::GET, &there, &with, "").await;
    let version = shown.hidden("name=\"csrf\"", "version");
    let gone = h.people(FIRST).await[0].clone();
    let contact = format!("/rounds/{FIRST}/contacts/{}", gone.id);
    let fields = [("act", "remove"), ("csrf", csrf.as_str()), ("reason", "left the project")];
    assert_eq!(h.post_with(&contact, &with, &fields).await.status, StatusCode::SEE_OTHER);
    assert!(h.person(&gone.id).await.removed_at.is_some());
    let said = h.post_with(&there, &with, &[("act", "load"), ("csrf", &csrf), ("version", &version)]).await;
    assert!(said.refused && said.body.contains("The list was not loaded"), "{}", said.body);
    let now = said.hidden("name=\"csrf\"", "version");
    assert_ne!(now, version);
    let said = h.post_with(&there, &with, &[("act", "load"), ("csrf", &csrf), ("version", &now)]).await;
    assert!(said.header("location").contains("done=load_list"), "{}", said.body);
}

#[tokio::test]
async fn a_draft_takes_several_lists_and_loses_nobody_who_is_kept() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let made = [
        ("act", "template"),
        ("csrf", csrf.as_str()),
        ("client", "Orbis"),
        ("round", "orbis-2027"),
        ("opens", "2027-09-06"),
    ];
    let wrong: Vec<_> =
        made.iter().map(|(name, value)| (*name, if *name == "round" { "new" } else { *value })).collect();
    let said = h.post_with("/rounds/new", &with, &wrong).await;
    assert!(said.refused && said.body.contains("href=\"#template-round\""), "{}", said.body);
    let said = h.post_with("/rounds/new", &with, &made).await;
    assert_eq!(said.header("location"), "/rounds/orbis-2027/settings?done=make", "{}", said.body);
    let said = h.post_with("/rounds/new", &with, &made).await;
    assert_eq!(said.header("location"), "/rounds/orbis-2027/settings?done=made", "{}", said.body);
    let first = rows(2);
    let second =
        rows(3).replace("globex", "umbra").replace("Globex", "Umbra").replace("Pat", "Kim").replace("pat", "kim");
    for (file, text, keep, there) in
        [("a.csv", &first, "", 2), ("b.csv", &second, "keep", 5), ("c.csv", &second, "whole", 3)]
    {
        let mut request = Request::builder().method(Method::POST).uri("/rounds/orbis-2027/list").header("host", OURS);
        request =
            request.header("cookie", &cookie).header("content-type", format!("multipart/form-data; boundary={EDGE}"));
        let path =
            h.ask(request.body(Body::from(form(&csrf, file, text))).unwrap()).await.header("location").to_string();
        let page = format!("{path}/difference");
        if !keep.is_empty() {
            let fields = [("act", "others"), ("csrf", csrf.as_str()), ("others", keep)];
            assert_eq!(h.post_with(&page, &with, &fields).await.header("location"), page);
            // It is known on every page of the list.
            let said = choose(&h, &cookie, &csrf, &path, &USUAL).await;
            assert_eq!(said.header("location"), format!("{path}/findings"), "{}", said.body);
        }
        let shown = h.send(Method::GET, &page, &with, "").await;
        let version = shown.hidden("name=\"csrf\"", "version");
        let fields = vec![("act", "load"), ("csrf", csrf.as_str()), ("version", version.as_str())];
        let said = h.post_with(&format!("{path}/difference"), &with, &fields).await;
        assert!(said.header("location").contains("done=load_list"), "{file}: {}", said.body);
        assert_eq!(h.people("orbis-2027").await.iter().filter(|p| p.removed_at.is_none()).count(), there, "{file}");
    }
}
