//! Calls whose news cross with others: who stands in the place of a wrong person, what is taken back with a call and what is not.

use soundings::base::problem::Kind;
use soundings::rules::calling::Outcome;
use soundings::rules::journal::Actor;
use soundings::rules::repair::TaskKind;
use soundings::steps::calling::TakeBackCall;
use soundings::steps::repair::resolution::{Resolution, SettleContact};
use soundings::steps::replies::absence::{HearNews, News};
use soundings::steps::signoff::names::editing::{Correction, Edit, EditContact};
use soundings::store::repair::tasks;

use crate::common::reports::{away, report};
use crate::common::{ANN, BEN, CYD, DEE, OPERATOR, World, at};
use crate::story_calls::invited;

on_both!(
    whoever_is_put_in_the_place_of_a_wrong_person_begins_anew,
    a_leave_beyond_the_close_is_taken_back_like_any_other,
    a_wrong_person_and_a_dead_address_are_two_questions,
    a_departure_that_somebody_else_has_heard_of_is_not_taken_back_with_the_call,
);

const OTHER: &str = "ben@northwind.example";

impl World {
    /// What is open about somebody.
    async fn to_repair(&self, contact: &str) -> Vec<TaskKind> {
        let contact = self.person(contact).await.id;
        let mut tx = self.ctx.db.read().await.unwrap();
        let all = tasks::of_contact(&mut tx, &contact).await.unwrap();
        let open = all.into_iter().filter(|task| task.closed_at.is_none());
        let mut kinds: Vec<TaskKind> = open.map(|task| task.kind).collect();
        kinds.sort();
        kinds
    }
}

async fn whoever_is_put_in_the_place_of_a_wrong_person_begins_anew(mut world: World) {
    invited(&mut world).await;
    world.calls(CYD, Outcome::WrongPerson, None).await;
    let cyd = world.person(CYD).await;
    // By the ordinary form, as one who corrects a name.
    let edit = Edit::Correct(Correction {
        first_name: "Fay".into(),
        last_name: "Moss".into(),
        email: "fay.moss@initech.example".into(),
        job_title: cyd.job_title.clone(),
        role: cyd.role.as_str().into(),
        reason: "she looks after it".into(),
    });
    world.ctx.order(&Actor::operator(OPERATOR), EditContact { contact: cyd.id.clone(), edit }).await.unwrap();
    let (fay, cyd) = (world.person("fay.moss@initech.example").await, world.person(CYD).await);
    assert_ne!(fay.id, cyd.id);
    assert_eq!((fay.not_chased_at, fay.sent_count, fay.replaces), (None, 0, Some(cyd.id.clone())));
    assert!(cyd.removed_at.is_some());
    // The twin: whoever only wants no reminders is corrected, and stays himself.
    world.calls(DEE, Outcome::NotChased, None).await;
    let dee = world.person(DEE).await;
    let edit = Edit::Correct(Correction {
        first_name: "Deirdre".into(),
        last_name: "Married".into(),
        email: "deirdre.married@initech.example".into(),
        job_title: dee.job_title.clone(),
        role: dee.role.as_str().into(),
        reason: "has married".into(),
    });
    world.ctx.order(&Actor::operator(OPERATOR), EditContact { contact: dee.id.clone(), edit }).await.unwrap();
    assert_eq!(world.person("deirdre.married@initech.example").await.id, dee.id);
    world.promises_hold().await;
}

async fn a_leave_beyond_the_close_is_taken_back_like_any_other(mut world: World) {
    invited(&mut world).await;
    // Further away than dates are believed: kept as until the close.
    world.calls(ANN, Outcome::OnLeave, Some("2029-02-17")).await;
    assert!(world.person(ANN).await.absent_until.is_some_and(|until| until < at("2028-01-01T00:00:00Z")));
    world.ctx.clock.turn_to(world.now().plus(3_600_000));
    world.takes_back(ANN).await;
    assert_eq!(world.person(ANN).await.absent_until, None);
    // The twin: what was heard since then stays.
    world.calls(BEN, Outcome::OnLeave, Some("2027-02-17")).await;
    let away = News::AwayUntil("2027-02-19".parse().unwrap());
    let news = HearNews { contact: world.person(BEN).await.id, news: away, why: "by mail".into() };
    world.ctx.order(&Actor::operator(OTHER), news).await.unwrap();
    let until = world.person(BEN).await.absent_until;
    world.takes_back(BEN).await;
    assert_eq!(world.person(BEN).await.absent_until, until);
    world.promises_hold().await;
}

async fn a_wrong_person_and_a_dead_address_are_two_questions(mut world: World) {
    invited(&mut world).await;
    for (contact, said) in [(BEN, "550 5.1.1 no such user"), (DEE, "550 5.1.1 unknown recipient")] {
        world.calls(contact, Outcome::WrongPerson, None).await;
        world.comes_back(&[report(&world.mail_to(contact, "invitation"), contact, "failed", "5.1.1", said)]).await;
        let person = world.person(contact).await;
        assert!(person.not_chased_at.is_some() && person.undeliverable_at.is_some(), "{contact}");
        assert_eq!(world.to_repair(contact).await, [TaskKind::Replace, TaskKind::Correct]);
    }
    // What the call has said is taken back; the address is as dead as before.
    world.takes_back(BEN).await;
    let ben = world.person(BEN).await;
    assert!(ben.not_chased_at.is_none() && ben.undeliverable_at.is_some());
    assert_eq!(world.to_repair(BEN).await, [TaskKind::Correct]);
    // Each question has its own answer.
    let contact = world.person(DEE).await.id;
    let (of, correct) = (Some(TaskKind::Replace), vec![TaskKind::Correct]);
    // The second tap of two says nothing of the address.
    for (of, is_dead, open) in [(of, true, correct.clone()), (of, true, correct), (None, false, Vec::new())] {
        let resolution = Resolution::Fine { why: "she says so".into(), of };
        let order = SettleContact { contact: contact.clone(), resolution, sure: false };
        world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
        let dee = world.person(DEE).await;
        assert_eq!((dee.not_chased_at, dee.undeliverable_at.is_some()), (None, is_dead));
        assert_eq!(world.to_repair(DEE).await, open);
    }
    world.promises_hold().await;
}

async fn a_departure_that_somebody_else_has_heard_of_is_not_taken_back_with_the_call(mut world: World) {
    invited(&mut world).await;
    let by = Actor::operator(OPERATOR);
    world.calls(BEN, Outcome::HasLeft, None).await;
    world.calls(ANN, Outcome::HasLeft, None).await;
    world.ctx.clock.turn_to(world.now().plus(3_600_000));
    let words = "I have left Globex.";
    world.comes_back(&[away(&world.mail_to(BEN, "invitation"), BEN, words)]).await;
    assert_eq!(world.made_of_it().await.last().map(|reply| reply.verdict.as_str()), Some("left"));
    let news = HearNews {
        contact: world.person(ANN).await.id,
        news: News::Left { write_to: Vec::new() },
        why: "told by her director".into(),
    };
    world.ctx.order(&Actor::operator(OTHER), news).await.unwrap();
    for (contact, who) in [(BEN, "An automatic reply from ben.koch@globex.example"), (ANN, OTHER)] {
        let id = world.person(contact).await.id;
        let call = world.called_lately().await.into_iter().find(|call| call.contact_id == id).unwrap().id;
        let refused = world.ctx.order(&by, TakeBackCall { call }).await.unwrap_err();
        assert_eq!((refused.kind, refused.what.starts_with(who)), (Kind::Refused, true), "{refused}");
        let person = world.person(contact).await;
        assert!(person.left_at.is_some() && person.undeliverable_at.is_some(), "{contact}");
    }
    world.promises_hold().await;
}
