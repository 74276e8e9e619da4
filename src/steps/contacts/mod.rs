//! Contacts of a round: how a list brings them in, who is who, which address is whose, and who does not want to be asked.

pub mod load;
pub mod accounts;
pub mod people;
pub mod upload;
pub mod left_out;
pub mod quality;
pub(super) mod addresses;
pub mod objections;
pub mod opt_out;
pub mod bulk;

pub use crate::rules::contacts::wanted::{Allowed, Permission, Wanted};
pub use load::as_shown::{load_list_as_shown, load_upload_as_shown};
pub use load::changes::Changes;
pub use load::difference::{Comparison, comparison, difference};
pub use load::list_load::{load_checked, load_list, preview};
