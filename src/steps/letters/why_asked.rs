//! What a mail says to somebody who is asked to sign for somebody else by the round's rule: why he is asked.

use crate::base::ids::AccountId;
use crate::base::problem::Result;
use crate::mail::dates::day;
use crate::mail::letters::why_asked::{asked_in_vain, away};
use crate::rules::signoff::delegation::Why;
use crate::steps::context::{Ctx, Live};
use crate::store::sending::outbox;
use crate::store::signoff::{Request, absences, delegations};
use crate::store::{Tx, signoff as requests};

/// One sentence for each person for whom he would sign; none to whoever is asked by that person's own word.
pub(super) async fn why_asked(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Live,
    request: &Request,
    accounts: &[&AccountId],
) -> Result<Vec<String>> {
    let taken = delegations::taken(tx, &live.id, request.level, &request.email).await?;
    let covers = |d: &&delegations::Delegation| {
        d.why != Why::Colleague && accounts.iter().any(|account| d.stand_in().covers(account))
    };
    let mut of: Vec<&str> = taken.iter().filter(covers).map(|d| d.of_email.as_str()).collect();
    of.sort_unstable();
    of.dedup();
    let language = live.spec.language.as_str();
    let calendar = live.sequence.home();
    let mut all = Vec::new();
    for own in requests::of_people(tx, &live.id, request.level, &of).await? {
        let gone = absences::in_force(tx, &live.id, &[own.email.as_str()], ctx.clock.now()).await?;
        if let Some(absence) = gone.last() {
            let last_day = day(calendar.local(absence.back_at.plus(-1)).date(), language);
            all.push(away(language, &own.name, &last_day));
            continue;
        }
        let left = outbox::left_about(tx, &live.id, &own.id).await?;
        let since = left.iter().map(|(_, at)| *at).min();
        all.extend(
            since.map(|at| asked_in_vain(language, &own.name, left.len(), &day(calendar.local(at).date(), language))),
        );
    }
    Ok(all)
}
