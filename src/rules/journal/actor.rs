//! Who does something. Made where somebody comes in (a session, a mailed link, the command line, a duty) and handed on to the journal.
//!
//! The journal and the rows that say who did it keep the text alone, which is the same for one address whatever it came in by.

use std::fmt;
use std::sync::Arc;

use crate::base::address::EmailAddress;
use crate::rules::signoff::SignLevel;

/// Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// What nobody ordered: the duties of the daemon do it.
    Program,
    /// The file of a list, where a row of it says so.
    List,
    /// Whoever sits at the terminal of the server.
    CommandLine,
    /// Somebody who is logged in to the console.
    Operator(Arc<str>),
    /// Another program, with a key that an operator made for it: `key` and its name.
    Key(Arc<str>),
    /// Whoever comes to a page without being logged in: with a mailed link, until the order opens it and finds whose it is. Writes nothing into
    /// the journal.
    Visitor,
    /// These came by a link that was mailed to the address.
    AccountDirector(Arc<str>),
    SalesDirector(Arc<str>),
    AccountManager(Arc<str>),
    /// Somebody at the client, who approves the plan.
    Approver(Arc<str>),
    /// A contact, or whoever reads the mailbox that the link was for.
    Contact(Arc<str>),
}

impl Actor {
    pub fn operator(name: &str) -> Actor {
        Actor::Operator(name.into())
    }

    pub fn key(name: &str) -> Actor {
        Actor::Key(format!("key {name}").into())
    }

    /// Who signs at this level by a link.
    pub fn signer(level: SignLevel, email: &EmailAddress) -> Actor {
        match level {
            SignLevel::Director => Actor::AccountDirector(email.as_str().into()),
            SignLevel::SalesDirector => Actor::SalesDirector(email.as_str().into()),
        }
    }

    pub fn account_manager(email: &EmailAddress) -> Actor {
        Actor::AccountManager(email.as_str().into())
    }

    pub fn approver(email: &EmailAddress) -> Actor {
        Actor::Approver(email.as_str().into())
    }

    pub fn contact(email: &EmailAddress) -> Actor {
        Actor::Contact(email.as_str().into())
    }

    /// As it stands in the journal.
    pub fn as_str(&self) -> &str {
        match self {
            Actor::Program => "soundings",
            Actor::List => "list",
            Actor::CommandLine => "command line",
            Actor::Visitor => "visitor",
            Actor::Operator(name)
            | Actor::Key(name)
            | Actor::AccountDirector(name)
            | Actor::SalesDirector(name)
            | Actor::AccountManager(name)
            | Actor::Approver(name)
            | Actor::Contact(name) => name,
        }
    }

    /// Whether this is who a row names.
    pub fn is(&self, written: &str) -> bool {
        self.as_str() == written
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<&Actor> for String {
    fn from(actor: &Actor) -> String {
        actor.as_str().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_reads_as_the_journal_has_it() {
        let email = EmailAddress::parse("Ann@client.example").unwrap();
        let fixed = [(Actor::Program, "soundings"), (Actor::List, "list"), (Actor::CommandLine, "command line")];
        for (actor, text) in &fixed {
            assert_eq!(
                (actor.as_str(), actor.to_string(), String::from(actor)),
                (*text, (*text).into(), (*text).into())
            );
            assert_eq!(fixed.iter().filter(|(other, _)| other.is(text)).count(), 1, "{text}");
            assert!(EmailAddress::parse(text).is_err(), "nobody's address reads as {text}");
        }
        let key = Actor::key("billing");
        assert!(key.is("key billing") && EmailAddress::parse(key.as_str()).is_err());
        let named = [
            Actor::operator(email.as_str()),
            Actor::signer(SignLevel::Director, &email),
            Actor::signer(SignLevel::SalesDirector, &email),
            Actor::account_manager(&email),
            Actor::approver(&email),
            Actor::contact(&email),
        ];
        for actor in named {
            assert_eq!(actor.as_str(), "Ann@client.example");
            assert!(actor.is("Ann@client.example") && !actor.is("ann@client.example") && !actor.is("soundings"));
        }
    }

    #[test]
    fn an_actor_goes_wherever_an_order_goes() {
        fn anywhere<T: Clone + Send + Sync + 'static>(_: T) {}
        anywhere(Actor::Program);
    }
}
