//! Who gives way to whom.

use super::*;

const AT_ONCE: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_mins(1);

/// Its request is there.
fn asks(seat: &Seat) {
    seat.is_asking();
    seat.is_busy();
}

/// Its request has been answered.
fn waits(seat: &Seat) {
    seat.is_answering();
    seat.is_answered();
    seat.is_written();
}

async fn enter(places: &Arc<Admission>, from: &str) -> Option<Option<Seat>> {
    timeout(AT_ONCE, places.enter(from.parse().unwrap())).await.ok()
}

async fn is_told(seat: &Seat) -> bool {
    timeout(AT_ONCE, seat.must_leave()).await.is_ok()
}

#[tokio::test]
async fn c03_who_has_waited_longest_gives_way_and_who_is_busy_does_not() {
    let places = Arc::new(Admission::new(3, None, LONG));
    let a = enter(&places, "192.0.2.1").await.unwrap().unwrap();
    let b = enter(&places, "192.0.2.2").await.unwrap().unwrap();
    let c = enter(&places, "192.0.2.3").await.unwrap().unwrap();
    asks(&a);
    // Has just been answered, so it waits a shorter time than `c`.
    asks(&b);
    waits(&b);
    let next = places.clone();
    let next = tokio::spawn(async move { next.enter("192.0.2.4".parse().unwrap()).await });
    assert!(is_told(&c).await);
    assert!(!is_told(&a).await && !is_told(&b).await);
    drop(c);
    let d = next.await.unwrap().unwrap();
    // Twin: when all are busy the next one waits until one is done.
    asks(&b);
    asks(&d);
    assert!(enter(&places, "192.0.2.5").await.is_none());
    drop(a);
    assert!(enter(&places, "192.0.2.5").await.unwrap().is_some());
}

#[tokio::test]
async fn c03_one_address_takes_its_part_and_no_more_but_this_machine_may() {
    let places = Arc::new(Admission::new(100, Some(2), LONG));
    let a = enter(&places, "2001:db8:1:2::1").await.unwrap().unwrap();
    let b = enter(&places, "2001:db8:1:2::2").await.unwrap().unwrap();
    asks(&a);
    asks(&b);
    // One subscriber has a whole /64.
    assert!(enter(&places, "2001:db8:1:2::3").await.unwrap().is_none());
    assert!(enter(&places, "2001:db8:1:3::1").await.unwrap().is_some());
    waits(&b);
    let again = places.clone();
    let again = tokio::spawn(async move { again.enter("2001:db8:1:2::4".parse().unwrap()).await });
    assert!(is_told(&b).await);
    drop(b);
    assert!(again.await.unwrap().is_some());
    let mut own = Vec::new();
    for _ in 0..50 {
        let seat = enter(&places, "::ffff:127.0.0.1").await.unwrap().unwrap();
        asks(&seat);
        own.push(seat);
    }
}

#[tokio::test]
async fn nothing_is_kept_of_who_has_left() {
    let places = Arc::new(Admission::new(10, Some(5), LONG));
    for n in 0..1_000 {
        let seat = enter(&places, &format!("10.0.{}.{}", n / 250, n % 250)).await.unwrap().unwrap();
        asks(&seat);
        waits(&seat);
    }
    let inside = places.lock();
    assert!(inside.seats.is_empty() && inside.waiting.is_empty() && inside.by_network.is_empty());
}

#[tokio::test]
async fn c03_who_sends_a_body_may_give_way_and_who_reads_an_answer_only_after_long() {
    let places = Arc::new(Admission::new(2, None, Duration::from_secs(1)));
    let a = enter(&places, "192.0.2.1").await.unwrap().unwrap();
    let b = enter(&places, "192.0.2.2").await.unwrap().unwrap();
    for seat in [&a, &b] {
        seat.is_asking();
    }
    // More of it comes, so the other one has sent nothing for longer.
    a.still_asks();
    let next = places.clone();
    let next = tokio::spawn(async move { next.enter("192.0.2.3".parse().unwrap()).await });
    assert!(is_told(&b).await);
    // The rest of its body comes in that moment: it is answered, and `a` is asked.
    b.is_busy();
    assert!(b.is_serving());
    assert!(is_told(&a).await && !a.is_serving());
    drop(a);
    let c = next.await.unwrap().unwrap();
    asks(&c);
    c.is_answering();
    b.is_answering();
    b.is_answered();
    // Written in part only.
    assert!(enter(&places, "192.0.2.4").await.is_none());
    let next = places.clone();
    let next = tokio::spawn(async move { next.enter("192.0.2.4".parse().unwrap()).await });
    timeout(Duration::from_secs(3), c.must_leave()).await.unwrap();
    b.is_written();
    drop(c);
    assert!(next.await.unwrap().is_some());
}
