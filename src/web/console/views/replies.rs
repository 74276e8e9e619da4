//! The reply desk: what people wrote back, with the person beside it and what can be done about it; complaints; what could not be matched.

use askama::Template;

use crate::base::ids::ReplyId;
use crate::web::kit::views::form::{ActionForm, Mistake};
use crate::web::kit::views::frame::{Console, Status, When};
use crate::web::kit::views::paging::Paging;

/// GET `/rounds/{id}/replies`; its actions are POSTs to the same address.
#[derive(Template)]
#[template(path = "pages/replies/desk.html")]
pub struct RepliesPage {
    pub console: Console,
    /// Whether anything that comes back is read at all.
    pub reads: bool,
    /// The newest first.
    pub replies: Vec<ReplyCard>,
    pub paging: Paging,
    /// Mails that speak of no message of ours, whatever the round.
    pub strays: Vec<ReplyCard>,
}

/// One mail. Everything in it was written by others and is shown as text.
pub struct ReplyCard {
    pub id: ReplyId,
    pub state: Status,
    /// The contact, or who the mail says that it is from.
    pub name: String,
    /// The contact's page.
    pub href: Option<String>,
    /// Job title, role, account; empty where nobody is known.
    pub who: String,
    /// "Written by x@y", where that is not the contact's own address; "To sign-off request", ...
    pub notes: Vec<String>,
    pub subject: String,
    pub when: When,
    pub words: String,
    /// Of a director's question: by which it is answered from one's own mail program, with its head filled in.
    pub answer: Option<String>,
    pub actions: Vec<ActionForm>,
}

impl ReplyCard {
    pub fn place(&self) -> String {
        format!("reply-{}", self.id)
    }
}

impl RepliesPage {
    fn headline(&self) -> String {
        match self.paging.total.0 {
            0 => "No reply waits for you".into(),
            1 => "1 reply waits for you".into(),
            _ => format!("{} replies wait for you", self.paging.total),
        }
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let cards = self.replies.iter().chain(&self.strays);
        cards.flat_map(|card| &card.actions).flat_map(ActionForm::mistakes).collect()
    }
}
