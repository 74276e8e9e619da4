//! `serve` on a large round while messages leave, answers come and pages are open: what each page takes then, and what the daemon.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::client::{Answer, Visitor};
use super::daemon::{Daemon, free_port, settings};
use super::figures::{at, load_of_the_machine, of_postgres};
use super::paths::{OF_A_ROUND, OF_ALL, first_row};
use super::sink::Sink;
use super::{SLUG, number, options, round};

/// Everything that the questionnaire of `config/demo` asks for.
const ANSWERS: &str = "answer.trust_word=5&answer.trust_open=6&answer.trust_interest=4&answer.commitment_stay=6&answer.recommend=8\
                       &answer.quality_product=6&answer.quality_service=3&answer.people_understand=5&answer.value_price=4\
                       &answer.keep=The+engineer+on+the+telephone.&page=5&from=check&go=next";

/// What an open page asks for again when it is told of a change; pages that are so told, in turn.
const OPEN: [&str; 6] = ["", "/contacts", "/accounts", "/calls", "/outbox?state=sent", "/sign-off"];

/// Times by what was asked for.
#[derive(Clone, Default)]
struct Times(Arc<Mutex<BTreeMap<String, Vec<f64>>>>, Arc<Mutex<BTreeMap<String, u64>>>);

impl Times {
    async fn add(&self, what: &str, answer: &Answer, wanted: u16) {
        if answer.status == wanted {
            self.0.lock().await.entry(what.into()).or_default().push(answer.ms);
        } else {
            *self.1.lock().await.entry(format!("{what}: {}", answer.status)).or_default() += 1;
        }
    }

    async fn forget(&self) {
        self.0.lock().await.clear();
        self.1.lock().await.clear();
    }
}

/// Somebody looks at one page after the other, without end.
async fn look(operator: Visitor, paths: Vec<String>, times: Times) {
    loop {
        for path in &paths {
            let answer = operator.get(path, false).await;
            times.add(path, &answer, 200).await;
            sleep(Duration::from_millis(10)).await;
        }
    }
}

/// So many people a second fill in everything and send it.
async fn answer(sink: Arc<Sink>, visitor: Visitor, rate: u64, times: Times) {
    let mut clock = interval(Duration::from_secs(1) / rate as u32);
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    loop {
        clock.tick().await;
        let Some(secret) = sink.secrets.lock().await.pop() else { continue };
        let (visitor, times) = (visitor.clone(), times.clone());
        tokio::spawn(async move {
            let path = format!("/assessment/{secret}");
            let saved = visitor.post(&path, ANSWERS).await;
            times.add("answers are saved", &saved, 303).await;
            let sent = visitor.post(&path, "page=check&go=send").await;
            let accepted = sent.head.contains("done=send");
            times.add("answers are sent", &sent, if accepted { 303 } else { 0 }).await;
        });
    }
}

/// A page that is open: listens, and asks for itself when it hears of a change.
async fn keep_open(operator: Visitor, page: String, times: Times) {
    let mut piece = [0_u8; 4096];
    loop {
        let Ok(mut stream) = operator.listen(&format!("/rounds/{SLUG}/events")).await else { return };
        let mut is_first = true;
        while let Ok(n @ 1..) = stream.read(&mut piece).await {
            if !String::from_utf8_lossy(&piece[..n]).contains("event: changed") {
                continue;
            }
            // The first tells what the page has already.
            if !std::mem::take(&mut is_first) {
                let answer = operator.get(&page, true).await;
                times.add("open pages ask again", &answer, 200).await;
            }
        }
    }
}

async fn all_paths(operator: &Visitor) -> Vec<String> {
    let mut paths: Vec<String> = OF_A_ROUND.iter().map(|path| format!("/rounds/{SLUG}{path}")).collect();
    for list in ["contacts", "accounts", "sign-off", "messages"] {
        let on = if list == "messages" { "outbox?state=sent" } else { list };
        let page = operator.text(&format!("/rounds/{SLUG}/{on}")).await.unwrap();
        let row = first_row(&page, &format!("/rounds/{SLUG}/{list}"));
        if row.is_none() {
            eprintln!("no row of {list} is known");
        }
        paths.extend(row);
    }
    paths.extend(OF_ALL.map(String::from));
    paths
}

/// What goes on in a second, `seconds` long.
struct Rates {
    messages: u64,
    answers: u64,
    pages: usize,
    seconds: u64,
    contacts: usize,
}

pub async fn measure(contacts: usize, to_an_account: usize) {
    let kept = options("--folder").first().cloned();
    let temporary = tempfile::tempdir().unwrap();
    let folder = kept.as_ref().map_or(temporary.path(), std::path::Path::new);
    let file = format!("sqlite:{}", folder.join("soundings.db").display());
    let database = options("--database").first().cloned().unwrap_or(file);
    let sink = Sink::start().await;
    let port = free_port();
    let base_url = format!("http://127.0.0.1:{port}");
    let cookie = round::prepare(folder, &database, &base_url, contacts, to_an_account).await;
    let config = settings(folder, &database, port, sink.port);
    let daemon = Daemon::start(folder, &config, port).await;
    let (rss, peak) = daemon.memory();
    println!("{{\"what\":\"ready\",\"ready_ms\":{:.0},\"rss_mb\":{rss},\"peak_mb\":{peak}}}", daemon.ready_ms);

    // Some thousands have their invitations already, whom lists and answers can be about.
    let (began, before, sent) = (Instant::now(), daemon.worked(), number("--sent", 50_000).min(contacts / 2) as u64);
    while sink.taken.load(Ordering::Relaxed) < sent && began.elapsed() < Duration::from_mins(5) {
        sleep(Duration::from_millis(20)).await;
    }
    let taken = sink.taken.load(Ordering::Relaxed);
    println!(
        "{{\"what\":\"messages, as fast as they go\",\"count\":{taken},\"seconds\":{:.1},\"processor_seconds\":{:.1}}}",
        began.elapsed().as_secs_f64(),
        daemon.worked() - before,
    );
    let operator = Visitor { port, cookie };
    let rates = Rates {
        messages: number("--messages", 1_000) as u64,
        answers: number("--answers", 200) as u64,
        pages: number("--open-pages", 200),
        seconds: number("--seconds", 120) as u64,
        contacts,
    };
    let quiet = Rates { messages: 5, answers: 0, pages: 0, ..rates };
    run(&daemon, &sink, &operator, "quiet", &quiet).await;
    run(&daemon, &sink, &operator, "busy", &rates).await;
    daemon.stop().await;
}

async fn run(daemon: &Daemon, sink: &Arc<Sink>, operator: &Visitor, what: &str, rates: &Rates) {
    let times = Times::default();
    sink.rate.store(rates.messages, Ordering::Relaxed);
    let mut going = JoinSet::new();
    for n in 0..rates.pages {
        let page = format!("/rounds/{SLUG}{}", OPEN[n % OPEN.len()]);
        going.spawn(keep_open(operator.clone(), page, times.clone()));
    }
    if rates.answers > 0 {
        let visitor = Visitor { cookie: String::new(), ..operator.clone() };
        going.spawn(answer(sink.clone(), visitor, rates.answers, times.clone()));
    }
    going.spawn(look(operator.clone(), all_paths(operator).await, times.clone()));
    // Until all of it goes on.
    sleep(Duration::from_secs(10)).await;
    times.forget().await;
    let (began, taken) = (Instant::now(), sink.taken.load(Ordering::Relaxed));
    let (worked, of_database) = (daemon.worked(), of_postgres());
    sleep(Duration::from_secs(rates.seconds)).await;
    let seconds = began.elapsed().as_secs_f64();
    let share = (daemon.worked() - worked) / seconds;
    let of_database = (of_postgres() - of_database) / seconds;
    let taken = sink.taken.load(Ordering::Relaxed) - taken;
    going.shutdown().await;

    let all = std::mem::take(&mut *times.0.lock().await);
    let (mut of_pages, mut by_kind) = (Vec::new(), BTreeMap::new());
    for (path, mut ms) in all {
        ms.sort_by(f64::total_cmp);
        println!(
            "{{\"what\":\"{path}\",\"when\":\"{what}\",\"contacts\":{},\"times\":{},\"ms_median\":{:.1},\"ms_p99\":{:.1},\
             \"ms_longest\":{:.1}}}",
            rates.contacts,
            ms.len(),
            at(&ms, 0.5),
            at(&ms, 0.99),
            at(&ms, 1.0),
        );
        if path.starts_with('/') {
            of_pages.extend(ms);
        } else {
            by_kind.insert(path, ms.len() as f64 / seconds);
        }
    }
    of_pages.sort_by(f64::total_cmp);
    let (rss, peak) = daemon.memory();
    println!(
        "{{\"what\":\"{what}\",\"contacts\":{},\"messages_a_second\":{:.0},\"each_second\":{by_kind:?},\"pages\":{},\
         \"ms_median\":{:.1},\"ms_p99\":{:.1},\"processor_share\":{share:.2},\"of_postgresql\":{of_database:.2},\"rss_mb\":{rss},\
         \"peak_mb\":{peak},\"load\":{},\"refused\":{:?}}}",
        rates.contacts,
        taken as f64 / seconds,
        of_pages.len(),
        at(&of_pages, 0.5),
        at(&of_pages, 0.99),
        load_of_the_machine(),
        times.1.lock().await,
    );
}
