//! Takes connections in, up to a number, serves the pages over each, and ends them when the program stops.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;

use super::admission::{Admission, Seat};
use super::bodies::Watched;
use super::write_timeout::WriteTimeout;

/// For the head of a request, and for the next request on a connection that is kept.
const HEAD: Duration = Duration::from_secs(15);
/// Proxies keep their connections for a minute and send the next request at the moment in which we would hang up.
const HEAD_OF_A_PROXY: Duration = Duration::from_secs(75);
/// For a visitor who reads nothing of an answer.
const STALLED: Duration = Duration::from_secs(30);
/// More idle connections than this are nobody's visitors.
const MOST: usize = 10_000;
/// One address may hold this part of all places; many people sit behind one.
const PART_OF_ONE: usize = 8;
const FEWEST: usize = 16;

/// How many connections at once, and for how long they may do nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub in_all: usize,
    /// None behind a proxy of ours, whose address is everybody's.
    pub per_address: Option<usize>,
    pub head: Duration,
    pub stalled: Duration,
}

impl Bounds {
    /// With `files` that this process may hold open, of which `ours` are kept for the program itself.
    pub fn within(files: u64, ours: u64, behind_proxy: bool) -> Bounds {
        let left = usize::try_from(files.saturating_sub(ours)).unwrap_or(MOST);
        let in_all = left.clamp(FEWEST, MOST);
        let per_address = (!behind_proxy).then(|| (in_all / PART_OF_ONE).max(FEWEST));
        let head = if behind_proxy { HEAD_OF_A_PROXY } else { HEAD };
        Bounds { in_all, per_address, head, stalled: STALLED }
    }
}

/// Serves until `stop` is ready, then finishes what it is at.
pub async fn serve(listener: TcpListener, router: Router, bounds: Bounds, stop: impl Future<Output = ()>) {
    let (stopping, told) = watch::channel(false);
    let places = Arc::new(Admission::new(bounds.in_all, bounds.per_address, bounds.stalled));
    let mut stop = std::pin::pin!(stop);
    let mut deaf = false;
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(e) if is_of_one(&e) => continue,
            Err(e) => {
                if !std::mem::replace(&mut deaf, true) {
                    tracing::error!(why = %e, "no visitor can be let in; tried again every second");
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        deaf = false;
        let seat = tokio::select! {
            () = &mut stop => break,
            seat = places.enter(peer.ip()) => seat,
        };
        if let Some(seat) = seat {
            tokio::spawn(connection(stream, peer, router.clone(), bounds, seat, told.clone()));
        }
    }
    drop(listener);
    drop(told);
    stopping.send_replace(true);
    // Every connection holds a receiver until it is over.
    stopping.closed().await;
}

/// Went wrong with one visitor, who is gone.
fn is_of_one(e: &io::Error) -> bool {
    matches!(
        e.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    bounds: Bounds,
    seat: Seat,
    mut told: watch::Receiver<bool>,
) {
    // Nothing is set up for whoever says nothing.
    tokio::select! {
        begun = timeout(bounds.head, stream.readable()) => if !matches!(begun, Ok(Ok(()))) { return },
        () = seat.must_leave() => return,
        _ = told.wait_for(|stop| *stop) => return,
    }
    // On the heap, so that a silent connection costs little.
    Box::pin(conversation(stream, peer, router, bounds, seat, told)).await;
}

async fn conversation(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    bounds: Bounds,
    seat: Seat,
    mut told: watch::Receiver<bool>,
) {
    let (pages, seat) = (TowerToHyperService::new(router), Arc::new(seat));
    let place = seat.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let seat = place.clone();
        let page = pages.call(request.map(|body| Body::new(Watched::request(body, seat.clone()))));
        async move {
            let answer: Result<Response<Body>, Infallible> = page.await;
            answer.map(|answer| answer.map(|body| Watched::answer(body, seat)))
        }
    });
    let io = TokioIo::new(WriteTimeout::new(stream, seat.clone(), bounds.stalled));
    let conversation =
        http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(bounds.head).serve_connection(io, service);
    let mut conversation = std::pin::pin!(conversation);
    tokio::select! {
        // Whatever a visitor breaks off is his business.
        _ = conversation.as_mut() => return,
        // Nothing is asked, or read too slowly: nobody can be waited for.
        () = seat.must_leave() => if !seat.is_serving() { return },
        _ = told.wait_for(|stop| *stop) => {}
    }
    conversation.as_mut().graceful_shutdown();
    tokio::select! {
        _ = conversation => {}
        () = seat.must_leave() => {}
    }
}

#[cfg(test)]
mod tests;
