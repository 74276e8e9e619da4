//! The people of a round and the facts about them. Every change of a fact that could stop a message raises `version`,
//! and makes the plan look at the person again.

pub mod search;
mod order;
pub mod search_words;
pub mod facts;
pub mod new_contact;
pub mod listing;
pub mod left_out;
pub mod earlier;
pub mod loading;
pub mod uploads;
pub mod identity;
pub mod accounts;
pub mod account_questions;
pub mod addresses;
pub mod objections;
pub mod links;
pub mod planned;
pub mod readers;
pub mod bulk;
pub mod signed;

use tracing::error;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::calendar::Locality;
use crate::rules::contacts::Role;
use crate::rules::contacts::out::Removal;
use crate::rules::signoff::Standing;
use crate::store::database::tx::{Readable, Tx, ids};

/// The columns of [`Person`], then what narrows them down.
macro_rules! people {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.round_id, c.account_id, c.line, c.email, c.email_key, c.first_name, c.last_name, c.job_title, c.role,
             c.language, c.country, c.region, c.time_zone, c.findings, c.removed_at, c.removed_reason, c.invited_at,
             c.started_at, c.completed_at, c.opted_out_at, c.undeliverable_at, c.undeliverable_reason, c.absent_until,
             c.last_sent_at, c.sent_count,
             CASE WHEN c.waiting_for = 'already_planned' AND NOT EXISTS (SELECT 1 FROM message m WHERE m.contact_id = c.id
                AND m.state IN ('planned', 'claimed', 'sending', 'held')) THEN NULL ELSE c.waiting_for END AS waiting_for, c.version, a.name AS account, c.standing, c.signed_at, c.off_after,
             a.manager_name, a.manager_email, a.director_email, a.completed AS account_answers, c.left_at, c.edited_at,
             c.replaces, c.joined_at, c.links, c.client_key, c.more, c.left_alone_until, c.not_chased_at,
             (SELECT min(o.since + 0) FROM objection o WHERE o.client = r.client_key AND o.email_key = c.email_key
                AND o.kind <> 'left' AND o.ended_at IS NULL) AS objected_at,
             (SELECT min(o.since + 0) FROM objection o WHERE o.client = r.client_key AND o.email_key = c.email_key
                AND o.kind = 'left' AND o.ended_at IS NULL) AS gone_at,
             COALESCE((SELECT trim(p.first_name || ' ' || p.last_name) FROM contact p WHERE p.id = c.replaces), '') AS predecessor
             FROM contact c JOIN account a ON a.id = c.account_id JOIN round r ON r.id = c.round_id ",
            $rest
        )
    };
}

row! {
    /// A contact with what its account says about it: all that rules and mails ask for.
    pub struct Person {
        pub id: ContactId,
        pub round_id: RoundId,
        pub account_id: AccountId,
        pub line: i64,
        pub email: EmailAddress,
        /// By what address facts find the person. The id stands there for whoever has given the address up, and none does.
        pub email_key: String,
        pub first_name: String,
        pub last_name: String,
        pub job_title: String,
        pub role: Role,
        pub language: String,
        pub country: String,
        /// As ISO 3166-2 has it after the hyphen; empty when the list does not say.
        pub region: String,
        pub time_zone: String,
        /// JSON list of `Finding`.
        pub findings: String,
        pub removed_at: Option<Ts>,
        pub removed_reason: Option<String>,
        pub invited_at: Option<Ts>,
        pub started_at: Option<Ts>,
        pub completed_at: Option<Ts>,
        pub opted_out_at: Option<Ts>,
        pub undeliverable_at: Option<Ts>,
        pub undeliverable_reason: Option<String>,
        pub absent_until: Option<Ts>,
        pub last_sent_at: Option<Ts>,
        pub sent_count: i64,
        /// Never that a message is on its way when none is, whatever stopped it since the plan looked.
        pub waiting_for: Option<String>,
        pub version: i64,
        pub account: String,
        /// Whose signature on this very name is still missing.
        pub standing: Standing,
        /// By everybody who must sign it, the last time, also when that no longer holds.
        pub signed_at: Option<Ts>,
        /// Signatures up to this number do not cover him: he was off the list since.
        pub off_after: i64,
        pub manager_name: String,
        pub manager_email: String,
        pub director_email: String,
        /// Completed responses from this account.
        pub account_answers: i64,
        pub left_at: Option<Ts>,
        /// When a person changed the row here.
        pub edited_at: Option<Ts>,
        /// In whose place this contact stands, by id and by name, and since when; none for those of the list.
        pub replaces: Option<ContactId>,
        pub joined_at: Option<Ts>,
        pub predecessor: String,
        /// How often the contact got new links.
        pub links: i64,
        /// What the client's own system calls the person; may be empty.
        pub client_key: String,
        /// JSON: columns of the list that are none of ours.
        pub more: String,
        /// No reminder before this instant: somebody has called.
        pub left_alone_until: Option<Ts>,
        /// Since when no reminder goes any more.
        pub not_chased_at: Option<Ts>,
        /// Since when the address may not be written to by this client, whatever the round: never again, or a complaint.
        pub objected_at: Option<Ts>,
        /// Since when the address is known to have been left at this client.
        pub gone_at: Option<Ts>,
    }
}

impl Person {
    pub fn locality(&self) -> Locality<'_> {
        Locality { time_zone: &self.time_zone, country: &self.country, region: &self.region }
    }

    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_string()
    }

    /// Of what the contact's links are made: another one since every correction of the address.
    pub fn link_id(&self) -> String {
        link_id(&self.id, self.links)
    }

    /// The mailbox is somebody else's by now: `email` says only which one it was.
    pub fn gave_address_up(&self) -> bool {
        self.email_key == self.id.as_str()
    }

    /// Whether this is the person's own mailbox now.
    pub fn has_address(&self, address: &EmailAddress) -> bool {
        !self.gave_address_up() && self.email.key() == address.key()
    }

    /// By what something said of the person at this address is kept: his own key where it is, or was, his own.
    pub fn key_at(&self, address: &EmailAddress) -> String {
        if self.email.key() == address.key() { self.email_key.clone() } else { address.key() }
    }

    /// Not to be written to: in this round, or by this client at all.
    pub fn is_opted_out(&self) -> bool {
        self.opted_out_at.is_some() || self.objected_at.is_some()
    }
}

pub fn link_id(contact: &ContactId, links: i64) -> String {
    if links == 0 { contact.to_string() } else { format!("{contact}/{links}") }
}

/// The person, by contact id.
pub async fn person(tx: &mut Tx, id: &ContactId) -> Result<Option<Person>> {
    maybe!(tx, people!("WHERE c.id = $1"), id)
}

/// Several persons at once. One that cannot be read is told in the log and left out: whoever asks misses that one only.
pub async fn persons(tx: &mut Tx, contacts: &[&ContactId]) -> Result<Vec<Person>> {
    let found: Readable<Person> = readable!(
        tx,
        people!("WHERE c.id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY c.id"),
        ids(contacts)?
    )?;
    for row in &found.unreadable {
        error!(contact = row.id, "the row of a contact cannot be read: {}", row.why);
    }
    Ok(found.rows)
}

/// As [`of_account`], the first of them.
pub async fn first_of_account(tx: &mut Tx, account: &AccountId, most: i64) -> Result<Vec<Person>> {
    all!(
        tx,
        people!(
            "WHERE c.account_id = $1 AND c.loading IS NULL
         ORDER BY CASE WHEN c.removed_at IS NULL THEN 0 ELSE 1 END, c.line, c.id LIMIT $2"
        ),
        account,
        most
    )
}

/// Names of an account in the order of the list, removed ones last.
pub async fn of_account(tx: &mut Tx, account: &AccountId) -> Result<Vec<Person>> {
    all!(
        tx,
        people!(
            "WHERE c.account_id = $1 AND c.loading IS NULL
         ORDER BY CASE WHEN c.removed_at IS NULL THEN 0 ELSE 1 END, c.line, c.id"
        ),
        account
    )
}

/// People for whom an absence leaves no time for anything more in the round. Costs these people.
pub async fn away_until_the_close(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let found: super::completion::Count = one!(
        tx,
        "SELECT count(*) AS n FROM contact
         WHERE round_id = $1 AND waiting_for = 'absent' AND completed_at IS NULL AND removed_at IS NULL",
        round
    )?;
    Ok(found.n)
}

pub async fn remove(tx: &mut Tx, id: &ContactId, reason: &Removal, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE contact SET removed_at = $2, removed_reason = $3, look_at = NULL, version = version + 1,
            off_after = COALESCE((SELECT max(s.n) FROM signature s WHERE s.account_id = contact.account_id), 0)
         WHERE id = $1 AND removed_at IS NULL",
        id,
        now,
        reason.to_string()
    )?;
    Ok(changed == 1)
}

pub async fn restore(tx: &mut Tx, id: &ContactId, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE contact SET removed_at = NULL, removed_reason = NULL, look_at = $2, version = version + 1 WHERE id = $1 AND removed_at IS NOT NULL",
        id,
        now
    )?;
    Ok(changed == 1)
}

row! {
    pub struct Id {
        pub id: String,
    }
}

/// Whose assessment link this is, by the hash of its secret part.
pub async fn by_link(tx: &mut Tx, hash: &str) -> Result<Option<ContactId>> {
    let found: Option<(ContactId,)> = maybe!(tx, "SELECT id FROM contact WHERE link_hash = $1", hash)?;
    Ok(found.map(|(id,)| id))
}

pub async fn by_opt_out_link(tx: &mut Tx, hash: &str) -> Result<Option<ContactId>> {
    let found: Option<(ContactId,)> = maybe!(tx, "SELECT id FROM contact WHERE opt_out_hash = $1", hash)?;
    Ok(found.map(|(id,)| id))
}

/// Everybody on the round's list now.
pub async fn ids_of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<ContactId>> {
    let ids: Vec<(ContactId,)> =
        all!(tx, "SELECT id FROM contact WHERE round_id = $1 AND removed_at IS NULL ORDER BY id", round)?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

pub async fn by_address(tx: &mut Tx, round: &RoundId, email_key: &str) -> Result<Option<ContactId>> {
    let found: Option<(ContactId,)> = maybe!(
        tx,
        "SELECT id FROM contact WHERE round_id = $1 AND email_key = $2 AND loading IS NULL",
        round,
        email_key
    )?;
    Ok(found.map(|(id,)| id))
}

/// Whoever of a round stands under one of these addresses, by its key.
pub async fn by_addresses(tx: &mut Tx, round: &RoundId, email_keys: &[String]) -> Result<Vec<Person>> {
    all!(
        tx,
        people!(
            "WHERE c.round_id = $1 AND c.email_key IN (SELECT value ->> 'id' FROM json_each($2)) AND c.loading IS NULL ORDER BY c.id"
        ),
        round,
        ids(email_keys)?
    )
}
