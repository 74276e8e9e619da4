//! Telephone calls: what became of each, who means to call whom, and who stood on the list of a day.
//!
//! Rows of calls are only added; one that is taken back says so. Costs the people who are asked for, or the calls of some days.

mod candidates;
pub mod team;
pub mod weekly;

use chrono::NaiveDate;
use serde::Serialize;

use crate::base::clock::Ts;
use crate::base::ids::{CallId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::calling::Outcome;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, ids, json};

pub(crate) use candidates::open;
pub use candidates::{
    Candidate, Found, StoodBefore, half_answered, managers, not_finished, of_manager, of_silent_accounts, stood_before,
};

row! {
    pub struct Call {
        pub id: CallId,
        pub round_id: RoundId,
        pub contact_id: ContactId,
        pub outcome: Outcome,
        /// As `2027-02-09`, where the contact is.
        pub day: Option<String>,
        pub note: String,
        pub made_by: String,
        pub at: Ts,
        /// What it has changed stood so before.
        pub before_until: Option<Ts>,
    }
}

impl Call {
    pub fn day(&self) -> Option<NaiveDate> {
        self.day.as_deref()?.parse().ok()
    }
}

/// The columns of [`Call`], then what narrows them down.
macro_rules! calls {
    ($rest:literal) => {
        concat!(
            "SELECT k.id, k.round_id, k.contact_id, k.outcome, k.day, k.note, k.made_by, k.at, k.before_until FROM telephone_call k ",
            $rest
        )
    };
}

pub async fn record(tx: &mut Tx, call: &Call) -> Result<()> {
    run!(
        tx,
        "INSERT INTO telephone_call (id, round_id, contact_id, outcome, day, note, made_by, at, before_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &call.id,
        &call.round_id,
        &call.contact_id,
        call.outcome,
        &call.day,
        &call.note,
        &call.made_by,
        call.at,
        call.before_until
    )?;
    Ok(())
}

/// False when it was taken back already.
pub async fn take_back(tx: &mut Tx, id: &CallId, by: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE telephone_call SET taken_back_at = $3, taken_back_by = $2 WHERE id = $1 AND taken_back_at IS NULL",
        id,
        by,
        now
    )?;
    Ok(changed == 1)
}

row! {
    pub struct TakenBack {
        pub contact_id: ContactId,
        pub taken_back_by: Option<String>,
    }
}

/// Whose call it was, and who has taken it back.
pub async fn by_id(tx: &mut Tx, id: &CallId) -> Result<Option<TakenBack>> {
    maybe!(tx, "SELECT contact_id, taken_back_by FROM telephone_call WHERE id = $1", id)
}

/// The calls to these people that were not taken back, each one's together and the latest first.
pub async fn of_contacts(tx: &mut Tx, contacts: &[&ContactId]) -> Result<Vec<Call>> {
    all!(
        tx,
        calls!(
            "WHERE k.contact_id IN (SELECT value ->> 'id' FROM json_each($1)) AND k.taken_back_at IS NULL
             ORDER BY k.contact_id, k.at DESC, k.id DESC"
        ),
        ids(contacts)?
    )
}

row! {
    /// A call with whom it was to.
    pub struct Lately {
        pub id: CallId,
        pub contact_id: ContactId,
        pub outcome: Outcome,
        pub day: Option<String>,
        pub note: String,
        pub made_by: String,
        pub at: Ts,
        pub first_name: String,
        pub last_name: String,
        pub account: String,
        pub completed_at: Option<Ts>,
        /// 1 where it is the latest to him.
        pub latest: i64,
    }
}

impl Lately {
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_string()
    }

    pub fn day(&self) -> Option<NaiveDate> {
        self.day.as_deref()?.parse().ok()
    }
}

/// Calls that have not been taken back, each with whether it is the latest to its person.
macro_rules! latest_calls {
    ($rest:literal) => {
        concat!(
            "SELECT k.id, k.contact_id, k.outcome, k.day, k.note, k.made_by, k.at, c.first_name, c.last_name,
                a.name AS account, c.completed_at,
                CAST(CASE WHEN EXISTS (SELECT 1 FROM telephone_call n WHERE n.contact_id = k.contact_id AND n.taken_back_at IS NULL
                    AND (n.at > k.at OR (n.at = k.at AND n.id > k.id))) THEN 0 ELSE 1 END AS BIGINT) AS latest
             FROM telephone_call k JOIN contact c ON c.id = k.contact_id JOIN account a ON a.id = c.account_id
             WHERE k.taken_back_at IS NULL AND k.round_id = $1 AND k.at >= $2 ",
            $rest,
            " ORDER BY k.at DESC, k.id DESC LIMIT $3"
        )
    };
}
pub(crate) use latest_calls;

/// The calls of a round since then, the latest first. The index has their order.
pub async fn lately(tx: &mut Tx, round: &RoundId, since: Ts, limit: i64) -> Result<Vec<Lately>> {
    all!(tx, latest_calls!(""), round, since, limit)
}

/// How many calls [`lately`] is about.
pub async fn lately_in_all(tx: &mut Tx, round: &RoundId, since: Ts) -> Result<i64> {
    let found: Count = one!(
        tx,
        "SELECT count(*) AS n FROM telephone_call WHERE round_id = $1 AND at >= $2 AND taken_back_at IS NULL",
        round,
        since
    )?;
    Ok(found.n)
}

row! {
    pub struct Reserved {
        pub contact_id: ContactId,
        pub caller: String,
        pub until: Ts,
    }
}

/// Who means to call whom now.
pub async fn reserved(tx: &mut Tx, round: &RoundId, now: Ts) -> Result<Vec<Reserved>> {
    all!(
        tx,
        "SELECT contact_id, caller, until FROM call_reserved WHERE round_id = $1 AND until > $2 ORDER BY contact_id",
        round,
        now
    )
}

pub async fn reserved_for(tx: &mut Tx, contact: &ContactId, now: Ts) -> Result<Option<Reserved>> {
    maybe!(tx, "SELECT contact_id, caller, until FROM call_reserved WHERE contact_id = $1 AND until > $2", contact, now)
}

/// False when somebody else means to call him.
pub async fn reserve(
    tx: &mut Tx,
    (round, contact): (&RoundId, &ContactId),
    caller: &str,
    now: Ts,
    until: Ts,
) -> Result<bool> {
    let changed = run!(
        tx,
        "INSERT INTO call_reserved (contact_id, round_id, caller, since, until) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (contact_id) DO UPDATE SET caller = excluded.caller, since = excluded.since, until = excluded.until
         WHERE call_reserved.until <= $4 OR call_reserved.caller = excluded.caller",
        contact,
        round,
        caller,
        now,
        until
    )?;
    Ok(changed == 1)
}

pub async fn release(tx: &mut Tx, contact: &ContactId, caller: &str) -> Result<()> {
    run!(tx, "DELETE FROM call_reserved WHERE contact_id = $1 AND caller = $2", contact, caller)?;
    Ok(())
}

/// Whether the list of this day is kept.
pub async fn is_listed(tx: &mut Tx, round: &RoundId, day: i64) -> Result<bool> {
    let any: Option<(i64,)> =
        maybe!(tx, "SELECT place FROM call_listed WHERE round_id = $1 AND day = $2 AND place = 1", round, day)?;
    Ok(any.is_some())
}

/// Keeps the list of a day, in its order.
pub async fn keep_list(tx: &mut Tx, round: &RoundId, day: i64, people: &[&ContactId], now: Ts) -> Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        id: &'a ContactId,
        place: usize,
    }
    let rows: Vec<Row> = people.iter().zip(1..).map(|(id, place)| Row { id, place }).collect();
    run!(
        tx,
        "INSERT INTO call_listed (round_id, day, place, contact_id, at)
         SELECT $2, $3, CAST(value ->> 'place' AS BIGINT), value ->> 'id', $4 FROM json_each($1) WHERE 1 = 1
         ON CONFLICT (round_id, day, place) DO NOTHING",
        json(&rows)?,
        round,
        day,
        now
    )?;
    Ok(())
}

row! {
    pub struct SeenOnTheList {
        pub day: i64,
        pub place: i64,
        pub listed_at: Ts,
        pub called_at: Option<Ts>,
        pub completed_at: Option<Ts>,
    }
}

/// Everybody on a kept list, with his first call since. Costs the kept lists: some hundred rows a day on which somebody called.
pub async fn seen(tx: &mut Tx, round: &RoundId) -> Result<Vec<SeenOnTheList>> {
    all!(
        tx,
        "SELECT l.day, l.place, l.at AS listed_at, (SELECT min(k.at) FROM telephone_call k
                WHERE k.contact_id = l.contact_id AND k.at >= l.at AND k.taken_back_at IS NULL) AS called_at, c.completed_at
         FROM call_listed l JOIN contact c ON c.id = l.contact_id WHERE l.round_id = $1 ORDER BY l.day, l.place",
        round
    )
}
