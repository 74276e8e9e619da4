//! Who may use the console: logging in, the operators and their sessions, the keys of programs.

pub mod login;
pub mod operators;
