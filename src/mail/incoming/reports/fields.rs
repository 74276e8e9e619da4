//! `Name: value` lines, as reports (RFC 3464, 5965, 8098) and returned headers have them: unfolded, in blocks between empty lines.

pub use crate::rules::text::word_tables::one_line;

const MOST_BLOCKS: usize = 1_000;
const MOST_FIELDS: usize = 20_000;
const LONGEST_VALUE: usize = 4 * 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// In lower case.
    pub name: String,
    /// On one line.
    pub value: String,
}

/// The blocks of a report. Lines that are no field and continue none are left out: reports are often surrounded by prose.
pub fn blocks(text: &str) -> Vec<Vec<Field>> {
    let mut blocks: Vec<Vec<Field>> = vec![Vec::new()];
    let mut open = false;
    let mut count = 0;
    for line in text.lines() {
        if line.trim().is_empty() {
            if blocks.len() == MOST_BLOCKS {
                break;
            }
            if blocks.last().is_some_and(|b| !b.is_empty()) {
                blocks.push(Vec::new());
            }
            open = false;
        } else if line.starts_with([' ', '\t']) && open {
            if let Some(field) = blocks.last_mut().and_then(|b| b.last_mut())
                && field.value.len() + line.len() < LONGEST_VALUE
            {
                field.value.push(' ');
                field.value.push_str(&one_line(line));
            }
        } else if let Some((name, value)) = named(line) {
            count += 1;
            if count > MOST_FIELDS {
                break;
            }
            let value = one_line(crate::mail::incoming::excerpt::beginning(value, LONGEST_VALUE));
            if let Some(block) = blocks.last_mut() {
                block.push(Field { name: name.to_ascii_lowercase(), value });
            }
            open = true;
        } else {
            open = false;
        }
    }
    blocks.retain(|b| !b.is_empty());
    blocks
}

fn named(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim();
    let fits = !name.is_empty() && name.len() <= 64 && name.bytes().all(|b| b.is_ascii_graphic());
    fits.then_some((name, value))
}

pub fn value<'a>(fields: &'a [Field], name: &str) -> Option<&'a str> {
    fields.iter().find(|f| f.name == name && !f.value.is_empty()).map(|f| f.value.as_str())
}
