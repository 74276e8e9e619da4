//! What waits for somebody in a round, in the order of what waiting costs, and in one phrase what it costs.
//!
//! Mail that stands still comes first: nothing else reaches anybody meanwhile. Then whatever no longer helps after today; then what keeps
//! the most people from being asked, then those who wait for a person, then what can be made good tomorrow as well. Whatever is equal keeps
//! the order in which it was given.

use crate::base::clock::Ts;

/// What waits, what costs most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waiting {
    /// No mail of the installation leaves.
    AllMail,
    /// Mail to a gateway or a domain does not leave.
    SomeMail,
    /// A part of the program's own work fails.
    OwnWork,
    /// Account directors of strategic accounts are late.
    StrategicLate,
    /// Somebody has called a mail of ours unwanted.
    Complaint,
    Reply,
    /// Messages that may not have arrived.
    Doubt,
    /// Messages that a mail server refused.
    Refused,
    /// Responses that the scoring module did not take.
    HandOver,
    /// Contacts who cannot be reached.
    Repair,
    /// Accounts that are not signed off.
    Unsigned,
    /// A known name under a new address.
    WhoIsIt,
    /// Rows of a list that were left out, or a list that is not loaded.
    List,
    /// A target that will be missed if nothing changes.
    Gap,
    /// What somebody has paused himself.
    Pause,
}

impl Waiting {
    /// Nothing leaves meanwhile, or what makes it leave fails.
    pub fn stops_mail(self) -> bool {
        self <= Waiting::OwnWork
    }

    fn costs(self) -> &'static str {
        match self {
            Waiting::AllMail => "nothing reaches anybody until then",
            Waiting::SomeMail => "nobody there gets a letter until then",
            Waiting::OwnWork => "what it does is left undone",
            Waiting::StrategicLate => "nobody at these accounts is asked",
            Waiting::Complaint => "more of them, and our mail counts as spam",
            Waiting::Reply => "somebody waits for an answer",
            Waiting::Doubt => "until then nobody knows who has it",
            Waiting::Refused => "they have not got it",
            Waiting::HandOver => "their answers are kept here and not scored",
            Waiting::Repair => "they cannot answer",
            Waiting::Unsigned | Waiting::List => "nobody of them is asked",
            Waiting::WhoIsIt => "nothing goes to them until then",
            Waiting::Gap => "the target is missed",
            Waiting::Pause => "what it holds does not go",
        }
    }

    /// Of what no longer helps after today.
    fn costs_today(self) -> &'static str {
        match self {
            Waiting::StrategicLate | Waiting::Unsigned | Waiting::List => "the first letter goes today, without them",
            Waiting::Repair => "the invitation goes today, without them",
            Waiting::Gap => "the round closes today",
            other => other.costs(),
        }
    }
}

/// Where something that waits has its place, and what waiting costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Urgency {
    pub what: Waiting,
    /// The instant after which it no longer helps; none where it always does, or never did.
    pub until: Option<Ts>,
}

impl Urgency {
    pub fn of(what: Waiting) -> Urgency {
        Urgency { what, until: None }
    }

    /// In a phrase, without a full stop.
    pub fn costs(&self, end_of_today: Ts) -> &'static str {
        if self.is_for_today(end_of_today) { self.what.costs_today() } else { self.what.costs() }
    }

    fn is_for_today(&self, end_of_today: Ts) -> bool {
        self.until.is_some_and(|until| until <= end_of_today)
    }

    /// Smaller is sooner.
    fn place(&self, end_of_today: Ts) -> (u8, Waiting) {
        let class = match self.what.stops_mail() {
            true => 0,
            false if self.is_for_today(end_of_today) => 1,
            false => 2,
        };
        (class, self.what)
    }
}

/// What costs most first.
pub fn in_order<T>(mut all: Vec<T>, urgency: impl Fn(&T) -> Urgency, end_of_today: Ts) -> Vec<T> {
    all.sort_by_key(|one| urgency(one).place(end_of_today));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENING: Ts = Ts(1_000);

    fn ordered(all: &[(Waiting, Option<i64>)]) -> Vec<Waiting> {
        let all = all.iter().map(|(what, until)| Urgency { what: *what, until: until.map(Ts) }).collect();
        in_order(all, |one: &Urgency| *one, EVENING).iter().map(|one| one.what).collect()
    }

    #[test]
    fn a_bad_morning_is_told_in_the_order_of_what_waiting_costs() {
        use Waiting::{AllMail, Gap, OwnWork, Pause, Repair, Reply, SomeMail, StrategicLate, Unsigned};
        let morning = [
            (Gap, None),
            (Pause, None),
            (Repair, None),
            (Reply, None),
            (Unsigned, Some(1_000)),
            (StrategicLate, None),
            (OwnWork, None),
            (SomeMail, None),
            (AllMail, None),
        ];
        let wanted = [AllMail, SomeMail, OwnWork, Unsigned, StrategicLate, Reply, Repair, Gap, Pause];
        assert_eq!(ordered(&morning), wanted);
    }

    #[test]
    fn only_what_ends_today_is_for_today() {
        let at = |until: Option<i64>| Urgency { what: Waiting::Repair, until: until.map(Ts) };
        assert_eq!(ordered(&[(Waiting::Reply, None), (Waiting::Gap, Some(1_000))]), [Waiting::Gap, Waiting::Reply]);
        assert_eq!(ordered(&[(Waiting::Gap, Some(1_001)), (Waiting::Reply, None)]), [Waiting::Reply, Waiting::Gap]);
        assert_eq!(at(Some(1_000)).costs(EVENING), "the invitation goes today, without them");
        assert_eq!([at(Some(1_001)), at(None)].map(|one| one.costs(EVENING)), ["they cannot answer"; 2]);
    }

    #[test]
    fn mail_that_stands_still_is_never_behind_a_deadline() {
        let all = [(Waiting::Unsigned, Some(5)), (Waiting::SomeMail, None)];
        assert_eq!(ordered(&all), [Waiting::SomeMail, Waiting::Unsigned]);
    }

    #[test]
    fn what_is_equal_keeps_its_order() {
        let all = vec![("first", Urgency::of(Waiting::SomeMail)), ("second", Urgency::of(Waiting::SomeMail))];
        let names: Vec<&str> = in_order(all, |one| one.1, EVENING).into_iter().map(|one| one.0).collect();
        assert_eq!(names, ["first", "second"]);
    }
}
