//! A name server on loopback that answers with what it was given, and can be silent, broken or unwilling (F11).
//!
//! UDP, and TCP for what does not fit. It is the authority for every name: what it was not given does not exist.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hickory_resolver::proto::op::{Message, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, CNAME, MX, PTR, SOA, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};

use soundings::config::DnsSettings;

const TTL: u32 = 300;
/// What resolvers of today take in one datagram.
const DATAGRAM: usize = 1_232;

/// How a name behaves.
#[derive(Clone, Debug)]
enum Entry {
    Records(Vec<RData>),
    /// SERVFAIL.
    Broken,
    Silent,
}

type Zone = Arc<Mutex<HashMap<String, Entry>>>;

/// Runs until dropped with its runtime. Cheap to clone.
#[derive(Clone)]
pub struct NameServer {
    at: SocketAddr,
    zone: Zone,
    asked: Arc<AtomicU64>,
}

impl NameServer {
    pub async fn start() -> io::Result<NameServer> {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (mut udp, mut tcp) = (UdpSocket::bind(any).await?, None);
        // A port that is free for datagrams can be taken for streams.
        for _ in 0..20 {
            match TcpListener::bind(udp.local_addr()?).await {
                Ok(listener) => tcp = Some(listener),
                Err(_) => udp = UdpSocket::bind(any).await?,
            }
            if tcp.is_some() {
                break;
            }
        }
        let at = udp.local_addr()?;
        let tcp = tcp.ok_or(io::ErrorKind::AddrInUse)?;
        let server = NameServer { at, zone: Zone::default(), asked: Arc::default() };
        tokio::spawn(server.clone().datagrams(udp));
        tokio::spawn(server.clone().streams(tcp));
        Ok(server)
    }

    /// For a `Dns` that asks here.
    pub fn settings(&self) -> DnsSettings {
        DnsSettings { servers: vec![self.at] }
    }

    /// How many questions came.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// The name exists, so far without records.
    pub fn exists(&self, name: &str) -> &Self {
        self.change(name, |_| {})
    }

    pub fn txt(&self, name: &str, text: &str) -> &Self {
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(255).collect();
        self.add(name, RData::TXT(TXT::from_bytes(pieces)))
    }

    /// An empty host is the null MX of RFC 7505.
    pub fn mx(&self, domain: &str, preference: u16, host: &str) -> &Self {
        self.add(domain, RData::MX(MX::new(preference, name(host))))
    }

    pub fn address(&self, host: &str, address: IpAddr) -> &Self {
        let data = match address {
            IpAddr::V4(four) => RData::A(A(four)),
            IpAddr::V6(six) => RData::AAAA(AAAA(six)),
        };
        self.add(host, data)
    }

    pub fn alias(&self, from: &str, to: &str) -> &Self {
        self.add(from, RData::CNAME(CNAME(name(to))))
    }

    pub fn reverse(&self, address: IpAddr, host: &str) -> &Self {
        self.add(&Name::from(address).to_ascii(), RData::PTR(PTR(name(host))))
    }

    pub fn broken(&self, name: &str) -> &Self {
        self.set(name, Entry::Broken)
    }

    pub fn silent(&self, name: &str) -> &Self {
        self.set(name, Entry::Silent)
    }

    /// As if the name had never been given.
    pub fn forget(&self, name: &str) -> &Self {
        self.locked().remove(&key(name));
        self
    }

    fn add(&self, name: &str, data: RData) -> &Self {
        self.change(name, |records| records.push(data))
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Vec<RData>)) -> &Self {
        {
            let mut zone = self.locked();
            let entry = zone.entry(key(name)).or_insert_with(|| Entry::Records(Vec::new()));
            if !matches!(entry, Entry::Records(_)) {
                *entry = Entry::Records(Vec::new());
            }
            if let Entry::Records(records) = entry {
                change(records);
            }
        }
        self
    }

    fn set(&self, name: &str, entry: Entry) -> &Self {
        self.locked().insert(key(name), entry);
        self
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<String, Entry>> {
        self.zone.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn datagrams(self, socket: UdpSocket) {
        let mut buffer = [0; 4_096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let Some(answer) = self.answer(buffer.get(..length).unwrap_or_default()) else { continue };
            let fitting = match answer.to_vec() {
                Ok(bytes) if bytes.len() <= DATAGRAM => Ok(bytes),
                _ => answer.truncate().to_vec(),
            };
            if let Ok(bytes) = fitting {
                let _ = socket.send_to(&bytes, from).await;
            }
        }
    }

    async fn streams(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let server = self.clone();
            tokio::spawn(async move { server.stream(stream).await });
        }
    }

    /// Ends with the first question that cannot be read or answered.
    async fn stream(&self, mut stream: TcpStream) -> Option<()> {
        loop {
            let length = stream.read_u16().await.ok()?;
            let mut question = vec![0; usize::from(length)];
            stream.read_exact(&mut question).await.ok()?;
            let answer = self.answer(&question)?.to_vec().ok()?;
            stream.write_u16(u16::try_from(answer.len()).ok()?).await.ok()?;
            stream.write_all(&answer).await.ok()?;
        }
    }

    /// `None` where nothing is said.
    fn answer(&self, question: &[u8]) -> Option<Message> {
        let question = Message::from_vec(question).ok()?;
        let query = question.queries.first()?.clone();
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut answer = Message::response(question.metadata.id, OpCode::Query);
        answer.metadata.authoritative = true;
        answer.metadata.recursion_desired = question.metadata.recursion_desired;
        answer.metadata.recursion_available = true;
        answer.add_query(query.clone());
        let mut at = query.name().clone();
        // A few aliases deep, as in life.
        for _ in 0..8 {
            match self.locked().get(&key(&at.to_ascii())).cloned() {
                Some(Entry::Silent) => return None,
                Some(Entry::Broken) => answer.metadata.response_code = ResponseCode::ServFail,
                None => answer.metadata.response_code = ResponseCode::NXDomain,
                Some(Entry::Records(records)) => {
                    let alias =
                        records.iter().find_map(|r| if let RData::CNAME(to) = r { Some(to.0.clone()) } else { None });
                    for data in records {
                        if data.record_type() == query.query_type() || data.record_type() == RecordType::CNAME {
                            answer.add_answer(Record::from_rdata(at.clone(), TTL, data));
                        }
                    }
                    if let Some(to) = alias {
                        at = to;
                        continue;
                    }
                }
            }
            break;
        }
        if answer.answers.is_empty() {
            let authority = SOA::new(name("ns.example"), name("host.example"), 1, 3_600, 600, 86_400, TTL);
            answer.add_authority(Record::from_rdata(query.name().clone(), TTL, RData::SOA(authority)));
        }
        Some(answer)
    }
}

fn key(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// What cannot be a name is the root.
fn name(text: &str) -> Name {
    let mut name = Name::from_ascii(text).unwrap_or_else(|_| Name::root());
    name.set_fqdn(true);
    name
}
