//! What mail servers and services say about our mails: reports, complaints, receipts, challenges.

pub(super) mod limits;
pub(super) mod fields;
pub(super) mod bounce_class;
pub(super) mod quoted;
pub(super) mod report;
pub(super) mod dialects;
pub(super) mod complaint;
pub(super) mod receipt;
pub(super) mod notification;
pub(super) mod challenge;
pub(super) mod bounce;
#[cfg(test)]
mod bounce_class_tests;
#[cfg(test)]
mod report_tests;
