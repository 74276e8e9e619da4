//! Next year's round where something is amiss: rows that cannot be read or listed, a press that was stopped, another round beside it.

use soundings::rules::journal::Actor;
use soundings::steps::plan::change::{Change, ChangeRound};
use soundings::steps::round::making::{Made, MakeRound};
use soundings::steps::round::next::{self, NOT_CARRIED};
use soundings::steps::round::{RoundOrder, TellRound, folder};
use soundings::steps::{completion, signoff};

use crate::common::{BEN, CYD, DEE, DORA, OPERATOR, ROUND, UMA, World, crowd, secret_in};
use crate::story_garbage::spoil;
use crate::story_next_round::{NEXT, everybody, of_umbra, said, shown};

on_both!(
    nobody_is_lost_in_silence,
    what_is_shown_is_another_where_anything_of_it_has_changed,
    a_draft_whose_people_never_came_gets_them_whoever_presses,
    of_two_rounds_side_by_side_the_one_that_it_was_made_from_was_last_year,
);

/// Somebody has new links, who had this address before.
async fn had(world: &World, contact: &str, before: &str) {
    spoil(world, &format!("UPDATE contact SET links = 1 WHERE email = '{contact}'")).await;
    let former = format!(
        "INSERT INTO former_link (id, contact_id, email, link_hash, opt_out_hash, same_person, replaced_at, replaced_by)
         SELECT 'former-' || id, id, '{before}', 'l-' || id, 'o-' || id, 1, 1, 'test' FROM contact WHERE email = '{contact}'"
    );
    spoil(world, &former).await;
}

async fn nobody_is_lost_in_silence(world: World) {
    world.load(everybody()).await;
    world.order(RoundOrder::Start).await;
    let (cyd, ben) = (world.person(CYD).await, world.person(BEN).await);
    let nameless = format!("UPDATE contact SET first_name = 'Unknown', last_name = 'Unknown' WHERE id = '{}'", cyd.id);
    spoil(&world, &nameless).await;
    spoil(&world, &format!("UPDATE contact SET email = 'no address' WHERE id = '{}'", ben.id)).await;
    // A mailbox that was given up and taken back is no new one.
    had(&world, DEE, DEE).await;
    had(&world, UMA, &of_umbra("Before")).await;

    let next = shown(&world).await;
    let told =
        |name: &str| next.not_carried.iter().find(|n| n.name == name).map(|n| (n.account.as_str(), n.why.as_str()));
    let (account, why) = told("Unknown Unknown").unwrap();
    assert_eq!(account, cyd.account);
    assert!(why.starts_with("a list would not take this row: “Unknown Unknown” is not a person's name."), "{why}");
    assert_eq!(
        told(&ben.full_name()),
        Some((ben.account.as_str(), "the row of this contact cannot be read in the database"))
    );
    // The same numbers wherever somebody looks.
    let came: usize = next.came.iter().map(|(_, people)| people).sum();
    let listed = next.folder().unwrap().list.accepted.len();
    assert_eq!((next.rows.len(), came, listed, next.not_carried.len()), (8, 8, 8, 2));
    let dir = tempfile::tempdir().unwrap();
    next::write(dir.path(), &next).unwrap();
    let read = folder::read(dir.path()).unwrap();
    let said = said(&read);
    assert_eq!(said.len(), 8);
    let beside = std::fs::read_to_string(dir.path().join(NOT_CARRIED)).unwrap();
    assert!(beside.lines().count() == 3 && beside.contains("no address"), "{beside}");
    assert_eq!(said[DEE], "northwind-2027 | not invited |  | ");
    assert_eq!(said[UMA], "northwind-2027 | not invited |  | has a new address");
}

async fn what_is_shown_is_another_where_anything_of_it_has_changed(world: World) {
    world.load(everybody()).await;
    world.order(RoundOrder::Start).await;
    let mut seen = vec![shown(&world).await.version];
    assert_eq!(shown(&world).await.version, seen[0]);
    for changed in [
        format!("UPDATE contact SET job_title = 'Head of it all' WHERE email = '{UMA}'"),
        format!("UPDATE contact SET invited_at = 5 WHERE email = '{UMA}'"),
        format!("UPDATE account SET director_name = 'Dora Meadows' WHERE director_email = '{DORA}'"),
    ] {
        spoil(&world, &changed).await;
        let version = shown(&world).await.version;
        assert!(!seen.contains(&version), "{changed}");
        seen.push(version);
    }
    let live = world.ctx.live_by_slug(&mut world.ctx.db.read().await.unwrap(), ROUND).await.unwrap();
    let mut change = Change { spec: live.spec.clone(), words: live.words.clone() };
    let letter = change.words.get_mut("en").and_then(|words| words.get_mut("thank_you")).unwrap();
    letter.subject = "Thanks again".into();
    let order = ChangeRound { slug: ROUND.into(), version: live.version, change };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
    assert!(!seen.contains(&shown(&world).await.version), "a letter");
}

async fn a_draft_whose_people_never_came_gets_them_whoever_presses(world: World) {
    world.load(everybody()).await;
    world.order(RoundOrder::Start).await;
    let content = shown(&world).await.content;
    let order = MakeRound { content, from: format!("round {ROUND}") };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
    let next = shown(&world).await;
    assert!(next.is_there && next.without_people);
    let list = next.folder().unwrap().list;
    for actor in [Actor::Visitor, Actor::Program, Actor::List] {
        assert!(next::make(&world.ctx, &actor, next.clone(), &list).await.is_err(), "{actor:?}");
    }
    let other = Actor::operator("peter@northwind.example");
    assert_eq!(next::make(&world.ctx, &other, next, &list).await.unwrap(), Made::New);
    let status = completion::status(&world.ctx, NEXT).await.unwrap();
    assert_eq!(status.individual.listed, 10);
    let next = shown(&world).await;
    assert!(next.is_there && !next.without_people);
    world.promises_hold().await;
}

async fn tell(world: &World, slug: &str, order: RoundOrder) {
    let order = TellRound { slug: slug.into(), order };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
}

async fn of_two_rounds_side_by_side_the_one_that_it_was_made_from_was_last_year(mut world: World) {
    world.load(everybody()).await;
    world.order(RoundOrder::Start).await;
    // One of other people of the same client, started a day later.
    let mut beside = crowd(10);
    beside.spec.round = "northwind-beside".into();
    world.load(beside).await;
    world.sleep_until("2027-01-26T09:00:00Z");
    tell(&world, "northwind-beside", RoundOrder::Start).await;
    for slug in [ROUND, "northwind-beside"] {
        tell(&world, slug, RoundOrder::Close).await;
    }
    let next = shown(&world).await;
    let read = next.folder().unwrap();
    next::make(&world.ctx, &Actor::operator(OPERATOR), next, &read.list).await.unwrap();
    let mut loaded = read;
    loaded.spec.round = "northwind-loaded".into();
    world.load(loaded).await;

    // Nobody says that this one was made from either, and the last one was of other people: nothing is said of anybody.
    world.sleep_until("2028-01-10T10:00:00Z");
    tell(&world, "northwind-loaded", RoundOrder::Start).await;
    world.work().await;
    let secret = secret_in(&world.mail_to(DORA, "sign_off"), "/sign-off/");
    let sheet = signoff::sheet(&world.ctx, &secret).await.unwrap().unwrap();
    assert_eq!(sheet.live.slug, "northwind-loaded");
    assert!(sheet.before.people.is_empty(), "{:?}", sheet.before);
    tell(&world, "northwind-loaded", RoundOrder::Close).await;

    // Two are closed that were started later than the one that this was made from.
    world.sleep_until("2028-01-11T10:00:00Z");
    tell(&world, NEXT, RoundOrder::Start).await;
    world.work().await;
    let secret = secret_in(&world.mail_to(DORA, "sign_off"), "/sign-off/");
    let sheet = signoff::sheet(&world.ctx, &secret).await.unwrap().unwrap();
    assert_eq!(sheet.live.slug, NEXT);
    assert!(sheet.before.last_year && !sheet.before.people.is_empty());
    for last in sheet.before.people.values() {
        assert_eq!(last.sentence("en", true), "Was on the list last year and not invited.");
    }
}
