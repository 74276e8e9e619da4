//! From whom and to whom one message goes, as the conversation says it.

use crate::base::address::EmailAddress;
use crate::base::ids::MessageId;

/// One recipient per message: one person's refusal is nobody else's (M02).
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Where bounces go; empty: nowhere.
    pub from: String,
    pub to: EmailAddress,
    /// The ledger row's, which a report about the message names (RFC 3461); empty: none.
    pub id: MessageId,
    /// Ask to be told when it has arrived, not only when it has not.
    pub tell_arrival: bool,
}
