//! When a touch is due by what its author wrote, before sending hours, gap and absence are looked at.

use chrono::{NaiveDate, NaiveTime};

use crate::base::clock::Ts;
use crate::rules::calendar::Calendar;
use crate::rules::calendar::crontab::Cron;
use crate::rules::message::MessageKind;
use crate::rules::round::Touch;

/// Messages of one cron touch, however high its `times` and the round's maximum are.
pub(super) const MOST_TIMES: u32 = 100;

/// When a touch is due, in wall-clock terms.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Timing {
    WorkingDays(i32, Option<NaiveTime>),
    Date(NaiveDate, Option<NaiveTime>),
    Cron(Box<Cron>),
}

/// The instant that a dated touch names, before sending hours are looked at; `None` for cron.
pub(super) fn own_time(calendar: &Calendar, opens: NaiveDate, timing: &Timing) -> Option<Ts> {
    match timing {
        Timing::WorkingDays(n, at) => Some(calendar.on_day(calendar.working_days_from(opens, *n), *at)),
        Timing::Date(date, at) => Some(calendar.on_day(*date, *at)),
        Timing::Cron(_) => None,
    }
}

/// How the touch says when. A thank-you that does not say goes on the working day of the answer.
pub(super) fn timing(touch: &Touch) -> Result<Timing, String> {
    match (touch.working_days, touch.date, &touch.cron) {
        (Some(n), None, None) => Ok(Timing::WorkingDays(n, touch.at)),
        (None, Some(date), None) => Ok(Timing::Date(date, touch.at)),
        (None, None, Some(cron)) => Cron::parse(cron).map(|cron| Timing::Cron(Box::new(cron))),
        (None, None, None) if touch.kind == MessageKind::ThankYou => Ok(Timing::WorkingDays(0, touch.at)),
        _ => Err("says when in no way or in several; give exactly one of working_days, date and cron.".into()),
    }
}

/// After this instant a time of a cron touch may follow a message that went at `last`.
///
/// A message leaves some seconds, in a large round some hours, after its time. If the gap were measured against the next time of
/// `TUE,THU` as it stands, a gap of two days would always lose the Thursday. So a time on the day on which the gap ends counts,
/// and the message goes when the gap has ended.
pub(super) fn not_before(calendar: &Calendar, last: Ts, gap: i64) -> Ts {
    calendar.start_of_day(last.plus(gap)).plus(-1).max(last)
}
