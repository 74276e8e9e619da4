//! The other end: an SMTP server in this process that writes down every message it takes, and does what it is told at each moment of a
//! conversation: answer otherwise, be silent, hang up, or have the sender killed first.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The connection stands, nothing was said.
    Connect,
    Hello,
    Mail,
    Recipient,
    /// DATA was asked for; its answer comes after this moment.
    Data,
    /// The first line of the message is read.
    Body,
    /// The final dot is read; the message is taken, unless the answer says otherwise.
    Dot,
    /// 250 is written.
    Answered,
}

/// What to do at a moment.
pub enum Act {
    Usual,
    Say(Vec<u8>),
    SayAndClose(Vec<u8>),
    Close,
    /// Nothing is said until the other side has had enough.
    Silent,
}

/// Where a conversation stands.
#[derive(Clone, Debug)]
pub struct Moment {
    pub stage: Stage,
    /// How often this stage was reached since the sink was told how to behave, this time included.
    pub nth: u64,
    /// Messages that this connection has carried.
    pub carried: u64,
    pub recipient: String,
}

pub type Behaviour = Arc<dyn Fn(&Moment) -> Act + Send + Sync>;

/// A message that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    pub recipient: String,
    pub message_id: String,
    /// `X-Soundings-Message`: the row of the ledger.
    pub row: String,
}

struct Shared {
    taken: Mutex<Vec<Taken>>,
    behaviour: Mutex<Behaviour>,
    reached: [AtomicU64; 8],
    pipelining: AtomicBool,
    /// By their number: who was killed has no address any more.
    open: Mutex<BTreeMap<u64, TcpStream>>,
    over: AtomicBool,
}

pub struct Sink {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Sink {
    pub fn start() -> Sink {
        Sink::listening(TcpListener::bind(("127.0.0.1", 0)).unwrap())
    }

    pub fn listening(listener: TcpListener) -> Sink {
        let shared = Arc::new(Shared {
            taken: Mutex::default(),
            behaviour: Mutex::new(Arc::new(|_| Act::Usual)),
            reached: Default::default(),
            pipelining: AtomicBool::new(true),
            open: Mutex::default(),
            over: AtomicBool::new(false),
        });
        let sink = Sink { address: listener.local_addr().unwrap(), shared: shared.clone() };
        thread::spawn(move || {
            for (number, stream) in (0..).zip(listener.incoming().flatten()) {
                if shared.over.load(Ordering::SeqCst) {
                    return;
                }
                let shared = shared.clone();
                thread::spawn(move || {
                    shared.open.lock().unwrap().extend(stream.try_clone().map(|stream| (number, stream)));
                    // A conversation ends when either side hangs up.
                    let _ = Session::new(stream, &shared).and_then(|mut session| session.converse());
                    shared.open.lock().unwrap().remove(&number);
                });
            }
        });
        sink
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn without_pipelining(self) -> Sink {
        self.shared.pipelining.store(false, Ordering::SeqCst);
        self
    }

    /// From now on; counts begin anew.
    pub fn behave(&self, behaviour: impl Fn(&Moment) -> Act + Send + Sync + 'static) {
        let mut now = self.shared.behaviour.lock().unwrap();
        self.shared.reached.iter().for_each(|n| n.store(0, Ordering::SeqCst));
        *now = Arc::new(behaviour);
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.shared.taken.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.shared.taken.lock().unwrap().len()
    }

    pub fn wait_for(&self, messages: usize, within: Duration) {
        let began = Instant::now();
        while self.count() < messages {
            assert!(began.elapsed() < within, "only {} of {messages} messages came in {within:?}", self.count());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends every conversation that is open, with these last words.
    pub fn hang_up(&self, words: &[u8]) {
        for stream in self.shared.open.lock().unwrap().values_mut() {
            let _ = stream.write_all(words);
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Until every conversation has ended: what a dead sender had written is read to its end.
    pub fn wait_until_quiet(&self) {
        let began = Instant::now();
        while !self.shared.open.lock().unwrap().is_empty() {
            assert!(began.elapsed() < Duration::from_secs(10), "a conversation does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

struct Session<'a> {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    shared: &'a Shared,
    carried: u64,
    has_sender: bool,
    recipient: String,
}

/// The conversation is over.
struct Over;

impl From<std::io::Error> for Over {
    fn from(_: std::io::Error) -> Over {
        Over
    }
}

type Going<T> = Result<T, Over>;

impl Session<'_> {
    fn new(stream: TcpStream, shared: &Shared) -> Going<Session<'_>> {
        stream.set_nodelay(true)?;
        let writer = stream.try_clone()?;
        Ok(Session {
            reader: BufReader::with_capacity(512, stream),
            writer,
            shared,
            carried: 0,
            has_sender: false,
            recipient: String::new(),
        })
    }

    fn converse(&mut self) -> Going<()> {
        self.moment(Stage::Connect, b"220 sink.example ESMTP\r\n")?;
        loop {
            let line = self.line()?;
            let verb = String::from_utf8_lossy(&line).trim_end().to_string();
            match verb.to_ascii_uppercase().get(..4).unwrap_or_default() {
                "EHLO" => {
                    let pipelining = self.shared.pipelining.load(Ordering::SeqCst);
                    let offer = if pipelining { "250-PIPELINING\r\n" } else { "" };
                    let text = format!("250-sink.example\r\n{offer}250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n");
                    self.moment(Stage::Hello, text.as_bytes())?;
                }
                "MAIL" => self.has_sender = self.moment(Stage::Mail, b"250 2.1.0 ok\r\n")?,
                "RCPT" if !self.has_sender => self.say(b"503 5.5.1 no sender\r\n")?,
                "RCPT" => {
                    let address = verb.split(['<', '>']).nth(1).unwrap_or_default().to_string();
                    self.recipient = address;
                    if !self.moment(Stage::Recipient, b"250 2.1.5 ok\r\n")? {
                        self.recipient.clear();
                    }
                }
                "DATA" if self.recipient.is_empty() => self.say(b"503 5.5.1 no recipient\r\n")?,
                "DATA" => self.data()?,
                "RSET" => {
                    self.has_sender = false;
                    self.recipient.clear();
                    self.say(b"250 2.0.0 ok\r\n")?;
                }
                "QUIT" => {
                    self.say(b"221 2.0.0 bye\r\n")?;
                    return Err(Over);
                }
                _ => self.say(b"502 5.5.2 what?\r\n")?,
            }
        }
    }

    fn data(&mut self) -> Going<()> {
        if !self.moment(Stage::Data, b"354 go on\r\n")? {
            return Ok(());
        }
        let mut message = Vec::new();
        let mut line = self.line()?;
        self.moment(Stage::Body, b"")?;
        while line != b".\r\n" {
            message.extend_from_slice(&line);
            line = self.line()?;
        }
        let act = self.look(Stage::Dot);
        let refused =
            matches!(&act, Act::Say(text) | Act::SayAndClose(text) if text.starts_with(b"4") || text.starts_with(b"5"));
        if !refused {
            self.keep(&message);
            self.carried += 1;
        }
        self.has_sender = false;
        self.recipient.clear();
        self.perform(act, b"250 2.0.0 taken\r\n")?;
        self.moment(Stage::Answered, b"")?;
        Ok(())
    }

    fn keep(&self, message: &[u8]) {
        let text = String::from_utf8_lossy(message);
        let header = |name: &str| {
            let wanted = format!("{}:", name.to_ascii_lowercase());
            let mut lines = text.lines().take_while(|line| !line.is_empty());
            let found = lines.find(|line| line.to_ascii_lowercase().starts_with(&wanted));
            found.map(|line| line[wanted.len()..].trim().to_string()).unwrap_or_default()
        };
        self.shared.taken.lock().unwrap().push(Taken {
            recipient: self.recipient.clone(),
            message_id: header("Message-ID"),
            row: header("X-Soundings-Message"),
        });
    }

    fn look(&self, stage: Stage) -> Act {
        let behaviour = self.shared.behaviour.lock().unwrap().clone();
        let nth = self.shared.reached[stage as usize].fetch_add(1, Ordering::SeqCst) + 1;
        behaviour(&Moment { stage, nth, carried: self.carried, recipient: self.recipient.clone() })
    }

    /// Whether it went the usual way.
    fn moment(&mut self, stage: Stage, usual: &[u8]) -> Going<bool> {
        let act = self.look(stage);
        self.perform(act, usual)
    }

    fn perform(&mut self, act: Act, usual: &[u8]) -> Going<bool> {
        match act {
            Act::Usual => self.say(usual).map(|()| true),
            Act::Say(text) => self.say(&text).map(|()| false),
            Act::SayAndClose(text) => {
                self.say(&text)?;
                Err(Over)
            }
            Act::Close => Err(Over),
            Act::Silent => {
                // Reads and says nothing, for as long as anybody is there.
                let _ = std::io::copy(&mut self.reader, &mut std::io::sink());
                Err(Over)
            }
        }
    }

    fn say(&mut self, text: &[u8]) -> Going<()> {
        Ok(self.writer.write_all(text)?)
    }

    fn line(&mut self) -> Going<Vec<u8>> {
        let mut line = Vec::new();
        let mut limited = (&mut self.reader).take(1 << 20);
        limited.read_until(b'\n', &mut line)?;
        if line.ends_with(b"\n") { Ok(line) } else { Err(Over) }
    }
}
