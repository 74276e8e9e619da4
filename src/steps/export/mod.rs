//! What can be taken away of a round, read in pieces so that a large one takes no memory, and said as far as it may be told
//! (`steps::completion::told`).
//!
//! Pieces are read one after the other while everything goes on: a row is as it was when its piece was read. A message that is moved to
//! another time meanwhile may stand twice or not at all, and a contact whose name is corrected too.

mod accounts;
mod contacts;
mod messages;
mod page;
mod position;
mod responses;
mod source;
mod taken;

pub use accounts::Accounts;
pub use page::{Page, page};
pub use position::Position;
pub use source::{Of, Source};
pub use taken::{RecordExport, Taken};
