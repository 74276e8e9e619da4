//! The server itself: it listens, holds the sessions, and gives out what was received.

use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, JoinSet};

use crate::base::clock::{Clock, Ts};
use crate::base::problem::{Problem, Result};

use super::faults::{Faults, ServerFault};
use super::head::Head;
use super::received::Received;
use super::session;
use super::shared::{OnDot, OnStage, Shared};

/// More connections than this at a time are sent away.
const MOST_SESSIONS: usize = 512;

/// Cheap to clone. The server and its sessions end when the last clone is dropped.
#[derive(Clone)]
pub struct Mailbox {
    shared: Arc<Shared>,
    listening: Arc<Listening>,
}

struct Listening {
    address: SocketAddr,
    task: AbortHandle,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailbox({}, {} mails)", self.listening.address, self.count())
    }
}

impl Mailbox {
    /// Listens on a loopback address; port 0 takes a free one.
    pub async fn start(address: SocketAddr) -> Result<Mailbox> {
        Mailbox::start_with(address, Clock::system()).await
    }

    /// The same, dating arrivals by this clock.
    pub async fn start_with(address: SocketAddr, clock: Clock) -> Result<Mailbox> {
        if !address.ip().is_loopback() {
            let what = format!("The built-in mailbox does not listen on {address}: others could reach it.");
            return Err(Problem::refused(what, "Use 127.0.0.1 or [::1]."));
        }
        let refuse = |e: std::io::Error| {
            let what = format!("The built-in mailbox cannot listen on {address}.");
            Problem::unusable(what, "Use another port; 0 takes a free one.").because(e)
        };
        let listener = TcpListener::bind(address).await.map_err(refuse)?;
        let address = listener.local_addr().map_err(refuse)?;
        let shared = Arc::new(Shared {
            store: Mutex::default(),
            faults: Faults::default(),
            on_dot: Mutex::default(),
            on_stage: Mutex::default(),
            arrived: Notify::new(),
            clock,
            recipients: AtomicU64::new(0),
            data: AtomicU64::new(0),
            dots: AtomicU64::new(0),
        });
        let task = tokio::spawn(accept(listener, shared.clone())).abort_handle();
        Ok(Mailbox { shared, listening: Arc::new(Listening { address, task }) })
    }

    pub fn address(&self) -> SocketAddr {
        self.listening.address
    }

    /// Mails that no call of this has returned before, in order of arrival.
    pub fn take_new(&self) -> Vec<Received> {
        let taken = self.shared.store().take_new();
        taken.into_iter().map(Received::read).collect()
    }

    /// Waits until a mail arrives that [`Mailbox::take_new`] would return.
    pub async fn wait_new(&self) {
        loop {
            let arrived = self.shared.arrived.notified();
            if self.shared.store().has_new() {
                return;
            }
            arrived.await;
        }
    }

    /// All mails that are kept; the oldest go when they have been taken and memory is short.
    pub fn all(&self) -> Vec<Received> {
        let kept = self.shared.store().latest(u64::MAX, usize::MAX);
        kept.into_iter().rev().map(Received::read).collect()
    }

    /// Up to `most` mails with lower numbers than `before`, newest first.
    pub fn latest(&self, before: u64, most: usize) -> Vec<Received> {
        let kept = self.shared.store().latest(before, most);
        kept.into_iter().map(Received::read).collect()
    }

    /// What a list shows of every mail that is kept, the oldest first.
    pub fn heads(&self) -> Vec<Head> {
        self.all().iter().map(Head::of).collect()
    }

    /// By the clock that mails are dated with.
    pub fn now(&self) -> Ts {
        self.shared.clock.now()
    }

    pub fn get(&self, number: u64) -> Option<Received> {
        let kept = self.shared.store().get(number);
        kept.map(Received::read)
    }

    /// How many mails were accepted since the start or the last [`Mailbox::clear`], copies included.
    pub fn count(&self) -> u64 {
        self.shared.store().count()
    }

    /// The Message-IDs that came more than once, with how often.
    pub fn duplicates(&self) -> Vec<(String, u32)> {
        self.shared.store().duplicates()
    }

    /// Forgets all mails and copies; numbers go on.
    pub fn clear(&self) {
        self.shared.store().clear();
    }

    /// From now on, instead of what was set before. An empty list makes it behave.
    pub fn set_faults(&self, faults: Vec<ServerFault>) {
        self.shared.faults.set(faults);
    }

    pub fn add_fault(&self, fault: ServerFault) {
        self.shared.faults.add(fault);
    }

    pub fn on_dot(&self, hook: Option<OnDot>) {
        *self.shared.on_dot.lock().unwrap_or_else(PoisonError::into_inner) = hook;
    }

    /// The message of the last dot is kept when this is called for `ServerStage::Dot`.
    pub fn on_stage(&self, hook: Option<OnStage>) {
        *self.shared.on_stage.lock().unwrap_or_else(PoisonError::into_inner) = hook;
    }
}

/// Holds the sessions, so that they end with it.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut sessions = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if sessions.len() < MOST_SESSIONS => {
                    sessions.spawn(session::serve(stream, shared.clone()));
                }
                Ok((stream, _)) => send_away(stream),
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
            },
            Some(_) = sessions.join_next() => {}
        }
    }
}

fn send_away(stream: TcpStream) {
    let _ = stream.try_write(b"421 4.3.2 too many connections\r\n");
}
