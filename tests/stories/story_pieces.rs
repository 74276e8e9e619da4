//! Lists that come in by pieces: what others see and do meanwhile, and what a load that does not end leaves behind.

use std::time::Duration;

use soundings::rules::contacts::ListedContact;
use soundings::rules::journal::Actor;
use soundings::rules::signoff::Standing;
use soundings::steps::contacts::Changes;
use soundings::steps::{plan, round};
use soundings::store::contacts::addresses;
use soundings::store::contacts::search::{self, Search};
use soundings::store::round::rounds;

use crate::common::{ANN, DORA, ERIK, ROUND, World, crowd, northwind, northwind_with};

on_both!(
    nothing_of_a_list_is_seen_before_its_last_piece,
    a_load_that_does_not_end_leaves_the_old_list_in_force,
    what_a_person_says_while_a_list_goes_in_counts,
    a_signature_made_while_a_list_goes_in_covers_the_old_list,
    a_large_new_round_comes_in_by_pieces_too,
);

/// The people of the usual round, with Ann's title changed, and a crowd.
fn large(people: usize) -> Vec<ListedContact> {
    let mut rows = northwind_with(&[("Head of Quality", "Head of Purchasing")]).list.accepted;
    rows.extend(crowd(people).list.accepted);
    rows
}

async fn seen(world: &World) -> i64 {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
    search::count(&mut tx, &round.id, &Search::default(), i64::MAX).await.unwrap()
}

async fn nothing_of_a_list_is_seen_before_its_last_piece(mut world: World) {
    world.signed().await;
    let (before, globex) = (seen(&world).await, world.account("Globex").await);
    world.ctx.pauses.hold();
    let task = world.begin_list(large(4_000));
    world.first_piece().await;
    let mut looks = 0;
    while !task.is_finished() {
        let now = seen(&world).await;
        assert!(now == before || now == before + 4_000, "{now} of {before} and 4,000 are seen");
        let stands = world.account("Globex").await.fingerprint;
        // Asked last: what stands there still was not in force when the account was read.
        if now == before && world.put_down().await > 0 {
            looks += 1;
            assert_eq!(stands, globex.fingerprint, "nothing of the list is in force");
            // Another writer has its turn between the pieces.
            let at = world.ctx.clock.now();
            let db = &world.ctx.db;
            db.write(move |tx| Box::pin(async move { addresses::note_soft(tx, "else@else.example", at).await }))
                .await
                .unwrap();
        }
        world.ctx.pauses.let_pass();
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    world.ctx.pauses.go_on();
    let changes = task.await.unwrap().unwrap();
    assert_eq!((changes.added, changes.changed, changes.unchanged), (4_000, 1, 4));
    assert!(looks > 0, "nobody looked while pieces stood there");
    assert_eq!((seen(&world).await, world.put_down().await), (before + 4_000, 0));
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned, "a list that changes is signed again");
    assert_eq!(world.account("Account 000").await.listed, 10);
    let again = world.begin_list(large(4_000)).await.unwrap().unwrap();
    assert_eq!(again, Changes { unchanged: 4_005, ..Changes::default() });
    world.promises_hold().await;
}

async fn a_load_that_does_not_end_leaves_the_old_list_in_force(mut world: World) {
    world.signed().await;
    let before = seen(&world).await;
    world.ctx.pauses.hold();
    let task = world.begin_list(large(9_000));
    world.first_piece().await;
    task.abort();
    assert!(task.await.is_err(), "it did not end");
    world.ctx.pauses.go_on();
    // What is under way in the writer comes to its end.
    world.ctx.db.write(|_| Box::pin(async { Ok(()) })).await.unwrap();
    let left = world.put_down().await;
    assert!(left > 0 && left < 9_000, "{left} were put down");
    assert_eq!(seen(&world).await, before);
    plan::tick(&world.ctx).await.unwrap();
    world.work().await;
    assert!(world.mailbox.all().iter().all(|m| !m.recipient().starts_with("pat")), "nobody of it is written to");
    world.promises_hold().await;
    // The next list has some of them, and clears the others away.
    let mut rows = northwind().list.accepted;
    rows.extend(crowd(30).list.accepted);
    let changes = world.begin_list(rows).await.unwrap().unwrap();
    assert_eq!((changes.added, changes.unchanged), (30, 5));
    assert_eq!((seen(&world).await, world.put_down().await), (before + 30, 0));
    world.promises_hold().await;
}

async fn what_a_person_says_while_a_list_goes_in_counts(mut world: World) {
    world.started().await;
    world.ctx.pauses.hold();
    let task = world.begin_list(large(3_000));
    world.first_piece().await;
    world.corrects(DORA, ANN, |c| c.job_title = "Director of Quality".into()).await;
    world.ctx.pauses.go_on();
    let changes = task.await.unwrap().unwrap();
    assert_eq!(world.person(ANN).await.job_title, "Director of Quality", "the list does not undo it");
    assert_eq!((changes.kept_as_edited, changes.changed, changes.added), (1, 0, 3_000));
    assert_eq!(world.put_down().await, 0);
    world.promises_hold().await;
}

async fn a_signature_made_while_a_list_goes_in_covers_the_old_list(mut world: World) {
    world.started().await;
    world.ctx.pauses.hold();
    let task = world.begin_list(large(3_000));
    world.first_piece().await;
    world.sign_all(DORA, "sign_off").await;
    world.ctx.pauses.go_on();
    task.await.unwrap().unwrap();
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned, "Ann stands there with another title");
    assert_eq!(world.account("Umbra").await.standing, Standing::Signed, "this list did not change");
    world.work().await;
    assert!(world.kinds_to(ERIK).contains(&"sign_off".to_string()));
    world.promises_hold().await;
}

async fn a_large_new_round_comes_in_by_pieces_too(world: World) {
    let loaded = round::load(&world.ctx, crowd(2_500), &Actor::operator("test")).await.unwrap();
    assert!(loaded.new);
    assert_eq!(loaded.contacts, Changes { added: 2_500, ..Changes::default() });
    assert_eq!((seen(&world).await, world.put_down().await), (2_500, 0));
    let again = round::load(&world.ctx, crowd(2_500), &Actor::operator("test")).await.unwrap();
    assert!(!again.new);
    assert_eq!(again.contacts, Changes { unchanged: 2_500, ..Changes::default() });
    world.promises_hold().await;
}
