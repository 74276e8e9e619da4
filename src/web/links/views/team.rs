//! The page of the account team, read on a phone between two other things: whom to call, who has not answered, and words to send.
//!
//! A call is noted by a choice and a press, never by a press alone: whatever opens links and presses buttons by itself notes none (S21).

use askama::Template;

use crate::base::ids::ContactId;
use crate::rules::calling::Telephone;
use crate::web::kit::views::address_link::AddressLink;
use crate::web::kit::views::form::{ActionForm, Mistake};
use crate::web::kit::views::frame::{Letter, Link, Status};
use crate::web::kit::views::paging::Paging;
use crate::web::kit::views::phrases::fill;
use crate::web::kit::views::team_phrases::TeamPhrases;

/// GET and POST `/team/{token}`.
#[derive(Default, Template)]
#[template(path = "pages/team/page.html")]
pub struct TeamPage {
    pub w: &'static TeamPhrases,
    pub letter: Letter,
    /// What the assessment is called.
    pub title: String,
    pub headline: String,
    /// A sentence each.
    pub figures: Vec<String>,
    /// What the last POST did.
    pub flash: Option<&'static str>,
    /// Why the last POST did nothing.
    pub late: Option<String>,
    /// What was written into a form that is not on the page any more.
    pub typed: String,
    /// To the page on which contacts are repaired.
    pub repair: Option<Link>,
    pub calls: Vec<TeamCall>,
    /// Said where nobody is to be called.
    pub nobody: &'static str,
    pub lately: Vec<TeamCalled>,
    /// Silent accounts, the dearest first; or accounts with their counts.
    pub accounts: Vec<String>,
    pub accounts_title: &'static str,
    pub accounts_paging: Option<Paging>,
    /// That there are more silent accounts, and where.
    pub more_accounts: String,
    /// Who has not answered, or who could answer.
    pub people: Vec<TeamPerson>,
    /// To the other view of this page.
    pub other: Option<Link>,
    pub paging: Option<Paging>,
}

/// Somebody to call.
pub struct TeamCall {
    pub id: ContactId,
    pub name: String,
    pub job_title: String,
    pub role: &'static str,
    pub account: String,
    /// One sentence.
    pub why: String,
    pub telephones: Vec<Telephone>,
    pub email: String,
    /// What he had last, in a sentence.
    pub last: String,
    /// How often he was called, and that the reader calls him today.
    pub said: Vec<String>,
    /// Who calls him today, where it is somebody else, in a sentence.
    pub caller: Option<String>,
    /// None where it is somebody else's, or the round takes no calls.
    pub form: Option<ActionForm>,
    pub ready: Option<Ready>,
}

/// Words that the reader sends in his own name.
pub struct Ready {
    /// `mailto:`, with subject and words.
    pub href: String,
    /// "to Ann Lee", "for Ann Lee": read out behind the link and the words.
    pub to: String,
    pub of: String,
    pub subject: String,
    pub text: String,
    pub lang: String,
}

/// A call that was made.
pub struct TeamCalled {
    pub place: String,
    pub name: String,
    pub account: String,
    pub said: String,
    pub note: String,
    pub when: String,
    pub by: String,
    pub answered: Option<Status>,
    pub take_back: Option<ActionForm>,
}

pub struct TeamPerson {
    pub place: String,
    pub name: String,
    pub job_title: String,
    pub account: String,
    /// "influencer, has begun"; only the role where who has answered may not be told.
    pub stands: String,
    pub email: String,
    pub ready: Option<Ready>,
}

impl TeamCall {
    pub fn place(&self) -> String {
        format!("call-{}", self.id)
    }
}

impl TeamPage {
    /// Whether this form stands on the page.
    pub fn has_form(&self, id: &str) -> bool {
        let calls = self.calls.iter().filter_map(|row| row.form.as_ref());
        let lately = self.lately.iter().filter_map(|row| row.take_back.as_ref());
        calls.chain(lately).any(|form| form.id == id)
    }

    /// "51 to 100 of 300".
    fn span(&self, paging: &Paging) -> String {
        let (first, last, total) = (paging.first.to_string(), paging.last.to_string(), paging.in_all());
        fill(self.w.span, &[("first", &first), ("last", &last), ("total", &total)])
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let of = |(name, form): (&String, &ActionForm)| -> Vec<Mistake> {
            form.mistakes().into_iter().map(|m| Mistake { message: format!("{name}: {}", m.message), ..m }).collect()
        };
        let calls = self.calls.iter().filter_map(|row| Some((&row.name, row.form.as_ref()?)));
        let lately = self.lately.iter().filter_map(|row| Some((&row.name, row.take_back.as_ref()?)));
        calls.chain(lately).flat_map(of).collect()
    }
}
