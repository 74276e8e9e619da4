//! A client that writes octets and reads answers, for tests: nothing between them and the server.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::Mailbox;

pub struct Raw(pub BufReader<TcpStream>);

pub async fn mailbox() -> Mailbox {
    Mailbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap()
}

impl Raw {
    /// Connected and greeted, nothing said yet.
    pub async fn connect(mailbox: &Mailbox) -> Raw {
        let stream = TcpStream::connect(mailbox.address()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Raw(BufReader::new(stream))
    }

    /// Connected, and through EHLO.
    pub async fn greeted(mailbox: &Mailbox) -> Raw {
        let mut client = Raw::connect(mailbox).await;
        assert!(client.answer().await.starts_with("220"));
        assert!(client.ask("EHLO test.example").await.contains("PIPELINING"));
        client
    }

    pub async fn write(&mut self, octets: impl AsRef<[u8]>) {
        let _ = self.0.get_mut().write_all(octets.as_ref()).await;
    }

    /// One answer with all its lines; empty when the connection is closed.
    pub async fn answer(&mut self) -> String {
        let mut all = String::new();
        loop {
            let mut line = String::new();
            let read = tokio::time::timeout(Duration::from_secs(10), self.0.read_line(&mut line)).await;
            if !matches!(read, Ok(Ok(n)) if n > 0) {
                return all;
            }
            all.push_str(&line);
            if line.as_bytes().get(3) != Some(&b'-') {
                return all;
            }
        }
    }

    pub async fn ask(&mut self, line: &str) -> String {
        self.write(format!("{line}\r\n")).await;
        self.answer().await
    }

    /// Sends a message as it is, dots included; the answer after it.
    pub async fn send(&mut self, to: &str, message: impl AsRef<[u8]>) -> String {
        self.write(format!("MAIL FROM:<team@acme.example>\r\nRCPT TO:<{to}>\r\nDATA\r\n")).await;
        for code in ["250", "250", "354"] {
            let answer = self.answer().await;
            if !answer.starts_with(code) {
                return answer;
            }
        }
        self.write(message).await;
        self.answer().await
    }
}
