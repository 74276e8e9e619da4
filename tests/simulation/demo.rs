//! The demo round as it is shown: an ordinary round of the better kind, at any speed, with or without copies.

use std::time::Instant;

use soundings::base::address::EmailAddress;
use soundings::base::clock::Clock;
use soundings::base::ids::Ids;
use soundings::config::smtp::SmtpSettings;
use soundings::intake::folder::RoundFolder;
use soundings::rehearsal::mailbox::Mailbox;
use soundings::rehearsal::play::{self, DEMO_SEED, Setup, Speed};

use super::round::{demo, place, small};

#[tokio::test]
async fn the_demo_round_shows_what_rounds_are_like() {
    let mut place = place(demo(), DEMO_SEED).await;
    let mut days = Vec::new();
    let outcome = play::play(&mut place.world, Speed::Max, |day| days.push(day)).await.unwrap();
    for day in &days {
        eprintln!("{day:?}");
    }
    eprintln!("{}", serde_json::to_string(&outcome).unwrap());
    assert!(outcome.all_hold(), "{:#?}", outcome.promises);
    assert!(outcome.promises.iter().all(|p| p.checked > 0), "a promise was held against nothing");
    let i = outcome.status.individual;
    assert!((0.45..=0.60).contains(&i.rate), "{i:?}");
    assert!(i.opted_out > 0 && i.started > i.completed, "{i:?}");
    // The dead addresses were repaired by those who look after the accounts.
    assert!(place.world.mailbox.all().iter().any(|mail| mail.kind == "repair"), "nobody was asked to repair anything");
    let handoff = outcome.status.handoff;
    assert_eq!((handoff.completed, handoff.confirmed, handoff.pending), (i.completed, i.completed, 0));
    assert_eq!(outcome.status.state, "closed");
    assert_eq!(outcome.status.outbox.planned, 0);
    assert!((45..60).contains(&outcome.simulated_days));
    assert!(days.iter().any(|day| day.note == "the round opens"));
    assert!(days.windows(2).all(|d| d[0].date < d[1].date && d[0].completed <= d[1].completed));
    // A forecast a day from the first whole day after the invitations, in the end where the round ended.
    let forecasts = &outcome.forecasts;
    assert!(forecasts.len() >= 14 && forecasts.windows(2).all(|pair| pair[0].at < pair[1].at), "{forecasts:?}");
    assert!(forecasts.iter().all(|f| f.low <= f.middle && f.middle <= f.high), "{forecasts:?}");
    let last = forecasts.last().unwrap();
    assert!((last.low - 0.02..=last.high + 0.02).contains(&i.rate), "{last:?} {}", i.rate);
    let json = serde_json::to_value(&outcome).unwrap();
    for key in ["status", "promises", "seed", "simulated_days", "wall_seconds", "forecasts"] {
        assert!(json.get(key).is_some(), "{key}");
    }
}

#[tokio::test]
async fn a_paced_play_takes_its_time_and_ends_the_same() {
    let mut folder = small(1);
    folder.list.accepted.truncate(6);
    let mut fast = place(folder.clone(), 1).await;
    let fast = play::play(&mut fast.world, Speed::Max, |_| {}).await.unwrap();
    let mut slow = place(folder, 1).await;
    let (begun, paced) = (Instant::now(), Speed::Paced { seconds_total: fast.wall_seconds + 2.0 });
    let slow = play::play(&mut slow.world, paced, |_| {}).await.unwrap();
    assert!(begun.elapsed().as_secs_f64() >= fast.wall_seconds + 1.8);
    assert_eq!(slow.status, fast.status);
}

/// As somebody sees it who watches: links of their own each time, pages open beside it, and a terminal.
async fn watched(folder: RoundFolder, seed: u64, ids: Ids) -> (String, Vec<String>, Vec<String>) {
    let home = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", home.path().join("play.sqlite").display());
    let mut setup = Setup::new(folder, seed, &url, home.path().join("handed.jsonl"));
    (setup.ids, setup.alone) = (Some(ids), false);
    let mut world = play::prepare(setup).await.unwrap();
    let mut told = Vec::new();
    let ctx = world.ctx.clone();
    let outcome = play::play(&mut world, Speed::Max, |day| {
        // Whoever looks at pages meanwhile draws secrets.
        ctx.ids.bytes::<32>();
        told.extend(day.headlines.into_iter().map(|h| format!("{} {} {:?}", h.when, h.says, h.pages)));
    });
    let status = serde_json::to_string(&outcome.await.unwrap().status).unwrap();
    let mails = world.mailbox.all();
    let mails = mails.iter().map(|m| format!("{} {} {} {}", m.number, m.at, m.kind, m.recipient()));
    (status, mails.collect(), told)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_round_to_whoever_watches() {
    let repeated = |seed| Ids::repeated(seed).unwrap();
    let different = watched(small(2), 5, repeated(5)).await;
    // The twin: with ids of its own a play sorts and retries in another order.
    assert_ne!(watched(small(2), 5, Ids::system().unwrap()).await.1, different.1);
    for seed in [4, 77] {
        let first = watched(small(2), seed, repeated(seed)).await;
        let second = watched(small(2), seed, repeated(seed)).await;
        assert!(first.1.len() > 50 && first.2.len() > 5, "{first:?}");
        assert_eq!(first.1, second.1, "the mails, by number");
        assert_eq!((&first.0, &first.2), (&second.0, &second.2));
        assert_ne!(first.1, different.1, "another seed gives another round");
    }
}

/// What the terminal says is dated as the mailbox dates it, and in order.
#[tokio::test]
async fn a_headline_has_the_moment_of_what_happened() {
    let mut place = place(small(1), 9).await;
    let mut told = Vec::new();
    play::play(&mut place.world, Speed::Max, |day| told.extend(day.headlines)).await.unwrap();
    let mails = place.world.mailbox.all();
    for kind in ["sign_off", "warm_up", "invitation", "reminder", "thank_you"] {
        let first = mails.iter().find(|m| m.kind == kind).unwrap();
        let page = format!("/mailbox/{}", first.number);
        let headline = told.iter().find(|h| h.pages[0] == page && !h.says.ends_with(" signs")).unwrap();
        assert_eq!(headline.at, first.at, "{headline:?}");
    }
    assert!(told.windows(2).all(|h| h[0].at <= h[1].at), "{told:#?}");
}

#[tokio::test]
async fn whoever_rehearses_gets_a_copy_of_every_mail() {
    let relay = Mailbox::start_with(([127, 0, 0, 1], 0).into(), Clock::system()).await.unwrap();
    let settings = SmtpSettings { port: relay.address().port(), ..SmtpSettings::default() };
    let home = tempfile::tempdir().unwrap();
    let mut folder = small(2);
    folder.list.accepted.truncate(8);
    let url = format!("sqlite:{}", home.path().join("soundings.sqlite").display());
    let mut setup = Setup::new(folder, 2, &url, home.path().join("handed.jsonl"));
    setup.only_to = Some((EmailAddress::parse("me@client.example").unwrap(), settings));
    let mut world = play::prepare(setup).await.unwrap();
    let outcome = play::play(&mut world, Speed::Max, |_| {}).await.unwrap();
    assert!(outcome.all_hold(), "{:#?}", outcome.promises);
    let (copies, mails) = (relay.all(), world.mailbox.all());
    assert!(!copies.is_empty() && copies.len() == mails.len());
    assert!(copies.iter().all(|c| c.to == ["me@client.example"]));
    assert!(copies.iter().zip(&mails).all(|(c, m)| c.raw == m.raw));
}
