//! What has happened to the journal of a round between versions, and to its end: `doctor` says what is known and what to do.

use soundings::rules::journal::{Action, Actor};
use soundings::steps::audit::chain;
use soundings::steps::contacts::{Allowed, load_list};
use soundings::store::journal::round_chain;

use crate::common::{DORA, ERIK, OPERATOR, ROUND, World, northwind_with};
use crate::story_chain::by_hand;
use crate::story_evidence::{checked, document, record, round_chain_head, without_triggers};

on_both!(
    what_an_older_version_writes_beside_this_one_is_told_and_covered,
    s_an_end_of_a_round_that_was_moved_or_removed_is_told,
    a_list_of_an_account_that_was_renamed_since_is_not_called_changed,
);

/// What `doctor` says of the journals of rounds, where something is wrong.
async fn told(world: &World) -> Option<String> {
    let found = chain::check(&world.ctx, &world.folder.path().join("secret.seen")).await.unwrap();
    found.into_iter().find(|found| found.about == "journals of rounds" && !found.ok).map(|found| found.says)
}

async fn what_an_older_version_writes_beside_this_one_is_told_and_covered(mut world: World) {
    world.started().await;
    world.sign_all(DORA, "sign_off").await;
    let kept = record(&world).await;
    by_hand(&world, without_triggers(&world)).await.unwrap();
    let round = document(&world).await.round.record.id;
    let (ctx, of) = (world.ctx.clone(), round.clone());
    let by_an_older_one = world.ctx.db.write(move |tx| {
        Box::pin(async move {
            ctx.journal(tx, &Actor::operator(OPERATOR), Action::ChangedPlan, Some(&of), &of, "by an older version")
                .await
        })
    });
    by_an_older_one.await.unwrap();
    let as_it_was = format!(
        "UPDATE journal SET place = NULL, salt = NULL, private = NULL WHERE n = (SELECT max(n) FROM journal);
         UPDATE round_chain SET entries = {}, head = '{}'",
        kept.entries, kept.hash
    );
    by_hand(&world, &as_it_was).await.unwrap();
    // This one goes on from where its own entries end.
    world.sign_all(ERIK, "sign_off").await;
    let head = round_chain::head(&mut world.ctx.db.read().await.unwrap(), &round).await.unwrap().unwrap();
    let says = told(&world).await.unwrap();
    assert!(says.starts_with(&format!("No record covers 1 entry of {ROUND}: an earlier version has")), "{says}");
    assert!(says.contains("Stop every earlier version"), "{says}");
    chain::at_the_start(&world.ctx, &world.folder.path().join("secret.seen")).await.unwrap();
    assert_eq!(told(&world).await, None);
    let file = document(&world).await.write().text;
    for shown in [&kept, &head] {
        let verdict = checked(&file, Some(shown));
        assert_eq!((verdict.found, verdict.stands), (Vec::new(), Some(shown.entries)), "a record stays a record");
    }
    let last = document(&world).await.journal.pop().unwrap();
    assert_eq!(last.told.unwrap().entry.detail, "by an older version");
    assert_eq!(last.record.n, head.entries + 1);
}

async fn s_an_end_of_a_round_that_was_moved_or_removed_is_told(mut world: World) {
    world.started().await;
    world.sign_all(DORA, "sign_off").await;
    by_hand(&world, without_triggers(&world)).await.unwrap();
    let journal = document(&world).await.journal;
    let (kept, before) = (record(&world).await, &journal[journal.len() - 2]);
    let back = format!("UPDATE round_chain SET entries = {}, head = '{}'", kept.entries, kept.hash);
    let moved = format!("UPDATE round_chain SET entries = {}, head = '{}'", before.record.n, before.sha256);
    for (attack, says) in [
        (moved.as_str(), "behind the end that pages have shown it goes on with 1 entry."),
        ("UPDATE round_chain SET entries = 0", "entries, and their end is gone."),
        ("UPDATE round_chain SET head = 'x'", "do not lead to the end that pages have shown."),
        ("UPDATE round_chain SET entries = entries + 1", "were written."),
        ("UPDATE journal SET salt = 'x' WHERE place = 1", "do not lead to the end that pages have shown."),
    ] {
        by_hand(&world, attack).await.unwrap();
        let found = told(&world).await.unwrap();
        assert!(found.contains(says) && found.contains("Compare it with the last backup"), "{attack}: {found}");
        assert!(!checked(&document(&world).await.write().text, None).found.is_empty(), "{attack}");
        by_hand(&world, &back).await.unwrap();
        by_hand(
            &world,
            &format!("UPDATE journal SET salt = '{}' WHERE place = 1", journal[0].told.as_ref().unwrap().salt),
        )
        .await
        .unwrap();
        assert_eq!(told(&world).await, None, "after {attack}");
    }
    by_hand(&world, "DELETE FROM round_chain").await.unwrap();
    assert!(told(&world).await.unwrap().contains("entries, and their end is gone."));
    // The places lead to the same end again.
    assert_eq!(round_chain_head(&world).await, kept);
    assert_eq!(told(&world).await, None);
}

async fn a_list_of_an_account_that_was_renamed_since_is_not_called_changed(mut world: World) {
    world.signed().await;
    by_hand(&world, without_triggers(&world)).await.unwrap();
    // As a version has left it that kept no name of the account, and whose entries told of the list alone.
    let without = match world.ctx.db.is_sqlite() {
        true => "substr(detail, 1, instr(detail, ', signature ') - 1)",
        false => "split_part(detail, ', signature ', 1)",
    };
    let earlier = format!(
        "UPDATE journal SET detail = {without} WHERE detail LIKE '%, signature %'; UPDATE signed_list SET account = NULL;
         UPDATE journal SET place = NULL, salt = NULL, private = NULL; DELETE FROM round_chain"
    );
    by_hand(&world, &earlier).await.unwrap();
    let right = checked(&document(&world).await.write().text, None);
    assert_eq!((right.found, right.unproved), (Vec::new(), Vec::new()), "what is called as it was is proved");
    let renamed = northwind_with(&[("Globex,", "Globex Worldwide,")]).list;
    load_list(&world.ctx, ROUND, renamed.accepted, Allowed::default(), &Actor::operator(OPERATOR)).await.unwrap();
    let verdict = checked(&document(&world).await.write().text, None);
    assert_eq!(verdict.found, Vec::<String>::new());
    let says = "signature 1 (Globex Worldwide, 25 January 2027): its fingerprint cannot be made again";
    assert!(verdict.unproved.len() == 1 && verdict.unproved[0].starts_with(says), "{:?}", verdict.unproved);
    // Nobody has renamed the other one: there it is a change.
    by_hand(&world, "UPDATE signed_list SET names = replace(names, 'Reid', 'Roid')").await.unwrap();
    let found = checked(&document(&world).await.write().text, None).found;
    assert!(found.len() == 1 && found[0].ends_with("the list does not give its fingerprint"), "{found:?}");
}
