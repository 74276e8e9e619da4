//! What goes wrong while a round is played, thrown from the seed: crashes, a misbehaving server, two senders, a clock that is
//! not right, lists that change after the signature, pauses, what operators do by hand, a receiver that is not there (F01-F20).
//!
//! The promises are checked every few ticks and in the end; a broken one comes back with the seed, the tick and what had
//! gone wrong shortly before, and the same seed plays it again.

use std::fmt;
use std::path::Path;

use soundings::base::clock::{HOUR, MINUTE, Ts};
use soundings::base::counted::counted;
use soundings::base::ids::Dice;
use soundings::base::problem::{Problem, Result};
use soundings::config;
use soundings::handover::Scoring;
use soundings::rehearsal::fault_modes::FaultMode;
use soundings::rehearsal::mailbox::{ServerFault, ServerStage};
use soundings::rehearsal::play::{OPERATOR, PlayOutcome, outcome};
use soundings::rehearsal::refusals::told;
use soundings::rehearsal::world::World;
use soundings::rules::journal::Actor;
use soundings::rules::round::RoundState;
use soundings::steps::audit::promises::Promise;
use soundings::steps::duties::next_due;
use soundings::steps::round::{self, RoundOrder};
use tokio::time::Instant;

use super::outage::{self, Outage};
use super::{operator, planning};

/// Ticks in a hundred in which something goes wrong.
const OFTEN: u64 = 25;
const OFTEN_WHILE_SENDING: u64 = 60;
/// As many faults before the broken promise are told.
const MOST_TOLD: usize = 12;

pub struct RandomFaults {
    dice: Dice,
    /// Faults in which two things race each other; without them a seed gives the same round to the letter.
    pub races: bool,
    receiver: Option<Scoring>,
    /// A server that refuses everybody for a while, thrown apart from the others, and which there were.
    outage: Option<Outage>,
    outages: Dice,
    /// When, and what went wrong.
    pub log: Vec<String>,
}

fn set(world: &mut World, fault_mode: FaultMode) -> String {
    world.fault_mode = fault_mode;
    format!("{fault_mode:?}")
}

impl RandomFaults {
    pub fn new(seed: u64, races: bool) -> RandomFaults {
        // The word belongs to the seed: another one would play other rounds.
        let (dice, outages) = (Dice::new(seed, "storm"), Dice::new(seed, "outages"));
        RandomFaults { dice, races, receiver: None, outage: None, outages, log: Vec::new() }
    }

    /// Perhaps lets something go wrong in the coming tick.
    pub async fn inject(&mut self, world: &mut World) -> Result<()> {
        self.clear(world);
        self.outage(world).await?;
        let state = world.live().await?.state;
        if state == RoundState::Paused && self.dice.chance(40) {
            told(
                world
                    .ctx
                    .order(
                        &Actor::operator(OPERATOR),
                        round::TellRound { slug: world.slug.clone(), order: RoundOrder::Resume },
                    )
                    .await,
            )?;
        }
        if matches!(state, RoundState::Draft | RoundState::Closed) {
            return Ok(());
        }
        let messages = next_due::read(&world.ctx).await?.messages;
        let what = match messages.is_some_and(|due| due <= world.now()) {
            true if self.dice.chance(OFTEN_WHILE_SENDING) => self.while_sending(world),
            false if self.dice.chance(OFTEN) => self.at_any_time(world).await?,
            _ => return Ok(()),
        };
        self.log.push(format!("tick {} at {}: {what}", world.ticks + 1, world.now()));
        Ok(())
    }

    /// A relay that refuses everybody, or a gateway that denies everybody; when it is over an operator makes good what it did.
    async fn outage(&mut self, world: &mut World) -> Result<()> {
        let now = world.now();
        match &self.outage {
            Some(outage) if outage.is_at(now) => {
                world.set_faults(vec![outage.fault.clone()]);
                return Ok(());
            }
            _ => self.outage = None,
        }
        let made_good = outage::make_good(world).await?;
        if made_good > 0 {
            self.log.push(format!("tick {} at {now}: {made_good} incidents are made good", world.ticks + 1));
        }
        if self.outages.below(200) == 0 && next_due::read(&world.ctx).await?.messages.is_some_and(|due| due <= now) {
            let outage = match self.outages.below(2) {
                0 => Outage::of_the_relay(now, "554 5.7.1 <{}>: Relay access denied"),
                _ => Outage::of_the_relay(now, "550 5.1.1 <{}>: User unknown"),
            };
            self.log.push(format!("tick {} at {now}: the relay refuses everybody for an hour", world.ticks + 1));
            world.set_faults(vec![outage.fault.clone()]);
            self.outage = Some(outage);
        }
        Ok(())
    }

    fn while_sending(&mut self, world: &mut World) -> String {
        match self.dice.below(100) {
            0..12 if self.races => set(world, FaultMode::TwoSenders),
            12..24 if self.races => set(world, FaultMode::PeopleAct),
            24..40 => self.leap(world),
            40..70 => self.server(world),
            _ => self.crash(world),
        }
    }

    async fn at_any_time(&mut self, world: &mut World) -> Result<String> {
        Ok(match self.dice.below(100) {
            0..12 => self.downtime(world),
            12..28 => self.clock(world),
            28..58 => operator::change_list(world, &mut self.dice).await?,
            58..76 => operator::handle_message(world, &mut self.dice).await?,
            76..80 => operator::record_approval(world, &mut self.dice).await?,
            80..82 => {
                told(
                    world
                        .ctx
                        .order(
                            &Actor::operator(OPERATOR),
                            round::TellRound { slug: world.slug.clone(), order: RoundOrder::Pause },
                        )
                        .await,
                )?;
                "the round is paused".into()
            }
            82..92 => planning::change_plan(world, &mut self.dice).await?,
            _ => self.no_receiver(world)?,
        })
    }

    /// What was wrong in the last tick is over.
    fn clear(&mut self, world: &mut World) {
        world.fault_mode = FaultMode::None;
        world.set_faults(Vec::new());
        if let Some(receiver) = self.receiver.take() {
            world.scoring = receiver;
        }
    }

    fn stage(&mut self) -> ServerStage {
        const STAGES: [ServerStage; 6] = [
            ServerStage::Greeting,
            ServerStage::Mail,
            ServerStage::Recipient,
            ServerStage::Data,
            ServerStage::Dot,
            ServerStage::Dot,
        ];
        STAGES[self.dice.below(STAGES.len() as u64) as usize]
    }

    fn crash(&mut self, world: &mut World) -> String {
        let (stage, nth) = (self.stage(), 1 + self.dice.below(6));
        let fault_mode = FaultMode::Crash { stage, nth, noticed: self.dice.chance(70) };
        set(world, fault_mode)
    }

    fn leap(&mut self, world: &mut World) -> String {
        let (stage, nth) = (self.stage(), 1 + self.dice.below(4));
        let by = self.dice.between(-60, 60) * MINUTE;
        set(world, FaultMode::ClockLeap { stage, nth, by })
    }

    fn server(&mut self, world: &mut World) -> String {
        let every = 1 + self.dice.below(4);
        let reply = |stage, text: &str| ServerFault::Reply { stage, text: text.into() };
        let fault = match self.dice.below(11) {
            0 | 1 => ServerFault::DropAfterDot { every },
            2 => ServerFault::DropBeforeDot { every },
            3 => ServerFault::TempfailEvery(every),
            4 => ServerFault::CloseAfter(every),
            5 => reply(ServerStage::Dot, "451 4.3.0 try again later"),
            6 => reply(ServerStage::Dot, "421 4.3.2 shutting down"),
            7 => reply(ServerStage::Dot, "what was that?"),
            8 => reply(ServerStage::Recipient, "550 5.7.1 blocked by reputation"),
            9 => reply(ServerStage::Mail, "421 4.7.0 too many messages"),
            _ => reply(ServerStage::Greeting, "554 5.3.2 no service"),
        };
        let what = format!("{fault:?}");
        world.set_faults(vec![fault]);
        what
    }

    /// The machine is off: the clock goes on, and nothing else.
    fn downtime(&mut self, world: &mut World) -> String {
        let longest = if self.dice.chance(30) { 60 } else { 8 };
        let off = self.dice.between(1, longest) * HOUR;
        world.ctx.clock.turn_to(world.now().plus(off));
        format!("down for {}", counted(off / HOUR, "hour", "hours"))
    }

    fn clock(&mut self, world: &mut World) -> String {
        let by = self.dice.between(-60, 60) * MINUTE;
        world.ctx.clock.turn_to(world.now().plus(by));
        format!("the clock was set by {}", counted(by / MINUTE, "minute", "minutes"))
    }

    fn no_receiver(&mut self, world: &mut World) -> Result<String> {
        let nowhere = config::ScoringSettings {
            file: Path::new("/dev/null/nowhere").into(),
            ..config::ScoringSettings::default()
        };
        self.receiver = Some(std::mem::replace(&mut world.scoring, Scoring::new(&nowhere)?));
        Ok("the receiver of answers is not there".into())
    }
}

/// A promise that did not hold, or a step that failed, with all that is needed to see it again.
#[derive(Debug)]
pub struct BrokenPromise {
    pub seed: u64,
    pub tick: u64,
    pub at: Ts,
    pub promises: Vec<Promise>,
    pub problem: Option<Problem>,
    pub before: Vec<String>,
}

impl fmt::Display for BrokenPromise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Seed {}, tick {}, {}. Play it again with SOUNDINGS_SEED={0}.", self.seed, self.tick, self.at)?;
        for promise in &self.promises {
            writeln!(f, "Promise {} ({}) is broken:", promise.id, promise.name)?;
            promise.broken_by.iter().take(MOST_TOLD).try_for_each(|what| writeln!(f, "  {what}"))?;
        }
        if let Some(problem) = &self.problem {
            writeln!(f, "{problem} {:?}", problem.cause)?;
        }
        writeln!(f, "What went wrong before:")?;
        self.before.iter().try_for_each(|what| writeln!(f, "  {what}"))
    }
}

/// Plays a whole round in this faults. Checks the promises on every `check_every`th tick and in the end.
pub async fn play_with_faults(
    world: &mut World,
    faults: &mut RandomFaults,
    check_every: u64,
) -> Result<PlayOutcome, Box<BrokenPromise>> {
    let played = play_through(world, faults, check_every).await;
    let (promises, problem) = match played {
        Ok(outcome) if outcome.all_hold() => return Ok(outcome),
        Ok(outcome) => (outcome.promises, None),
        Err(problem) => (world.promises().await.unwrap_or_default(), Some(problem)),
    };
    let from = faults.log.len().saturating_sub(MOST_TOLD);
    Err(Box::new(BrokenPromise {
        seed: world.seed,
        tick: world.ticks,
        at: world.now(),
        promises: promises.into_iter().filter(|p| !p.holds).collect(),
        problem,
        before: faults.log[from..].to_vec(),
    }))
}

async fn play_through(world: &mut World, faults: &mut RandomFaults, check_every: u64) -> Result<PlayOutcome> {
    let (begun, start) = (Instant::now(), world.now());
    let closes_at = world.closes_at().await?;
    loop {
        faults.inject(world).await?;
        let more = world.tick().await?;
        let over = !more || (world.now() >= closes_at && world.is_over().await?);
        if over || world.findings.any() {
            break;
        }
        if world.ticks.is_multiple_of(check_every.max(1)) && !world.promises().await?.iter().all(|p| p.holds) {
            break;
        }
    }
    faults.clear(world);
    outcome(world, start, begun).await
}
