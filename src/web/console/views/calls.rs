//! The call list: whom to telephone first and why, with one press for what became of it.

use askama::Template;

use crate::base::ids::ContactId;
use crate::rules::calling::Telephone;
use crate::web::kit::views::astray::Astray;
use crate::web::kit::views::form::{ActionForm, Choice, Mistake};
use crate::web::kit::views::frame::{Console, Count, Status, When, plural};
use crate::web::kit::views::paging::Paging;

use super::saved::SavedViews;

/// GET `/rounds/{id}/calls`; its actions are POSTs to the same address.
#[derive(Template)]
#[template(path = "pages/calls/list.html")]
pub struct CallsPage {
    pub console: Console,
    pub saved: SavedViews,
    /// Calls are noted while a round runs.
    pub is_open: bool,
    pub rows: Vec<CallRow>,
    /// What was refused to somebody whose form is not on this page any more.
    pub astray: Option<Astray>,
    pub paging: Paging,
    /// More people than these can be called.
    pub is_cut: bool,
    /// What the next targets need, in a sentence.
    pub needs: String,
    /// It is told by name who has answered.
    pub names: bool,
    /// The account managers of the round.
    pub managers: Vec<Choice>,
    /// Not all of them can be chosen.
    pub are_managers_cut: bool,
    pub manager: String,
    pub silent_only: bool,
    pub effect: Option<EffectTold>,
    pub lately: Vec<CalledRow>,
    /// Calls that are not named.
    pub more_lately: Count,
}

/// Somebody to call.
pub struct CallRow {
    pub id: ContactId,
    pub href: String,
    pub name: String,
    pub job_title: String,
    pub role: &'static str,
    pub account: String,
    pub account_href: String,
    /// One sentence.
    pub why: String,
    pub telephones: Vec<Telephone>,
    pub last: Option<(String, When)>,
    /// Calls to him so far.
    pub calls: i64,
    /// Who calls him today, where it is somebody else.
    pub caller: Option<String>,
    /// None where it is somebody else's, or the round takes no calls.
    pub form: Option<CallForm>,
}

/// One form with a button for each outcome.
pub struct CallForm {
    pub action: String,
    pub csrf: String,
    /// The reader calls him today.
    pub is_mine: bool,
    pub day: String,
    pub note: String,
    /// Beside which field it was refused, and why.
    pub refused: Option<(&'static str, String)>,
}

/// A call that was made.
pub struct CalledRow {
    pub place: String,
    pub href: String,
    pub name: String,
    pub account: String,
    pub said: String,
    pub note: String,
    pub when: When,
    pub by: String,
    pub answered: Option<Status>,
    pub take_back: Option<ActionForm>,
}

/// Calls beside no calls, in words.
pub struct EffectTold {
    /// "37 % (9 of 24)".
    pub called: String,
    /// "14 %".
    pub otherwise: String,
    /// "23 points more, give or take 19".
    pub more: String,
    pub is_clear: bool,
}

impl CallRow {
    pub fn place(&self) -> String {
        format!("call-{}", self.id)
    }
}

impl CallForm {
    fn error(&self, field: &str) -> Option<&str> {
        self.refused.as_ref().filter(|(of, _)| *of == field).map(|(_, why)| why.as_str())
    }

    fn day_is_held(&self) -> bool {
        self.day.is_empty() || chrono::NaiveDate::parse_from_str(&self.day, "%Y-%m-%d").is_ok()
    }
}

impl CallsPage {
    fn headline(&self) -> String {
        match self.paging.total.0 {
            0 => "Nobody to call".into(),
            n if self.is_cut => format!("{n} or more people to call"),
            n => format!("{} to call", plural(n as usize, "person", "people")),
        }
    }

    fn here(&self) -> String {
        self.console.round.as_ref().map(|round| crate::web::kit::urls::calls(&round.id)).unwrap_or_default()
    }

    fn is_narrowed(&self) -> bool {
        self.silent_only || !self.manager.is_empty()
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let of = |row: &CallRow| {
            let (field, why) = row.form.as_ref()?.refused.clone()?;
            Some(Mistake { field: format!("{field}-{}", row.id), message: format!("{}: {why}", row.name) })
        };
        self.rows.iter().filter_map(of).chain(self.astray.as_ref().map(Astray::mistake)).collect()
    }
}
