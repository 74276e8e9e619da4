//! `round plan`: the calendar of a round, as a person reads it, as JSON and as CSV.

use std::path::Path;
use std::process::ExitCode;

use crate::app::{open, output};
use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::intake::folder::export::table;
use crate::rules::calendar::Zone;
use crate::rules::message::MessageKind;
use crate::steps::plan::forecast::{Day, Line, Summary, plan_of};

pub async fn plan(config: Option<&Path>, slug: &str, as_json: bool, as_csv: bool) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let forecast = plan_of(&ctx, slug).await?;
    if as_json {
        output::pieces(forecast.json(slug).chain([Ok("\n".into())]))?;
    } else if as_csv {
        output::pieces(table(Line::COLUMNS, forecast.lines().map(|line| line.cells())))?;
    } else {
        for line in calendar(&forecast.summary()) {
            output::line(&line);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// One line a day, then what is worth knowing before they come.
fn calendar(summary: &Summary) -> Vec<String> {
    let kinds: Vec<String> = summary.days.iter().map(kinds).collect();
    let width = kinds.iter().map(String::len).max().unwrap_or(0);
    let mut lines: Vec<String> = summary
        .days
        .iter()
        .zip(&kinds)
        .map(|(day, kinds)| format!("{}  {kinds:width$}  {}", day.date.format("%a %e %b %Y"), hours(day)))
        .collect();
    lines.push(format!(
        "{} on {}, each in the contact's own time: {} gone, {} to go.",
        count(summary.gone + summary.ahead, "message"),
        count(summary.days.len() as u64, "day"),
        summary.gone,
        summary.ahead
    ));
    if let Some(busiest) = summary.hours.iter().max_by_key(|hour| (hour.messages, -hour.from.0)) {
        lines.push(format!("The busiest hour: {}, from {}.", count(busiest.messages, "message"), utc(busiest.from)));
    }
    if let Some(most) = summary.domains.first() {
        lines.push(format!(
            "The domain that receives most: {} with {}, {} of them in the hour from {}.",
            most.domain,
            count(most.messages, "message"),
            most.in_busiest_hour,
            utc(most.busiest_hour)
        ));
    }
    for moved in &summary.collisions {
        let goes = if moved.messages == 1 { "goes" } else { "go" };
        lines.push(format!(
            "{} {goes} later than {}. {}",
            count(moved.messages, "message"),
            if moved.messages == 1 { "its time" } else { "their time" },
            moved.reason.sentence()
        ));
    }
    for left in &summary.left {
        lines.push(format!(
            "Left after the close: {} of {}. {}",
            count(left.touches, "touch"),
            count(left.contacts, "contact"),
            left.reason.sentence()
        ));
    }
    if summary.contacts_in_rounds_time > 0 {
        let city =
            Zone::find(&summary.rounds_time_zone).map_or_else(|| summary.rounds_time_zone.to_string(), |z| z.city());
        lines.push(match summary.contacts_in_rounds_time {
            1 => {
                format!("1 contact has no time zone that is known: the messages go in {city}'s time, the round's own.")
            }
            n => format!(
                "{n} contacts have no time zone that is known: their messages go in {city}'s time, the round's own."
            ),
        });
    }
    if summary.contacts_as_if_signed > 0 {
        let (contacts, is) = (count(summary.contacts_as_if_signed, "contact"), summary.contacts_as_if_signed == 1);
        let verb = if is { "is" } else { "are" };
        lines.push(format!("{contacts} {verb} not signed off; the plan takes them as if they were signed off now."));
    }
    lines
}

fn kinds(day: &Day) -> String {
    let kinds = day.kinds.iter().map(|(kind, n)| count(*n, MessageKind::parse(kind).map_or(kind, |kind| kind.label())));
    kinds.collect::<Vec<_>>().join(", ")
}

fn hours(day: &Day) -> String {
    let (first, last) = (day.first.format("%H:%M").to_string(), day.last.format("%H:%M").to_string());
    if first == last { first } else { format!("{first} to {last}") }
}

fn count(n: u64, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        _ if what.ends_with("ch") => format!("{n} {what}es"),
        _ => format!("{n} {what}s"),
    }
}

fn utc(at: Ts) -> String {
    at.utc().format("%a %-d %b, %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::{NaiveDate, NaiveTime};

    use super::*;
    use crate::rules::plan::Reason;
    use crate::steps::plan::forecast::{Domain, Hour, LeftOver, Moved};

    #[test]
    fn a_person_reads_what_goes_when_and_what_does_not() {
        let day = |day: u32, kinds: &[(&'static str, u64)], until: u32| Day {
            date: NaiveDate::from_ymd_opt(2027, 2, day).unwrap(),
            messages: kinds.iter().map(|(_, n)| n).sum(),
            kinds: kinds.iter().copied().collect::<BTreeMap<_, _>>(),
            first: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
            last: NaiveTime::from_hms_opt(until, 0, 0).unwrap(),
        };
        let monday = Ts(1_802_077_200_000);
        let summary = Summary {
            gone: 1,
            ahead: 13,
            days: vec![day(8, &[("invitation", 12)], 10), day(9, &[("invitation", 1), ("reminder", 1)], 9)],
            hours: vec![Hour { from: monday, messages: 12 }],
            domains: vec![Domain { domain: "x.example".into(), messages: 9, busiest_hour: monday, in_busiest_hour: 8 }],
            collisions: vec![Moved { reason: Reason::AccountLimit, messages: 1 }],
            left: vec![LeftOver { reason: Reason::OptedOut, contacts: 1, touches: 2 }],
            contacts_as_if_signed: 3,
            contacts_in_rounds_time: 2,
            rounds_time_zone: "Europe/London".into(),
        };
        let lines = [
            "Mon  8 Feb 2027  12 invitations            09:00 to 10:00",
            "Tue  9 Feb 2027  1 invitation, 1 reminder  09:00",
            "14 messages on 2 days, each in the contact's own time: 1 gone, 13 to go.",
            "The busiest hour: 12 messages, from Mon 8 Feb, 09:00 UTC.",
            "The domain that receives most: x.example with 9 messages, 8 of them in the hour from Mon 8 Feb, 09:00 UTC.",
            "1 message goes later than its time. The account has had as many messages as it may have on one day.",
            "Left after the close: 2 touches of 1 contact. The contact asked for no more messages.",
            "2 contacts have no time zone that is known: their messages go in London's time, the round's own.",
            "3 contacts are not signed off; the plan takes them as if they were signed off now.",
        ];
        assert_eq!(calendar(&summary), lines);
    }
}
