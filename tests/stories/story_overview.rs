//! The overview of a round: where it goes, what is missing in names, who is silent; and what came of the client's last round.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use soundings::base::address::EmailAddress;
use soundings::rules::calling::Outcome;
use soundings::rules::journal::Actor;
use soundings::rules::round::{Level, RoundState, Target};
use soundings::steps::calling::RecordCall;
use soundings::steps::completion::missing::Missing;
use soundings::steps::completion::{last_year, missing, outlook};
use soundings::steps::installation::operators;
use soundings::steps::round::RoundOrder;
use soundings::store::contacts::search::{self, Search};
use soundings::web::{Web, router};
use tower::ServiceExt;

use crate::common::{
    ANN, BEN, CYD, DEE, DORA, ERIK, HEADER, OPERATOR, ROUND, SALES_DIRECTOR, UMA, World, folder, northwind,
};

on_both!(
    the_overview_says_where_the_round_goes_and_from_whom_an_answer_is_easiest,
    nobody_is_named_or_counted_who_may_not_be_asked,
    a_dear_account_with_few_left_is_among_those_with_the_most_to_gain,
    a_round_that_follows_has_the_curve_of_the_one_before,
);

const NBSP: &str = "\u{a0}";

async fn page(world: &World, path: &str, cookie: &str) -> String {
    let request = Request::builder().uri(path).header("host", "soundings.northwind.example").header("cookie", cookie);
    let answer = router(Web::new(world.ctx.clone(), 0)).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

/// The cookie of an operator who is logged in.
async fn logged_in(world: &World) -> String {
    let email = EmailAddress::parse(OPERATOR).unwrap();
    let by = Actor::operator("test");
    // There already at the second time.
    let _ = world.ctx.order(&by, operators::AddOperator { email: email.clone() }).await;
    let link = world.ctx.order(&Actor::CommandLine, operators::IssueLink { email }).await.unwrap().unwrap();
    let secret = link.rsplit('/').next().unwrap().to_string();
    let log_in = operators::LogIn { secret, came_from: String::new() };
    format!("__Host-soundings={}", world.ctx.order(&Actor::Visitor, log_in).await.unwrap())
}

/// Half of the contacts, and nine accounts of ten.
async fn started(world: &mut World) {
    let mut round = northwind();
    let target = |level, target| Target { level, target };
    round.spec.targets = vec![target(Level::Individual, 0.5), target(Level::Accounts, 0.9)];
    world.load(round).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.sign_all(ERIK, "sign_off").await;
    world.work().await;
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    world.work().await;
}

async fn the_overview_says_where_the_round_goes_and_from_whom_an_answer_is_easiest(mut world: World) {
    started(&mut world).await;
    let overview = format!("/rounds/{ROUND}");
    let before = page(&world, &overview, &logged_in(&world).await).await;
    assert!(before.contains("1 not asked") && before.contains("nobody is invited yet"), "{before}");
    // Places of what comes later: an open page puts it there.
    for place in ["course-place", "missing", "silent", "directors"] {
        assert!(before.contains(&format!("<div data-live=\"{place}\"></div>")), "{place}: {before}");
    }
    assert!(!before.contains("<svg class=\"chart") && !before.contains("id=\"missing\""), "{before}");

    // Monday is a holiday in Auckland, and Tuesday begins there on London's Monday.
    world.pass_to("2027-02-08T22:00:00Z").await;
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    world.begins(&world.mail_to(BEN, "invitation")).await;
    world.begins(&world.mail_to(CYD, "invitation")).await;
    world.work().await;
    let cookie = logged_in(&world).await;
    let told = page(&world, &overview, &cookie).await;
    for said in [
        // The drawing, once for desks and once for phones, and its numbers.
        "<svg class=\"chart on-desks\"".to_string(),
        "<svg class=\"chart on-phones\"".into(),
        format!(">target 50{NBSP}%</text>"),
        "class=\"to-come\"".into(),
        format!("<th scope=\"row\">Mon 8 Feb</th><td class=\"n\">1</td><td class=\"n\">20{NBSP}%</td>"),
        "<td>invitation to 5</td>".into(),
        "Answers so far</th>".into(),
        "<td class=\"n\">expected ".into(),
        // What will come.
        "of contacts by Fri 5 Mar if nothing changes.".into(),
        "Of accounts it goes to ".into(),
        "One more reminder, on Mon 15 Feb, would add ".into(),
        // What is missing.
        format!("<h3>2 answers in 2 accounts reach 50{NBSP}%.</h3>"),
        format!("<a href=\"{overview}/contacts?stage=not_finished\">2 people have begun</a> "),
        "and not finished, those of silent accounts first:".into(),
        format!("<h3>An answer at 2 more accounts reaches 90{NBSP}% of accounts.</h3>"),
        "At 1 account somebody has begun:".into(),
        "2 people, 1 of them has begun".into(),
        // By revenue: Umbra's is not known.
        "of the yearly revenue of the accounts invited (100,000 of 1,000,000)".into(),
        "1 account has no revenue on the list and is not in it.".into(),
        "2 silent accounts</h2>".into(),
    ] {
        assert!(told.contains(&said), "{said}: {told}");
    }
    assert!(!told.contains("Ten calls"), "ten people are not open any more");
    // Strategic, then by revenue; whoever has begun at a silent account before who has begun at another.
    for (from, until, names) in [
        ("data-live=\"heat\"", "</tbody>", &["Initech", "Globex", "Umbra"][..]),
        ("data-live=\"missing\"", "</ul>", &["Cyd Moor", "Ben Koch"][..]),
        ("<h3>An answer at", "</ul>", &["Initech", "Umbra"][..]),
        ("data-live=\"silent\"", "</tbody>", &["Initech", "Umbra"][..]),
        ("data-live=\"directors\"", "</tbody>", &["Erik Holm", "Dora Fields"][..]),
    ] {
        let part = told.split(from).nth(1).unwrap().split(until).next().unwrap();
        let places: Vec<_> = names.iter().map(|name| part.find(&format!("<bdi>{name}</bdi>"))).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{from}: {places:?}: {part}");
    }
    let heat = told.split("data-live=\"heat\"").nth(1).unwrap().split("</tbody>").next().unwrap();
    let globex = heat.split("<bdi>Globex</bdi>").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(globex.contains("<td class=\"none\">") && globex.contains("<td class=\"all\">"), "{globex}");
    assert!(globex.contains("<span class=\"muted\">nobody</span>"), "{globex}");

    // The same from the database.
    let live = world.live().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let found = missing::of_round(&mut tx, &live, world.now()).await.unwrap();
    let silent: Vec<(&str, i64)> = found.silent.iter().map(|of| (of.account.name.as_str(), of.begun)).collect();
    assert_eq!(silent, [("Initech", 1), ("Umbra", 0)]);
    let read = outlook::read(&world.ctx, &mut tx, &live).await.unwrap();
    let ahead = outlook::worked_out(&world.ctx, &live, read).await;
    let (people, accounts) = (ahead.ahead.unwrap().course, ahead.of_accounts.unwrap().course);
    assert_eq!((people.reachable, people.answers), (5, vec![1]));
    assert_eq!((accounts.reachable, accounts.answers), (3, vec![1]));
    drop(tx);

    world.order(RoundOrder::Pause).await;
    let paused = page(&world, &overview, &cookie).await;
    assert!(!paused.contains("runs by itself") && paused.contains("they wait while the round is paused"), "{paused}");
    assert!(!paused.contains("One more reminder"), "{paused}");
    world.order(RoundOrder::Close).await;
    let closed = page(&world, &overview, &cookie).await;
    assert!(closed.contains("<td>not before the close</td>") && !closed.contains("Goes to"), "{closed}");
    // Nothing reaches a target any more: what is said is how it went.
    let short = ["2 answers short</a>", "2 accounts short</a>", "How it went</h2>", "Did not answer</th>"];
    for said in short {
        assert!(closed.contains(said), "{said}: {closed}");
    }
    // Each number leads to those whom it counts.
    for place in [
        "accounts?sort=rate\">33",
        "accounts?sort=revenue\">",
        "accounts?director=erik.holm%40northwind.example\"",
        "contacts?stage=reachable&#38;role=influencer\"",
    ] {
        assert!(closed.contains(&format!("<a href=\"{overview}/{place}")), "{place}: {closed}");
    }
    for unsaid in ["to go</a>", "Where it goes", "Could answer", "<ul class=\"near\">", "is easiest", "more for"] {
        assert!(!closed.contains(unsaid), "{unsaid}: {closed}");
    }
    assert!(!closed.contains(&format!("reach 50{NBSP}%")) && !closed.contains("An answer at"), "{closed}");
    world.promises_hold().await;
}

async fn called(world: &World, who: &str, outcome: Outcome, day: Option<&str>) {
    let (contact, day) = (world.person(who).await.id, day.map(|day| day.parse().unwrap()));
    let call = RecordCall { contact, outcome, day, note: String::new(), known: 9 };
    world.ctx.order(&Actor::operator(OPERATOR), call).await.unwrap();
}

async fn found(world: &World) -> Missing {
    let live = world.live().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let found = missing::of_round(&mut tx, &live, world.now()).await.unwrap();
    let stage = Search { stage: "not_finished".into(), ..Search::default() };
    let listed = search::count(&mut tx, &live.id, &stage, 50).await.unwrap();
    assert_eq!(found.have_begun, listed, "the number and the list behind it");
    found
}

/// Accounts, and of some of them what is told in numbers.
type Told<'a> = (Vec<&'a str>, Vec<(&'a str, i64, i64, i64)>);

/// Who is named, by last name; each silent account with its people, those who have begun and those who may be asked now.
fn told(found: &Missing) -> Told<'_> {
    let mut named: Vec<&str> = found.begun.iter().map(|p| p.last_name.as_str()).collect();
    named.sort_unstable();
    (named, found.silent.iter().map(|of| (of.account.name.as_str(), of.people, of.begun, of.now)).collect())
}

async fn nobody_is_named_or_counted_who_may_not_be_asked(mut world: World) {
    started(&mut world).await;
    world.pass_to("2027-02-08T22:00:00Z").await;
    for who in [ANN, BEN, CYD] {
        world.begins(&world.mail_to(who, "invitation")).await;
    }
    world.opts_out(&world.mail_to(UMA, "invitation")).await;
    let before = found(&world).await;
    let all = vec![("Initech", 2, 1, 2), ("Globex", 2, 2, 2)];
    assert_eq!((told(&before), before.have_begun), ((vec!["Koch", "Lee", "Moor"], all), 3));
    assert!(before.are_all_silent, "nobody is left at Umbra");
    // No reminders any more; away until another day.
    called(&world, CYD, Outcome::NotChased, None).await;
    called(&world, BEN, Outcome::OnLeave, Some("2027-02-17")).await;
    let then = found(&world).await;
    let two = vec![("Globex", 2, 2, 1), ("Initech", 1, 0, 1)];
    assert_eq!((told(&then), then.have_begun), ((vec!["Lee"], two), 2));
    world.opts_out(&world.mail_to(ANN, "invitation")).await;
    let (overview, cookie) = (format!("/rounds/{ROUND}"), logged_in(&world).await);
    let shown = page(&world, &overview, &cookie).await;
    for said in [
        "1 person has begun</a> and not finished, and cannot be asked today; an answer at a silent account counts twice:",
        "3 silent accounts</h2>",
        "At 1 of them nobody can be asked any more.",
        "And 1 more</a>",
        "accounts?show=silent",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert!(!shown.contains("<bdi>Cyd Moor</bdi>") && !shown.contains("<bdi>Ann Lee</bdi>"), "{shown}");
    // Nobody at all: no list without rows, and nothing that leads to one.
    for who in [BEN, DEE] {
        world.opts_out(&world.mail_to(who, "invitation")).await;
    }
    assert_eq!(told(&found(&world).await), (vec![], vec![]));
    let empty = page(&world, &overview, &cookie).await;
    for said in [
        "Nobody who may be asked has begun without finishing.",
        "Nobody there can be asked any more.",
        "see who is to be repaired",
    ] {
        assert!(empty.contains(said), "{said}: {empty}");
    }
    assert!(!empty.contains("<ul class=\"near\">") && !empty.contains("aria-label=\"Silent accounts\""), "{empty}");
    assert!(!empty.contains("counts twice"), "{empty}");
    world.promises_hold().await;
}

async fn a_dear_account_with_few_left_is_among_those_with_the_most_to_gain(mut world: World) {
    let mut list = String::from(HEADER);
    // More accounts than are looked at have more people left than the dear one.
    for n in 0..204 {
        let (account, revenue) = (n / 2, if n < 202 { 10 } else { 9_000_000 });
        list.push_str(&format!(
            "Account {account:03},Pat,Number{n:04},pat{n:04}@account{account:03}.example,Buyer,influencer,en,GB,Europe/London,\
             Dora Fields,{DORA},,,no,{revenue}\n"
        ));
    }
    world.load(folder(&list)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-08T22:00:00Z").await;
    world.answers(&world.mail_to("pat0202@account101.example", "invitation")).await.unwrap();
    let found = found(&world).await;
    let first = &found.accounts[0].account;
    assert_eq!((first.name.as_str(), first.completed, first.reachable), ("Account 101", 1, 2));
    assert_eq!(found.accounts.len(), missing::BY_ROLE);
    // Who opts out after the answer leaves everybody else to be written to.
    world.opts_out(&world.mail_to("pat0202@account101.example", "invitation")).await;
    let live = world.live().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let read = outlook::read(&world.ctx, &mut tx, &live).await.unwrap();
    let ahead = outlook::worked_out(&world.ctx, &live, read).await.ahead.unwrap();
    assert!((ahead.open - 1.0).abs() < 1e-9, "{}", ahead.open);
}

async fn a_round_that_follows_has_the_curve_of_the_one_before(mut world: World) {
    started(&mut world).await;
    let curve = async |world: &World, slug: &str| {
        let mut tx = world.ctx.db.read().await.unwrap();
        let live = world.ctx.live_by_slug(&mut tx, slug).await.unwrap();
        last_year::of_round(&world.ctx, &mut tx, &live).await.unwrap()
    };
    assert_eq!(curve(&world, ROUND).await, None, "the client has had no round before");
    world.pass_to("2027-02-09T18:00:00Z").await;
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    world.pass_to("2027-02-10T18:00:00Z").await;
    let mut next = northwind();
    next.spec.round = "northwind-2028".into();
    next.spec.schedule.opens = "2028-02-07".parse().unwrap();
    next.spec.schedule.closes = "2028-03-03".parse().unwrap();
    world.load(next).await;
    assert_eq!(curve(&world, "northwind-2028").await, None, "a round that goes on is nobody's last year");
    world.order(RoundOrder::Close).await;
    assert_eq!(world.live().await.state, RoundState::Closed);
    let found = curve(&world, "northwind-2028").await.unwrap();
    assert_eq!((found.slug.as_str(), found.called.as_str()), (ROUND, "2027"));
    // Auckland's Monday begins on London's Sunday.
    let (first, last) = (found.days[0], found.days[found.days.len() - 1]);
    assert_eq!((first, last.1), ((0, 0.0), 0.2));
    assert!(found.days.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0 && pair[0].1 <= pair[1].1));
}
