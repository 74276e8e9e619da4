//! Which mails a list shows: by words, by kind, by account; and the names of both as people say them.

use serde::Deserialize;

use crate::rules::message::MessageKind;
use crate::web::kit::forms::query::query;

use super::head::Head;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub q: String,
    pub kind: String,
    pub account: String,
    /// Mails with lower numbers only.
    pub before: Option<u64>,
}

impl Filter {
    pub fn admits(&self, mail: &Head, account: &str) -> bool {
        let words = self.q.trim().to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&words);
        self.before.is_none_or(|before| mail.number < before)
            && (self.kind.is_empty() || self.kind == mail.kind)
            && (self.account.is_empty() || self.account == account)
            && (words.is_empty() || has(&mail.name) || has(&mail.to) || has(&mail.subject))
    }

    pub fn is_set(&self) -> bool {
        !(self.q.trim().is_empty() && self.kind.is_empty() && self.account.is_empty())
    }

    /// The same filter in an address, with its question mark; empty when it asks for nothing.
    pub fn query(&self, before: Option<u64>) -> String {
        let before = before.map(|before| before.to_string()).unwrap_or_default();
        query(&[("q", &self.q), ("kind", &self.kind), ("account", &self.account), ("before", &before)])
    }
}

/// "warm-up" of `warm_up`; what we do not know stays as it is.
pub fn kind_of(kind: &str) -> String {
    MessageKind::parse(kind).map_or_else(|| kind.to_string(), |kind| kind.label().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Ts;

    #[test]
    fn a_filter_admits_by_all_that_it_says_and_goes_along_in_addresses() {
        let mail = Head {
            number: 7,
            at: Ts(0),
            kind: "warm_up".into(),
            to: "j.roth@globex.example".into(),
            name: "J\u{fc}rgen Roth".into(),
            subject: "A word".into(),
            copies: 1,
        };
        let filter = |q: &str, kind: &str, account: &str, before| Filter {
            q: q.into(),
            kind: kind.into(),
            account: account.into(),
            before,
        };
        for yes in [
            filter("", "", "", None),
            filter(" J\u{dc}RGEN ", "warm_up", "Globex & Co", Some(8)),
            filter("roth@globex", "", "", None),
            filter("word", "", "", None),
        ] {
            assert!(yes.admits(&mail, "Globex & Co"), "{yes:?}");
        }
        for no in [
            filter("nobody", "", "", None),
            filter("", "invitation", "", None),
            filter("", "", "Umbra", None),
            filter("", "", "", Some(7)),
        ] {
            assert!(!no.admits(&mail, "Globex & Co"), "{no:?}");
        }
        assert_eq!(
            filter("a b", "", "Globex & Co", Some(3)).query(Some(3)),
            "?q=a%20b&account=Globex%20%26%20Co&before=3"
        );
        assert_eq!(filter("", "", "", None).query(None), "");
    }
}
