//! A director, or the sales director, asks a colleague to sign for him: the colleague is mailed instead, either signs, and it is on record.

use soundings::base::clock::{MINUTE, SECOND};
use soundings::base::ids::DelegationId;
use soundings::base::problem::{Kind, Result};
use soundings::rehearsal::mailbox::ServerFault;
use soundings::rules::journal::{Action, Actor};
use soundings::rules::message::MessageState;
use soundings::rules::signoff::{SignLevel, Standing};
use soundings::steps::audit::{chain, evidence};
use soundings::steps::signoff::delegating::{Delegate, EndDelegation, NotDelegated};
use soundings::steps::signoff::signing::withdrawing::WithdrawSignature;
use soundings::store::journal;
use soundings::store::signoff as requests;
use soundings::store::signoff::delegations;

use crate::common::{ANN, CYD, DORA, ERIK, MAX, ROUND, SALES_DIRECTOR, World, northwind_with, secret_in};
use crate::story_evidence::{checked, python, said};

on_both!(
    a_colleague_is_mailed_instead_and_either_signs,
    what_is_taken_back_is_asked_of_its_owner_again,
    two_who_ask_each_other_are_both_asked,
    the_sales_director_asks_a_colleague_too,
    only_a_colleague_at_a_known_domain_is_asked_and_no_chain_begins,
    another_director_ends_what_the_former_one_has_given,
    a_signature_of_a_colleague_is_told_and_taken_back_by_either,
    s21_a_link_alone_lets_nobody_else_sign,
    the_evidence_tells_who_was_allowed_to_sign,
    two_who_sign_at_once_sign_once,
    where_a_colleague_takes_no_mail_whoever_asked_him_is_asked_again,
);

const CARA: &str = "cara.lee@northwind.example";

fn later(world: &World, by: i64) {
    world.ctx.clock.turn_to(world.now().plus(by));
}

/// With the number of names typed.
async fn tries(
    world: &World,
    (who, kind): (&str, &str),
    account: Option<&str>,
    email: &str,
    typed: &str,
) -> Result<Result<DelegationId, NotDelegated>> {
    let account = match account {
        Some(name) => Some(world.account(name).await.id),
        None => None,
    };
    let order = Delegate {
        secret: world.signing_secret(who, kind).await,
        account,
        name: " Cara  Lee ".into(),
        email: email.into(),
        typed: typed.into(),
        came_from: "192.0.2.8, Firefox".into(),
    };
    world.ctx.order(&Actor::Visitor, order).await
}

async fn delegates(world: &World, who: (&str, &str), account: Option<&str>, email: &str, typed: &str) -> DelegationId {
    tries(world, who, account, email, typed).await.unwrap().unwrap()
}

async fn refused(world: &World, account: Option<&str>, email: &str, typed: &str) -> NotDelegated {
    tries(world, DORAS, account, email, typed).await.unwrap().unwrap_err()
}

async fn ends(world: &World, (who, kind): (&str, &str), delegation: &DelegationId) -> Result<()> {
    let secret = world.signing_secret(who, kind).await;
    world.ctx.order(&Actor::Visitor, EndDelegation { secret, delegation: delegation.clone() }).await
}

fn asked(world: &World, who: &str, kind: &str) -> usize {
    world.kinds_to(who).iter().filter(|k| *k == kind).count()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const DORAS: (&str, &str) = (DORA, "sign_off");
const ERIKS: (&str, &str) = (ERIK, "sign_off");

async fn a_colleague_is_mailed_instead_and_either_signs(mut world: World) {
    world.started().await;
    delegates(&world, DORAS, Some("Globex"), CARA, "2").await;
    world.work().await;
    // He hears who asks him, and whose it is.
    let mail = world.mail_to(CARA, "sign_off");
    assert_eq!(mail.subject(), "For Dora Fields: 2 names to sign off for Relationship assessment 2027");
    let text = words(&mail.text);
    assert!(text.contains("you are asked by Dora Fields to sign off the names at this account"), "{text}");
    assert!(text.contains("Globex (for Dora Fields, who has asked you): 2 names"), "{text}");
    // She hears at once who may sign, for it may not have been her.
    let notice = world.mail_to(DORA, "receipt");
    assert!(notice.subject().starts_with("Who may sign for you now"), "{}", notice.subject());
    assert!(words(&notice.text).contains("Cara Lee, cara.lee@northwind.example: Globex"), "{}", notice.text);
    secret_in(&notice, "/sign-off/");

    // Both are shown it; she is mailed about the other one alone.
    let names = |sheet: Vec<soundings::steps::signoff::SheetAccount>| -> Vec<String> {
        sheet.into_iter().filter(|a| a.to_sign).map(|a| a.account.name).collect()
    };
    assert_eq!(names(world.sheet(CARA, "sign_off").await), ["Globex"]);
    assert_eq!(names(world.sheet(DORA, "sign_off").await), ["Globex", "Umbra"]);
    world.pass_to("2027-01-29T18:00:00Z").await;
    assert_eq!((asked(&world, DORA, "sign_off"), asked(&world, CARA, "sign_off")), (2, 2));
    let hers = world.mail_to(DORA, "sign_off").text;
    assert!(hers.contains("Umbra") && !hers.contains("Globex"), "{hers}");
    let again = words(&world.mail_to(CARA, "sign_off").text);
    assert!(again.contains("Globex (for Dora Fields, who has asked you): 2 names, asked for since"), "{again}");

    // She signs what she has given away: he is asked no more, and his planned mail goes nowhere.
    let globex = world.sheet(DORA, "sign_off").await.remove(0);
    assert_eq!(world.sign(DORA, "sign_off", &globex, "2").await.unwrap(), Standing::Signed);
    world.pass_to("2027-02-03T18:00:00Z").await;
    assert_eq!(asked(&world, CARA, "sign_off"), 2);
    assert_eq!(world.kinds_to(ANN), ["warm_up"]);

    // And the other way round, with the last of hers.
    delegates(&world, DORAS, None, "max.mann@northwind.example", "1").await;
    world.work().await;
    assert_eq!(world.sign_all(MAX, "sign_off").await, [Standing::Signed]);
    let before = asked(&world, DORA, "sign_off");
    world.pass_to("2027-02-12T18:00:00Z").await;
    assert_eq!(asked(&world, DORA, "sign_off"), before);
    world.promises_hold().await;
}

async fn what_is_taken_back_is_asked_of_its_owner_again(mut world: World) {
    world.started().await;
    let one = delegates(&world, DORAS, None, CARA, "3").await;
    world.work().await;
    let link = world.signing_secret(CARA, "sign_off").await;
    let globex = world.sheet(CARA, "sign_off").await.remove(0);
    assert_eq!(world.sign(CARA, "sign_off", &globex, "2").await.unwrap(), Standing::Signed);
    later(&world, MINUTE);
    for _ in 0..2 {
        ends(&world, DORAS, &one).await.unwrap();
    }
    // What is signed stays, and his link shows nothing more of it.
    assert_eq!(world.account("Globex").await.standing, Standing::Signed);
    let sheet = soundings::steps::signoff::sheet(&world.ctx, &link).await.unwrap().unwrap();
    assert!(sheet.accounts.is_empty());
    let told: Vec<_> = sheet.handed_over.iter().map(|a| (a.name.as_str(), a.director_name.as_str())).collect();
    assert_eq!(told, [("Globex", "Dora Fields"), ("Umbra", "Dora Fields")]);
    // She is asked again by the schedule, and he is not.
    world.pass_to("2027-01-26T18:00:00Z").await;
    assert_eq!((asked(&world, DORA, "sign_off"), asked(&world, CARA, "sign_off")), (1, 1));
    world.pass_to("2027-02-02T18:00:00Z").await;
    assert!(asked(&world, DORA, "sign_off") > 1 && asked(&world, CARA, "sign_off") == 1);
    // He cannot end anything, nor can she what is not hers; ended twice is told once.
    assert_eq!(ends(&world, ERIKS, &one).await.unwrap_err().kind, Kind::NotFound);
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = world.account("Globex").await.round_id;
    let entries = journal::of_round(&mut tx, &round, 1_000).await.unwrap();
    let ended = entries.iter().filter(|e| e.what() == Some(Action::EndedDelegation)).count();
    assert_eq!(ended, 1);
    drop(tx);
    world.promises_hold().await;
}

async fn two_who_ask_each_other_are_both_asked(mut world: World) {
    world.started().await;
    delegates(&world, DORAS, None, ERIK, "3").await;
    delegates(&world, ERIKS, None, &DORA.to_uppercase(), "2").await;
    world.work().await;
    assert_eq!((asked(&world, DORA, "sign_off"), asked(&world, ERIK, "sign_off")), (2, 2));
    let (dora, erik) = (world.mail_to(DORA, "sign_off").text, world.mail_to(ERIK, "sign_off").text);
    assert!(dora.contains("Initech") && !dora.contains("Globex"), "{dora}");
    assert!(erik.contains("Globex") && erik.contains("Umbra") && !erik.contains("Initech"), "{erik}");
    // Each may sign all three; each account is signed once.
    assert_eq!(world.sheet(ERIK, "sign_off").await.len(), 3);
    assert_eq!(world.sign_all(DORA, "sign_off").await.len(), 3);
    assert!(world.sheet(ERIK, "sign_off").await.iter().all(|a| !a.to_sign));
    let before = asked(&world, ERIK, "sign_off");
    world.pass_to("2027-02-05T18:00:00Z").await;
    assert_eq!(asked(&world, ERIK, "sign_off"), before);
    world.promises_hold().await;
}

async fn the_sales_director_asks_a_colleague_too(mut world: World) {
    world.started().await;
    let hers = (SALES_DIRECTOR, "counter_sign");
    world.sign_all(ERIK, "sign_off").await;
    let one = delegates(&world, hers, None, CARA, "2").await;
    world.work().await;
    let mail = world.mail_to(CARA, "counter_sign");
    assert!(mail.subject().starts_with("For Margaret Ellison: 2 names"), "{}", mail.subject());
    assert!(mail.text.contains("for Margaret Ellison, who has asked you"), "{}", mail.text);
    // Instead: she is not mailed.
    world.pass_to("2027-01-26T18:00:00Z").await;
    assert_eq!(asked(&world, SALES_DIRECTOR, "counter_sign"), 0);
    let theirs = (CARA, "counter_sign");
    assert!(matches!(tries(&world, theirs, None, MAX, "2").await.unwrap(), Err(NotDelegated::NotHis)));
    assert_eq!(ends(&world, theirs, &one).await.unwrap_err().kind, Kind::NotFound);
    assert_eq!(world.sign_all(CARA, "counter_sign").await, [Standing::Signed]);
    let mut tx = world.ctx.db.read().await.unwrap();
    let signatures = requests::of_account(&mut tx, &world.account("Initech").await.id).await.unwrap();
    drop(tx);
    let by = format!("Cara Lee <{CARA}> for Margaret Ellison <{SALES_DIRECTOR}>");
    assert_eq!(signatures.last().unwrap().signed_by, by);
    world.receipts_leave().await;
    assert!(words(&world.mail_to(SALES_DIRECTOR, "receipt").text).contains("signed by Cara Lee for you on"));
    world.pass_to("2027-02-03T18:00:00Z").await;
    assert_eq!(world.kinds_to(CYD), ["warm_up"]);
    assert_eq!(asked(&world, SALES_DIRECTOR, "counter_sign"), 0);
    world.promises_hold().await;
}

async fn only_a_colleague_at_a_known_domain_is_asked_and_no_chain_begins(mut world: World) {
    world.started().await;
    for elsewhere in ["cara@globex.example", "cara@mail.northwind.example", "cara@northwind.example.org", "c@gmail.com"]
    {
        assert!(matches!(refused(&world, None, elsewhere, "3").await, NotDelegated::OtherDomain(_)), "{elsewhere}");
    }
    assert!(matches!(refused(&world, None, "cara.lee@", "3").await, NotDelegated::NoAddress(_)));
    assert!(matches!(refused(&world, None, &DORA.to_uppercase(), "3").await, NotDelegated::Himself(_)));
    // Somebody else's account is as unknown as none.
    assert_eq!(tries(&world, DORAS, Some("Initech"), CARA, "2").await.unwrap_err().kind, Kind::NotFound);
    delegates(&world, DORAS, Some("Globex"), CARA, "2").await;
    assert!(matches!(
        refused(&world, Some("Globex"), "Cara.Lee@northwind.example", "2").await,
        NotDelegated::Already(_)
    ));
    let all = delegates(&world, DORAS, None, CARA, "3").await;
    assert!(matches!(refused(&world, Some("Umbra"), CARA, "1").await, NotDelegated::Already(_)));
    world.work().await;
    // No chain: whoever was asked asks nobody.
    for account in [Some("Globex"), None] {
        let chain = tries(&world, (CARA, "sign_off"), account, MAX, "2").await.unwrap();
        assert!(matches!(chain, Err(NotDelegated::NotHis)), "{chain:?}");
    }
    assert_eq!(ends(&world, (CARA, "sign_off"), &all).await.unwrap_err().kind, Kind::NotFound);
    world.sign_all(DORA, "sign_off").await;
    assert!(matches!(refused(&world, None, MAX, "3").await, NotDelegated::NothingWaits));
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = world.account("Globex").await.round_id;
    assert_eq!(delegations::of_round(&mut tx, &round).await.unwrap().len(), 2);
    assert!(world.mails_to(MAX).is_empty());
}

async fn another_director_ends_what_the_former_one_has_given(mut world: World) {
    world.started().await;
    delegates(&world, DORAS, Some("Globex"), CARA, "2").await;
    world.work().await;
    assert_eq!(world.sheet(CARA, "sign_off").await.len(), 1);
    let handed = northwind_with(&[
        ("Europe/Berlin,Dora Fields,dora.fields", "Europe/Berlin,Erik Holm,erik.holm"),
        (
            "Globex,Ann,Lee,ann.lee@globex.example,Head of Quality,influencer,en,GB,Europe/London,Dora Fields,dora.fields",
            "Globex,Ann,Lee,ann.lee@globex.example,Head of Quality,influencer,en,GB,Europe/London,Erik Holm,erik.holm",
        ),
    ]);
    world.load_confirmed(handed).await;
    world.work().await;
    let link = world.signing_secret(CARA, "sign_off").await;
    let sheet = soundings::steps::signoff::sheet(&world.ctx, &link).await.unwrap().unwrap();
    assert!(sheet.accounts.is_empty());
    assert_eq!(sheet.handed_over[0].director_name, "Erik Holm");
    assert!(world.sheet(ERIK, "sign_off").await.iter().any(|a| a.account.name == "Globex" && a.to_sign));
    world.pass_to("2027-02-05T18:00:00Z").await;
    assert!(world.mail_to(ERIK, "sign_off").text.contains("Globex"));
    assert_eq!(asked(&world, CARA, "sign_off"), 1);
    world.promises_hold().await;
}

async fn takes_back(world: &World, who: &str) -> Standing {
    let secret = world.signing_secret(who, "sign_off").await;
    let account = world.account("Globex").await.id;
    world.ctx.order(&Actor::Visitor, WithdrawSignature { secret, account }).await.unwrap()
}

async fn a_signature_of_a_colleague_is_told_and_taken_back_by_either(mut world: World) {
    world.started().await;
    delegates(&world, DORAS, Some("Globex"), CARA, "2").await;
    world.work().await;
    let signs = async |world: &World| {
        let globex = world.sheet(CARA, "sign_off").await.remove(0);
        assert_eq!(world.sign(CARA, "sign_off", &globex, "2").await.unwrap(), Standing::Signed);
    };
    signs(&world).await;
    world.receipts_leave().await;
    let (hers, his) = (world.mail_to(DORA, "receipt"), world.mail_to(CARA, "receipt"));
    assert!(words(&hers.text).contains("Globex: 2 names, signed by Cara Lee for you on"), "{}", hers.text);
    assert!(words(&his.text).contains("Globex: 2 names, signed for Dora Fields on"), "{}", his.text);
    for who in [DORA, CARA] {
        later(&world, SECOND);
        assert_eq!(takes_back(&world, who).await, Standing::Unsigned, "{who}");
        // He is asked, not she.
        let mut tx = world.ctx.db.read().await.unwrap();
        let round = world.account("Globex").await.round_id;
        let of = requests::of_round(&mut tx, &round).await.unwrap();
        assert!(of.iter().any(|r| r.email.as_str() == CARA && r.next_ask_at.is_some()), "{who}");
        drop(tx);
        later(&world, SECOND);
        signs(&world).await;
    }
    // Taken back before the receipts leave: neither of both tells of it.
    world.receipts_leave().await;
    later(&world, SECOND);
    takes_back(&world, CARA).await;
    signs(&world).await;
    let count = [DORA, CARA].map(|who| asked(&world, who, "receipt"));
    later(&world, SECOND);
    takes_back(&world, DORA).await;
    world.receipts_leave().await;
    assert_eq!([DORA, CARA].map(|who| asked(&world, who, "receipt")), count);
    assert!(world.in_state(MessageState::Planned).await.iter().all(|m| m.kind.as_str() != "receipt"));
    world.promises_hold().await;
}

async fn s21_a_link_alone_lets_nobody_else_sign(mut world: World) {
    let mut folder = northwind_with(&[]);
    folder.spec.signoff.human_step_strategic = soundings::rules::round::HumanStep::Code;
    world.load(folder).await;
    world.order(soundings::steps::round::RoundOrder::Start).await;
    world.work().await;
    for (who, account, guesses) in [
        (DORAS, None, ["", "1", "2", "5", "Cara", "123456"]),
        (ERIKS, None, ["", "1", "2", "3", "000000", "123456"]),
        (ERIKS, Some("Initech"), ["", "2", "22", "2 2", "12345", "999999"]),
    ] {
        for typed in guesses {
            let refused = tries(&world, who, account, CARA, typed).await.unwrap().unwrap_err();
            assert!(matches!(refused, NotDelegated::Typed(_)), "{typed}: {refused:?}");
        }
    }
    assert!(world.mails_to(CARA).is_empty());
    // The twin: with the code that was mailed it goes, and the same code signs nothing of a list that did not wait.
    let secret = world.signing_secret(ERIK, "sign_off").await;
    let send = soundings::steps::signoff::signing::human_step::SendCode { secret };
    world.ctx.order(&Actor::Visitor, send).await.unwrap().unwrap();
    world.work().await;
    let mail = world.mail_to(ERIK, "sign_code");
    let code = mail.text.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6).unwrap().to_string();
    // Wrong ones count, for signing and for this alike.
    for _ in 0..4 {
        let wrong: String = code.chars().map(|c| if c == '7' { '3' } else { '7' }).collect();
        tries(&world, ERIKS, None, CARA, &wrong).await.unwrap().unwrap_err();
    }
    delegates(&world, ERIKS, None, CARA, &code).await;
    world.work().await;
    assert_eq!(asked(&world, CARA, "sign_off"), 1);
    // His own code signs; hers does not, and is not mailed to him.
    let initech = world.sheet(CARA, "sign_off").await.remove(0);
    let his = world.signing_secret(CARA, "sign_off").await;
    assert!(world.types(&his, &initech, &code).await.is_err());
    assert_eq!(world.sign(CARA, "sign_off", &initech, "2").await.unwrap(), Standing::CounterSign);
}

type Fraud = Box<dyn Fn(&mut soundings::rules::evidence::Document)>;

async fn the_evidence_tells_who_was_allowed_to_sign(mut world: World) {
    world.started().await;
    let one = delegates(&world, DORAS, Some("Globex"), CARA, "2").await;
    world.work().await;
    let globex = world.sheet(CARA, "sign_off").await.remove(0);
    world.sign(CARA, "sign_off", &globex, "2").await.unwrap();
    later(&world, MINUTE);
    ends(&world, DORAS, &one).await.unwrap();
    delegates(&world, DORAS, None, MAX, "1").await;
    let document = evidence::evidence(&world.ctx, ROUND).await.unwrap();
    let [first, second] = document.delegations.as_slice() else { unreachable!() };
    assert_eq!((first.record.of.as_str(), first.record.to_email.as_str()), (DORA, CARA));
    assert_eq!(first.record.came_from, "192.0.2.8, Firefox");
    assert_eq!(first.record.account, Some(world.account("Globex").await.id));
    assert!(first.ended.as_ref().unwrap().record.by.contains(DORA) && second.ended.is_none());
    let signed = &document.signatures[0].record;
    assert_eq!(signed.level, SignLevel::Director);
    assert_eq!(signed.signed_by, format!("Cara Lee <{CARA}> for Dora Fields <{DORA}>"));
    let file = document.write().text;
    let verdict = checked(&file, None);
    assert_eq!((verdict.found, verdict.delegations), (Vec::new(), 2));
    // The Python of the documents reads it, and finds what was changed.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("evidence.json"), &file).unwrap();
    let Some(ran) = python(folder.path(), &["evidence.json"]) else { return };
    assert!(ran.status.success(), "{}", said(&ran));
    let mut changes: Vec<Fraud> = Vec::new();
    changes.push(Box::new(|d| d.delegations[0].record.to_email = "mallory@northwind.example".into()));
    changes.push(Box::new(|d| {
        let line = &mut d.delegations[0];
        line.record.to_email = "mallory@northwind.example".into();
        line.sha256 = soundings::rules::evidence::digest(&line.record);
    }));
    changes.push(Box::new(|d| d.delegations[0].ended = None));
    changes.push(Box::new(|d| drop(d.delegations.pop())));
    changes.push(Box::new(|d| {
        let end = d.delegations[0].ended.as_mut().unwrap();
        end.record.by = "Mallory".into();
        *end = soundings::rules::evidence::Sealed::of(end.record.clone());
    }));
    for (n, change) in changes.iter().enumerate() {
        let mut changed = document.clone();
        change(&mut changed);
        let file = changed.write().text;
        assert!(!checked(&file, None).found.is_empty(), "change {n}");
        std::fs::write(folder.path().join("changed.json"), &file).unwrap();
        let ran = python(folder.path(), &["changed.json"]).unwrap();
        assert!(!ran.status.success(), "change {n}: {}", said(&ran));
    }
    let doctor = chain::check(&world.ctx, &world.folder.path().join("secret.seen")).await.unwrap();
    assert!(doctor.iter().all(|found| found.ok), "{doctor:?}");
    world.promises_hold().await;
}

async fn two_who_sign_at_once_sign_once(mut world: World) {
    world.started().await;
    delegates(&world, DORAS, Some("Globex"), CARA, "2").await;
    delegates(&world, ERIKS, None, CARA, "2").await;
    world.work().await;
    for (owner, account) in [(DORA, "Globex"), (ERIK, "Initech")] {
        let of = async |who: &str| {
            let sheet = world.sheet(who, "sign_off").await;
            sheet.into_iter().find(|a| a.account.name == account).unwrap()
        };
        let (hers, his) = (of(owner).await, of(CARA).await);
        let names = hers.to_count.to_string();
        let (one, other) = futures_util::future::join(
            world.sign(owner, "sign_off", &hers, &names),
            world.sign(CARA, "sign_off", &his, &names),
        )
        .await;
        assert_eq!(one.unwrap(), other.unwrap());
        let mut tx = world.ctx.db.read().await.unwrap();
        assert_eq!(requests::of_account(&mut tx, &hers.account.id).await.unwrap().len(), 1, "{account}");
    }
    let (given, asked_again) = (asked(&world, CARA, "sign_off"), asked(&world, ERIK, "sign_off"));
    world.pass_to("2027-02-03T18:00:00Z").await;
    assert_eq!((asked(&world, CARA, "sign_off"), asked(&world, ERIK, "sign_off")), (given, asked_again));
    world.promises_hold().await;
}

async fn where_a_colleague_takes_no_mail_whoever_asked_him_is_asked_again(mut world: World) {
    world.started().await;
    let refuses = ServerFault::RefuseRecipient { address: CARA.into(), reply: "550 5.1.1 no such user".into() };
    world.mailbox.set_faults(vec![refuses]);
    let one = delegates(&world, DORAS, None, CARA, "3").await;
    world.work().await;
    let ended = {
        let mut tx = world.ctx.db.read().await.unwrap();
        delegations::by_id(&mut tx, &one).await.unwrap().unwrap()
    };
    assert_eq!(ended.ended_by.as_deref(), Some("the program: the address takes no mail"));
    // She knows nothing of it, so she is asked at once.
    world.pass_to("2027-01-25T16:00:00Z").await;
    assert_eq!(asked(&world, DORA, "sign_off"), 2);
    assert_eq!(world.sign_all(DORA, "sign_off").await, [Standing::Signed, Standing::Signed]);
    world.promises_hold().await;
}
