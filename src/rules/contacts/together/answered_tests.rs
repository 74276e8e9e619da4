//! Every kind of question with every answer.

use super::*;
use crate::rules::contacts::check::Checker;
use crate::rules::contacts::row::{Field, Row};

fn row(first: &str, last: &str, key: &str) -> ListedContact {
    let mut row = Row::new(2);
    for (field, text) in [
        (Field::Account, "Globex"),
        (Field::FirstName, first),
        (Field::LastName, last),
        (Field::Email, "box@globex.example"),
        (Field::DirectorEmail, "d@client.example"),
    ] {
        row.set(field, text);
    }
    let mut checker = Checker::new(Vec::new(), 1);
    checker.push(row);
    ListedContact { key: key.into(), ..checker.finish().accepted.remove(0) }
}

fn touched(name: &str, stands: Stands) -> Touched {
    let (first, last) = name.split_once(' ').unwrap();
    let id = first.to_lowercase();
    Touched {
        key: format!("K-{id}"),
        id: ContactId::from(id.as_str()),
        first_name: first.into(),
        last_name: last.into(),
        stands,
        edited: false,
    }
}

const STANDS: [Stands; 3] = [Stands::OnTheList, Stands::OffByAList, Stands::TakenOff];

#[test]
fn nobody_gets_a_name_or_an_address_of_another_person_unasked() {
    let names = [("Ann", "Lee"), ("Ben", "Koch"), ("Zoe", "Zimmer")];
    for stands_ben in STANDS {
        for stands_ann in STANDS {
            let (ann, ben) = (touched("Ann Lee", stands_ann), touched("Ben Koch", stands_ben));
            for (first, last) in names {
                for at in [None, Some(&ben)] {
                    for by_key in [None, Some(&ann), Some(&ben)] {
                        let row = row(first, last, by_key.map_or("", |k| k.key.as_str()));
                        let asked = Asked { row: &row, keyed: true, about: &ben, earlier: false, at, by_key };
                        let same = asked.consequence(Answer::SamePerson);
                        assert_eq!((same.then, same.leaves), (Then::Has(ben.id.clone()), false));
                        let other = asked.consequence(Answer::SomebodyElse);
                        let named_ann = first == "Ann";
                        let expected = match by_key {
                            Some(k) if k.id == ann.id && named_ann && stands_ann != Stands::TakenOff => {
                                Then::Has(ann.id.clone())
                            }
                            Some(k) if k.id == ann.id => Then::Asks(ann.id.clone()),
                            _ => Then::NewName,
                        };
                        assert_eq!(other.then, expected, "{asked:?}");
                        assert_eq!(other.gives_up.as_ref(), at.map(|at| &at.id));
                        assert_eq!(other.leaves, at.is_some() && stands_ben == Stands::OnTheList);
                        // Whoever leaves, and whoever gets the address, is named.
                        let said = asked.sentence(Answer::SomebodyElse);
                        assert_eq!(said.contains("Ben Koch leaves the list"), other.leaves, "{said}");
                        let named = matches!(other.then, Then::Has(_) | Then::Asks(_));
                        assert_eq!(said.contains("Ann Lee, whom the client’s key means"), named, "{said}");
                    }
                }
            }
        }
    }
}

#[test]
fn without_a_contradiction_nobody_leaves() {
    let (ann, zoe) = (touched("Ann Lee", Stands::OnTheList), touched("Zoe Zimmer", Stands::OnTheList));
    let row = row("Ann", "Lee", "K-zoe");
    for earlier in [false, true] {
        let asked = Asked { row: &row, keyed: false, about: &ann, earlier, at: None, by_key: Some(&zoe) };
        let other = Consequence { gives_up: None, leaves: false, then: Then::NewName };
        assert_eq!(asked.consequence(Answer::SomebodyElse), other);
        assert_eq!(asked.sentence(Answer::SomebodyElse), "Somebody else is a new name.");
        let same = if earlier { Then::NewName } else { Then::Has(ann.id.clone()) };
        assert_eq!(asked.consequence(Answer::SamePerson).then, same);
    }
}

#[test]
fn an_address_that_a_third_person_has_is_left_to_him() {
    let (ann, zoe) = (touched("Ann Lee", Stands::OnTheList), touched("Zoe Zimmer", Stands::OnTheList));
    let row = row("Ann", "Lee", "");
    for keyed in [false, true] {
        let asked = Asked { row: &row, keyed, about: &ann, earlier: false, at: Some(&zoe), by_key: None };
        for answer in [Answer::SamePerson, Answer::SomebodyElse] {
            assert_eq!(asked.consequence(answer), Consequence { gives_up: None, leaves: false, then: Then::Nothing });
            assert!(asked.sentence(answer).starts_with("box@globex.example is the address of Zoe Zimmer"));
        }
    }
}

#[test]
fn another_name_is_said_before_it_is_given() {
    let row = row("Zoe", "Zimmer", "K-ann");
    for stands in STANDS {
        let ann = touched("Ann Lee", stands);
        let asked = Asked { row: &row, keyed: true, about: &ann, earlier: false, at: None, by_key: Some(&ann) };
        let said = asked.sentence(Answer::SamePerson);
        match stands {
            Stands::TakenOff => {
                assert_eq!(said, "The same person stays off the list: somebody here has taken Ann Lee off.");
            }
            _ => assert!(said.ends_with("Ann Lee is called Zoe Zimmer from then on."), "{said}"),
        }
    }
}
