//! Alarms: what is wrong, whether anybody was told, when it was over; and what a webhook is told of them.

use crate::base::clock::Ts;
use crate::base::ids::{AlarmCallId, AlarmId};
use crate::base::problem::Result;
use crate::rules::alarm::{AlarmEvent, AlarmKind, CallState, Noticed};
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, ids};

row! {
    pub struct Alarm {
        pub id: AlarmId,
        pub kind: AlarmKind,
        /// Which gateway, incident, disk or duty; empty where there is one only.
        pub about: String,
        /// The sender whose program sees it; empty: all see it.
        pub instance: String,
        pub what: String,
        pub advice: String,
        pub since: Ts,
        pub seen_at: Ts,
        /// Since when it is right again, as far as can be seen.
        pub gone_at: Option<Ts>,
        /// None: nobody was told.
        pub raised_at: Option<Ts>,
        pub ended_at: Option<Ts>,
    }
}

impl Alarm {
    /// As the rules have it.
    pub fn noticed(&self) -> Noticed {
        Noticed { since: self.since, seen_at: self.seen_at, raised_at: self.raised_at, gone_at: self.gone_at }
    }

    /// Since when it is right again, of one that is over: it was watched for a while before that was told.
    pub fn over_since(&self) -> Option<Ts> {
        self.ended_at.map(|ended| self.gone_at.unwrap_or(ended))
    }
}

/// The columns of [`Alarm`], then what narrows them down.
macro_rules! alarms {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, about, instance, what, advice, since, seen_at, gone_at, raised_at, ended_at FROM alarm ",
            $rest
        )
    };
}

/// What is not over, whether anybody was told or not.
pub async fn open(tx: &mut Tx) -> Result<Vec<Alarm>> {
    all!(tx, alarms!("WHERE ended_at IS NULL ORDER BY since, id"))
}

/// What somebody was told of and is not over, the oldest first.
pub async fn raised(tx: &mut Tx) -> Result<Vec<Alarm>> {
    all!(tx, alarms!("WHERE ended_at IS NULL AND raised_at IS NOT NULL ORDER BY raised_at, id"))
}

/// What was over last.
pub async fn ended(tx: &mut Tx, limit: i64) -> Result<Vec<Alarm>> {
    all!(tx, alarms!("WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC LIMIT $1"), limit)
}

pub async fn by_id(tx: &mut Tx, id: &AlarmId) -> Result<Option<Alarm>> {
    maybe!(tx, alarms!("WHERE id = $1"), id)
}

/// When somebody was last told that this is over.
pub async fn last_end(tx: &mut Tx, kind: AlarmKind, about: &str, instance: &str) -> Result<Option<Ts>> {
    let last: (Option<Ts>,) = one!(
        tx,
        "SELECT max(ended_at) AS ended_at FROM alarm WHERE kind = $1 AND about = $2 AND instance = $3 AND ended_at IS NOT NULL",
        kind,
        about,
        instance
    )?;
    Ok(last.0)
}

/// Remembers a trouble of which nobody was told yet. False where another program was first.
pub async fn notice(tx: &mut Tx, alarm: &Alarm) -> Result<bool> {
    let changed = run!(
        tx,
        "INSERT INTO alarm (id, kind, about, instance, what, advice, since, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        &alarm.id,
        alarm.kind,
        &alarm.about,
        &alarm.instance,
        &alarm.what,
        &alarm.advice,
        alarm.since,
        alarm.seen_at
    )?;
    Ok(changed == 1)
}

/// It is still so, in these words.
pub async fn see(tx: &mut Tx, id: &AlarmId, what: &str, advice: &str, now: Ts) -> Result<()> {
    run!(
        quiet tx,
        "UPDATE alarm SET what = $2, advice = $3, seen_at = $4 WHERE id = $1 AND ended_at IS NULL",
        id,
        what,
        advice,
        now
    )?;
    Ok(())
}

/// Since when it is right again, as far as can be seen; none: it is not.
pub async fn set_gone(tx: &mut Tx, id: &AlarmId, since: Option<Ts>) -> Result<()> {
    run!(tx, "UPDATE alarm SET gone_at = $2 WHERE id = $1 AND ended_at IS NULL", id, since)?;
    Ok(())
}

/// Somebody is told. False where another program has told it.
pub async fn raise(tx: &mut Tx, id: &AlarmId, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE alarm SET raised_at = $2, gone_at = NULL WHERE id = $1 AND raised_at IS NULL AND ended_at IS NULL",
        id,
        now
    )?;
    Ok(changed == 1)
}

/// Somebody is told that it is over. False where another program has told it.
pub async fn end(tx: &mut Tx, id: &AlarmId, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE alarm SET ended_at = $2 WHERE id = $1 AND raised_at IS NOT NULL AND ended_at IS NULL",
        id,
        now
    )?;
    Ok(changed == 1)
}

/// It is over, and nobody was told that it had begun.
pub async fn forget(tx: &mut Tx, id: &AlarmId) -> Result<()> {
    run!(tx, "DELETE FROM alarm WHERE id = $1 AND raised_at IS NULL", id)?;
    Ok(())
}

/// What a webhook is to be told.
pub struct NewCall {
    pub id: AlarmCallId,
    pub alarm: AlarmId,
    pub event: AlarmEvent,
    pub body: String,
}

/// Each is told once.
pub async fn add_call(tx: &mut Tx, call: &NewCall, now: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO alarm_call (id, alarm_id, event, body, state, created_at, next_at)
         VALUES ($1, $2, $3, $4, 'pending', $5, $5) ON CONFLICT DO NOTHING",
        &call.id,
        &call.alarm,
        call.event,
        &call.body,
        now
    )?;
    Ok(())
}

row! {
    pub struct Call {
        pub id: AlarmCallId,
        pub body: String,
        pub attempt: i64,
        pub created_at: Ts,
    }
}

/// Calls whose time has come. That something is over is not told before that it has begun.
pub async fn due_calls(tx: &mut Tx, now: Ts, limit: i64) -> Result<Vec<Call>> {
    all!(
        tx,
        "SELECT c.id AS id, c.body AS body, c.attempt AS attempt, c.created_at AS created_at FROM alarm_call c
         WHERE c.state = 'pending' AND c.next_at <= $1 AND (c.lease_until IS NULL OR c.lease_until <= $1)
            AND (c.event = 'raised' OR NOT EXISTS (SELECT 1 FROM alarm_call b
                WHERE b.alarm_id = c.alarm_id AND b.event = 'raised' AND b.state = 'pending'))
         ORDER BY c.next_at, c.id LIMIT $2",
        now,
        limit
    )
}

/// How many calls wait that were made before that.
pub async fn old_calls(tx: &mut Tx, before: Ts) -> Result<i64> {
    let old: Count =
        one!(tx, "SELECT count(*) AS n FROM alarm_call WHERE state = 'pending' AND created_at < $1", before)?;
    Ok(old.n)
}

/// Whoever was to make these has been told not to: they call nobody later.
pub async fn give_up_old_calls(tx: &mut Tx, before: Ts, why: &str, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE alarm_call SET state = 'failed', answer = $2, settled_at = $3, lease_until = NULL
         WHERE state = 'pending' AND created_at < $1",
        before,
        why,
        now
    )?;
    Ok(())
}

row! {
    /// A call as people are told of it.
    pub struct ToldCall {
        pub alarm_id: AlarmId,
        pub event: AlarmEvent,
        pub state: CallState,
        pub attempt: i64,
        pub settled_at: Option<Ts>,
        pub answer: Option<String>,
    }
}

/// What a webhook was told of these alarms: of each first that it has begun.
pub async fn calls_of(tx: &mut Tx, alarms: &[&AlarmId]) -> Result<Vec<ToldCall>> {
    all!(
        tx,
        "SELECT alarm_id, event, state, attempt, settled_at, answer FROM alarm_call
         WHERE alarm_id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY alarm_id, event DESC",
        ids(alarms)?
    )
}

/// Takes one for nobody else to take it before then. False where somebody else has.
pub async fn take_call(tx: &mut Tx, call: &Call, now: Ts, until: Ts) -> Result<bool> {
    let changed = run!(
        quiet tx,
        "UPDATE alarm_call SET lease_until = $3, attempt = attempt + 1
         WHERE id = $1 AND state = 'pending' AND (lease_until IS NULL OR lease_until <= $2)",
        &call.id,
        now,
        until
    )?;
    Ok(changed == 1)
}

/// What became of it; `next_at` counts for one that is pending still.
pub async fn settle_call(
    tx: &mut Tx,
    id: &AlarmCallId,
    state: CallState,
    next_at: Ts,
    answer: &str,
    now: Ts,
) -> Result<()> {
    run!(
        tx,
        "UPDATE alarm_call SET state = $2, next_at = $3, answer = $4, lease_until = NULL,
            settled_at = CASE WHEN $2 = 'pending' THEN NULL ELSE CAST($5 AS BIGINT) END
         WHERE id = $1 AND state = 'pending'",
        id,
        state,
        next_at,
        answer,
        now
    )?;
    Ok(())
}
