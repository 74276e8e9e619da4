//! Decided late: what was claimed and even offered stops at the last moment, before the final dot (promise 2, M05, F20).
//!
//! The server holds its answer to the first message while the fact changes; the second message is claimed by then.

use soundings::rules::journal::Actor;
use soundings::rules::message::MessageState;
use soundings::steps::contacts::opt_out::{Length, OptOut};
use soundings::steps::round::RoundOrder;

use crate::common::{ANN, BEN, DORA, World, at};

on_both!(
    f20_who_opts_out_between_claim_and_dot_gets_nothing,
    f20_who_answers_between_claim_and_dot_is_not_reminded,
    without_a_change_the_second_message_leaves,
    a_pause_stops_what_is_claimed_and_resume_doubles_nothing,
    a_name_removed_between_claim_and_dot_gets_nothing,
    a_message_is_held_and_released_by_an_operator,
    a_closed_round_says_nothing_more,
);

/// Ann's and Ben's reminders are due at one instant; returns when they are, before they are claimed.
async fn two_reminders_due(world: &mut World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    world.sleep_until("2027-02-11T09:30:00Z");
    world.think().await;
    let due = world.in_state(MessageState::Planned).await;
    let due: Vec<&str> = due.iter().filter(|m| m.due_at <= world.now()).map(|m| m.to_email.as_str()).collect();
    assert!(due.contains(&ANN) && due.contains(&BEN), "{due:?}");
}

/// The one of the two whose reminder did not leave first.
fn other(world: &World) -> &'static str {
    let first = world.mailbox.all().pop().unwrap();
    assert_eq!(first.kind, "reminder");
    match first.recipient() {
        BEN => ANN,
        _ => BEN,
    }
}

async fn f20_who_opts_out_between_claim_and_dot_gets_nothing(mut world: World) {
    two_reminders_due(&mut world).await;
    let (ctx, mailbox) = (world.ctx.clone(), world.mailbox.clone());
    let (ann, ben) = (world.mail_to(ANN, "invitation"), world.mail_to(BEN, "invitation"));
    let (_, stopped) = world
        .send_and_at_the_first_dot(async move {
            let first = mailbox.all().pop().unwrap();
            let (who, mail) = if first.recipient() == BEN { (ANN, ann) } else { (BEN, ben) };
            assert!(
                ctx.order(
                    &Actor::Visitor,
                    OptOut { secret: crate::common::one_click(&mail), length: Length::NeverAgain, how: "one click" }
                )
                .await
                .unwrap()
            );
            who
        })
        .await;
    assert_eq!(world.kinds_to(stopped), ["warm_up", "invitation"]);
    let row = world.row(stopped, "reminder").await;
    assert_eq!((row.state, row.reason.as_deref()), (MessageState::Withdrawn, Some("opted_out")));
    world.pass_to("2027-03-04T12:00:00Z").await;
    assert_eq!(world.kinds_to(stopped), ["warm_up", "invitation"]);
    world.promises_hold().await;
}

async fn f20_who_answers_between_claim_and_dot_is_not_reminded(mut world: World) {
    two_reminders_due(&mut world).await;
    let (ctx, mailbox) = (world.ctx.clone(), world.mailbox.clone());
    let (ann, ben) = (world.mail_to(ANN, "invitation"), world.mail_to(BEN, "invitation"));
    let (_, stopped) = world
        .send_and_at_the_first_dot(async move {
            let first = mailbox.all().pop().unwrap();
            let (who, mail) = if first.recipient() == BEN { (ANN, ann) } else { (BEN, ben) };
            let secret = crate::common::secret_in(&mail, "/assessment/");
            let fields = [("trust".to_string(), "7".to_string()), ("recommend".to_string(), "10".to_string())];
            ctx.order(
                &Actor::Visitor,
                soundings::steps::response::SaveAnswers {
                    secret: secret.clone(),
                    fields: fields.into(),
                    language: "en".into(),
                },
            )
            .await
            .unwrap();
            ctx.order(
                &Actor::Visitor,
                soundings::steps::response::SendAnswers { secret: secret.clone(), language: "en".into() },
            )
            .await
            .unwrap();
            who
        })
        .await;
    assert_eq!(world.kinds_to(stopped), ["warm_up", "invitation"]);
    world.pass_to("2027-02-11T18:00:00Z").await;
    assert_eq!(world.kinds_to(stopped), ["warm_up", "invitation", "thank_you"]);
    world.promises_hold().await;
}

/// The twin: the hook alone stops nothing.
async fn without_a_change_the_second_message_leaves(mut world: World) {
    two_reminders_due(&mut world).await;
    let (report, ()) = world.send_and_at_the_first_dot(async {}).await;
    assert!(report.settled >= 2);
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation", "reminder"]);
    world.promises_hold().await;
}

async fn a_pause_stops_what_is_claimed_and_resume_doubles_nothing(mut world: World) {
    two_reminders_due(&mut world).await;
    let ctx = world.ctx.clone();
    let pause = async move {
        ctx.order(
            &Actor::operator("olga"),
            soundings::steps::round::TellRound { slug: crate::common::ROUND.into(), order: RoundOrder::Pause },
        )
        .await
        .unwrap();
    };
    world.send_and_at_the_first_dot(pause).await;
    let waiting = other(&world);
    assert_eq!(world.kinds_to(waiting), ["warm_up", "invitation"], "one was on the wire, the rest stays");
    let row = world.row(waiting, "reminder").await;
    assert_eq!(row.state, MessageState::Planned);
    // Promise 6: answers are taken all the same.
    world.answers(&world.mail_to(waiting, "invitation")).await.unwrap();
    world.pass_to("2027-02-12T12:00:00Z").await;
    let before = world.mailbox.count();
    world.order(RoundOrder::Resume).await;
    world.order(RoundOrder::Pause).await;
    world.order(RoundOrder::Resume).await;
    world.pass_to("2027-02-13T12:00:00Z").await;
    assert!(world.mailbox.count() > before);
    assert_eq!(world.kinds_to(waiting), ["warm_up", "invitation", "thank_you"]);
    world.pass_to("2027-03-04T12:00:00Z").await;
    world.promises_hold().await;
}

async fn a_name_removed_between_claim_and_dot_gets_nothing(mut world: World) {
    two_reminders_due(&mut world).await;
    let (ctx, mailbox) = (world.ctx.clone(), world.mailbox.clone());
    let (ann, ben) = (world.person(ANN).await.id, world.person(BEN).await.id);
    let secret = crate::common::secret_in(&world.mail_to(DORA, "sign_off"), "/sign-off/");
    let (_, stopped) = world
        .send_and_at_the_first_dot(async move {
            let first = mailbox.all().pop().unwrap();
            let (who, id) = if first.recipient() == BEN { (ANN, ann) } else { (BEN, ben) };
            let edit = soundings::steps::signoff::names::editing::Edit::Remove { reason: "has left".into() };
            ctx.order(
                &Actor::Visitor,
                soundings::steps::signoff::names::editing::EditName {
                    secret: secret.clone(),
                    contact: id.clone(),
                    edit,
                },
            )
            .await
            .unwrap();
            who
        })
        .await;
    world.pass_to("2027-03-04T12:00:00Z").await;
    assert_eq!(world.kinds_to(stopped), ["warm_up", "invitation"]);
    world.promises_hold().await;
}

async fn a_message_is_held_and_released_by_an_operator(mut world: World) {
    use soundings::steps::sending::outbox::{ActOnMessage, MessageAction};
    world.signed().await;
    world.pass_to("2027-02-07T12:00:00Z").await;
    let row = world.row(ANN, "invitation").await.id;
    world
        .ctx
        .order(
            &Actor::operator(crate::common::OPERATOR),
            ActOnMessage { message: row.clone(), action: MessageAction::Hold },
        )
        .await
        .unwrap();
    world.pass_to("2027-02-09T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up"]);
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation"]);
    world
        .ctx
        .order(
            &Actor::operator(crate::common::OPERATOR),
            ActOnMessage { message: row.clone(), action: MessageAction::Release },
        )
        .await
        .unwrap();
    world
        .ctx
        .order(
            &Actor::operator(crate::common::OPERATOR),
            ActOnMessage { message: row.clone(), action: MessageAction::Release },
        )
        .await
        .unwrap();
    world.work().await;
    assert_eq!(world.mail_to(ANN, "invitation").at, at("2027-02-09T12:00:00Z"));
    assert_eq!(world.person(ANN).await.sent_count, 2, "a released message counts like any other");
    world.promises_hold().await;
}

async fn a_closed_round_says_nothing_more(mut world: World) {
    two_reminders_due(&mut world).await;
    let ctx = world.ctx.clone();
    let close = async move {
        ctx.order(
            &Actor::operator("olga"),
            soundings::steps::round::TellRound { slug: crate::common::ROUND.into(), order: RoundOrder::Close },
        )
        .await
        .unwrap();
    };
    world.send_and_at_the_first_dot(close).await;
    let stopped = other(&world);
    assert_eq!(world.kinds_to(stopped), ["warm_up", "invitation"]);
    assert_eq!(world.row(stopped, "reminder").await.reason.as_deref(), Some("round_closed"));
    world.promises_hold().await;
}
