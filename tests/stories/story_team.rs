//! The account team: the weekly mails, and what an account manager does on the page behind his.

use soundings::base::address::EmailAddress;
use soundings::base::clock::DAY;
use soundings::base::problem::{Kind, Result};
use soundings::rehearsal::mailbox::Received;
use soundings::rules::calling::Outcome;
use soundings::rules::completion::team::TeamLevel;
use soundings::rules::journal::Actor;
use soundings::rules::message::{MessageKind, MessageState};
use soundings::rules::round::{RoundState, SponsorSpec};
use soundings::rules::sending::outbox::key;
use soundings::rules::sending::reason::MessageReason;
use soundings::steps::calling::{CallList, Press, PressByLink, RecordCall, ReserveCall, Wanted, call_list, lately};
use soundings::steps::completion::digest;
use soundings::steps::completion::team::{TeamSheet, sheet};
use soundings::steps::context::Purpose;
use soundings::steps::round::RoundOrder;
use soundings::store::calling::team;
use soundings::store::sending::outbox::{self, NewMessage};

use crate::common::{
    ANN, BEN, CYD, DORA, ERIK, MAX, OPERATOR, SALES_DIRECTOR, UMA, World, at, northwind, northwind_with, secret_in,
};

on_both!(
    the_names_of_the_mail_are_those_of_the_call_list,
    a_press_on_the_page_moves_the_reminder_and_is_taken_back,
    a_link_is_good_for_ones_own_accounts_while_they_are_ones_own,
    a_director_and_a_sponsor_hear_once_a_week_where_they_stand,
    nothing_is_doubled_by_a_kill_or_a_second_daemon,
);

const MIA: &str = "mia.long@northwind.example";
const SPONSOR: &str = "helen.marsh@northwind.example";
const NEXT_SPONSOR: &str = "peter.north@northwind.example";

impl World {
    async fn list_of(&self, manager: &str) -> CallList {
        let live = self.live().await;
        let mut tx = self.ctx.db.read().await.unwrap();
        let wanted = Wanted { manager: manager.into(), silent_only: false };
        call_list(&self.ctx, &mut tx, &live, &wanted).await.unwrap()
    }

    async fn page_of(&self, secret: &str) -> Option<TeamSheet> {
        sheet(&self.ctx, secret).await.unwrap()
    }

    async fn presses(&self, secret: &str, press: Press) -> Result<()> {
        self.ctx.order(&Actor::Visitor, PressByLink { secret: secret.into(), press }).await
    }

    async fn notes(&self, secret: &str, contact: &str, outcome: Outcome) -> Result<()> {
        let contact = self.person(contact).await.id;
        let call = RecordCall { contact, outcome, day: None, note: String::new(), known: 0 };
        self.presses(secret, Press::Record(call)).await
    }

    fn weekly(&self, who: &str) -> Vec<Received> {
        self.mails_to(who).into_iter().filter(|mail| mail.kind == "digest").collect()
    }

    /// Why weekly mails to somebody were withdrawn.
    async fn weekly_of_no_use(&self, who: &str) -> Vec<MessageReason> {
        let rows =
            self.ledger().await.into_iter().filter(|m| m.kind == MessageKind::Digest && m.to_email.as_str() == who);
        rows.filter(|m| m.state == MessageState::Withdrawn).filter_map(|m| m.why()).collect()
    }

    /// A weekly mail as versions before there were links have planned it: under the address.
    async fn planned_by_an_earlier_version(&self, who: &str) {
        let (lane, now, kind) = (self.live().await.lane(), self.now(), MessageKind::Digest);
        let number = now.0 / DAY;
        let message = NewMessage {
            id: self.ctx.ids.id(now),
            key: key(&lane, who, kind, number as u32),
            lane,
            contact_id: None,
            subject_id: who.into(),
            kind,
            number,
            to_name: "Max Mann".into(),
            to: EmailAddress::parse(who).unwrap(),
            planned_for: now,
            due_at: now,
        };
        let planned = self.ctx.db.write(move |tx| Box::pin(async move { outbox::enqueue(tx, &message, now).await }));
        assert!(planned.await.unwrap());
    }
}

/// What a mail says, wherever its lines end.
fn said(mail: &Received) -> String {
    mail.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names at the beginning of the lines of a list.
fn named(mail: &Received) -> Vec<String> {
    let items = mail.text.lines().filter_map(|line| line.strip_prefix("- "));
    items.map(|item| item.split(',').next().unwrap_or_default().to_string()).collect()
}

async fn the_names_of_the_mail_are_those_of_the_call_list(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    world.begins(&world.mail_to(BEN, "invitation")).await;
    // One of an earlier version finds no link, and gets one.
    world.planned_by_an_earlier_version(MAX).await;
    world.work().await;
    let first = secret_in(&world.mail_to(MAX, "digest"), "/team/");
    assert!(world.page_of(&first).await.is_some_and(|page| page.has_part));
    world.pass_to("2027-02-15T07:00:00Z").await;
    let list = world.list_of(MAX).await;
    assert_eq!(list.places.len(), 4);
    // Whom somebody else means to call today is left to him.
    let taken = list.places[0].person.id.clone();
    world.ctx.order(&Actor::operator(OPERATOR), ReserveCall { contact: taken.clone(), known: 0 }).await.unwrap();
    // Beside the one of today it is of no use.
    world.sleep_until("2027-02-15T08:00:00Z");
    world.planned_by_an_earlier_version(MAX).await;
    world.pass_to("2027-02-15T08:00:00Z").await;
    assert_eq!(world.weekly(MAX).len(), 2);
    assert_eq!(world.weekly_of_no_use(MAX).await, [MessageReason::LaterList]);
    let mail = world.mail_to(MAX, "digest");
    let after: Vec<String> = world.list_of(MAX).await.places.iter().map(|place| place.person.full_name()).collect();
    assert_eq!(named(&mail), after[1..], "three names, and the one who is taken is none of them");
    assert!(!mail.text.contains(&after[0]), "{}", mail.text);
    assert!(after[1..].iter().all(|name| mail.text.matches(name.as_str()).count() == 1), "{}", mail.text);
    let text = said(&mail);
    assert!(text.contains("has answered") && text.contains("0 % (0 of 4)"), "{text}");
    // The round's own text has no link, as those of before: it stands under the list.
    let page = world.page_of(&secret_in(&mail, "/team/")).await.unwrap();
    assert_eq!((page.link.level, page.link.email.as_str(), page.has_part), (TeamLevel::Manager, MAX, true));
    assert_eq!((page.tally.accounts, page.tally.reachable, page.tally.completed), (2, 4, 0));
    assert_eq!(page.live.state, RoundState::Running);
    world.promises_hold().await;
}

async fn a_press_on_the_page_moves_the_reminder_and_is_taken_back(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-15T12:00:00Z").await;
    let secret = secret_in(&world.mail_to(MAX, "digest"), "/team/");
    world.pass_to("2027-02-17T15:00:00Z").await;
    world.notes(&secret, ANN, Outcome::Called).await.unwrap();
    world.notes(&secret, BEN, Outcome::Called).await.unwrap();
    // Operations see whose calls they are, and call nobody twice.
    let live = world.live().await;
    let calls = {
        let mut tx = world.ctx.db.read().await.unwrap();
        lately(&world.ctx, &mut tx, &live).await.unwrap()
    };
    assert!(calls.len() == 2 && calls.iter().all(|call| call.made_by == MAX), "{calls:?}");
    let ben = calls.iter().find(|call| call.full_name() == "Ben Koch").unwrap().id.clone();
    world.presses(&secret, Press::TakeBack(ben.clone())).await.unwrap();
    world.presses(&secret, Press::TakeBack(ben)).await.unwrap();
    // Twice the same is one call.
    world.notes(&secret, ANN, Outcome::Called).await.unwrap();
    world.pass_to("2027-02-19T18:00:00Z").await;
    let first = ["warm_up", "invitation", "reminder"];
    assert_eq!(world.kinds_to(ANN), first, "Thursday was the day of the second one");
    assert_eq!(world.kinds_to(BEN), [&first[..], &["reminder"]].concat());
    // What an operator has noted, an operator takes back.
    let cyd = world.person(CYD).await.id;
    let call = RecordCall { contact: cyd, outcome: Outcome::Called, day: None, note: String::new(), known: 0 };
    world.ctx.order(&Actor::operator(OPERATOR), call).await.unwrap();
    let of_cyd = {
        let mut tx = world.ctx.db.read().await.unwrap();
        lately(&world.ctx, &mut tx, &live).await.unwrap().remove(0).id
    };
    assert_eq!(world.presses(&secret, Press::TakeBack(of_cyd)).await.unwrap_err().kind, Kind::Refused);
    world.promises_hold().await;
}

async fn a_link_is_good_for_ones_own_accounts_while_they_are_ones_own(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-15T12:00:00Z").await;
    let secret = secret_in(&world.mail_to(MAX, "digest"), "/team/");
    // S11: nobody of another account, and nothing behind a link of another purpose.
    assert_eq!(world.notes(&secret, UMA, Outcome::Called).await.unwrap_err().kind, Kind::NotFound);
    let link = world.page_of(&secret).await.unwrap().link;
    assert!(world.page_of(&world.ctx.secret(Purpose::Repair, &link.id)).await.is_none());
    // A director looks and does not call.
    let looks = secret_in(&world.weekly(DORA).pop().unwrap(), "/team/");
    assert!(world.page_of(&looks).await.is_some_and(|page| !page.calls() && page.tally.accounts == 2));
    assert_eq!(world.notes(&looks, ANN, Outcome::Called).await.unwrap_err().kind, Kind::NotFound);
    // The accounts are somebody else's now.
    let to_mia = [("Max Mann,max.mann@northwind.example", "Mia Long,mia.long@northwind.example")];
    world.load_confirmed(northwind_with(&to_mia)).await;
    assert!(world.page_of(&secret).await.is_some_and(|page| !page.has_part));
    assert_eq!(world.notes(&secret, ANN, Outcome::Called).await.unwrap_err().kind, Kind::NotFound);
    world.pass_to("2027-02-22T12:00:00Z").await;
    assert_eq!(world.weekly(MAX).len(), 1);
    let hers = secret_in(&world.mail_to(MIA, "digest"), "/team/");
    world.notes(&hers, ANN, Outcome::Called).await.unwrap();
    world.order(RoundOrder::Close).await;
    assert_eq!(world.notes(&hers, BEN, Outcome::Called).await.unwrap_err().kind, Kind::Refused);
    assert_eq!(world.page_of(&hers).await.unwrap().live.state, RoundState::Closed);
    world.promises_hold().await;
}

async fn a_director_and_a_sponsor_hear_once_a_week_where_they_stand(mut world: World) {
    let mut folder = northwind();
    let email = EmailAddress::parse(SPONSOR).unwrap();
    folder.spec.sponsor = Some(SponsorSpec { name: "Helen Marsh".into(), email });
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.sign_all(ERIK, "sign_off").await;
    world.work().await;
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    world.pass_to("2027-02-02T12:00:00Z").await;
    assert!(world.weekly(DORA).is_empty() && world.weekly(SPONSOR).is_empty(), "nobody is invited yet");
    world.pass_to("2027-02-09T12:00:00Z").await;
    world.answers(&world.mail_to(CYD, "invitation")).await.unwrap();
    world.pass_to("2027-02-15T18:00:00Z").await;
    let of_monday = |world: &World, who: &str| -> Vec<Received> {
        let mails = world.weekly(who).into_iter();
        mails.filter(|mail| mail.at >= at("2027-02-15T00:00:00Z")).collect()
    };
    for who in [DORA, ERIK, SPONSOR] {
        let mails = of_monday(&world, who);
        assert_eq!(mails.iter().map(|mail| mail.at).collect::<Vec<_>>(), [at("2027-02-15T08:00:00Z")], "{who}");
    }
    let dora = of_monday(&world, DORA).remove(0);
    assert_eq!(named(&dora).len(), 2, "{}", dora.text);
    let text = said(&dora);
    assert!(text.contains("- Globex: 2 people, account manager Max Mann - Umbra: 1 person"), "{text}");
    assert!(text.contains("0 % (0 of 3)") && text.contains("At 2 of 2 accounts nobody has answered yet."), "{text}");
    let erik = of_monday(&world, ERIK).remove(0);
    assert!(said(&erik).contains("50 % (1 of 2)") && named(&erik).is_empty(), "{}", erik.text);
    let sponsor = of_monday(&world, SPONSOR).remove(0);
    assert!(sponsor.subject().contains("20 % (1 of 5), 20 points more than a week ago"), "{}", sponsor.subject());
    let text = said(&sponsor);
    assert!(text.contains("The next target needs 2 answers and 2 accounts more."), "{text}");
    assert!(text.contains("Dora Fields (2 of 2 accounts silent)"), "{text}");
    let page = world.page_of(&secret_in(&sponsor, "/team/")).await.unwrap();
    assert_eq!((page.link.level, page.has_part), (TeamLevel::Sponsor, true));
    world.pass_to("2027-02-22T18:00:00Z").await;
    assert_eq!(of_monday(&world, SPONSOR).len(), 2);
    // Planned, and not gone before the round is paused: a paused round writes to nobody.
    world.sleep_until("2027-03-01T08:00:00Z");
    assert_eq!(digest::tick(&world.ctx).await.unwrap(), 4, "Max, Dora, Erik and the sponsor");
    world.order(RoundOrder::Pause).await;
    world.pass_to("2027-03-01T18:00:00Z").await;
    assert_eq!((of_monday(&world, SPONSOR).len(), of_monday(&world, ERIK).len()), (2, 2));
    // It is decided again when it is claimed: the sponsor is somebody else by then.
    let mut folder = northwind();
    let email = EmailAddress::parse(NEXT_SPONSOR).unwrap();
    folder.spec.sponsor = Some(SponsorSpec { name: "Peter North".into(), email });
    world.load(folder).await;
    world.order(RoundOrder::Resume).await;
    world.pass_to("2027-03-02T12:00:00Z").await;
    assert_eq!((of_monday(&world, SPONSOR).len(), of_monday(&world, ERIK).len()), (2, 3));
    assert!(world.weekly(NEXT_SPONSOR).is_empty());
    assert_eq!(world.weekly_of_no_use(SPONSOR).await, [MessageReason::NoPart]);
    world.promises_hold().await;
}

async fn nothing_is_doubled_by_a_kill_or_a_second_daemon(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-15T07:59:00Z").await;
    let before = world.weekly(DORA).len();
    world.sleep_until("2027-02-15T08:00:00Z");
    assert_eq!(digest::tick(&world.ctx).await.unwrap(), 3, "Max, Dora and Erik");
    // Killed before anything has left; another one starts beside it.
    world.restart().await;
    let second = world.elsewhere(&world.url).await;
    assert_eq!((digest::tick(&world.ctx).await.unwrap(), digest::tick(&second).await.unwrap()), (0, 0));
    world.work().await;
    world.pass_to("2027-02-15T18:00:00Z").await;
    assert_eq!((world.weekly(MAX).len(), world.weekly(ERIK).len(), world.weekly(DORA).len()), (1, 1, before + 1));
    // Two that were planned before anything could leave: the later one goes.
    for monday in ["2027-02-22T08:00:00Z", "2027-03-01T08:00:00Z"] {
        world.sleep_until(monday);
        assert_eq!(digest::tick(&world.ctx).await.unwrap(), 3);
    }
    world.pass_to("2027-03-01T18:00:00Z").await;
    assert_eq!((world.weekly(ERIK).len(), world.weekly(DORA).len()), (2, before + 2));
    assert_eq!(world.weekly_of_no_use(ERIK).await, [MessageReason::LaterList]);
    // One link each, however many mails lead to it.
    let round = world.live().await.id.clone();
    let links = team::of_round(&mut world.ctx.db.read().await.unwrap(), &round).await.unwrap();
    let links: Vec<(TeamLevel, &str)> = links.iter().map(|link| (link.level, link.email.as_str())).collect();
    assert_eq!(links, [(TeamLevel::Director, DORA), (TeamLevel::Director, ERIK), (TeamLevel::Manager, MAX)]);
    let secrets: Vec<String> = world.weekly(MAX).iter().map(|mail| secret_in(mail, "/team/")).collect();
    assert!(secrets.len() == 2 && secrets[0] == secrets[1]);
    world.promises_hold().await;
}
