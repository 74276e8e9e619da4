//! Who is inside, and who gives way when there is no more room: whoever has waited longest without sending anything, and where nobody
//! waits, whoever has been reading one answer for too long. Whoever is told to give way while a request of his arrives has it answered
//! first.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::time::timeout;

use crate::web::kit::door::rate_limit::network;

/// How often it is looked whether somebody reads too slowly, while all are busy.
const LOOK_EVERY: Duration = Duration::from_millis(500);

pub struct Admission {
    in_all: usize,
    per_address: Option<usize>,
    /// Nobody else has to wait longer than this for one who reads an answer.
    reading: Duration,
    inside: Mutex<Inside>,
    /// Told when a place becomes free, or somebody can give way.
    left: Notify,
}

#[derive(Default)]
struct Inside {
    /// Numbers places and turns.
    last: u64,
    seats: HashMap<u64, Known>,
    /// By turn: from whom a request is awaited, or the rest of one; who has sent nothing for longest first.
    waiting: BTreeMap<u64, u64>,
    by_network: HashMap<IpAddr, usize>,
    /// Told to leave, and not gone yet.
    leaving: usize,
}

struct Known {
    /// None: not counted by address.
    network: Option<IpAddr>,
    at: Stage,
    /// None: something is done for it.
    turn: Option<u64>,
    leave: Arc<Notify>,
    is_leaving: bool,
}

/// How far one request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Not there yet, or not all of its head.
    Awaited,
    /// Its body is coming.
    Asking,
    Busy,
    /// Its answer is being written, since then.
    Answering(Instant),
    /// All of the answer has been made, and not all of it written.
    Answered(Instant),
}

impl Stage {
    fn is_waiting(self) -> bool {
        matches!(self, Stage::Awaited | Stage::Asking)
    }

    fn read_since(self) -> Option<Instant> {
        match self {
            Stage::Answering(since) | Stage::Answered(since) => Some(since),
            _ => None,
        }
    }
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
    admission: Arc<Admission>,
}

impl Admission {
    pub fn new(in_all: usize, per_address: Option<usize>, reading: Duration) -> Admission {
        Admission { in_all, per_address, reading, inside: Mutex::default(), left: Notify::new() }
    }

    /// Gives a place, after somebody gave way if need be. None: this address has all that it can have, and uses them.
    pub async fn enter(self: &Arc<Admission>, from: IpAddr) -> Option<Seat> {
        let from = from.to_canonical();
        // This machine itself, or a proxy on it, speaks for many.
        let network = self.per_address.filter(|_| !from.is_loopback()).map(|_| network(from));
        loop {
            // Told before it is looked, so that no place that becomes free in between is missed.
            let left = self.left.notified();
            match self.room(network) {
                Room::Here(seat) => return Some(seat),
                Room::Never => return None,
                Room::Later => _ = timeout(LOOK_EVERY, left).await,
            }
        }
    }

    fn room(self: &Arc<Admission>, network: Option<IpAddr>) -> Room {
        let mut inside = self.lock();
        let of_one = network.and_then(|n| inside.by_network.get(&n)).copied().unwrap_or(0);
        if network.is_some() && self.per_address.is_some_and(|most| of_one >= most) {
            if inside.leaving == 0 && !inside.send_away(network, self.reading) {
                return Room::Never;
            }
        } else if inside.seats.len() < self.in_all {
            return Room::Here(self.seat(&mut inside, network));
        } else if inside.leaving == 0 {
            // Where everybody is busy the next one waits: each of them ends by itself.
            inside.send_away(None, self.reading);
        }
        Room::Later
    }

    fn seat(self: &Arc<Admission>, inside: &mut Inside, network: Option<IpAddr>) -> Seat {
        let number = inside.next();
        let leave = Arc::new(Notify::new());
        inside
            .seats
            .insert(number, Known { network, at: Stage::Busy, turn: None, leave: leave.clone(), is_leaving: false });
        if let Some(network) = network {
            *inside.by_network.entry(network).or_insert(0) += 1;
        }
        inside.is_at(number, Stage::Awaited);
        Seat { number, leave, admission: self.clone() }
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

    /// Tells the one who has waited longest, of this network if one is named, to leave; or who has been reading for longer than `reading`.
    /// False where there is nobody.
    fn send_away(&mut self, of: Option<IpAddr>, reading: Duration) -> bool {
        let is_meant = |seat: &Known| of.is_none() || seat.network == of;
        let waits = self.waiting.values().find(|number| self.seats.get(number).is_some_and(is_meant)).copied();
        let reads = || {
            let all = self.seats.iter().filter(|(_, seat)| is_meant(seat) && !seat.is_leaving);
            let slow = all.filter_map(|(number, seat)| Some((seat.at.read_since()?, *number)));
            slow.min().filter(|(since, _)| since.elapsed() >= reading).map(|(_, number)| number)
        };
        let Some(number) = waits.or_else(reads) else { return false };
        self.take_turn(number, false);
        if let Some(seat) = self.seats.get_mut(&number) {
            seat.is_leaving = true;
            seat.leave.notify_one();
            self.leaving += 1;
        }
        true
    }

    fn is_at(&mut self, number: u64, at: Stage) {
        let Some(seat) = self.seats.get_mut(&number) else { return };
        let began = seat.at.is_waiting() && at == Stage::Busy;
        seat.at = at;
        if began && seat.is_leaving {
            // What came in the last moment is answered before it leaves; somebody else may be asked meanwhile.
            seat.is_leaving = false;
            self.leaving -= 1;
        }
        let waits = at.is_waiting() && !seat.is_leaving;
        self.take_turn(number, waits);
    }

    /// Puts it behind all others who wait, or out of their row.
    fn take_turn(&mut self, number: u64, waits: bool) {
        let turn = waits.then(|| self.next());
        let Some(seat) = self.seats.get_mut(&number) else { return };
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

    /// Whether a request is being answered to somebody who has not been told to leave because he reads too slowly.
    pub fn is_serving(&self) -> bool {
        self.admission.lock().seats.get(&self.number).is_some_and(|seat| !seat.at.is_waiting() && !seat.is_leaving)
    }

    /// A request is there.
    pub fn is_asking(&self) {
        self.goes_on(Stage::Asking, |_| true);
    }

    /// More of its body is there.
    pub fn still_asks(&self) {
        self.goes_on(Stage::Asking, Stage::is_waiting);
    }

    /// All of a request is there.
    pub fn is_busy(&self) {
        self.goes_on(Stage::Busy, |at| at == Stage::Asking);
        // Whoever waited for it to leave asks somebody else.
        self.admission.left.notify_one();
    }

    /// Its answer is made, or begun.
    pub fn is_answering(&self) {
        self.goes_on(Stage::Answering(Instant::now()), |_| true);
    }

    /// The server has all of the answer.
    pub fn is_answered(&self) {
        let mut inside = self.admission.lock();
        let since = inside.seats.get(&self.number).and_then(|seat| seat.at.read_since());
        if let Some(since) = since {
            inside.is_at(self.number, Stage::Answered(since));
        }
    }

    /// Nothing is left to be written: once all of the answer is, the next request is awaited.
    pub fn is_written(&self) {
        if self.goes_on(Stage::Awaited, |at| matches!(at, Stage::Answered(_))) {
            // It may give way now.
            self.admission.left.notify_one();
        }
    }

    fn goes_on(&self, to: Stage, from: impl Fn(Stage) -> bool) -> bool {
        let mut inside = self.admission.lock();
        let goes = inside.seats.get(&self.number).is_some_and(|seat| from(seat.at));
        if goes {
            inside.is_at(self.number, to);
        }
        goes
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut inside = self.admission.lock();
        inside.take_turn(self.number, false);
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
        self.admission.left.notify_one();
    }
}

#[cfg(test)]
mod tests;
