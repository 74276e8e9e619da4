//! From the bytes of a file to text: which encoding it is in.

pub mod charsets;
pub mod letters;
pub mod detect;
pub mod encoding;
