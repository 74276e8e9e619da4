//! Serves the pages over connections that are bounded: in number, and in the time for which any of them may do nothing.
//!
//! Whoever only holds connections open takes nothing from others: when all places are taken, the connection that has sent nothing for
//! longest gives way, be it before a request or in the middle of one. What has been asked is answered to the end. Files that the program
//! needs for itself are never counted in (`Bounds::within`).

mod admission;
mod bodies;
mod write_timeout;
mod accepting;

pub use self::accepting::{Bounds, serve};
