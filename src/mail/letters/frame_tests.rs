//! The frame: what surrounds the words of every mail.

use crate::mail::letters::placeholders::Values;
use crate::mail::letters::rendering::render;
use crate::rules::round::{FOOTER_LANGUAGES, MailText};

use super::*;

fn framed(kind: MessageKind, body: &str) -> Rendered {
    let values: Values =
        [("link", "https://x.example/a/1"), ("client", "Acme & Sons")].map(|(k, v)| (k, v.to_string())).into();
    let words =
        render(kind, &MailText { subject: "A \"<b>\"".into(), body: body.into() }, &values, &Look::default()).unwrap();
    let around = Surroundings {
        kind,
        language: "en",
        client: "Acme & Sons",
        title: "Partnership Review",
        account: "Moore <Powell>",
        opt_out_link: Some("https://x.example/opt-out/2"),
    };
    letter(&words, &around).unwrap()
}

#[test]
fn an_invitation_says_who_and_why_and_how_to_leave() {
    let out = framed(MessageKind::Invitation, "Hello\n\n{{ link }}");
    assert_eq!(
        out.text,
        "Hello\n\nhttps://x.example/a/1\n\n-- \nAcme & Sons writes to you because you work with us at Moore <Powell>:\nPartnership Review.\n\n\
         If you would rather not hear from us about this:\nhttps://x.example/opt-out/2\n"
    );
    assert!(
        out.html.contains("Moore &#60;Powell&#62;") && out.html.contains("href=\"https://x.example/opt-out/2\""),
        "{}",
        out.html
    );
    assert!(out.html.contains("color-scheme") && !out.html.contains("<img") && !out.html.contains("<script"));
    assert!(!out.html.contains("<b>") && out.html.lines().all(|l| l.len() < 900));
}

#[test]
fn the_warm_up_is_a_letter_and_colleagues_have_no_way_out() {
    let warm_up = framed(MessageKind::WarmUp, "Hello");
    assert!(!warm_up.html.contains("class=\"button\"") && warm_up.html.contains("/opt-out/2"));
    let sign_off = framed(MessageKind::SignOff, "Hello\n\n{{ link }}");
    assert!(
        !sign_off.html.contains("opt-out")
            && !sign_off.text.contains("opt-out")
            && sign_off.html.contains("class=\"button\"")
    );
}

#[test]
fn the_login_mail_has_its_link_alone() {
    let out = login("soundings at Acme", "https://x.example/login/3", 15).unwrap();
    assert_eq!(out.subject, "Log in to soundings at Acme");
    assert!(out.text.lines().any(|l| l == "https://x.example/login/3"));
    assert!(out.html.contains("href=\"https://x.example/login/3\""));
}

#[test]
fn promise_9_no_frame_has_the_word() {
    for language in ["en", "de", "fr", "es", "it", "nl"] {
        for kind in MessageKind::ALL {
            let around = Surroundings {
                kind,
                language,
                client: "C",
                title: "T",
                account: "A",
                opt_out_link: Some("https://o.example/"),
            };
            let words = Rendered { subject: "s".into(), text: "t\n".into(), html: "h".into() };
            let out = letter(&words, &around).unwrap();
            assert!(!format!("{}{}", out.text, out.html).to_lowercase().contains("survey"));
            assert!(out.text.lines().all(|l| l.chars().count() <= 78));
        }
    }
}

#[test]
fn the_languages_that_are_counted_as_footers_are_those_that_have_one() {
    let around = |language: &'static str| Surroundings {
        kind: MessageKind::Invitation,
        language,
        client: "C",
        title: "T",
        account: "A",
        opt_out_link: None,
    };
    let has = |language: &&'static str| *language == "en" || footer(&around(language)) != footer(&around("en"));
    assert!(FOOTER_LANGUAGES.iter().all(has));
    assert!(!["pl", "pt", "sv", "da", "cs", "ja"].iter().any(has), "a new language is to be counted too");
}
