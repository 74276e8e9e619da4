//! A play in a terminal: a bar, the figures of the day, what happens now, and which page is worth opening. Plain lines where nobody
//! watches.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::base::counted::counted;
use crate::rehearsal::headlines::Headline;
use crate::rehearsal::play::PlayProgress;
use crate::rules::completion::percent;
use crate::web::kit::times::day;

pub struct Shown {
    /// None where standard error is no terminal.
    bar: Option<ProgressBar>,
    listen: SocketAddr,
    last_day: String,
    /// The last headline, with its moment: it stands until another comes.
    last: String,
}

impl Shown {
    pub fn new(listen: SocketAddr) -> Shown {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr());
            // The day is part of the text: so it never differs from the date beside it.
            if let Ok(style) = ProgressStyle::with_template("{bar:30}  {prefix}\n{msg}") {
                bar.set_style(style.progress_chars("##."));
            }
            bar.set_message("Setting up");
            bar
        });
        Shown { bar, listen, last_day: String::new(), last: String::new() }
    }

    /// Called once a day.
    pub fn day(&mut self, p: &PlayProgress) {
        let date = day(p.date);
        let (number, figures) = (number(p), figures(p));
        if let Some(last) = p.headlines.last() {
            self.last = said(last);
        }
        let told = p.headlines.iter().flat_map(|h| told(h, self.listen));
        if let Some(bar) = &self.bar {
            for line in told {
                bar.println(line);
            }
            bar.set_length(p.days.max(1) as u64);
            bar.set_position(p.day.clamp(0, p.days.max(1)) as u64);
            bar.set_prefix(format!("{number}  {date}"));
            let last = if self.last.is_empty() { String::new() } else { format!("\nLast: {}", self.last) };
            bar.set_message(figures + &last);
        } else {
            let mut err = std::io::stderr();
            // What happened before this day comes before it.
            for line in told {
                let _ = writeln!(err, "{line}");
            }
            if self.last_day != date {
                let note = if p.note.is_empty() { String::new() } else { format!("  {}", p.note) };
                let _ = writeln!(err, "{number}  {date}  {figures}{note}");
            }
        }
        self.last_day = date;
    }

    /// The last state stays to be read.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.abandon();
        }
    }
}

/// The round goes on past the last day for answers until everything is settled.
fn number(p: &PlayProgress) -> String {
    if p.day > p.days { "after the close".into() } else { format!("day {:>2} of {}", p.day, p.days) }
}

/// As the day begins.
fn figures(p: &PlayProgress) -> String {
    format!(
        "{}  {} signed off  {} invited  {} completed ({})",
        counted(p.sent, "mail", "mails"),
        p.signed,
        p.invited,
        p.completed,
        percent(p.completed, p.reachable)
    )
}

fn said(headline: &Headline) -> String {
    format!("{}: {}", headline.when, headline.says)
}

/// A line that says it, and one for each page: an address is never broken where it fits on a line.
fn told(headline: &Headline, listen: SocketAddr) -> Vec<String> {
    let addresses = headline.pages.iter().map(|path| format!("    http://{listen}{path}"));
    std::iter::once(format!("  {}", said(headline))).chain(addresses).collect()
}

/// What to do when it is over.
pub fn what_next(listen: SocketAddr, round: &str, seed: u64, stays_open: bool) {
    let seed = format!("soundings demo --seed {}", seed.wrapping_add(1));
    let pages = [
        (format!("http://{listen}/rounds/{round}"), "how it ended, by account and role"),
        (format!("http://{listen}/rounds/{round}/contacts"), "any contact: every message, when and why"),
        (format!("http://{listen}/mailbox"), "the mails, as people read them"),
    ];
    let commands = [
        (seed, "other people: who answers, who is away, who has left"),
        ("soundings demo --speed 600".into(), "slowly: sign and answer yourself, by the links in the mailbox"),
        (
            "soundings rehearse DIR".into(),
            "your own round's folder, played the same way; nobody on its list gets a mail",
        ),
    ];
    let all: Vec<(String, &str)> = pages.into_iter().filter(|_| stays_open).chain(commands).collect();
    let wide = all.iter().map(|(what, _)| what.len()).max().unwrap_or(0);
    let mut lines = vec!["What to try next:".to_string()];
    lines.extend(all.iter().map(|(what, why)| format!("  {what:wide$}  {why}")));
    eprintln!("{}", lines.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Ts;

    fn headline(says: &str, pages: &[&str]) -> Headline {
        let pages = pages.iter().map(|page| page.to_string()).collect();
        Headline { at: Ts(0), when: "Tue 19 Jan, 10:05".into(), says: says.into(), pages }
    }

    #[test]
    fn a_headline_says_when_it_was_and_where_to_look_a_line_for_each_page() {
        let listen = "127.0.0.1:8080".parse().unwrap();
        let board = "/rounds/northwind-2027/contacts?stage=opted_out";
        let lines = told(&headline("Rachel Osei signs", &["/mailbox/12", board]), listen);
        assert_eq!(lines[0], "  Tue 19 Jan, 10:05: Rachel Osei signs");
        assert_eq!(lines[1], "    http://127.0.0.1:8080/mailbox/12");
        assert_eq!(lines[2], format!("    http://127.0.0.1:8080{board}"));
        assert!(lines.len() == 3 && lines.iter().all(|line| line.len() <= 80), "{lines:?}");
    }

    #[test]
    fn the_day_is_counted_as_far_as_answers_are_taken() {
        let date = chrono::NaiveDate::from_ymd_opt(2027, 1, 21).unwrap();
        let mut p = PlayProgress {
            day: 4,
            days: 48,
            date,
            sent: 300,
            signed: 55,
            invited: 55,
            completed: 28,
            reachable: 54,
            note: String::new(),
            headlines: Vec::new(),
        };
        assert_eq!((number(&p), day(p.date)), ("day  4 of 48".into(), "Thu 21 Jan".into()));
        assert_eq!(figures(&p), "300 mails  55 signed off  55 invited  28 completed (51 %)");
        p.day = 49;
        assert_eq!(number(&p), "after the close");
    }
}
