//! The counters of a round against a full count by the rules.

use std::collections::BTreeMap;

use crate::base::ids::{AccountId, RoundId};
use crate::base::problem::Result;
use crate::rules::completion::{Accounts, ContactFlags, Individual};
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::contacts::accounts::{self, account_people};
use crate::store::signoff::director_tally;
use crate::store::{Tx, completion as tallies, course as courses, people};

use super::status::{by_state, counted};

/// Compares the counters of a round with a full count by the rules. Told is a sentence per difference.
///
/// An order though it changes nothing: in the writer nothing changes between the two counts.
pub struct CheckCounters {
    pub slug: String,
}

impl Order for CheckCounters {
    type Done = Vec<String>;
    const BY: Giver = Giver::OperatorOrProgram;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Vec<String>> {
        let live = ctx.live_by_slug(tx, &self.slug).await?;
        let kept = counted(ctx, tx, &live).await?;
        let (individual, accounts) = count(tx, &live.id).await?;
        let mut differences = Vec::new();
        let mut compare = |name: &str, kept: i64, counted: i64| {
            if kept != counted {
                differences.push(format!("The counter of {name} says {kept}, a full count {counted}."));
            }
        };
        compare("listed contacts", kept.individual.listed, individual.listed);
        compare("signed contacts", kept.individual.signed, individual.signed);
        compare("invited contacts", kept.individual.invited, individual.invited);
        compare("reachable contacts", kept.individual.reachable, individual.reachable);
        compare("started contacts", kept.individual.started, individual.started);
        compare("completed contacts", kept.individual.completed, individual.completed);
        compare("opted-out contacts", kept.individual.opted_out, individual.opted_out);
        compare("undeliverable contacts", kept.individual.undeliverable, individual.undeliverable);
        compare("listed accounts", kept.accounts.listed, accounts.listed);
        compare("signed accounts", kept.accounts.signed, accounts.signed);
        compare("invited accounts", kept.accounts.invited, accounts.invited);
        compare("completed accounts", kept.accounts.completed, accounts.completed);
        let kept_messages = by_state(tallies::messages(tx, &live.lane()).await?);
        if kept_messages != by_state(tallies::count_messages(tx, &live.id).await?) {
            differences.push("The counters of messages differ from a full count.".into());
        }
        let kept_handoffs = by_state(tallies::handoffs(tx, &live.id).await?);
        if kept_handoffs != by_state(tallies::count_handoffs(tx, &live.id).await?) {
            differences.push("The counters of hand-overs differ from a full count.".into());
        }
        if director_tally::kept(tx, &live.id).await? != director_tally::counted(tx, &live.id).await? {
            differences.push("What the sign-off board counts of its directors differs from a full count.".into());
        }
        if courses::answers(tx, &live.id).await? != courses::count_answers(tx, &live.id).await? {
            differences.push("The answers of each day differ from a full count.".into());
        }
        if courses::letters(tx, &live.id).await? != courses::count_letters(tx, &live.id).await? {
            differences.push("The letters of each day differ from a full count.".into());
        }
        if courses::revenue(tx, &live.id).await? != courses::count_revenue(tx, &live.id).await? {
            differences.push("The revenue that has answered differs from a full count.".into());
        }
        if courses::directors_astray(tx, &live.id).await? > 0 {
            differences.push("What is counted of the answers of each director differs from a full count.".into());
        }
        if !are_shapes_right(tx, &live.id).await? {
            differences.push("How many accounts are of which size differs from a full count.".into());
        }
        if people::astray(tx, &live.id).await? > 0 {
            differences
                .push("How many people are where, on the list and yet to answer differs from a full count.".into());
        }
        if account_people::astray(tx, &live.id).await? > 0 {
            differences.push(
                "What is kept of the last message, the roles and the names to look at of each account differs from a full count."
                    .into(),
            );
        }
        Ok(differences)
    }
}

/// Of each director, and of the whole round.
async fn are_shapes_right(tx: &mut Tx, round: &RoundId) -> Result<bool> {
    let counted = tallies::count_shapes(tx, round).await?;
    let mut whole: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    for one in &counted {
        *whole.entry((one.invited, one.completed)).or_default() += one.accounts;
    }
    let kept = tallies::shapes(tx, round).await?;
    let kept: Vec<_> = kept.iter().map(|one| ((one.invited, one.completed), one.accounts)).collect();
    Ok(tallies::shapes_by_director(tx, round).await? == counted && whole.into_iter().collect::<Vec<_>>() == kept)
}

async fn count(tx: &mut Tx, round: &RoundId) -> Result<(Individual, Accounts)> {
    let mut individual = Individual::default();
    let mut per_account: BTreeMap<AccountId, Individual> = BTreeMap::new();
    for c in tallies::every_contact(tx, round).await? {
        let flags = ContactFlags {
            removed: c.removed != 0,
            signed: c.signed != 0,
            invited: c.invited != 0,
            started: c.started != 0,
            completed: c.completed != 0,
            opted_out: c.opted_out != 0,
            undeliverable: c.undeliverable != 0,
        };
        flags.add_to(&mut individual);
        flags.add_to(per_account.entry(c.account_id).or_default());
    }
    let signed = accounts::of_round(tx, round).await?;
    let with = |wanted: fn(&Individual) -> bool| per_account.values().filter(|a| wanted(a)).count() as i64;
    let accounts = Accounts {
        listed: with(|a| a.listed > 0),
        signed: signed.iter().filter(|a| a.standing == crate::rules::signoff::Standing::Signed).count() as i64,
        invited: with(|a| a.invited > 0),
        completed: with(|a| a.completed > 0),
        rate: 0.0,
    };
    Ok((individual, accounts))
}
