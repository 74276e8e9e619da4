//! What is left to be asked after an answer, and questions that another way has settled.

use soundings::base::ids::ContactId;
use soundings::rules::contacts::objection::{ObjectionKind, client_key};
use soundings::rules::journal::Actor;
use soundings::steps::contacts::objections::RecordConsent;
use soundings::steps::contacts::people::identity::{self, Answer, Settled, Which};
use soundings::steps::contacts::{Allowed, load_list};
use soundings::steps::repair::resolution::{self, Resolution};
use soundings::steps::repair::successors::Successor;
use soundings::steps::replies::absence::{self, News};
use soundings::steps::round;
use soundings::steps::signoff::names::editing::{self, Edit};
use soundings::store::contacts::{self, Person, addresses, objections};
use soundings::store::round::rounds;
use soundings::store::{Db, journal};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Executor};

use crate::common::{ANN, BEN, CYD, DORA, OPERATOR, ROUND, World, northwind, northwind_with};

on_both!(
    never_again_is_asked_about_after_a_namesake_was_somebody_else,
    every_lasting_person_of_one_name_is_asked_about,
    a_question_that_a_correction_has_settled_blocks_no_answer,
    who_was_taken_off_a_draft_by_a_list_comes_back_as_the_same_person,
    what_has_ended_meanwhile_does_not_hold,
    a_departure_holds_under_the_new_address_in_later_rounds,
    a_list_of_those_who_were_removed_empties_no_draft,
    who_is_kept_out_goes_by_the_address_that_is_written_to,
    a_successor_at_a_dead_address_is_not_written_to,
    clients_and_twins_of_an_older_version_are_brought_up_to_date,
);

const NEXT: &str = "northwind-2028";
const NEW: &str = "ann.lee@globex-group.example";
const ONE: &str = "ann.one@globex.example";

async fn ann_never_again(world: &mut World) {
    world.signed().await;
    world.pass_to("2027-02-08T12:00:00Z").await;
    world.opts_out(&world.mail_to(ANN, "invitation")).await;
    world.work().await;
}

async fn next(world: &World, slug: &str, instead: &[(&str, &str)]) -> soundings::steps::contacts::Changes {
    let mut folder = northwind_with(instead);
    folder.spec.round = slug.into();
    folder.spec.schedule.opens = "2028-02-07".parse().unwrap();
    folder.spec.schedule.closes = "2028-03-03".parse().unwrap();
    round::load(&world.ctx, folder, &Actor::operator(OPERATOR)).await.unwrap().contacts
}

async fn says(world: &World, slug: &str, word: Answer) -> Settled {
    identity::answer(&world.ctx, slug, Which::All, word, &Actor::operator(OPERATOR)).await.unwrap()
}

/// Why something is asked, and about which address.
async fn asked(world: &World, slug: &str) -> Vec<(String, String)> {
    let open = identity::of_round(&world.ctx, slug).await.unwrap();
    open.into_iter().map(|a| (a.question.why, a.question.known_email.to_string())).collect()
}

fn one(why: &str, address: &str) -> Vec<(String, String)> {
    vec![(why.into(), address.into())]
}

async fn at_round(world: &World, slug: &str, address: &str) -> Option<Person> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, slug).await.unwrap().unwrap();
    let id = contacts::by_address(&mut tx, &round.id, address).await.unwrap()?;
    contacts::person(&mut tx, &id).await.unwrap()
}

async fn told(world: &World, contact: &ContactId) -> Vec<String> {
    let mut tx = world.ctx.db.read().await.unwrap();
    journal::of_subject(&mut tx, contact).await.unwrap().into_iter().map(|e| e.action).collect()
}

async fn never_again_is_asked_about_after_a_namesake_was_somebody_else(mut world: World) {
    ann_never_again(&mut world).await;
    next(&world, NEXT, &[(ANN, ONE)]).await;
    assert_eq!(asked(&world, NEXT).await, one("opted_out", ANN));
    says(&world, NEXT, Answer::SomebodyElse).await;
    assert!(at_round(&world, NEXT, ONE).await.is_some_and(|p| !p.is_opted_out()));
    // Another address of the name: not the one of this round, so perhaps the one who is not to be written to.
    next(&world, NEXT, &[(ANN, NEW)]).await;
    assert_eq!(asked(&world, NEXT).await, one("known", ONE));
    let again = Settled { asked_again: vec!["Ann Lee".into()], ..Settled::default() };
    assert_eq!(says(&world, NEXT, Answer::SomebodyElse).await, again);
    assert!(at_round(&world, NEXT, NEW).await.is_none());
    assert_eq!(asked(&world, NEXT).await, one("opted_out", ANN));
    // The same list says the same question.
    next(&world, NEXT, &[(ANN, NEW)]).await;
    assert_eq!(asked(&world, NEXT).await, one("opted_out", ANN));
    says(&world, NEXT, Answer::SamePerson).await;
    assert!(at_round(&world, NEXT, NEW).await.is_some_and(|p| p.is_opted_out()));
    assert!(asked(&world, NEXT).await.is_empty());
    world.promises_hold().await;
}

async fn every_lasting_person_of_one_name_is_asked_about(world: World) {
    let two = [("Globex,Ben,Koch", "Globex,Ann,Lee")];
    world.load(northwind_with(&two)).await;
    world.order(soundings::steps::round::RoundOrder::Start).await;
    for who in [ANN, BEN] {
        let person = world.person(who).await;
        let left = News::Left { write_to: Vec::new() };
        world
            .ctx
            .order(
                &Actor::operator(OPERATOR),
                absence::HearNews { contact: person.id.clone(), news: left, why: "told by phone".into() },
            )
            .await
            .unwrap();
    }
    next(&world, NEXT, &[(ANN, NEW)]).await;
    let first = asked(&world, NEXT).await;
    says(&world, NEXT, Answer::SomebodyElse).await;
    let second = asked(&world, NEXT).await;
    let mut both: Vec<String> = first.iter().chain(&second).map(|(_, address)| address.clone()).collect();
    both.sort();
    assert_eq!(both, [ANN, BEN]);
    says(&world, NEXT, Answer::SomebodyElse).await;
    assert!(asked(&world, NEXT).await.is_empty());
    assert!(at_round(&world, NEXT, NEW).await.is_some_and(|p| p.left_at.is_none()));
    // In the round after, neither is asked about twice: as nobody else of the name is known under yet another address.
    next(&world, "northwind-2029", &[(ANN, NEW)]).await;
    assert_eq!(asked(&world, "northwind-2029").await.len(), 1);
}

async fn a_question_that_a_correction_has_settled_blocks_no_answer(mut world: World) {
    ann_never_again(&mut world).await;
    let renamed = || northwind_with(&[("@globex.example", "@globex-group.example")]);
    world.load(renamed()).await;
    assert_eq!(asked(&world, ROUND).await.len(), 2);
    world.corrects(DORA, ANN, |c| c.email = NEW.into()).await;
    assert_eq!(says(&world, ROUND, Answer::SamePerson).await.names, ["Ben Koch"]);
    assert!(asked(&world, ROUND).await.is_empty());
    // Where it is the only question, the answer says so and the question is gone all the same.
    world.load(northwind_with(&[(ANN, NEW), ("cyd.moor@initech", "cyd.moor@newtech")])).await;
    assert_eq!(asked(&world, ROUND).await, one("known", CYD));
    let cyd = world.person(CYD).await;
    let correction = editing::Correction {
        first_name: cyd.first_name.clone(),
        last_name: cyd.last_name.clone(),
        email: "cyd.moor@newtech.example".into(),
        job_title: cyd.job_title.clone(),
        role: cyd.role.as_str().into(),
        reason: "told by phone".into(),
    };
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            editing::EditContact { contact: cyd.id.clone(), edit: Edit::Correct(correction) },
        )
        .await
        .unwrap();
    let refused = identity::answer(&world.ctx, ROUND, Which::All, Answer::SomebodyElse, &Actor::operator(OPERATOR))
        .await
        .unwrap_err();
    assert!(refused.what.contains("Nothing is asked"), "{refused}");
    assert!(asked(&world, ROUND).await.is_empty());
    world.promises_hold().await;
}

async fn who_was_taken_off_a_draft_by_a_list_comes_back_as_the_same_person(world: World) {
    world.load(northwind()).await;
    let without: Vec<_> = northwind().list.accepted.into_iter().filter(|row| row.email.as_str() != ANN).collect();
    let whole = Allowed { taking_off: true, ..Allowed::default() };
    load_list(&world.ctx, ROUND, without, whole, &Actor::operator(OPERATOR)).await.unwrap();
    let ann = world.person(ANN).await;
    assert!(ann.removed_at.is_some());
    world.load(northwind_with(&[(ANN, NEW)])).await;
    assert_eq!(asked(&world, ROUND).await, one("known", ANN));
    says(&world, ROUND, Answer::SamePerson).await;
    let now = world.person(NEW).await;
    assert_eq!((now.id.as_str(), now.removed_at), (ann.id.as_str(), None));
    assert_eq!(world.account("Globex").await.listed, 2);
}

async fn what_has_ended_meanwhile_does_not_hold(mut world: World) {
    ann_never_again(&mut world).await;
    next(&world, NEXT, &[(ANN, NEW)]).await;
    let ann = world.person(ANN).await;
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            RecordConsent { contact: ann.id.clone(), evidence: "Ann, by phone, on 9 February".to_string() },
        )
        .await
        .unwrap();
    says(&world, NEXT, Answer::SamePerson).await;
    let now = at_round(&world, NEXT, NEW).await.unwrap();
    assert!(!now.is_opted_out());
    let told = told(&world, &now.id).await;
    assert!(told.iter().any(|t| t.contains("has ended since")), "{told:?}");
    assert!(!told.iter().any(|t| t.contains("not written to")), "{told:?}");
}

async fn a_departure_holds_under_the_new_address_in_later_rounds(mut world: World) {
    world.signed().await;
    let ann = world.person(ANN).await;
    let left = News::Left { write_to: Vec::new() };
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            absence::HearNews { contact: ann.id.clone(), news: left, why: "told by phone".into() },
        )
        .await
        .unwrap();
    next(&world, NEXT, &[(ANN, NEW)]).await;
    assert_eq!(asked(&world, NEXT).await, one("left", ANN));
    says(&world, NEXT, Answer::SamePerson).await;
    let now = at_round(&world, NEXT, NEW).await.unwrap();
    assert!(now.left_at.is_some() && now.gone_at.is_some());
    let told = told(&world, &now.id).await;
    assert!(told.iter().any(|t| t == "has left, as was heard of under another address"), "{told:?}");
    let later = next(&world, "northwind-2029", &[(ANN, NEW)]).await;
    assert_eq!((later.kept_out, later.asked.len()), (1, 0), "{later:?}");
    world.promises_hold().await;
}

async fn a_list_of_those_who_were_removed_empties_no_draft(world: World) {
    world.load(northwind()).await;
    let ann = world.person(ANN).await;
    let edit = Edit::Remove { reason: "not to be asked".into() };
    world.ctx.order(&Actor::operator(OPERATOR), editing::EditContact { contact: ann.id.clone(), edit }).await.unwrap();
    let only: Vec<_> = northwind().list.accepted.into_iter().filter(|row| row.email.as_str() == ANN).collect();
    let refused = load_list(&world.ctx, ROUND, only, Allowed::default(), &Actor::operator(OPERATOR)).await.unwrap_err();
    assert!(refused.what.contains("None of the 4 contacts"), "{refused}");
    assert!(world.person(BEN).await.removed_at.is_none());
}

async fn who_is_kept_out_goes_by_the_address_that_is_written_to(mut world: World) {
    world.signed().await;
    let ann = world.person(ANN).await;
    let left = News::Left { write_to: Vec::new() };
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            absence::HearNews { contact: ann.id.clone(), news: left, why: "told by phone".into() },
        )
        .await
        .unwrap();
    assert_eq!(next(&world, NEXT, &[]).await.kept_out, 1);
    // A departure does not go along with a corrected address.
    let listed = at_round(&world, NEXT, ANN).await.unwrap();
    let correction = editing::Correction {
        first_name: "Ann".into(),
        last_name: "Lee".into(),
        email: ONE.into(),
        job_title: listed.job_title.clone(),
        role: listed.role.as_str().into(),
        reason: "told by phone".into(),
    };
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            editing::EditContact { contact: listed.id.clone(), edit: Edit::Correct(correction) },
        )
        .await
        .unwrap();
    let again = next(&world, NEXT, &[]).await;
    assert_eq!((again.kept_out, again.kept_as_edited), (0, 1), "{again:?}");
}

async fn a_successor_at_a_dead_address_is_not_written_to(mut world: World) {
    world.signed().await;
    let dead = "eva.koch@globex.example";
    let now = world.now();
    let marked = world
        .ctx
        .db
        .write(move |tx| Box::pin(async move { addresses::mark_dead(tx, dead, "550 5.1.1 no such user", now).await }));
    marked.await.unwrap();
    let eva = Successor {
        first_name: "Eva".into(),
        last_name: "Koch".into(),
        email: dead.into(),
        job_title: String::new(),
        role: String::new(),
    };
    let ben = world.person(BEN).await;
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            resolution::SettleContact { contact: ben.id.clone(), resolution: Resolution::Replace(eva), sure: true },
        )
        .await
        .unwrap();
    let eva = world.person(dead).await;
    assert!(eva.undeliverable_at.is_some() && eva.undeliverable_reason.is_some_and(|why| why.contains("5.1.1")));
    assert_eq!(eva.replaces.as_ref(), Some(&ben.id));
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-12T12:00:00Z").await;
    assert!(world.mails_to(dead).is_empty());
    world.promises_hold().await;
}

async fn run_on<C: Connection>(url: &str, sql: &'static str)
where
    for<'c> &'c mut C: Executor<'c>,
{
    let mut connection = C::connect(url).await.unwrap();
    (&mut connection).execute(sql).await.unwrap();
}

async fn clients_and_twins_of_an_older_version_are_brought_up_to_date(world: World) {
    let mut folder = northwind();
    folder.spec.client = "ÖBB   Österreich".into();
    world.load(folder).await;
    for sql in [
        // As SQLite folds it.
        "UPDATE round SET client_key = 'ÖBB   Österreich'",
        "UPDATE contact SET email = 'ａnn.lee@globex.example', email_key = 'ａnn.lee@globex.example', list_key = 'ａnn.lee@globex.example' WHERE email_key = 'ben.koch@globex.example'",
        "INSERT INTO objection (id, client, email_key, kind, since, recorded_by, evidence) VALUES ('o1', 'ÖBB   Österreich', 'ａnn.lee@globex.example', 'never_again', 1, 'x', 'never')",
        "INSERT INTO objection (id, client, email_key, kind, since, recorded_by, evidence) VALUES ('o2', 'ÖBB   Österreich', 'ann.lee@globex.example', 'complaint', 1, 'x', 'unwanted')",
        "INSERT INTO objection (id, client, email_key, kind, since, recorded_by, evidence) VALUES ('o3', 'ÖBB   Österreich', 'ｃyd.moor@initech.example', 'left', 1, 'x', 'left')",
        "DELETE FROM upgrade",
    ] {
        match world.url.starts_with("sqlite:") {
            true => run_on::<SqliteConnection>(&world.url, sql).await,
            false => run_on::<PgConnection>(&world.url, sql).await,
        }
    }
    drop(Db::open(&world.url, "off").await.unwrap());
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap().id;
    let client = objections::client_of(&mut tx, &round).await.unwrap();
    assert_eq!(client, client_key("öbb österreich"));
    let keys = [ANN.to_string(), "ａnn.lee@globex.example".to_string(), CYD.to_string()];
    let known = objections::of_keys(&mut tx, &client, &keys).await.unwrap();
    for twin in &keys[..2] {
        let mut kinds: Vec<&str> = known[twin].iter().map(|o| o.kind.as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["complaint", "never_again"], "{twin}");
        let id = contacts::by_address(&mut tx, &round, twin).await.unwrap().unwrap();
        assert!(contacts::person(&mut tx, &id).await.unwrap().unwrap().objected_at.is_some(), "{twin}");
    }
    assert_eq!(known[CYD].iter().map(|o| o.kind).collect::<Vec<_>>(), [ObjectionKind::Left]);
}
