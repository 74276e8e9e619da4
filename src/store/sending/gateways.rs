//! Receiving gateways: which domains are behind them, how we stand with each, and what waits for them.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::store::database::tx::{Tx, ids};

row! {
    pub struct Due {
        pub domain: String,
    }
}

/// Domains of messages of running rounds that are due by `until` and of which nothing is known that is still good.
pub async fn unknown_domains(tx: &mut Tx, until: Ts, now: Ts, limit: i64) -> Result<Vec<Due>> {
    // What stands after the @, in words of both databases: the address without all that is left when everything after the @ is cut off.
    all!(
        tx,
        "SELECT due.domain AS domain FROM (
            SELECT DISTINCT lower(replace(m.to_email, rtrim(m.to_email, replace(m.to_email, '@', '')), '')) AS domain
            FROM message m JOIN round r ON r.id = m.lane AND r.state = 'running'
            WHERE m.state = 'planned' AND m.due_at <= $1 AND m.contact_id IS NOT NULL) AS due
         WHERE NOT EXISTS (SELECT 1 FROM mail_domain d WHERE d.domain = due.domain AND d.ask_again_at > $2) ORDER BY due.domain LIMIT $3",
        until,
        now,
        limit
    )
}

/// What name servers said of a domain. `refused_since` stays the first of a row of refusals.
pub struct MxRecord {
    pub domain: String,
    pub gateway: String,
    pub ask_again_at: Ts,
    pub refused_since: Option<Ts>,
    pub said: String,
}

pub async fn note_answer(tx: &mut Tx, answer: &MxRecord, now: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO mail_domain (domain, gateway, asked_at, ask_again_at, refused_since, said) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (domain) DO UPDATE SET gateway = excluded.gateway, asked_at = excluded.asked_at, ask_again_at = excluded.ask_again_at,
            refused_since = excluded.refused_since, said = excluded.said",
        &answer.domain,
        &answer.gateway,
        now,
        answer.ask_again_at,
        answer.refused_since,
        &answer.said
    )?;
    Ok(())
}

row! {
    pub struct ConcernedDomain {
        pub email: EmailAddress,
    }
}

/// Addresses in this domain of contacts of running rounds who can be reached, as far as is known.
pub async fn addresses_of_domain(tx: &mut Tx, domain: &str) -> Result<Vec<ConcernedDomain>> {
    all!(
        tx,
        "SELECT DISTINCT c.email FROM contact c JOIN round r ON r.id = c.round_id AND r.state = 'running'
         WHERE replace(c.email_key, rtrim(c.email_key, replace(c.email_key, '@', '')), '') = $1 AND c.removed_at IS NULL
         AND c.undeliverable_at IS NULL ORDER BY c.email",
        domain
    )
}

row! {
    /// See `rules::sending::pace::Standing`.
    pub struct Gateway {
        pub name: String,
        pub slowed: i64,
        pub slowed_at: Option<Ts>,
        pub suspect_at: Option<Ts>,
        pub holds: i64,
        pub held_at: Option<Ts>,
        pub held_until: Option<Ts>,
        pub held_by: String,
        pub said: String,
    }
}

/// Those of these gateways that were in trouble at some time.
pub async fn of_names(tx: &mut Tx, names: &[&str]) -> Result<Vec<Gateway>> {
    all!(
        tx,
        "SELECT name, slowed, slowed_at, suspect_at, holds, held_at, held_until, held_by, said FROM gateway
         WHERE name IN (SELECT value ->> 'id' FROM json_each($1))",
        ids(names)?
    )
}

/// Gateways that are held now, by a person or by what they said.
pub async fn held(tx: &mut Tx, now: Ts) -> Result<Vec<Gateway>> {
    all!(
        tx,
        "SELECT name, slowed, slowed_at, suspect_at, holds, held_at, held_until, held_by, said FROM gateway
         WHERE held_by <> '' OR held_until > $1 ORDER BY name",
        now
    )
}

pub async fn keep(tx: &mut Tx, g: &Gateway) -> Result<()> {
    run!(
        tx,
        "INSERT INTO gateway (name, slowed, slowed_at, suspect_at, holds, held_at, held_until, held_by, said)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (name) DO UPDATE SET slowed = excluded.slowed, slowed_at = excluded.slowed_at, suspect_at = excluded.suspect_at,
            holds = excluded.holds, held_at = excluded.held_at, held_until = excluded.held_until, held_by = excluded.held_by,
            said = excluded.said",
        &g.name,
        g.slowed,
        g.slowed_at,
        g.suspect_at,
        g.holds,
        g.held_at,
        g.held_until,
        &g.held_by,
        &g.said
    )?;
    Ok(())
}

row! {
    pub struct Many {
        pub rows: i64,
    }
}

/// Whether somebody has gone first to this gateway, from any running round, and was not accepted by `accepted_by`.
pub async fn first_is_out(tx: &mut Tx, gateway: &str, accepted_by: Ts) -> Result<bool> {
    let out: Many = one!(
        tx,
        "SELECT count(*) AS rows FROM canary y JOIN round r ON r.id = y.round_id AND r.state = 'running'
            JOIN message f ON f.id = y.message_id
         WHERE y.gateway = $1 AND y.passed_at IS NULL AND y.since > 0 AND NOT (f.state = 'sent' AND f.settled_at <= $2)",
        gateway,
        accepted_by
    )?;
    Ok(out.rows > 0)
}

/// Somebody goes first again, from every round.
pub async fn forget_first(tx: &mut Tx, gateway: &str) -> Result<()> {
    run!(tx, "UPDATE canary SET passed_at = NULL, since = 0 WHERE gateway = $1", gateway)?;
    Ok(())
}

/// Whoever waits in the queue of a gateway is asked now.
pub async fn ask_all_now(tx: &mut Tx, gateway: &str, now: Ts) -> Result<u64> {
    run!(
        tx,
        "UPDATE message SET due_at = $2, place = NULL WHERE waits_at = $1 AND state = 'planned' AND place = due_at AND due_at > $2",
        gateway,
        now
    )
}

row! {
    /// A gateway as the outbox shows it.
    pub struct ShownGateway {
        pub name: String,
        /// Domains behind it that were asked for; 0: it is a domain by itself.
        pub domains: i64,
        pub waiting: i64,
        /// Let go on `day`.
        pub today: i64,
        pub day: i64,
        /// Somebody is first, from this round, and it is not known yet how that goes.
        pub first_out: i64,
    }
}

/// The gateways that this round has to do with: those to which something of it has gone, and those at which something waits. Busiest first.
/// `accepted_by`: as for [`first_is_out`].
pub async fn of_round(tx: &mut Tx, round: &RoundId, accepted_by: Ts, limit: i64) -> Result<Vec<ShownGateway>> {
    all!(
        tx,
        "SELECT n.name AS name, (SELECT count(*) FROM mail_domain d WHERE d.gateway = n.name) AS domains,
            (SELECT count(*) FROM message m
                WHERE m.state = 'planned' AND m.place = m.due_at AND m.waits_at = n.name AND m.lane = $1) AS waiting,
            COALESCE(b.today, 0) AS today, COALESCE(b.day, 0) AS day,
            CASE WHEN y.since > 0 AND y.passed_at IS NULL AND NOT (f.state = 'sent' AND f.settled_at <= $2) THEN 1 ELSE 0 END AS first_out
         FROM (SELECT gateway AS name FROM canary WHERE round_id = $1 UNION SELECT waits_at AS name FROM message
                WHERE state = 'planned' AND place = due_at AND waits_at LIKE '%.%' AND lane = $1) AS n
         LEFT JOIN budget b ON b.name = n.name LEFT JOIN canary y ON y.gateway = n.name AND y.round_id = $1
         LEFT JOIN message f ON f.id = y.message_id
         ORDER BY waiting DESC, today DESC, name LIMIT $3",
        round,
        accepted_by,
        limit
    )
}

row! {
    pub struct Behind {
        pub domain: String,
    }
}

/// Some domains behind a gateway, in alphabetical order.
pub async fn domains_behind(tx: &mut Tx, gateway: &str, limit: i64) -> Result<Vec<Behind>> {
    all!(tx, "SELECT domain FROM mail_domain WHERE gateway = $1 ORDER BY domain LIMIT $2", gateway, limit)
}

row! {
    pub struct WaitingAtGateway {
        pub name: String,
        pub messages: i64,
    }
}

/// How many messages wait in which queue, of all rounds.
pub async fn waiting(tx: &mut Tx) -> Result<Vec<WaitingAtGateway>> {
    all!(
        tx,
        "SELECT waits_at AS name, count(*) AS messages FROM message WHERE state = 'planned' AND place = due_at AND waits_at IS NOT NULL
         GROUP BY waits_at ORDER BY waits_at"
    )
}

row! {
    /// A domain and the gateway that it is behind.
    pub struct DomainGateway {
        pub domain: String,
        pub gateway: String,
    }
}

/// Domains that are not gateways by themselves.
pub async fn shared(tx: &mut Tx) -> Result<Vec<DomainGateway>> {
    all!(tx, "SELECT domain, gateway FROM mail_domain WHERE gateway <> domain ORDER BY domain")
}
