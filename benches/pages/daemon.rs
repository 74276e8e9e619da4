//! `soundings serve` as a child process: how soon it is ready, what it takes, and its end in good order.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::client::Visitor;
use super::figures::{load_of_the_machine, memory};

pub struct Daemon {
    child: Child,
    pub pid: String,
    /// From its start until it said that it was ready.
    pub ready_ms: f64,
}

/// A port that is free now.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Settings of a daemon that sends to a server on this machine; returns the file.
pub fn settings(folder: &Path, database: &str, port: u16, smtp_port: u16) -> std::path::PathBuf {
    let home = folder.display();
    let text = format!(
        "secret_key_file = \"{home}/secret.key\"\noutbound_journal = \"{home}/outbound\"\n\
         [server]\nlisten = \"127.0.0.1:{port}\"\nbase_url = \"http://127.0.0.1:{port}\"\n\
         [database]\nurl = \"{database}\"\n[smtp]\nport = {smtp_port}\nconnections = 10\n\
         [scoring]\nfile = \"{home}/scoring.jsonl\"\n[dns]\nservers = \"127.0.0.1:9\"\n\
         [pace]\nresolve = false\nper_gateway_per_hour = 0\nopen_per_gateway = 0\nfirst_alone_minutes = 0\nwarmed = \"*\"\n\
         [calendar]\nfile = \"{home}/holidays.csv\"\n"
    );
    let path = folder.join("soundings.toml");
    fs::write(&path, text).unwrap();
    path
}

impl Daemon {
    pub async fn start(folder: &Path, config: &Path, port: u16) -> Daemon {
        let log = File::create(folder.join("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
        command.arg("--config").arg(config).arg("serve").current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let visitor = Visitor { port, cookie: String::new() };
        let began = Instant::now();
        let mut child = command.spawn().unwrap();
        while visitor.get("/readyz", false).await.status != 200 {
            let ended = child.try_wait().unwrap();
            let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(ended.is_none() && began.elapsed() < Duration::from_mins(2), "{}", log());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let ready_ms = began.elapsed().as_secs_f64() * 1_000.0;
        let pid = child.id().to_string();
        Daemon { child, pid, ready_ms }
    }

    pub fn memory(&self) -> (u64, u64) {
        memory(&self.pid)
    }

    /// Seconds that the processors have worked for it, to a hundredth, threads that have ended included.
    pub fn worked(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or("");
        after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum::<f64>() / 100.0
    }

    pub async fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.pid]).status().unwrap();
        assert!(told.success());
        let began = Instant::now();
        while self.child.try_wait().unwrap().is_none() && began.elapsed() < Duration::from_mins(1) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Who has ended needs no killing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a daemon takes that has nothing to do: on an empty database, then on the one that it has made.
pub async fn idle(database: &str, seconds: u64) {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", folder.path().join("soundings.db").display());
    let database = if database.is_empty() { file } else { database.into() };
    let port = free_port();
    let config = settings(folder.path(), &database, port, 1);
    fs::write(folder.path().join("holidays.csv"), "country,region,date,name\n").unwrap();
    for what in ["first start", "start", "start", "start"] {
        let daemon = Daemon::start(folder.path(), &config, port).await;
        let before = daemon.worked();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let (now, peak) = daemon.memory();
        println!(
            "{{\"what\":\"idle, {what}\",\"database\":\"{}\",\"ready_ms\":{:.0},\"rss_mb\":{now},\"peak_mb\":{peak},\
             \"processor_share\":{:.4},\"load\":{}}}",
            database.split(':').next().unwrap_or(""),
            daemon.ready_ms,
            (daemon.worked() - before) / seconds as f64,
            load_of_the_machine(),
        );
        daemon.stop().await;
    }
}
