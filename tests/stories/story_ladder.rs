//! Directors who do not sign: their deputies and regional heads are asked as well, in working days, once each; who is away is not asked.

use soundings::intake::folder::RoundFolder;
use soundings::rules::journal::Actor;
use soundings::rules::round::SignerSpec;
use soundings::rules::signoff::Standing;
use soundings::rules::signoff::delegation::Why;
use soundings::steps::plan::change::{Change, ChangeRound};
use soundings::steps::round::RoundOrder;
use soundings::steps::signoff::asking::absences::{EndAbsence, NoteAbsence};
use soundings::store::signoff::delegations::{self, Delegation};
use soundings::store::signoff::{self as requests, Request};

use crate::common::reports::away;
use crate::common::{DORA, ERIK, OPERATOR, ROUND, SALES_DIRECTOR, World, northwind};

on_both!(
    a_slow_director_has_his_deputy_and_then_the_regional_head_asked_as_well,
    who_signs_ends_it_for_everybody,
    who_is_away_by_automatic_reply_has_his_deputy_asked_at_once,
    an_operator_notes_an_absence_and_ends_it,
    the_sales_director_has_a_deputy_too,
    a_deputy_who_is_named_late_is_asked_and_nobody_twice_after_a_restart,
    a_round_that_names_nobody_asks_nobody_else,
);

pub const PAUL: &str = "paul.stone@northwind.example";
pub const RUTH: &str = "ruth.calder@northwind.example";

/// The usual round, in which Paul is the deputy of this person and Ruth the regional head.
pub fn with_deputy_of(email: &str) -> RoundFolder {
    let mut folder = northwind();
    folder.spec.signoff.maximum_chases = 4;
    folder.spec.signoff.directors = vec![signer(email)];
    folder
}

pub fn signer(email: &str) -> SignerSpec {
    let address = |text: &str| soundings::base::address::EmailAddress::parse(text).unwrap();
    SignerSpec {
        email: address(email),
        country: "GB".into(),
        region: String::new(),
        deputy: "Paul Stone".into(),
        deputy_email: Some(address(PAUL)),
        regional_head: "Ruth Calder".into(),
        regional_head_email: Some(address(RUTH)),
    }
}

pub async fn begun(world: &mut World, folder: RoundFolder) {
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
}

pub async fn stand_ins(world: &World) -> Vec<Delegation> {
    let round = world.live().await.id.clone();
    delegations::of_round(&mut world.ctx.db.read().await.unwrap(), &round).await.unwrap()
}

pub async fn request(world: &World, email: &str) -> Request {
    let round = world.live().await.id.clone();
    let all = requests::of_round(&mut world.ctx.db.read().await.unwrap(), &round).await.unwrap();
    all.into_iter().find(|r| r.email.as_str() == email).unwrap()
}

pub fn asked(world: &World, email: &str) -> usize {
    world.kinds_to(email).iter().filter(|kind| *kind != "digest").count()
}

async fn a_slow_director_has_his_deputy_and_then_the_regional_head_asked_as_well(mut world: World) {
    begun(&mut world, with_deputy_of(DORA)).await;
    assert_eq!((asked(&world, DORA), asked(&world, PAUL)), (1, 0));
    // The round begins on Monday 25 January: Thursday, Tuesday, Friday, Wednesday.
    world.pass_to("2027-02-04T23:00:00Z").await;
    assert_eq!((asked(&world, DORA), asked(&world, PAUL), asked(&world, RUTH)), (3, 0, 0));
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert_eq!((asked(&world, DORA), asked(&world, PAUL), asked(&world, RUTH)), (4, 1, 0));
    let mail = world.mail_to(PAUL, "sign_off");
    for said in ["Dora Fields has been asked 3 times since", "Globex", "Umbra"] {
        assert!(mail.text.contains(said), "{said} is not in {}", mail.text);
    }
    assert!(!mail.text.contains("Initech"), "{}", mail.text);
    world.pass_to("2027-02-10T12:00:00Z").await;
    assert_eq!((asked(&world, DORA), asked(&world, PAUL), asked(&world, RUTH)), (5, 2, 1));
    // Everybody is asked as often as the round says, and each account was given to each of them once.
    world.pass_to("2027-03-03T12:00:00Z").await;
    assert_eq!((asked(&world, DORA), asked(&world, PAUL), asked(&world, RUTH)), (5, 5, 5));
    let all = stand_ins(&world).await;
    assert_eq!(all.len(), 4);
    assert!(all.iter().all(|d| d.of_email.as_str() == DORA && d.account_id.is_some() && d.why != Why::Colleague));
    // Nothing is decided by itself.
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned);
    world.promises_hold().await;
}

async fn who_signs_ends_it_for_everybody(mut world: World) {
    begun(&mut world, with_deputy_of(DORA)).await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert_eq!(world.sign_all(PAUL, "sign_off").await, [Standing::Signed, Standing::Signed]);
    world.receipts_leave().await;
    let before = (asked(&world, DORA), asked(&world, PAUL));
    world.pass_to("2027-03-03T12:00:00Z").await;
    let requests_to = |email: &str| world.kinds_to(email).iter().filter(|kind| *kind == "sign_off").count();
    assert_eq!((asked(&world, DORA), asked(&world, PAUL)), before);
    assert_eq!((requests_to(DORA), requests_to(PAUL), requests_to(RUTH)), (4, 1, 0));
    world.promises_hold().await;
}

async fn who_is_away_by_automatic_reply_has_his_deputy_asked_at_once(mut world: World) {
    world.takes_replies();
    begun(&mut world, with_deputy_of(DORA)).await;
    let reply = away(&world.mail_to(DORA, "sign_off"), DORA, "I am out of the office until Friday 12 February 2027.");
    world.comes_back(&[reply]).await;
    assert!(world.made_of_it().await.iter().all(|reply| reply.state == "noted"));
    world.work().await;
    assert_eq!((asked(&world, DORA), asked(&world, PAUL), asked(&world, RUTH)), (1, 1, 0));
    let mail = world.mail_to(PAUL, "sign_off");
    assert!(mail.text.contains("Dora Fields is away until Friday 12 February"), "{}", mail.text);
    // On her first working day after it she is asked again, and not before.
    world.pass_to("2027-02-14T23:00:00Z").await;
    assert_eq!(asked(&world, DORA), 1);
    assert!(asked(&world, RUTH) > 0, "the deputy did not answer");
    world.pass_to("2027-02-15T12:00:00Z").await;
    assert_eq!(asked(&world, DORA), 2);
    world.promises_hold().await;
}

async fn an_operator_notes_an_absence_and_ends_it(mut world: World) {
    begun(&mut world, with_deputy_of(DORA)).await;
    let dora = request(&world, DORA).await.id;
    let olga = Actor::operator(OPERATOR);
    let note = |until: &str, why: &str| NoteAbsence { request: dora.clone(), until: until.into(), why: why.into() };
    for (until, why, said) in [
        ("soon", "She called.", "is no day"),
        ("2026-12-24", "She called.", "cannot be away until 2026-12-24"),
        ("2027-01-29", " ", "where you know it from"),
    ] {
        let refused = world.ctx.order(&olga, note(until, why)).await.unwrap_err();
        assert!(refused.to_string().contains(said), "{refused}");
    }
    // Back before she would be asked again: nobody else is asked.
    world.ctx.order(&olga, note("2027-01-27", "She called.")).await.unwrap();
    world.work().await;
    assert_eq!(asked(&world, PAUL), 0);
    world.ctx.order(&olga, note("2027-02-26", "She called again.")).await.unwrap();
    world.work().await;
    assert_eq!((asked(&world, DORA), asked(&world, PAUL)), (1, 1));
    world.pass_to("2027-02-03T12:00:00Z").await;
    assert_eq!(asked(&world, DORA), 1);
    for _ in 0..2 {
        world.ctx.order(&olga, EndAbsence { request: dora.clone() }).await.unwrap();
    }
    world.work().await;
    assert_eq!(asked(&world, DORA), 2);
    world.promises_hold().await;
}

async fn the_sales_director_has_a_deputy_too(mut world: World) {
    begun(&mut world, with_deputy_of(SALES_DIRECTOR)).await;
    world.sign_all(ERIK, "sign_off").await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-05T23:00:00Z").await;
    assert!(asked(&world, SALES_DIRECTOR) >= 3);
    let mail = world.mail_to(PAUL, "counter_sign");
    assert!(mail.text.contains("Margaret Ellison has been asked 3 times"), "{}", mail.text);
    assert!(mail.text.contains("Initech"), "{}", mail.text);
    assert_eq!(world.sign_all(PAUL, "counter_sign").await, [Standing::Signed]);
    world.promises_hold().await;
}

async fn a_deputy_who_is_named_late_is_asked_and_nobody_twice_after_a_restart(mut world: World) {
    let mut folder = northwind();
    folder.spec.signoff.maximum_chases = 2;
    begun(&mut world, folder).await;
    world.pass_to("2027-02-11T12:00:00Z").await;
    assert_eq!((asked(&world, DORA), asked(&world, PAUL)), (3, 0));
    let live = world.live().await;
    let mut change = Change { spec: live.spec.clone(), words: live.words.clone() };
    change.spec.signoff.directors = vec![signer(DORA)];
    let order = ChangeRound { slug: ROUND.into(), version: live.version, change };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
    // Everything that is due is planned, and the program ends before anything has left.
    world.think().await;
    let at_first = stand_ins(&world).await.len();
    assert_eq!(at_first, 4, "two accounts, two people");
    world.restart().await;
    world.work().await;
    assert_eq!((stand_ins(&world).await.len(), asked(&world, PAUL), asked(&world, RUTH)), (at_first, 1, 1));
    world.promises_hold().await;
}

async fn a_round_that_names_nobody_asks_nobody_else(mut world: World) {
    world.started().await;
    world.pass_to("2027-03-03T12:00:00Z").await;
    assert_eq!((asked(&world, DORA), stand_ins(&world).await.len()), (3, 0));
    world.promises_hold().await;
}
