//! From a verdict to the ledger and to people.

use tracing::warn;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::DeskActId;
use crate::base::problem::Result;
use crate::mail::domains::ascii::on_the_wire;
use crate::rules::contacts::objection::ObjectionKind;
use crate::rules::journal::Actor;
use crate::rules::message::MessageKind;
use crate::rules::replies::Incoming;
use crate::rules::replies::desk::Amiss;
use crate::rules::replies::verdict::{KnownMessage, LONGEST_WHY, Proof, Verdict, judge};
use crate::rules::round::RoundState;
use crate::rules::sending::reason::MessageReason;
use crate::rules::sending::trouble::told_by_report;
use crate::steps::contacts::addresses;
use crate::steps::contacts::objections::{self, Said};
use crate::steps::context::{Ctx, Live};
use crate::steps::sending::pace::gateway_answers;
use crate::steps::sending::trouble::refusals::{self, NewRefusal};
use crate::steps::signoff::asking::absences::{self as signers, Noted};
use crate::store::Tx;
use crate::store::contacts::{self, Person, addresses as known_addresses};
use crate::store::replies::{self, Reply, desk};
use crate::store::sending::outbox::Message;

use super::absence::{self, News};
use super::desk::amiss::has_not_arrived;
use super::kept;
use super::text::{line, lines};

/// Does what a mail asks for, and keeps it.
pub(super) async fn act(
    ctx: &Ctx,
    tx: &mut Tx,
    mail: &Incoming,
    about: Option<(Message, Proof)>,
    blank: Reply,
) -> Result<()> {
    let kept = |verdict: &Verdict, state: &str| Reply {
        verdict: verdict.as_str().into(),
        state: state.into(),
        from_name: line(&mail.from_name, 200),
        from_email: line(&mail.from_email, 254),
        subject: line(&mail.subject, 300),
        words: lines(&mail.text),
        why: line(&mail.reason, 500),
        write_to: mail.write_to.iter().map(|address| line(address, 254)).collect::<Vec<_>>().join(" "),
        own_id: mail.own_id.clone(),
        written_on: mail.written_on.map(|day| day.to_string()),
        ..blank.clone()
    };
    let Some((message, proof)) = about else {
        let verdict = judge(mail, None);
        return kept::keep(ctx, tx, &kept(&verdict, state_of_unmatched(mail))).await;
    };
    // What is said to a mail of the desk belongs where the mail does that it was about.
    let before = answered(tx, &message).await?;
    let round = message.lane.round().cloned().or_else(|| before.as_ref()?.round_id.clone());
    let live = match &round {
        None => None,
        Some(round) => Some(ctx.live_by_id(tx, round).await?),
    };
    let contact = message.contact_id.clone();
    let contact = contact.or_else(|| before.filter(|_| message.kind == MessageKind::DeskAnswer)?.contact_id);
    let person = match &contact {
        Some(contact) => contacts::person(tx, contact).await?,
        None => None,
    };
    // A colleague of the contact who was answered speaks for himself alone.
    let person = person.filter(|p| message.contact_id.is_some() || p.has_address(&message.to_email));
    let now = ctx.clock.now();
    let mut spellings = vec![message.to_email.key()];
    spellings.extend(on_the_wire(&message.to_email).map(|address| address.to_lowercase()));
    let known = KnownMessage {
        proof,
        spellings: &spellings,
        today: today(live.as_deref(), person.as_ref(), now),
        closes: live.as_ref().map(|live| live.spec.schedule.closes),
    };
    let verdict = judge(mail, Some(&known));
    if verdict == Verdict::Unmatched {
        // A claim about a message without proof is shown with nothing of ours beside it.
        return kept::keep(ctx, tx, &kept(&verdict, state_of_unmatched(mail))).await;
    }
    if proof != Proof::OldToken && verdict.shows_that_it_left() {
        replies::settle_as_left(tx, &message.id, &MessageReason::ShownToHaveLeft, now).await?;
    }
    let effects = Effects { ctx, mail, message: &message, live: live.as_deref(), person: person.as_ref(), now };
    let open = effects.apply(tx, &verdict).await?;
    let proposed = effects.proposed(&verdict);
    let open = open || proposed.away_until.is_some() || proposed.new_email.is_some();
    let reply = Reply {
        away_until: proposed.away_until,
        new_email: proposed.new_email,
        round_id: live.map(|l| l.id.clone()),
        contact_id: contact,
        message_id: Some(message.id.clone()),
        ..kept(&verdict, if open { "open" } else { "noted" })
    };
    let reply = match &verdict {
        Verdict::Dead { why } | Verdict::Bounced { why } => Reply { why: line(why, 500), ..reply },
        _ => reply,
    };
    kept::keep(ctx, tx, &reply).await
}

/// The mail that a message of the desk has answered or forwarded.
async fn answered(tx: &mut Tx, message: &Message) -> Result<Option<Reply>> {
    if !matches!(message.kind, MessageKind::DeskAnswer | MessageKind::Forwarded) {
        return Ok(None);
    }
    match desk::by_id(tx, &DeskActId::from(message.subject_id.as_str())).await? {
        Some(act) => replies::by_id(tx, &act.reply_id).await,
        None => Ok(None),
    }
}

/// A person's mail waits to be looked at, and so does a program that keeps ours back; what other machines write without a proof does not.
fn state_of_unmatched(mail: &Incoming) -> &'static str {
    use crate::rules::replies::Class;
    if mail.is_challenge || (mail.class == Class::Other && !mail.automatic) { "open" } else { "noted" }
}

fn today(live: Option<&Live>, person: Option<&Person>, now: Ts) -> chrono::NaiveDate {
    match (live, person) {
        (Some(live), Some(person)) => live.sequence.calendar(person.locality()).local(now).date(),
        (Some(live), None) => live.sequence.home().local(now).date(),
        (None, _) => now.utc().date_naive(),
    }
}

#[derive(Default)]
struct Proposed {
    away_until: Option<String>,
    new_email: Option<String>,
}

struct Effects<'a> {
    ctx: &'a Ctx,
    mail: &'a Incoming,
    message: &'a Message,
    live: Option<&'a Live>,
    person: Option<&'a Person>,
    now: Ts,
}

impl Effects<'_> {
    /// True when somebody has to look at it.
    async fn apply(&self, tx: &mut Tx, verdict: &Verdict) -> Result<bool> {
        match verdict {
            Verdict::Dead { why } => {
                let why = line(why, LONGEST_WHY);
                let reason = MessageReason::CameBack(why.clone());
                if replies::came_back(tx, &self.message.id, &reason, self.now).await? {
                    let what = (self.message.kind, self.message.subject_id.as_str());
                    has_not_arrived(self.ctx, tx, what, Amiss::CameBack, &why).await?;
                }
                if self.refused(tx, true).await? {
                    return Ok(false);
                }
                addresses::found_dead(self.ctx, tx, &self.message.to_email, &why).await?;
                if let Some(person) = self.person {
                    addresses::reopen_if_corrected(self.ctx, tx, &person.id, &self.message.to_email).await?;
                }
                // A director or manager who is not reached is no contact whom somebody is asked to repair.
                Ok(self.person.is_none())
            }
            Verdict::Bounced { .. } => {
                known_addresses::note_soft(tx, &self.message.to_email.key(), self.now).await?;
                if self.refused(tx, false).await? {
                    return Ok(false);
                }
                gateway_answers::bounced(self.ctx, tx, &self.message.to_email, self.mail).await?;
                // It may still arrive; whoever has answered looks after it.
                Ok(self.person.is_none() || self.message.kind == MessageKind::DeskAnswer)
            }
            Verdict::Complaint => {
                self.complaint(tx).await?;
                Ok(true)
            }
            Verdict::Away(last_day) => {
                match self.signer_is_away(tx, *last_day).await? {
                    Noted::Misread => {}
                    noted => return Ok(noted == Noted::NobodyElse),
                }
                self.news(tx, News::AwayUntil(*last_day)).await?;
                Ok(self.is_a_colleagues())
            }
            Verdict::Left => {
                self.left(tx).await?;
                Ok(self.is_a_colleagues())
            }
            // A challenge has arrived at a program, and at nobody: the message stays sent, and somebody of ours answers it.
            Verdict::Reply | Verdict::Challenge => Ok(true),
            Verdict::Leaving => Ok(self.contact_to_ask().is_some() || self.is_a_colleagues()),
            // What it proposes waits: see `proposed`.
            Verdict::AwayLong(_) | Verdict::NewAddress => Ok(self.is_a_colleagues()),
            Verdict::Arrived | Verdict::Automatic | Verdict::Unmatched => Ok(false),
        }
    }

    /// A report counts like a refusal in the conversation, for the run that it may be part of; what may still pass does not.
    /// True when it was our trouble, as somebody has said.
    async fn refused(&self, tx: &mut Tx, dead: bool) -> Result<bool> {
        let key = self.message.to_email.key();
        let recipients = &self.mail.recipients;
        let ours =
            recipients.iter().find(|r| r.address == key).or(recipients.first().filter(|_| recipients.len() == 1));
        let Some(told) = ours.map(|r| told_by_report(r.status, &r.said)).filter(|told| dead || told.for_good) else {
            return Ok(false);
        };
        let heard = NewRefusal {
            message: &self.message.id,
            contact: self.message.contact_id.as_ref(),
            to_name: &self.message.to_name,
            to: &self.message.to_email,
            told: &told,
            dead,
            left_at: self.message.marked_at,
        };
        refusals::heard(self.ctx, tx, heard).await
    }

    /// Who was asked to sign is not asked while he is away. Misread as well where it is no such mail.
    async fn signer_is_away(&self, tx: &mut Tx, last_day: chrono::NaiveDate) -> Result<Noted> {
        let asked_to_sign = matches!(self.message.kind, MessageKind::SignOff | MessageKind::CounterSign);
        let Some(live) = self.live.filter(|live| asked_to_sign && live.state != RoundState::Closed) else {
            return Ok(Noted::Misread);
        };
        let why = format!("An automatic reply says so. \u{201c}{}\u{201d}", line(&self.mail.text, 120));
        signers::note(self.ctx, tx, live, &self.message.to_email, last_day, &why, &Actor::Program).await
    }

    /// A director or manager who is away or has left signs and repairs nothing: no plan moves, so somebody has to know.
    fn is_a_colleagues(&self) -> bool {
        self.person.is_none() && self.live.is_some_and(|live| live.state != RoundState::Closed)
    }

    /// The contact, as long as anything is still to be sent to him. Where no names are told also who has answered: that his mail waits for
    /// nobody would say so.
    fn contact_to_ask(&self) -> Option<&Person> {
        let open = self.live.is_some_and(|live| live.state != RoundState::Closed);
        let names = self.live.is_some_and(|live| live.spec.participation.names());
        let asked = |p: &&Person| {
            let has_answered = names && p.completed_at.is_some();
            p.left_at.is_none() && p.removed_at.is_none() && p.opted_out_at.is_none() && !has_answered
        };
        self.person.filter(|_| open).filter(asked)
    }

    /// What an automatic reply says that a person decides about. Whoever can write one could move a contact with it otherwise.
    fn proposed(&self, verdict: &Verdict) -> Proposed {
        let automatic =
            matches!(verdict, Verdict::Away(_) | Verdict::AwayLong(_) | Verdict::NewAddress | Verdict::Leaving);
        let Some(person) = self.contact_to_ask().filter(|_| automatic) else { return Proposed::default() };
        let away_until = match verdict {
            Verdict::AwayLong(last_day) => Some(last_day.to_string()),
            _ => None,
        };
        let new = self.mail.new_address.as_deref().and_then(|address| EmailAddress::parse(address).ok());
        let new = new.filter(|address| address.key() != person.email.key());
        Proposed { away_until, new_email: new.map(|address| address.to_string()) }
    }

    async fn left(&self, tx: &mut Tx) -> Result<()> {
        let Some(person) = self.person else { return Ok(()) };
        let address = &self.message.to_email;
        let over = self.live.is_none_or(|l| l.state == RoundState::Closed);
        if over || !person.has_address(address) {
            // About the address: it holds for the rounds to come, whatever address the contact has by now.
            let why = format!("An automatic reply says so. \u{201c}{}\u{201d}", line(&self.mail.text, 120));
            objections::note(self.ctx, tx, &absence::left(person, address, &why, &Actor::Program)).await?;
            return Ok(());
        }
        match person.left_at {
            None => self.news(tx, News::Left { write_to: self.mail.write_to.clone() }).await,
            Some(_) => Ok(()),
        }
    }

    /// What an automatic reply says of the person, as long as anything can still be sent.
    async fn news(&self, tx: &mut Tx, news: News) -> Result<()> {
        let (Some(live), Some(person)) = (self.live.filter(|l| l.state != RoundState::Closed), self.person) else {
            return Ok(());
        };
        let instead = match self.mail.write_to.as_slice() {
            [] => String::new(),
            some => format!("It asks to write to {} instead. ", some.join(", ")),
        };
        let why = format!("An automatic reply says so. {instead}\u{201c}{}\u{201d}", line(&self.mail.text, 120));
        absence::hear_in(self.ctx, tx, live, person, news, &why).await
    }

    /// M08: whoever complains hears nothing more, in any round, and operations hear of it.
    async fn complaint(&self, tx: &mut Tx) -> Result<()> {
        let address = &self.message.to_email;
        known_addresses::note_complaint(tx, &address.key(), self.now).await?;
        let said = Said {
            kind: ObjectionKind::Complaint,
            round: self.live.map(|live| &live.id),
            contact: self.person.map(|person| &person.id),
            email_key: address.key(),
            by: &Actor::Program,
            evidence: self.message.kind.label(),
        };
        objections::note_everywhere(self.ctx, tx, &said).await?;
        warn!(message = %self.message.id, to = address.masked(), "somebody has called a mail of ours unwanted");
        Ok(())
    }
}
