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
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn words_are_read_back() {
        for work in DeskWork::ALL {
            assert_eq!(DeskWork::parse(work.as_str()), Some(work));
        }
        for shown in Shown::ALL {
            assert_eq!(Shown::of(shown.as_str()), shown);
        }
        assert_eq!((DeskWork::parse("burnt"), Shown::of("burnt")), (None, Shown::Waiting));
    }

    #[test]
    fn what_was_done_is_said_of_whoever_did_it() {
        let day = Some(date("2027-02-15"));
        assert_eq!(DeskWork::Given.said("", None), "gave it back to everybody");
        assert_eq!(DeskWork::Given.said("ben@x.example", None), "gave it to ben@x.example");
        assert_eq!(DeskWork::PutOff.said("", day), "put it off until Mon 15 Feb 2027");
        assert_eq!(DeskWork::PutOff.said("", None), "put it off no more");
        assert_eq!(DeskWork::Forwarded.said("Max Mann", None), "forwarded it to Max Mann");
    }

    #[test]
    fn a_subject_has_one_mark_however_often_it_was_answered() {
        for (theirs, answer) in [
            ("Your view of Acme", "Re: Your view of Acme"),
            ("Re: AW: RE : Your view", "Re: Your view"),
            ("Fwd: Re: x", "Re: x"),
            ("RÉP: x", "Re: x"),
            ("Note: call me", "Re: Note: call me"),
            ("", "Re: The title"),
            ("Re:", "Re: The title"),
            ("Re: your Survey", "Re: The title"),
        ] {
            assert_eq!(subject_of_answer(theirs, "The title"), answer, "{theirs}");
        }
        assert_eq!(subject_of_forward("AW: Your view", "The title"), "Fwd: Your view");
        assert_eq!(subject_of_forward(" ", "The title"), "Fwd: The title");
    }

    #[test]
    fn whoever_wrote_is_called_by_what_may_be_said() {
        let (name, email) = ("Ann Lee", "ann@globex.example");
        let (bad_name, bad_email) = ("Sur\u{76}ey desk", "sur\u{76}ey@globex.example");
        for (name, email, said) in [
            (name, email, Some(name)),
            ("", email, Some(email)),
            (bad_name, email, Some(email)),
            (bad_name, bad_email, None),
            ("", "", None),
        ] {
            assert_eq!(called(name, email), said, "{name} {email}");
        }
    }

    #[test]
    fn each_of_ours_with_the_word_is_named_with_what_to_do_next() {
        let bad = "Sur\u{76}ey Ltd";
        for ours in Ours::ALL {
            assert_eq!(with_the_word(&[(Ours::Words, "Dear Ann,"), (ours, bad)]), Some((ours, bad)));
            assert_eq!(with_the_word(&[(ours, "Globex")]), None);
            let (what, next) = ours.refusal(bad);
            assert!(what.contains("which our mails never say.") && next.ends_with('.'), "{what} {next}");
            assert_eq!(what.contains(bad), ours != Ours::Words, "{what}");
        }
    }

    #[test]
    fn a_mail_is_dated_as_it_says_unless_its_clock_is_wrong() {
        let read = date("2027-02-08");
        for (says, on) in [
            (Some("2027-02-06"), "2027-02-06"),
            (Some("2027-02-09"), "2027-02-09"),
            (Some("2027-02-10"), "2027-02-08"),
            (Some("1970-01-01"), "2027-02-08"),
            (None, "2027-02-08"),
        ] {
            assert_eq!(written_on(says.map(date), read), date(on), "{says:?}");
        }
    }

    #[test]
    fn what_a_person_wrote_about_a_mail_of_ours_is_answered_and_forwarded_and_nothing_else() {
        for (has_round, verdict, writer, answered, forwarded) in [
            (true, "reply", "ann@x.example", true, true),
            (true, "reply", "", false, true),
            (true, "away_long", "ann@x.example", false, false),
            (true, "dead", "", false, false),
            (false, "reply", "ann@x.example", false, false),
            (false, "unmatched", "ann@x.example", false, false),
        ] {
            assert_eq!(
                why_not_answered(has_round, verdict, writer).is_none(),
                answered,
                "{has_round} {verdict} {writer}"
            );
            assert_eq!(why_not_forwarded(has_round, verdict).is_none(), forwarded, "{has_round} {verdict} {writer}");
        }
    }

    #[test]
    fn what_became_of_a_mail_that_has_not_arrived_is_said_in_a_sentence() {
        use MessageState::{Claimed, Held, Planned, Sending, Sent};
        let of = Amiss::of;
        assert_eq!(of(MessageState::Failed, false), Some(Amiss::Refused));
        assert_eq!(of(MessageState::Failed, true), Some(Amiss::CameBack));
        for fine in [Planned, Claimed, Sending, Sent, Held] {
            assert_eq!(of(fine, false), None, "{fine:?}");
        }
        let (answer, forward) = (MessageKind::DeskAnswer, MessageKind::Forwarded);
        for (amiss, kind, why, said) in [
            (
                Amiss::Refused,
                answer,
                "550 no such user.",
                "The answer to a@x.example was not accepted: 550 no such user.",
            ),
            (Amiss::CameBack, forward, "", "The forward to a@x.example came back."),
            (Amiss::InDoubt, answer, " ", "The answer to a@x.example may have arrived, and may not."),
            (Amiss::NotSent, answer, "opted out", "The answer to a@x.example was not sent: opted out."),
        ] {
            assert_eq!(amiss.sentence(kind, "a@x.example", why), said);
        }
    }

    proptest! {
        #[test]
        fn a_mail_comes_back_on_a_day_after_today_and_within_a_year(days in -1_000_i64..1_000) {
            let today = date("2027-02-10");
            let taken = rests(today + chrono::Duration::days(days), today);
            prop_assert_eq!(taken.is_ok(), (1..=LONGEST_REST_DAYS).contains(&days));
            prop_assert_eq!(taken == Err(DayFault::Over), days <= 0);
        }

        #[test]
        fn no_mail_of_the_desk_has_the_word_in_its_subject(theirs in ".{0,40}", with in any::<bool>()) {
            let theirs = if with { format!("{theirs} Sur\u{76}ey") } else { theirs };
            let subject = subject_of_answer(&theirs, "The title");
            prop_assert!(!says_banned_word(&subject), "{}", subject);
            prop_assert!(subject.starts_with("Re: ") && !subject.starts_with("Re: Re:"), "{}", subject);
            let subject = subject_of_forward(&theirs, "The title");
            prop_assert!(!says_banned_word(&subject) && subject.starts_with("Fwd: "), "{}", subject);
        }
    }
}
