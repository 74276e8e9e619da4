//! `questionnaire.toml`: groups of items, each with its texts by language.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use crate::rules::questionnaire::{ItemKind, Questionnaire};

use super::faults::nearest;
use super::schema::{SchemaKey, TomlSheet, ValueShape, may, must};

const TEXTS: &str = "texts by language, such as { en = \"…\", de = \"…\" }";

const QUESTIONNAIRE: &[SchemaKey] = &[
    must("id", ValueShape::Text(name), "a short name such as \"relationship\""),
    must("version", ValueShape::Text(some), "a version such as \"2027\""),
    must("group", ValueShape::Tables(GROUP), "[[group]] tables, one for each page"),
];

const GROUP: &[SchemaKey] = &[
    must("title", ValueShape::Languages, TEXTS),
    must("item", ValueShape::Tables(ITEM), "[[group.item]] tables, one for each question"),
];

const ITEM: &[SchemaKey] = &[
    must("id", ValueShape::Text(name), "a name such as \"trust_word\""),
    must("kind", ValueShape::Text(kind), "scale_1_7, scale_0_10, choice or text"),
    may("required", ValueShape::YesNo, "true or false"),
    may("cannot_say", ValueShape::YesNo, "true or false"),
    must("text", ValueShape::Languages, TEXTS),
    may("low", ValueShape::Languages, TEXTS),
    may("high", ValueShape::Languages, TEXTS),
    may("option", ValueShape::Tables(OPTION), "[[group.item.option]] tables with value and label"),
];

const OPTION: &[SchemaKey] =
    &[must("value", ValueShape::Text(name), "a name such as \"weekly\""), must("label", ValueShape::Languages, TEXTS)];

const KINDS: [&str; 4] = ["scale_1_7", "scale_0_10", "choice", "text"];

/// Checks the whole file; texts must be there in `language`, unless that is not known.
pub fn read(sheet: &mut TomlSheet<'_>, language: &str) -> Option<Questionnaire> {
    let root = sheet.parse();
    if sheet.faults.is_empty() {
        sheet.table(root.get_ref(), 0..0, "", QUESTIONNAIRE);
        groups(sheet, root.get_ref(), language);
    }
    sheet.value()
}

fn entries<'v, 'd>(
    table: &'v DeTable<'d>,
    key: &str,
) -> impl Iterator<Item = (&'v DeTable<'d>, std::ops::Range<usize>)> {
    let list = table.get(key).and_then(|v| v.get_ref().as_array());
    list.into_iter().flat_map(|l| l.iter()).filter_map(|v| match v.get_ref() {
        DeValue::Table(t) => Some((t, v.span())),
        _ => None,
    })
}

fn groups(sheet: &mut TomlSheet<'_>, root: &DeTable<'_>, language: &str) {
    let mut ids = BTreeSet::new();
    let mut required = false;
    let mut any = false;
    for (group, span) in entries(root, "group") {
        any = true;
        spoken(sheet, group, "title", "This group's title", language);
        if group.get("item").is_some() && entries(group, "item").next().is_none() {
            sheet.fault(span, "This group has no items. Add a [[group.item]], or remove the group.");
        }
        for (item, span) in entries(group, "item") {
            let text = |key: &str| item.get(key).and_then(|v| v.get_ref().as_str());
            let id = text("id").unwrap_or("");
            if !id.is_empty() && !ids.insert(id.to_owned()) {
                sheet.fault(
                    item.get("id").map_or(span.clone(), |v| v.span()),
                    format!("The id {id} stands twice. Give this item another one."),
                );
            }
            required |= item.get("required").and_then(|v| v.get_ref().as_bool()).unwrap_or(false);
            spoken(sheet, item, "text", &format!("The item {id}"), language);
            let kind = text("kind").unwrap_or("");
            let options: Vec<_> = entries(item, "option").collect();
            if kind == "choice" {
                choice(sheet, &options, span.clone(), id, language);
            } else if let Some(first) = options.first() {
                sheet.fault(
                    first.1.clone(),
                    format!("The item {id} has options and is no choice. Write kind = \"choice\", or remove them."),
                );
            }
            if let Some(there) = item.get("cannot_say").filter(|_| kind == "text") {
                let what =
                    format!("The item {id} has `cannot_say` and is a text. Remove it: a text may be left empty.");
                sheet.fault(there.span(), what);
            }
            let scale = kind.starts_with("scale");
            for end in ["low", "high"] {
                match item.get(end) {
                    Some(there) if !scale => {
                        sheet.fault(there.span(), format!("The item {id} has `{end}` and is no scale. Remove it."));
                    }
                    Some(_) => spoken(sheet, item, end, &format!("`{end}` of the item {id}"), language),
                    None => {}
                }
            }
        }
    }
    if any && !required {
        sheet.fault(
            0..0,
            "No item is required. Write required = true on at least one, so that an answer means something.",
        );
    }
    if !any && root.get("group").is_some() {
        sheet.fault(0..0, "There is no group. Add a [[group]] with items.");
    }
}

fn choice(
    sheet: &mut TomlSheet<'_>,
    options: &[(&DeTable<'_>, std::ops::Range<usize>)],
    span: std::ops::Range<usize>,
    id: &str,
    language: &str,
) {
    if options.len() < 2 {
        sheet.fault(
            span,
            format!(
                "The choice {id} has {} option. Add [[group.item.option]] tables until there are two or more.",
                options.len()
            ),
        );
    }
    let mut values = BTreeSet::new();
    for (option, span) in options {
        let value = option.get("value").and_then(|v| v.get_ref().as_str()).unwrap_or("");
        if !value.is_empty() && !values.insert(value.to_owned()) {
            sheet.fault(
                span.clone(),
                format!("The choice {id} has the value {value} twice. Give this option another one."),
            );
        }
        spoken(sheet, option, "label", &format!("The option {value} of {id}"), language);
    }
}

/// A text must be there in the round's language: everybody can be shown that one.
fn spoken(sheet: &mut TomlSheet<'_>, table: &DeTable<'_>, key: &str, whose: &str, language: &str) {
    let Some(texts) = table.get(key) else { return };
    let DeValue::Table(by_language) = texts.get_ref() else { return };
    if !language.is_empty() && by_language.get(language).is_none() {
        sheet.fault(
            texts.span(),
            format!("{whose} has no text in the round's language, {language}. Add {language} = \"…\"."),
        );
    }
}

fn some(text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err("is empty".into()) } else { Ok(()) }
}

fn name(text: &str) -> Result<(), String> {
    let good = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if good && !text.is_empty() && text.len() <= 60 {
        Ok(())
    } else {
        Err(format!("is “{text}”; it has lower-case letters, digits and underscores only, up to 60"))
    }
}

fn kind(text: &str) -> Result<(), String> {
    if KINDS.contains(&text) {
        return Ok(());
    }
    let meant = nearest(text, KINDS).map(|m| format!("; {m} is perhaps meant")).unwrap_or_default();
    Err(format!("is “{text}”, which is not a kind of item{meant}"))
}

/// The kinds above are those of the type, in its order.
pub fn kind_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Scale7 => KINDS[0],
        ItemKind::Scale10 => KINDS[1],
        ItemKind::Choice => KINDS[2],
        ItemKind::Text => KINDS[3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let mut sheet = TomlSheet::new("questionnaire.toml", text);
        read(&mut sheet, "en");
        sheet.faults.iter().map(ToString::to_string).collect()
    }

    const GOOD: &str = "id = \"r\"\nversion = \"1\"\n[[group]]\ntitle = { en = \"Trust\" }\n[[group.item]]\nid = \"a\"\nkind = \"scale_1_7\"\nrequired = true\ntext = { en = \"Fair?\" }\n";

    #[test]
    fn a_good_one_is_read() {
        let mut sheet = TomlSheet::new("questionnaire.toml", GOOD);
        let read = read(&mut sheet, "en").unwrap();
        assert_eq!(read.items().count(), 1);
        assert_eq!(kind_name(read.groups[0].items[0].kind), "scale_1_7");
    }

    #[test]
    fn all_that_is_wrong_is_told_with_its_line() {
        let bad = format!(
            "{GOOD}[[group.item]]\nid = \"a\"\nkind = \"scale_1_8\"\ntext = {{ de = \"Gut?\" }}\n[[group.item]]\nid = \"b\"\nkind = \"choice\"\ntxt = 1\ntext = {{ en = \"This Survey?\" }}\n"
        );
        let told = told(&bad);
        for part in [
            ":11: The id a stands twice",
            ":12: `group.item.kind` is “scale_1_8”",
            ":13: The item a has no text",
            ":17: `group.item.txt` is not a key",
            ":18: `group.item.text.en` says",
            "The choice b has 0 option",
        ] {
            assert!(told.iter().any(|t| t.contains(part)), "{part} in {told:#?}");
        }
    }

    #[test]
    fn something_must_be_required() {
        assert!(told(&GOOD.replace("required = true\n", ""))[0].contains("No item is required"));
    }
}
