//! Telephone numbers that a list has in columns of its own. No column of ours is needed: whoever keeps numbers calls the column so.

use std::collections::BTreeMap;

use crate::base::folding::folded;

/// A number as the list has it, and as a telephone dials it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telephone {
    /// The header of its column.
    pub label: String,
    pub number: String,
    /// After "tel:".
    pub dial: String,
}

/// Words of headers, without case and accents: those of a direct line, of a mobile, of any telephone. The nearer to the person first.
const WORDS: [&[&str]; 3] = [
    &["direct", "direkt", "durchwahl", "directe", "directo", "diretto", "ddi"],
    &[
        "mobile",
        "mobil",
        "mobiltelefon",
        "handy",
        "cell",
        "cellphone",
        "gsm",
        "portable",
        "movil",
        "celular",
        "cellulare",
        "mobiel",
        "komorka",
        "携帯",
        "携帯電話",
    ],
    &[
        "phone",
        "telephone",
        "tel",
        "telefon",
        "telefone",
        "telefono",
        "telefoon",
        "telefonnummer",
        "telefonnumer",
        "puhelin",
        "tlf",
        "fon",
        "телефон",
        "電話",
        "電話番号",
        "电话",
        "τηλεφωνο",
    ],
];
/// A number of these is none to call.
const NOT: [&str; 3] = ["fax", "telefax", "telecopie"];

/// Those of a row, the nearest to the person first; of one number in two columns the first.
pub fn telephones(more: &BTreeMap<String, String>) -> Vec<Telephone> {
    let mut all: Vec<(usize, Telephone)> = Vec::new();
    for (header, cell) in more {
        let Some(near) = nearness(header) else { continue };
        let Some((number, dial)) = number(cell) else { continue };
        all.push((near, Telephone { label: header.trim().into(), number, dial }));
    }
    all.sort_by_key(|(near, _)| *near);
    let mut found: Vec<Telephone> = Vec::new();
    for (_, telephone) in all {
        if !found.iter().any(|known| known.dial == telephone.dial) {
            found.push(telephone);
        }
    }
    found
}

fn nearness(header: &str) -> Option<usize> {
    let header = folded(header);
    let words: Vec<&str> = header.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let says = |list: &[&str]| words.iter().any(|word| list.contains(word));
    if says(&NOT) {
        return None;
    }
    let is_telephone = WORDS.iter().skip(1).any(|list| says(list));
    // "Direct report" is no telephone; "Direct line" and "Durchwahl" are.
    let is_line = says(&["line", "dial", "number", "durchwahl", "ddi", "ligne", "nummer"]);
    match WORDS.iter().position(|list| says(list)) {
        Some(0) if !is_telephone && !is_line => None,
        near => near,
    }
}

/// The first number of a cell, where it looks like one.
fn number(cell: &str) -> Option<(String, String)> {
    let first = cell.split([';', '|', '\n']).map(str::trim).find(|part| !part.is_empty())?;
    let fits = |c: char| c.is_ascii_digit() || " +-./()\u{a0}".contains(c);
    let digits = first.bytes().filter(u8::is_ascii_digit).count();
    if !(6..=18).contains(&digits) || !first.chars().all(fits) {
        return None;
    }
    // "+44 (0)20 ...": the nought is for those who call from within the country.
    let plain = if first.starts_with('+') { first.replacen("(0)", "", 1) } else { first.into() };
    let plus = if plain.starts_with('+') { "+" } else { "" };
    let dial: String = plain.chars().filter(char::is_ascii_digit).collect();
    Some((first.into(), format!("{plus}{dial}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cells: &[(&str, &str)]) -> Vec<String> {
        let more = cells.iter().map(|(header, cell)| ((*header).to_owned(), (*cell).to_owned())).collect();
        telephones(&more).into_iter().map(|t| format!("{} {}", t.label, t.dial)).collect()
    }

    #[test]
    fn numbers_are_found_by_the_names_of_their_columns_the_nearest_first() {
        let cells = [
            ("Telefon (Zentrale)", "+49 (0)89 1234-0"),
            ("Mobile", "0170 1234567"),
            ("Direct line", "020 7946 0018"),
            ("Fax", "+49 89 1234-99"),
            ("Segment", "123456789"),
            ("Téléphone 2", "020.7946.0018"),
        ];
        let found = of(&cells);
        assert_eq!(found, ["Direct line 02079460018", "Mobile 01701234567", "Telefon (Zentrale) +498912340"]);
        assert_eq!(of(&[("Phone", "+44 20 7946 0018; +44 20 7946 0019")]), ["Phone +442079460018"]);
        assert_eq!(of(&[("電話", "03-1234-5678")]), ["電話 0312345678"]);
    }

    #[test]
    fn what_is_no_number_is_not_called() {
        for (header, cell) in [
            ("Phone", "ask at the desk"),
            ("Phone", "12345"),
            ("Phone", "javascript:alert(1)"),
            ("Phone", "1234567890123456789"),
            ("Phone", ""),
            ("Direct reports", "123456"),
            ("Cellar number", "0170 1234567"),
            ("", "0170 1234567"),
        ] {
            assert_eq!(of(&[(header, cell)]), [""; 0], "{header}: {cell}");
        }
    }
}
