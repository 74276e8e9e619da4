//! Addresses that an older version has kept in spellings of their own are brought to the one spelling of today, once.
//!
//! Where two rows are one mailbox by it, both stay as they are: which of them is right is for a person to say, and `doctor` names them.

use std::collections::BTreeSet;

use crate::base::address::{EmailAddress, key_of};
use crate::base::problem::Result;
use crate::store::completion::Count;

use super::tx::Tx;

const DONE: &str = "addresses in one spelling";

row! {
    pub struct KeptSpelling {
        pub what: String,
        pub id: String,
        pub other: String,
        pub text: String,
    }
}

/// Everything by which an address is found, where it is not plain ASCII or holds an A-label.
async fn kept(tx: &mut Tx) -> Result<Vec<KeptSpelling>> {
    all!(
        tx,
        "SELECT k.what AS what, k.id AS id, k.other AS other, k.text AS text FROM (
            SELECT 'contact' AS what, id, list_key AS other, email_key AS text FROM contact
            UNION ALL SELECT 'listed' AS what, id, list_key AS other, list_key AS text FROM contact WHERE list_key <> email_key
            UNION ALL SELECT 'director' AS what, id, '' AS other, director_email AS text FROM account
            UNION ALL SELECT 'manager' AS what, id, '' AS other, manager_email AS text FROM account
            UNION ALL SELECT 'request' AS what, id, '' AS other, email AS text FROM request
            UNION ALL SELECT 'repair' AS what, id, '' AS other, email AS text FROM repair_request
            UNION ALL SELECT 'objection' AS what, id, '' AS other, email_key AS text FROM objection
            UNION ALL SELECT 'operator' AS what, id, '' AS other, email AS text FROM operator
            UNION ALL SELECT 'address' AS what, email_key AS id, '' AS other, email_key AS text FROM address) AS k
         WHERE octet_length(k.text) <> length(k.text) OR lower(k.text) LIKE '%xn--%'
         ORDER BY CASE k.what WHEN 'contact' THEN 0 ELSE 1 END, k.what, k.id"
    )
}

/// Once per database, at the start after its schema was brought up to date.
pub async fn run(tx: &mut Tx) -> Result<()> {
    let done: Count = one!(tx, "SELECT count(*) AS n FROM upgrade WHERE name = $1", DONE)?;
    if done.n > 0 {
        return Ok(());
    }
    let mut twins = BTreeSet::new();
    for row in kept(tx).await? {
        let key = key_of(&row.text);
        if key == row.text || twins.contains(&row.text) && matches!(row.what.as_str(), "objection" | "address") {
            continue;
        }
        respell(tx, &row, &key).await?;
        if row.what == "contact" && keeps(tx, &row).await? {
            twins.insert(row.text);
        }
    }
    // Two people with one mailbox: what is known under either spelling is known of both.
    for old in twins {
        let key = key_of(&old);
        share(tx, &old, &key).await?;
        share(tx, &key, &old).await?;
    }
    run!(tx, "INSERT INTO upgrade (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", DONE)?;
    Ok(())
}

/// Whether a contact has kept its spelling, because another one of its round has the new one.
async fn keeps(tx: &mut Tx, row: &KeptSpelling) -> Result<bool> {
    let kept: Count =
        one!(tx, "SELECT count(*) AS n FROM contact WHERE id = $1 AND email_key = $2", &row.id, &row.text)?;
    Ok(kept.n > 0)
}

/// What is known of one spelling is known of the other one, and stays where it is.
async fn share(tx: &mut Tx, from: &str, to: &str) -> Result<()> {
    run!(
        tx,
        "INSERT INTO objection (id, client, email_key, kind, since, round_id, contact_id, recorded_by, evidence)
         SELECT id || '/twin', client, $2, kind, since, round_id, contact_id, recorded_by, evidence FROM objection
         WHERE email_key = $1 AND ended_at IS NULL ON CONFLICT DO NOTHING",
        from,
        to
    )?;
    run!(
        tx,
        "INSERT INTO address (email_key, dead_at, dead_because, soft_bounces, last_soft_at, complained_at)
         SELECT $2, dead_at, dead_because, soft_bounces, last_soft_at, complained_at FROM address WHERE email_key = $1
         ON CONFLICT (email_key) DO UPDATE SET dead_at = COALESCE(address.dead_at, excluded.dead_at),
            dead_because = COALESCE(address.dead_because, excluded.dead_because),
            complained_at = COALESCE(address.complained_at, excluded.complained_at)",
        from,
        to
    )?;
    Ok(())
}

/// A row keeps its spelling where another has the new one already.
async fn respell(tx: &mut Tx, row: &KeptSpelling, key: &str) -> Result<()> {
    let (id, key) = (row.id.as_str(), key);
    match row.what.as_str() {
        "contact" => {
            let email = EmailAddress::parse(&row.text).map_or_else(|_| row.text.clone(), |a| a.to_string());
            run!(
                tx,
                "UPDATE contact SET email_key = $2, list_key = CASE WHEN list_key = email_key THEN $2 ELSE list_key END, version = version + 1,
                    email = CASE WHEN lower(email) = email_key THEN $3 ELSE email END
                 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM contact o WHERE o.round_id = contact.round_id AND o.email_key = $2)",
                id,
                key,
                email
            )
        }
        "listed" => run!(tx, "UPDATE contact SET list_key = $2 WHERE id = $1", id, key),
        "director" => run!(tx, "UPDATE account SET director_email = $2 WHERE id = $1", id, key),
        "manager" => run!(tx, "UPDATE account SET manager_email = $2 WHERE id = $1", id, key),
        "request" => run!(
            tx,
            "UPDATE request SET email = $2 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM request o
                WHERE o.round_id = request.round_id AND o.level = request.level AND o.email = $2)",
            id,
            key
        ),
        "repair" => run!(
            tx,
            "UPDATE repair_request SET email = $2 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM repair_request o
                WHERE o.round_id = repair_request.round_id AND o.email = $2)",
            id,
            key
        ),
        "operator" => run!(
            tx,
            "UPDATE operator SET email = $2 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM operator o WHERE o.email = $2)",
            id,
            key
        ),
        "objection" => run!(
            tx,
            "UPDATE objection SET email_key = $2 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM objection o
                WHERE o.client = objection.client AND o.kind = objection.kind AND o.email_key = $2 AND o.ended_at IS NULL)",
            id,
            key
        ),
        // What was found out under either spelling holds for the mailbox.
        _ => {
            run!(
                tx,
                "INSERT INTO address (email_key, dead_at, dead_because, soft_bounces, last_soft_at, complained_at)
                 SELECT $2, dead_at, dead_because, soft_bounces, last_soft_at, complained_at FROM address WHERE email_key = $1
                 ON CONFLICT (email_key) DO UPDATE SET dead_at = COALESCE(address.dead_at, excluded.dead_at),
                    dead_because = COALESCE(address.dead_because, excluded.dead_because),
                    soft_bounces = address.soft_bounces + excluded.soft_bounces,
                    complained_at = COALESCE(address.complained_at, excluded.complained_at)",
                id,
                key
            )?;
            run!(tx, "DELETE FROM address WHERE email_key = $1", id)
        }
    }?;
    Ok(())
}

row! {
    /// Two people of one round with one mailbox, from before spellings counted as one.
    pub struct Twin {
        pub round: String,
        pub name: String,
        pub account: String,
        pub email_key: String,
    }
}

/// Whoever is in a round that is not over under a spelling that is not the mailbox's, together with whoever has that mailbox there.
pub async fn twins(tx: &mut Tx) -> Result<Vec<(Twin, Twin)>> {
    let odd: Vec<Twin> = all!(
        tx,
        "SELECT r.slug AS round, trim(c.first_name || ' ' || c.last_name) AS name, a.name AS account, c.email_key AS email_key
         FROM contact c JOIN round r ON r.id = c.round_id JOIN account a ON a.id = c.account_id
         WHERE r.state <> 'closed' AND c.removed_at IS NULL
            AND (octet_length(c.email_key) <> length(c.email_key) OR c.email_key LIKE '%xn--%') ORDER BY r.slug, c.id"
    )?;
    let mut all = Vec::new();
    for twin in odd {
        let key = key_of(&twin.email_key);
        if key == twin.email_key {
            continue;
        }
        let other: Option<Twin> = maybe!(
            tx,
            "SELECT r.slug AS round, trim(c.first_name || ' ' || c.last_name) AS name, a.name AS account, c.email_key AS email_key
             FROM contact c JOIN round r ON r.id = c.round_id JOIN account a ON a.id = c.account_id
             WHERE r.slug = $1 AND c.email_key = $2 AND c.removed_at IS NULL",
            &twin.round,
            key
        )?;
        all.extend(other.map(|other| (other, twin)));
    }
    Ok(all)
}
