//! The orders of a list of people, and what each of them is put in order by.

use crate::base::ids::ContactId;
use crate::rules::contacts::Role;

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Name,
    Account,
    Role,
    /// Who still has the furthest to go first; who cannot be asked any more last.
    Stage,
    /// Never, then the longest ago first.
    LastSent,
}

row! {
    /// A person with what he is put in order by.
    pub struct Keyed {
        pub id: ContactId,
        pub account_key: String,
        pub role: Role,
        pub stage: i64,
        pub last_sent_at: i64,
    }
}

/// Those who are equal stay in the order in which they come, which is by name.
pub fn in_order(found: &mut [Keyed], order: Order) {
    match order {
        Order::Name => {}
        Order::Account => found.sort_by(|a, b| a.account_key.cmp(&b.account_key)),
        Order::Role => found.sort_by_key(|p| p.role),
        Order::Stage => found.sort_by_key(|p| p.stage),
        Order::LastSent => found.sort_by_key(|p| p.last_sent_at),
    }
}
