//! The form of the schedule: what stands in it, and what was typed.

use super::*;

fn demo() -> RoundSpec {
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
    let mut spec = crate::intake::folder::read(&demo).unwrap().spec;
    spec.schedule.days_off = vec!["2027-02-15".parse().unwrap(), "2027-02-12".parse().unwrap()];
    spec.schedule.quiet_hours =
        vec![QuietHours { from: parsed("12:00:00").unwrap(), until: parsed("13:00:00").unwrap() }];
    spec.schedule.maximum_per_account_per_day = Some(4);
    spec.targets.reverse();
    spec.targets[0].target = 1.0 / 3.0;
    spec.touches[2].roles = vec![Role::Influencer];
    spec.touches[3].from = parsed("account_manager");
    spec.touches[3].words = Some("reminder-2".into());
    spec
}

#[test]
fn what_is_not_touched_stays_as_it_is() {
    let spec = demo();
    let typed = Typed::of(&spec);
    assert_eq!(typed.read(&spec).unwrap(), spec);
    let carried = typed.hidden();
    let pairs: Vec<(&str, &str)> = carried.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(Typed::from(&Fields::of(pairs)).settled().read(&spec).unwrap(), spec);
}

#[test]
fn no_message_of_a_long_sequence_is_lost() {
    let mut spec = demo();
    for touches in [40, 41, 90] {
        let reminder = spec.touches[2].clone();
        spec.touches.resize(touches, reminder);
        let carried = Typed::of(&spec).hidden();
        let pairs: Vec<(&str, &str)> = carried.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(Typed::from(&Fields::of(pairs)).touches.len(), touches);
    }
    assert!(Typed::from(&Fields::of([("touches", "4000000000")])).touches.is_empty());
}

#[test]
fn what_cannot_be_read_is_said_at_its_field() {
    let spec = demo();
    let mut typed = Typed::of(&spec);
    typed.schedule.insert("closes", "soon".into());
    typed.schedule.insert("individual", "50, many".into());
    typed.schedule.insert("quiet_hours", "12:00".into());
    typed.touches[2].insert("times", "0".into());
    let wrong: Vec<String> = typed.read(&spec).unwrap_err().into_iter().map(|(field, _)| field).collect();
    assert_eq!(wrong, ["closes", "quiet_hours", "individual", "touch-3-times"]);
}

#[test]
fn a_warm_up_that_is_added_last_goes_first_and_what_is_taken_out_is_gone() {
    let spec = demo();
    let mut typed = Typed::of(&spec);
    typed.touches[0].insert("remove", "yes".into());
    typed.add();
    let last = typed.touches.len() - 1;
    typed.touches[last].insert("kind", "warm_up".into());
    typed.touches[last].insert("working_days", "-3".into());
    let read = typed.settled().read(&spec).unwrap();
    assert_eq!((read.touches.len(), read.touches[0].working_days), (spec.touches.len(), Some(-3)));
    assert_eq!(read.touches[1..], spec.touches[1..]);
}

#[test]
fn days_of_the_week_are_picked_and_what_cannot_be_picked_is_kept_as_text() {
    let mut spec = demo();
    spec.touches[2].cron = Some("30 9 * * thu".into());
    let typed = Typed::of(&spec);
    let shown = |n: usize, key: &str| get(&typed.touches[n], key).to_string();
    assert_eq!((shown(2, "when"), shown(2, "at"), shown(2, "THU")), ("weekly".into(), "09:30".into(), "yes".into()));
    assert_eq!(
        (shown(2, "MON"), shown(3, "when"), shown(3, "cron")),
        (String::new(), "cron".into(), "0 14 * 3 TUE".into())
    );
    // Written in a way of its own it stays so until something else is picked.
    assert_eq!(typed.read(&spec).unwrap().touches[2].cron.as_deref(), Some("30 9 * * thu"));
    let picked = |picks: &[(&'static str, &str)]| {
        let mut typed = Typed::of(&spec);
        picks.iter().for_each(|(key, value)| _ = typed.touches[2].insert(key, (*value).into()));
        typed.read(&spec)
    };
    let cron = |picks: &[(&'static str, &str)]| picked(picks).unwrap().touches[2].cron.clone().unwrap();
    assert_eq!(cron(&[("TUE", "yes")]), "30 9 * * TUE,THU");
    assert_eq!(cron(&[("at", "14:05")]), "5 14 * * THU");
    assert_eq!(cron(&[("when", "cron"), ("cron", "0 7 1 * *")]), "0 7 1 * *");
    let wrong = |picks: &[(&'static str, &str)]| picked(picks).unwrap_err()[0].0.clone();
    assert_eq!(wrong(&[("THU", "")]), "touch-3-MON");
    assert_eq!(wrong(&[("at", "")]), "touch-3-at");
    // The twin: a day picked under another way of saying when counts for nothing.
    let days = picked(&[("when", "working_days"), ("working_days", "3"), ("at", "")]).unwrap().touches[2].clone();
    assert_eq!((days.cron, days.working_days, days.at), (None, Some(3), None));
}

#[test]
fn a_time_zone_is_known_by_its_name() {
    let spec = demo();
    let zone = |text: &str| {
        let mut typed = Typed::of(&spec);
        typed.schedule.insert("time_zone", text.into());
        typed.read(&spec).map(|spec| spec.schedule.time_zone)
    };
    assert_eq!(zone("europe/dublin").unwrap(), "Europe/Dublin");
    assert_eq!(zone("Mars/Olympus").unwrap_err()[0].0, "time_zone");
    assert_eq!(zone("").unwrap_err()[0].0, "time_zone");
}
