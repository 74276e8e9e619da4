//! A stream from a mail server that may send no more than it was asked for, and nothing that a parser would follow too deep.
//!
//! async-imap keeps an answer until it ends (up to half a GiB), and its parser goes down with every bracket. What the server says before it
//! has logged us in, or on its own, is trusted no more than anybody's (S28).

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Brackets that are open at one place of an answer; those of real ones are a handful.
const DEEPEST: u32 = 40;

/// How many octets the server may still send.
#[derive(Clone, Debug, Default)]
pub struct Allowance(Arc<AtomicU64>);

impl Allowance {
    pub fn set(&self, octets: u64) {
        self.0.store(octets, Ordering::Relaxed);
    }

    fn take(&self, octets: u64) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(octets)).is_ok()
    }
}

pub struct BoundedStream<S> {
    stream: S,
    allowance: Allowance,
    shape: Shape,
}

impl<S> fmt::Debug for BoundedStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Allowed")
    }
}

impl<S> BoundedStream<S> {
    pub fn new(stream: S, allowance: Allowance) -> BoundedStream<S> {
        BoundedStream { stream, allowance, shape: Shape::default() }
    }

    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for BoundedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = into.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, into))?;
        let new = into.filled().get(before..).unwrap_or_default();
        Poll::Ready(if !this.allowance.take(new.len() as u64) {
            Err(io::Error::other("the server sends without end"))
        } else if !this.shape.take(new) {
            Err(io::Error::other("the server sends brackets in brackets without end"))
        } else {
            Ok(())
        })
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for BoundedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Where in an answer we are: brackets within literals (`{n}` and so many octets) and quotes are words.
#[derive(Debug, Default)]
struct Shape {
    depth: u32,
    quoted: bool,
    escaped: bool,
    /// The number in `{n}`, while it is read; complete behind the bracket.
    number: Option<u64>,
    complete: bool,
    literal: u64,
}

impl Shape {
    /// False when it is too deep.
    fn take(&mut self, mut octets: &[u8]) -> bool {
        while let Some((&octet, rest)) = octets.split_first() {
            if self.literal > 0 {
                let skipped = self.literal.min(octets.len() as u64);
                self.literal -= skipped;
                octets = octets.get(skipped as usize..).unwrap_or_default();
                continue;
            }
            octets = rest;
            self.step(octet);
            if self.depth > DEEPEST {
                return false;
            }
        }
        true
    }

    fn step(&mut self, octet: u8) {
        if octet == b'\n' {
            // Within an answer that goes on behind a literal, its brackets are still open.
            let literal = self.number.filter(|_| self.complete);
            self.depth = if literal.is_some() { self.depth } else { 0 };
            (self.literal, self.quoted, self.escaped) = (literal.unwrap_or(0), false, false);
        }
        if octet != b'\r' {
            (self.number, self.complete) = match (octet, self.number) {
                (b'{', _) if !self.quoted => (Some(0), false),
                (b'0'..=b'9', Some(n)) if !self.complete => {
                    (Some(n.saturating_mul(10).saturating_add(u64::from(octet - b'0'))), false)
                }
                (b'}', Some(n)) if !self.complete => (Some(n), true),
                _ => (None, false),
            };
        }
        match octet {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.quoted => self.escaped = true,
            b'"' => self.quoted = !self.quoted,
            b'(' if !self.quoted => self.depth += 1,
            b')' if !self.quoted => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(parts: &[&str]) -> bool {
        let mut shape = Shape::default();
        parts.iter().all(|part| shape.take(part.as_bytes()))
    }

    #[test]
    fn brackets_count_where_a_parser_would_follow_them() {
        let many = "(".repeat(60);
        assert!(!fits(&[&format!("* 1 FETCH (BODYSTRUCTURE {many}")]));
        assert!(!fits(&["* 1 FETCH ", &"(".repeat(30), &"(".repeat(30)]));
        assert!(fits(&[&format!("* 1 FETCH (UID 3 BODY[] {{62}}\r\n{many}\r\n UID 4)\r\n")]));
        assert!(fits(&["* 1 FETCH (UID 3 BODY[] {6", "2}\r", "\n(((((", &"(".repeat(55), "\r\n)\r\n"]));
        assert!(fits(&[&format!("* OK \"{many}\"\r\n")]));
        assert!(fits(&[&"* 1 FETCH (UID 3 RFC822.SIZE 5)\r\n".repeat(500)]));
        // Behind a literal the answer goes on as deep as before.
        assert!(!fits(&[&format!("* {}{{2}}\r\nab{}", "(".repeat(30), "(".repeat(30))]));
        // Not a literal: the bracket is not at the end of its line.
        assert!(!fits(&[&format!("* {{62}} {many}")]));
    }
}
