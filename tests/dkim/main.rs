//! Our messages in the eyes of others: signatures by dkimpy, `Mail::DKIM` and mailauth, form and fields by the parsers of Python and Node.js,
//! and what mail programs show of them by caniemail.com.
//!
//! A thousand letters with names from everywhere and naughty strings, through our own builder and signer; and twins that were changed on
//! the way, which everybody must refuse (M01, M04, M09, S27). All keys are published by a name server of ours on loopback.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

#[expect(dead_code, unused_imports, unused_macros, reason = "the fixture of all tests; one letter needs a part of it")]
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/nameserver.rs"]
#[expect(dead_code, reason = "a name server for all tests; these ask for a part of it")]
mod nameserver;
mod letters;
mod opt_out;
mod shown;
mod verifiers;

use std::collections::BTreeMap;
use std::io::Write;

use mail_parser::MessageParser;
use nameserver::NameServer;
use soundings::base::clock::Clock;
use soundings::base::signing_key::{Algorithm, SigningKey};
use soundings::mail::dkim::{DkimKey, Signer};

use letters::{changed, letters};
use verifiers::{Said, Verifier, missing};

const DOMAIN: &str = "northwind.example";
const LETTERS: usize = 1_000;
/// Every so many letters have twins.
const TWINS_OF: usize = 5;

fn signer(names: &NameServer) -> Signer {
    let key = |algorithm: Algorithm| {
        let (key, _) = SigningKey::draw(algorithm).unwrap();
        let selector = format!("{}-2027", algorithm.word());
        let record = format!("v=DKIM1; k={}; p={}", algorithm.word(), key.public().unwrap());
        names.txt(&format!("{selector}._domainkey.{DOMAIN}"), &record);
        (DOMAIN.to_string(), DkimKey { selector, key })
    };
    Signer::new([key(Algorithm::Rsa), key(Algorithm::Ed25519)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m01_m04_m09_s27_others_read_and_believe_what_we_send() {
    let verifiers: Vec<Verifier> = [verifiers::PYTHON, verifiers::NODE, verifiers::PERL]
        .into_iter()
        .filter(|verifier| {
            let Some(why) = missing(verifier) else { return true };
            assert!(std::env::var_os("CI").is_none(), "{why} (a skip is a failure in CI)");
            // Past the capture of the test runner, so that it is seen.
            writeln!(std::io::stderr(), "skipped: {why}").unwrap();
            false
        })
        .collect();
    let names = NameServer::start().await.unwrap();
    let signer = signer(&names);
    let folder = tempfile::tempdir().unwrap();
    let mut ours = BTreeMap::new();
    // Whoever reads a signature looks at the real clock.
    let now = Clock::system().now();
    for (n, letter) in letters(LETTERS, now).into_iter().enumerate() {
        let mut bytes = soundings::mail::message::build(&letter).unwrap();
        signer.sign(DOMAIN, now, &mut bytes).unwrap();
        let name = format!("{n:04}-good.eml");
        std::fs::write(folder.path().join(&name), &bytes).unwrap();
        if n % TWINS_OF == 0 {
            for (what, twin) in changed(&bytes) {
                std::fs::write(folder.path().join(format!("{n:04}-{what}.eml")), twin).unwrap();
            }
        }
        ours.insert(name, bytes);
    }
    let port = names.settings().servers[0].port();
    let mut all = Vec::new();
    for verifier in verifiers {
        let folder = folder.path().to_path_buf();
        let began = std::time::Instant::now();
        let said = tokio::task::spawn_blocking(move || verifier.ask(&folder, port)).await.unwrap();
        println!("{}: {:.1} s", verifier.name, began.elapsed().as_secs_f64());
        all.push((verifier.name, said));
    }
    let twins = LETTERS.div_ceil(TWINS_OF) * letters::CHANGES;
    for (who, said) in &all {
        assert_eq!(said.len(), LETTERS + twins, "{who}");
        let (good, bad): (Vec<_>, Vec<_>) = said.iter().partition(|(file, _)| file.ends_with("-good.eml"));
        let count = |of: &[(&String, &Said)], result: &str| {
            of.iter().flat_map(|(_, said)| said.signatures.values()).filter(|r| *r == result).count()
        };
        println!("{who}: {} valid signatures, {} refused ones", count(&good, "pass"), count(&bad, "fail"));
        let algorithms = if *who == verifiers::PERL.name { 1 } else { 2 };
        let wrong: Vec<_> = good.iter().filter(|(_, said)| said.signatures.values().any(|r| r != "pass")).collect();
        assert!(wrong.is_empty(), "{who} refuses {} letters, the first: {:?}", wrong.len(), wrong.first());
        let wrong: Vec<_> = bad.iter().filter(|(_, said)| said.signatures.values().any(|r| r != "fail")).collect();
        assert!(wrong.is_empty(), "{who} believes {} changed letters, the first: {:?}", wrong.len(), wrong.first());
        assert_eq!(count(&good, "pass"), LETTERS * algorithms, "{who}");
        assert_eq!(count(&bad, "fail"), twins * algorithms, "{who}");
        let wrong: Vec<_> = good.iter().filter(|(_, said)| !said.wrong.is_empty()).collect();
        assert!(wrong.is_empty(), "{who} finds fault with {}, the first: {:?}", wrong.len(), wrong.first());
    }
    let mut otherwise = Vec::new();
    for (name, bytes) in &ours {
        let read = fields(bytes);
        for (who, said) in all.iter().filter(|(who, _)| *who != verifiers::PERL.name) {
            for (field, value) in read.iter().filter(|(field, value)| said[name].fields.get(*field) != Some(value)) {
                let theirs = said[name].fields.get(field);
                otherwise.push(format!("{name}: {field} is {value} for mail-parser and {theirs:?} for {who}"));
            }
        }
    }
    let shown = otherwise.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(otherwise.is_empty(), "{} fields are read otherwise:\n{shown}", otherwise.len());
}

/// As mail-parser reads them.
fn fields(bytes: &[u8]) -> BTreeMap<String, serde_json::Value> {
    let message = MessageParser::default().parse(bytes).unwrap();
    let mailbox = |address: &mail_parser::Address<'_>| {
        let first = address.first().unwrap();
        serde_json::json!([first.name().unwrap_or(""), first.address().unwrap()])
    };
    BTreeMap::from([
        ("from".into(), mailbox(message.from().unwrap())),
        ("to".into(), mailbox(message.to().unwrap())),
        ("subject".into(), message.subject().unwrap_or("").into()),
        ("text".into(), message.body_text(0).unwrap().replace("\r\n", "\n").into()),
    ])
}
