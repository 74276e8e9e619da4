//! What an open page of a round is told as it happens: the number of the last commit that has changed something of the round, and nothing
//! else. The page then asks for itself again, as its reader would, so nothing is shown here that a page would not show.
//!
//! It ends with the session, when the program stops, and after a long time without news. It lets no session last longer.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::base::ids::RoundId;
use crate::web::kit::door::session::Onlooker;
use crate::web::kit::frames::round;
use crate::web::kit::open_pages::{Place, Seen};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;

/// Shorter than proxies wait for a line that says nothing.
const ALIVE: Duration = Duration::from_secs(15);
/// After which a browser asks again when the line has broken.
const AGAIN: Duration = Duration::from_secs(2);
/// What a browser is told to wait, in seconds, where too many pages are open.
const LATER: &str = "60";

/// The words of events, which the script of the console knows: something has changed; nothing has for long; nobody is logged in any more.
const CHANGED: &str = "changed";
const QUIET: &str = "quiet";
const OVER: &str = "over";

pub async fn events(State(web): State<Web>, Path(slug): Path<String>, by: Onlooker) -> Answer {
    let live = round(&web, &slug).await?;
    let Some(place) = web.open_pages.enter(&web.ctx) else { return Ok(too_many()) };
    let page = OpenPage::new(web, by, live.id.clone(), place);
    let told = unfold(page, |mut page| async move {
        let event = page.next().await?;
        Some((Ok::<Event, Infallible>(event), page))
    });
    let mut response = Sse::new(told).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Otherwise nginx keeps it back until there is more of it.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// The page goes on by looking for itself every now and then.
fn too_many() -> Response {
    let says = "Too many pages are open to tell one more of changes. It looks for itself instead.\n";
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, LATER)], says).into_response()
}

struct OpenPage {
    web: Web,
    by: Onlooker,
    round: RoundId,
    place: Place,
    /// What it was told last, and when it was told something.
    told: Option<i64>,
    told_at: Instant,
    /// The change of sessions that it has heard of last; when it was looked whether its own lasts, and when that is looked at again.
    sessions: Option<i64>,
    looked_at: Instant,
    look_at: Instant,
    is_over: bool,
}

impl OpenPage {
    fn new(web: Web, by: Onlooker, round: RoundId, place: Place) -> OpenPage {
        let now = Instant::now();
        // It was looked when the page came.
        let look_at = now + web.open_pages.pace.sessions;
        OpenPage {
            web,
            by,
            round,
            place,
            told: None,
            told_at: now,
            sessions: None,
            looked_at: now,
            look_at,
            is_over: false,
        }
    }

    /// What it is told next; none when that was all.
    async fn next(&mut self) -> Option<Event> {
        if self.is_over {
            return None;
        }
        let ctx = self.web.ctx.clone();
        tokio::select! {
            () = ctx.told_to_stop() => None,
            event = self.news() => Some(event),
        }
    }

    async fn news(&mut self) -> Event {
        let pace = self.web.open_pages.pace;
        loop {
            let Seen { number, sessions } = self.place.seen(&self.round).await;
            if self.sessions.replace(sessions) != Some(sessions) {
                // Not all of them at once, and none more often than it is told of changes.
                let in_turn = Instant::now() + self.place.turn();
                self.look_at = self.look_at.min(in_turn.max(self.looked_at + self.place.rest()));
            }
            if Instant::now() >= self.look_at {
                (self.looked_at, self.look_at) = (Instant::now(), Instant::now() + pace.sessions);
                // A database that does not answer now ends nobody's session.
                if !self.by.is_inside(&self.web).await.unwrap_or(true) {
                    return self.ends(OVER);
                }
            }
            if self.told.is_none() {
                return self.tells(number);
            }
            if self.told != Some(number) {
                let rested = self.told_at + self.place.rest();
                sleep_until(rested.max(Instant::now() + self.place.turn())).await;
                let Seen { number, .. } = self.place.seen(&self.round).await;
                return self.tells(number);
            }
            let quiet = self.told_at + pace.quiet;
            if Instant::now() >= quiet {
                return self.ends(QUIET);
            }
            // Whichever comes first is looked at above.
            let _ = timeout_at(quiet.min(self.look_at), self.place.changed()).await;
        }
    }

    fn tells(&mut self, number: i64) -> Event {
        (self.told, self.told_at) = (Some(number), Instant::now());
        Event::default().event(CHANGED).retry(AGAIN).data(number.to_string())
    }

    fn ends(&mut self, word: &str) -> Event {
        self.is_over = true;
        // An event without words is none to a browser.
        Event::default().event(word).data(word)
    }
}
