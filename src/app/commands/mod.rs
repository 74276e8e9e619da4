//! One function per command: read, call a step, print.

mod access;
mod admin;
mod arguments;
mod columns;
mod content;
mod dkim;
mod left_out;
mod difference_lines;
mod lists;
mod loaded;
mod mail;
mod place;
mod plan;
mod play;
mod progress;
mod reconcile;
mod rounds;
mod quality;
mod run;
mod sending;
mod senders;
mod serve;
mod worth;

pub use run::run;
