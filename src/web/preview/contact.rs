//! What a contact sees, in three languages.

use crate::web::kit::views::frame::LanguageLink;
use crate::web::kit::views::notice::{Notice, OptOutPage};
use crate::web::kit::views::phrases::{ALL, Phrases};
use crate::web::links::views::response::*;

use super::{letter, page};

const LINK: &str = "/assessment/q3v0Zt4u9o1Vb7Jx2mGk5A";
const STOP: &str = "/opt-out/q3v0Zt4u9o1Vb7Jx2mGk5A";

pub fn pages() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for p in ALL {
        let code = p.code;
        let stop = |refused| OptOutPage {
            languages: crate::web::kit::views::notice::every_language(p, ""),
            letter: letter(code),
            phrases: p,
            action: STOP.into(),
            refused,
            out_of_this_round: false,
            former: None,
        };
        out.push(page(&format!("assessment-1-{code}"), &first(p)));
        out.push(page(&format!("assessment-check-{code}"), &check(p, false)));
        out.push(page(&format!("assessment-thanks-{code}"), &Notice::thanks(letter(code), p, "Anna")));
        out.push(page(&format!("opt-out-{code}"), &stop(false)));
        if code == "en" {
            out.push(page("opt-out-refused", &stop(true)));
            out.push(page("opt-out-again", &OptOutPage { out_of_this_round: true, ..stop(false) }));
            let former = Some("anna.keller@hafenlogistik.example".to_string());
            out.push(page("opt-out-former", &OptOutPage { former, ..stop(false) }));
        }
    }
    let (p, en) = (Phrases::of("en"), || letter("en"));
    out.push(page("assessment-2-given", &second(p, false)));
    out.push(page("assessment-2-refused", &second(p, true)));
    out.push(page("assessment-check-refused", &check(p, true)));
    out.push(page("assessment-already", &Notice::already_answered(en(), p, "Wed 10 Feb")));
    out.push(page("assessment-withdrawn", &Notice::withdrawn(en(), p)));
    out.push(page("assessment-closed", &Notice::closed(en(), p, "Fri 26 Feb")));
    out.push(page("assessment-unknown", &Notice::unknown_link("en")));
    out.push(page("assessment-cut", &Notice::cut_link("en")));
    out.push(page("assessment-opted-out", &Notice::opted_out(en(), p)));
    out.push(page("opt-out-stopped", &Notice::stopped(en(), p)));
    out.push(page("opt-out-this-round", &Notice::paused(en(), p)));
    out.push(page("assessment-other-address", &Notice::for_another_address(en(), p)));
    out.push(page("opt-out-kept", &Notice::kept(en(), p)));
    out
}

fn first(p: &'static Phrases) -> QuestionPage {
    let (title, items) = match p.code {
        "de" => (
            "Vertrauen und Verlässlichkeit",
            vec![
                scale7(
                    "trust",
                    "Wir können uns auf das verlassen, was Nordwind zusagt.",
                    "Stimmt gar nicht",
                    "Stimmt völlig",
                    None,
                ),
                scale7(
                    "care",
                    "Nordwind versteht, worauf es in unserem Geschäft ankommt.",
                    "Stimmt gar nicht",
                    "Stimmt völlig",
                    None,
                ),
            ],
        ),
        "fr" => (
            "Confiance et fiabilité",
            vec![
                scale7(
                    "trust",
                    "Nous pouvons compter sur ce que Nordwind promet.",
                    "Pas du tout d’accord",
                    "Tout à fait d’accord",
                    None,
                ),
                scale7(
                    "care",
                    "Nordwind comprend ce qui compte dans notre métier.",
                    "Pas du tout d’accord",
                    "Tout à fait d’accord",
                    None,
                ),
            ],
        ),
        _ => (
            "Trust and reliability",
            vec![
                scale7("trust", "We can rely on what Nordwind promises.", "Strongly disagree", "Strongly agree", None),
                scale7(
                    "care",
                    "Nordwind understands what matters in our business.",
                    "Strongly disagree",
                    "Strongly agree",
                    None,
                ),
            ],
        ),
    };
    let languages =
        ALL.into_iter().map(|o| LanguageLink::new(o.code, &format!("{LINK}?language={}", o.code), o.code == p.code));
    QuestionPage {
        letter: letter(p.code),
        phrases: p,
        action: LINK.into(),
        intro: Some(Intro {
            first_name: "Anna".into(),
            minutes: 5,
            closes: chrono::NaiveDate::from_ymd_opt(2027, 2, 26).map_or_else(String::new, |d| p.date(d)),
            changed_since_last_year: if p.code == "en" {
                "one named person at night, and invoices by route".into()
            } else {
                String::new()
            },
        }),
        page: 1,
        pages: 5,
        title: title.into(),
        language: p.code.into(),
        items,
        from_check: None,
        languages: languages.collect(),
        opt_out: STOP.into(),
    }
}

fn second(p: &'static Phrases, refused: bool) -> QuestionPage {
    let given = if refused { None } else { Some(8) };
    let text = if refused {
        "x".repeat(4_012)
    } else {
        "The night desk answers at once. The monthly report comes too late to act on.".into()
    };
    QuestionPage {
        intro: None,
        page: 4,
        title: "Looking back and ahead".into(),
        from_check: None,
        items: vec![
            ItemView {
                id: "recommend".into(),
                text: "How likely are you to recommend Nordwind to a colleague in another company?".into(),
                required: true,
                cannot_say: None,
                cannot_say_given: false,
                shape: Shape::Scale {
                    low: "Not at all likely".into(),
                    high: "Extremely likely".into(),
                    points: Point::scale(0, 10, given),
                },
                error: refused.then(|| "Choose a number from 0 to 10.".into()),
            },
            ItemView {
                required: false,
                cannot_say: Some(String::new()),
                ..scale7("price", "What we pay is fair for what we get.", "Strongly disagree", "Strongly agree", None)
            },
            ItemView {
                id: "future".into(),
                text: "Next year, will you work with Nordwind more or less?".into(),
                required: true,
                cannot_say: None,
                cannot_say_given: false,
                shape: Shape::Choice { points: choices(if refused { "" } else { "same" }) },
                error: refused.then(|| "Choose one of the answers shown.".into()),
            },
            ItemView {
                id: "wish".into(),
                text: "What should Nordwind do differently?".into(),
                required: false,
                cannot_say: Some(String::new()),
                cannot_say_given: false,
                shape: Shape::Text { value: text, longest: 4_000 },
                error: refused.then(|| "Shorten this to 4000 characters; it has 4012.".into()),
            },
        ],
        ..first(p)
    }
}

fn choices(given: &str) -> Vec<Point> {
    let all = [("more", "More than this year"), ("same", "About the same"), ("less", "Less than this year")];
    all.into_iter()
        .map(|(value, label)| Point { value: value.into(), label: label.into(), checked: value == given })
        .collect()
}

fn scale7(id: &str, text: &str, low: &str, high: &str, given: Option<i64>) -> ItemView {
    ItemView {
        id: id.into(),
        text: text.into(),
        required: true,
        cannot_say: None,
        cannot_say_given: false,
        shape: Shape::Scale { low: low.into(), high: high.into(), points: Point::scale(1, 7, given) },
        error: None,
    }
}

fn check(p: &'static Phrases, refused: bool) -> CheckPage {
    let answer = |id: &str, question: &str, answer: &str, required| CheckedAnswer {
        id: id.into(),
        question: question.into(),
        target: format!("answer.{id}"),
        answer: answer.into(),
        required,
        mistake: None,
    };
    CheckPage {
        letter: letter(p.code),
        phrases: p,
        language: p.code.into(),
        languages: Vec::new(),
        action: LINK.into(),
        groups: vec![
            CheckedGroup {
                title: "Trust and reliability".into(),
                page: 1,
                answers: vec![
                    answer("trust", "We can rely on what Nordwind promises.", "6 (1–7)", true),
                    answer(
                        "care",
                        "Nordwind understands what matters in our business.",
                        if refused { "" } else { "5 (1–7)" },
                        true,
                    ),
                ],
            },
            CheckedGroup {
                title: "Looking back and ahead".into(),
                page: 4,
                answers: vec![
                    answer(
                        "recommend",
                        "How likely are you to recommend Nordwind to a colleague in another company?",
                        "8 (0–10)",
                        true,
                    ),
                    answer("price", "What we pay is fair for what we get.", "", false),
                    answer(
                        "wish",
                        "What should Nordwind do differently?",
                        "The night desk answers at once.\n\nThe monthly report comes too late to act on.",
                        false,
                    ),
                ],
            },
        ],
        last_page: 5,
        refused,
        opt_out: STOP.into(),
    }
}
