//! Who had a mailbox and who has it now are two people: each comes back at an address of his own, and what one has said stops him alone.

use soundings::base::address::EmailAddress;
use soundings::base::ids::ContactId;
use soundings::rules::contacts::ListedContact;
use soundings::rules::journal::Actor;
use soundings::rules::round::RoundState;
use soundings::steps::contacts::objections::RecordConsent;
use soundings::steps::contacts::opt_out::{Length, OptOut, OptOutAsTold};
use soundings::steps::contacts::people::identity::{self, Answer, Which};
use soundings::steps::contacts::{Allowed, Changes, load_list};
use soundings::steps::replies::absence::{HearNews, News};
use soundings::steps::response::{self, Standing};
use soundings::steps::round::{self, RoundOrder};
use soundings::steps::signoff::names::editing::{Correction, Edit, EditContact};
use soundings::store::contacts::{self, Person};
use soundings::store::round::rounds;

use crate::common::reports::complaint;
use crate::common::{BEN, DORA, OPERATOR, ROUND, World, northwind, one_click, secret_in};

on_both!(
    he_comes_back_at_a_new_address,
    he_comes_back_at_a_new_address_after_his_director_has_edited_him,
    he_comes_back_at_his_own_address,
    he_comes_back_at_his_own_address_after_his_director_has_edited_him,
    a_mailbox_that_changes_back_is_his_with_what_he_said,
    he_gets_no_address_of_somebody_else_by_a_correction,
    what_was_said_stays_with_whoever_said_it,
    his_links_are_nobodys,
    what_he_said_comes_back_with_him,
    a_round_that_is_over_knows_him_no_more_by_the_mailbox,
);

const NEXT: &str = "northwind-2028";
const ELSEWHERE: &str = "zoe@globex.example";
const NEW: &str = "ben@globex.example";

fn by() -> Actor {
    Actor::operator(OPERATOR)
}

/// The usual list, everybody with a key: K-ann, K-ben, ...
fn keyed(change: impl FnOnce(&mut Vec<ListedContact>)) -> Vec<ListedContact> {
    let mut rows = northwind().list.accepted;
    for row in &mut rows {
        row.key = format!("K-{}", row.first_name.to_lowercase());
    }
    change(&mut rows);
    rows
}

/// Somebody like Ben.
fn row((first, last, key): (&str, &str, &str), email: &str, line: u64) -> ListedContact {
    let ben = northwind().list.accepted.into_iter().find(|row| row.email.as_str() == BEN).unwrap();
    ListedContact {
        first_name: first.into(),
        last_name: last.into(),
        key: key.into(),
        email: EmailAddress::parse(email).unwrap(),
        line,
        ..ben
    }
}

/// The list with Zoe at this address, and Ben at that one, or nowhere.
fn with(zoe: &str, ben: Option<&str>) -> Vec<ListedContact> {
    keyed(|rows| {
        rows.retain(|row| row.email.as_str() != BEN);
        rows.push(row(("Zoe", "Zimmer", "K-zoe"), zoe, 7));
        rows.extend(ben.map(|email| row(("Ben", "Koch", "K-ben"), email, 8)));
    })
}

async fn load(world: &World, rows: Vec<ListedContact>) -> Changes {
    load_list(&world.ctx, ROUND, rows, Allowed::default(), &by()).await.unwrap()
}

async fn loads_round(world: &World, slug: &str, rows: Vec<ListedContact>) {
    let mut next = northwind();
    next.spec.round = slug.into();
    next.list.accepted = rows;
    round::load(&world.ctx, next, &by()).await.unwrap();
}

async fn by_id(world: &World, id: &ContactId) -> Person {
    contacts::person(&mut world.ctx.db.read().await.unwrap(), id).await.unwrap().unwrap()
}

async fn at_round(world: &World, slug: &str, address: &str) -> Person {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, slug).await.unwrap().unwrap();
    let id = contacts::by_address(&mut tx, &round.id, address).await.unwrap().unwrap();
    contacts::person(&mut tx, &id).await.unwrap().unwrap()
}

async fn corrects(world: &World, contact: &ContactId, change: impl FnOnce(&mut Correction)) -> Result<(), String> {
    let p = by_id(world, contact).await;
    let mut now = Correction {
        first_name: p.first_name,
        last_name: p.last_name,
        email: p.email.as_str().into(),
        job_title: p.job_title,
        role: p.role.as_str().into(),
        reason: "knows better".into(),
    };
    change(&mut now);
    let edit = EditContact { contact: contact.clone(), edit: Edit::Correct(now) };
    world.ctx.order(&by(), edit).await.map_err(|problem| problem.to_string())
}

/// Each by itself: whoever leaves the list by an answer is named beside it.
async fn somebody_else(world: &World, asked: &Changes) {
    for row in &asked.asked {
        let which = Which::Address(EmailAddress::parse(&row.email).unwrap());
        identity::answer(&world.ctx, ROUND, which, Answer::SomebodyElse, &by()).await.unwrap();
    }
}

/// Ben's mailbox is Zoe's from here on. Who they are.
async fn changes_hands(world: &World) -> (ContactId, ContactId) {
    let ben = world.person(BEN).await.id;
    let asked = load(world, with(BEN, None)).await;
    assert_eq!(asked.asked.len(), 1);
    somebody_else(world, &asked).await;
    let zoe = world.person(BEN).await;
    assert_eq!((zoe.first_name.as_str(), zoe.id == ben), ("Zoe", false));
    (ben, zoe.id)
}

/// He is on the list under the address that he has, found by it, and nothing that is meant for him goes to another one.
async fn comes_back(mut world: World, zoe_at: &str, ben_at: &str, edited: bool) {
    world.signed().await;
    load(&world, keyed(|_| {})).await;
    let ben = world.person(BEN).await.id;
    if edited {
        corrects(&world, &ben, |c| c.job_title = "Head of Purchasing".into()).await.unwrap();
    }
    let (ben, zoe) = changes_hands(&world).await;
    load(&world, with(zoe_at, None)).await;
    let changes = load(&world, with(zoe_at, Some(ben_at))).await;
    assert_eq!((changes.asked.len(), changes.added, changes.changed), (0, 0, 1), "{changes:?}");
    let is = by_id(&world, &ben).await;
    assert_eq!((is.removed_at, is.email.as_str()), (None, ben_at));
    assert_eq!((world.person(ben_at).await.id, world.person(zoe_at).await.id), (ben.clone(), zoe.clone()));
    assert_eq!(is.job_title, if edited { "Head of Purchasing" } else { "Einkaufsleiter" }, "a person's word stays");
    assert_eq!(is.edited_at.is_some(), edited);
    let again = load(&world, with(zoe_at, Some(ben_at))).await;
    assert_eq!((again.asked.len(), again.changed, again.added), (0, 0, 0), "{again:?}");
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-10T12:00:00Z").await;
    for (name, address) in [("Ben", ben_at), ("Zoe", zoe_at)] {
        let invitation = world.mail_to(address, "invitation");
        assert!(invitation.text.contains(&format!("Dear {name}")), "{address}: {}", invitation.text);
    }
    world.promises_hold().await;
}

async fn he_comes_back_at_a_new_address(world: World) {
    comes_back(world, BEN, NEW, false).await;
}

async fn he_comes_back_at_a_new_address_after_his_director_has_edited_him(world: World) {
    comes_back(world, BEN, NEW, true).await;
}

async fn he_comes_back_at_his_own_address(world: World) {
    comes_back(world, ELSEWHERE, BEN, false).await;
}

async fn he_comes_back_at_his_own_address_after_his_director_has_edited_him(world: World) {
    comes_back(world, ELSEWHERE, BEN, true).await;
}

async fn he_gets_no_address_of_somebody_else_by_a_correction(mut world: World) {
    world.signed().await;
    load(&world, keyed(|_| {})).await;
    let (ben, _) = changes_hands(&world).await;
    let refused = corrects(&world, &ben, |c| c.job_title = "Buyer".into()).await.unwrap_err();
    assert!(refused.contains("is on the list already: Zoe Zimmer"), "{refused}");
    world.promises_hold().await;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    NeverAgain,
    Complaint,
    Left,
}

/// One mailbox that changes hands.
#[derive(Clone, Debug)]
struct Case {
    kind: Kind,
    /// Said by its former holder before, else by the new one after.
    by_ben: bool,
    /// Taken back for the former holder, else for the new one.
    back_by_ben: bool,
    mailbox: String,
    name: char,
}

impl Case {
    fn all() -> Vec<Case> {
        let mut all = Vec::new();
        for kind in [Kind::NeverAgain, Kind::Complaint, Kind::Left] {
            for (by_ben, back_by_ben) in [(true, true), (true, false), (false, true), (false, false)] {
                let name = char::from(b'a' + all.len() as u8);
                all.push(Case { kind, by_ben, back_by_ben, mailbox: format!("desk.{name}@globex.example"), name });
            }
        }
        all
    }

    fn row(&self, ben: bool, email: &str) -> ListedContact {
        let (first, last) = if ben { ("Ben", "Koch") } else { ("Zoe", "Zimmer") };
        let key = format!("K-{first}-{}", self.name);
        row((first, &format!("{last}{}", self.name), &key), email, 2 + u64::from(self.name as u32))
    }

    fn later(&self, ben: bool) -> String {
        format!("{}.{}@globex.example", if ben { "koch" } else { "zimmer" }, self.name)
    }

    fn is_stopped(&self, p: &Person) -> bool {
        match self.kind {
            Kind::Left => p.left_at.is_some() || p.gone_at.is_some(),
            _ => p.is_opted_out(),
        }
    }

    async fn says(&self, world: &World, contact: &ContactId, mail: &str) {
        let how = "by phone".to_owned();
        match self.kind {
            Kind::NeverAgain => {
                let order = OptOutAsTold { contact: contact.clone(), length: Length::NeverAgain, how };
                assert!(world.ctx.order(&by(), order).await.unwrap());
            }
            Kind::Complaint => world.comes_back(&[complaint(&world.mail_to(&self.mailbox, mail))]).await,
            Kind::Left => {
                let news = News::Left { write_to: Vec::new() };
                world.ctx.order(&by(), HearNews { contact: contact.clone(), news, why: how }).await.unwrap();
            }
        }
    }

    async fn takes_back(&self, world: &World, contact: &ContactId, was_said: bool) {
        let evidence = "by phone".to_owned();
        if self.kind == Kind::Left {
            let order = HearNews { contact: contact.clone(), news: News::Stays, why: evidence };
            return world.ctx.order(&by(), order).await.unwrap();
        }
        let taken = world.ctx.order(&by(), RecordConsent { contact: contact.clone(), evidence }).await;
        assert_eq!(taken.is_ok(), was_said, "{self:?}: {taken:?}");
    }
}

async fn what_was_said_stays_with_whoever_said_it(mut world: World) {
    world.takes_replies();
    let cases = Case::all();
    let rows = |ben: bool| cases.iter().map(|case| case.row(ben, &case.mailbox)).collect::<Vec<_>>();
    loads_round(&world, ROUND, rows(true)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-02T18:00:00Z").await;
    let mut ben = Vec::new();
    for case in &cases {
        ben.push(world.person(&case.mailbox).await.id);
        if case.by_ben {
            case.says(&world, &ben[ben.len() - 1], "warm_up").await;
        }
    }
    let asked = load(&world, rows(false)).await;
    assert_eq!(asked.asked.len(), cases.len());
    somebody_else(&world, &asked).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-09T18:00:00Z").await;
    let mut zoe = Vec::new();
    for case in &cases {
        zoe.push(world.person(&case.mailbox).await.id);
        let to_zoe = world.mail_to(&case.mailbox, "invitation");
        assert!(to_zoe.text.contains("Dear Zoe"), "{case:?}: {}", to_zoe.text);
        if !case.by_ben {
            case.says(&world, &zoe[zoe.len() - 1], "invitation").await;
        }
    }
    for ((case, ben), zoe) in cases.iter().zip(&ben).zip(&zoe) {
        let stopped = [by_id(&world, ben).await, by_id(&world, zoe).await].map(|p| case.is_stopped(&p));
        assert_eq!(stopped, [case.by_ben, !case.by_ben], "{case:?}");
        let taken_back = if case.back_by_ben { ben } else { zoe };
        case.takes_back(&world, taken_back, case.by_ben == case.back_by_ben).await;
        let stopped = [by_id(&world, ben).await, by_id(&world, zoe).await].map(|p| case.is_stopped(&p));
        let expected = [case.by_ben && !case.back_by_ben, !case.by_ben && case.back_by_ben];
        assert_eq!(stopped, expected, "after it was taken back: {case:?}");
    }
    let next = cases.iter().flat_map(|case| [true, false].map(|ben| case.row(ben, &case.later(ben)))).collect();
    loads_round(&world, NEXT, next).await;
    for case in &cases {
        let both = [at_round(&world, NEXT, &case.later(true)).await, at_round(&world, NEXT, &case.later(false)).await];
        let expected = [case.by_ben && !case.back_by_ben, !case.by_ben && case.back_by_ben];
        assert_eq!(both.map(|p| case.is_stopped(&p)), expected, "in the next round: {case:?}");
    }
    world.promises_hold().await;
}

async fn a_mailbox_that_changes_back_is_his_with_what_he_said(mut world: World) {
    world.signed().await;
    load(&world, keyed(|_| {})).await;
    let told = OptOutAsTold { contact: world.person(BEN).await.id, length: Length::NeverAgain, how: "by phone".into() };
    world.ctx.order(&by(), told).await.unwrap();
    let (ben, zoe) = changes_hands(&world).await;
    assert!(!by_id(&world, &zoe).await.is_opted_out(), "she has not said so");
    let asked = load(&world, keyed(|_| {})).await;
    assert_eq!(asked.asked.len(), 1, "{asked:?}");
    somebody_else(&world, &asked).await;
    let back = world.person(BEN).await;
    assert_eq!((back.id == ben, back.is_opted_out()), (true, true), "{back:?}");
    // That somebody else had it once says nothing of a third.
    let third = load(
        &world,
        keyed(|rows| {
            rows.retain(|row| row.email.as_str() != BEN);
            rows.push(row(("Max", "Frey", "K-max"), BEN, 9));
        }),
    )
    .await;
    assert_eq!((third.added, third.asked.len()), (0, 1), "{third:?}");
    world.promises_hold().await;
}

async fn his_links_are_nobodys(mut world: World) {
    world.takes_replies();
    world.signed().await;
    load(&world, keyed(|_| {})).await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    let old = world.mail_to(BEN, "invitation");
    world.begins(&old).await;
    let (ben, zoe) = changes_hands(&world).await;
    let opened = response::open(&world.ctx, &secret_in(&old, "/assessment/")).await.unwrap().unwrap();
    assert!(opened.standing == Standing::ForAnotherAddress && opened.answers.is_empty());
    assert!(world.answers_with(&secret_in(&old, "/assessment/")).await.is_err());
    // Who reads the mailbox by now speaks for herself.
    world.opts_out(&old).await;
    assert!(!by_id(&world, &ben).await.is_opted_out(), "he has not said so");
    assert!(by_id(&world, &zoe).await.objected_at.is_some() && by_id(&world, &zoe).await.is_opted_out());
    loads_round(&world, NEXT, with(ELSEWHERE, Some(NEW))).await;
    assert!(!at_round(&world, NEXT, NEW).await.is_opted_out());
    assert!(at_round(&world, NEXT, ELSEWHERE).await.is_opted_out());
    let page = OptOut { secret: one_click(&old), length: Length::ThisRound, how: "on the page" };
    assert!(world.ctx.order(&Actor::Visitor, page).await.unwrap());
    assert!(!by_id(&world, &ben).await.is_opted_out());
    world.promises_hold().await;
}

async fn what_he_said_comes_back_with_him(mut world: World) {
    world.signed().await;
    load(&world, keyed(|_| {})).await;
    let ben = world.person(BEN).await.id;
    let told = OptOutAsTold { contact: ben.clone(), length: Length::NeverAgain, how: "by phone".into() };
    world.ctx.order(&by(), told).await.unwrap();
    let (_, zoe) = changes_hands(&world).await;
    // Put back where the mailbox is his again.
    corrects(&world, &zoe, |c| c.email = ELSEWHERE.into()).await.unwrap();
    world.ctx.order(&by(), EditContact { contact: ben.clone(), edit: Edit::PutBack }).await.unwrap();
    let (is, her) = (world.person(BEN).await, by_id(&world, &zoe).await);
    assert!(is.id == ben && is.objected_at.is_some());
    assert!(!her.is_opted_out());
    // A new consent ends it, also where he has been without an address.
    world.ctx.order(&by(), RecordConsent { contact: ben.clone(), evidence: "by phone".into() }).await.unwrap();
    assert!(!by_id(&world, &ben).await.is_opted_out());
    loads_round(&world, NEXT, with(ELSEWHERE, Some(NEW))).await;
    assert!(!at_round(&world, NEXT, NEW).await.is_opted_out());
    assert!(!at_round(&world, NEXT, ELSEWHERE).await.is_opted_out());
    world.promises_hold().await;
}

async fn a_round_that_is_over_knows_him_no_more_by_the_mailbox(mut world: World) {
    const BEFORE: &str = "northwind-2026";
    loads_round(&world, BEFORE, keyed(|_| {})).await;
    for order in [RoundOrder::Start, RoundOrder::Close] {
        world.ctx.order(&by(), round::TellRound { slug: BEFORE.into(), order }).await.unwrap();
    }
    let before = at_round(&world, BEFORE, BEN).await;
    let mut tx = world.ctx.db.read().await.unwrap();
    assert_eq!(rounds::by_slug(&mut tx, BEFORE).await.unwrap().unwrap().state, RoundState::Closed);
    drop(tx);
    world.signed().await;
    load(&world, keyed(|_| {})).await;
    let (_, zoe) = changes_hands(&world).await;
    let told = OptOutAsTold { contact: zoe, length: Length::NeverAgain, how: "by phone".into() };
    world.ctx.order(&by(), told).await.unwrap();
    loads_round(&world, NEXT, with(ELSEWHERE, Some(NEW))).await;
    assert!(!at_round(&world, NEXT, NEW).await.is_opted_out(), "he has never said so");
    assert!(at_round(&world, NEXT, ELSEWHERE).await.is_opted_out());
    assert_eq!(by_id(&world, &before.id).await.email.as_str(), BEN, "what was sent then is told as it was");
    world.promises_hold().await;
}
