//! Standard Webhooks signatures: made here for what we send, checked by the receivers of rehearsals and tests.
//!
//! HMAC-SHA256 over `id.timestamp.body` with the decoded secret. While a secret is being replaced all of them sign, so that the receiver
//! may change over whenever it likes.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base::clock::Ts;
use crate::base::problem::Problem;
use crate::base::seal::{mac_base64, same};

/// How far a timestamp may be from the receiver's clock, in seconds.
pub const TOLERANCE: i64 = 5 * 60;

/// The secret of the specification's own example, for what is shown and played.
pub const EXAMPLE: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The keys behind one or more `whsec_...`, newest first. `Debug` hides them.
#[derive(Clone)]
pub struct Secrets(Vec<Vec<u8>>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({} hidden)", self.0.len())
    }
}

impl Secrets {
    /// Reads what `[scoring] secret` holds.
    pub fn parse(text: &str) -> Result<Secrets, Problem> {
        let decoded = |secret: &str| secret.strip_prefix("whsec_").and_then(|base64| STANDARD.decode(base64).ok());
        let keys: Option<Vec<Vec<u8>>> = text.split_whitespace().map(decoded).collect();
        match keys {
            Some(keys) if !keys.is_empty() => Ok(Secrets(keys)),
            _ => Err(Problem::unusable(
                "The setting scoring.secret is not whsec_ and base64.",
                "Use the form that the receiver gave; two secrets are parted by a space.",
            )),
        }
    }

    /// The header `webhook-signature`; `timestamp` counts seconds, as in `webhook-timestamp`.
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let signed = format!("{id}.{timestamp}.{body}");
        let each = self.0.iter().map(|key| format!("v1,{}", mac_base64(key, signed.as_bytes())));
        each.collect::<Vec<_>>().join(" ")
    }

    /// What a receiver says, without our secrets: some repeat what they were configured with.
    pub fn hidden(&self, mut said: String) -> String {
        for key in &self.0 {
            let own = std::str::from_utf8(key).ok().filter(|text| text.len() >= 4).map(str::to_owned);
            for secret in [Some(STANDARD.encode(key)), own].into_iter().flatten() {
                if said.contains(&secret) {
                    said = said.replace(&secret, "(hidden)");
                }
            }
        }
        said
    }

    /// Whether one of the signatures in `header` is by one of these secrets and the timestamp is near `now`.
    pub fn verify(&self, id: &str, timestamp: i64, body: &str, header: &str, now: Ts) -> bool {
        if (now.0 / 1_000).abs_diff(timestamp) > TOLERANCE as u64 {
            return false;
        }
        let ours = self.sign(id, timestamp, body);
        header.split_whitespace().any(|theirs| ours.split(' ').any(|our| same(our, theirs)))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const SECRET: &str = EXAMPLE;

    /// The corpora beside the checkout, or where `SOUNDINGS_CORPORA` says; they are not part of the repository.
    fn corpus(name: &str) -> Option<String> {
        let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora");
        let folder = std::env::var_os("SOUNDINGS_CORPORA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
        let read = std::fs::read_to_string(folder.join(name)).ok();
        if read.is_none() {
            println!("skipped: no {name} in {}", folder.display());
        }
        read
    }

    #[test]
    fn f18_agrees_with_the_published_vectors() {
        let Some(vectors) = corpus("standard-webhooks-vectors.jsonl") else { return };
        let mut seen = 0;
        for line in vectors.lines().filter(|l| !l.trim().is_empty()) {
            let vector: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| vector[name].as_str().unwrap();
            let timestamp = vector["timestamp"].as_i64().unwrap();
            // The one vector about time says so in its source; the others are about the signature.
            let late = if text("source").contains("tolerance") { TOLERANCE + 1 } else { 0 };
            let now = Ts((timestamp + late) * 1_000);
            let holds = Secrets::parse(text("secret")).unwrap().verify(
                text("id"),
                timestamp,
                text("body"),
                text("signature"),
                now,
            );
            assert_eq!(holds, vector["verify"].as_bool().unwrap(), "{line}");
            seen += 1;
        }
        assert!(seen >= 10, "{seen}");
    }

    #[test]
    fn f18_the_example_of_the_specification() {
        let secrets = Secrets::parse(SECRET).unwrap();
        let signature = secrets.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn f18_during_a_rotation_old_and_new_receivers_are_content() {
        let old = Secrets::parse("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").unwrap();
        let both = Secrets::parse(&format!("{SECRET} whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")).unwrap();
        let header = both.sign("msg_1", 100, "{}");
        for receiver in [&old, &Secrets::parse(SECRET).unwrap(), &both] {
            assert!(receiver.verify("msg_1", 100, "{}", &header, Ts(100_000)));
        }
        assert!(!old.verify("msg_1", 100, "{}", &header, Ts(401_000)));
        assert!(!old.verify("msg_1", 100, "{ }", &header, Ts(100_000)));
    }

    #[test]
    fn s17_secrets_are_hidden() {
        assert_eq!(format!("{:?}", Secrets::parse(SECRET).unwrap()), "Secrets(1 hidden)");
        assert!(!Secrets::parse("whsec_canary!").unwrap_err().to_string().contains("canary"));
        assert!(Secrets::parse(" ").is_err());
    }
}
