//! Who may sign for somebody else, and who is asked then.
//!
//! An account director may ask a colleague to sign one account or all of his; the round's ladder asks his deputy and the regional head when
//! he does not answer (decision 0053). He may sign all the same. Whoever signs for somebody names nobody further, so there is no chain.

use serde::{Deserialize, Serialize};

use crate::base::address::EmailAddress;
use crate::base::ids::AccountId;

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

#[cfg(test)]
mod tests {
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
}
