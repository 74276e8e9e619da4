//! One connection, owned by one sender: opened once, then message after message, the final dot a step of its own.
//!
//! A future of this connection that is dropped half-way leaves it unusable, never out of step: the state is set
//! before the first byte and restored after the last answer.

use std::net::SocketAddr;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use crate::config::smtp::{Security, SmtpSettings};
use crate::rules::sending::delivery::{Cause, Failure, Reply, Stage};

use super::envelope::Envelope;
use super::hello::Extensions;
use super::login::log_in;
use super::stream::{Pending, Stream, Wire};
use super::stuffing::stuff;
use super::time_outs::TimeOuts;
use super::transaction::{ask, reset};
use super::{path, tls};

/// Bodies are written in blocks of this size, each with its own time-out.
const BLOCK: usize = 256 * 1024;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    /// All but the final dot is written.
    Offered,
    /// Out of step, or told to go away.
    Over,
}

pub struct Connection {
    wire: Wire,
    offered: Extensions,
    waits: TimeOuts,
    state: State,
    sent: u32,
    /// Kept between messages, so that its memory is.
    out: Vec<u8>,
}

impl Connection {
    /// Connects, encrypts as configured and logs in. Nothing that identifies anyone is said before encryption succeeded.
    pub async fn open(settings: &SmtpSettings) -> Result<Connection, Failure> {
        let waits = TimeOuts::new(settings.time_out_factor);
        let tcp = connect(settings, waits).await?;
        let loopback = tcp.peer_addr().is_ok_and(|peer| peer.ip().is_loopback());
        let name = hello_name(settings, &tcp)?;
        let mut wire = match settings.security {
            Security::Tls => Wire::new(encrypt(settings, tcp, waits).await?),
            Security::Plain | Security::Starttls => Wire::new(Stream::Clear(tcp)),
        };
        let greeting = wire.answer(waits.at(Stage::Greeting)).await.map_err(at(Stage::Greeting))?;
        if greeting.code != 220 {
            return Err(at(Stage::Greeting)(Cause::Reply(greeting.into())));
        }
        let mut offered = hello(&mut wire, &name, waits).await?;
        if settings.security == Security::Starttls {
            wire = Wire::new(start_tls(wire, &offered, settings, waits).await?);
            offered = hello(&mut wire, &name, waits).await?;
        }
        if !settings.username.is_empty() {
            log_in(&mut wire, settings, &offered, loopback, waits).await?;
        }
        Ok(Connection { wire, offered, waits, state: State::Ready, sent: 0, out: Vec::new() })
    }

    /// MAIL, RCPT, DATA and the body, everything but the final dot. After a refusal the connection stays usable.
    pub async fn offer(&mut self, envelope: &Envelope, message: &[u8]) -> Result<(), Failure> {
        if self.state != State::Ready {
            return Err(at(Stage::Mail)(Cause::Broken("it was no longer usable".into())));
        }
        self.out.clear();
        path::commands(envelope, message, &self.offered, &mut self.out)?;
        self.state = State::Over;
        if let Err(refusal) = ask(&mut self.wire, &mut self.out, self.offered.pipelining, self.waits).await {
            if refusal.in_step && reset(&mut self.wire, self.waits).await {
                self.state = State::Ready;
            }
            return Err(refusal.failure);
        }
        self.out.clear();
        stuff(message, &mut self.out);
        for block in self.out.chunks(BLOCK) {
            self.wire.write(block, self.waits.at(Stage::Body)).await.map_err(at(Stage::Body))?;
        }
        self.state = State::Offered;
        Ok(())
    }

    /// Writes the final dot and waits for the answer. From here until it returns the message is in doubt.
    pub async fn finish(&mut self) -> Result<Reply, Failure> {
        if self.state != State::Offered {
            return Err(at(Stage::Mail)(Cause::Broken("no message was offered".into())));
        }
        self.state = State::Over;
        // A server that has given up before the dot has not taken the message: no need for doubt.
        match self.wire.pending().await {
            Pending::Nothing => {}
            Pending::Closed => return Err(at(Stage::Body)(Cause::Broken("the server closed it".into()))),
            Pending::Something => {
                let answer = self.wire.answer(self.waits.at(Stage::Data)).await.map_err(at(Stage::Body))?;
                return Err(at(Stage::Body)(Cause::Reply(answer.into())));
            }
        }
        let within = self.waits.at(Stage::Dot);
        self.wire.write(b".\r\n", within).await.map_err(at(Stage::Dot))?;
        let reply: Reply = self.wire.answer(within).await.map_err(at(Stage::Dot))?.into();
        match reply.code {
            200..300 => {
                self.sent = self.sent.saturating_add(1);
                self.state = State::Ready;
                Ok(reply)
            }
            code => {
                if code >= 400 && code != 421 {
                    self.state = State::Ready;
                }
                Err(at(Stage::Dot)(Cause::Reply(reply)))
            }
        }
    }

    /// False after 421, a break or a time-out, and between `offer` and `finish`.
    pub fn usable(&self) -> bool {
        self.state == State::Ready
    }

    /// Messages accepted on this connection.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// Whether the server still holds the line after a pause: whatever it says unasked means that it does not (F12).
    pub async fn check_idle(&mut self) -> bool {
        // Lets the runtime notice what has come in meanwhile.
        tokio::task::yield_now().await;
        if self.state == State::Ready && self.wire.pending().await != Pending::Nothing {
            self.state = State::Over;
        }
        self.usable()
    }

    /// Says goodbye. An offered message without its dot is not delivered: the line is cut, for QUIT would be part of it.
    pub async fn quit(mut self) {
        let within = self.waits.goodbye();
        if self.state == State::Ready && self.wire.write(b"QUIT\r\n", within).await.is_ok() {
            let _ = self.wire.answer(within).await;
        }
        let _ = timeout(within, self.wire.close()).await;
    }
}

fn at(stage: Stage) -> impl Fn(Cause) -> Failure {
    move |cause| Failure { stage, cause }
}

async fn connect(settings: &SmtpSettings, waits: TimeOuts) -> Result<TcpStream, Failure> {
    let failed = at(Stage::Connect);
    let host = settings.host.as_str();
    let found = timeout(waits.at(Stage::Connect), lookup_host((host, settings.port))).await;
    let mut places: Vec<SocketAddr> = match found {
        Ok(Ok(places)) => places.collect(),
        Ok(Err(e)) => return Err(failed(Cause::Broken(format!("{host} is not found: {e}")))),
        Err(_) => return Err(failed(Cause::TimedOut)),
    };
    if settings.security == Security::Plain {
        places.retain(|place| place.ip().is_loopback());
        if places.is_empty() {
            let why = format!("{host} is not this machine, and mail is sent unencrypted to this machine only.");
            return Err(failed(Cause::Unfit(why)));
        }
    }
    let mut last = Cause::Broken(format!("{host} has no address"));
    for place in places {
        match timeout(waits.at(Stage::Connect), TcpStream::connect(place)).await {
            // Without it the kernel holds the final dot back for 40 ms.
            Ok(Ok(tcp)) => match tcp.set_nodelay(true) {
                Ok(()) => return Ok(tcp),
                Err(e) => last = Cause::Broken(e.to_string()),
            },
            Ok(Err(e)) => last = Cause::Broken(format!("{place}: {e}")),
            Err(_) => last = Cause::TimedOut,
        }
    }
    Err(failed(last))
}

/// The configured name, else the address literal that RFC 5321 allows for machines without one.
fn hello_name(settings: &SmtpSettings, tcp: &TcpStream) -> Result<String, Failure> {
    let name = settings.hello_name.trim();
    if name.is_empty() {
        return Ok(match tcp.local_addr() {
            Ok(SocketAddr::V6(own)) => format!("[IPv6:{}]", own.ip()),
            Ok(SocketAddr::V4(own)) => format!("[{}]", own.ip()),
            Err(_) => "[127.0.0.1]".into(),
        });
    }
    if name.bytes().all(|b| b.is_ascii_graphic()) && name.len() <= 255 {
        return Ok(name.to_string());
    }
    Err(at(Stage::Hello)(Cause::Unfit(format!("`{}` in smtp.hello_name is no host name.", name.escape_default()))))
}

async fn hello(wire: &mut Wire, name: &str, waits: TimeOuts) -> Result<Extensions, Failure> {
    let failed = at(Stage::Hello);
    let within = waits.at(Stage::Hello);
    wire.write(format!("EHLO {name}\r\n").as_bytes(), within).await.map_err(&failed)?;
    let answer = wire.answer(within).await.map_err(&failed)?;
    if answer.code == 250 { Ok(Extensions::parse(&answer.lines)) } else { Err(failed(Cause::Reply(answer.into()))) }
}

/// STARTTLS, and nothing else: a server that does not offer it, or whose next words came in clear, is not talked to (S28).
async fn start_tls(
    mut wire: Wire,
    offered: &Extensions,
    settings: &SmtpSettings,
    waits: TimeOuts,
) -> Result<Stream, Failure> {
    let failed = at(Stage::Tls);
    if !offered.starttls {
        return Err(failed(Cause::Tls("the server does not offer STARTTLS".into())));
    }
    let within = waits.at(Stage::Tls);
    wire.write(b"STARTTLS\r\n", within).await.map_err(&failed)?;
    let answer = wire.answer(within).await.map_err(&failed)?;
    if answer.code != 220 {
        return Err(failed(Cause::Reply(answer.into())));
    }
    let Some(tcp) = wire.into_clear() else {
        return Err(failed(Cause::Tls("something was slipped in before the encryption began".into())));
    };
    encrypt(settings, tcp, waits).await
}

async fn encrypt(settings: &SmtpSettings, tcp: TcpStream, waits: TimeOuts) -> Result<Stream, Failure> {
    let failed = at(Stage::Tls);
    match timeout(waits.at(Stage::Tls), tls::encrypt(&settings.host, settings.authorities.as_deref(), tcp)).await {
        Ok(Ok(stream)) => Ok(Stream::Encrypted(Box::new(stream))),
        Ok(Err(why)) => Err(failed(Cause::Tls(why))),
        Err(_) => Err(failed(Cause::TimedOut)),
    }
}
