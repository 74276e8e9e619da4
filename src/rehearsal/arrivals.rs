//! What has arrived, held against the promises from the recipient's side: the mailbox is the witness, not the ledger.
//!
//! Every mail has a ledger row that says it may have arrived; every contact's list is signed at that moment, worked out anew
//! from the names and the signatures; a second copy comes only after the journal has named that person; nobody gets too
//! many, too close together, or outside the hours of his place; the headers are there and the banned word is not.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::base::clock::Ts;
use crate::base::ids::{
    AccountId, ApprovalId, CodeId, ContactId, DeskActId, MessageId, ReceiptId, SummaryId, TeamLinkId,
};
use crate::base::problem::Result;
use crate::rehearsal::mailbox::received::Received;
use crate::rules::completion::team::TeamLevel;
use crate::rules::journal::Action;
use crate::rules::message::MessageKind;
use crate::rules::round::says_banned_word;
use crate::rules::signoff::{SignLevel, Standing};
use crate::steps::{Ctx, Live, signoff};
use crate::store::calling::team;
use crate::store::contacts::{self, accounts};
use crate::store::installation::operators;
use crate::store::plan::approvals;
use crate::store::replies::desk;
use crate::store::sending::outbox::{self, Message};
use crate::store::signoff::{codes, delegations, receipts, summaries};
use crate::store::{Tx, journal};

use super::findings::Findings;

const ON_EVERY_MAIL: [&str; 5] = ["message-id", "date", "from", "x-soundings-message", "x-soundings-kind"];
/// Only on what nobody has written (decision 0031).
const BY_NOBODY: &str = "auto-submitted";
const TO_CONTACTS: [&str; 2] = ["list-unsubscribe", "list-unsubscribe-post"];

/// What each contact has got, by contact id: when the first copy of each Message-ID came, and when the last.
#[derive(Debug, Default)]
pub struct Arrivals {
    got: HashMap<ContactId, BTreeMap<String, (Ts, Ts)>>,
}

impl Arrivals {
    /// Looks at mails that have just arrived. `at_once`: nobody has acted since they left, so that what is true of the
    /// contact now was true then.
    pub async fn inspect(
        &mut self,
        ctx: &Ctx,
        live: &Live,
        mails: &[Received],
        at_once: bool,
        findings: &mut Findings,
    ) -> Result<()> {
        let mut tx = ctx.db.read().await?;
        let mut signed = HashMap::new();
        for mail in mails {
            headers(mail, findings);
            let Some(row) = outbox::by_id(&mut tx, &MessageId::from(mail.message.as_str())).await? else {
                findings.broken(3, format!("{} got a mail that no ledger row knows.", mail.recipient()));
                continue;
            };
            findings.must(3, row.state.may_have_arrived() && row.kind.as_str() == mail.kind, || {
                format!("The {} to {} has arrived, and its row is {}.", mail.kind, mail.recipient(), row.state.as_str())
            });
            findings.must(3, row.to_email.as_str().eq_ignore_ascii_case(mail.recipient()), || {
                format!("A {} for {} went to {}.", mail.kind, row.to_email, mail.recipient())
            });
            if mail.copies > 1 {
                named(&mut tx, mail, &row, findings).await?;
            }
            match &row.contact_id {
                Some(contact) => {
                    let signed = at_once.then_some(&mut signed);
                    self.look_at_contact(&mut tx, live, mail, contact, signed, findings).await?;
                }
                None => to_colleague(&mut tx, live, mail, &row, findings).await?,
            }
        }
        Ok(())
    }

    async fn look_at_contact(
        &mut self,
        tx: &mut Tx,
        live: &Live,
        mail: &Received,
        contact: &ContactId,
        // Who is signed, by account, as of now; none when nothing can be said about the moment of leaving.
        signed: Option<&mut HashMap<AccountId, HashSet<ContactId>>>,
        findings: &mut Findings,
    ) -> Result<()> {
        let (who, kind) = (mail.recipient(), &mail.kind);
        for name in TO_CONTACTS {
            findings.must(2, mail.header(name).is_some(), || format!("A {kind} to {who} has no {name}."));
        }
        let Some(person) = contacts::person(tx, contact).await? else {
            findings.broken(1, format!("{who} got a {kind} and is no contact."));
            return Ok(());
        };
        if let Some(signed) = signed {
            if !signed.contains_key(&person.account_id) {
                signed.insert(person.account_id.clone(), signed_at(tx, &person.account_id).await?);
            }
            let signed = signed.get(&person.account_id).is_some_and(|names| names.contains(contact));
            findings.must(1, person.removed_at.is_none() && signed, || {
                format!("{who} got a {kind} at {} without a signature on the list.", mail.at)
            });
            findings.must(2, person.opted_out_at.is_none(), || format!("{who} got a {kind} after opting out."));
        }
        let calendar = live.sequence.calendar(person.locality());
        findings.must(4, calendar.may_send_at(mail.at) && mail.at < calendar.closes_at(), || {
            format!("{who} got a {kind} at {} local time.", calendar.local(mail.at))
        });
        let got = self.got.entry(contact.to_owned()).or_default();
        let before = got.iter().filter(|(id, _)| **id != mail.message_id).map(|(_, (_, last))| *last).max();
        let near = kind == MessageKind::ThankYou.as_str()
            || before.is_none_or(|before| mail.at.since(before) >= live.sequence.gap());
        findings.must(4, near, || format!("{who} got a {kind} at {}, too soon after the message before.", mail.at));
        got.entry(mail.message_id.clone()).or_insert((mail.at, mail.at)).1 = mail.at;
        let count = got.len();
        findings.must(4, count <= live.sequence.maximum() as usize, || format!("{who} got {count} messages."));
        Ok(())
    }
}

fn headers(mail: &Received, findings: &mut Findings) {
    let who = mail.recipient();
    for name in ON_EVERY_MAIL {
        let once = mail.headers.get(name).is_some_and(|all| all.len() == 1);
        findings.must(3, once, || format!("A {} to {who} has no {name}, or several.", mail.kind));
    }
    let by_nobody = MessageKind::parse(&mail.kind).is_some_and(|kind| !kind.is_from_a_person());
    findings.must(3, mail.headers.contains_key(BY_NOBODY) == by_nobody, || {
        format!("A {} to {who} says wrongly whether somebody wrote it.", mail.kind)
    });
    let said = match mail.kind == MessageKind::Forwarded.as_str() {
        true => [mail.subject(), &unquoted(&mail.text), &unquoted_html(&mail.html)].into_iter().any(says_banned_word),
        false => [mail.subject(), &mail.text, &mail.html].into_iter().any(says_banned_word),
    };
    findings.must(9, !said, || format!("A {} to {who} says the banned word.", mail.kind));
}

/// What is forwarded quotes words of others as they are; this is what stands around them.
fn unquoted(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with('>')).collect::<Vec<_>>().join("\n")
}

fn unquoted_html(html: &str) -> String {
    let mut parts = html.split("<blockquote");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |all, part| all + part.split_once("</blockquote>").map_or("", |(_, after)| after))
}

/// A second copy must have been named: the journal said that it was in doubt, or that an operator sent it again.
async fn named(tx: &mut Tx, mail: &Received, row: &Message, findings: &mut Findings) -> Result<()> {
    let entries = journal::of_subject(tx, row.about()).await?;
    let told = |what: Action| {
        let of_this = entries.iter().filter(|e| e.what() == Some(what) && e.detail.starts_with(row.kind.label()));
        of_this.count()
    };
    findings.must(3, mail.copies as usize <= 1 + told(Action::IsInDoubt), || {
        let (copies, who) = (mail.copies, mail.recipient());
        format!("{who} got {copies} copies of a {}, and the journal had not named him.", mail.kind)
    });
    let by_itself = row.kind != MessageKind::Invitation && told(Action::SentAgain) == 0;
    findings.must(3, !by_itself, || format!("A {} to {} was repeated by itself.", mail.kind, mail.recipient()));
    Ok(())
}

/// Worked out from the names and the signatures, not from what is remembered beside the names.
async fn signed_at(tx: &mut Tx, account: &AccountId) -> Result<HashSet<ContactId>> {
    let all = signoff::by_signatures(tx, account).await?;
    Ok(all.into_iter().filter(|(_, standing)| *standing == Standing::Signed).map(|(p, _)| p.id).collect())
}

/// Whether somebody was ever let sign for somebody else in this round.
async fn signs_for_somebody(tx: &mut Tx, live: &Live, level: SignLevel, who: &str) -> Result<bool> {
    let all = delegations::of_round(tx, &live.id).await?;
    Ok(all.iter().any(|d| d.level == level && d.to_email.key() == who))
}

async fn to_colleague(tx: &mut Tx, live: &Live, mail: &Received, row: &Message, findings: &mut Findings) -> Result<()> {
    let who = mail.recipient().to_lowercase();
    let known = match row.kind {
        MessageKind::Login | MessageKind::Alarm | MessageKind::TestLetter => {
            operators::by_email(tx, &row.to_email).await?.is_some()
        }
        MessageKind::PlanApproval => approvals::by_id(tx, &ApprovalId::from(row.subject_id.as_str()))
            .await?
            .is_some_and(|a| a.email == row.to_email),
        MessageKind::SignCode | MessageKind::Receipt => is_asked_to_sign(tx, row).await?,
        MessageKind::SignOffSummary => summaries::by_id(tx, &SummaryId::from(row.subject_id.as_str()))
            .await?
            .is_some_and(|summary| summary.email == row.to_email),
        // To whom it goes was decided when it was written; nobody else may be chosen.
        MessageKind::DeskAnswer | MessageKind::Forwarded => desk::by_id(tx, &DeskActId::from(row.subject_id.as_str()))
            .await?
            .is_some_and(|act| act.to_email.eq_ignore_ascii_case(row.to_email.as_str())),
        MessageKind::CounterSign => {
            live.spec.signoff.sales_director_email.key() == who
                || signs_for_somebody(tx, live, SignLevel::SalesDirector, &who).await?
        }
        MessageKind::SignOff => {
            accounts::of_round(tx, &live.id).await?.iter().any(|a| a.director_email.key() == who)
                || signs_for_somebody(tx, live, SignLevel::Director, &who).await?
        }
        MessageKind::Digest => {
            let link = match team::by_id(tx, &TeamLinkId::from(row.subject_id.as_str())).await? {
                // Planned by an earlier version.
                None => team::of_person(tx, &live.id, TeamLevel::Manager, &row.subject_id).await?,
                link => link,
            };
            let all = accounts::of_round(tx, &live.id).await?;
            link.filter(|link| link.email == row.to_email).is_some_and(|link| match link.level {
                TeamLevel::Manager => all.iter().any(|a| a.manager_email == who),
                TeamLevel::Director => all.iter().any(|a| a.director_email.key() == who),
                TeamLevel::Sponsor => live.spec.sponsor.as_ref().is_some_and(|s| s.email.key() == who),
            })
        }
        // As manager, or as director of an account without one.
        MessageKind::Repair => {
            let all = accounts::of_round(tx, &live.id).await?;
            all.iter().any(|a| a.manager_email == who || (a.manager_email.is_empty() && a.director_email.key() == who))
        }
        _ => false,
    };
    findings.must(1, known, || format!("{who} got a {} and has no part in this round.", mail.kind));
    Ok(())
}

/// Whether a code or a receipt went to the address of the request that it is about.
async fn is_asked_to_sign(tx: &mut Tx, row: &Message) -> Result<bool> {
    let request = match row.kind {
        MessageKind::SignCode => codes::by_id(tx, &CodeId::from(row.subject_id.as_str())).await?.map(|c| c.request_id),
        _ => receipts::by_id(tx, &ReceiptId::from(row.subject_id.as_str())).await?.map(|r| r.request_id),
    };
    let Some(request) = request else { return Ok(false) };
    Ok(crate::store::signoff::by_id(tx, &request).await?.is_some_and(|request| request.email == row.to_email))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_somebody_elses() {
        assert_eq!(unquoted("Dear Max,\n> Ann's words\n>\nBye"), "Dear Max,\nBye");
        assert_eq!(
            unquoted_html("<p>a</p><blockquote style=\"x\">b</blockquote><p>c</p><blockquote>d"),
            "<p>a</p><p>c</p>"
        );
        assert_eq!(unquoted_html(""), "");
    }
}
