//! The frame's own words on the pages of a contact, in each language we have. The questions come from the round's questionnaire.
//!
//! `{name}` and the like are filled by [`fill()`]; the banned word and its sisters (`Umfrage`, `enquête`, `sondage`) appear in none.

pub(crate) mod wording;
mod de;
mod en;
mod fr;
pub(crate) mod choice;
pub(crate) mod fill;

pub use self::choice::ALL;
pub use self::fill::fill;
pub use self::wording::Phrases;
