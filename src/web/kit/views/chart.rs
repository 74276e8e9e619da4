//! Shares over days as a drawing: made on the server, sharp on paper, the colours by the style sheet, its letters never smaller than the
//! page's. It is drawn twice, for desks and for phones, and the style sheet shows one of them.
//!
//! Whoever does not see it has its title, what it says in words, and the numbers in a table beside it.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

/// What is drawn: shares between 0 and 1, by days counted from the first one.
#[derive(Clone, Debug, Default)]
pub struct Curves {
    pub title: String,
    /// The same in words.
    pub says: String,
    /// The number of the last day, and how it and the first one are called.
    pub last: i64,
    pub from: String,
    pub until: String,
    pub so_far: Vec<(i64, f64)>,
    /// Beside the end of what has come: "41 %".
    pub now: String,
    /// What will come: low, middle, high.
    pub ahead: Vec<(i64, [f64; 3])>,
    /// Beside its end, where there is much room and where there is little: "46 % (41 to 52)", "46 %".
    pub ends: [String; 2],
    /// Another curve behind it, and its name.
    pub behind: Vec<(i64, f64)>,
    pub behind_is: String,
    /// Lines across, each with its name.
    pub levels: Vec<(f64, String)>,
    pub marks: Vec<DayMark>,
}

/// Something that happened on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct DayMark {
    pub day: i64,
    /// Empty: a small tick.
    pub label: String,
    /// It is still to come.
    pub ahead: bool,
}

/// A drawing, and the room it has.
#[derive(Clone, Copy)]
struct Room {
    class: &'static str,
    width: f64,
    /// Of the part with the curves.
    height: f64,
    right: f64,
    /// Which of the names of the end fits.
    ends: usize,
}

const ROOMS: [Room; 2] = [
    Room { class: "on-desks", width: 720.0, height: 220.0, right: 130.0, ends: 0 },
    Room { class: "on-phones", width: 328.0, height: 180.0, right: 48.0, ends: 1 },
];
const LEFT: f64 = 50.0;
const TOP: f64 = 20.0;
/// The height of a line of words, and how wide a letter is at most as a rule.
const LINE: f64 = 17.0;
const LETTER: f64 = 8.2;
/// Rows of names below the curves; whatever has no room in them is a tick without a name.
const ROWS: usize = 5;
/// Points of one curve: more are not seen.
const POINTS: usize = 200;

/// A number of a drawing, to a tenth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Px(f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() / 10.0;
        write!(f, "{tenths}")
    }
}

/// A line across or down.
#[derive(Debug)]
struct Rule {
    class: &'static str,
    x: [Px; 2],
    y: [Px; 2],
}

#[derive(Debug)]
struct Word {
    class: &'static str,
    anchor: &'static str,
    x: Px,
    y: Px,
    text: String,
}

/// One of the two.
#[derive(Debug, Template)]
#[template(path = "pages/completion/chart.html")]
pub struct Drawing {
    class: &'static str,
    title: String,
    says: String,
    width: Px,
    height: Px,
    rules: Vec<Rule>,
    /// Corners of the shaded part, and of the lines in their order: behind, so far, middle.
    fan: String,
    lines: Vec<(&'static str, String)>,
    dot: Option<(Px, Px)>,
    words: Vec<Word>,
}

impl HtmlSafe for Drawing {}

impl Curves {
    /// For desks and for phones.
    pub fn drawn(&self) -> Vec<Drawing> {
        ROOMS.iter().map(|room| self.in_room(*room)).collect()
    }

    /// The highest share that has a place.
    fn top(&self) -> f64 {
        let ahead = self.ahead.iter().map(|(_, [_, _, high])| *high);
        let curves = self.so_far.iter().chain(&self.behind).map(|(_, share)| *share);
        let levels = self.levels.iter().map(|(share, _)| *share);
        let highest = ahead.chain(curves).chain(levels).fold(0.0, f64::max);
        [0.25, 0.5, 0.75].into_iter().find(|top| highest <= top + 1e-9).unwrap_or(1.0)
    }

    fn in_room(&self, room: Room) -> Drawing {
        let place = Place { room, last: self.last.max(1) as f64, top: self.top() };
        let (mut rules, mut words) = (Vec::new(), Vec::new());
        self.levels_in(&place, &mut rules, &mut words);
        let rows = self.marks_in(&place, &mut rules, &mut words);
        let bottom = place.y(0.0);
        for (x, anchor, text) in [(LEFT, "start", &self.from), (place.x(self.last), "end", &self.until)] {
            words.push(Word { class: "", anchor, x: Px(x), y: Px(bottom + LINE), text: text.clone() });
        }
        self.names_in(&place, &mut words);
        let middle: Vec<(i64, f64)> = self.ahead.iter().map(|(day, [_, middle, _])| (*day, *middle)).collect();
        let lines = [("behind", &self.behind), ("ahead", &middle), ("so-far", &self.so_far)];
        let lines = lines.into_iter().filter(|(_, points)| points.len() > 1);
        Drawing {
            class: room.class,
            title: self.title.clone(),
            says: self.says.clone(),
            width: Px(room.width),
            height: Px(bottom + LINE * (rows as f64 + 1.0) + 6.0),
            rules,
            fan: self.fan_in(&place),
            lines: lines.map(|(class, points)| (class, place.points(points))).collect(),
            dot: self.so_far.last().map(|(day, share)| (Px(place.x(*day)), Px(place.y(*share)))),
            words,
        }
    }

    /// Shares across, and what is to be reached.
    fn levels_in(&self, place: &Place, rules: &mut Vec<Rule>, words: &mut Vec<Word>) {
        let step = if place.top <= 0.5 { 0.1 } else { 0.25 };
        let across = |class, y: f64| Rule { class, x: [Px(LEFT), Px(place.x(self.last))], y: [Px(y), Px(y)] };
        for n in 0..=(place.top / step + 1e-9) as i32 {
            let share = step * f64::from(n);
            let y = place.y(share);
            rules.push(across(if n == 0 { "axis" } else { "across" }, y));
            let text = format!("{}\u{a0}%", (share * 100.0).round());
            words.push(Word { class: "", anchor: "end", x: Px(LEFT - 6.0), y: Px(y + 5.0), text });
        }
        for (share, name) in &self.levels {
            let y = place.y(*share);
            rules.push(across("level", y));
            words.push(Word { class: "", anchor: "start", x: Px(LEFT + 4.0), y: Px(y - 5.0), text: name.clone() });
        }
    }

    /// What happened, below the day: names stand in rows, from the right to the left, so that no line down goes through another's name.
    /// How many rows there are.
    fn marks_in(&self, place: &Place, rules: &mut Vec<Rule>, words: &mut Vec<Word>) -> usize {
        let bottom = place.y(0.0);
        // How far to the left each row is taken.
        let mut taken: Vec<f64> = Vec::new();
        for mark in self.marks.iter().rev() {
            let x = place.x(mark.day);
            let down = |class, from: f64, to: f64| Rule { class, x: [Px(x), Px(x)], y: [Px(from), Px(to)] };
            if mark.label.is_empty() {
                rules.push(down("small", bottom, bottom + 5.0));
                continue;
            }
            let wide = long(&mark.label);
            let begins = x.min(place.room.width - wide);
            let free = taken.iter().position(|left| begins + wide + 6.0 <= *left);
            let row = match free {
                None if taken.len() < ROWS => {
                    taken.push(begins);
                    taken.len() - 1
                }
                None => {
                    rules.push(down("small", bottom, bottom + 5.0));
                    continue;
                }
                Some(row) => row,
            };
            if let Some(left) = taken.get_mut(row) {
                *left = begins;
            }
            let y = bottom + LINE * (row as f64 + 2.0);
            rules.push(down(if mark.ahead { "mark to-come" } else { "mark" }, place.y(place.top), y - LINE + 5.0));
            let class = if mark.ahead { "to-come" } else { "" };
            words.push(Word { class, anchor: "start", x: Px(begins), y: Px(y), text: mark.label.clone() });
        }
        taken.len() + 1
    }

    /// Beside the ends of the curves.
    fn names_in(&self, place: &Place, words: &mut Vec<Word>) {
        if let Some((day, share)) = self.so_far.last() {
            let (x, wide) = (place.x(*day), long(&self.now));
            let fits = x - 6.0 - wide >= LEFT;
            let (anchor, x) = if fits { ("end", x - 6.0) } else { ("start", x + 6.0) };
            let left = if fits { x - wide } else { x };
            let y = self.free_of_levels(place, place.y(*share), [left, left + wide]);
            words.push(Word { class: "now", anchor, x: Px(x), y: Px(y), text: self.now.clone() });
        }
        let ends = self.ahead.last().map(|(day, [_, middle, _])| (place.x(*day), place.y(*middle) + 5.0));
        if let (Some((x, y)), Some(text)) = (ends, self.ends.get(place.room.ends)) {
            words.push(Word { class: "", anchor: "start", x: Px(x + 6.0), y: Px(y), text: text.clone() });
        }
        if let Some((day, share)) = self.behind.last() {
            let x = (place.x(*day) + 6.0).min(place.room.width - long(&self.behind_is));
            let own = place.y(*share) + 5.0;
            let y = match ends {
                Some((_, other)) if (own - other).abs() < LINE && own < other => other - LINE,
                Some((_, other)) if (own - other).abs() < LINE => other + LINE,
                _ => own,
            };
            words.push(Word { class: "behind", anchor: "start", x: Px(x), y: Px(y), text: self.behind_is.clone() });
        }
    }

    /// Where a word of this width stands that belongs to the height `own`: above it, or below it where a line across or its name is close,
    /// and as near as there is room.
    fn free_of_levels(&self, place: &Place, own: f64, [left, right]: [f64; 2]) -> f64 {
        let is_free = |y: &f64| {
            let is_inside = (14.0..=place.y(0.0) - 3.0).contains(y);
            is_inside
                && self.levels.iter().all(|(share, name)| {
                    let line = place.y(*share);
                    let is_crossed = line > y - 13.0 && line < y + 3.0;
                    let is_beside = left < LEFT + 4.0 + long(name) && right > LEFT + 4.0;
                    !(is_crossed || is_beside && (y - (line - 5.0)).abs() < 12.0)
                })
        };
        let further = (0..20).map(|n| 3.0 * f64::from(n));
        further.flat_map(|by| [own - 9.0 - by, own + LINE + 4.0 + by]).find(is_free).unwrap_or(own - 9.0)
    }

    /// From what has come to the close, along the high shares and back along the low ones.
    fn fan_in(&self, place: &Place) -> String {
        if self.ahead.len() < 2 {
            return String::new();
        }
        let high = self.ahead.iter().map(|(day, [_, _, high])| (*day, *high));
        let low = self.ahead.iter().rev().map(|(day, [low, ..])| (*day, *low));
        place.all_points(high.chain(low))
    }
}

/// How wide a word is, at most as a rule.
fn long(text: &str) -> f64 {
    text.chars().count() as f64 * LETTER
}

/// Where a day and a share stand.
struct Place {
    room: Room,
    last: f64,
    top: f64,
}

impl Place {
    fn x(&self, day: i64) -> f64 {
        LEFT + (self.room.width - LEFT - self.room.right) * (day as f64 / self.last).clamp(0.0, 1.0)
    }

    fn y(&self, share: f64) -> f64 {
        TOP + self.room.height * (1.0 - (share / self.top).clamp(0.0, 1.0))
    }

    fn points(&self, all: &[(i64, f64)]) -> String {
        let every = all.len().div_ceil(POINTS).max(1);
        let last = all.len().saturating_sub(1);
        let kept = all.iter().enumerate().filter(|(n, _)| n % every == 0 || *n == last).map(|(_, point)| *point);
        self.all_points(kept)
    }

    fn all_points(&self, points: impl Iterator<Item = (i64, f64)>) -> String {
        let each: Vec<String> =
            points.map(|(day, share)| format!("{},{}", Px(self.x(day)), Px(self.y(share)))).collect();
        each.join(" ")
    }
}

#[cfg(test)]
#[path = "chart_tests.rs"]
mod tests;
