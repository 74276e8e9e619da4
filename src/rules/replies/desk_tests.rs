//! What may be done with a mail on the reply desk, and how its words, quotations and days are told.

use proptest::prelude::*;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn words_are_read_back() {
    for work in DeskWork::ALL {
        assert_eq!(DeskWork::parse(work.as_str()), Some(work));
    }
    for shown in Shown::ALL {
        assert_eq!(Shown::of(shown.as_str()), shown);
    }
    assert_eq!((DeskWork::parse("burnt"), Shown::of("burnt")), (None, Shown::Waiting));
}

#[test]
fn what_was_done_is_said_of_whoever_did_it() {
    let day = Some(date("2027-02-15"));
    assert_eq!(DeskWork::Given.said("", None), "gave it back to everybody");
    assert_eq!(DeskWork::Given.said("ben@x.example", None), "gave it to ben@x.example");
    assert_eq!(DeskWork::PutOff.said("", day), "put it off until Mon 15 Feb 2027");
    assert_eq!(DeskWork::PutOff.said("", None), "put it off no more");
    assert_eq!(DeskWork::Forwarded.said("Max Mann", None), "forwarded it to Max Mann");
}

#[test]
fn a_subject_has_one_mark_however_often_it_was_answered() {
    for (theirs, answer) in [
        ("Your view of Acme", "Re: Your view of Acme"),
        ("Re: AW: RE : Your view", "Re: Your view"),
        ("Fwd: Re: x", "Re: x"),
        ("RÉP: x", "Re: x"),
        ("Note: call me", "Re: Note: call me"),
        ("", "Re: The title"),
        ("Re:", "Re: The title"),
        ("Re: your Survey", "Re: The title"),
    ] {
        assert_eq!(subject_of_answer(theirs, "The title"), answer, "{theirs}");
    }
    assert_eq!(subject_of_forward("AW: Your view", "The title"), "Fwd: Your view");
    assert_eq!(subject_of_forward(" ", "The title"), "Fwd: The title");
}

#[test]
fn whoever_wrote_is_called_by_what_may_be_said() {
    let (name, email) = ("Ann Lee", "ann@globex.example");
    let (bad_name, bad_email) = ("Sur\u{76}ey desk", "sur\u{76}ey@globex.example");
    for (name, email, said) in [
        (name, email, Some(name)),
        ("", email, Some(email)),
        (bad_name, email, Some(email)),
        (bad_name, bad_email, None),
        ("", "", None),
    ] {
        assert_eq!(called(name, email), said, "{name} {email}");
    }
}

#[test]
fn each_of_ours_with_the_word_is_named_with_what_to_do_next() {
    let bad = "Sur\u{76}ey Ltd";
    for ours in Ours::ALL {
        assert_eq!(with_the_word(&[(Ours::Words, "Dear Ann,"), (ours, bad)]), Some((ours, bad)));
        assert_eq!(with_the_word(&[(ours, "Globex")]), None);
        let (what, next) = ours.refusal(bad);
        assert!(what.contains("which our mails never say.") && next.ends_with('.'), "{what} {next}");
        assert_eq!(what.contains(bad), ours != Ours::Words, "{what}");
    }
}

#[test]
fn a_mail_is_dated_as_it_says_unless_its_clock_is_wrong() {
    let read = date("2027-02-08");
    for (says, on) in [
        (Some("2027-02-06"), "2027-02-06"),
        (Some("2027-02-09"), "2027-02-09"),
        (Some("2027-02-10"), "2027-02-08"),
        (Some("1970-01-01"), "2027-02-08"),
        (None, "2027-02-08"),
    ] {
        assert_eq!(written_on(says.map(date), read), date(on), "{says:?}");
    }
}

#[test]
fn what_a_person_wrote_about_a_mail_of_ours_is_answered_and_forwarded_and_nothing_else() {
    for (has_round, verdict, writer, answered, forwarded) in [
        (true, "reply", "ann@x.example", true, true),
        (true, "reply", "", false, true),
        (true, "away_long", "ann@x.example", false, false),
        (true, "dead", "", false, false),
        (false, "reply", "ann@x.example", false, false),
        (false, "unmatched", "ann@x.example", false, false),
    ] {
        assert_eq!(why_not_answered(has_round, verdict, writer).is_none(), answered, "{has_round} {verdict} {writer}");
        assert_eq!(why_not_forwarded(has_round, verdict).is_none(), forwarded, "{has_round} {verdict} {writer}");
    }
}

#[test]
fn what_became_of_a_mail_that_has_not_arrived_is_said_in_a_sentence() {
    use MessageState::{Claimed, Held, Planned, Sending, Sent};
    let of = Amiss::of;
    assert_eq!(of(MessageState::Failed, false), Some(Amiss::Refused));
    assert_eq!(of(MessageState::Failed, true), Some(Amiss::CameBack));
    for fine in [Planned, Claimed, Sending, Sent, Held] {
        assert_eq!(of(fine, false), None, "{fine:?}");
    }
    let (answer, forward) = (MessageKind::DeskAnswer, MessageKind::Forwarded);
    for (amiss, kind, why, said) in [
        (Amiss::Refused, answer, "550 no such user.", "The answer to a@x.example was not accepted: 550 no such user."),
        (Amiss::CameBack, forward, "", "The forward to a@x.example came back."),
        (Amiss::InDoubt, answer, " ", "The answer to a@x.example may have arrived, and may not."),
        (Amiss::NotSent, answer, "opted out", "The answer to a@x.example was not sent: opted out."),
    ] {
        assert_eq!(amiss.sentence(kind, "a@x.example", why), said);
    }
}

proptest! {
    #[test]
    fn a_mail_comes_back_on_a_day_after_today_and_within_a_year(days in -1_000_i64..1_000) {
        let today = date("2027-02-10");
        let taken = rests(today + chrono::Duration::days(days), today);
        prop_assert_eq!(taken.is_ok(), (1..=LONGEST_REST_DAYS).contains(&days));
        prop_assert_eq!(taken == Err(DayFault::Over), days <= 0);
    }

    #[test]
    fn no_mail_of_the_desk_has_the_word_in_its_subject(theirs in ".{0,40}", with in any::<bool>()) {
        let theirs = if with { format!("{theirs} Sur\u{76}ey") } else { theirs };
        let subject = subject_of_answer(&theirs, "The title");
        prop_assert!(!says_banned_word(&subject), "{}", subject);
        prop_assert!(subject.starts_with("Re: ") && !subject.starts_with("Re: Re:"), "{}", subject);
        let subject = subject_of_forward(&theirs, "The title");
        prop_assert!(!says_banned_word(&subject) && subject.starts_with("Fwd: "), "{}", subject);
    }
}
