//! What all sessions of the server work on: the mails, the faults, the hooks of tests, and what is counted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::base::clock::Clock;

use super::faults::{Faults, ServerStage};
use super::store::Store;

/// Called when a final dot has been read, before the answer, with the number of dots so far.
pub type OnDot = Arc<dyn Fn(u64) + Send + Sync>;

/// Called when a client waits for the answer of this stage, before it is given.
pub type OnStage = Arc<dyn Fn(ServerStage) + Send + Sync>;

/// What sessions work on.
pub(super) struct Shared {
    pub store: Mutex<Store>,
    pub faults: Faults,
    pub on_dot: Mutex<Option<OnDot>>,
    pub on_stage: Mutex<Option<OnStage>>,
    pub arrived: Notify,
    pub clock: Clock,
    pub recipients: AtomicU64,
    pub data: AtomicU64,
    pub dots: AtomicU64,
}

impl Shared {
    pub fn store(&self) -> std::sync::MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn dot_was_read(&self) -> u64 {
        let nth = next(&self.dots);
        let hook = self.on_dot.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(hook) = hook {
            hook(nth);
        }
        nth
    }

    pub fn reached(&self, stage: ServerStage) {
        let hook = self.on_stage.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(hook) = hook {
            hook(stage);
        }
    }
}

/// Counts from 1.
pub(super) fn next(counter: &AtomicU64) -> u64 {
    counter.fetch_add(1, Ordering::SeqCst) + 1
}
