//! What is told of accounts in numbers and of the round to the team, in its words.

use crate::rules::contacts::Role;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_reason_of_a_call_is_said_in_the_language_of_the_round() {
    let silent = Why::Silent { strategic: true, revenue: 40, of: 1_000 };
    let stopped = Stopped { day: date("2027-02-09"), page: 3, pages: 5 };
    let said = |language, all: &[Why]| reason(language, all, "Calder", Some(&stopped));
    assert_eq!(said("en", &[silent, Why::Began]), sentence(&[silent, Why::Began], "Calder", Some(&stopped)));
    assert_eq!(
        said("de-AT", &[silent, Why::Began]),
        "Bei Calder hat niemand geantwortet; ein strategischer Kunde; 4 % des Umsatzes; hat am Dienstag, 9. Februar begonnen und auf Seite 3 von 5 aufgehört."
    );
    assert_eq!(
        said("fr", &[Why::NobodyOfRole(Role::KeyDecisionMaker), Why::OneMore]),
        "Aucun décideur de Calder n'a répondu ; une réponse de plus."
    );
    let all = [
        silent,
        Why::NobodyOfRole(Role::Influencer),
        Why::Promised(date("2027-02-09")),
        Why::Began,
        Why::AnsweredLastTime,
        Why::BeganLastTime,
        Why::OneMore,
    ];
    for why in all {
        let told = ["en", "de", "fr"].map(|language| said(language, &[why]));
        assert!(told[0] != told[1] && told[1] != told[2] && told.iter().all(|text| text.ends_with('.')), "{told:?}");
    }
}

#[test]
fn a_line_says_whom_to_call_why_and_how() {
    let telephone = |number: &str| Telephone { label: "Mobile".into(), number: number.into(), dial: String::new() };
    let numbers = [telephone("1"), telephone("2"), telephone("3")];
    let ann = ToCall {
        name: "Ann Lee",
        job_title: "Buyer",
        account: "Acme Inc.",
        reason: "Nobody has answered.",
        telephones: &numbers,
        email: "ann@acme.example",
    };
    assert_eq!(to_call(&ann), "Ann Lee, Buyer, Acme Inc. Nobody has answered. Mobile 1, Mobile 2.");
    let by_mail = ToCall { job_title: "", account: "Globex", telephones: &[], ..ann };
    assert_eq!(to_call(&by_mail), "Ann Lee, Globex. Nobody has answered. ann@acme.example");
}

#[test]
fn one_figure_has_a_direction_once_there_was_a_week() {
    assert_eq!(direction("en", 123, 300, None), "41 % (123 of 300)");
    assert_eq!(direction("en", 123, 300, Some(105)), "41 % (123 of 300), 6 points more than a week ago");
    assert_eq!(direction("en", 123, 300, Some(123)), "41 % (123 of 300), as much as a week ago");
    assert_eq!(direction("en", 123, 300, Some(126)), "41 % (123 of 300), 1 point less than a week ago");
    assert_eq!(direction("de", 3, 100, Some(1)), "3 % (3 von 100), 2 Prozentpunkte mehr als vor einer Woche");
    assert_eq!(direction("fr", 2, 100, Some(1)), "2 % (2 sur 100), 1 point de plus qu'il y a une semaine");
}

#[test]
fn a_sponsor_hears_what_is_needed_and_that_nothing_is() {
    let met = Needed::default();
    assert_eq!(needed("en", &met), "Nothing is needed from you: every target is met.");
    assert_eq!(needed("en", &Needed { without_targets: true, ..Needed::default() }), "");
    let missed = Needed {
        answers: Some(12),
        accounts: Some(1),
        goes_to: Some((0.41, 0.52, date("2027-03-05"))),
        directors: vec![("Dora Fields".into(), 2, 3), ("Erik Holm".into(), 1, 4)],
        ..Needed::default()
    };
    assert_eq!(
        needed("en", &missed),
        "If nothing changes, it ends at 41 to 52 % on Friday 5 March. The next target needs 12 answers and 1 account more. A word from you helps most with Dora Fields (2 of 3 accounts silent) and Erik Holm (1 of 4 accounts silent)."
    );
    let said = ["de", "fr"].map(|language| needed(language, &missed));
    assert!(said[0].contains("Zum nächsten Ziel fehlen 12 Antworten und 1 Kunde."), "{said:?}");
    assert!(said[1].contains("Il manque 12 réponses et 1 client pour l'objectif suivant."), "{said:?}");
}

#[test]
fn accounts_are_told_by_name_or_by_counts() {
    assert_eq!(silent_account("en", "Globex", 4, "Max Mann"), "Globex: 4 people, account manager Max Mann");
    assert_eq!(silent_account("fr", "Globex", 1, ""), "Globex : 1 personne");
    assert_eq!(counted_account("de", "Globex", Some(1), 4), "Globex: 1 von 4 haben geantwortet");
    assert_eq!(counted_account("en", "Globex", None, 4), "Globex: 4 asked");
    assert_eq!(
        counted_account("fr", "Globex", None, 1_204),
        format!("Globex : {} personnes interrogées", grouped("fr", 1_204))
    );
    assert_eq!(silent_accounts("en", 0, 3), "Somebody of every account has answered.");
    assert_eq!(silent_accounts("en", 2, 3), "At 2 of 3 accounts nobody has answered yet.");
    assert_eq!(silent_accounts("en", 0, 0), "");
}

#[test]
fn words_to_send_stand_under_whom_they_are_for() {
    assert_eq!(
        ready_lines("Ann Lee", "ann@x.example", "A word", "Dear Ann,\n\nhello.\n"),
        "\u{2013} Ann Lee, ann@x.example: A word \u{2013}\nDear Ann,\nhello."
    );
}
