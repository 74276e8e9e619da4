//! A run is found whatever its words, and chance is not taken for one.

use proptest::prelude::*;

use crate::base::clock::{SECOND, Ts};
use crate::rules::sending::delivery::{Cause, Failure, Reply, Stage};

use super::*;

const START: Ts = Ts(1_802_000_000_000);

/// People at domains, one message a second; `refused` says who is, and in which words. The first hold, and after how many refusals.
fn play(
    people: &[(&str, &str)],
    meant: Meant,
    known: bool,
    refused: impl Fn(usize, &str, &str) -> Option<String>,
) -> (Decision, usize) {
    let (mut refusals, mut taken) = (Vec::new(), Vec::new());
    for (n, (domain, gateway)) in people.iter().enumerate() {
        let (at, address) = (START.plus(n as i64 * SECOND), format!("pat.number{n:03}@{domain}"));
        let Some(said) = refused(n, domain, &address) else {
            taken.push(Taken { at, domain: (*domain).into(), gateway: (*gateway).into() });
            continue;
        };
        let words = Words::of(&said, "Pat Number", &address);
        let one = Refusal { at, address, domain: (*domain).into(), gateway: (*gateway).into(), words, meant, known };
        refusals.push(one.clone());
        match decide(&one, &refusals, &taken) {
            Decision::Nothing => {}
            hold => return (hold, refusals.len()),
        }
    }
    (Decision::Nothing, refusals.len())
}

fn at(domain: &'static str, gateway: &'static str, people: usize) -> Vec<(&'static str, &'static str)> {
    vec![(domain, gateway); people]
}

fn unknown(address: &str) -> Option<String> {
    Some(format!("550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table"))
}

#[test]
fn everybody_behind_one_gateway_is_unknown() {
    let people = [at("globex.com", "outlook.com", 30), at("initech.com", "outlook.com", 30)].concat();
    let all = |_: usize, _: &str, address: &str| unknown(address);
    assert_eq!(play(&people, Meant::Them, false, all), (Decision::Hold("outlook.com".into()), 5));
    assert_eq!(play(&people, Meant::Them, true, all), (Decision::Hold("outlook.com".into()), 3));
    // The other gateways go on taking mail, in between.
    let mixed: Vec<_> =
        (0..90).map(|n| if n % 3 == 0 { ("globex.com", "outlook.com") } else { ("umbra.com", "umbra.com") }).collect();
    let one = |_: usize, domain: &str, address: &str| unknown(address).filter(|_| domain == "globex.com");
    assert_eq!(play(&mixed, Meant::Them, false, one), (Decision::Hold("outlook.com".into()), 5));
    // Not all of them: one in four gets through.
    let most = |n: usize, _: &str, address: &str| unknown(address).filter(|_| !n.is_multiple_of(4));
    assert!(matches!(play(&people, Meant::Them, false, most).0, Decision::Hold(_)));
}

#[test]
fn a_company_that_was_bought_is_asked_about_and_its_neighbours_go_on() {
    let people: Vec<_> =
        [at("initech.com", "outlook.com", 40), at("bought.com", "outlook.com", 8), at("umbra.com", "outlook.com", 40)]
            .concat();
    // Spread over the day's plan: between two of them others are taken.
    let mut spread: Vec<_> = people.iter().enumerate().map(|(n, p)| ((n * 37) % 88, *p)).collect();
    spread.sort_unstable();
    let spread: Vec<_> = spread.into_iter().map(|(_, p)| p).collect();
    let bought = |_: usize, domain: &str, address: &str| unknown(address).filter(|_| domain == "bought.com");
    assert_eq!(play(&spread, Meant::Them, false, bought), (Decision::Hold("bought.com".into()), 5));
}

#[test]
fn a_handful_of_dead_addresses_holds_nothing() {
    let nothing = |people: &[(&str, &str)], dead: &[usize]| {
        let who = |n: usize, _: &str, address: &str| unknown(address).filter(|_| dead.contains(&n));
        assert_eq!(play(people, Meant::Them, false, who).0, Decision::Nothing, "{dead:?}");
    };
    nothing(&at("globex.com", "globex.com", 30), &[3, 4]);
    nothing(&at("globex.com", "globex.com", 30), &[10, 11, 12, 13]);
    nothing(&at("globex.com", "globex.com", 120), &[4, 20, 31, 32, 33, 60, 80, 81, 100]);
    // One in ten of a list from an export, over many companies.
    let many: Vec<_> =
        (0..300).map(|n| if n % 2 == 0 { ("a.com", "outlook.com") } else { ("b.com", "google.com") }).collect();
    let tenth: Vec<usize> = (0..300).filter(|n| n % 10 == 7).collect();
    nothing(&many, &tenth);
}

#[test]
fn our_own_relay_refuses_in_many_words() {
    let domains = ["a.com", "b.com", "c.com", "d.com"];
    let people: Vec<(&str, &str)> = (0..40).map(|n| (domains[n % 4], domains[n % 4])).collect();
    for said in [
        "554 5.7.1 <{}>: Relay access denied",
        "550 5.7.64 TenantAttribution; Relay Access Denied [AM0EUR02FT063.eop-EUR02.prod.protection.outlook.com]",
        "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        "550 Sender verify failed for {}",
        "550 This account may not send to external recipients",
        "550 Hourly limit reached, try tomorrow",
        "553 5.7.1 Sender address rejected: not owned by user conversation",
        "530 5.7.0 Must issue a STARTTLS command first, authentication required",
        "550 No reverse DNS for your host",
    ] {
        let (code, text) = said.split_once(' ').unwrap();
        let reply = |address: &str| Reply::new(code.parse().unwrap(), text.replace("{}", address));
        let meant =
            told(&Err(Failure { stage: Stage::Recipient, cause: Cause::Reply(reply("x@y.com")) })).unwrap().meant;
        assert_eq!(meant, Meant::Us, "{said}");
        let (decision, after) = play(&people, meant, false, |_, _, address| Some(reply(address).to_string()));
        assert_eq!((decision, after), (Decision::HoldAll, 3), "{said}");
    }
    // Words that speak of mailboxes, in the name of everybody.
    let (decision, after) = play(&people, Meant::Them, false, |_, _, address| unknown(address));
    assert_eq!((decision, after), (Decision::HoldAll, 5));
    // The limit of the relay is reached in the middle of the morning.
    let late = |n: usize, _: &str, _: &str| (n >= 20).then(|| "550 Hourly limit reached, try tomorrow".into());
    assert_eq!(play(&people, Meant::Us, false, late).0, Decision::HoldAll);
    // Refused before anybody was named, one company only.
    let sender = Err(Failure { stage: Stage::Mail, cause: Cause::Reply(Reply::new(550, "5.1.8 no")) });
    let meant = told(&sender).unwrap().meant;
    assert_eq!(play(&at("a.com", "a.com", 9), meant, false, |_, _, _| Some("550 no".into())), (Decision::HoldAll, 3));
}

#[test]
fn one_company_that_does_not_relay_is_its_own_trouble() {
    let people: Vec<(&str, &str)> =
        (0..60).map(|n| if n % 3 == 0 { ("a.com", "a.com") } else { ("b.com", "b.com") }).collect();
    let one =
        |_: usize, domain: &str, _: &str| (domain == "a.com").then(|| "554 5.7.1 Relay access denied".to_string());
    assert_eq!(play(&people, Meant::Us, false, one).0, Decision::Hold("a.com".into()));
}

#[test]
fn words_are_compared_without_what_is_one_recipients_own() {
    let like = |(name, address, said): (&str, &str, &str), (name2, address2, said2): (&str, &str, &str)| {
        Words::of(said, name, address).are_like(&Words::of(said2, name2, address2))
    };
    for (one, other) in [
        ("550 5.1.1 <{}>: user unknown (4711)", "550 5.1.1 <{}>: User Unknown (815)"),
        ("550 User {l} unknown", "550 user {l} unknown"),
        ("550 No mailbox for {n} at mx3.globex.com", "550 No mailbox for {n} at mx17.initech.com"),
        (
            "550 \u{201c}{n}\u{201d} is not known here, id 4XyZ12",
            "550 \u{201c}{n}\u{201d} is not known here, id QqRs99",
        ),
        (
            "554 relay of {} denied, see https://help.example/{l}",
            "554 relay of {} denied, see https://help.example/{l}",
        ),
        ("550", "550"),
    ] {
        let say = |text: &str, name: &str, address: &str| {
            let local = address.split('@').next().unwrap();
            text.replace("{}", address).replace("{l}", local).replace("{n}", name)
        };
        let (a, b) = (("Ann Lee", "ann.lee@globex.com"), ("Bo Quist", "b.quist@initech.com"));
        assert!(like((a.0, a.1, &say(one, a.0, a.1)), (b.0, b.1, &say(other, b.0, b.1))), "{one}");
    }
    let differ = [("550 user unknown", "552 mailbox full"), ("554 relay access denied", "550 no such user here")];
    for (one, other) in differ {
        assert!(!like(("Ann", "ann@a.com", one), ("Bo", "bo@b.com", other)), "{one}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn whoever_is_refused_alone_holds_nothing_and_everybody_always_holds(
        people in 12usize..120, dead in prop::collection::btree_set(0usize..120, 0..3), known in any::<bool>(),
    ) {
        let list = at("globex.com", "globex.com", people);
        let few = |n: usize, _: &str, address: &str| unknown(address).filter(|_| dead.contains(&n));
        prop_assert_eq!(play(&list, Meant::Them, known, few).0, Decision::Nothing);
        let (hold, after) = play(&list, Meant::Them, known, |_, _, address| unknown(address));
        prop_assert_eq!(hold, Decision::Hold("globex.com".into()));
        prop_assert!(after <= 5);
    }

    #[test]
    fn different_words_never_make_a_run(people in 5usize..60) {
        let list = at("globex.com", "globex.com", people);
        let words = ["alpha", "beta", "gamma", "delta", "omega", "kappa", "sigma", "theta"];
        let own = |n: usize, _: &str, _: &str| n.is_multiple_of(3).then(|| format!("550 {} {}", words[(n / 3) % 8], words[(n / 24 + n) % 8]));
        prop_assert_eq!(play(&list, Meant::Them, false, own).0, Decision::Nothing);
    }

    #[test]
    fn any_text_can_be_compared(said in "\\PC{0,200}", name in "\\PC{0,20}", local in "[a-z.]{1,12}") {
        let words = Words::of(&said, &name, &format!("{local}@globex.com"));
        prop_assert!(words.are_like(&Words::kept(&words.to_string())));
    }
}
