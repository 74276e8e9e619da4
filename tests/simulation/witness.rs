//! What is true of the people of a year, whatever their addresses, and whether the mailbox and the books agree with it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use soundings::base::address::EmailAddress;
use soundings::base::clock::Ts;
use soundings::base::ids::RoundId;
use soundings::rehearsal::mailbox::Received;
use soundings::rehearsal::world::World;
use soundings::rules::contacts::objection::client_key;
use soundings::rules::sending::refusal::proves_dead;
use soundings::rules::signoff::Standing;
use soundings::store::contacts::search::{self, Search};
use soundings::store::contacts::{Person, addresses, objections};
use soundings::store::round::rounds;
use soundings::store::sending::outbox;
use soundings::store::{Tx, journal, replies};

const TO_CONTACTS: [&str; 3] = ["warm_up", "invitation", "reminder"];

/// What only those write who have gone, or are away: phrases of the rehearsal's notices and of this year's.
const GONE: [&str; 4] = ["left the company", "I have left", "letzter Arbeitstag", "quitté la société"];
const AWAY: [&str; 3] = ["I am out of the office until", "Ich bin bis zum", "Je suis en congé jusqu'au"];

pub type Who = String;

/// Somebody has said something from which a silence follows: for good, or in one round.
#[derive(Clone, Debug)]
pub struct Said {
    pub who: Who,
    pub at: Ts,
    pub what: &'static str,
    /// In this round only.
    pub only: Option<&'static str>,
}

#[derive(Clone, Default)]
pub struct Truth {
    /// A person by each address that a list gives him; the first one names him.
    persons: HashMap<String, Who>,
    pub said: Vec<Said>,
}

pub fn key(address: &str) -> String {
    EmailAddress::parse(address).unwrap().key()
}

impl Truth {
    pub fn is_also(&mut self, who: &str, address: &str) {
        self.persons.insert(key(address), who.to_owned());
    }

    /// Account managers correct `ann@` into `ann.new@`, who is the same person; whom they name in her place is another.
    pub fn who(&self, address: &str) -> Who {
        let key = key(address);
        let (mut local, domain) = key.rsplit_once('@').unwrap();
        loop {
            if let Some(who) = self.persons.get(&format!("{local}@{domain}")) {
                return who.clone();
            }
            match local.strip_suffix(".new") {
                Some(before) => local = before,
                None => return key.clone(),
            }
        }
    }

    fn is_known(&self, address: &str) -> bool {
        self.persons.values().any(|who| *who == self.who(address)) || address.starts_with("robin.")
    }

    /// Who said for good what silences them, by the script and by the books (people of the rehearsal act on their own).
    pub async fn for_good(&self, world: &World) -> BTreeMap<(Who, &'static str), Ts> {
        let mut all = BTreeMap::new();
        for said in self.said.iter().filter(|s| s.only.is_none()) {
            all.insert((said.who.clone(), said.what), said.at);
        }
        for o in objections(world).await {
            let first = all.entry((self.who(&o.email_key), o.kind.as_str())).or_insert(o.since);
            *first = o.since.min(*first);
        }
        all
    }
}

pub async fn objections(world: &World) -> Vec<objections::Objection> {
    let client = client_key(&world.live().await.unwrap().spec.client);
    objections::of_client(&mut world.ctx.db.read().await.unwrap(), &client).await.unwrap()
}

pub fn to_contacts(world: &World) -> impl Iterator<Item = Received> {
    world.mailbox.all().into_iter().filter(|m| TO_CONTACTS.contains(&m.kind.as_str()))
}

/// What was looked at, by invariant, and what contradicts it.
#[derive(Debug, Default)]
pub struct Seen {
    pub looked_at: BTreeMap<&'static str, u64>,
    pub broken: Vec<(&'static str, String)>,
}

impl Seen {
    fn must(&mut self, rule: &'static str, holds: bool, what: impl FnOnce() -> String) {
        *self.looked_at.entry(rule).or_default() += 1;
        if !holds {
            self.broken.push((rule, what()));
        }
    }

    pub fn rules(&self) -> BTreeSet<&'static str> {
        self.broken.iter().map(|(rule, _)| *rule).collect()
    }
}

/// Looks at everything so far; `rounds` are those that were played, in order.
pub async fn look(world: &World, truth: &Truth, rounds: &[&'static str]) -> Seen {
    let mut seen = Seen::default();
    silence(world, truth, &mut seen).await;
    let mut tx = world.ctx.db.read().await.unwrap();
    once(world, truth, &mut tx, &mut seen).await;
    let said: Vec<(Who, String)> =
        replies::all(&mut tx).await.unwrap().into_iter().map(|r| (truth.who(&r.from_email), r.words)).collect();
    for slug in rounds {
        let round = rounds_id(&mut tx, slug).await;
        let people = search::page(&mut tx, &round, &Search::default(), i64::MAX, 0).await.unwrap();
        one_identity(truth, slug, &people, &mut seen);
        notices(truth, slug, &people, &said, &mut seen);
        dead(world, &mut tx, &people, &mut seen).await;
    }
    if let [first, .., last] = rounds {
        let round = rounds_id(&mut tx, last).await;
        let people = search::page(&mut tx, &round, &Search::default(), i64::MAX, 0).await.unwrap();
        asked_again(world, truth, (first, last), &people, &mut seen);
    }
    seen
}

async fn rounds_id(tx: &mut Tx, slug: &str) -> RoundId {
    rounds::by_slug(tx, slug).await.unwrap().unwrap().id
}

/// Nobody is written to after he has said something, in any round, under any address.
async fn silence(world: &World, truth: &Truth, seen: &mut Seen) {
    let for_good = truth.for_good(world).await;
    let books = objections(world).await;
    for said in truth.said.iter().filter(|s| s.only.is_none()) {
        let kept = books.iter().any(|o| o.kind.as_str() == said.what && truth.who(&o.email_key) == said.who);
        seen.must("recorded", kept, || format!("{said:?} is on no record"));
    }
    for mail in to_contacts(world) {
        let (who, to, kind) = (truth.who(mail.recipient()), mail.recipient(), &mail.kind);
        seen.must("known", truth.is_known(to), || format!("{to} is on no list and got a {kind}"));
        for ((_, what), at) in for_good.iter().filter(|((said, _), _)| *said == who) {
            let late = || format!("{who} got a {kind} of {} at {to}, {} after {what}, {at}", mail.round, mail.at);
            seen.must("silence", mail.at <= *at, late);
        }
        for said in truth.said.iter().filter(|s| s.who == who && s.only.is_some_and(|only| only == mail.round)) {
            seen.must("silence", mail.at <= said.at, || format!("{who} got a {kind} at {to} after {said:?}"));
        }
    }
}

/// Nobody gets the same message twice, but for copies that the journal names.
async fn once(world: &World, truth: &Truth, tx: &mut Tx, seen: &mut Seen) {
    let mut got: BTreeMap<(Who, String, String, i64), BTreeSet<String>> = BTreeMap::new();
    for mail in to_contacts(world) {
        let Some(row) = outbox::by_id(tx, &mail.message.as_str().into()).await.unwrap() else {
            seen.must("once", false, || format!("no row knows a {} to {}", mail.kind, mail.recipient()));
            continue;
        };
        let whose = (truth.who(mail.recipient()), mail.round.clone(), mail.kind.clone(), row.number);
        got.entry(whose).or_default().insert(mail.message_id.clone());
        if mail.copies > 1 {
            let entries = journal::of_subject(tx, row.about()).await.unwrap();
            let named = entries.iter().any(|e| e.action.contains("in doubt") || e.action.contains("sent again"));
            seen.must("once", named, || format!("{} copies of a {} to {}", mail.copies, mail.kind, mail.recipient()));
        }
    }
    for (whose, mails) in got {
        seen.must("once", mails.len() == 1, || format!("{whose:?} came {} times", mails.len()));
    }
}

fn one_identity(truth: &Truth, slug: &str, people: &[Person], seen: &mut Seen) {
    let mut addresses: BTreeMap<Who, Vec<&str>> = BTreeMap::new();
    for person in people.iter().filter(|p| p.removed_at.is_none()) {
        addresses.entry(truth.who(person.email.as_str())).or_default().push(person.email.as_str());
    }
    for (who, all) in addresses {
        seen.must("one identity", all.len() == 1, || format!("{who} is in {slug} as {all:?}"));
    }
}

/// Only who said so himself has left or is away.
fn notices(truth: &Truth, slug: &str, people: &[Person], said: &[(Who, String)], seen: &mut Seen) {
    for person in people {
        let who = truth.who(person.email.as_str());
        let says =
            |phrases: &[&str]| said.iter().any(|(by, words)| *by == who && phrases.iter().any(|p| words.contains(p)));
        let gone = || format!("{who} has left in {slug}, and never said so");
        seen.must("notices", person.left_at.is_none() || says(&GONE), gone);
        let away = || format!("{who} is away in {slug}, and never said so");
        seen.must("notices", person.absent_until.is_none() || says(&AWAY) || says(&GONE), away);
    }
}

/// An address is dead by words that prove it, and only where nobody reads it.
async fn dead(world: &World, tx: &mut Tx, people: &[Person], seen: &mut Seen) {
    let keys: Vec<String> = people.iter().map(|p| p.email.key()).collect();
    for (key, dead) in addresses::dead(tx, &keys).await.unwrap() {
        let domain = key.rsplit_once('@').unwrap().1;
        seen.must("dead", proves_dead(&dead.dead_because, domain), || format!("{key} by {:?}", dead.dead_because));
        seen.must("dead", world.is_dead(&key), || format!("{key} is read by somebody: {:?}", dead.dead_because));
    }
}

/// Who was left alone for one round is invited in the next, as soon as his director has signed.
fn asked_again(world: &World, truth: &Truth, (first, next): (&str, &str), people: &[Person], seen: &mut Seen) {
    let signed = |p: &&Person| p.removed_at.is_none() && p.standing == Standing::Signed;
    let listed: BTreeSet<Who> = people.iter().filter(signed).map(|p| truth.who(p.email.as_str())).collect();
    for said in truth.said.iter().filter(|s| s.only == Some(first) && listed.contains(&s.who)) {
        let mut invited = to_contacts(world).filter(|m| m.round == next && m.kind == "invitation");
        let again = invited.any(|m| truth.who(m.recipient()) == said.who);
        seen.must("asked again", again, || format!("{} was not invited to {next}", said.who));
    }
}
