//! Trouble that many share, in a rehearsal: a relay that refuses everybody for an hour, a gateway that denies everybody for two, and the operator
//! who says afterwards whose trouble it was.

use soundings::base::clock::{HOUR, Ts};
use soundings::base::problem::Result;
use soundings::rehearsal::mailbox::ServerFault;
use soundings::rehearsal::play::OPERATOR;
use soundings::rehearsal::refusals::told;
use soundings::rehearsal::world::World;
use soundings::rules::journal::Actor;
use soundings::rules::round::RoundState;
use soundings::steps::sending::trouble;
use soundings::store::contacts::search;
use soundings::store::sending::trouble as incidents;

/// A time in which a server refuses whoever is written to.
#[derive(Clone, Debug)]
pub struct Outage {
    pub from: Ts,
    pub until: Ts,
    pub fault: ServerFault,
}

impl Outage {
    /// Our own relay, in words of its own; the address stands in place of `{}`.
    pub fn of_the_relay(from: Ts, said: &str) -> Outage {
        Outage {
            from,
            until: from.plus(HOUR),
            fault: ServerFault::RefuseRecipient { address: String::new(), reply: said.into() },
        }
    }

    /// Everybody at one domain is unknown.
    pub fn of_a_gateway(from: Ts, domain: &str) -> Outage {
        let reply = "550 5.1.1 <{}>: Recipient address rejected: User unknown in virtual mailbox table".into();
        Outage {
            from,
            until: from.plus(2 * HOUR),
            fault: ServerFault::RefuseRecipient { address: format!("@{domain}"), reply },
        }
    }

    pub fn is_at(&self, now: Ts) -> bool {
        (self.from..self.until).contains(&now)
    }
}

/// Says of every incident that it was our trouble, as soon as the server takes mail again. How many there were.
pub async fn make_good(world: &World) -> Result<usize> {
    let waiting = trouble::alarms(&mut world.ctx.db.read().await?).await?;
    for alarm in &waiting {
        told(
            world
                .ctx
                .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str().to_string() })
                .await
                .map(|_| ()),
        )?;
    }
    Ok(waiting.len())
}

/// Plays on to the end of the round with these outages. Returns how many incidents the operator made good. Nobody may be taken for dead in the end
/// whose mailbox lives (promise 7).
pub async fn play_through(world: &mut World, outages: &[Outage]) -> Result<usize> {
    let closes_at = world.closes_at().await?;
    let mut made_good = 0;
    loop {
        let now = world.now();
        let faults: Vec<ServerFault> = outages.iter().filter(|o| o.is_at(now)).map(|o| o.fault.clone()).collect();
        if faults.is_empty() {
            made_good += make_good(world).await?;
        }
        world.set_faults(faults);
        if !world.tick().await? || (world.now() >= closes_at && world.is_over().await?) {
            break;
        }
    }
    nobody_is_wrongly_dead(world).await?;
    Ok(made_good)
}

async fn nobody_is_wrongly_dead(world: &mut World) -> Result<()> {
    let live = world.live().await?;
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    {
        let mut tx = world.ctx.db.read().await?;
        let search = search::Search::default();
        for person in search::page(&mut tx, &live.id, &search, i64::MAX, 0).await? {
            looked_at += 1;
            if person.undeliverable_at.is_some() && person.left_at.is_none() && !world.is_dead(&person.email.key()) {
                wrong.push(person.email.to_string());
            }
        }
        if live.state != RoundState::Closed && !incidents::unsettled(&mut tx).await?.is_empty() {
            wrong.push("an incident that nobody has made good".into());
        }
    }
    world.findings.looked_at(7, looked_at);
    for who in wrong {
        world.findings.broken(7, format!("{who} was given up for trouble that many shared."));
    }
    Ok(())
}
