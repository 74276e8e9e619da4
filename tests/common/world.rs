//! An installation in a test: database, hand-turned clock, a mail server that keeps what it gets, and the lines that send.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use soundings::base::address::EmailAddress;
use soundings::base::clock::{Clock, Ts};
use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;
use soundings::config::SmtpSettings;
use soundings::intake::folder::RoundFolder;
use soundings::rehearsal::mailbox::{Mailbox, Received};
use soundings::rules::journal::Actor;
use soundings::steps::audit::promises;
use soundings::steps::completion;
use soundings::steps::contacts::Allowed;
use soundings::steps::duties::list::{DUTIES, Work};
use soundings::steps::replies::{self, Mail};
use soundings::steps::round::reload::Replace;
use soundings::steps::round::{self, Loaded, RoundOrder};
use soundings::steps::sending::delivery::{self, Line, Report};
use soundings::steps::sending::outbound::{Outbound, holds};
use soundings::steps::{Ctx, Live};
use soundings::store::replies::Reply;
use soundings::store::{self, Db};
use tempfile::TempDir;
use tokio::sync::mpsc::unbounded_channel;

use super::copies;
use super::round::ROUND;

/// The operator in all stories.
pub const OPERATOR: &str = "olga@northwind.example";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Sqlite,
    Postgres,
}

pub struct World {
    pub ctx: Ctx,
    pub mailbox: Mailbox,
    pub lines: Vec<Line>,
    pub url: String,
    pub folder: TempDir,
    connections: usize,
}

/// An instant as people write it.
pub fn at(text: &str) -> Ts {
    serde_json::from_value(serde_json::Value::from(text)).unwrap()
}

/// The outbound journal in this folder.
pub async fn journal(ctx: &Ctx, folder: &Path) -> Arc<Outbound> {
    Arc::new(Outbound::open(ctx, folder, false).await.unwrap())
}

impl World {
    /// A fresh installation on Monday, 25 January 2027, 09:00 in London. `None` where the database is not to be had.
    pub async fn new(place: Place) -> Option<World> {
        let folder = tempfile::tempdir().unwrap();
        let url = copies::migrated(place, folder.path()).await?;
        let clock = Clock::hand(at("2027-01-25T09:00:00Z"));
        let ids = Ids::seeded(7);
        let db = Db::open(&url, "off").await.unwrap();
        let key = SecretKey::draw(&Ids::seeded(1));
        let mailbox = Mailbox::start_with(SocketAddr::from(([127, 0, 0, 1], 0)), clock.clone()).await.unwrap();
        let mut ctx = Ctx::new(db, clock, ids, key, "https://soundings.northwind.example");
        ctx.outbound = Some(journal(&ctx, &folder.path().join("outbound")).await);
        let mut world = World { ctx, mailbox, lines: Vec::new(), url, folder, connections: 1 };
        world.with_connections(1);
        Some(world)
    }

    /// Sends over so many connections from now on.
    pub fn with_connections(&mut self, connections: usize) {
        self.connections = connections;
        self.lines = self.new_lines();
    }

    pub fn new_lines(&self) -> Vec<Line> {
        delivery::lines(&SmtpSettings {
            port: self.mailbox.address().port(),
            connections: self.connections,
            ..SmtpSettings::default()
        })
    }

    /// A second daemon: connections, ids, leases and journal of its own on the same database, the same key and mail server. Somebody has said
    /// that it may send.
    pub async fn second_daemon(&self) -> (Ctx, Vec<Line>) {
        let mut ctx = self.elsewhere(&self.url).await;
        ctx.outbound = Some(journal(&ctx, &self.folder.path().join("second")).await);
        ctx.order(&Actor::operator(OPERATOR), holds::ResumeSending).await.unwrap();
        (ctx, self.new_lines())
    }

    /// This installation on another database, without a journal.
    pub async fn elsewhere(&self, url: &str) -> Ctx {
        // Every program draws ids of its own.
        static STARTED: AtomicU64 = AtomicU64::new(100);
        let db = Db::open(url, "off").await.unwrap();
        let ids = Ids::seeded(STARTED.fetch_add(1, Ordering::SeqCst));
        Ctx::new(db, self.ctx.clock.clone(), ids, self.ctx.key.clone(), &self.ctx.base_url)
    }

    /// The usual round as it is now.
    pub async fn live(&self) -> Arc<Live> {
        let mut tx = self.ctx.db.read().await.unwrap();
        self.ctx.live_by_slug(&mut tx, ROUND).await.unwrap()
    }

    /// A copy of the database as it is now.
    pub async fn copied(&self) -> String {
        match self.url.strip_prefix("sqlite:") {
            Some(_) => {
                let copy = self.folder.path().join("copy.db").display().to_string();
                self.ctx.db.backup(&copy, 7).await.unwrap();
                format!("sqlite:{copy}")
            }
            None => copies::copy(&self.url).await,
        }
    }

    pub fn now(&self) -> Ts {
        self.ctx.clock.now()
    }

    /// Turns the clock without doing anything, as for a machine that was off.
    pub fn sleep_until(&self, when: &str) {
        self.ctx.clock.turn_to(at(when));
    }

    pub async fn load(&self, folder: RoundFolder) -> Loaded {
        round::load(&self.ctx, folder, &Actor::operator(OPERATOR)).await.unwrap()
    }

    /// The same, when an operator has confirmed what accounts lose by it.
    pub async fn load_confirmed(&self, folder: RoundFolder) -> Loaded {
        round::load_as(
            &self.ctx,
            folder,
            Allowed { losing_owners: true, ..Allowed::default() },
            Replace::No,
            &Actor::operator(OPERATOR),
        )
        .await
        .unwrap()
    }

    pub async fn order(&self, order: RoundOrder) {
        self.ctx.order(&Actor::operator(OPERATOR), round::TellRound { slug: ROUND.into(), order }).await.unwrap();
    }

    /// Does everything that is due now, as the driver would, until nothing is.
    pub async fn work(&mut self) {
        for _ in 0..50 {
            let planned = self.think().await;
            let sent = delivery::drain(&self.ctx, &mut self.lines).await.unwrap();
            if planned + sent.settled == 0 {
                return;
            }
        }
        unreachable!("the daemon finds more to do for ever");
    }

    /// Every step of the table that is not left to its own time, whether it is due or not.
    pub async fn think(&self) -> u64 {
        let mut done = 0;
        for duty in &DUTIES {
            if let Work::InTurn(step, _) | Work::AtChanges(step, _) = duty.work {
                done += step(&self.ctx).await.unwrap();
            }
        }
        done
    }

    /// Sends what is due, without planning anything new.
    pub async fn send(&mut self) -> Report {
        delivery::drain(&self.ctx, &mut self.lines).await.unwrap()
    }

    /// Lets the time pass up to then, working whenever something is due.
    pub async fn pass_to(&mut self, when: &str) {
        let end = at(when);
        loop {
            self.work().await;
            match self.next_due().await.map(|due| due.max(self.now().plus(1))) {
                Some(due) if due <= end => self.ctx.clock.turn_to(due),
                _ => break,
            }
        }
        self.ctx.clock.turn_to(end.max(self.now()));
        self.work().await;
    }

    async fn next_due(&self) -> Option<Ts> {
        let mut due = Vec::from_iter(delivery::next_due(&self.ctx).await.unwrap());
        let mut tx = self.ctx.db.read().await.unwrap();
        if let Some(round) = store::round::rounds::by_slug(&mut tx, ROUND).await.unwrap() {
            due.extend(round.next_digest_at);
            due.extend(
                store::signoff::of_round(&mut tx, &round.id).await.unwrap().iter().filter_map(|r| r.next_ask_at),
            );
            due.extend(store::installation::next_due::earliest(&mut tx).await.unwrap().request);
            due.extend(store::repair::of_round(&mut tx, &round.id).await.unwrap().iter().filter_map(|r| r.next_ask_at));
        }
        due.into_iter().filter(|due| *due > self.now()).min()
    }

    /// Sends what is due; when the server has read the first final dot it holds its answer until `action` is done.
    pub async fn send_and_at_the_first_dot<T>(&mut self, action: impl Future<Output = T>) -> (Report, T) {
        let (read, mut was_read) = unbounded_channel();
        let (go, may_answer) = mpsc::channel::<()>();
        let held = Mutex::new(Some(may_answer));
        self.mailbox.on_dot(Some(Arc::new(move |_| {
            let first = held.lock().unwrap().take();
            if let Some(may_answer) = first {
                read.send(()).unwrap();
                let _ = tokio::task::block_in_place(|| may_answer.recv());
            }
        })));
        let acting = async {
            was_read.recv().await.unwrap();
            let done = action.await;
            go.send(()).unwrap();
            done
        };
        let sending = delivery::drain(&self.ctx, &mut self.lines);
        let both = futures_util::future::join(sending, acting);
        let (report, done) = tokio::time::timeout(Duration::from_mins(1), both).await.unwrap();
        self.mailbox.on_dot(None);
        (report.unwrap(), done)
    }

    /// Sends what is due and is killed when `moment` comes, if it has not finished by then. The connections are cut.
    pub async fn crash_at(&mut self, moment: impl Future<Output = ()>) {
        let mut lines = std::mem::take(&mut self.lines);
        tokio::select! {
            () = moment => {}
            _ = delivery::drain(&self.ctx, &mut lines) => {}
        }
    }

    /// Sends what is due and is killed when the server has read so many final dots in all, before any answer to the last.
    pub async fn crash_after_dots(&mut self, dots: u64) {
        let (read, mut was_read) = unbounded_channel();
        let (go, may_answer) = mpsc::channel::<()>();
        let may_answer = Mutex::new(may_answer);
        let before = self.mailbox.count();
        let mailbox = self.mailbox.clone();
        self.mailbox.on_dot(Some(Arc::new(move |_| {
            if mailbox.count() >= before + dots {
                let _ = read.send(());
                let _ = tokio::task::block_in_place(|| may_answer.lock().unwrap().recv());
            }
        })));
        self.crash_at(async move { was_read.recv().await.unwrap() }).await;
        drop(go);
        self.mailbox.on_dot(None);
    }

    /// Starts again after a crash: a new name in leases, and a look at what the old run left behind.
    pub async fn restart(&mut self) -> u64 {
        self.ctx = self.ctx.restarted();
        self.lines = self.new_lines();
        delivery::recover(&self.ctx, true).await.unwrap()
    }

    /// From now on mails leave in the name of our return address.
    pub fn takes_replies(&mut self) {
        self.ctx.replies = Some(EmailAddress::parse("bounces@replies.northwind.example").unwrap());
    }

    /// These mails come back.
    pub async fn comes_back(&self, mails: &[String]) {
        let mails = mails.iter().map(|mail| Mail { content: Ok(mail.clone().into_bytes()), place: None });
        replies::take(&self.ctx, mails.collect()).await.unwrap();
    }

    /// What was made of what came back, in order: verdict, state and why.
    pub async fn made_of_it(&self) -> Vec<Reply> {
        let mut tx = self.ctx.db.read().await.unwrap();
        store::replies::all(&mut tx).await.unwrap()
    }

    /// What came to this address, in order.
    pub fn mails_to(&self, address: &str) -> Vec<Received> {
        self.mailbox.all().into_iter().filter(|mail| mail.recipient() == address).collect()
    }

    /// Their kinds: `warm_up`, `invitation`, ...
    pub fn kinds_to(&self, address: &str) -> Vec<String> {
        self.mails_to(address).into_iter().map(|mail| mail.kind).collect()
    }

    /// The last mail of this kind to this address.
    pub fn mail_to(&self, address: &str, kind: &str) -> Received {
        let mut mails = self.mails_to(address);
        mails.retain(|mail| mail.kind == kind);
        mails.pop().ok_or_else(|| format!("{address} has no {kind}")).unwrap()
    }

    /// At the end of every story: the nine promises hold, the counters are right, nobody has a second copy.
    pub async fn promises_hold(&self) {
        self.promises_hold_with_copies(&[]).await;
    }

    /// The same; these Message-IDs came twice, and the ledger had named them.
    pub async fn promises_hold_with_copies(&self, named: &[String]) {
        assert_eq!(
            self.ctx.order(&Actor::Program, completion::CheckCounters { slug: ROUND.to_string() }).await.unwrap(),
            Vec::<String>::new()
        );
        for promise in promises::check(&self.ctx, ROUND).await.unwrap() {
            assert!(promise.holds, "promise {}: {:?}", promise.id, promise.broken_by);
        }
        let copies: Vec<String> = self.mailbox.duplicates().into_iter().map(|(id, _)| id).collect();
        assert_eq!(copies, named);
    }
}
