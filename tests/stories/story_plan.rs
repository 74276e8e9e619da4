//! The plan is changed while the round runs: pauses by scope, absences, departures, limits, touches for some.

use chrono::NaiveDate;
use soundings::base::clock::DAY;
use soundings::base::ids::ContactId;
use soundings::base::problem::Result;
use soundings::intake::folder::RoundFolder;
use soundings::rules::journal::Actor;
use soundings::rules::message::{MessageKind, MessageState};
use soundings::rules::plan::{Scope, Turn};
use soundings::rules::round::{Audience, Author, Touch};
use soundings::steps;
use soundings::steps::plan::approval::{self, Approver};
use soundings::steps::plan::change::{self, Change};
use soundings::steps::plan::forecast::{self, plan_of};
use soundings::steps::plan::pauses::{self, NewPause};
use soundings::steps::plan::since_approval;
use soundings::steps::replies::absence::{self, News};
use soundings::steps::round::{self, RoundOrder};
use soundings::store::repair::tasks;

use crate::common::{ANN, BEN, DORA, MAX, OPERATOR, ROUND, UMA, World, at, crowd, northwind};

on_both!(
    a_paused_country_gets_nothing_and_later_everything_once,
    a_pause_reaches_what_is_claimed,
    a_pause_with_an_end_moves_what_falls_into_it,
    a_paused_touch_lets_the_next_one_go,
    a_return_date_moves_the_next_message_and_back_again,
    who_has_left_gets_nothing_and_a_successor_is_asked_for,
    touches_for_some_go_to_those,
    an_account_gets_so_many_a_day_and_no_more,
    what_an_account_may_not_have_on_its_last_day_is_withdrawn_once,
    who_was_asked_elsewhere_waits,
    a_round_that_is_loaded_again_moves_what_is_planned,
    a_change_shows_what_it_does_before_it_is_made,
    the_client_approves_the_plan_and_sees_what_changed,
    what_leaves_late_says_so,
);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn pause(world: &World, scope: Scope, from: Option<&str>, until: Option<&str>) -> u64 {
    let new = NewPause { scope, why: "complaint open".into(), from: from.map(day), until: until.map(day) };
    world.ctx.order(&Actor::operator(OPERATOR), pauses::PausePeople { slug: ROUND.into(), pause: new }).await.unwrap()
}

async fn changed(world: &World, version: i64, change: Change) -> Result<()> {
    let order = change::ChangeRound { slug: ROUND.into(), version, change };
    world.ctx.order(&Actor::operator(OPERATOR), order).await
}

async fn approved(world: &World, secret: &str, typed: &str, came_from: &str) -> Result<()> {
    let (secret, typed, came_from) = (secret.into(), typed.into(), came_from.into());
    world.ctx.order(&Actor::Visitor, approval::ApprovePlan { secret, typed, came_from }).await
}

async fn has_left(world: &World, contact: &ContactId) -> Result<()> {
    let (contact, news) = (contact.clone(), News::Left { write_to: vec![] });
    world.ctx.order(&Actor::Program, absence::HearNews { contact, news, why: "left in January".into() }).await
}

async fn lift_all(world: &World) {
    let lane = world.ledger().await.remove(0).lane;
    for p in pauses::in_force(&world.ctx, lane.round().unwrap()).await.unwrap() {
        world
            .ctx
            .order(&Actor::operator(OPERATOR), pauses::LiftPause { slug: ROUND.into(), pause: p.id.clone() })
            .await
            .unwrap();
    }
}

async fn a_paused_country_gets_nothing_and_later_everything_once(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    let preview = pauses::preview(&world.ctx, ROUND, &Scope::Country("DE".into())).await.unwrap();
    assert_eq!((preview.contacts, preview.messages), (1, 1));
    assert_eq!(pause(&world, Scope::Country("DE".into()), None, None).await, 1);
    let row = world.row(BEN, "invitation").await;
    assert_eq!((row.state, row.reason.as_deref()), (MessageState::Withdrawn, Some("paused")));
    world.pass_to("2027-02-12T12:00:00Z").await;
    assert_eq!(world.kinds_to(BEN), ["warm_up"]);
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    assert_eq!(world.person(BEN).await.waiting_for.as_deref(), Some("paused"));
    lift_all(&world).await;
    world.pass_to("2027-02-15T18:00:00Z").await;
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation"]);
    world.pass_to("2027-03-09T12:00:00Z").await;
    let reminders = world.kinds_to(BEN).iter().filter(|kind| *kind == "reminder").count();
    assert_eq!(reminders, 3, "{:?}", world.kinds_to(BEN));
    world.promises_hold().await;
}

async fn a_pause_reaches_what_is_claimed(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    world.sleep_until("2027-02-11T09:30:00Z");
    world.think().await;
    let (ctx, mailbox) = (world.ctx.clone(), world.mailbox.clone());
    let (_, held) = world
        .send_and_at_the_first_dot(async move {
            let new =
                NewPause { scope: Scope::Director(DORA.into()), why: "complaint".into(), from: None, until: None };
            let held = ctx
                .order(&Actor::operator(OPERATOR), pauses::PausePeople { slug: ROUND.into(), pause: new })
                .await
                .unwrap();
            (held, mailbox.all().pop().unwrap().recipient().to_string())
        })
        .await;
    let (held, first) = held;
    assert!(held >= 1, "what was claimed and not begun is withdrawn");
    let other = if first == ANN { BEN } else { ANN };
    assert_eq!(world.kinds_to(other), ["warm_up", "invitation"]);
    assert_eq!(world.row(other, "reminder").await.state, MessageState::Withdrawn);
    lift_all(&world).await;
    world.pass_to("2027-03-09T12:00:00Z").await;
    for who in [ANN, BEN] {
        assert_eq!(world.kinds_to(who).iter().filter(|kind| *kind == "reminder").count(), 3, "{who}");
    }
    world.promises_hold().await;
}

async fn a_pause_with_an_end_moves_what_falls_into_it(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    let globex = world.account("Globex").await;
    pause(&world, Scope::Account(globex.id), Some("2027-02-08"), Some("2027-02-09")).await;
    world.think().await;
    let row = world.row(ANN, "invitation").await;
    assert_eq!((row.state, row.due_at), (MessageState::Planned, at("2027-02-10T09:00:00Z")));
    // Monday is Waitangi Day in New Zealand, as observed.
    assert_eq!(world.row(UMA, "invitation").await.due_at, at("2027-02-08T21:00:00Z"));
    world.pass_to("2027-02-10T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    world.promises_hold().await;
}

async fn a_paused_touch_lets_the_next_one_go(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    pause(&world, Scope::Touch(MessageKind::Reminder, Some(1)), None, None).await;
    world.pass_to("2027-02-20T18:00:00Z").await;
    // The reminders of a cron touch are one touch with one place in the sequence.
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    lift_all(&world).await;
    world.pass_to("2027-02-26T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    world.promises_hold().await;
}

async fn a_return_date_moves_the_next_message_and_back_again(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    let ann = world.person(ANN).await.id;
    let heard = async |news| {
        world
            .ctx
            .order(&Actor::Program, absence::HearNews { contact: ann.clone(), news, why: "out of office".into() })
            .await
    };
    heard(News::AwayUntil(day("2027-02-12"))).await.unwrap();
    world.think().await;
    // Friday the 12th is the last day away: the next allowed one is Monday.
    assert_eq!(world.row(ANN, "invitation").await.due_at, at("2027-02-15T09:00:00Z"));
    heard(News::Back).await.unwrap();
    world.think().await;
    assert_eq!(world.row(ANN, "invitation").await.due_at, at("2027-02-08T10:00:00Z"));
    heard(News::AwayUntil(day("2027-02-12"))).await.unwrap();
    assert!(heard(News::AwayUntil(day("2026-02-12"))).await.is_err());
    world.pass_to("2027-02-15T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    world.promises_hold().await;
}

async fn who_has_left_gets_nothing_and_a_successor_is_asked_for(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    let ben = world.person(BEN).await;
    has_left(&world, &ben.id).await.unwrap();
    has_left(&world, &ben.id).await.unwrap();
    let open = async |world: &World| {
        let mut tx = world.ctx.db.read().await.unwrap();
        tasks::open_in_round(&mut tx, &ben.round_id, 9, 0).await.unwrap().len()
    };
    assert_eq!(open(&world).await, 1);
    world.pass_to("2027-02-20T12:00:00Z").await;
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation"]);
    // His colleagues' sign-off still holds.
    assert_eq!(world.kinds_to(ANN).len(), 4);
    let status = soundings::steps::completion::status(&world.ctx, ROUND).await.unwrap();
    assert_eq!((status.individual.invited, status.individual.reachable), (5, 4));
    world.corrects(DORA, BEN, |c| (c.email, c.first_name) = ("eva.koch@globex.example".into(), "Eva".into())).await;
    assert_eq!(open(&world).await, 0);
    // She is a contact of her own, who has had nothing yet.
    let eva = world.person("eva.koch@globex.example").await;
    assert_eq!((eva.replaces.as_ref(), eva.sent_count), (Some(&ben.id), 0));
    assert!(world.person(BEN).await.removed_at.is_some());
    world.promises_hold().await;
}

fn reminder(date: &str, change: impl FnOnce(&mut Touch)) -> Touch {
    let mut touch = serde_json::from_value(serde_json::json!({"kind": "reminder", "date": date})).unwrap();
    change(&mut touch);
    touch
}

/// The usual round with these reminders, on single days.
fn with_reminders(reminders: Vec<Touch>) -> RoundFolder {
    let mut folder = northwind();
    folder.spec.touches.retain(|t| t.kind != MessageKind::Reminder);
    folder.spec.touches.splice(2..2, reminders);
    folder
}

async fn touches_for_some_go_to_those(mut world: World) {
    let mut folder = with_reminders(vec![
        reminder("2027-02-11", |t| (t.audience, t.from) = (Audience::NotStarted, Some(Author::AccountManager))),
        reminder("2027-02-15", |t| (t.audience, t.words) = (Audience::NotFinished, Some("finish".into()))),
        reminder("2027-02-18", |t| t.audience = Audience::AccountSilent),
        reminder("2027-02-22", |t| t.roles = vec![soundings::rules::contacts::Role::OperationalContact]),
    ]);
    let mut finish = folder.words["en"]["reminder"].clone();
    finish.subject = "Shall we finish?".into();
    folder.words.get_mut("en").unwrap().insert("finish".into(), finish);
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    world.begins(&world.mail_to(BEN, "invitation")).await;
    world.pass_to("2027-02-16T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    assert!(world.mail_to(ANN, "reminder").header("from").unwrap().contains(MAX));
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation", "reminder"]);
    assert_eq!(world.mail_to(BEN, "reminder").header("subject").unwrap(), "Shall we finish?");
    // Globex is not silent any more, Umbra is.
    world.answers(&world.mail_to(BEN, "reminder")).await.unwrap();
    world.pass_to("2027-02-26T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    assert_eq!(world.kinds_to(UMA).iter().filter(|kind| *kind == "reminder").count(), 3);
    world.promises_hold().await;
}

async fn an_account_gets_so_many_a_day_and_no_more(mut world: World) {
    let mut folder = crowd(30);
    folder.spec.schedule.maximum_per_account_per_day = Some(4);
    world.with_connections(3);
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    let mut before = 0;
    for (date, most) in [("2027-02-01", 12), ("2027-02-02", 12), ("2027-02-03", 6), ("2027-02-04", 0)] {
        world.pass_to(&format!("{date}T20:00:00Z")).await;
        let gone = world.mailbox.all().iter().filter(|m| m.kind == "warm_up").count();
        assert_eq!(gone - before, most, "{date}");
        before = gone;
    }
    world.promises_hold().await;
}

async fn what_an_account_may_not_have_on_its_last_day_is_withdrawn_once(mut world: World) {
    let mut folder = crowd(30);
    folder.spec.touches.retain(|touch| touch.kind == MessageKind::Invitation);
    folder.spec.schedule.maximum_per_account_per_day = Some(4);
    folder.spec.schedule.closes = folder.spec.schedule.opens;
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-08T10:00:00Z").await;
    assert_eq!(world.mailbox.all().iter().filter(|m| m.kind == "invitation").count(), 12);
    assert_eq!(world.in_state(MessageState::Withdrawn).await.len(), 18);
    assert_eq!(steps::plan::tick(&world.ctx).await.unwrap(), 0, "nothing is planned that would be withdrawn again");
    world.promises_hold().await;
}

async fn who_was_asked_elsewhere_waits(mut world: World) {
    world.ctx.days_between_rounds = 20;
    world.signed().await;
    world.pass_to("2027-02-02T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up"]);
    let mut other = crowd(1);
    other.spec.round = "other-2027".into();
    (other.spec.schedule.opens, other.spec.schedule.closes) = (day("2027-02-08"), day("2027-03-31"));
    other.list.accepted[0].email = world.person(ANN).await.email;
    world.load(other).await;
    world
        .ctx
        .order(&Actor::operator(OPERATOR), round::TellRound { slug: "other-2027".into(), order: RoundOrder::Start })
        .await
        .unwrap();
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-03-31T20:00:00Z").await;
    let mails = world.mails_to(ANN);
    let of = |round: &str| mails.iter().filter(|m| m.round == round).map(|m| m.at).collect::<Vec<_>>();
    let (ours, theirs) = (of(ROUND), of("other-2027"));
    assert_eq!(ours.len(), 5, "the round that has begun goes on");
    let last = *ours.last().unwrap();
    assert!(theirs[0].since(last) >= 20 * DAY, "{} {last}", theirs[0]);
    world.promises_hold().await;
}

async fn a_round_that_is_loaded_again_moves_what_is_planned(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    assert_eq!(world.row(ANN, "reminder").await.due_at, at("2027-02-11T09:30:00Z"));
    let mut folder = northwind();
    folder.spec.touches[2].cron = Some("0 14 * * WED".into());
    world.load(folder).await;
    world.think().await;
    let row = world.row(ANN, "reminder").await;
    assert_eq!((row.state, row.due_at), (MessageState::Planned, at("2027-02-10T14:00:00Z")));
    let mut without = northwind();
    without.spec.touches.remove(2);
    world.load(without).await;
    world.think().await;
    let row = world.row(ANN, "reminder").await;
    assert_eq!((row.state, row.reason.as_deref()), (MessageState::Withdrawn, Some("sequence_finished")));
    world.load(northwind()).await;
    world.pass_to("2027-03-09T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN).iter().filter(|kind| *kind == "reminder").count(), 3);
    world.promises_hold().await;
}

async fn a_change_shows_what_it_does_before_it_is_made(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T23:00:00Z").await;
    let live = async |world: &World| {
        let mut tx = world.ctx.db.read().await.unwrap();
        world.ctx.live_by_slug(&mut tx, ROUND).await.unwrap()
    };
    let before = live(&world).await;
    let mut change = Change { spec: before.spec.clone(), words: before.words.clone() };
    change.spec.touches[2].cron = Some("0 14 * * WED".into());
    change.words.get_mut("en").unwrap().get_mut("reminder-2").unwrap().subject = "Another reason".into();
    let effect = change::preview(&world.ctx, ROUND, &change).await.unwrap();
    let of_ann: Vec<_> = effect.affected.iter().filter(|a| a.name == "Ann Lee").collect();
    assert_eq!(of_ann.len(), 3);
    assert_eq!(of_ann[0].turn, Turn::Moved { from: at("2027-02-11T09:30:00Z"), to: at("2027-02-10T14:00:00Z") });
    assert_eq!((effect.texts.as_slice(), effect.messages.same), (&["en/reminder-2".to_string()][..], 0));
    assert!(effect.messages.reworded >= 5, "everybody's second reminder reads differently: {effect:?}");
    // Looking changes nothing, and what cannot be kept is refused with the reason.
    assert_eq!(world.row(ANN, "reminder").await.due_at, at("2027-02-11T09:30:00Z"));
    let mut never = change.clone();
    never.spec.touches[2].cron = Some("0 3 * * SUN".into());
    let refused = change::preview(&world.ctx, ROUND, &never).await.unwrap_err();
    assert!(refused.what.contains("touch 3, reminder"), "{refused}");
    assert!(changed(&world, before.version, never).await.is_err());
    changed(&world, before.version, change.clone()).await.unwrap();
    let again = changed(&world, before.version, change).await.unwrap_err();
    assert!(again.what.contains("has changed since"), "{again}");
    world.think().await;
    assert_eq!(world.row(ANN, "reminder").await.due_at, at("2027-02-10T14:00:00Z"));
    // Yesterday's messages went by yesterday's plan, whatever the hours are from now on.
    let now = live(&world).await;
    let mut hours = Change { spec: now.spec.clone(), words: now.words.clone() };
    hours.spec.schedule.send_from = "13:00".parse().unwrap();
    hours.spec.touches.iter_mut().for_each(|t| t.at = None);
    changed(&world, now.version, hours).await.unwrap();
    world.pass_to("2027-02-17T20:00:00Z").await;
    assert_eq!(world.kinds_to(ANN).len(), 4);
    assert_eq!(world.mail_to(ANN, "reminder").header("subject").unwrap(), "Another reason");
    world.promises_hold().await;
}

async fn the_client_approves_the_plan_and_sees_what_changed(mut world: World) {
    world.load(northwind()).await;
    let client = Approver { name: "Carla Client".into(), email: "carla@northwind.example".into() };
    approval::ask(&world.ctx, ROUND, client.clone(), &Actor::operator(OPERATOR)).await.unwrap();
    world.work().await;
    let mail = world.mail_to("carla@northwind.example", "plan_approval");
    let secret = crate::common::secret_in(&mail, "/plan/");
    let sheet = approval::sheet(&world.ctx, &secret).await.unwrap().unwrap();
    assert_eq!((sheet.approval.messages, sheet.contacts), (25, 5));
    assert_eq!(sheet.touches[0].kind, MessageKind::WarmUp);
    assert!(approved(&world, &secret, "24", "test").await.is_err());
    approved(&world, &secret, "25", "test").await.unwrap();
    approved(&world, &secret, "25", "a second tap").await.unwrap();
    let since = async |world: &World| {
        let mut tx = world.ctx.db.read().await.unwrap();
        let live = world.ctx.live_by_slug(&mut tx, ROUND).await.unwrap();
        let s = since_approval::standing(&world.ctx, &mut tx, &live).await.unwrap().unwrap();
        let (figures, shown) = since_approval::figures_since(&world.ctx, &live).await.unwrap();
        let shown = shown.unwrap();
        assert_eq!((shown.moved, shown.added, shown.gone), (s.moved, s.added, s.gone));
        assert_eq!(figures.messages, forecast::figures(&world.ctx, &live).await.unwrap().messages);
        (s.moved, s.added, s.gone)
    };
    assert_eq!(since(&world).await, (0, 0, 0));
    let mut folder = northwind();
    folder.spec.touches[2].cron = Some("30 9 * * FRI".into());
    world.load(folder).await;
    assert_eq!(since(&world).await, (15, 0, 0));
    let mut folder = northwind();
    folder.spec.touches[2].times = Some(2);
    world.load(folder).await;
    assert_eq!(since(&world).await, (0, 0, 5));
    world.sleep_until("2027-01-25T11:00:00Z");
    approval::record(&world.ctx, ROUND, client.clone(), "minutes of 25 January", &Actor::operator(OPERATOR))
        .await
        .unwrap();
    assert_eq!(since(&world).await, (0, 0, 0));
    assert!(approval::record(&world.ctx, ROUND, client, " ", &Actor::operator(OPERATOR)).await.is_err());
    world.promises_hold().await;
}

async fn what_leaves_late_says_so(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    // The machine is off over the opening, until late in the evening of the next day.
    world.sleep_until("2027-02-09T23:30:00Z");
    world.restart().await;
    world.pass_to("2027-02-10T20:00:00Z").await;
    let forecast = plan_of(&world.ctx, ROUND).await.unwrap();
    let line = forecast.lines().find(|l| l.contact == ANN && l.kind == "invitation").unwrap();
    assert_eq!((line.due_at, line.state), (at("2027-02-10T09:00:00Z"), "sent"));
    assert_eq!(line.reason, "late: was planned for Mon 8 Feb, 10:00");
    let warm_up = forecast.lines().find(|l| l.contact == ANN && l.kind == "warm_up").unwrap();
    assert_eq!(warm_up.reason, "");
    world.promises_hold().await;
}
