//! A copy of every mail of a rehearsal to one real address, so that the one who rehearses sees what everybody would get.
//!
//! The mail is the same byte for byte; only the envelope names somebody else. The simulated people have theirs already.

use crate::base::address::EmailAddress;
use crate::base::ids::MessageId;
use crate::base::problem::{Problem, Result};
use crate::config::smtp::SmtpSettings;
use crate::mail::smtp::{Connection, Envelope};
use crate::rehearsal::mailbox::received::Received;

pub struct Copies {
    to: EmailAddress,
    settings: SmtpSettings,
    connection: Option<Connection>,
    pub sent: u64,
}

impl Copies {
    pub fn new(to: EmailAddress, settings: SmtpSettings) -> Copies {
        Copies { to, settings, connection: None, sent: 0 }
    }

    pub async fn forward(&mut self, mail: &Received) -> Result<()> {
        let cannot = |e: crate::rules::sending::delivery::Failure| {
            Problem::unusable(
                "The mail server did not take a copy of a rehearsal's mail.",
                "Check the section [smtp], or rehearse without a real address.",
            )
            .because(e)
        };
        let mut connection = match self.connection.take().filter(Connection::usable) {
            Some(connection) => connection,
            None => Connection::open(&self.settings).await.map_err(cannot)?,
        };
        let envelope =
            Envelope { from: mail.from.clone(), to: self.to.clone(), id: MessageId::from(""), tell_arrival: false };
        connection.offer(&envelope, &mail.raw).await.map_err(cannot)?;
        let answer = connection.finish().await.map_err(cannot)?;
        if !answer.positive() {
            let what = format!("The mail server refused a copy of a rehearsal's mail: {answer}.");
            return Err(Problem::unusable(what, "Check the section [smtp], or rehearse without a real address."));
        }
        self.sent += 1;
        self.connection = Some(connection);
        Ok(())
    }
}
