//! What goes wrong where directors do not sign: a row that cannot be read, addresses that take no mail, lists that come late, settings that
//! name somebody else.

use soundings::base::problem::Kind;
use soundings::intake::folder::RoundFolder;
use soundings::rehearsal::mailbox::ServerFault;
use soundings::rules::journal::Actor;
use soundings::rules::round::WhenNobodySigns;
use soundings::rules::signoff::Standing;
use soundings::rules::signoff::delegation::Why;
use soundings::steps::plan::change::{Change, ChangeRound};
use soundings::steps::signoff;
use soundings::steps::signoff::AskAgainToSign;
use soundings::steps::signoff::asking::absences::NoteAbsence;
use soundings::steps::signoff::asking::unreachable;
use soundings::store::signoff::delegations::Delegation;

use crate::common::reports::{away, report};
use crate::common::{ANN, CYD, DEE, DORA, ERIK, OPERATOR, ROUND, SALES_DIRECTOR, UMA, World, northwind_with};

use super::story_garbage::spoil;
use super::story_ladder::{PAUL, RUTH, asked, begun, request, signer, stand_ins, with_deputy_of};

on_both!(
    a_look_that_fails_leaves_nothing_half_done_and_the_others_are_looked_at,
    a_deputy_who_takes_no_mail_is_as_good_as_none,
    a_deputy_whose_mail_comes_back_days_later_keeps_nobody_from_the_end,
    a_director_who_takes_no_mail_has_his_deputy_asked_at_once,
    a_deputy_whom_the_round_names_no_more_is_dismissed,
    a_list_that_came_late_begins_anew,
    only_who_waits_for_the_level_that_did_not_answer_is_left_out,
    who_is_away_or_has_handed_everything_on_is_not_asked_again,
);

/// Other settings for those who sign.
async fn names(world: &World, directors: Vec<soundings::rules::round::SignerSpec>) {
    let live = world.live().await;
    let mut change = Change { spec: live.spec.clone(), words: live.words.clone() };
    change.spec.signoff.directors = directors;
    let order = ChangeRound { slug: ROUND.into(), version: live.version, change };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
}

fn refuses(world: &World, address: &str) {
    let reply = "550 5.1.1 no such user".into();
    world.mailbox.set_faults(vec![ServerFault::RefuseRecipient { address: address.into(), reply }]);
}

async fn given_to(world: &World, address: &str) -> Vec<Delegation> {
    stand_ins(world).await.into_iter().filter(|d| d.to_email.as_str() == address).collect()
}

async fn not_reached(world: &World, account: &str) -> Vec<(Option<Why>, String)> {
    let (live, account) = (world.live().await, world.account(account).await);
    let mut tx = world.ctx.db.read().await.unwrap();
    let all = unreachable::of_account(&world.ctx, &mut tx, &live, &account).await.unwrap();
    all.into_iter().map(|one| (one.why, one.name)).collect()
}

/// As `with_deputy_of` says, and nobody after the deputy.
fn with_deputy_alone(mut folder: RoundFolder) -> RoundFolder {
    for one in &mut folder.spec.signoff.directors {
        (one.regional_head, one.regional_head_email) = (String::new(), None);
    }
    folder
}

async fn a_look_that_fails_leaves_nothing_half_done_and_the_others_are_looked_at(mut world: World) {
    let mut folder = with_deputy_of(DORA);
    let mut eriks = signer(ERIK);
    (eriks.deputy, eriks.deputy_email) = (eriks.regional_head.clone(), eriks.regional_head_email.clone());
    folder.spec.signoff.directors.push(eriks);
    begun(&mut world, with_deputy_alone(folder)).await;
    world.pass_to("2027-02-04T23:00:00Z").await;
    assert_eq!(stand_ins(&world).await.len(), 0);
    // Globex is looked at first and can be read; of Umbra somebody cannot.
    let uma = world.person(UMA).await.id;
    spoil(&world, &format!("UPDATE contact SET email = 'no address' WHERE id = '{uma}'")).await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert_eq!((given_to(&world, PAUL).await.len(), given_to(&world, RUTH).await.len()), (0, 1));
    assert_eq!(asked(&world, PAUL), 0);
    let told = world.ctx.failures.now(world.now());
    assert!(told.iter().any(|failure| failure.name.contains("look at a request for a signature")), "{told:?}");
    spoil(&world, &format!("UPDATE contact SET email = '{UMA}' WHERE id = '{uma}'")).await;
    world.pass_to("2027-02-05T14:00:00Z").await;
    assert_eq!(
        (given_to(&world, PAUL).await.len(), asked(&world, PAUL)),
        (2, 1),
        "a repaired row is looked at by itself"
    );
    world.promises_hold().await;
}

async fn a_deputy_who_takes_no_mail_is_as_good_as_none(mut world: World) {
    world.takes_replies();
    begun(&mut world, with_deputy_of(DORA)).await;
    refuses(&world, PAUL);
    let reply = away(&world.mail_to(DORA, "sign_off"), DORA, "I am out of the office until Friday 12 February 2027.");
    world.comes_back(&[reply]).await;
    world.work().await;
    // She is away, so nothing comes of her silence; he is not reached, so nothing comes of his.
    assert_eq!((asked(&world, DORA), asked(&world, PAUL), asked(&world, RUTH)), (1, 0, 1));
    let his = given_to(&world, PAUL).await;
    assert!(!his.is_empty());
    assert!(his.iter().all(|d| d.ended_by.as_deref() == Some("the program: the address takes no mail")), "{his:?}");
    assert_eq!(not_reached(&world, "Globex").await, [(Some(Why::Deputy), "Paul Stone".to_string())]);
    // He is not asked a second time, and she signs.
    world.pass_to("2027-02-08T12:00:00Z").await;
    assert_eq!(given_to(&world, PAUL).await.len(), his.len());
    assert_eq!(world.sign_all(RUTH, "sign_off").await, [Standing::Signed, Standing::Signed]);
    world.promises_hold().await;
}

async fn a_deputy_whose_mail_comes_back_days_later_keeps_nobody_from_the_end(mut world: World) {
    world.takes_replies();
    let mut folder = with_deputy_alone(with_deputy_of(DORA));
    folder.spec.signoff.maximum_chases = 3;
    folder.spec.signoff.when_nobody_signs = WhenNobodySigns::LeaveOut;
    begun(&mut world, folder).await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert_eq!((asked(&world, DORA), asked(&world, PAUL)), (4, 1));
    let bounce = report(&world.mail_to(PAUL, "sign_off"), PAUL, "failed", "5.1.1", "550 5.1.1 no such user");
    world.comes_back(&[bounce]).await;
    world.work().await;
    // An operator has it on the reply desk, and on the page of the account.
    assert!(world.made_of_it().await.iter().any(|reply| reply.state == "open"));
    assert_eq!(not_reached(&world, "Umbra").await, [(Some(Why::Deputy), "Paul Stone".to_string())]);
    assert!(world.person(ANN).await.removed_at.is_none());
    world.pass_to("2027-02-12T12:00:00Z").await;
    assert_eq!((asked(&world, DORA), asked(&world, PAUL)), (4, 1));
    assert!(world.person(ANN).await.removed_at.is_some(), "her silence is the last one");
    world.promises_hold().await;
}

async fn a_director_who_takes_no_mail_has_his_deputy_asked_at_once(mut world: World) {
    refuses(&world, DORA);
    begun(&mut world, with_deputy_of(DORA)).await;
    assert_eq!((asked(&world, DORA), asked(&world, PAUL)), (0, 1));
    assert_eq!(not_reached(&world, "Globex").await, [(None, "Dora Fields".to_string())]);
    assert_eq!(not_reached(&world, "Initech").await, []);
    // His silence is what counts then.
    world.pass_to("2027-01-28T12:00:00Z").await;
    assert_eq!((asked(&world, PAUL), asked(&world, RUTH)), (2, 0));
    world.pass_to("2027-02-03T12:00:00Z").await;
    assert!(asked(&world, RUTH) > 0);
    assert_eq!(world.sign_all(PAUL, "sign_off").await, [Standing::Signed, Standing::Signed]);
    world.promises_hold().await;
}

async fn a_deputy_whom_the_round_names_no_more_is_dismissed(mut world: World) {
    begun(&mut world, with_deputy_of(DORA)).await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert_eq!(asked(&world, PAUL), 1);
    let link = world.signing_secret(PAUL, "sign_off").await;
    let mut other = signer(DORA);
    (other.deputy, other.deputy_email) = (std::mem::take(&mut other.regional_head), other.regional_head_email.take());
    names(&world, vec![other]).await;
    world.work().await;
    let his = given_to(&world, PAUL).await;
    assert_eq!(his.len(), 2);
    assert!(his.iter().all(|d| d.ended_by.as_deref() == Some("the program: the round names somebody else")), "{his:?}");
    let sheet = signoff::sheet(&world.ctx, &link).await.unwrap().unwrap();
    assert!(sheet.accounts.is_empty(), "his link signs nothing more");
    // Ruth is the deputy now, and Dora was asked all along: she is asked no more often for it.
    world.pass_to("2027-03-03T12:00:00Z").await;
    assert_eq!((asked(&world, DORA), asked(&world, PAUL), asked(&world, RUTH)), (5, 1, 5));
    world.promises_hold().await;
}

async fn a_list_that_came_late_begins_anew(mut world: World) {
    begun(&mut world, with_deputy_of(DORA)).await;
    world.pass_to("2027-02-04T12:00:00Z").await;
    assert_eq!(asked(&world, DORA), 3);
    let hooli = "Hooli,Hal,Horn,hal.horn@hooli.example,Buyer,influencer,en,GB,Europe/London,Dora Fields";
    let hooli = format!("{hooli},{DORA},,,no,\nUmbra,Uma,");
    let mut later = northwind_with(&[("Umbra,Uma,", &hooli)]);
    later.spec = world.live().await.spec.clone();
    world.load_confirmed(later).await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    // Paul has what has waited long, and Dora the other one alone.
    let hooli = world.account("Hooli").await.id;
    let his = given_to(&world, PAUL).await;
    assert_eq!(his.len(), 2);
    assert!(his.iter().all(|d| d.account_id.as_ref() != Some(&hooli)), "{his:?}");
    assert!(!world.mail_to(PAUL, "sign_off").text.contains("Hooli"));
    world.pass_to("2027-02-24T12:00:00Z").await;
    assert!(
        given_to(&world, PAUL).await.iter().any(|d| d.account_id.as_ref() == Some(&hooli)),
        "it has waited as long"
    );
    world.promises_hold().await;
}

async fn only_who_waits_for_the_level_that_did_not_answer_is_left_out(mut world: World) {
    let mut folder = with_deputy_of(DORA);
    folder.spec.signoff.directors = Vec::new();
    folder.spec.signoff.maximum_chases = 1;
    folder.spec.signoff.when_nobody_signs = WhenNobodySigns::LeaveOut;
    begun(&mut world, folder).await;
    world.sign_all(ERIK, "sign_off").await;
    world.pass_to("2027-01-26T12:00:00Z").await;
    // Cyd waits for Margaret, and Dee for Erik again.
    world.corrects(ERIK, DEE, |c| c.job_title = "Head of Buying".into()).await;
    assert_eq!(world.account("Initech").await.standing, Standing::Unsigned);
    world.pass_to("2027-02-03T12:00:00Z").await;
    assert_eq!(world.person(DEE).await.removed_reason.as_deref(), Some("left out: nobody has signed it"));
    let cyd = world.person(CYD).await;
    assert_eq!((cyd.removed_at, cyd.standing), (None, Standing::CounterSign), "Margaret was hardly asked");
    // What is left waits for her, and she is asked.
    assert_eq!(world.account("Initech").await.standing, Standing::CounterSign);
    world.pass_to("2027-02-03T23:00:00Z").await;
    assert_eq!(world.sign_all(SALES_DIRECTOR, "counter_sign").await, [Standing::Signed]);
    world.promises_hold().await;
}

async fn who_is_away_or_has_handed_everything_on_is_not_asked_again(mut world: World) {
    begun(&mut world, with_deputy_of(DORA)).await;
    let olga = Actor::operator(OPERATOR);
    let again = async |world: &World, who: &str| {
        let request = request(world, who).await.id;
        world.ctx.order(&Actor::operator(OPERATOR), AskAgainToSign { request }).await
    };
    let (dora, until) = (request(&world, DORA).await.id, "2027-01-26".into());
    world.ctx.order(&olga, NoteAbsence { request: dora, until, why: "She called.".into() }).await.unwrap();
    let planned = request(&world, DORA).await.next_ask_at;
    let refused = again(&world, DORA).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Refused);
    assert!(refused.what.contains("Dora Fields is away"), "{refused}");
    assert_eq!(request(&world, DORA).await.next_ask_at, planned);
    // Erik has asked a colleague, who is asked in his place.
    super::story_two_people::hands_on(&world, (ERIK, "sign_off"), None, "2").await;
    world.work().await;
    let refused = again(&world, ERIK).await.unwrap_err();
    assert!(refused.kind == Kind::Refused && refused.what.contains("A colleague of Erik Holm"), "{refused}");
    again(&world, super::story_two_people::CARA).await.unwrap();
    world.work().await;
    assert_eq!((asked(&world, DORA), world.kinds_to(ERIK).iter().filter(|k| *k == "sign_off").count()), (1, 1));
    assert_eq!(asked(&world, super::story_two_people::CARA), 2);
    world.promises_hold().await;
}
