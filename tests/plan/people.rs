//! Rounds, accounts and contacts of a seed: 40 countries, every kind of touch, and seasons in which clocks change or half a
//! continent is on holiday.

use chrono::{Days, NaiveDate, Weekday};
use serde_json::{Value, json};

use soundings::base::clock::Ts;
use soundings::base::ids::Dice;
use soundings::rules::calendar::Zone;
use soundings::rules::contacts::Role;
use soundings::rules::plan::Facts;
use soundings::rules::round::RoundSpec;

/// Country, region, zone, language and the days off of its week: written by hand, so that a wrong line of the almanac is seen.
pub const PLACES: [(&str, &str, &str, &str, [Weekday; 2]); 50] = {
    use Weekday::{Fri, Sat, Sun};
    const WESTERN: [Weekday; 2] = [Sat, Sun];
    const GULF: [Weekday; 2] = [Fri, Sat];
    [
        ("US", "NY", "America/New_York", "en", WESTERN),
        ("US", "CA", "America/Los_Angeles", "en", WESTERN),
        ("US", "AZ", "America/Phoenix", "en", WESTERN),
        ("CA", "QC", "America/Toronto", "fr", WESTERN),
        ("CA", "NL", "America/St_Johns", "en", WESTERN),
        ("MX", "", "America/Mexico_City", "es", WESTERN),
        ("BR", "SP", "America/Sao_Paulo", "pt", WESTERN),
        ("AR", "", "America/Argentina/Buenos_Aires", "es", WESTERN),
        ("CL", "", "America/Santiago", "es", WESTERN),
        ("CO", "", "America/Bogota", "es", WESTERN),
        ("PE", "", "America/Lima", "es", WESTERN),
        ("GB", "SCT", "Europe/London", "en", WESTERN),
        ("GB", "ENG", "Europe/London", "en", WESTERN),
        ("IE", "", "Europe/Dublin", "en", WESTERN),
        ("DE", "BY", "Europe/Berlin", "de", WESTERN),
        ("DE", "", "Europe/Berlin", "de", WESTERN),
        ("FR", "", "Europe/Paris", "fr", WESTERN),
        ("ES", "CT", "Europe/Madrid", "es", WESTERN),
        ("ES", "", "Atlantic/Canary", "es", WESTERN),
        ("PT", "", "Atlantic/Azores", "pt", WESTERN),
        ("IT", "", "Europe/Rome", "it", WESTERN),
        ("NL", "", "Europe/Amsterdam", "nl", WESTERN),
        ("BE", "", "Europe/Brussels", "fr", WESTERN),
        ("CH", "ZH", "Europe/Zurich", "de", WESTERN),
        ("AT", "", "Europe/Vienna", "de", WESTERN),
        ("SE", "", "Europe/Stockholm", "sv", WESTERN),
        ("NO", "", "Europe/Oslo", "no", WESTERN),
        ("FI", "", "Europe/Helsinki", "fi", WESTERN),
        ("PL", "", "Europe/Warsaw", "pl", WESTERN),
        ("CZ", "", "Europe/Prague", "cs", WESTERN),
        ("GR", "", "Europe/Athens", "el", WESTERN),
        ("TR", "", "Europe/Istanbul", "tr", WESTERN),
        ("MA", "", "Africa/Casablanca", "fr", WESTERN),
        ("EG", "", "Africa/Cairo", "ar", GULF),
        ("SA", "", "Asia/Riyadh", "ar", GULF),
        ("QA", "", "Asia/Qatar", "ar", GULF),
        ("AE", "", "Asia/Dubai", "ar", WESTERN),
        ("IL", "", "Asia/Jerusalem", "he", GULF),
        ("ZA", "", "Africa/Johannesburg", "en", WESTERN),
        ("NG", "", "Africa/Lagos", "en", WESTERN),
        ("IN", "", "Asia/Kolkata", "en", WESTERN),
        ("BD", "", "Asia/Dhaka", "en", GULF),
        ("NP", "", "Asia/Kathmandu", "en", [Sat, Sat]),
        ("BN", "", "Asia/Brunei", "ms", [Fri, Sun]),
        ("SG", "", "Asia/Singapore", "en", WESTERN),
        ("CN", "", "Asia/Shanghai", "zh", WESTERN),
        ("JP", "", "Asia/Tokyo", "ja", WESTERN),
        ("AU", "NSW", "Australia/Lord_Howe", "en", WESTERN),
        ("NZ", "AUK", "Pacific/Auckland", "en", WESTERN),
        // The list did not say where: the round's own zone, Monday to Friday, no holidays.
        ("", "", "", "en", WESTERN),
    ]
};

/// A week before clocks change or long holidays begin: spring and autumn on both halves of the world, Ramadan and Eid,
/// Golden Week, the lunar new year, Christmas.
const SEASONS: [(i32, u32, u32); 16] = [
    (2026, 3, 2),
    (2026, 3, 23),
    (2026, 10, 19),
    (2026, 10, 26),
    (2027, 3, 29),
    (2026, 9, 21),
    (2027, 4, 1),
    (2026, 2, 16),
    (2027, 2, 8),
    (2027, 3, 4),
    (2026, 3, 9),
    (2027, 4, 26),
    (2028, 4, 24),
    (2027, 1, 28),
    (2026, 12, 14),
    (2029, 12, 17),
];

pub const REMINDERS: [&str; 7] = [
    "0 10 * * TUE,THU",
    "30 1 * * *",
    "0 */3 * * *",
    "0 12 1-28/3 * *",
    "0 9 * * FRI",
    "30 2 * * SUN",
    "45 15 1,15 * WED",
];

pub struct Person {
    pub round: usize,
    pub account: usize,
    pub place: usize,
    /// The same mailbox in the other round.
    pub twin: Option<usize>,
    /// What never changes; [`super::world::World::facts`] fills in the rest.
    pub is: Facts,
}

#[derive(Default)]
pub struct Account {
    pub round: usize,
    pub people: Vec<usize>,
    pub signed: bool,
    pub signed_at: Option<Ts>,
    pub answered: u32,
}

fn pick<T: Copy>(dice: &mut Dice, of: &[T]) -> T {
    of[dice.below(of.len() as u64) as usize]
}

pub fn hhmm(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

pub fn reminder(dice: &mut Dice, opens: NaiveDate) -> Value {
    let mut touch = match dice.below(5) {
        0 | 1 => json!({"kind": "reminder", "working_days": dice.between(1, 20)}),
        2 => json!({"kind": "reminder", "date": opens + Days::new(dice.below(25))}),
        _ => json!({"kind": "reminder", "cron": pick(dice, &REMINDERS), "times": dice.between(1, 3)}),
    };
    touch["for"] = json!(pick(dice, &["everybody", "everybody", "not_started", "not_finished", "account_silent"]));
    if dice.chance(25) {
        touch["roles"] = pick(dice, &[&["influencer"][..], &["unknown", "influencer"], &["key_decision_maker"]]).into();
    }
    touch
}

/// About so many days after the opening, so that most sequences are in order.
fn day_of(touch: &Value, opens: NaiveDate) -> i64 {
    let date = touch["date"].as_str().and_then(|date| date.parse::<NaiveDate>().ok());
    let days = touch["working_days"].as_i64().map(|n| n * 7 / 5);
    days.or(date.map(|date| (date - opens).num_days())).unwrap_or(4)
}

pub fn quiet_hours(dice: &mut Dice, from: i64, until: i64) -> Value {
    let begin = dice.between(from, until - 45);
    json!([{"from": hhmm(begin), "until": hhmm(begin + 30)}])
}

/// A schedule and touches as they may be written; not every one can be kept.
fn any_spec(dice: &mut Dice, name: &str, near: Option<NaiveDate>) -> RoundSpec {
    let anywhere = NaiveDate::from_ymd_opt(2025, 3, 1).unwrap() + Days::new(dice.below(3_000));
    let (year, month, day) = pick(dice, &SEASONS);
    let season = NaiveDate::from_ymd_opt(year, month, day).unwrap() + Days::new(dice.below(7));
    let opens = match near {
        Some(other) => other + Days::new(dice.below(20)),
        None if dice.chance(70) => season,
        None => anywhere,
    };
    let closes = opens + Days::new(8 + dice.below(35));
    let from = dice.between(0, 20 * 4) * 15;
    let until = (from + dice.between(2 * 60, 10 * 60)).min(24 * 60 - 1);
    let days_off: Vec<NaiveDate> = (0..dice.below(4)).map(|_| opens + Days::new(dice.below(30))).collect();
    let mut schedule = json!({
        "opens": opens, "closes": closes, "send_from": hhmm(from), "send_until": hhmm(until), "days_off": days_off,
        "minimum_gap_days": dice.below(6), "maximum_messages": dice.between(2, 9),
        "time_zone": PLACES[dice.below(49) as usize].2,
    });
    if dice.chance(40) {
        schedule["maximum_per_account_per_day"] = json!(dice.between(1, 4));
    }
    if dice.chance(40) {
        schedule["spread_minutes"] = json!(dice.between(1, 480));
    }
    if dice.chance(30) {
        schedule["quiet_hours"] = quiet_hours(dice, from, until);
    }
    let mut touches = Vec::new();
    if dice.chance(80) {
        touches.push(json!({"kind": "warm_up", "working_days": dice.between(-8, -1)}));
    }
    touches.push(match dice.below(6) {
        0 => json!({"kind": "invitation", "cron": "0 11 * * *"}),
        1 => json!({"kind": "invitation", "date": opens, "at": hhmm(from)}),
        _ => json!({"kind": "invitation", "working_days": dice.below(3)}),
    });
    let mut reminders: Vec<(i64, Value)> =
        (0..dice.below(6)).map(|_| reminder(dice, opens)).map(|r| (day_of(&r, opens), r)).collect();
    reminders.sort_by_key(|(day, _)| *day);
    touches.extend(reminders.into_iter().map(|(_, reminder)| reminder));
    if dice.chance(70) {
        touches.push(json!({"kind": "thank_you", "working_days": dice.below(2)}));
    }
    let person = json!({"name": "A. Person", "email": "a.person@client.example"});
    serde_json::from_value(json!({
        "round": name, "client": "Client", "title": "Assessment", "language": "en", "schedule": schedule,
        "signoff": {"sales_director": "S", "sales_director_email": "s@client.example"},
        "senders": {"team": person.clone(), "warm_up": person}, "touch": touches,
    }))
    .unwrap()
}

/// The first that can be kept.
pub fn spec(
    dice: &mut Dice,
    name: &str,
    near: Option<NaiveDate>,
    can_be_kept: impl Fn(&RoundSpec) -> bool,
) -> RoundSpec {
    loop {
        let spec = any_spec(dice, name, near);
        if can_be_kept(&spec) {
            return spec;
        }
    }
}

/// Accounts of one to twelve contacts; one contact in six of the second round is one of the first.
pub fn population(dice: &mut Dice, contacts: usize) -> (Vec<Person>, Vec<Account>) {
    let (mut people, mut accounts): (Vec<Person>, Vec<Account>) = (Vec::new(), Vec::new());
    let first_round = contacts * 3 / 4;
    while people.len() < contacts {
        let round = usize::from(people.len() >= first_round);
        let end = if round == 0 { first_round } else { contacts };
        let size = (1 + dice.below(12) as usize).min(end - people.len());
        let (home, director) = (dice.below(PLACES.len() as u64) as usize, dice.below(25));
        let account = accounts.len();
        accounts.push(Account { round, people: (people.len()..people.len() + size).collect(), ..Account::default() });
        for _ in 0..size {
            let place = if dice.chance(80) { home } else { dice.below(PLACES.len() as u64) as usize };
            let (country, region, time_zone, language, _) = PLACES[place];
            let twin = (round == 1 && dice.chance(17)).then(|| dice.below(first_round as u64) as usize);
            let twin = twin.filter(|twin| people[*twin].twin.is_none());
            if let Some(twin) = twin {
                people[twin].twin = Some(people.len());
            }
            let is = Facts {
                time_zone: time_zone.into(),
                country: country.into(),
                region: region.into(),
                account: format!("account-{account}").into(),
                director: format!("director-{director}@client.example"),
                language: language.into(),
                role: Role::ALL[dice.below(4) as usize],
                phase: dice.below(u64::MAX),
                ..Facts::default()
            };
            people.push(Person { round, account, place, twin, is });
        }
    }
    (people, accounts)
}

/// The zone in which the contact of a place lives.
pub fn zone(place: usize, home: &str) -> Zone {
    let name = PLACES[place].2;
    Zone::find(if name.is_empty() { home } else { name }).unwrap()
}
