//! What operators look through: the journal by person, round and day, messages by words, and the filters that they keep.

use std::collections::BTreeSet;

use soundings::base::clock::{DAY, Ts};
use soundings::base::folding::sought;
use soundings::base::ids::{ContactId, EntryId};
use soundings::base::problem::Kind;
use soundings::rules::journal::{Action, Actor};
use soundings::steps::installation::saved_views::{RemoveView, SaveView, SavedList};
use soundings::store::contacts::search::{self, Search};
use soundings::store::installation::saved_views::{self, SavedView};
use soundings::store::journal::log::{self, Asked, LOOKED_THROUGH};
use soundings::store::sending::outbox_search::{self, Of};

use crate::common::{ANN, DORA, OPERATOR, ROUND, World};

on_both!(
    the_journal_has_every_entry_once_whoever_and_whatever_is_asked_for,
    of_one_person_in_one_round_it_goes_on_behind_what_was_looked_through,
    messages_are_found_by_words_and_state,
    a_view_is_kept_for_one_operator_and_under_one_name,
);

const OTHER: &str = "ben@northwind.example";

impl World {
    /// So many lines of somebody, of the round or of none.
    async fn writes_lines(&self, who: &str, of_the_round: bool, lines: usize) {
        let (ctx, who, live) = (self.ctx.clone(), Actor::operator(who), self.live().await);
        let round = of_the_round.then(|| live.id.clone());
        let written = self.ctx.db.write(move |tx| {
            Box::pin(async move {
                for n in 0..lines {
                    ctx.journal(tx, &who, Action::ChangedPlan, round.as_ref(), "x", &format!("line {n}")).await?;
                }
                Ok(())
            })
        });
        written.await.unwrap();
    }

    /// All parts of what is asked for: what they say, and how many there are.
    async fn reads(&self, mut asked: Asked, limit: i64) -> (Vec<String>, usize) {
        let (mut said, mut parts, mut before) = (Vec::new(), 0, Vec::new());
        loop {
            let mut tx = self.ctx.db.read().await.unwrap();
            let part = log::part(&mut tx, &asked, limit).await.unwrap();
            drop(tx);
            parts += 1;
            assert!(part.entries.is_sorted_by(|a, b| (a.at, &a.id) > (b.at, &b.id)), "the latest first");
            before.extend(part.entries.iter().map(|e| e.id.clone()));
            said.extend(part.entries.into_iter().map(|e| e.detail));
            match part.next {
                Some(next) => asked.before = next,
                None => break,
            }
            assert!(parts < 50);
        }
        let read = before.len();
        before.sort();
        before.dedup();
        assert_eq!(before.len(), read, "no entry is read twice");
        (said, parts)
    }
}

fn everything() -> Asked {
    Asked { actor: None, round: None, from: Ts(i64::MIN), before: (Ts(i64::MAX), EntryId::default()) }
}

async fn the_journal_has_every_entry_once_whoever_and_whatever_is_asked_for(mut world: World) {
    world.started().await;
    let round = world.live().await.id.clone();
    let (all, _) = world.reads(everything(), 1_000).await;
    world.writes_lines(OTHER, true, 5).await;
    world.writes_lines(OTHER, false, 3).await;
    let began = world.now();
    world.ctx.clock.turn_to(began.plus(DAY));
    world.writes_lines(OTHER, true, 7).await;
    world.writes_lines("eve@northwind.example", true, 2).await;
    for limit in [1_000, 3] {
        assert_eq!(world.reads(everything(), limit).await.0.len(), all.len() + 17, "in parts of {limit}");
        let of_one = || Asked { actor: Some(OTHER.into()), ..everything() };
        assert_eq!(world.reads(of_one(), limit).await.0.len(), 15);
        assert_eq!(world.reads(Asked { round: Some(round.clone()), ..of_one() }, limit).await.0.len(), 12);
        let today = || Asked { from: began.plus(1), ..everything() };
        assert_eq!(world.reads(today(), limit).await.0.len(), 9);
        assert_eq!(world.reads(Asked { actor: Some(OTHER.into()), ..today() }, limit).await.0.len(), 7);
        let before = Asked { before: (began.plus(1), EntryId::default()), ..of_one() };
        assert_eq!(world.reads(before, limit).await.0.len(), 8);
        let nobody = Asked { actor: Some("nobody@northwind.example".into()), ..everything() };
        assert_eq!(world.reads(nobody, limit).await, (Vec::new(), 1));
    }
    world.promises_hold().await;
}

async fn of_one_person_in_one_round_it_goes_on_behind_what_was_looked_through(mut world: World) {
    world.started().await;
    let round = world.live().await.id.clone();
    world.writes_lines(OTHER, true, 2).await;
    world.ctx.clock.turn_to(world.now().plus(DAY));
    world.writes_lines(OTHER, false, LOOKED_THROUGH as usize + 10).await;
    let asked = Asked { actor: Some(OTHER.into()), round: Some(round), ..everything() };
    let (said, parts) = world.reads(asked, 50).await;
    assert_eq!((said.len(), parts), (2, 2), "the first part says that there may be more");
    world.promises_hold().await;
}

async fn messages_are_found_by_words_and_state(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    let (live, ann, now) = (world.live().await, world.person(ANN).await.id, world.now());
    let mut tx = world.ctx.db.read().await.unwrap();
    let words = search::narrowed(&mut tx, &live.id, sought("LEE globex")).await.unwrap();
    let found = Search { words: Some(words), ..Search::default() };
    let found: Vec<ContactId> = search::by_name(&mut tx, &live.id, &found, 10, 0).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&ann));
    let lane = live.lane();
    let whose = Of { contacts: &found, lane: &lane, colleagues: &[] };
    for (state, expected) in [("", 3), ("sent", 2), ("planned", 1), ("due", 0), ("failed", 0)] {
        let page = outbox_search::page(&mut tx, whose, (state, now), 50, 0).await.unwrap();
        assert_eq!(page.len(), expected, "{state}");
        assert!(page.iter().all(|m| m.contact_id.as_ref() == Some(&ann)));
    }
    let counts = outbox_search::counts(&mut tx, whose, now).await.unwrap();
    let counts: Vec<(&str, i64, i64)> = counts.iter().map(|c| (c.state.as_str(), c.messages, c.due)).collect();
    assert_eq!(counts, [("planned", 1, 0), ("sent", 2, 0)]);
    assert_eq!(outbox_search::page(&mut tx, whose, ("", now), 50, 2).await.unwrap().len(), 1);
    // Who is no contact is found by the mails themselves: each once, however many he has had.
    let all = outbox_search::colleagues(&mut tx, &lane, 100).await.unwrap();
    assert!(all.iter().any(|(email, _)| email == DORA) && !all.iter().any(|(email, _)| email == ANN), "{all:?}");
    assert_eq!(all.iter().map(|(email, _)| email).collect::<BTreeSet<_>>().len(), all.len());
    assert_eq!(outbox_search::colleagues(&mut tx, &lane, 1).await.unwrap(), all[..1]);
    let theirs = Of { contacts: &[], lane: &lane, colleagues: &[DORA.to_string()] };
    let page = outbox_search::page(&mut tx, theirs, ("sent", now), 50, 0).await.unwrap();
    assert!(!page.is_empty() && page.iter().all(|m| m.to_email.as_str() == DORA && m.contact_id.is_none()), "{page:?}");
    drop(tx);
    world.promises_hold().await;
}

async fn a_view_is_kept_for_one_operator_and_under_one_name(mut world: World) {
    world.started().await;
    let round = world.live().await.id.clone();
    let kept = async |world: &World, who: &str| -> Vec<SavedView> {
        let mut tx = world.ctx.db.read().await.unwrap();
        saved_views::of_operator(&mut tx, &round, who).await.unwrap()
    };
    let save = |name: &str, query: &str| SaveView {
        round: ROUND.into(),
        list: SavedList::Accounts,
        name: name.into(),
        query: query.into(),
    };
    let (olga, ben) = (Actor::operator(OPERATOR), Actor::operator(OTHER));
    for query in ["?show=silent", "?show=strategic"] {
        world.ctx.order(&olga, save(" silent  ones ", query)).await.unwrap();
    }
    let mine = kept(&world, OPERATOR).await;
    assert_eq!(mine.len(), 1, "one of a name");
    assert_eq!((mine[0].name.as_str(), mine[0].query.as_str()), ("silent ones", "?show=strategic"));
    assert!(kept(&world, OTHER).await.is_empty());
    for (name, query) in [("", "?show=silent"), ("all", ""), (&*"x".repeat(201), "?show=silent")] {
        assert_eq!(world.ctx.order(&olga, save(name, query)).await.unwrap_err().kind, Kind::Unusable, "{name}");
    }
    let remove = || RemoveView { round: ROUND.into(), view: mine[0].id.clone() };
    world.ctx.order(&ben, remove()).await.unwrap();
    assert_eq!(kept(&world, OPERATOR).await.len(), 1, "what is somebody else's stays");
    for _ in 0..2 {
        world.ctx.order(&olga, remove()).await.unwrap();
    }
    assert!(kept(&world, OPERATOR).await.is_empty());
    for n in 0..40 {
        world.ctx.order(&olga, save(&format!("view {n}"), "?show=silent")).await.unwrap();
    }
    let more = world.ctx.order(&olga, save("one more", "?show=silent")).await.unwrap_err();
    assert!(more.what.contains("40 views"), "{more}");
    world.ctx.order(&olga, save("view 7", "?show=strategic")).await.unwrap();
    world.promises_hold().await;
}
