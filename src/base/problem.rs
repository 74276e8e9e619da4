//! What is told to a person when something cannot be done: a kind, one sentence, and what to do next.
//!
//! Everything that can fail returns [`Problem`]. Causes from libraries are kept for the log and never shown on a page.

use std::fmt;

use serde::Serialize;

use super::in_a_browser::in_a_browser;
use super::sentence::one_stop;

pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// Decides the HTTP status and the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What was handed in cannot be used as it is.
    Unusable,
    /// There is no such thing, or this person may not know of it.
    NotFound,
    /// It was, and is over: a link that expired, a round that closed.
    Gone,
    /// Well-formed, but the state of things forbids it.
    Refused,
    /// Not logged in or not allowed.
    Forbidden,
    /// Larger than accepted.
    TooLarge,
    /// Something this depends on (database, SMTP server) is not there just now.
    Unavailable,
    /// Our own mistake.
    Internal,
}

impl Kind {
    /// Not something that the reader could have done otherwise.
    pub fn is_ours(self) -> bool {
        matches!(self, Kind::Unavailable | Kind::Internal)
    }
}

#[derive(Debug)]
pub struct Problem {
    pub kind: Kind,
    /// One sentence that names the thing.
    pub what: String,
    /// What the reader can do about it; may be empty.
    pub next: String,
    /// The same for whoever has a page before him and no command line; of others what of `next` a page can say ([`in_a_browser`]).
    pub next_on_page: Option<String>,
    /// Nobody can know whether it was done all the same; whoever reads it looks before he repeats it.
    pub may_be_saved: bool,
    /// For the log only.
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Problem {
    /// What a panic becomes, with its words as the cause.
    pub fn of_panic(panic: &(dyn std::any::Any + Send)) -> Problem {
        let said =
            panic.downcast_ref::<&str>().map(|s| (*s).to_string()).or_else(|| panic.downcast_ref::<String>().cloned());
        Problem::internal("A mistake of the program stopped this.").because(said.unwrap_or_default())
    }

    pub fn new(kind: Kind, what: impl Into<String>, next: impl Into<String>) -> Problem {
        Problem {
            kind,
            what: one_stop(what.into()),
            next: one_stop(next.into()),
            next_on_page: None,
            may_be_saved: false,
            cause: None,
        }
    }

    pub fn unusable(what: impl Into<String>, next: impl Into<String>) -> Problem {
        Problem::new(Kind::Unusable, what, next)
    }

    pub fn not_found(what: impl Into<String>, next: impl Into<String>) -> Problem {
        Problem::new(Kind::NotFound, what, next)
    }

    pub fn refused(what: impl Into<String>, next: impl Into<String>) -> Problem {
        Problem::new(Kind::Refused, what, next)
    }

    pub fn internal(what: impl Into<String>) -> Problem {
        Problem::new(Kind::Internal, what, "The details are in the log; please report them.")
    }

    /// What is to be done on a page, where `next` is about a command or a file.
    pub fn on_page(mut self, next: impl Into<String>) -> Problem {
        self.next_on_page = Some(one_stop(next.into()));
        self
    }

    /// What the reader of a page can do about it.
    pub fn page_next(&self) -> String {
        self.next_on_page.clone().unwrap_or_else(|| in_a_browser(&self.next))
    }

    /// All of it, as a page says it.
    pub fn for_page(&self) -> String {
        [self.what.clone(), self.page_next()].into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Nobody can know whether it was done all the same.
    pub fn unless_saved(mut self) -> Problem {
        self.may_be_saved = true;
        self
    }

    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Problem {
        self.cause = Some(cause.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if !self.next.is_empty() {
            write!(f, " {}", self.next)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|c| &**c as &(dyn std::error::Error + 'static))
    }
}
