//! Bytes to and from the server, in clear or encrypted, with a buffer for what has come in and not been read.
//!
//! Every wait is bounded by the time-out of its stage. Reads are buffered because a pipelined server answers several
//! commands at once; writes are not, because callers hand over whole groups.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use crate::rules::sending::delivery::Cause;

pub enum Stream {
    Clear(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

/// What lies in the buffers without waiting.
#[derive(Debug, PartialEq, Eq)]
pub enum Pending {
    Nothing,
    Something,
    Closed,
}

pub struct Wire {
    stream: Stream,
    input: Vec<u8>,
    /// Where the unread part of `input` begins.
    read: usize,
    /// What is shown of no answer.
    secrets: Vec<String>,
}

impl Wire {
    pub fn new(stream: Stream) -> Wire {
        Wire { stream, input: Vec::with_capacity(1024), read: 0, secrets: Vec::new() }
    }

    /// From now on answers that repeat one of these do so without it.
    pub fn hide(&mut self, secrets: Vec<String>) {
        // A shorter one would be found in words that have nothing to do with it.
        self.secrets = secrets.into_iter().filter(|secret| secret.len() >= 4).collect();
    }

    pub fn hidden(&self, text: String) -> String {
        self.secrets.iter().fold(text, |text, secret| match text.contains(secret.as_str()) {
            true => text.replace(secret.as_str(), "(hidden)"),
            false => text,
        })
    }

    pub fn hidden_in(&self, cause: Cause) -> Cause {
        match cause {
            Cause::Broken(why) => Cause::Broken(self.hidden(why)),
            other => other,
        }
    }

    pub fn encrypted(&self) -> bool {
        matches!(self.stream, Stream::Encrypted(_))
    }

    /// The plain stream, for STARTTLS; `None` when anything was said beyond the last answer or it is encrypted already.
    pub fn into_clear(self) -> Option<TcpStream> {
        match self.stream {
            Stream::Clear(tcp) if self.read == self.input.len() => Some(tcp),
            _ => None,
        }
    }

    pub fn unread(&self) -> &[u8] {
        self.input.get(self.read..).unwrap_or_default()
    }

    pub fn consume(&mut self, bytes: usize) {
        self.read = (self.read + bytes).min(self.input.len());
        if self.read == self.input.len() {
            self.input.clear();
            self.read = 0;
        }
    }

    /// Waits for more bytes and adds them to the unread ones.
    pub async fn fill(&mut self) -> Result<(), Cause> {
        if self.read > 0 {
            self.input.drain(..self.read);
            self.read = 0;
        }
        let read = match &mut self.stream {
            Stream::Clear(s) => s.read_buf(&mut self.input).await,
            Stream::Encrypted(s) => s.read_buf(&mut self.input).await,
        };
        match read {
            Ok(0) => Err(Cause::Broken("the server closed it".into())),
            Ok(_) => Ok(()),
            Err(e) => Err(Cause::Broken(e.to_string())),
        }
    }

    pub async fn write(&mut self, bytes: &[u8], within: Duration) -> Result<(), Cause> {
        let write = async {
            match &mut self.stream {
                Stream::Clear(s) => s.write_all(bytes).await,
                Stream::Encrypted(s) => {
                    s.write_all(bytes).await?;
                    s.flush().await
                }
            }
        };
        match timeout(within, write).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(e)) => Err(Cause::Broken(e.to_string())),
            Err(_) => Err(Cause::TimedOut),
        }
    }

    /// Looks, without waiting, whether the server has spoken or gone.
    pub async fn pending(&mut self) -> Pending {
        if !self.unread().is_empty() {
            return Pending::Something;
        }
        let mut bytes = [0u8; 1024];
        let mut seen = ReadBuf::new(&mut bytes);
        let stream = &mut self.stream;
        let found = poll_fn(|cx| {
            let polled = match stream {
                Stream::Clear(s) => Pin::new(s).poll_read(cx, &mut seen),
                Stream::Encrypted(s) => Pin::new(s.as_mut()).poll_read(cx, &mut seen),
            };
            Poll::Ready(match polled {
                Poll::Pending => Pending::Nothing,
                Poll::Ready(Ok(())) if !seen.filled().is_empty() => Pending::Something,
                Poll::Ready(_) => Pending::Closed,
            })
        })
        .await;
        self.input.extend_from_slice(seen.filled());
        found
    }

    pub async fn close(mut self) {
        // Nothing depends on how the goodbye ends.
        let _ = match &mut self.stream {
            Stream::Clear(s) => s.shutdown().await,
            Stream::Encrypted(s) => s.shutdown().await,
        };
    }
}
