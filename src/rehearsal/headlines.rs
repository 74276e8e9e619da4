//! What happens in a play that is worth a look, and on which page: the terminal says it, with the moment of what happened.
//!
//! Each kind of thing once: the first mail of a kind, each signer, the first answer. Told from the mails and the journal, as an operator
//! would find it.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rehearsal::mailbox::head::name_of;
use crate::rehearsal::mailbox::received::Received;
use crate::rules::calendar::human;
use crate::rules::completion::Status;
use crate::rules::journal::Action;
use crate::rules::message::MessageKind;
use crate::steps::sending::trouble;
use crate::steps::{Ctx, Live};
use crate::store::contacts;
use crate::store::contacts::search::{self, Search};
use crate::store::journal::{self, Entry};

/// One thing, when it happened, and the pages on which it is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    pub at: Ts,
    /// In the zone of the round: "Fri 29 Jan, 09:30", as the mailbox has it.
    pub when: String,
    pub says: String,
    /// By their paths.
    pub pages: Vec<String>,
}

#[derive(Default)]
pub struct Headlines {
    told: BTreeSet<String>,
    /// Who was asked to sign, by address: name, and the mail that asked.
    asked: BTreeMap<String, (String, u64)>,
    waiting: Vec<Headline>,
    since: Ts,
}

/// Entries that are looked at in a day.
const ENTRIES: i64 = 500;

impl Headlines {
    pub(super) fn read(&mut self, mail: &Received, slug: &str) {
        let mailbox = format!("/mailbox/{}", mail.number);
        let Some(kind) = MessageKind::parse(&mail.kind) else { return };
        let name = name_of(mail);
        if matches!(kind, MessageKind::SignOff | MessageKind::CounterSign) {
            self.asked.insert(mail.recipient().to_lowercase(), (name.clone(), mail.number));
        }
        let (says, page) = match kind {
            MessageKind::SignOff => (format!("{name} is asked to sign off names"), "/sign-off"),
            MessageKind::CounterSign => (format!("{name} is asked to counter-sign"), "/sign-off"),
            MessageKind::WarmUp => (format!("The first warm-up, to {name}"), "/plan"),
            MessageKind::Invitation => (format!("The first invitation, to {name}"), "/outbox"),
            MessageKind::Reminder => (format!("The first reminder, to {name}"), "/outbox"),
            MessageKind::ThankYou => (format!("{name} has answered and is thanked"), "/hand-over"),
            MessageKind::Digest => (format!("{name} gets the first weekly list"), "/contacts"),
            MessageKind::Repair => (format!("{name} is asked about an address that failed"), "/repairs"),
            MessageKind::SignCode => (format!("{name} has asked for a code to sign with"), "/sign-off"),
            MessageKind::Receipt => (format!("{name} gets the receipt of what was signed"), "/sign-off"),
            MessageKind::SignOffSummary => (format!("{name} is told where the signatures stand"), "/sign-off"),
            MessageKind::DeskAnswer => (format!("{name} wrote back and is answered"), "/replies"),
            MessageKind::Forwarded => (format!("{name} is forwarded what a contact wrote back"), "/replies"),
            MessageKind::Login | MessageKind::PlanApproval | MessageKind::Alarm | MessageKind::TestLetter => return,
        };
        self.tell(kind.as_str(), mail.at, says, vec![mailbox, format!("/rounds/{slug}{page}")]);
    }

    fn tell(&mut self, key: &str, at: Ts, says: String, pages: Vec<String>) {
        if self.told.insert(key.to_string()) {
            self.waiting.push(Headline { at, when: String::new(), says, pages });
        }
    }

    /// `who` it was done to, where the subject is a contact.
    fn entry(&mut self, entry: &Entry, who: &str, slug: &str) {
        match entry.what() {
            Some(signed @ (Action::SignedOff | Action::CounterSigned)) => {
                let (name, mail) = match self.asked.get(&entry.actor.to_lowercase()) {
                    Some((name, number)) => (name.clone(), Some(*number)),
                    None => (entry.actor.clone(), None),
                };
                let verb = if signed == Action::CounterSigned { "counter-signs" } else { "signs" };
                let board = format!("/rounds/{slug}/sign-off");
                let pages = mail.map(|number| format!("/mailbox/{number}")).into_iter().chain([board]).collect();
                self.tell(&format!("{verb} {}", entry.actor), entry.at, format!("{name} {verb}"), pages);
            }
            Some(Action::OptedOut) => {
                let says = format!("{who} opts out, and gets nothing more");
                self.tell(
                    Action::OptedOut.as_str(),
                    entry.at,
                    says,
                    vec![format!("/rounds/{slug}/contacts?stage=opted_out")],
                );
            }
            _ => {}
        }
    }

    /// What has happened since this was asked last, in the order in which it happened.
    pub(super) async fn since_last(&mut self, ctx: &Ctx, live: &Live, status: &Status) -> Result<Vec<Headline>> {
        let (slug, since) = (live.spec.round.as_str(), self.since);
        let mut tx = ctx.db.read().await?;
        let entries = journal::of_round(&mut tx, &live.id, ENTRIES).await?;
        for entry in entries.iter().rev().filter(|entry| entry.at >= since) {
            let who = match entry.what() {
                Some(Action::OptedOut) => contacts::person(&mut tx, &ContactId::from(entry.subject.as_str()))
                    .await?
                    .map(|p| format!("{} {}", p.first_name, p.last_name)),
                _ => None,
            };
            self.entry(entry, &who.unwrap_or_else(|| "Somebody".into()), slug);
        }
        self.since = ctx.clock.now();
        let oldest = trouble::alarms(&mut tx).await?.iter().map(trouble::IncidentAlarm::since).min();
        if let Some(at) = oldest {
            let says = "Simulated servers refuse mails: those are held for now".to_string();
            self.tell("trouble", at, says, vec!["/sending".into()]);
        }
        if status.individual.completed > 0 && !self.told.contains("completed") {
            let search = Search { stage: "completed".into(), ..Search::default() };
            let completed = search::page(&mut tx, &live.id, &search, i64::MAX, 0).await?;
            if let Some(at) = completed.iter().filter_map(|p| p.completed_at).min() {
                let pages = vec![format!("/rounds/{slug}"), format!("/rounds/{slug}/hand-over")];
                self.tell("completed", at, "The first answers are in".into(), pages);
            }
        }
        let mut told = std::mem::take(&mut self.waiting);
        told.sort_by_key(|headline| headline.at);
        for headline in &mut told {
            headline.when = human(headline.at, self.since, live.sequence.home().zone());
        }
        Ok(told)
    }
}
