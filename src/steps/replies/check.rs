//! Whether what comes back can reach us, for `doctor`.

use crate::base::clock::{HOUR, MINUTE, Ts};
use crate::base::counted::counted;
use crate::base::problem::Result;
use crate::config::Replies;
use crate::mail::mailbox::imap::Mailbox;
use crate::mail::mailbox::lmtp;
use crate::steps::context::Ctx;
use crate::store::replies;

/// The daemon looks at the mailbox at least every ten minutes.
const READ_LATELY: i64 = 30 * MINUTE;

/// One sentence for each way in, and whether it is well.
pub async fn check(ctx: &Ctx, settings: &Replies) -> Result<Vec<(bool, String)>> {
    if settings.address.is_none() {
        return Ok(vec![(true, "goes to whoever signs the mail; set [replies] to have it read here".into())]);
    }
    let mut all = Vec::new();
    if let Some(name) = settings.mailbox_name() {
        let read_at = replies::cursor(&mut ctx.db.read().await?, &name).await?.map(|c| c.read_at);
        let (lately, last) = told(read_at, ctx.clock.now());
        match Mailbox::open(settings).await {
            Ok(mailbox) => {
                mailbox.close().await;
                all.push((lately, format!("the mailbox {name} can be read; {last}")));
            }
            Err(problem) => all.push((false, format!("{problem} The mailbox {name} {last}."))),
        }
    }
    if let (Some(door), Some(place)) = (settings.door(), settings.lmtp_listen.as_deref()) {
        all.push(match lmtp::answers(&door).await {
            true => (true, format!("can be handed over at {place}")),
            false => (false, format!("nobody takes it at {place}; start `serve`")),
        });
    }
    Ok(all)
}

fn told(read_at: Option<Ts>, now: Ts) -> (bool, String) {
    match read_at.map(|at| (at, now.since(at))) {
        None => (false, "was never read; start `serve`".into()),
        Some((_, ago)) if ago < 2 * MINUTE => (true, "was read just now".into()),
        Some((_, ago)) if ago < 2 * HOUR => {
            (ago <= READ_LATELY, format!("was last read {} ago", counted(ago / MINUTE, "minute", "minutes")))
        }
        Some((at, _)) => (false, format!("was last read at {at}; is `serve` running?")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_that_nobody_reads_any_more_is_told() {
        assert_eq!(told(Some(Ts(0)), Ts(9 * MINUTE)), (true, "was last read 9 minutes ago".into()));
        assert!(!told(Some(Ts(0)), Ts(40 * MINUTE)).0);
        assert!(!told(Some(Ts(0)), Ts(5 * HOUR)).0);
        assert!(!told(None, Ts(0)).0);
    }
}
