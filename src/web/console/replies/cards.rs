//! One mail on the reply desk, with the person beside it, whose it is and what was done with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::address::key_of;
use crate::base::problem::Result;
use crate::rules::calling::telephones;
use crate::rules::message::{Lane, MessageKind, MessageState};
use crate::rules::replies::desk::DeskWork;
use crate::rules::round::RoundState;
use crate::rules::sending::outbox::key;
use crate::steps::Live;
use crate::steps::completion::told;
use crate::steps::plan::forecast::sentence;
use crate::steps::replies::desk as steps;
use crate::store::contacts::{self, Person};
use crate::store::replies::desk::DeskAct;
use crate::store::replies::{self, Reply};
use crate::store::sending::outbox;
use crate::store::{Tx, calling};
use crate::web::console::sending::message::kind;
use crate::web::console::views::replies::{DoneLine, ReplyCard};
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::query::mail_to;
use crate::web::kit::frames::home;
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Status, Tone};

use super::forms::{Beside, Forms, Refused};
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
    /// What was done with the mails that are shown.
    pub acts: Vec<DeskAct>,
    pub refused: Option<&'a Refused<'a>>,
}

impl Cards<'_> {
    pub(super) async fn card(&self, tx: &mut Tx, reply: Reply) -> Result<ReplyCard> {
        let (now, zone) = (self.web.ctx.clock.now(), home(self.live));
        let person = match &reply.contact_id {
            Some(id) => contacts::person(tx, id).await?.map(|p| told::person(self.live, p)),
            None => None,
        };
        let message = match &reply.message_id {
            Some(id) => outbox::by_id(tx, id).await?,
            None => None,
        };
        let question = replies::question(tx, &reply.id).await?;
        let (tone, word) = if question.is_some() { (Tone::Attention, "asks about a list") } else { verdict(&reply) };
        let mut notes = Vec::new();
        let own = person.as_ref().is_some_and(|p| p.email.key() == key_of(&reply.from_email));
        if !own && !reply.from_email.is_empty() && reply.verdict != "complaint" {
            notes.push(format!("Written by {}", reply.from_email));
        }
        notes.extend(
            message.filter(|m| m.contact_id.is_none()).map(|m| format!("About the {} to {}", kind(&m), m.to_email)),
        );
        if !reply.write_to.is_empty() {
            notes.push(format!("Asks to write to {}", reply.write_to.replace(' ', ", ")));
        }
        if let Some(question) = &question {
            notes.push(format!("Asked on the sign-off page, as a director of {}", question.account));
        }
        if reply.verdict != "reply" && !reply.why.is_empty() && !proposal::is_in(&reply) {
            notes.push(reply.why.clone());
        }
        notes.extend(proposal::notes(&reply, &self.live.spec.schedule));
        let writer = [&reply.from_name, &reply.from_email].into_iter().find(|text| !text.is_empty());
        let beside = self.beside(tx, &reply, person.as_ref()).await?;
        let forms =
            Forms { live: self.live, by: self.by, here: &self.here, operators: &self.operators, refused: self.refused };
        let rests = reply.rests_until.filter(|until| reply.state == "open" && *until > now);
        Ok(ReplyCard {
            state: Status { tone, word: word.into() },
            name: person.as_ref().map_or_else(|| writer.cloned().unwrap_or("Somebody".into()), |p| p.full_name()),
            href: person.as_ref().map(|p| urls::contact(&self.live.slug, &p.id)),
            who: person.as_ref().map_or_else(String::new, who),
            telephones: person.as_ref().map(|p| telephones(&more(p))).unwrap_or_default(),
            notes,
            when: when(reply.read_at, now, &zone),
            owner: self.owner(&reply),
            rests: rests.map(|until| when(until, now, &zone)),
            done: self.done(tx, &reply).await?,
            answer: question.map(|_| answer(&reply)),
            actions: if reply.state == "open" { forms.of(&reply, person.as_ref(), &beside) } else { Vec::new() },
            id: reply.id,
            subject: reply.subject,
            words: reply.words,
        })
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
    async fn beside(&self, tx: &mut Tx, reply: &Reply, person: Option<&Person>) -> Result<Beside> {
        let mut beside = Beside::default();
        if reply.state != "open" || reply.round_id.is_none() {
            return Ok(beside);
        }
        if steps::why_not_answered(reply).is_none() {
            beside.sender = Some(steps::sender(&self.web.ctx, tx, self.live, reply).await?);
        }
        if reply.verdict == "reply" {
            beside.colleagues = steps::colleagues(tx, self.live, reply).await?;
        }
        let running = matches!(self.live.state, RoundState::Running | RoundState::Paused);
        if let Some(p) = person.filter(|p| running && may_be_called(p)) {
            beside.calls = Some(calling::of_contacts(tx, &[&p.id]).await?.len());
        }
        Ok(beside)
    }

    /// The first thing first.
    async fn done(&self, tx: &mut Tx, reply: &Reply) -> Result<Vec<DoneLine>> {
        let (now, zone) = (self.web.ctx.clock.now(), home(self.live));
        let mut lines = Vec::new();
        for act in self.acts.iter().filter(|act| act.reply_id == reply.id) {
            let (mail, why) = became(tx, act).await?.unzip();
            lines.push(DoneLine {
                what: format!("{} {}", act.by_whom, act.said()),
                when: when(act.at, now, &zone),
                words: act.words.clone(),
                mail,
                why: why.unwrap_or_default(),
            });
        }
        Ok(lines)
    }
}

/// Whether a mail that was written here has left, and why not.
async fn became(tx: &mut Tx, act: &DeskAct) -> Result<Option<(Status, String)>> {
    let kind = match act.what {
        DeskWork::Answered => MessageKind::DeskAnswer,
        DeskWork::Forwarded => MessageKind::Forwarded,
        DeskWork::Noted | DeskWork::Given | DeskWork::PutOff => return Ok(None),
    };
    let message = outbox::by_key(tx, &key(&Lane::System, &act.id, kind, 1)).await?;
    Ok(message.map(|m| {
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
    }))
}

fn may_be_called(p: &Person) -> bool {
    let out = p.removed_at.is_some() || p.left_at.is_some() || p.opted_out_at.is_some() || p.objected_at.is_some();
    p.invited_at.is_some() && p.completed_at.is_none() && !out
}

/// The columns of the list that are none of ours.
fn more(p: &Person) -> BTreeMap<String, String> {
    serde_json::from_str(&p.more).unwrap_or_default()
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
