//! Dates in prose, in the orders and languages that people write them in; without a year, it is the next such day after the mail's own.

use chrono::{Datelike, Days, NaiveDate};

use super::calendar_words as names;

/// A date in a text, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenDate {
    pub date: NaiveDate,
    pub start: usize,
    pub end: usize,
}

/// What a reader knows besides the words.
#[derive(Clone, Copy, Debug)]
pub struct DateReading {
    /// The day on which it was written.
    pub written: NaiveDate,
    /// The sender's clock is one of North America, where 3/2 is 2 March.
    pub month_first: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number(u32, usize),
    Word,
    Mark(char),
}

#[derive(Clone, Copy, Debug)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
}

const MOST: usize = 40;

/// All dates of a text in lower case, in order.
pub fn in_text(text: &str, reader: DateReading) -> Vec<SpokenDate> {
    let tokens = tokens(text);
    let mut found: Vec<SpokenDate> = Vec::new();
    let mut at = 0;
    while at < tokens.len() && found.len() < MOST {
        let cursor = Cursor { text, tokens: &tokens, at };
        if let Some((date, length)) = cursor.date(reader) {
            let last = tokens[at + length - 1];
            found.push(SpokenDate { date, start: tokens[at].start, end: last.end });
            at += length;
            // "July 10-31", "3月3日～14日": the second day of a range without a month of its own.
            let after = Cursor { text, tokens: &tokens, at };
            if let Some((day, from, length)) = after.second_day() {
                // A range that has begun is one of this year.
                let first = date
                    .with_year(date.year() - 1)
                    .filter(|d| d.day() < day && d.with_day(day) >= Some(reader.written));
                if let Some(second) = first.unwrap_or(date).with_day(day).filter(|second| second.day() > date.day()) {
                    found.push(SpokenDate {
                        date: second,
                        start: tokens[at + from].start,
                        end: tokens[at + length - 1].end,
                    });
                }
                at += length;
            }
        } else {
            at += 1;
        }
    }
    found.extend(weekdays(text, &tokens, &found, reader));
    found.sort_by_key(|s| s.start);
    found
}

fn weekdays(text: &str, tokens: &[Token], dates: &[SpokenDate], reader: DateReading) -> Vec<SpokenDate> {
    let named = tokens.iter().enumerate().filter(|(_, t)| t.kind == Kind::Word);
    named
        .filter_map(|(at, t)| {
            let word = &text[t.start..t.end];
            let day = names::weekday(word)?;
            // French "mon absence" is no Monday.
            if word == "mon" && !matches!(tokens.get(at + 1).map(|t| t.kind), Some(Kind::Mark(_) | Kind::Number(..))) {
                return None;
            }
            // "Monday, 2 March" is the date, not another one.
            let beside = dates
                .iter()
                .any(|d| d.start >= t.end && d.start <= t.end + 8 || t.start >= d.end && t.start <= d.end + 3);
            let today = reader.written.weekday().num_days_from_monday();
            let ahead = (day + 7 - today - 1) % 7 + 1;
            let date = reader.written.checked_add_days(Days::new(ahead.into()))?;
            (!beside).then_some(SpokenDate { date, start: t.start, end: t.end })
        })
        .take(MOST)
        .collect()
}

/// Runs of digits, runs of letters (each sign of its own in Chinese and Japanese), and everything else but spaces.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if c.is_whitespace() {
            continue;
        }
        let joins = tokens.last().is_some_and(|t| t.end == start);
        if let Some(digit) = c.to_digit(10) {
            if let Some(Token { kind: Kind::Number(n, digits), end: last, .. }) = tokens.last_mut().filter(|_| joins) {
                (*n, *digits, *last) = (n.saturating_mul(10).saturating_add(digit), *digits + 1, end);
                continue;
            }
            tokens.push(Token { kind: Kind::Number(digit, 1), start, end });
        } else if c.is_alphabetic() {
            let single = ('\u{3040}'..='\u{9fff}').contains(&c) || ('\u{ac00}'..='\u{d7af}').contains(&c);
            if let Some(last) = tokens.last_mut().filter(|t| joins && !single && t.kind == Kind::Word) {
                last.end = end;
                continue;
            }
            tokens.push(Token { kind: if single { Kind::Mark(c) } else { Kind::Word }, start, end });
        } else {
            tokens.push(Token { kind: Kind::Mark(c), start, end });
        }
    }
    tokens
}

struct Cursor<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
}

impl Cursor<'_> {
    fn number(&self, ahead: usize) -> Option<(u32, usize)> {
        match self.tokens.get(self.at + ahead)?.kind {
            Kind::Number(n, digits) => Some((n, digits)),
            _ => None,
        }
    }

    fn mark(&self, ahead: usize) -> Option<char> {
        match self.tokens.get(self.at + ahead)?.kind {
            Kind::Mark(c) => Some(c),
            _ => None,
        }
    }

    fn word(&self, ahead: usize) -> Option<&str> {
        let token = self.tokens.get(self.at + ahead).filter(|t| t.kind == Kind::Word)?;
        Some(&self.text[token.start..token.end])
    }

    fn month(&self, ahead: usize) -> Option<u32> {
        self.word(ahead).and_then(names::month)
    }

    /// A day of the month, and how many tokens it took: `3`, `3.`, `3rd`, `1er`, `1º`.
    fn day(&self, ahead: usize) -> Option<(u32, usize)> {
        let (day, digits) = self.number(ahead)?;
        if digits > 2 || !(1..=31).contains(&day) {
            return None;
        }
        let ordinal =
            matches!(self.word(ahead + 1), Some("st" | "nd" | "rd" | "th" | "er" | "e" | "ste" | "de" | "a" | "o"))
                || matches!(self.mark(ahead + 1), Some('.' | 'º' | 'ª' | '°'));
        Some((day, if ordinal { 2 } else { 1 }))
    }

    fn year(&self, ahead: usize) -> Option<i32> {
        let (year, digits) = self.number(ahead)?;
        match digits {
            4 if (1990..=2100).contains(&year) => i32::try_from(year).ok(),
            2 if (20..=60).contains(&year) => i32::try_from(2000 + year).ok(),
            _ => None,
        }
    }

    /// A date that begins here, and how many tokens it took.
    fn date(&self, reader: DateReading) -> Option<(NaiveDate, usize)> {
        self.year_first()
            .or_else(|| self.day_and_name(reader))
            .or_else(|| self.name_and_day(reader))
            .or_else(|| self.numbers(reader))
    }

    /// 2026-03-02, 2026/3/2, 2026年3月2日, 2026. március 2.; 3月2日 and 3월 2일.
    fn year_first(&self) -> Option<(NaiveDate, usize)> {
        let year = self.number(0).filter(|(_, digits)| *digits == 4).and(self.year(0))?;
        let mark = self.mark(1)?;
        if let Some(month) = self.month(2).filter(|_| mark == '.') {
            let (day, length) = self.day(3)?;
            return Some((NaiveDate::from_ymd_opt(year, month, day)?, 3 + length));
        }
        let (month, _) = self.number(2)?;
        let between = self.mark(3)?;
        let (day, digits) = self.number(4).filter(|(_, digits)| *digits <= 2)?;
        let same = matches!((mark, between), ('-', '-') | ('/', '/') | ('.', '.') | ('年', '月') | ('년', '월'));
        let date = NaiveDate::from_ymd_opt(year, month, day).filter(|_| same && digits <= 2)?;
        Some((date, if matches!(self.mark(5), Some('日' | '일' | '号')) { 6 } else { 5 }))
    }

    /// 2 March 2026, 2. März, le 2 mars, 2 de marzo de 2026, 2nd of March.
    fn day_and_name(&self, reader: DateReading) -> Option<(NaiveDate, usize)> {
        let (day, mut length) = self.day(0)?;
        while matches!(self.word(length), Some("of" | "de" | "di" | "d" | "den" | "da"))
            || matches!(self.mark(length), Some('-' | '\'' | '’'))
        {
            length += 1;
            if length > 4 {
                return None;
            }
        }
        let month = self.month(length)?;
        length += 1;
        Some(self.with_year(day, month, length, reader)).flatten()
    }

    /// March 2, 2026; March 2nd; Mar. 2; április 2.
    fn name_and_day(&self, reader: DateReading) -> Option<(NaiveDate, usize)> {
        let month = self.month(0)?;
        let dotted = usize::from(self.mark(1) == Some('.'));
        let the = usize::from(self.word(1 + dotted) == Some("the"));
        let (day, length) = self.day(1 + dotted + the)?;
        // "March 12:30" and "march 10 am" are no days.
        if self.mark(1 + dotted + the + length) == Some(':') {
            return None;
        }
        self.with_year(day, month, 1 + dotted + the + length, reader)
    }

    /// 2.3.2026, 02/03/2026, 2-3-26, 2.3., 2/3; 3月2日.
    fn numbers(&self, reader: DateReading) -> Option<(NaiveDate, usize)> {
        let ((first, a), mark, (second, b)) = (self.number(0)?, self.mark(1)?, self.number(2)?);
        if a > 2 || b > 2 {
            return None;
        }
        if matches!(mark, '月' | '월') {
            let length = if matches!(self.mark(3), Some('日' | '일' | '号')) { 4 } else { 3 };
            return Some((next_such_day(second, first, reader.written)?, length));
        }
        if !matches!(mark, '.' | '/' | '-') {
            return None;
        }
        let (day, month) = in_order(first, second, mark == '/' && reader.month_first)?;
        if self.mark(3) == Some(mark)
            && let Some(year) = self.year(4)
        {
            return Some((NaiveDate::from_ymd_opt(year, month, day)?, 5));
        }
        let whole = match mark {
            '.' => self.mark(3) == Some('.') || (a == 2 && b == 2),
            '/' => (first, second) != (24, 7),
            _ => false,
        };
        // Times, versions and telephone numbers go on.
        let goes_on =
            matches!(self.mark(3), Some('/' | ':' | '-')) && self.number(4).is_some_and(|(_, digits)| digits > 2);
        let length = if mark == '.' && self.mark(3) == Some('.') { 4 } else { 3 };
        (whole && !goes_on).then(|| next_such_day(day, month, reader.written)).flatten().map(|date| (date, length))
    }

    fn with_year(&self, day: u32, month: u32, length: usize, reader: DateReading) -> Option<(NaiveDate, usize)> {
        let mut ahead = length;
        while matches!(self.mark(ahead), Some(',' | '.')) || matches!(self.word(ahead), Some("de" | "del" | "of")) {
            ahead += 1;
            if ahead > length + 2 {
                break;
            }
        }
        let four = self.number(ahead).is_some_and(|(_, digits)| digits == 4);
        match self.year(ahead).filter(|_| four) {
            Some(year) => Some((NaiveDate::from_ymd_opt(year, month, day)?, ahead + 1)),
            None => Some((next_such_day(day, month, reader.written)?, length)),
        }
    }

    /// The second day of a range: `-31`, `– 31`, `to 31`, `～14日`; where its number stands and how many tokens all of it took.
    fn second_day(&self) -> Option<(u32, usize, usize)> {
        let joined = matches!(self.mark(0), Some('-' | '–' | '—' | '~' | '～' | '〜' | '至' | '到'))
            || matches!(self.word(0), Some("to" | "through" | "until" | "thru"));
        let from = match (self.mark(0), self.mark(1)) {
            (Some('か'), Some('ら')) => 2,
            _ if joined => 1,
            _ => return None,
        };
        let (day, length) = self.day(from)?;
        let ends =
            self.month(from + length).is_none() && !matches!(self.mark(from + length), Some('月' | '/' | ':' | '월'));
        (ends && self.number(from + length).is_none_or(|(_, d)| d == 4)).then_some((day, from, from + length))
    }
}

fn in_order(first: u32, second: u32, month_first: bool) -> Option<(u32, u32)> {
    match (first, second) {
        (1..=12, 1..=12) if month_first => Some((second, first)),
        (1..=31, 1..=12) => Some((first, second)),
        (1..=12, 1..=31) => Some((second, first)),
        _ => None,
    }
}

fn next_such_day(day: u32, month: u32, written: NaiveDate) -> Option<NaiveDate> {
    // A 29 February comes again within eight years.
    (0..=8)
        .filter_map(|years| NaiveDate::from_ymd_opt(written.year() + years, month, day))
        .find(|date| *date >= written)
}
