//! The demo round once more, as it is where it tells of nobody whether he has answered: the pages and the mail that are others then.

use crate::base::problem::Result;
use crate::intake::folder::RoundFolder;
use crate::rehearsal::mailbox::Received;
use crate::rules::participation::Participation;

use super::before::ROUND;
use super::book::{Book, UNSEEN};

pub fn folder(demo: &RoundFolder) -> RoundFolder {
    let mut folder = demo.clone();
    folder.spec.participation = Participation::Counts;
    folder
}

/// After two weekly lists, with reminders out and answers in.
pub async fn read(book: &mut Book) -> Result<()> {
    book.at("2027-02-22T12:00:00Z", "A round that tells numbers only").await?;
    book.open("console-round-in-numbers", ROUND).await?;
    book.open("console-contacts-in-numbers", &format!("{ROUND}/contacts")).await?;
    let accounts = book.open("console-accounts-in-numbers", &format!("{ROUND}/accounts")).await?;
    book.open("console-account-in-numbers", &accounts.link("Isar", &format!("{ROUND}/accounts/"))?).await?;
    let found = book.open(UNSEEN, &format!("{ROUND}/contacts?q=hofmann")).await?;
    book.open("console-contact-in-numbers", &found.link("Hofmann", &format!("{ROUND}/contacts/"))?).await?;
    book.open("console-calls-in-numbers", &format!("{ROUND}/calls")).await?;
    book.open("console-outbox-in-numbers", &format!("{ROUND}/outbox?state=sent")).await?;
    book.open("console-outcomes-in-numbers", &format!("{ROUND}/outcomes")).await?;
    book.open("console-report-in-numbers", &format!("{ROUND}/report")).await?;
    book.open("console-hand-over-in-numbers", &format!("{ROUND}/hand-over")).await.map(drop)
}

/// The mails that no other round sends.
pub fn mails(book: &Book) -> Vec<Received> {
    book.world.mailbox.all().into_iter().filter(|mail| mail.kind == "digest").take(1).collect()
}
