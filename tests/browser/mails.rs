//! Every kind of mail at 320 pixels: as it was really sent, with links of real tokens and a host of some length, and as `preview` shows it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use soundings::base::address::EmailAddress;
use soundings::base::clock::MINUTE;
use soundings::base::problem::{Kind, Problem};
use soundings::intake::folder;
use soundings::rehearsal::mailbox::ServerFault;
use soundings::rules::alarm::AlarmLimits;
use soundings::rules::journal::Actor;
use soundings::rules::message::MessageKind;
use soundings::steps::Ctx;
use soundings::steps::alarm;
use soundings::steps::alarm::setup::AlarmSetup;
use soundings::steps::installation::operators;
use soundings::steps::plan::approval::{self, Approver};
use soundings::steps::round::RoundOrder;

use crate::common::{OPERATOR, Place, ROUND, SALES_DIRECTOR, World};
use crate::stack::on_a_large_stack;
use crate::{node, preview};

/// As long as hosts of companies are.
const HOST: &str = "https://relationship-conversation.northwind-instruments.example";
/// One word, longer than a phone is wide: tables must not grow with it.
const LONG: &str = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
const GONE: &str = "declan.burke@liffeybio.example";

/// One mail of each kind, number and language that really left here, and the mails of `preview`: `tests/preview` sees to it that every text that the
/// demo round can send is among them.
async fn all() -> Vec<Value> {
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
    let mut round = folder::read(&demo).unwrap();
    let shown = preview::files().await.iter().filter(|(name, _)| name.starts_with("mail-") && name.ends_with(".html"));
    let mut mails: BTreeMap<String, String> = shown.map(|(name, html)| (name.clone(), html.clone())).collect();

    let mut world = World::new(Place::Sqlite).await.unwrap();
    let Ctx { db, clock, ids, key, .. } = world.ctx.clone();
    world.ctx = Ctx::new(db, clock, ids, key, HOST);
    world.takes_replies();
    world
        .mailbox
        .add_fault(ServerFault::RefuseRecipient { address: GONE.into(), reply: "550 5.1.1 no such user".into() });
    round.spec.client = format!("{LONG} & Partner Inc.");
    for contact in round.list.accepted.iter_mut().take(4) {
        contact.account = LONG.into();
        contact.last_name = LONG.into();
    }
    world.load(round).await;
    let operator = EmailAddress::parse(OPERATOR).unwrap();
    world.ctx.order(&Actor::operator("test"), operators::AddOperator { email: operator.clone() }).await.unwrap();
    world.ctx.order(&Actor::Visitor, operators::AskForLink { email: operator.clone() }).await.unwrap();
    let approver = Approver { name: LONG.into(), email: "boss@northwind.example".into() };
    approval::ask(&world.ctx, ROUND, approver, &Actor::operator(OPERATOR)).await.unwrap();
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.pass_to("2027-01-22T12:00:00Z").await;
    let asked: Vec<String> =
        world.mailbox.all().iter().filter(|m| m.kind == "sign_off").map(|m| m.recipient().to_string()).collect();
    for director in &asked {
        world.sign_all(director, "sign_off").await;
    }
    world.pass_to("2027-01-26T12:00:00Z").await;
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    world.pass_to("2027-02-10T12:00:00Z").await;
    let invited = world.mailbox.all().into_iter().find(|m| m.kind == "invitation").unwrap();
    world.answers(&invited).await.ok();
    world.pass_to("2027-03-05T18:00:00Z").await;
    an_alarm(&mut world).await;
    for mail in world.mailbox.all() {
        let language =
            mail.html.split("<html lang=\"").nth(1).and_then(|rest| rest.get(..2)).unwrap_or("xx").to_owned();
        mails.insert(format!("sent-{language}-{}-{}", mail.kind, mail.subject().len()), mail.html.clone());
    }
    for kind in MessageKind::ALL.map(MessageKind::as_str) {
        let in_preview = kind.replace('_', "-");
        assert!(
            mails.keys().any(|name| name.contains(kind) || name.contains(&in_preview)),
            "no {kind} among {:?}",
            mails.keys()
        );
    }
    mails.into_iter().map(|(name, html)| json!({ "name": name.replace(".html", ""), "html": html })).collect()
}

/// The mailbox is not read for a quarter of an hour, and operators hear of it.
async fn an_alarm(world: &mut World) {
    let limits = AlarmLimits { at_most: 10 * MINUTE, ..AlarmLimits::default() };
    world.ctx.alarms = Arc::new(AlarmSetup { limits, ..AlarmSetup::default() });
    for _ in 0..15 {
        let refused = Problem::new(Kind::Unavailable, format!("{LONG} does not answer."), "");
        world.ctx.guarded("reading the mailbox", async { Err(refused) }).await;
        alarm::look(&world.ctx).await.unwrap();
        world.ctx.clock.turn_to(world.now().plus(MINUTE));
    }
    world.work().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mail_fits_a_small_phone_in_both_schemes() {
    if let Some(why) = node::missing() {
        assert!(std::env::var_os("CI").is_none(), "{why} (a skip is a failure in CI)");
        return;
    }
    let mails = on_a_large_stack(all);
    let wrong = node::run(json!({ "stage": "mails", "base": HOST, "mails": mails })).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // What was wrong once is found by the same measure.
    let link = format!("{HOST}/assessment/{}", "a".repeat(90));
    let letter = |style: &str, words: &str| {
        format!(
            "<!DOCTYPE html><html lang=\"en\"><head><title>t</title><style>{style}</style></head><body style=\"margin:0\">{words}</body></html>"
        )
    };
    let dark = "@media (prefers-color-scheme: dark) { p { color: #e8e8e8 !important; } }";
    let faint =
        "@media (prefers-color-scheme: dark) { table { background: #222 !important; } p { color: #555 !important; } }";
    let broken = json!([
        { "name": "wide", "html": letter("", &format!("<table width=\"100%\"><tr><td><a href=\"{link}\">{link}</a></td></tr></table>")) },
        { "name": "unseen", "html": letter(dark, "<p>Light letters and no ground.</p>") },
        { "name": "pale", "html": letter("", "<p style=\"color:#bbbbbb\">Hard to read.</p>") },
        { "name": "faint", "html": letter(faint, "<table><tr><td><p>Hard to read in the dark.</p></td></tr></table>") },
        { "name": "untitled", "html": letter("", "<p>Whose?</p>").replace("<title>t</title>", "") },
        { "name": "slim", "html": letter("a { display: block; height: 30px }", "<p class=\"button\"><a href=\"/\">Go</a></p>") },
        { "name": "drawn", "html": letter("", "<p>t</p><img src=\"https://a.example/a.png\" alt=\"\">") },
    ]);
    let found = node::run(json!({ "stage": "mails", "base": HOST, "mails": broken })).await;
    for (name, what) in [
        ("wide", "px wide"),
        ("unseen", "ground"),
        ("pale", "color-contrast"),
        ("faint in the dark", "color-contrast"),
        ("untitled", "document-title"),
        ("slim", "too small"),
        ("drawn", "1 images"),
    ] {
        assert!(found.iter().any(|line| line.contains(name) && line.contains(what)), "{name}: {found:?}");
    }
}
