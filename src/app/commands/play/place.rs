//! Where a round is played that is no installation: a folder for its database, and the demo round.

use std::path::{Path, PathBuf};

use crate::base::clock::Clock;
use crate::base::ids::Ids;
use crate::base::problem::{Problem, Result};
use crate::intake::demo;
use crate::intake::folder::RoundFolder;
use crate::steps::round::folder;

/// A folder of its own, removed when it is over.
pub struct Place(PathBuf);

impl Place {
    pub fn new() -> Result<Place> {
        let dir = std::env::temp_dir().join(format!("soundings-{}", Ids::system()?.new_id(Clock::system().now())));
        std::fs::create_dir(&dir).map_err(|e| {
            Problem::unusable(
                format!("The folder {} cannot be made.", dir.display()),
                "Set TMPDIR to a folder that you may write to.",
            )
            .because(e)
        })?;
        Ok(Place(dir))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn demo_round(place: &Place) -> Result<RoundFolder> {
    let dir = place.path().join("demo-round");
    demo::write(&dir)?;
    folder::read(&dir).map_err(|_| Problem::internal("The demo round has faults."))
}
