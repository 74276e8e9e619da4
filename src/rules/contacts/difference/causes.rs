//! What follows for one person whose row a list changes.

use std::collections::BTreeMap;

use crate::rules::contacts::row::Field;

/// What is known about the person beside the columns that change.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances<'a> {
    pub started: bool,
    /// What a signature covers is not the same any more.
    pub covered: bool,
    /// Names of the account are to be signed because of the list.
    pub signs_again: bool,
    /// A list had taken the person off.
    pub back: bool,
    /// What people have edited here counts for more than the list.
    pub edited: bool,
    /// From which account to which.
    pub moves: Option<(&'a str, &'a str)>,
    /// The address is another mailbox.
    pub other_mailbox: bool,
}

/// In sentences; none where nothing follows beyond the columns themselves.
pub fn causes(fields: &BTreeMap<String, [String; 2]>, c: &Circumstances<'_>) -> Vec<String> {
    let changes = |field: Field| fields.contains_key(field.as_str());
    let is = |field: Field| fields.get(field.as_str()).map_or("", |[_, is]| is.as_str());
    let mut all = Vec::new();
    if c.back {
        all.push("Was off the list, and is on it again.".to_owned());
    }
    if c.edited {
        all.push("What was edited here stays.".to_owned());
    }
    if let Some((from, to)) = c.moves {
        all.push(format!("Goes from {from} to {to}, whose account director signs the name."));
    } else if c.signs_again && c.covered {
        all.push("Gets nothing until the name is signed again.".to_owned());
    }
    if c.other_mailbox {
        all.push("Gets new links at the new address; what is planned for the old one is withdrawn.".to_owned());
        if c.started {
            all.push("What was answered under the old address is set aside.".to_owned());
        }
    }
    if [Field::Country, Field::Region, Field::TimeZone].into_iter().any(changes) {
        let sentence = match is(Field::TimeZone) {
            "" => "Letters are planned anew by the working days there.".to_owned(),
            zone => format!("Letters are planned anew by the time of {zone}."),
        };
        all.push(sentence);
    }
    if changes(Field::Language) {
        all.push(format!("Letters that have not left are written in “{}”.", is(Field::Language)));
    }
    let account = [
        Field::Director,
        Field::DirectorEmail,
        Field::Manager,
        Field::ManagerEmail,
        Field::Strategic,
        Field::AnnualRevenue,
    ];
    if c.started && all.is_empty() && !c.covered && !account.into_iter().any(changes) {
        all.push("Nothing is to be signed again for this.".to_owned());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(changed: &[(&str, &str, &str)], c: Circumstances<'_>) -> Vec<String> {
        let fields = changed.iter().map(|(f, was, is)| ((*f).to_owned(), [(*was).to_owned(), (*is).to_owned()]));
        causes(&fields.collect(), &c)
    }

    #[test]
    fn what_follows_is_told_by_what_changes() {
        let signed = Circumstances { started: true, covered: true, signs_again: true, ..Circumstances::default() };
        assert_eq!(said(&[("job_title", "Buyer", "Head")], signed), ["Gets nothing until the name is signed again."]);
        let more = Circumstances { covered: false, ..signed };
        assert_eq!(said(&[("Segment", "A", "B")], more), ["Nothing is to be signed again for this."]);
        let address = Circumstances { other_mailbox: true, ..signed };
        assert_eq!(said(&[("email", "a@x.example", "b@x.example")], address).len(), 3);
        let draft = Circumstances { covered: true, ..Circumstances::default() };
        assert_eq!(said(&[("job_title", "Buyer", "Head")], draft), Vec::<String>::new());
        let moves = Circumstances { moves: Some(("Globex", "Umbra")), ..signed };
        assert_eq!(
            said(&[("account", "Globex", "Umbra")], moves),
            ["Goes from Globex to Umbra, whose account director signs the name."]
        );
        assert_eq!(
            said(&[("time_zone", "Europe/London", "Europe/Berlin"), ("language", "en", "de")], draft),
            [
                "Letters are planned anew by the time of Europe/Berlin.",
                "Letters that have not left are written in “de”."
            ]
        );
    }
}
