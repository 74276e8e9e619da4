//! Whether everybody at the largest account can be reached at all, when an account gets so many messages a day and no more.

use std::collections::BTreeMap;

use crate::rules::calendar::Calendar;
use crate::rules::contacts::ListedContact;
use crate::rules::message::MessageKind;
use crate::rules::plan::sequence::Sequence;
use crate::rules::round::RoundSpec;

/// One sentence when warm-up and invitation of the largest account do not fit between the first of them and the close; judged in the
/// round's own zone.
pub fn check_daily_capacity(spec: &RoundSpec, sequence: &Sequence, contacts: &[ListedContact]) -> Option<String> {
    let most = spec.schedule.maximum_per_account_per_day?;
    let mut accounts: BTreeMap<&str, u32> = BTreeMap::new();
    for contact in contacts {
        *accounts.entry(&contact.account).or_default() += 1;
    }
    let (account, people) = accounts.into_iter().max_by_key(|(_, people)| *people)?;
    let needed_kinds = |kind: MessageKind| matches!(kind, MessageKind::WarmUp | MessageKind::Invitation);
    let each = spec.touches.iter().filter(|t| needed_kinds(t.kind)).count() as u32;
    let needed = people * each;
    let days = days(spec, &sequence.home());
    let enough = needed.div_ceil(days.max(1));
    (needed > most.saturating_mul(days)).then(|| {
        format!(
            "{account} has {people} contacts, and {needed} letters and invitations at {most} a day do not fit into the {days} working \
             days until the close; set maximum_per_account_per_day = {enough} or more, or close later."
        )
    })
}

/// Working days from the first touch to the close.
fn days(spec: &RoundSpec, calendar: &Calendar) -> u32 {
    let before = spec.touches.iter().filter_map(|t| t.working_days).min().unwrap_or(0).min(0);
    let mut day = calendar.working_days_from(spec.schedule.opens, before);
    let mut days = 0;
    while day <= spec.schedule.closes {
        days += 1;
        day = calendar.working_days_from(day, 1);
    }
    days
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::rules::plan::tests::spec;

    use super::*;
    use crate::rules::calendar::almanac::Almanac;

    #[test]
    fn an_account_that_is_too_large_for_its_days_is_named_with_a_limit_that_works() {
        let mut spec = spec(json!([]));
        let people = |n: usize| -> Vec<ListedContact> {
            let row = json!({
                "line": 2, "account": "Globex", "first_name": "A", "last_name": "B", "email": "a@globex.example", "job_title": "",
                "role": "unknown", "language": "en", "country": "IE", "region": "", "time_zone": "Europe/Dublin",
                "director": {"name": "D", "email": "d@client.example"}, "manager": null, "strategic": false,
                "annual_revenue": null, "findings": []
            });
            vec![serde_json::from_value(row).unwrap(); n]
        };
        spec.schedule.maximum_per_account_per_day = Some(2);
        let said = |spec: &RoundSpec, n: usize| {
            let sequence = Sequence::prepare(spec, &Almanac::plain()).unwrap();
            check_daily_capacity(spec, &sequence, &people(n))
        };
        // From Monday the 1st to Friday the 26th there are 20 working days.
        assert_eq!(said(&spec, 20), None);
        let sentence = said(&spec, 21).unwrap();
        assert!(sentence.starts_with("Globex has 21 contacts, and 42 letters"), "{sentence}");
        assert!(sentence.contains("maximum_per_account_per_day = 3 or more"), "{sentence}");
        spec.schedule.maximum_per_account_per_day = Some(3);
        assert_eq!(said(&spec, 21), None);
    }
}
