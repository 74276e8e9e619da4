//! The reply desk finishes what it begins: a mail is answered in the sender's name, forwarded with its thread, given, noted and put off; each
//! once, and refused where somebody else was faster.

use soundings::base::address::EmailAddress;
use soundings::base::problem::{Kind, Result};
use soundings::rehearsal::mailbox::ServerFault;
use soundings::rules::journal::{Action, Actor};
use soundings::rules::message::{Lane, MessageKind, MessageState};
use soundings::rules::replies::desk::DeskWork;
use soundings::steps::installation::operators::AddOperator;
use soundings::steps::replies::desk::{
    AnswerReply, Beside, DecideReply, Decision, ForwardReply, GiveReply, LookedAfterBy, NoteOnReply, PutReplyOff,
    SettleDeskMail,
};
use soundings::store::journal;
use soundings::store::replies::desk::{self, DeskAct};
use soundings::store::replies::{self, Reply};
use soundings::store::sending::outbox;

use crate::common::reports::{answer, away, report};
use crate::common::{ANN, BEN, DORA, MAX, OPERATOR, ROUND, TEAM, World};

on_both!(
    an_answer_leaves_once_in_the_senders_name_and_in_its_thread,
    what_comes_back_to_an_answer_lies_beside_the_same_person,
    whoever_has_objected_meanwhile_is_not_answered,
    what_was_written_and_has_not_arrived_waits_again,
    what_programs_and_strangers_wrote_is_not_answered_from_here,
    a_forward_quotes_the_thread_and_reaches_nobody_but_who_looks_after_the_account,
    whoever_decides_on_an_old_page_is_told_what_was_done_since,
    a_mail_comes_back_on_its_day_to_whoever_has_it,
);

const OTHER: &str = "ben@northwind.example";
const ASKS: &str = "I am glad to answer, but may Ida join me?";

fn olga() -> Actor {
    Actor::operator(OPERATOR)
}

impl World {
    /// Ann has written back to her invitation.
    async fn ann_wrote(&mut self) -> Reply {
        self.takes_replies();
        self.signed().await;
        self.pass_to("2027-02-08T12:00:00Z").await;
        let mail = self.mail_to(ANN, "invitation");
        self.comes_back(&[answer(&mail, "Ann Lee <ann.lee@globex.example>", ASKS)]).await;
        self.open_mail().await
    }

    /// The last one that waits.
    async fn open_mail(&self) -> Reply {
        self.made_of_it().await.into_iter().rfind(|mail| mail.state == "open").unwrap()
    }

    async fn mail(&self, of: &Reply) -> Reply {
        let mut tx = self.ctx.db.read().await.unwrap();
        replies::by_id(&mut tx, &of.id).await.unwrap().unwrap()
    }

    async fn done_with(&self, mail: &Reply) -> Vec<DeskAct> {
        let mut tx = self.ctx.db.read().await.unwrap();
        desk::of_replies(&mut tx, &[&mail.id]).await.unwrap()
    }

    async fn writes(&self, who: &Actor, mail: &Reply, words: &str, keep: bool) -> Result<()> {
        let order = AnswerReply { reply: mail.id.clone(), known: mail.version, words: words.into(), keep };
        self.ctx.order(who, order).await
    }

    async fn forwards(&self, mail: &Reply, to: LookedAfterBy, words: &str) -> Result<()> {
        let order = ForwardReply { reply: mail.id.clone(), known: mail.version, to, words: words.into() };
        self.ctx.order(&olga(), order).await
    }

    async fn gives(&self, who: &Actor, mail: &Reply, to: Option<&str>) -> Result<()> {
        let order = GiveReply { reply: mail.id.clone(), known: mail.version, to: to.map(str::to_string) };
        self.ctx.order(who, order).await
    }

    async fn puts_off(&self, mail: &Reply, day: Option<&str>) -> Result<()> {
        let day = day.map(|day| day.parse().unwrap());
        let order = PutReplyOff { reply: mail.id.clone(), known: mail.version, round: ROUND.into(), day };
        self.ctx.order(&olga(), order).await
    }

    /// It is open again, with whoever has answered and with a sentence of the program that ends so.
    async fn waits_again(&self, mail: &Reply, said: &str) -> Reply {
        let now = self.mail(mail).await;
        assert_eq!((now.state.as_str(), now.owner.as_deref(), &now.note), ("open", Some(OPERATOR), &None));
        let last = self.done_with(mail).await.pop().unwrap();
        assert_eq!((last.by_whom.as_str(), last.version), ("soundings", now.version));
        assert!(last.words.starts_with(&format!("The answer to {ANN} {said}")), "{}", last.words);
        now
    }

    async fn waiting(&self) -> i64 {
        let mut tx = self.ctx.db.read().await.unwrap();
        replies::waiting(&mut tx, self.now()).await.unwrap().iter().map(|w| w.n).sum()
    }
}

async fn an_answer_leaves_once_in_the_senders_name_and_in_its_thread(mut world: World) {
    let mail = world.ann_wrote().await;
    let before = world.person(ANN).await.sent_count;
    for wrong in ["", " \n ", "Thank you for the sur\u{76}ey."] {
        assert_eq!(world.writes(&olga(), &mail, wrong, false).await.unwrap_err().kind, Kind::Unusable, "{wrong}");
    }
    let words = "Dear Ann,\r\n\r\nIda is welcome.";
    world.writes(&olga(), &mail, words, false).await.unwrap();
    // The second press of two.
    world.writes(&olga(), &mail, words, false).await.unwrap();
    world.work().await;
    world.work().await;
    let sent: Vec<_> = world.mails_to(ANN).into_iter().filter(|m| m.kind == "desk_answer").collect();
    assert_eq!(sent.len(), 1);
    let (sent, invitation) = (&sent[0], world.mail_to(ANN, "invitation"));
    assert!(sent.header("From").unwrap().contains(TEAM) && sent.header("From").unwrap().contains("Laura Whitcombe"));
    assert_eq!(sent.header("In-Reply-To"), Some("<answer-1@globex.example>"));
    assert_eq!(sent.header("References").unwrap(), format!("{} <answer-1@globex.example>", invitation.message_id));
    assert!(sent.subject().starts_with("Re: ") && !sent.subject().starts_with("Re: Re:"), "{}", sent.subject());
    assert!(
        sent.text.starts_with("Dear Ann,\n\nIda is welcome.\n") && sent.text.contains(&format!("> {ASKS}")),
        "{}",
        sent.text
    );
    for none in ["List-Unsubscribe", "Auto-Submitted"] {
        assert_eq!(sent.header(none), None);
    }
    let done = world.done_with(&mail).await;
    assert_eq!(
        (done.len(), done[0].what, done[0].words.as_str()),
        (1, DeskWork::Answered, "Dear Ann,\n\nIda is welcome.")
    );
    let mail = world.mail(&mail).await;
    assert_eq!((mail.state.as_str(), mail.note.as_deref()), ("handled", Some("answered")));
    assert_eq!(world.person(ANN).await.sent_count, before, "no message of the round");
    let mut tx = world.ctx.db.read().await.unwrap();
    let told = journal::of_subject(&mut tx, &world.person(ANN).await.id).await.unwrap();
    drop(tx);
    assert_eq!(told.iter().filter(|e| e.what() == Some(Action::AnsweredReply)).count(), 1);
    // Somebody else is told that it is done.
    let late = world.writes(&Actor::operator(OTHER), &mail, "Hello", false).await.unwrap_err();
    assert_eq!((late.kind, late.what.as_str()), (Kind::Refused, "Somebody has seen to this mail already."));
    world.promises_hold().await;
}

async fn what_comes_back_to_an_answer_lies_beside_the_same_person(mut world: World) {
    let mail = world.ann_wrote().await;
    world.writes(&olga(), &mail, "Ida is welcome.", false).await.unwrap();
    world.work().await;
    let ours = world.mail_to(ANN, "desk_answer");
    let thanks = answer(&ours, ANN, "Thank you!").replace("Date: Mon, 8 Feb", "Date: Sun, 7 Feb");
    world.comes_back(&[format!("X-Second: mail\r\n{thanks}")]).await;
    let again = world.open_mail().await;
    assert_ne!(again.id, mail.id);
    assert_eq!((&again.round_id, &again.contact_id), (&mail.round_id, &mail.contact_id));
    // And it is answered in the same name.
    world.writes(&olga(), &again, "You are welcome.", false).await.unwrap();
    world.work().await;
    assert_eq!(world.kinds_to(ANN).iter().filter(|kind| *kind == "desk_answer").count(), 2);
    let second = world.mail_to(ANN, "desk_answer");
    assert!(second.header("From").unwrap().contains(TEAM));
    assert!(second.text.contains(&format!("{ANN} wrote on Sunday 7 February:")), "{}", second.text);
    world.promises_hold().await;
}

async fn whoever_has_objected_meanwhile_is_not_answered(mut world: World) {
    let mail = world.ann_wrote().await;
    let invitation = world.mail_to(ANN, "invitation");
    world.writes(&olga(), &mail, "Ida is welcome.", true).await.unwrap();
    world.opts_out(&invitation).await;
    world.work().await;
    assert!(!world.kinds_to(ANN).contains(&"desk_answer".to_string()));
    let mail = world.mail(&mail).await;
    let refused = world.writes(&olga(), &mail, "One more word.", false).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Refused);
    assert!(refused.what.contains("has asked not to be written to"), "{refused}");
    let mut tx = world.ctx.db.read().await.unwrap();
    let system = outbox::page(&mut tx, &Lane::System, Some(MessageState::Withdrawn), 10, 0).await.unwrap();
    drop(tx);
    let ours = system.iter().filter(|m| m.kind == MessageKind::DeskAnswer).count();
    assert_eq!(ours, 1, "what was written is on record as not sent");
    world.promises_hold().await;
}

async fn what_was_written_and_has_not_arrived_waits_again(mut world: World) {
    let mail = world.ann_wrote().await;
    let reply = "550 5.1.1 no such user".to_string();
    world.mailbox.set_faults(vec![ServerFault::RefuseRecipient { address: ANN.into(), reply }]);
    world.writes(&olga(), &mail, "Ida is welcome.", false).await.unwrap();
    assert_eq!(world.mail(&mail).await.state, "handled");
    world.work().await;
    let waits = world.waits_again(&mail, "was not accepted").await;
    // Whoever has the page of before is told what became of it.
    let late = world.writes(&olga(), &mail, "Ida is welcome.", false).await.unwrap_err();
    assert!(late.kind == Kind::Refused && late.what.contains("was not accepted"), "{late}");
    world.mailbox.set_faults(Vec::new());
    world.writes(&olga(), &waits, "Ida is welcome.", false).await.unwrap();
    world.work().await;
    let sent: Vec<_> = world.mails_to(ANN).into_iter().filter(|m| m.kind == "desk_answer").collect();
    assert_eq!((sent.len(), world.mail(&mail).await.state.as_str()), (1, "handled"));
    let mut tx = world.ctx.db.read().await.unwrap();
    let refused = outbox::page(&mut tx, &Lane::System, Some(MessageState::Failed), 10, 0).await.unwrap();
    drop(tx);
    assert!(
        !refused.iter().any(|m| m.kind == MessageKind::DeskAnswer),
        "what was refused is not tried again beside it"
    );
    // A server took it and another one sends it back.
    world.comes_back(&[report(&sent[0], ANN, "failed", "5.1.1", "550 5.1.1 no such user")]).await;
    let waits = world.waits_again(&mail, "came back").await;
    // Nobody knows whether it has arrived; it is put off meanwhile, and does not rest for that.
    world.mailbox.add_fault(ServerFault::DropAfterDot { every: world.mailbox.count() + 1 });
    world.writes(&olga(), &waits, "Ida is welcome, really.", true).await.unwrap();
    world.puts_off(&world.mail(&mail).await, Some("2027-02-12")).await.unwrap();
    world.work().await;
    let waits = world.waits_again(&mail, "may have arrived, and may not").await;
    assert_eq!(waits.rests_until, None);
    // Whoever has asked says that it has not: the same mail goes once more. Of another mail it is not known.
    let mut tx = world.ctx.db.read().await.unwrap();
    let message = outbox::page(&mut tx, &Lane::System, Some(MessageState::InDoubt), 10, 0).await.unwrap().remove(0).id;
    drop(tx);
    let says = |reply: &str, arrived| SettleDeskMail { reply: reply.into(), message: message.clone(), arrived };
    assert_eq!(world.ctx.order(&olga(), says("another", true)).await.unwrap_err().kind, Kind::NotFound);
    world.mailbox.set_faults(Vec::new());
    world.ctx.order(&olga(), says(mail.id.as_str(), false)).await.unwrap();
    world.work().await;
    let sent: Vec<_> = world.mails_to(ANN).into_iter().filter(|m| m.text.contains("welcome, really")).collect();
    assert!(sent.len() == 2 && sent[0].header("Message-ID") == sent[1].header("Message-ID"), "{}", sent.len());
    assert_eq!(world.ctx.order(&olga(), says(mail.id.as_str(), true)).await.unwrap_err().kind, Kind::Refused);
    world.promises_hold_with_copies(std::slice::from_ref(&sent[0].message_id)).await;
}

async fn what_programs_and_strangers_wrote_is_not_answered_from_here(mut world: World) {
    world.takes_replies();
    world.signed().await;
    world.pass_to("2027-02-08T12:00:00Z").await;
    let mail = world.mail_to(ANN, "invitation");
    let stray = "From: stranger@x.example\r\nSubject: Hello\r\n\r\nWho are you?\r\n".to_string();
    world.comes_back(&[away(&mail, ANN, "I am on maternity leave until 1 December 2027."), stray]).await;
    let all = world.made_of_it().await;
    assert_eq!(all.iter().filter(|mail| mail.state == "open").count(), 2);
    let mails = world.mailbox.count();
    for mail in &all {
        assert_eq!(
            world.writes(&olga(), mail, "Hello", false).await.unwrap_err().kind,
            Kind::Refused,
            "{}",
            mail.verdict
        );
        let forwarded = world.forwards(mail, LookedAfterBy::SalesDirector, "").await;
        assert_eq!(forwarded.unwrap_err().kind, Kind::Refused, "{}", mail.verdict);
    }
    let (live, now) = (world.live().await, world.now());
    let mut tx = world.ctx.db.read().await.unwrap();
    let counts = desk::counts(&mut tx, &live.id, OPERATOR, now).await.unwrap();
    let page = replies::open_page(&mut tx, &live.id, ("", OPERATOR), now, 10, 0).await.unwrap();
    drop(tx);
    assert_eq!((counts.waiting, counts.nobodys), (2, 2), "what belongs to no round is counted in each");
    assert_eq!(page.iter().map(|mail| mail.round_id.is_none()).collect::<Vec<_>>(), [false, true]);
    let stray = all.iter().find(|mail| mail.round_id.is_none()).unwrap();
    // What belongs to no round is taken and put off all the same.
    world.gives(&olga(), stray, Some(OPERATOR)).await.unwrap();
    world.puts_off(&world.mail(stray).await, Some("2027-02-09")).await.unwrap();
    world.work().await;
    assert_eq!((world.mailbox.count(), world.waiting().await), (mails, 1));
    world.promises_hold().await;
}

async fn a_forward_quotes_the_thread_and_reaches_nobody_but_who_looks_after_the_account(mut world: World) {
    let mail = world.ann_wrote().await;
    world.writes(&olga(), &mail, "I ask Max.", true).await.unwrap();
    let mail = world.mail(&mail).await;
    assert_eq!((mail.state.as_str(), mail.owner.as_deref()), ("open", Some(OPERATOR)), "whoever answers has it");
    world.forwards(&mail, LookedAfterBy::Manager, "Can you call her?").await.unwrap();
    world.forwards(&mail, LookedAfterBy::Manager, "Can you call her?").await.unwrap();
    world.work().await;
    let sent: Vec<_> = world.mails_to(MAX).into_iter().filter(|m| m.kind == "forwarded").collect();
    assert_eq!(sent.len(), 1);
    let words = sent[0].text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "Dear Max Mann,",
        OPERATOR,
        "Can you call her?",
        "> I am glad to answer",
        "> I ask Max.",
        "Ann Lee",
        "(Globex)",
    ] {
        assert!(words.contains(said), "{said} is not in {words}");
    }
    assert!(sent[0].header("From").unwrap().contains(TEAM) && sent[0].header("In-Reply-To").is_none());
    // What he answers is the round's, and says nothing about her.
    world
        .comes_back(&[format!("X-Max: 1\r\n{}", away(&sent[0], MAX, "I am out of office until 15 February 2027."))])
        .await;
    assert_eq!(world.person(ANN).await.absent_until, None);
    let his = world.made_of_it().await.into_iter().find(|came| came.from_email == MAX).unwrap();
    assert_eq!((his.round_id, his.contact_id, his.state.as_str()), (mail.round_id.clone(), None, "open"));
    let mail = world.mail(&mail).await;
    world.forwards(&mail, LookedAfterBy::Director, "").await.unwrap();
    world.work().await;
    assert_eq!(world.kinds_to(DORA).iter().filter(|kind| *kind == "forwarded").count(), 1);
    assert!(!world.kinds_to(BEN).contains(&"forwarded".to_string()));
    // What others wrote is quoted with the one word in it; what we say around it never has it.
    let invitation = world.mail_to(ANN, "invitation");
    let raw = answer(&invitation, &format!("Sur\u{76}ey desk <{ANN}>"), "Your sur\u{76}ey is too long.");
    world.comes_back(&[raw.replacen("Subject: Re: ", "Subject: Sur\u{76}ey: ", 1)]).await;
    let mail = world.made_of_it().await.into_iter().find(|mail| mail.from_name.starts_with("Sur\u{76}ey")).unwrap();
    assert!(mail.from_name.starts_with("Sur\u{76}ey") && mail.subject.starts_with("Sur\u{76}ey"), "{mail:?}");
    let typed = world.forwards(&mail, LookedAfterBy::Manager, "See the sur\u{76}ey.").await.unwrap_err();
    assert_eq!(typed.kind, Kind::Unusable);
    let order =
        ForwardReply { reply: mail.id.clone(), known: mail.version, to: LookedAfterBy::Manager, words: String::new() };
    let named = world.ctx.order(&Actor::operator("sur\u{76}ey@northwind.example"), order).await.unwrap_err();
    assert!(named.kind == Kind::Refused && named.what.starts_with("The address of whoever forwards it is"), "{named}");
    world.forwards(&mail, LookedAfterBy::Manager, "She has a point.").await.unwrap();
    world.work().await;
    let sent = world.mail_to(MAX, "forwarded");
    let ours: Vec<&str> = sent.text.lines().filter(|line| !line.starts_with('>')).chain([sent.subject()]).collect();
    assert!(ours.iter().all(|line| !line.to_lowercase().contains("sur\u{76}ey")), "{ours:?}");
    let quoted = ["> Sur\u{76}ey: ", "> Your sur\u{76}ey is too long."].iter().all(|line| sent.text.contains(line));
    assert!(quoted && sent.text.contains(&format!("{ANN} wrote on ")), "{}", sent.text);
    // Whoever stands on the list as well is not offered, and reads nothing.
    world.corrects(DORA, BEN, |c| c.email = MAX.into()).await;
    let (mail, live) = (world.mail(&mail).await, world.live().await);
    let mut tx = world.ctx.db.read().await.unwrap();
    let beside = Beside::of(&world.ctx, &mut tx, &live, &[&mail]).await.unwrap();
    drop(tx);
    let all = beside.colleagues(&live, &mail).into_iter().filter(|colleague| !colleague.is_contact);
    assert_eq!(all.map(|c| c.who).collect::<Vec<_>>(), [LookedAfterBy::Director, LookedAfterBy::SalesDirector]);
    let refused = world.forwards(&mail, LookedAfterBy::Manager, "").await.unwrap_err();
    assert!(refused.what.contains("no contact reads what others wrote"), "{refused}");
    world.promises_hold().await;
}

async fn whoever_decides_on_an_old_page_is_told_what_was_done_since(mut world: World) {
    let mail = world.ann_wrote().await;
    let stranger = world.gives(&olga(), &mail, Some("nobody@northwind.example")).await.unwrap_err();
    assert_eq!(stranger.kind, Kind::Unusable);
    let other = AddOperator { email: EmailAddress::parse(OTHER).unwrap() };
    world.ctx.order(&olga(), other).await.unwrap();
    world.gives(&olga(), &mail, Some(OTHER)).await.unwrap();
    world.gives(&olga(), &mail, Some(OTHER)).await.unwrap();
    let note = NoteOnReply { reply: mail.id.clone(), known: mail.version, note: "called her".into() };
    let late = world.ctx.order(&Actor::operator(OTHER), note).await.unwrap_err();
    assert_eq!(late.kind, Kind::Refused);
    assert_eq!(late.what, format!("{OPERATOR} gave it to {OTHER} since this page was opened."));
    let now = world.mail(&mail).await;
    assert_eq!((now.owner.as_deref(), now.version), (Some(OTHER), 1));
    let note = || NoteOnReply { reply: now.id.clone(), known: now.version, note: "called her".into() };
    for _ in 0..2 {
        world.ctx.order(&Actor::operator(OTHER), note()).await.unwrap();
    }
    // Not the same press, though it says the same: another operator's.
    assert_eq!(world.ctx.order(&olga(), note()).await.unwrap_err().kind, Kind::Refused);
    let old = DecideReply { reply: now.id.clone(), known: now.version, decision: Decision::OptedOut };
    assert_eq!(world.ctx.order(&olga(), old).await.unwrap_err().kind, Kind::Refused);
    assert_eq!(world.person(ANN).await.opted_out_at, None, "the contact changes with the mail or not at all");
    let now = world.mail(&now).await;
    let decision = || Decision::SeenTo("done".into());
    let seen = || DecideReply { reply: now.id.clone(), known: now.version, decision: decision() };
    for _ in 0..2 {
        world.ctx.order(&Actor::operator(OTHER), seen()).await.unwrap();
    }
    assert_eq!(world.ctx.order(&olga(), seen()).await.unwrap_err().kind, Kind::Refused);
    let now = world.mail(&now).await;
    let late = world.gives(&olga(), &now, None).await.unwrap_err();
    assert_eq!(late.what, "Somebody has seen to this mail already.");
    let done: Vec<String> = world.done_with(&mail).await.iter().map(DeskAct::said).collect();
    assert_eq!(done, [format!("gave it to {OTHER}"), "noted something".into()]);
    world.promises_hold().await;
}

async fn a_mail_comes_back_on_its_day_to_whoever_has_it(mut world: World) {
    let mail = world.ann_wrote().await;
    assert_eq!(world.waiting().await, 1);
    for day in ["2027-02-08", "2027-02-01", "2029-01-01"] {
        assert_eq!(world.puts_off(&mail, Some(day)).await.unwrap_err().kind, Kind::Unusable, "{day}");
    }
    world.puts_off(&mail, Some("2027-02-10")).await.unwrap();
    assert_eq!(world.waiting().await, 0);
    let mine = world.mail(&mail).await;
    assert_eq!(mine.owner.as_deref(), Some(OPERATOR));
    world.pass_to("2027-02-09T23:59:00Z").await;
    assert_eq!(world.waiting().await, 0);
    world.pass_to("2027-02-10T00:00:00Z").await;
    assert_eq!(world.waiting().await, 1);
    // Put off once more, and looked at now after all.
    world.puts_off(&mine, Some("2027-02-12")).await.unwrap();
    let mine = world.mail(&mail).await;
    assert_eq!(world.waiting().await, 0);
    world.puts_off(&mine, None).await.unwrap();
    assert_eq!((world.waiting().await, world.mail(&mail).await.rests_until), (1, None));
    world.promises_hold().await;
}
