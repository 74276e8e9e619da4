//! `demo` and `rehearse`: a whole round with simulated people, on a clock turned by hand.
//!
//! Nothing of the installation is touched: the round is played in a database of its own, and its mails go to a mail server of
//! our own on loopback. `--to` sends a copy of each to one real address.

pub(in crate::app::commands) mod place;
mod progress;

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::app::cli::Play;
use crate::app::{open, output, process};
use crate::base::address::EmailAddress;
use crate::base::counted::{counted, form};
use crate::base::ids::Ids;
use crate::base::problem::{Problem, Result};
use crate::config::{LogSettings, Settings};
use crate::intake::folder::RoundFolder;
use crate::rehearsal::mailbox::pages as mailbox_pages;
use crate::rehearsal::play::{self, OPERATOR, PlayOutcome, Setup, Speed};
use crate::rehearsal::world::World;
use crate::rules::calendar::Almanac;
use crate::rules::completion::percent;
use crate::steps::round::folder;
use crate::steps::sending::{pace, trouble};
use crate::web::kit::views::frame::{Count, RoundNav, Status};
use crate::web::{self, Web};

use crate::app::commands::play::place::{Place, demo_round};
use crate::app::commands::play::progress::{Shown, what_next};

pub async fn demo(config: Option<&Path>, play: Play) -> Result<ExitCode> {
    let place = Place::new()?;
    let round = demo_round(&place)?;
    run(config, place, Almanac::built_in(), round, play, None).await
}

pub async fn rehearse(config: Option<&Path>, dir: &Path, play: Play, to: Option<&str>) -> Result<ExitCode> {
    let round = match folder::read(dir) {
        Ok(round) => round,
        Err(faults) => {
            for fault in &faults {
                output::line(&fault.to_string());
            }
            return Ok(ExitCode::from(1));
        }
    };
    let only_to = match to {
        Some(text) => Some(EmailAddress::parse(text).map_err(|why| {
            Problem::unusable(format!("The address {text} {why}."), "Write your own, like anna.smith@company.example.")
        })?),
        None => None,
    };
    let almanac = open::almanac(&Settings::load(config, std::env::vars())?)?;
    run(config, Place::new()?, almanac, round, play, only_to).await
}

async fn run(
    config: Option<&Path>,
    place: Place,
    almanac: Arc<Almanac>,
    round: RoundFolder,
    play: Play,
    to: Option<EmailAddress>,
) -> Result<ExitCode> {
    let speed = speed(&play.speed)?;
    // What simulated servers refuse is part of the play, and told as that; what is left is a fault of the program.
    let level = format!("error,{}=off,{}=off", trouble::LOGGED_AS, pace::LOGGED_AS);
    crate::app::logging::start(&LogSettings { level, ..LogSettings::default() });
    let database =
        play.database.clone().unwrap_or_else(|| format!("sqlite:{}", place.path().join("play.db").display()));
    let mut setup = Setup::new(round, play.seed, &database, place.path().join("scoring.jsonl"));
    setup.almanac = almanac;
    setup.base_url = format!("http://{}", play.listen);
    if let Some(to) = to {
        setup.only_to = Some((to, open::settings(config)?.smtp));
    }
    if play.headless {
        let mut world = play::prepare(setup).await?;
        let outcome = play::play(&mut world, speed, |_| {}).await?;
        return told(&outcome, play.json);
    }
    // The pages of an installation that others on this machine can reach had better have links of its own.
    setup.ids = Some(Ids::repeated(setup.seed)?);
    setup.alone = false;
    watched(setup, play.listen, speed, play.json).await
}

fn speed(text: &str) -> Result<Speed> {
    match text.parse::<f64>() {
        _ if text == "max" => Ok(Speed::Max),
        Ok(seconds) if (1.0..=86_400.0).contains(&seconds) => Ok(Speed::Paced { seconds_total: seconds }),
        _ => Err(Problem::unusable(
            format!("The speed is `{text}`."),
            "Write max, or the number of seconds that the round may take.",
        )),
    }
}

async fn watched(setup: Setup, listen: SocketAddr, speed: Speed, json: bool) -> Result<ExitCode> {
    if !listen.ip().is_loopback() {
        return Err(Problem::unusable(
            format!("{listen} can be reached from elsewhere."),
            "A play has no log-in: listen on 127.0.0.1.",
        ));
    }
    let listener = TcpListener::bind(listen).await.map_err(|e| {
        Problem::unusable(
            format!("Nothing can listen on {listen}."),
            "Another program may use this port; name a free one with --listen.",
        )
        .because(e)
    })?;
    let mut world = play::prepare(setup).await?;
    let live = world.live().await?;
    let nav = RoundNav {
        id: world.slug.clone(),
        client: live.spec.client.clone(),
        title: live.spec.title.clone(),
        state: Status::waiting("played"),
        waiting: Count(0),
    };
    let played = mailbox_pages::PlayedRound {
        round: Some(nav),
        zone: Some(live.sequence.home().zone().clone()),
        accounts: world.accounts.clone(),
    };
    let router = web::router(Web::open_to_all(world.ctx.clone(), OPERATOR))
        .merge(mailbox_pages::router(world.mailbox.clone(), played));
    let stopping = world.ctx.clone();
    let pages = tokio::spawn(web::serve(listener, router, process::bounds(0, false), async move {
        stopping.told_to_stop().await;
    }));
    eprintln!("The console:  http://{listen}/");
    eprintln!("The mailbox:  http://{listen}/mailbox");
    eprintln!("Ctrl-C ends it.\n");
    let outcome = tokio::select! {
        outcome = play_and_show(&mut world, speed, listen) => Some(outcome?),
        _ = tokio::signal::ctrl_c() => None,
    };
    let code = match &outcome {
        Some(outcome) => {
            eprintln!();
            let code = told(outcome, json)?;
            let stays = std::io::stdin().is_terminal();
            if !json {
                eprintln!();
                what_next(listen, &world.slug, outcome.seed, stays);
            }
            if stays {
                eprintln!("\nThe round is over; console and mailbox stay open until Ctrl-C.");
                let _ = tokio::signal::ctrl_c().await;
            }
            code
        }
        None => ExitCode::SUCCESS,
    };
    world.ctx.stop();
    let _ = tokio::time::timeout(std::time::Duration::from_secs(3), pages).await;
    Ok(code)
}

async fn play_and_show(world: &mut World, speed: Speed, listen: SocketAddr) -> Result<PlayOutcome> {
    let mut shown = Shown::new(listen);
    let outcome = play::play(world, speed, |p| shown.day(&p)).await;
    shown.end();
    outcome
}

fn told(outcome: &PlayOutcome, json: bool) -> Result<ExitCode> {
    if json {
        output::json(outcome)?;
    } else {
        let i = &outcome.status.individual;
        let a = &outcome.status.accounts;
        output::line(&format!(
            "{} of {} who could be reached {} completed: {}. {} of {} {} an answer: {}.",
            i.completed,
            counted(i.reachable, "contact", "contacts"),
            form(i.completed, "has", "have"),
            percent(i.completed, i.reachable),
            a.completed,
            counted(a.invited, "account", "accounts"),
            form(a.completed, "has", "have"),
            percent(a.completed, a.invited)
        ));
        for p in &outcome.promises {
            let how = if p.holds { "held" } else { "BROKEN" };
            output::line(&format!("{how}  {}. {} ({} checked)", p.id, p.name, counted(p.checked, "fact", "facts")));
            for broken in &p.broken_by {
                output::line(&format!("      {broken}"));
            }
        }
        output::line(&format!(
            "{} simulated days in {:.0} seconds, seed {}.",
            outcome.simulated_days, outcome.wall_seconds, outcome.seed
        ));
    }
    Ok(output::found(!outcome.all_hold()))
}
