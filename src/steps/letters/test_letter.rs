//! A letter that an operator sends to himself, to see it in his own mail program: made for a reader of the round, of words that need not be
//! saved, marked as a test, and without any link of the reader's.
//!
//! It goes to the address that the operator logs in with and to no other; it is a kind of its own, so no figure of the round counts it.

use std::sync::Arc;

use crate::base::address::EmailAddress;
use crate::base::clock::HOUR;
use crate::base::ids::{ContactId, TestLetterId};
use crate::base::problem::{Problem, Result};
use crate::base::sentence::capitalised;
use crate::mail::letters::rendering::Rendered;
use crate::rules::journal::{Action, Actor};
use crate::rules::message::{Lane, MessageKind};
use crate::rules::round::{MailText, Sender};
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::store::Tx;
use crate::store::contacts::Person;
use crate::store::installation::operators;
use crate::store::plan::test_letters::{self, TestLetter};
use crate::store::sending::claim::Claimed;
use crate::store::sending::outbox;

use super::preview::{self, Draft};

/// As many go to one address in an hour: enough to try every text, and no way to fill a mailbox.
const MOST_IN_AN_HOUR: i64 = 30;

/// Where the links of a test letter lead: a page that says so and does nothing.
pub const PAGE: &str = "/test-letter";

/// Sends a text to whoever orders it, as this reader would have it.
pub struct SendTestLetter {
    pub slug: String,
    pub language: String,
    pub name: String,
    pub text: MailText,
    /// None: somebody who is invented.
    pub reader: Option<ContactId>,
}

impl Order for SendTestLetter {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let SendTestLetter { slug, language, name, text, reader } = self;
        let live = ctx.live_by_slug(tx, &slug).await?;
        tx.in_round(&live.id);
        let nobody = || {
            let what = "A test letter goes to the address of an operator, and you have none here.";
            Problem::refused(what, "Log in as an operator, then send it again.")
        };
        let email = EmailAddress::parse(by.as_str()).map_err(|_| nobody())?;
        let email = operators::by_email(tx, &email).await?.ok_or_else(nobody)?.email;
        let now = ctx.clock.now();
        if test_letters::since(tx, &email, now.plus(-HOUR)).await? >= MOST_IN_AN_HOUR {
            let what = format!("You have sent yourself {MOST_IN_AN_HOUR} test letters within an hour.");
            return Err(Problem::refused(what, "Wait some minutes, or look at the letter on the page."));
        }
        let person = preview::reader_of(tx, &live, reader.as_ref()).await?;
        let shown = made(ctx, &live, &Draft { language: &language, name: &name, text: &text }, person.as_ref());
        if shown.letter.is_none() {
            return Err(Problem::unusable(shown.advice.wrong.join(" "), "Correct the text, then send it again."));
        }
        let id: TestLetterId = ctx.ids.id(now);
        let (subject, body) = (text.subject, text.body);
        let round_id = live.id.clone();
        let letter = TestLetter { id, round_id, language, name, subject, body, reader, email, at: now };
        test_letters::add(tx, &letter).await?;
        let detail = format!("{}/{} to {}", letter.language, letter.name, letter.email);
        ctx.journal(tx, by, Action::SentTestLetter, Some(&live.id), live.id.as_str(), &detail).await?;
        // It leaves whatever the round's own mail does.
        tx.in_any_round();
        let to = Addressee { subject: letter.id.as_str(), name: "", email: &letter.email };
        outbox::enqueue(tx, &message_to(ctx, &Lane::System, to, MessageKind::TestLetter, 1, now), now).await?;
        Ok(())
    }
}

fn made(ctx: &Ctx, live: &Live, draft: &Draft<'_>, person: Option<&Person>) -> preview::Preview {
    let page = format!("{}{PAGE}", ctx.base_url);
    preview::shown(ctx, live, draft, person, &page, &page)
}

/// The one that is about to leave, with its round and in whose name.
pub(super) async fn of_message(ctx: &Ctx, m: &Claimed) -> Result<(Arc<Live>, Sender, Rendered)> {
    let gone = || Problem::internal("The test letter that a mail is made of is not there.");
    let mut tx = ctx.db.read().await?;
    let letter = test_letters::by_id(&mut tx, &m.subject_id.as_str().into()).await?.ok_or_else(gone)?;
    let live = ctx.live_by_id(&mut tx, &letter.round_id).await?;
    let person = preview::reader_of(&mut tx, &live, letter.reader.as_ref()).await?;
    let text = MailText { subject: letter.subject, body: letter.body };
    let draft = Draft { language: &letter.language, name: &letter.name, text: &text };
    let preview::Preview { from, letter, advice, .. } = made(ctx, &live, &draft, person.as_ref());
    let Some(written) = letter else {
        return Err(Problem::unusable(capitalised(&advice.wrong.join(" ")), "Correct the text of the mail."));
    };
    let subject = format!("[Test] {}", written.subject);
    Ok((live, from, Rendered { subject, text: written.text, html: written.html }))
}
