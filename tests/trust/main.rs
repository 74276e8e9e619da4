//! Whether others may believe our mail: names, signatures, and what `doctor` says about a sender's domain.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

mod names;
