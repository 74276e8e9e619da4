//! The private half of a key that signs mail: RSA of 2048 bits or more, or Ed25519, as a PEM file holds it.
//!
//! Never printed, not by `Debug` either; what is published is its public half.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use aws_lc_rs::{digest, error};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    Rsa,
    Ed25519,
}

impl Algorithm {
    /// As `k=` of a published key says it.
    pub fn word(self) -> &'static str {
        match self {
            Algorithm::Rsa => "rsa",
            Algorithm::Ed25519 => "ed25519",
        }
    }
}

pub enum SigningKey {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, hidden)", self.algorithm().word())
    }
}

const BEGIN: &str = "-----BEGIN ";

impl SigningKey {
    /// A new key and the text of its file.
    pub fn draw(algorithm: Algorithm) -> Result<(SigningKey, String), error::Unspecified> {
        let (key, der) = match algorithm {
            Algorithm::Rsa => {
                let key = RsaKeyPair::generate(KeySize::Rsa2048)?;
                let der = AsDer::<Pkcs8V1Der>::as_der(&key)?.as_ref().to_vec();
                (SigningKey::Rsa(Box::new(key)), der)
            }
            Algorithm::Ed25519 => {
                let der = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new())?.as_ref().to_vec();
                let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| error::Unspecified)?;
                (SigningKey::Ed25519(key), der)
            }
        };
        let text = STANDARD.encode(der);
        let mut pem = format!("{BEGIN}PRIVATE KEY-----\n");
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (line, more) = rest.split_at(rest.len().min(64));
            pem.push_str(line);
            pem.push('\n');
            rest = more;
        }
        pem.push_str("-----END PRIVATE KEY-----\n");
        Ok((key, pem))
    }

    /// The error is put after "The file ... ".
    pub fn from_pem(text: &str) -> Result<SigningKey, &'static str> {
        let (label, rest) = text
            .split_once(BEGIN)
            .and_then(|(_, rest)| rest.split_once("-----"))
            .ok_or("is not a key in PEM form (-----BEGIN PRIVATE KEY-----)")?;
        let body: String = rest.split("-----END").next().unwrap_or("").split_whitespace().collect();
        let der = STANDARD.decode(body).map_err(|_| "has a key in it that is cut or changed")?;
        match label {
            "PRIVATE KEY" => Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der)
                .map(SigningKey::Ed25519)
                .or_else(|_| RsaKeyPair::from_pkcs8(&der).map(|key| SigningKey::Rsa(Box::new(key))))
                .map_err(|_| "has neither an Ed25519 key nor an RSA key of 2048 bits or more in it"),
            "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der)
                .map(|key| SigningKey::Rsa(Box::new(key)))
                .map_err(|_| "has no RSA key of 2048 bits or more in it"),
            "ENCRYPTED PRIVATE KEY" => Err("has a key behind a password in it, which nobody could type at a start"),
            _ => Err("has no private key in it"),
        }
    }

    pub fn algorithm(&self) -> Algorithm {
        match self {
            SigningKey::Rsa(_) => Algorithm::Rsa,
            SigningKey::Ed25519(_) => Algorithm::Ed25519,
        }
    }

    /// The public half as DKIM publishes it, in base64 (RFC 6376 section 3.6.1, RFC 8463 section 4).
    pub fn public(&self) -> Result<String, error::Unspecified> {
        Ok(match self {
            SigningKey::Rsa(key) => STANDARD.encode(AsDer::<PublicKeyX509Der>::as_der(key.public_key())?.as_ref()),
            SigningKey::Ed25519(key) => STANDARD.encode(key.public_key()),
        })
    }

    /// Over the SHA-256 of the data: RSASSA-PKCS1-v1_5, or Ed25519 over the hash itself (RFC 8463 section 3).
    pub fn sign(&self, data: &[u8]) -> Result<Vec<u8>, error::Unspecified> {
        match self {
            SigningKey::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut signature)?;
                Ok(signature)
            }
            SigningKey::Ed25519(key) => {
                Ok(key.try_sign(digest::digest(&digest::SHA256, data).as_ref())?.as_ref().to_vec())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_file_and_is_never_shown() {
        for algorithm in [Algorithm::Rsa, Algorithm::Ed25519] {
            let (key, pem) = SigningKey::draw(algorithm).unwrap();
            let again = SigningKey::from_pem(&format!("a comment\n{pem}")).unwrap();
            assert_eq!(again.public().unwrap(), key.public().unwrap());
            assert_eq!(again.sign(b"x").unwrap(), key.sign(b"x").unwrap());
            assert_eq!(again.algorithm(), algorithm);
            let secret = pem.lines().nth(1).unwrap();
            assert!(!format!("{key:?}").contains(secret));
        }
    }

    #[test]
    fn what_is_no_key_is_named() {
        let (_, pem) = SigningKey::draw(Algorithm::Ed25519).unwrap();
        for (text, says) in [
            ("", "not a key"),
            ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "no private key"),
            ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "neither"),
            (&pem.replace('M', "!"), "cut or changed"),
            (&pem.replace("PRIVATE", "ENCRYPTED PRIVATE"), "password"),
        ] {
            assert!(SigningKey::from_pem(text).unwrap_err().contains(says), "{text}");
        }
    }
}
