//! What a list does to the people of a round: many rows in one statement, for lists come by the hundred thousand.

use std::collections::HashMap;

use serde::Serialize;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::contacts::Role;

use super::Tx;
use super::tx::json;

/// What a list says about a person, to insert or to correct.
#[derive(Clone, Debug, Serialize)]
pub struct NewContact {
    pub id: String,
    pub round_id: String,
    pub account_id: String,
    pub line: i64,
    pub email: EmailAddress,
    pub first_name: String,
    pub last_name: String,
    pub job_title: String,
    pub role: Role,
    pub language: String,
    pub country: String,
    pub region: String,
    pub time_zone: String,
    pub findings: String,
    pub link_hash: String,
    pub opt_out_hash: String,
}

/// Adds people who are not in the round yet, all to be looked at then.
pub async fn insert(tx: &mut Tx, contacts: &[NewContact], look_at: Ts) -> Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        #[serde(flatten)]
        contact: &'a NewContact,
        email_key: String,
    }
    let rows: Vec<Row> = contacts.iter().map(|contact| Row { contact, email_key: contact.email.key() }).collect();
    run!(
        tx,
        "INSERT INTO contact (id, round_id, account_id, line, email, email_key, list_key, first_name, last_name, job_title, role,
            language, country, region, time_zone, findings, link_hash, opt_out_hash, look_at)
         SELECT value ->> 'id', value ->> 'round_id', value ->> 'account_id', CAST(value ->> 'line' AS BIGINT), value ->> 'email',
            value ->> 'email_key', value ->> 'email_key', value ->> 'first_name', value ->> 'last_name', value ->> 'job_title',
            value ->> 'role', value ->> 'language', value ->> 'country', value ->> 'region', value ->> 'time_zone',
            value ->> 'findings', value ->> 'link_hash', value ->> 'opt_out_hash', $2 FROM json_each($1)",
        json(&rows)?,
        look_at
    )?;
    Ok(())
}

/// Writes new particulars over a contact. A new address starts clean: what bounced was the old one.
/// `new_links`: the address is another one, and so are the links, which are for the reader of that mailbox only (`links::renew`).
/// `edited`: by a person here, not by a list.
pub async fn correct(tx: &mut Tx, c: &NewContact, new_links: bool, edited: bool, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET email = $2, email_key = $3, first_name = $4, last_name = $5, job_title = $6, role = $7, language = $8,
            country = $9, time_zone = $10, findings = $11, line = $12,
            undeliverable_at = CASE WHEN $13 = 1 THEN NULL ELSE undeliverable_at END,
            undeliverable_reason = CASE WHEN $13 = 1 THEN NULL ELSE undeliverable_reason END,
            left_at = CASE WHEN $13 = 1 THEN NULL ELSE left_at END,
            edited_at = CASE WHEN $15 = 1 THEN $14 ELSE edited_at END, look_at = $14, region = $16, version = version + 1
         WHERE id = $1",
        &c.id,
        &c.email,
        c.email.key(),
        &c.first_name,
        &c.last_name,
        &c.job_title,
        c.role,
        &c.language,
        &c.country,
        &c.time_zone,
        &c.findings,
        c.line,
        super::Flag(new_links),
        now,
        super::Flag(edited),
        &c.region
    )?;
    Ok(())
}

row! {
    pub struct Known {
        /// The key that was asked for.
        pub email_key: String,
        pub id: String,
        pub account_id: String,
        pub edited_at: Option<Ts>,
        pub removed_at: Option<Ts>,
        pub removed_reason: Option<String>,
    }
}

/// The contacts that rows of a list mean, by the keys of their addresses: the one that was loaded under it, else the one that has this
/// address now. Two questions rather than one with OR, which would read the whole round.
pub async fn known(tx: &mut Tx, round: &str, keys: &[String]) -> Result<HashMap<String, Known>> {
    let asked: Vec<_> = keys.iter().map(|key| serde_json::json!({ "key": key })).collect();
    let asked = json(&asked)?;
    let loaded_as: Vec<Known> = all!(
        tx,
        "SELECT c.list_key AS email_key, c.id, c.account_id, c.edited_at, c.removed_at, c.removed_reason FROM contact c
         WHERE c.round_id = $1 AND c.list_key IN (SELECT value ->> 'key' FROM json_each($2)) ORDER BY c.id DESC",
        round,
        &asked
    )?;
    let reached_as: Vec<Known> = all!(
        tx,
        "SELECT c.email_key AS email_key, c.id, c.account_id, c.edited_at, c.removed_at, c.removed_reason FROM contact c
         WHERE c.round_id = $1 AND c.email_key IN (SELECT value ->> 'key' FROM json_each($2))",
        round,
        &asked
    )?;
    Ok(reached_as.into_iter().chain(loaded_as).map(|known| (known.email_key.clone(), known)).collect())
}

row! {
    /// Somebody of a round, for the comparison with a list.
    pub struct Name {
        pub id: String,
        pub account_id: String,
        pub first_name: String,
        pub last_name: String,
        pub email: EmailAddress,
        pub job_title: String,
        pub country: String,
        pub removed_at: Option<Ts>,
    }
}

/// Everybody who is or was on the round's list.
pub async fn names(tx: &mut Tx, round: &str) -> Result<Vec<Name>> {
    all!(
        tx,
        "SELECT id, account_id, first_name, last_name, email, job_title, country, removed_at FROM contact WHERE round_id = $1 ORDER BY line, id",
        round
    )
}

/// A list says that the person is at another account. Signatures of neither list cover that.
pub async fn move_to(tx: &mut Tx, id: &str, account: &str, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET account_id = $2, look_at = $3, version = version + 1 WHERE id = $1",
        id,
        account,
        now
    )?;
    Ok(())
}

/// From now on the list knows the person under this address. Whether a person had changed the row is as it was before.
pub async fn known_as(tx: &mut Tx, id: &str, key: &str, edited_at: Option<Ts>) -> Result<()> {
    run!(tx, "UPDATE contact SET list_key = $2, edited_at = $3 WHERE id = $1", id, key, edited_at)?;
    Ok(())
}
