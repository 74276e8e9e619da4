//! A live round starts from domains that receivers can believe, or with a reason on record (M10).

use soundings::base::address::EmailAddress;
use soundings::base::signing_key::{Algorithm, SigningKey};
use soundings::mail::dkim::{DkimKey, Signer};
use soundings::mail::domains::dns::Dns;
use soundings::rules::journal::Actor;
use soundings::rules::round::{Author, RoundState, Sender};
use soundings::rules::sending::alignment::CheckResult;
use soundings::steps::sending::alignment::{examine, start};
use soundings::steps::sending::sender_checks::SenderChecks;
use soundings::store::journal;
use soundings::store::round::rounds;

use crate::common::{OPERATOR, ROUND, World, northwind, northwind_with};
use crate::nameserver::NameServer;

on_both!(
    m10_a_round_starts_from_aligned_domains_only,
    m10_a_reason_starts_it_all_the_same_and_is_kept,
    m10_every_senders_domain_counts_those_of_account_managers_too,
    f11_name_servers_that_do_not_answer_are_no_consent,
);

/// Name servers that know nothing yet, and an installation that asks them.
async fn asking(world: &mut World) -> NameServer {
    let names = NameServer::start().await.unwrap();
    world.ctx.dns = Dns::new(&names.settings());
    world.ctx.senders = SenderChecks { before_start: true, outgoing: [].into(), reserved_too: true };
    names
}

/// Gives us a key for this domain; what to publish for it.
fn key_for(world: &mut World, domain: &str) -> (String, String) {
    let (key, _) = SigningKey::draw(Algorithm::Ed25519).unwrap();
    let record = format!("v=DKIM1; k=ed25519; p={}", key.public().unwrap());
    world.ctx.signer = Signer::new([(domain.to_string(), DkimKey { selector: "s1".into(), key })]).into();
    (format!("s1._domainkey.{domain}"), record)
}

async fn state(world: &World) -> RoundState {
    rounds::by_slug(&mut world.ctx.db.read().await.unwrap(), ROUND).await.unwrap().unwrap().state
}

async fn m10_a_round_starts_from_aligned_domains_only(mut world: World) {
    let names = asking(&mut world).await;
    world.load(northwind()).await;
    let refused = start(&world.ctx, ROUND, &Actor::operator(OPERATOR), None).await.unwrap_err();
    assert!(refused.what.contains("northwind.example") && refused.next.contains("doctor"), "{refused}");
    let (place, record) = key_for(&mut world, "northwind.example");
    // A key that nobody can look up is none; another one is none either.
    assert!(start(&world.ctx, ROUND, &Actor::operator(OPERATOR), None).await.is_err());
    names.txt(&place, "v=DKIM1; k=ed25519; p=AAAA");
    world.ctx.dns = Dns::new(&names.settings());
    assert!(start(&world.ctx, ROUND, &Actor::operator(OPERATOR), Some("  ")).await.is_err());
    assert_eq!(state(&world).await, RoundState::Draft);
    names.forget(&place).txt(&place, &record);
    world.ctx.dns = Dns::new(&names.settings());
    start(&world.ctx, ROUND, &Actor::operator(OPERATOR), None).await.unwrap();
    assert_eq!(state(&world).await, RoundState::Running);
    // Nothing is asked again for a round that is not to be started.
    assert!(start(&world.ctx, ROUND, &Actor::operator(OPERATOR), None).await.unwrap_err().what.contains("running"));
}

async fn m10_a_reason_starts_it_all_the_same_and_is_kept(mut world: World) {
    asking(&mut world).await;
    world.load(northwind()).await;
    start(&world.ctx, ROUND, &Actor::operator(OPERATOR), Some("the relay signs for us")).await.unwrap();
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
    let entries = journal::of_subject(&mut tx, round.id.as_str()).await.unwrap();
    let kept = entries.iter().find(|e| e.action == "accepted senders that are not aligned").unwrap();
    assert_eq!(kept.actor, OPERATOR);
    assert!(kept.detail.starts_with("the relay signs for us") && kept.detail.contains("northwind.example"), "{kept:?}");
}

async fn m10_every_senders_domain_counts_those_of_account_managers_too(mut world: World) {
    let names = asking(&mut world).await;
    world.ctx.senders.outgoing = ["192.0.2.25".parse().unwrap()].into();
    for domain in ["northwind.example", "northwind.de.example"] {
        names.txt(domain, "v=spf1 ip4:192.0.2.25 -all");
    }
    let mut round = northwind_with(&[("max.mann@northwind.example", "max@managers.example")]);
    let germany =
        Sender { email: EmailAddress::parse("kal@northwind.de.example").unwrap(), ..round.spec.senders.team.clone() };
    round.spec.senders.country.insert("DE".into(), germany);
    round.spec.touches.iter_mut().for_each(|touch| touch.from = Some(Author::AccountManager));
    world.load(round).await;
    let refused = start(&world.ctx, ROUND, &Actor::operator(OPERATOR), None).await.unwrap_err();
    assert!(refused.what.contains("managers.example") && !refused.what.contains("from northwind"), "{refused}");
    let found = examine(&world.ctx).await.unwrap();
    let of = |about: &str, check: &str| found.iter().find(|f| f.about == about && f.check == check).unwrap().verdict;
    assert_eq!(of("account managers", "alignment"), CheckResult::Fail);
    assert_eq!(of("northwind.de.example", "SPF"), CheckResult::Pass);
    assert_eq!(of("northwind.example", "DKIM"), CheckResult::Fail);
    assert_eq!(of("soundings.northwind.example", "SPF"), CheckResult::Fail);
    assert_eq!(of("192.0.2.25", "reverse name"), CheckResult::Fail);
    names.txt("managers.example", "v=spf1 a -all").address("managers.example", "192.0.2.25".parse().unwrap());
    world.ctx.dns = Dns::new(&names.settings());
    start(&world.ctx, ROUND, &Actor::operator(OPERATOR), None).await.unwrap();
}

async fn f11_name_servers_that_do_not_answer_are_no_consent(mut world: World) {
    let names = asking(&mut world).await;
    let (place, _) = key_for(&mut world, "northwind.example");
    names.broken(&place);
    world.load(northwind()).await;
    let refused = start(&world.ctx, ROUND, &Actor::operator(OPERATOR), None).await.unwrap_err();
    assert!(refused.what.contains("cannot be known just now"), "{refused}");
    // Where names are for examples and nobody has set up name servers for them, there is nothing to ask.
    world.ctx.senders.reserved_too = false;
    start(&world.ctx, ROUND, &Actor::operator(OPERATOR), None).await.unwrap();
}
