//! Which names of a list are signed, each by itself.
//!
//! A signature covers an exact list, and of the list that it covers every name that is still there as it was. So a name that changes, comes
//! or comes back waits alone, and the others of its account stay signed (decision 0049). Of each level the last signature counts: it was
//! made with the whole list in sight.

use std::collections::HashMap;

use crate::base::ids::ContactId;

use super::{Listed, SignLevel, SignedName, Standing};

/// The last signature of one level under the names of an account, unless it was withdrawn.
#[derive(Clone, Debug)]
pub struct Signed {
    pub level: SignLevel,
    /// Its number among all signatures; later ones have higher numbers.
    pub n: i64,
    pub fingerprint: String,
    /// What the account was called; earlier versions did not keep it.
    pub called: Option<String>,
    /// The list; none where it was not kept.
    pub names: Option<HashMap<ContactId, SignedName>>,
}

impl Signed {
    pub fn names_of(list: Vec<Listed>) -> HashMap<ContactId, SignedName> {
        list.into_iter().map(|listed| (listed.id, listed.name)).collect()
    }
}

/// An account as the rule sees it.
#[derive(Clone, Copy, Debug)]
pub struct AccountNow<'a> {
    pub name: &'a str,
    /// Of all its names as they are now.
    pub fingerprint: &'a str,
    /// Strategic, now or at any time since the round was started, so that no list takes the second signature away by leaving a column out.
    pub second: bool,
}

/// A name on the list of an account.
#[derive(Clone, Copy, Debug)]
pub struct RowNow<'a> {
    pub id: &'a ContactId,
    pub name: &'a SignedName,
    /// Whoever was taken off the list and is back is signed again: signatures up to this number do not cover him. 0: was never off.
    pub off_after: i64,
}

/// What covers the names of one account.
#[derive(Clone, Debug)]
pub struct Coverage<'a> {
    account: AccountNow<'a>,
    director: Option<&'a Signed>,
    sales_director: Option<&'a Signed>,
}

impl<'a> Coverage<'a> {
    /// `signed`: of each level at most one.
    pub fn new(account: AccountNow<'a>, signed: impl IntoIterator<Item = &'a Signed>) -> Coverage<'a> {
        let mut all = Coverage { account, director: None, sales_director: None };
        for by in signed {
            match by.level {
                SignLevel::Director => all.director = Some(by),
                SignLevel::SalesDirector => all.sales_director = Some(by),
            }
        }
        all
    }

    /// Where one name stands.
    pub fn of(&self, row: RowNow<'_>) -> Standing {
        let covers = |by: Option<&Signed>| by.is_some_and(|by| covers(by, self.account, row));
        match (covers(self.director), self.account.second, covers(self.sales_director)) {
            (false, _, _) => Standing::Unsigned,
            (true, true, false) => Standing::CounterSign,
            (true, _, _) => Standing::Signed,
        }
    }

    /// Whether the last signature of one level covers a name.
    pub fn covered(&self, level: SignLevel, row: RowNow<'_>) -> bool {
        let by = match level {
            SignLevel::Director => self.director,
            SignLevel::SalesDirector => self.sales_director,
        };
        by.is_some_and(|by| covers(by, self.account, row))
    }

    /// The fingerprint of the account director's list under which a name is signed that he has signed.
    pub fn signed_as(&self) -> Option<&str> {
        self.director.map(|by| by.fingerprint.as_str())
    }
}

fn covers(by: &Signed, account: AccountNow<'_>, row: RowNow<'_>) -> bool {
    if by.n <= row.off_after {
        return false;
    }
    match &by.names {
        Some(names) => {
            by.called.as_deref().is_none_or(|called| called == account.name) && names.get(row.id) == Some(row.name)
        }
        // All or nothing, where nobody knows whose names they were.
        None => by.fingerprint == account.fingerprint,
    }
}

/// Where an account stands: as its worst name does; one without names is not signed.
pub fn of_account(names: impl IntoIterator<Item = Standing>) -> Standing {
    names.into_iter().min().unwrap_or(Standing::Unsigned)
}

/// How many of these names wait for a signature of this level: the number that is typed.
pub fn waiting(level: SignLevel, names: impl IntoIterator<Item = Standing>) -> usize {
    names.into_iter().filter(|standing| super::may_sign(level, *standing)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::rules::signoff::fingerprint;
    use crate::rules::signoff::tests::name;

    use super::*;

    /// What happens to the list of an account.
    #[derive(Clone, Debug)]
    enum Event {
        Add,
        Change(usize),
        /// To what it was before the last change.
        ChangeBack(usize),
        TakeOff(usize),
        PutBack(usize),
        Sign,
        CounterSign,
        /// What the level has signed stands, and some more names as in the round before: at which level, and which.
        Carry(usize, u8),
        Withdraw,
        Rename(String),
    }

    #[derive(Clone, Debug)]
    struct Row {
        id: ContactId,
        name: SignedName,
        before: SignedName,
        on: bool,
        off_after: i64,
        /// What the last signature of each level saw of it since it was put on the list: told apart from the rule.
        seen: [Option<(SignedName, String)>; 2],
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            3 => Just(Event::Add),
            3 => (0usize..6).prop_map(Event::Change),
            1 => (0usize..6).prop_map(Event::ChangeBack),
            2 => (0usize..6).prop_map(Event::TakeOff),
            2 => (0usize..6).prop_map(Event::PutBack),
            4 => Just(Event::Sign),
            3 => Just(Event::CounterSign),
            2 => (0usize..2, any::<u8>()).prop_map(|(level, which)| Event::Carry(level, which)),
            1 => Just(Event::Withdraw),
            1 => "[A-C]".prop_map(Event::Rename),
        ]
    }

    fn on(rows: &[Row]) -> Vec<&Row> {
        rows.iter().filter(|r| r.on).collect()
    }

    fn print(account: &str, rows: &[Row]) -> String {
        fingerprint(account, &on(rows).iter().map(|r| r.name.clone()).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn a_name_is_signed_exactly_when_who_signed_last_saw_it_as_it_is_and_it_stayed_on_the_list(
            events in prop::collection::vec(event(), 1..40), second: bool
        ) {
            let (mut rows, mut account, mut n, mut number) = (Vec::<Row>::new(), "A".to_string(), 0i64, 0usize);
            let mut signed: [Option<Signed>; 2] = [None, None];
            for event in events {
                let at = |rows: &[Row], place: usize| if rows.is_empty() { None } else { Some(place % rows.len()) };
                match event {
                    Event::Add => {
                        number += 1;
                        let name = name(&format!("c{number}@x.example"));
                        rows.push(Row {
                            id: ContactId::from(format!("c{number}").as_str()),
                            before: name.clone(),
                            name,
                            on: true,
                            off_after: 0,
                            seen: [None, None],
                        });
                    }
                    Event::Change(place) => if let Some(place) = at(&rows, place) {
                        rows[place].before = rows[place].name.clone();
                        rows[place].name.job_title.push('x');
                    },
                    Event::ChangeBack(place) => if let Some(place) = at(&rows, place) {
                        rows[place].name = rows[place].before.clone();
                    },
                    Event::TakeOff(place) => if let Some(place) = at(&rows, place) {
                        rows[place].on = false;
                        rows[place].off_after = n;
                        rows[place].seen = [None, None];
                    },
                    Event::PutBack(place) => if let Some(place) = at(&rows, place) { rows[place].on = true },
                    Event::Sign | Event::CounterSign => {
                        let level = usize::from(matches!(event, Event::CounterSign));
                        n += 1;
                        let listed = on(&rows).into_iter().map(|r| (r.id.clone(), r.name.clone())).collect();
                        signed[level] = Some(Signed {
                            level: [SignLevel::Director, SignLevel::SalesDirector][level],
                            n,
                            fingerprint: print(&account, &rows),
                            called: Some(account.clone()),
                            names: Some(listed),
                        });
                        for row in &mut rows {
                            row.seen[level] = row.on.then(|| (row.name.clone(), account.clone()));
                        }
                    }
                    Event::Carry(level, which) => {
                        let before = print(&account, &rows);
                        let of = AccountNow { name: &account, fingerprint: &before, second };
                        let coverage = Coverage::new(of, signed.iter().flatten());
                        let levels = [SignLevel::Director, SignLevel::SalesDirector];
                        let is_in = |(place, row): (usize, &Row)| {
                            let now = RowNow { id: &row.id, name: &row.name, off_after: row.off_after };
                            row.on && (coverage.covered(levels[level], now) || which >> (place % 8) & 1 == 1)
                        };
                        let listed: Vec<bool> = rows.iter().enumerate().map(is_in).collect();
                        let kept = rows.iter().zip(&listed).filter(|(_, is_in)| **is_in).map(|(row, _)| row);
                        let names = kept.map(|row| (row.id.clone(), row.name.clone())).collect();
                        n += 1;
                        signed[level] = Some(Signed {
                            level: levels[level],
                            n,
                            fingerprint: "of a part".into(),
                            called: Some(account.clone()),
                            names: Some(names),
                        });
                        for (row, is_in) in rows.iter_mut().zip(listed) {
                            row.seen[level] = is_in.then(|| (row.name.clone(), account.clone()));
                        }
                    }
                    Event::Withdraw => {
                        signed[0] = None;
                        rows.iter_mut().for_each(|row| row.seen[0] = None);
                    }
                    Event::Rename(to) => account = to,
                }
                let now = print(&account, &rows);
                let coverage = Coverage::new(
                    AccountNow { name: &account, fingerprint: &now, second },
                    signed.iter().flatten(),
                );
                for row in on(&rows) {
                    let saw = |level: usize| row.seen[level].as_ref() == Some(&(row.name.clone(), account.clone()));
                    let expected = match (saw(0), second, saw(1)) {
                        (false, ..) => Standing::Unsigned,
                        (true, true, false) => Standing::CounterSign,
                        _ => Standing::Signed,
                    };
                    let is = coverage.of(RowNow { id: &row.id, name: &row.name, off_after: row.off_after });
                    prop_assert_eq!(is, expected, "{:?}", row);
                }
            }
        }
    }

    #[test]
    fn one_mistyped_address_holds_nobody_else() {
        let names: Vec<(ContactId, SignedName)> =
            (0..38).map(|n| (ContactId::from(format!("c{n}").as_str()), name(&format!("c{n}@x.example")))).collect();
        let by = |level, n| Signed {
            level,
            n,
            fingerprint: "then".into(),
            called: Some("X".into()),
            names: Some(names.iter().cloned().collect()),
        };
        let both = [by(SignLevel::Director, 1), by(SignLevel::SalesDirector, 2)];
        let coverage = Coverage::new(AccountNow { name: "X", fingerprint: "now", second: true }, &both);
        let mut now = names.clone();
        now[7].1.email = "seven@x.example".into();
        let standings: Vec<Standing> =
            now.iter().map(|(id, name)| coverage.of(RowNow { id, name, off_after: 0 })).collect();
        assert_eq!(standings.iter().filter(|s| **s == Standing::Signed).count(), 37);
        assert_eq!((standings[7], of_account(standings.iter().copied())), (Standing::Unsigned, Standing::Unsigned));
        assert_eq!(waiting(SignLevel::Director, standings.iter().copied()), 1);
        assert_eq!(waiting(SignLevel::SalesDirector, standings), 0);
    }

    #[test]
    fn a_list_that_was_not_kept_is_signed_as_a_whole_or_not_at_all() {
        let by = [Signed { level: SignLevel::Director, n: 1, fingerprint: "this".into(), called: None, names: None }];
        let (id, name) = (ContactId::from("a"), name("a@x.example"));
        let of = |fingerprint, off_after| {
            Coverage::new(AccountNow { name: "X", fingerprint, second: false }, &by).of(RowNow {
                id: &id,
                name: &name,
                off_after,
            })
        };
        assert_eq!(of("this", 0), Standing::Signed);
        assert_eq!(of("another", 0), Standing::Unsigned);
        assert_eq!(of("this", 1), Standing::Unsigned, "he was off the list since");
    }
}
