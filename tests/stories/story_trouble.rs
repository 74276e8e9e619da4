//! Trouble that many share: held, told everywhere, undone by one order without a second copy; and what is no such trouble.

use std::collections::BTreeSet;
use std::sync::Arc;

use soundings::intake::folder::RoundFolder;
use soundings::rehearsal::mailbox::{Received, ServerFault, ServerStage};
use soundings::rehearsal::play::usual_pace;
use soundings::rules::journal::Actor;
use soundings::rules::message::{MessageKind, MessageState};
use soundings::rules::sending::pace::Policy;
use soundings::steps::round::RoundOrder;
use soundings::steps::sending::outbound::holds;
use soundings::steps::sending::trouble::{self, IncidentAlarm};
use soundings::store;

use crate::common::reports::report;
use crate::common::{DORA, HEADER, MAX, OPERATOR, ROUND, World, crowd, folder};

on_both!(
    everybody_behind_one_gateway_is_unknown_and_one_order_makes_it_good,
    our_relay_refuses_for_all_and_one_order_makes_it_good,
    our_sender_is_refused_before_anybody_is_named,
    an_installation_without_a_pace_is_protected_too,
    a_message_that_is_tried_ends_the_hold_and_the_decision_stays_open,
    a_few_dead_addresses_are_found_dead_and_repaired,
    a_company_that_was_bought_is_confirmed_and_not_asked_about_again,
    reports_count_like_refusals,
    nobody_is_asked_to_repair_before_somebody_has_decided,
    after_a_stop_of_hours_a_few_dead_addresses_are_no_run,
    reports_that_come_late_belong_to_what_is_over,
    the_first_refusals_of_a_slow_run_belong_to_it,
);

pub const UNKNOWN: &str = "550 5.1.1 <{}>: Recipient address rejected: User unknown in virtual mailbox table";

pub async fn alarms(world: &World) -> Vec<IncidentAlarm> {
    trouble::alarms(&mut world.ctx.db.read().await.unwrap()).await.unwrap()
}

/// Signed off and due at 09:30 on 1 February, without a pace unless one is given.
pub async fn due(world: &mut World, pace: Option<Policy>, folder: RoundFolder) {
    world.ctx.pace = pace.map(Arc::new);
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.receipts_leave().await;
    world.sleep_until("2027-02-01T09:29:00Z");
    world.think().await;
    world.mailbox.clear();
}

fn pace() -> Policy {
    usual_pace()
}

pub fn refuse(who: &str, reply: &str) -> ServerFault {
    ServerFault::RefuseRecipient { address: who.into(), reply: reply.into() }
}

/// So many people at these domains, an account each.
pub fn people_at(domains: &[(&str, usize)]) -> RoundFolder {
    let mut list = String::from(HEADER);
    for (account, (domain, people)) in domains.iter().enumerate() {
        for n in 0..*people {
            list.push_str(&format!(
                "Account {account},Pat,Number{n:04},pat{n:04}@{domain},Buyer,influencer,en,GB,Europe/London,\
                 Dora Fields,{DORA},Max Mann,{MAX},no,\n"
            ));
        }
    }
    folder(&list)
}

pub async fn undeliverable(world: &World) -> usize {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = store::round::rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap().id;
    let all = store::contacts::search::page(&mut tx, &round, &store::contacts::search::Search::default(), i64::MAX, 0)
        .await
        .unwrap();
    all.iter().filter(|p| p.undeliverable_at.is_some()).count()
}

/// How many different people got this letter; nobody twice.
pub fn got(world: &World, kind: &str) -> usize {
    let mails: Vec<String> =
        world.mailbox.all().into_iter().filter(|m| m.kind == kind).map(|m| m.recipient().to_string()).collect();
    let people: BTreeSet<&String> = mails.iter().collect();
    assert_eq!(people.len(), mails.len(), "somebody got two of {kind}");
    people.len()
}

async fn everybody_behind_one_gateway_is_unknown_and_one_order_makes_it_good(mut world: World) {
    due(&mut world, Some(pace()), people_at(&[("globex.example", 120), ("umbra.example", 6)])).await;
    // 108 of 120 take the warm-up a week before; the others have a full mailbox for a week.
    let full = (108..120).map(|n| refuse(&format!("pat{n:04}@globex.example"), "452 4.2.2 mailbox full"));
    world.mailbox.set_faults(full.collect());
    world.pass_to("2027-02-06T12:00:00Z").await;
    assert_eq!(got(&world, "warm_up"), 114);
    assert!(alarms(&world).await.is_empty(), "what passes is nobody's trouble");
    world.mailbox.set_faults(vec![refuse("@globex.example", UNKNOWN)]);
    world.pass_to("2027-02-08T11:20:00Z").await;
    let alarm = alarms(&world).await.pop().unwrap();
    assert_eq!((alarm.incident.scope.as_str(), alarm.holds()), ("globex.example", true));
    assert!(alarm.figures.addresses <= 8, "{:?}", alarm.figures);
    assert_eq!(undeliverable(&world).await as i64, alarm.figures.dead);
    assert_eq!(got(&world, "invitation"), 6, "the others go on");
    let waits = world.in_state(MessageState::Planned).await;
    assert!(waits.iter().filter(|m| m.reason.as_deref().is_some_and(|why| why.contains("is held"))).count() > 100);
    // Two hours later it is mended.
    world.pass_to("2027-02-08T12:00:00Z").await;
    world.mailbox.set_faults(vec![]);
    world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str().to_string() })
        .await
        .unwrap();
    assert!(alarms(&world).await.is_empty());
    world.pass_to("2027-02-08T16:00:00Z").await;
    assert_eq!((undeliverable(&world).await, got(&world, "invitation")), (0, 126));
    let failed = world.in_state(MessageState::Failed).await;
    assert!(failed.iter().all(|m| m.kind == MessageKind::WarmUp), "{failed:?}");
    assert!(
        world
            .ctx
            .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str().to_string() })
            .await
            .is_err(),
        "once"
    );
    world.pass_to("2027-02-12T12:00:00Z").await;
    assert!(world.mails_to(MAX).iter().all(|mail| mail.kind != "repair"), "nobody was asked to repair what is right");
    world.promises_hold().await;
}

async fn our_relay_refuses_for_all_and_one_order_makes_it_good(mut world: World) {
    due(&mut world, Some(pace()), crowd(120)).await;
    let all = |text: &str| vec![refuse("", text)];
    let mut times =
        ["2027-02-01T10:30:00Z", "2027-02-01T12:30:00Z", "2027-02-01T14:30:00Z", "2027-02-01T16:30:00Z"].into_iter();
    for said in [
        "554 5.7.1 <{}>: Relay access denied",
        "550 This account may not send to external recipients",
        "550 5.1.1 User unknown",
        "550 Hourly limit reached, try tomorrow",
    ] {
        world.mailbox.set_faults(all(said));
        world.pass_to(times.next().unwrap()).await;
        let alarm = alarms(&world).await.pop().unwrap();
        assert_eq!((alarm.incident.scope.as_str(), alarm.holds()), ("", true), "{said}");
        assert!(alarm.figures.addresses <= 16, "{said}: {:?}", alarm.figures);
        assert_eq!(got(&world, "warm_up"), 0, "{said}");
        world
            .ctx
            .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str().to_string() })
            .await
            .unwrap();
    }
    world.mailbox.set_faults(vec![]);
    world.pass_to("2027-02-02T16:00:00Z").await;
    for alarm in alarms(&world).await {
        world
            .ctx
            .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str().to_string() })
            .await
            .unwrap();
    }
    world.pass_to("2027-02-04T16:00:00Z").await;
    assert_eq!((undeliverable(&world).await, got(&world, "warm_up")), (0, 120));
    world.pass_to("2027-02-09T16:00:00Z").await;
    assert_eq!(got(&world, "invitation"), 120);
    world.promises_hold().await;
}

async fn our_sender_is_refused_before_anybody_is_named(mut world: World) {
    due(&mut world, None, crowd(40)).await;
    let text = "553 5.7.1 Sender address rejected: not owned by user".into();
    world.mailbox.set_faults(vec![ServerFault::Reply { stage: ServerStage::Mail, text }]);
    world.pass_to("2027-02-01T09:40:00Z").await;
    let alarm = alarms(&world).await.pop().unwrap();
    assert!(alarm.is_about_all() && alarm.figures.addresses <= 4, "{:?}", alarm.figures);
    world.mailbox.set_faults(vec![]);
    world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str()[..13].to_string() })
        .await
        .unwrap();
    world.pass_to("2027-02-01T12:00:00Z").await;
    assert_eq!(got(&world, "warm_up"), 40);
    world.promises_hold().await;
}

async fn an_installation_without_a_pace_is_protected_too(mut world: World) {
    world.with_connections(4);
    due(&mut world, None, people_at(&[("globex.example", 60), ("umbra.example", 60)])).await;
    world.mailbox.set_faults(vec![refuse("@globex.example", UNKNOWN)]);
    world.pass_to("2027-02-01T10:00:00Z").await;
    let alarm = alarms(&world).await.pop().unwrap();
    assert_eq!(alarm.incident.scope, "globex.example");
    assert_eq!(got(&world, "warm_up"), 60);
    assert!(alarm.figures.addresses < 30, "{:?}", alarm.figures);
    world.mailbox.set_faults(vec![]);
    world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str().to_string() })
        .await
        .unwrap();
    world.pass_to("2027-02-01T12:00:00Z").await;
    assert_eq!((undeliverable(&world).await, got(&world, "warm_up")), (0, 120));
    world.promises_hold().await;
}

async fn a_message_that_is_tried_ends_the_hold_and_the_decision_stays_open(mut world: World) {
    due(&mut world, None, crowd(60)).await;
    world.mailbox.set_faults(vec![refuse("", "554 5.7.1 <{}>: Relay access denied")]);
    world.pass_to("2027-02-01T10:30:00Z").await;
    let before = alarms(&world).await.pop().unwrap();
    assert!(before.incident.tries >= 1 && before.holds(), "{before:?}");
    world.mailbox.set_faults(vec![]);
    world.pass_to("2027-02-01T13:00:00Z").await;
    let alarm = alarms(&world).await.pop().unwrap();
    assert!(!alarm.holds() && alarm.title().contains("goes again"), "{}", alarm.title());
    let refused = alarm.figures.messages as usize;
    assert_eq!(got(&world, "warm_up"), 60 - refused, "all others have gone");
    world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str().to_string() })
        .await
        .unwrap();
    world.pass_to("2027-02-01T15:00:00Z").await;
    assert_eq!(got(&world, "warm_up"), 60);
    assert!(alarms(&world).await.is_empty());
    // The same by hand: released in the place in which the journal's holds are.
    world.mailbox.set_faults(vec![refuse("", "554 5.7.1 <{}>: Relay access denied")]);
    world.pass_to("2027-02-08T10:01:00Z").await;
    assert!(alarms(&world).await[0].holds());
    world.mailbox.set_faults(vec![]);
    assert_eq!(world.ctx.order(&Actor::operator(OPERATOR), holds::ResumeSending).await.unwrap(), 1);
    world.pass_to("2027-02-08T10:30:00Z").await;
    let open = alarms(&world).await.pop().unwrap();
    assert!(!open.holds() && got(&world, "invitation") as i64 == 60 - open.figures.messages);
    world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: open.id().as_str().to_string() })
        .await
        .unwrap();
    world.pass_to("2027-02-08T12:00:00Z").await;
    assert_eq!(got(&world, "invitation"), 60);
    world.promises_hold().await;
}

async fn a_few_dead_addresses_are_found_dead_and_repaired(mut world: World) {
    due(&mut world, Some(pace()), people_at(&[("globex.example", 30), ("umbra.example", 30), ("initech.example", 30)]))
        .await;
    let dead = ["pat0003@globex.example", "pat0004@globex.example", "pat0009@umbra.example", "pat0011@initech.example"];
    world.mailbox.set_faults(dead.iter().map(|who| refuse(who, UNKNOWN)).collect());
    world.pass_to("2027-02-02T12:00:00Z").await;
    assert!(alarms(&world).await.is_empty());
    assert_eq!((undeliverable(&world).await, got(&world, "warm_up")), (4, 86));
    let mail = world.mail_to(MAX, "repair");
    assert_eq!(mail.text.matches("takes no mail").count(), 4, "{}", mail.text);
    world.promises_hold().await;
}

async fn a_company_that_was_bought_is_confirmed_and_not_asked_about_again(mut world: World) {
    due(&mut world, None, people_at(&[("bought.example", 8), ("umbra.example", 40)])).await;
    world.mailbox.set_faults(vec![refuse("@bought.example", UNKNOWN)]);
    world.pass_to("2027-02-01T10:00:00Z").await;
    let alarm = alarms(&world).await.pop().unwrap();
    assert_eq!(alarm.incident.scope, "bought.example");
    let dead = world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::ConfirmRefusals { incident: alarm.id().as_str().to_string() })
        .await
        .unwrap();
    assert_eq!(dead as i64, alarm.figures.dead);
    world.pass_to("2027-02-02T12:00:00Z").await;
    assert!(alarms(&world).await.is_empty(), "a confirmed refusal is believed");
    assert_eq!((undeliverable(&world).await, got(&world, "warm_up")), (8, 40));
    assert!(world.mails_to(MAX).iter().any(|mail| mail.kind == "repair"), "from now on its manager is asked");
    world.promises_hold().await;
}

/// A report for good about each of these people's warm-up.
pub fn reports_about(mails: &[Received], people: std::ops::Range<usize>, status: &str, said: &str) -> Vec<String> {
    let about = |n| {
        let address = format!("pat{n:04}@globex.example");
        let mail = mails.iter().find(|mail| mail.kind == "warm_up" && mail.recipient() == address).unwrap();
        report(mail, &address, "failed", status, said)
    };
    people.map(about).collect()
}

async fn reports_that_come_late_belong_to_what_is_over(mut world: World) {
    const SAID: &str = "550 5.1.1 User unknown in virtual mailbox table";
    world.takes_replies();
    due(&mut world, None, people_at(&[("globex.example", 20), ("umbra.example", 20)])).await;
    world.pass_to("2027-02-01T09:32:00Z").await;
    let mails = world.mailbox.all();
    world.sleep_until("2027-02-01T09:36:00Z");
    world.comes_back(&reports_about(&mails, 0..10, "5.1.1", SAID)).await;
    assert_eq!(alarms(&world).await[0].figures.addresses, 10);
    assert_eq!(world.ctx.order(&Actor::operator(OPERATOR), holds::ResumeSending).await.unwrap(), 1);
    world.sleep_until("2027-02-01T10:30:00Z");
    world.comes_back(&reports_about(&mails, 10..14, "5.1.1", SAID)).await;
    let alarm = alarms(&world).await.pop().unwrap();
    assert_eq!((alarm.holds(), alarm.figures.addresses, alarm.figures.dead), (false, 14, 14), "{:?}", alarm.figures);
    world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str().to_string() })
        .await
        .unwrap();
    // Other words are another matter.
    world.sleep_until("2027-02-01T10:35:00Z");
    world.comes_back(&reports_about(&mails, 14..19, "5.1.1", SAID)).await;
    world.comes_back(&reports_about(&mails, 19..20, "5.1.1", "550 5.1.1 This employee has left the company")).await;
    assert_eq!(undeliverable(&world).await, 1);
    assert!(alarms(&world).await.is_empty());
    world.mailbox.clear();
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert_eq!((undeliverable(&world).await, got(&world, "warm_up")), (1, 19));
    world.promises_hold().await;
}

async fn reports_count_like_refusals(mut world: World) {
    world.takes_replies();
    due(&mut world, None, people_at(&[("globex.example", 20), ("umbra.example", 20)])).await;
    world.pass_to("2027-02-01T09:32:00Z").await;
    assert_eq!(got(&world, "warm_up"), 40);
    world.sleep_until("2027-02-01T09:36:00Z");
    let reports: Vec<String> = world
        .mailbox
        .all()
        .iter()
        .filter(|mail| mail.recipient().ends_with("@globex.example"))
        .map(|mail| {
            report(mail, mail.recipient(), "failed", "5.1.1", "550 5.1.1 User unknown in virtual mailbox table")
        })
        .collect();
    world.comes_back(&reports).await;
    let alarm = alarms(&world).await.pop().unwrap();
    assert_eq!((alarm.incident.scope.as_str(), alarm.figures.addresses), ("globex.example", 20));
    world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str().to_string() })
        .await
        .unwrap();
    world.mailbox.clear();
    // What came back left all the same: the gap of the plan counts from there.
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert_eq!(
        (undeliverable(&world).await, got(&world, "warm_up")),
        (0, 20),
        "{:?}",
        world.rows_to("pat0003@globex.example").await
    );
    world.promises_hold().await;
}

async fn nobody_is_asked_to_repair_before_somebody_has_decided(mut world: World) {
    due(&mut world, None, people_at(&[("globex.example", 30), ("umbra.example", 30)])).await;
    // One of Umbra's is dead by himself.
    world.mailbox.set_faults(vec![
        refuse("@globex.example", UNKNOWN),
        refuse(
            "pat0007@umbra.example",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; no mailbox by that name is hosted here",
        ),
    ]);
    world.pass_to("2027-02-03T12:00:00Z").await;
    let alarm = alarms(&world).await.pop().unwrap();
    let mail = world.mail_to(MAX, "repair");
    assert_eq!(mail.text.matches("takes no mail").count(), 1, "{}", mail.text);
    let mut tx = world.ctx.db.read().await.unwrap();
    let keys = ["pat0000@globex.example".to_string(), "pat0007@umbra.example".to_string()];
    let dead = store::contacts::addresses::dead(&mut tx, &keys).await.unwrap();
    assert!(!dead.contains_key(&keys[0]) && dead.contains_key(&keys[1]), "{dead:?}");
    drop(tx);
    world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::ConfirmRefusals { incident: alarm.id().as_str().to_string() })
        .await
        .unwrap();
    world.pass_to("2027-02-05T12:00:00Z").await;
    let mail = world.mail_to(MAX, "repair");
    assert!(mail.text.matches("takes no mail").count() > 5, "{}", mail.text);
    world.promises_hold().await;
}

async fn after_a_stop_of_hours_a_few_dead_addresses_are_no_run(mut world: World) {
    due(&mut world, None, people_at(&[("globex.example", 60)])).await;
    let dead = (0..6).map(|n| refuse(&format!("pat{:04}@globex.example", 10 * n + 5), UNKNOWN));
    world.mailbox.set_faults(dead.collect());
    // Nothing ran for four hours: all of it is late when it is taken.
    world.sleep_until("2027-02-01T13:30:00Z");
    world.pass_to("2027-02-01T14:30:00Z").await;
    assert!(alarms(&world).await.is_empty());
    assert_eq!((undeliverable(&world).await, got(&world, "warm_up")), (6, 54));
    world.promises_hold().await;
}

async fn the_first_refusals_of_a_slow_run_belong_to_it(mut world: World) {
    const SAID: &str = "550 5.1.1 User unknown in virtual mailbox table";
    world.takes_replies();
    due(&mut world, None, people_at(&[("globex.example", 9), ("umbra.example", 20)])).await;
    world.pass_to("2027-02-01T09:32:00Z").await;
    let mails = world.mailbox.all();
    world.sleep_until("2027-02-01T09:36:00Z");
    world.comes_back(&reports_about(&mails, 0..3, "5.1.1", SAID)).await;
    world.comes_back(&reports_about(&mails, 3..4, "5.1.1", "550 5.1.1 This employee has left the company")).await;
    assert!(alarms(&world).await.is_empty());
    // More than a window later.
    world.sleep_until("2027-02-01T10:10:00Z");
    world.comes_back(&reports_about(&mails, 4..9, "5.1.1", SAID)).await;
    let alarm = alarms(&world).await.pop().unwrap();
    assert_eq!(alarm.figures.addresses, 8, "{:?}", alarm.figures);
    world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str().to_string() })
        .await
        .unwrap();
    world.mailbox.clear();
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert_eq!((undeliverable(&world).await, got(&world, "warm_up")), (1, 8));
    world.promises_hold().await;
}
