//! Which names of accounts a client's people have called one account, and which they have called two; and which one was called before.
//!
//! Lists go by what people have said. Whom we know, and what lasts of him, is looked for under the former names as well.

use std::collections::{HashMap, HashSet};

use crate::base::problem::Result;
use crate::store::Tx;
use crate::store::contacts::account_questions::{self, Said};

/// Names that are one account, the one that was known before the others.
#[derive(Clone, Debug, Default)]
struct Groups {
    groups: Vec<Vec<String>>,
    group_of: HashMap<String, usize>,
}

impl Groups {
    fn join(&mut self, known: &str, listed: &str) {
        let [known, listed] = [known, listed].map(|name| {
            *self.group_of.entry(name.to_owned()).or_insert_with(|| {
                self.groups.push(vec![name.to_owned()]);
                self.groups.len() - 1
            })
        });
        if known == listed {
            return;
        }
        let joined = self.groups.get_mut(listed).map(std::mem::take).unwrap_or_default();
        for name in &joined {
            self.group_of.insert(name.clone(), known);
        }
        if let Some(group) = self.groups.get_mut(known) {
            group.extend(joined);
        }
    }

    fn names<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        let group = self.group_of.get(name).and_then(|at| self.groups.get(*at));
        group.map_or_else(|| vec![name], |group| group.iter().map(String::as_str).collect())
    }
}

/// By names as they are compared.
#[derive(Debug, Default)]
pub(in crate::contacts) struct Aliases {
    /// What people have called one account.
    one: Groups,
    /// The same with the names that accounts had before a list renamed them.
    former: Groups,
    /// With which names it is not one.
    apart: HashMap<String, HashSet<String>>,
}

impl Aliases {
    /// `said`: the latest first. Where answers contradict each other, "two accounts" holds, and of the others the later.
    fn of(said: &[Said]) -> Aliases {
        let mut aliases = Aliases::default();
        for two in said.iter().filter(|said| said.answer != "same") {
            for (a, b) in [(&two.listed_key, &two.known_key), (&two.known_key, &two.listed_key)] {
                aliases.apart.entry(a.clone()).or_default().insert(b.clone());
            }
        }
        let same = |renamed: bool| said.iter().filter(move |said| said.answer == "same" && said.renamed.0 == renamed);
        for same in same(false) {
            if !aliases.are_two(&same.listed_key, &same.known_key) {
                aliases.one.join(&same.known_key, &same.listed_key);
            }
        }
        aliases.former = aliases.one.clone();
        for renamed in same(true) {
            if !aliases.are_two_in(&aliases.former, &renamed.listed_key, &renamed.known_key) {
                aliases.former.join(&renamed.known_key, &renamed.listed_key);
            }
        }
        aliases
    }

    pub fn is_empty(&self) -> bool {
        self.one.groups.is_empty()
    }

    /// All names by which people of this one's account may be known, also those that it had before.
    pub fn names<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        self.former.names(name)
    }

    /// One of them for all of them.
    pub fn canonical<'a>(&'a self, name: &'a str) -> &'a str {
        self.names(name).first().copied().unwrap_or(name)
    }

    /// The names that people have called one account with this one.
    pub fn one_account<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        self.one.names(name)
    }

    /// The name under which this one's account is kept: the one that has people in the round, else the list's, else the known.
    pub fn kept<'a>(
        &'a self,
        name: &'a str,
        has_people: impl Fn(&str) -> bool,
        is_listed: impl Fn(&str) -> bool,
    ) -> &'a str {
        let names = self.one_account(name);
        let kept = names.iter().find(|name| has_people(name)).or_else(|| names.iter().find(|name| is_listed(name)));
        kept.or(names.first()).copied().unwrap_or(name)
    }

    /// Whether somebody has said that the two, or other names of theirs, are two accounts.
    pub fn are_two(&self, a: &str, b: &str) -> bool {
        self.are_two_in(&self.one, a, b)
    }

    fn are_two_in(&self, groups: &Groups, a: &str, b: &str) -> bool {
        let of_b = groups.names(b);
        groups.names(a).iter().filter_map(|a| self.apart.get(*a)).any(|apart| of_b.iter().any(|b| apart.contains(*b)))
    }
}

pub(in crate::contacts) async fn load(tx: &mut Tx, client: &str) -> Result<Aliases> {
    Ok(Aliases::of(&account_questions::said(tx, client).await?))
}

/// All that was said, in a text: another one means that lists are to be compared again, whichever round of the client asked.
pub(in crate::contacts) async fn as_said(tx: &mut Tx, client: &str) -> Result<String> {
    let said = account_questions::said(tx, client).await?;
    Ok(said.iter().map(|s| format!("{}\t{}\t{}\t{}\n", s.listed_key, s.known_key, s.answer, s.renamed.0)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Flag;

    /// Answers in the order in which they were given: (listed, known, answer).
    fn aliases(said: &[(&str, &str, &str)]) -> Aliases {
        let said: Vec<Said> = said
            .iter()
            .rev()
            .map(|(listed, known, answer)| Said {
                listed_key: (*listed).into(),
                known_key: (*known).into(),
                answer: if *answer == "other" { "other" } else { "same" }.into(),
                renamed: Flag(*answer == "renamed"),
            })
            .collect();
        Aliases::of(&said)
    }

    fn kept<'a>(aliases: &'a Aliases, name: &'a str, people: &[&str], listed: &[&str]) -> &'a str {
        aliases.kept(name, |name| people.contains(&name), |name| listed.contains(&name))
    }

    #[test]
    fn one_account_is_found_under_each_of_its_names() {
        let one = aliases(&[("acme ag", "acme gmbh", "same")]);
        for name in ["acme ag", "acme gmbh"] {
            assert_eq!(kept(&one, name, &["acme ag"], &["acme gmbh"]), "acme ag", "who has people");
            assert_eq!(kept(&one, name, &["acme gmbh"], &["acme ag"]), "acme gmbh");
            assert_eq!(kept(&one, name, &[], &["acme ag"]), "acme ag", "else the name that the list has");
            assert_eq!(kept(&one, name, &[], &["acme ag", "acme gmbh"]), "acme gmbh", "of these the known");
            assert_eq!(kept(&one, name, &[], &[]), "acme gmbh");
        }
        assert_eq!(kept(&one, "globex", &["acme ag"], &[]), "globex");
    }

    #[test]
    fn chains_of_answers_end_at_one_name_in_every_order() {
        let answers = [("ag", "gmbh", "same"), ("gmbh", "acme", "same"), ("se", "ag", "same")];
        for turn in 0..3 {
            let mut said = answers;
            said.rotate_left(turn);
            for said in [said, [said[2], said[1], said[0]]] {
                let one = aliases(&said);
                for name in ["ag", "gmbh", "acme", "se"] {
                    assert_eq!(kept(&one, name, &[], &[]), "acme", "{said:?}");
                    assert_eq!(kept(&one, name, &["se"], &["ag"]), "se", "{said:?}");
                }
            }
        }
    }

    #[test]
    fn two_accounts_stay_two_under_all_their_names() {
        let said = aliases(&[("ag", "gmbh", "other"), ("se", "ag", "same"), ("se", "gmbh", "same")]);
        assert!(said.are_two("ag", "gmbh") && said.are_two("gmbh", "ag"));
        // The later of two answers that do not go together.
        assert_eq!((kept(&said, "se", &[], &[]), kept(&said, "ag", &[], &[])), ("gmbh", "ag"));
        let said = aliases(&[("ag", "gmbh", "other"), ("se", "ag", "same")]);
        assert!(said.are_two("se", "gmbh"), "what is said of a name is said of its account");
        assert!(!said.are_two("se", "ag") && !said.are_two("se", "plc"));
    }

    #[test]
    fn a_former_name_finds_people_and_moves_nobody() {
        let said = aliases(&[("globex gmbh", "globex", "same"), ("hooli", "globex gmbh", "renamed")]);
        for name in ["globex", "globex gmbh", "hooli"] {
            assert_eq!(said.names(name).len(), 3, "{name}");
            assert_eq!(said.canonical(name), "globex");
        }
        assert_eq!(kept(&said, "globex", &["hooli"], &[]), "globex", "a list that has the old name means it");
        let two = aliases(&[("hooli", "globex", "renamed"), ("hooli", "globex", "other")]);
        assert_eq!((two.canonical("hooli"), two.canonical("globex")), ("hooli", "globex"), "somebody has said so");
    }
}
