//! What operators do by hand while a round runs: change lists after the signature, hold and release messages, decide doubts,
//! record approvals that were given elsewhere.

use soundings::base::address::EmailAddress;
use soundings::base::ids::Dice;
use soundings::base::problem::Result;
use soundings::rehearsal::play::OPERATOR;
use soundings::rehearsal::refusals::told;
use soundings::rehearsal::world::World;
use soundings::rules::contacts::{Colleague, ListedContact};
use soundings::rules::journal::Actor;
use soundings::rules::message::MessageState;
use soundings::rules::signoff::{SignLevel, Standing};
use soundings::steps::contacts as lists;
use soundings::steps::sending::outbox::{self, MessageAction};
use soundings::steps::signoff::names::editing::{self, Correction, Edit};
use soundings::steps::signoff::signing::RecordSignature;
use soundings::store::contacts::{Person, accounts, search};
use soundings::store::sending::outbox as ledger;

const NOTHING: &str = "nothing";

/// Corrects, removes, puts back or adds a name.
pub async fn change_list(world: &mut World, dice: &mut Dice) -> Result<String> {
    let live = world.live().await?;
    let what = dice.below(4);
    let filter = if what == 2 { "removed" } else { "listed" };
    let people = {
        let mut tx = world.ctx.db.read().await?;
        let search = search::Search { stage: filter.into(), ..Default::default() };
        search::page(&mut tx, &live.id, &search, i64::MAX, 0).await?
    };
    let Some(person) = pick(dice, &people) else { return Ok(NOTHING.into()) };
    let who = person.email.to_string();
    let edit = match what {
        0 => Edit::Correct(correction(person, dice)),
        1 => Edit::Remove { reason: "has left".into() },
        2 => Edit::PutBack,
        _ => {
            let Some(row) = another(world, person, dice).await? else { return Ok(NOTHING.into()) };
            let added = row.email.to_string();
            told(
                lists::load_list(
                    &world.ctx,
                    &world.slug,
                    vec![row],
                    lists::Allowed::default(),
                    &Actor::operator(OPERATOR),
                )
                .await,
            )?;
            return Ok(format!("{added} is added"));
        }
    };
    let done = format!("{who}: {edit:?}");
    told(world.ctx.order(&Actor::operator(OPERATOR), editing::EditContact { contact: person.id.clone(), edit }).await)?;
    Ok(done)
}

fn correction(person: &Person, dice: &mut Dice) -> Correction {
    let email = match dice.chance(60) {
        true => format!("new{}.{}", dice.below(1_000), person.email),
        false => person.email.to_string(),
    };
    Correction {
        first_name: person.first_name.clone(),
        last_name: format!("{} {}", person.last_name, dice.below(1_000)),
        email,
        job_title: person.job_title.clone(),
        role: person.role.as_str().into(),
        reason: "told by phone".into(),
    }
}

/// A colleague of this person, as a row of a list.
async fn another(world: &World, person: &Person, dice: &mut Dice) -> Result<Option<ListedContact>> {
    let mut tx = world.ctx.db.read().await?;
    let Some(account) = accounts::by_id(&mut tx, &person.account_id).await? else { return Ok(None) };
    let number = dice.below(1_000_000);
    let email = EmailAddress::parse(&format!("added{number}@{}", person.email.domain()));
    let manager = EmailAddress::parse(&account.manager_email).ok();
    Ok(email.ok().map(|email| ListedContact {
        line: 1_000,
        account: account.name,
        first_name: "Added".into(),
        last_name: format!("Later {number}"),
        email,
        job_title: String::new(),
        role: person.role,
        language: person.language.clone(),
        country: person.country.clone(),
        region: person.region.clone(),
        time_zone: person.time_zone.clone(),
        director: Colleague { name: account.director_name, email: account.director_email },
        manager: manager.map(|email| Colleague { name: account.manager_name, email }),
        strategic: Some(account.strategic.0),
        annual_revenue: account.annual_revenue,
        key: String::new(),
        more: std::collections::BTreeMap::default(),
        findings: Vec::new(),
    }))
}

/// Does to one message what its state allows.
pub async fn handle_message(world: &mut World, dice: &mut Dice) -> Result<String> {
    const ACTIONS: [(MessageState, MessageAction); 6] = [
        (MessageState::Planned, MessageAction::Hold),
        (MessageState::Held, MessageAction::Release),
        (MessageState::Held, MessageAction::Release),
        (MessageState::Failed, MessageAction::Retry),
        (MessageState::InDoubt, MessageAction::Arrived),
        (MessageState::InDoubt, MessageAction::SendAgain),
    ];
    let (state, action) = ACTIONS[dice.below(ACTIONS.len() as u64) as usize];
    let live = world.live().await?;
    let messages = {
        let mut tx = world.ctx.db.read().await?;
        ledger::page(&mut tx, &live.lane(), Some(state), i64::MAX, 0).await?
    };
    let Some(message) = pick(dice, &messages) else { return Ok(NOTHING.into()) };
    told(
        world.ctx.order(&Actor::operator(OPERATOR), outbox::ActOnMessage { message: message.id.clone(), action }).await,
    )?;
    Ok(format!("{action:?}: the {} to {}", message.kind, message.to_email))
}

/// Enters the approval of a director who does not use the link.
pub async fn record_approval(world: &mut World, dice: &mut Dice) -> Result<String> {
    let live = world.live().await?;
    let unsigned: Vec<accounts::Account> = {
        let mut tx = world.ctx.db.read().await?;
        let all = accounts::of_round(&mut tx, &live.id).await?;
        all.into_iter().filter(|a| a.standing != Standing::Signed && a.listed > 0).collect()
    };
    let Some(account) = pick(dice, &unsigned) else { return Ok(NOTHING.into()) };
    let level = match account.standing {
        Standing::Unsigned => SignLevel::Director,
        _ => SignLevel::SalesDirector,
    };
    let recorded = RecordSignature {
        account: account.id.clone(),
        fingerprint: String::new(),
        level,
        who: account.director_name.clone(),
        when: "yesterday".into(),
        evidence: "mail of the same day".into(),
    };
    told(world.ctx.order(&Actor::operator(OPERATOR), recorded).await)?;
    Ok(format!("an approval of {} is recorded", account.name))
}

fn pick<'a, T>(dice: &mut Dice, among: &'a [T]) -> Option<&'a T> {
    among.get(dice.below(among.len() as u64) as usize)
}
