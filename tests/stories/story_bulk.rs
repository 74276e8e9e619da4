//! Many contacts at one press: who is paused, released, left out, taken off and put back, who is not and why, and what is undone.

use soundings::base::ids::{BulkId, ContactId};
use soundings::base::problem::{Kind, Result};
use soundings::rehearsal::mailbox::ServerFault;
use soundings::rules::calling::Outcome;
use soundings::rules::contacts::bulk::{Act, WhyNot};
use soundings::rules::journal::{Action, Actor};
use soundings::rules::message::MessageState;
use soundings::rules::signoff::Standing;
use soundings::steps::contacts::bulk::{self, Looked, Press};
use soundings::steps::round::RoundOrder;
use soundings::steps::sending::outbox::{ActOnMessage, MessageAction};
use soundings::steps::signoff::names::editing::{Edit, EditContact};
use soundings::store::contacts::bulk as store;
use soundings::store::journal;
use soundings::store::round::rounds;

use crate::common::{ANN, BEN, CYD, DEE, OPERATOR, ROUND, UMA, World, crowd};

on_both!(
    a_pause_of_many_leaves_who_has_answered_and_is_undone,
    what_somebody_else_has_set_since_is_not_undone,
    what_has_failed_is_tried_again_but_not_at_a_dead_address,
    what_would_not_go_is_not_tried_again,
    names_are_taken_off_and_put_back_together,
    who_asked_for_it_is_left_out_with_the_reason,
    a_press_goes_in_pieces_and_does_nothing_twice,
    nobody_of_elsewhere_and_nothing_of_a_closed_round,
);

async fn ids(world: &World, addresses: &[&str]) -> Vec<ContactId> {
    let mut all = Vec::new();
    for address in addresses {
        all.push(world.person(address).await.id);
    }
    all
}

fn the_press(id: &str, act: Act, reason: &str, people: Vec<ContactId>) -> Press {
    Press { id: BulkId::from(id), slug: ROUND.into(), act, reason: reason.into(), people, undoes: None }
}

async fn press(world: &World, press: Press) -> Result<()> {
    bulk::press(&world.ctx, &Actor::operator(OPERATOR), press).await
}

async fn look(world: &World, act: Act, people: &[ContactId]) -> Vec<Looked> {
    let live = world.live().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    bulk::look(&mut tx, &live, act, people).await.unwrap()
}

/// How many have become what, by its word; an empty one where it was done.
async fn outcomes(world: &World, id: &BulkId) -> Vec<(String, i64)> {
    let mut tx = world.ctx.db.read().await.unwrap();
    store::outcomes(&mut tx, id).await.unwrap()
}

async fn journalled(world: &World, contact: &ContactId, action: Action) -> usize {
    let mut tx = world.ctx.db.read().await.unwrap();
    let all = journal::of_subject(&mut tx, contact).await.unwrap();
    all.iter().filter(|e| e.what() == Some(action)).count()
}

fn reminders(world: &World, address: &str) -> usize {
    world.kinds_to(address).iter().filter(|kind| *kind == "reminder").count()
}

async fn a_pause_of_many_leaves_who_has_answered_and_is_undone(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    let people = ids(&world, &[ANN, BEN, CYD]).await;
    // Looking changes nothing, and says what the press then does.
    let looked = look(&world, Act::Pause, &people).await;
    let left: Vec<_> = looked.iter().filter_map(|l| Some((l.person.email.as_str(), l.why?))).collect();
    assert_eq!(left, [(ANN, WhyNot::Answered)]);
    assert_eq!(world.in_state(MessageState::Held).await.len(), 0);
    press(&world, the_press("b1", Act::Pause, "", people.clone())).await.unwrap();
    let first = BulkId::from("b1");
    assert_eq!(outcomes(&world, &first).await, [(String::new(), 2), ("answered".into(), 1)]);
    assert_eq!(journalled(&world, &people[1], Action::Held).await, 1);
    world.pass_to("2027-02-12T12:00:00Z").await;
    assert_eq!([BEN, CYD].map(|who| reminders(&world, who)), [0; 2], "they are paused");
    assert_eq!(reminders(&world, DEE), 1, "who was not chosen goes on");
    assert_eq!(world.kinds_to(ANN).last().map(String::as_str), Some("thank_you"));
    // Whoever answers meanwhile has nothing that could be released.
    world.answers(&world.mail_to(CYD, "invitation")).await.unwrap();
    let by = Actor::operator(OPERATOR);
    let undone = bulk::undo(&world.ctx, &by, ROUND, &first).await.unwrap();
    assert_eq!(outcomes(&world, &undone).await, [(String::new(), 1), ("answered".into(), 1)]);
    assert_eq!(bulk::undo(&world.ctx, &by, ROUND, &first).await.unwrap(), undone, "undone once");
    world.pass_to("2027-02-17T12:00:00Z").await;
    assert_eq!((reminders(&world, BEN), reminders(&world, CYD)), (1, 0), "what was held goes once");
    world.promises_hold().await;
}

async fn what_somebody_else_has_set_since_is_not_undone(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    let people = ids(&world, &[BEN, CYD]).await;
    let (first, by) = (BulkId::from("p1"), Actor::operator(OPERATOR));
    press(&world, the_press("p1", Act::Pause, "", people)).await.unwrap();
    // What holds Ben now is another operator's.
    let (other, message) = (Actor::operator("ben@northwind.example"), world.row(BEN, "reminder").await.id);
    for action in [MessageAction::Release, MessageAction::Hold] {
        world.ctx.clock.turn_to(world.now().plus(60_000));
        world.ctx.order(&other, ActOnMessage { message: message.clone(), action }).await.unwrap();
    }
    let undone = bulk::undo(&world.ctx, &by, ROUND, &first).await.unwrap();
    assert_eq!(outcomes(&world, &undone).await, [(String::new(), 1), ("set_again".into(), 1)]);
    assert_eq!(world.row(BEN, "reminder").await.state, MessageState::Held);
    assert_eq!(world.row(CYD, "reminder").await.state, MessageState::Planned);
    // The same of names that were taken off.
    let people = ids(&world, &[ANN, DEE]).await;
    press(&world, the_press("p2", Act::Remove, "by mistake", people.clone())).await.unwrap();
    for edit in [Edit::PutBack, Edit::Remove { reason: "has asked for it".into() }] {
        world.ctx.clock.turn_to(world.now().plus(60_000));
        world.ctx.order(&other, EditContact { contact: people[0].clone(), edit }).await.unwrap();
    }
    let undone = bulk::undo(&world.ctx, &by, ROUND, &"p2".into()).await.unwrap();
    assert_eq!(outcomes(&world, &undone).await, [(String::new(), 1), ("set_again".into(), 1)]);
    assert!(world.person(ANN).await.removed_at.is_some() && world.person(DEE).await.removed_at.is_none());
    world.promises_hold().await;
}

async fn what_has_failed_is_tried_again_but_not_at_a_dead_address(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    let refuse = |who: &str, reply: &str| ServerFault::RefuseRecipient { address: who.into(), reply: reply.into() };
    world.mailbox.set_faults(vec![
        refuse(BEN, "554 5.7.1 rejected for policy reasons, see https://block.example"),
        refuse(CYD, "550 5.1.1 no such user"),
    ]);
    world.pass_to("2027-02-08T18:00:00Z").await;
    world.mailbox.set_faults(Vec::new());
    assert_eq!(world.row(BEN, "invitation").await.state, MessageState::Failed);
    let people = ids(&world, &[ANN, BEN, CYD]).await;
    press(&world, the_press("b2", Act::TryAgain, "", people.clone())).await.unwrap();
    let left = {
        let mut tx = world.ctx.db.read().await.unwrap();
        store::left(&mut tx, &"b2".into(), 10).await.unwrap()
    };
    let why = |id: &ContactId| left.iter().find(|(left, _)| left == id).map(|(_, why)| why.as_str());
    assert_eq!(people.iter().map(why).collect::<Vec<_>>(), [Some("nothing_failed"), None, Some("undeliverable")]);
    world.pass_to("2027-02-09T12:00:00Z").await;
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation"]);
    assert_eq!(world.kinds_to(CYD), ["warm_up"]);
    world.promises_hold().await;
}

async fn what_would_not_go_is_not_tried_again(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-10T18:00:00Z").await;
    let reply = "554 5.7.1 rejected for policy reasons, see https://block.example".to_string();
    world.mailbox.set_faults(vec![ServerFault::RefuseRecipient { address: BEN.into(), reply }]);
    world.pass_to("2027-02-11T18:00:00Z").await;
    world.mailbox.set_faults(Vec::new());
    assert_eq!(world.row(BEN, "reminder").await.state, MessageState::Failed);
    world.calls(BEN, Outcome::NotChased, None).await;
    let people = ids(&world, &[BEN]).await;
    press(&world, the_press("t1", Act::TryAgain, "", people)).await.unwrap();
    assert_eq!(outcomes(&world, &"t1".into()).await, [("not_chased".to_string(), 1)]);
    assert_eq!(world.row(BEN, "reminder").await.state, MessageState::Failed);
    world.promises_hold().await;
}

async fn names_are_taken_off_and_put_back_together(mut world: World) {
    world.signed().await;
    let people = ids(&world, &[ANN, BEN, UMA]).await;
    let refused = press(&world, the_press("b3", Act::Remove, " ", people.clone())).await.unwrap_err();
    assert_eq!((refused.kind, refused.what.as_str()), (Kind::Unusable, "Say it in a few words."));
    assert!(outcomes(&world, &"b3".into()).await.is_empty(), "nothing of a refused press is kept");
    press(&world, the_press("b3", Act::Remove, "Asked by the client.", people.clone())).await.unwrap();
    for address in [ANN, BEN, UMA] {
        assert!(world.person(address).await.removed_at.is_some(), "{address}");
    }
    assert_eq!(world.account("Globex").await.listed, 0);
    world.pass_to("2027-02-08T18:00:00Z").await;
    assert!(world.kinds_to(ANN).is_empty() && !world.kinds_to(DEE).is_empty());
    let by = Actor::operator(OPERATOR);
    let undone = bulk::undo(&world.ctx, &by, ROUND, &"b3".into()).await.unwrap();
    assert_eq!(outcomes(&world, &undone).await, [(String::new(), 3)]);
    // Who was off the list is signed again before anything goes to him.
    let ann = world.person(ANN).await;
    assert_eq!((ann.removed_at, ann.standing), (None, Standing::Unsigned));
    assert_eq!(world.account("Globex").await.listed, 2);
    let again = bulk::undo(&world.ctx, &by, ROUND, &undone).await.unwrap_err();
    assert_eq!(again.kind, Kind::Refused, "what was put back is taken off again for a reason only");
    world.promises_hold().await;
}

async fn who_asked_for_it_is_left_out_with_the_reason(mut world: World) {
    world.signed().await;
    let people = ids(&world, &[ANN, BEN]).await;
    press(&world, the_press("b4", Act::OptOut, "by telephone", people.clone())).await.unwrap();
    let told = {
        let mut tx = world.ctx.db.read().await.unwrap();
        journal::of_subject(&mut tx, &people[0]).await.unwrap().into_iter().find(|e| e.what() == Some(Action::OptedOut))
    };
    assert_eq!(told.map(|e| e.detail), Some("for this round, by telephone".into()));
    // For good is more than for this round; and twice is once.
    press(&world, the_press("b5", Act::NeverAgain, "by mail", people.clone())).await.unwrap();
    press(&world, the_press("b6", Act::NeverAgain, "by mail", people.clone())).await.unwrap();
    assert_eq!(outcomes(&world, &"b5".into()).await, [(String::new(), 2)]);
    assert_eq!(outcomes(&world, &"b6".into()).await, [("never_again".to_string(), 2)]);
    assert_eq!(journalled(&world, &people[1], Action::OptedOut).await, 2);
    world.pass_to("2027-02-12T18:00:00Z").await;
    assert!(world.kinds_to(ANN).is_empty() && world.kinds_to(BEN).is_empty());
    world.promises_hold().await;
}

async fn a_press_goes_in_pieces_and_does_nothing_twice(world: World) {
    world.load(crowd(1_030)).await;
    let all: Vec<ContactId> = {
        let mut tx = world.ctx.db.read().await.unwrap();
        let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
        soundings::store::contacts::ids_of_round(&mut tx, &round.id).await.unwrap()
    };
    let id = BulkId::from("b7");
    let done = |n: i64| vec![(String::new(), n)];
    // As where the program ends after the first piece.
    press(&world, the_press("b7", Act::OptOut, "by mail", all[..40].to_vec())).await.unwrap();
    assert_eq!(outcomes(&world, &id).await, done(40));
    press(&world, the_press("b7", Act::OptOut, "by mail", all.clone())).await.unwrap();
    assert_eq!(outcomes(&world, &id).await, done(1_030));
    press(&world, the_press("b7", Act::OptOut, "by mail", all.clone())).await.unwrap();
    assert_eq!(outcomes(&world, &id).await, done(1_030));
    for contact in [&all[0], &all[39], &all[40], &all[1_029]] {
        assert_eq!(journalled(&world, contact, Action::OptedOut).await, 1);
    }
    let another = press(&world, the_press("b7", Act::Pause, "", all[..2].to_vec())).await.unwrap_err();
    assert_eq!(another.kind, Kind::Refused, "an id is of one press");
    let many = std::iter::repeat_n(all[0].clone(), bulk::MOST + 1).collect();
    assert_eq!(press(&world, the_press("b8", Act::Pause, "", many)).await.unwrap_err().kind, Kind::Unusable);
    assert_eq!(press(&world, the_press("b8", Act::Pause, "", Vec::new())).await.unwrap_err().kind, Kind::Unusable);
    world.promises_hold().await;
}

async fn nobody_of_elsewhere_and_nothing_of_a_closed_round(mut world: World) {
    world.signed().await;
    let mut other = crate::common::northwind();
    other.spec.round = "other-2027".into();
    soundings::steps::round::load(&world.ctx, other, &Actor::operator(OPERATOR)).await.unwrap();
    let foreign = {
        let mut tx = world.ctx.db.read().await.unwrap();
        let round = rounds::by_slug(&mut tx, "other-2027").await.unwrap().unwrap();
        soundings::store::contacts::ids_of_round(&mut tx, &round.id).await.unwrap()
    };
    press(&world, the_press("b9", Act::Remove, "by mistake", foreign.clone())).await.unwrap();
    assert_eq!(outcomes(&world, &"b9".into()).await, [("unknown".to_string(), foreign.len() as i64)]);
    let mut tx = world.ctx.db.read().await.unwrap();
    let person = soundings::store::contacts::person(&mut tx, &foreign[0]).await.unwrap().unwrap();
    drop(tx);
    assert_eq!(person.removed_at, None);
    world.order(RoundOrder::Close).await;
    let own = ids(&world, &[ANN]).await;
    let closed = press(&world, the_press("b10", Act::Remove, "too late", own)).await.unwrap_err();
    assert_eq!(closed.kind, Kind::Refused);
    world.promises_hold().await;
}
