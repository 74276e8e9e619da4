//! The receiving gateways of a round in the outbox: how we stand with each, and holding or releasing one.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::alarm::told_at;
use crate::rules::sending::meaning::meaning;
use crate::rules::sending::pace::{NEVER_HELD, Standing, day};
use crate::steps::Live;
use crate::steps::sending::pace as step;
use crate::steps::sending::pace::{GatewayAlarm, alarms, standing};
use crate::store::Tx;
use crate::store::sending::{gateways as ledger, trouble};
use crate::web::console::views::sending::gateways::{AlarmCard, GatewayRow, Gateways};
use crate::web::kit::door::session::Posted;
use crate::web::kit::figures::count;
use crate::web::kit::frames::home;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;
use crate::web::kit::times::{exact, when};
use crate::web::kit::urls;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Status, When, plural};

use super::incidents;

/// As many gateways are shown, the busiest first.
const SHOWN: i64 = 30;
/// As many domains behind a gateway are named.
const NAMED: i64 = 5;
pub const HOLD: &str = "hold_gateway";
pub const RELEASE: &str = "release_gateway";

pub async fn of(web: &Web, tx: &mut Tx, live: &Live, here: &str, csrf: &str) -> Result<Gateways> {
    let incidents = incidents::cards(tx, csrf, here).await?;
    let Some(policy) = &web.ctx.pace else { return Ok(Gateways { incidents, ..Gateways::default() }) };
    let now = web.ctx.clock.now();
    let shown = ledger::of_round(tx, &live.id, now.plus(-policy.canary), SHOWN).await?;
    let names: Vec<&str> = shown.iter().map(|g| g.name.as_str()).collect();
    let standings = ledger::of_names(tx, &names).await?;
    let held: Vec<String> = trouble::held(tx).await?.into_iter().map(|incident| incident.scope).collect();
    let mut rows = Vec::new();
    for g in &shown {
        let known = standings.iter().find(|s| s.name == g.name).cloned().map(standing).unwrap_or_default();
        let mut row = row(tx, live, (here, csrf), g, &known, now).await?;
        if held.contains(&g.name) {
            row.state = Status::wrong("held");
            row.why = "the same refusal came for many addresses there".into();
            row.action = action((here, csrf), RELEASE, &g.name);
        }
        rows.push(row);
    }
    let until = |at: Ts| when(at, now, &home(live));
    let all = alarms(tx, now).await?;
    let cards = all.iter().map(|alarm| card((here, csrf), alarm, alarm.until.map(until)));
    Ok(Gateways { alarms: cards.collect(), incidents, rows })
}

async fn row(
    tx: &mut Tx,
    live: &Live,
    form: (&str, &str),
    g: &ledger::ShownGateway,
    known: &Standing,
    now: Ts,
) -> Result<GatewayRow> {
    let domains = match g.domains {
        0 | 1 => String::new(),
        all => {
            let named = ledger::domains_behind(tx, &g.name, NAMED).await?;
            let names: Vec<String> = named.into_iter().map(|d| d.domain).collect();
            let more = (all - NAMED).max(0) as usize;
            let more = if more > 0 { format!(" and {} more", count(more as i64)) } else { String::new() };
            format!("{}{more}", names.join(", "))
        }
    };
    let slow = known.halvings(now);
    let (state, why) = match known.held(now) {
        Some(_) if known.held_by != NEVER_HELD => (Status::attention("held"), format!("by {}", known.held_by)),
        Some(until) => (Status::wrong("refuses"), format!("until {}: {}", exact(until, now, &home(live)), known.said)),
        None if slow > 0 => (Status::attention("slowed"), format!("to 1/{} of its pace: {}", 1u32 << slow, known.said)),
        None if g.first_out != 0 => (Status::waiting("first message out"), "the others go when it was accepted".into()),
        None => (Status::good("good"), String::new()),
    };
    let act = if known.held(now).is_some() { RELEASE } else { HOLD };
    Ok(GatewayRow {
        domains,
        waiting: count(g.waiting),
        today: count(if g.day == day(now) { g.today } else { 0 }),
        state,
        why,
        action: action(form, act, &g.name),
        name: g.name.clone(),
    })
}

/// Posted `here`, where the row of the gateway is.
fn action((here, csrf): (&str, &str), act: &'static str, gateway: &str) -> ActionForm {
    let beside = if here == urls::SENDING { "server" } else { "messages" };
    ActionForm {
        places: vec![format!("gateway-{gateway}"), beside.into()],
        action: here.into(),
        act,
        csrf: csrf.into(),
        hidden: vec![("gateway", gateway.into())],
        label: if act == HOLD { "Hold".into() } else { "Release now".into() },
        about: format!("the mail to {gateway}"),
        ..ActionForm::default()
    }
}

/// Those that are held, on the page of sending, which belongs to no round.
pub async fn held(tx: &mut Tx, csrf: &str, now: Ts) -> Result<Vec<AlarmCard>> {
    let until = |at: Ts| When::new(told_at(at), told_at(at), at.to_string());
    let all = alarms(tx, now).await?;
    Ok(all.iter().map(|alarm| card((urls::SENDING, csrf), alarm, alarm.until.map(until))).collect())
}

fn card(form: (&str, &str), alarm: &GatewayAlarm, until: Option<When>) -> AlarmCard {
    AlarmCard {
        name: alarm.gateway.clone(),
        means: if alarm.is_refusal() { meaning(&alarm.said) } else { "" },
        title: format!("Mail to {} is held", alarm.gateway),
        what: alarm.what(),
        next: alarm.next_step(),
        waiting: plural(alarm.waiting.max(0) as usize, "message waits", "messages wait"),
        until,
        release: action(form, RELEASE, &alarm.gateway),
    }
}

pub async fn act(web: &Web, posted: &Posted, word: &str) -> std::result::Result<(), Failure> {
    let gateway = posted.fields.get("gateway");
    // The name of a domain; what is none was not on the page.
    let is_name = |c: char| c.is_alphanumeric() || ".-_".contains(c);
    if !gateway.contains('.') || gateway.len() > 255 || !gateway.chars().all(is_name) {
        return Err(Failure::unknown());
    }
    match word {
        HOLD => web.ctx.order(&posted.by.actor(), step::HoldGateway { gateway: gateway.to_string() }).await?,
        _ => web.ctx.order(&posted.by.actor(), step::ReleaseGateway { gateway: gateway.to_string() }).await?,
    }
    Ok(())
}
