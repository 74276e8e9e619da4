//! What a mail that came back means for the message that it speaks of: believed as far as it proves itself, and no further.
//!
//! Promise 7: only a proven permanent failure of the address that a message went to says that the address is dead; a policy, a delay, a
//! full mailbox and a forgery do not. A report is believed when it came to the return address that only that message carried, or when it
//! names both the message and its recipient (S26).

use chrono::{Days, NaiveDate};

use crate::rules::sending::refusal;

use super::{Class, Incoming, Recipient};

/// Why an address is dead is kept up to this length.
pub const LONGEST_WHY: usize = 300;

/// How a mail shows which message it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It came to the return address of that message, which carries a token of ours.
    Token,
    /// The same, but the message has gone to another address since: what a report says is about the old one.
    OldToken,
    /// It names the Message-ID. Whoever has got the mail knows it, and nobody else.
    MessageId,
}

/// The message that a mail speaks of.
#[derive(Clone, Debug)]
pub struct KnownMessage<'a> {
    pub proof: Proof,
    /// The address that it went to, in every spelling that a report may use, in lower case.
    pub spellings: &'a [String],
    /// Today, where the contact is.
    pub today: NaiveDate,
    /// The last day of its round.
    pub closes: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The address that the message went to does not exist any more.
    Dead {
        why: String,
    },
    /// It did not arrive, or not yet, for a reason that says nothing about the address.
    Bounced {
        why: String,
    },
    /// A notice that it arrived.
    Arrived,
    /// Somebody called it unwanted.
    Complaint,
    /// Away up to and including this day.
    Away(NaiveDate),
    /// The same until a day that ends the round for the contact, or further ahead than an absence usually is: a person decides.
    AwayLong(NaiveDate),
    Left,
    /// Will leave: a person decides what is still sent.
    Leaving,
    /// It only gives an address as the contact's new one: a proposal.
    NewAddress,
    /// A machine wrote it, and it asks for nothing.
    Automatic,
    /// A program keeps the message back until somebody of ours does what it asks for.
    Challenge,
    /// A person wrote it.
    Reply,
    /// It speaks of no message of ours, or does not prove that it does.
    Unmatched,
}

impl Verdict {
    /// Contract of the database: `reply.verdict`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Verdict::Dead { .. } => "dead",
            Verdict::Bounced { .. } => "bounced",
            Verdict::Arrived => "arrived",
            Verdict::Complaint => "complaint",
            Verdict::Away(_) => "away",
            Verdict::AwayLong(_) => "away_long",
            Verdict::Left => "left",
            Verdict::Leaving => "leaving",
            Verdict::NewAddress => "new_address",
            Verdict::Automatic => "automatic",
            Verdict::Challenge => "challenge",
            Verdict::Reply => "reply",
            Verdict::Unmatched => "unmatched",
        }
    }

    /// Whether it shows that the message has been taken by a server, so that nobody need doubt that it left.
    pub fn shows_that_it_left(&self) -> bool {
        !matches!(self, Verdict::Unmatched)
    }
}

/// An absence that ends later is not believed by itself.
const LONGEST_ABSENCE: Days = Days::new(60);

/// Whether a verdict, as the database has it, shows that the message itself has arrived. A report that it failed does not, nor does what
/// proves nothing.
pub fn shows_arrival(verdict: &str) -> bool {
    !matches!(verdict, "dead" | "bounced" | "unmatched" | "unreadable")
}

pub fn judge(mail: &Incoming, known: Option<&KnownMessage>) -> Verdict {
    let Some(known) = known else { return Verdict::Unmatched };
    match mail.class {
        _ if mail.is_challenge => Verdict::Challenge,
        Class::HardBounce | Class::SoftBounce | Class::DeliveredNotice => report(mail, known),
        Class::Feedback => Verdict::Complaint,
        Class::AutoReply if mail.has_left => Verdict::Left,
        Class::AutoReply if mail.is_leaving => Verdict::Leaving,
        Class::AutoReply => match mail.returns_on.filter(|last_day| *last_day >= known.today) {
            Some(last_day) if is_short(last_day, known) => Verdict::Away(last_day),
            Some(last_day) => Verdict::AwayLong(last_day),
            None if mail.new_address.is_some() => Verdict::NewAddress,
            None => Verdict::Automatic,
        },
        Class::Other if mail.automatic => Verdict::Automatic,
        Class::Other => Verdict::Reply,
    }
}

/// Whether the round goes on after it, and it is not longer than people usually are away.
fn is_short(last_day: NaiveDate, known: &KnownMessage) -> bool {
    last_day <= known.today + LONGEST_ABSENCE && known.closes.is_none_or(|closes| last_day < closes)
}

/// A report speaks of addresses, each with a fate of its own; ours is the one that counts.
fn report(mail: &Incoming, known: &KnownMessage) -> Verdict {
    let ours = mail.recipients.iter().find(|r| known.spellings.contains(&r.address));
    let told = match (ours, known.proof, mail.recipients.as_slice()) {
        (Some(ours), ..) => Some(ours),
        // Behind the address stands another one, or the server spells it its own way; only this message went to the token.
        (None, Proof::Token, [only]) => Some(only),
        (None, Proof::Token, []) => None,
        // Several, and none of them ours: of which of them does it speak?
        (None, Proof::Token, _) => return Verdict::Bounced { why: mail.reason.clone() },
        (None, Proof::OldToken, _) => return Verdict::Automatic,
        (None, Proof::MessageId, _) => return Verdict::Unmatched,
    };
    let class = told.map_or(mail.class, |r| r.class);
    let why = told.map_or("", |r| r.said.as_str());
    let why = if why.is_empty() { mail.reason.clone() } else { why.to_string() };
    match class {
        Class::HardBounce if !told.is_some_and(is_policy) => Verdict::Dead { why: proven(&why, told) },
        Class::DeliveredNotice => Verdict::Arrived,
        _ => Verdict::Bounced { why },
    }
}

/// The words that are kept with a dead address are those that prove it.
fn proven(why: &str, told: Option<&Recipient>) -> String {
    let domain = told.and_then(|r| r.address.rsplit_once('@')).map_or("", |(_, domain)| domain);
    refusal::told(why, told.and_then(|r| r.status), domain, LONGEST_WHY)
}

/// 5.7.x speaks of us, whatever else was made of it.
fn is_policy(recipient: &Recipient) -> bool {
    matches!(recipient.status, Some((_, 7, _)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2027, 2, 9).unwrap();
    const CLOSES: NaiveDate = NaiveDate::from_ymd_opt(2027, 3, 26).unwrap();

    fn spellings() -> Vec<String> {
        vec!["ann@globex.example".into()]
    }

    fn classes() -> impl Strategy<Value = Class> {
        prop::sample::select(vec![
            Class::HardBounce,
            Class::SoftBounce,
            Class::AutoReply,
            Class::DeliveredNotice,
            Class::Feedback,
            Class::Other,
        ])
    }

    fn recipients() -> impl Strategy<Value = Vec<Recipient>> {
        let address =
            prop::sample::select(vec!["ann@globex.example", "ben@globex.example", "ann@inner.globex.example"]);
        let status = prop::option::of((4u8..6, 0u16..8, 0u16..30));
        let one = (address, classes(), status).prop_map(|(address, class, status)| Recipient {
            address: address.into(),
            class,
            status,
            said: String::new(),
        });
        prop::collection::vec(one, 0..4)
    }

    fn mails() -> impl Strategy<Value = Incoming> {
        (classes(), recipients(), any::<bool>(), any::<bool>(), prop::option::of(-500i64..500)).prop_map(
            |(class, recipients, has_left, automatic, days)| Incoming {
                class,
                recipients,
                reason: "why".into(),
                returns_on: days.map(|days| TODAY + chrono::Duration::days(days)),
                has_left,
                is_leaving: false,
                new_address: None,
                write_to: vec![],
                message_ids: vec![],
                own_id: None,
                written_on: None,
                delivered_to: vec![],
                automatic,
                is_challenge: false,
                from_name: String::new(),
                from_email: String::new(),
                subject: String::new(),
                text: String::new(),
            },
        )
    }

    fn proofs() -> impl Strategy<Value = Proof> {
        prop::sample::select(vec![Proof::Token, Proof::OldToken, Proof::MessageId])
    }

    proptest! {
        #[test]
        fn s26_what_proves_nothing_changes_nothing(mail in mails()) {
            prop_assert_eq!(judge(&mail, None), Verdict::Unmatched);
        }

        #[test]
        fn only_a_proven_permanent_failure_of_this_address_kills_it(mail in mails(), proof in proofs()) {
            let spellings = spellings();
            let verdict = judge(&mail, Some(&KnownMessage { proof, spellings: &spellings, today: TODAY, closes: Some(CLOSES) }));
            let ours = mail.recipients.iter().find(|r| spellings.contains(&r.address));
            if let Verdict::Dead { .. } = verdict {
                let told = ours.or(mail.recipients.first());
                prop_assert!(matches!(mail.class, Class::HardBounce | Class::SoftBounce | Class::DeliveredNotice));
                prop_assert!(told.map_or(mail.class, |r| r.class) == Class::HardBounce);
                prop_assert!(!told.is_some_and(|r| matches!(r.status, Some((_, 7, _)))), "5.7.x is policy");
                prop_assert!(ours.is_some() || (proof == Proof::Token && mail.recipients.len() <= 1));
            }
            // A temporary failure of ours beside a permanent one of somebody else.
            if ours.is_some_and(|r| r.class == Class::SoftBounce) {
                prop_assert!(verdict.as_str() != "dead");
            }
        }

        #[test]
        fn s26_by_the_message_id_alone_a_report_must_name_the_recipient(mail in mails()) {
            let spellings = spellings();
            let verdict = judge(&mail, Some(&KnownMessage { proof: Proof::MessageId, spellings: &spellings, today: TODAY, closes: Some(CLOSES) }));
            let report = matches!(mail.class, Class::HardBounce | Class::SoftBounce | Class::DeliveredNotice);
            if report && !mail.recipients.iter().any(|r| r.address == "ann@globex.example") {
                prop_assert_eq!(verdict, Verdict::Unmatched);
            }
        }

        #[test]
        fn an_absence_ends_today_or_later_and_only_an_automatic_mail_speaks_of_one(mail in mails(), proof in proofs()) {
            let spellings = spellings();
            let verdict = judge(&mail, Some(&KnownMessage { proof, spellings: &spellings, today: TODAY, closes: Some(CLOSES) }));
            if let Verdict::Away(last_day) = verdict {
                prop_assert_eq!(mail.class, Class::AutoReply);
                prop_assert!(last_day >= TODAY && last_day <= TODAY + LONGEST_ABSENCE && last_day < CLOSES);
            }
            if let Verdict::AwayLong(last_day) = verdict {
                prop_assert!(last_day > TODAY + LONGEST_ABSENCE || last_day >= CLOSES);
            }
            if verdict == Verdict::Reply {
                prop_assert!(mail.class == Class::Other && !mail.automatic);
            }
        }
    }
}
