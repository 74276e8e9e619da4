//! One mail on the reply desk, with the person beside it, whose it is and what was done with it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::address::key_of;
use crate::base::ids::ContactId;
use crate::rules::journal::Actor;
use crate::rules::message::MessageState;
use crate::rules::replies::desk::{DeskWork, why_not_forwarded};
use crate::steps::Live;
use crate::steps::calling::{may_be_called, numbers};
use crate::steps::completion::told;
use crate::steps::plan::forecast::sentence;
use crate::steps::replies::desk::Beside;
use crate::store::contacts::Person;
use crate::store::replies::Reply;
use crate::store::replies::desk::DeskAct;
use crate::store::sending::outbox::Message;
use crate::web::console::sending::message::kind;
use crate::web::console::views::replies::{DoneLine, ReplyCard};
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::query::mail_to;
use crate::web::kit::frames::home;
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Status, Tone};

use super::forms::{Forms, Offers, Refused};
use super::proposal;
use super::verdict::verdict;

pub(super) struct Cards<'a> {
    pub web: &'a Web,
    pub live: &'a Arc<Live>,
    pub by: &'a Operator,
    /// This part of the list.
    pub here: String,
    /// To whom a mail may be given.
    pub operators: Vec<String>,
    /// What is known beside the mails that are shown.
    pub beside: &'a Beside,
    /// How often each of their contacts was called; none in here: never.
    pub calls: HashMap<ContactId, usize>,
    pub refused: Option<&'a Refused<'a>>,
}

impl Cards<'_> {
    pub(super) fn card(&self, reply: Reply) -> ReplyCard {
        let (now, zone) = (self.web.ctx.clock.now(), home(self.live));
        let person = self.beside.person(&reply).map(|p| told::person(self.live, p.clone()));
        let message = self.beside.message(&reply);
        let question = self.beside.question(&reply);
        let (tone, word) = if question.is_some() { (Tone::Attention, "asks about a list") } else { verdict(&reply) };
        let mut notes = Vec::new();
        let own = person.as_ref().is_some_and(|p| p.email.key() == key_of(&reply.from_email));
        if !own && !reply.from_email.is_empty() && reply.verdict != "complaint" {
            notes.push(format!("Written by {}", reply.from_email));
        }
        notes.extend(
            message.filter(|m| m.contact_id.is_none()).map(|m| format!("About the {} to {}", kind(m), m.to_email)),
        );
        if !reply.write_to.is_empty() {
            notes.push(format!("Asks to write to {}", reply.write_to.replace(' ', ", ")));
        }
        if let Some(question) = question {
            notes.push(format!("Asked on the sign-off page, as a director of {}", question.account));
        }
        if reply.verdict != "reply" && !reply.why.is_empty() && !proposal::is_in(&reply) {
            notes.push(reply.why.clone());
        }
        notes.extend(proposal::notes(&reply, &self.live.spec.schedule));
        if self.beside.sender(&reply).is_some() && self.beside.wants_no_mail(&reply) {
            notes
                .push(format!("{} has asked not to be written to: nothing is sent there from here.", reply.from_email));
        }
        let writer = [&reply.from_name, &reply.from_email].into_iter().find(|text| !text.is_empty());
        let offers = self.offers(&reply, person.as_ref());
        let forms =
            Forms { live: self.live, by: self.by, here: &self.here, operators: &self.operators, refused: self.refused };
        let in_doubt = self.beside.done(&reply).iter().filter_map(|act| self.beside.mailed(act));
        let in_doubt = in_doubt.filter(|m| m.state == MessageState::InDoubt);
        let mut actions: Vec<_> = in_doubt.flat_map(|m| forms.doubt(&reply, person.as_ref(), m)).collect();
        if reply.state == "open" {
            actions.extend(forms.of(&reply, person.as_ref(), &offers));
        }
        let rests = reply.rests_until.filter(|until| reply.state == "open" && *until > now);
        ReplyCard {
            state: Status { tone, word: word.into() },
            name: person.as_ref().map_or_else(|| writer.cloned().unwrap_or("Somebody".into()), |p| p.full_name()),
            href: person.as_ref().map(|p| urls::contact(&self.live.slug, &p.id)),
            who: person.as_ref().map_or_else(String::new, who),
            telephones: person.as_ref().map(|p| numbers(&p.more)).unwrap_or_default(),
            notes,
            when: when(reply.read_at, now, &zone),
            owner: self.owner(&reply),
            rests: rests.map(|until| when(until, now, &zone)),
            done: self.done(&reply),
            answer: question.map(|_| answer(&reply)),
            actions,
            id: reply.id,
            subject: reply.subject,
            words: reply.words,
        }
    }

    /// "With you", "With ben@client.example", or who has seen to it.
    fn owner(&self, reply: &Reply) -> String {
        let name = |who: &str| if who == self.by.email { "you".to_string() } else { who.to_string() };
        match (&reply.handled_by, &reply.owner) {
            (Some(by), _) => match reply.note.as_deref().unwrap_or_default() {
                "" => format!("Seen to by {}", name(by)),
                note => format!("Seen to by {}: {note}", name(by)),
            },
            (None, Some(owner)) => format!("With {}", name(owner)),
            (None, None) => String::new(),
        }
    }

    /// What can be done with an open mail besides what it says itself.
    fn offers(&self, reply: &Reply, person: Option<&Person>) -> Offers<'_> {
        if reply.state != "open" || reply.round_id.is_none() {
            return Offers::default();
        }
        let mut colleagues = match why_not_forwarded(true, &reply.verdict) {
            None => self.beside.colleagues(self.live, reply),
            Some(_) => Vec::new(),
        };
        colleagues.retain(|colleague| !colleague.is_contact);
        let wanted = !self.beside.wants_no_mail(reply);
        let called = |p: &Person| self.calls.get(&p.id).copied().unwrap_or_default();
        Offers {
            sender: self.beside.sender(reply).filter(|_| wanted),
            colleagues,
            calls: person.filter(|p| may_be_called(self.live, p)).map(called),
            answer: self.beside.unarrived(reply, DeskWork::Answered),
            forward: self.beside.unarrived(reply, DeskWork::Forwarded),
        }
    }

    /// The first thing first.
    fn done(&self, reply: &Reply) -> Vec<DoneLine> {
        let (now, zone) = (self.web.ctx.clock.now(), home(self.live));
        let line = |act: &DeskAct| {
            let (mail, why) = self.beside.mailed(act).map(became).unzip();
            // What the program says is a sentence of its own.
            let (what, words) = match Actor::Program.is(&act.by_whom) {
                true => (act.words.clone(), String::new()),
                false => (format!("{} {}", act.by_whom, act.said()), act.words.clone()),
            };
            DoneLine { what, when: when(act.at, now, &zone), words, mail, why: why.unwrap_or_default() }
        };
        self.beside.done(reply).iter().map(line).collect()
    }
}

/// Whether a mail that was written here has left, and why not.
fn became(m: &Message) -> (Status, String) {
    let state = match m.state {
        MessageState::Planned | MessageState::Claimed | MessageState::Sending => Status::waiting("on its way"),
        MessageState::Sent => Status::good("sent"),
        MessageState::InDoubt => Status::attention("may not have arrived"),
        MessageState::Held => Status::attention("held"),
        MessageState::Failed if m.bounced() => Status::wrong("bounced"),
        MessageState::Failed => Status::wrong("failed"),
        MessageState::Withdrawn => Status::wrong("not sent"),
    };
    (state, m.reason.as_deref().map(sentence).unwrap_or_default())
}

/// A mail to whoever has asked, with the question under it, for one's own mail program.
fn answer(reply: &Reply) -> String {
    let quoted: Vec<String> = reply.words.lines().map(|line| format!("> {line}")).collect();
    mail_to(&reply.from_email, &format!("Re: {}", reply.subject), &format!("\n\n{}", quoted.join("\n")))
}

fn who(p: &Person) -> String {
    let parts = [p.job_title.as_str(), p.role.label(), &p.account, p.email.as_str()];
    parts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}
