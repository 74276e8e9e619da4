//! What earlier rounds of a client say about the people and accounts of a list, and what of it is a finding.

use crate::base::clock::{DAY, Ts};
use crate::rules::contacts::row::Field;
use crate::rules::contacts::{Finding, ListedContact, Severity};

/// Who has not answered in so many rounds, one after the other, is asked in vain.
pub const SILENT_ROUNDS: usize = 3;

/// People who are asked all the time stop answering: a quarter of a year lies between two rounds of a client.
pub const BETWEEN_ROUNDS: i64 = 90 * DAY;

/// What is known beside a list.
#[derive(Clone, Debug, Default)]
pub struct KnownFacts {
    /// What all customers of the client are worth to it in a year.
    pub client_revenue: Option<i64>,
    /// The accounts of the client's round before this one.
    pub accounts: Vec<AccountBefore>,
    /// Those of this round, as they are without the list.
    pub this_round: Vec<AccountBefore>,
}

/// An account that is known without the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountBefore {
    pub name: String,
    pub revenue: Option<i64>,
}

/// What an earlier round of the client knows of an address.
#[derive(Clone, Debug)]
pub struct EarlierRound {
    pub title: String,
    pub closed: bool,
    /// Somebody was there to read it: neither a dead address nor a departure.
    pub reachable: bool,
    /// Neither completed nor begun.
    pub silent: bool,
    pub last_sent: Option<Ts>,
}

/// The findings about one row. `rounds` are those in which the address was invited, the latest first.
pub fn findings(row: &ListedContact, rounds: &[EarlierRound], now: Ts) -> Vec<Finding> {
    let mut all = Vec::new();
    let mut told = |code: &str, sentence: String| {
        all.push(Finding {
            line: row.line,
            code: code.into(),
            severity: Severity::Warning,
            field: Field::Email.as_str().into(),
            value: row.email.as_str().into(),
            message: format!("Row {}: {sentence}", row.line),
        });
    };
    let over: Vec<&EarlierRound> = rounds.iter().filter(|r| r.closed).take(SILENT_ROUNDS).collect();
    if over.len() == SILENT_ROUNDS && over.iter().all(|r| r.silent && r.reachable) {
        told(
            "silent_for_three_rounds",
            format!(
                "{} has not answered in three rounds. Have the account manager speak to this person first, or name somebody else.",
                row.email
            ),
        );
    }
    let recent =
        rounds.iter().filter_map(|r| Some((r, r.last_sent?))).filter(|(_, at)| now.since(*at) < BETWEEN_ROUNDS);
    if let Some((round, at)) = recent.max_by_key(|(_, at)| *at) {
        told(
            "asked_recently",
            format!(
                "{} was written to on {} for {}, less than three months ago. Leave this person out, or wait.",
                row.email,
                day(at),
                round.title
            ),
        );
    }
    all
}

fn day(at: Ts) -> String {
    at.utc().format("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::check::Checker;
    use crate::rules::contacts::row::Row;

    const NOW: Ts = Ts(1_800_000_000_000);

    fn row() -> ListedContact {
        let mut row = Row::new(7);
        for (field, text) in [
            (Field::Account, "Acme"),
            (Field::LastName, "Lee"),
            (Field::Email, "lee@acme.example"),
            (Field::DirectorEmail, "d@client.example"),
        ] {
            row.set(field, text);
        }
        let mut checker = Checker::new(Vec::new(), 1);
        checker.push(row);
        checker.finish().accepted.remove(0)
    }

    /// A closed round of so many years ago in which the person was silent.
    fn silent(years: i64) -> EarlierRound {
        let last_sent = Some(NOW.plus(-years * 365 * DAY));
        EarlierRound { title: format!("Round {years}"), closed: true, reachable: true, silent: true, last_sent }
    }

    fn codes(rounds: &[EarlierRound]) -> Vec<String> {
        findings(&row(), rounds, NOW).into_iter().map(|f| f.code).collect()
    }

    #[test]
    fn three_silent_rounds_in_a_row_are_told() {
        assert_eq!(codes(&[silent(1), silent(2), silent(3)]), ["silent_for_three_rounds"]);
        assert_eq!(codes(&[silent(1), silent(2)]), [""; 0]);
        assert_eq!(codes(&[EarlierRound { silent: false, ..silent(1) }, silent(2), silent(3), silent(4)]), [""; 0]);
        assert_eq!(codes(&[silent(1), EarlierRound { reachable: false, ..silent(2) }, silent(3)]), [""; 0]);
        let running = EarlierRound { closed: false, ..silent(1) };
        assert_eq!(codes(&[running.clone(), silent(2), silent(3)]), [""; 0], "a round that runs may still be answered");
        assert_eq!(codes(&[running, silent(2), silent(3), silent(4)]), ["silent_for_three_rounds"]);
    }

    #[test]
    fn a_mail_of_the_last_three_months_is_told_with_its_day() {
        let sent = |days: i64| EarlierRound { last_sent: Some(NOW.plus(-days * DAY)), silent: false, ..silent(1) };
        assert_eq!(codes(&[sent(89)]), ["asked_recently"]);
        assert_eq!(codes(&[sent(90)]), [""; 0]);
        assert_eq!(codes(&[EarlierRound { last_sent: None, ..sent(1) }]), [""; 0]);
        let message = findings(&row(), &[sent(120), sent(10), sent(20)], NOW).remove(0).message;
        assert!(
            message.starts_with("Row 7: lee@acme.example was written to on 5 January 2027 for Round 1"),
            "{message}"
        );
    }
}
