//! What a list would do to a round, as a value: shown before anything is written, and applied only to the round that it was worked out from.
//!
//! Every row of the list is in one of `added`, `changed`, `asked`, `refused`, `kept` and `unchanged`. Nothing here is guessed: what a row changes is
//! told by comparing columns, who has to sign by comparing where an account stands before and after.

mod value;
mod causes;
mod columns;
mod effects;

pub use causes::{Circumstances, causes};
pub use columns::{Columns, fields};
pub use effects::{AccountAfter, DirectorChange, Facts, about_rows, effects, signs_again};
pub use value::{Added, Asked, Changed, Difference, Gone, Kept, Refused, SameAccount, refused};
