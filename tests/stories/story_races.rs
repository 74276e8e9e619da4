//! Races (F20): people answer and opt out at the very moment at which their reminders leave.
//!
//! Everybody's reminder is due at one instant; while the lines drain, each person acts at a moment of his own. The clock
//! moves all the while, so that the order of instants is the order of commits. Each person is one race: 75 of each of the two
//! kinds on each database; `SOUNDINGS_RACES` asks for another number of each kind on each.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::{join, join_all};
use soundings::base::ids::ContactId;
use soundings::rules::journal::Actor;
use soundings::rules::message::MessageState;
use soundings::rules::plan::Scope;
use soundings::steps::context::Purpose;
use soundings::steps::plan::pauses::{self, NewPause};
use soundings::steps::round::RoundOrder;
use soundings::steps::sending::delivery;
use soundings::steps::{Ctx, response};
use soundings::store::promises;

use crate::common::{DORA, OPERATOR, ROUND, World, crowd};

on_both!(
    f20_no_reminder_leaves_after_the_answer,
    f20_no_message_leaves_after_the_opt_out,
    f20_nothing_leaves_after_a_pause
);

fn races() -> usize {
    std::env::var("SOUNDINGS_RACES").ok().and_then(|n| n.parse().ok()).unwrap_or(75)
}

/// Moves the clock on by a millisecond, again and again, until it is dropped.
struct Ticking(Arc<AtomicBool>);

impl Ticking {
    fn begin(ctx: &Ctx) -> Ticking {
        let (clock, over) = (ctx.clock.clone(), Arc::new(AtomicBool::new(false)));
        let ends = over.clone();
        std::thread::spawn(move || {
            while !ends.load(Ordering::SeqCst) {
                clock.turn_to(clock.now().plus(1));
                std::thread::sleep(Duration::from_micros(200));
            }
        });
        Ticking(over)
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Everybody was invited, and everybody's first reminder is due.
async fn reminders_due(world: &mut World, people: usize) -> Vec<ContactId> {
    world.with_connections(2);
    world.load(crowd(people)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.receipts_leave().await;
    world.sleep_until("2027-02-01T09:30:00Z");
    world.work().await;
    world.sleep_until("2027-02-08T10:00:00Z");
    world.work().await;
    world.sleep_until("2027-02-11T09:30:00Z");
    world.think().await;
    let due = world.in_state(MessageState::Planned).await;
    assert_eq!(due.iter().filter(|m| m.kind.as_str() == "reminder").count(), people);
    world.mailbox.clear();
    due.into_iter().filter_map(|m| m.contact_id).collect()
}

/// Drains on two daemons while `act` is done for each contact at a moment of its own. Returns how many reminders left.
async fn race<F: Future<Output = ()>>(
    world: &mut World,
    contacts: &[ContactId],
    act: impl Fn(Ctx, ContactId) -> F,
) -> u64 {
    let _ticking = Ticking::begin(&world.ctx);
    let (other, mut its_lines) = world.second_daemon().await;
    let everybody = join_all(contacts.iter().map(|contact| {
        let (pause, ctx) = (world.ctx.ids.below(contacts.len() as u64 * 3_000), world.ctx.clone());
        let acting = act(ctx, contact.clone());
        async move {
            tokio::time::sleep(Duration::from_micros(pause)).await;
            acting.await;
        }
    }));
    let draining = join(delivery::drain(&world.ctx, &mut world.lines), delivery::drain(&other, &mut its_lines));
    let ((ours, theirs), _) = join(draining, everybody).await;
    ours.unwrap();
    theirs.unwrap();
    world.mailbox.count()
}

/// What left was marked before the fact was committed, and what did not leave is not in anybody's mailbox.
async fn nothing_left_after(world: &World, people: usize) {
    let lane = world.ledger().await.remove(0).lane;
    let mut tx = world.ctx.db.read().await.unwrap();
    let gone = promises::gone(&mut tx, lane.round().unwrap()).await.unwrap();
    drop(tx);
    let reminders: Vec<_> = gone.iter().filter(|m| m.kind.as_str() == "reminder").collect();
    for m in &reminders {
        let marked = m.marked_at.unwrap();
        assert!(m.completed_at.is_none_or(|at| marked <= at), "{m:?}");
        assert!(m.opted_out_at.is_none_or(|at| marked <= at), "{m:?}");
    }
    let left: BTreeSet<&str> = reminders.iter().map(|m| m.email.as_str()).collect();
    let came = world.mailbox.all();
    let came: BTreeSet<&str> = came.iter().filter(|m| m.kind == "reminder").map(|m| m.recipient()).collect();
    assert_eq!(left, came);
    let stopped = world.in_state(MessageState::Withdrawn).await.len();
    assert_eq!(left.len() + stopped, people, "every reminder has left or was withdrawn");
}

async fn f20_no_reminder_leaves_after_the_answer(mut world: World) {
    let people = races();
    let contacts = reminders_due(&mut world, people).await;
    race(&mut world, &contacts, |ctx, contact| async move {
        let secret = ctx.secret(Purpose::Assessment, &contact);
        let fields = [("trust".to_string(), "4".to_string()), ("recommend".to_string(), "8".to_string())];
        ctx.order(
            &Actor::Visitor,
            response::SaveAnswers { secret: secret.clone(), fields: fields.into(), language: "en".into() },
        )
        .await
        .unwrap();
        assert_eq!(
            ctx.order(&Actor::Visitor, response::SendAnswers { secret: secret.clone(), language: "en".into() })
                .await
                .unwrap()
                .1,
            response::Sent::Complete
        );
    })
    .await;
    nothing_left_after(&world, people).await;
    world.promises_hold().await;
}

async fn f20_no_message_leaves_after_the_opt_out(mut world: World) {
    let people = races();
    let contacts = reminders_due(&mut world, people).await;
    race(&mut world, &contacts, |ctx, contact| async move {
        let secret = ctx.secret(Purpose::OptOut, &contact);
        assert!(
            ctx.order(
                &Actor::Visitor,
                response::OptOut { secret, length: response::Length::NeverAgain, how: "one click" }
            )
            .await
            .unwrap()
        );
    })
    .await;
    nothing_left_after(&world, people).await;
    world.promises_hold().await;
}

/// One word of an operator stops everybody's reminder at a moment in the middle; what had not left by then leaves once, after the next.
async fn f20_nothing_leaves_after_a_pause(mut world: World) {
    let people = races().min(300);
    let contacts = reminders_due(&mut world, people).await;
    race(&mut world, &contacts[..1], |ctx, _| async move {
        let new = NewPause { scope: Scope::Director(DORA.into()), why: "stop".into(), from: None, until: None };
        tokio::time::sleep(Duration::from_millis(20 + ctx.ids.below(60))).await;
        ctx.order(&Actor::operator(OPERATOR), pauses::PausePeople { slug: ROUND.into(), pause: new }).await.unwrap();
    })
    .await;
    nothing_left_after(&world, people).await;
    world.promises_hold().await;
    let lane = world.ledger().await.remove(0).lane;
    for p in pauses::in_force(&world.ctx, lane.round().unwrap()).await.unwrap() {
        world
            .ctx
            .order(&Actor::operator(OPERATOR), pauses::LiftPause { slug: ROUND.into(), pause: p.id.clone() })
            .await
            .unwrap();
    }
    // A cron reminder that was held takes the next time of its expression.
    world.pass_to("2027-02-18T18:00:00Z").await;
    let numbers: Vec<usize> = contacts_with_reminders(&world);
    assert_eq!(numbers.len(), people);
    assert!(numbers.iter().all(|n| (1..=2).contains(n)), "{numbers:?}");
    world.promises_hold().await;
}

/// How many reminders each recipient has got since the box was emptied.
fn contacts_with_reminders(world: &World) -> Vec<usize> {
    let mut count = std::collections::BTreeMap::<String, usize>::new();
    for mail in world.mailbox.all().iter().filter(|m| m.kind == "reminder") {
        *count.entry(mail.recipient().to_string()).or_default() += 1;
    }
    count.into_values().collect()
}
