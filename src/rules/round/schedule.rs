//! When a round runs and when its messages may leave, as its authors write it: days and times of day without a zone.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::hhmm;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The day on which invitations go out, in each contact's own zone.
    pub opens: NaiveDate,
    /// The last day on which answers are taken and anything is sent, in each contact's own zone.
    pub closes: NaiveDate,
    /// Messages leave between these times of the contact's day.
    #[serde(default = "nine", with = "hhmm")]
    pub send_from: NaiveTime,
    #[serde(default = "half_past_four", with = "hhmm")]
    pub send_until: NaiveTime,
    /// Days on which nothing is sent to anybody, beside weekends.
    #[serde(default)]
    pub days_off: Vec<NaiveDate>,
    /// Times of the contact's day within the sending hours at which nothing leaves: lunch, prayers, the end of a shift.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quiet_hours: Vec<QuietHours>,
    /// Calendar days between two messages to one contact, counted as 24 hours each.
    #[serde(default = "two")]
    pub minimum_gap_days: u32,
    /// Messages that one contact gets at most in this round.
    #[serde(default = "six")]
    pub maximum_messages: u32,
    /// Messages that all contacts of one account get at most on one day of their own; none: no such limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_per_account_per_day: Option<u32>,
    /// Within so many minutes the messages of one touch leave, each contact at a time of its own, so that the people of one account do not
    /// all get it in the same minute; 0: all at the time of the touch.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub spread_minutes: u32,
    /// Messages of this round that leave within an hour at most; none: as many as the installation lets go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_per_hour: Option<u32>,
    /// For contacts whose own zone is not known. An IANA name.
    pub time_zone: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    #[serde(with = "hhmm")]
    pub from: NaiveTime,
    /// Not included.
    #[serde(with = "hhmm")]
    pub until: NaiveTime,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

fn two() -> u32 {
    2
}

fn six() -> u32 {
    6
}

fn nine() -> NaiveTime {
    NaiveTime::from_hms_opt(9, 0, 0).unwrap_or(NaiveTime::MIN)
}

fn half_past_four() -> NaiveTime {
    NaiveTime::from_hms_opt(16, 30, 0).unwrap_or(NaiveTime::MIN)
}
