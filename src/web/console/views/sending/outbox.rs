//! The outbox: every message of the round with its state, and by name those of which nobody can know whether they arrived.

use askama::Template;

use crate::base::ids::MessageId;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Console, Link, Status, Tab, When};
use crate::web::kit::views::paging::Paging;

use super::gateways::Gateways;
use crate::web::console::views::saved::SavedViews;

/// GET `/rounds/{id}/outbox?q=&state=`; its actions are POSTs to the same address.
#[derive(Template)]
#[template(path = "pages/outbox/list.html")]
pub struct OutboxPage {
    pub console: Console,
    pub saved: SavedViews,
    /// Which letters somebody has had may be told, so they can be looked for.
    pub searched: bool,
    /// Searched in names, accounts and addresses of contacts.
    pub q: String,
    pub state: &'static str,
    /// Words lead to more people than are looked for.
    pub vague: bool,
    pub tabs: Vec<Tab>,
    /// Shown above every filter while there is one.
    pub doubts: Vec<DoubtRow>,
    pub rows: Vec<MessageRow>,
    pub gateways: Gateways,
    pub paging: Paging,
    /// Where what is shown is to be had as a file.
    pub files: Vec<Link>,
}

/// A message that was on its way when the connection broke.
pub struct DoubtRow {
    /// The page with its filters, and the row that follows.
    pub here: String,
    pub next: String,
    pub id: MessageId,
    pub name: String,
    pub href: String,
    pub account: String,
    /// "invitation", "reminder 2".
    pub kind: String,
    pub when: When,
    /// What happens by itself, in words: "Sent again, as the same message, after Wed 10 Feb, 09:00, unless there is a sign of arrival."
    pub policy: String,
}

pub struct MessageRow {
    pub id: MessageId,
    pub name: String,
    pub href: String,
    pub account: String,
    pub kind: String,
    pub state: Status,
    /// Due, sent, held or failed: when; none where that would tell to whom: it is a morning in his own time zone.
    pub when: Option<When>,
    /// The reason kept with it: the server's answer, why it is held; may be empty.
    pub why: String,
    pub attempts: u32,
    /// Hold, release, send again: those that are possible.
    pub actions: Vec<ActionForm>,
}

/// A button in a row of the outbox: `act` is `hold`, `release` or `retry`, `message` the row's id.
pub fn row_action(action: &str, csrf: &str, act: &'static str, message: &MessageId, about: &str) -> ActionForm {
    let label = match act {
        "hold" => "Hold",
        "release" => "Release",
        "retry" => "Try again",
        _ => act,
    };
    ActionForm {
        id: format!("{act}-{message}"),
        action: action.into(),
        act,
        csrf: csrf.into(),
        hidden: vec![("message", message.to_string())],
        label: label.into(),
        about: about.into(),
        ..ActionForm::default()
    }
}

impl MessageRow {
    pub fn place(&self) -> String {
        format!("message-{}", self.id)
    }
}

impl DoubtRow {
    pub fn place(&self) -> String {
        format!("doubt-{}", self.id)
    }

    fn places(&self) -> Vec<String> {
        [self.place(), self.next.clone(), "messages".into()].into()
    }

    fn arrived(&self, page: &OutboxPage) -> ActionForm {
        let about = format!("the {} to {}", self.kind, self.name);
        ActionForm {
            label: "It arrived".into(),
            places: self.places(),
            ..row_action(&self.here, &page.console.csrf, "arrived", &self.id, &about)
        }
    }

    /// The one way in which somebody may get a second copy; so it says that before.
    fn again(&self, page: &OutboxPage) -> ActionForm {
        ActionForm {
            label: "Send again".into(),
            explain: format!(
                "If the first one did arrive, {} gets a second copy. It is the same message, so most mail programs show it once.",
                self.name
            ),
            button: format!("Send the {} again", self.kind),
            places: self.places(),
            ..row_action(
                &self.here,
                &page.console.csrf,
                "again",
                &self.id,
                &format!("the {} to {}", self.kind, self.name),
            )
        }
    }
}
