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
    /// After `now`, in order, none after the close. `had`: the highest number of a reminder that has left, 0 for none. No contact gets more
    /// messages than the round allows, so none is named beyond that.
    pub fn reminders_to_come(&self, had: u32, now: Ts) -> Vec<Touching> {
        let home = self.home();
        let before = self.steps.iter().filter(|step| step.kind != MessageKind::Reminder).count();
        let most = self.maximum().saturating_sub(u32::try_from(before).unwrap_or(u32::MAX));
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
