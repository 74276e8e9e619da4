//! A chain of records: each has a code over itself and the code before it, under a key that whoever has the database does not have.
//!
//! Changing, removing, inserting or moving a record breaks the chain at that place. The seal says where the chain ends, so that its end
//! cannot be cut.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::seal::SecretKey;

#[derive(Clone)]
pub struct ChainKey(hmac::Key);

impl fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChainKey(hidden)")
    }
}

impl ChainKey {
    /// Of the installation's secret; nothing else is made with this key.
    pub fn of(secret: &SecretKey) -> ChainKey {
        ChainKey(hmac::Key::new(hmac::HMAC_SHA256, &secret.code("chain of records", "1")))
    }

    /// The code of record `n` of the chain `name`, which follows the one with the code `before`; no two lists of fields are taken for each
    /// other.
    pub fn link(&self, name: &str, n: i64, before: &str, fields: &[&str]) -> String {
        let number = n.to_string();
        self.code(["link", name, &number, before].into_iter().chain(fields.iter().copied()))
    }

    /// That the chain `name` ends with record `n`.
    pub fn seal(&self, name: &str, n: i64, last: &str) -> String {
        self.code(["end", name, &n.to_string(), last].into_iter())
    }

    fn code<'f>(&self, fields: impl Iterator<Item = &'f str>) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        for field in fields {
            context.update(&(field.len() as u64).to_be_bytes());
            context.update(field.as_bytes());
        }
        URL_SAFE_NO_PAD.encode(context.sign())
    }
}

#[cfg(test)]
mod tests {
    use super::super::ids::Ids;
    use super::*;

    #[test]
    fn codes_differ_by_key_place_and_every_border_between_fields() {
        let key = ChainKey::of(&SecretKey::draw(&Ids::seeded(1)));
        let other = ChainKey::of(&SecretKey::draw(&Ids::seeded(2)));
        let code = key.link("journal", 2, "x", &["ab", "c"]);
        assert_eq!(code, key.link("journal", 2, "x", &["ab", "c"]));
        for changed in [
            other.link("journal", 2, "x", &["ab", "c"]),
            key.link("signature", 2, "x", &["ab", "c"]),
            key.link("journal", 3, "x", &["ab", "c"]),
            key.link("journal", 2, "y", &["ab", "c"]),
            key.link("journal", 2, "x", &["a", "bc"]),
            key.link("journal", 2, "x", &["ab", "c", ""]),
            key.seal("journal", 2, "x"),
        ] {
            assert_ne!(code, changed);
        }
        assert!(!format!("{key:?}").contains(&code));
    }
}
