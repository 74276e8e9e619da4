//! Pages that say one thing and what happens next: thank you, already answered, closed, a link that does not work; and the page
//! on which a contact chooses not to be asked.
//!
//! The opt-out asks for a choice before its button does anything, because mail scanners open links and press buttons.

use askama::Template;

use super::address_link::AddressLink;
use super::form::Mistake;
use super::frame::{LanguageLink, Letter};
use super::phrases::choice::ALL;
use super::phrases::fill::fill;
use super::phrases::wording::Phrases;

/// Every language that these pages have. `words`: what else the address says, with `&` behind.
pub fn every_language(shown: &Phrases, words: &str) -> Vec<LanguageLink> {
    let link = |p: &&Phrases| LanguageLink::new(p.code, &format!("?{words}language={}", p.code), p.code == shown.code);
    ALL.iter().map(link).collect()
}

#[derive(Template)]
#[template(path = "pages/response/notice.html")]
pub struct Notice {
    pub letter: Letter,
    pub phrases: &'static Phrases,
    pub title: String,
    pub lines: Vec<String>,
    /// "What happens next", in order.
    pub next: Vec<String>,
    /// Whoever reads it may read another language than his browser or his list says.
    pub languages: Vec<LanguageLink>,
    /// Before the team's address; the usual "Questions?" when empty.
    pub write_to: &'static str,
}

impl Notice {
    fn new(letter: Letter, phrases: &'static Phrases, title: &str, lines: &[&str], values: &[(&str, &str)]) -> Notice {
        let client = letter.client.clone();
        let values: Vec<(&str, &str)> = values.iter().copied().chain([("client", client.as_str())]).collect();
        Notice {
            title: fill(title, &values),
            lines: lines.iter().map(|line| fill(line, &values)).collect(),
            next: Vec::new(),
            languages: Vec::new(),
            write_to: phrases.questions,
            letter,
            phrases,
        }
    }

    /// On a page that an address leads to.
    pub fn in_every_language(self, words: &str) -> Notice {
        Notice { languages: every_language(self.phrases, words), ..self }
    }

    fn then(mut self, next: &[&str]) -> Notice {
        let client = self.letter.client.clone();
        self.next = next.iter().map(|line| fill(line, &[("client", &client)])).collect();
        self
    }

    /// After "Send my answers".
    pub fn thanks(letter: Letter, p: &'static Phrases, first_name: &str) -> Notice {
        Notice::new(letter, p, p.thanks_title, &[p.thanks_lead], &[("name", first_name)]).then(&[
            p.next_no_more,
            p.next_read,
            p.next_heard,
        ])
    }

    /// `date` as [`Phrases::date`] writes it.
    pub fn already_answered(letter: Letter, p: &'static Phrases, date: &str) -> Notice {
        Notice::new(letter, p, p.already_title, &[p.already_lead], &[("date", date)]).then(&[
            p.next_no_more,
            p.next_read,
            p.next_heard,
        ])
    }

    pub fn closed(letter: Letter, p: &'static Phrases, date: &str) -> Notice {
        Notice::new(letter, p, p.closed_title, &[p.closed_lead, p.closed_still], &[("date", date)])
    }

    /// The round goes on, without this person.
    pub fn withdrawn(letter: Letter, p: &'static Phrases) -> Notice {
        Notice::new(letter, p, p.withdrawn_title, &[p.withdrawn_lead, p.closed_still], &[])
    }

    /// Says nothing about whom the link might have belonged to.
    pub fn unknown_link(lang: &str) -> Notice {
        let p = Phrases::of(lang);
        let letter = Letter { lang: p.code.into(), ..Letter::default() };
        Notice::new(letter, p, p.unknown_title, &[p.unknown_lead, p.unknown_next], &[]).in_every_language("")
    }

    /// Behind every link of a letter that an operator has sent to himself.
    pub fn test_letter() -> Notice {
        let p = Phrases::of("en");
        let letter = Letter { lang: p.code.into(), ..Letter::default() };
        let does = "Its links lead here and do nothing. In the letter that leaves they are the reader’s own.";
        Notice::new(letter, p, "This letter was a test", &[does], &[])
    }

    /// The same for a link of which a part is missing: what helps is another thing.
    pub fn cut_link(lang: &str) -> Notice {
        let p = Phrases::of(lang);
        let letter = Letter { lang: p.code.into(), ..Letter::default() };
        Notice::new(letter, p, p.unknown_title, &[p.cut_lead, p.cut_next], &[]).in_every_language("")
    }

    /// On the assessment of somebody who opted out.
    pub fn opted_out(letter: Letter, p: &'static Phrases) -> Notice {
        Notice { write_to: p.undo, ..Notice::new(letter, p, p.opted_title, &[p.opted_lead], &[]) }
    }

    /// After choosing `stop`.
    pub fn stopped(letter: Letter, p: &'static Phrases) -> Notice {
        Notice { write_to: p.undo, ..Notice::new(letter, p, p.stopped_title, &[p.stopped_lead], &[]) }
    }

    /// After choosing `round`.
    pub fn paused(letter: Letter, p: &'static Phrases) -> Notice {
        Notice { write_to: p.undo, ..Notice::new(letter, p, p.paused_title, &[p.paused_lead, p.stopped_lead], &[]) }
    }

    /// On an assessment link that was for an address which was corrected since. Says nothing of who is asked now.
    pub fn for_another_address(letter: Letter, p: &'static Phrases) -> Notice {
        Notice::new(letter, p, p.moved_title, &[p.moved_lead, p.moved_next], &[])
    }

    /// After choosing `keep`.
    pub fn kept(letter: Letter, p: &'static Phrases) -> Notice {
        Notice::new(letter, p, p.kept_title, &[p.kept_lead], &[])
    }

    /// A director's link that is unknown, replaced or over.
    pub fn director_link(letter: Letter, title: &str, lines: &[&str]) -> Notice {
        let phrases = Phrases::of(&letter.lang);
        Notice::new(letter, phrases, title, lines, &[])
    }
}

/// GET and POST `/opt-out/{token}`, field `choice` = `stop` (never again) | `round` | `keep`.
#[derive(Template)]
#[template(path = "pages/response/opt_out.html")]
pub struct OptOutPage {
    pub letter: Letter,
    pub phrases: &'static Phrases,
    pub action: String,
    pub languages: Vec<LanguageLink>,
    /// The button was pressed without a choice.
    pub refused: bool,
    /// This round was chosen before.
    pub out_of_this_round: bool,
    /// The address that the link was for, where the contact has another one by now.
    pub former: Option<String>,
}

impl OptOutPage {
    /// What was chosen, or whom the choice is about, where that needs to be said.
    fn note(&self) -> String {
        match &self.former {
            Some(email) => fill(self.phrases.stop_former, &[("email", email)]),
            None if self.out_of_this_round => self.phrases.stop_chosen.into(),
            None => String::new(),
        }
    }

    fn lead(&self) -> String {
        fill(self.phrases.stop_lead, &[("client", &self.letter.client)])
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let wrong = Mistake { field: "choice.stop".into(), message: self.phrases.stop_missing.into() };
        if self.refused { vec![wrong] } else { Vec::new() }
    }
}
