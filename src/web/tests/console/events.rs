//! What an open page is told while it stays open: that something of its round has changed, to whom is logged in and for as long as he is.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use futures_util::StreamExt;
use tokio::time::{Instant, timeout};
use tower::ServiceExt;

use crate::base::clock::HOUR;
use crate::rules::change::Latest;
use crate::rules::journal::Actor;
use crate::steps::round::{RoundOrder, TellRound};
use crate::web::kit::open_pages::{OpenPages, Pace};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::routes::router;
use crate::web::tests::fixture::*;

const SOON: Duration = Duration::from_secs(10);
/// Several looks long.
const A_WHILE: Duration = Duration::from_millis(300);

fn quick() -> Pace {
    let (looks, apart) = (Duration::from_millis(10), Duration::from_millis(1));
    Pace { looks, apart, sessions: Duration::from_millis(20), ..Pace::default() }
}

async fn house_with(pace: Pace) -> House {
    let h = house().await;
    let mut web = Web::new(h.ctx.clone(), 0);
    web.open_pages = Arc::new(OpenPages::new(pace));
    House { router: router(web), ..h }
}

/// A page that stays open.
struct Open {
    status: StatusCode,
    headers: HeaderMap,
    body: BodyDataStream,
    came: String,
}

async fn open(h: &House, path: &str, cookie: &str) -> Open {
    let request = Request::builder().uri(path).header(header::HOST, OURS).header(header::COOKIE, cookie);
    let answer = h.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    Open { status: parts.status, headers: parts.headers, body: body.into_data_stream(), came: String::new() }
}

impl Open {
    /// The word of the next event, and what it says; none at the end.
    async fn hears(&mut self) -> Option<(String, String)> {
        loop {
            if let Some((event, rest)) = self.came.split_once("\n\n") {
                let (event, rest) = (event.to_string(), rest.to_string());
                self.came = rest;
                let of = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::to_string);
                if let (Some(word), Some(says)) = (of("event: "), of("data: ")) {
                    return Some((word, says));
                }
                continue;
            }
            let bytes = timeout(SOON, self.body.next()).await.unwrap()?.unwrap();
            self.came.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    async fn hears_nothing(&mut self) {
        let heard = timeout(A_WHILE, self.hears()).await;
        assert!(heard.is_err(), "{heard:?}");
    }

    async fn is_over(&mut self) {
        assert_eq!(self.hears().await, Some(("over".to_string(), "over".to_string())));
        assert_eq!(self.hears().await, None);
    }
}

async fn changed(h: &House, slug: &str) -> Option<(String, String)> {
    let id = h.round_id(slug).await;
    let mut latest = Latest::default();
    for row in h.ctx.db.changed_after(0).await.unwrap() {
        latest.hear(row.change().as_ref(), row.seq);
    }
    Some(("changed".to_string(), latest.of(&id).to_string()))
}

async fn tell(h: &House, slug: &str, order: RoundOrder) {
    h.ctx.order(&Actor::operator("test"), TellRound { slug: slug.into(), order }).await.unwrap();
}

#[tokio::test]
async fn an_open_page_hears_where_its_round_stands_and_every_change_of_it_after_that() {
    let h = house_with(quick()).await;
    let (cookie, _) = h.log_in().await;
    let mut page = open(&h, &urls::events(FIRST), &cookie).await;
    let said = |name: &str| page.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("").to_string();
    assert_eq!((page.status, said("content-type").as_str()), (StatusCode::OK, "text/event-stream"));
    // Nobody on the way keeps or packs it.
    assert_eq!(["cache-control", "x-accel-buffering", "content-encoding"].map(said), ["no-store", "no", ""]);
    let before = changed(&h, FIRST).await;
    assert_eq!(page.hears().await, before);
    page.hears_nothing().await;
    tell(&h, FIRST, RoundOrder::Pause).await;
    let paused = changed(&h, FIRST).await;
    assert_ne!(paused, before);
    assert_eq!(page.hears().await, paused);
    // The page says itself which change it holds, so that it asks for nothing that it has.
    let shown = h.send(Method::GET, &urls::round(FIRST), &[("cookie", &cookie)], "").await.body;
    assert!(shown.contains(&format!("data-change=\"{}\"", paused.unwrap().1)), "{shown}");
    assert!(shown.contains(&format!("data-events=\"{}\"", urls::events(FIRST))), "{shown}");
    // Whatever may change of it is marked as such.
    for place in ["alarms", "state", "stands", "as-of", "acts", "first", "today"] {
        assert!(shown.contains(&format!("data-live=\"{place}\"")), "{place}: {shown}");
    }
    // What happens in another round is no news here.
    tell(&h, SECOND, RoundOrder::Pause).await;
    page.hears_nothing().await;
    tell(&h, FIRST, RoundOrder::Resume).await;
    assert_eq!(page.hears().await, changed(&h, FIRST).await);
}

#[tokio::test]
async fn every_list_has_a_place_for_what_is_new_also_where_it_has_no_rows() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let lists = [urls::contacts, urls::accounts, urls::calls, urls::board, urls::outbox, urls::replies];
    for list in lists.map(|list| list(FIRST)) {
        for path in [format!("{list}?q=nobody"), list] {
            let page = h.send(Method::GET, &path, &[("cookie", &cookie)], "").await.body;
            let [live, news, rows] = ["data-refresh=", "data-news", "data-list="].map(|mark| page.rfind(mark));
            assert!(live.is_some() && live < news && news < rows, "{path}: {page}");
        }
    }
}

#[tokio::test]
async fn all_open_pages_hear_a_change_and_who_comes_later_too() {
    let h = house_with(quick()).await;
    let (cookie, _) = h.log_in().await;
    for order in [RoundOrder::Pause, RoundOrder::Resume] {
        // The second time everybody had gone, and nobody looked meanwhile.
        let mut first = open(&h, &urls::events(FIRST), &cookie).await;
        let mut other = open(&h, &urls::events(SECOND), &cookie).await;
        assert_eq!(first.hears().await, changed(&h, FIRST).await);
        let mut second = open(&h, &urls::events(FIRST), &cookie).await;
        assert_eq!(second.hears().await, changed(&h, FIRST).await);
        assert_eq!(other.hears().await, changed(&h, SECOND).await);
        tell(&h, FIRST, order).await;
        let told = changed(&h, FIRST).await;
        assert_eq!((first.hears().await, second.hears().await), (told.clone(), told));
        other.hears_nothing().await;
        drop((first, second, other));
        tokio::time::sleep(A_WHILE).await;
    }
}

#[tokio::test]
async fn nobody_hears_anything_who_is_not_logged_in_and_no_round_is_unknown_otherwise_than_any() {
    let h = house_with(quick()).await;
    for cookie in ["", "soundings=nobody"] {
        let page = open(&h, &urls::events(FIRST), cookie).await;
        let there = page.headers.get(header::LOCATION).map(|v| v.to_str().unwrap());
        assert_eq!((page.status, there), (StatusCode::SEE_OTHER, Some(urls::LOG_IN)), "{cookie}");
    }
    let (cookie, _) = h.log_in().await;
    assert_eq!(open(&h, &urls::events("nothing"), &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_open_page_is_told_when_it_is_logged_out_and_then_nothing_more() {
    let h = house_with(quick()).await;
    let (cookie, csrf) = h.log_in().await;
    let (other, _) = h.log_in().await;
    let mut page = open(&h, &urls::events(FIRST), &cookie).await;
    let mut stays = open(&h, &urls::events(FIRST), &other).await;
    assert!(page.hears().await.is_some() && stays.hears().await.is_some());
    let out = h.post_with(urls::LOG_OUT, &[("cookie", &cookie)], &[("csrf", &csrf)]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    page.is_over().await;
    // The twin: another session goes on.
    tell(&h, FIRST, RoundOrder::Pause).await;
    assert!(stays.hears().await.is_some_and(|(word, _)| word == "changed"));
}

#[tokio::test]
async fn open_pages_look_one_after_the_other_whether_their_sessions_last() {
    let apart = Duration::from_millis(100);
    let h = house_with(Pace { apart, sessions: SOON, ..quick() }).await;
    let (cookie, csrf) = h.log_in().await;
    let path = urls::events(FIRST);
    let (mut first, mut second) = (open(&h, &path, &cookie).await, open(&h, &path, &cookie).await);
    assert!(first.hears().await.is_some() && second.hears().await.is_some());
    // Each has looked since it came.
    first.hears_nothing().await;
    second.hears_nothing().await;
    let began = Instant::now();
    let out = h.post_with(urls::LOG_OUT, &[("cookie", &cookie)], &[("csrf", &csrf)]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    let over = async |page: &mut Open| {
        page.is_over().await;
        began.elapsed()
    };
    let (_, last) = tokio::join!(over(&mut first), over(&mut second));
    assert!(last >= apart, "both looked at once: {last:?}");
}

#[tokio::test]
async fn an_open_page_lets_the_session_end() {
    let h = house_with(quick()).await;
    let (cookie, _) = h.log_in().await;
    let mut page = open(&h, &urls::events(FIRST), &cookie).await;
    assert!(page.hears().await.is_some());
    for _ in 0..7 {
        h.ctx.clock.turn_to(h.ctx.clock.now().plus(HOUR));
        page.hears_nothing().await;
        // Nor does one that is opened again and again, whatever its browser says or does not say.
        assert!(open(&h, &urls::events(FIRST), &cookie).await.hears().await.is_some());
    }
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(HOUR));
    page.is_over().await;
    assert_eq!(open(&h, &urls::events(FIRST), &cookie).await.status, StatusCode::SEE_OTHER);
    let asked = h.send(Method::GET, &urls::round(FIRST), &[("cookie", &cookie)], "").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn more_pages_than_there_are_places_look_for_themselves() {
    let h = house_with(Pace { most: 2, ..quick() }).await;
    let (cookie, _) = h.log_in().await;
    let path = urls::events(FIRST);
    let (mut one, mut two) = (open(&h, &path, &cookie).await, open(&h, &path, &cookie).await);
    assert!(one.hears().await.is_some() && two.hears().await.is_some());
    let third = open(&h, &path, &cookie).await;
    assert_eq!(third.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(third.headers.get(header::RETRY_AFTER).unwrap(), "60");
    // Who only asks whether there is something takes no place.
    drop(one);
    assert_eq!(h.send(Method::HEAD, &path, &[("cookie", &cookie)], "").await.status, StatusCode::OK);
    let mut third = open(&h, &path, &cookie).await;
    assert!(third.status == StatusCode::OK && third.hears().await.is_some());
    tell(&h, FIRST, RoundOrder::Pause).await;
    assert!(two.hears().await.is_some() && third.hears().await.is_some());
}

#[tokio::test]
async fn a_page_without_news_is_let_go_and_every_page_when_the_program_stops() {
    let h = house_with(Pace { quiet: A_WHILE, ..quick() }).await;
    let (cookie, _) = h.log_in().await;
    let mut page = open(&h, &urls::events(FIRST), &cookie).await;
    assert!(page.hears().await.is_some_and(|(word, _)| word == "changed"));
    assert_eq!(page.hears().await, Some(("quiet".to_string(), "quiet".to_string())));
    assert_eq!(page.hears().await, None);

    let h = house_with(quick()).await;
    let (cookie, _) = h.log_in().await;
    let mut page = open(&h, &urls::events(FIRST), &cookie).await;
    assert!(page.hears().await.is_some());
    h.ctx.stop();
    assert_eq!(page.hears().await, None);
}
