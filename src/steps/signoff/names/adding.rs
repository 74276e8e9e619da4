//! Somebody whom no list has is put on the list of an account by its director, and waits for his signature like the others.
//!
//! What a director is not asked (language, country, time zone) is what most others of the account have.

use std::collections::HashMap;

use crate::base::ids::ContactId;
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::Role;
use crate::rules::journal::Action;
use crate::steps::contacts::load::rows;
use crate::steps::contacts::people::place::{findings_json, place_of, questions};
use crate::steps::context::Ctx;
use crate::steps::repair::successors::Successor;
use crate::steps::typed::clean;
use crate::store::Tx;
use crate::store::contacts::listing::NewContact;
use crate::store::contacts::{self, Person, facts, loading};

use super::taking_back::{Row, note};
use super::usable_names::{By, Done, NotDone, Typed, usable};

pub(in crate::signoff) async fn add(ctx: &Ctx, tx: &mut Tx, by: &By<'_>, s: Successor) -> Result<Done> {
    let people = contacts::of_account(tx, &by.account.id).await?;
    let typed = Typed { first: &s.first_name, last: &s.last_name, job_title: &s.job_title, email: &s.email };
    let email = match usable(tx, by, None, &typed).await? {
        Ok(email) => email,
        Err(why) => return Ok(again(&people, &s, &why).map_or(Err(why), |id| Ok(Some(id)))),
    };
    let now = ctx.clock.now();
    loading::give_way(tx, &by.account.round_id, &email.key()).await?;
    let id: ContactId = ctx.ids.id(now);
    let place = place(&people, &id)?;
    let new = NewContact {
        first_name: clean(&s.first_name),
        last_name: clean(&s.last_name),
        job_title: clean(&s.job_title),
        role: Role::parse(&s.role).unwrap_or_default(),
        findings: findings_json(&questions(tx, &place, &email).await?)?,
        email,
        client_key: String::new(),
        more: "{}".into(),
        ..place_of(ctx, &place, id.clone())
    };
    rows::add(ctx, tx, std::slice::from_ref(&new), now).await?;
    facts::joined(tx, &id, now).await?;
    let detail = format!("added: {} {} <{}>", new.first_name, new.last_name, new.email);
    ctx.journal(tx, &by.actor, Action::PutOnTheList, Some(&by.account.round_id), &id, &detail).await?;
    if let Some(person) = contacts::person(tx, &id).await? {
        note(ctx, tx, by, "added", &[], &[Row::of(&person)]).await?;
    }
    Ok(Ok(Some(id)))
}

/// The second tap of two: this very person is on the list of this account by now.
fn again(people: &[Person], s: &Successor, why: &NotDone) -> Option<ContactId> {
    let NotDone::OnTheList { email, .. } = why else { return None };
    let same = |p: &&Person| {
        p.email.as_str() == email
            && p.removed_at.is_none()
            && p.joined_at.is_some()
            && (p.first_name.as_str(), p.last_name.as_str())
                == (clean(&s.first_name).as_str(), clean(&s.last_name).as_str())
    };
    people.iter().find(same).map(|p| p.id.clone())
}

/// The place of somebody new at the end of the list: where and in which language most of the others are.
fn place(people: &[Person], id: &ContactId) -> Result<Person> {
    let there: Vec<&Person> = people.iter().filter(|p| p.removed_at.is_none()).collect();
    let all = if there.is_empty() { people.iter().collect() } else { there };
    let mut counts: HashMap<_, usize> = HashMap::new();
    let whereabouts = |p: &Person| (p.language.clone(), p.country.clone(), p.region.clone(), p.time_zone.clone());
    all.iter().for_each(|p| *counts.entry(whereabouts(p)).or_default() += 1);
    // Of two that are as frequent, the one that stands higher on the list.
    let most = all.iter().rev().max_by_key(|p| counts.get(&whereabouts(p)).copied().unwrap_or_default());
    let like = most.ok_or_else(|| {
        Problem::refused("This account has no list to add anybody to.", "Write to us, and we make one.")
    })?;
    let line = people.iter().map(|p| p.line).max().unwrap_or_default() + 1;
    Ok(Person { id: id.clone(), line, ..(*like).clone() })
}
