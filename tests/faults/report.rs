//! One table at the end: what was done to the program, and what it cost.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::oracle::Verdict;

#[derive(Clone, Debug, Default)]
struct Line {
    kills: usize,
    lost: usize,
    doubled: usize,
    in_doubt: usize,
    most: usize,
    messages: usize,
}

/// Fault, database, connections.
type Key = (String, &'static str, usize);

static LINES: Mutex<BTreeMap<Key, Line>> = Mutex::new(BTreeMap::new());

/// `in_doubt`: how many messages each of the kills (or other blows) left in doubt.
pub fn add(fault: &str, database: &'static str, connections: usize, in_doubt: &[usize]) {
    let mut lines = LINES.lock().unwrap();
    let line = lines.entry((fault.to_string(), database, connections)).or_default();
    line.kills += in_doubt.len();
    line.in_doubt += in_doubt.iter().sum::<usize>();
    line.most = line.most.max(in_doubt.iter().copied().max().unwrap_or(0));
}

/// What the judge said when everything was over.
pub fn verdict(fault: &str, database: &'static str, connections: usize, messages: usize, verdict: &Verdict) {
    let mut lines = LINES.lock().unwrap();
    let line = lines.entry((fault.to_string(), database, connections)).or_default();
    line.messages += messages;
    line.lost += verdict.lost.len();
    line.doubled += verdict.doubled.len();
}

/// Tells the lines to the process that started this one.
pub fn hand_over() {
    for ((fault, database, connections), l) in LINES.lock().unwrap().iter() {
        let Line { kills, lost, doubled, in_doubt, most, messages } = l;
        println!("line|{fault}|{database}|{connections}|{kills}|{lost}|{doubled}|{in_doubt}|{most}|{messages}");
    }
}

/// Takes the lines of a process that was started by this one.
pub fn take_over(said: &str) {
    for line in said.lines().filter_map(|line| line.strip_prefix("line|")) {
        let parts: Vec<&str> = line.split('|').collect();
        let n = |at: usize| parts[at].parse().unwrap();
        let database = if parts[1] == "SQLite" { "SQLite" } else { "PostgreSQL" };
        let line = Line { kills: n(3), lost: n(4), doubled: n(5), in_doubt: n(6), most: n(7), messages: n(8) };
        LINES.lock().unwrap().insert((parts[0].to_string(), database, n(2)), line);
    }
}

pub fn print() {
    let lines = LINES.lock().unwrap();
    if lines.is_empty() {
        return;
    }
    let width = lines.keys().map(|(fault, ..)| fault.chars().count()).max().unwrap_or(0);
    println!("\n{:<width$}  database    conns  blows  messages  lost  doubled  in doubt  most per blow", "fault");
    for ((fault, database, connections), l) in lines.iter() {
        println!(
            "{fault:<width$}  {database:<10}  {connections:>5}  {:>5}  {:>8}  {:>4}  {:>7}  {:>8}  {:>13}",
            l.kills, l.messages, l.lost, l.doubled, l.in_doubt, l.most
        );
    }
}
