//! The frames around pages, and the small things that appear on many of them: states, times, numbers, rates, bars.
//! Each small thing renders itself, so that a state looks and reads the same on every page: always a word and a sign
//! beside the colour, a number always with its base, a relative time always with the exact one.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::base::counted::form;
use crate::base::language::right_to_left;
use crate::rules::completion::whole_percent;
use crate::web::kit::urls;

use super::languages::own_name;

/// The frame of an operator's page.
#[derive(Clone, Debug, Default)]
pub struct Console {
    /// Who is logged in; empty before that.
    pub operator: String,
    pub csrf: String,
    /// The round that the page is about; `None` on the list of rounds.
    pub round: Option<RoundNav>,
    /// Which entry of the navigation is this page: `overview`, `contacts`, `accounts`, `calls`, `sign-off`, `plan`, `outbox`, `replies`, `hand-over`, or empty.
    pub here: &'static str,
    /// What the last POST did, in one sentence.
    pub flash: Option<Flash>,
    /// Said on every page while it is true: a rehearsal, a sender that cannot reach its server.
    pub notice: Option<String>,
    /// The number of the last commit that the page holds; of a page of a round also when it was made.
    pub last_change: i64,
    pub as_of: Option<When>,
    /// What is wrong for too long; said on every page.
    pub alarms: Vec<AlarmLine>,
}

/// Something that is wrong for too long: what, since when and what is tried by itself; and where it is mended.
#[derive(Clone, Debug)]
pub struct AlarmLine {
    pub text: String,
    pub link: Link,
}

#[derive(Clone, Debug)]
pub struct RoundNav {
    /// As in the address: `/rounds/{id}`.
    pub id: String,
    pub client: String,
    pub title: String,
    pub state: Status,
    /// Replies that wait to be read.
    pub waiting: Count,
}

impl RoundNav {
    /// The pages of a round: key, label, address.
    pub fn pages(&self) -> [(&'static str, &'static str, String); 9] {
        let round = &self.id;
        [
            ("overview", "Overview", urls::round(round)),
            ("contacts", "Contacts", urls::contacts(round)),
            ("accounts", "Accounts", urls::accounts(round)),
            ("calls", "Calls", urls::calls(round)),
            ("sign-off", "Sign-off", urls::board(round)),
            ("plan", "Plan", urls::plan(round)),
            ("outbox", "Outbox", urls::outbox(round)),
            ("replies", "Replies", urls::replies(round)),
            ("hand-over", "Hand-over", urls::hand_over(round)),
        ]
    }

    pub fn href(&self) -> String {
        urls::round(&self.id)
    }
    pub fn contacts(&self) -> String {
        urls::contacts(&self.id)
    }
    pub fn board(&self) -> String {
        urls::board(&self.id)
    }
    pub fn report(&self) -> String {
        urls::report(&self.id)
    }
}

#[derive(Clone, Debug)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
    /// Where more of it stands.
    pub link: Option<Link>,
}

impl Flash {
    /// Read out at once; and it goes with the page, so that it covers nothing.
    pub fn is_refusal(&self) -> bool {
        self.tone == Tone::Wrong
    }
}

/// The frame of a page for somebody who has no account here: a contact, an account director. No chrome.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// ISO 639 code of the page's words.
    pub lang: String,
    /// The company that asks, as its customers call it; empty when the link told us nothing.
    pub client: String,
    /// A path on this host; the name is shown where there is none.
    pub logo: Option<String>,
    /// Six hexadecimal digits for `/accent/{hex}.css`; empty for ours.
    pub accent: String,
    /// Who answers questions; empty when unknown.
    pub team_email: String,
}

/// Words of somebody else than the page: with their language where it is another one, so that they are read out and set as they should.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/frame/spoken.html")]
pub struct Spoken {
    pub text: String,
    /// ISO 639; empty for the page's own.
    pub lang: String,
}

impl HtmlSafe for Spoken {}

impl Spoken {
    fn rtl(&self) -> bool {
        right_to_left(&self.lang)
    }
}

impl<T: Into<String>> From<T> for Spoken {
    fn from(text: T) -> Spoken {
        Spoken { text: text.into(), lang: String::new() }
    }
}

/// One entry of the menu of languages.
#[derive(Clone, Debug)]
pub struct LanguageLink {
    pub code: String,
    /// In its own words: "Deutsch".
    pub name: String,
    pub href: String,
    pub current: bool,
}

impl LanguageLink {
    pub fn new(code: &str, href: &str, current: bool) -> LanguageLink {
        LanguageLink { code: code.into(), name: own_name(code).into(), href: href.into(), current }
    }

    pub fn dir(&self) -> &'static str {
        if right_to_left(&self.code) { "rtl" } else { "ltr" }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Attention,
    Wrong,
    Waiting,
}

impl Tone {
    pub fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Attention => "attention",
            Tone::Wrong => "wrong",
            Tone::Waiting => "waiting",
        }
    }

    /// Told apart without colour.
    pub fn sign(self) -> &'static str {
        match self {
            Tone::Good => "✓",
            Tone::Attention => "!",
            Tone::Wrong => "✕",
            Tone::Waiting => "…",
        }
    }
}

/// A state: a word with its sign and colour.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/frame/status.html")]
pub struct Status {
    pub tone: Tone,
    pub word: String,
}

impl HtmlSafe for Status {}

impl Status {
    pub fn good(word: impl Into<String>) -> Status {
        Status { tone: Tone::Good, word: word.into() }
    }
    pub fn attention(word: impl Into<String>) -> Status {
        Status { tone: Tone::Attention, word: word.into() }
    }
    pub fn wrong(word: impl Into<String>) -> Status {
        Status { tone: Tone::Wrong, word: word.into() }
    }
    pub fn waiting(word: impl Into<String>) -> Status {
        Status { tone: Tone::Waiting, word: word.into() }
    }
}

/// A time as it is read ("2 hours ago"), with the exact one ("Tue 9 Feb, 09:00 in Dublin") on hover and in print.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/frame/when.html")]
pub struct When {
    pub text: String,
    /// The same as `text` where that is exact already.
    pub exact: String,
    /// RFC 3339.
    pub iso: String,
}

impl HtmlSafe for When {}

impl When {
    pub fn new(text: impl Into<String>, exact: impl Into<String>, iso: impl Into<String>) -> When {
        When { text: text.into(), exact: exact.into(), iso: iso.into() }
    }
}

/// A number of things, with its thousands grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(pub u64);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl Count {
    /// "1,204 messages", "1 message".
    pub fn of(self, one: &str, many: &str) -> String {
        plural(self.0 as usize, one, many)
    }
}

impl From<u64> for Count {
    fn from(n: u64) -> Count {
        Count(n)
    }
}

/// A share with its base: "41 % (123 of 300)".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    pub part: u64,
    pub base: u64,
    /// What it is a share of is told, and how many they are is not.
    pub hidden: bool,
}

impl Rate {
    pub fn new(part: u64, base: u64) -> Rate {
        Rate { part, base, hidden: false }
    }

    /// Of a round that does not tell it.
    pub fn not_told(base: u64) -> Rate {
        Rate { part: 0, base, hidden: true }
    }

    /// By the one rule for shares.
    pub fn percent(&self) -> u64 {
        whole_percent(self.part, self.base)
    }

    /// For a bar: never longer than its base.
    pub fn width(&self) -> u64 {
        self.percent().min(100)
    }

    pub fn counts(&self) -> String {
        let of = format!("of {}", Count(self.base));
        if self.hidden { of } else { format!("{} {of}", Count(self.part)) }
    }

    pub fn short(&self) -> String {
        match self.percent() {
            _ if self.base == 0 => "none yet".into(),
            _ if self.hidden => "not told".into(),
            percent => format!("{percent}\u{a0}%"),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.base == 0 { f.write_str("none yet") } else { write!(f, "{} ({})", self.short(), self.counts()) }
    }
}

/// A bar from zero, drawn by the server. Decoration: the number stands beside it as text.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/frame/bar.html")]
pub struct Bar {
    pub rate: Rate,
    /// Lines across the bar, labelled on them.
    pub marks: Vec<Mark>,
}

impl HtmlSafe for Bar {}

#[derive(Clone, Debug)]
pub struct Mark {
    pub percent: u64,
    pub label: String,
}

impl Mark {
    /// Towards the right edge a label would leave the drawing.
    pub fn anchor(&self) -> &'static str {
        if self.percent > 92 {
            "end"
        } else if self.percent < 6 {
            "start"
        } else {
            "middle"
        }
    }
}

impl Bar {
    pub fn of(rate: Rate) -> Bar {
        Bar { rate, marks: Vec::new() }
    }
}

#[derive(Clone, Debug)]
pub struct Link {
    pub text: String,
    pub href: String,
}

impl Link {
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Link {
        Link { text: text.into(), href: href.into() }
    }
}

/// "14 names", "1 name": `plural(14, "name", "names")`.
pub fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", Count(n as u64), form(n, one, many))
}

/// One entry of a row of filters: how many rows it would show.
#[derive(Clone, Debug)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub count: Count,
    pub current: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_names_its_base_and_is_all_or_nothing_only_when_it_is() {
        assert_eq!(Rate::new(123, 300).to_string(), "41\u{a0}% (123 of 300)");
        assert_eq!(Rate::new(1_499, 2_000).to_string(), "74\u{a0}% (1,499 of 2,000)");
        assert_eq!(Rate::new(1, 300).to_string(), "1\u{a0}% (1 of 300)");
        assert_eq!(Rate::new(0, 300).to_string(), "0\u{a0}% (0 of 300)");
        assert_eq!(Rate::new(299, 300).short(), "99\u{a0}%");
        assert_eq!(Rate::default().to_string(), "none yet");
        assert_eq!(Rate::new(5, 4).width(), 100);
    }

    #[test]
    fn s01_small_things_escape_what_they_hold() {
        let hostile = "<script>alert(1)</script>";
        for html in [
            Status::wrong(hostile).to_string(),
            When::new(hostile, "\" onmouseover=\"x", hostile).to_string(),
            Bar { rate: Rate::new(1, 2), marks: vec![Mark { percent: 50, label: hostile.into() }] }.to_string(),
        ] {
            assert!(!html.contains("<script") && !html.contains("\" onmouseover"), "{html}");
        }
    }
}
