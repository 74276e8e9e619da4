//! What operators do with a mail on the reply desk, and which part of the desk a page shows: words, subjects, quotations and days.
//!
//! Nothing is ever answered by itself (M06): who answers, forwards or puts off is a person, and is named.

use std::fmt;

use chrono::NaiveDate;

use crate::base::address::EmailAddress;
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::round::{BANNED_WORD, says_banned_word};

use super::verdict::Verdict;

/// As much as may be written in an answer, or beside what is forwarded, in characters.
pub const LONGEST_LETTER: usize = 8_000;
/// Nobody remembers a mail for longer.
pub const LONGEST_REST_DAYS: i64 = 366;
/// What says that it is older has a clock that is wrong.
const OLDEST_DAYS: i64 = 366;

/// What was done with a mail. Contract: the words stand in databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskWork {
    /// In the name of the round's sender.
    Answered,
    /// With what was written, to a colleague who looks after the account.
    Forwarded,
    Noted,
    /// To an operator, or to nobody.
    Given,
    /// Until a day, or not any more.
    PutOff,
}

impl DeskWork {
    pub const ALL: [DeskWork; 5] =
        [DeskWork::Answered, DeskWork::Forwarded, DeskWork::Noted, DeskWork::Given, DeskWork::PutOff];

    pub fn as_str(self) -> &'static str {
        match self {
            DeskWork::Answered => "answered",
            DeskWork::Forwarded => "forwarded",
            DeskWork::Noted => "noted",
            DeskWork::Given => "given",
            DeskWork::PutOff => "put_off",
        }
    }

    pub fn parse(text: &str) -> Option<DeskWork> {
        DeskWork::ALL.into_iter().find(|work| work.as_str() == text)
    }

    /// What leaves by it, if anything does.
    pub fn mails(self) -> Option<MessageKind> {
        match self {
            DeskWork::Answered => Some(MessageKind::DeskAnswer),
            DeskWork::Forwarded => Some(MessageKind::Forwarded),
            DeskWork::Noted | DeskWork::Given | DeskWork::PutOff => None,
        }
    }

    /// "answered it", "gave it to ben@client.example": what is said of whoever did it. `to`: a name or an address; empty for nobody.
    pub fn said(self, to: &str, day: Option<NaiveDate>) -> String {
        match (self, to, day) {
            (DeskWork::Answered, ..) => "answered it".into(),
            (DeskWork::Forwarded, to, _) => format!("forwarded it to {to}"),
            (DeskWork::Noted, ..) => "noted something".into(),
            (DeskWork::Given, "", _) => "gave it back to everybody".into(),
            (DeskWork::Given, to, _) => format!("gave it to {to}"),
            (DeskWork::PutOff, _, Some(day)) => format!("put it off until {}", day.format("%a %-d %b %Y")),
            (DeskWork::PutOff, _, None) => "put it off no more".into(),
        }
    }
}

impl fmt::Display for DeskWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a mail cannot be answered from here, if it cannot. `has_round`: it proves which of ours it is about; `verdict`: what it was taken
/// for.
pub fn why_not_answered(has_round: bool, verdict: &str, writer: &str) -> Option<&'static str> {
    match why_not_forwarded(has_round, verdict) {
        None if EmailAddress::parse(writer).is_err() => Some("This mail does not say who wrote it."),
        why => why,
    }
}

/// The same of a forward: what programs wrote is about us, and for nobody else to read.
pub fn why_not_forwarded(has_round: bool, verdict: &str) -> Option<&'static str> {
    match has_round {
        false => Some("This mail does not prove which of ours it is about."),
        true if verdict != Verdict::Reply.as_str() => {
            Some("A program wrote this mail, or nobody who waits for an answer.")
        }
        true => None,
    }
}

/// What became of a mail that was written on the desk and has not arrived, as far as we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amiss {
    Refused,
    /// A server took it and it came back.
    CameBack,
    InDoubt,
    /// It was of no use any more, or not wanted, before it left.
    NotSent,
}

impl Amiss {
    pub fn of(state: MessageState, came_back: bool) -> Option<Amiss> {
        match state {
            MessageState::Failed if came_back => Some(Amiss::CameBack),
            MessageState::Failed => Some(Amiss::Refused),
            MessageState::InDoubt => Some(Amiss::InDoubt),
            MessageState::Withdrawn => Some(Amiss::NotSent),
            MessageState::Planned
            | MessageState::Claimed
            | MessageState::Sending
            | MessageState::Sent
            | MessageState::Held => None,
        }
    }

    /// In a sentence, or two. `kind`: of what was written; `why`: in words of ours or of a server, may be empty.
    pub fn sentence(self, kind: MessageKind, to: &str, why: &str) -> String {
        let what = if kind == MessageKind::Forwarded { "The forward" } else { "The answer" };
        let became = match self {
            Amiss::Refused => "was not accepted",
            Amiss::CameBack => "came back",
            Amiss::InDoubt => "may have arrived, and may not",
            Amiss::NotSent => "was not sent",
        };
        let said = match why.trim().trim_end_matches('.') {
            "" => String::new(),
            why => format!(": {why}"),
        };
        format!("{what} to {to} {became}{said}.")
    }
}

/// Which mails of the desk are shown. Contract: the words stand in addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// All that wait to be looked at now.
    #[default]
    Waiting,
    /// Those of whoever looks.
    Mine,
    Nobodys,
    /// Put off until a day that has not come.
    Later,
    Done,
}

impl Shown {
    pub const ALL: [Shown; 5] = [Shown::Waiting, Shown::Mine, Shown::Nobodys, Shown::Later, Shown::Done];

    pub fn as_str(self) -> &'static str {
        match self {
            Shown::Waiting => "",
            Shown::Mine => "mine",
            Shown::Nobodys => "nobody",
            Shown::Later => "later",
            Shown::Done => "done",
        }
    }

    /// What is none shows what waits.
    pub fn of(text: &str) -> Shown {
        Shown::ALL.into_iter().find(|shown| shown.as_str() == text).unwrap_or_default()
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Shown::Waiting => "waiting",
            Shown::Mine => "mine",
            Shown::Nobodys => "nobody’s",
            Shown::Later => "until a day",
            Shown::Done => "done",
        }
    }
}

/// Why a day cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayFault {
    /// It has begun already.
    Over,
    TooFar,
}

/// A mail that is put off comes back on a later day than today.
pub fn rests(day: NaiveDate, today: NaiveDate) -> Result<(), DayFault> {
    match day.signed_duration_since(today).num_days() {
        ..=0 => Err(DayFault::Over),
        days if days > LONGEST_REST_DAYS => Err(DayFault::TooFar),
        _ => Ok(()),
    }
}

/// What programs put before the subject of an answer or of what they forward, in lower case.
const MARKS: [&str; 11] = ["re", "aw", "antw", "sv", "rép", "ref", "fw", "fwd", "wg", "tr", "rv"];

/// A subject without the marks before it.
fn bare(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some((mark, after)) = rest.split_once(':') {
        let mark = mark.trim().to_lowercase();
        if !MARKS.contains(&mark.as_str()) {
            break;
        }
        rest = after.trim_start();
    }
    rest
}

/// Of an answer to a mail with this subject. `title`: what the assessment is called; said where there is nothing to repeat, and where the
/// word stands in it that we do not use.
pub fn subject_of_answer(theirs: &str, title: &str) -> String {
    subject("Re", theirs, title)
}

/// The same of a mail that is forwarded: its subject is ours, whatever is quoted in it.
pub fn subject_of_forward(theirs: &str, title: &str) -> String {
    subject("Fwd", theirs, title)
}

fn subject(mark: &str, theirs: &str, title: &str) -> String {
    let said = Some(bare(theirs)).filter(|said| !said.is_empty() && !says_banned_word(said));
    format!("{mark}: {}", said.unwrap_or(title))
}

/// How our own sentences call whoever wrote: as he calls himself, else by his address; none where the one word stands in both.
pub fn called<'a>(name: &'a str, email: &'a str) -> Option<&'a str> {
    [name, email].into_iter().find(|said| !said.is_empty() && !says_banned_word(said))
}

/// What we put into a mail of the desk beside what is quoted: what an operator writes, and names. What somebody else wrote is his own, and
/// is quoted to a colleague as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ours {
    Words,
    Sender,
    /// Whoever it goes to.
    Reader,
    /// Whoever wrote what is forwarded, as [`called`] has him.
    Writer,
    Account,
    ForwardedBy,
}

impl Ours {
    pub const ALL: [Ours; 6] =
        [Ours::Words, Ours::Sender, Ours::Reader, Ours::Writer, Ours::Account, Ours::ForwardedBy];

    /// Why it does not leave where the one word stands in it (promise 9), and what to do next.
    pub fn refusal(self, said: &str) -> (String, &'static str) {
        let named = |what: &str| {
            format!("The {what} is “{said}”, with the word “{BANNED_WORD}” in it, which our mails never say.")
        };
        let elsewhere = "Forward it from your own mail program.";
        match self {
            Ours::Words => {
                let what = format!("This has the word “{BANNED_WORD}” in it, which our mails never say.");
                (what, "Call it an assessment, or by its title.")
            }
            Ours::Sender => {
                (named("name of the sender"), "Change it in the settings or in the list of the round, then send it.")
            }
            Ours::Reader => (
                named("name of whoever it goes to"),
                "Change it in the list or in the settings of the round, then send it.",
            ),
            Ours::Writer => (named("address of whoever wrote"), elsewhere),
            Ours::Account => (named("name of the account"), elsewhere),
            Ours::ForwardedBy => (named("address of whoever forwards it"), elsewhere),
        }
    }
}

/// The first of them in which the one word stands.
pub fn with_the_word<'a>(ours: &[(Ours, &'a str)]) -> Option<(Ours, &'a str)> {
    ours.iter().copied().find(|(_, said)| says_banned_word(said))
}

/// The day on which a mail was written, as it says itself. `read`: when we had it. What says a later day, or one of years ago, has a clock
/// that is wrong; the next day may be today where it was written.
pub fn written_on(says: Option<NaiveDate>, read: NaiveDate) -> NaiveDate {
    let before = |day: &NaiveDate| read.signed_duration_since(*day).num_days();
    says.filter(|day| (-1..=OLDEST_DAYS).contains(&before(day))).unwrap_or(read)
}

#[cfg(test)]
#[path = "desk_tests.rs"]
mod tests;
