//! Signed messages on their way: the same row makes the same bytes again, and addresses beyond ASCII go where they can (M11, M12).

use soundings::base::clock::DAY;
use soundings::base::signing_key::{Algorithm, SigningKey};
use soundings::mail::dkim::{DkimKey, Signer};
use soundings::rehearsal::mailbox::{Received, ServerFault, ServerStage};
use soundings::rules::journal::Actor;
use soundings::rules::message::MessageState;
use soundings::steps::sending::outbox::{ActOnMessage, MessageAction};

use crate::common::{ANN, OPERATOR, World, northwind_with};

on_both!(
    m12_a_second_copy_is_the_same_message_and_signed_as_of_its_date,
    m11_a_local_part_beyond_ascii_goes_only_where_it_is_taken,
);

fn sign(world: &mut World) {
    let keys = [(Algorithm::Rsa, "r1"), (Algorithm::Ed25519, "e1")];
    let keys = keys.map(|(algorithm, selector)| {
        let key = SigningKey::draw(algorithm).unwrap().0;
        ("northwind.example".to_string(), DkimKey { selector: selector.into(), key })
    });
    world.ctx.signer = Signer::new(keys).into();
}

/// Ann's invitation is with the server, which never said so.
async fn letter_in_doubt(world: &mut World) {
    sign(world);
    world.signed().await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    world.mailbox.set_faults(vec![ServerFault::DropAfterDot { every: 1 }]);
    world.pass_to("2027-02-08T11:00:00Z").await;
    world.mailbox.set_faults(vec![]);
    assert_eq!(world.row(ANN, "invitation").await.state, MessageState::InDoubt);
}

/// A tag of the topmost signature.
fn tag(mail: &Received, name: &str) -> String {
    let field = mail.header("dkim-signature").unwrap();
    field.split(';').find_map(|t| t.trim().strip_prefix(name)).unwrap().to_string()
}

fn body(mail: &Received) -> String {
    String::from_utf8_lossy(&mail.raw).split_once("\r\n\r\n").unwrap().1.to_string()
}

async fn m12_a_second_copy_is_the_same_message_and_signed_as_of_its_date(mut world: World) {
    letter_in_doubt(&mut world).await;
    let first = world.mail_to(ANN, "invitation");
    world.ctx.clock.turn_to(first.at.plus(9 * DAY));
    // Nobody gave a sign of arrival, so it goes again when the daemon is back, after the reminder that is due by then and the gap after that.
    world.work().await;
    world.ctx.clock.turn_to(world.now().plus(5 * DAY));
    world.work().await;
    let of_the_row = |mail: &Received| mail.kind == "invitation" && mail.number != first.number;
    let again = world.mails_to(ANN).into_iter().find(of_the_row).unwrap();
    assert_eq!(again.message_id, first.message_id);
    assert_eq!((body(&again), tag(&again, "bh=")), (body(&first), tag(&first, "bh=")));
    for copy in [&first, &again] {
        let signatures = &copy.headers["dkim-signature"];
        assert!(signatures[0].contains("a=rsa-sha256") && signatures[1].contains("a=ed25519-sha256"), "{signatures:?}");
        let (signed, until): (i64, i64) = (tag(copy, "t=").parse().unwrap(), tag(copy, "x=").parse().unwrap());
        let date = chrono::DateTime::parse_from_rfc2822(copy.header("date").unwrap()).unwrap().timestamp();
        assert_eq!(signed, date);
        let now = copy.at.0 / 1_000;
        assert!(until - signed <= 14 * DAY / 1_000 && until - now > 6 * DAY / 1_000, "{signed} {until} {now}");
    }
}

async fn m11_a_local_part_beyond_ascii_goes_only_where_it_is_taken(mut world: World) {
    let anne = "änne.lee@glöbex.example";
    world.load(northwind_with(&[(ANN, anne)])).await;
    world.order(soundings::steps::round::RoundOrder::Start).await;
    world.work().await;
    world.sign_all(crate::common::DORA, "sign_off").await;
    let plain = "250-mailbox.localhost\r\n250-8BITMIME\r\n250 PIPELINING";
    world.mailbox.set_faults(vec![ServerFault::Reply { stage: ServerStage::Hello, text: plain.into() }]);
    world.lines = world.new_lines();
    world.pass_to("2027-02-01T10:00:00Z").await;
    let row = world.row(anne, "warm_up").await;
    assert_eq!(row.state, MessageState::Failed);
    assert!(row.answer.as_deref().unwrap_or_default().contains("needs SMTPUTF8"), "{row:?}");
    assert!(world.person(anne).await.undeliverable_at.is_none(), "the address is not dead");
    world.mailbox.set_faults(vec![]);
    world.lines = world.new_lines();
    world
        .ctx
        .order(&Actor::operator(OPERATOR), ActOnMessage { message: row.id.clone(), action: MessageAction::Retry })
        .await
        .unwrap();
    world.work().await;
    let letter = world.mails_to("änne.lee@xn--glbex-kua.example").remove(0);
    assert_eq!(letter.kind, "warm_up");
    assert!(String::from_utf8_lossy(&letter.raw).contains("<änne.lee@xn--glbex-kua.example>"));
}
