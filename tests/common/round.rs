//! The round that the stories play: Northwind asks five people at three accounts; and rounds with many people.

use std::collections::BTreeMap;
use std::path::PathBuf;

use soundings::intake::folder::RoundFolder;
use soundings::intake::list;
use soundings::rules::questionnaire::Questionnaire;
use soundings::rules::round::{MailText, RoundSpec, Words};

pub const ROUND: &str = "northwind-2027";

/// Directors and their accounts: Dora has Globex and Umbra, Erik the strategic Initech.
pub const DORA: &str = "dora.fields@northwind.example";
pub const ERIK: &str = "erik.holm@northwind.example";
pub const SALES_DIRECTOR: &str = "margaret.ellison@northwind.example";
/// The account manager of Globex and Initech.
pub const MAX: &str = "max.mann@northwind.example";
pub const CEO: &str = "david.sterling@northwind.example";
pub const GERMANY: &str = "katharina.albers@northwind.example";
pub const TEAM: &str = "conversation@northwind.example";

/// Contacts: Ann in London and Ben in Berlin at Globex, Uma in Auckland at Umbra, Cyd and Dee in New York at Initech.
pub const ANN: &str = "ann.lee@globex.example";
pub const BEN: &str = "ben.koch@globex.example";
pub const UMA: &str = "uma.reid@umbra.example";
pub const CYD: &str = "cyd.moor@initech.example";
pub const DEE: &str = "dee.york@initech.example";

const SPEC: &str = r#"
round = "northwind-2027"
client = "Northwind Instruments"
title = "Relationship assessment 2027"
language = "en"
minutes = 6
[schedule]
opens = "2027-02-08"
closes = "2027-03-05"
maximum_messages = 6
time_zone = "Europe/London"
[signoff]
sales_director = "Margaret Ellison"
sales_director_email = "margaret.ellison@northwind.example"
chase_every_working_days = 3
maximum_chases = 2
human_step_strategic = "count"
[senders.team]
name = "Laura Whitcombe"
email = "conversation@northwind.example"
[senders.warm_up]
name = "David Sterling"
email = "david.sterling@northwind.example"
[senders.country.DE]
name = "Katharina Albers"
email = "katharina.albers@northwind.example"
[[touch]]
kind = "warm_up"
working_days = -5
at = "09:30"
[[touch]]
kind = "invitation"
working_days = 0
at = "10:00"
[[touch]]
kind = "reminder"
cron = "30 9 * * THU"
times = 3
[[touch]]
kind = "thank_you"
working_days = 0
"#;

const QUESTIONS: &str = r#"
id = "relationship"
version = "2027-1"
[[group]]
title = { en = "Trust" }
[[group.item]]
id = "trust"
kind = "scale_1_7"
required = true
text = { en = "Northwind keeps its word." }
[[group.item]]
id = "recommend"
kind = "scale_0_10"
required = true
text = { en = "Would you recommend Northwind?" }
[[group.item]]
id = "words"
kind = "text"
text = { en = "What should Northwind do differently?" }
"#;

pub const HEADER: &str = "account,first_name,last_name,email,job_title,role,language,country,time_zone,account_director,\
    account_director_email,account_manager,account_manager_email,strategic,annual_revenue\n";

const CONTACTS: &str = "\
Globex,Ann,Lee,ann.lee@globex.example,Head of Quality,influencer,en,GB,Europe/London,Dora Fields,dora.fields@northwind.example,Max Mann,max.mann@northwind.example,no,100000
Globex,Ben,Koch,ben.koch@globex.example,Einkaufsleiter,key_decision_maker,de,DE,Europe/Berlin,Dora Fields,dora.fields@northwind.example,Max Mann,max.mann@northwind.example,no,100000
Umbra,Uma,Reid,uma.reid@umbra.example,Operations Manager,operational_contact,en,NZ,Pacific/Auckland,Dora Fields,dora.fields@northwind.example,,,no,
Initech,Cyd,Moor,cyd.moor@initech.example,Chief Operating Officer,key_decision_maker,en,US,America/New_York,Erik Holm,erik.holm@northwind.example,Max Mann,max.mann@northwind.example,yes,900000
Initech,Dee,York,dee.york@initech.example,Buyer,influencer,en,US,America/New_York,Erik Holm,erik.holm@northwind.example,Max Mann,max.mann@northwind.example,yes,900000
";

/// The usual round.
pub fn northwind() -> RoundFolder {
    folder(&format!("{HEADER}{CONTACTS}"))
}

/// The usual round with another list, or the same one in other words: `instead` is applied to its text.
pub fn northwind_with(instead: &[(&str, &str)]) -> RoundFolder {
    let mut list = format!("{HEADER}{CONTACTS}");
    for (old, new) in instead {
        assert!(list.contains(old), "the list does not say {old}");
        list = list.replace(old, new);
    }
    folder(&list)
}

/// So many people in London, ten to an account, all of Dora's.
pub fn crowd(people: usize) -> RoundFolder {
    let mut list = String::from(HEADER);
    for n in 0..people {
        let account = n / 10;
        list.push_str(&format!(
            "Account {account:03},Pat,Number{n:04},pat{n:04}@account{account:03}.example,Buyer,{},en,GB,Europe/London,\
             Dora Fields,{DORA},Max Mann,{MAX},no,\n",
            ["key_decision_maker", "influencer", "operational_contact"][n % 3]
        ));
    }
    folder(&list)
}

pub fn folder(list: &str) -> RoundFolder {
    let spec: RoundSpec = toml::from_str(SPEC).unwrap();
    let list = list::read(list.as_bytes(), "contacts.csv").unwrap();
    assert!(list.findings.iter().all(|f| f.severity != soundings::rules::contacts::Severity::Error), "{list:?}");
    let questionnaire: Questionnaire = toml::from_str(QUESTIONS).unwrap();
    RoundFolder { dir: PathBuf::new(), spec, list, questionnaire, words: words() }
}

fn words() -> Words {
    let text = |subject: &str, body: &str| MailText { subject: subject.into(), body: body.into() };
    let asks = |opening: &str| {
        format!("Dear {{{{ first_name }}}},\n\n{opening}\n\n{{{{ link }}}}\n\n{{{{ opt_out_link }}}}\n")
    };
    let en = [
        (
            "warm_up",
            text("What we would like to hear", "Dear {{ first_name }},\n\nplease tell us.\n\n{{ opt_out_link }}\n"),
        ),
        ("invitation", text("Your view of {{ client }}", &asks("here is your link."))),
        ("reminder", text("Still open", &asks("yours is still open."))),
        ("reminder-2", text("Still open, again", &asks("yours is still open, we see."))),
        ("thank_you", text("Thank you", "Dear {{ first_name }},\n\nthank you.\n")),
        (
            "sign_off",
            text("{{ names }} names to sign off", "Dear {{ director_name }},\n\nplease sign.\n\n{{ link }}\n"),
        ),
        (
            "counter_sign",
            text("{{ names }} names to counter-sign", "Dear {{ director_name }},\n\nplease sign.\n\n{{ link }}\n"),
        ),
        (
            "digest",
            text("{{ open_names }} have not answered", "Dear {{ manager_name }},\n\n{{ rate }}\n\n{{ list }}\n"),
        ),
    ];
    let de = [("invitation", text("Ihre Sicht auf {{ client }}", &asks("hier ist Ihr pers\u{f6}nlicher Link.")))];
    let named = |texts: Vec<(&str, MailText)>| texts.into_iter().map(|(n, t)| (n.to_string(), t)).collect();
    BTreeMap::from([("en".to_string(), named(en.into())), ("de".to_string(), named(de.into()))])
}
