//! Two signatures are of two people, who is replaced signs for nobody, and nobody lets somebody in by less than signing asks for.

use soundings::base::clock::{Clock, MINUTE};
use soundings::base::problem::Kind;
use soundings::intake::folder::RoundFolder;
use soundings::rules::journal::Actor;
use soundings::rules::round::HumanStep;
use soundings::rules::signoff::Standing;
use soundings::steps::plan::change::{Change, ChangeRound};
use soundings::steps::round::RoundOrder;
use soundings::steps::signoff;
use soundings::steps::signoff::delegating::{Delegate, NotDelegated};

use crate::common::{DORA, ERIK, MAX, OPERATOR, ROUND, SALES_DIRECTOR, World, northwind, northwind_with};

on_both!(
    whoever_has_signed_first_does_not_counter_sign_for_the_sales_director,
    whoever_signs_first_for_somebody_does_not_counter_sign_either,
    a_replaced_sales_director_and_whoever_stood_in_for_him_sign_nothing,
    all_is_not_given_by_counting_where_any_account_asks_for_a_code,
    the_notice_of_a_delegation_names_it_however_the_clock_moves,
);

pub const CARA: &str = "cara.lee@northwind.example";
const NORA: &str = "nora.quill@northwind.example";

fn order(secret: String, account: Option<soundings::base::ids::AccountId>, email: &str, typed: &str) -> Delegate {
    Delegate {
        secret,
        account,
        name: "Cara Lee".into(),
        email: email.into(),
        typed: typed.into(),
        came_from: "192.0.2.8, Firefox".into(),
    }
}

/// Lets this person sign for him; the number of names is typed.
async fn lets(world: &World, (who, kind): (&str, &str), account: Option<&str>, email: &str, typed: &str) {
    let account = match account {
        Some(name) => Some(world.account(name).await.id),
        None => None,
    };
    let secret = world.signing_secret(who, kind).await;
    world.ctx.order(&Actor::Visitor, order(secret, account, email, typed)).await.unwrap().unwrap();
}

/// The same with Cara.
pub async fn hands_on(world: &World, who: (&str, &str), account: Option<&str>, typed: &str) {
    lets(world, who, account, CARA, typed).await;
}

async fn counter_signs(world: &World, who: &str) -> soundings::base::problem::Result<Standing> {
    let initech = world.sheet(who, "counter_sign").await.into_iter().find(|a| a.account.name == "Initech").unwrap();
    world.sign(who, "counter_sign", &initech, &initech.to_count.to_string()).await
}

async fn whoever_has_signed_first_does_not_counter_sign_for_the_sales_director(mut world: World) {
    world.started().await;
    world.sign_all(ERIK, "sign_off").await;
    // Margaret asks Erik himself, by whatever spelling.
    lets(&world, (SALES_DIRECTOR, "counter_sign"), None, &ERIK.to_uppercase(), "2").await;
    let refused = counter_signs(&world, ERIK).await.unwrap_err();
    assert!(refused.kind == Kind::Refused && refused.what.contains("You have signed the list of Initech"), "{refused}");
    assert_eq!(world.account("Initech").await.standing, Standing::CounterSign);
    // She may, as before.
    assert_eq!(counter_signs(&world, SALES_DIRECTOR).await.unwrap(), Standing::Signed);
    world.promises_hold().await;
}

async fn whoever_signs_first_for_somebody_does_not_counter_sign_either(mut world: World) {
    world.started().await;
    hands_on(&world, (ERIK, "sign_off"), None, "2").await;
    world.work().await;
    let initech = world.sheet(CARA, "sign_off").await.remove(0);
    assert_eq!(world.sign(CARA, "sign_off", &initech, "2").await.unwrap(), Standing::CounterSign);
    hands_on(&world, (SALES_DIRECTOR, "counter_sign"), None, "2").await;
    let refused = counter_signs(&world, CARA).await.unwrap_err();
    assert!(refused.kind == Kind::Refused && refused.what.contains("You have signed the list of Initech"), "{refused}");
    // Somebody else whom she asks may.
    lets(&world, (SALES_DIRECTOR, "counter_sign"), None, MAX, "2").await;
    assert_eq!(counter_signs(&world, MAX).await.unwrap(), Standing::Signed);
    world.promises_hold().await;
}

async fn a_replaced_sales_director_and_whoever_stood_in_for_him_sign_nothing(mut world: World) {
    world.started().await;
    world.sign_all(ERIK, "sign_off").await;
    hands_on(&world, (SALES_DIRECTOR, "counter_sign"), None, "2").await;
    let links =
        [world.signing_secret(SALES_DIRECTOR, "counter_sign").await, world.signing_secret(CARA, "counter_sign").await];
    let list = world.sheet(CARA, "counter_sign").await.remove(0);
    let live = world.live().await;
    let mut change = Change { spec: live.spec.clone(), words: live.words.clone() };
    change.spec.signoff.sales_director = "Nora Quill".into();
    change.spec.signoff.sales_director_email = soundings::base::address::EmailAddress::parse(NORA).unwrap();
    let order = ChangeRound { slug: ROUND.into(), version: live.version, change };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
    world.work().await;
    for link in &links {
        let sheet = signoff::sheet(&world.ctx, link).await.unwrap().unwrap();
        assert!(sheet.accounts.is_empty());
        assert_eq!(world.types(link, &list, "2").await.unwrap_err().kind, Kind::NotFound);
    }
    assert_eq!(world.account("Initech").await.standing, Standing::CounterSign);
    world.pass_to("2027-01-26T18:00:00Z").await;
    let asked = |who: &str| world.kinds_to(who).iter().filter(|kind| *kind == "counter_sign").count();
    assert_eq!((asked(SALES_DIRECTOR), asked(CARA), asked(NORA)), (0, 0, 1));
    assert_eq!(counter_signs(&world, NORA).await.unwrap(), Standing::Signed);
    world.promises_hold().await;
}

/// Globex asks for a code.
fn with_a_code() -> RoundFolder {
    let mut folder =
        northwind_with(&[("max.mann@northwind.example,no,100000", "max.mann@northwind.example,yes,100000")]);
    folder.spec.signoff.human_step_strategic = HumanStep::Code;
    folder
}

async fn all_is_not_given_by_counting_where_any_account_asks_for_a_code(mut world: World) {
    world.load(with_a_code()).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    // The one that asks for a code is signed, so only the other one waits, and that asks for a number.
    let globex = world.sheet(DORA, "sign_off").await.into_iter().find(|a| a.account.name == "Globex").unwrap();
    world.sign(DORA, "sign_off", &globex, "2").await.unwrap();
    let secret = world.signing_secret(DORA, "sign_off").await;
    let all = world.ctx.order(&Actor::Visitor, order(secret.clone(), None, CARA, "1")).await.unwrap();
    assert!(matches!(all, Err(NotDelegated::OneByOne)), "{all:?}");
    world.work().await;
    assert!(world.mails_to(CARA).is_empty());
    // That one alone goes.
    hands_on(&world, (DORA, "sign_off"), Some("Umbra"), "1").await;
    world.work().await;
    let his = world.sheet(CARA, "sign_off").await;
    assert_eq!(his.iter().map(|a| a.account.name.as_str()).collect::<Vec<_>>(), ["Umbra"]);
    world.promises_hold().await;
}

async fn the_notice_of_a_delegation_names_it_however_the_clock_moves(mut world: World) {
    world.load(northwind()).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    let secret = world.signing_secret(DORA, "sign_off").await;
    let account = Some(world.account("Globex").await.id);
    // Outside stories time passes while something is written.
    let mut moving = world.ctx.clone();
    moving.clock = Clock::hand_that_moves(world.now());
    moving.order(&Actor::Visitor, order(secret, account, CARA, "2")).await.unwrap().unwrap();
    world.ctx.clock.turn_to(world.now().plus(MINUTE));
    world.work().await;
    let notice = world.mail_to(DORA, "receipt");
    let text = notice.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(&format!("Cara Lee, {CARA}: Globex")), "{text}");
    world.promises_hold().await;
}
