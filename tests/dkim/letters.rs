//! Letters to people everywhere and to nobody sane, and what could happen to them on the way.

use soundings::base::address::EmailAddress;
use soundings::base::clock::Ts;
use soundings::base::ids::MessageId;
use soundings::mail::message::{OutgoingMail, message_id};
use soundings::rules::message::MessageKind;

struct Person {
    name: String,
    company: String,
    city: String,
    job: String,
}

/// From the corpora where they are at hand, else a few.
fn people() -> Vec<Person> {
    let line = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let of = |key: &str| value[key].as_str().unwrap_or("").to_string();
        Person { name: of("name"), company: of("company"), city: of("city"), job: of("job") }
    };
    match std::fs::read_to_string(format!("{}/names.jsonl", corpora())) {
        Ok(text) => text.lines().map(line).collect(),
        Err(_) => [
            ("Zoë O'Connor-Müller", "Bücher & Söhne GmbH", "Zürich", "Einkäuferin"),
            ("山田 太郎", "株式会社デンソー", "名古屋市", "購買部長"),
            ("Ольга Смирнова", "ООО «Ромашка»", "Санкт-Петербург", "Директор"),
            ("محمد بن سلمان", "شركة المثال", "الرياض", "مدير"),
            ("Smith, \"Anna\" (AP)", "A, B & C; Ltd.", "Newcastle-upon-Tyne", "Buyer\\Planner"),
        ]
        .map(|(name, company, city, job)| Person {
            name: name.into(),
            company: company.into(),
            city: city.into(),
            job: job.into(),
        })
        .into(),
    }
}

fn naughty() -> Vec<String> {
    match std::fs::read_to_string(format!("{}/naughty-strings.json", corpora())) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(_) => {
            ["", "\u{202E}tset", "=?utf-8?q?=0d=0aBcc:_x?=", "a\r\nBcc: x@y.example", "\"\\\"<a@b>", "Ω≈ç√∫˜µ≤≥÷"]
                .map(String::from)
                .into()
        }
    }
}

fn corpora() -> String {
    std::env::var("SOUNDINGS_CORPORA").unwrap_or_else(|_| "../shared/corpora".into())
}

pub fn letters(count: usize, date: Ts) -> Vec<OutgoingMail> {
    let (people, naughty) = (people(), naughty());
    (0..count)
        .map(|n| {
            let (person, other) = (&people[n * 7 % people.len()], &people[(n * 13 + 5) % people.len()]);
            // Every other letter has something in every field that no program expects.
            let odd = |otherwise: &str, field: usize| match n % 2 {
                0 => otherwise.to_string(),
                _ => naughty[(n / 2 + field * 101) % naughty.len()].clone(),
            };
            let id = MessageId::from(format!("0190{n:04x}-7a11-7000-8000-00000000beef"));
            let text = format!(
                "Dear {},\n\n{} in {} asks for your view.\n\n.\nFrom here on: {}\n\nhttps://soundings.northwind.example/assessment/{n}\n",
                odd(&person.name, 3), person.company, person.city, odd(&person.job, 4)
            );
            OutgoingMail {
                message_id: message_id(&id, "northwind.example"),
                id,
                round: "northwind-2027".into(),
                kind: MessageKind::Invitation,
                from_name: odd(&other.name, 0),
                from_email: EmailAddress::parse("laura.whitcombe@northwind.example").unwrap(),
                reply_to: (n % 3 == 0).then(|| EmailAddress::parse("team@northwind.example").unwrap()),
                to_name: odd(&person.name, 1),
                to: EmailAddress::parse(&format!("contact-{n}@{}.example", if n % 4 == 0 { "bücher" } else { "globex" })).unwrap(),
                subject: format!("{} and {}", odd(&person.company, 2), other.company),
                html: format!("<p>{}</p>\n", text.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>\n")),
                text,
                date,
                one_click: Some(format!("https://soundings.northwind.example/opt-out/{n:032}")),
                answers: Vec::new(),
                opt_out_mailto: (n % 2 == 0).then(|| format!("mailto:opt-out+{n}@northwind.example")),
            }
        })
        .collect()
}

/// How many twins [`changed`] makes.
pub const CHANGES: usize = 4;

/// The letter as somebody could have changed it on the way, by what was done.
pub fn changed(letter: &[u8]) -> [(&'static str, Vec<u8>); CHANGES] {
    let with = |from: &str, to: &str| {
        let at = letter.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
        [&letter[..at], to.as_bytes(), &letter[at + from.len()..]].concat()
    };
    let mut body = letter.to_vec();
    let at = body.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    let byte = body[at..].iter().position(u8::is_ascii_lowercase).unwrap() + at;
    body[byte] ^= 1;
    [
        ("second-subject", with("\r\nSubject: ", "\r\nSubject: You have won\r\nSubject: ")),
        ("body", body),
        ("way-out", with("/opt-out/0", "/opt-out/1")),
        ("second-from", with("\r\nDate: ", "\r\nFrom: <evil@x.example>\r\nDate: ")),
    ]
}
