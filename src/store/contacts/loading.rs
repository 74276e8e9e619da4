//! People of a list that is not in yet (decision 0028): put down by pieces under the list's mark, on the list all at once.

use serde::Serialize;

use crate::base::clock::Ts;
use crate::base::folding::{Findable, person_key};
use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::Role;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, ids, json};

use super::new_contact::{NewContact, found_by};
use super::search_words;

row! {
    /// Somebody whom an earlier load has left marked, by address.
    pub struct LeftByLoad {
        pub id: ContactId,
        pub email_key: String,
    }
}

/// Whom loads that did not end have put down in this round.
pub async fn left(tx: &mut Tx, round: &RoundId) -> Result<Vec<LeftByLoad>> {
    all!(
        tx,
        "SELECT id, email_key FROM contact WHERE round_id = $1 AND loading IS NOT NULL ORDER BY loading, id",
        round
    )
}

/// In the order of the columns: of arrays SQLite takes a hundred thousand apart in half the time of objects.
#[rustfmt::skip]
#[derive(Serialize)]
struct Row<'a>(
    &'a ContactId, &'a str, &'a str, i64, &'a str, String, &'a str, &'a str, &'a str, Role,
    &'a str, &'a str, &'a str, &'a str, &'a str, &'a str, &'a str, &'a str, String, &'a str, &'a str,
);

fn row<'a>((c, found): (&'a NewContact, &'a Findable)) -> Row<'a> {
    Row(
        &c.id,
        c.round_id.as_str(),
        c.account_id.as_str(),
        c.line,
        c.email.as_str(),
        c.email.key(),
        &c.first_name,
        &c.last_name,
        &c.job_title,
        c.role,
        &c.language,
        &c.country,
        &c.region,
        &c.time_zone,
        &c.findings,
        &c.link_hash,
        &c.opt_out_hash,
        &found.text,
        person_key(&c.first_name, &c.last_name),
        &c.client_key,
        &c.more,
    )
}

/// People as they are put down. Worked out apart from the transaction that does it: half of the work of a list is this.
pub struct Piece {
    rows: String,
    /// By which words each of them is found.
    pub words: Vec<Vec<String>>,
}

pub fn piece(contacts: &[NewContact]) -> Result<Piece> {
    let found: Vec<Findable> = contacts.iter().map(found_by).collect();
    let rows = json(&contacts.iter().zip(&found).map(row).collect::<Vec<_>>())?;
    Ok(Piece { rows, words: found.into_iter().map(|found| found.words).collect() })
}

/// Puts people down under a mark; whoever is in the round stays untouched. Their words are entered apart ([`search_words::enter`]).
/// `again`: some of them stand there under an earlier mark, by the same ids.
pub async fn put(tx: &mut Tx, piece: &Piece, mark: &str, again: bool, now: Ts) -> Result<()> {
    let rows = &piece.rows;
    if again {
        run!(
            tx,
            "UPDATE contact SET account_id = list.account_id, line = list.line, email = list.email, first_name = list.first_name,
                last_name = list.last_name, job_title = list.job_title, role = list.role, language = list.language, country = list.country,
                region = list.region, time_zone = list.time_zone, findings = list.findings, words = list.words, sort_key = list.sort_key,
                client_key = list.client_key, more = list.more, loading = $2
             FROM (SELECT value ->> 0 AS id, value ->> 2 AS account_id, CAST(value ->> 3 AS BIGINT) AS line, value ->> 4 AS email,
                    value ->> 6 AS first_name, value ->> 7 AS last_name, value ->> 8 AS job_title, value ->> 9 AS role,
                    value ->> 10 AS language, value ->> 11 AS country, value ->> 12 AS region, value ->> 13 AS time_zone,
                    value ->> 14 AS findings, value ->> 17 AS words, value ->> 18 AS sort_key,
                    value ->> 19 AS client_key, value ->> 20 AS more FROM json_each($1)) AS list
             WHERE contact.id = list.id AND contact.loading IS NOT NULL",
            rows,
            mark
        )?;
    }
    run!(
        tx,
        "INSERT INTO contact (id, round_id, account_id, line, email, email_key, list_key, first_name, last_name, job_title, role,
            language, country, region, time_zone, findings, link_hash, opt_out_hash, words, sort_key, client_key, more, loading, removed_at,
            removed_reason)
         SELECT value ->> 0, value ->> 1, value ->> 2, CAST(value ->> 3 AS BIGINT), value ->> 4, value ->> 5, value ->> 5, value ->> 6,
            value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14, value ->> 15,
            value ->> 16, value ->> 17, value ->> 18, value ->> 19, value ->> 20, $2, $3, 'not on the list yet'
         FROM json_each($1) WHERE 1 = 1 ON CONFLICT DO NOTHING",
        rows,
        mark,
        now
    )?;
    Ok(())
}

/// How many people stand under a mark.
pub async fn count(tx: &mut Tx, round: &RoundId, mark: &str) -> Result<i64> {
    let count: Count = one!(tx, "SELECT count(*) AS n FROM contact WHERE round_id = $1 AND loading = $2", round, mark)?;
    Ok(count.n)
}

/// Those under a mark of whose address something is known: that it is dead, or what it has said to the client for good.
pub async fn known_of(tx: &mut Tx, round: &RoundId, mark: &str) -> Result<Vec<ContactId>> {
    let found: Vec<(ContactId,)> = all!(
        tx,
        "SELECT c.id AS id FROM contact c JOIN address a ON a.email_key = c.email_key
         WHERE c.round_id = $1 AND c.loading = $2 AND a.dead_at IS NOT NULL
         UNION SELECT c.id AS id FROM round r JOIN objection o ON o.client = r.client_key AND o.ended_at IS NULL
            JOIN contact c ON c.round_id = r.id AND c.email_key = o.email_key
         WHERE r.id = $1 AND c.loading = $2 ORDER BY 1",
        round,
        mark
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Takes the mark away: from now on they are on the list, all to be looked at. They are counted here, all together.
pub async fn land(tx: &mut Tx, round: &RoundId, mark: &str, now: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO people_tally (round_id, role, country, region, time_zone, language, listed)
         SELECT round_id, role, country, region, time_zone, language, count(*) FROM contact WHERE round_id = $1 AND loading = $2
         GROUP BY round_id, role, country, region, time_zone, language
         ON CONFLICT (round_id, role, country, region, time_zone, language) DO UPDATE SET
            listed = people_tally.listed + excluded.listed",
        round,
        mark
    )?;
    run!(
        tx,
        "INSERT INTO tally (round_id, role, listed)
         SELECT round_id, role, count(*) FROM contact WHERE round_id = $1 AND loading = $2 GROUP BY round_id, role
         ON CONFLICT (round_id, role) DO UPDATE SET listed = tally.listed + excluded.listed",
        round,
        mark
    )?;
    run!(
        tx,
        "UPDATE account SET listed = account.listed + marked.n, deciders_left = account.deciders_left + marked.deciders,
            to_look_at = account.to_look_at + marked.found
         FROM (SELECT account_id, count(*) AS n, CAST(sum(CASE role WHEN 'key_decision_maker' THEN 1 ELSE 0 END) AS BIGINT) AS deciders,
                CAST(sum(CASE WHEN findings <> '[]' THEN 1 ELSE 0 END) AS BIGINT) AS found
            FROM contact WHERE round_id = $1 AND loading = $2 GROUP BY account_id) AS marked
         WHERE account.id = marked.account_id",
        round,
        mark
    )?;
    run!(
        tx,
        "UPDATE contact SET loading = NULL, removed_at = NULL, removed_reason = NULL, look_at = $3 WHERE round_id = $1 AND loading = $2",
        round,
        mark,
        now
    )?;
    Ok(())
}

/// Forgets people who stand under a mark and are on no list: nothing was ever known of them.
pub async fn forget(tx: &mut Tx, round: &RoundId, contacts: &[&ContactId]) -> Result<()> {
    for contact in contacts {
        search_words::forget(tx, round, contact).await?;
    }
    let gone = ids(contacts)?;
    run!(
        tx,
        "DELETE FROM contact WHERE round_id = $1 AND loading IS NOT NULL AND id IN (SELECT value ->> 'id' FROM json_each($2))",
        round,
        &gone
    )?;
    Ok(())
}

/// Somebody on the list is given this address: whoever stands under a mark with it gives way. The load finds him missing and compares
/// again.
pub async fn give_way(tx: &mut Tx, round: &RoundId, email_key: &str) -> Result<()> {
    let marked: Vec<(ContactId,)> = all!(
        tx,
        "SELECT id FROM contact WHERE round_id = $1 AND email_key = $2 AND loading IS NOT NULL ORDER BY id",
        round,
        email_key
    )?;
    let marked: Vec<&ContactId> = marked.iter().map(|(id,)| id).collect();
    if marked.is_empty() { Ok(()) } else { forget(tx, round, &marked).await }
}

/// The fingerprints of accounts that are new with a list: nobody has signed them.
pub async fn fingerprints(tx: &mut Tx, accounts: &[(AccountId, String)]) -> Result<()> {
    let rows: Vec<_> = accounts.iter().map(|(id, print)| serde_json::json!({ "id": id, "print": print })).collect();
    run!(
        tx,
        "UPDATE account SET fingerprint = new.print
         FROM (SELECT value ->> 'id' AS id, value ->> 'print' AS print FROM json_each($1)) AS new WHERE account.id = new.id",
        json(&rows)?
    )?;
    Ok(())
}
