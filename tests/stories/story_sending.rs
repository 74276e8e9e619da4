//! The sequence: in order, in the contact's own hours, with the right sender and links; answered once; late where it was late.

use soundings::base::clock::Ts;
use soundings::rules::journal::Actor;
use soundings::rules::message::MessageState;
use soundings::steps::contacts::opt_out::{Length, OptOut};
use soundings::steps::response::Sent;
use soundings::steps::round::RoundOrder;

use crate::common::{ANN, BEN, CEO, CYD, DEE, DORA, GERMANY, MAX, ROUND, TEAM, UMA, World, at, secret_in};

on_both!(
    a_contact_gets_the_letters_in_order_and_in_own_hours,
    an_answer_stops_the_reminders_and_thanks_follow,
    m04_headers_and_links_are_those_of_the_contract,
    f17_a_machine_that_slept_sends_in_the_next_window,
    f21_a_message_that_cannot_be_made_fails_alone,
    account_managers_hear_who_has_not_answered,
    a_round_that_closes_withdraws_the_rest,
);

async fn a_contact_gets_the_letters_in_order_and_in_own_hours(mut world: World) {
    world.signed().await;
    world.pass_to("2027-03-08T12:00:00Z").await;
    let times = |address: &str| -> Vec<(String, Ts)> {
        world.mails_to(address).into_iter().map(|mail| (mail.kind, mail.at)).collect()
    };
    let sequence = ["warm_up", "invitation", "reminder", "reminder", "reminder"];
    let expected = |instants: [&str; 5]| -> Vec<(String, Ts)> {
        sequence.iter().zip(instants).map(|(kind, t)| (kind.to_string(), at(t))).collect()
    };
    // Half past nine on the Monday before, ten on the opening day, then three Thursdays: each on the contact's own clock.
    assert_eq!(
        times(ANN),
        expected([
            "2027-02-01T09:30:00Z",
            "2027-02-08T10:00:00Z",
            "2027-02-11T09:30:00Z",
            "2027-02-18T09:30:00Z",
            "2027-02-25T09:30:00Z"
        ])
    );
    assert_eq!(times(BEN)[1], ("invitation".into(), at("2027-02-08T09:00:00Z")));
    // Monday is Waitangi Day in New Zealand, as observed.
    assert_eq!(times(UMA)[1], ("invitation".into(), at("2027-02-08T21:00:00Z")));
    assert_eq!(times(CYD)[1], ("invitation".into(), at("2027-02-08T15:00:00Z")));
    assert!([ANN, BEN, UMA, CYD, DEE].iter().all(|contact| world.kinds_to(contact) == sequence));
    let senders = |address: &str| -> Vec<String> { world.mails_to(address).into_iter().map(|m| m.from).collect() };
    assert_eq!(senders(ANN), [CEO, TEAM, TEAM, TEAM, TEAM]);
    assert_eq!(senders(BEN), [GERMANY, TEAM, TEAM, TEAM, TEAM]);
    assert!(world.mail_to(BEN, "invitation").text.contains("pers\u{f6}nlicher Link"));
    assert_eq!(world.mails_to(ANN)[4].subject(), "Still open, again");
    world.promises_hold().await;
}

async fn an_answer_stops_the_reminders_and_thanks_follow(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    let invitation = world.mail_to(ANN, "invitation");
    world.begins(&invitation).await;
    assert!(world.person(ANN).await.started_at.is_some());
    assert_eq!(world.answers(&invitation).await.unwrap(), Sent::Complete);
    assert!(world.answers(&invitation).await.is_err(), "what was sent is not changed any more");
    // F19: a double click on the last button.
    let secret = secret_in(&invitation, "/assessment/");
    assert_eq!(
        world
            .ctx
            .order(
                &Actor::Visitor,
                soundings::steps::response::SendAnswers { secret: secret.clone(), language: "en".into() }
            )
            .await
            .unwrap()
            .1,
        Sent::Already
    );
    world.pass_to("2027-03-04T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "thank_you"]);
    assert_eq!(world.mail_to(ANN, "thank_you").at, at("2027-02-09T09:00:00Z"), "as soon as mail goes again");
    assert_eq!(world.kinds_to(BEN).len(), 5, "others are reminded");
    let status = soundings::steps::completion::status(&world.ctx, ROUND).await.unwrap();
    assert_eq!((status.individual.completed, status.individual.reachable, status.accounts.completed), (1, 5, 1));
    assert_eq!(status.handoff.completed, 1);
    world.promises_hold().await;
}

async fn m04_headers_and_links_are_those_of_the_contract(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    let mail = world.mail_to(ANN, "invitation");
    assert_eq!((mail.round.as_str(), mail.kind.as_str()), (ROUND, "invitation"));
    assert_eq!(world.row(ANN, "invitation").await.id, mail.message.as_str());
    assert_eq!(mail.message_id, format!("<{}@northwind.example>", mail.message));
    assert_eq!(mail.header("Auto-Submitted"), None, "an absence is to be heard of");
    let one_click = mail.header("List-Unsubscribe").unwrap();
    assert_eq!(one_click, format!("<{}>", mail.link("/opt-out/").unwrap()));
    assert_eq!(mail.header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
    let person = soundings::steps::response::open(&world.ctx, &secret_in(&mail, "/assessment/")).await.unwrap();
    assert_eq!(person.unwrap().person.email.as_str(), ANN);
    // S19: the link of one purpose opens no other door.
    let ctx = &world.ctx;
    let (asks, leaves) = (secret_in(&mail, "/assessment/"), secret_in(&mail, "/opt-out/"));
    assert!(soundings::steps::response::open(ctx, &leaves).await.unwrap().is_none());
    assert!(soundings::steps::response::opt_out_page(ctx, &asks).await.unwrap().is_none());
    assert!(
        !ctx.order(&Actor::Visitor, OptOut { secret: asks.clone(), length: Length::NeverAgain, how: "one click" })
            .await
            .unwrap()
    );
    assert!(soundings::steps::signoff::sheet(ctx, &asks).await.unwrap().is_none());
    world.promises_hold().await;
}

async fn f17_a_machine_that_slept_sends_in_the_next_window(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T08:00:00Z").await;
    assert_eq!(world.row(ANN, "invitation").await.due_at, at("2027-02-08T10:00:00Z"));
    // Off from Monday morning to Friday night: nothing leaves at night, nor on the weekend.
    world.sleep_until("2027-02-12T22:00:00Z");
    world.work().await;
    assert_eq!(world.kinds_to(ANN), ["warm_up"]);
    world.pass_to("2027-02-16T18:00:00Z").await;
    assert_eq!(world.mail_to(ANN, "invitation").at, at("2027-02-15T09:00:00Z"));
    // Monday is Presidents' Day in New York.
    assert_eq!(world.mail_to(CYD, "invitation").at, at("2027-02-16T14:00:00Z"));
    // F16: a clock that is set back repeats nothing.
    world.ctx.clock.turn_to(at("2027-02-15T09:00:00Z"));
    world.work().await;
    world.pass_to("2027-02-17T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    assert_eq!(world.kinds_to(ANN), world.kinds_to(CYD));
    world.promises_hold().await;
}

async fn f21_a_message_that_cannot_be_made_fails_alone(mut world: World) {
    let mut folder = crate::common::northwind();
    let german = folder.words.get_mut("de").unwrap().get_mut("invitation").unwrap();
    german.body = "{{ nobody_knows_this }}\n\n{{ link }}\n".into();
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    let failed = world.in_state(MessageState::Failed).await;
    assert_eq!(failed.len(), 1);
    assert_eq!((failed[0].to_email.as_str(), failed[0].attempt), (BEN, 1), "it is not tried over and over");
    assert!(failed[0].answer.as_deref().unwrap_or_default().contains("could not be made"), "{failed:?}");
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    // The folder is mended and loaded again, and the operator tries once more.
    world.load(crate::common::northwind()).await;
    let action = soundings::steps::sending::outbox::MessageAction::Retry;
    world
        .ctx
        .order(
            &Actor::operator(crate::common::OPERATOR),
            soundings::steps::sending::outbox::ActOnMessage { message: failed[0].id.clone(), action },
        )
        .await
        .unwrap();
    world.pass_to("2027-02-10T18:00:00Z").await;
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation"]);
    assert!(world.person(BEN).await.invited_at.is_some());
    world.promises_hold().await;
}

async fn account_managers_hear_who_has_not_answered(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    assert!(world.mails_to(MAX).is_empty(), "nobody is invited when the first list is due");
    world.begins(&world.mail_to(CYD, "invitation")).await;
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    world.pass_to("2027-02-15T18:00:00Z").await;
    let digest = world.mail_to(MAX, "digest");
    assert_eq!((digest.at, digest.subject()), (at("2027-02-15T08:00:00Z"), "3 have not answered"));
    let open = ["Cyd Moor, Chief Operating Officer, Initech. Nobody of Initech has", "Ben Koch", "Dee York"];
    assert!(open.iter().all(|name| digest.text.contains(name)), "{}", digest.text);
    assert!(digest.text.contains("25 % (1 of 4)"), "{}", digest.text);
    assert!(!digest.text.contains("Ann Lee") && !digest.text.contains("Uma Reid"), "{}", digest.text);
    world.pass_to("2027-02-22T18:00:00Z").await;
    assert_eq!(world.kinds_to(MAX), ["digest", "digest"]);
    world.promises_hold().await;
}

async fn a_round_that_closes_withdraws_the_rest(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    let invitation = world.mail_to(ANN, "invitation");
    world.order(RoundOrder::Close).await;
    assert!(world.in_state(MessageState::Planned).await.is_empty());
    let rest = world.in_state(MessageState::Withdrawn).await;
    assert!(rest.len() == 5 && rest.iter().all(|m| m.reason.as_deref() == Some("round_closed")), "{rest:?}");
    assert!(world.answers(&invitation).await.is_err());
    let mails = world.mailbox.count();
    world.pass_to("2027-03-10T12:00:00Z").await;
    assert_eq!(world.mailbox.count(), mails);
    world.promises_hold().await;
}
