//! What an automatic reply says about its writer: the last day away, a departure, another address, whom to write to instead.
//!
//! A date is the end of an absence only in a clause that says of the writer that he is away, or right after one. A date of an offer, of a
//! fair, of a colleague or of an address that works until then moves nobody ([0019](../../../docs/decisions/0019-only-an-absence.md)).

use std::ops::Range;

use chrono::{Datelike, Days, NaiveDate};

use crate::mail::incoming::excerpt::beginning;
use crate::mail::incoming::letter::IncomingMail;
use crate::mail::incoming::{address, machine, words};

use super::date_roles::{DateRole, role};
use super::departure::{self, Departure};
use super::heard::{NoticeText, with_start};
use super::spoken_dates::{self, DateReading, SpokenDate};
use super::whose::{NoticeWriter, Whose};
use super::{clauses, moved};

/// What is read of it: the facts come first.
const LONGEST: usize = 6 * 1024;
const MOST_CONTACTS: usize = 5;
/// Further ahead a day that is named alone ("closed on 24 December") is no absence that has begun.
const SOON: i64 = 3;
const NEARLY_A_YEAR: i64 = 300;
/// How far a word may stand from the date that it is about.
const NEAR: usize = 36;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absence {
    pub returns_on: Option<NaiveDate>,
    pub has_left: bool,
    /// Will leave, on a day that is still to come.
    pub is_leaving: bool,
    pub new_address: Option<String>,
    pub write_to: Vec<String>,
}

/// `newest` are the words of the autoresponder without what it quotes.
pub fn read(letter: &IncomingMail, newest: &str) -> Absence {
    let text = told(letter, newest);
    let writer = NoticeWriter::of(letter);
    let reader = letter.date.map(|(written, offset)| {
        let hours = offset.local_minus_utc() / 3600;
        DateReading { written, month_first: (-10..=-4).contains(&hours) }
    });
    let mut dates = reader.map_or_else(Vec::new, |reader| spoken_dates::in_text(&text, reader));
    for (date, reader) in dates.iter_mut().zip(reader.into_iter().cycle()) {
        date.date = lately(&text, date, reader.written);
    }
    let parts = clauses::of(&text, &dates);
    let heard = NoticeText { text: &text, dates: &dates, parts: &parts, writer: &writer };
    let departure = departure::read(&heard, reader.map(|r| r.written));
    let has_left = departure == Some(Departure::HasLeft);
    let returns_on = reader.filter(|_| departure.is_none()).and_then(|r| heard.last_day_away(r.written));
    let new_address = moved::read(&heard, letter).filter(|_| !has_left);
    let mut write_to = contacts(letter, &text);
    write_to.retain(|address| Some(address) != new_address.as_ref());
    Absence { returns_on, has_left, is_leaving: departure == Some(Departure::IsLeaving), new_address, write_to }
}

/// A day without a year is the next such day, except that one a few weeks ago is more likely than one in eleven months.
fn lately(text: &str, date: &SpokenDate, written: NaiveDate) -> NaiveDate {
    let numbers = text[date.start..date.end].split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
    let says_year = numbers.clone().any(|n| n.len() == 4) || numbers.count() > 2;
    let far = date.date.signed_duration_since(written).num_days() > NEARLY_A_YEAR;
    let earlier = || date.date.with_year(date.date.year() - 1);
    if far && !says_year { earlier().unwrap_or(date.date) } else { date.date }
}

/// Subject and words in lower case, without what only sounds like an absence. Behind "Automatic reply:" a subject is our own.
fn told(letter: &IncomingMail, newest: &str) -> String {
    let subject = letter.subject.to_lowercase();
    let (prefix, rest) = subject.split_once(':').unwrap_or((&subject, ""));
    let of_machine =
        words::list("answers").iter().any(|w| subject.starts_with(w)) || machine::is_answer_or_forward(&subject);
    let own = ["until", "from", "back", "absent"].iter().any(|section| {
        let rest = rest.trim_start();
        words::list(section).iter().any(|w| rest.strip_prefix(w).is_some_and(|r| !r.starts_with(char::is_alphanumeric)))
    });
    let subject = match (of_machine, own) {
        (true, true) => format!("{prefix} {rest}"),
        (true, false) => prefix.to_string(),
        (false, _) => subject.clone(),
    };
    let text = format!("{subject}.\n\n{}", clauses::joined(beginning(newest, LONGEST))).to_lowercase();
    let text = ABBREVIATED.iter().fold(text, |text, (short, plain)| text.replace(short, plain));
    words::list("not_back").iter().fold(text, |text, phrase| match text.contains(phrase) {
        true => text.replace(phrase, &"~".repeat(phrase.chars().count())),
        false => text,
    })
}

/// Points that end no sentence, and apostrophes of one kind.
const ABBREVIATED: [(&str, &str); 7] = [
    ("t.o.m.", "tom"),
    ("t.e.m.", "tem"),
    ("einschl.", "einschl"),
    ("inkl.", "inkl"),
    ("incl.", "incl"),
    ("\u{2019}", "'"),
    // "Retrouvez-nous": we are not its subject.
    ("z-nous ", "z "),
];

/// Which words say that somebody is away, and whether the sentence must say who.
const SECTIONS: [(&str, bool); 5] =
    [("absent", false), ("firm_closed", false), ("unreachable", true), ("event", true), ("shut", true)];

/// What a clause says about being away.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    /// The writer is away.
    Away,
    /// Somebody else is, or something else is meant.
    Else,
    Nothing,
}

impl NoticeText<'_> {
    /// The last day away. A day of return is believed before the end of a range, since "until" is not always meant to the day.
    fn last_day_away(&self, written: NaiveDate) -> Option<NaiveDate> {
        let says: Vec<Says> = self.says();
        let away = says.contains(&Says::Away);
        let mut found: Vec<(DateRole, NaiveDate)> = Vec::new();
        for (part, says) in self.parts.iter().zip(&says) {
            for (index, date) in self.dates_in(part) {
                let role = role(self.text, self.dates, index).filter(|_| !self.is_every_week(date));
                let Some(role) = role else { continue };
                let role = if role == DateRole::Only && self.follows_until(part, date) { DateRole::Last } else { role };
                let bound = match says {
                    Says::Away => !self.is_about_a_topic(part, date),
                    Says::Else => false,
                    Says::Nothing => self.is_return(part, date, role, away),
                };
                let soon = role != DateRole::Only || date.date.signed_duration_since(written).num_days() <= SOON;
                if bound && soon {
                    found.extend(self.day_without_a_month(index).map(|first| (DateRole::First, first)));
                    found.push((role, date.date));
                }
            }
        }
        let of = |role: DateRole| {
            found.iter().filter(move |(r, date)| *r == role && *date >= written).map(|(_, date)| *date)
        };
        let back = of(DateRole::Back).next().and_then(|date| date.checked_sub_days(Days::new(1)));
        back.or_else(|| {
            end_of_the_first(&of(DateRole::First).collect::<Vec<_>>(), &of(DateRole::Last).collect::<Vec<_>>())
        })
        .or_else(|| of(DateRole::Only).max())
        .filter(|date| *date >= written)
    }

    fn says(&self) -> Vec<Says> {
        let mut third = Whose::Writer;
        let mut all = Vec::with_capacity(self.parts.len());
        for part in self.parts {
            let (mut says, whose) = self.says_of(self.words(part), third);
            if says == Says::Nothing && self.dates_in(part).next().is_some() && self.is_only_dates(part) {
                says = all.last().copied().unwrap_or(Says::Nothing);
            }
            // "He" and "she" are whoever was named last.
            third = whose.unwrap_or(third);
            all.push(says);
        }
        all
    }

    fn says_of(&self, clause: &str, third: Whose) -> (Says, Option<Whose>) {
        let mut says = Says::Nothing;
        let colleague = words::any("colleague", clause).then_some(Whose::Other);
        let mut named = colleague.or_else(|| self.writer.is_named_in(clause).then_some(Whose::Writer));
        for (section, must_be_said) in SECTIONS {
            for span in words::places(section, clause) {
                let mut whose = self.writer.subject(&with_start(clause, &span));
                if whose == Whose::Third {
                    whose = third;
                } else if whose == Whose::Other || whose == Whose::Writer {
                    named = named.or(Some(whose));
                }
                // "We are at the fair" invites, "I am at the fair" excuses.
                let invites = section == "event" && !words::any("first", &with_start(clause, &span));
                let was = words::any("past", &clause[..span.end]);
                let works = matches!(section, "shut" | "unreachable") && words::any("works", clause);
                let own = whose == Whose::Writer || (whose == Whose::Nobody && !must_be_said);
                if own && !works && !invites && !was {
                    return (Says::Away, named);
                }
                says = Says::Else;
            }
        }
        (says, named)
    }

    /// "Until close of business on Friday": the word and the date have others between them.
    fn follows_until(&self, part: &Range<usize>, date: &SpokenDate) -> bool {
        let before =
            &self.text[part.start.max(self.text.floor_char_boundary(date.start.saturating_sub(NEAR)))..date.start];
        before.split_whitespace().any(|word| words::list("until").contains(&word))
    }

    /// "From 22 to 26 February": the first day has no month of its own.
    fn day_without_a_month(&self, index: usize) -> Option<NaiveDate> {
        let date = self.dates.get(index)?;
        let from = index.checked_sub(1).and_then(|i| self.dates.get(i)).map_or(0, |d| d.end);
        let before = self.text[from..date.start].trim_end();
        let before = words::list("to").iter().find_map(|w| before.strip_suffix(*w))?.trim_end().trim_end_matches('.');
        let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        before[before.len() - digits..].parse().ok().and_then(|day| date.date.with_day(day)).filter(|d| *d < date.date)
    }

    /// A clause of a return: of the writer in so many words, or beside another clause that says that he is away.
    fn is_return(&self, part: &Range<usize>, date: &SpokenDate, role: DateRole, away: bool) -> bool {
        let clause = self.words(part);
        let whose = |section: &str| {
            words::places(section, clause).into_iter().map(|span| self.writer.subject(&clause[..span.start])).next()
        };
        if self.is_about_a_topic(part, date) || role != DateRole::Back && !words::any("back", clause) {
            return false;
        }
        if words::any("firm_back", clause) {
            let firm = words::places("firm_back", clause);
            let whose = firm.first().map(|span| self.writer.subject(&with_start(clause, span)));
            return matches!(whose, Some(Whose::Writer)) || away && matches!(whose, Some(Whose::Nobody | Whose::Third));
        }
        let whose = whose("back").or_else(|| whose("back_after"));
        away && matches!(whose, Some(Whose::Writer | Whose::Nobody | Whose::Third))
    }

    /// "From 2 March to 13 March." after a clause that says what happens then.
    fn is_only_dates(&self, part: &Range<usize>) -> bool {
        let mut rest = String::new();
        let mut from = part.start;
        for (_, date) in self.dates_in(part) {
            rest.push_str(&self.text[from.min(date.start)..date.start]);
            rest.push(' ');
            from = date.end.min(part.end);
        }
        rest.push_str(&self.text[from..part.end]);
        let known = ["until", "from", "to", "afterwards", "after_last", "not_before"];
        clauses::telling(&rest).all(|w| known.iter().any(|section| words::list(section).contains(&w)))
    }

    /// Whether an offer, a deadline or the like stands nearer to the date than the absence does.
    fn is_about_a_topic(&self, part: &Range<usize>, date: &SpokenDate) -> bool {
        let clause = self.words(part);
        let at = date.start - part.start;
        let nearest =
            |section: &str| words::places(section, clause).into_iter().map(|span| span.start).filter(|s| *s < at).max();
        let away = SECTIONS.iter().filter_map(|(s, _)| nearest(s)).chain(nearest("firm_back")).max();
        nearest("topics").is_some_and(|topic| away.is_none_or(|away| away < topic))
    }

    /// "On Fridays", "jeden Freitag": a day of every week is nobody's absence.
    fn is_every_week(&self, date: &SpokenDate) -> bool {
        let own = &self.text[date.start..date.end];
        if own.contains(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let before = self.text[..date.start].trim_end();
        // Fridays, freitags, mittwochs, vendredis.
        let plural = ["days", "tags", "mittwochs", "dis"].iter().any(|end| own.ends_with(end));
        plural || before.ends_with(" le") || words::list("every").iter().any(|w| before.ends_with(w))
    }
}

/// Of two absences one after another the first; the second is told again when it has come.
fn end_of_the_first(first: &[NaiveDate], last: &[NaiveDate]) -> Option<NaiveDate> {
    let earliest = last.iter().min()?;
    let gap = first.iter().any(|from| from.signed_duration_since(*earliest).num_days() > 1);
    if gap { Some(*earliest) } else { last.iter().max().copied() }
}

/// Whom to write to instead: addresses that it names and that are neither the writer's nor ours.
fn contacts(letter: &IncomingMail, text: &str) -> Vec<String> {
    let mut known: Vec<&str> = vec![letter.from_email.as_str()];
    known.extend(letter.reply_to.iter().chain(&letter.to).map(String::as_str));
    let own_name = letter.from_email.split('@').next().unwrap_or("");
    let mut named: Vec<String> = Vec::new();
    for found in address::found_in(text) {
        let own = known.contains(&found.address.as_str())
            || (!own_name.is_empty() && found.address.split('@').next() == Some(own_name));
        if !own && !named.contains(&found.address) && named.len() < MOST_CONTACTS {
            named.push(found.address);
        }
    }
    named
}
