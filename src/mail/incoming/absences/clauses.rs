//! A text in lower case cut into sentences and clauses, so that a date is read with the words that stand beside it and no others.

use std::ops::Range;

use crate::mail::incoming::words;

use super::calendar_words;
use super::spoken_dates::SpokenDate;

/// More are no letter.
const MOST: usize = 400;

/// Lines of prose are joined, so that what ends is a sentence; a short line before one that begins anew is a sentence by itself.
pub fn joined(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut out = String::with_capacity(text.len());
    for (at, line) in lines.iter().enumerate() {
        out.push_str(line);
        let next = lines.get(at + 1).copied().unwrap_or("");
        let begins = next.starts_with(|c: char| c.is_uppercase() || !c.is_alphanumeric() && !"([\"'".contains(c));
        let ends = line.is_empty() || next.is_empty() || (line.chars().count() < SHORT && begins && !goes_on(line));
        out.push_str(if ends { "\n\n" } else { " " });
    }
    out
}

/// A line that was wrapped is longer than this.
const SHORT: usize = 55;

/// Whether the last word of a line wants another one.
fn goes_on(line: &str) -> bool {
    let lower = line.to_lowercase();
    let last = lower.rsplit(' ').next().unwrap_or("");
    line.ends_with([',', '-', '–'])
        || ["until", "from", "to", "small"].iter().any(|section| words::list(section).contains(&last))
}

/// Clauses by their places in the text, in order.
pub fn of(text: &str, dates: &[SpokenDate]) -> Vec<Range<usize>> {
    let inside = |at: usize| dates.iter().any(|d| d.start < at && at < d.end);
    let mut cuts: Vec<usize> = Vec::new();
    for end in [". ", "! ", "? ", "。", "\n\n", ".\n"] {
        let ends = text.match_indices(end).map(|(at, _)| at).filter(|at| !inside(*at));
        cuts.extend(ends.filter(|at| end != ". " || !is_short_form(&text[..*at])).map(|at| at + end.len()));
    }
    cuts.extend(words::places("joins", text).into_iter().map(|span| span.start));
    cuts.extend(dashes(text).filter(|at| !joins_dates(dates, *at)));
    for comma in [", ", " and ", " und ", " et ", ": "] {
        for (at, _) in text.match_indices(comma).filter(|(at, _)| !inside(*at)) {
            let rest = &text[at + comma.len()..];
            if words::list("openers").iter().any(|w| rest.starts_with(w)) {
                cuts.push(at + comma.len());
            }
        }
    }
    cuts.retain(|at| *at > 0 && *at < text.len());
    cuts.sort_unstable();
    cuts.dedup();
    cuts.truncate(MOST);
    let mut from = 0;
    let mut all = Vec::with_capacity(cuts.len() + 1);
    for to in cuts.into_iter().chain([text.len()]) {
        if text[from..to].contains(char::is_alphanumeric) {
            all.push(from..to);
        }
        from = to;
    }
    all
}

fn dashes(text: &str) -> impl Iterator<Item = usize> {
    [" - ", " – ", " — ", " | "].into_iter().flat_map(|dash| text.match_indices(dash).map(|(at, _)| at))
}

/// A dash between two dates is a range.
fn joins_dates(dates: &[SpokenDate], at: usize) -> bool {
    dates.iter().any(|d| d.end <= at + 1 && at <= d.end + 6 || d.start > at && d.start <= at + 12)
}

/// "Dr. Lee", "vom 2. bis": no sentence ends there.
fn is_short_form(before: &str) -> bool {
    let word = before.rsplit([' ', '\n', '(']).next().unwrap_or("");
    let number = (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    number
        || matches!(
            word,
            "dr" | "mr"
                | "mrs"
                | "ms"
                | "prof"
                | "st"
                | "hr"
                | "fr"
                | "mme"
                | "m"
                | "z"
                | "b"
                | "bzw"
                | "ca"
                | "nr"
                | "no"
                | "tel"
        )
}

/// The words of a text that name something: neither small words nor dates nor numbers.
pub fn telling(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.filter(|w| {
        !w.starts_with(|c: char| c.is_ascii_digit())
            && !words::list("small").contains(w)
            && calendar_words::weekday(w).is_none()
            && calendar_words::month(w).is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_holds_one_statement() {
        let cut =
            |text: &str| -> Vec<String> { of(text, &[]).into_iter().map(|r| text[r].trim().to_string()).collect() };
        assert_eq!(cut("i am away. our offer ends."), ["i am away.", "our offer ends."]);
        assert_eq!(cut("i am away, our offer ends"), ["i am away,", "our offer ends"]);
        assert_eq!(cut("dr. lee is away"), ["dr. lee is away"]);
        assert_eq!(joined("I am away until\n13 March\nOffers\n"), "I am away until 13 March\n\nOffers\n\n");
    }
}
