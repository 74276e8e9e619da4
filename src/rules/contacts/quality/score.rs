//! The score of a list and of its accounts: 100 less the points of its reasons.
//!
//! How many points a reason can cost is a table in docs/decisions/0044; half of the rows, or all of the accounts, cost all of them.

use std::collections::{BTreeMap, HashSet};

use crate::base::counted::counted;
use crate::rules::contacts::checked::CheckedList;
use crate::rules::contacts::{ListedContact, REPAIRED};

use super::accounts::{self, ListedAccount, wanted};
use super::coverage::{Coverage, HALF, coverage};
use super::known::KnownFacts;
use super::value::{AccountQuality, Quality, Reason};

/// So many accounts and codes are named in a sentence.
const NAMED: usize = 5;

/// A score in the making.
struct Scale {
    reasons: Vec<Reason>,
}

impl Scale {
    /// `part` of `whole` costs that part of `most` points, one at least.
    fn less(&mut self, most: u64, part: u64, whole: u64, sentence: impl FnOnce() -> String) {
        if part > 0 && whole > 0 {
            let points = (most * part).div_ceil(whole).min(most);
            self.reasons.push(Reason { points: points as u8, sentence: sentence() });
        }
    }

    fn done(mut self) -> (u8, Vec<Reason>) {
        self.reasons.sort_by_key(|reason| std::cmp::Reverse(reason.points));
        let lost: u64 = self.reasons.iter().map(|reason| u64::from(reason.points)).sum();
        (100_u64.saturating_sub(lost) as u8, self.reasons)
    }
}

/// What a list is worth, alone and beside what is known of its client.
pub fn quality(list: &CheckedList, known: &KnownFacts) -> Quality {
    let mut all = accounts::of_list(list);
    accounts::with_known_revenue(&mut all, known);
    let coverage = coverage(&all, known);
    let whole = known.client_revenue.or_else(|| accounts::listed_revenue(&all));
    let mut accounts: Vec<AccountQuality> = all.iter().map(|account| of_account(account, whole)).collect();
    accounts.sort_by(|a, b| a.score.cmp(&b.score).then_with(|| a.account.cmp(&b.account)));
    let (score, reasons) = of_list(list, &all, &coverage, whole);
    Quality { score, reasons, accounts, coverage }
}

fn of_list(list: &CheckedList, all: &[ListedAccount<'_>], covered: &Coverage, whole: Option<i64>) -> (u8, Vec<Reason>) {
    let mut scale = Scale { reasons: Vec::new() };
    let (usable, left) = (list.accepted.len() as u64, list.unread.len() as u64);
    if usable == 0 {
        scale.less(100, 1, 1, || "No row can be used. Mend the list first.".into());
        return scale.done();
    }
    scale.less(25, left * 2, usable + left, || {
        format!(
            "{left} of {} people cannot be used. Mend their rows; the spreadsheets to send back name them.",
            usable + left
        )
    });
    let doubtful = doubtful(list.accepted.iter());
    scale.less(15, doubtful.0 * 2, usable, || {
        format!("{} of {usable} usable rows have findings ({}). Look at them.", doubtful.0, doubtful.1)
    });
    let present: Vec<&ListedAccount<'_>> = all.iter().filter(|a| !a.contacts.is_empty()).collect();
    let n = present.len() as u64;
    let of = |is: &dyn Fn(&ListedAccount<'_>) -> bool| -> Vec<&str> {
        present.iter().filter(|a| is(a)).map(|a| a.name).collect()
    };
    let among =
        |accounts: &[&str], total: u64| format!("{} of {}", accounts.len(), counted(total, "account", "accounts"));
    let headless = of(&|a| a.no_key_decision_maker());
    scale.less(15, headless.len() as u64, n, || {
        format!(
            "No key decision maker at {}: {}. Add who decides about the budget.",
            among(&headless, n),
            named(&headless)
        )
    });
    let flat = of(&|a| a.one_role_only().is_some());
    scale.less(10, flat.len() as u64, n, || {
        format!("One role only at {}: {}. Add people of other roles.", among(&flat, n), named(&flat))
    });
    let heavy = of(&|a| wanted(a.strategic, accounts::share(a.revenue, whole)) > 1).len() as u64;
    let short = of(&|a| a.too_few(whole).is_some());
    scale.less(10, short.len() as u64, heavy, || {
        format!("Too few people for their weight at {}: {}. Add people.", among(&short, n), named(&short))
    });
    let gone: Vec<&str> = covered.without_anyone.iter().map(|a| a.account.as_str()).collect();
    scale.less(10, gone.len() as u64 * 2, n + gone.len() as u64, || {
        let accounts = counted(gone.len(), "account", "accounts");
        format!("Nobody would be asked at {accounts}: {}. Add people, or leave it so on purpose.", named(&gone))
    });
    match covered.revenue_share {
        Some(share) if share < HALF => scale.less(15, u64::from(HALF - share), u64::from(HALF), || {
            format!("The list stands for {share} % of the client's revenue; half is wanted. Add the largest accounts that are missing.")
        }),
        Some(_) => {}
        None if covered.client_revenue.is_some() => scale.reasons.push(Reason {
            points: 0,
            sentence: "How much of the client's revenue the list stands for is not known, because the revenue of none of its accounts is. Add the column annual_revenue.".into(),
        }),
        None => scale.reasons.push(Reason {
            points: 0,
            sentence: "How much of the client's revenue the list stands for is not known. Write the annual revenue of the client into the settings of the round.".into(),
        }),
    }
    scale.done()
}

fn of_account(account: &ListedAccount<'_>, whole: Option<i64>) -> AccountQuality {
    let mut scale = Scale { reasons: Vec::new() };
    let people = account.contacts.len() as u64;
    if people == 0 {
        scale.less(100, 1, 1, || "Nobody of this account can be used. Mend its rows.".into());
    } else {
        let rows = people + account.left_out;
        scale.less(30, account.left_out * 2, rows, || format!("{} of {rows} people cannot be used.", account.left_out));
        if account.no_key_decision_maker() {
            scale.less(25, 1, 1, || "There is no key decision maker. Add who decides about the budget.".into());
        }
        let doubtful = doubtful(account.contacts.iter().copied());
        scale.less(15, doubtful.0 * 2, people, || {
            format!("{} of {people} rows have findings ({}).", doubtful.0, doubtful.1)
        });
        if let Some(role) = account.one_role_only() {
            scale.less(15, 1, 1, || format!("Everybody has one role, {}. Add people of other roles.", role.label()));
        }
        if let Some((wanted, weight)) = account.too_few(whole) {
            scale.less(15, wanted as u64 - people, wanted as u64, || {
                format!("It {weight} and has {}; {wanted} are wanted.", counted(people, "contact", "contacts"))
            });
        }
    }
    let (score, reasons) = scale.done();
    let director = account.contacts.first().map(|c| c.director.email.key()).unwrap_or_default();
    let (name, roles) = (account.name.to_owned(), account.roles());
    let findings = accounts::findings(account, whole);
    AccountQuality { account: name, director, contacts: people, roles, findings, score, reasons }
}

/// How many rows have a finding, and which are the most frequent.
fn doubtful<'c>(contacts: impl Iterator<Item = &'c ListedContact>) -> (u64, String) {
    let (mut rows, mut codes) = (0, BTreeMap::<&str, u64>::new());
    for contact in contacts {
        let told: HashSet<&str> =
            contact.findings.iter().map(|f| f.code.as_str()).filter(|code| *code != REPAIRED).collect();
        rows += u64::from(!told.is_empty());
        told.into_iter().for_each(|code| *codes.entry(code).or_default() += 1);
    }
    let mut codes: Vec<(&str, u64)> = codes.into_iter().collect();
    codes.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let words: Vec<String> =
        codes.iter().take(NAMED).map(|(code, n)| format!("{} {n}", code.replace('_', " "))).collect();
    (rows, words.join(", "))
}

fn named(all: &[&str]) -> String {
    let first = all.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if all.len() > NAMED { format!("{first} and {} more", all.len() - NAMED) } else { first }
}
