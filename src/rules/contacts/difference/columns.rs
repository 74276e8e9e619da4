//! A contact by columns, as the round has it or as a list leaves it, and in which of them two differ.

use std::collections::BTreeMap;

use crate::rules::contacts::row::Field;

/// The columns of one contact as text, those of its account among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    pub ours: BTreeMap<Field, String>,
    /// Columns that are none of ours, by their header.
    pub more: BTreeMap<String, String>,
}

/// Where they differ: before and after, by our name of the column or by the header of the list.
pub fn fields(before: &Columns, after: &Columns) -> BTreeMap<String, [String; 2]> {
    let mut all = BTreeMap::new();
    let pair = |was: Option<&String>, is: Option<&String>| {
        let [was, is] = [was, is].map(|text| text.cloned().unwrap_or_default());
        (was != is).then_some([was, is])
    };
    for field in Field::ALL {
        if let Some(pair) = pair(before.ours.get(&field), after.ours.get(&field)) {
            all.insert(field.as_str().to_owned(), pair);
        }
    }
    for header in before.more.keys().chain(after.more.keys()) {
        if let Some(pair) = pair(before.more.get(header), after.more.get(header)) {
            all.insert(name_of(header), pair);
        }
    }
    all
}

/// A header that reads like one of our columns, and was said to be none of them, is told apart from it.
fn name_of(header: &str) -> String {
    if Field::ALL.iter().any(|field| field.as_str() == header) { format!("more.{header}") } else { header.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(ours: &[(Field, &str)], more: &[(&str, &str)]) -> Columns {
        Columns {
            ours: ours.iter().map(|(field, text)| (*field, (*text).to_owned())).collect(),
            more: more.iter().map(|(header, text)| ((*header).to_owned(), (*text).to_owned())).collect(),
        }
    }

    #[test]
    fn each_column_that_differs_is_told_with_both_values() {
        let before = columns(&[(Field::JobTitle, "Buyer"), (Field::Country, "GB")], &[("Segment", "A"), ("Old", "x")]);
        let after = columns(
            &[(Field::JobTitle, "Head"), (Field::Country, "GB"), (Field::ContactKey, "7")],
            &[("Segment", "B")],
        );
        let told = fields(&before, &after);
        let pair = |was: &str, is: &str| [was.to_owned(), is.to_owned()];
        assert_eq!(
            told.into_iter().collect::<Vec<_>>(),
            [
                ("Old".to_owned(), pair("x", "")),
                ("Segment".to_owned(), pair("A", "B")),
                ("contact_key".to_owned(), pair("", "7")),
                ("job_title".to_owned(), pair("Buyer", "Head")),
            ]
        );
        assert!(fields(&before, &before).is_empty());
    }

    #[test]
    fn a_header_like_one_of_ours_does_not_hide_ours() {
        let before = columns(&[(Field::Email, "a@x.example")], &[("email", "p@x.example")]);
        let after = columns(&[(Field::Email, "b@x.example")], &[("email", "q@x.example")]);
        let told = fields(&before, &after);
        assert_eq!(told.keys().collect::<Vec<_>>(), ["email", "more.email"]);
    }
}
