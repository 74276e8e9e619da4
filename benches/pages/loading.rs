//! A list goes in, and what another writer waits for meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use soundings::rules::contacts::ListedContact;
use soundings::rules::journal::Actor;
use soundings::steps::Ctx;
use soundings::steps::contacts::{Allowed, load_list};
use soundings::store::contacts::addresses;

use super::SLUG;
use super::figures::{at, memory};

/// Notes something small again and again until told to stop; how long each took, in milliseconds.
async fn others(ctx: Ctx, stop: Arc<AtomicBool>) -> Vec<f64> {
    let mut waits = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let (now, began) = (ctx.clock.now(), Instant::now());
        ctx.db
            .write(move |tx| Box::pin(async move { addresses::note_soft(tx, "somebody@else.example", now).await }))
            .await
            .unwrap();
        waits.push(began.elapsed().as_secs_f64() * 1_000.0);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    waits.sort_by(f64::total_cmp);
    waits
}

pub async fn load(ctx: &Ctx, what: &str, rows: Vec<ListedContact>) {
    // With nothing else going on, in the same minute.
    let stop = Arc::new(AtomicBool::new(false));
    let idle = tokio::spawn(others(ctx.clone(), stop.clone()));
    tokio::time::sleep(Duration::from_secs(2)).await;
    stop.store(true, Ordering::Relaxed);
    let idle = idle.await.unwrap();
    let (count, stop) = (rows.len(), Arc::new(AtomicBool::new(false)));
    let busy = tokio::spawn(others(ctx.clone(), stop.clone()));
    let began = Instant::now();
    let changes = load_list(ctx, SLUG, rows, Allowed::default(), &Actor::operator("bench")).await.unwrap();
    let seconds = began.elapsed().as_secs_f64();
    stop.store(true, Ordering::Relaxed);
    let busy = busy.await.unwrap();
    let (now, peak) = memory("self");
    println!(
        "{{\"what\":\"{what}\",\"database\":\"{}\",\"contacts\":{count},\"added\":{},\"changed\":{},\"seconds\":{seconds:.2},\
         \"us_each\":{:.1},\"others\":{},\"wait_ms_median\":{:.2},\"wait_ms_p99\":{:.1},\"wait_ms_longest\":{:.0},\
         \"median_of_idle\":{:.1},\"p99_of_idle\":{:.1},\"rss_mb\":{now},\"peak_mb\":{peak}}}",
        ctx.db.kind(),
        changes.added,
        changes.changed,
        seconds * 1e6 / count as f64,
        busy.len(),
        at(&busy, 0.5),
        at(&busy, 0.99),
        at(&busy, 1.0),
        at(&busy, 0.5) / at(&idle, 0.5),
        at(&busy, 0.99) / at(&idle, 0.99),
    );
}
