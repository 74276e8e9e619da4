//! Times as people read them: relative where that is clearer, with the exact one on hover and in print.

use chrono::{Datelike, NaiveDate};

use crate::base::clock::{HOUR, MINUTE, Ts};
use crate::rules::calendar::human;
use crate::rules::calendar::zone::Zone;

use super::views::frame::When;

/// "Tue 9 Feb, 09:00 in Dublin", and "Tue 9 Feb 2027, 09:00 in Dublin" in another year than that.
pub fn exact(at: Ts, now: Ts, zone: &Zone) -> String {
    format!("{} in {}", human(at, now, zone), zone.city())
}

/// The same in a zone that is known by its name.
pub fn exact_in(at: Ts, now: Ts, time_zone: &str) -> String {
    Zone::find(time_zone).map_or_else(|| at.to_string(), |zone| exact(at, now, &zone))
}

/// "Tue 9 Feb, 10:00 in Berlin (09:00 in Dublin)": the console's own zone first, the contact's beside it where it is another hour.
pub fn exact_for(at: Ts, now: Ts, home: &Zone, own: &Zone) -> String {
    let (here, there) = (home.local(at), own.local(at));
    match (here == there, here.date() == there.date()) {
        (true, _) => exact(at, now, home),
        (false, true) => format!("{} ({} in {})", exact(at, now, home), there.format("%H:%M"), own.city()),
        (false, false) => format!("{} ({})", exact(at, now, home), exact(at, now, own)),
    }
}

/// As [`when`], in the console's own zone with the contact's beside.
pub fn when_for(at: Ts, now: Ts, home: &Zone, own: &Zone) -> When {
    let text = match relative(at, now, home) {
        far if far == human(at, now, home) => exact_for(at, now, home, own),
        near => near,
    };
    When::new(text, exact_for(at, now, home, own), at.to_string())
}

/// "Mon 8 Feb".
pub fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

/// "Mon 8 Feb 2027".
pub fn day_with_year(date: NaiveDate) -> String {
    date.format("%a %-d %b %Y").to_string()
}

/// The days of one round or of several, each with its year unless all of them and today are of one.
pub fn days_of(today: NaiveDate, all: impl IntoIterator<Item = NaiveDate>) -> fn(NaiveDate) -> String {
    if all.into_iter().all(|date| date.year() == today.year()) { day } else { day_with_year }
}

/// "09:00", of now.
pub fn time_of_day(now: Ts, zone: &Zone) -> When {
    When::new(zone.local(now).format("%H:%M").to_string(), exact(now, now, zone), now.to_string())
}

pub fn when(at: Ts, now: Ts, zone: &Zone) -> When {
    When::new(relative(at, now, zone), exact(at, now, zone), at.to_string())
}

fn relative(at: Ts, now: Ts, zone: &Zone) -> String {
    let ago = now.since(at);
    let count = |n: i64, unit: &str| format!("{n} {unit}{}", if n == 1 { "" } else { "s" });
    let span = |ms: i64| if ms < HOUR { count(ms / MINUTE, "minute") } else { count(ms / HOUR, "hour") };
    let (then, today) = (zone.local(at), zone.local(now).date());
    let clock = then.format("%H:%M");
    match (then.date() - today).num_days() {
        _ if ago.abs() < MINUTE => "just now".into(),
        _ if (0..6 * HOUR).contains(&ago) => format!("{} ago", span(ago)),
        _ if (-6 * HOUR..0).contains(&ago) => format!("in {}", span(-ago)),
        0 => format!("today, {clock}"),
        -1 => format!("yesterday, {clock}"),
        1 => format!("tomorrow, {clock}"),
        _ => human(at, now, zone),
    }
}

/// "in 12 days", "today", "3 days ago".
pub fn days_from(today: NaiveDate, date: NaiveDate) -> String {
    match (date - today).num_days() {
        0 => "today".into(),
        1 => "tomorrow".into(),
        -1 => "yesterday".into(),
        n if n > 0 => format!("in {n} days"),
        n => format!("{} days ago", -n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_another_year_has_its_year_and_so_have_those_beside_it() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (opens, closes) = (date("2027-02-08"), date("2027-03-05"));
        let said = |today: &str| [opens, closes].map(days_of(date(today), [opens, closes])).join(" to ");
        assert_eq!(said("2027-12-31"), "Mon 8 Feb to Fri 5 Mar");
        assert_eq!(said("2026-12-31"), "Mon 8 Feb 2027 to Fri 5 Mar 2027");
        assert_eq!(days_of(opens, [opens, date("2028-01-03")])(opens), "Mon 8 Feb 2027");
        assert_eq!(days_of(opens, [])(opens), "Mon 8 Feb");
    }

    #[test]
    fn near_times_are_relative_and_far_ones_are_dates() {
        let zone = Zone::find("Europe/Dublin").unwrap();
        let now = Ts(1_802_000_000_000);
        let said = |ms: i64| when(now.plus(ms), now, &zone).text;
        assert_eq!(said(-30 * MINUTE), "30 minutes ago");
        assert_eq!(said(-HOUR), "1 hour ago");
        assert_eq!(said(2 * HOUR), "in 2 hours");
        assert_eq!(said(-20 * HOUR), "yesterday, 15:33");
        assert_eq!(said(96 * HOUR), "Thu 11 Feb, 11:33");
        let far = Zone::find("Asia/Tokyo").unwrap();
        assert_eq!(exact_for(now, now, &zone, &far), "Sun 7 Feb, 11:33 in Dublin (20:33 in Tokyo)");
        let late = now.plus(6 * HOUR);
        assert_eq!(exact_for(late, now, &zone, &far), "Sun 7 Feb, 17:33 in Dublin (Mon 8 Feb, 02:33 in Tokyo)");
        let london = Zone::find("Europe/London").unwrap();
        assert_eq!(exact_for(now, now, &zone, &london), "Sun 7 Feb, 11:33 in Dublin", "the same hour is told once");
        assert_eq!(when_for(now.plus(-HOUR), now, &zone, &far).text, "1 hour ago");
        assert_eq!(when(now, now, &zone).exact, "Sun 7 Feb, 11:33 in Dublin");
        let clock = time_of_day(now, &zone);
        assert_eq!((clock.text.as_str(), clock.exact.as_str()), ("11:33", "Sun 7 Feb, 11:33 in Dublin"));
        let before = now.plus(-365 * 24 * HOUR);
        assert_eq!(when(before, now, &zone).text, "Sat 7 Feb 2026, 11:33");
        assert_eq!(when(before, now, &zone).exact, "Sat 7 Feb 2026, 11:33 in Dublin");
        assert_eq!(when_for(before, now, &zone, &far).text, "Sat 7 Feb 2026, 11:33 in Dublin (20:33 in Tokyo)");
    }
}
