//! The door for a mail server on this machine: LMTP (RFC 2033), one answer for each recipient, and none of them before the mail is kept.
//!
//! A message ends at CRLF.CRLF and nowhere else, a bare line end closes the connection (S07). Only our return address is accepted, with any
//! token in it: whether the token is genuine is asked when the mail is read.
//!
//! Whoever does not begin as a mail server does is no mail server and is hung up on at his first line, so that no browser on this machine
//! can be made to deliver a mail (S07); nobody occupies the door by saying nothing, or nothing of use.

use std::fs;
use std::future::Future;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::warn;

use crate::base::address::EmailAddress;
use crate::base::problem::{Problem, Result};
use crate::base::verp;
use crate::config::LmtpAddress;

use super::commands::{SmtpCommand, UNKNOWN, read};
use super::wire::{CommandStream, LARGEST, MessageContent, MessageLimits, Over};

/// Connecting to a socket is writing to it.
const FOR_THE_GROUP: u32 = 0o660;
const MOST_SESSIONS: usize = 64;
const MOST_RECIPIENTS: usize = 100;
const MOST_MISTAKES: u32 = 20;
/// Commands in a row that bring no mail nearer.
const MOST_IDLE_COMMANDS: u32 = 100;

/// How long somebody may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// To begin.
    pub first: Duration,
    /// For a command or a whole message: a server that says nothing for so long is not there any more.
    pub silence: Duration,
    /// For all of it; ends between two mails.
    pub whole: Duration,
    /// To take our last words.
    pub goodbye: Duration,
}

impl Patience {
    pub const USUAL: Patience = Patience {
        first: Duration::from_secs(30),
        silence: Duration::from_mins(5),
        whole: Duration::from_hours(1),
        goodbye: Duration::from_secs(5),
    };
}

/// Keeps a mail that was delivered to one recipient; `Ok` when it is committed.
pub type Keep = Arc<dyn Fn(Vec<u8>) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

pub enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// Opens the door, or says why it cannot be opened.
pub async fn open(door: &LmtpAddress) -> Result<Listener> {
    let cannot = |place: String, e: std::io::Error| {
        Problem::unusable(
            format!("Nothing can listen on {place} for mails that come back."),
            "Another program may use it, or its folder is missing; set replies.lmtp_listen to a free place.",
        )
        .because(e)
    };
    match door {
        LmtpAddress::Loopback(at) => {
            TcpListener::bind(at).await.map(Listener::Tcp).map_err(|e| cannot(at.to_string(), e))
        }
        LmtpAddress::Unix(path) => {
            remove_orphan(path);
            let bound = UnixListener::bind(path).and_then(|door| {
                // The mail server is another user, in our group; what the umask leaves would be for us alone.
                fs::set_permissions(path, fs::Permissions::from_mode(FOR_THE_GROUP))?;
                Ok(door)
            });
            bound.map(Listener::Unix).map_err(|e| cannot(path.display().to_string(), e))
        }
    }
}

/// A socket that a program left behind when it was killed. One behind which somebody answers stays.
fn remove_orphan(path: &Path) {
    use std::os::unix::fs::FileTypeExt;
    use std::os::unix::net::UnixStream;
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|meta| meta.file_type().is_socket());
    if is_socket && UnixStream::connect(path).is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionRefused) {
        // If this fails, binding fails and says so.
        let _ = std::fs::remove_file(path);
    }
}

/// Whether somebody answers behind the door.
pub async fn answers(door: &LmtpAddress) -> bool {
    match door {
        LmtpAddress::Loopback(at) => tokio::net::TcpStream::connect(at).await.is_ok(),
        LmtpAddress::Unix(path) => tokio::net::UnixStream::connect(path).await.is_ok(),
    }
}

/// Takes mails until `stop` is ready; those under way are finished or refused by then, never kept without an answer.
pub async fn serve(listener: Listener, address: EmailAddress, keep: Keep, stop: impl Future<Output = ()>) {
    serve_for(listener, address, keep, Patience::USUAL, stop).await;
}

/// The same, with another patience.
pub async fn serve_for(
    listener: Listener,
    address: EmailAddress,
    keep: Keep,
    patience: Patience,
    stop: impl Future<Output = ()>,
) {
    let mut sessions = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener) => match accepted {
                Ok(stream) if sessions.len() < MOST_SESSIONS => {
                    sessions.spawn(session(stream, address.clone(), keep.clone(), patience));
                }
                // Closed unanswered: the server tries again.
                Ok(_) => {}
                Err(e) => {
                    warn!("a mail server could not be let in: {e}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            Some(_) = sessions.join_next() => {}
        }
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

async fn accept(listener: &Listener) -> std::io::Result<Box<dyn Stream>> {
    match listener {
        Listener::Tcp(listener) => {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(stream))
        }
        Listener::Unix(listener) => Ok(Box::new(listener.accept().await?.0)),
    }
}

async fn session(stream: Box<dyn Stream>, address: EmailAddress, keep: Keep, patience: Patience) {
    let wire = CommandStream::new(stream, MessageLimits::TOLERANT);
    let mut session = Session { wire, address, keep, greeted: false, mail: None, mistakes: 0, idle_commands: 0 };
    let began = Instant::now();
    let over = match timeout(patience.first, session.greet()).await {
        Ok(Ok(())) => loop {
            if session.mail.is_none() && began.elapsed() > patience.whole {
                break Over(Some("421 4.3.2 begin again"));
            }
            let within = if session.greeted { patience.silence } else { patience.first };
            match timeout(within, session.next()).await {
                Ok(Ok(())) => {}
                Ok(Err(over)) => break over,
                Err(_) => break Over(Some("421 4.4.2 too long a silence")),
            }
        },
        Ok(Err(over)) => over,
        Err(_) => Over(None),
    };
    // Whoever does not read our last words may not keep us.
    let _ = timeout(patience.goodbye, session.wire.close(over.0)).await;
}

struct Session {
    wire: CommandStream<Box<dyn Stream>>,
    address: EmailAddress,
    keep: Keep,
    greeted: bool,
    /// The sender, and the recipients accepted so far.
    mail: Option<(String, Vec<String>)>,
    mistakes: u32,
    idle_commands: u32,
}

impl Session {
    async fn greet(&mut self) -> Result<(), Over> {
        self.wire.say("220 soundings LMTP");
        self.wire.flush().await
    }

    async fn next(&mut self) -> Result<(), Over> {
        let line = self.wire.line().await?;
        let command = command(&line);
        if is_http(&line) || !self.greeted && command == Err(UNKNOWN) {
            return Err(Over(Some("421 4.7.0 this is no place for that")));
        }
        match &command {
            Ok(SmtpCommand::Recipient { .. } | SmtpCommand::Data) => self.idle_commands = 0,
            _ => self.idle_commands += 1,
        }
        if self.idle_commands > MOST_IDLE_COMMANDS {
            return Err(Over(Some("421 4.7.0 too many commands without a mail")));
        }
        match command {
            Err(refusal) => self.mistake(refusal),
            Ok(SmtpCommand::Hello { .. }) => {
                (self.greeted, self.mail) = (true, None);
                for line in
                    ["250-soundings", "250-PIPELINING", "250-8BITMIME", "250-SMTPUTF8", "250-ENHANCEDSTATUSCODES"]
                {
                    self.wire.say(line);
                }
                self.wire.say(&format!("250 SIZE {LARGEST}"));
                Ok(())
            }
            Ok(SmtpCommand::Mail { .. }) if !self.greeted => self.mistake("503 5.5.1 say LHLO first"),
            Ok(SmtpCommand::Mail { .. }) if self.mail.is_some() => self.mistake("503 5.5.1 a mail is under way"),
            Ok(SmtpCommand::Mail { from, .. }) => {
                self.mail = Some((from, Vec::new()));
                self.wire.say("250 2.1.0 sender taken");
                Ok(())
            }
            Ok(SmtpCommand::Recipient { to }) => self.recipient(to),
            Ok(SmtpCommand::Data) => self.data().await,
            Ok(SmtpCommand::Reset) => {
                self.mail = None;
                self.wire.say("250 2.0.0 forgotten");
                Ok(())
            }
            Ok(SmtpCommand::Nothing) => {
                self.wire.say("250 2.0.0 fine");
                Ok(())
            }
            Ok(SmtpCommand::Verify) => {
                self.wire.say("252 2.1.5 send it and see");
                Ok(())
            }
            Ok(SmtpCommand::Quit) => Err(Over(Some("221 2.0.0 bye"))),
        }
    }

    fn recipient(&mut self, to: String) -> Result<(), Over> {
        let Some((_, recipients)) = &mut self.mail else { return self.mistake("503 5.5.1 say MAIL first") };
        if !verp::is_ours(&self.address, &to) {
            return self.mistake("550 5.1.1 nobody of this name here");
        }
        if recipients.len() >= MOST_RECIPIENTS {
            self.wire.say("452 4.5.3 too many recipients");
            return Ok(());
        }
        recipients.push(to);
        self.wire.say("250 2.1.5 recipient taken");
        Ok(())
    }

    async fn data(&mut self) -> Result<(), Over> {
        let Some((from, recipients)) = self.mail.take().filter(|(_, to)| !to.is_empty()) else {
            return match self.wire.has_more() {
                // A client that sends its message all the same would have it read as commands.
                true => Err(Over(Some("503 5.5.1 message sent without a recipient"))),
                false => self.mistake("503 5.5.1 say MAIL and RCPT first"),
            };
        };
        if self.wire.has_more() {
            return Err(Over(Some("503 5.5.1 message sent before it was asked for")));
        }
        self.wire.say("354 go on");
        let content = self.wire.message().await?;
        for to in recipients {
            let answer = match &content {
                MessageContent::Refused(answer) => (*answer).to_string(),
                MessageContent::Taken(mail) => match (self.keep)(delivered(&from, &to, mail)).await {
                    Ok(()) => "250 2.0.0 kept".to_string(),
                    Err(problem) => {
                        warn!(cause = ?problem.cause, "a mail that came back could not be kept: {problem}");
                        "451 4.3.0 not kept, try again".to_string()
                    }
                },
            };
            self.wire.say(&answer);
        }
        Ok(())
    }

    fn mistake(&mut self, answer: &'static str) -> Result<(), Over> {
        self.mistakes += 1;
        if self.mistakes > MOST_MISTAKES {
            return Err(Over(Some("421 4.7.0 too many mistakes")));
        }
        self.wire.say(answer);
        Ok(())
    }
}

/// A line with which a browser, or any other client of the Web, begins.
fn is_http(line: &str) -> bool {
    line.rsplit_once(' ').is_some_and(|(_, last)| last.starts_with("HTTP/"))
}

/// LMTP is SMTP with another greeting.
fn command(line: &str) -> Result<SmtpCommand, &'static str> {
    let verb = line.split(' ').next().unwrap_or_default();
    if verb.eq_ignore_ascii_case("LHLO") {
        return read(&format!("EHLO{}", line.get(4..).unwrap_or_default()));
    }
    match verb.to_ascii_uppercase().as_str() {
        "EHLO" | "HELO" => Err("500 5.5.1 this is LMTP, say LHLO"),
        _ => read(line),
    }
}

/// The mail as this recipient has it: with the envelope on top, as mailboxes keep it.
fn delivered(from: &str, to: &str, mail: &[u8]) -> Vec<u8> {
    let mut whole = format!("Return-Path: <{from}>\r\nDelivered-To: {to}\r\n").into_bytes();
    whole.extend_from_slice(mail);
    whole
}
