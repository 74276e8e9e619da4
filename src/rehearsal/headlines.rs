//! What happens in a play that is worth a look, and on which page: the terminal says it while it happens.
//!
//! Each kind of thing once: the first mail of a kind, each signer, the first answer. Told from the mails and the journal, as an operator would find it.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::completion::Status;
use crate::rules::outbox::MessageKind;
use crate::steps::trouble;
use crate::store::journal::{self, Entry};

use super::mailbox::{Received, name_of};
use super::world::World;

/// One thing, and the pages on which it is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    pub says: String,
    pub pages: Vec<Page>,
}

/// A page by its name and its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub name: String,
    pub path: String,
}

impl Page {
    fn new(name: &str, path: String) -> Page {
        Page { name: name.into(), path }
    }

    fn mail(number: u64) -> Page {
        Page { name: format!("mailbox {number}"), path: format!("/mailbox/{number}") }
    }
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
        let Some(kind) = MessageKind::parse(&mail.kind) else { return };
        let name = name_of(mail);
        if matches!(kind, MessageKind::SignOff | MessageKind::CounterSign) {
            self.asked.insert(mail.recipient().to_lowercase(), (name.clone(), mail.number));
        }
        let place = |name: &str, path: &str| Page::new(name, format!("/rounds/{slug}{path}"));
        let (says, page) = match kind {
            MessageKind::SignOff => {
                (format!("{name} is asked to sign off names"), place("sign-off board", "/sign-off"))
            }
            MessageKind::CounterSign => {
                (format!("{name} is asked to counter-sign"), place("sign-off board", "/sign-off"))
            }
            MessageKind::WarmUp => (format!("The first warm-up, to {name}"), place("plan", "/plan")),
            MessageKind::Invitation => (format!("The first invitation, to {name}"), place("outbox", "/outbox")),
            MessageKind::Reminder => (format!("The first reminder, to {name}"), place("outbox", "/outbox")),
            MessageKind::ThankYou => (format!("{name} has answered and is thanked"), place("hand-over", "/hand-over")),
            MessageKind::Digest => (format!("{name} gets the first weekly list"), place("contacts", "/contacts")),
            MessageKind::Repair => {
                (format!("{name} is asked about an address that failed"), place("repairs", "/repairs"))
            }
            MessageKind::Login | MessageKind::PlanApproval => return,
        };
        self.tell(kind.as_str(), says, vec![Page::mail(mail.number), page]);
    }

    fn tell(&mut self, key: &str, says: String, pages: Vec<Page>) {
        if self.told.insert(key.to_string()) {
            self.waiting.push(Headline { says, pages });
        }
    }

    fn entry(&mut self, entry: &Entry, slug: &str) {
        let place = |name: &str, path: &str| Page::new(name, format!("/rounds/{slug}{path}"));
        match entry.action.as_str() {
            "signed off the names" | "counter-signed the names" => {
                let (name, mail) = match self.asked.get(&entry.actor.to_lowercase()) {
                    Some((name, number)) => (name.clone(), Some(*number)),
                    None => (entry.actor.clone(), None),
                };
                let verb = if entry.action.starts_with("counter") { "counter-signs" } else { "signs" };
                let pages = mail.map(Page::mail).into_iter().chain([place("sign-off board", "/sign-off")]).collect();
                self.tell(&format!("{verb} {}", entry.actor), format!("{name} {verb}"), pages);
            }
            "opted out" => {
                let contact = place("the contact's page", &format!("/contacts/{}", entry.subject));
                self.tell("opted out", "Somebody opts out, and gets nothing more".into(), vec![contact]);
            }
            _ => {}
        }
    }
}

impl World {
    /// What has happened since this was asked last, in the order in which it is told.
    pub(super) async fn headlines(&mut self, status: &Status) -> Result<Vec<Headline>> {
        let (slug, since) = (self.slug.clone(), self.headlines.since);
        let live = self.live().await?;
        let mut tx = self.ctx.db.read().await?;
        let entries = journal::of_round(&mut tx, &live.id, ENTRIES).await?;
        for entry in entries.iter().rev().filter(|entry| entry.at >= since) {
            self.headlines.entry(entry, &slug);
        }
        self.headlines.since = self.now();
        if !trouble::alarms(&mut tx).await?.is_empty() {
            let says =
                "Simulated servers refuse many mails for one reason: mail to them is held, and tried again".to_string();
            self.headlines.tell("trouble", says, vec![Page::new("sending", "/sending".into())]);
        }
        if status.individual.completed > 0 {
            let pages = vec![
                Page::new("overview", format!("/rounds/{slug}")),
                Page::new("hand-over", format!("/rounds/{slug}/hand-over")),
            ];
            self.headlines.tell("completed", "The first answers are in".into(), pages);
        }
        Ok(std::mem::take(&mut self.headlines.waiting))
    }
}
