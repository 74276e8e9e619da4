//! What a list does to the people of a round: many rows in one statement, for lists come by the hundred thousand.

use serde::Serialize;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::folding::{Findable, person_key};
use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::Role;
use crate::rules::signoff::Standing;
use crate::store::database::tx::{Tx, json};

use super::new_contact::found_by;
use super::search_words;

pub use super::new_contact::NewContact;

/// Adds people who are not in the round yet, all to be looked at then.
pub async fn insert(tx: &mut Tx, contacts: &[NewContact], look_at: Ts) -> Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        #[serde(flatten)]
        contact: &'a NewContact,
        email_key: String,
        words: &'a str,
        sort_key: String,
    }
    let found_by: Vec<Findable> = contacts.iter().map(found_by).collect();
    let each = contacts.iter().zip(&found_by);
    let rows: Vec<Row> = each
        .map(|(contact, found_by)| Row {
            contact,
            email_key: contact.email.key(),
            words: &found_by.text,
            sort_key: person_key(&contact.first_name, &contact.last_name),
        })
        .collect();
    run!(
        tx,
        "INSERT INTO contact (id, round_id, account_id, line, email, email_key, list_key, first_name, last_name, job_title, role,
            language, country, region, time_zone, findings, client_key, more, link_hash, opt_out_hash, words, sort_key, look_at)
         SELECT value ->> 'id', value ->> 'round_id', value ->> 'account_id', CAST(value ->> 'line' AS BIGINT), value ->> 'email',
            value ->> 'email_key', value ->> 'email_key', value ->> 'first_name', value ->> 'last_name', value ->> 'job_title',
            value ->> 'role', value ->> 'language', value ->> 'country', value ->> 'region', value ->> 'time_zone',
            value ->> 'findings', value ->> 'client_key', value ->> 'more', value ->> 'link_hash', value ->> 'opt_out_hash', value ->> 'words', value ->> 'sort_key', $2
         FROM json_each($1)",
        json(&rows)?,
        look_at
    )?;
    let ids = contacts.iter().map(|c| (&c.round_id, &c.id));
    search_words::add(tx, ids.zip(&found_by)).await
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
            edited_at = CASE WHEN $15 = 1 THEN $14 ELSE edited_at END, look_at = $14, region = $16, sort_key = $17,
            client_key = $18, more = $19, version = version + 1
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
        crate::store::Flag(new_links),
        now,
        crate::store::Flag(edited),
        &c.region,
        person_key(&c.first_name, &c.last_name),
        &c.client_key,
        &c.more
    )?;
    search_words::change(tx, &c.round_id, &c.id, &found_by(c)).await
}

/// The row of the list stands elsewhere now, and nothing else has changed.
pub async fn renumber(tx: &mut Tx, id: &ContactId, line: i64, findings: &str) -> Result<()> {
    run!(tx, "UPDATE contact SET line = $2, findings = $3 WHERE id = $1", id, line, findings)?;
    Ok(())
}

/// The contact that a row of a list means.
#[derive(Clone, Debug)]
pub struct Known {
    pub id: ContactId,
    pub account_id: AccountId,
    pub edited_at: Option<Ts>,
    pub removed_at: Option<Ts>,
    pub removed_reason: Option<String>,
    /// [`Listed::gave_address_up`]
    pub gave_address_up: bool,
}

impl From<&Listed> for Known {
    fn from(p: &Listed) -> Known {
        Known {
            id: p.id.clone(),
            account_id: p.account_id.clone(),
            edited_at: p.edited_at,
            removed_at: p.removed_at,
            removed_reason: p.removed_reason.clone(),
            gave_address_up: p.gave_address_up(),
        }
    }
}

row! {
    /// Somebody of a round, for the comparison with a list.
    pub struct Listed {
        pub id: ContactId,
        pub account_id: AccountId,
        pub first_name: String,
        pub last_name: String,
        pub email: EmailAddress,
        pub email_key: String,
        /// The address under which lists know the person.
        pub list_key: String,
        pub job_title: String,
        pub role: Role,
        pub language: String,
        pub country: String,
        pub region: String,
        pub time_zone: String,
        pub findings: String,
        pub client_key: String,
        pub more: String,
        pub edited_at: Option<Ts>,
        pub removed_at: Option<Ts>,
        pub removed_reason: Option<String>,
        pub standing: Standing,
        /// Signatures up to this number do not cover him: he was off the list since.
        pub off_after: i64,
    }
}

impl Listed {
    /// The mailbox is somebody else's by now ([`gives_address_up`]).
    pub fn gave_address_up(&self) -> bool {
        self.email_key == self.id.as_str()
    }
}

/// Everybody who is or was on the round's list.
pub async fn everybody(tx: &mut Tx, round: &RoundId) -> Result<Vec<Listed>> {
    all!(
        tx,
        "SELECT id, account_id, first_name, last_name, email, email_key, list_key, job_title, role, language, country, region, time_zone,
            findings, client_key, more, edited_at, removed_at, removed_reason, standing, off_after
         FROM contact WHERE round_id = $1 AND loading IS NULL ORDER BY line, id",
        round
    )
}

/// A list says that the person is at another account. Signatures of neither list cover that.
pub async fn move_to(tx: &mut Tx, id: &ContactId, account: &AccountId, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET account_id = $2, look_at = $3, version = version + 1 WHERE id = $1",
        id,
        account,
        now
    )?;
    Ok(())
}

/// The client's key means this contact of the round from now on, and nobody else.
pub async fn has_key(tx: &mut Tx, round: &RoundId, id: &ContactId, key: &str) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET client_key = '' WHERE round_id = $1 AND client_key = $2 AND client_key <> '' AND id <> $3",
        round,
        key,
        id
    )?;
    run!(tx, "UPDATE contact SET client_key = $2 WHERE id = $1", id, key)?;
    Ok(())
}

/// Whom the client's key means in a round.
pub async fn by_key(tx: &mut Tx, round: &RoundId, key: &str) -> Result<Option<ContactId>> {
    let found: Option<(ContactId,)> = maybe!(
        tx,
        "SELECT id FROM contact WHERE round_id = $1 AND client_key = $2 AND client_key <> '' AND loading IS NULL ORDER BY id LIMIT 1",
        round,
        key
    )?;
    Ok(found.map(|(id,)| id))
}

/// From now on the list knows the person under this address. Whether a person had changed the row is as it was before.
pub async fn known_as(tx: &mut Tx, id: &ContactId, key: &str, edited_at: Option<Ts>) -> Result<()> {
    run!(tx, "UPDATE contact SET list_key = $2, edited_at = $3 WHERE id = $1", id, key, edited_at)?;
    Ok(())
}

/// The mailbox is somebody else's: no address finds the contact from here on. The id stands in place of one, for each has its own.
pub async fn gives_address_up(tx: &mut Tx, id: &ContactId) -> Result<()> {
    run!(tx, "UPDATE contact SET email_key = id, list_key = id, version = version + 1 WHERE id = $1", id)?;
    Ok(())
}

/// Who was reached under this address in rounds of the same client that are over.
pub async fn in_closed_rounds(tx: &mut Tx, round: &RoundId, email_key: &str) -> Result<Vec<ContactId>> {
    let found: Vec<(ContactId,)> = all!(
        tx,
        "SELECT c.id FROM contact c JOIN round r ON r.id = c.round_id
         WHERE c.email_key = $2 AND c.loading IS NULL AND r.state = 'closed'
            AND r.client_key = (SELECT t.client_key FROM round t WHERE t.id = $1) ORDER BY c.id",
        round,
        email_key
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// A contact that had given its address up has it again.
pub async fn has_address_again(tx: &mut Tx, id: &ContactId, key: &str) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET email_key = $2, list_key = $2, version = version + 1 WHERE id = $1 AND email_key = id",
        id,
        key
    )?;
    Ok(())
}
