//! Telephone calls: whom to call, what a call does to the plan, that nobody is called by two, and what calls are worth.

use soundings::base::problem::{Kind, Result};
use soundings::rules::calling::{Effect, Outcome, Part, sentence};
use soundings::rules::completion::team::TeamLevel;
use soundings::rules::journal::Actor;
use soundings::steps::calling::{
    CallList, RecordCall, ReleaseCall, ReserveCall, TakeBackCall, Wanted, call_list, details, lately, measured,
};
use soundings::steps::repair::resolution::{Resolution, SettleTask};
use soundings::steps::round::RoundOrder;
use soundings::store::calling::team;
use soundings::store::calling::{self, Lately};

use crate::common::{ANN, BEN, CYD, DEE, DORA, MAX, OPERATOR, UMA, World, at, crowd, secret_in};

on_both!(
    a_call_moves_the_next_reminder_and_taking_it_back_brings_it_back,
    a_call_stops_a_reminder_that_is_due_in_the_same_minute,
    who_wants_no_reminders_gets_none_and_is_thanked,
    who_is_not_whom_to_ask_is_somebody_elses_task,
    a_leave_and_a_departure_are_what_they_always_were_and_can_be_taken_back,
    the_list_names_everybody_who_may_be_called_with_a_reason,
    nobody_is_called_by_two,
    calls_are_compared_with_people_of_the_same_list,
);

const OTHER: &str = "ben@northwind.example";

impl World {
    async fn calls_as(&self, who: &str, contact: &str, outcome: Outcome, day: Option<&str>, known: i64) -> Result<()> {
        let contact = self.person(contact).await.id;
        let day = day.map(|day| day.parse().unwrap());
        let call = RecordCall { contact, outcome, day, note: "said so".into(), known };
        self.ctx.order(&Actor::operator(who), call).await
    }

    pub(crate) async fn calls(&self, contact: &str, outcome: Outcome, day: Option<&str>) {
        self.calls_as(OPERATOR, contact, outcome, day, 9).await.unwrap();
    }

    async fn call_list(&self, wanted: Wanted) -> CallList {
        let live = self.live().await;
        let mut tx = self.ctx.db.read().await.unwrap();
        call_list(&self.ctx, &mut tx, &live, &wanted).await.unwrap()
    }

    async fn to_call(&self) -> Vec<String> {
        self.call_list(Wanted::default()).await.places.iter().map(|p| p.person.email.as_str().to_string()).collect()
    }

    pub(crate) async fn called_lately(&self) -> Vec<Lately> {
        let live = self.live().await;
        let mut tx = self.ctx.db.read().await.unwrap();
        lately(&self.ctx, &mut tx, &live).await.unwrap()
    }

    /// The latest call to somebody.
    pub(crate) async fn takes_back(&self, contact: &str) {
        let contact = self.person(contact).await.id;
        let call = self.called_lately().await.into_iter().find(|call| call.contact_id == contact && call.latest == 1);
        self.ctx.order(&Actor::operator(OPERATOR), TakeBackCall { call: call.unwrap().id }).await.unwrap();
    }

    async fn reserves(&self, who: &str, contact: &str, known: i64) -> Result<()> {
        let contact = self.person(contact).await.id;
        self.ctx.order(&Actor::operator(who), ReserveCall { contact, known }).await
    }

    async fn effect_of_calls(&self) -> Option<Effect> {
        let live = self.live().await;
        let mut tx = self.ctx.db.read().await.unwrap();
        measured(&self.ctx, &mut tx, &live).await.unwrap()
    }
}

pub(crate) async fn invited(world: &mut World) {
    world.signed().await;
    world.pass_to("2027-02-09T12:00:00Z").await;
}

async fn a_call_moves_the_next_reminder_and_taking_it_back_brings_it_back(mut world: World) {
    invited(&mut world).await;
    world.pass_to("2027-02-10T15:00:00Z").await;
    world.calls(ANN, Outcome::Called, None).await;
    world.calls(DEE, Outcome::WillAnswer, Some("2027-02-18")).await;
    world.calls(BEN, Outcome::Called, None).await;
    world.takes_back(BEN).await;
    world.pass_to("2027-02-12T18:00:00Z").await;
    // Thursday was the day of the reminder.
    let first = ["warm_up", "invitation"];
    assert_eq!(world.kinds_to(ANN), first);
    assert_eq!(world.kinds_to(DEE), first);
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation", "reminder"]);
    world.pass_to("2027-02-19T23:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    assert_eq!(world.kinds_to(DEE), first, "not before the day after the promise");
    world.pass_to("2027-02-26T23:00:00Z").await;
    assert_eq!(world.kinds_to(DEE), ["warm_up", "invitation", "reminder"]);
    world.promises_hold().await;
}

async fn a_call_stops_a_reminder_that_is_due_in_the_same_minute(mut world: World) {
    invited(&mut world).await;
    assert_eq!(world.row(ANN, "reminder").await.due_at, at("2027-02-11T09:30:00Z"));
    world.sleep_until("2027-02-11T09:30:00Z");
    world.calls(ANN, Outcome::WillAnswer, None).await;
    world.work().await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    // A reminder by a weekday goes on its next one.
    world.pass_to("2027-02-17T23:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    world.pass_to("2027-02-19T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    world.promises_hold().await;
}

async fn who_wants_no_reminders_gets_none_and_is_thanked(mut world: World) {
    invited(&mut world).await;
    world.calls(ANN, Outcome::NotChased, None).await;
    world.calls(BEN, Outcome::NotChased, None).await;
    world.takes_back(BEN).await;
    world.pass_to("2027-02-15T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation", "reminder"]);
    assert!(!world.to_call().await.contains(&ANN.to_string()));
    // Nor does the account manager's page name her.
    let live = world.live().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let part =
        team::Part { round: &live.id, level: TeamLevel::Manager, email: MAX, before: world.now(), only_open: true };
    let open = team::people(&mut tx, &part, 10, 0).await.unwrap();
    drop(tx);
    let open: Vec<&str> = open.iter().map(|person| person.email.as_str()).collect();
    assert_eq!(open, [BEN, CYD, DEE]);
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    world.pass_to("2027-02-26T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "thank_you"]);
    world.promises_hold().await;
}

async fn who_is_not_whom_to_ask_is_somebody_elses_task(mut world: World) {
    invited(&mut world).await;
    world.calls(CYD, Outcome::WrongPerson, None).await;
    world.pass_to("2027-02-10T12:00:00Z").await;
    let mail = world.mail_to(MAX, "repair");
    assert!(mail.text.contains("is not whom to ask") && !mail.text.contains("has left"), "{}", mail.text);
    let contact = world.person(CYD).await.id;
    let fine = Resolution::Fine { why: "he looks after it since January".into(), of: None };
    let secret = secret_in(&mail, "/repair/");
    let settled = SettleTask { secret, contact, resolution: fine, sure: false };
    world.ctx.order(&Actor::Visitor, settled).await.unwrap();
    world.pass_to("2027-02-12T12:00:00Z").await;
    assert_eq!(world.kinds_to(CYD), ["warm_up", "invitation", "reminder"], "is reminded again");
    // The twin: nobody has said so of Dee.
    world.calls(DEE, Outcome::WrongPerson, None).await;
    world.pass_to("2027-02-19T12:00:00Z").await;
    assert_eq!(world.kinds_to(DEE), ["warm_up", "invitation", "reminder"]);
    assert_eq!(world.person(DEE).await.waiting_for.as_deref(), Some("not_chased"));
    world.promises_hold().await;
}

async fn a_leave_and_a_departure_are_what_they_always_were_and_can_be_taken_back(mut world: World) {
    invited(&mut world).await;
    for (day, kind) in [(None, Kind::Unusable), (Some("2027-02-01"), Kind::Unusable)] {
        let refused = world.calls_as(OPERATOR, ANN, Outcome::OnLeave, day, 9).await.unwrap_err();
        assert_eq!(refused.kind, kind);
    }
    assert!(world.called_lately().await.is_empty(), "what is refused is not kept");
    world.calls(ANN, Outcome::OnLeave, Some("2027-02-17")).await;
    assert_eq!(world.person(ANN).await.absent_until, Some(at("2027-02-18T00:00:00Z")));
    world.takes_back(ANN).await;
    assert_eq!(world.person(ANN).await.absent_until, None);
    world.calls(BEN, Outcome::HasLeft, None).await;
    let ben = world.person(BEN).await;
    assert!(ben.left_at.is_some() && ben.undeliverable_at.is_some());
    world.takes_back(BEN).await;
    let ben = world.person(BEN).await;
    assert_eq!((ben.left_at, ben.undeliverable_at, ben.gone_at), (None, None, None));
    // Each is taken back once, and only the latest of a contact.
    world.calls(UMA, Outcome::Called, None).await;
    let first = world.called_lately().await.remove(0).id;
    world.ctx.clock.turn_to(world.now().plus(3_600_000));
    world.calls(UMA, Outcome::WillAnswer, None).await;
    let order = async |call| world.ctx.order(&Actor::operator(OPERATOR), TakeBackCall { call }).await;
    assert_eq!(order(first.clone()).await.unwrap_err().kind, Kind::Refused);
    world.takes_back(UMA).await;
    order(first.clone()).await.unwrap();
    order(first).await.unwrap();
    assert_eq!(world.person(UMA).await.left_alone_until, None);
    world.pass_to("2027-02-12T12:00:00Z").await;
    for contact in [ANN, BEN, UMA] {
        assert_eq!(world.kinds_to(contact), ["warm_up", "invitation", "reminder"], "{contact}");
    }
    world.promises_hold().await;
}

async fn the_list_names_everybody_who_may_be_called_with_a_reason(mut world: World) {
    world.signed().await;
    assert!(world.to_call().await.is_empty(), "nobody is invited");
    world.pass_to("2027-02-09T12:00:00Z").await;
    let mut all = world.to_call().await;
    all.sort();
    assert_eq!(all, [ANN, BEN, CYD, DEE, UMA]);
    world.begins(&world.mail_to(BEN, "invitation")).await;
    world.answers(&world.mail_to(CYD, "invitation")).await.unwrap();
    let list = world.call_list(Wanted::default()).await;
    let live = world.live().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let mut said = Vec::new();
    for place in &list.places {
        let found = details(&mut tx, &live, &place.person).await.unwrap();
        said.push((
            place.person.email.as_str(),
            sentence(&place.ranked.why, &place.person.account, found.stopped.as_ref()),
        ));
    }
    drop(tx);
    let of = |who: &str| said.iter().find(|(email, _)| *email == who).map(|(_, why)| why.as_str());
    assert_eq!(of(CYD), None, "has answered");
    assert_eq!(said[0].0, BEN, "{said:?}");
    assert_eq!(
        of(BEN),
        Some(
            "Nobody of Globex has answered; worth 10 % of the revenue; began on Tue 9 Feb and stopped at page 1 of 1."
        )
    );
    assert_eq!(of(UMA), Some("Nobody of Umbra has answered."));
    // For whose role somebody of the account has answered, as the people of it say.
    let (cyd, dee) = (world.person(CYD).await, world.person(DEE).await);
    let place = list.places.iter().find(|place| place.person.id == dee.id).unwrap();
    assert_eq!(place.person.account_answers, 1);
    let (now, round) = (world.now(), world.live().await.id.clone());
    let mut tx = world.ctx.db.read().await.unwrap();
    let found = calling::half_answered(&mut tx, &round, false, now).await.unwrap();
    drop(tx);
    let found = found.people.iter().find(|found| found.person.id == dee.id).unwrap();
    assert_eq!(found.role_answered.0, cyd.role == dee.role);
    // Whose list it is.
    let max = world.call_list(Wanted { manager: MAX.into(), silent_only: false }).await;
    let mut of_max: Vec<&str> = max.places.iter().map(|place| place.person.email.as_str()).collect();
    of_max.sort_unstable();
    assert_eq!(of_max, [ANN, BEN, DEE], "Max has Globex and Initech");
    let silent = world.call_list(Wanted { manager: MAX.into(), silent_only: true }).await;
    assert!(silent.places.iter().all(|place| place.person.account == "Globex") && silent.places.len() == 2);
    // Whoever was called rests, and stands there again after the pause.
    world.calls(BEN, Outcome::Called, None).await;
    assert!(!world.to_call().await.contains(&BEN.to_string()));
    world.pass_to("2027-02-11T12:00:00Z").await;
    assert!(world.to_call().await.contains(&BEN.to_string()));
    world.promises_hold().await;
}

async fn nobody_is_called_by_two(mut world: World) {
    invited(&mut world).await;
    let ann = world.person(ANN).await.id;
    world.reserves(OPERATOR, ANN, 0).await.unwrap();
    world.reserves(OPERATOR, ANN, 0).await.unwrap();
    let refused = world.reserves(OTHER, ANN, 0).await.unwrap_err();
    assert_eq!((refused.kind, refused.what.contains(OPERATOR)), (Kind::Refused, true));
    assert_eq!(world.calls_as(OTHER, ANN, Outcome::Called, None, 0).await.unwrap_err().kind, Kind::Refused);
    let list = world.call_list(Wanted::default()).await;
    let place = list.places.iter().find(|place| place.person.id == ann).unwrap();
    assert_eq!(place.reserved_by.as_deref(), Some(OPERATOR));
    world.ctx.order(&Actor::operator(OPERATOR), ReleaseCall { contact: ann.clone() }).await.unwrap();
    world.reserves(OTHER, ANN, 0).await.unwrap();
    // For the rest of the day in the round's own place, and no longer.
    world.pass_to("2027-02-10T00:00:00Z").await;
    world.reserves(OPERATOR, ANN, 0).await.unwrap();
    // Whose page is older than the call of another hears of it; whoever knew of it may call again.
    world.calls_as(OPERATOR, ANN, Outcome::Called, None, 0).await.unwrap();
    let late = world.calls_as(OTHER, ANN, Outcome::Called, None, 0).await.unwrap_err();
    assert!(late.what.contains(OPERATOR) && late.what.contains("today at 00:00"), "{late}");
    let late = world.reserves(OTHER, ANN, 0).await.unwrap_err();
    assert!(late.what.contains(OPERATOR) && late.what.contains("has called"), "{late}");
    world.reserves(OTHER, ANN, 1).await.unwrap();
    // Nor may anybody mean to call who is not to be called.
    world.calls(DEE, Outcome::NotChased, None).await;
    let refused = world.reserves(OPERATOR, DEE, 9).await.unwrap_err();
    assert!(refused.what.contains("is not to be called any more"), "{refused}");
    world.ctx.clock.turn_to(world.now().plus(120_000));
    world.calls_as(OTHER, ANN, Outcome::WillAnswer, None, 1).await.unwrap();
    // The second tap of two is one call.
    world.calls_as(OTHER, ANN, Outcome::WillAnswer, None, 2).await.unwrap();
    let ann = |call: &Lately| call.contact_id == ann;
    let to_ann: Vec<i64> = world.called_lately().await.into_iter().filter(ann).map(|call| call.latest).collect();
    assert_eq!(to_ann, [1, 0]);
    world.promises_hold().await;
}

async fn calls_are_compared_with_people_of_the_same_list(mut world: World) {
    world.load(crowd(60)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    let list = world.to_call().await;
    assert_eq!(list.len(), 60);
    // Ten of each of the first two twenties are called; ten of them answer, and two of those beside them.
    let (first, second) = (&list[..20], &list[20..40]);
    for who in first[..10].iter().chain(&second[..10]) {
        world.calls(who, Outcome::Called, None).await;
    }
    for who in first[..5].iter().chain(&second[..5]).chain(&first[10..11]).chain(&second[10..11]) {
        world.answers(&world.mail_to(who, "invitation")).await.unwrap();
    }
    assert_eq!(world.effect_of_calls().await, None, "the three days are not over");
    world.pass_to("2027-02-13T12:00:00Z").await;
    let effect = world.effect_of_calls().await.unwrap();
    assert_eq!(
        (effect.called, effect.others),
        (Part { answered: 10, of: 20 }, Part { answered: 2, of: 20 }),
        "the last twenty have nobody who was called"
    );
    assert!((effect.more - 0.4).abs() < 1e-9 && effect.is_clear());
    world.promises_hold().await;
}
