//! How operators change the plan of a running round: pauses by scope, other times and limits, people who are away or have left.

use chrono::{Days, NaiveTime};
use soundings::base::counted::counted;
use soundings::base::ids::Dice;
use soundings::base::problem::Result;
use soundings::rehearsal::play::OPERATOR;
use soundings::rehearsal::refusals::told;
use soundings::rehearsal::world::World;
use soundings::rules::journal::Actor;
use soundings::rules::message::MessageKind;
use soundings::rules::plan::Scope;
use soundings::rules::round::{QuietHours, RoundSpec};
use soundings::steps::plan::change::{self, Change};
use soundings::steps::plan::pauses::{self, NewPause};
use soundings::steps::replies::absence::{self, News};
use soundings::store::contacts::{Person, search};

/// Does one thing to the plan; what is refused changes nothing.
pub async fn change_plan(world: &mut World, dice: &mut Dice) -> Result<String> {
    match dice.below(10) {
        0..3 => pause(world, dice).await,
        3..6 => lift(world, dice).await,
        6..8 => edit(world, dice).await,
        _ => hear(world, dice).await,
    }
}

async fn somebody(world: &World, dice: &mut Dice) -> Result<Option<Person>> {
    let live = world.live().await?;
    let mut tx = world.ctx.db.read().await?;
    let search = search::Search { stage: "listed".into(), ..Default::default() };
    let all = search::page(&mut tx, &live.id, &search, i64::MAX, 0).await?;
    Ok(all.get(dice.below(all.len().max(1) as u64) as usize).cloned())
}

async fn pause(world: &World, dice: &mut Dice) -> Result<String> {
    let Some(person) = somebody(world, dice).await? else { return Ok("nothing".into()) };
    let scope = match dice.below(5) {
        0 => Scope::Account(person.account_id),
        1 => Scope::Director(person.director_email),
        2 => Scope::Country(person.country),
        3 => Scope::Language(person.language),
        _ => Scope::Touch(MessageKind::Reminder, dice.chance(50).then_some(1 + dice.below(3) as u32)),
    };
    let today = world.live().await?.sequence.home().local(world.now()).date();
    let in_days = |days: u64| today.checked_add_days(Days::new(days));
    let from = dice.chance(30).then(|| dice.below(5));
    let until = dice.chance(60).then(|| from.unwrap_or(0) + dice.below(6));
    let new = NewPause {
        scope: scope.clone(),
        why: "complaint open".into(),
        from: from.and_then(in_days),
        until: until.and_then(in_days),
    };
    told(
        world.ctx.order(&Actor::operator(OPERATOR), pauses::PausePeople { slug: world.slug.clone(), pause: new }).await,
    )?;
    Ok(format!("{scope:?} is stopped from {from:?} until {until:?} days on"))
}

async fn lift(world: &World, dice: &mut Dice) -> Result<String> {
    let live = world.live().await?;
    let all = pauses::in_force(&world.ctx, &live.id).await?;
    let Some(pause) = all.get(dice.below(all.len().max(1) as u64) as usize) else { return Ok("nothing".into()) };
    told(
        world
            .ctx
            .order(&Actor::operator(OPERATOR), pauses::LiftPause { slug: world.slug.clone(), pause: pause.id.clone() })
            .await,
    )?;
    Ok(format!("the stop of {} {} is lifted", pause.scope, pause.value))
}

async fn edit(world: &World, dice: &mut Dice) -> Result<String> {
    let live = world.live().await?;
    let mut change = Change { spec: live.spec.clone(), words: live.words.clone() };
    let what = alter(&mut change.spec, dice);
    told(
        world
            .ctx
            .order(
                &Actor::operator(OPERATOR),
                change::ChangeRound { slug: world.slug.clone(), version: live.version, change },
            )
            .await,
    )?;
    Ok(format!("the plan is changed: {what}"))
}

fn alter(spec: &mut RoundSpec, dice: &mut Dice) -> String {
    let hour = |hour: u64| NaiveTime::from_hms_opt(hour as u32, 0, 0).unwrap_or_default();
    let schedule = &mut spec.schedule;
    match dice.below(6) {
        0 => {
            let off = schedule.opens + Days::new(dice.below(25));
            schedule.days_off.push(off);
            format!("{off} is off")
        }
        1 => {
            schedule.minimum_gap_days = 1 + dice.below(3) as u32;
            format!("a gap of {}", counted(schedule.minimum_gap_days, "day", "days"))
        }
        2 => {
            schedule.maximum_per_account_per_day = dice.chance(70).then(|| 2 + dice.below(4) as u32);
            format!("{:?} a day for an account", schedule.maximum_per_account_per_day)
        }
        3 => {
            schedule.quiet_hours = match dice.chance(50) {
                true => vec![QuietHours { from: hour(12), until: hour(13) }],
                false => Vec::new(),
            };
            format!("{} quiet hours", schedule.quiet_hours.len())
        }
        4 => {
            let minute = dice.below(60);
            for cron in spec.touches.iter_mut().filter_map(|touch| touch.cron.as_mut()) {
                let rest: Vec<&str> = cron.split(' ').skip(1).collect();
                *cron = format!("{minute} {}", rest.join(" "));
            }
            format!("reminders at minute {minute}")
        }
        _ => {
            schedule.closes = schedule.closes + Days::new(dice.below(4));
            format!("it closes on {}", schedule.closes)
        }
    }
}

async fn hear(world: &World, dice: &mut Dice) -> Result<String> {
    let Some(person) = somebody(world, dice).await? else { return Ok("nothing".into()) };
    let today = world.live().await?.sequence.home().local(world.now()).date();
    let news = match dice.below(6) {
        0..3 => News::AwayUntil(today + Days::new(1 + dice.below(12))),
        3 => News::Back,
        4 => News::Left { write_to: Vec::new() },
        _ => News::Stays,
    };
    let what = format!("{}: {news:?}", person.email);
    told(
        world
            .ctx
            .order(
                &Actor::operator(OPERATOR),
                absence::HearNews { contact: person.id.clone(), news, why: "told by phone".into() },
            )
            .await,
    )?;
    Ok(what)
}
