//! Sign-off: asked, chased, signed, counter-signed, recorded, and signed again after a change.

use soundings::base::problem::Kind;
use soundings::rules::message::MessageState;
use soundings::rules::signoff::{SignLevel, Standing};
use soundings::steps::round::RoundOrder;

use crate::common::{ANN, BEN, CYD, DORA, ERIK, SALES_DIRECTOR, UMA, World};

on_both!(
    nobody_is_written_to_before_the_signature,
    a_strategic_account_needs_the_second_signature,
    s19_a_signature_covers_the_list_it_was_shown,
    a_change_after_the_signature_stops_what_was_planned_and_a_new_one_resumes_it,
    directors_are_chased_by_schedule_and_not_after_signing,
    a_chase_that_waits_stops_with_the_signature,
    an_approval_given_elsewhere_is_recorded,
    whoever_signs_again_reads_what_changed_and_what_it_was,
    a_second_mail_says_that_it_is_the_second_and_what_is_left,
    what_is_signed_on_a_day_is_counter_signed_in_one_mail_of_that_day,
);

async fn nobody_is_written_to_before_the_signature(mut world: World) {
    world.started().await;
    let mail = world.mail_to(DORA, "sign_off");
    assert_eq!(mail.subject(), "3 names to sign off");
    assert_eq!(mail.header("List-Unsubscribe"), None);
    world.pass_to("2027-02-19T18:00:00Z").await;
    assert!([ANN, BEN, UMA, CYD].iter().all(|contact| world.mails_to(contact).is_empty()));
    assert_eq!(world.person(ANN).await.waiting_for.as_deref(), Some("not_signed_off"));
    // Late, but not too late: the sequence begins when the signature comes.
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-22T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up"]);
    assert!(world.mails_to(CYD).is_empty());
    world.promises_hold().await;
}

async fn a_strategic_account_needs_the_second_signature(mut world: World) {
    world.started().await;
    assert!(world.mails_to(SALES_DIRECTOR).is_empty());
    assert_eq!(world.sign_all(ERIK, "sign_off").await, [Standing::CounterSign]);
    world.pass_to("2027-02-02T18:00:00Z").await;
    assert!(world.mails_to(CYD).is_empty());
    assert_eq!(world.mails_to(SALES_DIRECTOR)[0].subject(), "2 names to counter-sign");
    assert_eq!(world.sign_all(SALES_DIRECTOR, "counter_sign").await, [Standing::Signed]);
    world.pass_to("2027-02-03T18:00:00Z").await;
    assert_eq!(world.kinds_to(CYD), ["warm_up"]);
    world.promises_hold().await;
}

async fn s19_a_signature_covers_the_list_it_was_shown(mut world: World) {
    world.started().await;
    let shown = world.sheet(DORA, "sign_off").await.remove(0);
    let wrong = world.sign(DORA, "sign_off", &shown, "3").await.unwrap_err();
    assert_eq!(wrong.kind, Kind::Unusable);
    world.corrects(DORA, ANN, |c| c.last_name = "Leigh".into()).await;
    let late = world.sign(DORA, "sign_off", &shown, "2").await.unwrap_err();
    assert!(late.what.contains("has changed"), "{late}");
    // Another director's link signs nothing here, and a contact's link is no sign-off link.
    let foreign = world.sign(ERIK, "sign_off", &shown, "2").await.unwrap_err();
    assert_eq!(foreign.kind, Kind::NotFound);
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned);
    assert_eq!(world.sign_all(DORA, "sign_off").await, [Standing::Signed, Standing::Signed]);
    // A second tap hears what the first one did; another number is still no signature.
    let again = &world.sheet(DORA, "sign_off").await[0];
    assert_eq!(world.sign(DORA, "sign_off", again, "2").await.unwrap(), Standing::Signed);
    assert_eq!(world.sign(DORA, "sign_off", again, "3").await.unwrap_err().kind, Kind::Unusable);
    world.promises_hold().await;
}

async fn a_change_after_the_signature_stops_what_was_planned_and_a_new_one_resumes_it(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert_eq!(world.rows_to(ANN).await, ["warm_up/1 sent", "invitation/1 planned"]);
    let planned = world.row(ANN, "invitation").await.id;
    world.corrects(DORA, ANN, |c| c.first_name = "Anne".into()).await;
    world.work().await;
    assert_eq!(world.kinds_to(DORA), ["sign_off", "receipt", "sign_off"], "she is asked for the changed name");
    world.pass_to("2027-02-09T18:00:00Z").await;
    let row = world.row(ANN, "invitation").await;
    assert_eq!((row.state, row.reason.as_deref()), (MessageState::Withdrawn, Some("list_changed")));
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation"], "the others of the account stay signed");
    assert_eq!(world.kinds_to(UMA), ["warm_up", "invitation"]);
    assert_eq!(world.person(ANN).await.waiting_for.as_deref(), Some("list_changed"));

    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-10T18:00:00Z").await;
    let mail = world.mail_to(ANN, "invitation");
    assert_eq!(planned, mail.message.as_str(), "the same message, planned anew");
    assert!(mail.text.contains("Dear Anne,"));
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    assert_eq!(world.person(ANN).await.sent_count, 2, "a message planned anew counts like any other");
    world.promises_hold().await;
}

async fn directors_are_chased_by_schedule_and_not_after_signing(mut world: World) {
    world.started().await;
    // Asked on Monday; every three working days, at nine; twice at most.
    world.pass_to("2027-02-12T18:00:00Z").await;
    let days: Vec<String> = world.mails_to(ERIK).iter().map(|m| m.at.to_string()).collect();
    assert_eq!(days, ["2027-01-25T09:00:00Z", "2027-01-28T09:00:00Z", "2027-02-02T09:00:00Z"]);
    world.sign_all(DORA, "sign_off").await;
    world.receipts_leave().await;
    // Where her accounts stand she hears every week.
    let asked = |world: &World| world.mails_to(DORA).iter().filter(|mail| mail.kind != "digest").count();
    let before = asked(&world);
    world.pass_to("2027-02-28T18:00:00Z").await;
    assert_eq!(asked(&world), before);
    world.promises_hold().await;
}

async fn a_chase_that_waits_stops_with_the_signature(mut world: World) {
    world.started().await;
    world.sleep_until("2027-01-28T09:00:00Z");
    world.think().await;
    assert_eq!(world.rows_to(DORA).await, ["sign_off/1 sent", "sign_off/2 planned"]);
    world.sign_all(DORA, "sign_off").await;
    assert_eq!(world.rows_to(DORA).await, ["sign_off/1 sent", "sign_off/2 withdrawn"]);
    // The same when the approval was given elsewhere.
    world.records("Initech", SignLevel::Director).await.unwrap();
    world.work().await;
    assert_eq!(world.kinds_to(ERIK), ["sign_off"]);
    assert_eq!(world.kinds_to(DORA), ["sign_off"]);
    world.promises_hold().await;
}

async fn an_approval_given_elsewhere_is_recorded(mut world: World) {
    world.started().await;
    assert_eq!(world.records("Globex", SignLevel::Director).await.unwrap(), Standing::Signed);
    assert_eq!(world.records("Umbra", SignLevel::Director).await.unwrap(), Standing::Signed);
    assert_eq!(world.records("Umbra", SignLevel::Director).await.unwrap(), Standing::Signed, "a second tap");
    assert_eq!(world.records("Initech", SignLevel::SalesDirector).await.unwrap_err().kind, Kind::Refused);
    world.pass_to("2027-02-03T18:00:00Z").await;
    assert_eq!(world.kinds_to(DORA), ["sign_off", "receipt"], "nothing is left to chase for");
    assert_eq!(world.kinds_to(ANN), ["warm_up"]);
    let signature = &world.sheet(DORA, "sign_off").await[0].signatures[0];
    assert_eq!((signature.how.as_str(), signature.recorded_by.as_str()), ("recorded", crate::common::OPERATOR));
    assert!(signature.evidence.contains("2027-01-26"));
    world.order(RoundOrder::Pause).await;
    world.promises_hold().await;
}

async fn whoever_signs_again_reads_what_changed_and_what_it_was(mut world: World) {
    world.signed().await;
    world.corrects(DORA, ANN, |c| (c.last_name, c.job_title) = ("Leigh".into(), "Head of Buying".into())).await;
    world.removes(DORA, BEN).await;
    world.pass_to("2027-01-26T12:00:00Z").await;
    let asked = world.mail_to(DORA, "sign_off");
    assert!(asked.subject().starts_with("2 names changed since you signed"), "{}", asked.subject());
    let words = asked.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("Globex: Ann Leigh was corrected: name Ann Leigh, was Ann Lee; job title Head of Buying, was"),
        "{words}"
    );
    assert!(words.contains("Globex: Ben Koch is off the list"), "{words}");
    // What a list that is loaded again has changed is told in the same words.
    world.sign_all(DORA, "sign_off").await;
    world.load(crate::common::northwind_with(&[("Uma,Reid", "Umay,Reid")])).await;
    world.pass_to("2027-01-27T12:00:00Z").await;
    let asked = world.mail_to(DORA, "sign_off").text;
    assert!(asked.contains("Umbra: Umay Reid was corrected: name Umay Reid, was Uma Reid"), "{asked}");
    world.promises_hold().await;
}

async fn a_second_mail_says_that_it_is_the_second_and_what_is_left(mut world: World) {
    world.started().await;
    let sheet = world.sheet(DORA, "sign_off").await;
    let umbra = sheet.iter().find(|a| a.account.name == "Umbra").unwrap();
    world.sign(DORA, "sign_off", umbra, "1").await.unwrap();
    world.pass_to("2027-01-28T12:00:00Z").await;
    let mail = world.mail_to(DORA, "sign_off");
    assert_eq!(mail.subject(), "Still to sign off: 2 names for Relationship assessment 2027");
    let words = mail.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("This is the second mail about names to sign off."), "{words}");
    assert!(
        words.contains("Globex: 2 names, asked for since Monday 25 January") && !words.contains("Umbra"),
        "{words}"
    );
    assert!(words.contains("The first letter to these people leaves on Monday 1 February"), "{words}");
    assert!(mail.html.contains("Sign off 2 names"));
    // S26: what is answered to it comes to the reply desk.
    assert!(mail.header("Reply-To").is_none(), "without a return address of ours it goes to the team");
    world.promises_hold().await;
}

async fn what_is_signed_on_a_day_is_counter_signed_in_one_mail_of_that_day(mut world: World) {
    world.started().await;
    world.sign_all(ERIK, "sign_off").await;
    world.pass_to("2027-01-25T12:00:00Z").await;
    assert!(world.mails_to(SALES_DIRECTOR).is_empty(), "it waits for what else is signed today");
    world.pass_to("2027-01-25T20:00:00Z").await;
    let first = world.mail_to(SALES_DIRECTOR, "counter_sign");
    assert!(first.html.contains("Counter-sign 2 names"));
    // Changed and signed anew on the day after: asked on that day, not when the chase comes.
    let dee = crate::common::DEE;
    world.corrects(ERIK, dee, |c| c.job_title = "Chief".into()).await;
    world.pass_to("2027-01-26T10:00:00Z").await;
    world.sign_all(ERIK, "sign_off").await;
    world.pass_to("2027-01-26T20:00:00Z").await;
    let days: Vec<String> = world.mails_to(SALES_DIRECTOR).iter().map(|m| m.at.to_string()).collect();
    assert_eq!(days, [first.at.to_string(), world.mail_to(SALES_DIRECTOR, "counter_sign").at.to_string()]);
    assert!(days[0].starts_with("2027-01-25") && days[1].starts_with("2027-01-26"), "{days:?}");
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    world.pass_to("2027-02-03T18:00:00Z").await;
    assert_eq!(world.kinds_to(SALES_DIRECTOR), ["counter_sign", "counter_sign", "receipt"]);
    world.promises_hold().await;
}
