//! What an account director and the sales director see.

use crate::rules::contacts::Role;
use crate::web::kit::views::notice::Notice;
use crate::web::links::views::signoff::*;

use super::{letter, page};

pub fn pages() -> Vec<(String, String)> {
    let open = |draft: Option<Draft>, count: (&str, Option<&str>), remove: Option<&str>| {
        let mut first = account("moore-powell", "Moore-Powell", CardState::ToSign, names(14));
        first.count_typed = count.0.into();
        first.count_error = count.1.map(String::from);
        if let Some(row) = first.names.get_mut(1) {
            row.draft = draft;
        }
        if let Some(row) = first.names.get_mut(2) {
            row.remove_error = remove.map(String::from);
        }
        first.removed = vec![RemovedName {
            id: "r1".into(),
            full_name: "Peter Lang".into(),
            why: "Left the company; removed by you on Tue 2 Feb.".into(),
            restore_error: None,
        }];
        first
    };
    let wrong = Draft {
        first_name: "Bernd".into(),
        last_name: "Ōkubo-Ferreira".into(),
        email: "bernd@".into(),
        job_title: "Plant manager".into(),
        role: "influencer".into(),
        reason: String::new(),
        errors: vec![
            ("email", "The address bernd@ has no domain after the @. Add it, or remove the name.".into()),
            ("reason", "Say in a few words what is corrected.".into()),
        ],
    };
    let changed = CardState::Changed { what: "Eva Novak was added on Thu 4 Feb by Olga.".into() };
    let counter =
        |state| AccountCard { strategic: true, ..account("hansa", "Hansa Werke & Söhne Holding", state, names(3)) };
    vec![
        page(
            "sign-off-handed-over",
            &SignoffPage {
                handed_over: vec![("Rachel Osei".into(), "Moore-Powell, Adler Maschinenbau, Ostend Foods".into())],
                ..whole(false)
            },
        ),
        page(
            "sign-off-1",
            &SignoffPage { accounts: vec![open(None, ("", None), None), waiting(), signed()], ..whole(false) },
        ),
        page(
            "sign-off-refused",
            &SignoffPage {
                accounts: vec![open(
                    Some(wrong),
                    (
                        "13",
                        Some("This list has another number of names than 13. Count again: has somebody been added?"),
                    ),
                    Some("Choose a reason."),
                )],
                ..whole(false)
            },
        ),
        page(
            "sign-off-changed",
            &SignoffPage {
                left_out: vec![
                    "Ida Falk at Kline & Daughters: the e-mail address cannot be used (“ida.falk@”)".into(),
                    "יעל כהן at Kline & Daughters: the e-mail address is empty".into(),
                ],
                accounts: vec![
                    account("kline", "Kline & Daughters", changed, names(4)),
                    account("empty", "Ostend Foods", CardState::ToSign, vec![]),
                    signed(),
                ],
                done: done("Peter Lang was removed from Moore-Powell.", "name-kline-n1"),
                ..whole(false)
            },
        ),
        page(
            "sign-off-done",
            &SignoffPage {
                accounts: vec![signed(), waiting()],
                done: done("Signed: 14 names at Moore-Powell.", "account-adler"),
                ..whole(false)
            },
        ),
        page(
            "counter-sign-1",
            &SignoffPage {
                director: "Sven".into(),
                accounts: vec![
                    counter(CardState::ToCounterSign {
                        by: "Carol Reed".into(),
                        by_email: "carol.reed@nordwind.example".into(),
                        when: "Tue 2 Feb, 14:05".into(),
                    }),
                    AccountCard { strategic: true, ..signed() },
                ],
                ..whole(true)
            },
        ),
        page(
            "sign-off-over",
            &Notice::director_link(
                letter("en"),
                "This link has been replaced",
                &[
                    "A newer mail with a newer link was sent to you. Open the latest one.",
                    "Each list is signed by one link only, so that nobody signs an old list by mistake.",
                ],
            ),
        ),
        page("sign-off-unknown", &Notice::unknown_link("en")),
    ]
}

fn done(text: &str, place: &str) -> Option<Done> {
    Some(Done { text: text.into(), place: place.into() })
}

fn whole(counter: bool) -> SignoffPage {
    SignoffPage {
        letter: letter("en"),
        action: "/sign-off/8Zt0q3v4u9o1Vb7Jx2mGk5".into(),
        title: "Relationship assessment 2027".into(),
        director: "Carol".into(),
        counter,
        by_when: "Only the names that you sign are written to; the letter announcing it goes to the first of them on Fri 29 Jan.".into(),
        letters: "From Fri 29 Jan these people get a letter announcing the Relationship assessment 2027, and some days later the invitation.".into(),
        accounts: Vec::new(),
        handed_over: Vec::new(),
        left_out: Vec::new(),
        done: None,
    }
}

fn account(id: &str, name: &str, state: CardState, names: Vec<NameRow>) -> AccountCard {
    AccountCard {
        id: id.into(),
        name: name.into(),
        strategic: false,
        state,
        fingerprint: "9f2c41d07be3".into(),
        names: names.into_iter().map(|n| NameRow { id: format!("{id}-{}", n.id), ..n }).collect(),
        removed: Vec::new(),
        count_typed: String::new(),
        count_error: None,
    }
}

fn signed() -> AccountCard {
    account(
        "adler",
        "Adler Maschinenbau",
        CardState::Signed { by: "Carol Reed".into(), when: "Tue 2 Feb, 14:05".into() },
        names(6),
    )
}

fn waiting() -> AccountCard {
    let state = CardState::WaitingCounter { when: "Wed 3 Feb, 08:12".into(), sales_director: "Sven Lund".into() };
    AccountCard { strategic: true, ..account("hansa", "Hansa Werke & Söhne Holding", state, names(9)) }
}

const PEOPLE: [(&str, &str, &str, Role); 7] = [
    ("Anna", "Smith", "Head of Procurement", Role::KeyDecisionMaker),
    ("Bernd", "Ōkubo-Ferreira", "Plant manager", Role::Influencer),
    (
        "Wilhelmina-Charlotte",
        "von Hohenstein-Bartenberg",
        "Deputy Vice President, Inbound Logistics and Customs",
        Role::KeyDecisionMaker,
    ),
    ("Ngozi", "Adeyemi", "Dispatcher", Role::OperationalContact),
    ("José", "Núñez", "", Role::Unknown),
    ("Mary", "O’Hara <b>", "Warehouse lead", Role::OperationalContact),
    ("Li", "Wei", "Controller", Role::Influencer),
];

fn names(n: usize) -> Vec<NameRow> {
    let finding = |at: usize| match at {
        1 => vec!["The address is a private one (gmail.com); we need the one at work.".into()],
        4 => vec![
            "The role is not known. Choose it, so that every level is heard.".into(),
            "Was on last year’s list as having left the company.".into(),
        ],
        _ => Vec::new(),
    };
    let row = |(at, (first, last, job, role)): (usize, &(&str, &str, &str, Role))| NameRow {
        id: format!("n{at}"),
        first_name: (*first).into(),
        last_name: (*last).into(),
        job_title: (*job).into(),
        role: *role,
        email: format!("{}.{}@moore-powell.example", first.to_lowercase(), last.to_lowercase().replace(' ', "-")),
        findings: finding(at),
        place: if at % 2 == 0 { "English, Ireland".into() } else { "German, Austria".into() },
        changed: String::new(),
        answered: at == 0,
        draft: None,
        remove_error: None,
    };
    PEOPLE.iter().cycle().take(n).enumerate().map(row).collect()
}
