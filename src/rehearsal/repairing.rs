//! What account managers do with a repair link: write another address, name who follows, drop a name, or leave it for the next mail.
//!
//! What may not work is tried as well: the dead address once more, and a form of a page on which everything was settled since.

use crate::base::ids::Dice;
use crate::base::problem::Result;
use crate::rules::journal::Actor;
use crate::steps::repair::resolution::{Resolution, Resolved, SettleTask};
use crate::steps::repair::successors::Successor;
use crate::steps::{Ctx, repair};
use crate::store::contacts::Person;

use super::findings::Findings;
use super::refusals::told;

/// Goes through what is open behind the link.
pub async fn repair(seed: u64, ctx: &Ctx, who: &str, secret: &str, findings: &mut Findings) -> Result<()> {
    let sheet = repair::sheet(ctx, secret).await?;
    findings.must(7, sheet.is_some(), || format!("The repair link of {who} leads nowhere."));
    for broken in sheet.into_iter().flat_map(|s| s.open) {
        let person = &broken.person;
        let same = Resolution::Correct { email: person.email.to_string() };
        let taken = told(
            ctx.order(
                &Actor::Visitor,
                SettleTask { secret: secret.to_string(), contact: person.id.clone(), resolution: same, sure: true },
            )
            .await,
        )?;
        findings.must(7, taken.is_none(), || format!("{who} could name the dead address {} again.", person.email));
        let Some(decided) = decide(seed, who, person) else { continue };
        let done = told(
            ctx.order(
                &Actor::Visitor,
                SettleTask {
                    secret: secret.to_string(),
                    contact: person.id.clone(),
                    resolution: decided.clone(),
                    sure: true,
                },
            )
            .await,
        )?;
        if matches!(done, Some(Resolved::Done)) {
            // A second tap hears what the first one did, and does nothing.
            let before = standing(ctx, secret).await?;
            told(
                ctx.order(
                    &Actor::Visitor,
                    SettleTask {
                        secret: secret.to_string(),
                        contact: person.id.clone(),
                        resolution: decided,
                        sure: true,
                    },
                )
                .await,
            )?;
            findings.must(7, standing(ctx, secret).await? == before, || {
                format!("{who} could repair {} twice.", person.email)
            });
        }
    }
    Ok(())
}

/// Whom the page names, open and done, and who stands there now.
async fn standing(ctx: &Ctx, secret: &str) -> Result<Vec<(String, Option<String>)>> {
    let Some(sheet) = repair::sheet(ctx, secret).await? else { return Ok(Vec::new()) };
    let open = sheet.open.into_iter().map(|broken| (broken.person.email.to_string(), None));
    let done = sheet.done.into_iter().map(|(broken, now)| {
        (format!("{} {}", broken.person.email, broken.task.id), now.map(|person| person.email.to_string()))
    });
    Ok(open.chain(done).collect())
}

fn decide(seed: u64, who: &str, person: &Person) -> Option<Resolution> {
    let mut dice = Dice::new(seed, &format!("repair {who} {} {}", person.id, person.version));
    let (local, domain) = (person.email.local(), person.email.domain());
    Some(match dice.below(100) {
        0..45 if person.left_at.is_none() => Resolution::Correct { email: format!("{local}.new@{domain}") },
        0..75 => Resolution::Replace(Successor {
            first_name: "Robin".into(),
            last_name: person.last_name.clone(),
            email: format!("robin.{local}@{domain}"),
            job_title: person.job_title.clone(),
            role: String::new(),
        }),
        75..90 => Resolution::Drop { reason: "has left, and nobody follows".into() },
        _ => return None,
    })
}
