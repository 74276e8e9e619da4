//! Several lists that wait in one round: what takes whose place, what breaks off beside them, and how fast they have to come.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use futures_util::stream;

use crate::base::address::EmailAddress;
use crate::base::ids::UploadId;
use crate::base::problem::Kind;
use crate::rules::journal::{Action, Actor};
use crate::steps::contacts::upload::incoming::Incoming;
use crate::steps::contacts::upload::upload_end::DiscardUpload;
use crate::steps::contacts::upload::{RemoveUploads, WAITING};
use crate::steps::installation::operators;
use crate::store::contacts::uploads as store;
use crate::store::journal;
use crate::web::kit::state::Web;
use crate::web::routes::router;
use crate::web::tests::fixture::*;

use crate::web::tests::console::lists::*;

const ANOTHER: &str = "boris@soundings.example";

/// Another operator, logged in: cookie and token.
async fn another(h: &House) -> (String, String) {
    let email = EmailAddress::parse(ANOTHER).unwrap();
    h.ctx.order(&Actor::operator("test"), operators::AddOperator { email: email.clone() }).await.unwrap();
    let link = h.ctx.order(&Actor::CommandLine, operators::IssueLink { email }).await.unwrap().unwrap();
    let said = h.post(link.trim_start_matches(&*h.ctx.base_url), &[("email", ANOTHER)]).await;
    let cookie = said.header("set-cookie").split(';').next().unwrap().to_string();
    let page = h.send(Method::GET, "/", &[("cookie", &cookie)], "").await;
    (cookie, page.hidden("log-out", "csrf"))
}

/// What the journal of the round says of this, the newest first: by whom, and the detail.
async fn told(h: &House, action: Action) -> Vec<(String, String)> {
    let round = h.round_id(FIRST).await;
    let all = journal::of_round(&mut h.ctx.db.read().await.unwrap(), &round, 50).await.unwrap();
    let of = all.into_iter().filter(|entry| entry.action == action.as_str());
    of.map(|entry| (entry.actor, entry.detail)).collect()
}

async fn status(h: &House, cookie: &str, path: &str) -> StatusCode {
    h.send(Method::GET, path, &[("cookie", cookie)], "").await.status
}

#[tokio::test]
async fn a_file_that_is_not_taken_takes_nothing_away() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let good = upload(&h, &cookie, &csrf, "good.csv", &rows(2)).await.header("location").to_string();
    let before = parts(&h).await;
    for (file, content) in
        [("offer.pdf", "%PDF-1.7\n1 0 obj"), ("empty.csv", ""), ("notes.txt", "Dear all,\nsee you.\n")]
    {
        let said = upload(&h, &cookie, &csrf, file, content).await;
        assert!(said.header("location").contains("kept="), "{file}: {} {}", said.status, said.body);
        assert_eq!((parts(&h).await, status(&h, &cookie, &good).await), (before, StatusCode::OK), "{file}");
    }
    // One that breaks off after more than one part.
    let whole = form(&csrf, "later.csv", &rows(9_000));
    let half = whole.split_at(whole.len() / 2).0.to_string();
    let said = send(&h, &cookie, Body::from(half), &[]).await;
    assert!(said.header("location").contains("kept="), "{} {}", said.status, said.body);
    assert_eq!((parts(&h).await, status(&h, &cookie, &good).await), (before, StatusCode::OK));
    // Twin: another list waits beside it.
    let other = upload(&h, &cookie, &csrf, "other.csv", &rows(3)).await.header("location").to_string();
    assert_eq!((status(&h, &cookie, &good).await, status(&h, &cookie, &other).await), (StatusCode::OK, StatusCode::OK));
    let page = h.send(Method::GET, &list(), &[("cookie", &cookie)], "").await.body;
    assert!(page.contains("good.csv") && page.contains("other.csv"), "{page}");
    assert!(page.contains("Up to 5 lists of one person wait in a round"), "{page}");
}

#[tokio::test]
async fn one_list_more_than_may_wait_takes_the_place_of_its_owners_oldest_and_says_so() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let (theirs, their_csrf) = another(&h).await;
    let of_another = upload(&h, &theirs, &their_csrf, "theirs.csv", &rows(1)).await.header("location").to_string();
    let mut all = Vec::new();
    for n in 0..WAITING {
        h.ctx.clock.turn_to(h.ctx.clock.now().plus(1_000));
        all.push(upload(&h, &cookie, &csrf, &format!("l{n}.csv"), &rows(2)).await.header("location").to_string());
    }
    assert!(all.iter().all(|path| !path.contains("done=")), "{all:?}");
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(1_000));
    let one_more = upload(&h, &cookie, &csrf, "one-more.csv", &rows(2)).await.header("location").to_string();
    assert!(one_more.ends_with("?done=oldest_list"), "{one_more}");
    let page = h.send(Method::GET, &one_more, &[("cookie", &cookie)], "").await.body;
    assert!(page.contains("The oldest of your lists that waited here had to go for it."), "{page}");
    assert_eq!(status(&h, &cookie, &all[0]).await, StatusCode::GONE);
    for path in all[1..].iter().chain([&of_another]) {
        assert_eq!(status(&h, &cookie, path).await, StatusCode::OK, "{path}");
    }
    assert_eq!(told(&h, Action::TookUploadAway).await, [(OPERATOR.into(), "l0.csv, the oldest of more than 5".into())]);
}

#[tokio::test]
async fn two_files_at_once_are_two_lists_and_one_that_is_taken_away_meanwhile_is_told_as_that() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let text = rows(9_000);
    let (one, other) =
        tokio::join!(upload(&h, &cookie, &csrf, "one.csv", &text), upload(&h, &cookie, &csrf, "other.csv", &text));
    for said in [one, other] {
        assert_eq!(status(&h, &cookie, said.header("location")).await, StatusCode::OK, "{}", said.body);
    }
    let by = Actor::operator(OPERATOR);
    let round = h.round_id(FIRST).await;
    for is_full in [false, true] {
        let mut incoming = Incoming::begin(&h.ctx, &by, FIRST, "l.csv").await.unwrap();
        let mine = store::by_uploader(&mut h.ctx.db.read().await.unwrap(), &round, OPERATOR).await.unwrap();
        let id = mine.into_iter().find(|upload| upload.size == 0).unwrap().id;
        h.ctx.order(&by, RemoveUploads { uploads: vec![id] }).await.unwrap();
        let refused = if is_full {
            incoming.take(text.as_bytes()).await.unwrap_err()
        } else {
            incoming.take(b"account\n").await.unwrap();
            incoming.finish().await.unwrap_err()
        };
        assert_eq!(refused.kind, Kind::Refused);
        assert_eq!(refused.what, "This file was taken away while it came; nothing of it was kept.");
    }
    // So many on their way, and no more: who was cut off five times is let in again, and the oldest hears of it.
    let mut oldest = Incoming::begin(&h.ctx, &by, FIRST, "l.csv").await.unwrap();
    for _ in 1..WAITING {
        h.ctx.clock.turn_to(h.ctx.clock.now().plus(1_000));
        Incoming::begin(&h.ctx, &by, FIRST, "l.csv").await.unwrap();
    }
    oldest.take(text.as_bytes()).await.unwrap();
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(1_000));
    let mut newest = Incoming::begin(&h.ctx, &by, FIRST, "l.csv").await.unwrap();
    assert_eq!(oldest.take(text.as_bytes()).await.unwrap_err().kind, Kind::Refused);
    newest.take(text.as_bytes()).await.unwrap();
    newest.finish().await.unwrap();
}

fn id_of(path: &str) -> UploadId {
    UploadId::from(path.rsplit('/').next().unwrap_or_default())
}

#[tokio::test]
async fn who_acts_on_a_list_of_somebody_else_is_written_down_and_who_acts_on_his_own_is_not() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let (theirs, their_csrf) = another(&h).await;
    let changed = Action::ChangedUploadOfAnother;
    let of_olga = format!("l.csv, uploaded by {OPERATOR}");
    for (who, token, is_another) in [(&cookie, &csrf, false), (&theirs, &their_csrf, true)] {
        let path = upload(&h, &cookie, &csrf, "l.csv", &rows(2)).await.header("location").to_string();
        let before = told(&h, changed).await.len();
        let chosen = [
            ("column-1", "account"),
            ("column-2", "first_name"),
            ("column-3", "last_name"),
            ("column-4", "email"),
            ("column-5", "account_director"),
            ("column-6", "account_director_email"),
        ];
        let said = choose(&h, who, token, &path, &chosen).await;
        assert_eq!(said.header("location"), format!("{path}/findings"), "{}", said.body);
        let after = told(&h, changed).await;
        assert_eq!(after.len(), before + usize::from(is_another));
        if is_another {
            assert_eq!(after[0], (ANOTHER.into(), format!("{of_olga}: how it is read")));
        }
        // It is loaded.
        let there = format!("{path}/difference");
        let shown = h.send(Method::GET, &there, &[("cookie", who)], "").await;
        let version = shown.hidden("name=\"csrf\"", "version");
        let load = [("act", "load"), ("csrf", token.as_str()), ("version", version.as_str())];
        let said = h.post_with(&there, &[("cookie", who)], &load).await;
        assert!(said.header("location").contains("done=load_list"), "{}", said.body);
        let loaded = told(&h, Action::LoadedUploadOfAnother).await;
        assert_eq!(loaded, if is_another { vec![(ANOTHER.into(), of_olga.clone())] } else { Vec::new() });
        // It is taken away.
        let path = upload(&h, &cookie, &csrf, "l.csv", &rows(2)).await.header("location").to_string();
        let said = h.post_with(&path, &[("cookie", who)], &[("act", "discard"), ("csrf", token)]).await;
        assert!(said.header("location").contains("done=discard_list"), "{}", said.body);
        let away = told(&h, Action::TookUploadAway).await;
        let expected = if is_another { (ANOTHER.into(), of_olga.clone()) } else { (OPERATOR.into(), "l.csv".into()) };
        assert!(away.contains(&expected), "{away:?}");
    }
}

#[tokio::test]
async fn s11_an_uploaded_list_is_taken_away_under_its_own_round_only() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let path = upload(&h, &cookie, &csrf, "l.csv", &rows(2)).await.header("location").to_string();
    let by = Actor::operator(OPERATOR);
    let foreign = DiscardUpload { round: h.round_id(SECOND).await, upload: id_of(&path) };
    assert_eq!(h.ctx.order(&by, foreign).await.unwrap_err().kind, Kind::Gone);
    assert_eq!(status(&h, &cookie, &path).await, StatusCode::OK);
    let own = DiscardUpload { round: h.round_id(FIRST).await, upload: id_of(&path) };
    h.ctx.order(&by, own).await.unwrap();
    assert_eq!((status(&h, &cookie, &path).await, parts(&h).await), (StatusCode::GONE, 0));
}

#[tokio::test]
async fn f23_a_slow_line_brings_its_list_and_a_slower_one_is_told_in_one_sentence() {
    let mut h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let mut web = Web::new(h.ctx.clone(), 0);
    web.patience = Duration::from_millis(500);
    h.router = router(web);
    for (bytes, arrives) in [(2_500, true), (150, false)] {
        let text = form(&csrf, "slow.csv", &rows(250)).into_bytes();
        let pieces: Vec<Vec<u8>> = text.chunks(bytes).map(<[u8]>::to_vec).collect();
        let slow = stream::unfold(pieces.into_iter(), |mut pieces| async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Some((Ok::<_, Infallible>(pieces.next()?), pieces))
        });
        let said = send(&h, &cookie, Body::from_stream(Box::pin(slow)), &[]).await;
        if arrives {
            assert_eq!(status(&h, &cookie, said.header("location")).await, StatusCode::OK, "{}", said.body);
        } else {
            assert_eq!(said.status, StatusCode::REQUEST_TIMEOUT, "{}", said.body);
            assert!(said.body.contains("The file came too slowly (less than 8 kB a second)"), "{}", said.body);
        }
    }
    let whole = store::of_round(&mut h.ctx.db.read().await.unwrap(), &h.round_id(FIRST).await).await.unwrap();
    assert_eq!(whole.len(), 1);
}
