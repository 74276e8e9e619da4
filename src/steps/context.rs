//! What every step is given: the database, the clock, ids, the key for links, the address of our pages.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use tokio::sync::watch;

use crate::base::address::EmailAddress;
use crate::base::chain::ChainKey;
use crate::base::clock::{Clock, Ts};
use crate::base::ids::Ids;
use crate::base::problem::{Problem, Result};
use crate::base::seal::{SecretKey, sha256};
use crate::base::verp;
use crate::mail::dkim::Signer;
use crate::mail::domains::dns::Dns;
use crate::mail::letters::rendering::Press;
use crate::rules::calendar::Almanac;
use crate::rules::plan::{Pause, Scope, Sequence};
use crate::rules::response::Questionnaire;
use crate::rules::round::{RoundSpec, RoundState, Words};
use crate::rules::sending::pace::Policy;
use crate::steps::duties::failures::Failures;
use crate::steps::sending::alignment::SenderChecks;
use crate::steps::sending::outbound::Outbound;
use crate::store::journal::{self, Entry};
use crate::store::plan::pauses;
use crate::store::round::rounds;
use crate::store::{Db, Tx};

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
    /// How fast messages to contacts may leave; none: as fast as they can.
    pub pace: Option<Arc<Policy>>,
    /// Where what comes back arrives, if anywhere.
    pub replies: Option<EmailAddress>,
    /// Names this run of the program in leases.
    pub owner: Arc<str>,
    /// The outbound journal of a program that sends.
    pub outbound: Option<Arc<Outbound>>,
    /// What fails in this program.
    pub failures: Failures,
    /// Counts the changes that may have made something due.
    changes: Arc<watch::Sender<u64>>,
    /// Set when the program is told to stop: nothing new is begun.
    stopping: Arc<AtomicBool>,
    rounds: Arc<Mutex<HashMap<String, Arc<Live>>>>,
}

/// A round as the rules see it, prepared once per version.
#[derive(Debug)]
pub struct Live {
    pub id: String,
    pub slug: String,
    pub state: RoundState,
    pub closed_at: Option<Ts>,
    pub version: i64,
    pub spec: RoundSpec,
    pub sequence: Sequence,
    pub questionnaire: Arc<Questionnaire>,
    /// The id under which it is kept with the responses that are begun under it.
    pub questionnaire_id: String,
    pub words: Words,
    /// Letters share what their words have in common.
    pub press: Press,
}

impl Live {
    /// The last day on which answers were taken: an earlier one than was planned where somebody closed the round by hand.
    pub fn closed_on(&self) -> NaiveDate {
        let planned = self.spec.schedule.closes;
        self.closed_at.map_or(planned, |at| self.sequence.home().local(at).date().min(planned))
    }
}

/// What a link is for; each purpose has secrets of its own, so that no link opens another door (S19).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    SignOff,
    Assessment,
    OptOut,
    Login,
    Plan,
    Repair,
}

impl Purpose {
    pub const ALL: [Purpose; 6] =
        [Purpose::SignOff, Purpose::Assessment, Purpose::OptOut, Purpose::Login, Purpose::Plan, Purpose::Repair];

    /// As in the path of the link.
    pub fn word(self) -> &'static str {
        match self {
            Purpose::SignOff => "sign-off",
            Purpose::Assessment => "assessment",
            Purpose::OptOut => "opt-out",
            Purpose::Login => "login",
            Purpose::Plan => "plan",
            Purpose::Repair => "repair",
        }
    }
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
            pace: None,
            replies: None,
            owner: owner.into(),
            outbound: None,
            failures: Failures::default(),
            changes: Arc::new(watch::Sender::new(0)),
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

    /// Tells every loop that something may be due now.
    pub fn wake(&self) {
        self.changes.send_modify(|n| *n += 1);
    }

    /// For a loop: `changed()` returns after every [`Ctx::wake`], missing none.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Begins an orderly stop: what is on its way is finished, nothing new is begun.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.wake();
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Ready when [`Ctx::stop`] has been called.
    pub async fn told_to_stop(&self) {
        let mut changes = self.changes();
        while !self.is_stopping() && changes.changed().await.is_ok() {}
    }

    /// The secret part of a link, as it stands in the link.
    pub fn secret(&self, purpose: Purpose, id: &str) -> String {
        self.key.link(purpose.word(), id)
    }

    /// What the database keeps of it.
    pub fn secret_hash(&self, purpose: Purpose, id: &str) -> String {
        self.key.secret(purpose.word(), id).hash()
    }

    /// The domain of the installation's own mail: the host of its pages, where that is a name.
    pub fn own_domain(&self) -> &str {
        let host = self.base_url.split("//").nth(1).unwrap_or("").split([':', '/']).next().unwrap_or("");
        if host.contains('.') && host.parse::<std::net::IpAddr>().is_err() { host } else { "soundings.localhost" }
    }

    pub fn link(&self, purpose: Purpose, id: &str) -> String {
        format!("{}/{}/{}", self.base_url, purpose.word(), self.secret(purpose, id))
    }

    /// The address to which a mail about this message comes back, where there is one.
    pub fn return_address(&self, message: &str, to: &EmailAddress) -> Option<EmailAddress> {
        verp::sealed(&self.key, self.replies.as_ref()?, message, to)
    }

    /// The round, prepared. Costs no query when it is the version known already.
    pub async fn live(&self, tx: &mut Tx, brief: &rounds::Brief) -> Result<Arc<Live>> {
        self.live_known(tx, &brief.id, &brief.slug, brief.version).await
    }

    /// The same, by what is known of the round.
    pub async fn live_known(&self, tx: &mut Tx, id: &str, slug: &str, version: i64) -> Result<Arc<Live>> {
        let known = self.rounds.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        match known {
            Some(live) if live.version == version => Ok(live),
            _ => {
                let round = rounds::by_id(tx, id).await?.ok_or_else(|| unknown(slug))?;
                let pauses = pauses::not_lifted(tx, &round.id).await?;
                self.prepare(round, &pauses)
            }
        }
    }

    /// The round of this id, prepared.
    pub async fn live_by_id(&self, tx: &mut Tx, id: &str) -> Result<Arc<Live>> {
        let brief = rounds::brief_by_id(tx, id).await?.ok_or_else(|| unknown(id))?;
        self.live(tx, &brief).await
    }

    /// The round of this name, prepared; a sentence that says so when there is none.
    pub async fn live_by_slug(&self, tx: &mut Tx, slug: &str) -> Result<Arc<Live>> {
        let brief = rounds::brief_by_slug(tx, slug).await?.ok_or_else(|| unknown(slug))?;
        self.live(tx, &brief).await
    }

    fn prepare(&self, round: rounds::Round, pauses: &[pauses::Pause]) -> Result<Arc<Live>> {
        let live = Arc::new(self.made(round, pauses)?);
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).insert(live.id.clone(), live.clone());
        Ok(live)
    }

    /// The round with the settings and words that it had at this version; none where they were not kept.
    pub(super) async fn live_at(&self, tx: &mut Tx, live: &Arc<Live>, version: i64) -> Result<Option<Arc<Live>>> {
        if version == live.version {
            return Ok(Some(live.clone()));
        }
        let Some(round) = rounds::by_id(tx, &live.id).await? else { return Ok(None) };
        match rounds::said_at(tx, &live.id, version).await? {
            Some(rounds::Said { spec, words: Some(words) }) => {
                Ok(Some(Arc::new(self.made(rounds::Round { spec, words, version, ..round }, &[])?)))
            }
            _ => Ok(None),
        }
    }

    fn made(&self, round: rounds::Round, pauses: &[pauses::Pause]) -> Result<Live> {
        let broken = |part: &str| {
            Problem::internal(format!("The {part} of round {} cannot be read from the database.", round.slug))
        };
        let spec: RoundSpec = serde_json::from_str(&round.spec).map_err(|e| broken("settings").because(e))?;
        let sequence =
            Sequence::accepted(&spec, &self.almanac).map_err(|faults| broken("schedule").because(faults.join(" ")))?;
        let pauses = pauses
            .iter()
            .filter_map(|p| {
                Some(Pause { scope: Scope::parse(&p.scope, &p.value)?, from: p.from_at, until: p.until_at })
            })
            .collect();
        Ok(Live {
            sequence: sequence.stopped_by(pauses, self.days_between_rounds),
            questionnaire: Arc::new(
                serde_json::from_str(&round.questionnaire).map_err(|e| broken("questionnaire").because(e))?,
            ),
            questionnaire_id: sha256(&round.questionnaire),
            words: serde_json::from_str(&round.words).map_err(|e| broken("texts").because(e))?,
            spec,
            press: Press::default(),
            id: round.id,
            slug: round.slug,
            state: round.state,
            closed_at: round.closed_at,
            version: round.version,
        })
    }

    /// Writes into the journal what was done.
    pub async fn journal(
        &self,
        tx: &mut Tx,
        actor: &str,
        action: &str,
        round: Option<&str>,
        subject: &str,
        detail: &str,
    ) -> Result<()> {
        let now = self.clock.now();
        let entry = Entry {
            id: self.ids.new_id(now),
            at: now,
            actor: actor.into(),
            action: action.into(),
            round_id: round.map(Into::into),
            subject: subject.into(),
            detail: detail.into(),
        };
        journal::add(tx, &self.chain, &entry).await
    }
}

/// The actor of what the program does by itself.
pub const SOUNDINGS: &str = "soundings";

pub fn unknown(round: &str) -> Problem {
    Problem::not_found(
        format!("There is no round named {round}."),
        "`round load DIR` makes one; the console's first page lists them.",
    )
}
