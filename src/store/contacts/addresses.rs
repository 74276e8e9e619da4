//! What is known of an address, whoever is listed under it: dead, full at times, complained. Keys are addresses in lower case.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::store::database::tx::{Tx, json};

/// Proven dead. What was known first stays.
pub async fn mark_dead(tx: &mut Tx, email_key: &str, why: &str, now: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO address (email_key, dead_at, dead_because) VALUES ($1, $2, $3)
         ON CONFLICT (email_key) DO UPDATE SET dead_at = COALESCE(address.dead_at, excluded.dead_at),
            dead_because = COALESCE(address.dead_because, excluded.dead_because)",
        email_key,
        now,
        why
    )?;
    Ok(())
}

/// It lives after all; false when nothing else was known.
pub async fn revive(tx: &mut Tx, email_key: &str) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE address SET dead_at = NULL, dead_because = NULL WHERE email_key = $1 AND dead_at IS NOT NULL",
        email_key
    )?;
    Ok(changed == 1)
}

/// A failure that says nothing about the address.
pub async fn note_soft(tx: &mut Tx, email_key: &str, now: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO address (email_key, soft_bounces, last_soft_at) VALUES ($1, 1, $2)
         ON CONFLICT (email_key) DO UPDATE SET soft_bounces = address.soft_bounces + 1, last_soft_at = excluded.last_soft_at",
        email_key,
        now
    )?;
    Ok(())
}

pub async fn note_complaint(tx: &mut Tx, email_key: &str, now: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO address (email_key, complained_at) VALUES ($1, $2)
         ON CONFLICT (email_key) DO UPDATE SET complained_at = COALESCE(address.complained_at, excluded.complained_at)",
        email_key,
        now
    )?;
    Ok(())
}

row! {
    pub struct DeadAddress {
        pub email_key: String,
        pub dead_at: Ts,
        pub dead_because: String,
    }
}

/// Of these addresses, those that are dead, whoever is listed under them; what was concluded in an incident counts when a person has
/// confirmed it.
pub async fn dead(tx: &mut Tx, keys: &[String]) -> Result<HashMap<String, DeadAddress>> {
    let asked: Vec<_> = keys.iter().map(|key| serde_json::json!({ "key": key })).collect();
    let dead: Vec<DeadAddress> = all!(
        tx,
        "SELECT email_key, dead_at, COALESCE(dead_because, '') AS dead_because FROM address
         WHERE dead_at IS NOT NULL AND email_key IN (SELECT value ->> 'key' FROM json_each($1))
            AND NOT EXISTS (SELECT 1 FROM refusal f JOIN incident i ON i.id = f.incident_id AND i.settled_at IS NULL
                WHERE f.email_key = address.email_key AND f.incident_id IS NOT NULL AND f.dead = 1)
         ORDER BY email_key",
        json(&asked)?
    )?;
    Ok(dead.into_iter().map(|d| (d.email_key.clone(), d)).collect())
}

/// The contacts with this address in rounds that are not over.
pub async fn contacts(tx: &mut Tx, email_key: &str) -> Result<Vec<ContactId>> {
    let found: Vec<(ContactId,)> = all!(
        tx,
        "SELECT c.id FROM contact c JOIN round r ON r.id = c.round_id WHERE c.email_key = $1 AND c.loading IS NULL AND r.state <> 'closed' ORDER BY c.id",
        email_key
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
