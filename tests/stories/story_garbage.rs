//! One duty that panics, one round or one row that cannot be read stops only itself and is named; the others go on.

use soundings::base::problem::Kind;
use soundings::intake::folder::RoundFolder;
use soundings::rules::journal::Actor;
use soundings::rules::message::MessageState;
use soundings::steps::round::{self, RoundOrder};
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};

use crate::common::reports::report;
use crate::common::{ANN, BEN, CYD, DORA, ERIK, OPERATOR, ROUND, World, northwind};

on_both!(
    a_contact_that_cannot_be_read_keeps_nobody_else_from_being_planned,
    nothing_goes_to_a_contact_who_became_unreadable_after_planning,
    a_message_that_cannot_be_read_waits_alone,
    a_round_that_cannot_be_read_stops_only_itself,
    a_request_that_cannot_be_read_keeps_no_director_from_being_asked,
    a_request_for_repairs_that_cannot_be_read_keeps_no_manager_from_being_asked,
    a_panic_in_one_piece_of_work_is_that_pieces_error,
    a_panic_of_a_duty_is_named_until_the_duty_works,
);

/// Writes what no program of ours would write.
pub async fn spoil(world: &World, sql: &str) {
    let sql = AssertSqlSafe(sql.to_string()).into_sql_str();
    let done = if world.url.starts_with("sqlite") {
        sqlx::SqliteConnection::connect(&world.url).await.unwrap().execute(sql).await.map(|done| done.rows_affected())
    } else {
        sqlx::PgConnection::connect(&world.url).await.unwrap().execute(sql).await.map(|done| done.rows_affected())
    };
    assert!(done.unwrap() > 0, "there was nothing to spoil");
}

fn named(world: &World) -> String {
    let all = world.ctx.failures.now(world.now());
    all.iter().map(|t| format!("{}: {}\n", t.name, t.what)).collect()
}

async fn a_contact_that_cannot_be_read_keeps_nobody_else_from_being_planned(mut world: World) {
    world.started().await;
    let ben = world.person(BEN).await;
    world.sign_all(DORA, "sign_off").await;
    spoil(&world, &format!("UPDATE contact SET email = 'no address' WHERE id = '{}'", ben.id)).await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    assert!(world.kinds_to(BEN).is_empty());
    assert!(
        named(&world).contains(&format!("contact {}: The row of this contact cannot be read", ben.id)),
        "{}",
        named(&world)
    );
    spoil(&world, &format!("UPDATE contact SET email = '{BEN}' WHERE id = '{}'", ben.id)).await;
    world.pass_to("2027-02-09T18:00:00Z").await;
    assert!(!world.kinds_to(BEN).is_empty(), "a repaired row is found again by itself");
}

async fn nothing_goes_to_a_contact_who_became_unreadable_after_planning(mut world: World) {
    world.signed().await;
    world.think().await;
    let ben = world.person(BEN).await;
    spoil(&world, &format!("UPDATE contact SET email = 'no address' WHERE id = '{}'", ben.id)).await;
    world.pass_to("2027-02-01T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up"]);
    assert!(world.kinds_to(BEN).is_empty(), "neither an opt-out nor a signature could be read");
    assert!(named(&world).contains(ben.id.as_str()), "{}", named(&world));
}

async fn a_message_that_cannot_be_read_waits_alone(mut world: World) {
    world.signed().await;
    world.think().await;
    let row = world.row(BEN, "warm_up").await;
    spoil(&world, &format!("UPDATE message SET to_email = 'no address' WHERE id = '{}'", row.id)).await;
    world.pass_to("2027-02-01T10:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up"]);
    assert!(world.kinds_to(BEN).is_empty());
    assert!(named(&world).contains(row.id.as_str()), "{}", named(&world));
    spoil(&world, &format!("UPDATE message SET to_email = '{BEN}' WHERE id = '{}'", row.id)).await;
    // Mended, it goes.
    assert_eq!(world.row(BEN, "warm_up").await.state, MessageState::Planned);
    world.pass_to("2027-02-01T12:00:00Z").await;
    assert_eq!(world.kinds_to(BEN), ["warm_up"]);
}

fn second() -> RoundFolder {
    let mut folder = northwind();
    folder.spec.round = "other-2027".into();
    folder
}

async fn a_round_that_cannot_be_read_stops_only_itself(mut world: World) {
    for (folder, slug) in [(northwind(), ROUND), (second(), "other-2027")] {
        world.load(folder).await;
        world
            .ctx
            .order(&Actor::operator(OPERATOR), round::TellRound { slug: slug.to_string(), order: RoundOrder::Start })
            .await
            .unwrap();
    }
    spoil(&world, &format!("UPDATE round SET spec = 'no settings', version = version + 1 WHERE slug = '{ROUND}'"))
        .await;
    world.work().await;
    let asked: Vec<String> = world.mailbox.all().into_iter().map(|mail| mail.round).collect();
    assert!(!asked.is_empty() && asked.iter().all(|round| round == "other-2027"), "{asked:?}");
    let said = named(&world);
    assert!(said.contains(&format!("The settings of round {ROUND} cannot be read")), "{said}");
}

async fn a_request_that_cannot_be_read_keeps_no_director_from_being_asked(mut world: World) {
    world.load(northwind()).await;
    world.order(RoundOrder::Start).await;
    spoil(&world, &format!("UPDATE request SET email = 'nobody' WHERE email = '{ERIK}'")).await;
    signing_is_asked(&mut world).await;
    assert!(!world.mails_to(DORA).is_empty() && world.mails_to(ERIK).is_empty());
    assert!(named(&world).contains("request for a signature"), "{}", named(&world));
}

async fn signing_is_asked(world: &mut World) {
    soundings::steps::signoff::ask(&world.ctx).await.unwrap();
    world.send().await;
}

async fn a_request_for_repairs_that_cannot_be_read_keeps_no_manager_from_being_asked(mut world: World) {
    world.takes_replies();
    world.signed().await;
    world.pass_to("2027-02-09T18:00:00Z").await;
    // Each server says it in its own words: the same from many would be about us.
    let words = [
        "550 5.1.1 <x>: Recipient address rejected: User unknown",
        "550 5.1.1 No such mailbox here",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound",
    ];
    let mails = [(ANN, world.mail_to(ANN, "invitation")), (CYD, world.mail_to(CYD, "invitation"))];
    let uma = crate::common::UMA;
    let to_uma = world.mail_to(uma, "invitation");
    let mut reports: Vec<String> =
        mails.iter().zip(words).map(|((who, mail), said)| report(mail, who, "failed", "5.1.1", said)).collect();
    reports.push(report(&to_uma, uma, "failed", "5.1.1", words[2]));
    world.comes_back(&reports).await;
    // Umbra has no manager, so its director repairs; the manager of the others cannot be read.
    spoil(&world, &format!("UPDATE repair_request SET email = 'nobody' WHERE email <> '{DORA}'")).await;
    let before = world.mails_to(DORA).len();
    for _ in 0..80 {
        world.ctx.clock.turn_to(world.now().plus(3_600_000));
        soundings::steps::repair::ask(&world.ctx).await.unwrap();
        world.send().await;
    }
    assert!(world.mails_to(DORA).len() > before, "the director of the other account is asked");
    assert!(named(&world).contains("request for repairs"), "{}", named(&world));
}

async fn a_panic_in_one_piece_of_work_is_that_pieces_error(world: World) {
    world.load(northwind()).await;
    let db = &world.ctx.db;
    let sql_before_panic = || {
        db.write(|tx| {
            Box::pin(async move {
                soundings::store::round::rounds::list(tx).await?;
                assert!(tx.is_nothing_at_all(), "a mistake of ours");
                Ok(())
            })
        })
    };
    let well = || db.write(|tx| Box::pin(async move { Ok(soundings::store::round::rounds::list(tx).await?.len()) }));
    let (first, wrong, second) = tokio::join!(well(), sql_before_panic(), well());
    assert_eq!(wrong.unwrap_err().kind, Kind::Internal);
    assert_eq!((first.unwrap(), second.unwrap()), (1, 1), "those who share its commit hear of nothing");
    assert!(sql_before_panic().await.is_err());
    assert_eq!(well().await.unwrap(), 1, "the writer goes on");
}

trait Mistake {
    fn is_nothing_at_all(&self) -> bool;
}

impl Mistake for soundings::store::Tx {
    fn is_nothing_at_all(&self) -> bool {
        false
    }
}

async fn a_panic_of_a_duty_is_named_until_the_duty_works(world: World) {
    let ctx = &world.ctx;
    let mistaken = async { Err(soundings::base::problem::Problem::internal("It went wrong.")) };
    assert!(!ctx.guarded("weekly lists", mistaken).await);
    let none: Option<()> = None;
    assert!(!ctx.guarded("planning", async { none.ok_or(()).map_err(|()| unreachable!("a mistake of ours")) }).await);
    assert_eq!(ctx.failures.count(), 2);
    let said = named(&world);
    assert!(
        said.contains("weekly lists: It went wrong.") && said.contains("planning: A mistake of the program"),
        "{said}"
    );
    assert!(ctx.guarded("planning", async { Ok(()) }).await);
    assert!(!named(&world).contains("planning"), "it is over");
}
