//! Hashes, message authentication codes, and the installation's key: 256 bits, kept in a file beside the database.

use std::fmt;

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
    digest::digest(&digest::SHA256, text.as_ref()).as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

/// HMAC-SHA256 in standard base64, as Standard Webhooks signs.
pub fn mac_base64(key: &[u8], message: &[u8]) -> String {
    STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message))
}

/// Compares without telling by its time where the two differ.
pub fn same(a: &str, b: &str) -> bool {
    constant_time::verify_slices_are_equal(a.as_bytes(), b.as_bytes()).is_ok()
}
