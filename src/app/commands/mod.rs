//! One function per command: read, call a step, print.

mod list;
mod round;
mod play;
mod sending;
mod access;
mod admin;
mod evidence;
mod evidence_page;
mod arguments;
mod run;
mod serve;

pub use run::run;
