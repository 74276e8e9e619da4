//! Reading a mailbox over IMAP: opened for reading only, by UID, waiting with IDLE where the server offers it.
//!
//! Nothing in the mailbox is changed, marked or deleted. The protocol is async-imap's, over our own stream; every wait here is bounded, and
//! so is what a server may send in answer (`allowance.rs`). What async-imap leaves in silence (a fetch that ends early, by a break or a
//! refusal) is asked for again before it counts as "not there".

use std::fmt;
use std::future::Future;
use std::time::Duration;

use async_imap::types::Fetch;
use async_imap::{Client, Session};
use futures_util::StreamExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::base::problem::{Kind, Problem, Result};
use crate::config::Replies;
use crate::config::smtp::Security;
use crate::mail::smtp::tls;

use super::allowance::{Allowance, BoundedStream};

/// For every single answer.
const PATIENCE: Duration = Duration::from_mins(1);
/// IDLE is renewed after this: well below the 29 minutes of RFC 2177, because routers forget silent connections sooner.
const IDLE_LASTS: Duration = Duration::from_mins(9);
/// Where IDLE is not offered, the server is asked this often.
const POLL_EVERY: Duration = Duration::from_mins(1);
/// Of a mail that is larger only the beginning is read: its header, and the part that says what it is.
pub const LARGEST: u32 = 10 * 1024 * 1024;
const BEGINNING: u32 = 1024 * 1024;
/// A batch ends when it has so many octets or mails.
const BATCH_OCTETS: u64 = 8 * 1024 * 1024;
const BATCH_MAILS: usize = 50;
/// Octets of any answer that is no mail and no list of mails: a greeting, a log-in, a folder that is opened.
const TALK: u64 = 1024 * 1024;
/// Octets and time of a list of new mails: of nearly a million.
const LISTING: u64 = 32 * 1024 * 1024;
const LISTING_LASTS: Duration = Duration::from_mins(10);
/// Octets beside each mail that is fetched. Some servers count the octets of a mail before they convert it.
const AROUND_A_MAIL: u64 = 64 * 1024;

pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Wire for S {}

type Stream = BoundedStream<Box<dyn Wire>>;

/// A mail in the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MailboxEntry {
    pub uid: u32,
    pub octets: u32,
}

pub struct Mailbox {
    session: Option<Session<Stream>>,
    allowance: Allowance,
    /// UIDs mean something only together with it.
    pub uid_validity: u32,
    idles: bool,
}

impl Mailbox {
    /// Connects, encrypts as configured, logs in and opens the folder.
    pub async fn open(settings: &Replies) -> Result<Mailbox> {
        let host = settings.imap_host.as_deref().unwrap_or_default();
        let trouble = |what: String| unreachable(host, what);
        match timeout(PATIENCE * 2, connect(settings, host)).await {
            Ok(Ok(mailbox)) => Ok(mailbox),
            Ok(Err(what)) => Err(trouble(what)),
            Err(_) => Err(trouble("it does not answer in time".into())),
        }
    }

    /// The mails with higher UIDs than this, in their order.
    pub async fn newer_than(&mut self, uid: u32) -> Result<Vec<MailboxEntry>> {
        timeout(LISTING_LASTS, self.list(uid)).await.unwrap_or_else(|_| Err(silent()))
    }

    async fn list(&mut self, uid: u32) -> Result<Vec<MailboxEntry>> {
        self.allowance.set(LISTING);
        let from = uid.saturating_add(1);
        let mut found = Vec::new();
        let session = self.session()?;
        let mut fetches = within(session.uid_fetch(format!("{from}:*"), "(UID RFC822.SIZE)")).await?;
        while let Some(fetch) = next(&mut fetches).await? {
            // `*` is the last mail, also where that one is older.
            if let (Some(uid), octets) = (fetch.uid.filter(|uid| *uid >= from), fetch.size) {
                found.push(MailboxEntry { uid, octets: octets.unwrap_or(LARGEST) });
            }
        }
        drop(fetches);
        self.alive().await?;
        found.sort_unstable();
        found.dedup_by_key(|mail| mail.uid);
        Ok(found)
    }

    /// These mails, by UID. Those that somebody has deleted meanwhile are missing.
    pub async fn fetch(&mut self, mails: &[MailboxEntry]) -> Result<Vec<(u32, Vec<u8>)>> {
        let (large, usual): (Vec<MailboxEntry>, Vec<MailboxEntry>) =
            mails.iter().partition(|mail| mail.octets > LARGEST);
        let mut found = self.fetch_as(&usual, "(UID BODY.PEEK[])").await?;
        found.extend(self.fetch_as(&large, &format!("(UID BODY.PEEK[]<0.{BEGINNING}>)")).await?);
        found.sort_unstable_by_key(|(uid, _)| *uid);
        Ok(found)
    }

    async fn fetch_as(&mut self, mails: &[MailboxEntry], query: &str) -> Result<Vec<(u32, Vec<u8>)>> {
        if mails.is_empty() {
            return Ok(Vec::new());
        }
        let uids: Vec<String> = mails.iter().map(|mail| mail.uid.to_string()).collect();
        let octets: u64 = mails.iter().map(|mail| u64::from(mail.octets.min(LARGEST)) * 2 + AROUND_A_MAIL).sum();
        self.allowance.set(TALK + octets);
        let mut found = Vec::with_capacity(mails.len());
        let session = self.session()?;
        let mut fetches = within(session.uid_fetch(uids.join(","), query)).await?;
        while let Some(fetch) = next(&mut fetches).await? {
            if let (Some(uid), Some(body)) = (fetch.uid, fetch.body())
                && mails.iter().any(|mail| mail.uid == uid)
                && !found.iter().any(|(known, _)| *known == uid)
            {
                found.push((uid, body.to_vec()));
            }
        }
        drop(fetches);
        // A connection that broke ends the answer as silently as its last line does.
        self.alive().await?;
        Ok(found)
    }

    async fn alive(&mut self) -> Result<()> {
        self.allowance.set(TALK);
        within(self.session()?.noop()).await
    }

    /// Returns when there may be something new, after a while at the latest, or when `stop` is ready.
    pub async fn wait(&mut self, stop: impl Future<Output = ()>) -> Result<()> {
        if !self.idles {
            tokio::select! {
                () = stop => {}
                () = sleep(POLL_EVERY) => {}
            }
            return Ok(());
        }
        self.allowance.set(TALK);
        let session = self.session.take().ok_or_else(gone)?;
        let mut idle = session.idle();
        within(idle.init()).await?;
        {
            let (news, _interrupt) = idle.wait_with_timeout(IDLE_LASTS);
            tokio::select! {
                () = stop => {}
                // Keep-alives of the server do not count as a renewal.
                () = sleep(IDLE_LASTS) => {}
                news = news => {
                    news.map_err(broken)?;
                }
            }
        }
        self.session = Some(within(idle.done()).await?);
        Ok(())
    }

    /// Says goodbye as well as it can.
    pub async fn close(mut self) {
        if let Some(mut session) = self.session.take() {
            let _ = timeout(Duration::from_secs(2), session.logout()).await;
        }
    }

    fn session(&mut self) -> Result<&mut Session<Stream>> {
        self.session.as_mut().ok_or_else(gone)
    }
}

/// So many mails as are read and acted upon together.
pub fn batches(mails: &[MailboxEntry]) -> impl Iterator<Item = &[MailboxEntry]> {
    let mut rest = mails;
    std::iter::from_fn(move || {
        let mut octets = 0;
        let fits = |mail: &&MailboxEntry| {
            octets += u64::from(mail.octets.min(LARGEST));
            octets <= BATCH_OCTETS
        };
        let many = rest.iter().take(BATCH_MAILS).take_while(fits).count().max(1).min(rest.len());
        let (batch, later) = rest.split_at(many);
        rest = later;
        (!batch.is_empty()).then_some(batch)
    })
}

async fn connect(settings: &Replies, host: &str) -> Result<Mailbox, String> {
    let tcp = TcpStream::connect((host, settings.imap_port)).await.map_err(|e| e.to_string())?;
    tcp.set_nodelay(true).map_err(|e| e.to_string())?;
    let local = tcp.peer_addr().is_ok_and(|peer| peer.ip().is_loopback());
    let trusted = settings.imap_authorities.as_deref();
    let allowance = Allowance::default();
    allowance.set(TALK);
    let stream: Box<dyn Wire> = match settings.imap_security {
        Security::Tls => Box::new(tls::encrypt(host, trusted, tcp).await?),
        Security::Starttls => {
            let mut client = Client::new(BoundedStream::new(tcp, allowance.clone()));
            greeting(&mut client).await?;
            client
                .run_command_and_check_ok("STARTTLS", None)
                .await
                .map_err(|e| format!("it offers no STARTTLS: {e}"))?;
            // What was said in clear beyond the answer is forgotten with the client (S28).
            Box::new(tls::encrypt(host, trusted, client.into_inner().into_inner()).await?)
        }
        Security::Plain if local => Box::new(tcp),
        Security::Plain => return Err("it is not on this machine and the connection is not encrypted".into()),
    };
    let mut client = Client::new(BoundedStream::new(stream, allowance.clone()));
    if settings.imap_security != Security::Starttls {
        greeting(&mut client).await?;
    }
    // The answer may repeat what was said, so it is not told.
    let refused = |_| "it refuses the name and password of [replies]".to_string();
    let mut session = client.login(&settings.imap_username, &settings.imap_password).await.map_err(refused)?;
    let capabilities = session.capabilities().await.map_err(|e| e.to_string())?;
    let folder = &settings.imap_folder;
    let opened = session.examine(folder).await.map_err(|e| format!("its folder {folder} cannot be opened: {e}"))?;
    let uid_validity = opened.uid_validity.ok_or("it does not number its mails")?;
    Ok(Mailbox { session: Some(session), allowance, uid_validity, idles: capabilities.has_str("IDLE") })
}

async fn greeting<S: Wire>(client: &mut Client<S>) -> Result<(), String> {
    match client.read_response().await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err("it closed the connection".into()),
        Err(e) => Err(e.to_string()),
    }
}

/// The next item of an answer, if it comes in time.
async fn next(
    fetches: &mut (impl futures_util::Stream<Item = async_imap::error::Result<Fetch>> + Unpin),
) -> Result<Option<Fetch>> {
    match timeout(PATIENCE, fetches.next()).await {
        Ok(item) => item.transpose().map_err(broken),
        Err(_) => Err(silent()),
    }
}

async fn within<T>(work: impl Future<Output = async_imap::error::Result<T>>) -> Result<T> {
    match timeout(PATIENCE, work).await {
        Ok(done) => done.map_err(broken),
        Err(_) => Err(silent()),
    }
}

fn unreachable(host: &str, what: String) -> Problem {
    Problem::new(
        Kind::Unavailable,
        format!("The mailbox at {host} cannot be read: {what}."),
        "Check [replies] in the settings; it is tried again by itself.",
    )
}

fn broken(e: async_imap::error::Error) -> Problem {
    Problem::new(Kind::Unavailable, "The connection to the mailbox broke.", "It is tried again by itself.").because(e)
}

fn silent() -> Problem {
    Problem::new(Kind::Unavailable, "The mailbox does not answer any more.", "It is tried again by itself.")
}

fn gone() -> Problem {
    Problem::new(Kind::Unavailable, "The connection to the mailbox is closed.", "It is tried again by itself.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f25_a_batch_is_bounded_and_none_is_left_out() {
        let mails: Vec<MailboxEntry> = (1..=1_000)
            .map(|uid| MailboxEntry { uid, octets: if uid % 100 == 0 { u32::MAX } else { 500_000 + uid } })
            .collect();
        let all: Vec<Vec<MailboxEntry>> = batches(&mails).map(<[MailboxEntry]>::to_vec).collect();
        assert_eq!(all.concat(), mails);
        for batch in &all {
            let octets: u64 = batch.iter().map(|mail| u64::from(mail.octets.min(LARGEST))).sum();
            assert!(batch.len() <= BATCH_MAILS && (octets <= BATCH_OCTETS || batch.len() == 1), "{octets}");
        }
        assert_eq!(batches(&[]).count(), 0);
    }
}
