//! Whether the quiet hours of a round can be kept: each within the sending hours, none over another, some time left.

use chrono::NaiveTime;

use crate::rules::round::{QuietHours, Schedule};

/// One sentence for each of the quiet hours that is wrong, or one for all of them.
pub(in crate::plan) fn check(schedule: &Schedule) -> Vec<String> {
    let (from, until) = (schedule.send_from, schedule.send_until);
    if until <= from {
        return Vec::new();
    }
    let mut wrong: Vec<String> = schedule.quiet_hours.iter().filter_map(|q| alone(q, from, until)).collect();
    if !wrong.is_empty() {
        return wrong;
    }
    let mut sorted = schedule.quiet_hours.clone();
    sorted.sort_by_key(|q| (q.from, q.until));
    for pair in sorted.windows(2) {
        let [first, second] = pair else { continue };
        if second.from < first.until {
            let both = QuietHours { from: first.from, until: first.until.max(second.until) };
            wrong.push(format!("Quiet hours {} and {} overlap; write {}.", said(first), said(second), written(&both)));
        }
    }
    let quiet: i64 = sorted.iter().map(|q| (q.until - q.from).num_minutes()).sum();
    if wrong.is_empty() && quiet >= (until - from).num_minutes() {
        wrong.push(format!(
            "Nothing can be sent between {} and {} of a day: quiet hours take all of it; leave some time, for example \
             quiet_hours = [{}].",
            clock(from),
            clock(until),
            written(&QuietHours { from: from + (until - from) / 2, until })
        ));
    }
    wrong
}

/// The quiet hours in which this time of day lies.
pub(in crate::plan) fn around(schedule: &Schedule, at: NaiveTime) -> Option<&QuietHours> {
    schedule.quiet_hours.iter().find(|q| q.from <= at && at < q.until)
}

/// The first time of a day at which messages may leave.
pub(in crate::plan) fn opening(schedule: &Schedule) -> NaiveTime {
    quiet_until(schedule, schedule.send_from)
}

/// The next time after these quiet hours at which messages may leave, else the first of a day.
pub(in crate::plan) fn open_after(schedule: &Schedule, q: &QuietHours) -> NaiveTime {
    let after = quiet_until(schedule, q.until);
    if after < schedule.send_until { after } else { opening(schedule) }
}

fn quiet_until(schedule: &Schedule, mut at: NaiveTime) -> NaiveTime {
    while let Some(q) = around(schedule, at) {
        at = q.until;
    }
    at
}

/// "12:00 to 13:00".
pub(in crate::plan) fn said(q: &QuietHours) -> String {
    format!("{} to {}", clock(q.from), clock(q.until))
}

fn alone(q: &QuietHours, from: NaiveTime, until: NaiveTime) -> Option<String> {
    if q.until == q.from {
        return Some(format!("Quiet hours {} last no time; leave them out.", said(q)));
    }
    if q.until < q.from {
        let turned = QuietHours { from: q.until, until: q.from };
        return Some(format!("Quiet hours {} end before they begin; write {}.", said(q), written(&turned)));
    }
    let hours = said(&QuietHours { from, until });
    if q.until <= from || q.from >= until {
        return Some(format!(
            "Quiet hours {} lie outside the sending hours, {hours}, in which nothing is sent anyway; leave them out.",
            said(q)
        ));
    }
    (q.from < from || q.until > until).then(|| {
        let within = QuietHours { from: q.from.max(from), until: q.until.min(until) };
        format!("Quiet hours {} reach beyond the sending hours, {hours}; write {}.", said(q), written(&within))
    })
}

fn written(q: &QuietHours) -> String {
    format!("{{ from = \"{}\", until = \"{}\" }}", clock(q.from), clock(q.until))
}

fn clock(at: NaiveTime) -> String {
    at.format("%H:%M").to_string()
}
