//! Several lists signed at one press: all of them or none, with one code or one number, and who counter-signs sees what was changed before.

use soundings::base::clock::{MINUTE, SECOND};
use soundings::intake::folder::RoundFolder;
use soundings::rules::journal::Actor;
use soundings::rules::round::HumanStep;
use soundings::rules::signoff::Standing;
use soundings::steps::round::RoundOrder;
use soundings::steps::signoff::names::editing::{Correction, Edit};
use soundings::steps::signoff::names::{ChangeNames, NameChange};
use soundings::steps::signoff::signing::human_step::SendCode;
use soundings::steps::signoff::{self, SheetAccount};

use crate::common::{ANN, BEN, DORA, ERIK, SALES_DIRECTOR, UMA, World, northwind, northwind_with};

on_both!(
    who_counter_signs_signs_all_that_is_ticked_with_one_code,
    one_number_is_for_all_names_that_are_ticked,
    s19_of_several_lists_none_is_signed_where_one_has_changed,
    s11_nobody_signs_anothers_account_together_with_his_own,
    who_counter_signs_sees_what_the_director_has_changed_and_nothing_that_was_taken_back,
);

/// Globex and Umbra are strategic, too, as Initech is.
fn all_strategic() -> RoundFolder {
    northwind_with(&[
        ("max.mann@northwind.example,no,100000", "max.mann@northwind.example,yes,100000"),
        (",,,no,", ",,,yes,"),
    ])
}

async fn begun(world: &mut World, step: HumanStep) {
    let mut folder = all_strategic();
    folder.spec.signoff.human_step_strategic = step;
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
}

async fn shown(world: &World, secret: &str) -> Vec<SheetAccount> {
    signoff::sheet(&world.ctx, secret).await.unwrap().unwrap().accounts
}

/// The code that is mailed to this address.
async fn code(world: &mut World, secret: &str, address: &str) -> String {
    world.ctx.order(&Actor::Visitor, SendCode { secret: secret.into() }).await.unwrap().unwrap();
    world.work().await;
    let mail = world.mail_to(address, "sign_code");
    mail.text.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6).unwrap().into()
}

/// What Dora does on her page.
async fn on_the_page(world: &World, account: &str, change: NameChange) {
    let secret = world.signing_secret(DORA, "sign_off").await;
    let account = world.account(account).await.id;
    // Nobody presses twice at one instant.
    world.ctx.clock.turn_to(world.now().plus(SECOND));
    world.ctx.order(&Actor::Visitor, ChangeNames { secret, account, change }).await.unwrap().unwrap();
}

async fn changes(world: &World, who: &str, change: impl FnOnce(&mut Correction)) {
    let p = world.person(who).await;
    let mut c = Correction {
        first_name: p.first_name.clone(),
        last_name: p.last_name.clone(),
        email: p.email.as_str().into(),
        job_title: p.job_title.clone(),
        role: p.role.as_str().into(),
        reason: "knows better".into(),
    };
    change(&mut c);
    on_the_page(world, "Globex", NameChange::Edit(p.id.clone(), Edit::Correct(c))).await;
}

async fn counter_signing(world: &mut World) -> String {
    world.sign_all(DORA, "sign_off").await;
    world.sign_all(ERIK, "sign_off").await;
    world.ctx.clock.turn_to(world.now().plus(9 * 60 * MINUTE));
    world.work().await;
    world.signing_secret(SALES_DIRECTOR, "counter_sign").await
}

async fn who_counter_signs_signs_all_that_is_ticked_with_one_code(mut world: World) {
    begun(&mut world, HumanStep::Code).await;
    let secret = counter_signing(&mut world).await;
    let lists = shown(&world, &secret).await;
    assert_eq!(lists.iter().map(|a| a.account.name.as_str()).collect::<Vec<_>>(), ["Globex", "Initech", "Umbra"]);
    let digits = code(&mut world, &secret, SALES_DIRECTOR).await;
    let wrong: String = digits.chars().map(|c| if c == '7' { '3' } else { '7' }).collect();
    let refused = world.types_for(&secret, &lists, &wrong).await.unwrap_err();
    assert!(refused.what.contains("left: 4"), "one try for all of them: {refused}");
    assert!(shown(&world, &secret).await.iter().all(|a| a.account.standing == Standing::CounterSign));

    // Umbra is left out.
    assert_eq!(world.types_for(&secret, &lists[..2], &digits).await.unwrap(), Standing::Signed);
    let standings: Vec<_> = shown(&world, &secret).await.iter().map(|a| a.account.standing).collect();
    assert_eq!(standings, [Standing::Signed, Standing::Signed, Standing::CounterSign]);
    // The second tap of two, and one that signs what is left as well.
    assert_eq!(world.types_for(&secret, &lists[..2], &digits).await.unwrap(), Standing::Signed);
    assert_eq!(world.types_for(&secret, &lists, &digits).await.unwrap(), Standing::Signed);
    let signed = shown(&world, &secret).await;
    for list in &signed {
        let how: Vec<_> = list.signatures.iter().map(|s| s.how.as_str()).collect();
        assert_eq!(how, ["code", "code"], "{}", list.account.name);
    }
    world.receipts_leave().await;
    let receipts: Vec<_> = world.mails_to(SALES_DIRECTOR).into_iter().filter(|m| m.kind == "receipt").collect();
    assert_eq!(receipts.len(), 1);
    assert!(["Globex", "Initech", "Umbra"].iter().all(|name| receipts[0].text.contains(name)), "{}", receipts[0].text);
    world.promises_hold().await;
}

async fn one_number_is_for_all_names_that_are_ticked(mut world: World) {
    world.load(northwind()).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    let secret = world.signing_secret(DORA, "sign_off").await;
    let lists = shown(&world, &secret).await;
    for typed in ["", "2", "1", "21", "3 0"] {
        assert!(world.types_for(&secret, &lists, typed).await.is_err(), "{typed:?}");
    }
    assert!(shown(&world, &secret).await.iter().all(|a| a.account.standing == Standing::Unsigned));
    assert_eq!(world.types_for(&secret, &lists, "3").await.unwrap(), Standing::Signed);
    assert!(shown(&world, &secret).await.iter().all(|a| a.account.standing == Standing::Signed));
    world.receipts_leave().await;
    assert!(!world.mails_to(DORA).is_empty());
    world.promises_hold().await;
}

async fn s19_of_several_lists_none_is_signed_where_one_has_changed(mut world: World) {
    world.load(northwind()).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    let secret = world.signing_secret(DORA, "sign_off").await;
    let lists = shown(&world, &secret).await;
    world.corrects(DORA, UMA, |c| c.job_title = "Director of Operations".into()).await;
    let refused = world.types_for(&secret, &lists, "3").await.unwrap_err();
    assert!(refused.what.contains("Umbra") && refused.what.contains("has changed"), "{refused}");
    assert!(shown(&world, &secret).await.iter().all(|a| a.account.standing == Standing::Unsigned));
    world.promises_hold().await;
}

async fn s11_nobody_signs_anothers_account_together_with_his_own(mut world: World) {
    world.load(northwind()).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    let (dora, erik) = (world.signing_secret(DORA, "sign_off").await, world.signing_secret(ERIK, "sign_off").await);
    let mut lists = shown(&world, &dora).await;
    lists.extend(shown(&world, &erik).await);
    let names: usize = lists.iter().map(|a| a.to_count).sum();
    assert!(world.types_for(&dora, &lists, &names.to_string()).await.is_err());
    assert!(world.types_for(&dora, &[], "0").await.is_err(), "nothing is not signed");
    for secret in [&dora, &erik] {
        assert!(shown(&world, secret).await.iter().all(|a| a.account.standing == Standing::Unsigned));
    }
}

async fn who_counter_signs_sees_what_the_director_has_changed_and_nothing_that_was_taken_back(mut world: World) {
    begun(&mut world, HumanStep::Count).await;
    // Twice: what counts is what comes of both.
    changes(&world, ANN, |c| c.last_name = "Leigh".into()).await;
    changes(&world, ANN, |c| c.job_title = "Head of Everything".into()).await;
    let ben = world.person(BEN).await.id;
    on_the_page(&world, "Globex", NameChange::Edit(ben, Edit::Remove { reason: "Left the company".into() })).await;
    // Thought better of.
    let uma = world.person(UMA).await.id;
    on_the_page(&world, "Umbra", NameChange::Edit(uma, Edit::Remove { reason: "Left the company".into() })).await;
    let sheet = world.sheet(DORA, "sign_off").await;
    let last = sheet.into_iter().find(|a| a.account.name == "Umbra").unwrap().last_change.unwrap();
    on_the_page(&world, "Umbra", NameChange::TakeBack(last.id)).await;
    let secret = counter_signing(&mut world).await;
    let lists = shown(&world, &secret).await;
    let of = |name: &str| -> Vec<String> {
        let list = lists.iter().find(|a| a.account.name == name).unwrap();
        list.by_director.iter().map(|change| change.sentence("en")).collect()
    };
    let said = of("Globex");
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("Ann Leigh was corrected") && said[0].contains("was Ann Lee"), "{said:?}");
    assert!(said[0].contains("Head of Everything, was Head of Quality"), "{said:?}");
    assert!(said[1].contains("Ben Koch is off the list"), "{said:?}");
    assert_eq!((of("Umbra"), of("Initech")), (vec![], vec![]));
    // After the second signature what differs from it is told, and not again what was before.
    let all: usize = lists.iter().map(|a| a.to_count).sum();
    assert_eq!(world.types_for(&secret, &lists, &all.to_string()).await.unwrap(), Standing::Signed);
    assert!(shown(&world, &secret).await.iter().all(|a| a.by_director.is_empty()));
}
