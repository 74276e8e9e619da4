//! Visitors who only hold on, against a server with few places and short time-outs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use axum::body::Bytes;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::*;

const SOON: Duration = Duration::from_secs(5);
const ASK: &[u8] = b"GET /page HTTP/1.1\r\nhost: x\r\n\r\n";

struct Serving {
    at: SocketAddr,
    stop: oneshot::Sender<()>,
    over: JoinHandle<()>,
}

async fn serving(bounds: Bounds) -> Serving {
    let slow = || async {
        sleep(Duration::from_secs(1)).await;
        "slow"
    };
    serving_with(bounds, Router::new().route("/page", get(async || "page")).route("/slow", get(slow))).await
}

async fn serving_with(bounds: Bounds, router: Router) -> Serving {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (stop, told) = oneshot::channel::<()>();
    let stop_when = async move { _ = told.await };
    Serving { at, stop, over: tokio::spawn(serve(listener, router, bounds, stop_when)) }
}

const SHORT: Bounds =
    Bounds { in_all: 20, per_address: Some(4), head: Duration::from_millis(400), stalled: Duration::from_millis(400) };
/// Time-outs that end nothing within a test.
const PATIENT: Bounds = Bounds { head: Duration::from_mins(1), stalled: Duration::from_mins(1), ..SHORT };

/// What comes until the end, or nothing within the time.
async fn rest(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let read = timeout(SOON, stream.read_to_end(&mut bytes)).await.ok()?;
    // A reset is an end too.
    let _ = read;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

async fn hears(stream: &mut TcpStream, wanted: &str, within: Duration) -> bool {
    let mut heard = String::new();
    let all = async {
        let mut bytes = [0; 1024];
        while !heard.contains(wanted) {
            match stream.read(&mut bytes).await {
                Ok(n) if n > 0 => heard.push_str(&String::from_utf8_lossy(&bytes[..n])),
                _ => return false,
            }
        }
        true
    };
    timeout(within, all).await.unwrap_or(false)
}

async fn page(at: SocketAddr, within: Duration) -> bool {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    hears(&mut stream, "\r\n\r\npage", within).await
}

#[tokio::test]
async fn c03_idle_connections_keep_nobody_out_however_they_idle() {
    let s = serving(PATIENT).await;
    let mut idle = Vec::new();
    for n in 0..100 {
        let mut stream = TcpStream::connect(s.at).await.unwrap();
        // Silent, half a head, and kept after an answer.
        let said: &[u8] = [&b""[..], b"GET /page HT", ASK][n % 3];
        stream.write_all(said).await.unwrap();
        idle.push(stream);
    }
    for _ in 0..5 {
        assert!(page(s.at, SOON).await);
    }
    // Those who came last are still there.
    let last = &mut idle[99];
    last.write_all(ASK).await.unwrap();
    assert!(hears(last, "page", SOON).await);
}

#[tokio::test]
async fn c03_twin_who_is_being_answered_does_not_give_way() {
    let s = serving(Bounds { in_all: 3, ..PATIENT }).await;
    let mut busy = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(s.at).await.unwrap();
        stream.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        busy.push(stream);
    }
    sleep(Duration::from_millis(200)).await;
    assert!(!page(s.at, Duration::from_millis(200)).await);
    for stream in &mut busy {
        assert!(hears(stream, "slow", SOON).await);
    }
    assert!(page(s.at, SOON).await);
}

#[tokio::test]
async fn c03_a_head_that_drips_is_cut_and_one_in_two_pieces_is_not() {
    let s = serving(SHORT).await;
    let mut stream = TcpStream::connect(s.at).await.unwrap();
    stream.write_all(&ASK[..10]).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    stream.write_all(&ASK[10..]).await.unwrap();
    assert!(hears(&mut stream, "page", SOON).await);
    let began = Instant::now();
    let (mut read, mut write) = TcpStream::connect(s.at).await.unwrap().into_split();
    let dripping = tokio::spawn(async move {
        for n in 0..200 {
            let byte: &[u8] = if n % 10 == 9 { b"\r\nx: " } else { b"a" };
            if write.write_all(byte).await.is_err() {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
    });
    let mut bytes = Vec::new();
    let ended = timeout(SOON, read.read_to_end(&mut bytes)).await;
    assert!(ended.is_ok() && began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    dripping.abort();
}

#[tokio::test]
async fn c03_silence_ends_before_a_request_and_after_one() {
    let s = serving(SHORT).await;
    let mut silent = TcpStream::connect(s.at).await.unwrap();
    let mut kept = TcpStream::connect(s.at).await.unwrap();
    for _ in 0..2 {
        kept.write_all(ASK).await.unwrap();
        assert!(hears(&mut kept, "page", SOON).await);
    }
    assert_eq!(rest(&mut silent).await.unwrap(), "");
    let last = rest(&mut kept).await.unwrap();
    assert!(!last.contains("page"), "{last}");
}

/// Says that the answer it belongs to is not being written any more.
struct Flag(Arc<AtomicBool>);

impl Drop for Flag {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn c03_who_asks_and_does_not_read_is_given_up() {
    let over = Arc::new(AtomicBool::new(false));
    let watched = over.clone();
    let endless = get(move || async move {
        let flag = Flag(watched);
        let pieces = futures_util::stream::repeat_with(move || {
            let _ = &flag;
            Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 16_384]))
        });
        Body::from_stream(pieces)
    });
    let bounds = Bounds { stalled: Duration::from_secs(1), ..SHORT };
    let s = serving_with(bounds, Router::new().route("/page", endless)).await;
    let mut reads = TcpStream::connect(s.at).await.unwrap();
    reads.write_all(ASK).await.unwrap();
    let began = Instant::now();
    let mut bytes = vec![0; 1 << 20];
    while began.elapsed() < Duration::from_secs(2) {
        assert!(reads.read(&mut bytes).await.unwrap() > 0);
        sleep(Duration::from_millis(1)).await;
    }
    assert!(!over.load(Ordering::SeqCst), "who reads slowly is served");
    while !over.load(Ordering::SeqCst) {
        assert!(began.elapsed() < Duration::from_secs(8));
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_stop_finishes_what_is_asked_and_ends_what_is_silent() {
    let s = serving(PATIENT).await;
    let mut silent = TcpStream::connect(s.at).await.unwrap();
    let mut kept = TcpStream::connect(s.at).await.unwrap();
    kept.write_all(ASK).await.unwrap();
    assert!(hears(&mut kept, "page", SOON).await);
    let mut busy = TcpStream::connect(s.at).await.unwrap();
    busy.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    sleep(Duration::from_millis(200)).await;
    s.stop.send(()).unwrap();
    assert_eq!(rest(&mut silent).await.unwrap(), "");
    assert_eq!(rest(&mut kept).await.unwrap(), "");
    assert!(hears(&mut busy, "slow", SOON).await);
    timeout(SOON, s.over).await.unwrap().unwrap();
}

/// Says five words, one every 200 ms.
fn in_pieces() -> Router {
    let pieces = get(async || {
        let words = futures_util::stream::unfold(0, |n| async move {
            sleep(Duration::from_millis(200)).await;
            (n < 5).then(|| (Ok::<_, Infallible>(Bytes::from(format!("word{n}"))), n + 1))
        });
        Body::from_stream(words)
    });
    let slow = post(async |body: Bytes| {
        sleep(Duration::from_millis(700)).await;
        format!("{} bytes", body.len())
    });
    let large = get(async || Body::from(vec![b'x'; LARGE]));
    Router::new()
        .route("/page", get(async || "page"))
        .route("/pieces", pieces)
        .route("/post", slow)
        .route("/large", large)
}

/// More than any socket takes at once.
const LARGE: usize = 24 << 20;

async fn asking(at: SocketAddr, said: &str) -> TcpStream {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(said.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn c03_an_answer_that_has_begun_is_finished_while_others_come() {
    let s = serving_with(Bounds { in_all: 4, ..PATIENT }, in_pieces()).await;
    let mut kept = asking(s.at, "GET /page HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(hears(&mut kept, "page", SOON).await);
    let mut begun = Vec::new();
    for _ in 0..3 {
        let mut stream = asking(s.at, "GET /pieces HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert!(hears(&mut stream, "word0", SOON).await);
        begun.push(stream);
    }
    for _ in 0..3 {
        assert!(page(s.at, SOON).await);
    }
    // It was idle, so it gave way: closed, without another word.
    assert_eq!(rest(&mut kept).await.unwrap(), "");
    for stream in &mut begun {
        assert!(hears(stream, "word4\r\n0\r\n\r\n", SOON).await, "an answer was cut");
    }
}

#[tokio::test]
async fn c03_an_answer_that_is_made_and_not_yet_read_is_finished_too() {
    let s = serving_with(Bounds { in_all: 2, ..PATIENT }, in_pieces()).await;
    let mut reads = asking(s.at, "GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(hears(&mut reads, "\r\n\r\n", SOON).await);
    let mut others = Vec::new();
    for _ in 0..20 {
        others.push(asking(s.at, "GET /page HTTP/1.1\r\nhost: x\r\n\r\n").await);
    }
    assert!(page(s.at, SOON).await);
    let all = rest(&mut reads).await.unwrap();
    assert!(all.len() > LARGE - 4096, "{} bytes came", all.len());
}

#[tokio::test]
async fn c03_twin_who_reads_an_answer_for_too_long_gives_way_where_nobody_else_can() {
    let bounds = Bounds { in_all: 2, stalled: Duration::from_secs(1), ..PATIENT };
    let s = serving_with(bounds, in_pieces()).await;
    let mut slow = Vec::new();
    for _ in 0..2 {
        let mut stream = asking(s.at, "GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert!(hears(&mut stream, "\r\n\r\n", SOON).await);
        slow.push(stream);
    }
    let reading = tokio::spawn(async move {
        let mut part = vec![0; 64 << 10];
        loop {
            for stream in &mut slow {
                let _ = timeout(Duration::from_millis(1), stream.read(&mut part)).await;
            }
            sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(!page(s.at, Duration::from_millis(300)).await);
    assert!(page(s.at, SOON).await);
    reading.abort();
}

#[tokio::test]
async fn c03_a_body_that_never_comes_holds_no_place() {
    let s = serving_with(Bounds { in_all: 3, ..PATIENT }, in_pieces()).await;
    let mut never = Vec::new();
    for said in ["", "abc", "abcd"] {
        let head = "POST /post HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n";
        never.push(asking(s.at, &format!("{head}{said}")).await);
    }
    let chunked = "POST /post HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n";
    never.push(asking(s.at, chunked).await);
    for _ in 0..6 {
        assert!(page(s.at, Duration::from_secs(2)).await);
    }
}

#[tokio::test]
async fn c03_twin_a_body_that_has_come_is_answered_and_one_that_comes_goes_on_beside_idle_ones() {
    let s = serving_with(Bounds { in_all: 3, ..PATIENT }, in_pieces()).await;
    let head = "POST /post HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n";
    let mut whole = asking(s.at, &format!("{head}0123456789")).await;
    let mut comes = asking(s.at, head).await;
    let mut idle = Vec::new();
    for n in 0..10 {
        idle.push(TcpStream::connect(s.at).await.unwrap());
        sleep(Duration::from_millis(20)).await;
        comes.write_all(&[b'0' + n]).await.unwrap();
        sleep(Duration::from_millis(20)).await;
    }
    assert!(hears(&mut whole, "10 bytes", SOON).await);
    assert!(hears(&mut comes, "10 bytes", SOON).await, "who sends is not idle");
}

#[test]
fn c03_files_for_ourselves_are_kept_apart() {
    let at = |files| Bounds::within(files, 208, false);
    assert_eq!((at(1_024).in_all, at(1_024).per_address), (816, Some(102)));
    assert_eq!(at(20_000).in_all, 10_000);
    assert_eq!(at(u64::MAX).in_all, 10_000);
    // Even then a page can be had.
    assert_eq!(at(64).in_all, 16);
    assert_eq!(Bounds::within(1_024, 208, true).per_address, None);
}
