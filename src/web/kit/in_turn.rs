//! Large work, such as reading a list: one piece at a time and beside the threads that answer others.

use std::future::Future;

use tokio::runtime::Handle;

use crate::base::problem::{Problem, Result};

use super::state::Web;

/// Does `work` when its turn has come, on a thread that nobody waits for; to its end, also when its page is waited for no longer.
pub async fn in_turn<T: Send + 'static, F: Future<Output = Result<T>>>(
    web: &Web,
    work: impl FnOnce(Web) -> F + Send + 'static,
) -> Result<T> {
    let stopped = |e: String| Problem::internal("The list could not be read.").because(e);
    let turn = web.reading.clone().acquire_owned().await.map_err(|e| stopped(e.to_string()))?;
    let (web, here) = (web.clone(), Handle::current());
    let working = tokio::task::spawn_blocking(move || {
        let done = here.block_on(work(web));
        drop(turn);
        done
    });
    working.await.map_err(|e| stopped(e.to_string()))?
}
