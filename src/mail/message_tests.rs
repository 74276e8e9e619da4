//! Messages as bytes: headers, encodings, and what cannot be injected.

use super::*;

fn letter() -> OutgoingMail {
    OutgoingMail {
        id: "0190-ab".into(),
        round: "acme-2027".into(),
        kind: MessageKind::Invitation,
        from_name: "Jane Doe".into(),
        from_email: EmailAddress::parse("jane@acme.example").unwrap(),
        reply_to: Some(EmailAddress::parse("team@acme.example").unwrap()),
        to_name: "Anna Smith".into(),
        to: EmailAddress::parse("anna@contact.example").unwrap(),
        subject: "Your view of Acme".into(),
        text: "Hello\n\nhttps://x.example/a/1?b=2\n".into(),
        html: "<p>Hello é</p>\n".into(),
        message_id: message_id(&"0190-ab".into(), "acme.example"),
        answers: Vec::new(),
        date: Ts(1_802_000_000_123),
        one_click: Some(
            "https://x.example/opt-out/abcdefghijklmnopqrstuvwxyz0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        ),
        opt_out_mailto: Some("mailto:out+abc@acme.example".into()),
    }
}

fn built(letter: &OutgoingMail) -> String {
    String::from_utf8(build(letter).unwrap()).unwrap()
}

/// Names of the header fields of the whole message, in order.
fn fields(message: &str) -> Vec<String> {
    let head = message.split("\r\n\r\n").next().unwrap();
    head.split("\r\n").filter(|l| !l.starts_with(' ')).map(|l| l.split(':').next().unwrap().to_string()).collect()
}

fn no_bare_line_ends(message: &str) -> bool {
    let rest = message.replace("\r\n", "");
    !rest.contains(['\r', '\n', '\0'])
}

#[test]
fn m01_m06_every_field_once_and_in_its_form() {
    let message = built(&letter());
    assert_eq!(
        fields(&message),
        [
            "Date",
            "From",
            "To",
            "Reply-To",
            "Subject",
            "Message-ID",
            "X-Soundings-Round",
            "X-Soundings-Kind",
            "X-Soundings-Message",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "MIME-Version",
            "Content-Type"
        ]
    );
    for line in [
        "Date: Sun, 07 Feb 2027 11:33:20 +0000",
        "From: \"Jane Doe\" <jane@acme.example>",
        "Message-ID: <0190-ab@acme.example>",
        "X-Soundings-Kind: invitation",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "https://x.example/a/1?b=2",
        "Content-Transfer-Encoding: quoted-printable",
        "<p>Hello =C3=A9</p>",
    ] {
        assert!(message.contains(&format!("\r\n{line}\r\n")) || message.starts_with(line), "{line} in {message}");
    }
    assert!(no_bare_line_ends(&message) && message.is_ascii());
}

#[test]
fn only_what_nobody_has_written_to_anybody_says_that_it_is_automatic() {
    for kind in MessageKind::ALL {
        let message = built(&OutgoingMail { kind, one_click: None, ..letter() });
        let automatic = {
            use MessageKind::{Alarm, Digest, Login, Receipt, SignCode, TestLetter};
            matches!(kind, Digest | Login | SignCode | Receipt | Alarm | TestLetter)
        };
        assert_eq!(message.contains("\r\nAuto-Submitted: auto-generated\r\n"), automatic, "{kind}");
        assert_eq!(message.matches("Auto-Submitted").count(), usize::from(automatic), "{kind}");
    }
}

#[test]
fn an_answer_names_what_it_answers() {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_string()).collect::<Vec<_>>();
    let answers = ids(&["<0190-aa@acme.example>", "<answer-1@globex.example>"]);
    let message = built(&OutgoingMail { answers, ..letter() });
    assert!(message.contains("\r\nIn-Reply-To: <answer-1@globex.example>\r\n"), "{message}");
    assert!(message.contains("\r\nReferences: <0190-aa@acme.example> <answer-1@globex.example>\r\n"), "{message}");
    assert!(!built(&letter()).contains("References"));
    for bad in ["<a@b>\r\nBcc: e@x.example", "<a\u{0}@b>"] {
        assert!(build(&OutgoingMail { answers: ids(&[bad]), ..letter() }).is_err(), "{bad:?}");
    }
}

#[test]
fn m04_the_way_out_is_on_one_line_and_for_contacts_only() {
    let message = built(&letter());
    let line = message.lines().find(|l| l.starts_with("List-Unsubscribe: ")).unwrap();
    assert!(line.ends_with("xyz>, <mailto:out+abc@acme.example>"), "{line}");
    let colleague = OutgoingMail { kind: MessageKind::SignOff, ..letter() };
    assert!(!built(&colleague).contains("List-Unsubscribe"));
    for bad in ["ftp://x.example/", "https://x.example/\r\nBcc: e@x.example", "https://x.example/> <b"] {
        assert!(build(&OutgoingMail { one_click: Some(bad.into()), ..letter() }).is_err(), "{bad:?}");
    }
}

#[test]
fn m12_the_same_letter_is_the_same_bytes() {
    assert_eq!(build(&letter()).unwrap(), build(&letter()).unwrap());
    assert_eq!(message_id(&"a/b\r\n>c".into(), "bücher.example"), "<abc@xn--bcher-kva.example>");
}

#[test]
fn m11_international_addresses_are_spelled_for_the_wire() {
    let to = EmailAddress::parse("anna@bücher.example").unwrap();
    assert!(built(&OutgoingMail { to, ..letter() }).contains("To: \"Anna Smith\" <anna@xn--bcher-kva.example>\r\n"));
    let to = EmailAddress::parse("jürgen@x.example").unwrap();
    assert!(built(&OutgoingMail { to, ..letter() }).contains("<jürgen@x.example>"));
}

#[test]
fn s07_bodies_end_lines_with_crlf_and_stay_short() {
    let text = format!("a\rb\n.\r\nFrom x\u{b}\0\n{}\nπ\n", "y".repeat(5_000));
    for text in [text.clone(), text.replace('π', ""), "漢字".repeat(4_000)] {
        let message = built(&OutgoingMail { text: text.clone(), html: text, ..letter() });
        assert!(no_bare_line_ends(&message) && message.lines().all(|l| l.len() <= 998));
    }
}

fn naughty() -> Vec<String> {
    let mut strings: Vec<String> = [
        "a\r\nBcc: evil@x.example",
        "a\nX-Evil: 1",
        "a\rX-Evil: 1",
        "a\0b",
        "a\u{2028}b",
        "a\u{85}b",
        "=?utf-8?q?=0d=0aBcc:_x?=",
        "\"a\\\" (x) <y@x.example>",
        "\\",
        "\"",
        "a\r\n\r\nbody",
        "\r\n.\r\n",
        "{{7*7}}",
        "<script>alert(1)</script>",
        "田中さん",
        "\u{202E}tset",
        "",
        " ",
        "Ω≈ç√∫˜µ≤≥÷",
    ]
    .map(String::from)
    .into();
    // The full list lies beside the repository where the assurance material is at hand.
    let corpora = std::env::var("SOUNDINGS_CORPORA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora").into());
    if let Ok(list) = std::fs::read_to_string(format!("{corpora}/naughty-strings.json")) {
        strings.extend(serde_json::from_str::<Vec<String>>(&list).unwrap());
    }
    strings.push("word".repeat(2_000));
    strings
}

#[test]
fn s06_nothing_in_a_value_becomes_a_header() {
    let golden = fields(&built(&letter()));
    for nasty in naughty() {
        let message = built(&OutgoingMail {
            from_name: nasty.clone(),
            to_name: nasty.clone(),
            subject: nasty.clone(),
            text: nasty.clone(),
            html: nasty.clone(),
            ..letter()
        });
        assert_eq!(fields(&message), golden, "{nasty:?}");
        assert!(no_bare_line_ends(&message) && message.is_ascii(), "{nasty:?}");
        assert!(message.lines().all(|l| l.len() <= 998), "{nasty:?}");
    }
    for nasty in ["a\r\nBcc: x", "a\nb", "a\0"] {
        assert!(build(&OutgoingMail { round: nasty.into(), ..letter() }).is_err());
        assert!(build(&OutgoingMail { id: nasty.into(), ..letter() }).is_err());
        assert!(build(&OutgoingMail { message_id: nasty.into(), ..letter() }).is_err());
    }
}
