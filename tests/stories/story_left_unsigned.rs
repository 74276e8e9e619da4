//! Names that nobody signs: left out, or signed as the list of the round before stands; by an operator with a reason, or by the round's rule.

use soundings::base::problem::Result;
use soundings::intake::folder::RoundFolder;
use soundings::rules::journal::Actor;
use soundings::rules::round::WhenNobodySigns;
use soundings::rules::signoff::{SignLevel, Standing};
use soundings::steps::audit::{evidence, promises};
use soundings::steps::completion;
use soundings::steps::round::{RoundOrder, TellRound};
use soundings::steps::signoff::deciding::{Decide, What};
use soundings::store::contacts::{self, Person, accounts};
use soundings::store::round::rounds;
use soundings::store::signoff as requests;
use soundings::store::signoff::decisions;

use crate::common::{ANN, BEN, CYD, DEE, DORA, OPERATOR, SALES_DIRECTOR, UMA, World, northwind, northwind_with};

use super::story_evidence::{checked, python, said};
use super::story_ladder::{RUTH, begun, with_deputy_of};

on_both!(
    by_the_rounds_rule_names_that_nobody_signs_are_left_out_once,
    an_operator_leaves_out_and_takes_in_again,
    who_has_answered_is_not_left_out,
    last_years_list_stands_for_the_names_that_are_as_they_were,
    by_the_rounds_rule_last_years_list_stands,
    who_was_signed_this_year_is_not_told_as_carried,
    what_only_stood_last_year_does_not_stand_a_year_later,
    without_a_round_before_nothing_stands,
);

const NEXT: &str = "northwind-2028";

async fn decides(world: &World, slug: &str, account: &str, what: What, reason: &str) -> Result<usize> {
    let account = account_of(world, slug, account).await.id;
    world.ctx.order(&Actor::operator(OPERATOR), Decide { account, what, reason: reason.into() }).await
}

async fn account_of(world: &World, slug: &str, name: &str) -> accounts::Account {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, slug).await.unwrap().unwrap();
    accounts::of_round(&mut tx, &round.id).await.unwrap().into_iter().find(|a| a.name == name).unwrap()
}

async fn person_of(world: &World, slug: &str, address: &str) -> Person {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, slug).await.unwrap().unwrap();
    let id = contacts::by_address(&mut tx, &round.id, address).await.unwrap().unwrap();
    contacts::person(&mut tx, &id).await.unwrap().unwrap()
}

async fn hows(world: &World, slug: &str, account: &str) -> Vec<(SignLevel, String)> {
    let account = account_of(world, slug, account).await.id;
    let all = requests::of_account(&mut world.ctx.db.read().await.unwrap(), &account).await.unwrap();
    let mut all: Vec<_> = all.into_iter().map(|s| (s.level, s.how)).collect();
    all.sort();
    all
}

async fn holds(world: &World, slug: &str) {
    let wrong = world.ctx.order(&Actor::Program, completion::CheckCounters { slug: slug.into() }).await.unwrap();
    assert_eq!(wrong, Vec::<String>::new());
    for promise in promises::check(&world.ctx, slug).await.unwrap() {
        assert!(promise.holds, "promise {}: {:?}", promise.id, promise.broken_by);
    }
}

async fn by_the_rounds_rule_names_that_nobody_signs_are_left_out_once(mut world: World) {
    let mut folder = with_deputy_of(DORA);
    folder.spec.signoff.maximum_chases = 1;
    folder.spec.signoff.when_nobody_signs = WhenNobodySigns::LeaveOut;
    begun(&mut world, folder).await;
    world.pass_to("2027-02-08T12:00:00Z").await;
    assert!(world.person(ANN).await.removed_at.is_none());
    world.pass_to("2027-02-22T12:00:00Z").await;
    assert!(!world.kinds_to(RUTH).is_empty(), "the last one was asked before");
    for address in [ANN, BEN, UMA] {
        let person = world.person(address).await;
        assert_eq!(person.removed_reason.as_deref(), Some("left out: nobody has signed it"), "{address}");
    }
    // Of Erik's the sales director is the last; what is left out counts nowhere.
    let status = completion::status(&world.ctx, "northwind-2027").await.unwrap();
    assert_eq!((status.individual.listed, status.accounts.listed), (0, 0));
    // A press takes them in again, and the rule does not take them out a second time.
    assert_eq!(decides(&world, "northwind-2027", "Globex", What::TakeIn, "Dora has called.").await.unwrap(), 2);
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned);
    world.pass_to("2027-03-03T12:00:00Z").await;
    assert!(world.person(ANN).await.removed_at.is_none());
    world.promises_hold().await;
}

async fn an_operator_leaves_out_and_takes_in_again(mut world: World) {
    world.started().await;
    let decide = async |world: &World, what, reason| decides(world, "northwind-2027", "Globex", what, reason).await;
    let refused = decide(&world, What::LeaveOut, " ").await.unwrap_err().to_string();
    assert!(refused.contains("Write why"), "{refused}");
    let refused = decide(&world, What::TakeIn, "Why not.").await.unwrap_err().to_string();
    assert!(refused.contains("Globex has nobody who was left out"), "{refused}");
    // One name is signed, and then another one comes: only that one waits.
    world.sign_all(DORA, "sign_off").await;
    world.corrects(DORA, BEN, |c| c.job_title = "Leiter Einkauf".into()).await;
    assert_eq!(decide(&world, What::LeaveOut, "Dora has left us.").await.unwrap(), 1);
    assert_eq!(world.account("Globex").await.standing, Standing::Signed);
    let ben = world.person(BEN).await;
    assert_eq!(ben.removed_reason.as_deref(), Some("left out: Dora has left us."));
    // A list that has him does not bring him back.
    world.load(northwind()).await;
    assert!(world.person(BEN).await.removed_at.is_some());
    assert_eq!(decide(&world, What::TakeIn, "Dora is back.").await.unwrap(), 1);
    assert_eq!(world.person(BEN).await.standing, Standing::Unsigned, "he waits for a signature");
    assert_eq!(world.person(ANN).await.standing, Standing::Signed);
    world.work().await;
    assert_eq!(world.sign_all(DORA, "sign_off").await, [Standing::Signed]);
    world.promises_hold().await;
}

async fn who_has_answered_is_not_left_out(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    for address in [ANN, BEN] {
        world.corrects(DORA, address, |c| c.job_title = "Another".into()).await;
    }
    assert_eq!(decides(&world, "northwind-2027", "Globex", What::LeaveOut, "No time.").await.unwrap(), 1);
    let (ann, ben) = (world.person(ANN).await, world.person(BEN).await);
    assert!(ann.removed_at.is_none() && ann.completed_at.is_some() && ben.removed_at.is_some());
    world.promises_hold().await;
}

/// The same list a year later.
fn a_year_later(mut folder: RoundFolder) -> RoundFolder {
    folder.spec.round = NEXT.into();
    folder.spec.schedule.opens = "2028-02-07".parse().unwrap();
    folder.spec.schedule.closes = "2028-03-03".parse().unwrap();
    folder
}

async fn starts(world: &mut World, slug: &str, folder: RoundFolder, when: &str) {
    world.sleep_until(when);
    world.load(folder).await;
    let order = TellRound { slug: slug.into(), order: RoundOrder::Start };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
    world.work().await;
}

/// A round in which everybody signed, closed.
async fn last_year(world: &mut World) {
    world.signed().await;
    world.receipts_leave().await;
    world.order(RoundOrder::Close).await;
}

async fn last_years_list_stands_for_the_names_that_are_as_they_were(mut world: World) {
    last_year(&mut world).await;
    // Ben has another job, and Dee another address.
    let folder = northwind_with(&[("Einkaufsleiter", "Leiter Einkauf"), (DEE, "dee.york@initech.test")]);
    starts(&mut world, NEXT, a_year_later(folder), "2028-01-10T10:00:00Z").await;
    assert_eq!(decides(&world, NEXT, "Globex", What::LastYear, "Dora is ill.").await.unwrap(), 1);
    let standing = async |world: &World, address| person_of(world, NEXT, address).await.standing;
    assert_eq!((standing(&world, ANN).await, standing(&world, BEN).await), (Standing::Signed, Standing::Unsigned));
    assert_eq!(hows(&world, NEXT, "Globex").await, [(SignLevel::Director, "carried".to_string())]);
    let signed =
        requests::of_account(&mut world.ctx.db.read().await.unwrap(), &account_of(&world, NEXT, "Globex").await.id)
            .await
            .unwrap();
    let one = &signed[0];
    assert!(one.signed_by.starts_with("Dora Fields <"), "{}", one.signed_by);
    for said in ["round northwind-2027", "Dora Fields", "January 2027", "1 name (Ann Lee <", "Dora is ill."] {
        assert!(one.evidence.contains(said), "{said} is not in {}", one.evidence);
    }
    assert_eq!((one.recorded_by.as_str(), one.names), (OPERATOR, 1));
    // Strategic: both levels, and only what stood under both.
    assert_eq!(decides(&world, NEXT, "Initech", What::LastYear, "Erik is ill.").await.unwrap(), 1);
    assert_eq!(person_of(&world, NEXT, CYD).await.standing, Standing::Signed);
    let both = [SignLevel::Director, SignLevel::SalesDirector].map(|level| (level, "carried".to_string()));
    assert_eq!(hows(&world, NEXT, "Initech").await, both);
    // Once is enough.
    let again = decides(&world, NEXT, "Globex", What::LastYear, "Dora is ill.").await.unwrap_err().to_string();
    assert!(again.contains("has no name that waits and stands as it was signed"), "{again}");
    // The director signs the rest, and nothing that stood falls.
    world.receipts_leave().await;
    let receipt = world.mail_to(DORA, "receipt").text;
    assert!(receipt.contains("signed by Dora Fields in the round before"), "{receipt}");
    assert_eq!(world.sign_all(DORA, "sign_off").await.iter().filter(|s| **s == Standing::Signed).count(), 2);
    assert_eq!((standing(&world, ANN).await, standing(&world, BEN).await), (Standing::Signed, Standing::Signed));
    holds(&world, NEXT).await;
    // The evidence file says so, and is whole.
    let document = evidence::evidence(&world.ctx, NEXT).await.unwrap();
    let file = document.write().text;
    assert_eq!(checked(&file, None).found, Vec::<String>::new());
    let folder = world.folder.path();
    std::fs::write(folder.join("carried.json"), &file).unwrap();
    if let Some(ran) = python(folder, &["carried.json"]) {
        assert!(ran.status.success() && said(&ran).contains("Nothing was changed"), "{}", said(&ran));
    }
    let changed = file.replacen("\"how\":\"carried\"", "\"how\":\"code\"", 1);
    assert!(
        changed != file && !checked(&changed, None).found.is_empty(),
        "who would make it a signature of this year is found"
    );
}

async fn by_the_rounds_rule_last_years_list_stands(mut world: World) {
    last_year(&mut world).await;
    let mut folder = a_year_later(northwind_with(&[("Einkaufsleiter", "Leiter Einkauf")]));
    folder.spec.signoff.when_nobody_signs = WhenNobodySigns::LastYear;
    folder.spec.signoff.maximum_chases = 1;
    starts(&mut world, NEXT, folder, "2028-01-10T10:00:00Z").await;
    for _ in 0..40 {
        let next = world.now().plus(soundings::base::clock::DAY / 2);
        world.ctx.clock.turn_to(next);
        world.work().await;
    }
    assert_eq!(person_of(&world, NEXT, ANN).await.standing, Standing::Signed);
    assert_eq!(person_of(&world, NEXT, BEN).await.standing, Standing::Unsigned, "the changed name waits for a person");
    assert_eq!(person_of(&world, NEXT, CYD).await.standing, Standing::Signed);
    // Written down once for each account.
    let account = account_of(&world, NEXT, "Globex").await.id;
    let decided = decisions::of_account(&mut world.ctx.db.read().await.unwrap(), &account).await.unwrap();
    assert_eq!(
        decided.iter().map(|d| (d.what.as_str(), d.by_whom.as_str())).collect::<Vec<_>>(),
        [("last_year", "soundings")]
    );
    holds(&world, NEXT).await;
}

async fn who_was_signed_this_year_is_not_told_as_carried(mut world: World) {
    last_year(&mut world).await;
    let other_job = northwind_with(&[("Head of Quality", "Head of Something")]);
    starts(&mut world, NEXT, a_year_later(other_job), "2028-01-10T10:00:00Z").await;
    world.sign_all(DORA, "sign_off").await;
    world.load(a_year_later(northwind())).await;
    let standing = async |world: &World, address| person_of(world, NEXT, address).await.standing;
    assert_eq!((standing(&world, ANN).await, standing(&world, BEN).await), (Standing::Unsigned, Standing::Signed));
    // Ann stands as she was signed then; Ben, too, but he was signed this year.
    assert_eq!(decides(&world, NEXT, "Globex", What::LastYear, "Dora is ill.").await.unwrap(), 1);
    assert_eq!((standing(&world, ANN).await, standing(&world, BEN).await), (Standing::Signed, Standing::Signed));
    let account = account_of(&world, NEXT, "Globex").await.id;
    let mut tx = world.ctx.db.read().await.unwrap();
    let signed = requests::of_account(&mut tx, &account).await.unwrap();
    let signed = signed.into_iter().find(|s| s.how == "carried").unwrap();
    let decided = decisions::of_account(&mut tx, &account).await.unwrap().pop().unwrap();
    drop(tx);
    assert!(signed.evidence.contains("stands for 1 name (Ann Lee <"), "{}", signed.evidence);
    assert!(!signed.evidence.contains("Ben Koch"), "{}", signed.evidence);
    assert_eq!(decided.names().unwrap(), [person_of(&world, NEXT, ANN).await.id]);
    holds(&world, NEXT).await;
}

async fn what_only_stood_last_year_does_not_stand_a_year_later(mut world: World) {
    last_year(&mut world).await;
    starts(&mut world, NEXT, a_year_later(northwind()), "2028-01-10T10:00:00Z").await;
    assert_eq!(decides(&world, NEXT, "Globex", What::LastYear, "Dora is ill.").await.unwrap(), 2);
    let order = TellRound { slug: NEXT.into(), order: RoundOrder::Close };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
    let mut folder = a_year_later(northwind());
    folder.spec.round = "northwind-2029".into();
    folder.spec.schedule.opens = "2029-02-05".parse().unwrap();
    folder.spec.schedule.closes = "2029-03-02".parse().unwrap();
    starts(&mut world, "northwind-2029", folder, "2029-01-08T10:00:00Z").await;
    let refused = decides(&world, "northwind-2029", "Globex", What::LastYear, "Still ill.").await.unwrap_err();
    assert!(refused.to_string().contains("has no name that waits and stands"), "{refused}");
}

async fn without_a_round_before_nothing_stands(mut world: World) {
    world.started().await;
    let refused = decides(&world, "northwind-2027", "Globex", What::LastYear, "Dora is ill.").await.unwrap_err();
    assert!(refused.to_string().contains("has no name that waits and stands"), "{refused}");
    assert!(hows(&world, "northwind-2027", "Globex").await.is_empty());
    assert_eq!(world.kinds_to(SALES_DIRECTOR).len(), 0);
    world.promises_hold().await;
}
