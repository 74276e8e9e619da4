//! What was received, as it came. Mails are read apart only when someone looks.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::base::clock::Ts;

/// Octets kept of mails that somebody has taken already.
const MOST_KEPT: usize = 256 * 1024 * 1024;

/// A mail with its envelope.
#[derive(Clone)]
pub struct Stored {
    pub number: u64,
    pub at: Ts,
    pub from: String,
    pub to: Vec<String>,
    pub raw: Arc<[u8]>,
    pub message_id: String,
    /// How many mails had this Message-ID when this was looked up.
    pub copies: u32,
}

#[derive(Default)]
pub struct Store {
    mails: VecDeque<Stored>,
    octets: usize,
    last: u64,
    taken: u64,
    count: u64,
    copies: HashMap<String, u32>,
}

impl Store {
    pub fn keep(&mut self, at: Ts, from: String, to: Vec<String>, raw: Vec<u8>) {
        self.last += 1;
        self.count += 1;
        let message_id = field(&raw, "message-id").unwrap_or_default();
        if !message_id.is_empty() {
            *self.copies.entry(message_id.clone()).or_default() += 1;
        }
        self.octets += raw.len();
        self.mails.push_back(Stored { number: self.last, at, from, to, raw: raw.into(), message_id, copies: 1 });
        while self.octets > MOST_KEPT && self.mails.front().is_some_and(|oldest| oldest.number <= self.taken) {
            let gone = self.mails.pop_front();
            self.octets -= gone.map_or(0, |mail| mail.raw.len());
        }
    }

    pub fn has_new(&self) -> bool {
        self.mails.back().is_some_and(|newest| newest.number > self.taken)
    }

    pub fn take_new(&mut self) -> Vec<Stored> {
        let first = self.mails.partition_point(|mail| mail.number <= self.taken);
        self.taken = self.last;
        self.mails.range(first..).map(|mail| self.looked_up(mail)).collect()
    }

    /// Newest first.
    pub fn latest(&self, before: u64, most: usize) -> Vec<Stored> {
        let end = self.mails.partition_point(|mail| mail.number < before);
        self.mails.range(..end).rev().take(most).map(|mail| self.looked_up(mail)).collect()
    }

    pub fn get(&self, number: u64) -> Option<Stored> {
        let at = self.mails.binary_search_by_key(&number, |mail| mail.number).ok()?;
        self.mails.get(at).map(|mail| self.looked_up(mail))
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn duplicates(&self) -> Vec<(String, u32)> {
        let mut found: Vec<_> = self.copies.iter().filter(|(_, n)| **n > 1).map(|(id, n)| (id.clone(), *n)).collect();
        found.sort();
        found
    }

    pub fn clear(&mut self) {
        *self = Store { last: self.last, taken: self.last, ..Store::default() };
    }

    fn looked_up(&self, mail: &Stored) -> Stored {
        Stored { copies: self.copies.get(&mail.message_id).copied().unwrap_or(1), ..mail.clone() }
    }
}

/// The raw value of the first header of this name (given in lower case), unfolded. Cheap: for counting, not for showing.
pub fn field(raw: &[u8], name: &str) -> Option<String> {
    let mut value: Option<String> = None;
    for line in raw.split(|b| *b == b'\n') {
        let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line));
        match &mut value {
            Some(value) if line.starts_with([' ', '\t']) => value.push_str(&line),
            Some(_) => break,
            None if line.is_empty() => break,
            None => {
                let found = line.split_once(':').filter(|(n, _)| n.trim_end().eq_ignore_ascii_case(name));
                value = found.map(|(_, text)| text.to_owned());
            }
        }
    }
    value.map(|value| value.trim().to_owned())
}
