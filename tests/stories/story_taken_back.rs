//! A signature that is taken back: the account is unsigned again and nobody there is written to, until a letter has left.

use soundings::base::clock::{MINUTE, SECOND};
use soundings::base::problem::{Kind, Result};
use soundings::rules::journal::{Action, Actor};
use soundings::rules::message::MessageState;
use soundings::rules::signoff::{SignLevel, Standing};
use soundings::steps::signoff::signing::withdrawing::WithdrawSignature;
use soundings::store::{journal, signoff as requests};

use crate::common::{ANN, CYD, DORA, ERIK, SALES_DIRECTOR, UMA, World};

on_both!(
    a_signature_taken_back_stops_its_account_and_no_other,
    after_the_first_letter_a_signature_stays,
    both_levels_take_their_own_signature_back_and_no_other,
    what_is_taken_back_at_once_is_on_no_receipt,
    s11_nobody_takes_back_what_is_not_his,
);

async fn takes_back(world: &World, address: &str, kind: &str, account: &str) -> Result<Standing> {
    let secret = world.signing_secret(address, kind).await;
    let account = world.account(account).await.id;
    world.ctx.order(&Actor::Visitor, WithdrawSignature { secret, account }).await
}

fn later(world: &World, by: i64) {
    world.ctx.clock.turn_to(world.now().plus(by));
}

async fn a_signature_taken_back_stops_its_account_and_no_other(mut world: World) {
    world.started().await;
    world.sign_all(DORA, "sign_off").await;
    world.work().await;
    later(&world, SECOND);
    assert_eq!(takes_back(&world, DORA, "sign_off", "Globex").await.unwrap(), Standing::Unsigned);
    // The second tap of two is told the same, and does nothing.
    assert_eq!(takes_back(&world, DORA, "sign_off", "Globex").await.unwrap(), Standing::Unsigned);
    let account = world.account("Globex").await;
    let taken = {
        let mut tx = world.ctx.db.read().await.unwrap();
        let entries = journal::of_subject(&mut tx, account.id.as_str()).await.unwrap();
        entries.into_iter().filter(|e| e.what() == Some(Action::TookSignatureBack)).collect::<Vec<_>>()
    };
    assert_eq!(taken.len(), 1);
    assert!(taken[0].actor.contains(DORA), "{}", taken[0].actor);
    let sheet = world.sheet(DORA, "sign_off").await;
    let globex = sheet.iter().find(|a| a.account.name == "Globex").unwrap();
    assert!(globex.to_sign && globex.changes.is_empty() && globex.signatures.is_empty());

    // He knows: he is asked again by the schedule, and not as if the list had changed.
    world.pass_to("2027-01-26T18:00:00Z").await;
    assert_eq!(world.kinds_to(DORA).iter().filter(|kind| *kind == "sign_off").count(), 1);
    world.pass_to("2027-02-02T18:00:00Z").await;
    let again = world.mail_to(DORA, "sign_off");
    assert!(again.subject().starts_with("Still to sign off: 2 names"), "{}", again.subject());
    assert!(world.mails_to(ANN).is_empty());
    assert_eq!(world.kinds_to(UMA), ["warm_up"]);

    let globex = world.sheet(DORA, "sign_off").await.into_iter().find(|a| a.to_sign).unwrap();
    assert_eq!(world.sign(DORA, "sign_off", &globex, "2").await.unwrap(), Standing::Signed);
    world.pass_to("2027-02-03T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up"]);
    world.promises_hold().await;
}

async fn after_the_first_letter_a_signature_stays(mut world: World) {
    world.signed().await;
    // Planned, and not gone: it is withdrawn with the signature.
    world.pass_to("2027-01-31T12:00:00Z").await;
    assert!(world.sheet(DORA, "sign_off").await.iter().all(|a| !a.written_to));
    takes_back(&world, DORA, "sign_off", "Umbra").await.unwrap();
    world.pass_to("2027-02-02T18:00:00Z").await;
    assert!(world.mails_to(UMA).is_empty());
    assert_eq!(world.kinds_to(ANN), ["warm_up"]);
    for (who, kind, account) in
        [(DORA, "sign_off", "Globex"), (ERIK, "sign_off", "Initech"), (SALES_DIRECTOR, "counter_sign", "Initech")]
    {
        let said = takes_back(&world, who, kind, account).await.unwrap_err();
        assert!(said.what.contains("A letter to somebody") && said.kind == Kind::Refused, "{said}");
        assert_eq!(world.account(account).await.standing, Standing::Signed);
    }
    world.promises_hold().await;
}

async fn both_levels_take_their_own_signature_back_and_no_other(mut world: World) {
    world.signed().await;
    later(&world, MINUTE);
    assert_eq!(takes_back(&world, ERIK, "sign_off", "Initech").await.unwrap(), Standing::Unsigned);
    // Nothing is left for the sales director, whose own signature holds for this list.
    let left = {
        let mut tx = world.ctx.db.read().await.unwrap();
        let round = world.account("Initech").await.round_id;
        requests::of_round(&mut tx, &round).await.unwrap()
    };
    assert!(left.iter().all(|r| r.level == SignLevel::Director || r.next_ask_at.is_none()));
    later(&world, MINUTE);
    assert_eq!(world.sign_all(ERIK, "sign_off").await, [Standing::Signed]);
    later(&world, MINUTE);
    assert_eq!(takes_back(&world, SALES_DIRECTOR, "counter_sign", "Initech").await.unwrap(), Standing::CounterSign);
    world.pass_to("2027-01-26T18:00:00Z").await;
    let asked = world.kinds_to(SALES_DIRECTOR).iter().filter(|kind| *kind == "counter_sign").count();
    assert!(asked <= 1, "{:?}", world.kinds_to(SALES_DIRECTOR));
    world.pass_to("2027-02-03T12:00:00Z").await;
    assert!(world.mails_to(CYD).is_empty());
    assert_eq!(world.sign_all(SALES_DIRECTOR, "counter_sign").await, [Standing::Signed]);
    world.pass_to("2027-02-03T18:00:00Z").await;
    assert_eq!(world.kinds_to(CYD), ["warm_up"]);
    world.promises_hold().await;
}

async fn what_is_taken_back_at_once_is_on_no_receipt(mut world: World) {
    world.started().await;
    world.sign_all(DORA, "sign_off").await;
    later(&world, SECOND);
    takes_back(&world, DORA, "sign_off", "Globex").await.unwrap();
    later(&world, 2 * MINUTE);
    world.work().await;
    let mail = world.mail_to(DORA, "receipt");
    assert!(mail.text.contains("Umbra") && !mail.text.contains("Globex"), "{}", mail.text);

    world.sign_all(ERIK, "sign_off").await;
    later(&world, SECOND);
    takes_back(&world, ERIK, "sign_off", "Initech").await.unwrap();
    later(&world, 2 * MINUTE);
    world.work().await;
    assert!(!world.kinds_to(ERIK).contains(&"receipt".to_string()));
    assert!(world.in_state(MessageState::Planned).await.iter().all(|m| m.kind.as_str() != "receipt"));
}

async fn s11_nobody_takes_back_what_is_not_his(mut world: World) {
    world.started().await;
    let unsigned = takes_back(&world, DORA, "sign_off", "Globex").await.unwrap_err();
    assert!(unsigned.what.contains("is not signed by you"), "{unsigned}");
    world.sign_all(ERIK, "sign_off").await;
    later(&world, SECOND);
    assert_eq!(takes_back(&world, DORA, "sign_off", "Initech").await.unwrap_err().kind, Kind::NotFound);
    let early = takes_back(&world, SALES_DIRECTOR, "counter_sign", "Initech").await.unwrap_err();
    assert!(early.what.contains("is not signed by you"), "{early}");
    assert_eq!(world.account("Initech").await.standing, Standing::CounterSign);
}
