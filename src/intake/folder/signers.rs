//! `[[signoff.director]]` of `round.toml`: where those who sign are, and who is asked besides them when they do not.

use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use crate::base::address::EmailAddress;
use crate::rules::calendar::region;
use crate::rules::round::SignerSpec;

use super::schema::{SchemaKey, TomlSheet, ValueShape, may, must};
use super::values::{ADDRESS, address, country, some};

pub(super) const SIGNER: &[SchemaKey] = &[
    must("email", ValueShape::Text(address), ADDRESS),
    may("country", ValueShape::Text(country), "a code such as \"DE\""),
    may("region", ValueShape::Text(some), "a code such as \"BY\""),
    may("deputy", ValueShape::Text(some), "the name of the deputy"),
    may("deputy_email", ValueShape::Text(address), ADDRESS),
    may("regional_head", ValueShape::Text(some), "the name of the regional head"),
    may("regional_head_email", ValueShape::Text(address), ADDRESS),
];

/// The keys of one of them, as a form has them.
pub const KEYS: [&str; 7] =
    ["email", "country", "region", "deputy", "deputy_email", "regional_head", "regional_head_email"];

/// What is at odds within one of them: the key, and the rest of a sentence that begins with it.
fn at_odds(text: &impl Fn(&str) -> Option<String>) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let email = |key: &str| text(key).and_then(|text| EmailAddress::parse(&text).ok()).map(|email| email.key());
    for (name, address) in [("deputy", "deputy_email"), ("regional_head", "regional_head_email")] {
        match (text(name), text(address)) {
            (Some(whom), None) => {
                wrong.push((
                    address,
                    format!("is missing, so {whom} cannot be asked. Write the address, or remove the name"),
                ));
            }
            (None, Some(whom)) => {
                wrong.push((name, format!("is missing, so nobody knows whose address {whom} is. Write the name")));
            }
            _ => {}
        }
        if email(address).is_some() && email(address) == email("email") {
            wrong.push((address, "is the address of the one for whom he would sign. Write another person".into()));
        }
    }
    if email("deputy_email").is_some() && email("deputy_email") == email("regional_head_email") {
        wrong.push(("regional_head_email", "is the address of the deputy, too. Keep one of the two".into()));
    }
    match (text("country"), text("region")) {
        (None, Some(place)) => {
            wrong.push(("region", format!("is “{place}” without a country. Write `country` as well, or remove it")));
        }
        (Some(country), Some(place)) if region(&country, &place).as_deref() != Some(&place) => {
            let meant =
                region(&country, &place).map_or("Write its code, or remove it".into(), |code| format!("Write {code}"));
            wrong.push(("region", format!("is “{place}”, which is no region of {country}. {meant}")));
        }
        _ => {}
    }
    wrong
}

/// What the keys and values are to each other.
pub(super) fn judge(sheet: &mut TomlSheet<'_>, root: &DeTable<'_>) {
    let Some(DeValue::Table(signoff)) = root.get("signoff").map(|s| s.get_ref()) else { return };
    let Some(DeValue::Array(signers)) = signoff.get("director").map(|list| list.get_ref()) else { return };
    let mut seen: Vec<String> = Vec::new();
    for signer in signers {
        let DeValue::Table(table) = signer.get_ref() else { continue };
        let text = |key: &str| table.get(key).and_then(|v| v.get_ref().as_str()).map(str::to_owned);
        for (key, why) in at_odds(&text) {
            let span = table.get(key).map_or_else(|| signer.span(), |value| value.span());
            sheet.fault(span, format!("`signoff.director.{key}` {why}."));
        }
        let Some(email) = text("email").and_then(|text| EmailAddress::parse(&text).ok()) else { continue };
        if seen.contains(&email.key()) {
            sheet.fault(
                signer.span(),
                format!("`signoff.director.email`: {email} stands here twice. Keep one of the two."),
            );
        }
        seen.push(email.key());
    }
}

/// One of them as it was typed, empty texts left out; or what is wrong with it: the key, and the rest of a sentence that begins with it.
pub fn read(typed: &[(&'static str, String)]) -> Result<SignerSpec, Vec<(String, String)>> {
    let row: toml::Table = typed
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(key, text)| ((*key).to_owned(), toml::Value::String(text.clone())))
        .collect();
    let written = toml::to_string(&row).unwrap_or_default();
    let mut sheet = TomlSheet::new(super::ROUND, &written);
    let table = sheet.parse();
    sheet.table(table.get_ref(), 0..0, "", SIGNER);
    let mut wrong: Vec<(String, String)> =
        sheet.faults.iter().filter_map(|fault| fault.key().map(|(key, rest)| (key.into(), rest.into()))).collect();
    let text = |key: &str| typed.iter().find(|(k, text)| *k == key && !text.is_empty()).map(|(_, text)| text.clone());
    wrong.extend(at_odds(&text).into_iter().map(|(key, why)| (key.into(), format!("{why}."))));
    if !wrong.is_empty() {
        return Err(wrong);
    }
    SignerSpec::deserialize(row).map_err(|why| vec![("email".into(), format!("cannot be read: {}.", why.message()))])
}
