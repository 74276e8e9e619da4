//! Repair: who cannot be reached is a task for the account manager; what he does changes the list, and the list is signed again.

use soundings::base::problem::Kind;
use soundings::rehearsal::mailbox::ServerFault;
use soundings::rules::journal::Actor;
use soundings::rules::signoff::Standing;
use soundings::steps::letters::as_sent::{Wording, senders, shown};
use soundings::steps::plan::change::{self, Change};
use soundings::steps::repair::resolution::{Resolution, Resolved, SettleContact, SettleTask};
use soundings::steps::repair::successors::Successor;
use soundings::steps::repair::{self, RepairSheet};
use soundings::steps::replies::absence::{self, News};
use soundings::steps::{completion, response};

use crate::common::{ANN, BEN, DORA, GERMANY, MAX, OPERATOR, ROUND, UMA, World, northwind_with, secret, secret_in};

on_both!(
    f07_a_bounced_warm_up_is_repaired_before_the_invitation,
    a_successor_is_introduced_invited_and_counted,
    one_mail_that_grows_with_what_comes_up_and_a_slow_chase,
    without_a_manager_the_director_is_asked,
    a_dropped_name_is_off_the_list_and_out_of_the_base,
    what_is_settled_elsewhere_is_not_done_twice,
    an_address_that_looks_wrong_is_a_question,
    an_address_that_is_right_after_all_gets_what_it_refused,
    a_new_manager_is_asked_about_what_is_open,
    who_answers_after_all_needs_no_repair,
    the_ledger_tells_in_which_words_a_message_left,
);

const NEW: &str = "ann.leigh@globex.example";
const EVA: &str = "eva.koch@globex.example";

fn refuse(address: &str) -> ServerFault {
    ServerFault::RefuseRecipient { address: address.into(), reply: "550 5.1.1 no such user".into() }
}

fn correct(email: &str) -> Resolution {
    Resolution::Correct { email: email.into() }
}

fn eva() -> Resolution {
    Resolution::Replace(Successor {
        first_name: "Eva".into(),
        last_name: "Koch".into(),
        email: EVA.into(),
        job_title: "Einkaufsleiterin".into(),
        role: String::new(),
    })
}

fn left() -> News {
    News::Left { write_to: vec![EVA.into(), BEN.into(), "nobody".into()] }
}

impl World {
    /// The secret of the link in the last repair mail to this person.
    fn repair_link(&self, who: &str) -> String {
        secret_in(&self.mail_to(who, "repair"), "/repair/")
    }

    async fn repair_sheet(&self, who: &str) -> RepairSheet {
        repair::sheet(&self.ctx, &self.repair_link(who)).await.unwrap().unwrap()
    }

    async fn resolves(&self, who: &str, contact: &str, what: Resolution) -> soundings::base::problem::Result<Resolved> {
        let id = self.person(contact).await.id;
        self.ctx
            .order(
                &Actor::Visitor,
                SettleTask { secret: self.repair_link(who), contact: id.clone(), resolution: what, sure: false },
            )
            .await
    }

    async fn hears_that_ben_has_left(&mut self) {
        let ben = self.person(BEN).await;
        self.ctx
            .order(
                &Actor::Program,
                absence::HearNews {
                    contact: ben.id.clone(),
                    news: left(),
                    why: "I have left Globex; write to Eva".into(),
                },
            )
            .await
            .unwrap();
        self.work().await;
    }
}

async fn f07_a_bounced_warm_up_is_repaired_before_the_invitation(mut world: World) {
    world.signed().await;
    world.mailbox.set_faults(vec![refuse(ANN)]);
    world.pass_to("2027-02-01T18:00:00Z").await;
    let mail = world.mail_to(MAX, "repair");
    assert_eq!(world.kinds_to(MAX), ["repair"], "once, however often it is looked at");
    assert_eq!(mail.at.to_string(), "2027-02-01T10:00:00Z", "half an hour after the bounce");
    assert_eq!(mail.subject(), "One of your contacts cannot be reached");
    assert!(mail.text.contains("Ann Lee, Globex: the address takes no mail"), "{}", mail.text);
    assert!(mail.text.lines().any(|line| line.contains("/repair/") && !line.contains(' ')), "{}", mail.text);
    assert_eq!(mail.header("List-Unsubscribe"), None);
    // S21: a scanner that opens the link has changed nothing; and the daemon starts again before anybody acts.
    let before = soundings::steps::audit::promises::digest(&world.ctx).await.unwrap();
    let sheet = world.repair_sheet(MAX).await;
    assert_eq!((sheet.open.len(), sheet.done.len()), (1, 0));
    assert!(sheet.open[0].task.why.contains("no such user"));
    assert_eq!(soundings::steps::audit::promises::digest(&world.ctx).await.unwrap(), before);
    world.restart().await;

    assert!(matches!(world.resolves(MAX, ANN, correct(NEW)).await.unwrap(), Resolved::Done));
    world.pass_to("2027-02-02T12:00:00Z").await;
    assert_eq!(world.kinds_to(MAX), ["repair"], "nothing is left to chase for");
    let asked = world.mail_to(DORA, "sign_off");
    assert_eq!(asked.subject(), "1 name changed since you signed: please sign again");
    assert!(asked.text.contains("Globex: Ann Lee was corrected"), "{}", asked.text);
    assert_eq!(asked.at.to_string(), "2027-02-02T09:00:00Z", "in the office's hours");
    assert!(world.mails_to(NEW).is_empty(), "nobody is written to before the signature");
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    assert_eq!(world.kinds_to(NEW), ["warm_up", "invitation"]);
    assert_eq!(
        world.mail_to(NEW, "warm_up").subject(),
        "What we would like to hear",
        "the same person needs no introduction"
    );
    assert!(world.mails_to(ANN).is_empty());
    let status = completion::status(&world.ctx, ROUND).await.unwrap();
    let i = &status.individual;
    // Uma hears of it tomorrow, after Waitangi Day.
    assert_eq!((i.listed, i.invited, i.reachable, i.undeliverable), (5, 4, 4, 0));
    world.answers(&world.mail_to(NEW, "invitation")).await.unwrap();
    world.pass_to("2027-02-12T18:00:00Z").await;
    assert_eq!(world.kinds_to(NEW), ["warm_up", "invitation", "thank_you"]);
    world.promises_hold().await;
}

async fn a_successor_is_introduced_invited_and_counted(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-09T09:00:00Z").await;
    world.hears_that_ben_has_left().await;
    world.pass_to("2027-02-09T18:00:00Z").await;
    let sheet = world.repair_sheet(MAX).await;
    assert_eq!(sheet.open[0].task.proposed, EVA, "his own address and what is none are not proposed");
    assert!(world.mail_to(MAX, "repair").text.contains("Ben Koch, Globex: has left the company"));
    let (ben, before) = (world.person(BEN).await, completion::status(&world.ctx, ROUND).await.unwrap());
    assert!(matches!(world.resolves(MAX, BEN, eva()).await.unwrap(), Resolved::Done));

    let eva = world.person(EVA).await;
    let inherited = |p: &soundings::store::contacts::Person| {
        (p.account_id.clone(), p.role, p.language.clone(), p.country.clone(), p.time_zone.clone(), p.line)
    };
    assert_eq!(inherited(&eva), inherited(&ben));
    assert_eq!((eva.replaces.as_ref(), eva.predecessor.as_str()), (Some(&ben.id), "Ben Koch"));
    let ben = world.person(BEN).await;
    assert!(ben.left_at.is_some() && ben.removed_reason.unwrap().contains("replaced by Eva Koch"));
    world.pass_to("2027-02-10T12:00:00Z").await;
    let asked = world.mail_to(DORA, "sign_off");
    assert_eq!(asked.subject(), "1 name changed since you signed: please sign again");
    assert!(asked.text.contains("Globex: Eva Koch in the place of Ben Koch"), "{}", asked.text);
    assert!(world.mails_to(EVA).is_empty());
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-10T15:00:00Z").await;
    let letter = world.mail_to(EVA, "warm_up");
    assert_eq!(
        (letter.subject(), letter.from.clone()),
        ("Ein Wort, bevor wir Sie um Ihre Sicht bitten", GERMANY.to_string())
    );
    let words = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("an der Stelle von Ben Koch"), "{words}");
    world.pass_to("2027-02-15T18:00:00Z").await;
    assert_eq!(world.kinds_to(EVA), ["warm_up", "invitation"]);
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation"], "nothing since he left");
    let gap = world.mail_to(EVA, "invitation").at.since(letter.at);
    assert!(gap >= 2 * soundings::base::clock::DAY, "{gap}");
    world.answers(&world.mail_to(EVA, "invitation")).await.unwrap();
    world.pass_to("2027-02-19T18:00:00Z").await;
    assert_eq!(world.kinds_to(EVA), ["warm_up", "invitation", "thank_you"]);
    let status = completion::status(&world.ctx, ROUND).await.unwrap();
    let (i, a) = (&status.individual, &status.accounts);
    assert_eq!((before.individual.listed, before.individual.reachable), (5, 4), "without the one who left");
    assert_eq!((i.listed, i.signed, i.invited, i.reachable, i.completed), (5, 5, 6, 5, 1), "with his successor");
    assert_eq!((a.listed, a.invited, a.completed), (3, 3, 1));
    let globex = world.account("Globex").await;
    assert_eq!((globex.listed, globex.invited, globex.reachable, globex.completed), (2, 3, 2, 1));
    assert_eq!(status.roles["key_decision_maker"].completed, 1);
    // What Ben's link opens now is no place to answer.
    let link = secret_in(&world.mail_to(BEN, "invitation"), "/assessment/");
    assert_eq!(
        world
            .ctx
            .order(&Actor::Visitor, response::SendAnswers { secret: link.clone(), language: "en".into() })
            .await
            .unwrap_err()
            .kind,
        Kind::Refused
    );
    world.promises_hold().await;
}

async fn one_mail_that_grows_with_what_comes_up_and_a_slow_chase(mut world: World) {
    world.signed().await;
    world.mailbox.set_faults(vec![refuse(ANN)]);
    world.pass_to("2027-02-01T09:40:00Z").await;
    world.hears_that_ben_has_left().await;
    world.pass_to("2027-02-01T18:00:00Z").await;
    let mail = world.mail_to(MAX, "repair");
    assert_eq!((world.kinds_to(MAX).len(), mail.subject()), (1, "2 of your contacts cannot be reached"));
    // What comes up on the same day waits for the next.
    let cyd = world.person("cyd.moor@initech.example").await;
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            absence::HearNews { contact: cyd.id.clone(), news: News::Left { write_to: vec![] }, why: "left".into() },
        )
        .await
        .unwrap();
    world.pass_to("2027-02-02T18:00:00Z").await;
    assert_eq!(world.mail_to(MAX, "repair").subject(), "3 of your contacts cannot be reached");
    world.pass_to("2027-02-09T07:00:00Z").await;
    let of = |mails: Vec<soundings::rehearsal::mailbox::Received>| -> Vec<String> {
        mails.iter().filter(|m| m.kind == "repair").map(|m| m.at.to_string()).collect()
    };
    let times = of(world.mails_to(MAX));
    let expected = ["2027-02-01T10:00:00Z", "2027-02-02T09:00:00Z"];
    assert_eq!(times, expected, "no third while nothing comes up");
    let grown = world.mail_to(MAX, "repair").text;
    assert!(grown.contains("We have written to you about this before"), "{grown}");
    assert!(grown.contains("Ann Lee, Globex: the address takes no mail, known since Monday 1 February"), "{grown}");
    // He is told again after five working days, the weekly list counts them, and an operator has him asked again; all lead to one page.
    world.pass_to("2027-02-15T12:00:00Z").await;
    assert_eq!(of(world.mails_to(MAX)), [expected[0], expected[1], "2027-02-09T09:00:00Z"]);
    let weekly = world.mail_to(MAX, "digest").text;
    assert!(weekly.contains("3 of your contacts cannot be reached; the page says who"), "{weekly}");
    let request = {
        let mut tx = world.ctx.db.read().await.unwrap();
        let round = world.person(ANN).await.round_id;
        soundings::store::repair::of_round(&mut tx, &round).await.unwrap().remove(0)
    };
    world
        .ctx
        .order(&Actor::operator(OPERATOR), repair::AskAgainToRepair { request: request.id.clone() })
        .await
        .unwrap();
    world.work().await;
    assert_eq!(of(world.mails_to(MAX)).len(), 4);
    let links: std::collections::BTreeSet<String> =
        world.mails_to(MAX).iter().filter_map(|m| m.link("/repair/")).map(secret).collect();
    assert_eq!(links.len(), 1);
    world.promises_hold().await;
}

async fn without_a_manager_the_director_is_asked(mut world: World) {
    world.signed().await;
    world.mailbox.set_faults(vec![refuse(UMA)]);
    world.pass_to("2027-02-02T18:00:00Z").await;
    assert!(world.mails_to(MAX).is_empty());
    let mail = world.mail_to(DORA, "repair");
    assert!(mail.text.contains("Uma Reid, Umbra"), "{}", mail.text);
    // S11, S19: her sign-off link opens no repair, and another's contact is as unknown as none.
    let sign_off = secret_in(&world.mail_to(DORA, "sign_off"), "/sign-off/");
    let uma = world.person(UMA).await.id;
    assert!(repair::sheet(&world.ctx, &sign_off).await.unwrap().is_none());
    for (link, contact) in [(&sign_off, &uma), (&world.repair_link(DORA), &world.person(ANN).await.id)] {
        let drop = Resolution::Drop { reason: "other".into() };
        assert_eq!(
            world
                .ctx
                .order(
                    &Actor::Visitor,
                    SettleTask { secret: link.clone(), contact: contact.clone(), resolution: drop, sure: true }
                )
                .await
                .unwrap_err()
                .kind,
            Kind::NotFound
        );
    }
    assert!(matches!(world.resolves(DORA, UMA, correct("uma.reed@umbra.example")).await.unwrap(), Resolved::Done));
    world.promises_hold().await;
}

/// What Dora got beside where her accounts stand.
fn signing_mails(world: &World) -> Vec<String> {
    world.kinds_to(DORA).into_iter().filter(|kind| kind != "digest").collect()
}

async fn a_dropped_name_is_off_the_list_and_out_of_the_base(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-09T09:00:00Z").await;
    world.hears_that_ben_has_left().await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    let nothing = world.resolves(MAX, BEN, Resolution::Drop { reason: " ".into() }).await.unwrap_err();
    assert_eq!(nothing.kind, Kind::Unusable);
    world.resolves(MAX, BEN, Resolution::Drop { reason: "has left, nobody follows".into() }).await.unwrap();
    world.pass_to("2027-02-10T12:00:00Z").await;
    assert_eq!(signing_mails(&world), ["sign_off", "receipt"], "who is taken off needs no signature");
    assert_eq!(world.account("Globex").await.standing, Standing::Signed);
    let changes = &world.sheet(DORA, "sign_off").await[0].changes;
    assert_eq!(changes.iter().map(|c| c.sentence("en")).collect::<Vec<_>>(), ["Ben Koch is off the list"]);
    world.pass_to("2027-02-12T18:00:00Z").await;
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation"]);
    let status = completion::status(&world.ctx, ROUND).await.unwrap();
    assert_eq!((status.individual.listed, status.individual.reachable), (4, 4));
    assert_eq!(world.kinds_to(MAX).iter().filter(|k| *k == "repair").count(), 1);
    let sheet = world.repair_sheet(MAX).await;
    assert_eq!((sheet.open.len(), sheet.done.len()), (0, 1));
    world.promises_hold().await;
}

async fn what_is_settled_elsewhere_is_not_done_twice(mut world: World) {
    world.signed().await;
    world.mailbox.set_faults(vec![refuse(ANN)]);
    world.pass_to("2027-02-01T12:00:00Z").await;
    let ann = world.person(ANN).await;
    // The page is open on the manager's phone when the director corrects the name.
    world.corrects(DORA, ANN, |c| c.email = NEW.into()).await;
    let late = world
        .ctx
        .order(
            &Actor::Visitor,
            SettleTask { secret: world.repair_link(MAX), contact: ann.id.clone(), resolution: eva(), sure: true },
        )
        .await
        .unwrap_err();
    assert_eq!(late.kind, Kind::Refused);
    assert!(late.what.contains("settled in the meantime") && late.what.contains(NEW), "{late}");
    // It bounces again, at the new address: a new task, and the same link works again.
    world.mailbox.set_faults(vec![refuse(NEW)]);
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-03T18:00:00Z").await;
    assert_eq!(world.repair_sheet(MAX).await.open.len(), 1);
    let both = tokio::join!(world.resolves(MAX, NEW, eva()), world.resolves(MAX, NEW, eva()));
    assert!(both.0.is_ok() && both.1.is_ok(), "two tabs name one successor: {both:?}");
    assert_eq!(world.account("Globex").await.listed, 2);
    world.promises_hold().await;
}

async fn an_address_that_looks_wrong_is_a_question(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-09T09:00:00Z").await;
    let ann = world.person(ANN).await.id;
    world.hears_that_ben_has_left().await;
    world.mailbox.set_faults(vec![refuse(ANN)]);
    world.pass_to("2027-02-12T18:00:00Z").await;
    let link = world.repair_link(MAX);
    let by = async |what: Resolution, sure: bool| {
        world
            .ctx
            .order(&Actor::Visitor, SettleTask { secret: link.clone(), contact: ann.clone(), resolution: what, sure })
            .await
    };
    for same in [ANN, "ann.lee@", "ANN.LEE@globex.example", "uma.reid@umbra.example"] {
        let refused = by(correct(same), true).await.unwrap_err();
        assert!(matches!(refused.kind, Kind::Unusable | Kind::Refused), "{same}: {refused}");
    }
    let known = by(correct(UMA), true).await.unwrap_err();
    assert!(known.what.contains("Uma Reid at Umbra"), "refused by name: {known}");
    let placeholder =
        Successor { first_name: "n/a".into(), last_name: "unknown".into(), email: NEW.into(), ..Successor::default() };
    assert_eq!(by(Resolution::Replace(placeholder), true).await.unwrap_err().kind, Kind::Unusable);
    for (address, code) in [("info@globex.example", "role_mailbox"), ("ann.lee@gmail.com", "private_mailbox")] {
        let Resolved::Unsure(questions) = by(correct(address), false).await.unwrap() else { unreachable!("{address}") };
        assert_eq!(questions[0].code, code);
    }
    assert_eq!(world.person(ANN).await.id, ann, "a question changes nothing");
    assert!(matches!(by(correct("ann.lee@gmail.com"), true).await.unwrap(), Resolved::Done));
    let person = world.person("ann.lee@gmail.com").await;
    assert!(person.findings.contains("private_mailbox"), "the director sees it beside the name");
    world.promises_hold().await;
}

async fn an_address_that_is_right_after_all_gets_what_it_refused(mut world: World) {
    world.signed().await;
    world.mailbox.set_faults(vec![refuse(ANN)]);
    world.pass_to("2027-02-01T18:00:00Z").await;
    world.mailbox.set_faults(vec![]);
    world.resolves(MAX, ANN, Resolution::Fine { why: "their server was being moved".into(), of: None }).await.unwrap();
    world.pass_to("2027-02-08T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    assert_eq!(signing_mails(&world), ["sign_off", "receipt"], "the list has not changed");
    // The same by an operator, for somebody who has not left.
    world.hears_that_ben_has_left().await;
    let ben = world.person(BEN).await.id;
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            SettleContact {
                contact: ben.clone(),
                resolution: Resolution::Fine { why: "he called".into(), of: None },
                sure: true,
            },
        )
        .await
        .unwrap();
    world.pass_to("2027-02-12T18:00:00Z").await;
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation", "reminder"]);
    assert!(world.kinds_to(MAX).iter().filter(|k| *k == "repair").count() == 1, "settled before the mail left");
    world.promises_hold().await;
}

async fn a_new_manager_is_asked_about_what_is_open(mut world: World) {
    world.signed().await;
    world.mailbox.set_faults(vec![refuse(ANN)]);
    world.pass_to("2027-02-01T18:00:00Z").await;
    let old = world.repair_link(MAX);
    world.load_confirmed(northwind_with(&[("Max Mann,max.mann@", "Mia Moss,mia.moss@")])).await;
    world.pass_to("2027-02-01T20:00:00Z").await;
    world.pass_to("2027-02-02T18:00:00Z").await;
    let mia = "mia.moss@northwind.example";
    assert!(world.mail_to(mia, "repair").text.contains("Ann Lee"));
    let ann = world.person(ANN).await.id;
    let gone = world
        .ctx
        .order(
            &Actor::Visitor,
            SettleTask { secret: old.clone(), contact: ann.clone(), resolution: correct(NEW), sure: true },
        )
        .await
        .unwrap_err();
    assert_eq!(gone.kind, Kind::NotFound, "the account is no longer his");
    assert!(matches!(world.resolves(mia, ANN, correct(NEW)).await.unwrap(), Resolved::Done));
    world.pass_to("2027-02-05T18:00:00Z").await;
    assert_eq!(world.kinds_to(MAX), ["repair"]);
    world.promises_hold().await;
}

async fn who_answers_after_all_needs_no_repair(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-09T09:00:00Z").await;
    world.mailbox.set_faults(vec![refuse(ANN), refuse(BEN)]);
    world.pass_to("2027-02-11T12:00:00Z").await;
    assert_eq!(world.repair_sheet(MAX).await.open.len(), 2);
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    world.opts_out(&world.mail_to(BEN, "invitation")).await;
    assert!(world.repair_sheet(MAX).await.open.is_empty());
    // Her thanks bounce: nobody has to do anything about it.
    world.pass_to("2027-02-19T12:00:00Z").await;
    assert!(world.repair_sheet(MAX).await.open.is_empty());
    assert_eq!(world.kinds_to(MAX).iter().filter(|k| *k == "repair").count(), 1);
    world.promises_hold().await;
}

async fn the_ledger_tells_in_which_words_a_message_left(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-01T18:00:00Z").await;
    let live = async |world: &World| {
        let mut tx = world.ctx.db.read().await.unwrap();
        world.ctx.live_by_slug(&mut tx, ROUND).await.unwrap()
    };
    let before = live(&world).await;
    let mut change = Change { spec: before.spec.clone(), words: before.words.clone() };
    change.words.get_mut("en").unwrap().get_mut("warm_up").unwrap().subject = "Something else".into();
    change.words.get_mut("en").unwrap().get_mut("invitation").unwrap().subject = "Come in".into();
    change.spec.senders.warm_up.name = "Someone New".into();
    world
        .ctx
        .order(&Actor::operator(OPERATOR), change::ChangeRound { slug: ROUND.into(), version: before.version, change })
        .await
        .unwrap();
    // Neither a pause nor a new list changes words; both raise the version of the round.
    world.order(soundings::steps::round::RoundOrder::Pause).await;
    world.order(soundings::steps::round::RoundOrder::Resume).await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    let now = live(&world).await;
    let letter = async |world: &World, kind: &str| {
        let row = world.row(ANN, kind).await;
        shown(&world.ctx, &now, &row.id).await.unwrap().unwrap()
    };
    let warm_up = letter(&world, "warm_up").await;
    let sent = world.mail_to(ANN, "warm_up");
    assert_eq!((warm_up.wording, warm_up.subject.as_str()), (Wording::Then, sent.subject()));
    assert_eq!(
        (warm_up.subject.as_str(), warm_up.from.name.as_str()),
        ("What we would like to hear", "David Sterling")
    );
    let lines = |text: &str| -> Vec<String> {
        let without_links = text.lines().filter(|l| !l.starts_with("https://") && !l.trim().is_empty());
        without_links.map(|l| l.trim_end().to_string()).collect()
    };
    assert_eq!(lines(&warm_up.text), lines(&sent.text), "as she read it, but for her own links");
    let invitation = letter(&world, "invitation").await;
    assert_eq!((invitation.wording, invitation.subject.as_str()), (Wording::Then, "Come in"));
    let reminder = letter(&world, "reminder").await;
    assert_eq!(reminder.wording, Wording::Now);
    let rows: Vec<_> = world.ledger().await.into_iter().filter(|m| m.to_email.as_str() == ANN).collect();
    let mut tx = world.ctx.db.read().await.unwrap();
    let names = senders(&world.ctx, &mut tx, &now, &warm_up.person, &rows).await.unwrap();
    drop(tx);
    assert_eq!(names[&warm_up.message.id].name, "David Sterling");
    assert_eq!(names[&invitation.message.id].name, "Laura Whitcombe");
    world.promises_hold().await;
}
