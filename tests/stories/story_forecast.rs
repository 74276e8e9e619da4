//! The round ahead, and planning that goes on: what is forecast is what then happens, and one broken round stops no other.

use std::sync::Arc;

use serde_json::Value;
use soundings::rules::journal::Actor;
use soundings::rules::message::MessageKind;
use soundings::rules::plan::{Reason, Sequence};
use soundings::steps::plan::forecast::{self, Forecast, Message};
use soundings::steps::round::{self, RoundOrder};
use soundings::steps::{plan, signoff};
use soundings::store::plan as looks;
use soundings::store::round::rounds;

use crate::common::{ANN, DORA, ERIK, OPERATOR, ROUND, SALES_DIRECTOR, World, crowd, northwind};

on_both!(
    what_is_forecast_is_what_goes,
    a_plan_that_is_thought_of_is_forecast_beside_the_one_that_runs,
    a_round_that_cannot_be_read_stops_no_other,
    a_thousand_at_one_instant_are_planned_once_each,
);

async fn forecast_of(world: &World) -> Arc<Forecast> {
    forecast::plan_of(&world.ctx, ROUND).await.unwrap()
}

/// Contact, kind, number and instant, in the order of the forecast.
fn shown(forecast: &Forecast) -> Vec<(String, &'static str, u32, i64)> {
    forecast.lines().map(|l| (l.contact.to_owned(), l.kind, l.number, l.due_at.0)).collect()
}

async fn what_is_forecast_is_what_goes(mut world: World) {
    world.started().await;
    let unsigned = forecast_of(&world).await;
    assert_eq!(unsigned.summary().contacts_as_if_signed, 5);
    let as_if = |m: &&Message| unsigned.reason(m) == "as if its list were signed off now";
    assert!(unsigned.messages.iter().all(|m| m.state.is_none() && (m.moved.is_some() || as_if(&m))));
    assert!(unsigned.messages.iter().filter(as_if).count() >= 5);
    world.sign_all(DORA, "sign_off").await;
    world.sign_all(ERIK, "sign_off").await;
    signoff::ask(&world.ctx).await.unwrap();
    world.send().await;
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    let before = forecast_of(&world).await;
    assert_eq!(before.summary().contacts_as_if_signed, 0);
    assert_eq!(before.messages.len(), 5 * 5);
    world.work().await;
    // Planned rows are the same messages, not further ones.
    let planned = forecast_of(&world).await;
    assert_eq!(shown(&planned), shown(&before));
    assert_eq!(planned.lines().filter(|l| l.state == "planned").count(), 5);
    world.pass_to("2027-03-06T12:00:00Z").await;
    let after = forecast_of(&world).await;
    assert_eq!(shown(&after), shown(&before));
    assert_eq!((after.summary().gone, after.summary().ahead), (25, 0));
    assert!(after.lines().all(|l| l.state == "sent"));
    world.promises_hold().await;
}

async fn a_plan_that_is_thought_of_is_forecast_beside_the_one_that_runs(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let live = world.ctx.live_by_slug(&mut tx, ROUND).await.unwrap();
    let mut spec = live.spec.clone();
    spec.schedule.maximum_per_account_per_day = Some(1);
    let sequence = Sequence::prepare(&spec, &world.ctx.almanac).unwrap();
    let thought = forecast::ahead(&world.ctx, &mut tx, &live, &sequence).await.unwrap();
    let by_limit = |f: &Forecast| f.messages.iter().filter(|m| m.moved == Some(Reason::AccountLimit)).count() as u64;
    let collisions = thought.summary().collisions;
    let told = collisions.iter().find(|moved| moved.reason == Reason::AccountLimit).map_or(0, |moved| moved.messages);
    assert!(told > 0 && told == by_limit(&thought), "{collisions:?}");
    let own = forecast_of(&world).await;
    assert_eq!(by_limit(&own), 0);
    let of_ann = |f: &Forecast| f.lines().filter(|l| l.contact == ANN).map(|l| (l.kind, l.number)).collect::<Vec<_>>();
    assert_eq!(of_ann(&thought), of_ann(&own));
    // The pieces of JSON are one document.
    let text: String = own.clone().json(ROUND).map(Result::unwrap).collect();
    let read: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["messages"].as_array().unwrap().len(), own.messages.len());
    assert_eq!(read["round"], ROUND);
    assert_eq!(read["summary"]["ahead"], own.summary().ahead);
}

async fn a_round_that_cannot_be_read_stops_no_other(mut world: World) {
    world.signed().await;
    world.sleep_until("2027-02-02T12:00:00Z");
    world.send().await;
    let mut other = northwind();
    other.spec.round = "aaa-first".into();
    round::load(&world.ctx, other, &Actor::operator(OPERATOR)).await.unwrap();
    world
        .ctx
        .order(&Actor::operator(OPERATOR), round::TellRound { slug: "aaa-first".into(), order: RoundOrder::Start })
        .await
        .unwrap();
    world
        .ctx
        .db
        .write(|tx| {
            Box::pin(async move {
                let other = rounds::by_slug(tx, "aaa-first").await?.unwrap();
                let now = other.created_at;
                rounds::replace_content(tx, &rounds::Round { spec: "{}".into(), ..other }, now, OPERATOR).await
            })
        })
        .await
        .unwrap();
    assert_eq!(plan::tick(&world.ctx).await.unwrap(), 2, "the invitations of London and Berlin, where it is day");
}

async fn a_thousand_at_one_instant_are_planned_once_each(mut world: World) {
    world.load(crowd(2_300)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    assert_eq!(plan::tick(&world.ctx).await.unwrap(), 2_300);
    assert_eq!(plan::tick(&world.ctx).await.unwrap(), 0);
    let id = {
        let mut tx = world.ctx.db.read().await.unwrap();
        rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap().id
    };
    let now = world.now();
    world.ctx.db.write(move |tx| Box::pin(async move { looks::look_at_round(tx, &id, now).await })).await.unwrap();
    assert_eq!(plan::tick(&world.ctx).await.unwrap(), 0, "what is planned is not planned again");
    let warm_ups = forecast_of(&world).await;
    let planned = warm_ups.lines().filter(|l| l.state == "planned" && l.kind == MessageKind::WarmUp.as_str());
    assert_eq!(planned.count(), 2_300);
    assert_eq!(
        world
            .ctx
            .order(&Actor::Program, soundings::steps::completion::CheckCounters { slug: ROUND.to_string() })
            .await
            .unwrap(),
        Vec::<String>::new()
    );
}
