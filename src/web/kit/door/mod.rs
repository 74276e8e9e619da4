//! What stands before every page: whose host, from where, how often, who is logged in, and links that mail programs have damaged.

pub(crate) mod origin;
pub(crate) mod rate_limit;
pub(crate) mod damaged_links;
pub(crate) mod forwarded;
pub(crate) mod visitor;
pub(crate) mod session;
pub(crate) mod guard;
