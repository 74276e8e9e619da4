//! Somebody has the password of the database and rewrites what was done: `doctor` names the first place. Every attack is undone, and then nothing is found.

use std::path::PathBuf;

use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;
use soundings::rules::journal::{Action, Actor};
use soundings::steps::Ctx;
use soundings::steps::audit::chain;
use soundings::steps::round::RoundOrder;
use soundings::store::Db;
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};

use crate::common::{DORA, OPERATOR, World, crowd};

on_both!(
    s_the_journal_cannot_be_rewritten_in_silence,
    s_signatures_cannot_be_rewritten_in_silence,
    s_an_end_that_was_cut_is_known_beside_the_key,
    s_rows_of_earlier_versions_are_chained_once,
    s_two_daemons_write_one_chain,
);

pub(super) async fn by_hand(world: &World, statements: &str) -> Result<(), String> {
    let sql = AssertSqlSafe(statements.to_string()).into_sql_str();
    let done = if world.url.starts_with("sqlite") {
        sqlx::SqliteConnection::connect(&world.url).await.unwrap().execute(sqlx::raw_sql(sql)).await.map(drop)
    } else {
        sqlx::PgConnection::connect(&world.url).await.unwrap().execute(sqlx::raw_sql(sql)).await.map(drop)
    };
    done.map_err(|e| e.to_string())
}

fn seen(world: &World) -> PathBuf {
    world.folder.path().join("secret.seen")
}

/// What is found wrong, in one text.
async fn wrong(world: &World) -> String {
    let found = chain::check(&world.ctx, &seen(world)).await.unwrap();
    assert_eq!(found.iter().map(|f| f.about).collect::<Vec<_>>(), ["journal", "signatures", "journals of rounds"]);
    found.into_iter().filter(|f| !f.ok).map(|f| f.says).collect::<Vec<_>>().join(" ")
}

/// A round with a journal and signatures; the attacker has taken the triggers away.
async fn signed(world: &mut World) {
    world.load(crowd(20)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    for table in ["journal", "signature"] {
        for change in ["DELETE FROM", "UPDATE"] {
            let rest = if change == "UPDATE" { "SET at = at + 1" } else { "" };
            let refused = by_hand(world, &format!("{change} {table} {rest}")).await.unwrap_err();
            assert!(refused.contains("append-only"), "{refused}");
        }
        if !world.ctx.db.is_sqlite() {
            assert!(by_hand(world, &format!("TRUNCATE {table} CASCADE")).await.unwrap_err().contains("append-only"));
        }
    }
    let triggers = if world.ctx.db.is_sqlite() {
        "DROP TRIGGER journal_stays; DROP TRIGGER journal_keeps; DROP TRIGGER signature_stays; DROP TRIGGER signature_keeps; DROP TRIGGER chain_keeps;
         DROP TRIGGER round_chain_keeps"
    } else {
        "ALTER TABLE journal DISABLE TRIGGER ALL; ALTER TABLE signature DISABLE TRIGGER ALL; ALTER TABLE chain DISABLE TRIGGER ALL;
         ALTER TABLE round_chain DISABLE TRIGGER ALL"
    };
    by_hand(world, triggers).await.unwrap();
    world.write_entries(&world.ctx, 5).await;
    assert_eq!(wrong(world).await, "");
}

impl World {
    async fn write_entries(&self, ctx: &Ctx, many: usize) {
        for n in 0..many {
            let c = ctx.clone();
            let written = ctx.db.write(move |tx| {
                Box::pin(async move {
                    c.journal(tx, &Actor::operator(OPERATOR), Action::SawToReply, None, "a subject", &n.to_string())
                        .await
                })
            });
            written.await.unwrap();
        }
    }
}

/// Attack, what is said of it, and how it is undone.
async fn each_is_found(world: &World, attacks: &[(&str, &str, &str)]) {
    for (attack, says, undo) in attacks {
        by_hand(world, attack).await.unwrap();
        let found = wrong(world).await;
        assert!(found.contains(says), "{attack}: {found:?}");
        by_hand(world, undo).await.unwrap();
        assert_eq!(wrong(world).await, "", "after {undo}");
    }
}

async fn s_the_journal_cannot_be_rewritten_in_silence(mut world: World) {
    signed(&mut world).await;
    let last = "(SELECT max(n) FROM journal)";
    let (cut_from, cut) = (
        format!(
            "CREATE TABLE spare AS SELECT * FROM journal WHERE n = {last}; CREATE TABLE spare_end AS SELECT * FROM chain; DELETE FROM journal WHERE n = {last}"
        ),
        "INSERT INTO journal SELECT * FROM spare; DROP TABLE spare; DELETE FROM chain; INSERT INTO chain SELECT * FROM spare_end; DROP TABLE spare_end",
    );
    let cut_with_its_end = format!(
        "{cut_from}; UPDATE chain SET n = {last}, mac = (SELECT mac FROM journal WHERE n = {last}) WHERE name = 'journal'"
    );
    let put_at_the_end = format!(
        "INSERT INTO journal (id, at, actor, action, subject, detail, n, mac) SELECT 'forged', at, actor, action, subject, detail, n + 1, mac FROM journal WHERE n = {last}"
    );
    let swap = "UPDATE journal SET n = -3 WHERE n = 3; UPDATE journal SET n = 3 WHERE n = 4; UPDATE journal SET n = 4 WHERE n = -3";
    each_is_found(
        &world,
        &[
            (
                "UPDATE journal SET detail = detail || 'x' WHERE n = 3",
                "entry number 3 (",
                "UPDATE journal SET detail = substr(detail, 1, length(detail) - 1) WHERE n = 3",
            ),
            (
                "UPDATE journal SET at = at - 1 WHERE n = 2",
                "entry number 2 (",
                "UPDATE journal SET at = at + 1 WHERE n = 2",
            ),
            (
                "UPDATE journal SET round_id = '' WHERE n = (SELECT max(n) FROM journal WHERE round_id IS NULL)",
                "is not what was written",
                "UPDATE journal SET round_id = NULL WHERE round_id = ''",
            ),
            (swap, "entry number 3 (", swap),
            (
                "CREATE TABLE spare AS SELECT * FROM journal WHERE n = 1; DELETE FROM journal WHERE n = 1",
                "entry number 1 is gone",
                "INSERT INTO journal SELECT * FROM spare; DROP TABLE spare",
            ),
            (
                "CREATE TABLE spare AS SELECT * FROM journal WHERE n = 4; DELETE FROM journal WHERE n = 4",
                "entry number 4 is gone",
                "INSERT INTO journal SELECT * FROM spare; DROP TABLE spare",
            ),
            (
                "INSERT INTO journal (id, at, actor, action, subject, detail) VALUES ('forged', 1, 'a', 'b', 'c', 'd')",
                "1 of the entries were put in by somebody else, first forged",
                "DELETE FROM journal WHERE id = 'forged'",
            ),
            (&put_at_the_end, "(forged", "DELETE FROM journal WHERE id = 'forged'"),
            (&cut_from, "somebody has cut their end", cut),
            (&cut_with_its_end, "somebody has cut their end", cut),
            (
                "UPDATE chain SET mac = mac || 'x'",
                "is not what was written",
                "UPDATE chain SET mac = substr(mac, 1, length(mac) - 1)",
            ),
        ],
    )
    .await;
}

async fn s_signatures_cannot_be_rewritten_in_silence(mut world: World) {
    signed(&mut world).await;
    each_is_found(
        &world,
        &[
            (
                "UPDATE signature SET signed_by = signed_by || 'x' WHERE n = 1",
                "signature number 1 (",
                "UPDATE signature SET signed_by = substr(signed_by, 1, length(signed_by) - 1) WHERE n = 1",
            ),
            (
                "CREATE TABLE spare AS SELECT * FROM signature WHERE n = 1; DELETE FROM signed_list; DELETE FROM receipt_line; DELETE FROM signature WHERE n = 1",
                "signature",
                "INSERT INTO signature SELECT * FROM spare; DROP TABLE spare",
            ),
            (
                "INSERT INTO signature SELECT 'forged', round_id, account_id, level, fingerprint, names, signed_by, how, came_from, evidence,
                    recorded_by, at, NULL, NULL, human_step, carried FROM signature WHERE n = 1",
                "put in by somebody else",
                "DELETE FROM signature WHERE id = 'forged'",
            ),
        ],
    )
    .await;
}

async fn s_an_end_that_was_cut_is_known_beside_the_key(mut world: World) {
    signed(&mut world).await;
    by_hand(&world, "CREATE TABLE spare_end AS SELECT * FROM chain").await.unwrap();
    world.write_entries(&world.ctx, 3).await;
    chain::remember(&world.ctx, &seen(&world)).await.unwrap();
    // The end of before is put back whole, seal and all.
    let replay = "DELETE FROM journal WHERE n > (SELECT n FROM spare_end WHERE name = 'journal');
                  DELETE FROM chain; INSERT INTO chain SELECT * FROM spare_end";
    by_hand(&world, replay).await.unwrap();
    assert!(wrong(&world).await.contains("or a backup was restored"), "{}", wrong(&world).await);
    // Nothing that is written later hides it.
    world.write_entries(&world.ctx, 9).await;
    chain::remember(&world.ctx, &seen(&world)).await.unwrap();
    assert!(wrong(&world).await.contains("or a backup was restored"));
    // Emptying the file hides nothing either.
    std::fs::write(seen(&world), "").unwrap();
    assert!(wrong(&world).await.contains("cannot be read"));
    assert!(chain::remember(&world.ctx, &seen(&world)).await.is_err());
    // A person who has restored a backup says so.
    std::fs::remove_file(seen(&world)).unwrap();
    assert_eq!(wrong(&world).await, "");
    // To have everything chained anew is seen as well.
    chain::remember(&world.ctx, &seen(&world)).await.unwrap();
    let anew = "UPDATE journal SET detail = 'nothing' WHERE n = 2; UPDATE journal SET n = NULL, mac = NULL; DELETE FROM chain WHERE name = 'journal'";
    by_hand(&world, anew).await.unwrap();
    chain::at_the_start(&world.ctx, &seen(&world)).await.unwrap();
    assert!(wrong(&world).await.contains("or a backup was restored"));
}

async fn s_rows_of_earlier_versions_are_chained_once(mut world: World) {
    signed(&mut world).await;
    let before =
        "UPDATE journal SET n = NULL, mac = NULL, place = NULL, salt = NULL, private = NULL; DELETE FROM chain;
         UPDATE signature SET n = NULL, mac = NULL; DELETE FROM round_chain";
    by_hand(&world, before).await.unwrap();
    chain::at_the_start(&world.ctx, &seen(&world)).await.unwrap();
    assert_eq!(wrong(&world).await, "");
    by_hand(&world, "DELETE FROM chain").await.unwrap();
    assert!(wrong(&world).await.contains("somebody has removed it"));
    // Begun again it keeps the break: entries of before are not chained anew.
    world.write_entries(&world.ctx, 1).await;
    assert!(wrong(&world).await.contains("is not what was written"), "{}", wrong(&world).await);
}

async fn s_two_daemons_write_one_chain(mut world: World) {
    signed(&mut world).await;
    let db = Db::open(&world.url, "off").await.unwrap();
    let other = Ctx::new(db, world.ctx.clock.clone(), Ids::seeded(8), world.ctx.key.clone(), "http://127.0.0.1");
    futures_util::future::join(world.write_entries(&world.ctx, 60), world.write_entries(&other, 60)).await;
    assert_eq!(wrong(&world).await, "");
    // Twin: a daemon with another key breaks it, and it is seen.
    let db = Db::open(&world.url, "off").await.unwrap();
    let stranger = SecretKey::draw(&Ids::seeded(99));
    let stranger = Ctx::new(db, world.ctx.clock.clone(), Ids::seeded(9), stranger, "http://127.0.0.1");
    world.write_entries(&stranger, 1).await;
    assert!(wrong(&world).await.contains("is not what was written"));
}
