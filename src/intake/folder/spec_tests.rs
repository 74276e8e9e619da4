//! Proofs about `round.toml`: good ones are read, and every mistake has its own line and its own next step.

use super::*;
use crate::base::address::EmailAddress;

pub const GOOD: &str = r##"round = "acme-2027"
client = "Acme"
title = "Relationship assessment"
language = "en"
accent = "#1f4e79"
[schedule]
opens = 2027-02-08
closes = "2027-03-05"
send_from = "09:00"
send_until = "16:30"
time_zone = "Europe/Dublin"
[signoff]
sales_director = "Dora Day"
sales_director_email = "dora@client.example"
[senders.team]
name = "The team"
email = "team@client.example"
[senders.warm_up]
name = "Cea Oh"
email = "ceo@client.example"
[senders.country.DE]
name = "Hans"
email = "hans@client.example"
[[targets]]
level = "individual"
target = 0.5
[[touch]]
kind = "warm_up"
working_days = -5
[[touch]]
kind = "invitation"
working_days = 0
at = 10:00:00
[[touch]]
kind = "reminder"
cron = "0 10 * * TUE,THU"
times = 4
"##;

fn told(text: &str) -> Vec<String> {
    let mut sheet = TomlSheet::new("round.toml", text);
    assert!(super::read(&mut sheet).0.is_none());
    sheet.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_one_is_read_with_dates_of_both_spellings() {
    let mut sheet = TomlSheet::new("round.toml", GOOD);
    let (spec, said) = super::read(&mut sheet);
    assert_eq!(sheet.faults, []);
    let spec = spec.unwrap();
    assert_eq!((spec.schedule.opens.to_string().as_str(), said.language.as_str()), ("2027-02-08", "en"));
    assert_eq!(spec.touches[1].at.unwrap().to_string(), "10:00:00");
}

#[test]
fn what_is_told_of_who_has_answered_is_names_unless_it_says_otherwise() {
    use crate::rules::participation::Participation;
    let with = |table: &str| GOOD.replace("[[targets]]", &format!("[participation]\n{table}\n[[targets]]"));
    for (text, expected) in [
        (GOOD.to_string(), Participation::Names),
        (with("told = \"names\""), Participation::Names),
        (with("told = \"counts\""), Participation::Counts),
        (with("told = \"counts\"\nfrom = 4"), Participation::CountsFrom(4)),
    ] {
        let mut sheet = TomlSheet::new("round.toml", &text);
        let spec = super::read(&mut sheet).0;
        assert_eq!(sheet.faults, []);
        assert_eq!(spec.unwrap().participation, expected, "{text}");
    }
    for (table, fault) in [
        ("told = \"nobody\"", "`participation.told` is “nobody”. Write names or counts."),
        ("from = 4", "`participation.told` is missing. Write names or counts."),
        ("told = \"counts\"\nfrom = 1", "`participation.from` is 1, which is not between 2 and 1000."),
        ("told = \"names\"\nfrom = 4", "`participation.from` stands beside `told = \"names\"`"),
    ] {
        let told = told(&with(table));
        assert!(told.iter().any(|said| said.contains(fault)), "{table}: {told:?}");
    }
}

#[test]
fn each_mistake_is_told_with_its_line() {
    for (was, is, expected) in [
        ("round = \"acme-2027\"", "round = \"Acme 2027\"", "round.toml:1: `round` is “Acme 2027”"),
        ("client = \"Acme\"\n", "", "`client` is missing. Write the company's name"),
        ("title = \"Relationship assessment\"", "title = \"Customer Survey\"", "round.toml:3: `title` says “survey”"),
        ("language = \"en\"", "language = \"english\"", "round.toml:4: `language` is “english”"),
        ("#1f4e79", "blue", "round.toml:5: `accent` is “blue”"),
        ("accent", "acent", "round.toml:5: `acent` is not a key that is known here. Write `accent`"),
        (
            "opens = 2027-02-08",
            "opens = \"2027-02-30\"",
            "round.toml:7: `schedule.opens` is 2027-02-30, which is not a day",
        ),
        ("2027-03-05", "2027-01-05", "round.toml:8: `schedule.closes` is 2027-01-05, not after"),
        ("16:30", "08:30", "round.toml:10: `schedule.send_until` is not later"),
        ("Europe/Dublin", "Dublin", "round.toml:11: `schedule.time_zone` is “Dublin”, which is not a time zone"),
        (
            "dora@client.example",
            "dora@",
            "round.toml:14: `signoff.sales_director_email` is “dora@”, which has no domain",
        ),
        ("country.DE", "country.Germany", "`senders.country.Germany` is not a country code. Write DE"),
        ("target = 0.5", "target = 50", "round.toml:26: `targets.target` is 50, which is not a share"),
        ("target = 0.5", "target = \"half\"", "round.toml:26: `targets.target` is of the wrong kind: a text"),
        ("warm_up\"\nworking_days = -5", "warm_up\"", "round.toml:27: This touch says not when it goes"),
        ("working_days = 0", "working_days = 0\ndate = 2027-02-09", "round.toml:30: This touch says more than once"),
        ("\"reminder\"", "\"reminders\"", "which is not a kind of message; reminder is perhaps meant"),
        ("\"reminder\"", "\"digest\"", "which does not go to contacts"),
        ("kind = \"invitation\"", "kind = \"reminder\"", "No [[touch]] has kind = \"invitation\""),
        (
            "language = \"en\"",
            "language = \"en\"\nminutes = 90",
            "round.toml:5: `minutes` is 90, which is not between 1 and 60",
        ),
        ("client = \"Acme\"", "client = Acme", "round.toml:2: This is not TOML"),
        (
            "times = 4",
            "for = \"not_begun\"",
            "round.toml:37: `touch.for` is “not_begun”. Write everybody, not_started,",
        ),
        ("times = 4", "from = \"boss\"", "round.toml:37: `touch.from` is “boss”. Write team, ceo or account_manager"),
        (
            "times = 4",
            "roles = [\"influencr\"]",
            "round.toml:37: `touch.roles` has in it “influencr”, which is not a contact role; influencer is perhaps meant",
        ),
        ("times = 4", "roles = [1]", "round.toml:37: `touch.roles` has in it a number, not a text"),
        ("times = 4", "words = \"../secret\"", "round.toml:37: `touch.words` is “../secret”; it begins with a letter"),
        (
            "[signoff]",
            "quiet_hours = [{ from = \"12:00\" }]\n[signoff]",
            "round.toml:12: `schedule.quiet_hours.until` is missing",
        ),
        (
            "[signoff]",
            "[signoff]\nhuman_step = \"none\"",
            "round.toml:13: `signoff.human_step` is “none”. Write count or code",
        ),
        ("[signoff]", "[sponsor]\nname = \"Helen Marsh\"\n[signoff]", "`sponsor.email` is missing"),
        (
            "[signoff]",
            "maximum_per_account_per_day = 0\n[signoff]",
            "round.toml:12: `schedule.maximum_per_account_per_day` is 0, which is not between",
        ),
    ] {
        assert!(GOOD.contains(was), "{was}");
        let told = told(&GOOD.replacen(was, is, 1));
        assert!(told.iter().any(|t| t.contains(expected)), "{expected} in {told:#?}");
    }
}

#[test]
fn quiet_hours_and_whom_a_touch_is_for_are_read() {
    let schedule = "time_zone = \"Europe/Dublin\"\nmaximum_per_account_per_day = 20\nquiet_hours = [{ from = \"12:00\", until = 13:00:00 }]";
    let touch = "times = 4\nfor = \"not_finished\"\nroles = [\"influencer\"]\nfrom = \"account_manager\"\nwords = \"last_call\"";
    let text = GOOD.replacen("time_zone = \"Europe/Dublin\"", schedule, 1).replacen("times = 4", touch, 1);
    let mut sheet = TomlSheet::new("round.toml", &text);
    let (spec, said) = super::read(&mut sheet);
    assert_eq!(sheet.faults, []);
    let spec = spec.unwrap();
    assert_eq!(spec.schedule.maximum_per_account_per_day, Some(20));
    assert_eq!(spec.schedule.quiet_hours[0].until.to_string(), "13:00:00");
    let touch = &spec.touches[2];
    assert_eq!((touch.audience, touch.from), (Audience::NotFinished, Some(Author::AccountManager)));
    assert_eq!((touch.roles.as_slice(), touch.words.as_deref()), ([Role::Influencer].as_slice(), Some("last_call")));
    let line = text.lines().position(|l| l.starts_with("words")).unwrap() as u64 + 1;
    assert_eq!(said.words, BTreeMap::from([("last_call".to_owned(), line)]));
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = GOOD
        .replace("en\"", "xx\"")
        .replace("Europe/Dublin", "Moon")
        .replace("working_days = -5", "working_days = \"soon\"");
    assert_eq!(told(&text).len(), 3);
}

#[test]
fn a_round_that_says_nothing_asks_for_a_code_where_both_directors_sign() {
    let read = |text: &str| super::read(&mut TomlSheet::new("round.toml", text)).0.unwrap().signoff;
    let said = read(GOOD);
    assert_eq!((said.human_step(false), said.human_step(true)), (HumanStep::Count, HumanStep::Code));
    let other = "[signoff]\nhuman_step = \"code\"\nhuman_step_strategic = \"count\"";
    let said = read(&GOOD.replacen("[signoff]", other, 1));
    assert_eq!((said.human_step(false), said.human_step(true)), (HumanStep::Code, HumanStep::Count));
}

#[test]
fn a_round_that_says_nothing_of_deputies_waits_for_its_directors() {
    let read = |text: &str| super::read(&mut TomlSheet::new("round.toml", text)).0.unwrap().signoff;
    let said = read(GOOD);
    assert_eq!((said.deputy_after_chases, said.regional_head_after_chases, said.has_ladder()), (2, 3, false));
    let one = "[[signoff.director]]\nemail = \"Ann@client.example\"\ncountry = \"DE\"\nregion = \"BY\"\ndeputy = \"Paul Lee\"\ndeputy_email = \"paul@client.example\"\n";
    let said = read(&GOOD.replacen("[senders.team]", &format!("{one}[senders.team]"), 1));
    let ann = said.signer(&EmailAddress::parse("ann@client.example").unwrap()).unwrap();
    assert_eq!((ann.deputy().map(|(name, _)| name), ann.regional_head()), (Some("Paul Lee"), None));
    assert!(said.has_ladder());
    assert!(read(&GOOD.replacen("[signoff]", "[signoff]\nwhen_nobody_signs = \"leave_out\"", 1)).has_ladder());
}

#[test]
fn a_deputy_who_cannot_be_asked_is_told_with_the_next_step() {
    for (keys, expected) in [
        ("deputy = \"Paul\"", "`signoff.director.deputy_email` is missing, so Paul cannot be asked. Write the address"),
        ("regional_head_email = \"r@x.example\"", "`signoff.director.regional_head` is missing"),
        (
            "deputy = \"Ann\"\ndeputy_email = \"ANN@client.example\"",
            "`signoff.director.deputy_email` is the address of the one",
        ),
        (
            "deputy = \"P\"\ndeputy_email = \"p@x.example\"\nregional_head = \"P\"\nregional_head_email = \"p@x.example\"",
            "`signoff.director.regional_head_email` is the address of the deputy",
        ),
        ("deputy = \"\"\ndeputy_email = \"p@\"", "`signoff.director.deputy` is empty. Write the name of the deputy."),
        ("country = \"Germany\"", "`signoff.director.country` is not a country code. Write DE"),
        ("region = \"BY\"", "`signoff.director.region` is “BY” without a country"),
        (
            "country = \"DE\"\nregion = \"Bavaria\"",
            "`signoff.director.region` is “Bavaria”, which is no region of DE. Write BY.",
        ),
        (
            "deputy_mail = \"p@x.example\"",
            "`signoff.director.deputy_mail` is not a key that is known here. Write `deputy_email`",
        ),
        (
            "[[signoff.director]]\nemail = \"Ann@client.example\"",
            "`signoff.director.email`: Ann@client.example stands here twice",
        ),
    ] {
        let one = format!("[[signoff.director]]\nemail = \"ann@client.example\"\n{keys}\n[senders.team]");
        let found = told(&GOOD.replacen("[senders.team]", &one, 1));
        assert!(found.iter().any(|fault| fault.contains(expected)), "{keys}: {found:?}");
    }
    let found = told(&GOOD.replacen("[signoff]", "[signoff]\nwhen_nobody_signs = \"skip\"", 1));
    assert_eq!(found, ["round.toml:13: `signoff.when_nobody_signs` is “skip”. Write wait, leave_out or last_year."]);
}
