//! How a round goes on, as its overview says it: the drawing, the words beside it, and on which day each target is met.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::base::sentence::capitalised;
use crate::rules::completion::course::{Day, since_the_invitation};
use crate::rules::completion::forecast::{Range, Sent};
use crate::rules::completion::told::Whole;
use crate::rules::completion::{Individual, Status as Figures, TargetStatus, percent, percent_of_rate, rate};
use crate::rules::message::MessageKind;
use crate::rules::round::{Level, RoundState};
use crate::steps::Live;
use crate::steps::completion::last_year::LastYear;
use crate::steps::completion::one_more::OneMore;
use crate::steps::completion::outlook::{Ahead, Outlook};
use crate::web::console::views::rounds::course::{CoursePart, DayRow};
use crate::web::kit::figures::count;
use crate::web::kit::times::days_of;
use crate::web::kit::views::chart::{Curves, DayMark};

/// Rows of the table, about; a round that is open for longer has a row for every few days.
const ROWS: usize = 70;
/// As many letters of the name of another round stand beside its curve.
const NAME: usize = 12;

/// What is known of how it goes on.
pub(super) struct Known<'a> {
    pub live: &'a Live,
    pub figures: &'a Figures,
    /// Which of them may be told.
    pub whole: Whole,
    pub outlook: &'a Outlook,
    pub last_year: Option<&'a LastYear>,
    pub today: NaiveDate,
}

impl Known<'_> {
    /// Nothing before somebody was invited.
    pub fn part(&self) -> Option<CoursePart> {
        let first = self.outlook.days.first().filter(|_| self.individual().reachable > 0)?.date;
        let words = self.words();
        let drawings = self.curves(first, &words).drawn();
        let title = if self.live.state == RoundState::Closed { "How it went" } else { "Where it goes" };
        Some(CoursePart { title, drawings, days: self.rows(), note: self.note(), words })
    }

    /// What the range is made of.
    fn note(&self) -> &'static str {
        match self.individual().completed {
            _ if self.outlook.ahead.is_none() => "",
            0 => {
                "The range holds four rounds of five. Nobody has answered yet: \
                 it is made of this round’s letters and of how rounds usually go."
            }
            _ => "The range holds four rounds of five. It is made of this round’s own answers and letters.",
        }
    }

    fn individual(&self) -> &Individual {
        &self.figures.individual
    }

    fn day(&self) -> fn(NaiveDate) -> String {
        let days = self.outlook.days.iter().map(|day| day.date);
        days_of(self.today, days.chain([self.live.closed_on()]))
    }

    /// How many had answered by then may be told.
    fn tells(&self, day: &Day) -> bool {
        self.live.spec.participation.count(day.answers, self.individual().reachable).is_some()
    }

    /// The same of accounts.
    fn tells_accounts(&self, day: &Day) -> bool {
        let invited = self.figures.accounts.invited;
        self.whole.accounts && self.live.spec.participation.count(day.accounts, invited).is_some()
    }

    fn share(&self, day: &Day) -> f64 {
        rate(day.answers, self.individual().reachable)
    }

    /// Days to come, each with its range.
    fn ahead(&self) -> impl Iterator<Item = (NaiveDate, Range)> {
        let of = |ahead: &Ahead| {
            let days = ahead.working.iter().skip(ahead.course.answers.len()).copied();
            days.zip(ahead.forecast.days.clone()).collect::<Vec<_>>()
        };
        let all = self.outlook.ahead.as_ref().map(of).unwrap_or_default();
        let today = self.today;
        all.into_iter().filter(move |(date, _)| *date > today)
    }

    fn curves(&self, first: NaiveDate, words: &[String]) -> Curves {
        let (number, day) = (|date: NaiveDate| date.signed_duration_since(first).num_days(), self.day());
        let told = self.outlook.days.iter().filter(|day| self.tells(day));
        let so_far: Vec<(i64, f64)> = told.map(|day| (number(day.date), self.share(day))).collect();
        let closes = self.live.closed_on();
        let last = number(closes).max(so_far.last().map_or(0, |(day, _)| *day));
        let mut ahead: Vec<(i64, [f64; 3])> =
            self.ahead().map(|(date, r)| (number(date), [r.low, r.middle, r.high])).collect();
        if let Some((day, now)) = so_far.last().filter(|_| !ahead.is_empty()) {
            ahead.insert(0, (*day, [*now; 3]));
        }
        let invited = since_the_invitation(&self.outlook.days).next().map(|(_, day)| number(day.date));
        let behind = self.last_year.zip(invited).map(|(before, from)| {
            let shifted = before.days.iter().map(|(day, share)| (from + day, *share));
            shifted.filter(|(day, _)| *day <= last).collect::<Vec<_>>()
        });
        let individual = self.individual();
        let target = |t: &&TargetStatus| t.level == Level::Individual;
        let levels = self.figures.targets.iter().filter(target);
        Curves {
            title: format!(
                "Completion over time: contacts who have answered, of those who {}",
                if self.live.spec.participation.names() { "could be reached" } else { "were invited" }
            ),
            says: format!(
                "{} of {} had answered by {}. {}",
                count(individual.completed),
                count(individual.reachable),
                day(self.today.min(closes)),
                words.join(" ")
            ),
            last,
            from: day(first),
            until: day(closes),
            so_far,
            now: percent(individual.completed, individual.reachable).replace(' ', "\u{a0}"),
            ends: self.last().map(|r| [with_span(r), middle(r)]).unwrap_or_default(),
            ahead,
            behind: behind.unwrap_or_default(),
            behind_is: self.last_year.map(|before| before.called.chars().take(NAME).collect()).unwrap_or_default(),
            levels: levels.map(|t| (t.target, format!("target {}", whole(t.target)))).collect(),
            marks: self.marks(number),
        }
    }

    /// What is to come at this level.
    fn ahead_of(&self, level: Level) -> Option<&Ahead> {
        match level {
            Level::Individual => self.outlook.ahead.as_ref(),
            Level::Accounts => self.outlook.of_accounts.as_ref(),
        }
    }

    /// Where it ends.
    fn last(&self) -> Option<Range> {
        self.outlook.ahead.as_ref().map(|ahead| ahead.forecast.last)
    }

    /// Each letter by its name on the day on which most of it left, else as a tick; then those that are still to come.
    fn marks(&self, number: impl Fn(NaiveDate) -> i64) -> Vec<DayMark> {
        let mut left: BTreeMap<(MessageKind, i64), Vec<(i64, i64)>> = BTreeMap::new();
        for day in &self.outlook.days {
            for (kind, n, sent) in &day.letters {
                left.entry((*kind, *n)).or_default().push((number(day.date), *sent));
            }
        }
        let mut marks = Vec::new();
        for ((kind, n), days) in left {
            let most = days.iter().map(|(_, sent)| *sent).max();
            let named = days.iter().find(|(_, sent)| Some(*sent) == most).map(|(day, _)| *day);
            marks.extend(days.iter().map(|(day, _)| DayMark {
                day: *day,
                label: if Some(*day) == named { capitalised(&kind.numbered(n)) } else { String::new() },
                ahead: false,
            }));
        }
        if let Some(ahead) = &self.outlook.ahead {
            let planned = ahead.course.letters.iter().filter(|letter| matches!(letter.to, Sent::Planned(_)));
            marks.extend(planned.filter_map(|letter| {
                let label = capitalised(&MessageKind::Reminder.numbered(letter.number));
                Some(DayMark { day: number(*ahead.working.get(letter.day)?), label, ahead: true })
            }));
        }
        marks.sort_by_key(|mark| mark.day);
        marks
    }

    fn words(&self) -> Vec<String> {
        let mut all = Vec::new();
        let day = self.day();
        if let Some(range) = self.last() {
            let closes = day(self.live.closed_on());
            all.push(format!("Goes to {} of contacts by {closes} if nothing changes.", in_words(range)));
        }
        if let Some(ahead) = self.outlook.of_accounts.as_ref().filter(|_| self.whole.accounts) {
            all.push(format!("Of accounts it goes to {}.", in_words(ahead.forecast.last)));
        }
        if self.live.state == RoundState::Paused && self.last().is_some() {
            all.push("This counts on the letters to come, and they wait while the round is paused.".into());
        }
        if let Some(OneMore { on, adds }) = self.outlook.one_more {
            all.push(format!("One more reminder, on {}, would add {}.", day(on), points(adds)));
        }
        let individual = self.individual();
        if self.last().is_some() && individual.reachable - individual.completed >= 10 {
            let adds = points(10.0 / individual.reachable as f64);
            all.push(format!("Ten calls that end in an answer add {adds}."));
        }
        all.extend(self.compared());
        all
    }

    /// "2026 stood at 35 % on the same day and ended at 44 %."
    fn compared(&self) -> Option<String> {
        let before = self.last_year?;
        let (_, ended) = before.days.last()?;
        let ended = format!("ended at {}", whole(*ended));
        let (_, first) = since_the_invitation(&self.outlook.days).next()?;
        let today = self.today.signed_duration_since(first.date).num_days();
        let then = before.days.iter().find(|(day, _)| *day == today).filter(|_| self.outlook.ahead.is_some());
        Some(match then {
            Some((_, share)) => format!("{} stood at {} on the same day and {ended}.", before.called, whole(*share)),
            None => format!("{} {ended}.", before.called),
        })
    }

    fn rows(&self) -> Vec<DayRow> {
        let day = self.day();
        // A reminder goes to those who have not answered: to how many, says how many have.
        let letter = |(kind, n, sent): &(MessageKind, i64, i64)| match self.live.spec.participation.letter(*kind) {
            true => format!("{} to {}", kind.numbered(n), count(*sent)),
            false => kind.numbered(n),
        };
        let letters = |of: &Day| of.letters.iter().map(letter).collect::<Vec<_>>().join(", ");
        let told = |is: bool, figure: String| if is { figure } else { "not told".into() };
        let past = self.outlook.days.iter().map(|of| DayRow {
            day: day(of.date),
            answers: told(self.tells(of), count(of.answers).to_string()),
            share: told(self.tells(of), percent(of.answers, self.individual().reachable).replace(' ', "\u{a0}")),
            accounts: told(self.tells_accounts(of), count(of.accounts).to_string()),
            letters: letters(of),
        });
        let ahead = self.ahead().map(|(date, range)| DayRow {
            day: day(date),
            answers: String::new(),
            share: format!("expected {}", with_span(range)),
            accounts: String::new(),
            letters: String::new(),
        });
        thinned(past.chain(ahead).collect(), self.outlook.days.len().saturating_sub(1))
    }

    /// A target of a running round that is not met by the close if nothing changes.
    pub fn slips(&self, t: &TargetStatus) -> bool {
        let is_open = self.live.state == RoundState::Running && !t.met && t.missing > 0 && self.whole.level(t.level);
        is_open && self.ahead_of(t.level).is_some_and(|ahead| ahead.reaches(t.target).is_none())
    }

    /// When a target is met, or that it is not.
    pub fn when(&self, t: &TargetStatus) -> String {
        let day = self.day();
        let base = match t.level {
            Level::Individual => self.individual().reachable,
            Level::Accounts => self.figures.accounts.invited,
        };
        if base == 0 {
            return String::new();
        }
        if t.met {
            let of_day = |of: &Day| match t.level {
                Level::Individual => (of.answers, self.tells(of)),
                Level::Accounts => (of.accounts, self.tells_accounts(of)),
            };
            let reached = |of: &&Day| of_day(of).0 as f64 >= t.target * base as f64 - 1e-9;
            // Of a day of which it is not told how many had answered, it is not told that these many had.
            let on = self.outlook.days.iter().find(reached).filter(|of| of_day(of).1);
            return on.map(|of| format!("on {}", day(of.date))).unwrap_or_default();
        }
        if self.live.state == RoundState::Closed {
            return "not before the close".into();
        }
        let Some(ahead) = self.ahead_of(t.level) else { return String::new() };
        let last = ahead.forecast.last;
        match ahead.reaches(t.target) {
            Some(date) if last.low >= t.target => format!("about {}", day(date)),
            Some(date) => format!("about {}, not for certain", day(date)),
            None if last.high >= t.target => "possible, but more likely not before the close".into(),
            None => "not before the close if nothing changes".into(),
        }
    }
}

/// Some [`ROWS`] of them, the first, the last and today's among them; letters of days that are left out stand in the row after them.
fn thinned(all: Vec<DayRow>, today: usize) -> Vec<DayRow> {
    let (every, last) = (all.len().div_ceil(ROWS).max(1), all.len().saturating_sub(1));
    let (mut kept, mut letters) = (Vec::new(), Vec::new());
    for (n, mut row) in all.into_iter().enumerate() {
        let is_kept = n % every == 0 || n == last || n == today;
        if is_kept {
            letters.extend(Some(row.letters).filter(|own| !own.is_empty()));
            row.letters = std::mem::take(&mut letters).join(", ");
            kept.push(row);
        } else if !row.letters.is_empty() {
            letters.push(format!("on {} {}", row.day, row.letters));
        }
    }
    kept
}

/// What is added to a rate, as whole points: a tenth of one is less than the forecast knows.
fn points(adds: f64) -> String {
    match (adds * 100.0).round() as u64 {
        0 => "less than one point".into(),
        1 => "about 1 point".into(),
        n => format!("about {n} points"),
    }
}

/// "46 %".
fn middle(range: Range) -> String {
    whole(range.middle)
}

/// By the one rule for shares.
fn whole(share: f64) -> String {
    format!("{}\u{a0}%", percent_of_rate(share))
}

/// "41 to 52 % (middle 46 %)"; where both ends are the same, that share.
fn in_words(range: Range) -> String {
    let (middle, span) = (middle(range), span(range));
    if middle == span { middle } else { format!("{span}\u{a0}% (middle {middle})") }
}

/// "46 % (41 to 52)".
fn with_span(range: Range) -> String {
    let (middle, span) = (middle(range), span(range));
    if middle == span { middle } else { format!("{middle} ({span})") }
}

/// "41 to 52", without its sign; where both are the same, that share.
fn span(range: Range) -> String {
    match (percent_of_rate(range.low), percent_of_rate(range.high)) {
        (low, high) if low == high => whole(range.middle),
        (low, high) => format!("{low} to {high}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_round_has_fewer_rows_and_loses_neither_letters_nor_today() {
        let row = |n: usize| DayRow {
            day: format!("day {n}"),
            answers: String::new(),
            share: String::new(),
            accounts: String::new(),
            letters: if [0, 4, 5, 9].contains(&n) { format!("letter {n}") } else { String::new() },
        };
        let days = |rows: &[DayRow]| rows.iter().map(|row| row.day.clone()).collect::<Vec<_>>();
        let whole = thinned((0..ROWS).map(row).collect(), 8);
        assert_eq!((whole.len(), whole[4].letters.as_str()), (ROWS, "letter 4"));
        // Every third.
        let some = thinned((0..2 * ROWS + 3).map(row).collect(), 7);
        assert!(some.len() <= ROWS + 2, "{}", some.len());
        assert_eq!(days(&some)[..5], ["day 0", "day 3", "day 6", "day 7", "day 9"]);
        let letters: Vec<&str> = some.iter().take(5).map(|row| row.letters.as_str()).collect();
        assert_eq!(letters, ["letter 0", "", "on day 4 letter 4, on day 5 letter 5", "", "letter 9"]);
        assert_eq!(days(&some).last(), Some(&format!("day {}", 2 * ROWS + 2)));
        assert!(thinned(Vec::new(), 0).is_empty());
    }
}
