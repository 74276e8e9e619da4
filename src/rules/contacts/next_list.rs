//! Who of a round stands on the list of the next one, and what is said of whoever does not.
//!
//! Nobody is lost in silence: whoever was on the list is on the next one, or is told with the reason, or somebody who has taken his
//! place is one of these.

use crate::rules::contacts::objection::ObjectionKind;
use crate::rules::contacts::out::Removal;

/// What stands against asking somebody again, as it is known now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Against {
    pub removed: Option<Removal>,
    /// Somebody was named in his place.
    pub followed: bool,
    /// What is known of him at this client for good.
    pub said: Option<ObjectionKind>,
    /// The mailbox is somebody else's by now, and no other is known.
    pub no_address: bool,
    /// Why the address is dead.
    pub dead: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextTime {
    Listed,
    /// Whoever has taken his place speaks for it.
    Followed,
    Told(WhyNot),
}

/// Why somebody is not asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNot {
    Removed(String),
    Left,
    NeverAgain,
    Complained,
    NoAddress,
    DeadAddress(String),
    /// What is known of him cannot be read.
    Unreadable,
    /// Why a list would not take his row.
    NoRow(String),
}

/// Decides it: what people have said of the list first, then what was heard of the person, then of the address.
pub fn next_time(against: &Against) -> NextTime {
    let has_left = against.said == Some(ObjectionKind::Left);
    match against {
        Against { removed, followed: true, .. } if removed.is_some() || has_left => NextTime::Followed,
        Against { removed: Some(reason), .. } => NextTime::Told(WhyNot::Removed(reason.to_string())),
        Against { said: Some(ObjectionKind::Left), .. } => NextTime::Told(WhyNot::Left),
        Against { said: Some(ObjectionKind::NeverAgain), .. } => NextTime::Told(WhyNot::NeverAgain),
        Against { said: Some(ObjectionKind::Complaint), .. } => NextTime::Told(WhyNot::Complained),
        Against { no_address: true, .. } => NextTime::Told(WhyNot::NoAddress),
        Against { dead: Some(why), .. } => NextTime::Told(WhyNot::DeadAddress(why.clone())),
        _ => NextTime::Listed,
    }
}

impl WhyNot {
    /// For operators: "has left, and nobody was named in this place".
    pub fn told(&self) -> String {
        let with = |what: &str, why: &str| match why.trim() {
            "" => what.to_owned(),
            why => format!("{what}: {why}"),
        };
        match self {
            WhyNot::Removed(reason) => with("taken off the list", reason),
            WhyNot::Left => "has left, and nobody was named in this place".into(),
            WhyNot::NeverAgain => "asked never to be written to again".into(),
            WhyNot::Complained => "called a mail unwanted".into(),
            WhyNot::NoAddress => "the address is somebody else’s now, and no other is known".into(),
            WhyNot::DeadAddress(why) => with("the address is dead", why),
            WhyNot::Unreadable => "the row of this contact cannot be read in the database".into(),
            WhyNot::NoRow(why) => with("a list would not take this row", why),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn told(against: Against) -> String {
        match next_time(&against) {
            NextTime::Told(why) => why.told(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn each_reason_is_told_in_its_words() {
        let removed = |text: &str| Some(Removal::Said(text.into()));
        let said = |kind: ObjectionKind| Against { said: Some(kind), ..Against::default() };
        for (against, words) in [
            (Against::default(), "Listed"),
            (said(ObjectionKind::Left), "has left, and nobody was named in this place"),
            (Against { followed: true, ..said(ObjectionKind::Left) }, "Followed"),
            (Against { removed: removed("Wrong person"), ..Against::default() }, "taken off the list: Wrong person"),
            (Against { removed: removed(" "), ..Against::default() }, "taken off the list"),
            (
                Against { removed: Some(Removal::OffTheList), ..Against::default() },
                "taken off the list: no longer on the list",
            ),
            (
                Against {
                    removed: Some(Removal::ReplacedBy("Eva".into())),
                    followed: true,
                    ..said(ObjectionKind::Left)
                },
                "Followed",
            ),
            (said(ObjectionKind::NeverAgain), "asked never to be written to again"),
            (said(ObjectionKind::Complaint), "called a mail unwanted"),
            (
                Against { no_address: true, ..Against::default() },
                "the address is somebody else’s now, and no other is known",
            ),
            (
                Against { dead: Some("550 5.1.1 no such user".into()), ..Against::default() },
                "the address is dead: 550 5.1.1 no such user",
            ),
            // A successor was named, and he himself came back.
            (Against { followed: true, ..Against::default() }, "Listed"),
        ] {
            assert_eq!(told(against.clone()), words, "{against:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_or_listed_is_told_too() {
        assert_eq!(WhyNot::Unreadable.told(), "the row of this contact cannot be read in the database");
        assert_eq!(
            WhyNot::NoRow("the name is no name.".into()).told(),
            "a list would not take this row: the name is no name."
        );
        assert_eq!(WhyNot::NoRow(String::new()).told(), "a list would not take this row");
    }

    fn against() -> impl Strategy<Value = Against> {
        let removal = prop_oneof![
            3 => Just(None),
            1 => Just(Some(Removal::OffTheList)),
            1 => "[a-z ]{0,8}".prop_map(|text| Some(Removal::Said(text))),
            1 => Just(Some(Removal::ReplacedBy("Eva".into()))),
            1 => Just(Some(Removal::AddressOf("Zoe".into()))),
        ];
        let said = prop_oneof![
            3 => Just(None),
            1 => Just(Some(ObjectionKind::NeverAgain)),
            1 => Just(Some(ObjectionKind::Complaint)),
            1 => Just(Some(ObjectionKind::Left)),
        ];
        let dead = prop_oneof![2 => Just(None), 1 => Just(Some("550".to_owned()))];
        (removal, said, any::<bool>(), dead).prop_map(|(removed, said, no_address, dead)| Against {
            removed,
            followed: false,
            said,
            no_address,
            dead,
        })
    }

    proptest! {
        /// People in a row, each perhaps in the place of one before him.
        #[test]
        fn nobody_is_lost_and_nobody_is_asked_whom_something_keeps_out(
            people in proptest::collection::vec((against(), proptest::option::of(0usize..6)), 1..7)
        ) {
            let follows: BTreeMap<usize, usize> = people
                .iter()
                .enumerate()
                .filter_map(|(at, (_, before))| before.filter(|before| *before < at).map(|before| (before, at)))
                .collect();
            let next: Vec<NextTime> = people
                .iter()
                .enumerate()
                .map(|(at, (against, _))| next_time(&Against { followed: follows.contains_key(&at), ..against.clone() }))
                .collect();
            for (at, (against, _)) in people.iter().enumerate() {
                let clear = *against == Against::default();
                prop_assert_eq!(clear, next[at] == NextTime::Listed);
                // Whoever is passed over ends at somebody who is listed or told.
                let mut end = at;
                while next[end] == NextTime::Followed {
                    end = follows[&end];
                }
                prop_assert_ne!(&next[end], &NextTime::Followed);
                if let NextTime::Told(why) = &next[at] {
                    prop_assert!(!why.told().trim_end().ends_with(':'));
                }
            }
        }
    }
}
