//! Where ids and randomness come from: the operating system, or a seed for rehearsals and tests.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::{StdRng, SysRng};
use rand::{Rng, RngExt, SeedableRng};
use uuid::Uuid;

use super::clock::Ts;

/// Cheap to clone; clones draw from the same source.
#[derive(Clone)]
pub struct Ids(Arc<Mutex<StdRng>>);

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}

impl Ids {
    /// Seeded by the operating system. Fails only where it has no randomness to give.
    pub fn system() -> Result<Ids, super::problem::Problem> {
        StdRng::try_from_rng(&mut SysRng).map(|rng| Ids(Arc::new(Mutex::new(rng)))).map_err(|e| {
            super::problem::Problem::internal("The operating system gave no randomness.").because(e.to_string())
        })
    }

    /// The same seed draws the same ids.
    pub fn seeded(seed: u64) -> Ids {
        Ids(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// A UUIDv7: sorts by the time it was made.
    pub fn new_id(&self, now: Ts) -> String {
        let random: [u8; 10] = self.bytes();
        uuid::Builder::from_unix_timestamp_millis(now.0.max(0) as u64, &random).into_uuid().to_string()
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0u8; N];
        self.draw(|rng| rng.fill_bytes(&mut out));
        out
    }

    /// A number in `0..below`; 0 when `below` is 0.
    pub fn below(&self, below: u64) -> u64 {
        if below == 0 { 0 } else { self.draw(|rng| rng.random_range(0..below)) }
    }

    fn draw<T>(&self, with: impl FnOnce(&mut StdRng) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether `text` has the form of an id, so that a wrong one is "unknown" rather than an error of the database.
pub fn is_id(text: &str) -> bool {
    Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_repeat_with_the_seed() {
        let ids = Ids::seeded(7);
        let (a, b) = (ids.new_id(Ts(1_000)), ids.new_id(Ts(2_000)));
        assert!(a < b && is_id(&a));
        assert_eq!(Ids::seeded(7).new_id(Ts(1_000)), a);
    }
}
