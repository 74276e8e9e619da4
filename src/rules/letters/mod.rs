//! Whether a letter is fit to be sent, beyond what keeps a round from starting: what its readers see of it, where, and what a writer would
//! rather put otherwise.
//!
//! What is found here is advice beside a preview. What must not happen is refused where texts are read (`mail::letters::rendering::check`).

mod support;
mod markup;
mod advice;
mod for_whom;
mod lines;

pub use advice::{Advice, MadeLetter, advice};
pub use for_whom::{Face, Faces, faces};
pub use lines::{Line, line_difference};
