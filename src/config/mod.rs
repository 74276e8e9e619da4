//! Settings of an installation: default < file < environment < secret file. Errors name file and key.

pub mod smtp;
