//! Questions to name servers, answered by one of our own (F11).

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use soundings::config::{DnsSettings, Settings};
use soundings::mail::domains::dns::{Dns, DnsFault, PATIENCE};

use crate::nameserver::NameServer;

const HOST: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 25));

#[tokio::test]
async fn f11_hosts_come_in_order_and_faults_are_told_apart() {
    let server = NameServer::start().await.unwrap();
    let dns = Dns::new(&server.settings());
    server.mx("acme.example", 20, "b.acme.example").mx("acme.example", 10, "A.acme.example");
    server.mx("never.example", 0, "").exists("bare.example").broken("broken.example");
    assert_eq!(dns.mx("acme.example").await.unwrap(), [(10, "a.acme.example".into()), (20, "b.acme.example".into())]);
    assert_eq!(dns.mx("ACME.example.").await.unwrap().len(), 2);
    assert_eq!(dns.mx("bare.example").await, Ok(Vec::new()));
    assert_eq!(dns.mx("never.example").await, Err(DnsFault::TakesNoMail));
    assert_eq!(dns.mx("nothing.example").await, Err(DnsFault::NoSuchDomain));
    assert!(matches!(dns.mx("broken.example").await, Err(DnsFault::NoAnswerNow(_))));
    for impossible in ["", ".", "a..b", &"x".repeat(64), "a b\u{0}c.example\u{7f}"] {
        let found = dns.mx(impossible).await;
        assert!(matches!(found, Err(DnsFault::NotAName | DnsFault::NoSuchDomain)), "{impossible:?}: {found:?}");
    }
}

#[tokio::test]
async fn f11_silence_ends_in_time_and_is_no_verdict() {
    let server = NameServer::start().await.unwrap();
    let dns = Dns::new(&server.settings());
    server.silent("slow.example");
    let began = Instant::now();
    let found = dns.mx("slow.example").await;
    assert!(matches!(&found, Err(DnsFault::NoAnswerNow(_))), "{found:?}");
    assert!(began.elapsed() < PATIENCE + Duration::from_secs(1), "{:?}", began.elapsed());
    server.forget("slow.example").mx("slow.example", 1, "mx.slow.example");
    assert_eq!(dns.mx("slow.example").await.unwrap().len(), 1);
}

#[tokio::test]
async fn f11_a_hundred_hosts_and_one_that_is_this_machine() {
    let server = NameServer::start().await.unwrap();
    let dns = Dns::new(&server.settings());
    for n in 0..100 {
        server.mx("many.example", n, &format!("mx-{n}.a-rather-long-name-for-a-host.many.example"));
    }
    server.mx("loop.example", 0, "localhost").mx("self.example", 0, "mx.self.example");
    server.address("mx.self.example", IpAddr::V4(Ipv4Addr::LOCALHOST));
    let many = dns.mx("many.example").await.unwrap();
    assert_eq!(many.len(), 100);
    assert!(many.is_sorted());
    assert_eq!(dns.mx("loop.example").await.unwrap(), [(0, "localhost".into())]);
    assert_eq!(dns.addresses("mx.self.example").await.unwrap(), [IpAddr::V4(Ipv4Addr::LOCALHOST)]);
}

#[tokio::test]
async fn texts_are_joined_and_answers_are_remembered() {
    let server = NameServer::start().await.unwrap();
    let dns = Dns::new(&server.settings());
    let long = format!("v=DKIM1; p={}", "A".repeat(400));
    server.txt("s1._domainkey.acme.example", &long).txt("acme.example", "v=spf1 -all").txt("acme.example", "other");
    server.alias("s2._domainkey.acme.example", "s1._domainkey.acme.example");
    for name in ["s1._domainkey.acme.example", "s2._domainkey.acme.example"] {
        assert_eq!(dns.txt(name).await.unwrap(), [long.as_str()]);
    }
    assert_eq!(dns.txt("acme.example").await.unwrap().len(), 2);
    let asked = server.asked();
    dns.clone().txt("acme.example").await.unwrap();
    assert_eq!(server.asked(), asked);
}

#[tokio::test]
async fn addresses_have_names_and_international_domains_are_asked_as_a_labels() {
    let server = NameServer::start().await.unwrap();
    let dns = Dns::new(&server.settings());
    let six: IpAddr = "2001:db8::25".parse().unwrap();
    server.address("mx.acme.example", HOST).address("mx.acme.example", six);
    server.reverse(HOST, "mx.acme.example").reverse(six, "mx.acme.example");
    server.mx("xn--bcher-kva.example", 10, "mx.acme.example").address("four.example", HOST);
    assert_eq!(dns.addresses("mx.acme.example").await.unwrap(), [HOST, six]);
    assert_eq!(dns.addresses("four.example").await.unwrap(), [HOST]);
    assert_eq!(dns.addresses("none.example").await, Err(DnsFault::NoSuchDomain));
    for address in [HOST, six] {
        assert_eq!(dns.reverse(address).await.unwrap(), ["mx.acme.example"]);
    }
    assert_eq!(dns.reverse("192.0.2.26".parse().unwrap()).await, Err(DnsFault::NoSuchDomain));
    assert_eq!(dns.mx("bücher.example").await.unwrap().len(), 1);
}

#[tokio::test]
async fn where_nobody_is_to_be_asked_there_is_no_answer() {
    assert!(matches!(Dns::nobody().mx("acme.example").await, Err(DnsFault::NoAnswerNow(_))));
    // Nothing listens there.
    let dead = Dns::new(&DnsSettings { servers: vec!["127.0.0.1:1".parse().unwrap()] });
    assert!(matches!(dead.txt("acme.example").await, Err(DnsFault::NoAnswerNow(_))));
}

#[test]
fn servers_are_addresses_with_or_without_a_port() {
    let with = |text: &str| {
        Settings::load(
            Some(std::path::Path::new("/dev/null")),
            [("SOUNDINGS_DNS__SERVERS".into(), text.into())].into_iter(),
        )
    };
    assert!(with("").unwrap().dns.servers.is_empty());
    let both = with("192.0.2.53 [2001:db8::53]:5353").unwrap().dns.servers;
    assert_eq!(both, ["192.0.2.53:53".parse().unwrap(), "[2001:db8::53]:5353".parse().unwrap()]);
    let said = with("dns.example").unwrap_err().to_string();
    assert!(said.contains("dns.servers") && said.contains("dns.example"), "{said}");
}
