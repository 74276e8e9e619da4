//! Receipts: whoever signed, or in whose name it was recorded, is mailed what is signed, in one mail, with the line that proves it later.

use soundings::base::clock::{MINUTE, SECOND};
use soundings::rules::signoff::SignLevel;
use soundings::steps::round::RoundOrder;
use soundings::steps::signoff;

use crate::common::{ANN, BEN, DORA, ERIK, UMA, World, secret_in};

on_both!(
    what_was_signed_is_told_in_one_mail_with_every_name,
    what_was_recorded_is_told_to_whoever_was_to_sign,
    a_receipt_goes_while_the_round_is_paused,
);

fn later(world: &World, by: i64) {
    world.ctx.clock.turn_to(world.now().plus(by));
}

fn receipts(world: &World, to: &str) -> usize {
    world.kinds_to(to).iter().filter(|kind| *kind == "receipt").count()
}

async fn what_was_signed_is_told_in_one_mail_with_every_name(mut world: World) {
    world.started().await;
    let lists = world.sheet(DORA, "sign_off").await;
    world.sign(DORA, "sign_off", &lists[0], "2").await.unwrap();
    later(&world, 2 * MINUTE - SECOND);
    world.sign(DORA, "sign_off", &lists[1], "1").await.unwrap();
    world.work().await;
    assert_eq!(receipts(&world, DORA), 0, "what else is signed is waited for");
    later(&world, SECOND);
    world.work().await;
    let mail = world.mail_to(DORA, "receipt");
    assert_eq!(mail.subject(), "Signed: 3 names for Relationship assessment 2027");
    let text = mail.text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "at 2 accounts:",
        "Globex: 2 names, signed on Monday 25 January, 09:00, with the number of names",
        "Ann Lee, Head of Quality, influencer, ann.lee@globex.example",
        "Ben Koch, Einkaufsleiter, key decision maker, ben.koch@globex.example",
        "Umbra: 1 name, signed on Monday 25 January, 09:01, with the number of names",
        "Uma Reid, Operations Manager, operational contact, uma.reid@umbra.example",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    // The link leads to the page, and the page shows the same line to keep.
    let sheet = signoff::sheet(&world.ctx, &secret_in(&mail, "/sign-off/")).await.unwrap().unwrap();
    let record = sheet.record.unwrap().sentence("en");
    assert!(text.contains(&record), "{record}: {text}");
    assert_eq!(mail.header("auto-submitted"), Some("auto-generated"));
    assert!([ANN, BEN, UMA].iter().all(|contact| world.mails_to(contact).is_empty()));

    // Signed again after a change: what is told then is the list of now.
    world.corrects(DORA, ANN, |c| c.last_name = "Leigh".into()).await;
    world.sign_all(DORA, "sign_off").await;
    later(&world, 2 * MINUTE);
    world.work().await;
    assert_eq!(receipts(&world, DORA), 2);
    let second = world.mail_to(DORA, "receipt");
    assert!(second.subject().contains("2 names") && second.text.contains("Ann Leigh") && !second.text.contains("Uma"));
    world.promises_hold().await;
}

async fn what_was_recorded_is_told_to_whoever_was_to_sign(mut world: World) {
    world.started().await;
    world.records("Initech", SignLevel::Director).await.unwrap();
    later(&world, 2 * MINUTE);
    world.work().await;
    let mail = world.mail_to(ERIK, "receipt");
    assert!(mail.text.contains("signed by Dora Fields, recorded by us on"), "{}", mail.text);
    assert!(mail.text.contains("cyd.moor@initech.example"), "{}", mail.text);
    assert_eq!(receipts(&world, DORA), 0);
    world.promises_hold().await;
}

async fn a_receipt_goes_while_the_round_is_paused(mut world: World) {
    world.started().await;
    world.order(RoundOrder::Pause).await;
    world.sign_all(DORA, "sign_off").await;
    later(&world, 2 * MINUTE);
    world.work().await;
    assert_eq!(receipts(&world, DORA), 1);
}
