//! How many messages a second one core signs: RSA-2048, Ed25519, both. `cargo bench --bench signing`.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot begin should stop")]

use std::hint::black_box;
use std::time::Instant;

use soundings::base::address::EmailAddress;
use soundings::base::clock::Ts;
use soundings::base::signing_key::{Algorithm, SigningKey};
use soundings::mail::dkim::{DkimKey, Signer};
use soundings::mail::message::{OutgoingMail, build, message_id};
use soundings::rules::message::MessageKind;

const DOMAIN: &str = "northwind.example";
const RUNS: usize = 5;

fn letter() -> Vec<u8> {
    let paragraph =
        "Thank you for working with us. We would like to hear how it goes, and what we should do differently.\n\n";
    build(&OutgoingMail {
        id: "01a34c12-d680-7a27-8896-d5a7b8485086".into(),
        round: "northwind-2027".into(),
        kind: MessageKind::Invitation,
        from_name: "Laura Whitcombe".into(),
        from_email: EmailAddress::parse("conversation@northwind.example").unwrap(),
        reply_to: None,
        to_name: "Zoë Müller".into(),
        to: EmailAddress::parse("zoe.mueller@globex.example").unwrap(),
        subject: "Your view of Northwind".into(),
        text: paragraph.repeat(12),
        html: format!("<p>{}</p>", paragraph.repeat(24)),
        message_id: message_id(&"01a34c12-d680-7a27-8896-d5a7b8485086".into(), DOMAIN),
        date: Ts(1_802_000_000_000),
        answers: Vec::new(),
        one_click: Some("https://soundings.northwind.example/opt-out/abcdefghijklmnopqrstuvwxyz".into()),
        opt_out_mailto: None,
    })
    .unwrap()
}

fn main() {
    let letter = letter();
    println!("a letter of {} bytes, one core, median of {RUNS}", letter.len());
    for (name, algorithms, count) in [
        ("rsa-2048", &[Algorithm::Rsa][..], 2_000),
        ("ed25519", &[Algorithm::Ed25519], 10_000),
        ("both", &[Algorithm::Rsa, Algorithm::Ed25519], 2_000),
    ] {
        let keys = algorithms.iter().map(|algorithm| {
            let key = SigningKey::draw(*algorithm).unwrap().0;
            (DOMAIN.to_string(), DkimKey { selector: algorithm.word().into(), key })
        });
        let signer = Signer::new(keys);
        let mut rates: Vec<f64> = (0..RUNS)
            .map(|_| {
                let began = Instant::now();
                for n in 0..count {
                    let mut message = letter.clone();
                    signer.sign(DOMAIN, Ts(1_802_000_000_000 + n * 1_000), black_box(&mut message)).unwrap();
                }
                count as f64 / began.elapsed().as_secs_f64()
            })
            .collect();
        rates.sort_by(f64::total_cmp);
        println!("{name:10} {:8.0} messages/s", rates[RUNS / 2]);
    }
}
