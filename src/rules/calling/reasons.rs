//! Why somebody stands where he stands on the call list, in words that one can say on the telephone.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::base::sentence::capitalised;
use crate::rules::completion::whole_percent;
use crate::rules::contacts::Role;
use crate::rules::response::Questionnaire;

/// A reason to call somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody of the account has answered. What it is worth in a year, of what all invited accounts are.
    Silent {
        strategic: bool,
        revenue: i64,
        of: i64,
    },
    /// Others of the account have answered, and nobody of this role.
    NobodyOfRole(Role),
    /// Has said that the answers come by this day, which is over.
    Promised(NaiveDate),
    Began,
    AnsweredLastTime,
    BeganLastTime,
    /// One answer more.
    OneMore,
}

/// How far somebody came who has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// When the first answer was saved.
    pub day: NaiveDate,
    /// The page that is not filled in, of how many.
    pub page: usize,
    pub pages: usize,
}

/// Where somebody has stopped who has answered these items: at the last page with an answer, or at the next one where that page is done.
pub fn stopped(questionnaire: &Questionnaire, answered: &BTreeSet<&str>, day: NaiveDate) -> Option<Stopped> {
    let pages = questionnaire.groups.len();
    let has = |item: &crate::rules::response::Item| answered.contains(item.id.as_str());
    let last = questionnaire.groups.iter().rposition(|group| group.items.iter().any(has))?;
    let group = questionnaire.groups.get(last)?;
    let done = group.items.iter().filter(|item| item.required).all(has);
    let page = if done { (last + 2).min(pages) } else { last + 1 };
    Some(Stopped { day, page, pages })
}

/// All reasons as one sentence. `account`: its name; `stopped`: where he has begun and where that is known.
pub fn sentence(all: &[Why], account: &str, stopped: Option<&Stopped>) -> String {
    let told: Vec<String> = all.iter().flat_map(|why| why.told(account, stopped)).collect();
    format!("{}.", capitalised(&told.join("; ")))
}

impl Why {
    fn told(self, account: &str, stopped: Option<&Stopped>) -> Vec<String> {
        match self {
            Why::Silent { strategic, revenue, of } => {
                let mut all = vec![format!("nobody of {account} has answered")];
                if strategic {
                    all.push("a strategic account".into());
                }
                let percent = whole_percent(revenue.max(0) as u64, of.max(0) as u64);
                if revenue > 0 && percent > 0 {
                    all.push(format!("worth {percent} % of the revenue"));
                }
                all
            }
            Why::NobodyOfRole(role) => vec![format!("no {} of {account} has answered", role.label())],
            Why::Promised(day) => vec![format!("wanted to answer by {}", day.format("%a %-d %b"))],
            Why::Began => vec![match stopped {
                None => "has begun and not finished".into(),
                Some(Stopped { day, page, pages }) => {
                    format!("began on {} and stopped at page {page} of {pages}", day.format("%a %-d %b"))
                }
            }],
            Why::AnsweredLastTime => vec!["answered in the round before".into()],
            Why::BeganLastTime => vec!["began in the round before and did not finish".into()],
            Why::OneMore => vec!["one more answer".into()],
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn day() -> NaiveDate {
        "2027-02-09".parse().unwrap()
    }

    #[test]
    fn reasons_are_said_as_one_says_them() {
        let silent = Why::Silent { strategic: true, revenue: 40, of: 1_000 };
        let stopped = Stopped { day: day(), page: 3, pages: 5 };
        assert_eq!(
            sentence(&[silent, Why::Began], "Calder", Some(&stopped)),
            "Nobody of Calder has answered; a strategic account; worth 4 % of the revenue; began on Tue 9 Feb and stopped at page 3 of 5."
        );
        assert_eq!(
            sentence(&[Why::NobodyOfRole(Role::KeyDecisionMaker), Why::Promised(day())], "Calder", None),
            "No key decision maker of Calder has answered; wanted to answer by Tue 9 Feb."
        );
        assert_eq!(
            sentence(&[Why::Silent { strategic: false, revenue: 0, of: 0 }], "Calder", None),
            "Nobody of Calder has answered."
        );
        assert_eq!(sentence(&[Why::OneMore], "Calder", None), "One more answer.");
    }

    #[test]
    fn who_has_begun_stopped_at_the_first_page_that_is_not_done() {
        let item =
            |id: &str, required: bool| json!({"id": id, "kind": "text", "required": required, "text": {"en": id}});
        let group = |items: Vec<serde_json::Value>| json!({"title": {"en": "T"}, "item": items});
        let questionnaire: Questionnaire = serde_json::from_value(json!({"id": "q", "version": "1", "group": [
            group(vec![item("a", true), item("b", true)]),
            group(vec![item("c", false)]),
            group(vec![item("d", true)]),
        ]}))
        .unwrap();
        let cases: [(&[&str], Option<usize>); 6] = [
            (&["a"], Some(1)),
            (&["a", "b"], Some(2)),
            (&["a", "c"], Some(3)),
            (&["d"], Some(3)),
            (&[], None),
            (&["x"], None),
        ];
        for (answered, page) in cases {
            let answered: BTreeSet<&str> = answered.iter().copied().collect();
            let found = stopped(&questionnaire, &answered, day()).map(|stopped| (stopped.page, stopped.pages));
            assert_eq!(found, page.map(|page| (page, 3)), "{answered:?}");
        }
    }
}
