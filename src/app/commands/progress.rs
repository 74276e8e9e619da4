//! A play in a terminal: a bar, the figures of the day, what happens now, and which page is worth opening. Plain lines where nobody watches.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::base::counted::counted;
use crate::rehearsal::headlines::Headline;
use crate::rehearsal::play::Progress;
use crate::rules::completion::percent;

pub struct Shown {
    /// None where standard error is no terminal.
    bar: Option<ProgressBar>,
    listen: SocketAddr,
    last: String,
    now: String,
}

impl Shown {
    pub fn new(listen: SocketAddr) -> Shown {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{bar:30} day {pos} of {len}  {prefix}\n{msg}") {
                bar.set_style(style.progress_chars("##."));
            }
            bar
        });
        Shown { bar, listen, last: String::new(), now: "Setting up".into() }
    }

    /// Called once a day.
    pub fn day(&mut self, p: &Progress) {
        let date = p.date.format("%a %-d %b").to_string();
        let figures = format!(
            "{date}  {}  {} signed off  {} invited  {} completed ({})",
            counted(p.sent, "mail", "mails"),
            p.signed,
            p.invited,
            p.completed,
            percent(p.completed, p.reachable)
        );
        if let Some(last) = p.headlines.last() {
            self.now.clone_from(&last.says);
        }
        if !p.note.is_empty() {
            self.now = sentence(&p.note);
        }
        let told = p.headlines.iter().flat_map(|h| told(h, &date, self.listen));
        match &self.bar {
            Some(bar) => {
                for line in told {
                    bar.println(line);
                }
                bar.set_length(p.days.max(1) as u64);
                bar.set_position(p.day.clamp(0, p.days.max(1)) as u64);
                bar.set_prefix(figures);
                bar.set_message(format!("Now: {}", self.now));
            }
            None => {
                let mut err = std::io::stderr();
                if self.last != date {
                    let note = if p.note.is_empty() { String::new() } else { format!("  {}", p.note) };
                    let _ = writeln!(err, "day {:>2} of {}  {figures}{note}", p.day, p.days);
                }
                for line in told {
                    let _ = writeln!(err, "{line}");
                }
            }
        }
        self.last = date;
    }

    /// The last state stays to be read.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.abandon();
        }
    }
}

/// A line that says it, and one with the addresses of the pages.
fn told(headline: &Headline, date: &str, listen: SocketAddr) -> [String; 2] {
    let names: Vec<&str> = headline.pages.iter().map(|page| page.name.as_str()).collect();
    let addresses: Vec<String> = headline.pages.iter().map(|page| format!("http://{listen}{}", page.path)).collect();
    [format!("  {date}: {}: {}", headline.says, names.join(", ")), format!("      {}", addresses.join("  "))]
}

fn sentence(note: &str) -> String {
    let mut letters = note.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
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
    use crate::rehearsal::headlines::Page;

    #[test]
    fn a_headline_says_where_to_look() {
        let page = |name: &str, path: &str| Page { name: name.into(), path: path.into() };
        let pages = vec![page("mailbox 12", "/mailbox/12"), page("sign-off board", "/rounds/r/sign-off")];
        let headline = Headline { says: "Rachel Osei signs".into(), pages };
        let [says, where_to] = told(&headline, "Tue 19 Jan", "127.0.0.1:8080".parse().unwrap());
        assert_eq!(says, "  Tue 19 Jan: Rachel Osei signs: mailbox 12, sign-off board");
        assert_eq!(where_to, "      http://127.0.0.1:8080/mailbox/12  http://127.0.0.1:8080/rounds/r/sign-off");
        assert_eq!(sentence("the round opens"), "The round opens");
    }
}
