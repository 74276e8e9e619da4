//! From files to values: contact lists as account teams send them, and round folders as people keep them in git.
//!
//! Promises: bytes of any kind give a value or a sentence, never a panic; a folder is told all that is wrong with it at
//! once; nothing outside the folder is ever read or written. What a row is worth is decided in `rules::contacts`.

// A path such as `crate::rules::message` is the same in every room.
use crate as intake;
use soundings_base as base;
use soundings_rules as rules;

pub mod text;
pub mod records;
pub mod columns;
pub mod list;
pub mod almanac;
pub mod files;
pub mod folder;
pub mod demo;
pub mod maillog;
