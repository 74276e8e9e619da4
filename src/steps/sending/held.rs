//! Whatever keeps mail from leaving until a person has acted, in one place, so that pages, readiness, figures and commands say the same:
//! a damaged file, a database that was restored or is sent from elsewhere, a journal that is missing, and refusals that many share.

use crate::base::problem::Result;
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::sending::senders;

use super::trouble;

/// The duty that reads the database file through.
pub const EXAMINING: &str = "reading the database through";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// One sentence.
    pub what: String,
    pub next: String,
    pub why: Why,
    /// All mail, not that to one domain or gateway.
    pub is_about_all: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Damage,
    /// The file could not be read through since the start, so nobody knows whether it is sound.
    Unread,
    /// A hold that `sending resume` lifts.
    Unconfirmed,
    Incident,
}

impl Stop {
    pub fn sentence(&self) -> String {
        format!("{} {}", self.what, self.next)
    }
}

/// What holds mail now, the worst first. A daemon is not kept by what holds another sender of the same database.
pub async fn all(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<Stop>> {
    let ours = ctx.outbound.as_ref().map(|outbound| outbound.instance.as_str());
    let mut all = Vec::new();
    if let Some(damage) = ctx.db.damage() {
        all.push(Stop { what: damage, next: String::new(), why: Why::Damage, is_about_all: true });
    }
    if ours.is_some() && !ctx.db.is_examined() && ctx.failures.last(EXAMINING).is_some() {
        all.push(Stop {
            what: "The database file could not be read through since the start, and nothing leaves before.".into(),
            next: "The log says why; look at its disk.".into(),
            why: Why::Unread,
            is_about_all: true,
        });
    }
    let holds = senders::holds(tx).await?;
    if holds.iter().any(|h| h.instance.is_empty() || ours.is_none_or(|ours| ours == h.instance)) {
        all.push(Stop {
            what: "Sending is held: nothing leaves until somebody has confirmed it.".into(),
            next: "The page /sending and `soundings sending show` say why; `sending resume` lets it go on.".into(),
            why: Why::Unconfirmed,
            is_about_all: true,
        });
    }
    for incident in trouble::holding(tx).await? {
        all.push(Stop {
            what: format!("{}: the same refusal came for many addresses.", trouble::title(&incident)),
            next: "The page /sending and the command `sending show` say why.".into(),
            why: Why::Incident,
            is_about_all: trouble::is_about_all(&incident),
        });
    }
    Ok(all)
}
