//! What a mail says of its contact, as a person decides it; that there is nothing to do about it; and a call because of it.
//!
//! The mail and what follows for the contact change together or not at all: on the state of the mail that was seen, and once.

use chrono::NaiveDate;

use crate::base::ids::{ContactId, ReplyId};
use crate::base::problem::{Problem, Result};
use crate::rules::journal::Actor;
use crate::rules::replies::desk::DeskWork;
use crate::steps::calling::RecordCall;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::replies::absence::{HearNews, News};
use crate::steps::response::{Length, OptOutAsTold};
use crate::steps::signoff::names::editing::{Correction, Edit, EditContact};
use crate::steps::typed::fitting;
use crate::store::replies::{self, Reply};
use crate::store::{Tx, contacts};

use super::begin::{Said, begin, finish, mail_of};

/// What somebody makes of a mail.
pub enum Decision {
    /// Nothing is left to do; with a note of what was done, which may be empty.
    SeenTo(String),
    /// What it proposes is not taken.
    Ignored,
    /// The absence that it proposes is right.
    ProposedAbsence,
    /// The address that it gives is right.
    ProposedAddress,
    /// Away up to and including this day.
    Away(NaiveDate),
    Left,
    OptedOut,
}

/// Decides about a mail. It is seen to by that, unless it proposes something else as well.
pub struct DecideReply {
    pub reply: ReplyId,
    /// The version of the mail that was seen.
    pub known: i64,
    pub decision: Decision,
}

impl Order for DecideReply {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let mail = mail_of(tx, &self.reply).await?;
        // The second press finds the mail without what the first one has taken: what is said of it is the same all the same.
        let stays = match self.decision {
            Decision::ProposedAbsence if mail.new_email.is_some() => Some("takes the absence that it proposes"),
            Decision::ProposedAddress if mail.away_until.is_some() => Some("takes the address that it gives"),
            _ => None,
        };
        let is_first = if let Some(words) = stays {
            let said = Said { words: words.into(), ..Said::alone(DeskWork::Noted) };
            begin(ctx, tx, &mail, self.known, said, by).await?.is_some()
        } else {
            let note = note(&self.decision, &mail)?;
            finish(ctx, tx, &mail, self.known, &note, by).await?
        };
        if !is_first {
            return Ok(());
        }
        // What is told of the contact names nobody but the contact.
        let why = format!("wrote so: {}", mail.subject);
        match self.decision {
            Decision::SeenTo(_) | Decision::Ignored => Ok(()),
            Decision::ProposedAbsence => {
                replies::absence_decided(tx, &mail.id).await?;
                hear(ctx, tx, &mail, News::AwayUntil(proposed_day(&mail)?), why, by).await
            }
            Decision::ProposedAddress => {
                replies::address_decided(tx, &mail.id).await?;
                correct(ctx, tx, &mail, why, by).await
            }
            Decision::Away(until) => hear(ctx, tx, &mail, News::AwayUntil(until), why, by).await,
            Decision::Left => hear(ctx, tx, &mail, News::Left { write_to: Vec::new() }, why, by).await,
            Decision::OptedOut => {
                let order = OptOutAsTold { contact: contact_of(&mail)?, length: Length::NeverAgain, how: why };
                order.run(ctx, tx, by).await.map(|_| ())
            }
        }
    }
}

/// What stands with the mail from then on.
fn note(decision: &Decision, mail: &Reply) -> Result<String> {
    Ok(match decision {
        Decision::SeenTo(note) => fitting("The note", note)?,
        Decision::Ignored => "ignored".into(),
        Decision::ProposedAbsence => format!("away until {}", proposed_day(mail)?),
        Decision::ProposedAddress => {
            format!("address corrected to {}", mail.new_email.as_deref().ok_or_else(nothing)?)
        }
        Decision::Away(until) => format!("away until {until}"),
        Decision::Left => "has left".into(),
        Decision::OptedOut => "opted out".into(),
    })
}

fn proposed_day(mail: &Reply) -> Result<NaiveDate> {
    mail.away_until.as_deref().and_then(|day| day.parse().ok()).ok_or_else(nothing)
}

fn contact_of(mail: &Reply) -> Result<ContactId> {
    let nobody = || Problem::refused("This mail is about no contact.", "Note what was done, and that it is seen to.");
    mail.contact_id.clone().ok_or_else(nobody)
}

fn nothing() -> Problem {
    Problem::refused("This mail proposes nothing that could be taken.", "Look at it as it is now, then decide.")
}

async fn hear(ctx: &Ctx, tx: &mut Tx, mail: &Reply, news: News, why: String, by: &Actor) -> Result<()> {
    HearNews { contact: contact_of(mail)?, news, why }.run(ctx, tx, by).await
}

/// As any correction: the name is signed again before anything more goes there.
async fn correct(ctx: &Ctx, tx: &mut Tx, mail: &Reply, why: String, by: &Actor) -> Result<()> {
    let (contact, email) = (contact_of(mail)?, mail.new_email.clone().ok_or_else(nothing)?);
    let person = contacts::person(tx, &contact).await?.ok_or_else(nothing)?;
    let correction = Correction {
        first_name: person.first_name,
        last_name: person.last_name,
        email,
        job_title: person.job_title,
        role: person.role.as_str().into(),
        reason: why,
    };
    EditContact { contact, edit: Edit::Correct(correction) }.run(ctx, tx, by).await
}

/// Notes a call to the contact of a mail, as on the call list. The mail stays where it is.
pub struct CallAboutReply {
    pub reply: ReplyId,
    pub known: i64,
    pub call: RecordCall,
}

impl Order for CallAboutReply {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let mail = mail_of(tx, &self.reply).await?;
        if mail.contact_id.as_ref() != Some(&self.call.contact) {
            return Err(Problem::not_found("This mail is about another contact.", "Go back to the reply desk."));
        }
        let (outcome, note) = (self.call.outcome.said(self.call.day), fitting("The note", &self.call.note)?);
        let words = if note.is_empty() { format!("Called: {outcome}") } else { format!("Called: {outcome}: {note}") };
        let said = Said { words, ..Said::alone(DeskWork::Noted) };
        match begin(ctx, tx, &mail, self.known, said, by).await? {
            Some(_) => self.call.run(ctx, tx, by).await,
            None => Ok(()),
        }
    }
}
