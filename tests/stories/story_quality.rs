//! What a list is worth beside earlier rounds: who was asked a short while ago, and whom a director left out, with the reason.

use std::collections::BTreeMap;

use soundings::base::address::EmailAddress;
use soundings::base::clock::DAY;
use soundings::intake::folder::RoundFolder;
use soundings::rehearsal::mailbox::Received;
use soundings::rules::contacts::ListedContact;
use soundings::rules::journal::Actor;
use soundings::steps::contacts::accounts::account_questions::{AnswerAboutAccounts, WhichAccounts};
use soundings::steps::contacts::people::identity::Answer;
use soundings::steps::contacts::quality::{GiveReason, of_list, of_round};
use soundings::steps::plan::approval::{self, Approver};
use soundings::steps::response;
use soundings::steps::round::{RoundOrder, TellRound};
use soundings::store::contacts;

use crate::common::{DORA, HEADER, OPERATOR, ROUND, World, crowd, folder, secret_in};

on_both!(
    who_left_out_the_silent_says_why_before_the_round_starts,
    a_round_with_the_same_people_starts_without_a_word,
    who_was_asked_last_month_is_told_beside_the_row_and_not_next_year,
    nobody_is_left_out_who_stands_under_another_name_of_the_account,
);

const NEXT: &str = "northwind-2028";
const CLIENT: &str = "carla@northwind.example";

fn address(n: usize) -> String {
    format!("pat{n:04}@account{:03}.example", n / 10)
}

/// The crowd of the next round, without some of it.
fn next(left_out: &[usize]) -> RoundFolder {
    let everybody = crowd(12).list;
    let mut list = String::from(HEADER);
    for (n, c) in everybody.accepted.iter().enumerate().filter(|(n, _)| !left_out.contains(n)) {
        list.push_str(&format!(
            "{},{},{},{},Buyer,{},en,GB,Europe/London,Dora Fields,{DORA},,,no,{}\n",
            c.account,
            c.first_name,
            c.last_name,
            address(n),
            c.role,
            1000
        ));
    }
    let mut folder = folder(&list);
    folder.spec.round = NEXT.into();
    folder
}

async fn answers(world: &World, mail: &Received, recommend: &str) {
    let secret = secret_in(mail, "/assessment/");
    let fields = BTreeMap::from([("trust".into(), "6".into()), ("recommend".into(), recommend.into())]);
    let language = String::from("en");
    let save = response::SaveAnswers { secret: secret.clone(), fields, language: language.clone() };
    world.ctx.order(&Actor::Visitor, save).await.unwrap();
    world.ctx.order(&Actor::Visitor, response::SendAnswers { secret, language }).await.unwrap();
}

/// Twelve people were asked: two are content, two are not, eight stayed silent.
async fn a_round_is_over(world: &mut World) {
    world.load(crowd(12)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    for (n, recommend) in [(0, "9"), (1, "7"), (2, "6"), (3, "0")] {
        answers(world, &world.mail_to(&address(n), "invitation"), recommend).await;
    }
    world.work().await;
    world.order(RoundOrder::Close).await;
}

async fn starts(world: &World) -> Result<(), String> {
    let order = TellRound { slug: NEXT.into(), order: RoundOrder::Start };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.map_err(|problem| problem.to_string())
}

async fn gives(world: &World, director: &str, reason: &str) -> Result<(), String> {
    let order = GiveReason { slug: NEXT.into(), director: director.into(), reason: reason.into() };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.map_err(|problem| problem.to_string())
}

async fn who_left_out_the_silent_says_why_before_the_round_starts(mut world: World) {
    a_round_is_over(&mut world).await;
    // One content, one who was not, and four silent people.
    let folder = next(&[0, 2, 4, 5, 6, 7]);
    let list = folder.list.clone();
    world.load(folder).await;
    let found = of_round(&world.ctx, NEXT).await.unwrap();
    let dropped = &found.dropped[0];
    let rate = &dropped.rate;
    assert_eq!((rate.director.as_str(), rate.before, rate.dropped, rate.percent), (DORA, 12, 5, 41));
    assert!(rate.reason_wanted && dropped.reason.is_none());
    assert_eq!(
        of_list(&world.ctx, NEXT, &list).await.unwrap().dropped[0].rate,
        *rate,
        "a list says it before it is loaded"
    );
    let refused = starts(&world).await.unwrap_err();
    assert!(
        refused.contains("Dora Fields left out 5 of 12 people of the round before (41 %)")
            && refused.contains(&format!("list reason {NEXT} {DORA}")),
        "{refused}"
    );
    assert!(gives(&world, DORA, "  ").await.unwrap_err().starts_with("The reason is empty."));
    assert!(gives(&world, "nobody@northwind.example", "why").await.unwrap_err().contains(DORA));
    gives(&world, &DORA.to_uppercase(), "The plant in Leeds was closed.").await.unwrap();
    let approver = Approver { name: "Carla Client".into(), email: CLIENT.into() };
    approval::ask(&world.ctx, NEXT, approver, &Actor::operator(OPERATOR)).await.unwrap();
    world.work().await;
    let mail = world.mail_to(CLIENT, "plan_approval");
    let told = "who had scored low or stayed silent. The reason: The plant in Leeds was closed.";
    assert!(mail.text.replace('\n', " ").contains(told), "{}", mail.text);
    starts(&world).await.unwrap();
}

async fn a_round_with_the_same_people_starts_without_a_word(mut world: World) {
    a_round_is_over(&mut world).await;
    // Who is content may go, and so may three others.
    world.load(next(&[0, 1, 2, 4, 5])).await;
    let found = of_round(&world.ctx, NEXT).await.unwrap();
    assert_eq!((found.dropped[0].rate.dropped, found.dropped[0].rate.reason_wanted), (3, false));
    starts(&world).await.unwrap();
}

async fn who_was_asked_last_month_is_told_beside_the_row_and_not_next_year(mut world: World) {
    a_round_is_over(&mut world).await;
    world.load(next(&[])).await;
    let codes = async |world: &World| {
        let mut tx = world.ctx.db.read().await.unwrap();
        let live = world.ctx.live_by_slug(&mut tx, NEXT).await.unwrap();
        let id = contacts::by_address(&mut tx, &live.id, &address(4)).await.unwrap().unwrap();
        contacts::person(&mut tx, &id).await.unwrap().unwrap().findings
    };
    assert!(codes(&world).await.contains("\"asked_recently\""), "{}", codes(&world).await);
    world.ctx.clock.turn_to(world.now().plus(91 * DAY));
    world.load(next(&[])).await;
    assert!(!codes(&world).await.contains("asked_recently"));
    let quality = of_round(&world.ctx, NEXT).await.unwrap().quality;
    let lost: u64 = quality.reasons.iter().map(|r| u64::from(r.points)).sum();
    assert_eq!(u64::from(quality.score) + lost, 100, "{quality:?}");
    assert_eq!((quality.coverage.accounts, quality.accounts.len()), (2, 2));
    assert_eq!(of_round(&world.ctx, ROUND).await.unwrap().dropped.len(), 0, "there is no round before the first");
}

async fn nobody_is_left_out_who_stands_under_another_name_of_the_account(mut world: World) {
    a_round_is_over(&mut world).await;
    let mut folder = next(&[]);
    let usual = folder.list.accepted.clone();
    let jo = ListedContact {
        account: "Account 000 Ltd".into(),
        first_name: "Jo".into(),
        email: EmailAddress::parse("jo@account000.example").unwrap(),
        ..usual[0].clone()
    };
    folder.list.accepted.push(jo);
    let mut list = folder.list.clone();
    world.load(folder).await;
    // The same people by their names alone, all under the other name of the account.
    list.accepted = usual;
    for (n, row) in list.accepted.iter_mut().enumerate() {
        row.email = EmailAddress::parse(&format!("new{n}@elsewhere.example")).unwrap();
        if row.account == "Account 000" {
            row.account = "Account 000 Ltd".into();
        }
    }
    let dropped = async || of_list(&world.ctx, NEXT, &list).await.unwrap().dropped[0].rate.dropped;
    assert!(dropped().await > 0, "two accounts, as far as anybody has said");
    let order = AnswerAboutAccounts { slug: NEXT.into(), which: WhichAccounts::All, answer: Answer::SamePerson };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
    assert_eq!(dropped().await, 0);
    let coverage = of_list(&world.ctx, NEXT, &list).await.unwrap().quality.coverage;
    assert!(coverage.without_anyone.is_empty(), "{:?}", coverage.without_anyone);
}
