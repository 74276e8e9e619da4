//! The negative twins: each breaks one promise on purpose, and the rehearsal must say so. What cannot fail proves nothing.

use std::fs;

use soundings::base::address::EmailAddress;
use soundings::base::clock::HOUR;
use soundings::base::ids::MessageId;
use soundings::config::smtp::SmtpSettings;
use soundings::mail::smtp::{Connection, Envelope};
use soundings::rehearsal::mailbox::Received;
use soundings::rehearsal::play::{self, Speed};
use soundings::rehearsal::world::World;
use soundings::rules::journal::Actor;
use soundings::steps::audit::promises;
use soundings::steps::response;
use soundings::steps::signoff::names::editing::{Edit, EditContact};

use super::round::{Place, place, small};

/// A round that has come as far as its first mail of this kind to a contact whose address is not refused.
async fn until(kind: &str) -> (Place, Received) {
    let mut place = place(small(0), 3).await;
    loop {
        assert!(place.world.tick().await.unwrap());
        if let Some(mail) = place.world.mailbox.all().into_iter().find(|m| m.kind == kind) {
            assert!(broken(&place.world).await.is_empty());
            return (place, mail);
        }
    }
}

/// Puts a mail into the mailbox past the ledger, as a broken sender would.
pub async fn smuggle(world: &mut World, to: &str, raw: &[u8]) {
    let settings = SmtpSettings { port: world.mailbox.address().port(), ..SmtpSettings::default() };
    let mut connection = Connection::open(&settings).await.unwrap();
    let to = EmailAddress::parse(to).unwrap();
    let envelope = Envelope { from: "x@client.example".into(), to, id: MessageId::from(""), tell_arrival: false };
    connection.offer(&envelope, raw).await.unwrap();
    assert!(connection.finish().await.unwrap().positive());
    world.settle_down().await.unwrap();
}

async fn broken(world: &World) -> Vec<u8> {
    world.promises().await.unwrap().into_iter().filter(|p| !p.holds).map(|p| p.id).collect()
}

#[tokio::test]
async fn a_second_copy_that_nobody_named_is_found() {
    let (mut place, mail) = until("invitation").await;
    smuggle(&mut place.world, mail.recipient(), &mail.raw).await;
    assert_eq!(broken(&place.world).await, [3]);
}

#[tokio::test]
async fn a_letter_to_somebody_who_is_not_signed_is_found() {
    let (mut place, mail) = until("warm_up").await;
    let opened = response::open(&place.world.ctx, "no such link").await.unwrap();
    assert!(opened.is_none());
    let live = place.world.live().await.unwrap();
    let contact = {
        let mut tx = place.world.ctx.db.read().await.unwrap();
        soundings::store::contacts::by_address(&mut tx, &live.id, mail.recipient()).await.unwrap().unwrap()
    };
    let edit = Edit::Remove { reason: "left".into() };
    place
        .world
        .ctx
        .order(&Actor::operator("op@client.example"), EditContact { contact: contact.clone(), edit })
        .await
        .unwrap();
    smuggle(&mut place.world, mail.recipient(), &mail.raw).await;
    assert!(broken(&place.world).await.contains(&1));
}

#[tokio::test]
async fn a_letter_in_the_night_is_found() {
    let (mut place, mail) = until("invitation").await;
    place.world.ctx.clock.turn_to(mail.at.plus(12 * HOUR));
    smuggle(&mut place.world, mail.recipient(), &mail.raw).await;
    assert!(broken(&place.world).await.contains(&4));
}

#[tokio::test]
async fn a_mail_that_no_row_knows_and_the_banned_word_are_found() {
    let (mut place, mail) = until("invitation").await;
    let text = String::from_utf8(mail.raw.to_vec()).unwrap();
    let raw =
        text.replace(&mail.message, "00000000-0000-7000-8000-000000000000").replace("Subject: ", "Subject: Survey ");
    smuggle(&mut place.world, mail.recipient(), raw.as_bytes()).await;
    assert_eq!(broken(&place.world).await, [3, 9]);
}

#[tokio::test]
async fn an_answer_that_the_other_side_lost_is_found() {
    let mut place = place(small(0), 5).await;
    let outcome = play::play(&mut place.world, Speed::Max, |_| {}).await.unwrap();
    assert!(outcome.all_hold() && outcome.status.handoff.confirmed > 1);
    let file = place.home.path().join("handed.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    let (first, _) = text.split_once('\n').unwrap();
    fs::write(&file, text.replacen(first, "", 1)).unwrap();
    place.world.reconcile().await.unwrap();
    assert_eq!(broken(&place.world).await, [6]);
}

#[tokio::test]
async fn what_a_link_could_change_moves_the_digest() {
    let (place, mail) = until("invitation").await;
    let ctx = &place.world.ctx;
    let secret = |path: &str| mail.link(path).unwrap().rsplit('/').next().unwrap().to_owned();
    let live = place.world.live().await.unwrap();
    let item = live.questionnaire.items().next().unwrap().id.clone();
    let before = promises::digest(ctx).await.unwrap();
    response::open(ctx, &secret("/assessment/")).await.unwrap().unwrap();
    assert_eq!(promises::digest(ctx).await.unwrap(), before);
    ctx.order(
        &Actor::Visitor,
        response::SaveAnswers {
            secret: secret("/assessment/").clone(),
            fields: [(item, "3".to_owned())].into(),
            language: "en".into(),
        },
    )
    .await
    .unwrap();
    let saved = promises::digest(ctx).await.unwrap();
    assert_ne!(saved, before);
    ctx.order(
        &Actor::Visitor,
        response::OptOut { secret: secret("/opt-out/"), length: response::Length::NeverAgain, how: "one click" },
    )
    .await
    .unwrap();
    assert_ne!(promises::digest(ctx).await.unwrap(), saved);
}
