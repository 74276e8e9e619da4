//! SPF as receivers evaluate it, against a name server of our own (M10).

use std::net::IpAddr;

use soundings::mail::dkim::Signer;
use soundings::mail::domains::dns::Dns;
use soundings::mail::domains::published::{ask, reverse_name};
use soundings::rules::sending::alignment::CheckResult;
use soundings::rules::sending::alignment::spf::Permission;

use crate::nameserver::NameServer;

async fn permits(dns: &Dns, domain: &str, address: &str) -> Permission {
    let address: IpAddr = address.parse().unwrap();
    ask(dns, &Signer::default(), domain, None, &[address]).await.unwrap().permits.remove(0).1
}

#[tokio::test]
async fn m10_records_are_followed_as_receivers_do() {
    let names = NameServer::start().await.unwrap();
    let dns = Dns::new(&names.settings());
    names
        .txt("acme.example", "unrelated")
        .txt("acme.example", "v=spf1 ip4:192.0.2.0/28 a:out.acme.example mx include:_spf.relay.example -all")
        .address("out.acme.example", "198.51.100.1".parse().unwrap())
        .address("out.acme.example", "2001:db8::1".parse().unwrap())
        .mx("acme.example", 10, "mx.acme.example")
        .address("mx.acme.example", "198.51.100.2".parse().unwrap())
        .txt("_spf.relay.example", "v=spf1 redirect=_all.relay.example")
        .txt("_all.relay.example", "v=spf1 ip6:2001:db8:1::/48 ip4:203.0.113.7 ?ip4:203.0.113.8 ~all");
    for yes in ["192.0.2.15", "198.51.100.1", "198.51.100.2", "2001:db8::1", "2001:db8:1::25", "203.0.113.7"] {
        assert_eq!(permits(&dns, "acme.example", yes).await, Permission::Yes, "{yes}");
    }
    // What is included only permits: its ~all does not refuse for us.
    for no in ["192.0.2.16", "203.0.113.8", "203.0.113.9", "2001:db8:2::1"] {
        assert_eq!(permits(&dns, "acme.example", no).await, Permission::No('-'), "{no}");
    }
    assert_eq!(permits(&dns, "_all.relay.example", "192.0.2.1").await, Permission::No('~'));
}

#[tokio::test]
async fn m10_what_cannot_be_evaluated_is_told_from_a_refusal() {
    let names = NameServer::start().await.unwrap();
    let dns = Dns::new(&names.settings());
    for n in 0..12 {
        names.txt(&format!("chain-{n}.example"), &format!("v=spf1 include:chain-{}.example -all", n + 1));
    }
    names
        .txt("chain-12.example", "v=spf1 ip4:192.0.2.1 -all")
        .txt("loop.example", "v=spf1 redirect=loop.example")
        .txt("twice.example", "v=spf1 -all")
        .txt("twice.example", "v=spf1 mx -all")
        .txt("gone.example", "v=spf1 include:nothing.example -all")
        .txt("odd.example", "v=spf1 ip4:300.1.1.1 -all")
        .txt("macro.example", "v=spf1 include:%{i}._spf.example -all")
        .txt("exists.example", "v=spf1 exists:a.example -all")
        .txt("dark.example", "v=spf1 include:broken.example -all")
        .broken("broken.example")
        .exists("bare.example");
    // Ten references are followed, an eleventh is not.
    assert_eq!(permits(&dns, "chain-2.example", "192.0.2.1").await, Permission::Yes);
    for domain in [
        "chain-1.example",
        "chain-0.example",
        "loop.example",
        "twice.example",
        "gone.example",
        "odd.example",
        "bare.example",
        "none.example",
    ] {
        let said = permits(&dns, domain, "192.0.2.1").await;
        assert!(matches!(said, Permission::Invalid(_)), "{domain}: {said:?}");
    }
    for domain in ["macro.example", "exists.example", "dark.example", "broken.example"] {
        let said = permits(&dns, domain, "192.0.2.1").await;
        assert!(matches!(said, Permission::Unknown(_)), "{domain}: {said:?}");
    }
}

#[tokio::test]
async fn m10_an_address_has_a_name_that_leads_back() {
    let names = NameServer::start().await.unwrap();
    let dns = Dns::new(&names.settings());
    let at = |n: u8| IpAddr::from([192, 0, 2, n]);
    names.reverse(at(1), "mail.acme.example").address("mail.acme.example", at(1));
    names.reverse(at(2), "elsewhere.example").address("elsewhere.example", at(9));
    names.silent("4.2.0.192.in-addr.arpa");
    for (n, verdict) in
        [(1, CheckResult::Pass), (2, CheckResult::Fail), (3, CheckResult::Fail), (4, CheckResult::Unknown)]
    {
        let finding = reverse_name(&dns, at(n)).await;
        assert_eq!(finding.verdict, verdict, "{finding:?}");
    }
}
