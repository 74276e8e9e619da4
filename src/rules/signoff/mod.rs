//! Who must sign the names of an account, and what a signature covers.
//!
//! Promise 1: nobody is written to whose name was not signed off. A signature covers the fingerprint of an exact list; a name that changes
//! afterwards waits for a new one, and the others stay signed (`rows`). Strategic accounts need the sales director's signature on the same
//! names as well.

use serde::{Deserialize, Serialize};

use crate::base::clock::{HOUR, MINUTE, Ts};
use crate::rules::calendar::Calendar;
use crate::rules::round::SignoffSpec;

pub mod carried;
mod changes;
pub mod delegation;
pub mod human_step;
pub mod ladder;
pub mod late;
pub mod loss;
pub mod rows;
mod signed_name;

pub use changes::{Change, Listed, NamePart, Was, What, changes, changes_and_back};
pub use signed_name::{SignedName, fingerprint};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignLevel {
    Director,
    SalesDirector,
}

impl SignLevel {
    pub fn as_str(self) -> &'static str {
        match self {
            SignLevel::Director => "director",
            SignLevel::SalesDirector => "sales_director",
        }
    }

    pub fn parse(text: &str) -> Option<SignLevel> {
        [SignLevel::Director, SignLevel::SalesDirector].into_iter().find(|l| l.as_str() == text)
    }
}

/// What is still missing before a contact may be written to; of an account, what its worst name misses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The account director has not signed this name as it is.
    Unsigned,
    /// Strategic, signed by the account director, waiting for the sales director.
    CounterSign,
    Signed,
}

impl Standing {
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Unsigned => "unsigned",
            Standing::CounterSign => "counter_sign",
            Standing::Signed => "signed",
        }
    }

    pub fn parse(text: &str) -> Option<Standing> {
        [Standing::Unsigned, Standing::CounterSign, Standing::Signed].into_iter().find(|s| s.as_str() == text)
    }
}

/// Whether this level may sign now: the sales director only what the account director has signed.
pub fn may_sign(level: SignLevel, standing: Standing) -> bool {
    matches!(
        (level, standing),
        (SignLevel::Director, Standing::Unsigned) | (SignLevel::SalesDirector, Standing::CounterSign)
    )
}

/// A name, as far as leaving out asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Unanswered {
    pub is_listed: bool,
    pub has_answered: bool,
    pub standing: Standing,
}

/// Whether a name is taken off where its account is left out: it waits for a signature, and whoever has answered stays. `level`: only who
/// waits for this one, for nobody has asked the other yet.
pub fn is_left_out(level: Option<SignLevel>, name: Unanswered) -> bool {
    let waits = level.map_or(name.standing != Standing::Signed, |level| may_sign(level, name.standing));
    name.is_listed && !name.has_answered && waits
}

/// When somebody who has been asked `asked` times is asked again: so many working days later, at the time at which sending begins in
/// the round's own zone; none when the chases are used up.
pub fn next_chase(calendar: &Calendar, spec: &SignoffSpec, asked: u32, now: Ts) -> Option<Ts> {
    if asked > spec.maximum_chases {
        return None;
    }
    let day = calendar.working_days_from(calendar.local(now).date(), spec.chase_every_working_days.max(1) as i32);
    Some(calendar.on_day(day, None))
}

/// The sales director's mail of a day leaves so long before sending ends, with all that account directors have signed by then.
const BEFORE_THE_END: i64 = HOUR;
/// What is signed after that goes together, too, so long before sending ends.
const LAST_CALL: i64 = MINUTE;

/// When the sales director is asked for what became ready at `now`: with what else becomes ready on that day, still on it while mail goes,
/// and never in more than two mails a day.
pub fn counter_ask_at(office: &Calendar, now: Ts) -> Ts {
    let today = office.local(now).date();
    if !office.is_working_day(today) {
        return office.next_sending_time(now);
    }
    let last = office.last_hour().map(|until| office.on_day(today, Some(until)));
    let batch = last.map_or(now, |until| until.plus(-BEFORE_THE_END)).max(office.on_day(today, None));
    let last_call = last.map_or(now, |until| until.plus(-LAST_CALL));
    match now {
        now if now <= batch => batch,
        now if now <= last_call => last_call,
        now => office.next_sending_time(office.end_of_day(now)),
    }
}

/// The human step of a signature: the number of names, typed. Spaces are forgiven, and the marks between thousands.
pub fn typed_number_fits(typed: &str, names: usize) -> bool {
    let between = |c: char| c.is_whitespace() || [',', '.', '\'', '\u{2019}'].contains(&c);
    let digits: String = typed.trim().split(between).collect();
    let thousands = typed.trim().split(between).skip(1).all(|part| part.len() == 3);
    thousands && digits.parse::<usize>() == Ok(names)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::base::seal::sha256;
    use crate::rules::calendar::almanac::Almanac;
    use crate::rules::calendar::zone::Zone;
    use crate::rules::contacts::Role;

    use super::*;

    /// Somebody at this address, for the tests of this folder.
    pub(super) fn name(email: &str) -> SignedName {
        SignedName {
            email: email.into(),
            first_name: "Ann".into(),
            last_name: "Lee".into(),
            job_title: String::new(),
            role: Role::Influencer,
            language: "en".into(),
            country: "GB".into(),
            time_zone: "Europe/London".into(),
            region: String::new(),
        }
    }

    #[test]
    fn who_waits_for_the_level_that_did_not_answer_is_left_out_and_whoever_has_answered_stays() {
        use Standing::{CounterSign, Signed, Unsigned};
        let by = |level| {
            [Unsigned, CounterSign, Signed].map(|standing| {
                let name = Unanswered { is_listed: true, has_answered: false, standing };
                assert!(!is_left_out(level, Unanswered { has_answered: true, ..name }));
                assert!(!is_left_out(level, Unanswered { is_listed: false, ..name }));
                is_left_out(level, name)
            })
        };
        assert_eq!(by(None), [true, true, false]);
        assert_eq!(by(Some(SignLevel::Director)), [true, false, false]);
        assert_eq!(by(Some(SignLevel::SalesDirector)), [false, true, false]);
    }

    #[test]
    fn the_order_of_a_list_is_no_change_and_a_letter_is() {
        let mut names = vec![name("a@x.example"), name("b@x.example")];
        let signed = fingerprint("X", &names);
        names.reverse();
        assert_eq!(fingerprint("X", &names), signed);
        names[0].first_name = "Anne".into();
        assert_ne!(fingerprint("X", &names), signed);
    }

    #[test]
    fn signatures_from_before_there_were_regions_hold() {
        let before = r#"["X",[{"country":"GB","email":"a@x.example","first_name":"Ann","job_title":"","language":"en","last_name":"Lee","role":"influencer","time_zone":"Europe/London"}]]"#;
        assert_eq!(fingerprint("X", &[name("a@x.example")]), sha256(before));
    }

    #[test]
    fn the_sales_director_hears_twice_a_day_at_most_and_on_the_day_while_mail_goes() {
        let schedule = serde_json::from_value(serde_json::json!({
            "opens": "2027-02-08", "closes": "2027-03-05", "time_zone": "Europe/London", "send_from": "09:00", "send_until": "16:30"
        }))
        .unwrap();
        let zone = Zone::find("Europe/London").unwrap();
        let office =
            Calendar::prepare(&schedule, zone.clone(), Almanac::built_in().days(Almanac::built_in().key("GB", "")));
        let at = |text: &str| zone.resolve(text.parse::<chrono::NaiveDateTime>().unwrap());
        for (signed, asked) in [
            // Whatever is signed on a Tuesday before the batch is asked for together.
            ("2027-01-19T00:10:00", "2027-01-19T15:30:00"),
            ("2027-01-19T09:20:00", "2027-01-19T15:30:00"),
            ("2027-01-19T15:29:00", "2027-01-19T15:30:00"),
            // What is signed later, on the day while mail goes, otherwise on the next.
            ("2027-01-19T15:31:00", "2027-01-19T16:29:00"),
            ("2027-01-19T20:00:00", "2027-01-20T09:00:00"),
            ("2027-01-19T23:50:00", "2027-01-20T09:00:00"),
            // At the weekend nobody is bothered.
            ("2027-01-23T11:00:00", "2027-01-25T09:00:00"),
        ] {
            assert_eq!(counter_ask_at(&office, at(signed)), at(asked), "{signed}");
        }
    }

    proptest! {
        #[test]
        fn any_change_of_any_field_changes_the_fingerprint(field in 0usize..9, with in "[a-z]{1,8}") {
            let mut changed = name("a@x.example");
            match field {
                0 => changed.email.push_str(&with),
                1 => changed.first_name.push_str(&with),
                2 => changed.last_name.push_str(&with),
                3 => changed.job_title.push_str(&with),
                4 => changed.role = Role::KeyDecisionMaker,
                5 => changed.language.push_str(&with),
                6 => changed.country.push_str(&with),
                7 => changed.region.push_str(&with),
                _ => changed.time_zone.push_str(&with),
            }
            prop_assert_ne!(fingerprint("X", &[changed]), fingerprint("X", &[name("a@x.example")]));
        }
    }
}
