//! The pages: what each of the four readers sees, and a preview of all of it with sample data.
//!
//! Promises: a GET changes nothing, no page asks another host for anything, and the one banned word of the domain
//! reaches no contact and no account director.

pub mod views;
pub mod preview;
