//! What an installation has set for events: what is told, and to whom.

use std::collections::BTreeSet;

use soundings_handover::webhook::Webhook;

use crate::rules::handover::events::EventKind;

/// By default nothing is told. A command beside the daemon writes events down as well, so it knows the kinds; the webhook is the daemon's.
#[derive(Debug, Default)]
pub struct EventSetup {
    pub kinds: BTreeSet<EventKind>,
    pub webhook: Option<Webhook>,
}
