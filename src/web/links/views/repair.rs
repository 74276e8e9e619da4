//! The page on which an account manager repairs the contacts of his accounts, and the operators' list of what waits for whom; the former is
//! read on a phone, once, between two other things.
//!
//! Every form needs something to be written: an address, a name, a reason. So no scanner that presses buttons repairs anything (S21).

use askama::Template;

use crate::base::ids::ContactId;
use crate::web::kit::views::address_link::AddressLink;
use crate::web::kit::views::form::{ActionForm, Mistake};
use crate::web::kit::views::frame::Letter;
use crate::web::kit::views::phrases::fill;
use crate::web::kit::views::repair_phrases::RepairPhrases;

/// GET and POST `/repair/{token}`.
#[derive(Template)]
#[template(path = "pages/repair/page.html")]
pub struct RepairPage {
    /// The words of the page.
    pub w: &'static RepairPhrases,
    pub letter: Letter,
    /// What the assessment is called.
    pub title: String,
    /// First name of the reader.
    pub name: String,
    pub cards: Vec<RepairCard>,
    /// What was settled, by whomever, the latest first.
    pub done: Vec<Settled>,
    /// What the last POST did, and what happens next.
    pub flash: Option<Settled>,
    /// The id of the card above which it is said; empty: on top.
    pub flash_at: String,
    /// Why the last POST did nothing: it was settled in the meantime.
    pub late: Option<String>,
}

pub struct RepairCard {
    /// The contact's.
    pub id: ContactId,
    pub name: String,
    pub job_title: String,
    pub role: String,
    pub account: String,
    pub email: String,
    /// "Mon 1 Feb, 09:30".
    pub since: String,
    /// In plain words.
    pub what: String,
    /// What the server or the reply said; empty when nothing is known.
    pub said: String,
    /// That a reply asks to write to other addresses instead; empty where it does not.
    pub proposed: String,
    pub forms: Vec<ActionForm>,
}

pub struct Settled {
    /// "Ann Lee at Globex".
    pub whom: String,
    /// "The address is corrected."
    pub what: String,
    /// Who does what next, in a sentence.
    pub next: String,
}

impl RepairCard {
    pub fn place(&self) -> String {
        format!("contact-{}", self.id)
    }
}

impl RepairPage {
    fn flash_above(&self, place: &str) -> Option<&Settled> {
        self.flash.as_ref().filter(|_| self.flash_at == place)
    }

    fn headline(&self) -> String {
        match self.cards.len() {
            0 => fill(self.w.head_none, &[("name", &self.name)]),
            n => self.w.counted(n, self.w.head_one, self.w.head_many),
        }
    }

    fn lead(&self) -> String {
        let phrase = if self.cards.len() == 1 { self.w.lead_one } else { self.w.lead_many };
        fill(phrase, &[("title", &self.title)])
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let of = |card: &RepairCard| -> Vec<Mistake> {
            let all = card.forms.iter().flat_map(ActionForm::mistakes);
            all.map(|m| Mistake { message: format!("{}: {}", card.name, m.message), ..m }).collect()
        };
        self.cards.iter().flat_map(of).collect()
    }
}
