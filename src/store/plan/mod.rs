//! What the plan works from: who must be looked at, and what has gone to them so far.

pub mod pauses;
pub mod limits;
pub mod approvals;
pub mod test_letters;

use serde::Serialize;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, MessageId, RoundId};
use crate::base::problem::Result;
use crate::rules::calendar::Locality;
use crate::rules::contacts::Role;
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::signoff::Standing;
use crate::store::database::tx::{Readable, Tx, ids, json};

/// The columns of [`Planned`], then what narrows them down.
macro_rules! planned {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.account_id, c.email, c.first_name, c.last_name, c.language, c.role, c.country, c.region, c.time_zone,
             c.removed_at, c.started_at, c.completed_at, c.opted_out_at, c.undeliverable_at, c.absent_until, c.last_sent_at,
             c.sent_count, c.left_at, c.joined_at, c.left_alone_until, c.not_chased_at, c.standing, c.signed_at, a.director_email, a.completed AS account_answers,
             (SELECT min(o.since + 0) FROM objection o WHERE o.client = r.client_key AND o.email_key = c.email_key
                AND o.kind <> 'left' AND o.ended_at IS NULL) AS objected_at,
             (SELECT min(o.since + 0) FROM objection o WHERE o.client = r.client_key AND o.email_key = c.email_key
                AND o.kind = 'left' AND o.ended_at IS NULL) AS gone_at
             FROM contact c JOIN account a ON a.id = c.account_id JOIN round r ON r.id = c.round_id ",
            $rest
        )
    };
}

row! {
    /// A contact as far as planning asks, and to whom a message is addressed.
    pub struct Planned {
        pub id: ContactId,
        pub account_id: AccountId,
        pub email: EmailAddress,
        pub first_name: String,
        pub last_name: String,
        pub language: String,
        pub role: Role,
        pub country: String,
        pub region: String,
        pub time_zone: String,
        pub removed_at: Option<Ts>,
        pub started_at: Option<Ts>,
        pub completed_at: Option<Ts>,
        pub opted_out_at: Option<Ts>,
        pub undeliverable_at: Option<Ts>,
        pub absent_until: Option<Ts>,
        pub left_alone_until: Option<Ts>,
        pub not_chased_at: Option<Ts>,
        pub last_sent_at: Option<Ts>,
        pub sent_count: i64,
        pub left_at: Option<Ts>,
        pub objected_at: Option<Ts>,
        pub gone_at: Option<Ts>,
        pub joined_at: Option<Ts>,
        pub standing: Standing,
        pub signed_at: Option<Ts>,
        pub director_email: String,
        /// Completed responses from this account.
        pub account_answers: i64,
    }
}

impl Planned {
    pub fn locality(&self) -> Locality<'_> {
        Locality { time_zone: &self.time_zone, country: &self.country, region: &self.region }
    }

    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_string()
    }
}

/// Contacts whose time to be looked at has come, the longest waiting first. Costs those that it returns: the index has their order.
pub async fn to_look_at(tx: &mut Tx, round: &RoundId, now: Ts, limit: i64) -> Result<Readable<Planned>> {
    readable!(
        tx,
        planned!("WHERE c.round_id = $1 AND c.look_at <= $2 ORDER BY c.look_at, c.id LIMIT $3"),
        round,
        now,
        limit
    )
}

/// The contacts of these accounts, account by account in the order of their ids; also those who were taken off the list.
pub async fn of_accounts(tx: &mut Tx, accounts: &[&AccountId]) -> Result<Vec<Planned>> {
    all!(
        tx,
        planned!("WHERE c.account_id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY c.account_id, c.id"),
        ids(accounts)?
    )
}

/// What was decided about a contact: when to look again (none: only when a fact changes) and what is waited for.
#[derive(Clone, Debug, Serialize)]
pub struct Look<'a> {
    pub id: &'a ContactId,
    /// Milliseconds since 1970.
    pub next: Option<i64>,
    pub why: Option<&'static str>,
}

pub async fn looked_at(tx: &mut Tx, looks: &[Look<'_>]) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET look_at = seen.next, waiting_for = seen.why
         FROM (SELECT value ->> 'id' AS id, CAST(value ->> 'next' AS BIGINT) AS next, value ->> 'why' AS why FROM json_each($1)) AS seen
         WHERE contact.id = seen.id",
        json(looks)?
    )?;
    Ok(())
}

/// A message to a contact that is to be put into the ledger.
#[derive(Clone, Debug, Serialize)]
pub struct NewTouch<'a> {
    pub id: MessageId,
    /// `rules::sending::outbox::key`
    pub key: String,
    pub contact: &'a ContactId,
    pub kind: MessageKind,
    pub number: u32,
    pub to_name: String,
    pub to: &'a str,
    /// Milliseconds since 1970, as `due_at`.
    pub planned_for: i64,
    pub due_at: i64,
}

/// Plans messages to contacts, many in one statement; what is there under a key is treated as by `outbox::enqueue`. Returns how many
/// were planned.
pub async fn enqueue(tx: &mut Tx, round: &RoundId, touches: &[NewTouch<'_>], now: Ts) -> Result<u64> {
    run!(
        tx,
        "INSERT INTO message (id, key, lane, contact_id, subject_id, kind, number, to_name, to_email, created_at, planned_for, due_at, state)
         SELECT value ->> 'id', value ->> 'key', $2, value ->> 'contact', value ->> 'contact', value ->> 'kind',
            CAST(value ->> 'number' AS BIGINT), value ->> 'to_name', value ->> 'to', $3, CAST(value ->> 'planned_for' AS BIGINT),
            CAST(value ->> 'due_at' AS BIGINT), 'planned' FROM json_each($1) WHERE 1 = 1
         ON CONFLICT (key) DO UPDATE SET state = 'planned', due_at = excluded.due_at, planned_for = excluded.planned_for,
            to_name = excluded.to_name, to_email = excluded.to_email, reason = NULL, answer = NULL, first_tried_at = NULL, settled_at = NULL
         WHERE message.state = 'withdrawn' OR (message.state = 'planned' AND message.first_tried_at IS NULL)",
        json(touches)?,
        round,
        now
    )
}

/// A planned message that another takes the place of, or that does not go.
#[derive(Clone, Debug, Serialize)]
pub struct Superseded {
    /// `rules::sending::outbox::key`
    pub key: String,
    pub why: &'static str,
}

/// Withdraws planned messages, unless a sender has them by now.
pub async fn withdraw(tx: &mut Tx, superseded: &[Superseded], now: Ts) -> Result<u64> {
    run!(
        tx,
        "UPDATE message SET state = 'withdrawn', reason = gone.why, settled_at = $2
         FROM (SELECT value ->> 'key' AS key, value ->> 'why' AS why FROM json_each($1)) AS gone
         WHERE message.key = gone.key AND message.state = 'planned'",
        json(superseded)?,
        now
    )
}

/// Every contact of an account is decided again: its sign-off changed.
pub async fn look_at_account(tx: &mut Tx, account: &AccountId, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET look_at = $2, version = version + 1 WHERE account_id = $1 AND removed_at IS NULL",
        account,
        now
    )?;
    Ok(())
}

/// Every contact of a round is decided again: its schedule changed.
pub async fn look_at_round(tx: &mut Tx, round: &RoundId, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET look_at = $2 WHERE round_id = $1 AND removed_at IS NULL AND opted_out_at IS NULL",
        round,
        now
    )?;
    Ok(())
}

/// Nobody is looked at any more, and why nothing is planned is on record for everybody on the list.
pub async fn close_round(tx: &mut Tx, round: &RoundId, closed: &str, completed: &str) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET look_at = NULL, waiting_for = CASE WHEN completed_at IS NULL THEN $2 ELSE $3 END
         WHERE round_id = $1 AND removed_at IS NULL",
        round,
        closed,
        completed
    )?;
    Ok(())
}

row! {
    pub struct Touched {
        pub contact_id: ContactId,
        pub kind: MessageKind,
        pub number: i64,
        pub state: MessageState,
        pub due_at: Ts,
        pub settled_at: Option<Ts>,
        pub planned_for: Ts,
        pub first_tried_at: Option<Ts>,
        pub doubted_at: Option<Ts>,
        pub reason: Option<String>,
    }
}

/// Everything in the ledger for these contacts, in the order in which it came.
pub async fn touched(tx: &mut Tx, contacts: &[&ContactId]) -> Result<Vec<Touched>> {
    all!(
        tx,
        "SELECT contact_id, kind, number, state, due_at, settled_at, planned_for, first_tried_at, doubted_at, reason FROM message
         WHERE contact_id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY contact_id, due_at, id",
        ids(contacts)?
    )
}

row! {
    /// Where contacts of a round are.
    pub struct ContactPlace {
        pub country: String,
        pub region: String,
        pub time_zone: String,
    }
}

/// Every place in which a round has contacts, once. Costs the places: counters know them.
pub async fn places(tx: &mut Tx, round: &RoundId) -> Result<Vec<ContactPlace>> {
    all!(
        tx,
        "SELECT DISTINCT country, region, time_zone FROM people_tally WHERE round_id = $1 AND listed > 0
         ORDER BY country, region, time_zone",
        round
    )
}

row! {
    /// Letters of one kind to contacts of one language that have left, or may have, in the words of one version of the round.
    pub struct SentLetters {
        pub kind: MessageKind,
        pub number: i64,
        pub round_version: Option<i64>,
        pub language: String,
        pub people: i64,
    }
}

/// What has left to the contacts of a round. Costs the round.
pub async fn sent_letters(tx: &mut Tx, round: &RoundId) -> Result<Vec<SentLetters>> {
    all!(
        tx,
        "SELECT m.kind, m.number, m.round_version, c.language, CAST(COUNT(*) AS BIGINT) AS people
         FROM message m JOIN contact c ON c.id = m.contact_id
         WHERE m.lane = $1 AND m.state IN ('sending', 'sent', 'in_doubt')
         GROUP BY m.kind, m.number, m.round_version, c.language ORDER BY m.kind, m.number, m.round_version, c.language",
        round
    )
}
