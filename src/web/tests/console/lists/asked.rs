//! What a list asks, where operators see it, and what their answers do; and what a director reads whose accounts are somebody else's now.

use axum::http::{Method, StatusCode};

use crate::base::address::EmailAddress;
use crate::rules::journal::Actor;
use crate::steps::contacts::{Allowed, load_list};
use crate::steps::context::Purpose;
use crate::web::tests::fixture::*;

async fn get(h: &House, cookie: &str, path: &str) -> String {
    h.send(Method::GET, path, &[("cookie", cookie)], "").await.body
}

/// The list again, two people of it under another domain.
pub async fn asked(h: &House) -> Vec<crate::rules::contacts::ListedContact> {
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
    let mut rows = crate::intake::folder::read(&demo).unwrap().list.accepted;
    rows.truncate(4);
    for row in rows.iter_mut().take(2) {
        row.email = EmailAddress::parse(&format!("{}@renamed.example", row.email.local())).unwrap();
    }
    let changes = load_list(&h.ctx, FIRST, rows.clone(), Allowed::default(), &Actor::operator("test")).await.unwrap();
    assert_eq!((changes.added, changes.asked.len()), (0, 2), "{changes:?}");
    rows
}

#[tokio::test]
async fn what_a_list_asks_is_seen_everywhere_and_answered_on_the_board() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let rows = asked(&h).await;
    let known = h.people(FIRST).await;
    let first = known.iter().find(|p| p.email.local() == rows[0].email.local()).unwrap().clone();
    let before = h.everything();
    let board = get(&h, &cookie, &format!("/rounds/{FIRST}/sign-off")).await;
    assert!(board.contains("2 names have a new address: who is it?"), "{board}");
    assert!(board.contains(rows[0].email.as_str()) && board.contains(first.email.as_str()));
    let overview = get(&h, &cookie, &format!("/rounds/{FIRST}")).await;
    assert!(overview.contains("2 names have a new address") && overview.contains("/sign-off#asked"), "{overview}");
    let page = get(&h, &cookie, &format!("/rounds/{FIRST}/contacts/{}", first.id)).await;
    assert!(page.contains("the same person with a new address?"), "{page}");
    assert!(h.everything() == before, "a GET changes nothing");
    // Without a choice, and in another round, nothing is answered.
    let path = format!("/rounds/{FIRST}/sign-off");
    let question = crate::steps::contacts::people::identity::of_round(&h.ctx, FIRST).await.unwrap();
    let mine = question.iter().find(|q| q.question.contact_id == first.id).unwrap().question.id.clone();
    let shown = h
        .send(Method::GET, &path, &[("cookie", &cookie)], "")
        .await
        .hidden(&format!("name=\"question\" value=\"{mine}\""), "shown");
    let with = [("cookie", cookie.as_str())];
    let post = async |path: &str, answer: &str| {
        h.post_with(
            path,
            &with,
            &[("act", "answer"), ("question", mine.as_str()), ("shown", &shown), ("answer", answer), ("csrf", &csrf)],
        )
        .await
    };
    assert!(post(&path, "").await.refused);
    let before = h.facts().await;
    assert!(post(&format!("/rounds/{SECOND}/sign-off"), "same").await.refused);
    assert!(h.facts().await == before);
    let said = post(&path, "same").await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert!(get(&h, &cookie, said.header("location")).await.contains("Saved: the same person."));
    assert_eq!(h.person(&first.id).await.email, rows[0].email);
    assert!(post(&path, "other").await.refused, "an answer is given once");
    assert_eq!(h.people(FIRST).await.len(), known.len());
}

#[tokio::test]
async fn one_answer_settles_everybody_of_a_renamed_domain() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let rows = asked(&h).await;
    let path = format!("/rounds/{FIRST}/sign-off");
    let open = crate::steps::contacts::people::identity::of_round(&h.ctx, FIRST).await.unwrap();
    let (old, new) = open[0].domains().unwrap();
    assert_eq!(open[1].domains(), Some((old.clone(), new.clone())), "the demo's first account has one domain");
    let board = get(&h, &cookie, &path).await;
    assert!(board.contains(&format!("2 people: @{old} is now @{new}")), "{board}");
    let fields = [("act", "answer"), ("old", &*old), ("new", &*new), ("answer", "same"), ("csrf", &*csrf)];
    let said = h.post_with(&path, &[("cookie", &cookie)], &fields).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let people = h.people(FIRST).await;
    assert!(rows.iter().all(|row| people.iter().any(|p| p.email == row.email)));
    assert!(!get(&h, &cookie, &path).await.contains("who is it?"));
}

#[tokio::test]
async fn who_leaves_the_list_by_an_answer_is_said_before_and_is_no_part_of_a_group() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
    let mut rows = crate::intake::folder::read(&demo).unwrap().list.accepted;
    rows.truncate(4);
    rows.iter_mut().enumerate().for_each(|(n, row)| row.key = format!("K-{n}"));
    let keep = || Allowed { keeping_others: true, ..Allowed::default() };
    let by = Actor::operator("test");
    load_list(&h.ctx, FIRST, rows.clone(), keep(), &by).await.unwrap();
    // The mailbox of the first is Zoe's; two others have other addresses, without their keys.
    let known = h.people(FIRST).await;
    let first = known.iter().find(|p| p.email == rows[0].email).unwrap().clone();
    (rows[0].first_name, rows[0].last_name, rows[0].key) = ("Zoe".into(), "Zimmer".into(), "K-zoe".into());
    for (n, row) in rows.iter_mut().enumerate().skip(1).take(2) {
        row.email = EmailAddress::parse(&format!("other{n}@{}", row.email.domain())).unwrap();
        row.key.clear();
    }
    let loaded = load_list(&h.ctx, FIRST, rows.clone(), keep(), &by).await.unwrap();
    assert_eq!(loaded.asked.len(), 3, "{loaded:?}");
    let will = format!(
        "Somebody else has the address now: {} leaves the list until a list has another address, and Zoe Zimmer is a new name.",
        first.full_name()
    );
    assert!(loaded.asked.iter().any(|asked| asked.other == will), "{:?}", loaded.asked);
    let path = format!("/rounds/{FIRST}/sign-off");
    let page = h.send(Method::GET, &path, &[("cookie", &cookie)], "").await;
    assert!(page.body.contains(&will), "{}", page.body);
    assert!(
        page.body.contains("2 people at") && page.body.contains("Not among them, and answered one by one: Zoe Zimmer.")
    );
    let account = rows[0].account.clone();
    let with = [("cookie", cookie.as_str())];
    let fields = [("act", "answer"), ("account", &*account), ("id", "x"), ("answer", "other"), ("csrf", &*csrf)];
    let said = h.post_with(&path, &with, &fields).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert!(h.person(&first.id).await.removed_at.is_none(), "of many at once nobody leaves the list");
    // What was shown goes with the answer.
    let open = crate::steps::contacts::people::identity::of_round(&h.ctx, FIRST).await.unwrap();
    let question = open[0].question.id.to_string();
    assert_eq!((open.len(), open[0].name()), (1, "Zoe Zimmer".to_owned()));
    let shown = page.hidden(&format!("name=\"question\" value=\"{question}\""), "shown");
    assert!(shown.ends_with(&will), "{shown}");
    let post = async |shown: &str| {
        let fields =
            [("act", "answer"), ("question", &*question), ("shown", shown), ("answer", "other"), ("csrf", &*csrf)];
        h.post_with(&path, &with, &fields).await
    };
    assert!(post("Somebody else is a new name.").await.refused);
    assert!(h.person(&first.id).await.removed_at.is_none());
    let said = post(&shown).await;
    assert!(get(&h, &cookie, said.header("location")).await.contains("Who had the address is off the list"));
    assert!(h.person(&first.id).await.removed_at.is_some());
}

#[tokio::test]
async fn a_director_whose_accounts_went_to_somebody_else_reads_that() {
    let h = house().await;
    let (request, _) = h.requests(FIRST).await[0].clone();
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
    let mut rows = crate::intake::folder::read(&demo).unwrap().list.accepted;
    let of_mine = |row: &&mut crate::rules::contacts::ListedContact| row.director.email.key() == request.email.key();
    for row in rows.iter_mut().filter(of_mine) {
        row.director.name = "Rachel Osei".into();
        row.director.email = EmailAddress::parse("new.director@client.example").unwrap();
    }
    load_list(&h.ctx, FIRST, rows, Allowed { losing_owners: true, ..Allowed::default() }, &Actor::operator("test"))
        .await
        .unwrap();
    let page = h.get(&h.link(Purpose::SignOff, &request.id)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("These accounts are now with Rachel Osei") && !page.body.contains("All done"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn accounts_that_may_be_one_are_asked_and_answered_on_the_board_and_the_answer_is_taken_back() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
    let all = crate::intake::folder::read(&demo).unwrap().list.accepted;
    let mut row = all[0].clone();
    let known = row.account.clone();
    row.account = format!("{known} GmbH");
    row.email = EmailAddress::parse("ida.falk@new.example").unwrap();
    (row.first_name, row.last_name) = ("Ida".into(), "Falk".into());
    load_list(
        &h.ctx,
        FIRST,
        vec![row],
        Allowed { keeping_others: true, ..Allowed::default() },
        &Actor::operator("test"),
    )
    .await
    .unwrap();
    let path = format!("/rounds/{FIRST}/sign-off");
    let asked = format!("{known} GmbH (1 name) has come with a list: the same account as {known}?");
    let before = h.everything();
    let board = get(&h, &cookie, &path).await;
    assert!(board.contains(&asked), "{board}");
    assert!(h.everything() == before, "a GET changes nothing");
    let question =
        crate::steps::contacts::accounts::account_questions::of_round(&h.ctx, FIRST).await.unwrap()[0].id.to_string();
    let with = [("cookie", cookie.as_str())];
    let post = async |path: &str, answer: &str| {
        h.post_with(
            path,
            &with,
            &[("act", "accounts"), ("pair", question.as_str()), ("answer", answer), ("csrf", &csrf)],
        )
        .await
    };
    assert!(post(&path, "perhaps").await.status.is_client_error());
    assert!(post(&format!("/rounds/{SECOND}/sign-off"), "same").await.refused, "another round asks nothing");
    let said = post(&path, "same").await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let board = get(&h, &cookie, said.header("location")).await;
    assert!(board.contains("Saved: one account.") && !board.contains(&asked), "{board}");
    let told = format!("{known} GmbH and {known} are one account.");
    assert!(board.contains("1 answer so far") && board.contains(&told), "{board}");
    let said = post(&path, "back").await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let board = get(&h, &cookie, said.header("location")).await;
    assert!(board.contains("The answer is taken back") && board.contains(&asked), "{board}");
    assert!(post(&path, "back").await.refused, "there is nothing left to take back");
    assert_eq!(post(&path, "other").await.status, StatusCode::SEE_OTHER);
    let board = get(&h, &cookie, &path).await;
    assert!(board.contains(&format!("{known} GmbH and {known} are two accounts.")), "{board}");
}
