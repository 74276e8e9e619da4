//! What is said about a domain, and what to publish.

use super::*;

const OURS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 25));

fn key(published: DnsAnswer<Vec<String>>) -> PublishedKey {
    PublishedKey {
        domain: "acme.example".into(),
        selector: "s1".into(),
        algorithm: "rsa",
        public: "MIIBIjAN".into(),
        published,
    }
}

fn records(texts: &[&str]) -> DnsAnswer<Vec<String>> {
    DnsAnswer::Is(texts.iter().map(ToString::to_string).collect())
}

/// A domain with nothing amiss.
fn fine() -> Published {
    let dmarc = Dmarc::parse("v=DMARC1; p=reject").unwrap();
    Published {
        domain: "acme.example".into(),
        envelope: "acme.example".into(),
        spf: records(&["v=spf1 ip4:192.0.2.25 -all"]),
        permits: vec![(OURS, Permission::Yes)],
        keys: vec![key(records(&["v=DKIM1; k=rsa; p=MIIB IjAN"]))],
        dmarc: DnsAnswer::Is(("_dmarc.acme.example".into(), dmarc)),
        replies: records(&["mx.acme.example"]),
    }
}

fn of(published: &Published, check: &str) -> Finding {
    judge(published).into_iter().find(|f| f.check == check).unwrap()
}

#[test]
fn m10_a_domain_with_everything_passes_everywhere() {
    for finding in judge(&fine()) {
        assert_eq!(finding.verdict, CheckResult::Pass, "{finding:?}");
        assert!(finding.publish.is_empty() && finding.says.ends_with('.'));
    }
}

#[test]
fn m10_spf_says_what_to_publish() {
    let with = |spf, permits| of(&Published { spf, permits, ..fine() }, "SPF");
    let missing = with(DnsAnswer::Nothing, vec![(OURS, Permission::Invalid("x".into()))]);
    assert_eq!(missing.publish[0].to_string(), "acme.example TXT \"v=spf1 ip4:192.0.2.25 ~all\"");
    let refused = with(records(&["v=spf1 mx -all"]), vec![(OURS, Permission::No('-'))]);
    assert_eq!(refused.publish[0].value, "v=spf1 ip4:192.0.2.25 mx -all");
    let world = with(records(&["v=spf1 +all"]), vec![(OURS, Permission::Yes)]);
    assert_eq!((world.verdict, world.publish[0].value.as_str()), (CheckResult::Fail, "v=spf1 ~all"));
    assert_eq!(with(records(&["v=spf1 a", "v=spf1 mx"]), vec![]).verdict, CheckResult::Fail);
    let relayed = with(records(&["v=spf1 include:relay.example -all"]), vec![]);
    assert!(relayed.verdict == CheckResult::Unknown && relayed.says.contains("delivery.outgoing_addresses"));
    let later = with(DnsAnswer::Later("silence".into()), vec![(OURS, Permission::Unknown("silence".into()))]);
    assert_eq!(later.verdict, CheckResult::Unknown);
}

#[test]
fn m10_dkim_compares_the_published_key_with_ours() {
    let with = |published| of(&Published { keys: vec![key(published)], ..fine() }, "DKIM");
    for (published, says) in [
        (DnsAnswer::Nothing, "does not exist"),
        (records(&["v=DKIM1; p="]), "another key"),
        (records(&["v=DKIM1; p=MIIBother"]), "another key"),
        (records(&["v=DKIM1; t=y; p=MIIBIjAN"]), "as a test"),
    ] {
        let finding = with(published);
        assert!(finding.verdict == CheckResult::Fail && finding.says.contains(says), "{finding:?}");
        assert_eq!(finding.publish[0].to_string(), "s1._domainkey.acme.example TXT \"v=DKIM1; k=rsa; p=MIIBIjAN\"");
    }
    assert_eq!(with(DnsAnswer::Later("silence".into())).verdict, CheckResult::Unknown);
    let none = of(&Published { keys: vec![], ..fine() }, "DKIM");
    assert!(none.verdict == CheckResult::Fail && none.says.contains("soundings dkim new acme.example"));
}

#[test]
fn m10_dmarc_replies_and_their_absence() {
    let none = of(&Published { dmarc: DnsAnswer::Nothing, ..fine() }, "DMARC");
    assert_eq!(none.publish[0].name, "_dmarc.acme.example");
    assert!(of(&fine(), "DMARC").says.contains("reject"));
    let odd = DnsAnswer::Is(("_dmarc.acme.example".into(), Dmarc::parse("v=DMARC1; p=x").unwrap()));
    assert_eq!(of(&Published { dmarc: odd, ..fine() }, "DMARC").verdict, CheckResult::Fail);
    assert_eq!(of(&Published { replies: DnsAnswer::Nothing, ..fine() }, "replies").verdict, CheckResult::Fail);
}

#[test]
fn m10_one_of_dkim_and_spf_aligns() {
    let verdict = |published: &Published| of(published, "alignment").verdict;
    let unsigned = || Published { keys: vec![], ..fine() };
    let unpermitted = |p: Published| Published { permits: vec![], ..p };
    assert_eq!(verdict(&unsigned()), CheckResult::Pass);
    assert_eq!(verdict(&unpermitted(fine())), CheckResult::Pass);
    assert_eq!(verdict(&unpermitted(unsigned())), CheckResult::Fail);
    let later = Published { keys: vec![key(DnsAnswer::Later("silence".into()))], ..unpermitted(fine()) };
    assert_eq!(verdict(&later), CheckResult::Unknown);
    let below = |dmarc: &str| Published {
        domain: "mail.acme.example".into(),
        dmarc: DnsAnswer::Is(("_dmarc.acme.example".into(), Dmarc::parse(dmarc).unwrap())),
        ..unpermitted(fine())
    };
    assert_eq!(verdict(&below("v=DMARC1; p=none")), CheckResult::Pass);
    let strict = of(&below("v=DMARC1; p=none; adkim=s"), "alignment");
    assert!(strict.verdict == CheckResult::Fail && strict.says.contains("exactly this domain"));
}

#[test]
fn m10_spf_counts_for_an_envelope_under_the_same_roof() {
    let with = |envelope: &str, dmarc: &str| {
        let dmarc = DnsAnswer::Is(("_dmarc.acme.example".into(), Dmarc::parse(dmarc).unwrap()));
        of(&Published { envelope: envelope.into(), keys: vec![], dmarc, ..fine() }, "alignment")
    };
    for (envelope, dmarc, verdict) in [
        ("replies.acme.example", "v=DMARC1; p=none", CheckResult::Pass),
        ("replies.acme.example", "v=DMARC1; p=none; aspf=s", CheckResult::Fail),
        ("bounces.elsewhere.example", "v=DMARC1; p=none", CheckResult::Fail),
    ] {
        let finding = with(envelope, dmarc);
        assert_eq!(finding.verdict, verdict, "{finding:?}");
        assert!(verdict == CheckResult::Pass || finding.says.contains("of another domain"), "{finding:?}");
    }
    let elsewhere = of(&Published { envelope: "bounces.elsewhere.example".into(), ..fine() }, "SPF");
    assert_eq!(elsewhere.about, "bounces.elsewhere.example");
}
