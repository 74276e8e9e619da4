//! What the pace promises, for any limits and any order of messages; and single cases of gateways, words and holds.

use proptest::prelude::*;

use crate::base::clock::{DAY, HOUR, MINUTE, SECOND, Ts};
use crate::base::ids::MessageId;
use crate::rules::message::MessageState;
use crate::rules::sending::delivery::{Cause, Failure, Reply, Stage};

use super::policy::at_once;
use super::*;

const START: Ts = Ts(1_802_000_000_000);

fn gateway(per_hour: u32, open: u32) -> Gateway {
    Gateway {
        name: "outlook.com".into(),
        limit: Limit { per_hour, open },
        budget: Budget::default(),
        open: 0,
        standing: Standing::default(),
        canary: None,
    }
}

/// For good where the code says so.
fn said(trouble: Trouble, said: &str) -> Heard<'_> {
    Heard { trouble, said, for_good: said.starts_with('5'), tried_for: 0 }
}

fn policy(canary: i64) -> Policy {
    Policy { canary, ramp_up: Vec::new(), ..Policy::default() }
}

fn free() -> Ramp {
    Ramp { domain: "client.example".into(), today: 0, most: None }
}

/// A message that waits, or has gone.
#[derive(Clone, Copy, Debug)]
struct Row {
    due: Ts,
    waited: bool,
    gone: Option<Ts>,
    asked: u32,
}

/// Plays messages against one gateway until all have gone; every message takes `takes` to be settled.
fn play(policy: &Policy, gateway: &mut Gateway, per_round: u32, dues: &[i64], takes: i64) -> Vec<Row> {
    let mut rows: Vec<Row> =
        dues.iter().map(|at| Row { due: START.plus(*at), waited: false, gone: None, asked: 0 }).collect();
    let (mut round, mut all, mut ramp) = (Budget::default(), Budget::default(), free());
    while let Some(now) = rows.iter().filter(|r| r.gone.is_none()).map(|r| r.due).min() {
        gateway.open = rows.iter().filter(|r| r.gone.is_some_and(|at| now.since(at) < takes)).count() as u32;
        if let Some(canary) = gateway.canary.as_mut()
            && now.since(canary.since) >= takes
        {
            (canary.state, canary.settled_at) = (MessageState::Sent, Some(canary.since.plus(takes)));
        }
        for (index, row) in rows.iter_mut().enumerate() {
            if row.gone.is_some() || row.due > now {
                continue;
            }
            let id = MessageId::from(index.to_string());
            let sent = PacedMessage { id: &id, waited: row.waited };
            let pace = turn(policy, sent, gateway, &mut ramp, (&mut round, per_round), (&mut all, 0), now);
            *row = match pace {
                Pace::Go => Row { gone: Some(now), asked: row.asked + 1, ..*row },
                Pace::Wait { until, .. } => {
                    assert!(until > now, "{pace:?}");
                    Row { due: until, waited: true, asked: row.asked + 1, ..*row }
                }
            };
        }
    }
    rows
}

/// The most that went within any hour.
fn busiest(rows: &[Row]) -> u32 {
    let mut gone: Vec<Ts> = rows.iter().filter_map(|r| r.gone).collect();
    gone.sort();
    let within = |from: &Ts| gone.iter().filter(|at| **at >= *from && at.since(*from) < HOUR).count();
    gone.iter().map(within).max().unwrap_or(0) as u32
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_limit_is_passed_everybody_goes_and_nobody_is_asked_often(
        per_hour in 1u32..3_000, per_round in 0u32..2_000, dues in prop::collection::vec(0i64..2 * HOUR, 1..300),
    ) {
        let rows = play(&policy(0), &mut gateway(per_hour, 0), per_round, &dues, SECOND);
        prop_assert!(busiest(&rows) <= per_hour + at_once(per_hour) as u32);
        if per_round > 0 {
            prop_assert!(busiest(&rows) <= per_round + at_once(per_round) as u32);
        }
        let asked: u32 = rows.iter().map(|r| r.asked).sum();
        prop_assert!(asked as usize <= 6 * rows.len(), "{asked} times for {}", rows.len());
    }

    #[test]
    fn the_first_goes_alone_and_the_rest_after_it_was_accepted(
        per_hour in 60u32..3_000, minutes in 1i64..30, takes in 1i64..20 * MINUTE, dues in prop::collection::vec(0i64..HOUR, 2..80),
    ) {
        let rows = play(&policy(minutes * MINUTE), &mut gateway(per_hour, 0), 0, &dues, takes);
        let mut gone: Vec<Ts> = rows.iter().filter_map(|r| r.gone).collect();
        gone.sort();
        prop_assert_eq!(gone.len(), rows.len());
        prop_assert!(gone[1].since(gone[0]) >= takes + minutes * MINUTE);
    }

    #[test]
    fn no_more_are_open_than_may_be(
        open in 1u32..10, takes in 1i64..5 * MINUTE, dues in prop::collection::vec(0i64..10 * MINUTE, 1..60),
    ) {
        let rows = play(&policy(0), &mut gateway(0, open), 0, &dues, takes);
        for at in rows.iter().filter_map(|r| r.gone) {
            let others = rows.iter().filter_map(|r| r.gone).filter(|o| *o <= at && at.since(*o) < takes).count();
            prop_assert!(others as u32 <= open);
        }
    }
}

#[test]
fn ten_thousand_are_put_off_once_each_and_then_go_in_their_turn() {
    let rows = play(&policy(0), &mut gateway(1_800, 0), 0, &[0; 2_000], SECOND);
    assert!(rows.iter().all(|r| r.asked <= 2), "{:?}", rows.iter().map(|r| r.asked).max());
    let last = rows.iter().filter_map(|r| r.gone).max().unwrap();
    assert!((64 * MINUTE..=67 * MINUTE).contains(&last.since(START)), "{}", last.since(START) / MINUTE);
}

#[test]
fn a_clock_that_was_set_back_makes_nobody_wait_for_its_future() {
    let mut there = gateway(600, 0);
    let (mut round, mut all, mut ramp) = (Budget::default(), Budget::default(), free());
    let mut ask = |now: Ts| {
        let sent = PacedMessage { id: &MessageId::from("a"), waited: false };
        turn(&policy(0), sent, &mut there, &mut ramp, (&mut round, 0), (&mut all, 0), now)
    };
    assert_eq!(ask(START), Pace::Go);
    let Pace::Wait { until, .. } = ask(START.plus(-5 * HOUR)) else { return };
    assert!(until.since(START.plus(-5 * HOUR)) <= MINUTE);
}

#[test]
fn a_new_domain_sends_more_from_day_to_day_and_a_warmed_one_what_it_likes() {
    let mut policy = Policy::default();
    let steps: Vec<Option<u32>> = (0..8).map(|day| policy.ramp("new.example", day)).collect();
    assert_eq!(&steps[..3], [Some(50), Some(100), Some(200)]);
    assert_eq!(steps[7], None);
    policy.warmed = vec!["old.example".into()];
    assert_eq!((policy.ramp("old.example", 0), policy.ramp("new.example", 0)), (None, Some(50)));
    policy.warmed = vec![ALL.into()];
    assert_eq!(policy.ramp("new.example", 0), None);

    let mut ramp = Ramp { domain: "new.example".into(), today: 49, most: Some(50) };
    let (mut round, mut all, mut there) = (Budget::default(), Budget::default(), gateway(0, 0));
    let now = Ts(20_000 * DAY + 15 * HOUR);
    let mut ask = |now| {
        let sent = PacedMessage { id: &MessageId::from("a"), waited: false };
        turn(
            &Policy { canary: 0, ..Policy::default() },
            sent,
            &mut there,
            &mut ramp,
            (&mut round, 0),
            (&mut all, 0),
            now,
        )
    };
    assert_eq!(ask(now), Pace::Go);
    assert_eq!(ask(now), Pace::Wait { until: Ts(20_001 * DAY), why: Wait::Ramp });
}

#[test]
fn whoever_goes_first_and_is_refused_lets_somebody_else_go_first() {
    use MessageState::{Claimed, Failed, InDoubt, Planned, Sent as Accepted, Withdrawn};

    let canary = |state, settled_at| Canary { message: "first".into(), since: START, state, settled_at, passed: false };
    let ask = |canary: Canary, id: &str, minutes: i64| {
        let (mut round, mut all, mut ramp) = (Budget::default(), Budget::default(), free());
        let mut there = Gateway { canary: Some(canary), ..gateway(0, 0) };
        let now = START.plus(minutes * MINUTE);
        let id = MessageId::from(id);
        let sent = PacedMessage { id: &id, waited: false };
        match turn(&policy(10 * MINUTE), sent, &mut there, &mut ramp, (&mut round, 0), (&mut all, 0), now) {
            Pace::Go => there.canary.filter(|c| !c.passed).map_or("passed".into(), |c| format!("{} first", c.message)),
            Pace::Wait { until, why } => format!("{why:?} {}", until.since(START) / MINUTE),
        }
    };
    assert_eq!(ask(canary(Claimed, None), "b", 1), "Canary 12");
    assert_eq!(ask(canary(Accepted, Some(START.plus(MINUTE))), "b", 5), "Canary 11");
    assert_eq!(ask(canary(Accepted, Some(START.plus(MINUTE))), "b", 11), "passed");
    // Put off: it tries again itself, and somebody else does after a while.
    assert_eq!(ask(canary(Planned, None), "first", 1), "first first");
    assert_eq!(ask(canary(Planned, None), "b", 1), "Canary 10");
    assert_eq!(ask(canary(Planned, None), "b", 10), "b first");
    assert_eq!(ask(canary(InDoubt, Some(START)), "b", 10), "b first");
    assert_eq!(ask(canary(Failed, Some(START)), "b", 1), "b first");
    assert_eq!(ask(canary(Withdrawn, Some(START)), "b", 1), "b first");
}

#[test]
fn what_a_gateway_says_slows_it_and_time_heals() {
    let later = |standing: Standing, minutes: i64| {
        standing.heard(said(Trouble::Later, "450 4.3.2 try later"), false, START.plus(minutes * MINUTE)).0
    };
    let slowed = later(later(later(Standing::default(), 0), 1), 6);
    assert_eq!(slowed.halvings(START.plus(6 * MINUTE)), 2, "what is said within five minutes counts once");
    assert_eq!(slowed.halvings(START.plus(36 * MINUTE)), 1);
    assert_eq!(slowed.halvings(START.plus(66 * MINUTE)), 0);
    let worst = (0..20).fold(Standing::default(), |standing, n| later(standing, 6 * n));
    assert_eq!(worst.halvings(START.plus(120 * MINUTE)), 5);
}

#[test]
fn f07_a_refusal_for_policy_is_the_gateways_when_it_is_no_matter_of_one_recipient() {
    let after = |minutes: i64| START.plus(minutes * MINUTE);
    let (one, held) = Standing::default().heard(said(Trouble::Refused, "550 5.7.1 no"), false, START);
    assert!(!held && one.held(START).is_none());
    let (two, held) = one.clone().heard(said(Trouble::Refused, "550 5.7.1 no"), false, after(30));
    assert!(held && two.held_until == Some(after(90)));
    let (late, held) = one.heard(said(Trouble::Refused, "550 5.7.1 no"), false, after(61));
    assert!(!held && late.held(after(61)).is_none());
    assert!(Standing::default().heard(said(Trouble::Refused, "550 5.7.1 no"), true, START).1, "whoever goes first");
    let (blocked, held) = Standing::default().heard(said(Trouble::Blocked, "554 blocklist"), false, START);
    assert!(held && !blocked.clone().heard(said(Trouble::Blocked, "554 blocklist"), false, after(5)).1, "held is held");
    // 1 hour, 4 hours, 12 hours, a day; after two good days it is a first time again.
    let (mut standing, mut now) = (Standing::default(), START);
    for hours in [1, 4, 12, 24, 24] {
        standing = standing.heard(said(Trouble::Blocked, "554 blocklist"), false, now).0;
        assert_eq!(standing.held(now), Some(now.plus(hours * HOUR)));
        now = now.plus(hours * HOUR + MINUTE);
        assert_eq!(standing.held(now), None);
    }
    let again = standing.heard(said(Trouble::Blocked, "554 blocklist"), false, now.plus(3 * DAY)).0;
    assert_eq!(again.held_until, Some(now.plus(3 * DAY + HOUR)));
}

#[test]
fn a_person_holds_without_end_and_releases_at_once() {
    let held = Standing::default().held_by("op@client.example", START);
    assert_eq!(held.held(START.plus(30 * DAY)), Some(START.plus(30 * DAY + HOUR)));
    assert_eq!(held.released(START).held(START), None);
    let blocked = Standing::default().heard(said(Trouble::Blocked, "554 blocklist"), false, START).0;
    let released = blocked.released(START.plus(MINUTE));
    assert_eq!(released.held(START.plus(MINUTE)), None);
    let again = released.heard(said(Trouble::Blocked, "554 blocklist"), false, START.plus(2 * MINUTE)).0;
    assert_eq!(again.holds, 2, "who releases too early waits longer the next time");
}

#[test]
fn words_of_servers_are_told_apart() {
    let said = |text: &str| {
        let (code, rest) = text.split_once(' ').unwrap();
        let failure = Failure { stage: Stage::Recipient, cause: Cause::Reply(Reply::new(code.parse().unwrap(), rest)) };
        in_answer(&Err(failure))
    };
    for (text, trouble) in [
        ("450 4.7.1 Greylisted, see http://postgrey.schweikert.ch", Some(Trouble::Later)),
        ("451 4.7.500 Server busy. Please try again later", Some(Trouble::Later)),
        ("451 4.7.651 The mail server has been temporarily put off for its reputation", Some(Trouble::Blocked)),
        ("451 4.7.23 not from here", Some(Trouble::Refused)),
        (
            "450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents it",
            Some(Trouble::Later),
        ),
        ("452 4.2.2 mailbox full", None),
        ("451 4.3.0 try later", Some(Trouble::Later)),
        ("421 4.3.2 shutting down", None),
        ("451 4.7.1 Try again later", Some(Trouble::Later)),
        ("451 4.7.1 <kim@globex.example>: Recipient address rejected: Greylisted for 5 minutes", Some(Trouble::Later)),
        ("450 4.7.1 Please come back in 300 seconds", Some(Trouble::Later)),
        ("451 4.7.0 Temporary server error. Please try again later. PRX4", Some(Trouble::Later)),
        ("451 4.7.1 Message temporarily deferred - [250]", Some(Trouble::Later)),
        ("450 4.7.1 Recipient address rejected: Policy restrictions, try again later", Some(Trouble::Later)),
        ("451 4.7.1 Veuillez essayer plus tard", Some(Trouble::Later)),
        ("451 4.7.1 Bitte versuchen Sie es später erneut", Some(Trouble::Later)),
        (
            "450 4.7.1 Client host blocked using grey.rbl; Greylisting in action, please try again later",
            Some(Trouble::Later),
        ),
        ("450 4.7.0 Service unavailable", Some(Trouble::Later)),
        ("450 4.7.1 Client host rejected: blocked using zen.spamhaus.org", Some(Trouble::Blocked)),
        ("451 4.7.1 SPF check failed", Some(Trouble::Refused)),
        ("450 4.7.1 Message refused by policy", Some(Trouble::Refused)),
        ("451 Sender address rejected", Some(Trouble::Refused)),
        ("451 4.7.24 see our conditions", Some(Trouble::Refused)),
        ("550 5.1.1 no such user", None),
        ("550 5.1.1 rbl.smith@globex.example is unknown", None),
        (
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
            Some(Trouble::Blocked),
        ),
        ("550 5.7.1 refused by policy", Some(Trouble::Refused)),
        ("550 5.7.606 Access denied, banned sending IP", Some(Trouble::Blocked)),
        ("554 message content rejected as spam", Some(Trouble::Refused)),
        ("552 5.2.2 over quota", None),
        ("250 2.1.5 fine", None),
    ] {
        assert_eq!(said(text), trouble, "{text}");
    }
    let before = Failure { stage: Stage::Mail, cause: Cause::Reply(Reply::new(550, "5.7.1 sender refused")) };
    assert_eq!(in_answer(&Err(before)), None, "that is about us, not about a gateway");
    let refused = Reply::new(554, "5.7.1 rejected as spam");
    assert_eq!(in_answer(&Ok(refused)), Some(Trouble::Refused), "after the dot");
}

#[test]
fn domains_behind_one_provider_share_a_gateway_and_two_firms_do_not() {
    for (host, gateway) in [
        ("globex-com.mail.protection.outlook.com.", Some("outlook.com")),
        ("ASPMX.L.GOOGLE.COM", Some("google.com")),
        ("mx1.globex.co.uk", Some("globex.co.uk")),
        ("mx1.initech.co.uk", Some("initech.co.uk")),
        ("mail.firma.com.br", Some("firma.com.br")),
        ("mx00.ionos.de", Some("ionos.de")),
        ("localhost", None),
        ("co.uk", None),
        ("", None),
    ] {
        assert_eq!(gateway_of(host).as_deref(), gateway, "{host}");
    }
}

#[test]
fn f11_name_servers_are_believed_when_they_say_the_same_again() {
    let after = |before: Option<&Known>, said, minutes: i64| {
        Known::after(before.cloned(), "globex.com", said, START.plus(minutes * MINUTE))
    };
    let host = Said::Host("globex-com.mail.protection.outlook.com");
    let known = after(None, host, 0);
    assert_eq!((known.gateway.as_str(), known.ask_again_at), ("outlook.com", START.plus(DAY)));
    assert_eq!(
        after(None, Said::NoAnswer, 0).gateway,
        "globex.com",
        "a domain of which nothing is known is its own gateway"
    );
    assert_eq!(after(None, Said::Host("localhost"), 0).gateway, "globex.com");
    let silent = after(Some(&known), Said::NoAnswer, 60);
    assert_eq!((silent.gateway.as_str(), silent.refused_since), ("outlook.com", None), "what was known stands");

    let once = after(Some(&known), Said::Refuses, 0);
    assert!(!once.takes_no_mail(Said::Refuses, START));
    assert_eq!(once.ask_again_at, START.plus(HOUR));
    let twice = after(Some(&once), Said::Refuses, 60);
    assert!(twice.takes_no_mail(Said::Refuses, START.plus(HOUR)));
    let between = after(Some(&once), Said::NoAnswer, 60);
    assert!(!between.takes_no_mail(Said::NoAnswer, START.plus(HOUR)), "silence proves nothing");
    assert_eq!(after(Some(&once), host, 60).refused_since, None, "it was a mistake");
}

#[test]
fn names_for_trials_belong_to_nobody() {
    for trial in ["globex.example", "a.test", "localhost", "mail.example.com", "example.org"] {
        assert!(is_for_trials(trial), "{trial}");
    }
    for real in ["globex.com", "example.de", "myexample.com", "test.com", ""] {
        assert!(!is_for_trials(real), "{real}");
    }
}

#[test]
fn greylisting_never_holds_and_a_policy_that_lasts_does() {
    let minutes = |n: i64| START.plus(n * MINUTE);
    let soft = |standing: Standing, first: bool, tried: i64, at: i64| {
        let heard = Heard { tried_for: tried * MINUTE, ..said(Trouble::Refused, "451 4.7.1 Try again later") };
        standing.heard(heard, first, minutes(at))
    };
    // Everybody is new there: first tries, one after the other, for an hour, whoever goes first among them.
    let mut standing = Standing::default();
    for at in 0..60 {
        let (after, held) = soft(standing, at == 0, 0, at);
        assert!(!held, "after {at} minutes");
        standing = after;
    }
    assert!(
        !standing.clone().heard(said(Trouble::Refused, "550 5.7.1 no"), false, minutes(60)).1,
        "nor does it make the next one a second"
    );
    // Second tries within half an hour are greylisting still.
    assert!(!soft(soft(standing, false, 6, 6).0, false, 29, 29).1);
    // Two messages that have been tried for more than half an hour.
    let (once, held) = soft(Standing::default(), true, 31, 31);
    assert!(!held);
    let (twice, held) = soft(once, false, 35, 40);
    assert!(held && twice.held(minutes(40)).is_some());
    // What names a list holds at once.
    assert!(Standing::default().heard(said(Trouble::Blocked, "451 4.7.1 reputation"), false, START).1);
}
