//! On which days the reminders of a round go that are still to come, for those who are written to from the beginning.

use chrono::NaiveDate;

use crate::base::clock::Ts;
use crate::rules::contacts::Role;
use crate::rules::message::MessageKind;
use crate::rules::round::Audience;

use super::sequence::Sequence;
use super::timing::Timing;

/// A reminder to come.
#[derive(Clone, Debug, PartialEq)]
pub struct Touching {
    /// In the round's own zone.
    pub date: NaiveDate,
    pub number: u32,
    pub audience: Audience,
    /// Empty: every role.
    pub roles: Vec<Role>,
}

impl Sequence {
    /// As many reminders reach somebody at most who does not answer: the messages before them count, thanks go to others.
    pub fn most_reminders(&self) -> u32 {
        let is_before = |kind: MessageKind| matches!(kind, MessageKind::WarmUp | MessageKind::Invitation);
        let before = self.steps.iter().filter(|step| is_before(step.kind)).count();
        self.maximum().saturating_sub(u32::try_from(before).unwrap_or(u32::MAX))
    }

    /// After `now`, in order, none after the close. `had`: the highest number of a reminder that has left, 0 for none. No contact gets more
    /// messages than the round allows, so none is named beyond that.
    pub fn reminders_to_come(&self, had: u32, now: Ts) -> Vec<Touching> {
        let home = self.home();
        let most = self.most_reminders();
        let mut all = Vec::new();
        for step in self.steps.iter().filter(|step| step.kind == MessageKind::Reminder) {
            let mut after = now;
            for number in step.first..=step.last.min(most) {
                if number <= had {
                    continue;
                }
                let own = match &step.timing {
                    Timing::Cron(cron) => home.next_cron(cron, after),
                    dated => super::timing::own_time(&home, self.opens(), dated).filter(|at| *at > now),
                };
                let Some(at) = own.map(|at| home.next_sending_time(at)).filter(|at| *at < home.closes_at()) else {
                    break;
                };
                after = after.max(at.plus(self.gap().saturating_sub(1)));
                let (audience, roles) = (step.audience, step.roles.clone());
                all.push(Touching { date: home.local(at).date(), number, audience, roles });
            }
        }
        all.sort_by_key(|touching| (touching.date, touching.number));
        all
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::spec;
    use super::*;
    use crate::rules::calendar::Almanac;

    fn to_come(rest: serde_json::Value, maximum: u32, had: u32, now: &str) -> Vec<(String, u32)> {
        let mut spec = spec(rest);
        spec.schedule.maximum_messages = maximum;
        let sequence = Sequence::prepare(&spec, &Almanac::plain()).unwrap();
        let now = sequence.home().resolve(format!("2027-02-{now}").parse().unwrap());
        let all = sequence.reminders_to_come(had, now);
        all.into_iter().map(|t| (t.date.format("%d").to_string(), t.number)).collect()
    }

    #[test]
    fn reminders_by_day_and_by_week_stand_on_their_days_and_none_beyond_what_a_contact_may_get() {
        let days = |all: &[(&str, u32)]| -> Vec<_> { all.iter().map(|(day, n)| ((*day).to_string(), *n)).collect() };
        let dated = json!([{"kind": "reminder", "working_days": 3}, {"kind": "reminder", "working_days": 6}]);
        assert_eq!(to_come(dated.clone(), 6, 0, "08T12:00:00"), days(&[("11", 1), ("16", 2)]));
        assert_eq!(to_come(dated.clone(), 6, 1, "12T12:00:00"), days(&[("16", 2)]));
        // Its day is over though it never left: nobody waits for it.
        assert_eq!(to_come(dated.clone(), 6, 0, "12T12:00:00"), days(&[("16", 2)]));
        assert_eq!(to_come(dated, 3, 0, "08T12:00:00"), days(&[("11", 1)]), "warm-up, invitation and one more");
        let thanked = json!([{"kind": "reminder", "working_days": 3}, {"kind": "thank_you"}]);
        assert_eq!(to_come(thanked, 3, 0, "08T12:00:00"), days(&[("11", 1)]), "thanks go to those who have answered");
        let weekly = json!([{"kind": "reminder", "cron": "0 10 * * TUE,THU", "times": 9}]);
        assert_eq!(
            to_come(weekly.clone(), 20, 1, "12T12:00:00"),
            days(&[("16", 2), ("18", 3), ("23", 4), ("25", 5)]),
            "none after the close"
        );
        assert_eq!(to_come(weekly, 4, 1, "12T12:00:00"), days(&[("16", 2)]));
    }
}
