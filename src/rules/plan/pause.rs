//! What is stopped, for whom and until when: by account, account director, country, language or touch.
//!
//! Promises: a pause holds everything of its scope from its beginning on, whatever was planned or claimed before; one that has
//! no end holds until it is lifted. A message that was held is planned anew, once, when nothing holds it any more.

use crate::base::address::key_of;
use crate::base::clock::Ts;
use crate::base::ids::AccountId;
use crate::rules::message::MessageKind;

use super::facts::Facts;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    Account(AccountId),
    /// By the account director's address, in lower case.
    Director(String),
    /// ISO 3166 code of the contact's country.
    Country(String),
    /// The contact's language, as the list has it.
    Language(String),
    /// Messages of a kind; with a number only that one.
    Touch(MessageKind, Option<u32>),
}

impl Scope {
    /// As it is stored: what kind of scope, and which.
    pub fn parts(&self) -> (&'static str, String) {
        match self {
            Scope::Account(id) => ("account", id.to_string()),
            Scope::Director(email) => ("director", email.clone()),
            Scope::Country(code) => ("country", code.clone()),
            Scope::Language(code) => ("language", code.clone()),
            Scope::Touch(kind, None) => ("touch", kind.as_str().into()),
            Scope::Touch(kind, Some(number)) => ("touch", format!("{kind}-{number}")),
        }
    }

    pub fn parse(scope: &str, value: &str) -> Option<Scope> {
        if value.is_empty() {
            return None;
        }
        Some(match scope {
            "account" => Scope::Account(value.into()),
            "director" => Scope::Director(key_of(value)),
            "country" => Scope::Country(value.to_uppercase()),
            "language" => Scope::Language(value.to_lowercase()),
            "touch" => {
                let (kind, number) = match value.split_once('-') {
                    Some((kind, number)) => (kind, Some(number.parse().ok()?)),
                    None => (value, None),
                };
                Scope::Touch(MessageKind::parse(kind).filter(|kind| kind.to_contact())?, number)
            }
            _ => return None,
        })
    }

    fn holds(&self, facts: &Facts, kind: MessageKind, number: u32) -> bool {
        match self {
            Scope::Account(id) => *id == facts.account,
            Scope::Director(email) => *email == facts.director,
            Scope::Country(code) => *code == facts.country,
            Scope::Language(code) => *code == facts.language,
            Scope::Touch(of, only) => *of == kind && only.is_none_or(|only| only == number),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    pub scope: Scope,
    pub from: Ts,
    /// Not included; none: until it is lifted.
    pub until: Option<Ts>,
}

/// The first instant at `at` or later at which no pause holds this message; `None` when one has no end.
pub(super) fn free_from(pauses: &[Pause], facts: &Facts, kind: MessageKind, number: u32, at: Ts) -> Option<Ts> {
    let mut at = at;
    // Every turn passes the end of a pause, so there are no more turns than pauses.
    while let Some(pause) = pauses
        .iter()
        .find(|p| p.from <= at && p.until.is_none_or(|until| at < until) && p.scope.holds(facts, kind, number))
    {
        at = pause.until?;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(scope: Scope, from: i64, until: Option<i64>) -> Pause {
        Pause { scope, from: Ts(from), until: until.map(Ts) }
    }

    #[test]
    fn scopes_are_read_as_they_are_written() {
        let all = [
            Scope::Account("a1".into()),
            Scope::Director("d@client.example".into()),
            Scope::Country("DE".into()),
            Scope::Language("de".into()),
            Scope::Touch(MessageKind::Reminder, None),
            Scope::Touch(MessageKind::Reminder, Some(2)),
        ];
        for scope in all {
            let (kind, value) = scope.parts();
            assert_eq!(Scope::parse(kind, &value), Some(scope));
        }
        for (kind, value) in [("touch", "digest"), ("touch", "reminder-x"), ("planet", "x"), ("account", "")] {
            assert_eq!(Scope::parse(kind, value), None, "{kind} {value}");
        }
    }

    #[test]
    fn pauses_that_meet_hold_as_one_and_only_their_own() {
        let facts = Facts { account: "a1".into(), country: "DE".into(), ..Facts::default() };
        let pauses = [
            pause(Scope::Country("DE".into()), 20, Some(30)),
            pause(Scope::Account("a1".into()), 10, Some(20)),
            pause(Scope::Account("a2".into()), 0, None),
            pause(Scope::Touch(MessageKind::Reminder, Some(2)), 40, None),
        ];
        let free = |kind, number, at| free_from(&pauses, &facts, kind, number, Ts(at));
        assert_eq!(free(MessageKind::Invitation, 1, 9), Some(Ts(9)));
        assert_eq!(free(MessageKind::Invitation, 1, 10), Some(Ts(30)));
        assert_eq!(free(MessageKind::Reminder, 1, 50), Some(Ts(50)));
        assert_eq!(free(MessageKind::Reminder, 2, 39), Some(Ts(39)));
        assert_eq!(free(MessageKind::Reminder, 2, 40), None);
    }
}
