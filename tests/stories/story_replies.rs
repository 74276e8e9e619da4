//! What comes back: bounces late and early, delays, complaints, absences, answers of people, forgeries, and the same mail fifty times.

use soundings::base::verp;
use soundings::rehearsal::mailbox::Received;
use soundings::rules::journal::Actor;
use soundings::rules::message::MessageState;
use soundings::steps::repair::resolution::{Resolution, SettleContact};
use soundings::steps::replies::desk::{DecideReply, Decision};
use soundings::steps::replies::{self, Mail};
use soundings::store::replies::Reply;

use crate::common::reports::{answer, away, challenge, complaint, report, report_to};
use crate::common::{ANN, BEN, CYD, DORA, ERIK, ROUND, World, at};

on_both!(
    m07_every_mail_leaves_in_the_name_of_a_sealed_return_address,
    f29_what_was_accepted_and_bounces_later_fails_visibly_and_goes_to_the_corrected_address,
    f29_a_delay_or_a_full_mailbox_suppresses_nobody,
    f29_a_late_bounce_after_the_answer_is_harmless,
    f25_the_same_report_fifty_times_works_once,
    s26_a_forged_report_changes_nothing,
    s26_a_report_about_the_old_address_leaves_the_new_one_alone,
    m08_a_complaint_ends_it_in_every_round_and_is_told,
    m06_absences_move_departures_ask_for_a_successor_and_nothing_is_answered,
    a_challenge_waits_for_somebody_and_is_no_bounce,
    a_sign_of_arrival_settles_a_doubt,
    an_answer_of_a_person_waits_for_somebody,
    what_directors_and_managers_answer_comes_to_the_reply_desk,
    s25_a_poison_mail_is_put_aside_and_stops_no_other,
    an_address_known_dead_is_found_on_the_next_list,
    a_warm_up_that_bounced_is_repaired_before_the_invitation,
);

async fn open(world: &World) -> Vec<Reply> {
    world.made_of_it().await.into_iter().filter(|r| r.state == "open").collect()
}

fn seen_to(mail: &Reply, note: &str) -> DecideReply {
    DecideReply { reply: mail.id.clone(), known: mail.version, decision: Decision::SeenTo(note.into()) }
}

/// By name: mails of one instant have no order.
async fn verdicts(world: &World) -> Vec<String> {
    let mut all: Vec<String> = world.made_of_it().await.into_iter().map(|r| r.verdict).collect();
    all.sort();
    all
}

async fn invited(world: &mut World) -> Received {
    world.takes_replies();
    world.signed().await;
    world.pass_to("2027-02-08T12:00:00Z").await;
    world.mail_to(ANN, "invitation")
}

const NO_USER: &str = "550 5.1.1 <ann.lee@globex.example>: Recipient address rejected: User unknown";

async fn m07_every_mail_leaves_in_the_name_of_a_sealed_return_address(mut world: World) {
    let invitation = invited(&mut world).await;
    let ours = world.ctx.replies.clone().unwrap();
    for mail in world.mailbox.all() {
        let token = verp::opened(&world.ctx.key, &ours, &mail.from).unwrap();
        assert_eq!(token.id, mail.message.as_str());
        assert_eq!(mail.header("Reply-To"), Some(mail.from.as_str()), "{}", mail.kind);
    }
    assert!(invitation.header("From").unwrap().contains("conversation@northwind.example"));
    world.promises_hold().await;
}

async fn f29_what_was_accepted_and_bounces_later_fails_visibly_and_goes_to_the_corrected_address(mut world: World) {
    let mail = invited(&mut world).await;
    assert_eq!(world.row(ANN, "invitation").await.state, MessageState::Sent);
    world.comes_back(&[report(&mail, ANN, "failed", "5.1.1", NO_USER)]).await;
    let row = world.row(ANN, "invitation").await;
    assert_eq!(row.state, MessageState::Failed);
    assert!(row.reason.unwrap().starts_with("came back: 550 5.1.1"));
    assert!(row.answer.unwrap().starts_with("250"), "what the server had answered stays");
    let ann = world.person(ANN).await;
    assert!(ann.undeliverable_at.is_some() && ann.undeliverable_reason.unwrap().contains("5.1.1"));
    assert_eq!(ann.sent_count, 1, "it reached nobody");
    assert!(open(&world).await.is_empty(), "the address is a task, not a reply");
    world.pass_to("2027-02-12T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"], "nothing more goes there");

    let new = "ann.lee@new.globex.example";
    world.corrects(DORA, ANN, |c| c.email = new.into()).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-16T18:00:00Z").await;
    assert_eq!(world.kinds_to(new), ["invitation"], "what bounced goes to the new address");
    assert!(world.person(new).await.undeliverable_at.is_none());
    let again = world.mail_to(new, "invitation");
    assert_eq!(again.message_id, mail.message_id);
    assert_ne!(again.from, mail.from, "the token tells to which address it went");
    world.promises_hold_with_copies(std::slice::from_ref(&mail.message_id)).await;
}

async fn f29_a_delay_or_a_full_mailbox_suppresses_nobody(mut world: World) {
    let mail = invited(&mut world).await;
    world
        .comes_back(&[
            report(&mail, ANN, "delayed", "4.4.1", "connect to mx.globex.example[192.0.2.1]:25: Connection timed out"),
            report(&mail, ANN, "failed", "5.2.2", "552 5.2.2 Mailbox full"),
            report(&mail, ANN, "failed", "5.7.1", "554 5.7.1 Message rejected as spam by policy"),
            report(&mail, ANN, "delivered", "2.0.0", "250 2.0.0 delivered to mailbox"),
        ])
        .await;
    assert_eq!(verdicts(&world).await, ["arrived", "bounced", "bounced", "bounced"]);
    assert_eq!(world.row(ANN, "invitation").await.state, MessageState::Sent);
    assert!(world.person(ANN).await.undeliverable_at.is_none());
    world.pass_to("2027-02-11T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    world.promises_hold().await;
}

async fn f29_a_late_bounce_after_the_answer_is_harmless(mut world: World) {
    let mail = invited(&mut world).await;
    world.answers(&mail).await.unwrap();
    world.comes_back(&[report(&mail, ANN, "failed", "5.1.1", NO_USER)]).await;
    let ann = world.person(ANN).await;
    assert!(ann.completed_at.is_some());
    let status = soundings::steps::completion::status(&world.ctx, ROUND).await.unwrap();
    assert_eq!((status.individual.completed, status.handoff.completed), (1, 1));
    world.pass_to("2027-02-12T18:00:00Z").await;
    world.promises_hold().await;
}

async fn f25_the_same_report_fifty_times_works_once(mut world: World) {
    let mail = invited(&mut world).await;
    let once = report(&mail, ANN, "failed", "5.1.1", NO_USER);
    world.comes_back(&vec![once.clone(); 25]).await;
    for _ in 0..25 {
        world.comes_back(std::slice::from_ref(&once)).await;
    }
    assert_eq!(verdicts(&world).await, ["dead"]);
    let version = world.person(ANN).await.version;
    // The same words by another way: other bytes, the same meaning.
    let others: Vec<String> =
        (0..50).map(|n| format!("Received: by relay {n}; Mon, 8 Feb 2027 12:00:00 +0000\r\n{once}")).collect();
    world.comes_back(&others).await;
    let ann = world.person(ANN).await;
    assert!(ann.undeliverable_at.is_some() && ann.version <= version + 50);
    assert_eq!(world.row(ANN, "invitation").await.state, MessageState::Failed);
    world.promises_hold().await;
}

async fn s26_a_forged_report_changes_nothing(mut world: World) {
    let mail = invited(&mut world).await;
    let before = world.person(ANN).await.version;
    let ours = "bounces@replies.northwind.example";
    let other = world.mail_to(BEN, "invitation");
    let guessed = format!("bounces+{}@replies.northwind.example", "a".repeat(45));
    world
        .comes_back(&[
            // Whoever knows an address and no more.
            report_to(ours, "<1@x.example>", ANN, "failed", "5.1.1", NO_USER),
            report_to(&guessed, "<2@x.example>", ANN, "failed", "5.1.1", NO_USER),
            // Who has got a mail knows its Message-ID: he can speak of himself only.
            report_to(ours, &other.message_id, ANN, "failed", "5.1.1", NO_USER),
            complaint(&Received { from: ours.into(), message_id: "<3@x.example>".into(), ..mail.clone() }),
            away(
                &Received { from: ours.into(), message_id: "<4@x.example>".into(), ..mail.clone() },
                ANN,
                "I left the company.",
            ),
        ])
        .await;
    assert!(verdicts(&world).await.iter().all(|v| v == "unmatched"), "{:?}", verdicts(&world).await);
    assert_eq!(world.person(ANN).await.version, before);
    assert!(world.person(BEN).await.undeliverable_at.is_none());
    // The pair of Message-ID and recipient is a proof, also without the token.
    world.comes_back(&[report_to(ours, &mail.message_id, ANN, "failed", "5.1.1", NO_USER)]).await;
    assert!(world.person(ANN).await.undeliverable_at.is_some());
    world.promises_hold().await;
}

async fn s26_a_report_about_the_old_address_leaves_the_new_one_alone(mut world: World) {
    let mail = invited(&mut world).await;
    let once = report(&mail, ANN, "failed", "5.1.1", NO_USER);
    world.comes_back(std::slice::from_ref(&once)).await;
    let new = "ann.lee@new.globex.example";
    world.corrects(DORA, ANN, |c| c.email = new.into()).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-16T18:00:00Z").await;
    assert_eq!(world.kinds_to(new), ["invitation"]);
    world.comes_back(&[format!("X-Second: copy\r\n{once}")]).await;
    assert!(world.person(new).await.undeliverable_at.is_none());
    assert_eq!(world.row(new, "invitation").await.state, MessageState::Sent);
    world.promises_hold_with_copies(std::slice::from_ref(&mail.message_id)).await;
}

async fn m08_a_complaint_ends_it_in_every_round_and_is_told(mut world: World) {
    let mail = invited(&mut world).await;
    world.comes_back(&[complaint(&mail)]).await;
    assert!(world.person(ANN).await.opted_out_at.is_some());
    assert_eq!(open(&world).await[0].verdict, "complaint");
    world.pass_to("2027-02-26T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    world.promises_hold().await;
}

async fn m06_absences_move_departures_ask_for_a_successor_and_nothing_is_answered(mut world: World) {
    let mail = invited(&mut world).await;
    let cyd = "I am out of the office and will be back on 22 February 2027.";
    world.pass_to("2027-02-08T18:00:00Z").await;
    let to_cyd = world.mail_to(CYD, "invitation");
    let to_ben = world.mail_to(BEN, "invitation");
    let sent = world.mailbox.count();
    world
        .comes_back(&[
            away(&to_cyd, CYD, cyd),
            away(&to_ben, BEN, "Ben Koch no longer works for Globex. Please contact eva.lang@globex.example instead."),
            away(&mail, ANN, "Thank you for your mail. I am travelling and read my mail less often."),
        ])
        .await;
    assert_eq!(verdicts(&world).await, ["automatic", "away", "left"]);
    // The last day away is the one before the return.
    assert_eq!(world.person(CYD).await.absent_until, Some(at("2027-02-22T05:00:00Z")));
    let ben = world.person(BEN).await;
    assert!(ben.left_at.is_some());
    let mut tx = world.ctx.db.read().await.unwrap();
    let tasks = soundings::store::repair::tasks::of_contact(&mut tx, &ben.id).await.unwrap();
    drop(tx);
    assert!(tasks[0].why.contains("eva.lang@globex.example"), "{tasks:?}");
    assert!(open(&world).await.is_empty());
    world.work().await;
    assert_eq!(world.mailbox.count(), sent, "nothing is ever answered");
    world.pass_to("2027-02-19T18:00:00Z").await;
    assert_eq!(world.kinds_to(CYD), ["warm_up", "invitation"]);
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation"]);
    world.pass_to("2027-02-26T23:00:00Z").await;
    assert_eq!(world.kinds_to(CYD), ["warm_up", "invitation", "reminder"]);
    world.promises_hold().await;
}

async fn a_challenge_waits_for_somebody_and_is_no_bounce(mut world: World) {
    let mail = invited(&mut world).await;
    world
        .comes_back(&[challenge(
            &mail,
            "Undelivered Mail: confirmation needed",
            "Your message could not be delivered yet. It is being held until you confirm that you sent it; press reply to do so.",
        )])
        .await;
    let waiting = open(&world).await;
    assert_eq!(verdicts(&world).await, ["challenge"]);
    assert!(waiting.len() == 1 && waiting[0].why.starts_with("Our mail waits there"), "{waiting:?}");
    assert_eq!(world.row(ANN, "invitation").await.state, MessageState::Sent);
    assert!(world.person(ANN).await.undeliverable_at.is_none());
    world.pass_to("2027-02-11T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    world.promises_hold().await;
}

async fn a_sign_of_arrival_settles_a_doubt(mut world: World) {
    world.takes_replies();
    world.signed().await;
    world.pass_to("2027-02-08T09:59:00Z").await;
    world
        .mailbox
        .add_fault(soundings::rehearsal::mailbox::ServerFault::DropAfterDot { every: world.mailbox.count() + 1 });
    world.pass_to("2027-02-08T10:30:00Z").await;
    world.mailbox.set_faults(vec![]);
    let doubted = world.in_state(MessageState::InDoubt).await;
    assert_eq!(doubted.len(), 1);
    let to = doubted[0].to_email.as_str().to_string();
    let mail = world.mail_to(&to, "invitation");
    world.comes_back(&[away(&mail, &to, "I am in meetings all day.")]).await;
    let row = world.row(&to, "invitation").await;
    assert_eq!(row.state, MessageState::Sent);
    world.pass_to("2027-02-10T12:00:00Z").await;
    assert_eq!(world.mails_to(&to).iter().filter(|m| m.kind == "invitation").count(), 1, "not repeated");
    world.promises_hold().await;
}

async fn an_answer_of_a_person_waits_for_somebody(mut world: World) {
    let mail = invited(&mut world).await;
    world
        .comes_back(&[
            answer(&mail, "Ann Lee <ann.lee@globex.example>", "Who reads this? <script>alert(1)</script> \u{202e}gnp"),
            answer(
                &Received {
                    from: "x".into(),
                    headers: std::collections::BTreeMap::new(),
                    message_id: "<9@x.example>".into(),
                    ..mail.clone()
                },
                "stranger@x.example",
                "Hello?",
            ),
        ])
        .await;
    let mut open = open(&world).await;
    open.sort_by_key(|r| r.verdict.clone());
    assert_eq!(open.iter().map(|r| r.verdict.as_str()).collect::<Vec<_>>(), ["reply", "unmatched"]);
    assert_eq!(open[0].contact_id, Some(world.person(ANN).await.id));
    assert_eq!(open[0].from_email, ANN);
    assert!(open[0].words.contains("<script>") && !open[0].words.contains('\u{202e}'), "{:?}", open[0].words);
    assert!(!open[0].words.contains("Laura Whitcombe"), "what is quoted is left out");
    assert_eq!(open[1].contact_id, None);
    world.ctx.order(&Actor::operator("olga@northwind.example"), seen_to(&open[0], "called her")).await.unwrap();
    let again = world.ctx.order(&Actor::operator("olga@northwind.example"), seen_to(&open[0], "again")).await;
    assert!(again.is_err());
    world.pass_to("2027-02-11T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"], "an answer stops nothing by itself");
    world.promises_hold().await;
}

async fn s25_a_poison_mail_is_put_aside_and_stops_no_other(mut world: World) {
    let mail = invited(&mut world).await;
    let bounce = report(&mail, ANN, "failed", "5.1.1", NO_USER);
    let nested = format!(
        "Content-Type: multipart/mixed; boundary=a\r\n\r\n{}",
        "--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n".repeat(10_000)
    );
    let nul = format!("Delivered-To: {}\r\nSubject: \0\u{1}\u{7f}\r\n\r\n\0\0\0", mail.from);
    let bytes = |text: String| Mail { content: Ok(text.into_bytes()), place: None };
    let mails = vec![
        Mail { content: Err("The mailbox has it and does not give it out.".into()), place: None },
        Mail { content: Ok((0..=255).cycle().take(100_000).collect()), place: None },
        bytes(nested),
        bytes(nul),
        bytes(String::new()),
        bytes(format!("Subject: {}\r\n\r\n", "x".repeat(1_000_000))),
        bytes(bounce),
    ];
    replies::take(&world.ctx, mails).await.unwrap();
    let all = world.made_of_it().await;
    let aside: Vec<&Reply> = all.iter().filter(|r| r.verdict == "unreadable").collect();
    assert_eq!(aside.iter().map(|r| r.state.as_str()).collect::<Vec<_>>(), ["open"]);
    assert_eq!(all.len(), 7);
    assert!(world.person(ANN).await.undeliverable_at.is_some(), "the one after them is acted upon");
    world.promises_hold().await;
}

async fn an_address_known_dead_is_found_on_the_next_list(mut world: World) {
    let mail = invited(&mut world).await;
    world.comes_back(&[report(&mail, ANN, "failed", "5.1.1", NO_USER)]).await;
    let mut next = crate::common::northwind();
    next.spec.round = "northwind-2028".into();
    world.load(next).await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = soundings::store::round::rounds::by_slug(&mut tx, "northwind-2028").await.unwrap().unwrap();
    let id = soundings::store::contacts::by_address(&mut tx, &round.id, ANN).await.unwrap().unwrap();
    let ann = soundings::store::contacts::person(&mut tx, &id).await.unwrap().unwrap();
    drop(tx);
    assert!(ann.findings.contains("address_dead") && ann.undeliverable_at.is_some(), "{ann:?}");
    // An operator who knows better revives the address in both.
    let fine = Resolution::Fine { why: "the new server is up".into(), of: None };
    world
        .ctx
        .order(
            &Actor::operator("olga@northwind.example"),
            SettleContact { contact: id.clone(), resolution: fine, sure: true },
        )
        .await
        .unwrap();
    assert!(world.person(ANN).await.undeliverable_at.is_none());
    world.pass_to("2027-02-16T18:00:00Z").await;
    assert_eq!(world.mails_to(ANN).iter().filter(|m| m.kind == "invitation").count(), 2, "it goes again");
    world.promises_hold_with_copies(std::slice::from_ref(&mail.message_id)).await;
}

async fn a_warm_up_that_bounced_is_repaired_before_the_invitation(mut world: World) {
    world.takes_replies();
    world.signed().await;
    world.pass_to("2027-02-02T12:00:00Z").await;
    let mail = world.mail_to(ANN, "warm_up");
    world.comes_back(&[report(&mail, ANN, "failed", "5.1.1", NO_USER)]).await;
    // The mail that asks a director has no contact beside it: somebody must look.
    let asked = world.mail_to(ERIK, "sign_off");
    world.comes_back(&[report(&asked, ERIK, "failed", "5.1.1", "550 5.1.1 no such user")]).await;
    assert_eq!(open(&world).await.len(), 1);
    let new = "ann.lee@new.globex.example";
    world.corrects(DORA, ANN, |c| c.email = new.into()).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-12T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up"]);
    let kinds = world.kinds_to(new);
    assert!(kinds.starts_with(&["warm_up".into(), "invitation".into()]), "{kinds:?}");
    world.promises_hold_with_copies(std::slice::from_ref(&mail.message_id)).await;
}

async fn what_directors_and_managers_answer_comes_to_the_reply_desk(mut world: World) {
    world.takes_replies();
    world.started().await;
    let (asked, chased) = (world.mail_to(DORA, "sign_off"), world.mail_to(ERIK, "sign_off"));
    let missing = answer(&asked, DORA, "Please add Zoe Zed at Umbra.");
    let on_leave = away(&chased, ERIK, "I am out of office until 15 February 2027.");
    world.comes_back(&[missing, on_leave]).await;
    let open = open(&world).await;
    let of = |from: &str| open.iter().find(|r| r.from_email == from).unwrap();
    assert!(of(DORA).words.contains("Zoe Zed"));
    assert_eq!(of(DORA).message_id.as_ref(), Some(&asked.message.as_str().into()));
    // He is not asked while he is away, and nobody signs for him: somebody has to know.
    assert!(of(ERIK).round_id.is_some() && of(ERIK).contact_id.is_none());
    assert_eq!(open.len(), 2);
    world.promises_hold().await;
}
