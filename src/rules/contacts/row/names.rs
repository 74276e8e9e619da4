//! The name of a contact, as letters will greet it.

use crate::base::spelling;

use super::cells;
use super::header_or_address::is_nobody;
use super::name;
use super::row_check::RowCheck;
use super::unfilled::{EmptyWord, is_form_of_address, word_beside};
use crate::rules::contacts::row::Field;

/// First and last name, without the signs that stand where one is missing.
pub(in crate::contacts) fn names(j: &mut RowCheck) -> (String, String) {
    let (mut first, mut last) = (j.get(Field::FirstName).to_owned(), j.get(Field::LastName).to_owned());
    if first.is_empty() && last.is_empty() {
        (first, last) = name::split(j.get(Field::FullName));
    }
    let both = cells::quoted(format!("{first} {last}").trim());
    let greeted = cells::quoted(format!("{} {}", name::bare(&first), name::bare(&last)).trim());
    // The cell with the word that is no name.
    let culprit = |is: &dyn Fn(&str, &str) -> bool| if is(&last, &first) { Field::LastName } else { Field::FirstName };
    match verdict(&first, &last) {
        NameCells::Name(name::NameKind::Name) => {}
        NameCells::Name(name::NameKind::Missing) => {
            j.error("name_missing", Field::LastName, "the name is empty. Write the person's name, or remove the row.");
        }
        NameCells::Name(name::NameKind::Placeholder) | NameCells::Empty => {
            let field = culprit(&|text, other| {
                let nobody = word_beside(text, other) == EmptyWord::Empty || is_nobody(text);
                nobody || j.get(Field::FirstName).is_empty()
            });
            let sentence = format!("“{both}” is not a person's name. Write the name, or remove the row.");
            j.error("name_is_placeholder", field, &sentence);
        }
        NameCells::Name(name::NameKind::Half) => {
            let field = if name::bare(&first).is_empty() { Field::FirstName } else { Field::LastName };
            let sentence = format!("the {} is empty. Letters will greet this person as “{greeted}”.", field.label());
            j.warn("name_incomplete", field, &sentence);
        }
        NameCells::Address => {
            let field = culprit(&|text, _| is_form_of_address(text));
            let sentence = format!(
                "“{}” is a form of address and no {}. Letters will greet this person as “{greeted}”; write the name.",
                cells::quoted(if field == Field::FirstName { &first } else { &last }),
                field.label()
            );
            j.warn("name_incomplete", field, &sentence);
        }
        NameCells::Either => {
            let field = culprit(&|text, other| word_beside(text, other) == EmptyWord::Either);
            let sentence = format!(
                "“{both}” may be a person's name, or “{}” the empty field of a database. Check it.",
                cells::quoted(if field == Field::FirstName { &first } else { &last })
            );
            j.warn("name_doubtful", field, &sentence);
        }
    }
    (spelling::shown(name::bare(&first)), spelling::shown(name::bare(&last)))
}

enum NameCells {
    Name(name::NameKind),
    /// One of the two is the word of a program.
    Empty,
    /// One of the two is a title.
    Address,
    Either,
}

fn verdict(first: &str, last: &str) -> NameCells {
    let words = [word_beside(first, last), word_beside(last, first)];
    let named = name::verdict(first, last);
    let forms = [is_form_of_address(first), is_form_of_address(last)];
    match named {
        name::NameKind::Name if forms == [true, true] => NameCells::Empty,
        name::NameKind::Half if forms.contains(&true) => NameCells::Empty,
        name::NameKind::Name if forms.contains(&true) => NameCells::Address,
        name::NameKind::Name if words.contains(&EmptyWord::Either) => NameCells::Either,
        named => NameCells::Name(named),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::row::Row;
    use crate::rules::contacts::row::judge::judge;

    /// The codes of a row with these names, and whether it is in.
    fn told(first: &str, last: &str) -> (Vec<String>, bool) {
        let mut row = Row::new(2);
        for (field, text) in [
            (Field::Account, "Acme"),
            (Field::FirstName, first),
            (Field::LastName, last),
            (Field::Email, "a@acme.example"),
            (Field::DirectorEmail, "d@client.example"),
        ] {
            row.set(field, text);
        }
        let verdict = judge(row, &[]);
        (verdict.findings.into_iter().map(|f| f.code).collect(), verdict.contact.is_some())
    }

    #[test]
    fn programs_words_are_no_names_and_people_are_not_lost() {
        for (first, last) in [
            ("#N/A", "Smith"),
            ("#REF!", "Jones"),
            ("NULL", "Brown"),
            ("nan", "White"),
            ("Ann", "#N/A"),
            ("{{contact.firstname}}", "Hay"),
            ("#¿NOMBRE?", "Ruiz"),
            ("Err:508", "Lee"),
            ("%FIRSTNAME%", "Lee"),
            ("[First Name]", "[Last Name]"),
            ("Ann", "(null)"),
            ("undefined", "Lee"),
            ("null", "null"),
            ("Mr", "Dr."),
            ("", "Frau"),
            ("Herr", "-"),
            ("N/A", "Lee"),
        ] {
            assert_eq!(told(first, last), (vec!["name_is_placeholder".to_owned()], false), "{first} {last}");
        }
        for (first, last) in
            [("-", "Ray"), ("Dr.", "Low"), ("Mr", "Lane"), ("Frau", "Müller"), ("Anna", "Prof."), ("Anna", "–")]
        {
            assert_eq!(told(first, last), (vec!["name_incomplete".to_owned()], true), "{first} {last}");
        }
        for (first, last) in [("Jennifer", "Null"), ("JENNIFER", "NULL"), ("jennifer", "null"), ("None", "Lee")] {
            assert_eq!(told(first, last), (vec!["name_doubtful".to_owned()], true), "{first} {last}");
        }
        for (first, last) in [
            ("Nan", "White"),
            ("Yuna", "Na"),
            ("N.A.", "Krishnan"),
            ("M.", "Dupont"),
            ("Ann", "Miss-Lee"),
            ("Sir Paul", "Lee"),
            ("李", "小明"),
        ] {
            assert_eq!(told(first, last), (vec![], true), "{first} {last}");
        }
    }
}
