//! Every row of any list is in one place of its difference, whatever people have done to the round before.

use std::collections::{BTreeMap, BTreeSet};

use soundings::intake::list;
use soundings::rules::contacts::Severity;
use soundings::rules::contacts::check::CheckedList;
use soundings::rules::contacts::difference::Difference;
use soundings::rules::journal::Actor;
use soundings::steps::contacts::people::identity::{self, Answer, Which};
use soundings::steps::contacts::{Allowed, comparison, load_list_as_shown};
use soundings::steps::round::RoundOrder;
use soundings::steps::signoff::names::editing::{Correction, Edit, EditContact};
use soundings::store::contacts::{self, Person, accounts};
use soundings::store::round::rounds;

use crate::common::{HEADER, OPERATOR, ROUND, World, northwind};

on_both!(every_row_of_a_draft_is_in_one_place, every_row_of_a_started_round_is_in_one_place);

/// Lists and rounds in one order, the same at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn percent(&mut self, n: u64) -> bool {
        self.below(100) < n
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// Account, names, local part and domain.
const PEOPLE: [(&str, &str, &str, &str); 9] = [
    ("Globex", "Ann", "Lee", "globex.example"),
    ("Globex", "Ben", "Koch", "globex.example"),
    ("Globex", "Gus", "Ford", "globex.example"),
    ("Umbra", "Uma", "Reid", "umbra.example"),
    ("Umbra", "Ula", "Berg", "elsewhere.example"),
    ("Initech", "Cyd", "Moor", "initech.example"),
    ("Initech", "Dee", "York", "initech.example"),
    ("Hooli", "Hal", "Rossi", "hooli.example"),
    ("Hooli", "Ida", "Falk", "hooli.example"),
];

fn a_list(dice: &mut Dice) -> CheckedList {
    let renamed: BTreeMap<&str, &str> =
        ["Globex", "Umbra"].into_iter().filter(|_| dice.percent(12)).map(|name| (name, "New Names")).take(1).collect();
    let directed = dice.percent(15).then(|| dice.one(&["Globex", "Umbra", "Initech", "Hooli"]));
    let mut rows = Vec::new();
    for (account, first, last, domain) in PEOPLE {
        if dice.percent(20) {
            continue;
        }
        let place = if dice.percent(6) { "Umbra" } else { account };
        let name = renamed.get(place).copied().unwrap_or(place);
        let name = if dice.percent(5) { name.to_uppercase() } else { name.to_owned() };
        let local = if dice.percent(10) { format!("{first}.{last}2") } else { format!("{first}.{last}") };
        let title = dice.one(&["Buyer", "Buyer", "Buyer", "Head of Quality", ""]);
        let role = dice.one(&["influencer", "influencer", "key_decision_maker", "boss"]);
        let zone = dice.one(&["Europe/London", "Europe/London", "Europe/London", "Europe/Dublin"]);
        let director =
            if directed == Some(account) { ("Erik Holm", "erik.holm") } else { ("Dora Fields", "dora.fields") };
        let row = format!(
            "{name},{first},{last},{}@{domain},{title},{role},en,GB,{zone},{},{}@northwind.example,,,no,\n",
            local.to_lowercase(),
            director.0,
            director.1
        );
        if dice.percent(8) {
            rows.push(row.clone());
        }
        rows.push(row);
    }
    if dice.percent(40) {
        rows.push(
            "Globex,Kai,Brandt,kai@,,,en,GB,Europe/London,Dora Fields,dora.fields@northwind.example,,,no,\n".into(),
        );
    }
    for at in (1..rows.len()).rev() {
        rows.swap(at, dice.below(at as u64 + 1) as usize);
    }
    let mut list = list::read(format!("{HEADER}{}", rows.concat()).as_bytes(), "any.csv").unwrap();
    // A row that was made the same as another after the check.
    if dice.percent(30) && !list.accepted.is_empty() {
        let mut twice = dice.one(&(0..list.accepted.len()).collect::<Vec<_>>());
        twice = twice.min(list.accepted.len() - 1);
        let mut copy = list.accepted[twice].clone();
        copy.line = 900;
        list.accepted.push(copy);
    }
    list
}

/// That every row is in one place, and how many places were used.
fn in_one_place(list: &CheckedList, d: &Difference) -> BTreeSet<&'static str> {
    let errors = list.findings.iter().filter(|f| f.severity == Severity::Error).map(|f| f.line);
    let all: BTreeSet<u64> = list.accepted.iter().map(|row| row.line).chain(errors).collect();
    let places: [(&str, Vec<u64>); 5] = [
        ("added", d.added.iter().map(|r| r.row).collect()),
        ("changed", d.changed.iter().map(|r| r.row).collect()),
        ("asked", d.asked.iter().map(|r| r.row).collect()),
        ("refused", d.refused.iter().map(|r| r.row).collect()),
        ("kept", d.kept.iter().map(|r| r.row).collect()),
    ];
    let mut told = BTreeMap::new();
    for (place, rows) in &places {
        for row in rows {
            assert!(all.contains(row), "row {row} of {place} is none of the list: {d:?}");
            assert_eq!(told.insert(*row, *place), None, "row {row} is in {place} as well: {d:?}");
        }
    }
    assert_eq!(told.len() as u64 + d.unchanged, all.len() as u64, "{d:?}\n{:?}", list.accepted);
    let used = places.iter().filter(|(_, rows)| !rows.is_empty()).map(|(place, _)| *place);
    used.chain((d.unchanged > 0).then_some("unchanged")).collect()
}

/// The people of the round by id, as far as a list can change them.
async fn people(world: &World) -> BTreeMap<String, (Person, String)> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
    let mut all = BTreeMap::new();
    for account in accounts::of_round(&mut tx, &round.id).await.unwrap() {
        for p in contacts::of_account(&mut tx, &account.id).await.unwrap() {
            let told = format!(
                "{} {} {} {} {:?} {} {} {} {} removed: {}",
                p.email,
                p.first_name,
                p.last_name,
                p.job_title,
                p.role,
                p.language,
                p.country,
                p.time_zone,
                account.id,
                p.removed_at.is_some()
            );
            all.insert(p.id.to_string(), (p, told));
        }
    }
    all
}

/// Somebody does something to the round between two lists.
async fn meanwhile(world: &World, dice: &mut Dice) {
    let operator = Actor::operator(OPERATOR);
    let everybody = people(world).await;
    let ids: Vec<&String> = everybody.keys().collect();
    let (person, _) = &everybody[dice.one(&ids)];
    if dice.percent(35) && person.removed_at.is_none() {
        let edit = if dice.percent(60) {
            Edit::Correct(Correction {
                first_name: person.first_name.clone(),
                last_name: person.last_name.clone(),
                email: person.email.as_str().into(),
                job_title: format!("Edited {}", dice.below(100)),
                role: person.role.as_str().into(),
                reason: "knows better".into(),
            })
        } else {
            Edit::Remove { reason: "has left".into() }
        };
        world.ctx.order(&operator, EditContact { contact: person.id.clone(), edit }).await.unwrap();
    }
    if dice.percent(50) {
        let word = dice.one(&[Answer::SamePerson, Answer::SamePerson, Answer::SomebodyElse]);
        // One that cannot be answered so is asked again.
        for asked in identity::of_round(&world.ctx, ROUND).await.unwrap() {
            let _ = identity::answer(&world.ctx, ROUND, Which::One(asked.question.id), word, &operator).await;
        }
    }
}

async fn turns(world: &mut World, dice: &mut Dice, turns: usize) -> BTreeSet<&'static str> {
    let operator = Actor::operator(OPERATOR);
    let mut used = BTreeSet::new();
    for turn in 0..turns {
        meanwhile(world, dice).await;
        let list = a_list(dice);
        let keeping_others = dice.percent(30);
        let allowed = Allowed { removing_everybody: true, losing_owners: true, keeping_others, taking_off: true };
        let told = comparison(&world.ctx, ROUND, &list, allowed).await.unwrap();
        used.extend(in_one_place(&list, &told.difference));
        let d = told.difference;
        if dice.percent(25) {
            continue;
        }
        let before = people(world).await;
        let done = load_list_as_shown(&world.ctx, ROUND, &list, allowed, &d.version, &operator).await.unwrap();
        assert_eq!((done.added, done.asked.len()), (d.added.len() as u64, d.asked.len()), "turn {turn}");
        // Nobody is other than before of whom it was not said.
        let after = people(world).await;
        let changed: BTreeSet<&str> = d.changed.iter().map(|c| c.contact.as_str()).collect();
        let gone: BTreeSet<&str> = d.gone.iter().filter(|g| g.removed).map(|g| g.contact.as_str()).collect();
        for (id, (_, was)) in &before {
            let (_, is) = &after[id];
            let said = changed.contains(id.as_str()) || gone.contains(id.as_str());
            assert!(was == is || said, "turn {turn}: {was}\n{is}\n{d:?}");
        }
        assert_eq!(after.len(), before.len() + d.added.len(), "turn {turn}");
        // The same list once more has nothing to do but what waits for an answer.
        let again = comparison(&world.ctx, ROUND, &list, allowed).await.unwrap().difference;
        in_one_place(&list, &again);
        assert!(again.added.is_empty() && again.changed.is_empty(), "turn {turn}: {again:?}\nafter {d:?}");
    }
    used
}

async fn every_row_of_a_draft_is_in_one_place(mut world: World) {
    world.load(northwind()).await;
    let used = turns(&mut world, &mut Dice(2_027), 40).await;
    assert_eq!(used, BTreeSet::from(["added", "asked", "changed", "kept", "refused", "unchanged"]));
    world.promises_hold().await;
}

async fn every_row_of_a_started_round_is_in_one_place(mut world: World) {
    world.load(northwind()).await;
    world.order(RoundOrder::Start).await;
    let used = turns(&mut world, &mut Dice(77), 40).await;
    assert_eq!(used, BTreeSet::from(["added", "asked", "changed", "kept", "refused", "unchanged"]));
    world.promises_hold().await;
}
