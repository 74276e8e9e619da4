//! What every page is given: the steps' context, where we are reached, and how often somebody has tried to log in.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::base::problem::Problem;
use crate::base::seal::sha256;
use crate::steps::Ctx;

use super::door::origin::Origin;
use super::door::rate_limit::Limiter;
use super::open_pages::OpenPages;
use super::plan_figures::PlanFigures;

/// Longer than any page takes; a request that hangs is ended.
const LONGEST: Duration = Duration::from_secs(30);

/// Cheap to clone.
#[derive(Clone)]
pub struct Web {
    pub ctx: Ctx,
    /// Reverse proxies of ours in front of us.
    pub trusted_proxies: u8,
    /// Said on every page of the console while it is true: a rehearsal, for example.
    pub notice: Option<Arc<str>>,
    /// In a rehearsal on loopback whoever opens the console is this operator: address, and the token of forms.
    pub(crate) everyone: Option<Arc<(String, String)>>,
    pub(crate) origin: Arc<Origin>,
    pub(crate) log_ins: Arc<Limiter>,
    /// Why we are not ready, as the log was told last.
    not_ready: Arc<Mutex<Option<String>>>,
    pub(crate) plans: Arc<PlanFigures>,
    /// Pages that are told when something has changed.
    pub(crate) open_pages: Arc<OpenPages>,
    /// Uploaded lists are read one at a time: however large they are, pages of others are made meanwhile.
    pub(crate) reading: Arc<Semaphore>,
    /// For which a visitor waits for an answer.
    pub(crate) patience: Duration,
}

impl Web {
    pub fn new(ctx: Ctx, trusted_proxies: u8) -> Web {
        let origin = Arc::new(Origin::of(&ctx.base_url));
        Web {
            ctx,
            trusted_proxies,
            notice: None,
            everyone: None,
            origin,
            log_ins: Arc::default(),
            not_ready: Arc::default(),
            plans: Arc::default(),
            open_pages: Arc::default(),
            reading: Arc::new(Semaphore::new(1)),
            patience: LONGEST,
        }
    }

    /// A console without a log-in, for a rehearsal that only this machine can reach: its sessions would end within a second, because
    /// its clock runs through weeks in minutes. Forms still carry a token, drawn anew at every start.
    pub fn open_to_all(ctx: Ctx, operator: &str) -> Web {
        let token = sha256(format!("{:?}", ctx.ids.bytes::<32>()));
        let everyone = Some(Arc::new((operator.to_string(), token)));
        Web { everyone, ..Web::new(ctx, 0).with_notice("A rehearsal with simulated people") }
    }

    /// Tells the log when this has changed.
    pub(crate) fn heard_not_ready(&self, problem: Option<&Problem>) {
        let now = problem.map(|p| p.what.clone());
        let mut before = self.not_ready.lock().unwrap_or_else(PoisonError::into_inner);
        match problem {
            _ if *before == now => {}
            Some(problem) => tracing::error!(cause = ?problem.cause, "not ready: {problem}"),
            None => tracing::info!("ready again"),
        }
        *before = now;
    }

    pub fn with_notice(self, notice: &str) -> Web {
        Web { notice: Some(notice.into()), ..self }
    }
}
