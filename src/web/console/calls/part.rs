//! Which part of the call list a page is, as the address says it.

use crate::steps::calling::Wanted;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::paging;

pub struct Part {
    pub wanted: Wanted,
    pub page: i64,
}

impl Part {
    /// Only words that we know narrow anything (S16).
    pub fn of(fields: &Fields) -> Part {
        let manager = fields.get("manager").chars().take(254).collect();
        Part { wanted: Wanted { manager, silent_only: fields.get("silent") == "yes" }, page: paging::number(fields) }
    }

    /// What stands in the address for this part, the page apart.
    pub fn kept(&self) -> [(&'static str, &str); 2] {
        [("manager", self.wanted.manager.as_str()), ("silent", if self.wanted.silent_only { "yes" } else { "" })]
    }
}
