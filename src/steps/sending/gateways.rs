//! Finding out, ahead of time, behind which gateway people are: never while a message is claimed, and never in a transaction.
//!
//! Promises: a name server that does not answer delays nothing; one that says twice, an hour apart, that a domain takes no mail ends the
//! messages to it with that reason (F11), and in between they wait.

use futures_util::future::join_all;
use tracing::info;

use crate::base::clock::DAY;
use crate::base::problem::Result;
use crate::mail::domains::dns::DnsFault;
use crate::rules::journal::Actor;
use crate::rules::sending::pace::{Known, Said, is_for_trials};
use crate::steps::contacts::addresses;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::sending::gateways::MxRecord;
use crate::store::sending::{gateways as ledger, pace as store};

use super::pace::standings::known;

/// Whoever is due within this is looked after.
const AHEAD: i64 = DAY;
/// Domains that are asked for at the same time.
const AT_ONCE: i64 = 16;

/// Asks name servers about every domain that is due and not known, or no longer. Returns how many there were.
pub async fn find(ctx: &Ctx) -> Result<u64> {
    let mut found = 0;
    while !ctx.is_stopping() {
        let now = ctx.clock.now();
        let due = {
            let mut tx = ctx.db.read().await?;
            ledger::unknown_domains(&mut tx, now.plus(AHEAD), now, AT_ONCE).await?
        };
        if due.is_empty() {
            break;
        }
        let asked = due.into_iter().map(|due| async move {
            let answer = if is_for_trials(&due.domain) { Ok(Vec::new()) } else { ctx.dns.mx(&due.domain).await };
            (due.domain, answer)
        });
        let answers = join_all(asked).await;
        found += answers.len() as u64;
        ctx.order(&Actor::Program, NoteAnswers { answers }).await?;
    }
    Ok(found)
}

type Hosts = std::result::Result<Vec<(u16, String)>, DnsFault>;

/// What name servers have said about domains.
struct NoteAnswers {
    answers: Vec<(String, Hosts)>,
}

impl Order for NoteAnswers {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        let now = ctx.clock.now();
        for (domain, hosts) in self.answers {
            let said = match &hosts {
                Ok(hosts) => hosts.first().map_or(Said::Itself, |(_, host)| Said::Host(host)),
                Err(DnsFault::NoSuchDomain | DnsFault::TakesNoMail) => Said::Refuses,
                Err(DnsFault::NoAnswerNow(_) | DnsFault::NotAName) => Said::NoAnswer,
            };
            let before = store::domains(tx, &[&domain]).await?.into_iter().next().map(|domain| known(&domain));
            let known = Known::after(before, &domain, said, now);
            let words = hosts.as_ref().err().map(ToString::to_string).unwrap_or_default();
            if known.takes_no_mail(said, now) {
                give_up(ctx, tx, &domain, &words).await?;
            }
            let Known { gateway, ask_again_at, refused_since } = known;
            ledger::note_answer(tx, &MxRecord { domain, gateway, ask_again_at, refused_since, said: words }, now)
                .await?;
        }
        Ok(())
    }
}

/// Promise 7 holds here too: the addresses end, not the people, and a corrected one starts clean.
async fn give_up(ctx: &Ctx, tx: &mut Tx, domain: &str, words: &str) -> Result<()> {
    let why = format!("{domain}: {words}. Correct the address.");
    let concerned = ledger::addresses_of_domain(tx, domain).await?;
    info!(domain, addresses = concerned.len(), "nobody at this domain can be written to: {words}");
    for address in concerned {
        addresses::found_dead(ctx, tx, &address.email, &why).await?;
    }
    Ok(())
}
