//! What somebody said for good, wherever it was said: kept for the address at the client, and done to everybody listed under it.
//!
//! Promise 2 across rounds: the fact is asked with every contact that is read to plan or claim; here it also stops at once what is on its
//! way in the client's open rounds, raises the version of the contacts concerned, and is told in each one's journal.

use std::collections::{HashMap, HashSet};

use crate::base::address::EmailAddress;
use crate::base::ids::{ContactId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::objection::{ObjectionKind, client_key};
use crate::rules::contacts::{ListedContact, objection as rule};
use crate::rules::journal::{Action, Actor};
use crate::rules::plan::Reason;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::repair::tasks;
use crate::steps::typed::required;
use crate::store::Tx;
use crate::store::contacts::objections::Objection;
use crate::store::contacts::{self, Person, facts, objections as store};
use crate::store::sending::outbox;

/// Something that was said, or heard of.
pub(crate) struct Said<'a> {
    pub kind: ObjectionKind,
    /// The round and the contact that it was about.
    pub round: Option<&'a RoundId>,
    pub contact: Option<&'a ContactId>,
    /// Of the address, or of the contact who has given his up (`Person::email_key`).
    pub email_key: String,
    pub by: &'a Actor,
    pub evidence: &'a str,
}

/// Keeps a fact for the client of the round, and does to its contacts under this address what the fact asks for. False when it was known.
pub(crate) async fn note(ctx: &Ctx, tx: &mut Tx, said: &Said<'_>) -> Result<bool> {
    let Some(round) = said.round else { return Ok(false) };
    let client = store::client_of(tx, round).await?;
    note_for(ctx, tx, &client, said).await
}

/// Whether nothing may be sent to an address of this round, or of nobody in it: by what was said to the client for good, or for the round.
pub(crate) async fn wants_no_mail(tx: &mut Tx, round: &RoundId, email: &EmailAddress) -> Result<bool> {
    let key = email.key();
    let here = contacts::by_addresses(tx, round, std::slice::from_ref(&key)).await?;
    Ok(want_no_mail(tx, round, std::slice::from_ref(&key), &here).await?.contains(&key))
}

/// The same of several: the keys of those addresses. `here`: whoever of the round stands under one of them.
pub(crate) async fn want_no_mail(
    tx: &mut Tx,
    round: &RoundId,
    keys: &[String],
    here: &[Person],
) -> Result<HashSet<String>> {
    let client = store::client_of(tx, round).await?;
    let said = store::of_keys(tx, &client, keys).await?;
    let objected = said.into_iter().filter(|(_, all)| all.iter().any(|o| o.kind != ObjectionKind::Left));
    let opted_out = here.iter().filter(|p| p.is_opted_out()).map(|p| p.email_key.clone());
    Ok(objected.map(|(key, _)| key).chain(opted_out).collect())
}

/// A complaint is about us: it counts for every client in whose open rounds the address stands, beside the one of the mail.
pub(crate) async fn note_everywhere(ctx: &Ctx, tx: &mut Tx, said: &Said<'_>) -> Result<()> {
    let mut clients = store::clients_of(tx, &said.email_key).await?;
    if let Some(round) = said.round.filter(|_| said.contact.is_some()) {
        clients.push(store::client_of(tx, round).await?);
    }
    clients.sort();
    clients.dedup();
    for client in clients {
        note_for(ctx, tx, &client, said).await?;
    }
    Ok(())
}

async fn note_for(ctx: &Ctx, tx: &mut Tx, client: &str, said: &Said<'_>) -> Result<bool> {
    let (now, key) = (ctx.clock.now(), said.email_key.clone());
    let objection = Objection {
        id: ctx.ids.id(now),
        client: client.into(),
        email_key: key.clone(),
        kind: said.kind,
        since: store::holds_from(tx, &key, now).await?,
        round_id: said.round.cloned(),
        contact_id: said.contact.cloned(),
        recorded_by: said.by.into(),
        evidence: said.evidence.into(),
        ended_at: None,
        ended_by: None,
        ended_because: None,
    };
    let new = store::insert(tx, &objection).await?;
    for id in store::contacts(tx, client, &key).await? {
        if let Some(person) = contacts::person(tx, &id).await? {
            stop(ctx, tx, &person, said.kind, said.by, said.evidence).await?;
        }
    }
    Ok(new)
}

/// Nothing more goes to this contact. Does nothing where that is so already.
async fn stop(ctx: &Ctx, tx: &mut Tx, person: &Person, kind: ObjectionKind, by: &Actor, why: &str) -> Result<()> {
    let (now, round) = (ctx.clock.now(), Some(&person.round_id));
    if kind == ObjectionKind::Left {
        if person.left_at.is_some() {
            return Ok(());
        }
        facts::set_left(tx, &person.id, true, now).await?;
        outbox::withdraw_of_contact(tx, &person.id, &Reason::HasLeft.into(), now).await?;
        tasks::has_left(ctx, tx, person, why, &[], by).await?;
        return ctx.journal(tx, by, Action::HasLeft, round, &person.id, why).await;
    }
    if !facts::opt_out(tx, &person.id, now).await? {
        return Ok(());
    }
    outbox::withdraw_of_contact(tx, &person.id, &Reason::OptedOut.into(), now).await?;
    let what = match kind {
        ObjectionKind::Complaint => Action::Complained,
        _ => Action::OptedOut,
    };
    ctx.journal(tx, by, what, round, &person.id, why).await?;
    tasks::settled(ctx, tx, person, "opted out", by).await?;
    Ok(())
}

/// Somebody stands under this address just now: what is known of it at the client holds for him.
pub(super) async fn given(ctx: &Ctx, tx: &mut Tx, contact: &ContactId) -> Result<()> {
    let Some(person) = contacts::person(tx, contact).await? else { return Ok(()) };
    if person.objected_at.is_none() && person.gone_at.is_none() {
        return Ok(());
    }
    let client = store::client_of(tx, &person.round_id).await?;
    let key = person.email_key.clone();
    for o in store::of_keys(tx, &client, std::slice::from_ref(&key)).await?.remove(&key).unwrap_or_default() {
        let why = rule::sentence(o.kind, o.since, &o.evidence);
        stop(ctx, tx, &person, o.kind, &Actor::Program, &why).await?;
    }
    Ok(())
}

/// What is in force at the client of this round for the addresses of these rows, as far as it was said elsewhere than in this round.
pub(super) async fn known_of(
    tx: &mut Tx,
    round: &RoundId,
    rows: &[ListedContact],
) -> Result<HashMap<String, Vec<Objection>>> {
    let keys: Vec<String> = rows.iter().map(|row| row.email.key()).collect();
    known_of_keys(tx, round, &keys).await
}

/// The same for the keys of addresses.
pub(super) async fn known_of_keys(
    tx: &mut Tx,
    round: &RoundId,
    keys: &[String],
) -> Result<HashMap<String, Vec<Objection>>> {
    let client = store::client_of(tx, round).await?;
    let mut known = store::of_keys(tx, &client, keys).await?;
    known.retain(|_, all| {
        all.retain(|o| o.round_id.as_ref() != Some(round));
        !all.is_empty()
    });
    Ok(known)
}

/// A person has this address now: what the person asked for goes along, and holds for both addresses. A departure does not: it is about the
/// old one. What was kept for whoever had given his address up is nobody else's, and stays nowhere else.
pub(super) async fn follow(ctx: &Ctx, tx: &mut Tx, old: &Person, to: &EmailAddress, by: &Actor) -> Result<()> {
    let client = store::client_of(tx, &old.round_id).await?;
    let again = old.gave_address_up() && old.email.key() == to.key();
    copy(ctx, tx, (&client, &old.email_key), (&client, &to.key()), Some(&old.id), again).await?;
    if old.gave_address_up() {
        ended(ctx, tx, (&client, &old.email_key), &format!("goes along to {to}"), by).await?;
    }
    given(ctx, tx, &old.id).await
}

/// Somebody else has the mailbox of this person by now: what was said there until now was said by this person, and holds for him alone, from
/// when it was said. To be asked before he gives the address up.
pub(super) async fn stay_with(ctx: &Ctx, tx: &mut Tx, person: &Person, whom: &str, by: &Actor) -> Result<()> {
    let (now, client) = (ctx.clock.now(), store::client_of(tx, &person.round_id).await?);
    let key = person.email_key.clone();
    for o in store::of_keys(tx, &client, std::slice::from_ref(&key)).await?.remove(&key).unwrap_or_default() {
        let moved = Objection {
            id: ctx.ids.id(now),
            email_key: person.id.to_string(),
            contact_id: Some(person.id.clone()),
            evidence: then_under(&o.evidence, &key),
            ..o
        };
        store::insert(tx, &moved).await?;
    }
    ended(ctx, tx, (&client, &key), &format!("said by {}; the mailbox is that of {whom}", person.full_name()), by).await
}

/// Nothing that was said is in force for this key any more.
async fn ended(ctx: &Ctx, tx: &mut Tx, (client, key): (&str, &str), because: &str, by: &Actor) -> Result<()> {
    for left in [false, true] {
        store::end(tx, client, key, left, by.as_str(), because, ctx.clock.now()).await?;
    }
    Ok(())
}

/// Evidence that is kept for another key than it was given under. The key of whoever has given his address up says nothing to a reader.
pub(super) fn then_under(evidence: &str, key: &str) -> String {
    if key.contains('@') { format!("{} (then under {key})", evidence.trim()) } else { evidence.into() }
}

/// Somebody has said that two addresses are one person's: what is in force for the key of the one holds for the other at the client of this
/// round. How much that is; a departure is not among it.
pub(super) async fn spread(ctx: &Ctx, tx: &mut Tx, round: &RoundId, from: &str, to: &EmailAddress) -> Result<u64> {
    let client = store::client_of(tx, round).await?;
    copy(ctx, tx, (&client, from), (&client, &to.key()), None, false).await
}

/// The departure that is in force for a key at the client of this round.
pub(super) async fn departure(tx: &mut Tx, round: &RoundId, key: &str) -> Result<Option<Objection>> {
    let (client, key) = (store::client_of(tx, round).await?, key.to_owned());
    let known = store::of_keys(tx, &client, std::slice::from_ref(&key)).await?.remove(&key).unwrap_or_default();
    Ok(known.into_iter().find(|o| o.kind == ObjectionKind::Left))
}

/// What is in force for one address holds for another one too, from now on; with `departures` those too. How much that is.
async fn copy(
    ctx: &Ctx,
    tx: &mut Tx,
    (client, key): (&str, &str),
    (to_client, to_key): (&str, &str),
    contact: Option<&ContactId>,
    departures: bool,
) -> Result<u64> {
    let now = ctx.clock.now();
    let key = key.to_string();
    let known = store::of_keys(tx, client, std::slice::from_ref(&key)).await?.remove(&key).unwrap_or_default();
    let mut copied = 0;
    for o in known.into_iter().filter(|o| departures || o.kind != ObjectionKind::Left) {
        let since = store::holds_from(tx, to_key, now).await?;
        let evidence = if to_key == key { o.evidence } else { then_under(&o.evidence, &key) };
        let copy = Objection {
            id: ctx.ids.id(now),
            client: to_client.into(),
            email_key: to_key.into(),
            since,
            contact_id: contact.cloned().or(o.contact_id),
            evidence,
            ..o
        };
        store::insert(tx, &copy).await?;
        copied += 1;
    }
    Ok(copied)
}

/// The round is this client's now. Rounds whose client is spelled alike are of one client, and what was said under the old name holds.
pub(crate) async fn client_named(ctx: &Ctx, tx: &mut Tx, client: &str) -> Result<()> {
    let key = client_key(client);
    for round in store::clients(tx).await?.into_iter().filter(|r| client_key(&r.client) == key && r.client_key != key) {
        for o in store::of_client(tx, &round.client_key).await?.into_iter().filter(|o| o.ended_at.is_none()) {
            copy(ctx, tx, (&round.client_key, &o.email_key), (&key, &o.email_key), None, true).await?;
        }
        store::name_client(tx, &round.id, &key).await?;
    }
    Ok(())
}

/// A new consent, with who gave it, how and when: what was said before ends, in this and the client's other open rounds.
pub struct RecordConsent {
    pub contact: ContactId,
    pub evidence: String,
}

impl Order for RecordConsent {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let evidence = required(&self.evidence, "Say who has given the consent, how, and when.")?;
        let unknown = || Problem::not_found("There is no such contact.", "Go back to the list of contacts.");
        let person = contacts::person(tx, &self.contact).await?.ok_or_else(unknown)?;
        if !person.is_opted_out() {
            return Err(Problem::refused(
                format!("{} has not opted out.", person.full_name()),
                "Reload the page; there is nothing to end.",
            ));
        }
        let now = ctx.clock.now();
        let (client, key) = (store::client_of(tx, &person.round_id).await?, person.email_key.clone());
        store::end(tx, &client, &key, false, by.as_str(), &evidence, now).await?;
        let mut concerned = store::contacts(tx, &client, &key).await?;
        if !concerned.contains(&person.id) {
            concerned.push(person.id.clone());
        }
        for id in concerned {
            let opted_in = facts::opt_in(tx, &id, now).await?;
            facts::decide_again(tx, &id, now).await?;
            let round = contacts::person(tx, &id).await?.map(|p| p.round_id);
            if opted_in || id == person.id {
                ctx.journal(tx, by, Action::RecordedConsent, round.as_ref(), &id, &evidence).await?;
            }
        }
        Ok(())
    }
}

/// The news of a departure was wrong, for this contact and for whoever else of the client stands under the address.
pub(crate) async fn stays(ctx: &Ctx, tx: &mut Tx, person: &Person, why: &str, actor: &Actor) -> Result<()> {
    let now = ctx.clock.now();
    let (client, key) = (store::client_of(tx, &person.round_id).await?, person.email_key.clone());
    store::end(tx, &client, &key, true, actor.as_str(), why, now).await?;
    tasks::has_not_left(ctx, tx, person, actor).await?;
    for id in store::contacts(tx, &client, &key).await?.into_iter().filter(|id| *id != person.id) {
        let Some(other) = contacts::person(tx, &id).await?.filter(|p| p.left_at.is_some()) else { continue };
        tasks::has_not_left(ctx, tx, &other, actor).await?;
        ctx.journal(tx, actor, Action::HasNotLeft, Some(&other.round_id), &id, why).await?;
    }
    Ok(())
}
