//! Canonical forms by the examples of RFC 6376, and signatures that hold; `tests/dkim` asks three other implementations.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base::clock::Ts;
use crate::base::signing_key::{Algorithm, SigningKey};

use super::folder::{key_file, read};
use super::signing::*;

const AT: Ts = Ts(1_802_000_000_123);
const MESSAGE: &str = "Date: Sun, 07 Feb 2027 11:33:20 +0000\r\nFrom: \"Jane\" <jane@acme.example>\r\nTo: a@b.example\r\n\
    Subject: Your\r\n  view \t of Acme\r\nMessage-ID: <1@acme.example>\r\nX-Soundings-Kind: invitation\r\n\r\nHello \t you \r\n\r\n\r\n";

fn key(algorithm: Algorithm, selector: &str) -> DkimKey {
    DkimKey { selector: selector.into(), key: SigningKey::draw(algorithm).unwrap().0 }
}

fn signed(signer: &Signer, from: &str, message: &str) -> String {
    let mut bytes = message.as_bytes().to_vec();
    signer.sign(from, AT, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn m09_bodies_are_relaxed_as_rfc_6376_shows() {
    assert_eq!(relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
    assert_eq!(relaxed_body(b""), b"");
    assert_eq!(relaxed_body(b"\r\n \t\r\n"), b"");
    assert_eq!(relaxed_body(b"a"), b"a\r\n");
    assert_eq!(relaxed_body(b"\r\na\r\n \t\r\nb"), b"\r\na\r\n\r\nb\r\n");
}

#[test]
fn m09_fields_are_relaxed_and_taken_from_the_bottom_up() {
    let (names, input) = header_input("A: X \r\nFROM : y\r\n\tz \r\nfrom:first\r\nSubject: \r\n");
    assert!(input.starts_with("from:first\r\nfrom:y z\r\nsubject:\r\n"), "{input}");
    assert!(names.starts_with("From:From:From:To:Cc:Subject:Subject:"), "{names}");
    assert!(!input.contains("a:"));
}

#[test]
fn s27_m12_signatures_cover_seal_expire_and_repeat() {
    let keys = [key(Algorithm::Rsa, "r"), key(Algorithm::Ed25519, "e")].map(|k| ("acme.example".to_string(), k));
    let signer = Signer::new(keys);
    let message = signed(&signer, "Acme.example", MESSAGE);
    assert_eq!(message, signed(&signer, "acme.example", MESSAGE));
    assert!(
        message.ends_with(MESSAGE) && message.starts_with("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; ")
    );
    assert_eq!(message.matches("DKIM-Signature: ").count(), 2);
    let flat = message.replace("\r\n ", " ");
    for field in flat.lines().take(2) {
        let tag = |name: &str| field.split("; ").find_map(|t| t.strip_prefix(name)).unwrap().replace(' ', "");
        assert!(!field.contains(" l="));
        assert_eq!((tag("t="), tag("x=")), ("1802000000".into(), "1803209600".into()));
        for (name, times) in
            [("From", 2), ("Subject", 2), ("Reply-To", 1), ("List-Unsubscribe", 1), ("X-Soundings-Kind", 1)]
        {
            assert_eq!(tag("h=").split(':').filter(|n| *n == name).count(), times, "{name}");
        }
    }
    assert!(message.lines().all(|line| line.len() <= 78 || !message.starts_with(line)), "{message}");
}

#[test]
fn m09_the_signature_is_over_the_canonical_form() {
    for algorithm in [Algorithm::Rsa, Algorithm::Ed25519] {
        let key = key(algorithm, "s1");
        let public = STANDARD.decode(key.key.public().unwrap()).unwrap();
        let signer = Signer::new([("acme.example".into(), key)]);
        let message = signed(&signer, "mail.acme.example", MESSAGE);
        let (field, _) = message.split_once("\r\nDate:").unwrap();
        let (own, b) = field.rsplit_once(" b=").unwrap();
        let own = format!("{} b=", own.replacen("DKIM-Signature: ", "dkim-signature:", 1).replace("\r\n", ""));
        let b = STANDARD.decode(b.replace("\r\n ", "")).unwrap();
        let canonical = format!(
            "from:\"Jane\" <jane@acme.example>\r\nto:a@b.example\r\nsubject:Your view of Acme\r\n\
             date:Sun, 07 Feb 2027 11:33:20 +0000\r\nmessage-id:<1@acme.example>\r\nx-soundings-kind:invitation\r\n{own}"
        );
        let hash = digest(&SHA256, canonical.as_bytes());
        match algorithm {
            // What is published is a SubjectPublicKeyInfo; its key begins after 24 bytes.
            Algorithm::Rsa => {
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &public[24..]).verify(canonical.as_bytes(), &b)
            }
            Algorithm::Ed25519 => UnparsedPublicKey::new(&ED25519, &public).verify(hash.as_ref(), &b),
        }
        .unwrap();
        assert!(own.contains(&format!("bh={};", STANDARD.encode(digest(&SHA256, b"Hello you\r\n")))));
    }
}

#[test]
fn a_domain_without_a_key_is_left_alone() {
    let signer = Signer::new([("acme.example".into(), key(Algorithm::Ed25519, "s1"))]);
    for other in ["example", "notacme.example", "acme.example.org"] {
        assert_eq!(signed(&signer, other, MESSAGE), MESSAGE);
    }
}

#[test]
fn the_folder_of_keys_is_read_and_what_is_wrong_in_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let (_, pem) = SigningKey::draw(Algorithm::Ed25519).unwrap();
    let file = key_file(dir, "bücher.example", "s2027");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::create_dir_all(dir.join("empty")).unwrap();
    std::fs::write(&file, &pem).unwrap();
    std::fs::write(file.with_extension("txt"), "a note").unwrap();
    let signer = read(dir).unwrap();
    let (domain, keys) = signer.keys("mail.bücher.example").unwrap();
    assert_eq!((domain, keys[0].selector.as_str()), ("xn--bcher-kva.example", "s2027"));
    for (name, text, says) in [
        ("x.example/s.pem", "no key canary", "not a key in PEM form"),
        ("x.example/s_1.pem", pem.as_str(), "selector"),
        ("localhost/s.pem", pem.as_str(), "like a domain"),
    ] {
        let file = dir.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        let said = read(dir).unwrap_err().to_string();
        assert!(said.contains(says) && said.contains("dkim.folder") && !said.contains("canary"), "{said}");
        assert!(said.contains(name) || says == "like a domain", "{said}");
        std::fs::remove_file(file).unwrap();
    }
    assert!(read(&dir.join("nowhere")).is_err());
}
