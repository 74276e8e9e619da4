//! A visitor of a daemon on this machine: one connection a request, the answer read to its end, packed as browsers have it.

use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Where the daemon listens, and as whom it is asked.
#[derive(Clone)]
pub struct Visitor {
    pub port: u16,
    pub cookie: String,
}

/// What came back: nothing where nobody answered.
#[derive(Default)]
pub struct Answer {
    pub status: u16,
    pub ms: f64,
    pub head: String,
}

impl Visitor {
    fn head(&self, line: &str, more: &str) -> String {
        format!(
            "{line} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\ncookie: soundings={}\r\nconnection: close\r\n{more}",
            self.port, self.cookie
        )
    }

    async fn ask(&self, request: String) -> std::io::Result<Answer> {
        let began = Instant::now();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.set_nodelay(true)?;
        stream.write_all(request.as_bytes()).await?;
        let mut said = Vec::with_capacity(32 * 1024);
        stream.read_to_end(&mut said).await?;
        let ms = began.elapsed().as_secs_f64() * 1_000.0;
        let head = String::from_utf8_lossy(&said[..said.len().min(2_000)]).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        Ok(Answer { status, ms, head })
    }

    /// `by_itself`: as an open page asks for itself, not as somebody who has opened it.
    pub async fn get(&self, path: &str, by_itself: bool) -> Answer {
        let more = if by_itself { "x-refresh: 1\r\naccept-encoding: gzip\r\n" } else { "accept-encoding: gzip\r\n" };
        self.ask(self.head(&format!("GET {path}"), &format!("{more}\r\n"))).await.unwrap_or_default()
    }

    /// The words of a page, not packed.
    pub async fn text(&self, path: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.write_all(self.head(&format!("GET {path}"), "\r\n").as_bytes()).await?;
        let mut said = Vec::new();
        stream.read_to_end(&mut said).await?;
        Ok(String::from_utf8_lossy(&said).into_owned())
    }

    pub async fn post(&self, path: &str, form: &str) -> Answer {
        let kind = "content-type: application/x-www-form-urlencoded";
        let more = format!("{kind}\r\ncontent-length: {}\r\n\r\n{form}", form.len());
        self.ask(self.head(&format!("POST {path}"), &more)).await.unwrap_or_default()
    }

    /// A stream of events, from its beginning.
    pub async fn listen(&self, path: &str) -> std::io::Result<TcpStream> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let request = self.head(&format!("GET {path}"), "accept: text/event-stream\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        Ok(stream)
    }
}
