//! What a client's people have said about names of accounts that differ in their legal form.

use std::collections::{HashMap, HashSet};

use crate::base::problem::Result;
use crate::store::Tx;
use crate::store::contacts::account_questions;

/// By names as they are compared.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    /// The name that is meant by another one.
    same: HashMap<String, String>,
    /// Pairs about which something was said.
    settled: HashSet<(String, String)>,
}

impl Aliases {
    pub fn is_empty(&self) -> bool {
        self.same.is_empty()
    }

    /// The name that is meant by this one, of those that are there.
    pub fn meant(&self, key: &str, is_there: impl Fn(&str) -> bool) -> Option<&str> {
        self.same.get(key).map(String::as_str).filter(|meant| is_there(meant))
    }

    /// Whether somebody has said something about the two.
    pub fn is_settled(&self, a: &str, b: &str) -> bool {
        [(a, b), (b, a)].into_iter().any(|(a, b)| self.settled.contains(&(a.to_owned(), b.to_owned())))
    }
}

pub(super) async fn load(tx: &mut Tx, client: &str) -> Result<Aliases> {
    let mut aliases = Aliases::default();
    for said in account_questions::said(tx, client).await? {
        if said.answer == "same" {
            aliases.same.entry(said.listed_key.clone()).or_insert_with(|| said.known_key.clone());
        }
        aliases.settled.insert((said.listed_key, said.known_key));
    }
    Ok(aliases)
}
