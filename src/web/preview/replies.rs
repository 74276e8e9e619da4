//! The reply desk of the sample round.

use crate::web::console::views::replies::*;
use crate::web::kit::views::form::{ActionForm, Control, Field};
use crate::web::kit::views::frame::{Count, Paging, Status};

use super::{at, console, page, when};

pub fn pages() -> Vec<(String, String)> {
    vec![
        page("console-replies", &desk()),
        page(
            "console-replies-empty",
            &RepliesPage { replies: Vec::new(), strays: Vec::new(), paging: Paging::default(), ..desk() },
        ),
        page(
            "console-replies-not-read",
            &RepliesPage { reads: false, replies: Vec::new(), strays: Vec::new(), paging: Paging::default(), ..desk() },
        ),
    ]
}

fn desk() -> RepliesPage {
    let card = |id: &str, state, name: &str, who: &str, subject: &str, words: &str| ReplyCard {
        id: id.into(),
        state,
        name: name.into(),
        href: (!who.is_empty()).then(|| at("/contacts/01946f3a")),
        who: who.into(),
        notes: Vec::new(),
        subject: subject.into(),
        when: when("2 hours ago", "Tue 9 Feb, 09:00 in Dublin"),
        words: words.into(),
        actions: acts(id, name, !who.is_empty()),
    };
    RepliesPage {
        console: console("replies"),
        reads: true,
        replies: vec![
            card(
                "r1",
                Status::attention("wrote back"),
                "Anna Smith",
                "Head of Procurement, key decision maker, Moore-Powell, anna.smith@moore-powell.example",
                "Re: Your view of Nordwind Logistics",
                "Happy to, but not before our audit is over.\n\nCould you ask me again in two weeks? And please use my new number.\n\nAnna",
            ),
            ReplyCard {
                notes: vec!["A complaint about a mail to anna@moore-powell.example.".into()],
                ..card(
                    "r2",
                    Status::wrong("called unwanted"),
                    "Ben Okafor",
                    "Buyer, influencer, Adler Pharma, ben.okafor@adler.example",
                    "FW: Your view of Nordwind Logistics",
                    "",
                )
            },
        ],
        strays: vec![ReplyCard {
            notes: vec!["Written by someone@elsewhere.example".into()],
            ..card(
                "r3",
                Status::waiting("not matched"),
                "someone@elsewhere.example",
                "",
                "A question about <your> letter & more",
                "Is this a real letter? <script>alert(1)</script>",
            )
        }],
        paging: Paging { first: Count(1), last: Count(2), total: Count(2), previous: None, next: None },
    }
}

fn acts(id: &str, name: &str, known: bool) -> Vec<ActionForm> {
    let form = |act: &'static str, label: &str, explain: &str, button: &str, fields| ActionForm {
        places: Vec::new(),
        id: format!("{act}-{id}"),
        action: at("/replies"),
        act,
        csrf: "c5rf".into(),
        hidden: vec![("reply", id.into())],
        label: label.into(),
        about: name.into(),
        explain: explain.into(),
        button: button.into(),
        fields,
        danger: matches!(act, "left" | "opt_out"),
    };
    let note = vec![Field::text("note", "What was done", "").optional()];
    let until = vec![Field::text("until", "Last day away", "").control(Control::Date)];
    let mut all =
        vec![form("handled", "Seen to", "It leaves this page and stays on the contact’s.", "It is seen to", note)];
    if known {
        all.push(form(
            "away",
            "Away until",
            "The next message waits for the first working day after it.",
            "Note the absence",
            until,
        ));
        let left = format!("{name} has left");
        all.push(form("left", "Has left", "Nothing more is sent, and a successor is to be found.", &left, vec![]));
        let never = format!("Never write to {name} again");
        all.push(form("opt_out", "Opted out", "For somebody who asks us not to write again.", &never, vec![]));
    }
    all
}
