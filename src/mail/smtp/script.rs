//! For tests: a server that follows a script of what to expect and what to answer.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::config::smtp::SmtpSettings;

#[derive(Clone, Debug)]
pub enum Step {
    Say(&'static str),
    /// Reads one line that begins with this.
    Hear(&'static str),
    /// Reads up to and including a line that is a lone dot.
    HearBody,
    Stall,
    Hang,
}
use Step::*;

/// Plays the script on one connection and hands back all that the client said.
pub async fn play<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, steps: &[Step]) -> String {
    let (mut heard, mut from) = (String::new(), 0);
    for step in steps {
        match step {
            Say(text) => stream.write_all(text.as_bytes()).await.unwrap(),
            Stall => tokio::time::sleep(Duration::from_secs(30)).await,
            Hang => return heard,
            Hear(_) | HearBody => {
                let end = if matches!(step, HearBody) { "\r\n.\r\n" } else { "\r\n" };
                while !heard[from..].contains(end) {
                    let mut bytes = [0u8; 4096];
                    match stream.read(&mut bytes).await {
                        Ok(n) if n > 0 => heard.push_str(std::str::from_utf8(&bytes[..n]).unwrap()),
                        _ => return heard,
                    }
                }
                let line_end = from + heard[from..].find(end).unwrap() + end.len();
                if let Hear(start) = step {
                    assert!(heard[from..].starts_with(start), "expected {start}, heard {:?}", &heard[from..line_end]);
                }
                from = line_end;
            }
        }
    }
    // Whatever else the client says until it goes.
    let mut rest = Vec::new();
    let _ = tokio::time::timeout(Duration::from_millis(300), stream.read_to_end(&mut rest)).await;
    heard.push_str(&String::from_utf8_lossy(&rest));
    heard
}

/// Listens on loopback; the settings lead there, with time-outs of a few tenths of a second.
pub async fn serve(steps: Vec<Step>) -> (SmtpSettings, tokio::task::JoinHandle<String>) {
    let (listener, settings) = listen().await;
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        play(&mut stream, &steps).await
    });
    (settings, served)
}

pub async fn listen() -> (TcpListener, SmtpSettings) {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (
        listener,
        SmtpSettings { port, hello_name: "me.example".into(), time_out_factor: 0.001, ..SmtpSettings::default() },
    )
}

/// Greeting and EHLO with these extensions.
pub fn hello(extensions: &'static str) -> Vec<Step> {
    vec![Say("220 mx.example\r\n"), Hear("EHLO me.example"), Say(extensions)]
}

pub const PLAIN: &str = "250 mx.example\r\n";
pub const PIPELINING: &str = "250-mx.example\r\n250 pipelining\r\n";
