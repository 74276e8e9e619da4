//! Signs a message so that any receiver can tell it is the sender's and unchanged (RFC 6376, 8301, 8463).
//!
//! One signature for every key of the sender's domain, relaxed in both ways since relays refold and strip, never with `l=`.
//! What a reader sees is signed once more than it occurs, so that nothing can be added to it (S27). The time of a signature is given, so
//! that the same row becomes the same bytes again (M12). Signing is CPU work without waiting: call it where that is fine.

mod folder;
mod signing;
#[cfg(test)]
mod tests;

pub use folder::{key_file, read, selector_ok};
pub use signing::{DkimKey, HOLDS_SECONDS, Signer};
