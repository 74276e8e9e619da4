//! Next year's round from this one: who is on its list with what came of him, who is not and why, and what directors read beside the names.

use std::collections::BTreeMap;

use soundings::intake::folder::RoundFolder;
use soundings::rehearsal::mailbox::ServerFault;
use soundings::rules::completion::Status;
use soundings::rules::contacts::last_time::{COLUMNS, Came};
use soundings::rules::journal::Actor;
use soundings::rules::round::RoundState;
use soundings::steps::contacts::Changes;
use soundings::steps::plan::change::{Change, ChangeRound};
use soundings::steps::repair::resolution::{Resolution, SettleContact};
use soundings::steps::repair::successors::Successor;
use soundings::steps::replies::absence::{self, News};
use soundings::steps::round::making::{self, Made, Pattern};
use soundings::steps::round::next::{self, NOT_CARRIED, NextRound};
use soundings::steps::round::{RoundOrder, TellRound, folder};
use soundings::steps::{completion, response, signoff};
use soundings::store::contacts;
use soundings::store::journal;
use soundings::store::round::rounds;

use crate::common::{
    ANN, BEN, CYD, DEE, DORA, ERIK, OPERATOR, ROUND, SALES_DIRECTOR, UMA, World, northwind_with, secret_in,
};

on_both!(
    who_is_known_goes_along_with_what_came_of_him,
    directors_read_what_is_different_since_last_year,
    a_draft_is_made_of_what_was_shown_once_and_by_an_operator,
    a_round_that_would_open_on_a_holiday_opens_a_week_later,
);

pub const NEXT: &str = "northwind-2028";
const NEW: &str = "ann.leigh@globex.example";
const EVA: &str = "eva.koch@globex.example";

pub fn of_umbra(name: &str) -> String {
    format!("{}@umbra.example", name.to_lowercase())
}

/// Five more at Umbra: never again, this round only, gone, dead address, taken off.
const MORE: [&str; 5] = ["Olive", "Rory", "Gus", "Dan", "Wanda"];

pub fn everybody() -> RoundFolder {
    let row = |name: &&str| {
        format!("Umbra,{name},Stone,{},Buyer,influencer,en,GB,Europe/London,Dora Fields,{DORA},,,no,\n", of_umbra(name))
    };
    let more: String = MORE.iter().map(row).collect();
    northwind_with(&[("Umbra,Uma,", &format!("{more}Umbra,Uma,"))])
}

async fn resolves(world: &World, contact: &str, resolution: Resolution) {
    let order = SettleContact { contact: world.person(contact).await.id, resolution, sure: true };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
}

async fn has_left(world: &World, contact: &str) {
    let news = News::Left { write_to: Vec::new() };
    let order = absence::HearNews { contact: world.person(contact).await.id, news, why: "I have left".into() };
    world.ctx.order(&Actor::Program, order).await.unwrap();
}

/// A whole round in which each of them fares otherwise.
async fn a_round_is_over(world: &mut World) {
    world.load(everybody()).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.removes(DORA, &of_umbra("Wanda")).await;
    world.sign_all(DORA, "sign_off").await;
    world.sign_all(ERIK, "sign_off").await;
    world.work().await;
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    let refuse = |address: String| ServerFault::RefuseRecipient { address, reply: "550 5.1.1 no such user".into() };
    world.mailbox.set_faults(vec![refuse(ANN.into()), refuse(of_umbra("Dan"))]);
    world.pass_to("2027-02-02T12:00:00Z").await;

    resolves(world, ANN, Resolution::Correct { email: NEW.into() }).await;
    has_left(world, BEN).await;
    has_left(world, &of_umbra("Gus")).await;
    let eva = Successor {
        first_name: "Eva".into(),
        last_name: "Koch".into(),
        email: EVA.into(),
        job_title: "Einkaufsleiterin".into(),
        role: String::new(),
    };
    resolves(world, BEN, Resolution::Replace(eva)).await;
    world.pass_to("2027-02-03T12:00:00Z").await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-09T12:00:00Z").await;

    world.answers(&world.mail_to(NEW, "invitation")).await.unwrap();
    world.opts_out(&world.mail_to(&of_umbra("Olive"), "invitation")).await;
    let secret = secret_in(&world.mail_to(&of_umbra("Rory"), "invitation"), "/opt-out/");
    let order = response::OptOut { secret, length: response::Length::ThisRound, how: "the page" };
    assert!(world.ctx.order(&Actor::Visitor, order).await.unwrap());
    // Thursday is the day of the reminders.
    world.pass_to("2027-02-11T23:00:00Z").await;
    world.answers(&world.mail_to(CYD, "reminder")).await.unwrap();
    world.begins(&world.mail_to(DEE, "reminder")).await;
    world.pass_to("2027-03-04T23:00:00Z").await;
    world.order(RoundOrder::Close).await;
}

/// By address: what stands in our columns of the next list, joined.
pub fn said(next: &RoundFolder) -> BTreeMap<String, String> {
    let cell = |more: &BTreeMap<String, String>, header: &str| more.get(header).cloned().unwrap_or_default();
    let rows = next.list.accepted.iter();
    rows.map(|row| (row.email.to_string(), COLUMNS.map(|header| cell(&row.more, header)).join(" | "))).collect()
}

async fn who_is_known_goes_along_with_what_came_of_him(mut world: World) {
    a_round_is_over(&mut world).await;
    let before = completion::status(&world.ctx, ROUND).await.unwrap();
    let next = next::next(&world.ctx, ROUND).await.unwrap();
    assert_eq!((next.slug(), next.accounts(), next.is_there), (NEXT, 3, false));
    let schedule = &next.content.spec.schedule;
    assert_eq!(
        (schedule.opens.to_string().as_str(), schedule.closes.to_string().as_str()),
        ("2028-02-07", "2028-03-03")
    );
    let came = [(Came::Answered, 2), (Came::OptedOut, 1), (Came::Began, 1), (Came::Silent, 2)];
    assert_eq!(next.came, came);
    let told: Vec<String> = next.not_carried.iter().map(|n| format!("{}, {}: {}", n.name, n.account, n.why)).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    for why in [
        "Olive Stone, Umbra: asked never to be written to again",
        "Gus Stone, Umbra: has left, and nobody was named in this place",
        "Dan Stone, Umbra: the address is dead: Failed at the recipient's address: the server answered 550 5.1.1 no such user",
        "Wanda Stone, Umbra: taken off the list: has left",
    ] {
        assert!(told.iter().any(|told| told.starts_with(why)), "{why}: {told:?}");
    }

    let dir = tempfile::tempdir().unwrap();
    next::write(dir.path(), &next).unwrap();
    let beside = std::fs::read_to_string(dir.path().join(NOT_CARRIED)).unwrap();
    assert!(beside.starts_with("account,name,email,why\nUmbra,") && beside.lines().count() == 5, "{beside}");
    let read = folder::read(dir.path()).unwrap();
    assert_eq!(read.list.findings, [], "what is added is no finding");
    let silent = "northwind-2027 | silent |  | ";
    let expected = [
        (NEW, "northwind-2027 | answered | invitation | bounced, then corrected"),
        (EVA, "northwind-2027 | silent |  | in the place of Ben Koch"),
        (CYD, "northwind-2027 | answered | reminder 1 | "),
        (DEE, "northwind-2027 | began and did not finish |  | "),
        (UMA, silent),
        (&of_umbra("Rory"), "northwind-2027 | opted out of that round |  | "),
    ];
    assert_eq!(said(&read), expected.map(|(who, said)| (who.to_owned(), said.to_owned())).into());

    // It is loaded as any folder is, again without a change; and counts by the same rules.
    let loaded = world.load(read.clone()).await;
    assert!(loaded.new && loaded.contacts.added == 6, "{loaded:?}");
    assert_eq!(world.load(read).await.contacts, Changes { unchanged: 6, ..Changes::default() });
    let after = completion::status(&world.ctx, NEXT).await.unwrap();
    assert_eq!((after.individual.listed, after.individual.completed), (6, 0));
    let targets = |s: &Status| s.targets.iter().map(|t| (t.level, t.target.to_string())).collect::<Vec<_>>();
    assert_eq!(targets(&after), targets(&before));
    // A year later the columns are of that year: nothing of the year before is left in them.
    let order = TellRound { slug: NEXT.into(), order: RoundOrder::Start };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
    let then = next::next(&world.ctx, NEXT).await.unwrap();
    let cyd = then.rows.iter().find(|row| row.email.as_str() == CYD).unwrap();
    let cells = BTreeMap::from([(COLUMNS[0], NEXT), (COLUMNS[1], "not invited")]);
    assert_eq!(cyd.more.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<BTreeMap<_, _>>(), cells);
    // What is said after the close counts, too.
    world.opts_out(&world.mail_to(UMA, "invitation")).await;
    let late = next::next(&world.ctx, ROUND).await.unwrap().not_carried;
    assert!(late.iter().any(|n| n.name == "Uma Reid" && n.why == "asked never to be written to again"), "{late:?}");
    world.promises_hold().await;
}

async fn directors_read_what_is_different_since_last_year(mut world: World) {
    a_round_is_over(&mut world).await;
    let first = secret_in(&world.mail_to(DORA, "sign_off"), "/sign-off/");
    let dir = tempfile::tempdir().unwrap();
    next::write(dir.path(), &next::next(&world.ctx, ROUND).await.unwrap()).unwrap();
    let list = dir.path().join("contacts.csv");
    let text = std::fs::read_to_string(&list).unwrap();
    let uma = text.lines().find(|line| line.contains(UMA)).unwrap();
    let nora = uma.replace("Uma,Reid", "Nora,New").replace(UMA, &of_umbra("Nora"));
    // Uma has another job, Nora is new, and Rory writes under another address.
    let text = text.replace("Operations Manager", "Head of Operations").replace(&of_umbra("Rory"), "rory@umbra.test");
    std::fs::write(&list, format!("{text}{nora}\n")).unwrap();
    world.load(folder::read(dir.path()).unwrap()).await;
    world.sleep_until("2028-01-10T10:00:00Z");
    let order = TellRound { slug: NEXT.into(), order: RoundOrder::Start };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
    world.work().await;

    let lines = async |who: &str, language: &str| -> BTreeMap<String, String> {
        let secret = secret_in(&world.mail_to(who, "sign_off"), "/sign-off/");
        let sheet = signoff::sheet(&world.ctx, &secret).await.unwrap().unwrap();
        let (before, names) = (&sheet.before, sheet.accounts.iter().flat_map(|a| &a.names));
        assert!(before.last_year);
        names.map(|p| (p.first_name.clone(), before.people[&p.id].sentence(language, before.last_year))).collect()
    };
    let dora = lines(DORA, "en").await;
    let expected = [
        ("Ann", "Answered last year after the invitation. Has a new address since. As signed last year."),
        ("Eva", "Silent last year. Came in the place of Ben Koch. As signed last year."),
        ("Nora", "Was not on the list last year."),
        ("Rory", "Opted out last year. Has a new address since."),
        ("Uma", "Silent last year."),
    ];
    assert_eq!(dora, expected.map(|(who, line)| (who.to_owned(), line.to_owned())).into());
    let erik = lines(ERIK, "de").await;
    assert_eq!(
        erik["Cyd"],
        "Hat letztes Jahr nach der ersten Erinnerung geantwortet. Wie letztes Jahr unterschrieben."
    );
    assert_eq!(erik["Dee"], "Hat letztes Jahr begonnen und nicht abgeschlossen. Wie letztes Jahr unterschrieben.");
    // The twin: before the first round there was none.
    let first = signoff::sheet(&world.ctx, &first).await.unwrap().unwrap();
    assert!(first.before.people.is_empty() && first.accounts.iter().any(|a| !a.names.is_empty()));
    world.promises_hold().await;
}

pub async fn shown(world: &World) -> NextRound {
    next::next(&world.ctx, ROUND).await.unwrap()
}

async fn a_draft_is_made_of_what_was_shown_once_and_by_an_operator(mut world: World) {
    world.load(everybody()).await;
    let refused = next::next(&world.ctx, ROUND).await.unwrap_err().to_string();
    assert!(refused.contains("has not started") && refused.contains("export northwind-2027"), "{refused}");
    world.order(RoundOrder::Start).await;
    let olga = Actor::operator(OPERATOR);
    let next = shown(&world).await;
    let list = next.folder().unwrap().list;
    for actor in [Actor::Visitor, Actor::Program, Actor::List] {
        assert!(next::make(&world.ctx, &actor, next.clone(), &list).await.is_err(), "{actor:?}");
    }
    assert!(!shown(&world).await.is_there);
    assert_eq!(next::make(&world.ctx, &olga, next.clone(), &list).await.unwrap(), Made::New);
    let listed = async || {
        let mut tx = world.ctx.db.read().await.unwrap();
        let round = rounds::by_slug(&mut tx, NEXT).await.unwrap().unwrap();
        assert_eq!(round.state, RoundState::Draft);
        let entries = journal::of_subject(&mut tx, round.id.as_str()).await.unwrap();
        let made = entries.iter().filter(|e| e.detail == "from round northwind-2027");
        (made.count(), contacts::ids_of_round(&mut tx, &round.id).await.unwrap().len())
    };
    assert_eq!(listed().await, (1, 10));
    // A second press changes nothing; what somebody took off since stays off.
    assert_eq!(next::make(&world.ctx, &olga, next.clone(), &list).await.unwrap(), Made::Before);
    assert_eq!(listed().await, (1, 10));
    assert!(shown(&world).await.is_there);
    let other = Actor::operator("peter@northwind.example");
    let refused = next::make(&world.ctx, &other, next, &list).await.unwrap_err().to_string();
    assert!(refused.contains("There is a round northwind-2028 already."), "{refused}");
    // Whom it lists has changed: what was shown is another.
    let seen = shown(&world).await.version;
    assert_eq!(shown(&world).await.version, seen);
    world.work().await;
    world.removes(DORA, UMA).await;
    assert_ne!(shown(&world).await.version, seen);
    world.promises_hold().await;
}

async fn a_round_that_would_open_on_a_holiday_opens_a_week_later(world: World) {
    world.load(everybody()).await;
    let live = world.ctx.live_by_slug(&mut world.ctx.db.read().await.unwrap(), ROUND).await.unwrap();
    let mut change = Change { spec: live.spec.clone(), words: live.words.clone() };
    // A year later the Friday nearest to it is Good Friday.
    change.spec.schedule.opens = "2027-04-16".parse().unwrap();
    change.spec.schedule.closes = "2027-05-14".parse().unwrap();
    let order = ChangeRound { slug: ROUND.into(), version: live.version, change };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
    let next = making::draft(&world.ctx, Pattern::Earlier(ROUND.into()), "").await.unwrap();
    let schedule = next.spec.schedule;
    assert_eq!(
        (schedule.opens.to_string().as_str(), schedule.closes.to_string().as_str()),
        ("2028-04-21", "2028-05-19")
    );
}
