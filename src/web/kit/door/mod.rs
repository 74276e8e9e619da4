//! What stands before every page: whose host, from where, how often, who is logged in, and links that mail programs have damaged.

pub(in crate::web) mod origin;
pub(in crate::web) mod rate_limit;
pub(in crate::web) mod damaged_links;
pub(in crate::web) mod forwarded;
pub(in crate::web) mod visitor;
pub(in crate::web) mod session;
pub(in crate::web) mod guard;
