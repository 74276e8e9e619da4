//! The pauses in which long work leaves others their turn. They last as long as they are said to; a test holds them and decides what others do
//! meanwhile, on a machine of any speed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};

/// Cheap to clone; clones are held together.
#[derive(Clone, Default)]
pub struct Pauses {
    held: Arc<watch::Sender<bool>>,
    pass: Arc<Notify>,
}

impl Pauses {
    /// So long; until it is let pass where pauses are held.
    pub async fn pause(&self, time: Duration) {
        // From here on it hears that it may pass.
        let passed = self.pass.notified();
        if *self.held.borrow() {
            passed.await;
        } else {
            tokio::time::sleep(time).await;
        }
    }

    /// From now on every pause lasts until [`Pauses::let_pass`] or [`Pauses::go_on`].
    pub fn hold(&self) {
        self.held.send_replace(true);
    }

    /// Ends the pauses that there are; the next ones are held again.
    pub fn let_pass(&self) {
        self.pass.notify_waiters();
    }

    /// Ends the pauses that there are, and holds no more.
    pub fn go_on(&self) {
        self.held.send_replace(false);
        self.pass.notify_waiters();
    }
}
