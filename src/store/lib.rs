//! All SQL, and nothing else: what is remembered, in words that both databases understand.
//!
//! Query functions take a [`Tx`] and show their SQL; the macros in `tx.rs` run the one text on SQLite or PostgreSQL.
//! Nothing here decides anything or reads a clock: instants and decisions come in as values.
//! After the foundations the modules stand in the order in which data flows through a round.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> soundings_base::problem::Result<()> {
//! use soundings_store::Db;
//! use soundings_store::round::rounds;
//!
//! # let folder = tempfile::tempdir().map_err(|e| soundings_base::problem::Problem::internal(e.to_string()))?;
//! # let file = folder.path().join("soundings.db");
//! let db = Db::open(&format!("sqlite:{}", file.display()), "off").await?;
//! assert!(rounds::by_slug(&mut db.read().await?, "acme-2027").await?.is_none());
//! # Ok(())
//! # }
//! ```

// A path such as `crate::rules::message` is the same in every room.
use crate as store;
use soundings_base as base;
use soundings_rules as rules;

#[macro_use]
pub mod database;
pub mod installation;
pub mod round;
pub mod contacts;
mod narrowed;
pub mod people;
pub mod signoff;
pub mod plan;
pub mod sending;
pub mod replies;
pub mod repair;
pub mod response;
pub mod completion;
pub mod dispositions;
pub mod course;
pub mod missing;
pub mod calling;
pub mod handover;
pub mod export;
pub mod alarm;
pub mod journal;
pub mod promises;

pub use self::database::changes::{ChangeRow, last as last_change};
pub use self::database::columns::Flag;
pub use self::database::db::Db;
pub use self::database::events::{ChangeListener, News};
pub use self::database::part::Part;
pub use self::database::tx::{Readable, Tx, Unreadable};
pub use self::database::writer::Work;
