//! The counters of a round say what a count of its rows says, whatever lists, directors, operators and contacts do, and at whatever order.

use std::collections::BTreeSet;

use soundings::base::ids::Dice;
use soundings::rules::contacts::Role;
use soundings::rules::journal::Actor;
use soundings::rules::signoff::SignLevel;
use soundings::steps::completion::CheckCounters;
use soundings::steps::round::RoundOrder;
use soundings::steps::signoff::names::editing::{Correction, Edit, EditContact};
use soundings::store::contacts::Person;
use soundings::store::contacts::accounts;
use soundings::store::contacts::search::{self, Search};
use soundings::store::{people, plan};

use crate::common::{DORA, ERIK, HEADER, OPERATOR, ROUND, World, folder};

on_both!(counters_say_what_rows_say, accounts_that_are_changed_together_are_counted_together);

const ACCOUNTS: u64 = 6;
const PEOPLE: u64 = 24;
const ROLES: [&str; 3] = ["key_decision_maker", "influencer", "operational_contact"];

/// Some of the people, each with a place and most with a role, at accounts that each have one of two directors. Without a role there is a
/// name to look at.
fn list(dice: &mut Dice) -> String {
    let mut list = HEADER.replace("country,", "country,region,");
    let owners: Vec<(&str, &str, u64)> =
        (0..ACCOUNTS)
            .map(|_| {
                if dice.below(3) == 0 {
                    ("Erik Holm", ERIK, dice.below(9))
                } else {
                    ("Dora Fields", DORA, dice.below(9))
                }
            })
            .collect();
    for n in 0..PEOPLE {
        if dice.below(5) == 0 {
            continue;
        }
        // One of eight is at another account than in most lists.
        let (home, away) = (n % ACCOUNTS, u64::from(dice.below(8) == 0));
        let account = (home + away) % ACCOUNTS;
        let (name, email, revenue) = owners[account as usize];
        let place =
            ["en,GB,,Europe/London", "de,DE,BY,Europe/Berlin", "de,DE,,Europe/Berlin", "en,US,,America/New_York"]
                [dice.below(4) as usize];
        let role = ROLES.get(dice.below(4) as usize).unwrap_or(&"");
        let revenue = if revenue == 0 { String::new() } else { (revenue * 1_000).to_string() };
        list.push_str(&format!(
            "Account {account},Pat,Number{n:02},pat{n:02}@account{home}.example,Buyer,{role},{place},{name},{email},,,no,{revenue}\n"
        ));
    }
    list
}

async fn everybody(world: &World, stage: &str) -> Vec<Person> {
    let live = world.live().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let search = Search { stage: stage.into(), ..Search::default() };
    search::page(&mut tx, &live.id, &search, i64::MAX, 0).await.unwrap()
}

async fn checked(world: &World, after: &str) {
    let wrong = world.ctx.order(&Actor::Program, CheckCounters { slug: ROUND.into() }).await.unwrap();
    assert_eq!(wrong, Vec::<String>::new(), "after {after}");
    let live = world.live().await;
    for stage in ["", "listed", "removed", "not_answered", "invited", "completed", "signed", "unsigned"] {
        for role in std::iter::once("").chain(Role::ALL.iter().map(|role| role.as_str())) {
            let search = Search { stage: stage.into(), role: role.into(), ..Search::default() };
            let mut tx = world.ctx.db.read().await.unwrap();
            let counted = search::count(&mut tx, &live.id, &search, i64::MAX).await.unwrap();
            let found = search::by_name(&mut tx, &live.id, &search, i64::MAX, 0).await.unwrap().len() as i64;
            assert_eq!(counted, found, "{stage} {role} after {after}");
        }
    }
}

/// One thing that somebody does; what it was.
async fn one_thing(world: &mut World, dice: &mut Dice) -> &'static str {
    let operator = Actor::operator(OPERATOR);
    let all = everybody(world, "").await;
    let person = all[dice.below(all.len() as u64) as usize].clone();
    match dice.below(7) {
        0 => {
            world.load_confirmed(folder(&list(dice))).await;
            "a list"
        }
        1 if person.removed_at.is_none() => {
            let edit = Edit::Correct(Correction {
                first_name: person.first_name,
                last_name: person.last_name,
                email: person.email.as_str().into(),
                job_title: person.job_title,
                role: ROLES[dice.below(3) as usize].into(),
                reason: "knows better".into(),
            });
            world.ctx.order(&operator, EditContact { contact: person.id, edit }).await.unwrap();
            "a correction"
        }
        2 => {
            let edit = match person.removed_at {
                None => Edit::Remove { reason: "has left".into() },
                Some(_) => Edit::PutBack,
            };
            // Who was taken off by a list is put back by one.
            let _ = world.ctx.order(&operator, EditContact { contact: person.id, edit }).await;
            "one off the list, or on it again"
        }
        3 => {
            // One that has nobody, or that is signed, is refused.
            let _ = world.records(&person.account, SignLevel::Director).await;
            "a signature"
        }
        _ => {
            let next = world.now().plus(soundings::base::clock::DAY).to_string();
            world.pass_to(&next).await;
            let open = everybody(world, "not_answered").await;
            if open.is_empty() {
                return "a day";
            }
            let who = open[dice.below(open.len() as u64) as usize].email.as_str().to_string();
            let Some(mail) = world.mails_to(&who).into_iter().find(|mail| mail.kind == "invitation") else {
                return "a day";
            };
            match dice.below(4) {
                0 => world.opts_out(&mail).await,
                1 => world.begins(&mail).await,
                // A link of a mailbox that is somebody else's by now leads nowhere.
                _ => drop(world.answers(&mail).await),
            }
            "an answer"
        }
    }
}

async fn counters_say_what_rows_say(mut world: World) {
    let dice = &mut Dice::new(20_271, "counters");
    world.load(folder(&list(dice))).await;
    checked(&world, "the first list").await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    for account in 0..ACCOUNTS {
        // One that nobody of the list is at is refused.
        let _ = world.records(&format!("Account {account}"), SignLevel::Director).await;
    }
    world.pass_to("2027-02-10T18:00:00Z").await;
    checked(&world, "the start").await;
    let mut used = BTreeSet::new();
    for _ in 0..40 {
        let what = one_thing(&mut world, dice).await;
        checked(&world, what).await;
        used.insert(what);
    }
    assert!(used.len() >= 5, "{used:?}");
    let live = world.live().await;
    let listed = everybody(&world, "listed").await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let places = people::places(&mut tx, &live.id).await.unwrap();
    assert!(places.iter().all(|place| place.contacts > 0) && places.len() > 1, "{places:?}");
    let counted =
        plan::places(&mut tx, &live.id).await.unwrap().into_iter().map(|p| (p.country, p.region, p.time_zone));
    let known: BTreeSet<_> = listed.into_iter().map(|p| (p.country, p.region, p.time_zone)).collect();
    assert_eq!(counted.collect::<Vec<_>>(), known.into_iter().collect::<Vec<_>>());
    assert!(accounts::of_round(&mut tx, &live.id).await.unwrap().iter().any(|a| a.to_look_at > 0));
}

/// On PostgreSQL one statement of a list, and one of a start, changes all of them.
async fn accounts_that_are_changed_together_are_counted_together(mut world: World) {
    let mut rows = String::from(HEADER);
    for n in 0..1_200 {
        let (name, email) = if n % 3 == 0 { ("Erik Holm", ERIK) } else { ("Dora Fields", DORA) };
        rows.push_str(&format!(
            "Account {n:04},Pat,Number{n:04},pat@account{n:04}.example,Buyer,influencer,en,GB,Europe/London,{name},{email},,,no,{n}\n"
        ));
    }
    world.load(folder(&rows)).await;
    checked(&world, "a long list").await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    checked(&world, "the start").await;
    // Of Dora's every second is Erik's now.
    let hand_over = |(n, row): (usize, &str)| match n % 2 {
        0 => row.replace("Dora Fields", "Erik Holm").replace(DORA, ERIK),
        _ => row.to_string(),
    };
    let handed_over: Vec<String> = rows.lines().enumerate().map(hand_over).collect();
    world.load_confirmed(folder(&handed_over.join("\n"))).await;
    checked(&world, "accounts that have another director").await;
    world.promises_hold().await;
}
