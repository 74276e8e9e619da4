//! Who may sign for somebody else, and who is asked then.
//!
//! An account director may ask a colleague to sign one account or all of his; the round's ladder asks his deputy and the regional head when
//! he does not answer (decision 0053). He may sign all the same. Whoever signs for somebody names nobody further, so there is no chain.

use serde::{Deserialize, Serialize};

use crate::base::address::EmailAddress;
use crate::base::ids::AccountId;
use crate::rules::contacts::row::mailbox::is_private;

/// Why somebody may sign for somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Was asked to, by the one for whom he signs; and is chased instead of him.
    Colleague,
    /// The one for whom he signs did not answer, or is away; both are asked.
    Deputy,
    RegionalHead,
}

impl Why {
    const ALL: [Why; 3] = [Why::Colleague, Why::Deputy, Why::RegionalHead];

    pub fn as_str(self) -> &'static str {
        match self {
            Why::Colleague => "colleague",
            Why::Deputy => "deputy",
            Why::RegionalHead => "regional_head",
        }
    }

    pub fn parse(text: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.as_str() == text)
    }
}

/// One that has not ended, of accounts of one person.
#[derive(Clone, Copy, Debug)]
pub struct StandIn<'a> {
    /// None: all accounts.
    pub account: Option<&'a AccountId>,
    pub to: &'a EmailAddress,
    pub why: Why,
}

impl StandIn<'_> {
    pub fn covers(&self, account: &AccountId) -> bool {
        self.account.is_none_or(|only| only == account)
    }
}

/// Whether the one whose account it is is mailed about it himself: not while a colleague whom he has asked signs it.
pub fn asks_himself<'a>(account: &AccountId, stand_ins: impl IntoIterator<Item = &'a StandIn<'a>>) -> bool {
    !stand_ins.into_iter().any(|other| other.why == Why::Colleague && other.covers(account))
}

/// Everybody who is mailed about an account of `own`, each once.
pub fn asked<'a>(account: &AccountId, own: &'a EmailAddress, stand_ins: &'a [StandIn<'a>]) -> Vec<&'a EmailAddress> {
    let himself = asks_himself(account, stand_ins).then_some(own);
    let others = stand_ins.iter().filter(|other| other.covers(account)).map(|other| other.to);
    let mut all: Vec<&EmailAddress> = Vec::new();
    for one in himself.into_iter().chain(others) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// Whether a mailbox may be asked: it is at a mail domain at which somebody of the round has his. Providers of private mail say nothing about
/// who reads a mailbox.
pub fn is_at_a_known_domain<'a>(email: &EmailAddress, known: impl IntoIterator<Item = &'a EmailAddress>) -> bool {
    let domain = email.domain().to_lowercase();
    !is_private(&domain) && known.into_iter().any(|other| other.domain().to_lowercase() == domain)
}

/// Who gave a signature, and for whom, as the signature says it: "Cara Lee <cara@p.example> for Ann Weiss <ann@p.example>".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signer<'a> {
    pub name: &'a str,
    /// Empty where it was recorded by a name alone.
    pub email: &'a str,
    /// Name and address.
    pub on_behalf_of: Option<(&'a str, &'a str)>,
}

impl Signer<'_> {
    /// Names without the signs in which addresses stand, so that no name reads as somebody else's signature.
    pub fn written(&self) -> String {
        let plain = |name: &str| name.replace(['<', '>'], "");
        let behalf = self.on_behalf_of.map(|(name, email)| format!(" for {} <{email}>", plain(name)));
        format!("{} <{}>{}", plain(self.name), self.email, behalf.unwrap_or_default())
    }

    /// What a signature says, read again.
    pub fn read(signed_by: &str) -> Signer<'_> {
        let (who, behalf) = match signed_by.split_once("> for ") {
            Some((who, behalf)) => (who, Some(parts(behalf))),
            None => (signed_by, None),
        };
        let (name, email) = parts(who);
        Signer { name, email, on_behalf_of: behalf }
    }
}

fn parts(person: &str) -> (&str, &str) {
    let (name, email) = person.split_once(" <").unwrap_or((person, ""));
    (name.trim(), email.trim_end_matches('>'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    #[test]
    fn a_colleague_is_asked_instead_and_a_deputy_as_well() {
        let (ann, cara, dan) = (address("ann@p.example"), address("cara@p.example"), address("dan@p.example"));
        let (globex, umbra) = (AccountId::from("globex"), AccountId::from("umbra"));
        let colleague = StandIn { account: Some(&globex), to: &cara, why: Why::Colleague };
        let deputy = StandIn { account: None, to: &dan, why: Why::Deputy };
        assert_eq!(asked(&globex, &ann, &[]), [&ann]);
        assert_eq!(asked(&globex, &ann, &[colleague]), [&cara]);
        assert_eq!(asked(&umbra, &ann, &[colleague]), [&ann]);
        assert_eq!(asked(&globex, &ann, &[colleague, deputy]), [&cara, &dan]);
        assert_eq!(asked(&umbra, &ann, &[colleague, deputy]), [&ann, &dan]);
    }

    #[test]
    fn nobody_is_asked_twice() {
        let (ann, cara) = (address("ann@p.example"), address("cara@p.example"));
        let twice = [Why::Deputy, Why::RegionalHead].map(|why| StandIn { account: None, to: &cara, why });
        assert_eq!(asked(&AccountId::from("globex"), &ann, &twice), [&ann, &cara]);
    }

    #[test]
    fn only_a_mailbox_beside_those_of_the_round_is_asked() {
        let known = [address("ann@p.example"), address("dan@gmail.com")];
        for (text, may) in [
            ("cara@p.example", true),
            ("CARA@P.Example", true),
            ("cara@mail.p.example", false),
            ("cara@p.example.org", false),
            ("cara@q.example", false),
            ("cara@gmail.com", false),
        ] {
            assert_eq!(is_at_a_known_domain(&address(text), &known), may, "{text}");
        }
    }

    #[test]
    fn a_signature_says_who_gave_it_and_for_whom() {
        let alone = Signer { name: "Cara Lee", email: "cara@p.example", on_behalf_of: None };
        let for_ann = Signer { on_behalf_of: Some(("Ann Weiss", "ann@p.example")), ..alone };
        assert_eq!(alone.written(), "Cara Lee <cara@p.example>");
        assert_eq!(for_ann.written(), "Cara Lee <cara@p.example> for Ann Weiss <ann@p.example>");
        for signer in [alone, for_ann] {
            assert_eq!(Signer::read(&signer.written()), signer);
        }
        let recorded = Signer { name: "Ann Weiss", email: "", on_behalf_of: None };
        assert_eq!(Signer::read("Ann Weiss"), recorded);
        let of_another = Signer { name: "Cara <x@p.example> for Dan", ..for_ann };
        let read = of_another.written();
        assert_eq!(Signer::read(&read).on_behalf_of, for_ann.on_behalf_of);
        assert_eq!(Signer::read(&read).email, "cara@p.example");
        for hostile in ["", "<", "> for ", "a <b> for <", " <> for  <>"] {
            Signer::read(hostile);
        }
    }

    proptest! {
        /// Of people who ask each other in whatever way, in circles too: somebody is mailed about every account, and nobody because he
        /// was asked by somebody who was only asked himself.
        #[test]
        fn every_account_has_somebody_who_is_mailed(
            given in proptest::collection::vec((0usize..4, 0usize..4, proptest::option::of(0usize..6), 0usize..3), 0..24),
        ) {
            let people: Vec<EmailAddress> = (0..4).map(|n| address(&format!("p{n}@p.example"))).collect();
            let accounts: Vec<AccountId> = (0..6).map(|n| AccountId::from(format!("a{n}").as_str())).collect();
            let owner = |account: usize| account % people.len();
            let of = |person: usize| -> Vec<StandIn<'_>> {
                let own = given.iter().filter(|(of, ..)| *of == person);
                own.map(|(_, to, account, why)| StandIn {
                    account: account.map(|n| &accounts[n]),
                    to: &people[*to],
                    why: Why::ALL[*why],
                })
                .collect()
            };
            for (n, account) in accounts.iter().enumerate() {
                let (own, stand_ins) = (&people[owner(n)], of(owner(n)));
                let asked = asked(account, own, &stand_ins);
                prop_assert!(!asked.is_empty());
                prop_assert_eq!(asked.contains(&own), asks_himself(account, &stand_ins) || stand_ins.iter().any(|s| s.covers(account) && s.to == own));
                for one in asked {
                    prop_assert!(one == own || stand_ins.iter().any(|s| s.covers(account) && s.to == one));
                }
            }
        }
    }
}
