//! Rounds: what was loaded, and where each is in its life.

use crate::base::clock::Ts;
use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::base::seal::sha256;
use crate::rules::contacts::objection::client_key;
use crate::rules::round::RoundState;
use crate::store::database::tx::Tx;
use crate::store::signoff::looks;

/// The columns of [`Round`], then what narrows them down.
macro_rules! rounds {
    ($rest:literal) => {
        concat!(
            "SELECT id, slug, client, state, spec, questionnaire, words, version, created_at, started_at, closed_at,
             closes_at, next_digest_at FROM round ",
            $rest
        )
    };
}

row! {
    pub struct Round {
        pub id: RoundId,
        pub slug: String,
        pub client: String,
        pub state: RoundState,
        /// `RoundSpec` as JSON.
        pub spec: String,
        /// `Questionnaire` as JSON.
        pub questionnaire: String,
        /// `Words` as JSON.
        pub words: String,
        pub version: i64,
        pub created_at: Ts,
        pub started_at: Option<Ts>,
        pub closed_at: Option<Ts>,
        pub closes_at: Ts,
        pub next_digest_at: Option<Ts>,
    }
}

pub async fn insert(tx: &mut Tx, round: &Round, actor: &str) -> Result<()> {
    run!(
        tx,
        "INSERT INTO round (id, slug, client, state, spec, questionnaire, words, version, created_at, closes_at, client_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &round.id,
        &round.slug,
        &round.client,
        round.state,
        &round.spec,
        &round.questionnaire,
        &round.words,
        round.version,
        round.created_at,
        round.closes_at,
        client_key(&round.client)
    )?;
    run!(tx, "INSERT INTO account_tally (round_id) VALUES ($1)", &round.id)?;
    remember(tx, round, round.created_at, actor).await
}

/// Keeps the settings and words that are in force from now on beside those before. The same words are kept once.
async fn remember(tx: &mut Tx, round: &Round, now: Ts, actor: &str) -> Result<()> {
    let wording = sha256(&round.words);
    run!(tx, "INSERT INTO wording (id, words) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", &wording, &round.words)?;
    run!(
        tx,
        "INSERT INTO plan_history (round_id, version, since, spec, wording, actor)
         SELECT id, version, CAST($2 AS BIGINT), spec, CAST($3 AS TEXT), CAST($4 AS TEXT) FROM round WHERE id = $1",
        &round.id,
        now,
        &wording,
        actor
    )?;
    Ok(())
}

row! {
    /// What a round said at one version of it.
    pub struct Said {
        /// `RoundSpec` as JSON.
        pub spec: String,
        /// `Words` as JSON; none where they were not kept yet.
        pub words: Option<String>,
    }
}

/// What the round said when it had this version: versions between two that are kept changed neither settings nor words.
pub async fn said_at(tx: &mut Tx, round: &RoundId, version: i64) -> Result<Option<Said>> {
    maybe!(
        tx,
        "SELECT h.spec, w.words FROM plan_history h LEFT JOIN wording w ON w.id = h.wording
         WHERE h.round_id = $1 AND h.version <= $2 ORDER BY h.version DESC LIMIT 1",
        round,
        version
    )
}

row! {
    pub struct RoundSettings {
        pub since: Ts,
        /// `RoundSpec` as JSON.
        pub spec: String,
    }
}

/// The settings of a round, the oldest first.
pub async fn history(tx: &mut Tx, round: &RoundId) -> Result<Vec<RoundSettings>> {
    all!(tx, "SELECT since, spec FROM plan_history WHERE round_id = $1 ORDER BY version", round)
}

/// Replaces what the folder says; whatever was claimed on the old content is decided again.
pub async fn replace_content(tx: &mut Tx, round: &Round, now: Ts, actor: &str) -> Result<()> {
    run!(
        tx,
        "UPDATE round SET client = $2, spec = $3, questionnaire = $4, words = $5, closes_at = $6, version = version + 1 WHERE id = $1",
        &round.id,
        &round.client,
        &round.spec,
        &round.questionnaire,
        &round.words,
        round.closes_at
    )?;
    // Who is asked besides a director may be another one now.
    looks::plan_all(tx, &round.id, now).await?;
    remember(tx, round, now, actor).await
}

row! {
    pub struct KeptVersion {
        pub loaded: String,
    }
}

/// What the folder said when it was last loaded, as JSON; none where it was not kept yet.
pub async fn loaded(tx: &mut Tx, id: &RoundId) -> Result<Option<String>> {
    let kept: Option<KeptVersion> = maybe!(tx, "SELECT loaded FROM round WHERE id = $1 AND loaded IS NOT NULL", id)?;
    Ok(kept.map(|kept| kept.loaded))
}

pub async fn set_loaded(tx: &mut Tx, id: &RoundId, loaded: &str) -> Result<()> {
    run!(tx, "UPDATE round SET loaded = $2 WHERE id = $1", id, loaded)?;
    Ok(())
}

row! {
    /// The settings and words of one version, and who made it.
    pub struct Version {
        pub since: Ts,
        /// None where it was not kept yet.
        pub actor: Option<String>,
        /// `RoundSpec` as JSON.
        pub spec: String,
        /// `Words` as JSON; none where they were not kept yet.
        pub words: Option<String>,
    }
}

/// The oldest first.
pub async fn versions(tx: &mut Tx, id: &RoundId) -> Result<Vec<Version>> {
    all!(
        tx,
        "SELECT h.since, h.actor, h.spec, w.words FROM plan_history h LEFT JOIN wording w ON w.id = h.wording
         WHERE h.round_id = $1 ORDER BY h.version",
        id
    )
}

pub async fn by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Round>> {
    maybe!(tx, rounds!("WHERE slug = $1"), slug)
}

pub async fn by_id(tx: &mut Tx, id: &RoundId) -> Result<Option<Round>> {
    maybe!(tx, rounds!("WHERE id = $1"), id)
}

row! {
    /// What people call a round, as far as it can be read.
    pub struct Called {
        pub client: String,
        /// `RoundSpec` as JSON.
        pub spec: String,
    }
}

/// Of a round by its slug or its id.
pub async fn called(tx: &mut Tx, name: &str) -> Result<Option<Called>> {
    maybe!(tx, "SELECT client, spec FROM round WHERE slug = $1 OR id = $1", name)
}

row! {
    /// Enough of a round to list it and to notice that it changed.
    pub struct Brief {
        pub id: RoundId,
        pub slug: String,
        pub client: String,
        pub state: RoundState,
        pub version: i64,
        pub created_at: Ts,
        pub closes_at: Ts,
        pub next_digest_at: Option<Ts>,
    }
}

/// The columns of [`Brief`], then what narrows them down.
macro_rules! briefs {
    ($rest:literal) => {
        concat!("SELECT id, slug, client, state, version, created_at, closes_at, next_digest_at FROM round ", $rest)
    };
}

pub async fn brief_by_id(tx: &mut Tx, id: &RoundId) -> Result<Option<Brief>> {
    maybe!(tx, briefs!("WHERE id = $1"), id)
}

pub async fn brief_by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Brief>> {
    // Whoever asks by an address may write any sign; PostgreSQL cannot be asked for this one.
    if slug.contains('\0') {
        return Ok(None);
    }
    maybe!(tx, briefs!("WHERE slug = $1"), slug)
}

/// All rounds, the newest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<Brief>> {
    all!(tx, briefs!("ORDER BY created_at DESC, id DESC"))
}

pub async fn in_state(tx: &mut Tx, state: RoundState) -> Result<Vec<Brief>> {
    all!(tx, briefs!("WHERE state = $1 ORDER BY id"), state)
}

/// Moves a round from one state to the next; false when it was not in `from` any more. What waited while it did not run is counted from when
/// it runs again.
pub async fn set_state(tx: &mut Tx, id: &RoundId, from: RoundState, to: RoundState, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE round SET state = $3, version = version + 1,
            started_at = CASE WHEN $3 = 'running' THEN COALESCE(started_at, $4) ELSE started_at END,
            running_since = CASE WHEN $3 = 'running' THEN $4 ELSE NULL END,
            closed_at = CASE WHEN $3 = 'closed' THEN $4 ELSE closed_at END
         WHERE id = $1 AND state = $2",
        id,
        from,
        to,
        now
    )?;
    Ok(changed == 1)
}

pub async fn set_next_digest(tx: &mut Tx, id: &RoundId, at: Option<Ts>) -> Result<()> {
    run!(tx, "UPDATE round SET next_digest_at = $2 WHERE id = $1", id, at)?;
    Ok(())
}
