//! How a round goes on by its accounts: the course of their first answers, in the form in which contacts have theirs, so that one forecast
//! is for both.
//!
//! An account is asked by every letter that reaches somebody of it, and answers with the first of its people. It is not known of which
//! accounts the people of a letter were, so a letter to a share of the open people counts as one to this share of the silent accounts.

use super::course::{Day, Open};
use crate::rules::message::MessageKind;

/// The days of a round with accounts in the place of contacts. `reachable`: contacts; `invited`: accounts.
pub fn days_of_accounts(days: &[Day], reachable: i64, invited: i64) -> Vec<Day> {
    let invitations: i64 = days.iter().flat_map(|day| &day.letters).map(|letter| sent_invitations(*letter)).sum();
    let (mut answers, mut answered) = (0, 0);
    let mut all = Vec::new();
    for day in days {
        let (open, silent) = ((reachable - answers).max(1), (invited - answered).max(0));
        let to = |(kind, number, sent): (MessageKind, i64, i64)| {
            let accounts = match kind {
                MessageKind::Invitation => part(sent, invitations, invited),
                _ => part(sent, open, silent),
            };
            (kind, number, accounts)
        };
        let letters = day.letters.iter().map(|letter| to(*letter)).collect();
        all.push(Day { answers: day.accounts, letters, ..day.clone() });
        (answers, answered) = (day.answers, day.accounts);
    }
    all
}

fn sent_invitations((kind, _, sent): (MessageKind, i64, i64)) -> i64 {
    if kind == MessageKind::Invitation { sent } else { 0 }
}

/// Of so many, the share `sent` of `base`.
fn part(sent: i64, base: i64, of: i64) -> i64 {
    let share = sent as f64 / base.max(1) as f64;
    (share.clamp(0.0, 1.0) * of as f64).round() as i64
}

/// The accounts that are still to answer: any letter may be the one that moves somebody of them. A letter to those who have begun is left
/// out: it is not known how many accounts have them.
pub fn open_accounts(invited: i64, completed: i64) -> Open {
    let silent = (invited - completed).max(0);
    Open { reachable: invited, completed, writable: silent, started: 0, in_silent_accounts: silent }
}

#[cfg(test)]
mod tests;
