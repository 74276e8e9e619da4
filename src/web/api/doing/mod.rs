//! What programs do: by the orders that the console gives, as whoever made their key has said that they may.

mod body;
pub(super) mod lists;
pub(super) mod orders;
pub(super) mod marks;
