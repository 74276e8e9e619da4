//! Who is who: whom a row means, whether he has another address now, and whose place on the list another takes.

pub(in crate::contacts) mod carried;
pub(in crate::contacts) mod namesakes;
pub(crate) mod once_more;
pub(crate) mod particulars;
pub(crate) mod changed_hands;
mod open_question;
mod told;
pub(crate) mod stood;
mod touched;
pub mod identity;
pub(crate) mod place;
pub mod new_address;
