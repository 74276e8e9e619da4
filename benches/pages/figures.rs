//! What the operating system knows of a process, and what many times come to.

use std::fs;

/// Megabytes of memory of a process: in use now, and at most so far.
pub fn memory(pid: &str) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let of = |key: &str| {
        let line = status.lines().find(|l| l.starts_with(key)).unwrap_or("");
        line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
    };
    (of("VmRSS:"), of("VmHWM:"))
}

/// Seconds that a process has been on a processor so far, all threads together.
pub fn on_processor(pid: &str) -> f64 {
    let of = |task: fs::DirEntry| fs::read_to_string(task.path().join("schedstat")).ok();
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten().filter_map(of);
    tasks.filter_map(|text| text.split(' ').next()?.parse::<f64>().ok()).sum::<f64>() / 1e9
}

/// Seconds of processor of the connections to this machine's PostgreSQL servers; 0 where there are none.
pub fn of_postgres() -> f64 {
    let is_connection = |pid: &str| {
        fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.starts_with("postgres: bench "))
    };
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = all.filter_map(|entry| entry.file_name().into_string().ok());
    pids.filter(|pid| is_connection(pid)).map(|pid| on_processor(&pid)).sum()
}

/// How many threads of the whole machine wanted a processor, in the last minute.
pub fn load_of_the_machine() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or("?").to_string()
}

/// Of sorted times.
pub fn at(sorted: &[f64], share: f64) -> f64 {
    sorted.get(((sorted.len() as f64 - 1.0) * share).ceil() as usize).copied().unwrap_or(0.0)
}
