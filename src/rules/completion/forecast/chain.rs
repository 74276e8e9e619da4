//! Ways in which a round may be, drawn as often as they are likely after what was seen (Metropolis and Hastings, one number at a time).

use super::model::{Model, Shape, Thrower};

/// Steps altogether, and those of them that only find the way and measure the steps.
const STEPS: usize = 6000;
const WARM_UP: usize = 2000;
/// Steps next to each other are nearly the same way.
const EVERY: usize = 4;
/// After so many steps their size is looked at: a third or so should be taken.
const LOOK: usize = 200;
/// What has a size of its own: the four numbers of the round, and all letters together.
const SIZES: usize = 5;

/// The ways, and the dice to go on with.
pub fn possible(model: &Model, seed: u64) -> (Thrower, Vec<Shape>) {
    let mut dice = Thrower::new(seed);
    let mut here = Shape::usual();
    let mut likely = model.likely(&here);
    let mut sizes = [0.3; SIZES];
    let (mut taken, mut tried) = ([0_u32; SIZES], [0_u32; SIZES]);
    let mut ways = Vec::new();
    for step in 0..STEPS {
        let which = step % (SIZES - 1 + model.seen());
        let size = which.min(SIZES - 1);
        let mut there = here.clone();
        if let (Some(value), Some(by)) = (there.0.get_mut(which), sizes.get(size)) {
            *value += by * dice.normal();
        }
        let then = model.likely(&there);
        let moves = dice.share().ln() < then - likely;
        if moves {
            (here, likely) = (there, then);
        }
        if let (Some(tried), Some(taken)) = (tried.get_mut(size), taken.get_mut(size)) {
            *tried += 1;
            *taken += u32::from(moves);
        }
        if step < WARM_UP && step % LOOK == LOOK - 1 {
            for ((size, taken), tried) in sizes.iter_mut().zip(&mut taken).zip(&mut tried) {
                let share = f64::from(*taken) / f64::from((*tried).max(1));
                *size *= if share > 0.4 {
                    1.4
                } else if share < 0.25 {
                    0.7
                } else {
                    1.0
                };
                (*taken, *tried) = (0, 0);
            }
        }
        if step >= WARM_UP && step % EVERY == 0 {
            ways.push(here.clone());
        }
    }
    (dice, ways)
}
