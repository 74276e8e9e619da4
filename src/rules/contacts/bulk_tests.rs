//! To whom what is done to many may be done, and how it is told.

use proptest::prelude::*;

use super::*;

fn facts() -> impl Strategy<Value = Facts> {
    let next = prop_oneof![Just(Next::None), Just(Next::Planned), Just(Next::Held), Just(Next::Leaving)];
    let forbidden = prop_oneof![Just(None), Just(Some(Reason::NotChased)), Just(Some(Reason::NotSignedOff))];
    (any::<[bool; 7]>(), next, forbidden).prop_map(
        |([removed, completed, opted_out, objected, left, undeliverable, failed], next, forbidden)| Facts {
            removed,
            completed,
            opted_out,
            objected,
            left,
            undeliverable,
            next,
            failed,
            forbidden,
        },
    )
}

#[test]
fn words_are_read_as_they_are_written() {
    for act in Act::ALL {
        assert_eq!(Act::parse(act.as_str()), Some(act));
    }
    for why in WhyNot::ALL {
        assert_eq!(WhyNot::parse(why.as_str()), why);
    }
    assert_eq!((Act::parse("sign"), WhyNot::parse("because")), (None, WhyNot::Unknown));
}

#[test]
fn each_is_left_for_the_reason_that_says_most() {
    let planned = Facts { next: Next::Planned, ..Facts::default() };
    assert_eq!(may(Act::Pause, &planned), Ok(()));
    assert_eq!(may(Act::Pause, &Facts { completed: true, ..planned }), Err(WhyNot::Answered));
    assert_eq!(may(Act::Pause, &Facts { completed: true, removed: true, ..planned }), Err(WhyNot::OffTheList));
    assert_eq!(may(Act::Pause, &Facts::default()), Err(WhyNot::NothingPlanned));
    assert_eq!(may(Act::Resume, &planned), Err(WhyNot::NotPaused));
    assert_eq!(may(Act::Remove, &Facts { completed: true, ..planned }), Err(WhyNot::Answered));
    assert_eq!(may(Act::NeverAgain, &Facts { removed: true, opted_out: true, ..planned }), Ok(()));
    assert_eq!(may(Act::TryAgain, &Facts { failed: true, undeliverable: true, ..planned }), Err(WhyNot::Undeliverable));
}

#[test]
fn what_became_of_all_is_told_with_the_reasons() {
    let left = BTreeMap::from([(WhyNot::Answered, 2), (WhyNot::OptedOut, 1), (WhyNot::HasLeft, 0)]);
    assert_eq!(told(Act::Pause, 37, &left), "37 of 40 paused; 2 have answered; 1 has opted out");
    assert_eq!(told(Act::PutBack, 1, &BTreeMap::new()), "1 of 1 put back on the list");
    assert_eq!(Act::Remove.button(1), "Take 1 person off the list");
}

proptest! {
    /// Nothing is planned or held for who may not be written to, and what is done cannot be done twice.
    #[test]
    fn nobody_who_may_not_be_written_to_gets_a_message_by_it(f in facts()) {
        for act in [Act::Pause, Act::Resume, Act::TryAgain] {
            if f.removed || f.completed || f.opted_out || f.objected || f.left || f.undeliverable {
                prop_assert!(may(act, &f).is_err(), "{act:?}");
            }
        }
        if f.forbidden.is_some() {
            prop_assert!(may(Act::TryAgain, &f).is_err(), "what is tried again can go");
        }
        prop_assert_ne!(may(Act::Pause, &Facts { next: Next::Held, ..f }), Ok(()));
        prop_assert_ne!(may(Act::Resume, &Facts { next: Next::Planned, ..f }), Ok(()));
        prop_assert!(may(Act::Remove, &f).is_err() || may(Act::PutBack, &f).is_err());
        prop_assert_ne!(may(Act::OptOut, &Facts { opted_out: true, ..f }), Ok(()));
        prop_assert_ne!(may(Act::NeverAgain, &Facts { objected: true, ..f }), Ok(()));
    }

    /// What undoes something may be done to whom it was done to.
    #[test]
    fn what_is_done_can_be_undone(f in facts()) {
        if may(Act::Pause, &f).is_ok() {
            prop_assert_eq!(may(Act::Resume, &Facts { next: Next::Held, ..f }), Ok(()));
        }
        if may(Act::Remove, &f).is_ok() {
            prop_assert_eq!(may(Act::PutBack, &Facts { removed: true, ..f }), Ok(()));
        }
    }
}
