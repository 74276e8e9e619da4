//! What stands in the outbound journal: one line of JSON for every dot that is about to be written, for the word that it may be, and for
//! what the server answered. Read again after a restore, by people too, so it names whom and what.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::clock::Ts;
use crate::base::ids::MessageId;
use crate::base::problem::Problem;
use crate::rules::sending::delivery::Outcome;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Record {
    /// A run of a daemon begins.
    Opened {
        opened: String,
        at: i64,
    },
    /// It has ended in good order: the database knows everything above.
    Closed {
        closed: String,
        at: i64,
    },
    /// A final dot is about to be written, once the database has the mark of this group.
    Dot(Dot),
    /// The database has the marks of the group: from here on its dots may have been written.
    Go {
        go: u64,
    },
    Answered(Answered),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dot {
    /// The ledger row.
    pub dot: MessageId,
    /// Which attempt.
    pub n: i64,
    pub group: u64,
    /// The ledger's unique key: round, recipient, kind, number.
    pub key: String,
    pub to: String,
    pub message_id: String,
    /// Milliseconds since 1970, the instant of the mark.
    pub at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The ledger row.
    pub answered: MessageId,
    pub n: i64,
    pub became: Became,
    pub said: String,
    pub at: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    Sent,
    Refused,
    Deferred,
    InDoubt,
    /// The dot was not written after all.
    NotSent,
}

/// A dot that was written, or may have been.
pub struct Gone {
    pub dot: Dot,
    pub answer: Option<Answered>,
}

impl Became {
    pub fn of(outcome: &Outcome) -> Became {
        match outcome {
            Outcome::Delivered { .. } => Became::Sent,
            Outcome::TryLater { .. } => Became::Deferred,
            Outcome::GiveUp { .. } => Became::Refused,
            Outcome::InDoubt { .. } => Became::InDoubt,
        }
    }
}

impl Dot {
    pub fn at(&self) -> Ts {
        Ts(self.at)
    }
}

/// A file of the journal; they are numbered in the order in which they were begun.
pub fn name(number: u64) -> String {
    format!("{number:06}.jsonl")
}

/// The files of a journal, the oldest first.
pub fn files(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let number = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".jsonl"));
        if let Some(number) = number.and_then(|n| n.parse().ok()) {
            found.push((number, path));
        }
    }
    found.sort();
    Ok(found)
}

/// Hands every record of a file over, in order. How many lines could not be read, not counting a last one that was torn in two.
pub fn read(path: &Path, mut each: impl FnMut(Record)) -> io::Result<u64> {
    let mut reader = BufReader::new(fs::File::open(path)?);
    let (mut line, mut unreadable) = (Vec::new(), 0);
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(unreadable);
        }
        match serde_json::from_slice(&line) {
            Ok(record) => each(record),
            Err(_) if line.last() == Some(&b'\n') => unreadable += 1,
            Err(_) => {}
        }
    }
}

pub fn unreadable(path: &Path, e: &io::Error) -> Problem {
    Problem::unusable(
        format!("The outbound journal in {} cannot be read.", path.display()),
        "Check the rights on its files; nothing is sent before it is compared with the database.",
    )
    .because(e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f14_a_torn_last_line_is_no_damage_and_one_in_the_middle_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name(1));
        fs::write(&path, "{\"go\":1}\nnonsense\n{\"answered\":\"m\",\"n\":1,\"became\":\"not_sent\",\"said\":\"\",\"at\":5}\n{\"dot\":\"m\",\"n")
            .unwrap();
        let mut records = Vec::new();
        assert_eq!(read(&path, |r| records.push(r)).unwrap(), 1);
        let answered = Answered { answered: "m".into(), n: 1, became: Became::NotSent, said: String::new(), at: 5 };
        assert_eq!(records, [Record::Go { go: 1 }, Record::Answered(answered)]);
        fs::write(folder.path().join("notes.txt"), "").unwrap();
        assert_eq!(files(folder.path()).unwrap(), [(1, path)]);
    }
}
