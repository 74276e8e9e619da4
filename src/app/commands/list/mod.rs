//! `list ...`: what contact lists hold, would do and have done.

pub(in crate::app::commands) mod columns;
pub(in crate::app::commands) mod left_out;
mod difference_lines;
pub(in crate::app::commands) mod lists;
pub(in crate::app::commands) mod loaded;
pub(in crate::app::commands) mod quality;
mod worth;
