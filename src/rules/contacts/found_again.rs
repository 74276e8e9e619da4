//! People of an earlier round found again among those of now: by the client's own key, else by the address, else by a name that only one
//! has at the account.
//!
//! A name is the weakest sign: it finds nobody whom a key or an address has found for somebody else.

use std::collections::{HashMap, HashSet};

/// Somebody of either round, as he is found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sought<'a> {
    /// What the client's own system calls him; empty where it is not known.
    pub client_key: &'a str,
    pub email_key: &'a str,
    /// The key of the account and the name.
    pub name: (&'a str, &'a str),
    /// Off the list of his round.
    pub removed: bool,
}

impl Sought<'_> {
    /// Of several with the same sign the highest is meant.
    fn rank(&self, now: &Sought<'_>) -> (bool, bool) {
        (!self.removed, self.name.0 == now.name.0)
    }
}

/// For each of these, whose place among those of before is his. `elsewhere`: somebody of now who is not among these has that key or
/// address.
pub fn found_again(
    before: &[Sought<'_>],
    now: &[Sought<'_>],
    elsewhere: impl Fn(&Sought<'_>) -> bool,
) -> Vec<Option<usize>> {
    let (mut by_client_key, mut by_email_key) =
        (HashMap::<&str, Vec<usize>>::new(), HashMap::<&str, Vec<usize>>::new());
    for (at, one) in before.iter().enumerate() {
        if !one.client_key.is_empty() {
            by_client_key.entry(one.client_key).or_default().push(at);
        }
        by_email_key.entry(one.email_key).or_default().push(at);
    }
    let best = |places: Option<&Vec<usize>>, p: &Sought<'_>| -> Option<usize> {
        places?.iter().copied().max_by_key(|at| before.get(*at).map(|one| one.rank(p)))
    };
    let mut found: Vec<Option<usize>> = now
        .iter()
        .map(|p| best(by_client_key.get(p.client_key), p).or_else(|| best(by_email_key.get(p.email_key), p)))
        .collect();

    let taken: HashSet<usize> = found.iter().copied().flatten().collect();
    let mut by_name = HashMap::<(&str, &str), Vec<usize>>::new();
    for (at, one) in before.iter().enumerate() {
        if !taken.contains(&at) && !elsewhere(one) {
            by_name.entry(one.name).or_default().push(at);
        }
    }
    let mut asked = HashMap::<(&str, &str), usize>::new();
    for (p, _) in now.iter().zip(&found).filter(|(_, place)| place.is_none()) {
        *asked.entry(p.name).or_default() += 1;
    }
    for (p, place) in now.iter().zip(&mut found).filter(|(_, place)| place.is_none()) {
        // Of two of one name nobody knows which is which.
        if let (Some([one]), Some(1)) = (by_name.get(&p.name).map(Vec::as_slice), asked.get(&p.name)) {
            *place = Some(*one);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sought(email_key: &'static str, name: (&'static str, &'static str)) -> Sought<'static> {
        Sought { email_key, name, ..Sought::default() }
    }

    fn keyed(client_key: &'static str, email_key: &'static str, account: &'static str) -> Sought<'static> {
        Sought { client_key, ..sought(email_key, (account, "ann lee")) }
    }

    fn find(before: &[Sought<'_>], now: &[Sought<'_>]) -> Vec<Option<usize>> {
        found_again(before, now, |_| false)
    }

    #[test]
    fn a_key_finds_before_an_address_and_an_address_before_a_name() {
        let before = [keyed("", "c@x", "x"), keyed("", "b@x", "y"), keyed("k", "a@x", "z")];
        assert_eq!(find(&before, &[keyed("k", "b@x", "x")]), [Some(2)]);
        assert_eq!(find(&before, &[keyed("other", "b@x", "x")]), [Some(1)]);
        assert_eq!(find(&before, &[keyed("", "new@x", "x")]), [Some(0)]);
        assert_eq!(find(&before, &[keyed("", "new@x", "nowhere")]), [None]);
        assert_eq!(find(&[], &[keyed("", "", "x")]), [None]);
    }

    #[test]
    fn a_name_finds_nobody_who_is_found_already() {
        let ann = ("x", "ann lee");
        let before = [sought("ann@x", ann)];
        // She herself, and somebody new of her name, whichever stands first.
        assert_eq!(find(&before, &[sought("ann@x", ann), sought("other@x", ann)]), [Some(0), None]);
        assert_eq!(find(&before, &[sought("other@x", ann), sought("ann@x", ann)]), [None, Some(0)]);
        // She is on another sheet.
        assert_eq!(found_again(&before, &[sought("other@x", ann)], |one| one.email_key == "ann@x"), [None]);
        assert_eq!(find(&before, &[sought("other@x", ann)]), [Some(0)]);
    }

    #[test]
    fn a_name_that_two_have_finds_nobody() {
        let ann = ("x", "ann lee");
        assert_eq!(find(&[sought("a@x", ann), sought("b@x", ann)], &[sought("c@x", ann)]), [None]);
        assert_eq!(find(&[sought("a@x", ann)], &[sought("c@x", ann), sought("d@x", ann)]), [None, None]);
        // One of the two is found by the address: the other is the one who is left.
        let before = [sought("a@x", ann), sought("b@x", ann)];
        assert_eq!(find(&before, &[sought("c@x", ann), sought("b@x", ann)]), [Some(0), Some(1)]);
    }

    #[test]
    fn of_several_with_one_key_who_is_on_the_list_and_at_the_account_is_meant() {
        let off = |p: Sought<'static>| Sought { removed: true, ..p };
        let (here, there) = (keyed("k", "a@x", "x"), keyed("k", "b@x", "y"));
        for (before, meant) in [
            ([here, off(there)], 0),
            ([off(here), there], 1),
            ([here, there], 0),
            ([there, here], 1),
            ([off(here), off(there)], 0),
        ] {
            assert_eq!(find(&before, &[keyed("k", "new@x", "x")]), [Some(meant)], "{before:?}");
        }
        let one_address = [off(keyed("", "a@x", "x")), keyed("", "a@x", "y")];
        assert_eq!(find(&one_address, &[keyed("", "a@x", "x")]), [Some(1)]);
    }
}
