//! Which column of a client's lists is which, where somebody has said so: remembered when that list is loaded, used when the next one comes,
//! by whichever way, and forgotten by a word.
//!
//! A header that the file did not have (its column's place, or the number that tells it from another of the same name) means nothing in the
//! next file, so nothing is remembered of it.

use std::collections::{BTreeMap, HashMap};

use crate::base::problem::{Kind, Problem, Result};
use crate::intake::list::head::column_name;
use crate::intake::list::{Choice, FileLook};
use crate::rules::contacts::objection::client_key;
use crate::rules::contacts::row::Field;
use crate::rules::contacts::row::cells::{folded, quoted};
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::contacts::uploads;
use crate::store::round::rounds::{self, Round};

pub use crate::store::contacts::uploads::ColumnChoice;

/// The header as columns are compared; one that folding leaves nothing of is compared as it stands.
fn key(header: &str) -> String {
    let key = folded(header);
    if key.is_empty() { header.trim().to_lowercase() } else { key }
}

/// Without the number that a column is given where others have its name.
fn unnumbered(header: &str, columns: usize) -> &str {
    let name = header.trim_end_matches('\'');
    match name.rsplit_once(" (") {
        Some((name, number))
            if number.trim_end_matches(')').parse::<usize>().is_ok_and(|n| (2..=columns).contains(&n)) =>
        {
            name
        }
        _ => name,
    }
}

/// The headers that say the same of the next file: those that the file itself has, once.
pub fn lasting<'h>(headers: &[&'h str]) -> Vec<&'h str> {
    let of = |header: &str| key(unnumbered(header, headers.len()));
    let mut times: HashMap<String, usize> = HashMap::new();
    for header in headers {
        *times.entry(of(header)).or_default() += 1;
    }
    let lasts = |(at, header): &(usize, &&str)| **header != column_name(*at) && times.get(&of(header)) == Some(&1);
    headers.iter().enumerate().filter(lasts).map(|(_, header)| *header).collect()
}

/// The choice with what was said before of the columns of a round's client. What the choice says itself stays, and so does a column of ours
/// that it gives away.
pub async fn completed(ctx: &Ctx, slug: &str, choice: Choice, look: &FileLook) -> Result<Choice> {
    let mut tx = ctx.db.read().await?;
    let Some(round) = rounds::by_slug(&mut tx, slug).await? else { return Ok(choice) };
    let said = uploads::columns_of(&mut tx, &client_key(&round.client)).await?;
    let headers: Vec<&str> = look.columns.iter().map(|column| column.header.as_str()).collect();
    Ok(with(choice, of_headers(&said, &headers)))
}

fn with(mut choice: Choice, known: BTreeMap<String, String>) -> Choice {
    let given: Vec<String> = choice.columns.values().filter(|field| !field.is_empty()).cloned().collect();
    for (header, field) in known.into_iter().filter(|(_, field)| !given.contains(field)) {
        if !choice.columns.contains_key(&header) {
            choice.remembered.insert(header.clone());
            choice.columns.insert(header, field);
        }
    }
    choice
}

/// One column of ours goes to one header of the list: the first of those that were said to be it. What another version said is not known.
fn of_headers(said: &[ColumnChoice], headers: &[&str]) -> BTreeMap<String, String> {
    let mut taken: Vec<&str> = Vec::new();
    let mut known = BTreeMap::new();
    for header in lasting(headers) {
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

/// What a column was said to be: "the account", "none of ours".
pub fn meaning(field: &str) -> String {
    let ours = Field::ALL.into_iter().find(|ours| ours.as_str() == field);
    ours.map_or_else(|| "none of ours".into(), |ours| format!("the {}", ours.label()))
}

fn told(columns: impl IntoIterator<Item = (String, String)>) -> String {
    let told = columns.into_iter().map(|(header, field)| format!("“{}” is {}", quoted(&header), meaning(&field)));
    told.collect::<Vec<_>>().join("; ")
}

/// Belongs to the transaction that loads the list of which it was said.
pub(in crate::contacts) async fn remember(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &Round,
    columns: &BTreeMap<String, String>,
    by: &Actor,
) -> Result<()> {
    let client = client_key(&round.client);
    let now = ctx.clock.now();
    for (header, field) in columns {
        let column = ColumnChoice {
            header_key: key(header),
            header: header.clone(),
            field: field.clone(),
            chosen_by: by.as_str().into(),
            chosen_at: now,
        };
        uploads::remember_column(tx, &client, &column).await?;
    }
    if columns.is_empty() {
        return Ok(());
    }
    let detail = told(columns.clone());
    ctx.journal(tx, by, Action::RememberedColumns, Some(&round.id), client.as_str(), &detail).await
}

/// What is remembered of the lists of a client.
pub async fn of_client(ctx: &Ctx, client: &str) -> Result<Vec<ColumnChoice>> {
    uploads::columns_of(&mut ctx.db.read().await?, &client_key(client)).await
}

/// The column of this header means nothing any more in a client's next list. Says what it was.
pub struct ForgetColumn {
    pub client: String,
    pub header: String,
}

impl Order for ForgetColumn {
    type Done = ColumnChoice;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<ColumnChoice> {
        let client = client_key(&self.client);
        let all = uploads::columns_of(tx, &client).await?;
        let header = key(&self.header);
        let Some(column) = all.into_iter().find(|column| column.header_key == header) else {
            let what =
                format!("Nothing is remembered of a column “{}” of {}.", quoted(&self.header), quoted(&self.client));
            let next = "Look at what is remembered; somebody may have forgotten it meanwhile.";
            return Err(Problem::new(Kind::NotFound, what, next));
        };
        uploads::forget_column(tx, &client, &header).await?;
        let detail = told([(column.header.clone(), column.field.clone())]);
        ctx.journal(tx, by, Action::ForgotColumn, None, client.as_str(), &detail).await?;
        Ok(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pairs: &[(&str, &str)]) -> Vec<ColumnChoice> {
        let column = |(header, field): &(&str, &str)| ColumnChoice {
            header_key: key(header),
            header: (*header).into(),
            field: (*field).into(),
            chosen_by: "olga".into(),
            chosen_at: crate::base::clock::Ts(0),
        };
        pairs.iter().map(column).collect()
    }

    #[test]
    fn a_header_is_known_again_in_another_spelling_and_no_column_is_given_twice() {
        let said = said(&[("firma", "account"), ("kunde", "account"), ("notiz", ""), ("later", "shoe_size")]);
        let known = of_headers(&said, &["FIRMA ", "Kunde", "Notiz", "Later", "E-Mail"]);
        let known: Vec<_> = known.iter().map(|(header, field)| (header.as_str(), field.as_str())).collect();
        assert_eq!(known, [("FIRMA ", "account"), ("Notiz", "")]);
        // Twin: nothing was said.
        assert!(of_headers(&[], &["FIRMA"]).is_empty());
        let named =
            Choice { columns: [("Firma B", "account")].map(|(h, f)| (h.into(), f.into())).into(), ..Choice::default() };
        let both = with(named, of_headers(&said, &["Firma", "Notiz"]));
        assert_eq!(both.columns.len(), 2, "another column is named for the account, and the note is known");
        assert_eq!(both.remembered.iter().collect::<Vec<_>>(), ["Notiz"], "what is said now is not remembered");
        assert_ne!(key("会社名"), key("氏名"));
    }

    #[test]
    fn a_header_that_the_file_did_not_have_is_neither_remembered_nor_known_again() {
        let made_up = ["Firma", "Name", "Column C", "Name (2)", "Name (2)'", "Umsatz (2024)", "Umsatz (2025)"];
        assert_eq!(lasting(&made_up), ["Firma", "Umsatz (2024)", "Umsatz (2025)"]);
        // Two that are compared alike are two, and none of them is known again; a name alone is, and so is a "Column C" in another place.
        assert_eq!(lasting(&["E-Mail", "e mail", "Name"]), ["Name"]);
        assert_eq!(lasting(&["Column C", "Name (2)"]), ["Column C", "Name (2)"]);
        assert!(lasting(&["Column A"]).is_empty());
        let said = said(&[("Column C", "last_name"), ("Name", "full_name"), ("Firma", "account")]);
        let known = of_headers(&said, &made_up);
        assert_eq!(known.keys().collect::<Vec<_>>(), ["Firma"]);
        // Twin: the file has these names.
        assert_eq!(of_headers(&said, &["Column C", "Name", "Firma"]).len(), 3);
    }
}
