//! What holds for every page, and the way in.

mod outside;
mod once;
mod late;
mod public;
mod doors;
mod timing;
mod told;
mod confidential;
