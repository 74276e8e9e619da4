//! The pages in Chromium, as their readers use them: directors, contacts, operators, and the robots that open every link.
//!
//! A whole installation stands on a clock that stands still; `run.mjs` gets the links out of the mails, drives the browser and
//! says what is wrong. What the robots must not have done is looked up here, in the database.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

#[expect(dead_code, unused_macros, reason = "the fixture of all tests; the pages need a part of it")]
#[path = "../common/mod.rs"]
mod common;
mod house;
mod lists;
mod mails;
mod node;
mod preview;
#[path = "../common/stack.rs"]
mod stack;

use std::collections::BTreeSet;
use std::io::Write;

use common::{OPERATOR, SALES_DIRECTOR, at};
use house::{CANARY, RACHEL};
use serde_json::json;
use soundings::rehearsal::mailbox::ServerFault;
use soundings::rules::message::MessageState;
use soundings::rules::signoff::Standing;

const SUSAN: &str = "susan.whitaker@northwind.example";
/// Who does what when the invitations are out. Each is touched by one part of the browser's work only.
const TAPS: &str = "eleanor.whitfield@harrowgate.example";
const KEYS: &str = "daniel.marsh@harrowgate.example";
const PLAIN: &str = "amelia.stokes@calderwye.example";
const SAVES: &str = "imran.sheikh@calderwye.example";
const GERMAN: &str = "sabine.hofmann@rheintal.example";
const FRENCH: &str = "ines.benali@vaucluse.example";
const LEAVES: &str = "lucy.fairclough@calderwye.example";
const LEFT: &str = "conor.delaney@liffeybio.example";
const ANSWERED: &str = "siobhan.kearney@liffeybio.example";
const ROBOT: &str = "roisin.walsh@liffeybio.example";
/// S02: what somebody could write back.
const SCRIPT: &str = "<script>window.__pwned='reply'</script><img src=x onerror=window.__pwned='reply'>";
/// Answers while an operator looks on.
const NOLAN: &str = "padraig.nolan@liffeybio.example";
const GONE: &str = "declan.burke@liffeybio.example";
/// Looks after the account of the one whose address is dead, and puts it right.
const NIAMH: &str = "niamh.gallagher@northwind.example";
const RIGHT: &str = "declan.bourke@liffeybio.example";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_in_a_browser() {
    if let Some(why) = node::missing() {
        assert!(std::env::var_os("CI").is_none(), "{why} (a skip is a failure in CI)");
        // Past the capture of the test runner, so that it is seen.
        writeln!(std::io::stderr(), "skipped: {why}").unwrap();
        return;
    }
    let mut world = house::world().await;
    let no_user = "550 5.1.1 no such user".into();
    world.mailbox.add_fault(ServerFault::RefuseRecipient { address: GONE.into(), reply: no_user });

    let mut wrong = node::run(json!({
        "stage": "sign_off",
        "base": &*world.ctx.base_url,
        "director": world.door(RACHEL, "sign_off"),
        "robot": [world.door(SUSAN, "sign_off"), world.log_in_link().await],
        "operator": { "email": OPERATOR, "link": world.log_in_link().await },
    }))
    .await;
    assert_eq!(world.account("Harrowgate Pharma").await.standing, Standing::CounterSign);
    assert_eq!(world.account("Calder & Wye Foods").await.standing, Standing::Signed);
    assert_eq!(world.account("Pennine Water").await.standing, Standing::Unsigned, "a robot signed");

    // The sales director's mail of the day.
    world.pass_to("2027-01-25T15:30:00Z").await;
    let link = world.door(SALES_DIRECTOR, "counter_sign");
    let counter_sign = json!({
        "stage": "counter_sign",
        "base": &*world.ctx.base_url,
        "director": link,
        "operator": { "email": OPERATOR, "link": world.log_in_link().await },
    });
    wrong.extend(node::run(counter_sign).await);
    assert_eq!(world.account("Harrowgate Pharma").await.standing, Standing::Signed);

    let asked: BTreeSet<String> =
        world.mailbox.all().iter().filter(|m| m.kind == "sign_off").map(|m| m.recipient().to_string()).collect();
    // One director never signs, so that the board has something to show.
    for director in asked.iter().filter(|d| *d != SUSAN) {
        world.sign_all(director, "sign_off").await;
    }
    world.work().await;
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    world.pass_to("2027-02-08T14:30:00Z").await;
    // The next invitation is taken without an answer.
    world.mailbox.add_fault(ServerFault::DropAfterDot { every: world.mailbox.count() + 1 });
    world.pass_to("2027-02-09T09:00:00Z").await;
    assert_eq!(world.in_state(MessageState::InDoubt).await.len(), 1);
    world.has_answered(ANSWERED).await;
    world.has_left(LEFT).await;

    let wrote = common::reports::answer(&world.mail_to(CANARY, "invitation"), CANARY, SCRIPT);
    let stranger = format!("From: \"{SCRIPT}\" <x@x.example>\r\nSubject: {SCRIPT}\r\n\r\n{SCRIPT}\r\n");
    world.comes_back(&[wrote, stranger]).await;

    let contact = |email: &str| world.door(email, "invitation");
    let open = node::run(json!({
        "stage": "open",
        "base": &*world.ctx.base_url,
        "taps": contact(TAPS), "keys": contact(KEYS), "plain": contact(PLAIN), "saves": contact(SAVES),
        "german": contact(GERMAN), "french": contact(FRENCH), "canary": contact(CANARY),
        "leaves": contact(LEAVES), "left": contact(LEFT), "answered": contact(ANSWERED),
        "robot": [contact(ROBOT), world.door(ROBOT, "warm_up"), world.door(NIAMH, "repair"), world.log_in_link().await],
        "manager": world.door(NIAMH, "repair"),
        "operator": { "email": OPERATOR, "link": world.log_in_link().await },
        "round": common::ROUND,
    }))
    .await;
    wrong.extend(open);
    let live = json!({
        "stage": "live",
        "base": &*world.ctx.base_url,
        "nolan": world.door(NOLAN, "invitation"),
        "operator": { "email": OPERATOR, "link": world.log_in_link().await },
        "round": common::ROUND,
    });
    wrong.extend(node::run(live).await);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for sent in [TAPS, KEYS, PLAIN, NOLAN] {
        assert!(world.person(sent).await.completed_at.is_some(), "{sent} sent nothing");
    }
    assert!(world.person(SAVES).await.completed_at.is_none());
    assert!(world.person(RIGHT).await.undeliverable_at.is_none(), "the address was not corrected");
    assert!(world.person(LEAVES).await.opted_out_at.is_some());
    let robot = world.person(ROBOT).await;
    assert!(robot.opted_out_at.is_none(), "a robot opted out");
    assert!(robot.completed_at.is_none() && robot.started_at.is_none(), "a robot answered: {robot:?}");
    assert!(world.in_state(MessageState::InDoubt).await.is_empty());
    let released = world.in_state(MessageState::Planned).await.into_iter().find(|m| m.reason.is_some());
    assert!(released.unwrap().due_at >= at("2027-02-11T00:00:00Z"), "what was held and released goes before its time");
    world.work().await;
    world.promises_hold().await;
}
