//! What became of the messages of one run, in words for the log: what was refused was not sent.

use std::fmt;

use crate::base::counted::{counted, form};

use super::outbound::records::Became;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub sent: u64,
    /// The server put them off; they are tried again.
    pub again: u64,
    pub failed: u64,
    pub in_doubt: u64,
}

impl Tally {
    pub fn count(&mut self, became: Became) {
        match became {
            Became::Sent => self.sent += 1,
            Became::Deferred | Became::NotSent => self.again += 1,
            Became::Refused => self.failed += 1,
            Became::InDoubt => self.in_doubt += 1,
        }
    }

    pub fn add(&mut self, other: Tally) {
        self.sent += other.sent;
        self.again += other.again;
        self.failed += other.failed;
        self.in_doubt += other.in_doubt;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let messages = |n: u64| counted(n, "message", "messages");
        match self.sent {
            0 => f.write_str("no message was taken")?,
            n => write!(f, "sent {}", messages(n))?,
        }
        for (n, what) in [
            (self.again, "put off by the server and will be tried again"),
            (self.failed, "refused for good or could not be made"),
            (self.in_doubt, "left without an answer and may have arrived"),
        ] {
            if n > 0 {
                write!(f, "; {} {} {what}", messages(n), form(n, "was", "were"))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_off_or_refused_is_not_called_sent() {
        let said = |all: &[Became]| {
            let mut tally = Tally::default();
            all.iter().for_each(|became| tally.count(*became));
            tally.to_string()
        };
        assert_eq!(said(&[Became::Sent]), "sent 1 message");
        assert_eq!(
            said(&[Became::Deferred; 11]),
            "no message was taken; 11 messages were put off by the server and will be tried again"
        );
        assert_eq!(
            said(&[Became::Sent, Became::Sent, Became::Refused, Became::InDoubt]),
            "sent 2 messages; 1 message was refused for good or could not be made; 1 message was left without an answer and may have arrived"
        );
    }
}
