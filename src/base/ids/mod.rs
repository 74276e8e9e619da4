//! Where ids and randomness come from: the operating system, or a seed for rehearsals and tests.

mod kinds;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::{StdRng, SysRng};
use rand::{Rng, RngExt, SeedableRng};
use uuid::Uuid;

use super::clock::Ts;

pub use kinds::*;

/// Cheap to clone; clones draw from the same sources.
#[derive(Clone)]
pub struct Ids {
    ids: Source,
    /// What nobody may guess. The same source as that of the ids, but in [`Ids::repeated`].
    secrets: Source,
}

type Source = Arc<Mutex<StdRng>>;

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}

impl Ids {
    /// Seeded by the operating system. Fails only where it has no randomness to give.
    pub fn system() -> Result<Ids, super::problem::Problem> {
        StdRng::try_from_rng(&mut SysRng).map(Ids::from).map_err(|e| {
            super::problem::Problem::internal("The operating system gave no randomness.").because(e.to_string())
        })
    }

    /// The same seed draws the same ids.
    pub fn seeded(seed: u64) -> Ids {
        Ids::from(StdRng::seed_from_u64(seed))
    }

    /// Ids by a seed, so that whatever goes by their order repeats; secrets of the operating system, so that nobody who knows the seed has
    /// them.
    pub fn repeated(seed: u64) -> Result<Ids, super::problem::Problem> {
        Ok(Ids { ids: Ids::seeded(seed).ids, secrets: Ids::system()?.secrets })
    }

    /// A UUIDv7: sorts by the time it was made.
    pub fn id<Id: From<String>>(&self, now: Ts) -> Id {
        self.new_id(now).into()
    }

    pub fn new_id(&self, now: Ts) -> String {
        let mut random = [0u8; 10];
        draw(&self.ids, |rng| rng.fill_bytes(&mut random));
        uuid::Builder::from_unix_timestamp_millis(now.0.max(0) as u64, &random).into_uuid().to_string()
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0u8; N];
        draw(&self.secrets, |rng| rng.fill_bytes(&mut out));
        out
    }

    /// A number in `0..below`; 0 when `below` is 0.
    pub fn below(&self, below: u64) -> u64 {
        if below == 0 { 0 } else { draw(&self.secrets, |rng| rng.random_range(0..below)) }
    }
}

impl From<StdRng> for Ids {
    fn from(rng: StdRng) -> Ids {
        let source = Arc::new(Mutex::new(rng));
        Ids { ids: source.clone(), secrets: source }
    }
}

fn draw<T>(source: &Source, with: impl FnOnce(&mut StdRng) -> T) -> T {
    with(&mut source.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Between two states of SplitMix64.
const STRIDE: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64: near seeds give far numbers. The `rand` crate promises no sequence that stays the same from version to version, and a seed
/// of a rehearsal gives the same round for good.
pub fn scattered(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(STRIDE);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Throws that repeat: the same seed and name give the same row of throws, whatever else is thrown in between and in which
/// order. For simulated people; nothing secret may come from here.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64, name: &str) -> Dice {
        let name = name.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        let mut dice = Dice(seed ^ name);
        dice.0 = dice.throw() ^ name.rotate_left(32);
        dice
    }

    fn throw(&mut self) -> u64 {
        let thrown = scattered(self.0);
        self.0 = self.0.wrapping_add(STRIDE);
        thrown
    }

    /// A number in `0..below`; 0 when `below` is 0.
    pub fn below(&mut self, below: u64) -> u64 {
        let thrown = self.throw();
        if below == 0 { 0 } else { thrown % below }
    }

    /// A number in `from..=to`.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below(to.saturating_sub(from).max(0) as u64 + 1) as i64
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// When an id of ours was made; none where it is no UUIDv7.
pub fn made_at(id: &str) -> Option<Ts> {
    let (seconds, nanos) = Uuid::try_parse(id).ok()?.get_timestamp()?.to_unix();
    Some(Ts(i64::try_from(seconds).ok()?.checked_mul(1_000)?.checked_add(i64::from(nanos / 1_000_000))?))
}

/// Whether `text` has the form of an id, so that a wrong one is "unknown" rather than an error of the database.
pub fn is_id(text: &str) -> bool {
    Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_when_it_was_made_and_what_is_none_tells_nothing() {
        for at in [Ts(0), Ts(1), Ts(999), Ts(1_800_867_600_123)] {
            assert_eq!(made_at(&Ids::seeded(3).new_id(at)), Some(at));
        }
        for none in ["", "x", "8c5f2f0e-0000-4000-8000-000000000000"] {
            assert_eq!(made_at(none), None, "{none}");
        }
    }

    #[test]
    fn ids_sort_by_time_and_repeat_with_the_seed() {
        let ids = Ids::seeded(7);
        let (a, b) = (ids.new_id(Ts(1_000)), ids.new_id(Ts(2_000)));
        assert!(a < b && is_id(&a));
        assert_eq!(Ids::seeded(7).new_id(Ts(1_000)), a);
    }

    #[test]
    fn what_repeats_has_the_same_ids_and_no_secret_that_could_be_guessed() {
        let (a, b) = (Ids::repeated(7).unwrap(), Ids::repeated(7).unwrap());
        assert_ne!(a.bytes::<32>(), b.bytes::<32>());
        // Whoever opens pages meanwhile draws secrets, and moves nothing.
        a.bytes::<32>();
        assert_eq!(a.new_id(Ts(5)), b.new_id(Ts(5)));
        assert_eq!(b.new_id(Ts(6)), a.new_id(Ts(6)));
    }

    #[test]
    fn the_numbers_of_a_seed_are_those_of_splitmix64() {
        // The first three of the reference implementation for the seed 1234567.
        let row = [0, 1, 2].map(|n: u64| scattered(1_234_567_u64.wrapping_add(n.wrapping_mul(STRIDE))));
        assert_eq!(row, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn dice_fall_by_seed_and_name_and_fairly() {
        let row = |seed, name| {
            let mut dice = Dice::new(seed, name);
            [(); 8].map(|()| dice.below(1_000))
        };
        assert_eq!(row(1, "a@x.example"), row(1, "a@x.example"));
        assert_ne!(row(1, "a@x.example"), row(2, "a@x.example"));
        assert_ne!(row(1, "a@x.example"), row(1, "b@x.example"));
        let heads = (0..1_000).filter(|n| Dice::new(*n, "a@x.example").chance(30)).count();
        assert!((250..350).contains(&heads), "{heads}");
        let mut dice = Dice::new(3, "");
        assert!((0..100).all(|_| (2..=4).contains(&dice.between(2, 4))));
    }
}
