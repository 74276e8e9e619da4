//! The sign-off board: who is late, what is lost without them, everybody who is late asked again at one press, and a sponsor told.

use soundings::base::clock::{MINUTE, SECOND, Ts};
use soundings::base::folding::sought;
use soundings::base::problem::{Kind, Result};
use soundings::rules::journal::{Action, Actor};
use soundings::rules::signoff::Standing;
use soundings::steps::round::RoundOrder;
use soundings::steps::signoff::asking::absences::NoteAbsence;
use soundings::steps::signoff::asking::late::AskAllWhoAreLate;
use soundings::steps::signoff::progress::{self, Progress};
use soundings::steps::signoff::summary::{self, SendSummary};
use soundings::store::contacts::accounts;
use soundings::store::journal;
use soundings::store::signoff::board::{self, LOOKED_THROUGH, Order, Search};
use soundings::store::signoff::director_tally::{self, Director};

use crate::common::{
    ANN, CYD, DORA, ERIK, HEADER, OPERATOR, ROUND, SALES_DIRECTOR, World, crowd, folder, northwind, northwind_with,
};

on_both!(
    what_waits_and_what_is_lost_follow_every_signature,
    a_new_director_waits_since_he_is_asked,
    all_who_are_late_are_asked_again_once_a_day,
    who_is_away_is_not_asked_with_all_the_others,
    a_sponsor_is_told_what_was_shown,
    a_summary_goes_to_no_contact_and_not_twice,
    the_board_finds_and_sorts_alike,
    pages_follow_each_other_without_a_gap,
    names_to_look_at_are_found_at_many_accounts_and_at_few,
);

const SPONSOR: &str = "sam.hill@client.example";

async fn progress(world: &World) -> Progress {
    let live = world.live().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    progress::of_round(&world.ctx, &mut tx, &live).await.unwrap()
}

async fn director(world: &World, email: &str) -> Director {
    let live = world.live().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    director_tally::of_people(&mut tx, &live.id, &[email]).await.unwrap().remove(0)
}

async fn waits_since(world: &World, account: &str) -> Option<Ts> {
    world.account(account).await.waits_since
}

async fn ask_all(world: &World) -> Result<usize> {
    world.ctx.order(&Actor::operator(OPERATOR), AskAllWhoAreLate { slug: ROUND.into() }).await
}

async fn send(world: &World, name: &str, email: &str) -> Result<()> {
    let order = SendSummary { slug: ROUND.into(), name: name.into(), email: email.into() };
    world.ctx.order(&Actor::operator(OPERATOR), order).await
}

async fn what_waits_and_what_is_lost_follow_every_signature(mut world: World) {
    world.load(northwind()).await;
    let draft = progress(&world).await;
    assert_eq!((draft.listed.accounts, draft.listed.names, draft.listed.revenue), (3, 5, 1_000_000));
    assert_eq!((draft.late_before, waits_since(&world, "Globex").await), (None, None), "nobody was asked in a draft");
    world.order(RoundOrder::Start).await;
    world.work().await;
    let asked = world.now();
    assert_eq!(waits_since(&world, "Globex").await, Some(asked));
    let left = progress(&world).await.left;
    assert_eq!((left.accounts, left.names, left.deciders, left.revenue, left.without_revenue), (3, 5, 2, 1_000_000, 1));
    // Reminded on Thursday at nine, and late from then on.
    world.pass_to("2027-01-28T08:59:00Z").await;
    assert_eq!(progress(&world).await.late.directors, 0);
    world.pass_to("2027-01-28T09:00:00Z").await;
    let late = progress(&world).await.late;
    assert_eq!((late.directors, late.stake.names), (2, 5));
    world.promises_hold().await;

    let lists = world.sheet(DORA, "sign_off").await;
    world.sign(DORA, "sign_off", &lists[0], "2").await.unwrap();
    let dora = director(&world, DORA).await;
    assert_eq!(
        (dora.accounts, dora.open, dora.stake.names, dora.stake.accounts, dora.stake.without_revenue),
        (2, 1, 1, 1, 1)
    );
    assert_eq!((dora.stake.deciders, dora.waits_since), (0, Some(asked)));
    assert_eq!(waits_since(&world, "Globex").await, None);
    // What waits for the sales director waits since its account director has signed, and is no fault of his.
    world.sign_all(ERIK, "sign_off").await;
    let erik = director(&world, ERIK).await;
    assert_eq!((erik.open, erik.stake.names, erik.waits_since), (0, 0, None));
    let second = progress(&world).await.second;
    assert_eq!((second.accounts, second.at_stake.names, second.at_stake.revenue), (1, 2, 900_000));
    assert_eq!(second.waits.map(|w| (w.since, w.late.is_some())), Some((world.now(), false)));
    // A name that has changed waits since then, and the others of its account are no loss.
    world.pass_to("2027-01-29T12:00:00Z").await;
    world.corrects(DORA, ANN, |c| c.last_name = "Leigh".into()).await;
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned);
    assert_eq!(waits_since(&world, "Globex").await, Some(world.now()));
    let dora = director(&world, DORA).await;
    assert_eq!((dora.open, dora.stake.names, dora.stake.accounts, dora.waits_since), (2, 2, 1, Some(asked)));
    world.removes(DORA, ANN).await;
    assert_eq!((director(&world, DORA).await.open, waits_since(&world, "Globex").await), (1, None));
    world.promises_hold().await;
    // The first letter could have gone on Sunday evening, when it was Monday in Auckland: what waited then is late.
    world.pass_to("2027-02-01T12:00:00Z").await;
    assert!(progress(&world).await.second.waits.unwrap().late.is_some());
    world.order(RoundOrder::Close).await;
    assert_eq!(progress(&world).await.late_before, None, "after the close nobody is waited for");
}

async fn a_new_director_waits_since_he_is_asked(mut world: World) {
    world.started().await;
    let asked = world.now();
    world.pass_to("2027-01-29T12:00:00Z").await;
    let umbra = "Dora Fields,dora.fields@northwind.example,,,no,";
    world.load_confirmed(northwind_with(&[(umbra, "Fred Gray,fred.gray@northwind.example,,,no,")])).await;
    assert_eq!(waits_since(&world, "Umbra").await, Some(world.now()));
    assert_eq!(waits_since(&world, "Globex").await, Some(asked));
    assert_eq!((director(&world, DORA).await.accounts, progress(&world).await.late.directors), (1, 2));
    let fred = director(&world, "fred.gray@northwind.example").await;
    assert_eq!((fred.accounts, fred.stake.names, fred.waits_since), (1, 1, Some(world.now())));
    world.promises_hold().await;
}

async fn all_who_are_late_are_asked_again_once_a_day(mut world: World) {
    let requests = |world: &World| [DORA, ERIK].map(|who| world.kinds_to(who).len());
    world.started().await;
    let early = ask_all(&world).await.unwrap_err();
    assert_eq!((early.kind, early.what.as_str()), (Kind::Refused, "Nobody is late."));
    // The reminder of the round has gone at nine.
    world.pass_to("2027-01-28T12:00:00Z").await;
    assert_eq!(requests(&world), [2, 2]);
    assert_eq!(ask_all(&world).await.unwrap_err().what, "Everybody who is late was asked today, or is about to be.");
    world.pass_to("2027-01-29T10:00:00Z").await;
    world.sign_all(ERIK, "sign_off").await;
    assert_eq!(ask_all(&world).await.unwrap(), 1);
    world.work().await;
    world.receipts_leave().await;
    assert_eq!(world.kinds_to(DORA).len(), 3);
    assert_eq!(ask_all(&world).await.unwrap_err().what, "Everybody who is late was asked today, or is about to be.");
    // The sales director is late, too, once the first letter could have gone.
    world.pass_to("2027-02-01T08:00:00Z").await;
    assert_eq!(ask_all(&world).await.unwrap(), 2);
    let before = world.kinds_to(SALES_DIRECTOR).len();
    world.work().await;
    world.pass_to("2027-02-01T09:30:00Z").await;
    assert_eq!(world.kinds_to(SALES_DIRECTOR).len(), before + 1);
    world.order(RoundOrder::Pause).await;
    assert_eq!(ask_all(&world).await.unwrap_err().kind, Kind::Refused);
    world.order(RoundOrder::Resume).await;
    world.promises_hold().await;
}

async fn who_is_away_is_not_asked_with_all_the_others(mut world: World) {
    world.started().await;
    world.pass_to("2027-01-29T10:00:00Z").await;
    let dora = super::story_ladder::request(&world, DORA).await.id;
    let away = NoteAbsence { request: dora, until: "2027-01-31".into(), why: "She called.".into() };
    world.ctx.order(&Actor::operator(OPERATOR), away).await.unwrap();
    let before = [DORA, ERIK].map(|who| world.kinds_to(who).len());
    assert_eq!(ask_all(&world).await.unwrap(), 1);
    world.work().await;
    assert_eq!([DORA, ERIK].map(|who| world.kinds_to(who).len()), [before[0], before[1] + 1]);
    world.promises_hold().await;
}

async fn a_sponsor_is_told_what_was_shown(mut world: World) {
    world.started().await;
    world.pass_to("2027-01-29T10:00:00Z").await;
    let lists = world.sheet(DORA, "sign_off").await;
    world.sign(DORA, "sign_off", &lists[0], "2").await.unwrap();
    world.receipts_leave().await;
    let shown = summary::shown(&world.ctx, &*world.live().await, "Sam Hill").await.unwrap();
    send(&world, " Sam Hill ", SPONSOR).await.unwrap();
    world.work().await;
    let mail = world.mail_to(SPONSOR, "sign_off_summary");
    assert_eq!(mail.subject(), "Relationship assessment 2027: 1 of 3 accounts (33 %) signed off");
    let text = mail.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(text, shown.text.split_whitespace().collect::<Vec<_>>().join(" "));
    for said in [
        "Dear Sam Hill,",
        "1 of 3 accounts (33 %) are signed off; 3 names wait for a signature.",
        "Dora Fields: 1 name at 1 account, waiting for 4 working days, late by 1 working day",
        "Erik Holm: 2 names at 1 account, waiting for 4 working days, late by 1 working day; 1 key decision maker",
        "Without the missing signatures 3 names are not asked, 1 key decision maker among them; at 2 accounts nobody is, \
         which stands for 90 % of the revenue on the list.",
        "Counted on the whole list, answers from 50 % of names and 75 % of names and 90 % of accounts are then out of reach.",
        "Whoever has not signed is asked again by itself, next on Tuesday 2 February",
        "Laura Whitcombe",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("https://"), "whoever reads it has no page here: {text}");
    let live = world.live().await;
    let entries = {
        let mut tx = world.ctx.db.read().await.unwrap();
        journal::of_subject(&mut tx, live.id.as_str()).await.unwrap()
    };
    let told: Vec<_> = entries.iter().filter(|e| e.what() == Some(Action::SentSigningSummary)).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].detail == format!("Sam Hill <{SPONSOR}>") && told[0].actor.contains(OPERATOR), "{:?}", told[0]);
    let latest = summary::latest(&world.ctx, &live).await.unwrap().unwrap();
    assert_eq!((latest.name.as_str(), latest.email.as_str()), ("Sam Hill", SPONSOR));

    // All signed: nothing is missing, and nobody is named.
    world.sign_all(DORA, "sign_off").await;
    world.sign_all(ERIK, "sign_off").await;
    world.work().await;
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    let shown = summary::shown(&world.ctx, &*world.live().await, "Sam Hill").await.unwrap();
    let text = shown.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("3 of 3 accounts (100 %) are signed off. Nothing is missing."), "{text}");
    assert!(!shown.text.contains("Dora") && !shown.text.contains("Without"), "{}", shown.text);
    world.promises_hold().await;
}

async fn a_summary_goes_to_no_contact_and_not_twice(mut world: World) {
    world.load(northwind()).await;
    assert_eq!(send(&world, "Sam Hill", SPONSOR).await.unwrap_err().kind, Kind::Refused, "nobody was asked in a draft");
    world.order(RoundOrder::Start).await;
    world.work().await;
    for (name, email, kind) in [
        ("Cyd", CYD, Kind::Refused),
        ("Cyd", "CYD.Moor@Initech.example", Kind::Refused),
        ("", SPONSOR, Kind::Unusable),
        ("Sam Hill", "sam.hill@", Kind::Unusable),
    ] {
        assert_eq!(send(&world, name, email).await.unwrap_err().kind, kind, "{name} {email}");
    }
    world.work().await;
    assert!(world.mails_to(CYD).is_empty() && world.mails_to(SPONSOR).is_empty());
    // Two presses are one; a minute later it is another, and it goes while the round is paused.
    world.order(RoundOrder::Pause).await;
    send(&world, "Sam Hill", SPONSOR).await.unwrap();
    world.ctx.clock.turn_to(world.now().plus(SECOND));
    send(&world, "Sam Hill", SPONSOR).await.unwrap();
    world.work().await;
    assert_eq!(world.kinds_to(SPONSOR), ["sign_off_summary"]);
    world.ctx.clock.turn_to(world.now().plus(MINUTE));
    send(&world, "Sam Hill", SPONSOR).await.unwrap();
    world.work().await;
    assert_eq!(world.kinds_to(SPONSOR).len(), 2);
    world.order(RoundOrder::Close).await;
    assert_eq!(send(&world, "Sam Hill", SPONSOR).await.unwrap_err().kind, Kind::Refused);
    world.promises_hold().await;
}

async fn the_board_finds_and_sorts_alike(mut world: World) {
    world.load(northwind()).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.pass_to("2027-01-29T10:00:00Z").await;
    let lists = world.sheet(DORA, "sign_off").await;
    world.sign(DORA, "sign_off", &lists[0], "2").await.unwrap();
    let live = world.live().await;
    let late_before = progress(&world).await.late_before;
    for (filter, order, words, found) in [
        ("", Order::Director, "", vec!["Umbra", "Initech", "Globex"]),
        ("", Order::LateFirst, "", vec!["Umbra", "Initech", "Globex"]),
        ("", Order::LateFirst, "northwind", vec!["Umbra", "Initech", "Globex"]),
        ("late", Order::LateFirst, "erik", vec!["Initech"]),
        ("", Order::Account, "", vec!["Globex", "Initech", "Umbra"]),
        ("", Order::NamesLeft, "", vec!["Initech", "Umbra", "Globex"]),
        ("", Order::Revenue, "", vec!["Initech", "Globex", "Umbra"]),
        ("", Order::Wait, "", vec!["Initech", "Umbra", "Globex"]),
        ("late", Order::Account, "", vec!["Initech", "Umbra"]),
        ("signed", Order::Account, "", vec!["Globex"]),
        ("unsigned", Order::Revenue, "", vec!["Initech", "Umbra"]),
        ("counter_sign", Order::Account, "", vec![]),
        ("to_look_at", Order::Account, "nobody", vec![]),
        ("", Order::Account, "dora", vec!["Globex", "Umbra"]),
        ("", Order::Revenue, "FIELDS umb", vec!["Umbra"]),
        ("", Order::Account, "erik.holm@northwind.example", vec!["Initech"]),
        ("signed", Order::Account, "dora", vec!["Globex"]),
        ("late", Order::Account, "northwind", vec!["Initech", "Umbra"]),
        ("", Order::Account, "globex initech", vec![]),
        ("", Order::Account, "...", vec![]),
    ] {
        let mut tx = world.ctx.db.read().await.unwrap();
        let words = match words {
            "" => None,
            words => Some(board::narrowed(&mut tx, &live.id, sought(words)).await.unwrap()),
        };
        let search = Search { filter, order, late_before, words };
        let page = board::find(&mut tx, &live.id, &search, (10, 0), 10).await.unwrap();
        drop(tx);
        let mut names = Vec::new();
        for name in ["Globex", "Initech", "Umbra"] {
            let id = world.account(name).await.id;
            names.extend(page.accounts.iter().position(|found| *found == id).map(|place| (place, name)));
        }
        names.sort_unstable();
        assert_eq!(names.iter().map(|(_, name)| *name).collect::<Vec<_>>(), found, "{search:?}");
        assert_eq!(page.total as usize, found.len(), "{search:?}");
    }
    world.promises_hold().await;
}

async fn pages_follow_each_other_without_a_gap(world: World) {
    world.load(crowd(450)).await;
    let live = world.live().await;
    for order in [Order::Director, Order::LateFirst, Order::Account, Order::NamesLeft, Order::Wait, Order::Revenue] {
        let mut tx = world.ctx.db.read().await.unwrap();
        let search = Search { order, ..Search::default() };
        let whole = board::find(&mut tx, &live.id, &search, (100, 0), 100).await.unwrap().accounts;
        let mut pieces = Vec::new();
        for page in 0..5 {
            pieces.extend(board::find(&mut tx, &live.id, &search, (10, page * 10), 100).await.unwrap().accounts);
        }
        assert_eq!((pieces.len(), pieces == whole), (45, true), "{order:?}");
    }
}

async fn names_to_look_at_are_found_at_many_accounts_and_at_few(world: World) {
    let n = LOOKED_THROUGH as usize + 3;
    let list = |roles: &dyn Fn(usize) -> &'static str| {
        let row = |account: usize| {
            format!(
                "Account {account:04},Pat,Number{account:04},pat@account{account:04}.example,Buyer,{},en,GB,Europe/London,\
                 Dora Fields,{DORA},,,no,{}\n",
                roles(account),
                account * 7 % n
            )
        };
        folder(&std::iter::once(HEADER.to_string()).chain((0..n).map(row)).collect::<String>())
    };
    let orders = [Order::Director, Order::Account, Order::NamesLeft, Order::Wait, Order::Revenue];
    world.load(list(&|_| "")).await;
    let live = world.live().await;
    for order in orders {
        let mut tx = world.ctx.db.read().await.unwrap();
        let (all, filter) = (Search { order, ..Search::default() }, "to_look_at");
        let all = board::find(&mut tx, &live.id, &all, (50, 1_000), 10_000).await.unwrap();
        let search = Search { filter, order, ..Search::default() };
        let many = board::find(&mut tx, &live.id, &search, (50, 1_000), 10_000).await.unwrap();
        assert_eq!((many.accounts == all.accounts, many.total as usize), (true, n), "{order:?}");
    }
    world.load_confirmed(list(&|account| if account % 400 == 0 { "" } else { "influencer" })).await;
    for order in orders {
        let mut tx = world.ctx.db.read().await.unwrap();
        let all = Search { order, ..Search::default() };
        let all = board::find(&mut tx, &live.id, &all, (i64::MAX, 0), 10_000).await.unwrap().accounts;
        let looked = accounts::of_round(&mut tx, &live.id).await.unwrap();
        let looked: Vec<_> = looked.into_iter().filter(|a| a.to_look_at == 1).map(|a| a.id).collect();
        let search = Search { filter: "to_look_at", order, ..Search::default() };
        let few = board::find(&mut tx, &live.id, &search, (3, 1), 10_000).await.unwrap();
        let meant: Vec<_> = all.into_iter().filter(|id| looked.contains(id)).skip(1).take(3).collect();
        assert_eq!((few.accounts, few.total as usize, looked.len()), (meant, 6, 6), "{order:?}");
    }
    world.promises_hold().await;
}
