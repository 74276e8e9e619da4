//! The sign-off board of the sample round.

use crate::web::console::views::board::*;
use crate::web::console::views::contacts::Filter;
use crate::web::kit::views::form::{ActionForm, Choice, Field};
use crate::web::kit::views::frame::{Count, Paging, Rate, Status};

use super::{at, console, page, when};

pub fn pages() -> Vec<(String, String)> {
    vec![
        page("console-sign-off", &board(false)),
        page("console-sign-off-refused", &board(true)),
        page(
            "console-sign-off-empty",
            &BoardPage {
                console: console("sign-off"),
                signed: Rate::default(),
                names_left: Count(0),
                by_when: " before the warm-up goes to the first of them on Fri 29 Jan".into(),
                asked: Vec::new(),
                more_asked: 0,
                asked_groups: Vec::new(),
                filter: filter(),
                paging: Paging::default(),
                directors: Vec::new(),
            },
        ),
    ]
}

fn board(refused: bool) -> BoardPage {
    let path = at("/sign-off");
    let typed = || {
        if refused {
            Approval {
                who: "Carol Reed".into(),
                evidence_error: Some("Say where the approval can be found.".into()),
                ..Approval::default()
            }
        } else {
            Approval::default()
        }
    };
    let account =
        |id: &str, name: &str, strategic, names, findings, state, note: &str, record: Option<Approval>| BoardAccount {
            id: id.into(),
            name: name.into(),
            href: at("/contacts?account=a1"),
            strategic,
            names: Count(names),
            findings: Count(findings),
            state,
            note: note.into(),
            record: record.map(|typed| record_approval(&path, "c5rf", (id, name), names, "9f2c41d07be3", typed)),
            pause: Some(at("/plan/pause?account=a1")),
        };
    let ask = |id: &str, name: &str| ActionForm {
        id: format!("ask-{id}"),
        action: path.clone(),
        act: "ask_again",
        csrf: "c5rf".into(),
        hidden: vec![("director", id.into())],
        label: "Ask again now".into(),
        about: name.into(),
        explain: format!("{name} gets the request again, with a new link; the old one stops working."),
        button: "Ask again".into(),
        ..ActionForm::default()
    };
    BoardPage {
        console: console("sign-off"),
        signed: Rate::new(31, 50),
        names_left: Count(117),
        by_when: " before the warm-up goes to the first of them on Fri 29 Jan".into(),
        asked: asked(),
        filter: filter(),
        paging: Paging {
            first: Count(1),
            last: Count(100),
            total: Count(2_412),
            previous: None,
            next: Some(at("/sign-off?page=2")),
        },
        more_asked: 41,
        asked_groups: vec![AskedGroup {
            what: "40 people: @hansa-werke.example is now @hansa.example".into(),
            answer: answer("domain"),
        }],
        directors: vec![
            DirectorRow {
                name: "Carol Reed".into(),
                email: "carol.reed@nordwind.example".into(),
                is_open: true,
                state: Status::attention("2 of 3 signed"),
                asked: Some(when("9 days ago", "Mon 25 Jan, 09:00 in Dublin")),
                chased: "chased 2 of 4 times".into(),
                next_chase: Some(when("tomorrow, 09:00", "Thu 4 Feb, 09:00 in Dublin")),
                accounts: vec![
                    account(
                        "moore-powell",
                        "Moore-Powell",
                        false,
                        14,
                        2,
                        Status::attention("not signed"),
                        "The page was opened yesterday; 2 names were corrected.",
                        Some(typed()),
                    ),
                    account(
                        "hansa",
                        "Hansa Werke & Söhne Holding",
                        true,
                        9,
                        0,
                        Status::waiting("waiting for Sven Lund"),
                        "Signed by Carol Reed, Wed 3 Feb, 08:12.",
                        None,
                    ),
                    account(
                        "adler",
                        "Adler Maschinenbau",
                        false,
                        6,
                        0,
                        Status::good("signed"),
                        "Signed by Carol Reed, Tue 2 Feb, 14:05.",
                        None,
                    ),
                ],
                ask_again: Some(ask("carol", "Carol Reed")),
            },
            DirectorRow {
                name: "Marc Dubois".into(),
                email: "marc.dubois@nordwind.example".into(),
                is_open: true,
                state: Status::wrong("the request bounced"),
                asked: Some(when("9 days ago", "Mon 25 Jan, 09:00 in Paris")),
                chased: String::new(),
                next_chase: None,
                accounts: vec![account(
                    "ostend",
                    "Ostend Foods",
                    false,
                    23,
                    4,
                    Status::attention("not signed"),
                    "Correct the address of Marc Dubois in the list.",
                    Some(Approval::default()),
                )],
                ask_again: None,
            },
        ],
    }
}

fn filter() -> Filter {
    let choices = vec![
        Choice::new("", "all accounts"),
        Choice::new("open", "not signed off"),
        Choice::new("asked", "with open questions"),
    ];
    Filter { name: "show", label: "Show", value: String::new(), choices }
}

fn answer(id: &str) -> ActionForm {
    ActionForm {
        id: format!("asked-{id}"),
        action: at("/sign-off"),
        act: "answer",
        csrf: "c5rf".into(),
        label: "Answer".into(),
        about: "for Katrin Vogel".into(),
        explain: "The same person gets the new address and keeps what is known: answers, opt-out, history. Somebody else is a new name. Either is to be signed off.".into(),
        fields: vec![Field::select(
            "answer",
            "Who is it?",
            "",
            vec![Choice::new("", "Choose"), Choice::new("same", "The same person"), Choice::new("other", "Somebody else of that name")],
        )],
        button: "Save the answer".into(),
        ..ActionForm::default()
    }
}

fn asked() -> Vec<AskedRow> {
    let row = |name: &str, account: &str, email: &str, known: &str, why| AskedRow {
        place: format!("question-{email}"),
        name: name.into(),
        account: account.into(),
        email: email.into(),
        known: known.into(),
        known_href: Some(at("/contacts/c1")),
        why,
        answer: answer(name),
    };
    vec![
        row(
            "Katrin Vogel",
            "Hansa Werke & Söhne Holding",
            "katrin.vogel@hansa.example",
            "katrin.vogel@hansa-werke.example",
            "The list has a new address for a name that is known.",
        ),
        AskedRow {
            known_href: None,
            ..row(
                "Bernd Ōkubo-Ferreira",
                "Moore-Powell",
                "bernd@moorepowell.example",
                "b.okubo@moore-powell.example",
                "Asked in an earlier round not to be written to.",
            )
        },
    ]
}
