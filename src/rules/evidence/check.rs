//! Reads an evidence file line by line and finds every byte that is not what was written, with its place.
//!
//! Each line is read strictly, written again and compared, and the whole has its own SHA-256, so nothing in a file is left unchecked.
//! What is kept in memory is bounded whatever stands in the file.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::problem::{Problem, Result};
use crate::base::seal::Sha256;

use super::contents::Contents;
use super::document::{END_OF_LIST, List, OPENING, OPENING_BEFORE, ROUND, end};
use super::found::Found;
use super::record::{Sealed, SignatureLine, written};

pub use super::found::Verdict;

/// A list of a hundred thousand names is shorter.
pub const LONGEST_LINE: usize = 64 << 20;
/// Of accounts and signatures with their lists; a million names are less.
const MOST_KEPT: usize = 512 << 20;

const NEXT: &str = "Name the evidence.json of a round as it was exported.";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Opening,
    Round,
    Heading(List),
    Inside(List),
    End,
    Over,
}

pub struct Check {
    /// The beginning of a hash that should stand in the journal.
    head: Option<String>,
    stands: Option<i64>,
    part: Part,
    line: u64,
    kept: usize,
    /// Written before there were delegations.
    old: bool,
    /// Whether anything looked like a file of ours.
    known: bool,
    /// Whether the item before had a comma behind it; none before the first.
    comma: Option<bool>,
    bytes: Sha256,
    contents: Contents,
    found: Found,
}

impl Check {
    /// `head`: as [`super::Head::typed`] gives it.
    pub fn new(head: Option<String>) -> Check {
        Check {
            head,
            stands: None,
            part: Part::Opening,
            line: 0,
            kept: 0,
            old: false,
            known: false,
            comma: None,
            bytes: Sha256::default(),
            contents: Contents::default(),
            found: Found::default(),
        }
    }

    /// The next line with its end. Refused is what is no evidence file at all, or more than one can be.
    pub fn line(&mut self, line: &[u8]) -> Result<()> {
        self.line += 1;
        self.recognise(line)?;
        if line.len() > LONGEST_LINE {
            return Err(too_large(format!("Line {} of the file is longer than any that soundings writes.", self.line)));
        }
        if self.part == Part::End || (self.part == Part::Inside(List::Journal) && line.starts_with(b"\"sha256\":")) {
            self.last(line);
            return Ok(());
        }
        self.bytes.update(line);
        match self.part {
            Part::Opening => {
                self.old = line == OPENING_BEFORE.as_bytes();
                self.fixed(line, if self.old { OPENING_BEFORE } else { OPENING });
                self.part = Part::Round;
            }
            Part::Round => {
                self.round(line);
                self.part = Part::Heading(List::Accounts);
            }
            Part::Heading(list) => {
                self.fixed(line, &list.heading());
                (self.part, self.comma) = (Part::Inside(list), None);
            }
            Part::Inside(list) if line == END_OF_LIST.as_bytes() => self.end_of(list),
            Part::Inside(list) => match self.next(list).filter(|next| line == next.heading().as_bytes()) {
                Some(next) => {
                    self.say(&format!("the end of “{}” is not there", list.name()));
                    (self.part, self.comma) = (Part::Inside(next), None);
                }
                None => self.item(list, line)?,
            },
            Part::End | Part::Over => {
                self.say("it stands behind the end of the file");
            }
        }
        Ok(())
    }

    /// When there is no further line.
    pub fn end(mut self) -> Result<Verdict> {
        if !self.known {
            return Err(no_evidence());
        }
        self.contents.end(&mut self.found);
        if self.part != Part::Over {
            self.found.say("the end of the file", "it is not there");
        }
        if let (Some(head), None) = (&self.head, self.stands) {
            let what = "no entry of the journal has it: the journal was changed after it was printed, or it is of another round";
            self.found.say(&format!("the record {head}"), what);
        }
        let (accounts, signatures, withheld) = self.contents.counts();
        Ok(Verdict {
            delegations: self.contents.delegations(),
            round: self.contents.round.as_ref().map(|round| round.name.clone()).unwrap_or_default(),
            accounts,
            signatures,
            withheld,
            head: self.contents.head(),
            stands: self.stands,
            found: self.found.all(),
            unproved: self.contents.unproved.all(),
        })
    }

    /// Within the first lines a file says what it is, also where one of them was changed or broken in two.
    fn recognise(&mut self, line: &[u8]) -> Result<()> {
        let begins = String::from_utf8_lossy(line.get(..64).unwrap_or(line)).into_owned();
        let is_ours = begins.contains("soundings_evidence") || begins.starts_with("\"round\":{\"record\":");
        self.known |= self.line <= 3 && is_ours;
        if self.line >= 3 && !self.known { Err(no_evidence()) } else { Ok(()) }
    }

    fn say(&mut self, what: &str) {
        self.found.say(&format!("line {}", self.line), what);
    }

    fn fixed(&mut self, line: &[u8], expected: &str) {
        if line != expected.as_bytes() {
            self.say(&format!("it does not say {}", expected.trim_end()));
        }
    }

    fn round(&mut self, line: &[u8]) {
        let body = line.strip_prefix(ROUND.as_bytes()).and_then(|rest| rest.strip_suffix(b",\n"));
        match body.and_then(|body| serde_json::from_slice::<Sealed<_>>(body).ok().map(|round| (body, round))) {
            Some((body, round)) => {
                self.same(body, &round);
                self.contents.take_round(&mut self.found, round);
            }
            None => self.say("the round cannot be read"),
        }
    }

    fn end_of(&mut self, list: List) {
        if self.comma == Some(true) {
            self.say("a comma stands before it that belongs nowhere");
        }
        self.part = self.next(list).map_or(Part::End, Part::Heading);
    }

    fn next(&self, list: List) -> Option<List> {
        let has = |list: &List| !self.old || *list != List::Delegations;
        List::ALL.into_iter().filter(has).skip_while(|l| *l != list).nth(1)
    }

    fn item(&mut self, list: List, line: &[u8]) -> Result<()> {
        let (body, comma) = match (line.strip_suffix(b",\n"), line.strip_suffix(b"\n")) {
            (Some(body), _) => (body, true),
            (None, Some(body)) => (body, false),
            (None, None) => {
                self.say("it is cut off");
                (line, false)
            }
        };
        if self.comma.replace(comma) == Some(false) {
            self.say("no comma stands before it");
        }
        if list != List::Journal {
            self.kept += line.len();
            if self.kept > MOST_KEPT {
                return Err(too_large("The file has more accounts and lists than can be compared.".into()));
            }
        }
        match list {
            List::Accounts => {
                if let Some(account) = self.read(list, body) {
                    self.contents.take_account(&mut self.found, account);
                }
            }
            List::Delegations => {
                if let Some(delegation) = self.read(list, body) {
                    self.contents.take_delegation(&mut self.found, delegation);
                }
            }
            List::Signatures => {
                if let Some(signature) = self.read::<SignatureLine>(list, body) {
                    if signature.record.clone().in_order() != signature.record {
                        self.say("its list is in another order");
                    }
                    self.contents.take_signature(&mut self.found, signature);
                }
            }
            List::Journal => match self.read(list, body) {
                Some(entry) => {
                    let (n, hash) = self.contents.take_entry(&mut self.found, entry);
                    if self.head.as_ref().is_some_and(|head| hash.starts_with(head)) {
                        self.stands = Some(n);
                    }
                }
                None => self.contents.skip_entry(),
            },
        }
        Ok(())
    }

    fn read<T: DeserializeOwned + Serialize>(&mut self, list: List, body: &[u8]) -> Option<T> {
        let read: Option<T> = serde_json::from_slice(body).ok();
        match &read {
            Some(read) => self.same(body, read),
            None => self.say(&format!("in “{}” stands something that cannot be read", list.name())),
        }
        read
    }

    fn same(&mut self, body: &[u8], read: &impl Serialize) {
        if written(read).as_bytes() != body {
            self.say("it says its record otherwise than soundings writes it");
        }
    }

    fn last(&mut self, line: &[u8]) {
        if self.part != Part::End {
            self.say(&format!("the end of “{}” is not there", List::Journal.name()));
        }
        let ours = std::mem::take(&mut self.bytes).hex();
        if line != end(&ours).as_bytes() {
            self.say("the file does not give the SHA-256 at its end");
        }
        self.part = Part::Over;
    }
}

fn no_evidence() -> Problem {
    Problem::unusable("This is no evidence file of soundings.", NEXT)
}

fn too_large(what: String) -> Problem {
    Problem::unusable(what, NEXT)
}
