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
