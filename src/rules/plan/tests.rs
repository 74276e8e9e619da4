//! Single cases of the plan: order, gaps, late starts, absences, thanks.

#[cfg(test)]
pub(super) mod any_rounds;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod tries;

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use crate::base::clock::{DAY, HOUR, Ts};
use crate::rules::calendar::almanac::{Almanac, Locality};
use crate::rules::calendar::zone::Zone;
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::round::RoundSpec;
use crate::rules::sending::outbox::{Claim, decide, look_again_at};

use super::forecast::dry_run::{Planned, dry_run};
use super::*;

/// A round in February 2027: warm-up five working days before, invitation on the 8th, then `rest`.
pub fn spec(rest: Value) -> RoundSpec {
    let mut touches =
        vec![json!({"kind": "warm_up", "working_days": -5}), json!({"kind": "invitation", "working_days": 0})];
    touches.extend(rest.as_array().unwrap().clone());
    spec_of(json!(touches))
}

pub fn spec_of(touches: Value) -> RoundSpec {
    let person = json!({"name": "A. Person", "email": "a.person@client.example"});
    serde_json::from_value(json!({
        "round": "feb", "client": "Client", "title": "Assessment", "language": "en",
        "schedule": {"opens": "2027-02-08", "closes": "2027-02-26", "time_zone": "Europe/Dublin"},
        "signoff": {"sales_director": "S", "sales_director_email": "s@client.example"},
        "senders": {"team": person.clone(), "warm_up": person},
        "touch": touches,
    }))
    .unwrap()
}

fn usual() -> RoundSpec {
    spec(json!([{"kind": "reminder", "cron": "0 10 * * TUE,THU", "times": 3}, {"kind": "thank_you"}]))
}

fn signed() -> Facts {
    Facts { time_zone: "America/New_York".into(), country: "US".into(), signed: true, ..Facts::default() }
}

fn at(text: &str) -> Ts {
    let local = NaiveDateTime::parse_from_str(&format!("2027-{text}"), "%Y-%m-%d %H:%M").unwrap();
    Zone::find("America/New_York").unwrap().resolve(local)
}

fn sent(kind: MessageKind, number: u32, when: &str) -> Touched {
    Touched { kind, number, state: MessageState::Sent, at: at(when), tried: true, planned_for: at(when) }
}

/// `warm_up 1 02-01 09:00` in the contact's time.
fn shown(plan: &[Planned]) -> Vec<String> {
    plan.iter().map(|p| format!("{} {} {}", p.kind, p.number, p.local.format("%m-%d %H:%M"))).collect()
}

fn next(facts: &Facts, touched: &[Touched], now: &str) -> String {
    let sequence = Sequence::prepare(&usual(), &Almanac::plain()).unwrap();
    match next_message(&sequence, facts, touched, at(now)) {
        Next::Send { kind, number, due_at, .. } => {
            let local = sequence.calendar(facts.locality()).local(due_at);
            format!("{kind} {number} {}", local.format("%m-%d %H:%M"))
        }
        Next::Nothing { why } | Next::LookAgain { why, .. } => why.to_string(),
    }
}

#[test]
fn the_sequence_runs_in_the_contacts_own_time() {
    let sequence = Sequence::prepare(&usual(), &Almanac::plain()).unwrap();
    let plan = dry_run(&sequence, &Facts { signed: false, ..signed() }, &[], at("01-20 12:00"));
    let whole = [
        "warm_up 1 02-01 09:00",
        "invitation 1 02-08 09:00",
        "reminder 1 02-11 10:00",
        "reminder 2 02-16 10:00",
        "reminder 3 02-18 10:00",
    ];
    assert_eq!(shown(&plan), whole);
    assert_eq!(plan[0].due_at, at("02-01 09:00"));
}

#[test]
fn f17_a_late_signature_starts_late_and_keeps_the_order() {
    let sequence = Sequence::prepare(&usual(), &Almanac::plain()).unwrap();
    let plan = dry_run(&sequence, &signed(), &[], at("02-11 20:00"));
    let late = [
        "warm_up 1 02-12 09:00",
        "invitation 1 02-15 09:00",
        "reminder 1 02-18 10:00",
        "reminder 2 02-23 10:00",
        "reminder 3 02-25 10:00",
    ];
    assert_eq!(shown(&plan), late);
    // The warm-up on the last day could not be followed by the invitation.
    assert_eq!(next(&signed(), &[], "02-26 10:00"), "after_close");
    assert_eq!(next(&signed(), &[], "02-27 10:00"), "after_close");
}

#[test]
fn missed_reminders_are_not_bunched() {
    let so_far = [sent(MessageKind::WarmUp, 1, "02-01 09:00"), sent(MessageKind::Invitation, 1, "02-08 09:00")];
    assert_eq!(next(&signed(), &so_far, "02-08 09:01"), "reminder 1 02-11 10:00");
    assert_eq!(next(&signed(), &so_far, "02-17 12:00"), "reminder 1 02-18 10:00");
    assert_eq!(next(&signed(), &so_far, "02-25 12:00"), "after_close");
}

#[test]
fn a_message_that_left_late_does_not_cost_the_next_cron_time() {
    let so_far = [sent(MessageKind::Invitation, 1, "02-08 09:00"), sent(MessageKind::Reminder, 1, "02-16 13:05")];
    assert_eq!(next(&signed(), &so_far, "02-16 13:06"), "reminder 2 02-18 13:05");
    assert_eq!(next(&signed(), &so_far, "02-18 10:01"), "reminder 2 02-23 10:00");
}

#[test]
fn nothing_goes_to_whom_nothing_may_go() {
    let now = "02-08 12:00";
    let long_ago = Some(at("02-01 00:00"));
    assert_eq!(next(&Facts { signed: false, ..signed() }, &[], now), "not_signed_off");
    assert_eq!(next(&Facts { signed: false, signed_at: long_ago, ..signed() }, &[], now), "list_changed");
    assert_eq!(next(&Facts { removed: true, ..signed() }, &[], now), "removed");
    assert_eq!(next(&Facts { opted_out_at: long_ago, completed_at: long_ago, ..signed() }, &[], now), "opted_out");
    assert_eq!(next(&Facts { undeliverable: true, ..signed() }, &[], now), "undeliverable");
    assert_eq!(next(&Facts { sent_count: 6, ..signed() }, &[], now), "maximum_reached");
    assert_eq!(next(&Facts { absent_until: Some(at("03-05 09:00")), ..signed() }, &[], now), "absent");
    assert_eq!(next(&Facts { absent_until: Some(at("02-12 17:00")), ..signed() }, &[], now), "warm_up 1 02-15 09:00");
}

#[test]
fn open_failed_and_withdrawn_rows_count_as_what_they_are() {
    let row = |state| [Touched { state, ..sent(MessageKind::WarmUp, 1, "02-01 09:00") }];
    let now = "02-02 12:00";
    for state in [MessageState::Planned, MessageState::Claimed, MessageState::Sending] {
        assert_eq!(next(&signed(), &row(state), now), "already_planned");
    }
    assert_eq!(next(&signed(), &row(MessageState::Held), now), "held_by_operator");
    assert_eq!(next(&signed(), &row(MessageState::Withdrawn), now), "warm_up 1 02-02 12:00");
    for state in [MessageState::Failed, MessageState::InDoubt] {
        assert_eq!(next(&signed(), &row(state), now), "invitation 1 02-08 09:00");
    }
    assert_eq!(next(&signed(), &row(MessageState::InDoubt), "02-08 09:00"), "invitation 1 02-08 09:00");
}

#[test]
fn thanks_go_once_and_only_for_an_answer() {
    let invited = [sent(MessageKind::WarmUp, 1, "02-01 09:00"), sent(MessageKind::Invitation, 1, "02-08 09:00")];
    let answered = |when: &str| Facts { completed_at: Some(at(when)), ..signed() };
    // At once in the contact's day, whatever the gap; in the night, when the day begins.
    assert_eq!(next(&answered("02-08 11:00"), &invited, "02-08 11:00"), "thank_you 1 02-08 11:00");
    assert_eq!(next(&answered("02-08 21:00"), &invited, "02-08 21:00"), "thank_you 1 02-09 09:00");
    let facts = Facts { last_sent_at: Some(at("02-08 09:00")), sent_count: 2, ..answered("02-08 11:00") };
    let sequence = Sequence::prepare(&usual(), &Almanac::plain()).unwrap();
    assert_eq!(decide(&sequence, MessageKind::ThankYou, 1, &facts, at("02-08 11:00")), Claim::Go);
    assert_eq!(next(&answered("02-13 11:00"), &invited, "02-13 11:00"), "thank_you 1 02-15 09:00");
    assert_eq!(next(&answered("02-26 22:00"), &invited, "02-26 22:00"), "after_close");
    // The reminder that is still planned does not hold the thanks up; one that is claimed may yet go.
    let reminder = |state| [invited[0], invited[1], Touched { state, ..sent(MessageKind::Reminder, 1, "02-11 10:00") }];
    assert_eq!(
        next(&answered("02-10 11:00"), &reminder(MessageState::Planned), "02-10 11:00"),
        "thank_you 1 02-10 11:00"
    );
    assert_eq!(next(&answered("02-10 11:00"), &reminder(MessageState::Claimed), "02-10 11:00"), "already_planned");
    let thanked = [invited[0], invited[1], sent(MessageKind::ThankYou, 1, "02-10 11:00")];
    assert_eq!(next(&answered("02-08 11:00"), &thanked, "02-20 11:00"), "completed");
}

#[test]
fn the_claim_asks_everything_again() {
    let sequence = Sequence::prepare(&usual(), &Almanac::plain()).unwrap();
    let claim = |kind, facts: &Facts, now: &str| decide(&sequence, kind, 1, facts, at(now));
    let withdrawn = |why| Claim::Withdraw { why };
    let reminded = Facts { last_sent_at: Some(at("02-08 09:00")), sent_count: 2, ..signed() };
    assert_eq!(claim(MessageKind::Reminder, &reminded, "02-11 10:00"), Claim::Go);
    assert_eq!(
        claim(MessageKind::Reminder, &reminded, "02-11 17:00"),
        Claim::Later { at: at("02-12 09:00"), why: Reason::OutsideHours }
    );
    assert_eq!(
        claim(MessageKind::Reminder, &reminded, "02-09 10:00"),
        Claim::Later { at: at("02-10 09:00"), why: Reason::MinimumGap }
    );
    let away = Facts { absent_until: Some(at("02-20 00:00")), ..reminded.clone() };
    assert_eq!(
        claim(MessageKind::Reminder, &away, "02-11 10:00"),
        Claim::Later { at: at("02-22 09:00"), why: Reason::Absent }
    );
    let done = Facts { completed_at: Some(at("02-09 10:00")), ..reminded.clone() };
    for kind in [MessageKind::WarmUp, MessageKind::Invitation, MessageKind::Reminder] {
        assert_eq!(claim(kind, &done, "02-11 10:00"), withdrawn(Reason::Completed));
    }
    assert_eq!(claim(MessageKind::ThankYou, &done, "02-11 10:00"), Claim::Go);
    assert_eq!(claim(MessageKind::ThankYou, &reminded, "02-11 10:00"), withdrawn(Reason::NotCompleted));
    assert_eq!(
        claim(MessageKind::Reminder, &Facts { signed: false, ..reminded.clone() }, "02-11 10:00"),
        withdrawn(Reason::NotSignedOff)
    );
    assert_eq!(
        claim(MessageKind::Reminder, &Facts { sent_count: 6, ..reminded.clone() }, "02-11 10:00"),
        withdrawn(Reason::MaximumReached)
    );
    assert_eq!(claim(MessageKind::Reminder, &reminded, "02-26 16:30"), withdrawn(Reason::AfterClose));
    assert_eq!(
        decide(&sequence, MessageKind::Reminder, 9, &reminded, at("02-11 10:00")),
        withdrawn(Reason::NotInSequence)
    );
    assert_eq!(claim(MessageKind::Digest, &Facts::default(), "02-13 03:00"), Claim::Go);
}

#[test]
fn an_account_whose_last_day_is_full_is_left_alone_until_it_is_over() {
    let mut round = usual();
    round.schedule.maximum_per_account_per_day = Some(3);
    let full = Facts { account_today: 3, last_sent_at: Some(at("02-08 09:00")), sent_count: 2, ..signed() };
    let claim = |pauses: Vec<Pause>, now: &str| {
        let sequence = Sequence::prepare(&round, &Almanac::plain()).unwrap().stopped_by(pauses, 0);
        let claim = decide(&sequence, MessageKind::Reminder, 1, &full, at(now));
        let Claim::Withdraw { why } = claim else { return (claim, None) };
        (claim, Some(look_again_at(&sequence, &full, why, at(now))))
    };
    let withdrawn = Claim::Withdraw { why: Reason::AccountLimit };
    assert_eq!(claim(Vec::new(), "02-26 10:00"), (withdrawn, Some(at("02-27 00:00"))));
    let tomorrow = Claim::Later { at: at("02-12 09:00"), why: Reason::AccountLimit };
    assert_eq!(claim(Vec::new(), "02-11 10:00"), (tomorrow, None));
    let pause = |from: &str| vec![Pause { scope: Scope::Country("US".into()), from: at(from), until: None }];
    assert_eq!(claim(pause("02-12 00:00"), "02-11 10:00"), (withdrawn, Some(at("02-12 00:00"))));
    let paused = Claim::Withdraw { why: Reason::Paused };
    assert_eq!(claim(pause("02-11 00:00"), "02-11 10:00"), (paused, Some(at("02-11 10:00"))));
}

#[test]
fn reminder_numbers_run_on_over_touches() {
    let reminders = json!([
        {"kind": "reminder", "working_days": 3}, {"kind": "reminder", "cron": "30 9 * * WED", "times": 2},
        {"kind": "reminder", "date": "2027-02-26", "at": "16:00"}
    ]);
    let sequence = Sequence::prepare(&spec(reminders), &Almanac::plain()).unwrap();
    let plan = dry_run(&sequence, &signed(), &[], at("01-20 12:00"));
    let expected =
        ["reminder 1 02-11 09:00", "reminder 2 02-17 09:30", "reminder 3 02-24 09:30", "reminder 4 02-26 16:00"];
    assert_eq!(shown(&plan)[2..], expected);
    // With one cron reminder missed, the last one still goes on its day.
    let late = [sent(MessageKind::Reminder, 1, "02-18 09:00")];
    let rest = dry_run(&sequence, &signed(), &late, at("02-18 09:01"));
    assert_eq!(shown(&rest), ["reminder 2 02-24 09:30", "reminder 4 02-26 16:00"]);
    let open = [Touched { state: MessageState::Planned, ..sent(MessageKind::Reminder, 1, "02-18 09:00") }];
    assert_eq!(shown(&dry_run(&sequence, &signed(), &open, at("02-17 09:01"))), shown(&rest));
}

#[test]
fn times_survive_spelling_of_zones() {
    let sequence = Sequence::prepare(&usual(), &Almanac::plain()).unwrap();
    for (zone, country) in [("", ""), ("Nowhere/Else", "XXXX"), ("europe/DUBLIN", "IE"), ("Europe/Dublin", "ie")] {
        assert_eq!(sequence.calendar(Locality { time_zone: zone, country, region: "" }).zone().name(), "Europe/Dublin");
    }
    assert_eq!(sequence.gap(), 2 * DAY);
    assert!(
        sequence.calendar(Locality { time_zone: "Asia/Tokyo", country: "JP", region: "" }).opens_at()
            == sequence.home().opens_at().plus(-9 * HOUR)
    );
}

#[test]
fn reasons_are_sentences_and_read_back() {
    for reason in Reason::ALL {
        assert_eq!(Reason::parse(reason.as_str()), Some(reason));
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        assert!(reason.sentence().ends_with('.') && !reason.sentence().contains("survey"));
    }
}
