//! Signing with a mailed code: whoever has only the link signs no strategic account, and a code ends with its time, its tries and its page.

use soundings::base::clock::{MINUTE, SECOND};
use soundings::base::problem::{Problem, Result};
use soundings::intake::folder::RoundFolder;
use soundings::rehearsal::mailbox::Received;
use soundings::rules::journal::Actor;
use soundings::rules::message::{Lane, MessageState};
use soundings::rules::round::HumanStep;
use soundings::rules::signoff::Standing;
use soundings::rules::signoff::human_step::NotNow;
use soundings::steps::round::RoundOrder;
use soundings::steps::signoff::signing::human_step::SendCode;
use soundings::steps::signoff::{self, SheetAccount};
use soundings::store::sending::outbox;

use crate::common::{ANN, DORA, ERIK, SALES_DIRECTOR, World, northwind, northwind_with};

on_both!(
    s21_whoever_has_only_the_link_signs_no_strategic_account,
    s18_a_code_ends_with_five_wrong_ones_and_after_ten_minutes,
    at_most_one_code_a_minute_and_ten_a_day_are_mailed,
    s19_a_code_signs_what_waited_on_its_own_page_and_nothing_else,
    a_code_that_could_not_leave_in_time_is_not_sent_late,
    s17_a_code_stands_in_no_file,
    a_round_says_what_is_typed,
);

/// Globex and Umbra are strategic, too.
fn all_strategic() -> RoundFolder {
    northwind_with(&[
        ("max.mann@northwind.example,no,100000", "max.mann@northwind.example,yes,100000"),
        (",,,no,", ",,,yes,"),
    ])
}

async fn begun(world: &mut World, mut folder: RoundFolder) {
    folder.spec.signoff.human_step_strategic = HumanStep::Code;
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
}

async fn asks(world: &World, secret: &str) -> Result<Result<(), NotNow>> {
    world.ctx.order(&Actor::Visitor, SendCode { secret: secret.into() }).await
}

async fn shown(world: &World, secret: &str) -> Vec<SheetAccount> {
    signoff::sheet(&world.ctx, secret).await.unwrap().unwrap().accounts
}

fn code_in(mail: &Received) -> String {
    let mut all = mail.text.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 6);
    let code = all.next().ok_or_else(|| format!("no code in {}", mail.text)).unwrap();
    assert_eq!(all.next(), None, "one code in {}", mail.text);
    code.into()
}

/// Another code than this one.
fn wrong(code: &str) -> String {
    code.chars().map(|c| if c == '7' { '3' } else { '7' }).collect()
}

async fn mailed(world: &mut World, address: &str) -> String {
    world.work().await;
    code_in(&world.mail_to(address, "sign_code"))
}

fn later(world: &World, by: i64) {
    world.ctx.clock.turn_to(world.now().plus(by));
}

fn says(refused: Result<Standing>, what: &str) {
    let said: Problem = refused.unwrap_err();
    assert!(said.what.contains(what), "{said}");
}

async fn s21_whoever_has_only_the_link_signs_no_strategic_account(mut world: World) {
    begun(&mut world, northwind()).await;
    let secret = world.signing_secret(ERIK, "sign_off").await;
    let list = shown(&world, &secret).await.remove(0);
    for typed in ["2", "", "000000", "123456"] {
        assert!(world.types(&secret, &list, typed).await.is_err(), "{typed}");
    }
    assert!(world.kinds_to(ERIK).iter().all(|kind| kind == "sign_off"), "nothing was asked for");

    asks(&world, &secret).await.unwrap().unwrap();
    let code = mailed(&mut world, ERIK).await;
    let mail = world.mail_to(ERIK, "sign_code");
    assert_eq!(world.mailbox.all().iter().filter(|m| m.kind == "sign_code").count(), 1, "to nobody else");
    assert!(mail.links.is_empty(), "whoever is sent on the mail alone can do nothing: {:?}", mail.links);
    assert_eq!(mail.header("auto-submitted"), Some("auto-generated"));
    assert!(!mail.subject().contains(&code) && mail.html.contains(&code));
    says(world.types(&secret, &list, &wrong(&code)).await, "Wrong");
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    assert_eq!(world.types(&secret, &list, &spaced).await.unwrap(), Standing::CounterSign);
    // The second tap of two.
    assert_eq!(world.types(&secret, &list, &code).await.unwrap(), Standing::CounterSign);
    let signatures = shown(&world, &secret).await.remove(0).signatures;
    assert_eq!(signatures.iter().map(|s| s.how.as_str()).collect::<Vec<_>>(), ["code"]);

    // The sales director needs one of his own.
    let theirs = world.signing_secret(SALES_DIRECTOR, "counter_sign").await;
    let list = shown(&world, &theirs).await.remove(0);
    says(world.types(&theirs, &list, &code).await, "NoneWasSent");
    asks(&world, &theirs).await.unwrap().unwrap();
    let other = mailed(&mut world, SALES_DIRECTOR).await;
    says(world.types(&theirs, &list, &code).await, "Wrong");
    assert_eq!(world.types(&theirs, &list, &other).await.unwrap(), Standing::Signed);
    let nothing_left = asks(&world, &theirs).await.unwrap_err();
    assert!(nothing_left.what.contains("No list on this page waits for a code"), "{nothing_left}");
    world.promises_hold().await;
}

async fn s18_a_code_ends_with_five_wrong_ones_and_after_ten_minutes(mut world: World) {
    begun(&mut world, northwind()).await;
    let secret = world.signing_secret(ERIK, "sign_off").await;
    let list = shown(&world, &secret).await.remove(0);
    asks(&world, &secret).await.unwrap().unwrap();
    let first = mailed(&mut world, ERIK).await;
    for left in (1..5).rev() {
        let said = world.types(&secret, &list, &wrong(&first)).await.unwrap_err();
        assert!(said.what.contains(&format!("left: {left}")), "{said}");
        // What is no code is no try.
        says(world.types(&secret, &list, &first[..5]).await, "NotSixDigits");
    }
    says(world.types(&secret, &list, &wrong(&first)).await, "left: 0");
    says(world.types(&secret, &list, &first).await, "TriesUsedUp");

    later(&world, MINUTE);
    asks(&world, &secret).await.unwrap().unwrap();
    let second = mailed(&mut world, ERIK).await;
    says(world.types(&secret, &list, &first).await, "Wrong");
    later(&world, 10 * MINUTE);
    says(world.types(&secret, &list, &second).await, "Over");
    assert!(signoff::sheet(&world.ctx, &secret).await.unwrap().unwrap().code.is_none());

    asks(&world, &secret).await.unwrap().unwrap();
    let third = mailed(&mut world, ERIK).await;
    later(&world, 10 * MINUTE - SECOND);
    assert_eq!(world.types(&secret, &list, &third).await.unwrap(), Standing::CounterSign);
    world.promises_hold().await;
}

async fn at_most_one_code_a_minute_and_ten_a_day_are_mailed(mut world: World) {
    begun(&mut world, northwind()).await;
    let secret = world.signing_secret(ERIK, "sign_off").await;
    for n in 1..=10 {
        asks(&world, &secret).await.unwrap().unwrap();
        assert_eq!(asks(&world, &secret).await.unwrap(), Err(NotNow::JustSent));
        world.work().await;
        assert_eq!(world.kinds_to(ERIK).iter().filter(|kind| *kind == "sign_code").count(), n);
        later(&world, MINUTE);
    }
    later(&world, 60 * MINUTE);
    assert_eq!(asks(&world, &secret).await.unwrap(), Err(NotNow::EnoughForADay));
    later(&world, 24 * 60 * MINUTE);
    asks(&world, &secret).await.unwrap().unwrap();
}

async fn s19_a_code_signs_what_waited_on_its_own_page_and_nothing_else(mut world: World) {
    begun(&mut world, all_strategic()).await;
    let (dora, erik) = (world.signing_secret(DORA, "sign_off").await, world.signing_secret(ERIK, "sign_off").await);
    asks(&world, &dora).await.unwrap().unwrap();
    asks(&world, &erik).await.unwrap().unwrap();
    let (hers, his) = (mailed(&mut world, DORA).await, mailed(&mut world, ERIK).await);
    assert_ne!(hers, his);
    assert!(world.mail_to(DORA, "sign_code").text.contains("all 2 accounts"));
    let lists = shown(&world, &dora).await;
    says(world.types(&dora, &lists[0], &his).await, "Wrong");
    assert!(world.types(&erik, &lists[0], &his).await.is_err(), "another's account");
    // A list that has changed is looked at again; the code is the same.
    world.corrects(DORA, ANN, |c| c.last_name = "Leigh".into()).await;
    says(world.types(&dora, &lists[0], &hers).await, "has changed");
    for list in shown(&world, &dora).await {
        assert_eq!(world.types(&dora, &list, &hers).await.unwrap(), Standing::CounterSign);
    }
    // What did not wait when the code was sent is not signed by it.
    let theirs = world.signing_secret(SALES_DIRECTOR, "counter_sign").await;
    asks(&world, &theirs).await.unwrap().unwrap();
    let code = mailed(&mut world, SALES_DIRECTOR).await;
    let list = shown(&world, &erik).await.remove(0);
    assert_eq!(world.types(&erik, &list, &his).await.unwrap(), Standing::CounterSign);
    let lists = shown(&world, &theirs).await;
    let new = lists.iter().find(|a| a.account.name == "Initech").unwrap();
    says(world.types(&theirs, new, &code).await, "ForOthers");
    world.promises_hold().await;
}

async fn a_code_that_could_not_leave_in_time_is_not_sent_late(mut world: World) {
    begun(&mut world, northwind()).await;
    // A pause of the round is none of the code's.
    world.order(RoundOrder::Pause).await;
    let secret = world.signing_secret(ERIK, "sign_off").await;
    asks(&world, &secret).await.unwrap().unwrap();
    mailed(&mut world, ERIK).await;
    later(&world, MINUTE);
    asks(&world, &secret).await.unwrap().unwrap();
    later(&world, MINUTE);
    asks(&world, &secret).await.unwrap().unwrap();
    later(&world, 10 * MINUTE);
    world.work().await;
    assert_eq!(world.kinds_to(ERIK).iter().filter(|kind| *kind == "sign_code").count(), 1);
    let mut tx = world.ctx.db.read().await.unwrap();
    let rows = outbox::page(&mut tx, &Lane::System, Some(MessageState::Withdrawn), 9, 0).await.unwrap();
    let mut reasons: Vec<_> = rows.into_iter().filter_map(|row| row.reason).collect();
    reasons.sort();
    assert_eq!(reasons, ["a newer code was asked for", "the code in it is good no longer"]);
}

async fn s17_a_code_stands_in_no_file(mut world: World) {
    begun(&mut world, northwind()).await;
    let secret = world.signing_secret(ERIK, "sign_off").await;
    let list = shown(&world, &secret).await.remove(0);
    asks(&world, &secret).await.unwrap().unwrap();
    let code = mailed(&mut world, ERIK).await;
    says(world.types(&secret, &list, &wrong(&code)).await, "Wrong");
    world.types(&secret, &list, &code).await.unwrap();
    // Of SQLite the database, its log and the outbound journal; of PostgreSQL the journal.
    let mut files = vec![world.folder.path().to_path_buf()];
    let mut looked_at = 0;
    while let Some(file) = files.pop() {
        if file.is_dir() {
            files.extend(std::fs::read_dir(file).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&file).unwrap();
        looked_at += 1;
        let holds = bytes.windows(6).any(|six| six == code.as_bytes());
        assert!(!holds, "{code} stands in {}", file.display());
    }
    assert!(looked_at > 0);
}

async fn a_round_says_what_is_typed(mut world: World) {
    let mut folder = northwind();
    (folder.spec.signoff.human_step, folder.spec.signoff.human_step_strategic) = (HumanStep::Code, HumanStep::Count);
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    let erik = world.signing_secret(ERIK, "sign_off").await;
    let list = shown(&world, &erik).await.remove(0);
    assert_eq!(world.types(&erik, &list, "2").await.unwrap(), Standing::CounterSign);
    assert_eq!(shown(&world, &erik).await.remove(0).signatures[0].how, "count");
    let dora = world.signing_secret(DORA, "sign_off").await;
    let list = shown(&world, &dora).await.remove(0);
    says(world.types(&dora, &list, "2").await, "NoneWasSent");
    asks(&world, &dora).await.unwrap().unwrap();
    let code = mailed(&mut world, DORA).await;
    assert_eq!(world.types(&dora, &list, &code).await.unwrap(), Standing::Signed);
}
