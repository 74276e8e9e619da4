//! The questionnaire under which somebody answered leaves with the answers, and an answered question keeps its meaning.

use std::collections::BTreeMap;

use soundings::rules::journal::Actor;
use soundings::rules::questionnaire::ItemKind;
use soundings::steps::{response, round};
use soundings::store::handover;
use soundings::store::round::rounds;

use crate::common::{ANN, BEN, OPERATOR, World, northwind, secret_in};
use crate::story_objections::invited;

on_both!(
    an_answer_leaves_under_the_version_it_was_given_under,
    a_question_that_was_answered_keeps_its_meaning,
    a_change_of_the_questions_says_whom_it_is_about,
);

async fn a_change_of_the_questions_says_whom_it_is_about(mut world: World) {
    invited(&mut world).await;
    world.begins(&world.mail_to(ANN, "invitation")).await;
    world.answers(&world.mail_to(BEN, "invitation")).await.unwrap();
    let mut asked = northwind().questionnaire;
    asked.groups[0].items[0].text.insert("en".into(), "Do they keep their word?".into());
    let version = async || {
        let mut tx = world.ctx.db.read().await.unwrap();
        rounds::by_slug(&mut tx, "northwind-2027").await.unwrap().unwrap().version
    };
    let before = version().await;
    let effect = round::questions::effect(&world.ctx, "northwind-2027", asked.clone()).await.unwrap();
    assert_eq!((effect.begun, effect.completed), (1, 1));
    assert!(effect.changes.len() == 1 && effect.changes[0].contains("Do they keep their word?"), "{effect:?}");
    assert_eq!(version().await, before, "looking changes nothing");
    // What was answered may not mean something else; it is said before anybody confirms.
    asked.groups[0].items[0].kind = ItemKind::Text;
    let refused = round::questions::effect(&world.ctx, "northwind-2027", asked).await.unwrap_err();
    assert!(refused.what.contains("cannot change its kind of answer"), "{refused}");
    // Twin: nothing is different.
    let same = round::questions::effect(&world.ctx, "northwind-2027", northwind().questionnaire).await.unwrap();
    assert!(same.changes.is_empty(), "{same:?}");
    world.promises_hold().await;
}

async fn an_answer_leaves_under_the_version_it_was_given_under(mut world: World) {
    invited(&mut world).await;
    world.begins(&world.mail_to(ANN, "invitation")).await;
    let mut folder = northwind();
    folder.questionnaire.version = "2027-2".into();
    let mut added = folder.questionnaire.groups[0].items[0].clone();
    added.id = "care".into();
    folder.questionnaire.groups[0].items.push(added);
    // Nobody has answered this one: it may go.
    folder.questionnaire.groups[0].items.retain(|item| item.id != "words");
    world.load(folder).await;
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    let secret = secret_in(&world.mail_to(BEN, "invitation"), "/assessment/");
    let fields = BTreeMap::from([("trust", "6"), ("recommend", "9"), ("care", "3"), ("words", "unasked")]);
    let fields = fields.into_iter().map(|(id, value)| (id.to_string(), value.to_string())).collect();
    world
        .ctx
        .order(&Actor::Visitor, response::SaveAnswers { secret: secret.clone(), fields, language: "en".into() })
        .await
        .unwrap();
    assert_eq!(
        world
            .ctx
            .order(&Actor::Visitor, response::SendAnswers { secret: secret.clone(), language: "en".into() })
            .await
            .unwrap()
            .1,
        response::Sent::Complete
    );
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, "northwind-2027").await.unwrap().unwrap();
    let bodies: Vec<serde_json::Value> = handover::page(&mut tx, &round.id, 10, 0)
        .await
        .unwrap()
        .iter()
        .map(|h| serde_json::from_str(&h.body).unwrap())
        .collect();
    drop(tx);
    let of = |n: usize, what: &str| bodies[n].pointer(&format!("/data/response/{what}")).cloned().unwrap_or_default();
    assert_eq!(of(0, "questionnaire/version"), "2027-1");
    assert_eq!(of(0, "answers"), serde_json::json!({ "recommend": 9, "trust": 6 }));
    assert_eq!(of(1, "questionnaire/version"), "2027-2");
    assert_eq!(of(1, "answers"), serde_json::json!({ "care": 3, "recommend": 9, "trust": 6 }));
    assert_ne!(of(0, "questionnaire/digest"), of(1, "questionnaire/digest"));
    world.promises_hold().await;
}

async fn a_question_that_was_answered_keeps_its_meaning(mut world: World) {
    invited(&mut world).await;
    world.begins(&world.mail_to(ANN, "invitation")).await;
    world.begins(&world.mail_to(BEN, "invitation")).await;
    let mut scale = northwind();
    scale.questionnaire.version = "2027-2".into();
    scale.questionnaire.groups[0].items[0].kind = ItemKind::Scale10;
    let mut gone = northwind();
    gone.questionnaire.groups[0].items.remove(0);
    for changed in [scale, gone] {
        let refused = round::load(&world.ctx, changed, &Actor::operator(OPERATOR)).await.unwrap_err().to_string();
        assert!(refused.contains("trust") && refused.contains("2 contacts"), "{refused}");
    }
    let mut words = northwind();
    words.questionnaire.groups[0].items[0].text.insert("en".into(), "Northwind keeps its promises.".into());
    words.questionnaire.groups[0].items[1].kind = ItemKind::Scale7;
    world.load(words).await;
    // Who has begun goes on with the questions that he began with.
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    world.promises_hold().await;
}
