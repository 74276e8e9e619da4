//! Who is inside, and who gives way when there is no more room: whoever has waited longest without a request.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::web::visitor::network;

pub struct Crowd {
    in_all: usize,
    per_address: Option<usize>,
    inside: Mutex<Inside>,
    /// Told when a place becomes free, or somebody can give way.
    left: Notify,
}

#[derive(Default)]
struct Inside {
    /// Numbers places and turns.
    last: u64,
    seats: HashMap<u64, Known>,
    /// By turn: who waits for a request, the longest first.
    waiting: BTreeMap<u64, u64>,
    by_network: HashMap<IpAddr, usize>,
    /// Told to leave, and not gone yet.
    leaving: usize,
}

struct Known {
    /// None: not counted by address.
    network: Option<IpAddr>,
    /// None: something is done for it.
    turn: Option<u64>,
    leave: Arc<Notify>,
    is_leaving: bool,
}

enum Room {
    Here(Seat),
    /// Somebody is leaving, or will be done.
    Later,
    Never,
}

/// A place among the connections; free again when dropped.
pub struct Seat {
    number: u64,
    leave: Arc<Notify>,
    crowd: Arc<Crowd>,
}

impl Crowd {
    pub fn new(in_all: usize, per_address: Option<usize>) -> Crowd {
        Crowd { in_all, per_address, inside: Mutex::default(), left: Notify::new() }
    }

    /// Gives a place, after somebody gave way if need be. None: this address has all that it can have, and uses them.
    pub async fn enter(self: &Arc<Crowd>, from: IpAddr) -> Option<Seat> {
        let from = from.to_canonical();
        // This machine itself, or a proxy on it, speaks for many.
        let network = self.per_address.filter(|_| !from.is_loopback()).map(|_| network(from));
        loop {
            // Told before it is looked, so that no place that becomes free in between is missed.
            let left = self.left.notified();
            match self.room(network) {
                Room::Here(seat) => return Some(seat),
                Room::Never => return None,
                Room::Later => left.await,
            }
        }
    }

    fn room(self: &Arc<Crowd>, network: Option<IpAddr>) -> Room {
        let mut inside = self.lock();
        let of_one = network.and_then(|n| inside.by_network.get(&n)).copied().unwrap_or(0);
        if network.is_some() && self.per_address.is_some_and(|most| of_one >= most) {
            if inside.leaving == 0 && !inside.send_away(network) {
                return Room::Never;
            }
        } else if inside.seats.len() < self.in_all {
            return Room::Here(self.seat(&mut inside, network));
        } else if inside.leaving == 0 {
            // Where everybody is busy the next one waits: each of them ends by itself.
            inside.send_away(None);
        }
        Room::Later
    }

    fn seat(self: &Arc<Crowd>, inside: &mut Inside, network: Option<IpAddr>) -> Seat {
        let number = inside.next();
        let leave = Arc::new(Notify::new());
        inside.seats.insert(number, Known { network, turn: None, leave: leave.clone(), is_leaving: false });
        if let Some(network) = network {
            *inside.by_network.entry(network).or_insert(0) += 1;
        }
        inside.set_waiting(number, true);
        Seat { number, leave, crowd: self.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Tells the one who has waited longest, of this network if one is named, to leave. False where nobody waits.
    fn send_away(&mut self, of: Option<IpAddr>) -> bool {
        let is_meant = |number: &u64| of.is_none() || self.seats.get(number).is_some_and(|seat| seat.network == of);
        let Some(number) = self.waiting.values().copied().find(is_meant) else { return false };
        self.set_waiting(number, false);
        if let Some(seat) = self.seats.get_mut(&number) {
            seat.is_leaving = true;
            seat.leave.notify_one();
            self.leaving += 1;
        }
        true
    }

    fn set_waiting(&mut self, number: u64, waits: bool) {
        let turn = waits.then(|| self.next());
        let Some(seat) = self.seats.get_mut(&number).filter(|seat| !waits || !seat.is_leaving) else { return };
        if let Some(old) = std::mem::replace(&mut seat.turn, turn) {
            self.waiting.remove(&old);
        }
        if let Some(turn) = turn {
            self.waiting.insert(turn, number);
        }
    }
}

impl Seat {
    /// Ready when this connection has to make room.
    pub async fn must_leave(&self) {
        self.leave.notified().await;
    }

    /// A request is there.
    pub fn is_busy(&self) {
        self.crowd.lock().set_waiting(self.number, false);
    }

    /// Its answer is made; what is left to do is the visitor's.
    pub fn waits(&self) {
        self.crowd.lock().set_waiting(self.number, true);
        // It may give way now.
        self.crowd.left.notify_one();
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut inside = self.crowd.lock();
        inside.set_waiting(self.number, false);
        let seat = inside.seats.remove(&self.number);
        inside.leaving -= usize::from(seat.as_ref().is_some_and(|seat| seat.is_leaving));
        if let Some(network) = seat.and_then(|seat| seat.network)
            && let Some(n) = inside.by_network.get_mut(&network)
        {
            *n -= 1;
            if *n == 0 {
                inside.by_network.remove(&network);
            }
        }
        drop(inside);
        // The accepting loop waits alone; a permit is kept for it if it is not there yet.
        self.crowd.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    const AT_ONCE: Duration = Duration::from_millis(200);

    async fn enter(crowd: &Arc<Crowd>, from: &str) -> Option<Option<Seat>> {
        timeout(AT_ONCE, crowd.enter(from.parse().unwrap())).await.ok()
    }

    async fn is_told(seat: &Seat) -> bool {
        timeout(AT_ONCE, seat.must_leave()).await.is_ok()
    }

    #[tokio::test]
    async fn c03_who_has_waited_longest_gives_way_and_who_is_busy_does_not() {
        let crowd = Arc::new(Crowd::new(3, None));
        let a = enter(&crowd, "192.0.2.1").await.unwrap().unwrap();
        let b = enter(&crowd, "192.0.2.2").await.unwrap().unwrap();
        let c = enter(&crowd, "192.0.2.3").await.unwrap().unwrap();
        a.is_busy();
        // Has just been answered, so it waits a shorter time than `c`.
        b.is_busy();
        b.waits();
        let next = crowd.clone();
        let next = tokio::spawn(async move { next.enter("192.0.2.4".parse().unwrap()).await });
        assert!(is_told(&c).await);
        assert!(!is_told(&a).await && !is_told(&b).await);
        drop(c);
        let d = next.await.unwrap().unwrap();
        // Twin: when all are busy the next one waits until one is done.
        b.is_busy();
        d.is_busy();
        assert!(enter(&crowd, "192.0.2.5").await.is_none());
        drop(a);
        assert!(enter(&crowd, "192.0.2.5").await.unwrap().is_some());
    }

    #[tokio::test]
    async fn c03_one_address_takes_its_part_and_no_more_but_this_machine_may() {
        let crowd = Arc::new(Crowd::new(100, Some(2)));
        let a = enter(&crowd, "2001:db8:1:2::1").await.unwrap().unwrap();
        let b = enter(&crowd, "2001:db8:1:2::2").await.unwrap().unwrap();
        a.is_busy();
        b.is_busy();
        // One subscriber has a whole /64.
        assert!(enter(&crowd, "2001:db8:1:2::3").await.unwrap().is_none());
        assert!(enter(&crowd, "2001:db8:1:3::1").await.unwrap().is_some());
        b.waits();
        let again = crowd.clone();
        let again = tokio::spawn(async move { again.enter("2001:db8:1:2::4".parse().unwrap()).await });
        assert!(is_told(&b).await);
        drop(b);
        assert!(again.await.unwrap().is_some());
        let mut own = Vec::new();
        for _ in 0..50 {
            let seat = enter(&crowd, "::ffff:127.0.0.1").await.unwrap().unwrap();
            seat.is_busy();
            own.push(seat);
        }
    }

    #[tokio::test]
    async fn nothing_is_kept_of_who_has_left() {
        let crowd = Arc::new(Crowd::new(10, Some(5)));
        for n in 0..1_000 {
            let seat = enter(&crowd, &format!("10.0.{}.{}", n / 250, n % 250)).await.unwrap().unwrap();
            seat.is_busy();
            seat.waits();
        }
        let inside = crowd.lock();
        assert!(inside.seats.is_empty() && inside.waiting.is_empty() && inside.by_network.is_empty());
    }
}
