//! Words that every room uses: instants and the clock, ids and links, e-mail addresses, problems told to people.
//!
//! Nothing here knows what soundings is for. The clock, ids and randomness are read here and nowhere else.
//!
//! Two spellings of one mailbox have one key:
//!
//! ```
//! use soundings_base::address::EmailAddress;
//!
//! let listed = EmailAddress::parse("Ann.Lee@Client.example").unwrap();
//! let typed = EmailAddress::parse("ann.lee@client.example").unwrap();
//! assert_eq!(listed.key(), typed.key());
//! ```

pub mod chain;
pub mod clock;
pub mod counted;
pub mod ids;
pub mod seal;
pub mod signing_key;
mod base32;
pub mod spelling;
pub mod folding;
pub mod language;
pub mod sentence;
pub mod in_a_browser;
pub mod tokens;
pub mod address;
pub mod verp;
pub mod problem;
pub mod visible;
pub mod whole_file;
