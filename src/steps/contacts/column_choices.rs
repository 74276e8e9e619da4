//! Which column of a client's lists is which, where somebody has said so: remembered, and used when the next list comes, by whichever way.

use std::collections::BTreeMap;

use crate::base::problem::Result;
use crate::intake::list::{Choice, FileLook};
use crate::rules::contacts::cells::folded;
use crate::rules::contacts::objection::client_key;
use crate::rules::contacts::row::Field;
use crate::rules::journal::Actor;
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::contacts::uploads::{self, ColumnChoice};
use crate::store::round::rounds;

/// The header as columns are compared; one that folding leaves nothing of is compared as it stands.
fn key(header: &str) -> String {
    let key = folded(header);
    if key.is_empty() { header.trim().to_lowercase() } else { key }
}

/// The choice with what was said before of the columns of a round's client. What the choice says itself stays, and so does a column of ours
/// that it gives away.
pub async fn completed(ctx: &Ctx, slug: &str, choice: Choice, look: &FileLook) -> Result<Choice> {
    let mut tx = ctx.db.read().await?;
    let Some(round) = rounds::by_slug(&mut tx, slug).await? else { return Ok(choice) };
    let said = uploads::columns_of(&mut tx, &client_key(&round.client)).await?;
    let known = of_headers(&said, look.columns.iter().map(|column| column.header.as_str()));
    Ok(with(choice, known))
}

fn with(mut choice: Choice, known: BTreeMap<String, String>) -> Choice {
    let given: Vec<String> = choice.columns.values().filter(|field| !field.is_empty()).cloned().collect();
    for (header, field) in known.into_iter().filter(|(_, field)| !given.contains(field)) {
        choice.columns.entry(header).or_insert(field);
    }
    choice
}

/// One column of ours goes to one header of the list: the first of those that were said to be it. What another version said is not known.
fn of_headers<'h>(said: &[ColumnChoice], headers: impl IntoIterator<Item = &'h str>) -> BTreeMap<String, String> {
    let mut taken: Vec<&str> = Vec::new();
    let mut known = BTreeMap::new();
    for header in headers {
        let key = key(header);
        let Some(column) = said.iter().find(|column| column.header_key == key) else { continue };
        let is_ours = Field::ALL.iter().any(|field| field.as_str() == column.field);
        if column.field.is_empty() || (is_ours && !taken.contains(&column.field.as_str())) {
            taken.push(&column.field);
            known.insert(header.to_string(), column.field.clone());
        }
    }
    known
}

pub(super) async fn remember(
    ctx: &Ctx,
    tx: &mut Tx,
    client: &str,
    columns: &BTreeMap<String, String>,
    by: &Actor,
) -> Result<()> {
    let client = client_key(client);
    let now = ctx.clock.now();
    for (header, field) in columns {
        let column = ColumnChoice { header_key: key(header), field: field.clone() };
        uploads::remember_column(tx, &client, &column, by.as_str(), now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pairs: &[(&str, &str)]) -> Vec<ColumnChoice> {
        pairs.iter().map(|(key, field)| ColumnChoice { header_key: (*key).into(), field: (*field).into() }).collect()
    }

    #[test]
    fn a_header_is_known_again_in_another_spelling_and_no_column_is_given_twice() {
        let said = said(&[("firma", "account"), ("kunde", "account"), ("notiz", ""), ("later", "shoe_size")]);
        let known = of_headers(&said, ["FIRMA ", "Kunde", "Notiz", "Later", "E-Mail"]);
        let known: Vec<_> = known.iter().map(|(header, field)| (header.as_str(), field.as_str())).collect();
        assert_eq!(known, [("FIRMA ", "account"), ("Notiz", "")]);
        // Twin: nothing was said.
        assert!(of_headers(&[], ["FIRMA"]).is_empty());
        let named =
            Choice { columns: [("Firma B", "account")].map(|(h, f)| (h.into(), f.into())).into(), ..Choice::default() };
        let known = of_headers(&said, ["Firma", "Notiz"]);
        assert_eq!(
            with(named.clone(), known).columns.len(),
            2,
            "another column is named for the account, and the note is known"
        );
        assert_ne!(key("会社名"), key("氏名"));
    }
}
