//! What is said of the round before: each outcome in its words, in each language, in a line and in columns.

use std::collections::BTreeSet;

use super::*;

fn took(kind: MessageKind, number: i64) -> Stood {
    Stood { invited: true, answer: Answer::Complete, took: Some(Took { kind, number }), ..Stood::default() }
}

fn said(stood: &Stood, language: &str) -> String {
    LastTime { stood: Some(stood.clone()), ..LastTime::default() }.sentence(language, true)
}

#[test]
fn an_answer_is_told_with_the_message_that_it_took() {
    for (stood, language, sentence) in [
        (took(MessageKind::Invitation, 1), "en", "Answered last year after the invitation."),
        (took(MessageKind::Reminder, 2), "en", "Answered last year after the second reminder."),
        (took(MessageKind::Reminder, 7), "en-GB", "Answered last year after reminder 7."),
        (took(MessageKind::Reminder, 0), "en", "Answered last year after reminder 0."),
        (Stood { took: None, ..took(MessageKind::Invitation, 1) }, "en", "Answered last year."),
        (took(MessageKind::Invitation, 1), "de", "Hat letztes Jahr nach der Einladung geantwortet."),
        (took(MessageKind::Reminder, 2), "de", "Hat letztes Jahr nach der zweiten Erinnerung geantwortet."),
        (took(MessageKind::Reminder, 1), "fr", "A répondu l’an dernier après le premier rappel."),
        (took(MessageKind::Reminder, 6), "fr", "A répondu l’an dernier après le rappel n° 6."),
        (took(MessageKind::Invitation, 1), "it", "Answered last year after the invitation."),
        (took(MessageKind::Invitation, 1), "", "Answered last year after the invitation."),
    ] {
        assert_eq!(said(&stood, language), sentence);
        let spoken = spoken(language);
        assert_eq!(said(&stood, spoken), sentence, "{language} is shown as {spoken}");
    }
}

#[test]
fn what_came_of_it_is_the_first_that_is_true() {
    let stood = |invited, answer, out| Stood { invited, answer, out, ..Stood::default() };
    for (stood, came) in [
        (stood(true, Answer::Complete, Some(Out::OptedOut)), Came::Answered),
        (stood(true, Answer::Begun, Some(Out::TakenOff)), Came::TakenOff),
        (stood(true, Answer::Begun, Some(Out::OptedOut)), Came::OptedOut),
        (stood(true, Answer::None, Some(Out::Unreachable)), Came::Unreachable),
        (stood(true, Answer::Begun, None), Came::Began),
        (stood(true, Answer::None, None), Came::Silent),
        (stood(false, Answer::None, None), Came::NotInvited),
        (stood(true, Answer::NotTold, None), Came::Asked),
        (stood(true, Answer::NotTold, Some(Out::OptedOut)), Came::OptedOut),
        (stood(false, Answer::NotTold, None), Came::NotInvited),
    ] {
        assert_eq!(stood.came(), came, "{stood:?}");
    }
}

#[test]
fn every_outcome_has_words_of_its_own_in_every_language_and_none_is_the_banned_one() {
    let outcomes = [
        took(MessageKind::Invitation, 1),
        Stood { out: Some(Out::TakenOff), ..Stood::default() },
        Stood { out: Some(Out::OptedOut), ..Stood::default() },
        Stood { out: Some(Out::Unreachable), ..Stood::default() },
        Stood { answer: Answer::Begun, ..Stood::default() },
        Stood { invited: true, ..Stood::default() },
        Stood { invited: true, answer: Answer::NotTold, ..Stood::default() },
        Stood::default(),
    ];
    let came: Vec<Came> = outcomes.iter().map(Stood::came).collect();
    assert_eq!(came, Came::ALL);
    let mut all = BTreeSet::new();
    for (language, last_year) in [("en", true), ("en", false), ("de", true), ("de", false), ("fr", true), ("fr", false)]
    {
        for stood in outcomes.iter().map(|stood| Some(stood.clone())).chain([None]) {
            let line = LastTime { stood, new_address: true, as_signed: true }.sentence(language, last_year);
            assert!(!line.to_lowercase().contains("sur\u{76}ey"), "{line}");
            assert!(all.insert(line.clone()), "{line}");
        }
    }
}

#[test]
fn what_has_changed_and_what_is_as_signed_follow_in_one_line() {
    let stood = Stood { predecessor: "Anna Berg".into(), ..took(MessageKind::Reminder, 3) };
    let last = LastTime { stood: Some(stood), new_address: true, as_signed: true };
    assert_eq!(
        last.sentence("en", false),
        "Answered last time after the third reminder. Has a new address since. Came in the place of Anna Berg. As signed last time."
    );
    assert_eq!(LastTime::default().sentence("de", true), "Stand letztes Jahr nicht auf der Liste.");
    let corrected = Stood { address: Address::BouncedAndCorrected, ..took(MessageKind::Invitation, 1) };
    assert_eq!(said(&corrected, "en"), "Answered last year after the invitation. Has a new address since.");
}

#[test]
fn whoever_was_taken_off_the_list_is_not_as_signed() {
    let off = |answer| Stood { out: Some(Out::TakenOff), invited: true, answer, ..Stood::default() };
    for (stood, sentence) in [
        (off(Answer::None), "Was taken off the list last year."),
        (off(Answer::Complete), "Answered last year."),
        (Stood { out: Some(Out::OptedOut), ..off(Answer::None) }, "Opted out last year. As signed last year."),
    ] {
        let last = LastTime { stood: Some(stood), new_address: false, as_signed: true };
        assert_eq!(last.sentence("en", true), sentence);
    }
}

#[test]
fn the_columns_say_it_in_plain_words() {
    let stood = Stood {
        address: Address::BouncedAndCorrected,
        predecessor: "Anna Berg".into(),
        ..took(MessageKind::Reminder, 2)
    };
    assert_eq!(
        stood.cells("acme-2027"),
        ["acme-2027", "answered", "reminder 2", "bounced, then corrected; in the place of Anna Berg"]
    );
    let silent = Stood { invited: true, ..Stood::default() };
    assert_eq!(silent.cells("acme-2027"), ["acme-2027", "silent", "", ""]);
}
