//! S20: the time of the answer tells nothing about an address. A hundred pairs show a difference like the one that there was; whatever
//! disturbs the machine disturbs both of a pair alike, and chance would have to strike three times in a row. `SOUNDINGS_SAMPLES=2000` looks
//! closer, on a quiet machine.

use std::time::{Duration, Instant};

use axum::http::StatusCode;

use crate::base::clock::HOUR;
use crate::steps::installation::operators;
use crate::web::tests::fixture::*;

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

const PAIRS: usize = 100;
/// A series that is less probable than this speaks of a difference; so many in a row prove it.
const SUSPICIOUS: f64 = 0.001;
const SERIES: usize = 3;

/// How probable the times of these pairs are, if it makes no difference who asks.
async fn series(h: &House, pairs: usize, also_before_the_answer: bool) -> f64 {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for n in 0..pairs {
        if also_before_the_answer {
            // So that no operator has had enough links.
            h.ctx.clock.turn_to(h.ctx.clock.now().plus(HOUR));
        }
        // In changing order, so that neither always comes first.
        for is_known in [n % 2 == 0, n % 2 == 1] {
            let email = if is_known { OPERATOR.to_string() } else { format!("n{:03}@soundings.example", n % 1_000) };
            let begun = Instant::now();
            assert_eq!(h.post("/log-in", &[("email", &email)]).await.status, StatusCode::OK);
            if also_before_the_answer {
                operators::answer_requests(&h.ctx).await.unwrap();
            }
            let took = begun.elapsed().as_secs_f64();
            if is_known { known.push(took) } else { unknown.push(took) }
        }
    }
    let probability = ks_probability(&known, &unknown);
    let median = |row: &[f64]| {
        let mut row = row.to_vec();
        row.sort_by(f64::total_cmp);
        row[row.len() / 2] * 1e3
    };
    println!("known {:.3} ms, unknown {:.3} ms, KS p = {probability:.5}", median(&known), median(&unknown));
    probability
}

async fn tells(h: &House, also_before_the_answer: bool) -> bool {
    for _ in 0..SERIES {
        if series(h, PAIRS, also_before_the_answer).await > SUSPICIOUS {
            return false;
        }
    }
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn s20_the_time_of_an_answer_tells_nothing() {
    let h = house().await;
    // As the daemon does it.
    let ctx = h.ctx.clone();
    let duty = tokio::spawn(async move {
        loop {
            operators::answer_requests(&ctx).await.unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    match std::env::var("SOUNDINGS_SAMPLES").ok().and_then(|n| n.parse().ok()) {
        Some(samples) => assert!(series(&h, samples, false).await > 0.01),
        None => assert!(!tells(&h, false).await, "three series in a row tell who is an operator"),
    }
    duty.abort();
    let _ = duty.await;
    // Twin: had the answer waited for what depends on the address, it would be seen; on a busy machine not at the first look.
    let mut seen = false;
    for _ in 0..5 {
        seen = seen || tells(&h, true).await;
    }
    assert!(seen, "a real difference is not seen");
}
