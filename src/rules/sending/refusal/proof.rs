//! From what is known of the fate of one address to whether it is proven dead.

use crate::rules::text::word_tables::one_line;

use super::addresses;
use super::codes::{self, RefusedAt, Status};
use super::phrases::{self, Meaning};

/// What is known of the fate of one address.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// The report's own field, if it has one.
    pub field: Option<Status>,
    /// The answer of the other server, its code included, or what stands beside the address where there is none.
    pub said: &'a str,
    /// The report around it: how far the conversation was, whether it is over.
    pub around: &'a str,
    /// How far the conversation was, where we know it ourselves.
    pub stage: Option<RefusedAt>,
    /// The report comes from the recipient's own domain, which knows its mailboxes.
    pub own_domain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub dead: bool,
    /// RFC 3463, as it was said or as the words mean.
    pub status: Option<Status>,
}

pub fn judge(evidence: Evidence<'_>) -> Judgement {
    let said = without_addresses(&evidence.said.to_lowercase());
    let around = one_line(&evidence.around.to_lowercase());
    let codes = codes::read(&said);
    let own = codes.statuses.iter().find(|s| s.1 != 0).or(codes.statuses.first()).copied();
    let meaning = phrases::meaning(&said);
    let told =
        || Some(codes::stage(&said)).filter(|s| *s != RefusedAt::Unknown).unwrap_or_else(|| codes::stage(&around));
    let proof = Proof {
        own,
        field: evidence.field,
        reply: codes.reply,
        all: &codes.statuses,
        stage: evidence.stage.unwrap_or_else(told),
        own_domain: evidence.own_domain,
        final_word: evidence.field.is_some_and(|s| s.0 == 5) || phrases::says("final", &around),
        permanent: around.contains("this is a permanent error"),
        meaning,
    };
    let field = evidence.field.filter(|s| s.1 != 0);
    let status = own.filter(|s| s.1 != 0).or(field).or(meaning.map(Meaning::status)).or(own).or(evidence.field);
    Judgement { dead: proof.is_enough(), status }
}

/// Whether a server's words name another reason than a dead address.
pub fn speaks_against(said: &str) -> bool {
    let said = plain(said);
    let codes = codes::read(&said);
    let temporary = codes.reply.is_some_and(|r| r < 500) || codes.statuses.iter().any(|s| s.0 == 4);
    temporary || codes.statuses.iter().any(is_against) || phrases::meaning(&said).is_some_and(Meaning::is_against)
}

/// A policy, our own address, a full mailbox, a size.
fn is_against(status: &Status) -> bool {
    matches!(status, (_, 7, _) | (_, 1, 7 | 8) | (_, 2, 2 | 3) | (_, 3, 4))
}

struct Proof<'a> {
    own: Option<Status>,
    field: Option<Status>,
    reply: Option<u16>,
    all: &'a [Status],
    stage: RefusedAt,
    own_domain: bool,
    final_word: bool,
    permanent: bool,
    meaning: Option<Meaning>,
}

impl Proof<'_> {
    fn is_enough(&self) -> bool {
        if self.is_temporary()
            || self.has_a_code_against_it()
            || matches!(self.stage, RefusedAt::Sender | RefusedAt::Greeting)
        {
            return false;
        }
        // What the other server wrote into its answer outweighs what the reporting one made of it.
        let code = self.own.or(self.field).filter(|s| s.1 != 0);
        let names_address = code.is_some_and(|s| matches!(s, (5, 1, 1..=3 | 6 | 10)));
        match self.meaning {
            Some(Meaning::NotInDirectory) => code == Some((5, 4, 1)),
            Some(Meaning::NoSuchDomain) => code.is_none_or(|s| matches!(s.1, 1 | 3 | 4 | 5)),
            Some(Meaning::NoSuchUser | Meaning::Moved | Meaning::Closed) => {
                let taken = self.stage == RefusedAt::Content && code.is_none_or(|s| s.1 != 1);
                // A server that knows its mailboxes and still says "undefined" has another reason than the one it gives, unless it calls
                // the error permanent in so many words, as Exim does, which knows no other code.
                let undefined = Some((5, 0, 0));
                let evasive = self.own == undefined
                    || (self.own_domain && self.own.is_none() && self.field == undefined && !self.permanent);
                !taken && !evasive && self.allows(code)
            }
            Some(Meaning::Unavailable | Meaning::Refused) => names_address,
            None => names_address && self.stage != RefusedAt::Content,
            Some(_) => false,
        }
    }

    fn is_temporary(&self) -> bool {
        self.own.is_some_and(|s| s.0 == 4)
            || self.field.is_some_and(|s| s.0 == 4)
            || self.reply.is_some_and(|r| r < 500)
    }

    /// Wherever such a code stands.
    fn has_a_code_against_it(&self) -> bool {
        self.all.iter().chain(self.field.iter()).any(is_against)
    }

    /// Whether the code leaves room for words that say that the address is dead.
    fn allows(&self, code: Option<Status>) -> bool {
        match code {
            None => self.stage == RefusedAt::Recipient || (self.reply.is_none() && self.final_word),
            Some((_, 1 | 3 | 5, _)) => true,
            Some((_, 2, 0 | 1)) => self.stage == RefusedAt::Recipient,
            Some((_, 4, 1 | 4 | 310)) => true,
            Some(_) => false,
        }
    }
}

/// Stands before a server's answer where a sentence of ours tells of it.
pub const ANSWERED: &str = "the server answered ";

/// Whether the words that are on record with a dead address prove it: asked of verdicts long after they were given, by whoever checks the
/// promises. The name of the address' own domain says nothing.
pub fn proves_dead(words: &str, domain: &str) -> bool {
    let words = words.to_lowercase();
    let words = words.rsplit_once(ANSWERED).map_or(words.as_str(), |(_, answer)| answer);
    let words = if domain.is_empty() { words.to_owned() } else { words.replace(&domain.to_lowercase(), "") };
    let told = Some(codes::stage(&words)).filter(|s| *s != RefusedAt::Unknown);
    judge(Evidence { said: &words, stage: told.or(Some(RefusedAt::Recipient)), ..Evidence::default() }).dead
}

/// The words to keep with a dead address, at most `longest` characters: they prove it. Where a field of the report proved it, its code is
/// put in front of them.
pub fn told(words: &str, status: Option<Status>, domain: &str, longest: usize) -> String {
    let cut: String = words.chars().take(longest).collect();
    match status {
        Some((class, subject, detail)) if !proves_dead(&cut, domain) => {
            let code = format!("[{class}.{subject}.{detail}] ");
            let rest = longest.saturating_sub(code.len());
            code + &words.chars().take(rest).collect::<String>()
        }
        _ => cut,
    }
}

/// A server's words as the tables have them: in lower case, on one line, without addresses.
pub fn plain(text: &str) -> String {
    one_line(&without_addresses(&text.to_lowercase()))
}

/// Addresses often have words in them that speak of their own fate.
fn without_addresses(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut from = 0;
    for found in addresses::found_in(text) {
        left.push_str(&text[from..found.start]);
        from = found.end;
    }
    left.push_str(&text[from..]);
    left
}
