//! Lines and messages off the wire, exactly as RFC 5321 ends them, and answers onto it.
//!
//! Answers are written when nothing more can be read without waiting, so that pipelined commands cost one packet each way.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Longest command line, end included. RFC 5321 asks for 512 and more where extensions add parameters.
const LONGEST_COMMAND: usize = 2_048;
/// A line of a message that is longer than this ends the session instead of being counted.
const LONGEST_TAKEN: usize = 256 * 1024;
/// Octets of a message; announced as SIZE.
pub const LARGEST: usize = 25 * 1024 * 1024;

/// Why a session is over. The text, if any, is the last thing said.
pub struct Over(pub Option<&'static str>);

const BARE: Over = Over(Some("521 5.5.2 bare CR or LF: lines end with CR LF"));

/// What came between DATA and the final dot.
pub enum MessageContent {
    Taken(Vec<u8>),
    /// Read to its end, but not to be kept; the answer to give.
    Refused(&'static str),
}

/// What a message may be.
#[derive(Clone, Copy, Debug)]
pub struct MessageLimits {
    /// Of a line, end included.
    pub line: usize,
    pub nul: bool,
}

impl MessageLimits {
    /// What RFC 5321 grants a sender.
    pub const STRICT: MessageLimits = MessageLimits { line: 1_000, nul: false };
    /// What arrives in the world: those who break the rules are heard all the same.
    pub const TOLERANT: MessageLimits = MessageLimits { line: LONGEST_TAKEN, nul: true };
}

pub struct CommandStream<S> {
    stream: S,
    limits: MessageLimits,
    input: Vec<u8>,
    /// Where the unread part of `input` begins.
    at: usize,
    output: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> CommandStream<S> {
    pub fn new(stream: S, limits: MessageLimits) -> CommandStream<S> {
        CommandStream { stream, limits, input: Vec::with_capacity(16 * 1024), at: 0, output: Vec::new() }
    }

    pub fn say(&mut self, line: &str) {
        self.output.extend_from_slice(line.as_bytes());
        self.output.extend_from_slice(b"\r\n");
    }

    pub async fn flush(&mut self) -> Result<(), Over> {
        if !self.output.is_empty() {
            self.stream.write_all(&self.output).await.map_err(|_| Over(None))?;
            self.output.clear();
        }
        Ok(())
    }

    /// Says goodbye as well as it can.
    pub async fn close(mut self, last: Option<&str>) {
        if let Some(last) = last {
            self.say(last);
        }
        let _ = self.flush().await;
        let _ = self.stream.shutdown().await;
    }

    /// Whether the client has sent something beyond what was read.
    pub fn has_more(&self) -> bool {
        self.at < self.input.len()
    }

    /// A command line without its end.
    pub async fn line(&mut self) -> Result<String, Over> {
        let end = self.line_end(LONGEST_COMMAND, Over(Some("500 5.5.6 line too long"))).await?;
        let line = self.input.get(self.at..end).unwrap_or_default();
        let text = String::from_utf8(line.to_vec());
        self.at = end + 2;
        text.map_err(|_| Over(Some("500 5.5.2 not UTF-8")))
    }

    /// A message with its dots undone, up to CRLF.CRLF.
    pub async fn message(&mut self) -> Result<MessageContent, Over> {
        let mut message = Vec::new();
        let mut refused = None;
        loop {
            let end = self.line_end(LONGEST_TAKEN, Over(Some("521 5.6.0 line too long"))).await?;
            let line = self.input.get(self.at..end).unwrap_or_default();
            if line == b"." {
                self.at = end + 2;
                return Ok(refused.map_or(MessageContent::Taken(message), MessageContent::Refused));
            }
            let line = line.strip_prefix(b".").unwrap_or(line);
            if line.len() + 2 > self.limits.line {
                refused = Some("554 5.6.0 a line is longer than 998 octets");
            } else if !self.limits.nul && line.contains(&0) {
                refused = Some("554 5.6.0 NUL in the message");
            } else if message.len() + line.len() + 2 > LARGEST {
                refused = Some("552 5.3.4 message too large");
            }
            if refused.is_none() {
                message.extend_from_slice(line);
                message.extend_from_slice(b"\r\n");
            }
            self.at = end + 2;
        }
    }

    /// Where the line that begins at `at` ends: the place of its CR.
    async fn line_end(&mut self, longest: usize, too_long: Over) -> Result<usize, Over> {
        let mut searched = self.at;
        loop {
            let rest = self.input.get(searched..).unwrap_or_default();
            if let Some(found) = rest.iter().position(|b| *b == b'\n') {
                let end = (searched + found).checked_sub(1).filter(|end| *end >= self.at).ok_or(BARE)?;
                let line = self.input.get(self.at..end).unwrap_or_default();
                if self.input.get(end) != Some(&b'\r') || line.contains(&b'\r') {
                    return Err(BARE);
                }
                return if end + 2 - self.at > longest { Err(too_long) } else { Ok(end) };
            }
            let pending = self.input.len() - self.at;
            if pending > longest {
                return Err(too_long);
            }
            self.fill().await?;
            searched = self.at + pending;
        }
    }

    /// Reads more, after writing what is due. Moves the unread part to the front.
    async fn fill(&mut self) -> Result<(), Over> {
        self.flush().await?;
        self.input.drain(..self.at);
        self.at = 0;
        match self.stream.read_buf(&mut self.input).await {
            Ok(n) if n > 0 => Ok(()),
            _ => Err(Over(None)),
        }
    }
}
