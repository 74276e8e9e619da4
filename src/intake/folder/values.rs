//! What texts of `round.toml` must be that stand in several of its tables: the rest of a sentence that begins with the key.

use crate::base::address::EmailAddress;
use crate::rules::contacts::row::whereabouts::places;

pub(super) const ADDRESS: &str = "an address such as \"anna.smith@client.example\"";

pub(super) fn any(_: &str) -> Result<(), String> {
    Ok(())
}

pub(super) fn some(text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err("is empty".into()) } else { Ok(()) }
}

pub(super) fn country(text: &str) -> Result<(), String> {
    if places::is_country_code(text) {
        return Ok(());
    }
    Err(match places::country(text) {
        Some(code) => format!("is not a country code. Write {code}"),
        None => "is not a country code. Write DE or FR, for example".into(),
    })
}

pub(super) fn address(text: &str) -> Result<(), String> {
    EmailAddress::parse(text).map(drop).map_err(|why| format!("is “{text}”, which {why}"))
}
