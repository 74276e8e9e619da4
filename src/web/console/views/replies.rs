//! The reply desk: what people wrote back, with the person beside it and what can be done about it; complaints; what could not be matched.

use askama::Template;

use crate::base::ids::ReplyId;
use crate::rules::calling::Telephone;
use crate::rules::replies::desk::Shown;
use crate::web::kit::views::astray::Astray;
use crate::web::kit::views::form::{ActionForm, Mistake};
use crate::web::kit::views::frame::{Console, Status, Tab, When, plural};
use crate::web::kit::views::paging::Paging;

/// GET `/rounds/{id}/replies?show=`; its actions are POSTs to the same address.
#[derive(Template)]
#[template(path = "pages/replies/desk.html")]
pub struct RepliesPage {
    pub console: Console,
    /// Whether anything that comes back is read at all.
    pub reads: bool,
    /// Which of them are shown.
    pub shown: Shown,
    pub tabs: Vec<Tab>,
    /// What was typed into a form that is gone.
    pub astray: Option<Astray>,
    /// Beside what was refused; it stands on another part of the list by now.
    pub elsewhere: Vec<ReplyCard>,
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
    pub telephones: Vec<Telephone>,
    /// "Written by x@y", where that is not the contact's own address; "To sign-off request", ...
    pub notes: Vec<String>,
    pub subject: String,
    pub when: When,
    pub words: String,
    /// "With you", "Seen to by ben@client.example: called her"; empty: nobody's.
    pub owner: String,
    /// When it comes back.
    pub rests: Option<When>,
    /// What was done with it, the first thing first.
    pub done: Vec<DoneLine>,
    /// Of a director's question: by which it is answered from one's own mail program, with its head filled in.
    pub answer: Option<String>,
    pub actions: Vec<ActionForm>,
}

/// Something that an operator did with a mail.
pub struct DoneLine {
    /// "olga@client.example answered it".
    pub what: String,
    pub when: When,
    /// What was written or noted; may be empty.
    pub words: String,
    /// Of what was mailed: where it is.
    pub mail: Option<Status>,
    /// Why it is there; may be empty.
    pub why: String,
}

impl ReplyCard {
    pub fn place(&self) -> String {
        format!("reply-{}", self.id)
    }
}

impl RepliesPage {
    fn headline(&self) -> String {
        let n = self.paging.total;
        let these = plural(n.0 as usize, "reply", "replies");
        match (self.shown, n.0) {
            (Shown::Waiting, 0) => "No reply waits for you".into(),
            (Shown::Waiting, 1) => "1 reply waits for you".into(),
            (Shown::Waiting, _) => format!("{n} replies wait for you"),
            (Shown::Mine, _) => format!("{these} with you"),
            (Shown::Nobodys, _) => format!("{these} of nobody"),
            (Shown::Later, _) => format!("{these} put off until a day"),
            (Shown::Done, _) => format!("{these} seen to"),
        }
    }

    /// What waits, whoever has it.
    fn is_first(&self) -> bool {
        self.shown == Shown::Waiting
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let cards = self.elsewhere.iter().chain(&self.replies).chain(&self.strays);
        let beside = cards.flat_map(|card| &card.actions).flat_map(ActionForm::mistakes);
        self.astray.iter().map(Astray::mistake).chain(beside).collect()
    }
}
