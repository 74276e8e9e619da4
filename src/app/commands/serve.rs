//! `serve`: the daemon. Ends in good order on SIGTERM or Ctrl-C: what is on its way is finished, nothing stays in doubt.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tracing::{info, warn};

use crate::app::{database_file, driver, files, open, process, put_back};
use crate::base::problem::{Kind, Problem, Result};
use crate::config::Settings;
use crate::config::settings::Synchronous;
use crate::handover::Scoring;
use crate::handover::webhook::Webhook;
use crate::steps::alarm::setup::{AlarmSetup, DiskLimit};
use crate::steps::audit::chain;
use crate::steps::context::event_setup::EventSetup;
use crate::steps::duties::list::SENDING;
use crate::steps::sending::delivery;
use crate::steps::sending::outbound::Outbound;
use crate::steps::{Ctx, replies};
use crate::web::{self, Web};

/// How long an orderly stop may take; a server that has not answered by then leaves its message in doubt.
const STOP_WITHIN: Duration = Duration::from_secs(30);

pub async fn serve(config: Option<&Path>) -> Result<ExitCode> {
    let settings = open::settings(config)?;
    for says in files::too_open(&settings, config) {
        warn!("{says}");
    }
    let _lock = database_file::only_daemon(&settings).map_err(|p| unless_full(p, &settings))?;
    put_back::look(&settings)?;
    let ctx = begin(&settings).await.map_err(|p| unless_full(p, &settings))?;
    let scoring = Scoring::new(&settings.scoring)?;
    let listener = listen(&settings).await?;
    let pages = tokio::spawn(pages(ctx.clone(), &settings, listener));
    let door = replies::open_door(&settings.replies).await?;
    let loops = driver::start(&ctx, &settings, scoring, door);
    info!("serving {} on {}, {}", settings.server.base_url, settings.server.listen, ctx.db.kind());
    told_to_stop().await;
    info!("stopping: finishing what is on its way");
    ctx.stop();
    let unfinished = loops.end(STOP_WITHIN).await;
    let in_time = unfinished.is_empty();
    for unfinished in unfinished {
        let within = STOP_WITHIN.as_secs();
        if unfinished == SENDING {
            warn!("a mail server did not answer in {within} seconds; its message is in doubt and will be named");
        } else {
            warn!("{unfinished} did not end in {within} seconds and was broken off; it goes on at the next start");
        }
    }
    let _ = tokio::time::timeout(Duration::from_secs(5), pages).await;
    if in_time && let Some(outbound) = &ctx.outbound {
        outbound.close(ctx.clock.now());
    }
    if tokio::time::timeout(Duration::from_secs(5), ctx.db.close()).await.is_err() {
        warn!("the database is still busy; keep its -wal file beside it until the next start");
    }
    info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// The installation, ready to send.
async fn begin(settings: &Settings) -> Result<Ctx> {
    let mut ctx = open::installation(settings).await?;
    put_back::hold(settings, &ctx).await?;
    chain::at_the_start(&ctx, &settings.seen_path()).await?;
    let on_disk = settings.database.synchronous == Synchronous::Full;
    let outbound = Outbound::open(&ctx, &settings.outbound_journal_path(), on_disk).await?;
    ctx.outbound = Some(Arc::new(outbound));
    ctx.alarms = Arc::new(alarms(settings)?);
    ctx.events = Arc::new(events(settings, &ctx.events)?);
    put_back::mark(settings, &ctx).await?;
    // Whoever held leases on a SQLite file is dead: we hold its lock.
    delivery::recover(&ctx, ctx.db.is_sqlite()).await?;
    Ok(ctx)
}

/// Who is told what happens: the same as every command writes down.
fn events(settings: &Settings, known: &EventSetup) -> Result<EventSetup> {
    let receiver = settings.event_receiver();
    let webhook = receiver.url.as_deref().map(|url| Webhook::of_events(url, &receiver)).transpose()?;
    Ok(EventSetup { kinds: known.kinds.clone(), webhook })
}

/// Who hears of what is wrong for too long, and how much room there must be where something of ours is written.
fn alarms(settings: &Settings) -> Result<AlarmSetup> {
    let receiver = settings.alarm_receiver();
    let webhook = receiver.url.as_deref().map(|url| Webhook::of_alarms(url, &receiver)).transpose()?;
    let handed = settings.scoring.url.is_none().then(|| settings.scoring.file.clone());
    let files = settings.database.sqlite_file().into_iter().chain([settings.outbound_journal_path()]).chain(handed);
    let folder = |file: PathBuf| match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let places: BTreeSet<PathBuf> = files.map(folder).collect();
    let disk = settings.alarms.least_room().map(|least| DiskLimit {
        places: places.into_iter().collect(),
        least,
        room: process::room,
    });
    Ok(AlarmSetup { limits: settings.alarms.limits(), webhook, disk })
}

/// What fails at a start on a full disk fails in many words; this is the reason.
fn unless_full(problem: Problem, settings: &Settings) -> Problem {
    let places = settings.database.sqlite_file().into_iter().chain([settings.outbound_journal_path()]);
    match places.into_iter().find(|place| process::is_full(place)) {
        None => problem,
        Some(place) => Problem::new(
            Kind::Unavailable,
            format!("The disk that holds {} is full, so soundings cannot start.", place.display()),
            "Make room on it, then start again; nothing is lost.",
        )
        .because(problem),
    }
}

async fn listen(settings: &Settings) -> Result<TcpListener> {
    TcpListener::bind(settings.server.listen).await.map_err(|e| {
        Problem::unusable(
            format!("Nothing can listen on {}.", settings.server.listen),
            "Another program may use this port; set server.listen to a free one.",
        )
        .because(e)
    })
}

fn pages(ctx: Ctx, settings: &Settings, listener: TcpListener) -> impl Future<Output = ()> + use<> {
    let stopping = ctx.clone();
    let bounds = process::bounds(settings.smtp.connections, settings.server.trusted_proxies > 0);
    let router = web::router(Web::new(ctx, settings.server.trusted_proxies));
    web::serve(listener, router, bounds, async move { stopping.told_to_stop().await })
}

async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut term) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = term.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
