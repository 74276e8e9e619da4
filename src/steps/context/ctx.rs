//! What every step is given: the database, the clock, ids, the key for links, the address of our pages.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;

use crate::base::address::EmailAddress;
use crate::base::chain::ChainKey;
use crate::base::clock::Clock;
use crate::base::ids::{Ids, MessageId, RoundId};
use crate::base::seal::SecretKey;
use crate::base::verp;
use crate::mail::dkim::Signer;
use crate::mail::domains::dns::Dns;
use crate::rules::calendar::Almanac;
use crate::rules::sending::pace::Policy;
use crate::steps::alarm::setup::AlarmSetup;
use crate::steps::duties::failures::Failures;
use crate::steps::sending::outbound::journal::Outbound;
use crate::steps::sending::sender_checks::SenderChecks;
use crate::store::{ChangeListener, Db};

use super::curves::Curves;
use super::event_setup::EventSetup;
use super::forecasts::Forecasts;
use super::live::Live;
use super::pauses::Pauses;
use super::purpose::Purpose;

/// Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    pub db: Db,
    pub clock: Clock,
    pub ids: Ids,
    pub key: SecretKey,
    /// Chains the journal and the signatures.
    pub chain: ChainKey,
    /// Without a slash at the end; the only origin of links in mails.
    pub base_url: Arc<str>,
    /// Signs what leaves, by the domain it is from.
    pub signer: Arc<Signer>,
    /// Whom to ask for names.
    pub dns: Dns,
    pub senders: SenderChecks,
    /// Public holidays and working weeks.
    pub almanac: Arc<Almanac>,
    /// Days that must lie between the last message of one round to a mailbox and the first of another, whosever rounds they are.
    pub days_between_rounds: u32,
    /// So many working days of the contact's pass between a telephone call and the next reminder.
    pub call_pause_days: u32,
    /// How fast messages to contacts may leave; none: as fast as they can.
    pub pace: Option<Arc<Policy>>,
    /// Where what comes back arrives, if anywhere.
    pub replies: Option<EmailAddress>,
    /// Names this run of the program in leases.
    pub owner: Arc<str>,
    /// The outbound journal of a program that sends.
    pub outbound: Option<Arc<Outbound>>,
    /// When something is wrong for too long, and who hears of it.
    pub alarms: Arc<AlarmSetup>,
    /// What other programs are told as it happens.
    pub events: Arc<EventSetup>,
    /// What fails in this program.
    pub failures: Failures,
    pub pauses: Pauses,
    /// Where rounds will end, as it was worked out last.
    pub forecasts: Forecasts,
    /// How closed rounds have gone, as it was read last.
    pub curves: Curves,
    /// True when the program is told to stop: nothing new is begun.
    stopping: Arc<watch::Sender<bool>>,
    pub(super) rounds: Arc<Mutex<HashMap<RoundId, Arc<Live>>>>,
}

impl Ctx {
    pub fn new(db: Db, clock: Clock, ids: Ids, key: SecretKey, base_url: &str) -> Ctx {
        let owner = ids.new_id(clock.now());
        Ctx {
            chain: ChainKey::of(&key),
            db,
            clock,
            ids,
            key,
            base_url: base_url.trim_end_matches('/').into(),
            signer: Arc::default(),
            dns: Dns::nobody(),
            senders: SenderChecks::default(),
            almanac: Almanac::built_in(),
            days_between_rounds: 0,
            call_pause_days: 2,
            pace: None,
            replies: None,
            owner: owner.into(),
            outbound: None,
            alarms: Arc::default(),
            events: Arc::default(),
            failures: Failures::default(),
            pauses: Pauses::default(),
            forecasts: Forecasts::default(),
            curves: Curves::default(),
            stopping: Arc::default(),
            rounds: Arc::default(),
        }
    }

    /// The same installation under another name in leases, as after a restart or on a second machine.
    pub fn restarted(&self) -> Ctx {
        let owner = self.ids.new_id(self.clock.now());
        Ctx {
            owner: owner.into(),
            stopping: Arc::default(),
            rounds: Arc::default(),
            failures: Failures::default(),
            ..self.clone()
        }
    }

    /// For a loop or a page: hears what every commit has changed, here and in other programs, and forgets none.
    pub fn changes(&self) -> ChangeListener {
        self.db.changes()
    }

    /// Begins an orderly stop: what is on its way is finished, nothing new is begun.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
        self.db.tell_everything();
    }

    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Ready when [`Ctx::stop`] has been called.
    pub async fn told_to_stop(&self) {
        // The sender lives as long as we do, so waiting cannot fail.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }

    /// The secret part of a link, as it stands in the link.
    pub fn secret(&self, purpose: Purpose, id: &(impl AsRef<str> + ?Sized)) -> String {
        self.key.link(purpose.word(), id.as_ref())
    }

    /// What the database keeps of it.
    pub fn secret_hash(&self, purpose: Purpose, id: &(impl AsRef<str> + ?Sized)) -> String {
        self.key.secret(purpose.word(), id.as_ref()).hash()
    }

    /// The domain of the installation's own mail: the host of its pages, where that is a name.
    pub fn own_domain(&self) -> &str {
        let host = self.base_url.split("//").nth(1).unwrap_or("").split([':', '/']).next().unwrap_or("");
        if host.contains('.') && host.parse::<std::net::IpAddr>().is_err() { host } else { "soundings.localhost" }
    }

    pub fn link(&self, purpose: Purpose, id: &(impl AsRef<str> + ?Sized)) -> String {
        format!("{}/{}/{}", self.base_url, purpose.word(), self.secret(purpose, id))
    }

    /// The address to which a mail about this message comes back, where there is one.
    pub fn return_address(&self, message: &MessageId, to: &EmailAddress) -> Option<EmailAddress> {
        verp::sealed(&self.key, self.replies.as_ref()?, message, to)
    }
}
