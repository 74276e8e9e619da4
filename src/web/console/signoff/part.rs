//! Which part of the board a page is: what it shows, in which order, what is looked for, and the place to which its forms lead back.

use axum::response::{IntoResponse, Redirect, Response};

use crate::base::ids::AccountId;
use crate::steps::Live;
use crate::store::signoff::board::Order;
use crate::web::console::views::contacts::{Filter, SORT};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::forms::query::query;
use crate::web::kit::paging;
use crate::web::kit::urls;
use crate::web::kit::views::form::Choice;

const SHOWN: [(&str, &str); 8] = [
    ("", "all accounts"),
    ("late", "late"),
    ("open", "not signed off"),
    ("unsigned", "waiting for the account director"),
    ("counter_sign", "waiting for the sales director"),
    ("signed", "signed off"),
    ("asked", "with names to be told apart"),
    ("to_look_at", "with names to look at"),
];

const SORTED: [(&str, &str, Order); 6] = [
    ("director", "account director", Order::Director),
    (LATE_FIRST, "late directors first", Order::LateFirst),
    ("account", "account", Order::Account),
    ("names", "most names left", Order::NamesLeft),
    ("late", "longest waiting", Order::Wait),
    ("revenue", "highest revenue", Order::Revenue),
];

/// The order while anybody is late, unless another one is asked for.
const LATE_FIRST: &str = "late_first";

#[derive(Clone)]
pub struct Part {
    pub filter: &'static str,
    /// As the address says it; empty: what is best now.
    sort: &'static str,
    pub order: Order,
    pub q: String,
    pub page: i64,
}

impl Part {
    /// Only words that we know narrow anything (S16).
    pub fn of(fields: &Fields) -> Part {
        let filter = SHOWN.iter().map(|(filter, _)| *filter).find(|f| *f == fields.get("show")).unwrap_or("");
        let sorted = SORTED.iter().find(|(sort, ..)| *sort == fields.get(SORT));
        let (sort, _, order) = sorted.copied().unwrap_or(("", "", Order::Director));
        let q = fields.get("q").chars().take(100).collect();
        Part { filter, sort, order, q, page: paging::number(fields) }
    }

    /// While directors are late they come first, unless another order is asked for.
    pub fn with_late(self, is_anybody_late: bool) -> Part {
        let order = if self.sort.is_empty() && is_anybody_late { Order::LateFirst } else { self.order };
        Part { order, ..self }
    }

    /// The order in which it is shown, as a choice.
    fn shown_sort(&self) -> &'static str {
        SORTED.iter().find(|(.., order)| *order == self.order).map_or("", |(sort, ..)| *sort)
    }

    /// What stands in the address for this part, the page apart.
    pub fn kept(&self) -> [(&str, &str); 3] {
        [("show", self.filter), (SORT, self.sort), ("q", &self.q)]
    }

    fn said(&self, done: &str) -> String {
        let page = if self.page > 1 { self.page.to_string() } else { String::new() };
        let [show, sort, q] = self.kept();
        query(&[("done", done), show, sort, q, ("page", &page)])
    }

    pub fn back(&self, live: &Live, done: &str, account: Option<&AccountId>) -> Response {
        let row = account.map(|account| format!("#account-{account}")).unwrap_or_default();
        Redirect::to(&format!("{}{}{row}", urls::board(&live.slug), self.said(done))).into_response()
    }

    /// Where the forms of the page are posted to, so that one stands in the same part afterwards.
    pub fn here(&self, live: &Live) -> String {
        format!("{}{}", urls::board(&live.slug), self.said(""))
    }

    pub fn filters(&self) -> Vec<Filter> {
        let choice = |(value, label): (&'static str, &'static str)| Choice::new(value, label);
        vec![
            Filter {
                name: "show",
                label: "Show",
                value: self.filter.into(),
                choices: SHOWN.into_iter().map(choice).collect(),
            },
            Filter {
                name: SORT,
                label: "Sort by",
                value: self.shown_sort().into(),
                choices: SORTED.into_iter().map(|(value, label, _)| choice((value, label))).collect(),
            },
        ]
    }
}
