//! What a program with a key may do, and of which rounds.
//!
//! A key that nothing else is said of reads everything, as keys did before there were any rights. The words stand in databases and commands: they are added to, never
//! renamed. A word that this version does not know gives nothing.

use std::fmt;

use crate::rules::contacts::objection::client_key;

/// A part of what the console does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    Read,
    /// Loads contact lists.
    Lists,
    /// Starts, pauses, resumes and closes rounds.
    Orders,
    /// Notes what was heard of contacts: opt-outs, departures, calls.
    Marks,
}

impl Scope {
    pub const ALL: [Scope; 4] = [Scope::Read, Scope::Lists, Scope::Orders, Scope::Marks];

    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Lists => "lists",
            Scope::Orders => "orders",
            Scope::Marks => "marks",
        }
    }

    pub fn parse(text: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Which rounds there are for a key. Others are as unknown to it as those that never were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    #[default]
    Everything,
    /// By their names.
    Rounds(Vec<String>),
    /// Those of a client, also those that are made later.
    Client(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// In the order of [`Scope::ALL`], each once.
    pub scopes: Vec<Scope>,
    pub reach: Reach,
}

impl Default for Rights {
    fn default() -> Rights {
        Rights { scopes: vec![Scope::Read], reach: Reach::Everything }
    }
}

impl Rights {
    /// As they are written: words, names of rounds with spaces between, a client.
    pub fn read(scopes: &str, rounds: &str, client: &str) -> Rights {
        let said: Vec<&str> = scopes.split_whitespace().collect();
        let rounds: Vec<String> = rounds.split_whitespace().map(String::from).collect();
        let reach = match (rounds.is_empty(), client.is_empty()) {
            (true, true) => Reach::Everything,
            (false, _) => Reach::Rounds(rounds),
            (true, false) => Reach::Client(client.into()),
        };
        Rights { scopes: Scope::ALL.into_iter().filter(|scope| said.contains(&scope.as_str())).collect(), reach }
    }

    /// What [`Rights::read`] reads.
    pub fn written(&self) -> (String, String, String) {
        let (rounds, client) = match &self.reach {
            Reach::Everything => (String::new(), String::new()),
            Reach::Rounds(rounds) => (rounds.join(" "), String::new()),
            Reach::Client(client) => (String::new(), client.clone()),
        };
        (self.words(" "), rounds, client)
    }

    /// The words of its scopes.
    pub fn words(&self, between: &str) -> String {
        self.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(between)
    }

    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Whether there is this round for the key. Clients are compared as their opt-outs are.
    pub fn reaches(&self, round: &str, client: &str) -> bool {
        match &self.reach {
            Reach::Everything => true,
            Reach::Rounds(rounds) => rounds.iter().any(|own| own == round),
            Reach::Client(own) => client_key(own) == client_key(client),
        }
    }

    pub fn reaches_everything(&self) -> bool {
        self.reach == Reach::Everything
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_reads_back() {
        let reaches = [
            Reach::Everything,
            Reach::Rounds(vec!["a-2027".into(), "b".into()]),
            Reach::Client("Northwind Ltd".into()),
        ];
        for reach in reaches {
            for scopes in [vec![Scope::Read], vec![Scope::Lists, Scope::Marks], Scope::ALL.to_vec()] {
                let rights = Rights { scopes, reach: reach.clone() };
                let (scopes, rounds, client) = rights.written();
                assert_eq!(Rights::read(&scopes, &rounds, &client), rights);
            }
        }
    }

    #[test]
    fn a_key_of_which_nothing_is_said_reads_everything_and_does_nothing() {
        let rights = Rights::read("read", "", "");
        assert_eq!(rights, Rights::default());
        assert!(rights.may(Scope::Read) && rights.reaches("any", "Any"));
        assert!([Scope::Lists, Scope::Orders, Scope::Marks].into_iter().all(|scope| !rights.may(scope)));
        let of_another_version = Rights::read("everything Read", "", "");
        assert!(Scope::ALL.into_iter().all(|scope| !of_another_version.may(scope)));
    }

    #[test]
    fn a_key_reaches_its_rounds_or_its_client_alone() {
        let rounds = Rights::read("read", "a-2027 b", "");
        assert!(rounds.reaches("a-2027", "X") && rounds.reaches("b", "Y"));
        assert!(!rounds.reaches("a", "X") && !rounds.reaches("", "X") && !rounds.reaches_everything());
        let client = Rights::read("read", "", "Northwind");
        assert!(client.reaches("any", "Northwind") && client.reaches("any", " NORTHWIND "));
        assert!(!client.reaches("any", "Northwind 2") && !client.reaches("any", ""));
    }
}
