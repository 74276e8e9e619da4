//! When a mailed code signs: who may have one sent and how often, for how long it is good, and how many wrong digits it bears.
//!
//! The link of a page is in a mail that is scanned, forwarded and printed; whoever has only the link cannot sign where a code is asked for
//! (promise 5, S19, S21). One code is for all accounts that waited when it was sent: fifteen strategic accounts are signed with one mail.

use crate::base::clock::{DAY, MINUTE, Ts};
use crate::base::ids::AccountId;

pub const CODE_LASTS: i64 = 10 * MINUTE;
/// So many wrong codes are borne; then a new one must be asked for.
pub const TRIES: i64 = 5;
/// Nobody's mailbox is flooded by somebody who has his link.
const LEAST_BETWEEN: i64 = MINUTE;
pub const MOST_IN_A_DAY: usize = 10;
/// As far back as the codes before count.
pub const COUNTED_FOR: i64 = DAY;
const DIGITS: usize = 6;

/// The latest code of a request.
#[derive(Clone, Copy, Debug)]
pub struct SentCode<'a> {
    pub sent_at: Ts,
    /// Wrong codes that were typed since.
    pub wrong: i64,
    /// What waited for a code when it was sent.
    pub accounts: &'a [AccountId],
}

impl SentCode<'_> {
    /// Whether its digits would still sign something.
    pub fn holds(&self, now: Ts) -> bool {
        !self.is_over(now) && self.wrong < TRIES
    }

    fn is_over(&self, now: Ts) -> bool {
        is_over(self.sent_at, now)
    }
}

/// Whether a code that was asked for at `sent_at` is good no longer.
pub fn is_over(sent_at: Ts, now: Ts) -> bool {
    now.since(sent_at) >= CODE_LASTS
}

/// What comes of what somebody typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    Fits,
    Nothing,
    NotSixDigits,
    NoneWasSent,
    Over,
    TriesUsedUp,
    /// The account did not wait when the code was sent.
    ForOthers,
    /// So many tries are left.
    Wrong {
        left: i64,
    },
}

/// Why what was typed signs nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTyped {
    NoNumber,
    /// This was typed, and not so many names wait.
    OtherNumber(String),
    Code(Typed),
}

/// `signs`: the accounts that ask for a code; it must have been sent for every one of them. `is_the_code` compares with the digits of `code`.
pub fn judge<'a>(
    code: Option<SentCode<'_>>,
    signs: impl IntoIterator<Item = &'a AccountId>,
    typed: &str,
    now: Ts,
    is_the_code: impl FnOnce(&str) -> bool,
) -> Typed {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let Some(code) = code else { return if typed.is_empty() { Typed::Nothing } else { Typed::NoneWasSent } };
    if typed.is_empty() {
        Typed::Nothing
    } else if code.is_over(now) {
        Typed::Over
    } else if code.wrong >= TRIES {
        Typed::TriesUsedUp
    } else if !signs.into_iter().all(|account| code.accounts.contains(account)) {
        Typed::ForOthers
    } else if typed.len() != DIGITS || !typed.bytes().all(|b| b.is_ascii_digit()) {
        Typed::NotSixDigits
    } else if is_the_code(&typed) {
        Typed::Fits
    } else {
        Typed::Wrong { left: TRIES - code.wrong - 1 }
    }
}

/// Why no code is sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// One has just been sent.
    JustSent,
    EnoughForADay,
}

/// Whether one may be sent at `now`. `before`: when the others of the request were, within the last day.
pub fn may_send(before: &[Ts], now: Ts) -> Result<(), NotNow> {
    let within = |span: i64| before.iter().filter(|at| now.since(**at) < span).count();
    if within(LEAST_BETWEEN) > 0 {
        Err(NotNow::JustSent)
    } else if within(COUNTED_FOR) >= MOST_IN_A_DAY {
        Err(NotNow::EnoughForADay)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SENT: Ts = Ts(1_800_000_000_000);
    const CODE: &str = "004211";

    fn judged(wrong: i64, account: &str, typed: &str, after: i64) -> Typed {
        let accounts = [AccountId::from("globex"), AccountId::from("umbra")];
        let code = SentCode { sent_at: SENT, wrong, accounts: &accounts };
        judge(Some(code), [&account.into()], typed, SENT.plus(after), |typed| typed == CODE)
    }

    #[test]
    fn what_was_mailed_signs_however_it_is_spaced_and_nothing_else_does() {
        for typed in ["004211", " 004 211 ", "004-211", "00 42 11"] {
            assert_eq!(judged(0, "umbra", typed, 0), Typed::Fits, "{typed}");
        }
        for (typed, comes) in [
            ("", Typed::Nothing),
            (" - ", Typed::Nothing),
            ("4211", Typed::NotSixDigits),
            ("0042111", Typed::NotSixDigits),
            ("00421l", Typed::NotSixDigits),
            ("\u{661}04211", Typed::NotSixDigits),
            ("004212", Typed::Wrong { left: 4 }),
        ] {
            assert_eq!(judged(0, "umbra", typed, 0), comes, "{typed:?}");
        }
        assert_eq!(judge(None, [&"umbra".into()], CODE, SENT, |_| true), Typed::NoneWasSent);
        assert_eq!(judge(None, [&"umbra".into()], "", SENT, |_| true), Typed::Nothing);
    }

    #[test]
    fn it_ends_with_its_time_and_its_tries_and_is_for_the_accounts_that_waited() {
        assert_eq!(judged(0, "umbra", CODE, CODE_LASTS - 1), Typed::Fits);
        assert_eq!(judged(0, "umbra", CODE, CODE_LASTS), Typed::Over);
        assert_eq!(judged(TRIES - 1, "umbra", CODE, 0), Typed::Fits);
        assert_eq!(judged(TRIES - 1, "umbra", "111111", 0), Typed::Wrong { left: 0 });
        assert_eq!(judged(TRIES, "umbra", CODE, 0), Typed::TriesUsedUp);
        assert_eq!(judged(0, "initech", CODE, 0), Typed::ForOthers);
    }

    #[test]
    fn several_are_signed_together_where_the_code_was_sent_for_all_of_them() {
        let all = ["globex", "umbra", "initech"].map(AccountId::from);
        let code = SentCode { sent_at: SENT, wrong: 0, accounts: &all[..2] };
        let judged = |signs: &[AccountId]| judge(Some(code), signs, CODE, SENT, |typed| typed == CODE);
        assert_eq!((judged(&all[..2]), judged(&all), judged(&[])), (Typed::Fits, Typed::ForOthers, Typed::Fits));
    }

    #[test]
    fn at_most_one_a_minute_and_ten_a_day() {
        let at = |minutes: i64| SENT.plus(minutes * MINUTE);
        assert_eq!(may_send(&[], SENT), Ok(()));
        assert_eq!(may_send(&[SENT], SENT.plus(MINUTE - 1)), Err(NotNow::JustSent));
        assert_eq!(may_send(&[SENT], at(1)), Ok(()));
        let ten: Vec<Ts> = (0..10).map(at).collect();
        assert_eq!(may_send(&ten, at(60)), Err(NotNow::EnoughForADay));
        assert_eq!(may_send(&ten, SENT.plus(DAY)), Ok(()), "the first of them counts no more");
    }

    proptest! {
        #[test]
        fn nothing_fits_but_the_code_in_time_within_its_tries_at_its_accounts(
            wrong in 0..8_i64, account in "(globex|umbra|initech)", typed in "(004211|[0-9]{5,7})", after in 0..2 * CODE_LASTS,
        ) {
            let fits = judged(wrong, &account, &typed, after) == Typed::Fits;
            prop_assert_eq!(fits, typed == CODE && wrong < TRIES && account != "initech" && after < CODE_LASTS);
        }

        #[test]
        fn whoever_guesses_has_fifty_tries_a_day(waits in prop::collection::vec(0..2 * DAY / 20, 1..200)) {
            let (mut now, mut sent): (Ts, Vec<Ts>) = (SENT, Vec::new());
            for wait in waits {
                now = now.plus(wait);
                if may_send(&sent, now).is_ok() {
                    sent.push(now);
                }
            }
            for at in &sent {
                let of_a_day = sent.iter().filter(|other| (0..DAY).contains(&other.since(*at))).count();
                prop_assert!(of_a_day <= MOST_IN_A_DAY);
            }
            prop_assert!(sent.windows(2).all(|pair| pair[1].since(pair[0]) >= LEAST_BETWEEN));
        }
    }
}
