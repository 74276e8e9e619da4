//! What the log hears of a duty that fails again and again.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;

use crate::base::clock::{Clock, HOUR, MINUTE, SECOND, Ts};
use crate::base::ids::Ids;
use crate::base::seal::SecretKey;
use crate::store::Db;

use super::*;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

impl Log {
    fn lines(&self, of: &str) -> usize {
        String::from_utf8_lossy(&self.0.lock().unwrap()).lines().filter(|line| line.contains(of)).count()
    }
}

fn full() -> Result<()> {
    Err(Problem::new(Kind::Unavailable, "The disk of the database is full.", "Make room on it."))
}

#[tokio::test]
async fn c09_a_disk_that_stays_full_is_logged_when_it_begins_once_an_hour_and_when_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite:{}", folder.path().join("t.db").display()), "off").await.unwrap();
    let ids = Ids::seeded(1);
    let key = SecretKey::draw(&ids);
    let ctx = Ctx::new(db, Clock::hand(Ts(0)), ids, key, "http://127.0.0.1");
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish();
    let _here = tracing::subscriber::set_default(subscriber);
    let pass = async |time: i64, duties: &[&str]| {
        for _ in 0..time / (10 * SECOND) {
            ctx.clock.turn_to(ctx.clock.now().plus(10 * SECOND));
            for duty in duties {
                assert!(!ctx.guarded(duty, async { full() }).await);
            }
        }
    };
    pass(50 * MINUTE, &["planning", "sending, line 1"]).await;
    assert_eq!((log.lines("planning failed"), log.lines("line 1 failed")), (1, 1));
    pass(2 * HOUR, &["planning"]).await;
    assert_eq!(log.lines("planning failed"), 3);
    // Another reason is news.
    ctx.guarded("planning", async { Err(Problem::internal("Something else.")) }).await;
    assert_eq!(log.lines("Something else"), 1);
    assert_eq!(log.lines("works again"), 0);
    for _ in 0..3 {
        assert!(ctx.guarded("planning", async { Ok(()) }).await);
    }
    assert_eq!(log.lines("planning works again"), 1);
    // Twin: what has ended and begins anew is said anew, and each failure has been counted.
    pass(MINUTE, &["planning"]).await;
    assert_eq!(log.lines("planning failed"), 5);
    assert_eq!(ctx.failures.count(), 300 * 2 + 720 + 1 + 6);
}
