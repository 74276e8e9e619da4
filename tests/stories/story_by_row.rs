//! Each name is signed by itself: what a change leaves as it was stays signed, and what has changed waits alone.

use soundings::rules::journal::Actor;
use soundings::rules::signoff::{Standing, What};
use soundings::steps::contacts::{Allowed, load_list};
use soundings::steps::signoff::names::editing::{Edit, EditContact};

use crate::common::{ANN, BEN, CYD, DORA, ERIK, OPERATOR, ROUND, SALES_DIRECTOR, UMA, World, northwind_with};

on_both!(
    who_is_taken_off_needs_no_signature_and_who_comes_back_does,
    who_comes_late_waits_alone_and_begins_with_the_warm_up,
    what_goes_back_to_what_was_signed_is_signed,
    both_signatures_are_asked_for_the_changed_name_alone,
    the_number_of_names_is_that_of_the_names_that_wait,
    an_account_without_its_last_signed_name_is_not_signed,
);

async fn who_is_taken_off_needs_no_signature_and_who_comes_back_does(mut world: World) {
    world.signed().await;
    let ben = world.person(BEN).await;
    let edit = |edit| EditContact { contact: ben.id.clone(), edit };
    let by = Actor::operator(OPERATOR);
    world.ctx.order(&by, edit(Edit::Remove { reason: "asked by telephone".into() })).await.unwrap();
    assert_eq!(world.account("Globex").await.standing, Standing::Signed);
    assert_eq!(world.account("Globex").await.signed_names, 1);
    let asked = |world: &World| world.kinds_to(DORA).iter().filter(|kind| *kind == "sign_off").count();
    let before = asked(&world);
    // The list is again what was signed, and yet his director has not said that he comes back.
    world.ctx.order(&by, edit(Edit::PutBack)).await.unwrap();
    assert_eq!(world.person(BEN).await.standing, Standing::Unsigned);
    assert_eq!(world.person(ANN).await.standing, Standing::Signed);
    world.pass_to("2027-01-26T12:00:00Z").await;
    assert_eq!(asked(&world), before + 1);
    let sheet = world.sheet(DORA, "sign_off").await;
    let globex = sheet.iter().find(|a| a.account.name == "Globex").unwrap();
    assert_eq!(globex.changes.iter().map(|c| &c.what).collect::<Vec<_>>(), [&What::BackAgain]);
    assert!(world.mail_to(DORA, "sign_off").text.contains("Ben Koch is back on the list"));
    world.pass_to("2027-02-01T18:00:00Z").await;
    assert_eq!((world.kinds_to(ANN), world.kinds_to(BEN)), (vec!["warm_up".to_string()], vec![]));
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-02T18:00:00Z").await;
    assert_eq!(world.kinds_to(BEN), ["warm_up"]);
    world.promises_hold().await;
}

async fn who_comes_late_waits_alone_and_begins_with_the_warm_up(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-09T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    let late = "\nGlobex,Zoe,Zed,zoe.zed@globex.example,Buyer,influencer,en,GB,Europe/London,Dora Fields,";
    let list = northwind_with(&[("\nGlobex,Ben", &format!("{late}{DORA},,,no,\nGlobex,Ben"))]).list;
    load_list(&world.ctx, ROUND, list.accepted, Allowed::default(), &Actor::operator(OPERATOR)).await.unwrap();
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned);
    let zoe = "zoe.zed@globex.example";
    world.pass_to("2027-02-16T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"], "nobody else is held back");
    assert!(world.mails_to(zoe).is_empty());
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-17T18:00:00Z").await;
    assert_eq!(world.kinds_to(zoe), ["warm_up"]);
    world.promises_hold().await;
}

async fn what_goes_back_to_what_was_signed_is_signed(mut world: World) {
    world.signed().await;
    world.corrects(DORA, ANN, |c| c.job_title = "Head of Everything".into()).await;
    assert_eq!(world.person(ANN).await.standing, Standing::Unsigned);
    world.corrects(DORA, ANN, |c| c.job_title = "Head of Quality".into()).await;
    assert_eq!(world.person(ANN).await.standing, Standing::Signed);
    assert_eq!(world.account("Globex").await.standing, Standing::Signed);
    // Once the change was signed, the earlier wording is a change like any other.
    world.corrects(DORA, ANN, |c| c.job_title = "Head of Everything".into()).await;
    world.sign_all(DORA, "sign_off").await;
    world.corrects(DORA, ANN, |c| c.job_title = "Head of Quality".into()).await;
    assert_eq!(world.person(ANN).await.standing, Standing::Unsigned);
    world.promises_hold().await;
}

async fn both_signatures_are_asked_for_the_changed_name_alone(mut world: World) {
    world.signed().await;
    world.corrects(ERIK, CYD, |c| c.last_name = "Moore".into()).await;
    let initech = world.account("Initech").await;
    assert_eq!((initech.standing, initech.listed, initech.signed_names), (Standing::Unsigned, 2, 1));
    assert_eq!(world.sign_all(ERIK, "sign_off").await, [Standing::CounterSign]);
    assert_eq!(world.account("Initech").await.signed_names, 1);
    world.pass_to("2027-01-26T18:00:00Z").await;
    let mail = world.mail_to(SALES_DIRECTOR, "counter_sign");
    assert!(mail.text.contains("Cyd Moore was corrected"), "{}", mail.text);
    assert_eq!(world.sheet(SALES_DIRECTOR, "counter_sign").await[0].to_count, 1);
    assert_eq!(world.sign_all(SALES_DIRECTOR, "counter_sign").await, [Standing::Signed]);
    world.pass_to("2027-02-03T18:00:00Z").await;
    assert_eq!(world.kinds_to(CYD), ["warm_up"]);
    world.promises_hold().await;
}

async fn the_number_of_names_is_that_of_the_names_that_wait(mut world: World) {
    world.signed().await;
    world.corrects(DORA, ANN, |c| c.first_name = "Anne".into()).await;
    let sheet = world.sheet(DORA, "sign_off").await;
    let globex = sheet.into_iter().find(|a| a.account.name == "Globex").unwrap();
    assert_eq!((globex.names.len(), globex.to_count), (2, 1));
    world.sign(DORA, "sign_off", &globex, "2").await.unwrap_err();
    assert_eq!(world.sign(DORA, "sign_off", &globex, "1").await.unwrap(), Standing::Signed);
    assert_eq!(world.sign(DORA, "sign_off", &globex, "1").await.unwrap(), Standing::Signed, "a second tap");
    world.promises_hold().await;
}

async fn an_account_without_its_last_signed_name_is_not_signed(mut world: World) {
    world.signed().await;
    world.removes(DORA, UMA).await;
    let umbra = world.account("Umbra").await;
    assert_eq!((umbra.standing, umbra.listed, umbra.signed_names), (Standing::Unsigned, 0, 0));
    world.pass_to("2027-02-10T18:00:00Z").await;
    assert!(world.mails_to(UMA).is_empty());
    world.promises_hold().await;
}
