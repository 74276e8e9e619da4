//! S20: the time of the answer tells nothing about an address. Measured with `SOUNDINGS_SAMPLES=2000`, on a quiet machine; what decides is tried
//! without a clock in `doors`.

use std::time::{Duration, Instant};

use axum::http::StatusCode;

use super::fixture::*;
use crate::base::clock::HOUR;
use crate::steps::operators;

/// How probable two rows of figures so different are, if both come from one source: the two-sample test of Kolmogorov and Smirnov.
fn ks_probability(a: &[f64], b: &[f64]) -> f64 {
    let sorted = |row: &[f64]| {
        let mut row = row.to_vec();
        row.sort_by(f64::total_cmp);
        row
    };
    let (a, b) = (sorted(a), sorted(b));
    let share = |row: &[f64], upto: f64| row.partition_point(|x| *x <= upto) as f64 / row.len() as f64;
    let distance = a.iter().chain(&b).map(|x| (share(&a, *x) - share(&b, *x)).abs()).fold(0.0, f64::max);
    let size = (a.len() * b.len()) as f64 / (a.len() + b.len()) as f64;
    let lambda = (size.sqrt() + 0.12 + 0.11 / size.sqrt()) * distance;
    let term = |k: i32| (if k % 2 == 1 { 2.0 } else { -2.0 }) * (-2.0 * f64::from(k * k) * lambda * lambda).exp();
    if lambda < 0.2 { 1.0 } else { (1..100).map(term).sum::<f64>().clamp(0.0, 1.0) }
}

#[test]
fn the_measure_tells_two_sources_from_one() {
    let row = |from: u32, slower: f64| -> Vec<f64> {
        (0..1_000).map(|n| f64::from((n * 7_919 + from) % 1_009) / 1_009.0 + slower).collect()
    };
    assert!(ks_probability(&row(1, 0.0), &row(500, 0.0)) > 0.9);
    assert!(ks_probability(&row(1, 0.0), &row(500, 0.1)) < 0.01);
}

#[tokio::test(flavor = "multi_thread")]
async fn s20_the_time_of_an_answer_tells_nothing() {
    let samples = std::env::var("SOUNDINGS_SAMPLES").ok().and_then(|n| n.parse().ok());
    let h = house().await;
    // As the daemon does it.
    let ctx = h.ctx.clone();
    let duty = tokio::spawn(async move {
        loop {
            operators::answer_requests(&ctx).await.unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for n in 0..samples.unwrap_or(20) {
        // In changing order, so that neither always comes first.
        for is_known in [n % 2 == 0, n % 2 == 1] {
            let email = if is_known { OPERATOR.to_string() } else { format!("n{:03}@soundings.example", n % 1_000) };
            let begun = Instant::now();
            assert_eq!(h.post("/log-in", &[("email", &email)]).await.status, StatusCode::OK);
            let took = begun.elapsed().as_secs_f64();
            if is_known { known.push(took) } else { unknown.push(took) }
        }
    }
    duty.abort();
    let probability = ks_probability(&known, &unknown);
    let median = |row: &[f64]| {
        let mut row = row.to_vec();
        row.sort_by(f64::total_cmp);
        row[row.len() / 2] * 1e3
    };
    println!("known {:.3} ms, unknown {:.3} ms, KS p = {probability:.3}", median(&known), median(&unknown));
    if samples.is_some() {
        assert!(probability > 0.01, "p = {probability}");
        // The twin: had the answer waited for what depends on the address, the measure would see it.
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for _ in 0..300 {
            h.ctx.clock.turn_to(h.ctx.clock.now().plus(HOUR));
            for (email, row) in [(OPERATOR, &mut known), ("nobody@soundings.example", &mut unknown)] {
                let begun = Instant::now();
                h.post("/log-in", &[("email", email)]).await;
                operators::answer_requests(&h.ctx).await.unwrap();
                row.push(begun.elapsed().as_secs_f64());
            }
        }
        let seen = ks_probability(&known, &unknown);
        println!("with the work before the answer: KS p = {seen:.3}");
        assert!(seen < 0.01, "p = {seen}");
    }
}
