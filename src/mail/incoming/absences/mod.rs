//! What automatic replies say about their writers.

pub(super) mod calendar_words;
pub(super) mod spoken_dates;
pub(super) mod date_roles;
pub(super) mod clauses;
pub(super) mod whose;
pub(super) mod heard;
pub(super) mod departure;
pub(super) mod moved;
pub(super) mod absence;
#[cfg(test)]
mod absence_tests;
#[cfg(test)]
mod notice_tests;
