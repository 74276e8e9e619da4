//! What is known beside mails of the desk: the person, the letter of ours that each is about, in whose name it is answered, to whom it may
//! be forwarded, what was done with it and what became of what was written.
//!
//! Read for all mails of a page at once: a page costs as many queries with twenty mails as with one. An order asks the same of its one
//! mail, so no form offers what the order refuses.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::base::address::EmailAddress;
use crate::base::ids::{AccountId, ContactId, DeskActId, MessageId, ReplyId};
use crate::base::problem::Result;
use crate::rules::message::MessageKind;
use crate::rules::replies::desk::{Amiss, DeskWork, why_not_answered};
use crate::rules::round::Sender;
use crate::steps::contacts::objections::want_no_mail;
use crate::steps::context::{Ctx, Live};
use crate::steps::letters::as_sent::Versions;
use crate::store::Tx;
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::{self, Person};
use crate::store::replies::desk::{self, DeskAct};
use crate::store::replies::{self, DirectorQuestion, Reply};
use crate::store::sending::outbox::Message;

/// Who looks after an account, by the word of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedAfterBy {
    Manager,
    Director,
    SalesDirector,
}

impl LookedAfterBy {
    pub const ALL: [LookedAfterBy; 3] = [LookedAfterBy::Manager, LookedAfterBy::Director, LookedAfterBy::SalesDirector];

    pub fn as_str(self) -> &'static str {
        match self {
            LookedAfterBy::Manager => "manager",
            LookedAfterBy::Director => "director",
            LookedAfterBy::SalesDirector => "sales_director",
        }
    }

    pub fn parse(text: &str) -> Option<LookedAfterBy> {
        LookedAfterBy::ALL.into_iter().find(|who| who.as_str() == text)
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            LookedAfterBy::Manager => "account manager",
            LookedAfterBy::Director => "account director",
            LookedAfterBy::SalesDirector => "sales director",
        }
    }
}

/// Somebody of the round to whom a mail may be forwarded.
pub struct Colleague {
    pub who: LookedAfterBy,
    pub name: String,
    pub email: EmailAddress,
    /// Stands on the list of the round as well: no contact reads what others wrote.
    pub is_contact: bool,
}

/// What was written about a mail and has not arrived, as far as we know: it can be written again.
pub struct Unarrived<'b> {
    pub act: &'b DeskAct,
    pub amiss: Amiss,
}

/// What is known beside these mails, all of one round or of none.
pub struct Beside {
    people: HashMap<ContactId, Person>,
    messages: HashMap<MessageId, Message>,
    questions: HashMap<ReplyId, DirectorQuestion>,
    accounts: HashMap<AccountId, Account>,
    /// Of each mail in their order.
    acts: HashMap<ReplyId, Vec<DeskAct>>,
    /// What was mailed, by the act.
    mailed: HashMap<DeskActId, Message>,
    /// By the mails that can be answered.
    senders: HashMap<ReplyId, Sender>,
    /// Keys of addresses to which nothing may be sent.
    unwanted: HashSet<String>,
    /// Keys of addresses that stand on the list of the round.
    listed: HashSet<String>,
}

impl Beside {
    pub async fn of(ctx: &Ctx, tx: &mut Tx, live: &Arc<Live>, mails: &[&Reply]) -> Result<Beside> {
        let ids: Vec<&ReplyId> = mails.iter().map(|mail| &mail.id).collect();
        let whom: Vec<&ContactId> = mails.iter().filter_map(|mail| mail.contact_id.as_ref()).collect();
        let about: Vec<&MessageId> = mails.iter().filter_map(|mail| mail.message_id.as_ref()).collect();
        let people = contacts::persons(tx, &whom).await?;
        let messages = desk::spoken_of(tx, &about).await?;
        let questions = replies::questions_of(tx, &ids).await?;
        let acts = desk::of_replies(tx, &ids).await?;
        let written: Vec<&DeskActId> = acts.iter().filter(|a| a.what.mails().is_some()).map(|a| &a.id).collect();
        let mailed = desk::mailed(tx, &written).await?;
        let known: HashSet<&AccountId> =
            people.iter().map(|p| &p.account_id).chain(questions.iter().map(|q| &q.account_id)).collect();
        let known: Vec<&AccountId> = known.into_iter().collect();
        let accounts = accounts::by_ids(tx, &known).await?;
        let mut beside = Beside {
            people: people.into_iter().map(|p| (p.id.clone(), p)).collect(),
            messages: messages.into_iter().map(|m| (m.id.clone(), m)).collect(),
            questions: questions.into_iter().map(|q| (q.reply_id.clone(), q)).collect(),
            accounts: accounts.into_iter().filter(|a| a.round_id == live.id).map(|a| (a.id.clone(), a)).collect(),
            acts: HashMap::new(),
            mailed: mailed.into_iter().map(|m| (m.subject_id.as_str().into(), m)).collect(),
            senders: HashMap::new(),
            unwanted: HashSet::new(),
            listed: HashSet::new(),
        };
        for act in acts {
            beside.acts.entry(act.reply_id.clone()).or_default().push(act);
        }
        beside.find_addresses(tx, live, mails).await?;
        beside.find_senders(ctx, tx, live, mails).await?;
        Ok(beside)
    }

    /// Of whoever wrote and of whoever may be forwarded to: who stands on the list, and who wants no mail.
    async fn find_addresses(&mut self, tx: &mut Tx, live: &Live, mails: &[&Reply]) -> Result<()> {
        let mut keys: Vec<String> = mails.iter().filter_map(|mail| writer(mail)).map(|email| email.key()).collect();
        keys.extend(self.accounts.values().map(|a| a.director_email.key()));
        keys.extend(self.accounts.values().filter_map(manager).map(|email| email.key()));
        keys.push(live.spec.signoff.sales_director_email.key());
        keys.sort();
        keys.dedup();
        let here = contacts::by_addresses(tx, &live.id, &keys).await?;
        self.unwanted = want_no_mail(tx, &live.id, &keys, &here).await?;
        self.listed = here.into_iter().map(|p| p.email_key).collect();
        Ok(())
    }

    async fn find_senders(&mut self, ctx: &Ctx, tx: &mut Tx, live: &Arc<Live>, mails: &[&Reply]) -> Result<()> {
        let mut versions = Versions::default();
        let answers = self.messages.values().filter(|m| m.kind == MessageKind::DeskAnswer);
        let answers: Vec<DeskActId> = answers.map(|m| m.subject_id.as_str().into()).collect();
        let before = match answers.is_empty() {
            true => Vec::new(),
            false => desk::by_ids(tx, &answers.iter().collect::<Vec<_>>()).await?,
        };
        let mut senders = HashMap::new();
        for mail in mails.iter().filter(|mail| mail.state == "open" && can_be_answered(mail)) {
            let message = self.message(mail);
            let sender = match message {
                Some(m) if m.kind == MessageKind::DeskAnswer => {
                    before.iter().find(|act| act.id.as_str() == m.subject_id).and_then(sender_of)
                }
                Some(m) => match m.contact_id.as_ref().and_then(|contact| self.people.get(contact)) {
                    Some(person) => Some(versions.sender(ctx, tx, live, person, m).await?),
                    None => None,
                },
                None => None,
            };
            senders.insert(mail.id.clone(), sender.unwrap_or_else(|| live.spec.senders.team.clone()));
        }
        self.senders = senders;
        Ok(())
    }

    /// As he is: what may be told of him is another question.
    pub fn person(&self, mail: &Reply) -> Option<&Person> {
        self.people.get(mail.contact_id.as_ref()?)
    }

    /// The letter of ours that the mail is about.
    pub fn message(&self, mail: &Reply) -> Option<&Message> {
        self.messages.get(mail.message_id.as_ref()?)
    }

    pub fn question(&self, mail: &Reply) -> Option<&DirectorQuestion> {
        self.questions.get(&mail.id)
    }

    /// The first thing first.
    pub fn done(&self, mail: &Reply) -> &[DeskAct] {
        self.acts.get(&mail.id).map(Vec::as_slice).unwrap_or_default()
    }

    /// What was mailed by something that was done.
    pub fn mailed(&self, act: &DeskAct) -> Option<&Message> {
        self.mailed.get(&act.id)
    }

    /// In whose name a mail is answered: of the message that it is about, else the team's. None where it cannot be answered from here.
    pub fn sender(&self, mail: &Reply) -> Option<&Sender> {
        self.senders.get(&mail.id)
    }

    /// Whether whoever wrote has asked not to be written to.
    pub fn wants_no_mail(&self, mail: &Reply) -> bool {
        writer(mail).is_some_and(|email| self.unwanted.contains(&email.key()))
    }

    /// To whom a mail may be forwarded: who looks after the account that it is about, and the sales director; never whoever wrote it.
    pub fn colleagues(&self, live: &Live, mail: &Reply) -> Vec<Colleague> {
        let account = self.person(mail).map(|p| &p.account_id).or_else(|| self.question(mail).map(|q| &q.account_id));
        let of = |who, name: &str, email: EmailAddress| {
            let is_contact = self.listed.contains(&email.key());
            Colleague { who, name: name.into(), email, is_contact }
        };
        let mut all = Vec::new();
        if let Some(a) = account.and_then(|id| self.accounts.get(id)) {
            all.extend(manager(a).map(|email| of(LookedAfterBy::Manager, &a.manager_name, email)));
            all.push(of(LookedAfterBy::Director, &a.director_name, a.director_email.clone()));
        }
        let signoff = &live.spec.signoff;
        all.push(of(LookedAfterBy::SalesDirector, &signoff.sales_director, signoff.sales_director_email.clone()));
        let writer = writer(mail).map(|email| email.key());
        all.retain(|colleague| Some(colleague.email.key()) != writer);
        all
    }

    /// The last answer, or the last forward, where it has not arrived.
    pub fn unarrived(&self, mail: &Reply, what: DeskWork) -> Option<Unarrived<'_>> {
        let act = self.done(mail).iter().rfind(|act| act.what == what)?;
        let m = self.mailed(act)?;
        Some(Unarrived { act, amiss: Amiss::of(m.state, m.bounced())? })
    }
}

/// Whether a mail can be answered from here, whatever its writer has asked for.
pub(super) fn can_be_answered(mail: &Reply) -> bool {
    why_not_answered(mail.round_id.is_some(), &mail.verdict, &mail.from_email).is_none()
}

fn writer(mail: &Reply) -> Option<EmailAddress> {
    EmailAddress::parse(&mail.from_email).ok()
}

fn manager(account: &Account) -> Option<EmailAddress> {
    EmailAddress::parse(&account.manager_email).ok()
}

/// In whose name something was answered before.
fn sender_of(act: &DeskAct) -> Option<Sender> {
    let email = EmailAddress::parse(&act.from_email).ok()?;
    Some(Sender { name: act.from_name.clone(), email, title: String::new() })
}
