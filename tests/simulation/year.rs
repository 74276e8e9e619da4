//! A year of one client: a round with everything that comes back and goes wrong, the same people a year later under other addresses.
//!
//! Who somebody is, the test knows and the program does not: what was said once must hold for the person (`witness`).

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, NaiveTime};
use soundings::base::address::EmailAddress;
use soundings::base::clock::{DAY, Ts};
use soundings::intake::folder::RoundFolder;
use soundings::rehearsal::mailbox::{Received, ServerFault};
use soundings::rehearsal::people::SimulatedPeople;
use soundings::rehearsal::personas::{self, Habit};
use soundings::rehearsal::play::{OPERATOR, starts_at};
use soundings::rehearsal::world::World;
use soundings::rules::contacts::ListedContact;
use soundings::rules::contacts::objection::ObjectionKind;
use soundings::rules::journal::Actor;
use soundings::steps::audit::promises;
use soundings::steps::contacts::opt_out::{Length, OptOut};
use soundings::steps::contacts::people::identity::{self, Answer, Which};
use soundings::steps::contacts::{Allowed, Changes, load_list};
use soundings::steps::replies::{Mail, take};
use soundings::steps::round::{self, RoundOrder};
use soundings::store::contacts::{self, addresses, facts, search};
use soundings::store::replies;
use soundings::store::round::rounds;

use super::outage::{self, Outage};
use super::played_with_faults::seeds;
use super::reports;
use super::round::{Place, demo, opening, place};
use super::twins::smuggle;
use super::witness::{Said, Seen, Truth, look, objections, to_contacts};

const FIRST: &str = "northwind-2027";
const NEXT: &str = "northwind-2028";
const WEEKS: u64 = 52;

/// Whose mail domain is renamed in the first round, whose in the next.
const EARLY: (&str, &str) = ("Harrowgate Pharma", "harrowgate-group.example");
const LATER: (&str, &str) = ("Liffey Biologics", "liffey-labs.example");
/// Who gets another director.
const HANDED_OVER: (&str, &str) = ("Pennine Water", "thomas.lindqvist@northwind.example");
/// From where to where somebody moves, in each round.
const MOVES: [(&str, &str); 2] = [("Calder & Wye Foods", "Pennine Water"), ("Alster Chemie", "Isar Medizintechnik")];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Never,
    ThisRound,
    Complaint,
    Left,
    Away,
}

/// What some do when they have been invited: at the two companies, and elsewhere.
const THERE: [Role; 4] = [Role::Never, Role::Complaint, Role::ThisRound, Role::Left];
const ELSEWHERE: [Role; 7] =
    [Role::Never, Role::ThisRound, Role::Complaint, Role::Left, Role::Away, Role::ThisRound, Role::Away];

struct Year {
    place: Place,
    folder: RoundFolder,
    truth: Truth,
    /// What has happened that some seeds do without.
    happened: BTreeSet<String>,
}

fn rename(rows: &mut [ListedContact], (account, domain): (&str, &str), truth: &mut Truth) {
    for row in rows.iter_mut().filter(|row| row.account == account) {
        let new = EmailAddress::parse(&format!("{}@{domain}", row.email.local())).unwrap();
        let who = truth.who(row.email.as_str());
        truth.is_also(&who, new.as_str());
        row.email = new;
    }
}

/// Somebody whom nobody has corrected or taken off.
fn move_one(rows: &mut [ListedContact], (from, to): (&str, &str), listed: &BTreeSet<String>) {
    let target = rows.iter().find(|row| row.account == to).cloned().unwrap();
    let row = rows.iter_mut().find(|row| row.account == from && listed.contains(&row.email.key())).unwrap();
    (row.account, row.director) = (target.account, target.director);
}

async fn people(world: &World, slug: &str) -> Vec<contacts::Person> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, slug).await.unwrap().unwrap().id;
    search::page(&mut tx, &round, &search::Search::default(), i64::MAX, 0).await.unwrap()
}

impl Year {
    async fn new(seed: u64) -> Year {
        let folder = opening(demo(), NaiveDate::from_ymd_opt(2027, 2, 8).unwrap());
        let mut truth = Truth::default();
        for row in &folder.list.accepted {
            truth.is_also(&row.email.key(), row.email.as_str());
        }
        let mut place = place(folder.clone(), seed).await;
        place.world.ctx.replies = Some(EmailAddress::parse("bounces@replies.northwind.example").unwrap());
        Year { place, folder, truth, happened: BTreeSet::new() }
    }

    fn world(&mut self) -> &mut World {
        &mut self.place.world
    }

    fn note(&mut self, happened: bool, what: &str) {
        if happened {
            self.happened.insert(what.to_owned());
        }
    }

    /// So many days after the opening.
    async fn day(&self, days: u64, hour: u32) -> Ts {
        let opens = self.folder.spec.schedule.opens.checked_add_days(Days::new(days)).unwrap();
        let live = self.place.world.live().await.unwrap();
        live.sequence.home().on_day(opens, NaiveTime::from_hms_opt(hour, 0, 0))
    }

    async fn play_to(&mut self, outages: &[Outage], until: Ts) -> usize {
        let world = self.world();
        let mut made_good = 0;
        while world.now() < until {
            let faults: Vec<ServerFault> =
                outages.iter().filter(|o| o.is_at(world.now())).map(|o| o.fault.clone()).collect();
            if faults.is_empty() {
                made_good += outage::make_good(world).await.unwrap();
            }
            world.set_faults(faults);
            assert!(world.tick().await.unwrap(), "nothing is to come");
        }
        made_good
    }

    /// What comes back from those who were invited, and what they ask for.
    async fn they_answer(&mut self, seed: u64) {
        type Where<'w> = &'w dyn Fn(&str) -> bool;
        let domain = |account: &str| {
            let row = self.folder.list.accepted.iter().find(|row| row.account == account).unwrap();
            row.email.domain().to_owned()
        };
        let (early, later) = (domain(EARLY.0), domain(LATER.0));
        let invited: Vec<Received> = to_contacts(&self.place.world).filter(|m| m.kind == "invitation").collect();
        let at = |mail: &Received| mail.recipient().rsplit_once('@').unwrap().1.to_owned();
        let heard: BTreeSet<String> = {
            let mut tx = self.place.world.ctx.db.read().await.unwrap();
            replies::all(&mut tx).await.unwrap().into_iter().map(|r| r.from_email).collect()
        };
        let mut suited: Vec<Received> = Vec::new();
        for mail in invited.into_iter().filter(|m| !heard.contains(m.recipient())) {
            if !matches!(personas::contact(seed, mail.recipient()).habit, Habit::OptsOut { .. }) {
                suited.push(mail);
            }
        }
        suited.sort_by_key(|m| {
            (personas::contact(seed, m.recipient()).habit != Habit::Ignores, m.recipient().to_owned())
        });
        let groups: [(&[Role], Where<'_>); 3] = [
            (&THERE, &|d: &str| d == early),
            (&THERE, &|d: &str| d == later),
            (&ELSEWHERE, &|d: &str| d != early && d != later),
        ];
        for (roles, here) in groups {
            let people: Vec<Received> = suited.iter().filter(|m| here(&at(m))).cloned().collect();
            for (mail, role) in people.iter().zip(roles) {
                self.acts(mail, *role).await;
            }
        }
    }

    async fn acts(&mut self, mail: &Received, role: Role) {
        let ctx = self.place.world.ctx.clone();
        let secret = mail.link("/opt-out/").unwrap().rsplit('/').next().unwrap();
        let to = mail.recipient();
        let comes_back = async |text: String| {
            take(&ctx, vec![Mail { content: Ok(text.into_bytes()), place: None }]).await.unwrap();
        };
        match role {
            Role::Never => assert!(
                ctx.order(
                    &Actor::Visitor,
                    OptOut { secret: secret.to_string(), length: Length::NeverAgain, how: "on the page" }
                )
                .await
                .unwrap()
            ),
            Role::ThisRound => assert!(
                ctx.order(
                    &Actor::Visitor,
                    OptOut { secret: secret.to_string(), length: Length::ThisRound, how: "on the page" }
                )
                .await
                .unwrap()
            ),
            Role::Complaint => comes_back(reports::complaint(mail)).await,
            Role::Left => {
                let firm = to.split_once('@').unwrap().1.trim_end_matches(".example");
                comes_back(reports::away(mail, to, &format!("Thank you. I have left {firm}."))).await;
            }
            Role::Away => comes_back(reports::away(mail, to, "I am out of the office until 19 February 2027.")).await,
        }
        let what = match role {
            Role::Never | Role::ThisRound => ObjectionKind::NeverAgain.as_str(),
            Role::Complaint => ObjectionKind::Complaint.as_str(),
            Role::Left => ObjectionKind::Left.as_str(),
            Role::Away => return,
        };
        let only = (role == Role::ThisRound).then_some(FIRST);
        self.truth.said.push(Said { who: self.truth.who(to), at: ctx.clock.now(), what, only });
    }

    /// Who stands in the round as the list has put him there.
    async fn as_listed(&self, slug: &str) -> BTreeSet<String> {
        let people = people(&self.place.world, slug).await.into_iter();
        people.filter(|p| p.removed_at.is_none() && p.edited_at.is_none()).map(|p| p.email.key()).collect()
    }

    /// The next list, from which three columns are missing, while the round runs.
    async fn load_the_next_list(&mut self) -> Changes {
        let listed = self.as_listed(FIRST).await;
        let rows = &mut self.folder.list.accepted;
        rename(rows, EARLY, &mut self.truth);
        move_one(rows, MOVES[0], &listed);
        let director = rows.iter().map(|r| r.director.clone()).find(|d| d.email.as_str() == HANDED_OVER.1).unwrap();
        for row in rows.iter_mut() {
            (row.manager, row.strategic, row.annual_revenue) = (None, None, None);
            if row.account == HANDED_OVER.0 {
                row.director = director.clone();
            }
        }
        let rows = rows.clone();
        let allowed = Allowed { losing_owners: true, ..Allowed::default() };
        load_list(&self.place.world.ctx, FIRST, rows, allowed, &Actor::operator(OPERATOR)).await.unwrap()
    }

    /// The operator knows who is who.
    async fn answer_truly(&mut self, slug: &str) -> usize {
        let ctx = self.place.world.ctx.clone();
        let asked = identity::of_round(&ctx, slug).await.unwrap();
        for question in &asked {
            let same = self.truth.who(question.listed.email.as_str())
                == self.truth.who(question.question.known_email.as_str());
            let word = if same { Answer::SamePerson } else { Answer::SomebodyElse };
            let which = Which::One(question.question.id.clone());
            identity::answer(&ctx, slug, which, word, &Actor::operator(OPERATOR)).await.unwrap();
        }
        asked.len()
    }

    async fn all_holds(&self, rounds: &[&'static str]) -> Seen {
        let world = &self.place.world;
        for slug in rounds {
            let broken: Vec<_> =
                promises::check(&world.ctx, slug).await.unwrap().into_iter().filter(|p| !p.holds).collect();
            assert!(broken.is_empty(), "{slug}: {broken:#?}");
        }
        let broken: Vec<_> = world.promises().await.unwrap().into_iter().filter(|p| !p.holds).collect();
        assert!(broken.is_empty(), "{broken:#?}");
        let seen = look(world, &self.truth, rounds).await;
        assert!(seen.broken.is_empty(), "{:#?}", seen.broken);
        seen
    }

    async fn first_round(&mut self, seed: u64) {
        let denied =
            self.folder.list.accepted.iter().find(|row| row.account == EARLY.0).unwrap().email.domain().to_owned();
        let outages = [
            Outage::of_the_relay(self.day(0, 9).await, "554 5.7.1 <{}>: Relay access denied"),
            Outage::of_a_gateway(self.day(0, 10).await, &denied),
        ];
        let script = self.day(2, 12).await;
        let made_good = self.play_to(&outages, script).await;
        self.note(made_good >= 1, "an operator made an outage good");
        self.they_answer(seed).await;
        let list = self.day(3, 12).await;
        self.play_to(&outages, list).await;
        let changes = self.load_the_next_list().await;
        let renamed: BTreeSet<String> =
            self.folder.list.accepted.iter().filter(|r| r.account == EARLY.0).map(|r| r.email.to_string()).collect();
        let asked: BTreeSet<String> = changes.asked.iter().map(|a| a.email.clone()).collect();
        assert_eq!((asked, changes.added), (renamed.clone(), 0), "{changes:#?}");
        assert_eq!((changes.directors.len(), changes.moved.len()), (1, 1), "{changes:#?}");
        assert_eq!(changes.directors[0].accounts, [HANDED_OVER.0]);
        assert_eq!((changes.moved[0].from.as_str(), changes.moved[0].to.as_str()), MOVES[0]);
        assert!(changes.accounts.is_empty() && changes.renamed.is_empty(), "{changes:#?}");
        let word = self.day(11, 12).await;
        self.play_to(&outages, word).await;
        let early = to_contacts(&self.place.world).find(|m| renamed.contains(m.recipient()));
        assert!(early.is_none(), "{} was written to before anybody said who it is", early.unwrap().recipient());
        assert_eq!(self.answer_truly(FIRST).await, renamed.len());
        outage::play_through(self.world(), &outages).await.unwrap();
        let written_to = to_contacts(&self.place.world).any(|m| renamed.contains(m.recipient()));
        self.note(written_to, "letters went on under a new domain");
    }

    async fn next_round(&mut self, seed: u64) {
        let spec = &mut self.folder.spec;
        spec.round = NEXT.into();
        let later = |day: NaiveDate| day.checked_add_days(Days::new(7 * WEEKS)).unwrap();
        (spec.schedule.opens, spec.schedule.closes) = (later(spec.schedule.opens), later(spec.schedule.closes));
        let begins = starts_at(spec).unwrap();
        rename(&mut self.folder.list.accepted, LATER, &mut self.truth);
        let anybody = self.folder.list.accepted.iter().map(|row| row.email.key()).collect();
        move_one(&mut self.folder.list.accepted, MOVES[1], &anybody);
        self.world().ctx.clock.turn_to(begins);
        self.world().people = SimulatedPeople::new(seed + 1_000);
        let loaded = round::load(&self.place.world.ctx, self.folder.clone(), &Actor::operator(OPERATOR)).await.unwrap();
        let everybody = self.folder.list.accepted.len();
        // Whoever said something for good under an address that is not on this list is asked about, and nobody else.
        let kept = objections(&self.place.world).await;
        let mut expected = BTreeSet::new();
        for row in &self.folder.list.accepted {
            let who = self.truth.who(row.email.as_str());
            let mut about = kept.iter().filter(|o| self.truth.who(&o.email_key) == who).peekable();
            if about.peek().is_some() && about.all(|o| o.email_key != row.email.key()) {
                expected.insert(row.email.to_string());
            }
        }
        let asked: BTreeSet<String> = loaded.contacts.asked.iter().map(|a| a.email.clone()).collect();
        assert_eq!(asked, expected, "{:#?}", loaded.contacts.asked);
        assert_eq!(loaded.contacts.added as usize + asked.len(), everybody);
        for asked in &loaded.contacts.asked {
            self.note(true, &asked.why);
        }
        self.answer_truly(NEXT).await;
        self.place
            .world
            .ctx
            .order(&Actor::operator(OPERATOR), round::TellRound { slug: NEXT.into(), order: RoundOrder::Start })
            .await
            .unwrap();
        self.world().slug = NEXT.into();
        outage::play_through(self.world(), &[]).await.unwrap();
    }
}

#[tokio::test]
async fn a_year_of_one_client_holds_what_its_people_have_said() {
    let mut happened = BTreeSet::new();
    for seed in seeds(9, 2) {
        let begun = std::time::Instant::now();
        let mut year = Year::new(seed).await;
        year.first_round(seed).await;
        year.all_holds(&[FIRST]).await;
        year.next_round(seed).await;
        let seen = year.all_holds(&[FIRST, NEXT]).await;
        eprintln!("seed {seed}, {} s: {:?}, {:?}", begun.elapsed().as_secs(), seen.looked_at, year.happened);
        happened.append(&mut year.happened);
        happened.extend(seen.looked_at.keys().map(|rule| (*rule).to_owned()));
        what_is_broken_is_seen(&mut year).await;
    }
    if std::env::var_os("SOUNDINGS_SEED").is_some() {
        return;
    }
    let rules = ["recorded", "known", "silence", "once", "one identity", "notices", "dead", "asked again"];
    let also =
        ["an operator made an outage good", "letters went on under a new domain", "opted_out", "complained", "left"];
    for what in rules.into_iter().chain(also) {
        assert!(happened.contains(what), "no {what} in any of these years");
    }
}

/// Each is broken on purpose, one after the other, and seen.
async fn what_is_broken_is_seen(year: &mut Year) {
    let rules = async |year: &Year| look(&year.place.world, &year.truth, &[FIRST, NEXT]).await.rules();
    let mut expected = BTreeSet::new();
    // Somebody counts as left alone for a year who is left alone for good.
    let said = year.truth.said.iter().find(|s| s.only.is_none()).cloned().unwrap();
    let honest = year.truth.clone();
    year.truth.said.push(Said { only: Some(FIRST), ..said.clone() });
    assert!(rules(year).await.contains("asked again"));
    year.truth = honest.clone();
    // Somebody whose word nobody wrote down.
    year.truth.said.push(Said { who: "nobody@nowhere.example".into(), ..said });
    assert_eq!(rules(year).await, ["recorded"].into());
    year.truth = honest;

    let ctx = year.place.world.ctx.clone();
    let people = people(&year.place.world, NEXT).await;
    let heard: BTreeSet<String> = {
        let mut tx = ctx.db.read().await.unwrap();
        replies::all(&mut tx).await.unwrap().iter().map(|r| year.truth.who(&r.from_email)).collect()
    };
    let quiet = |p: &&contacts::Person| {
        p.left_at.is_none() && p.undeliverable_at.is_none() && !heard.contains(&year.truth.who(p.email.as_str()))
    };
    let person = people.iter().find(quiet).unwrap().clone();
    let (id, address, now) = (person.id.clone(), person.email.key(), ctx.clock.now());
    ctx.db.write(move |tx| Box::pin(async move { facts::set_left(tx, &id, true, now).await })).await.unwrap();
    expected.insert("notices");
    assert_eq!(rules(year).await, expected);
    let full = "452 4.2.2 mailbox full";
    ctx.db.write(move |tx| Box::pin(async move { addresses::mark_dead(tx, &address, full, now).await })).await.unwrap();
    expected.insert("dead");
    assert_eq!(rules(year).await, expected);

    let mail = to_contacts(&year.place.world).filter(|m| m.round == NEXT && m.kind == "invitation").last().unwrap();
    smuggle(&mut year.place.world, mail.recipient(), &mail.raw).await;
    expected.insert("once");
    assert_eq!(rules(year).await, expected);
    // To somebody who never wants to hear from us, under the address of this year.
    let never = year.truth.said.iter().find(|s| s.only.is_none()).unwrap().who.clone();
    let to = people.iter().map(|p| p.email.as_str()).find(|to| year.truth.who(to) == never).unwrap();
    year.place.world.ctx.clock.turn_to(now.plus(DAY));
    smuggle(&mut year.place.world, to, &mail.raw).await;
    expected.insert("silence");
    assert_eq!(rules(year).await, expected);
}

#[tokio::test]
async fn a_person_who_is_in_a_round_twice_is_seen() {
    let mut year = Year::new(5).await;
    assert!(look(&year.place.world, &year.truth, &[FIRST]).await.broken.is_empty());
    year.load_the_next_list().await;
    assert!(look(&year.place.world, &year.truth, &[FIRST]).await.broken.is_empty());
    identity::answer(&year.place.world.ctx, FIRST, Which::All, Answer::SomebodyElse, &Actor::operator(OPERATOR))
        .await
        .unwrap();
    assert_eq!(look(&year.place.world, &year.truth, &[FIRST]).await.rules(), ["one identity"].into());
}
