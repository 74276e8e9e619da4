//! From files to values: contact lists as account teams send them, and round folders as people keep them in git.
//!
//! Promises: bytes of any kind give a value or a sentence, never a panic; a folder is told all that is wrong with it at
//! once; nothing outside the folder is ever read or written. What a row is worth is decided in `rules::contacts`.
//!
//! A list is read into rows that can be used, and findings by line:
//!
//! ```
//! let csv = b"account,last_name,email,account_director_email\nAcme,Lee,lee@acme.example,dora@client.example\n";
//! let list = soundings_intake::list::read(csv, "list.csv").unwrap();
//! assert_eq!(list.accepted[0].email.as_str(), "lee@acme.example");
//! ```

// A path such as `crate::rules::message` is the same in every room.
use crate as intake;
use soundings_base as base;
use soundings_rules as rules;

pub mod text;
pub mod records;
pub mod columns;
pub mod workbook;
pub mod list;
pub mod almanac;
pub mod files;
pub mod zipped;
pub mod folder;
pub mod template;
pub mod export;
pub mod demo;
pub mod maillog;

#[cfg(test)]
mod quality_tests;
