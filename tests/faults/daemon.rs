//! The real program as a child process: started, told, stopped, killed.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::program::program;

/// Debug builds on a busy machine are slow to begin.
const PATIENCE: Duration = Duration::from_secs(90);

pub struct Daemon {
    child: Killer,
    log: PathBuf,
    port: u16,
    /// The program itself, where it runs below another.
    wrapped: bool,
}

/// Kills the daemon from any thread; cheap to clone.
#[derive(Clone)]
pub struct Killer(Arc<Mutex<Child>>);

impl Killer {
    pub fn kill(&self) {
        // Who is dead already needs no killing.
        let _ = self.0.lock().unwrap().kill();
    }

    fn ended(&self) -> Option<ExitStatus> {
        self.0.lock().unwrap().try_wait().unwrap()
    }
}

impl Daemon {
    /// Begins `soundings serve`, below `wrapper` where one is given; does not wait.
    pub fn spawn(wrapper: &[&str], config: &Path, log: &Path, port: u16) -> Daemon {
        let mut command = match wrapper.split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program());
                command
            }
            None => Command::new(program()),
        };
        let to = File::options().create(true).append(true).open(log).unwrap();
        command.arg("--config").arg(config).arg("serve").stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(to).process_group(0);
        let child = command.spawn().unwrap();
        Daemon {
            child: Killer(Arc::new(Mutex::new(child))),
            log: log.to_path_buf(),
            port,
            wrapped: !wrapper.is_empty(),
        }
    }

    pub fn killer(&self) -> Killer {
        self.child.clone()
    }

    /// Whether it comes to serve before it dies.
    pub fn comes_up(&self) -> bool {
        while self.is_alive() {
            if self.http("/readyz") == Some(200) {
                return true;
            }
            thread::sleep(Duration::from_millis(20));
        }
        false
    }

    /// Until it serves. It has looked after what earlier runs left behind by then.
    pub fn ready(self) -> Daemon {
        let began = Instant::now();
        while self.http("/readyz").is_none_or(|status| status != 200) {
            assert!(self.child.ended().is_none(), "the daemon ended at once: {}", self.said());
            assert!(began.elapsed() < PATIENCE, "the daemon does not begin: {}", self.said());
            thread::sleep(Duration::from_millis(20));
        }
        self
    }

    /// The status with which a page answers, if it does.
    pub fn http(&self, path: &str) -> Option<u16> {
        request(self.port, "GET", path, "")
    }

    /// A form sent from our own page.
    pub fn post(&self, path: &str, form: &str) -> Option<u16> {
        request(self.port, "POST", path, form)
    }

    pub fn signal(&self, signal: &str) {
        let pid = self.pid();
        let target = if self.wrapped { format!("-{pid}") } else { pid.to_string() };
        let sent = Command::new("kill").args([&format!("-{signal}"), "--", &target]).status().unwrap();
        assert!(sent.success(), "no {signal} for {target}");
    }

    pub fn pid(&self) -> u32 {
        self.child.0.lock().unwrap().id()
    }

    pub fn kill(self) {
        self.child.kill();
        self.wait(PATIENCE);
    }

    pub fn is_alive(&self) -> bool {
        self.child.ended().is_none()
    }

    /// Until it has ended, however it does.
    pub fn wait(&self, within: Duration) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.ended() {
                return status;
            }
            assert!(began.elapsed() < within, "the daemon does not end within {within:?}: {}", self.said());
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// SIGTERM; how long it took to end in good order.
    pub fn stop(self) -> Duration {
        let began = Instant::now();
        self.signal("TERM");
        let status = self.wait(Duration::from_secs(45));
        assert!(status.success(), "{status}: {}", self.said());
        began.elapsed()
    }

    /// Its log, of all runs with the same file.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub fn wait_until_it_says(&self, what: &str, within: Duration) {
        let began = Instant::now();
        while !self.said().contains(what) {
            assert!(began.elapsed() < within, "it does not say {what:?}: {}", self.said());
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.child.ended().is_none() {
            // What runs below a wrapper is in its group.
            let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.pid())]).status();
            let _ = self.child.0.lock().unwrap().wait();
        }
    }
}

fn request(port: u16, method: &str, path: &str, form: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(35))).ok()?;
    let length = form.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
    )
    .ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    String::from_utf8_lossy(&answer).split_whitespace().nth(1)?.parse().ok()
}
