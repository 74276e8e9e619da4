//! What a list shows of a mail.

use crate::base::clock::Ts;

use super::received::Received;

/// What a list shows of a mail.
#[derive(Clone, Debug)]
pub struct Head {
    pub number: u64,
    pub at: Ts,
    pub kind: String,
    /// The address of the envelope.
    pub to: String,
    /// As To says it.
    pub name: String,
    pub subject: String,
    pub copies: u32,
}

impl Head {
    pub(super) fn of(mail: &Received) -> Head {
        Head {
            number: mail.number,
            at: mail.at,
            kind: mail.kind.clone(),
            to: mail.recipient().into(),
            name: name_of(mail),
            subject: if mail.subject().is_empty() { "No subject".into() } else { mail.subject().into() },
            copies: mail.copies,
        }
    }
}

/// The name before the address in To; the address of the envelope where there is none.
pub fn name_of(mail: &Received) -> String {
    let to = mail.header("to").unwrap_or_default();
    let name = to.split('<').next().unwrap_or_default().trim().trim_matches('"').trim();
    if name.is_empty() || !to.contains('<') { mail.recipient().to_string() } else { name.to_string() }
}
