//! Whether others may believe our mail: names, signatures, and what `doctor` says about a sender's domain.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

#[expect(dead_code, unused_imports, reason = "the fixture of all tests; these need a part of it")]
#[macro_use]
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/nameserver.rs"]
mod nameserver;

mod names;
mod permission;
mod starting;
mod signing;
mod preflight;
