//! From what a report says of one address to a class: is it proven that the address is dead?
//!
//! Proof takes words or a code that say so and nothing that speaks against it: not the sender, a policy, the size, the time, a fault, nor that the
//! address had already been taken when the refusal came. Everything else is a soft bounce; the next message will show.

use crate::rules::replies::Class;

use super::codes::{self, Stage, Status};
use super::fields;
use super::phrases::{self, Meaning};
use super::words;

/// What is known of the fate of one address.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// The report's own field, if it has one.
    pub status: Option<Status>,
    /// The answer of the other server, or what stands beside the address where there is none.
    pub said: &'a str,
    /// The report around it: how far the conversation was, whether it is over.
    pub around: &'a str,
    /// The report comes from the recipient's own domain, which knows its mailboxes.
    pub own_domain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub class: Class,
    pub status: Option<Status>,
}

pub fn judge(evidence: Evidence<'_>) -> Verdict {
    let said = without_addresses(&evidence.said.to_lowercase());
    let around = fields::one_line(&evidence.around.to_lowercase());
    let codes = codes::read(&said);
    let own = codes.statuses.iter().find(|s| s.1 != 0).or(codes.statuses.first()).copied();
    let meaning = phrases::meaning(&said);
    let proof = Proof {
        own,
        field: evidence.status,
        reply: codes.reply,
        all: &codes.statuses,
        stage: Some(codes::stage(&said)).filter(|s| *s != Stage::Unknown).unwrap_or_else(|| codes::stage(&around)),
        own_domain: evidence.own_domain,
        final_word: evidence.status.is_some_and(|s| s.0 == 5) || words::any("final", &around),
        permanent: around.contains("this is a permanent error"),
        meaning,
    };
    let class = if proof.is_enough() { Class::HardBounce } else { Class::SoftBounce };
    let field = evidence.status.filter(|s| s.1 != 0);
    let status = own.filter(|s| s.1 != 0).or(field).or(meaning.map(Meaning::status)).or(own).or(evidence.status);
    Verdict { class, status }
}

struct Proof<'a> {
    own: Option<Status>,
    field: Option<Status>,
    reply: Option<u16>,
    all: &'a [Status],
    stage: Stage,
    own_domain: bool,
    final_word: bool,
    permanent: bool,
    meaning: Option<Meaning>,
}

impl Proof<'_> {
    fn is_enough(&self) -> bool {
        if self.is_temporary() || self.is_policy() || matches!(self.stage, Stage::Sender | Stage::Greeting) {
            return false;
        }
        // What the other server wrote into its answer outweighs what the reporting one made of it.
        let code = self.own.or(self.field).filter(|s| s.1 != 0);
        let names_address = code.is_some_and(|s| matches!(s, (5, 1, 1..=3 | 6 | 10)));
        match self.meaning {
            Some(Meaning::NoSuchDomain) => code.is_none_or(|s| matches!(s.1, 1 | 3 | 4 | 5)),
            Some(Meaning::NoSuchUser | Meaning::Moved | Meaning::Closed) => {
                let taken = self.stage == Stage::Content && code.is_none_or(|s| s.1 != 1);
                // A server that knows its mailboxes and still says "undefined" has another reason than the one it gives, unless it calls the error
                // permanent in so many words, as Exim does, which knows no other code.
                let undefined = Some((5, 0, 0));
                let evasive = self.own == undefined
                    || (self.own_domain && self.own.is_none() && self.field == undefined && !self.permanent);
                !taken && !evasive && self.allows(code)
            }
            Some(Meaning::Unavailable | Meaning::Refused) => {
                names_address
                    || (self.meaning == Some(Meaning::Refused) && self.own == Some((5, 1, 0)))
                    || self.own == Some((5, 4, 1))
                    || (self.stage == Stage::Recipient && code.is_none() && self.reply == Some(550))
            }
            None => (names_address && self.stage != Stage::Content) || code == Some((5, 4, 4)),
            Some(_) => false,
        }
    }

    fn is_temporary(&self) -> bool {
        self.own.is_some_and(|s| s.0 == 4)
            || self.field.is_some_and(|s| s.0 == 4)
            || self.reply.is_some_and(|r| r < 500)
    }

    fn is_policy(&self) -> bool {
        self.all.iter().chain(self.field.iter()).any(|s| s.1 == 7)
    }

    /// Whether the code leaves room for words that say that the address is dead.
    fn allows(&self, code: Option<Status>) -> bool {
        match code {
            None => self.stage == Stage::Recipient || (self.reply.is_none() && self.final_word),
            Some((_, 1, 7 | 8)) => false,
            Some((_, 1 | 3 | 5, _)) => true,
            Some((_, 2, 1)) => self.stage == Stage::Recipient,
            Some((_, 4, 1 | 4 | 310)) => true,
            Some(_) => false,
        }
    }
}

/// Addresses often have words in them that speak of their own fate.
fn without_addresses(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut from = 0;
    for found in super::address::found_in(text) {
        left.push_str(&text[from..found.start]);
        from = found.end;
    }
    left.push_str(&text[from..]);
    left
}
