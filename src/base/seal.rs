//! Hashes, message authentication codes, and the installation's key: 256 bits, kept in a file beside the database.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{constant_time, digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::ids::Ids;

/// The installation's secret. Never printed; `Debug` hides it.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

impl SecretKey {
    pub fn draw(ids: &Ids) -> SecretKey {
        SecretKey(ids.bytes())
    }

    /// Reads the form written by [`SecretKey::to_text`]; `None` when it is not one.
    pub fn from_text(text: &str) -> Option<SecretKey> {
        URL_SAFE_NO_PAD.decode(text.trim()).ok()?.try_into().ok().map(SecretKey)
    }

    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What a database keeps to know the key again. It opens nothing, and the key cannot be found from it.
    pub fn proof(&self) -> String {
        self.code("key-proof", "").iter().map(|b| format!("{b:02x}")).collect()
    }

    /// The message authentication code of an id for one purpose.
    pub(super) fn code(&self, purpose: &str, id: &str) -> [u8; 32] {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.0), format!("{purpose}\n{id}").as_bytes());
        let mut code = [0; 32];
        code.copy_from_slice(tag.as_ref());
        code
    }
}

/// SHA-256 as lower-case hexadecimal.
pub fn sha256(text: impl AsRef<[u8]>) -> String {
    hex(digest::digest(&digest::SHA256, text.as_ref()).as_ref())
}

/// The same over pieces that follow each other.
pub struct Sha256(digest::Context);

impl Default for Sha256 {
    fn default() -> Sha256 {
        Sha256(digest::Context::new(&digest::SHA256))
    }
}

impl Sha256 {
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    pub fn hex(self) -> String {
        hex(self.0.finish().as_ref())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// HMAC-SHA256 in standard base64, as Standard Webhooks signs.
pub fn mac_base64(key: &[u8], message: &[u8]) -> String {
    STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message))
}

/// A key that enciphers one text only, made of a secret that is drawn for that text; so its nonce never comes twice.
fn once(secret: &str) -> Option<LessSafeKey> {
    let key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), b"one text");
    UnboundKey::new(&AES_256_GCM, key.as_ref()).ok().map(LessSafeKey::new)
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

/// A text that only the secret opens, and only at this place. The secret must have been drawn for it.
pub fn encipher(secret: &str, place: &str, text: String) -> Option<String> {
    let mut bytes = text.into_bytes();
    once(secret)?.seal_in_place_append_tag(nonce(), Aad::from(place), &mut bytes).ok()?;
    Some(STANDARD.encode(bytes))
}

/// What [`encipher`] has closed; `None` for another secret or another place.
pub fn decipher(secret: &str, place: &str, closed: &str) -> Option<String> {
    let mut bytes = STANDARD.decode(closed).ok()?;
    let text = once(secret)?.open_in_place(nonce(), Aad::from(place), &mut bytes).ok()?;
    String::from_utf8(text.to_vec()).ok()
}

/// Compares without telling by its time where the two differ.
pub fn same(a: &str, b: &str) -> bool {
    constant_time::verify_slices_are_equal(a.as_bytes(), b.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_opens_with_its_secret_at_its_place_and_nowhere_else() {
        let closed = encipher("s1", "/sign-off/a", "Zoë typed this".into()).unwrap();
        assert!(!closed.contains("typed"));
        assert_eq!(decipher("s1", "/sign-off/a", &closed).as_deref(), Some("Zoë typed this"));
        for (secret, place) in [("s2", "/sign-off/a"), ("s1", "/sign-off/b"), ("", "")] {
            assert_eq!(decipher(secret, place, &closed), None, "{secret} {place}");
        }
        assert_eq!(decipher("s1", "/sign-off/a", &closed[..closed.len() / 2]), None);
    }
}
