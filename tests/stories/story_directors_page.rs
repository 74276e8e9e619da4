//! What a director does to his list beside signing it: found right, replaced, added, taken back, asked.

use soundings::base::clock::SECOND;
use soundings::base::ids::DelegationId;
use soundings::base::problem::Kind;
use soundings::rules::contacts::Role;
use soundings::rules::journal::Actor;
use soundings::rules::signoff::Standing;
use soundings::steps::contacts::opt_out::{Length, OptOutAsTold};
use soundings::steps::repair::successors::Successor;
use soundings::steps::signoff::delegating::{Delegate, EndDelegation};
use soundings::steps::signoff::names::asking_operations::{AskOperations, LONGEST_QUESTION, NotAsked, OPEN_QUESTIONS};
use soundings::steps::signoff::names::editing::{Correction, Edit};
use soundings::steps::signoff::names::{ChangeNames, NameChange, NotDone};
use soundings::store::contacts::Person;
use soundings::store::journal;

use crate::common::{ANN, BEN, CYD, DORA, ERIK, OPERATOR, SALES_DIRECTOR, UMA, World, northwind_with, secret_in};

on_both!(
    a_name_with_a_remark_is_found_right_and_that_is_on_record,
    roles_and_remarks_of_several_names_are_one_change,
    a_former_colleague_learns_of_no_account_that_was_nothing_to_him,
    a_person_who_is_added_waits_for_the_signature_and_gets_the_letters,
    what_cannot_be_added_is_said_and_nothing_is_done,
    a_successor_takes_the_place_and_gives_it_back,
    the_last_change_is_taken_back_and_no_other,
    a_question_reaches_operations_once,
);

type Told = Result<Option<soundings::base::ids::ContactId>, NotDone>;

async fn changes(world: &World, director: &str, account: &str, change: NameChange) -> Told {
    tries(world, director, account, change).await.unwrap()
}

async fn tries(
    world: &World,
    director: &str,
    account: &str,
    change: NameChange,
) -> soundings::base::problem::Result<Told> {
    let secret = secret_in(&world.mail_to(director, "sign_off"), "/sign-off/");
    let account = world.account(account).await.id;
    // Nobody presses twice at one instant.
    world.ctx.clock.turn_to(world.now().plus(SECOND));
    world.ctx.order(&Actor::Visitor, ChangeNames { secret, account, change }).await
}

fn nora(email: &str) -> Successor {
    Successor {
        first_name: "Nora".into(),
        last_name: "Nilsson".into(),
        email: email.into(),
        job_title: "Head of Purchasing".into(),
        role: "key_decision_maker".into(),
    }
}

fn corrected(p: &Person, change: impl FnOnce(&mut Correction)) -> NameChange {
    let mut c = Correction {
        first_name: p.first_name.clone(),
        last_name: p.last_name.clone(),
        email: p.email.as_str().into(),
        job_title: p.job_title.clone(),
        role: p.role.as_str().into(),
        reason: "knows better".into(),
    };
    change(&mut c);
    NameChange::Edit(p.id.clone(), Edit::Correct(c))
}

async fn last_change(world: &World, director: &str, account: &str) -> Option<NameChange> {
    let sheet = world.sheet(director, "sign_off").await;
    let of = sheet.into_iter().find(|a| a.account.name == account).unwrap();
    of.last_change.map(|last| NameChange::TakeBack(last.id))
}

async fn told(world: &World, who: &str) -> Vec<String> {
    let person = world.person(who).await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let all = journal::of_subject(&mut tx, person.id.as_str()).await.unwrap();
    all.into_iter().map(|entry| format!("{}: {}", entry.actor, entry.action)).collect()
}

async fn a_name_with_a_remark_is_found_right_and_that_is_on_record(mut world: World) {
    world.load(northwind_with(&[("ann.lee@globex.example", "ann.lee@gmail.com")])).await;
    world.order(soundings::steps::round::RoundOrder::Start).await;
    world.work().await;
    let ann = world.person("ann.lee@gmail.com").await;
    assert!(ann.findings.contains("private_mailbox"), "{}", ann.findings);
    let right = NameChange::Review { roles: Vec::new(), right: vec![ann.id.clone()] };
    // A name of another account, and another director, are unknown.
    for (director, account) in [(DORA, "Umbra"), (ERIK, "Globex")] {
        assert_eq!(tries(&world, director, account, right.clone()).await.unwrap_err().kind, Kind::NotFound);
    }
    assert_eq!(changes(&world, DORA, "Globex", right.clone()).await, Ok(Some(ann.id.clone())));
    assert_eq!(world.person("ann.lee@gmail.com").await.findings, "[]");
    let record = format!("{DORA}: looked at the remarks on a name and found it right");
    assert_eq!(told(&world, "ann.lee@gmail.com").await.iter().filter(|line| **line == record).count(), 1);
    // Twice is once, and it signs nothing.
    assert_eq!(changes(&world, DORA, "Globex", right).await, Ok(Some(ann.id)));
    assert_eq!(told(&world, "ann.lee@gmail.com").await.iter().filter(|line| **line == record).count(), 1);
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned);
    let back = last_change(&world, DORA, "Globex").await.unwrap();
    assert!(changes(&world, DORA, "Globex", back).await.is_ok());
    assert!(world.person("ann.lee@gmail.com").await.findings.contains("private_mailbox"));
    world.promises_hold().await;
}

async fn roles_and_remarks_of_several_names_are_one_change(mut world: World) {
    world
        .load(northwind_with(&[
            ("ann.lee@globex.example,Head of Quality,influencer", "ann.lee@gmail.com,Head of Quality,"),
            ("Einkaufsleiter,key_decision_maker", "Einkaufsleiter,"),
        ]))
        .await;
    world.order(soundings::steps::round::RoundOrder::Start).await;
    world.work().await;
    let (ann, ben) = (world.person("ann.lee@gmail.com").await, world.person(BEN).await);
    assert_eq!((ann.role, ben.role), (Role::Unknown, Role::Unknown));
    let roles = vec![(ann.id.clone(), Role::Influencer), (ben.id.clone(), Role::KeyDecisionMaker)];
    let review = NameChange::Review { roles: roles.clone(), right: vec![ann.id.clone()] };
    // A name of another account: nothing of it is done.
    let uma = world.person(UMA).await.id;
    let foreign = NameChange::Review { roles: roles.clone(), right: vec![ann.id.clone(), uma] };
    assert_eq!(tries(&world, DORA, "Globex", foreign).await.unwrap_err().kind, Kind::NotFound);
    assert_eq!(world.person(BEN).await.role, Role::Unknown);
    for _ in 0..2 {
        assert_eq!(changes(&world, DORA, "Globex", review.clone()).await, Ok(Some(ben.id.clone())), "twice is once");
        let now = (world.person("ann.lee@gmail.com").await, world.person(BEN).await);
        assert_eq!((now.0.role, now.1.role), (Role::Influencer, Role::KeyDecisionMaker));
        assert_eq!(now.0.findings, "[]");
    }
    let corrected = format!("{DORA}: corrected");
    for who in ["ann.lee@gmail.com", BEN] {
        assert_eq!(told(&world, who).await.iter().filter(|line| **line == corrected).count(), 1, "{who}");
    }
    let back = last_change(&world, DORA, "Globex").await.unwrap();
    for _ in 0..2 {
        assert!(changes(&world, DORA, "Globex", back.clone()).await.is_ok());
        let now = (world.person("ann.lee@gmail.com").await, world.person(BEN).await);
        assert_eq!((now.0.role, now.0.findings), (Role::Unknown, ann.findings.clone()));
        assert_eq!((now.1.role, now.1.findings), (Role::Unknown, ben.findings.clone()));
    }
    assert!(last_change(&world, DORA, "Globex").await.is_none(), "one undo takes all of it back");
    // Of one who has gone meanwhile nothing is chosen, and so of nobody.
    world.removes(DORA, BEN).await;
    assert_eq!(changes(&world, DORA, "Globex", review).await, Err(NotDone::NotOnTheList("Ben Koch".into())));
    assert_eq!(world.person("ann.lee@gmail.com").await.role, Role::Unknown);
    world.promises_hold().await;
}

const CARA: &str = "cara.lee@northwind.example";

/// Asks Cara to sign all accounts of this person.
async fn delegates_all(world: &mut World, (who, kind): (&str, &str), names: &str) -> DelegationId {
    let order = Delegate {
        secret: world.signing_secret(who, kind).await,
        account: None,
        name: "Cara Lee".into(),
        email: CARA.into(),
        typed: names.into(),
        came_from: "192.0.2.8, Firefox".into(),
    };
    let given = world.ctx.order(&Actor::Visitor, order).await.unwrap().unwrap();
    world.work().await;
    given
}

/// Which accounts Cara is shown, and of which she reads that somebody else signs them.
async fn caras(world: &World, kind: &str) -> (Vec<String>, Vec<String>) {
    let secret = world.signing_secret(CARA, kind).await;
    let sheet = soundings::steps::signoff::sheet(&world.ctx, &secret).await.unwrap().unwrap();
    let shown = sheet.accounts.into_iter().map(|a| a.account.name).collect();
    (shown, sheet.handed_over.into_iter().map(|a| a.name).collect())
}

async fn a_former_colleague_learns_of_no_account_that_was_nothing_to_him(mut world: World) {
    const ANNS: &str =
        "Globex,Ann,Lee,ann.lee@globex.example,Head of Quality,influencer,en,GB,Europe/London,Dora Fields,dora.fields";
    let eriks = ANNS.replace("Dora Fields,dora.fields", "Erik Holm,erik.holm");
    let globex_to_erik =
        [("Europe/Berlin,Dora Fields,dora.fields", "Europe/Berlin,Erik Holm,erik.holm"), (ANNS, eriks.as_str())];
    let umbra = "Pacific/Auckland,Dora Fields,dora.fields@northwind.example,,,";
    let (plain, strategic) = (format!("{umbra}no"), format!("{umbra}yes"));
    world.load(northwind_with(&[(&*plain, &*strategic)])).await;
    world.order(soundings::steps::round::RoundOrder::Start).await;
    world.work().await;

    // Umbra waits for its director yet: it is not hers to counter-sign, and was nobody else's.
    world.sign_all(ERIK, "sign_off").await;
    world.work().await;
    let hers = (SALES_DIRECTOR, "counter_sign");
    let given = delegates_all(&mut world, hers, "2").await;
    assert_eq!(caras(&world, "counter_sign").await, (vec!["Initech".to_string()], vec![]));
    let secret = world.signing_secret(SALES_DIRECTOR, "counter_sign").await;
    world.ctx.order(&Actor::Visitor, EndDelegation { secret, delegation: given }).await.unwrap();
    world.ctx.clock.turn_to(world.now().plus(SECOND));
    world.sign_all(DORA, "sign_off").await;
    assert_eq!(caras(&world, "counter_sign").await, (vec![], vec!["Initech".to_string()]));

    // What Dora had before she asked, and what she got after it ended.
    let handed = |more: &[(&str, &str)]| {
        let all: Vec<(&str, &str)> =
            globex_to_erik.iter().copied().chain([(&*plain, &*strategic)]).chain(more.iter().copied()).collect();
        northwind_with(&all)
    };
    world.load_confirmed(handed(&[("Uma,Reid", "Umay,Reid")])).await;
    world.work().await;
    world.ctx.clock.turn_to(world.now().plus(SECOND));
    let given = delegates_all(&mut world, (DORA, "sign_off"), "1").await;
    assert_eq!(caras(&world, "sign_off").await, (vec!["Umbra".to_string()], vec![]));
    world.ctx.clock.turn_to(world.now().plus(SECOND));
    let secret = world.signing_secret(DORA, "sign_off").await;
    world.ctx.order(&Actor::Visitor, EndDelegation { secret, delegation: given }).await.unwrap();
    world.ctx.clock.turn_to(world.now().plus(SECOND));
    let vandelay = "Vandelay,Val,Art,val.art@vandelay.example,Buyer,influencer,en,GB,Europe/London,Dora Fields,\
        dora.fields@northwind.example,,,no,\nUmbra,Umay,Reid";
    let later = [("Uma,Reid", "Umay,Reid"), ("Umbra,Umay,Reid", vandelay)];
    world
        .load_confirmed(handed(&[
            later[0],
            later[1],
            ("New_York,Erik Holm,erik.holm", "New_York,Dora Fields,dora.fields"),
        ]))
        .await;
    assert_eq!(world.account("Initech").await.director_email.as_str(), DORA);
    assert_eq!(world.account("Vandelay").await.director_email.as_str(), DORA);
    assert_eq!(caras(&world, "sign_off").await, (vec![], vec!["Umbra".to_string()]));
    world.promises_hold().await;
}

async fn a_person_who_is_added_waits_for_the_signature_and_gets_the_letters(mut world: World) {
    world.signed().await;
    assert_eq!(world.account("Globex").await.standing, Standing::Signed);
    let add = NameChange::Add(nora("nora.nilsson@globex.example"));
    let id = changes(&world, DORA, "Globex", add.clone()).await.unwrap();
    let nora = world.person("nora.nilsson@globex.example").await;
    assert_eq!((Some(nora.id.clone()), nora.language.as_str(), nora.country.as_str()), (id.clone(), "en", "GB"));
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned);
    assert_eq!(changes(&world, DORA, "Globex", add).await, Ok(id), "twice is once");
    assert_eq!(world.account("Globex").await.listed, 3);
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-02T18:00:00Z").await;
    assert_eq!(world.kinds_to("nora.nilsson@globex.example").len(), 1, "the letter that announces it");
    assert!(told(&world, "nora.nilsson@globex.example").await.contains(&format!("{DORA}: put on the list")));
    world.promises_hold().await;
}

async fn what_cannot_be_added_is_said_and_nothing_is_done(mut world: World) {
    world.started().await;
    let uma = world.person(UMA).await;
    let never = OptOutAsTold { contact: uma.id.clone(), length: Length::NeverAgain, how: "asked by telephone".into() };
    world.ctx.order(&Actor::operator(OPERATOR), never).await.unwrap();
    world.removes(DORA, BEN).await;
    let listed = world.account("Globex").await.listed;
    let with = |change: fn(&mut Successor)| {
        let mut s = nora("nora.nilsson@globex.example");
        change(&mut s);
        NameChange::Add(s)
    };
    let globex = |who: &str| Some((who.to_string(), "Globex".to_string()));
    for (change, why) in [
        (with(|s| (s.first_name, s.last_name) = (String::new(), " ".into())), NotDone::NoName),
        (with(|s| s.email = "nora@".into()), NotDone::NoAddress("nora@".into())),
        (with(|s| s.email = ANN.into()), NotDone::OnTheList { email: ANN.into(), who: globex("Ann Lee") }),
        (with(|s| s.email = BEN.into()), NotDone::TakenOff { email: BEN.into(), who: globex("Ben Koch") }),
        // Of somebody else's account a director learns no name.
        (with(|s| s.email = CYD.into()), NotDone::OnTheList { email: CYD.into(), who: None }),
        (with(|s| s.job_title = "x".repeat(201)), NotDone::TooLong(201)),
    ] {
        assert_eq!(changes(&world, DORA, "Globex", change).await, Err(why));
    }
    assert_eq!(world.account("Globex").await.listed, listed);
    let ann = world.person(ANN).await;
    let same = changes(&world, DORA, "Globex", corrected(&ann, |c| c.email = UMA.into())).await;
    assert_eq!(same, Err(NotDone::OnTheList { email: UMA.into(), who: Some(("Uma Reid".into(), "Umbra".into())) }));
    // Never again holds for the address, also when nobody stands under it any more.
    assert!(changes(&world, DORA, "Umbra", corrected(&uma, |c| c.email = "uma.2@umbra.example".into())).await.is_ok());
    assert_eq!(
        changes(&world, DORA, "Globex", with(|s| s.email = UMA.into())).await,
        Err(NotDone::Objected(UMA.into()))
    );
    assert_eq!(changes(&world, DORA, "Globex", corrected(&ann, |_| ())).await, Err(NotDone::NothingDiffers));
    world.promises_hold().await;
}

async fn a_successor_takes_the_place_and_gives_it_back(mut world: World) {
    world.started().await;
    let ben = world.person(BEN).await;
    let replace = NameChange::Replace(ben.id.clone(), nora("nora.nilsson@globex.example"));
    let id = changes(&world, DORA, "Globex", replace.clone()).await.unwrap();
    let nora = world.person("nora.nilsson@globex.example").await;
    assert_eq!((Some(nora.id.clone()), nora.replaces.as_ref()), (id.clone(), Some(&ben.id)));
    assert!(world.person(BEN).await.removed_at.is_some());
    assert_eq!(changes(&world, DORA, "Globex", replace).await, Ok(id), "twice is once");
    let back = last_change(&world, DORA, "Globex").await.unwrap();
    assert!(changes(&world, DORA, "Globex", back.clone()).await.is_ok());
    assert!(world.person(BEN).await.removed_at.is_none());
    assert!(world.person("nora.nilsson@globex.example").await.removed_at.is_some());
    assert!(changes(&world, DORA, "Globex", back).await.is_ok(), "twice is once");
    assert_eq!(world.account("Globex").await.listed, 2);
    world.sign_all(DORA, "sign_off").await;
    assert_eq!(world.account("Globex").await.standing, Standing::Signed);
    world.promises_hold().await;
}

async fn the_last_change_is_taken_back_and_no_other(mut world: World) {
    world.signed().await;
    world.receipts_leave().await;
    let ann = world.person(ANN).await;
    assert!(last_change(&world, DORA, "Globex").await.is_none());
    let change = corrected(&ann, |c| (c.last_name, c.email) = ("Leigh".into(), "ann.leigh@globex.example".into()));
    assert!(changes(&world, DORA, "Globex", change.clone()).await.is_ok());
    assert!(changes(&world, DORA, "Globex", change).await.is_ok(), "twice is once");
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned);
    let first = last_change(&world, DORA, "Globex").await.unwrap();
    // Taken back, the list is as it was signed.
    assert!(changes(&world, DORA, "Globex", first.clone()).await.is_ok());
    let now = world.person(ANN).await;
    assert_eq!((now.id, now.last_name, now.findings), (ann.id.clone(), ann.last_name.clone(), ann.findings.clone()));
    assert_eq!(world.account("Globex").await.standing, Standing::Signed);
    assert!(last_change(&world, DORA, "Globex").await.is_none());
    // Of two changes the later one; what somebody has changed since stays.
    let remove = NameChange::Edit(ann.id.clone(), Edit::Remove { reason: "Left the company".into() });
    assert!(changes(&world, DORA, "Globex", remove).await.is_ok());
    let removed = last_change(&world, DORA, "Globex").await.unwrap();
    let ben = world.person(BEN).await;
    assert!(changes(&world, DORA, "Globex", corrected(&ben, |c| c.job_title = "Buyer".into())).await.is_ok());
    assert_eq!(changes(&world, DORA, "Globex", removed).await, Err(NotDone::NothingToTakeBack));
    let corrected_ben = last_change(&world, DORA, "Globex").await.unwrap();
    let edit = soundings::steps::signoff::names::editing::EditContact {
        contact: ben.id.clone(),
        edit: Edit::Correct(Correction {
            first_name: "Benno".into(),
            last_name: "Koch".into(),
            email: BEN.into(),
            job_title: "Buyer".into(),
            role: "influencer".into(),
            reason: "by telephone".into(),
        }),
    };
    world.ctx.order(&Actor::operator(OPERATOR), edit).await.unwrap();
    assert_eq!(changes(&world, DORA, "Globex", corrected_ben).await, Err(NotDone::NothingToTakeBack));
    // Nor is what was signed.
    world.sign_all(DORA, "sign_off").await;
    assert!(last_change(&world, DORA, "Globex").await.is_none());
    world.promises_hold().await;
}

async fn a_question_reaches_operations_once(mut world: World) {
    world.started().await;
    let secret = secret_in(&world.mail_to(DORA, "sign_off"), "/sign-off/");
    let account = world.account("Globex").await.id;
    let ask = async |words: &str| {
        let (secret, account) = (secret.clone(), account.clone());
        let order = AskOperations { secret, account, topic: "A name on the list", words: words.into() };
        world.ctx.order(&Actor::Visitor, order).await.unwrap()
    };
    assert_eq!(ask(" \r\n\u{7}").await, Err(NotAsked::Nothing));
    assert_eq!(ask(&"x".repeat(LONGEST_QUESTION + 1)).await, Err(NotAsked::TooLong(LONGEST_QUESTION + 1)));
    for _ in 0..2 {
        assert_eq!(ask("Is Ben still there?\r\n\u{1b}He moved.").await, Ok(()));
    }
    let desk = world.made_of_it().await;
    assert_eq!(desk.len(), 1, "asked twice, it lies there once");
    let told = (desk[0].from_email.as_str(), desk[0].subject.as_str(), desk[0].words.as_str());
    assert_eq!(told, (DORA, "Question about Globex: A name on the list", "Is Ben still there?\nHe moved."));
    for n in 1..OPEN_QUESTIONS {
        assert_eq!(ask(&format!("And {n}?")).await, Ok(()));
    }
    assert_eq!(ask("One more?").await, Err(NotAsked::TooMany));
    // Somebody else's account is unknown.
    let initech = world.account("Initech").await.id;
    let order = AskOperations { secret: secret.clone(), account: initech, topic: "x", words: "?".into() };
    assert_eq!(world.ctx.order(&Actor::Visitor, order).await.unwrap_err().kind, Kind::NotFound);
    world.promises_hold().await;
}
