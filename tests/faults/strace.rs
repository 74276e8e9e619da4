//! strace as the hand that kills, fails or delays one system call.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::program::program;
use super::skip;

/// Calls by which anything leaves the process: files, and sockets to PostgreSQL and the mail server.
pub const WRITES: &str = "write,writev,pwrite64,pwritev,fsync,fdatasync,ftruncate,unlink,rename,link,sendto,sendmsg";

/// What a full disk fails: data, and the promise that it is there.
pub const DISK: &str = "pwrite64,fsync,fdatasync,ftruncate";

/// Whether system calls can be touched here. On CI they must.
pub fn works() -> bool {
    let tried = Command::new("strace").args(["-f", "-qq", "-e", "trace=fsync", "true"]).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success()) || skip("strace is not here or may not trace")
}

/// A wrapper that does `what` (such as `signal=SIGKILL`) to these calls, `when` (such as `17` or `5+`) a thread makes each.
pub fn inject(calls: &str, what: &str, when: &str) -> Vec<String> {
    let trace = format!("trace={calls}");
    let inject = format!("inject={calls}:{what}:when={when}");
    ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject].map(String::from).into()
}

/// Runs a command of the program below this wrapper.
pub fn run(wrapper: &[String], config: &Path, args: &[&str]) -> Output {
    let mut command = match wrapper.split_first() {
        Some((first, rest)) => {
            let mut command = Command::new(first);
            command.args(rest).arg(program());
            command
        }
        None => Command::new(program()),
    };
    command.arg("--config").arg(config).args(args).stdin(Stdio::null()).output().unwrap()
}

/// A wrapper that only counts, and the file that [`counted`] reads.
pub fn counting(file: &Path) -> Vec<String> {
    let (trace, file) = (format!("trace={WRITES}"), file.display().to_string());
    ["strace", "-f", "-qq", "-o", &file, "-e", &trace].map(String::from).into()
}

/// A call to be hit: its name, and which of those that one thread makes. strace counts each call of each thread on its own.
pub type Point = (String, usize);

/// Every call that was made, as far as the threads that made most of them reach.
pub fn counted(file: &Path) -> Vec<Point> {
    let mut made: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let log = fs::read_to_string(file).unwrap();
    for line in log.lines() {
        let mut words = line.split([' ', '(']).filter(|word| !word.is_empty());
        if let (Some(thread), Some(call)) = (words.next(), words.next())
            && WRITES.split(',').any(|name| name == call)
        {
            *made.entry((call, thread)).or_default() += 1;
        }
    }
    let mut most: BTreeMap<&str, usize> = BTreeMap::new();
    for ((call, _), times) in made {
        most.entry(call).and_modify(|n| *n = times.max(*n)).or_insert(times);
    }
    most.into_iter().flat_map(|(call, times)| (1..=times).map(|n| (call.to_string(), n))).collect()
}

/// Which points to try: all of them when `SOUNDINGS_KILLS=all`, else `few` spread evenly.
pub fn points(all: &[Point], few: usize) -> Vec<Point> {
    if std::env::var("SOUNDINGS_KILLS").is_ok_and(|kills| kills == "all") || all.len() <= few {
        return all.to_vec();
    }
    (0..few).map(|n| all[n * (all.len() - 1) / (few - 1)].clone()).collect()
}
