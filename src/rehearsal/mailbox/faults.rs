//! Ways to misbehave, each one that real servers have and that loses or doubles mail in programs that do not expect it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

/// What a client is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerStage {
    Greeting,
    /// EHLO and HELO.
    Hello,
    Mail,
    Recipient,
    Data,
    /// The answer after the final dot.
    Dot,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerFault {
    /// Answers RCPT for this address, for all of a domain (`@example.com`), or for everybody (empty), with `reply`, such as
    /// `550 5.1.1 <{}>: no such user`: the address stands in place of `{}`.
    RefuseRecipient { address: String, reply: String },
    /// Puts each of these addresses off once (451, greylisting): whoever tries again is let in.
    Greylist { addresses: BTreeSet<String> },
    /// Every nth RCPT is to be tried later.
    TempfailEvery(u64),
    /// Every nth time: takes the message, keeps it, and closes without an answer (RFC 1047).
    DropAfterDot { every: u64 },
    /// Every nth time: asks for the message and closes before its end can have come.
    DropBeforeDot { every: u64 },
    /// Waits before answering.
    Stall { stage: ServerStage, time: Duration },
    /// Answers so, whatever was asked. 421 and 521 close the connection. At the dot, a message so answered is kept unless the text begins
    /// with 4 or 5. The text may be anything, several lines included.
    Reply { stage: ServerStage, text: String },
    /// 421 at the next MAIL after so many messages on one connection.
    CloseAfter(u64),
}

/// The faults in force. Read for every command, changed seldom.
#[derive(Default)]
pub struct Faults {
    faults: RwLock<Arc<Vec<ServerFault>>>,
    /// Addresses that were put off and are known since.
    known: Mutex<BTreeSet<String>>,
}

impl Faults {
    pub fn set(&self, faults: Vec<ServerFault>) {
        *self.faults.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(faults);
    }

    pub fn add(&self, fault: ServerFault) {
        Arc::make_mut(&mut self.faults.write().unwrap_or_else(PoisonError::into_inner)).push(fault);
    }

    pub fn reply(&self, at: ServerStage) -> Option<String> {
        self.find(|fault| match fault {
            ServerFault::Reply { stage, text } if *stage == at => Some(text.clone()),
            _ => None,
        })
    }

    pub fn stall(&self, at: ServerStage) -> Option<Duration> {
        self.find(|fault| match fault {
            ServerFault::Stall { stage, time } if *stage == at => Some(*time),
            _ => None,
        })
    }

    /// The answer to the nth RCPT, if it is to be refused.
    pub fn refusal(&self, recipient: &str, nth: u64) -> Option<String> {
        let recipient = recipient.to_lowercase();
        self.find(|fault| match fault {
            ServerFault::RefuseRecipient { address, reply } => {
                let address = address.to_lowercase();
                let all = address.is_empty() || address.starts_with('@');
                let meant = if all { recipient.ends_with(&address) } else { recipient == address };
                meant.then(|| reply.replace("{}", &recipient))
            }
            ServerFault::Greylist { addresses } if addresses.contains(&recipient) => {
                let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                known.insert(recipient.clone()).then(|| "451 4.7.1 greylisted, try again".into())
            }
            ServerFault::TempfailEvery(every) if is_turn(*every, nth) => Some("450 4.2.1 try again later".into()),
            _ => None,
        })
    }

    pub fn drops_before_dot(&self, nth: u64) -> bool {
        self.find(|f| matches!(f, ServerFault::DropBeforeDot { every } if is_turn(*every, nth)).then_some(())).is_some()
    }

    pub fn drops_after_dot(&self, nth: u64) -> bool {
        self.find(|f| matches!(f, ServerFault::DropAfterDot { every } if is_turn(*every, nth)).then_some(())).is_some()
    }

    pub fn closes_after(&self, messages: u64) -> bool {
        self.find(|f| matches!(f, ServerFault::CloseAfter(most) if messages >= *most).then_some(())).is_some()
    }

    fn find<T>(&self, of: impl Fn(&ServerFault) -> Option<T>) -> Option<T> {
        let faults = self.faults.read().unwrap_or_else(PoisonError::into_inner).clone();
        faults.iter().find_map(of)
    }
}

fn is_turn(every: u64, nth: u64) -> bool {
    every > 0 && nth.is_multiple_of(every)
}
