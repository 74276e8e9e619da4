//! What somebody of the account team sees behind the link of his weekly mail: his part of the round, and who is to be called or written to.
//! Reading it changes nothing.

use std::sync::Arc;

use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::base::tokens;
use crate::rules::completion::team::TeamLevel;
use crate::rules::journal::Actor;
use crate::steps::completion::told;
use crate::steps::context::{Ctx, Live, Purpose};
use crate::steps::repair::contact_tasks::open_of;
use crate::store::calling::team::{self, Part, PartAccount, PartTally, TeamLink};
use crate::store::contacts::{self, Person};
use crate::store::{Tx, repair};

/// Who has opened his page, and what he has a part in.
pub struct TeamSheet {
    pub link: TeamLink,
    pub live: Arc<Live>,
    /// Of his accounts; of a sponsor nothing.
    pub tally: PartTally,
    /// False for whoever looks after none of the round's accounts any more, or is its sponsor no more.
    pub has_part: bool,
}

/// `None` when there is no such link.
pub async fn sheet(ctx: &Ctx, secret: &str) -> Result<Option<TeamSheet>> {
    let mut tx = ctx.db.read().await?;
    let Some(link) = team::by_link(&mut tx, &tokens::hash(secret)).await? else { return Ok(None) };
    let live = ctx.live_by_id(&mut tx, &link.round_id).await?;
    let tally = team::tally(&mut tx, &link.round_id, link.level, link.email.as_str()).await?;
    let has_part = match link.level {
        TeamLevel::Manager | TeamLevel::Director => tally.accounts > 0,
        TeamLevel::Sponsor => live.spec.sponsor.as_ref().is_some_and(|s| s.email.key() == link.email.key()),
    };
    Ok(Some(TeamSheet { link, live, tally, has_part }))
}

impl TeamSheet {
    /// As the journal and the calls name him.
    pub fn actor(&self) -> Actor {
        Actor::account_manager(&self.link.email)
    }

    /// Only account managers are asked to call.
    pub fn calls(&self) -> bool {
        self.link.level == TeamLevel::Manager
    }

    /// Everybody of his who was invited; whoever was invited today, too.
    pub fn people(&self, ctx: &Ctx, only_open: bool) -> Part<'_> {
        let before = ctx.clock.now().plus(1);
        Part { round: &self.live.id, level: self.link.level, email: self.link.email.as_str(), before, only_open }
    }
}

/// His accounts of which somebody was invited, in numbers, each where it may be told beside the others.
pub struct InNumbers {
    /// By name; how many of each have answered.
    pub accounts: Vec<(PartAccount, Option<i64>)>,
    /// Of all of them.
    pub completed: Option<i64>,
    /// Of how many: everybody who was invited.
    pub invited: i64,
}

/// What is told of the part of this link where its round tells no names.
pub async fn in_numbers(tx: &mut Tx, live: &Live, link: &TeamLink) -> Result<InNumbers> {
    let accounts = team::asked(tx, &live.id, link.level, link.email.as_str()).await?;
    let singly = told::accounts(tx, live).await?;
    let invited = accounts.iter().map(|a| a.invited).sum();
    let accounts: Vec<_> = accounts
        .into_iter()
        .map(|a| {
            let completed = singly.of(a.completed, a.invited);
            (a, completed)
        })
        .collect();
    // Their sum says nothing more where each is told; else it would tell of the others.
    let completed = accounts.iter().map(|(_, completed)| *completed).sum();
    Ok(InNumbers { accounts, completed, invited })
}

/// How many of his contacts cannot be reached, and the secret of his link to repair them; none where all can.
pub async fn to_repair(ctx: &Ctx, tx: &mut Tx, sheet: &TeamSheet) -> Result<Option<(usize, String)>> {
    let Some(request) = repair::of_person(tx, &sheet.live.id, &sheet.link.email).await? else { return Ok(None) };
    let open = open_of(tx, &request).await?.len();
    Ok((open > 0).then(|| (open, ctx.secret(Purpose::Repair, &request.id))))
}

/// Somebody of an account of this link. S11: anybody else is as unknown as one that never was.
pub(crate) async fn own_person(tx: &mut Tx, link: &TeamLink, contact: &ContactId) -> Result<Option<Person>> {
    let person = contacts::person(tx, contact).await?;
    Ok(person.filter(|p| p.round_id == link.round_id && p.manager_email == link.email.as_str()))
}
