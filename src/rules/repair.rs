//! Putting right who cannot be reached: what is worth a colleague's time, when he is asked, and what a successor hears first.
//!
//! Promise 7: an address bounces, not a person. A colleague gets one mail for what has come up, never two on one day.

use crate::base::address::EmailAddress;
use crate::base::clock::{MINUTE, Ts};
use crate::rules::plan::facts::Facts;

use super::calendar::Calendar;
use super::contacts::row::mailbox;
use super::contacts::together::account::Domains;
use super::contacts::{Finding, Severity};

/// What is to be done about a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskKind {
    /// Has left: somebody else is to be asked.
    Replace,
    /// The address is dead.
    Correct,
}

impl TaskKind {
    pub const ALL: [TaskKind; 2] = [TaskKind::Replace, TaskKind::Correct];

    pub fn as_str(self) -> &'static str {
        match self {
            TaskKind::Replace => "replace",
            TaskKind::Correct => "correct",
        }
    }

    pub fn parse(text: &str) -> Option<TaskKind> {
        TaskKind::ALL.into_iter().find(|k| k.as_str() == text)
    }
}

/// What comes up within this time goes into one mail.
const BUNDLE: i64 = 30 * MINUTE;
/// What is left open is told again after so many working days.
const CHASE_WORKING_DAYS: i32 = 5;
/// A director is asked to sign a repaired list so long after the first repair, so that one mail covers what is repaired at a sitting.
pub const SITTING: i64 = 10 * MINUTE;

/// Whether it still matters that this contact cannot be reached.
pub fn is_worth_repairing(facts: &Facts) -> bool {
    facts.completed_at.is_none() && facts.opted_out_at.is_none() && !facts.removed
}

/// When a colleague hears of something that comes up at `now`: with what else comes up, in the sending hours of the round's own place, and
/// not on the day of the last mail.
pub fn ask_at(office: &Calendar, now: Ts, last_asked: Option<Ts>) -> Ts {
    let bundled = now.plus(BUNDLE);
    office.next_sending_time(last_asked.map_or(bundled, |at| bundled.max(office.end_of_day(at))))
}

/// When a colleague who was asked at `asked` is asked again about all that is open then: the weekly list goes only to those whose contacts
/// were invited, and not to directors.
pub fn chase_at(office: &Calendar, asked: Ts) -> Ts {
    let day = office.working_days_from(office.local(asked).date(), CHASE_WORKING_DAYS);
    office.next_sending_time(office.on_day(day, None))
}

/// Whether the first letter to a successor has to introduce us: it leaves after its own time, the time at which all others had it.
pub fn is_introduction(joined_at: Option<Ts>, own_time: Option<Ts>) -> bool {
    joined_at.is_some_and(|joined| own_time.is_none_or(|own| own < joined))
}

/// What a colleague is asked about an address that he writes, as the check of a list would find it. `others`: addresses of the same
/// account.
pub fn questions(email: &EmailAddress, line: u64, account: &str, others: &[EmailAddress]) -> Vec<Finding> {
    let finding = |code: &str, message: String| Finding {
        line,
        code: code.into(),
        severity: Severity::Warning,
        field: "email".into(),
        value: email.to_string(),
        message,
    };
    let mut all = Vec::new();
    if mailbox::is_shared(email.local()) {
        all.push(finding("role_mailbox", format!("{email} looks like a mailbox that several people read.")));
    }
    if mailbox::is_private(email.domain()) {
        all.push(finding("private_mailbox", format!("{email} looks like a private mailbox.")));
    }
    let mut domains = Domains::default();
    others.iter().for_each(|other| domains.add(0, other.domain()));
    domains.settle(&[account.to_owned()]);
    if let Some(home) = domains.foreign(0, account, email.domain()).filter(|home| !home.is_empty()) {
        all.push(finding("foreign_domain", format!("{email} is not at {home}, as the others of {account} are.")));
    }
    all
}

/// What a mail server meant by refusing an address, for somebody who has never seen such words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What stands after the @ takes no mail.
    NoDomain,
    MailboxClosed,
    /// The server does not know the address.
    NotKnown,
}

impl Refusal {
    pub fn of(said: &str) -> Refusal {
        let said = said.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|w| said.contains(w));
        if says(&["5.1.2", "5.4.4", "domain", "host unknown", "host not found", "null mx", "5.1.10"]) {
            Refusal::NoDomain
        } else if says(&["5.2.1", "disabled", "inactive", "deactivated", "suspended"]) {
            Refusal::MailboxClosed
        } else {
            Refusal::NotKnown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::DAY;
    use crate::rules::calendar::almanac::{Almanac, Locality};
    use crate::rules::plan::sequence::Sequence;
    use crate::rules::round::RoundSpec;
    use proptest::prelude::*;

    fn office() -> std::sync::Arc<Calendar> {
        let person = serde_json::json!({"name": "A. Person", "email": "a.person@client.example"});
        let spec: RoundSpec = serde_json::from_value(serde_json::json!({
            "round": "r", "client": "Client", "title": "Assessment", "language": "en",
            "schedule": {"opens": "2027-02-08", "closes": "2027-03-05", "time_zone": "Europe/London"},
            "signoff": {"sales_director": "S", "sales_director_email": "s@client.example"},
            "senders": {"team": person.clone(), "warm_up": person},
            "touch": [{"kind": "warm_up", "working_days": -5}, {"kind": "invitation", "working_days": 0}],
        }))
        .unwrap();
        let sequence = Sequence::accepted(&spec, &Almanac::built_in()).unwrap();
        sequence.calendar(Locality::default())
    }

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    #[test]
    fn an_address_is_questioned_as_the_check_of_a_list_would() {
        let others = ["ann.lee@globex.example", "ben.koch@globex.example"].map(address);
        let codes = |text: &str| -> Vec<String> {
            questions(&address(text), 2, "Globex", &others).into_iter().map(|f| f.code).collect()
        };
        assert_eq!(codes("tim.reid@globex.example"), Vec::<String>::new());
        assert_eq!(codes("info@globex.example"), ["role_mailbox"]);
        assert_eq!(codes("tim.reid@gmail.com"), ["private_mailbox"]);
        assert_eq!(codes("tim.reid@initech.example"), ["foreign_domain"]);
        assert!(questions(&address("tim@initech.example"), 2, "Globex", &[]).is_empty(), "nothing to compare with");
    }

    #[test]
    fn the_words_of_servers_are_told_in_ours() {
        assert_eq!(Refusal::of("550 5.1.1 User unknown"), Refusal::NotKnown);
        assert_eq!(Refusal::of("550 5.2.1 Mailbox disabled"), Refusal::MailboxClosed);
        assert_eq!(Refusal::of("550 5.1.2 Host unknown"), Refusal::NoDomain);
    }

    #[test]
    fn only_who_joined_after_the_others_had_their_letter_is_introduced() {
        assert!(!is_introduction(None, Some(Ts(5))));
        assert!(!is_introduction(Some(Ts(5)), Some(Ts(6))));
        assert!(is_introduction(Some(Ts(6)), Some(Ts(5))));
    }

    proptest! {
        #[test]
        fn a_colleague_hears_once_a_day_at_most_in_office_hours_and_in_time(start in 0i64..40 * 24 * 60, gaps in prop::collection::vec(0i64..3_000, 1..40)) {
            let office = office();
            let mut now = Ts(1_800_000_000_000 + start * MINUTE);
            let (mut asked, mut next): (Option<Ts>, Option<Ts>) = (None, None);
            for gap in gaps {
                let found = now.plus(gap * MINUTE);
                // What is due until then goes first, as the step does it.
                while let Some(at) = next.filter(|at| *at <= found) {
                    prop_assert!(office.may_send_at(at));
                    prop_assert!(asked.is_none_or(|last| office.local(last).date() < office.local(at).date()));
                    asked = Some(at);
                    next = Some(chase_at(&office, at));
                }
                now = found;
                let at = ask_at(&office, now, asked);
                prop_assert!(at >= now.plus(BUNDLE));
                next = Some(next.map_or(at, |next| next.min(at)));
                // Over a weekend with holidays at its ends.
                prop_assert!(next.unwrap().since(now) <= 6 * DAY);
            }
        }
    }
}
