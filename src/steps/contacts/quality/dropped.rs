//! Whom directors left out since the round before, and why: asked for before the round starts, told to the client.
//!
//! Answers are read here to count how many had scored low; nobody is told who did.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::base::clock::Ts;
use crate::base::counted::counted;
use crate::base::ids::RoundId;
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::checked::CheckedList;
use crate::rules::contacts::quality::dropped::{DropRate, LOW, PersonBefore, rates};
use crate::rules::contacts::together::account::key;
use crate::rules::contacts::together::identity::name_key;
use crate::rules::journal::{Action, Actor};
use crate::rules::questionnaire::{ItemKind, Questionnaire};
use crate::rules::round::RoundState;
use crate::steps::contacts::accounts::aliases::{self, Aliases};
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::steps::typed::{fitting, quoted};
use crate::store::Tx;
use crate::store::contacts::earlier::{self, DroppedReason, Former};
use crate::store::contacts::{accounts, listing, objections};
use crate::store::round::rounds;

/// What a director left out, and the reason where one was given.
#[derive(Clone, Debug, Serialize)]
pub struct Dropped {
    #[serde(flatten)]
    pub rate: DropRate,
    pub reason: Option<String>,
    /// By whom and when it was given.
    #[serde(flatten)]
    pub given: Option<Given>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Given {
    pub given_by: String,
    pub given_at: Ts,
}

impl Dropped {
    /// "Mary Lee left out 6 of 20 people ... who had scored low or stayed silent. The reason: ...".
    pub fn sentence(&self) -> String {
        let what = self.what();
        match &self.reason {
            Some(reason) => format!("{what} The reason: {reason}"),
            None => what,
        }
    }

    /// The same without the reason.
    pub fn what(&self) -> String {
        let rate = &self.rate;
        format!("{} left out {}, who had scored low or stayed silent.", rate.name, rate.figures())
    }

    fn is_open(&self) -> bool {
        self.rate.reason_wanted && self.reason.is_none()
    }
}

/// Who is in a round or on a list, as people of the round before are found again: under whichever name of an account they stand.
pub(super) struct Here {
    aliases: Aliases,
    keys: HashSet<String>,
    client_keys: HashSet<String>,
    /// By account and name.
    names: HashSet<(String, String)>,
    /// By account: the key and name of its director.
    directors: HashMap<String, (String, String)>,
}

impl Here {
    pub(super) async fn of_list(tx: &mut Tx, round: &RoundId, list: &CheckedList) -> Result<Here> {
        let aliases = aliases_of(tx, round).await?;
        let account = |name: &str| aliases.canonical(&key(name)).to_owned();
        let all = &list.accepted;
        Ok(Here {
            keys: all.iter().map(|c| c.email.key()).collect(),
            client_keys: all.iter().map(|c| c.key.clone()).filter(|key| !key.is_empty()).collect(),
            names: all.iter().map(|c| (account(&c.account), name_key(&c.first_name, &c.last_name))).collect(),
            directors: all
                .iter()
                .map(|c| (account(&c.account), (c.director.email.key(), c.director.name.clone())))
                .collect(),
            aliases,
        })
    }

    async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Here> {
        let aliases = aliases_of(tx, round).await?;
        let account = |name: &str| aliases.canonical(&key(name)).to_owned();
        let mut all = accounts::of_round(tx, round).await?;
        // Of two names of one account the one that has people says whose it is.
        all.sort_by_key(|a| a.listed > 0);
        let names: HashMap<_, _> = all.iter().map(|a| (&a.id, account(&a.name))).collect();
        let mut people = listing::everybody(tx, round).await?;
        people.retain(|p| p.removed_at.is_none());
        let name = |p: &listing::Listed| {
            (names.get(&p.account_id).cloned().unwrap_or_default(), name_key(&p.first_name, &p.last_name))
        };
        Ok(Here {
            keys: people.iter().flat_map(|p| [p.email_key.clone(), p.list_key.clone()]).collect(),
            client_keys: people.iter().map(|p| p.client_key.clone()).filter(|key| !key.is_empty()).collect(),
            names: people.iter().map(name).collect(),
            directors: all
                .iter()
                .map(|a| (account(&a.name), (a.director_email.key(), a.director_name.clone())))
                .collect(),
            aliases,
        })
    }

    fn account(&self, former: &Former) -> String {
        self.aliases.canonical(&key(&former.account)).to_owned()
    }

    fn has(&self, former: &Former) -> bool {
        self.keys.contains(&former.email_key)
            || self.keys.contains(&former.list_key)
            || self.client_keys.contains(&former.client_key)
            || self.names.contains(&(self.account(former), name_key(&former.first_name, &former.last_name)))
    }
}

async fn aliases_of(tx: &mut Tx, round: &RoundId) -> Result<Aliases> {
    let client = objections::client_of(tx, round).await?;
    aliases::load(tx, &client).await
}

/// Beside the last closed round of the client; nothing where there is none.
pub(super) async fn dropped(ctx: &Ctx, tx: &mut Tx, round: &RoundId, here: &Here) -> Result<Vec<Dropped>> {
    let Some(before) = earlier::round_before(tx, round).await? else { return Ok(Vec::new()) };
    let asked = ctx.live_by_id(tx, &before.id).await?;
    let recommend = recommend(&asked.questionnaire);
    let former = earlier::invited(tx, &before.id, recommend.unwrap_or_default()).await?;
    let people: Vec<PersonBefore> = former
        .into_iter()
        .map(|f| {
            let then = || (crate::base::address::key_of(&f.director_email), f.director_name.clone());
            let (director, name) = here.directors.get(&here.account(&f)).cloned().unwrap_or_else(then);
            let score = f.answer.as_deref().and_then(|value| value.trim().parse::<i64>().ok());
            let weak = f.completed_at.is_none() || score.is_some_and(|score| score <= LOW);
            PersonBefore { director, name, weak, still_listed: here.has(&f) }
        })
        .collect();
    let mut reasons: HashMap<String, DroppedReason> =
        earlier::reasons(tx, round).await?.into_iter().map(|r| (r.director_key.clone(), r)).collect();
    let with_reason = |rate: DropRate| match reasons.remove(&rate.director) {
        Some(DroppedReason { reason, given_by, given_at, .. }) => {
            Dropped { rate, reason: Some(reason), given: Some(Given { given_by, given_at }) }
        }
        None => Dropped { rate, reason: None, given: None },
    };
    Ok(rates(&people).into_iter().map(with_reason).collect())
}

/// The first item on the scale from 0 to 10.
fn recommend(questionnaire: &Questionnaire) -> Option<&str> {
    let mut items = questionnaire.groups.iter().flat_map(|group| &group.items);
    items.find(|item| item.kind == ItemKind::Scale10).map(|item| item.id.as_str())
}

/// As the round is now. Costs both rounds, and nothing where there is none before: its own people are not read then.
async fn of_round(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<Vec<Dropped>> {
    if earlier::last_closed(tx, round).await?.is_none() {
        return Ok(Vec::new());
    }
    let here = Here::of_round(tx, round).await?;
    dropped(ctx, tx, round, &here).await
}

/// For which a reason is wanted or was given.
pub async fn reasons(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<Vec<Dropped>> {
    let all = of_round(ctx, tx, round).await?.into_iter();
    Ok(all.filter(|dropped| dropped.rate.reason_wanted || dropped.reason.is_some()).collect())
}

/// For which a director still owes a reason.
pub async fn without_reason(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<Vec<Dropped>> {
    Ok(reasons(ctx, tx, round).await?.into_iter().filter(Dropped::is_open).collect())
}

/// A round does not start while a director owes a reason.
pub(crate) async fn reasons_first(ctx: &Ctx, tx: &mut Tx, round: &RoundId, slug: &str) -> Result<()> {
    let open = without_reason(ctx, tx, round).await?;
    let Some(first) = open.first() else { return Ok(()) };
    let all: Vec<String> = open.iter().map(Dropped::sentence).collect();
    Err(Problem::refused(
        format!("Round {slug} was not started. {}", all.join(" ")),
        format!(
            "Put them back on the list, or ask for the reason and give it: `list reason {slug} {} \"...\"`. It is told to whoever approves the plan.",
            first.rate.director
        ),
    )
    .on_page("Put them back on the list, or give the reason under “What is open”. It is told to whoever approves the plan."))
}

/// What the client reads beside the plan: every director above the limit, with the reason.
pub(crate) async fn for_the_client(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<Vec<String>> {
    let all = of_round(ctx, tx, round).await?;
    Ok(all.iter().filter(|d| d.rate.reason_wanted).map(Dropped::sentence).collect())
}

/// Somebody says why a director left out so many.
pub struct GiveReason {
    pub slug: String,
    /// The director's address.
    pub director: String,
    pub reason: String,
}

impl Order for GiveReason {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let round = rounds::by_slug(tx, &self.slug).await?.ok_or_else(|| unknown(&self.slug))?;
        tx.in_round(&round.id);
        if round.state == RoundState::Closed {
            let next = "A reason is given while its round runs, or before.";
            return Err(Problem::refused(format!("Round {} is closed.", self.slug), next));
        }
        let reason = fitting("The reason", &self.reason)?;
        if reason.is_empty() {
            return Err(Problem::unusable("The reason is empty.", "Write why these people are not asked again."));
        }
        let all = of_round(ctx, tx, &round.id).await?;
        let director = crate::base::address::key_of(&self.director);
        let Some(found) = all.iter().find(|d| d.rate.director == director) else {
            let wanted: Vec<&str> =
                all.iter().filter(|d| d.rate.dropped > 0).map(|d| d.rate.director.as_str()).collect();
            let next = match wanted.as_slice() {
                [] => "No director has left out anybody who scored low or stayed silent.".to_owned(),
                some => format!("Those who left out people are: {}.", some.join(", ")),
            };
            let what = format!("No director of the round before has the address {}.", quoted(&self.director));
            return Err(Problem::unusable(what, next));
        };
        let given = DroppedReason {
            director_key: director.clone(),
            reason: reason.clone(),
            given_by: by.into(),
            given_at: ctx.clock.now(),
        };
        earlier::give_reason(tx, &round.id, &given).await?;
        let left_out = counted(found.rate.dropped, "person left out", "people left out");
        ctx.journal(tx, by, Action::GaveReason, Some(&round.id), director.as_str(), &format!("{left_out}: {reason}"))
            .await
    }
}
