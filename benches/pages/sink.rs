//! An SMTP server on this machine that takes everything, at most so many messages a second, and keeps the links to assessments in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

const LINK: &str = "/assessment/";

pub struct Sink {
    pub port: u16,
    pub taken: AtomicU64,
    /// Messages a second; 0: as fast as they come.
    pub rate: AtomicU64,
    /// When the next one is taken.
    next: Mutex<Instant>,
    /// Of whoever was invited and has not answered yet.
    pub secrets: Mutex<Vec<String>>,
}

impl Sink {
    pub async fn start() -> Arc<Sink> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let sink = Arc::new(Sink {
            port: listener.local_addr().unwrap().port(),
            taken: AtomicU64::new(0),
            rate: AtomicU64::new(0),
            next: Mutex::new(Instant::now()),
            secrets: Mutex::default(),
        });
        let shared = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = shared.clone();
                // A conversation ends when the other side hangs up.
                tokio::spawn(async move { sink.converse(stream).await });
            }
        });
        sink
    }

    async fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 sink.example ESMTP\r\n").await?;
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let verb = line.get(..4).unwrap_or("").to_ascii_uppercase();
            let says: &[u8] = match verb.as_str() {
                "EHLO" => b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n",
                "DATA" => b"354 go on\r\n",
                "QUIT" => b"221 2.0.0 bye\r\n",
                _ => b"250 2.0.0 ok\r\n",
            };
            stream.write_all(says).await?;
            if verb == "DATA" {
                self.message(&mut stream).await?;
                self.turn().await;
                self.taken.fetch_add(1, Ordering::Relaxed);
                stream.write_all(b"250 2.0.0 taken\r\n").await?;
            }
        }
    }

    async fn message(&self, stream: &mut BufReader<TcpStream>) -> std::io::Result<()> {
        let (mut line, mut secret) = (Vec::new(), None);
        loop {
            line.clear();
            if stream.read_until(b'\n', &mut line).await? == 0 || line == b".\r\n" {
                break;
            }
            if secret.is_none() {
                let text = String::from_utf8_lossy(&line);
                let rest = text.split_once(LINK).map(|(_, rest)| rest);
                secret = rest.map(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>());
            }
        }
        self.secrets.lock().await.extend(secret);
        Ok(())
    }

    /// Waits until the rate lets one more go.
    async fn turn(&self) {
        let rate = self.rate.load(Ordering::Relaxed);
        if rate == 0 {
            return;
        }
        let at = {
            let mut next = self.next.lock().await;
            // Who was late is not made up for by a burst of more than a tenth of a second.
            let now = Instant::now();
            let earliest = now.checked_sub(Duration::from_millis(100)).unwrap_or(now);
            *next = (*next).max(earliest) + Duration::from_secs(1) / rate as u32;
            *next
        };
        tokio::time::sleep_until(at.into()).await;
    }
}
