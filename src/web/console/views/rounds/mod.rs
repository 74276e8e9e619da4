//! What the pages about rounds show: all of them, one in figures and where it goes, one that is made or set.

pub mod list;
pub mod making;
pub mod completion;
pub mod aapor;
pub mod course;
pub mod missing;
pub mod report;
