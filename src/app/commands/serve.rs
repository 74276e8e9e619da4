//! `serve`: the daemon. Ends in good order on SIGTERM or Ctrl-C: what is on its way is finished, nothing stays in doubt.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tracing::{info, warn};

use crate::app::{driver, open};
use crate::base::problem::{Problem, Result};
use crate::config::Settings;
use crate::config::settings::Synchronous;
use crate::scoring::Scoring;
use crate::steps::outbound::Outbound;
use crate::steps::{Ctx, chain, delivery, replies};
use crate::web::{self, Web};

/// How long an orderly stop may take; a server that has not answered by then leaves its message in doubt.
const STOP_WITHIN: Duration = Duration::from_secs(30);

pub async fn serve(config: Option<&Path>) -> Result<ExitCode> {
    let settings = open::settings(config)?;
    let _lock = open::only_daemon(&settings)?;
    let mut ctx = open::installation(&settings).await?;
    chain::at_the_start(&ctx, &settings.seen_path()).await?;
    let on_disk = settings.database.synchronous == Synchronous::Full;
    let outbound = Outbound::open(&ctx, &settings.outbound_journal_path(), on_disk).await?;
    ctx.outbound = Some(Arc::new(outbound));
    let scoring = Scoring::new(&settings.scoring)?;
    // Whoever held leases on a SQLite file is dead: we hold its lock.
    delivery::recover(&ctx, ctx.db.is_sqlite()).await?;
    let listener = listen(&settings).await?;
    let pages = tokio::spawn(pages(ctx.clone(), settings.server.trusted_proxies, listener));
    let door = replies::open_door(&settings.replies).await?;
    let mut loops = driver::start(&ctx, &settings, scoring, door);
    info!("serving {} on {}, {}", settings.server.base_url, settings.server.listen, ctx.db.kind());
    told_to_stop().await;
    info!("stopping: finishing what is on its way");
    ctx.stop();
    let ended = tokio::time::timeout(STOP_WITHIN, async { while loops.join_next().await.is_some() {} }).await;
    if ended.is_err() {
        warn!(
            "a mail server did not answer in {} seconds; its message is in doubt and will be named",
            STOP_WITHIN.as_secs()
        );
    }
    let _ = tokio::time::timeout(Duration::from_secs(5), pages).await;
    if tokio::time::timeout(Duration::from_secs(5), ctx.db.close()).await.is_err() {
        warn!("the database is still busy; keep its -wal file beside it until the next start");
    }
    info!("stopped");
    Ok(ExitCode::SUCCESS)
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

async fn pages(ctx: Ctx, trusted_proxies: u8, listener: TcpListener) {
    let stopping = ctx.clone();
    let router = web::router(Web::new(ctx, trusted_proxies));
    web::serve(listener, router, async move {
        stopping.told_to_stop().await;
    })
    .await;
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
