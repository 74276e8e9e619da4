//! `soundings serve` in a folder of its own, and what a visitor and the operating system can see of it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::program::program;
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};

pub struct Daemon {
    child: Child,
    port: u16,
    log: PathBuf,
}

/// Runs a command to its end and returns all that it says.
pub fn soundings(folder: &Path, arguments: &[&str]) -> String {
    // Where others may read what is written, and what should end and does not is ended.
    let line = ["-c", "umask 022; exec timeout 60 \"$0\" \"$@\"", program()];
    let done = Command::new("sh").args(line).args(arguments).current_dir(folder).output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
}

impl Daemon {
    /// Writes the settings; port 1 is a mail server that is not there.
    pub fn settings(folder: &Path, extra: &str, port: u16) {
        let file = folder.join("soundings.toml");
        let smtp = if extra.contains("[smtp]") { "" } else { "[smtp]\nport = 1\n" };
        let base =
            format!("[server]\nlisten = \"127.0.0.1:{port}\"\nbase_url = \"http://127.0.0.1:{}\"\n", port.max(1));
        fs::write(&file, format!("{base}{smtp}{extra}")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// `files`: how many it may have open.
    pub fn start(folder: &Path, extra: &str, files: Option<u64>) -> Daemon {
        // Somebody else may take the free port before the program does.
        let started = (0..5).find_map(|_| Daemon::try_start(folder, extra, files));
        started.ok_or("no port stayed free").unwrap()
    }

    fn try_start(folder: &Path, extra: &str, files: Option<u64>) -> Option<Daemon> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Daemon::settings(folder, extra, port);
        let log = folder.join("log");
        let limit = files.map_or(String::new(), |n| format!("ulimit -n {n}; "));
        let child = Command::new("sh")
            .args(["-c", &format!("umask 022; {limit}exec \"$0\" serve"), program()])
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut daemon = Daemon { child, port, log };
        let began = Instant::now();
        while !daemon.log().contains("serving http") {
            assert!(began.elapsed() < Duration::from_mins(1), "{}", daemon.log());
            if daemon.child.try_wait().unwrap().is_some() {
                eprintln!("{}", daemon.log());
                return None;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(daemon)
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Connections that say nothing, or begin and go no further.
    pub fn idle(&self, n: usize) -> Vec<TcpStream> {
        let limit = getrlimit(Resource::Nofile);
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
        let one = |n: usize| {
            let mut stream = self.connect();
            if n.is_multiple_of(2) {
                let _ = stream.write_all(b"GET /log-in HTTP/1.1\r\nx: ");
            }
            stream
        };
        (0..n).map(one).collect()
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said);
        String::from_utf8_lossy(&said).into_owned()
    }

    pub fn get(&self, path: &str) -> String {
        self.get_with(path, "")
    }

    /// `more`: further lines of the head.
    pub fn get_with(&self, path: &str, more: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\n{more}\r\n", self.port))
    }

    /// Forms that are announced and never come.
    pub fn bodiless(&self, n: usize) -> Vec<TcpStream> {
        let one = |n: usize| {
            let mut stream = self.connect();
            let begun = if n.is_multiple_of(2) { "email=ol" } else { "" };
            let head = format!("POST /log-in HTTP/1.1\r\nhost: 127.0.0.1:{}\r\ncontent-length: 40\r\n", self.port);
            let kind = "content-type: application/x-www-form-urlencoded";
            let _ = stream.write_all(format!("{head}{kind}\r\n\r\n{begun}").as_bytes());
            stream
        };
        (0..n).map(one).collect()
    }

    pub fn post(&self, path: &str, body: &str) -> String {
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        ))
    }

    /// Resident, in kB.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }

    /// In good order; whether it ended by itself with success.
    pub fn stop(&mut self) -> bool {
        if let Some(pid) = Pid::from_raw(self.child.id() as i32) {
            kill_process(pid, Signal::TERM).unwrap();
        }
        let began = Instant::now();
        while began.elapsed() < Duration::from_mins(1) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
