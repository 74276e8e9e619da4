//! What an account manager sees who is asked to repair his contacts, the operators' list of repairs, and a message as it was read.

use crate::rules::repair::in_plain_words;
use crate::web::console::views::contacts::{Fact, LetterPage};
use crate::web::console::views::repairs::*;
use crate::web::kit::views::form::{ActionForm, Choice, Field};
use crate::web::kit::views::frame::{Count, Paging};
use crate::web::links::views::repair::*;

use super::{at, console, letter, page, when};

pub fn pages() -> Vec<(String, String)> {
    let whole = |cards: Vec<RepairCard>| RepairPage {
        letter: letter("en"),
        title: "Relationship assessment 2027".into(),
        name: "Sophie".into(),
        cards,
        done: Vec::new(),
        flash: None,
        flash_at: String::new(),
        late: None,
    };
    let anna = || Settled {
        whom: "Anna Smith at Moore-Powell".into(),
        what: "Corrected: Anna Smith <anna.smith@moore-powell.example>.".into(),
        next: "Anna Smith gets what is still to come after Carol Reed has signed the changed list.".into(),
    };
    let bernd = Settled {
        whom: "Bernd Ōkubo-Ferreira at Hansa Werke & Söhne Holding".into(),
        what: "Replaced by Petra Lang <petra.lang@hansa.example>.".into(),
        next: "Petra Lang gets a short introduction and some days later the invitation after Carol Reed has signed the changed list."
            .into(),
    };
    let row = |name: &str, account: &str, what, said: &str, times: i64| RepairRow {
        place: format!("repair-{name}"),
        href: at("/contacts/c1"),
        name: name.into(),
        account: account.into(),
        what,
        said: said.into(),
        since: when("yesterday, 10:02", "Mon 1 Feb, 10:02 in Dublin"),
        repairer: "Sophie Weldon".into(),
        asked: (times > 0).then(|| when("yesterday, 10:32", "Mon 1 Feb, 10:32 in Dublin")),
        times,
        next: Some(when("tomorrow, 09:00", "Wed 3 Feb, 09:00 in Dublin")),
        ask_again: None,
    };
    let list = |rows: Vec<RepairRow>| RepairsPage {
        console: console("contacts"),
        paging: Paging {
            first: Count(u64::from(!rows.is_empty())),
            last: Count(rows.len() as u64),
            total: Count(rows.len() as u64),
            previous: None,
            next: None,
        },
        rows,
    };
    vec![
        page("repair-1", &whole(vec![bounced(false), gone()])),
        page("repair-refused", &RepairPage { done: vec![anna()], ..whole(vec![bounced(true)]) }),
        page("repair-late", &RepairPage {
            late: Some("This was settled in the meantime: Anna Smith (corrected by the list). There is nothing left to do about it.".into()),
            done: vec![anna()],
            ..whole(vec![gone()])
        }),
        page("repair-done", &RepairPage { flash: Some(anna()), done: vec![anna(), bernd], ..whole(vec![]) }),
        page("console-repairs", &list(vec![
            row("Anna Smith", "Moore-Powell", "The address takes no mail.", SAID, 2),
            row("Wilhelmina-Charlotte von Hohenstein-Bartenberg", "Hansa Werke & Söhne Holding", "Has left.", "I have left the company.", 0),
        ])),
        page("console-repairs-none", &list(vec![])),
        page("console-letter", &LetterPage {
            console: console("contacts"),
            what: "Invitation".into(),
            name: "Anna Smith".into(),
            href: at("/contacts/c1"),
            note: "In the words it left with. The personal link is left out.".into(),
            facts: vec![
                Fact::new("From", "Laura Whitcombe <team@nordwind.example>"),
                Fact::new("To", "Anna Smith <anna.smith@moore-powell.example>"),
                Fact::new("Subject", "Your view of working with Nordwind Logistics"),
                Fact::new("Planned for", "Mon 8 Feb, 10:00 in Dublin"),
                Fact::new("Left", "Mon 8 Feb, 10:00 in Dublin"),
                Fact::new("Server said", "250 2.0.0 Ok: queued as 4XyZ"),
            ],
            frame: "mail-en-invitation.html".into(),
            text: "Dear Anna,\n\nlast week our chief executive wrote to you.\n".into(),
        }),
    ]
}

const SAID: &str =
    "550 5.1.1 <anna.smith@moore-powell.example>: Recipient address rejected: User unknown in virtual mailbox table";

fn bounced(refused: bool) -> RepairCard {
    let typed = if refused { "info@moore-powell.example" } else { "" };
    let question = "info@moore-powell.example looks like a mailbox that several people read. Is that right?";
    let email = Field::email("email", "The right address", typed).error(refused.then(|| question.into()));
    let mut correct = vec![email];
    if refused {
        correct.push(Field::check("sure", "Yes, write to info@moore-powell.example"));
    }
    let drop = if refused { Some("Say it in a few words.".to_string()) } else { None };
    RepairCard {
        id: "c1".into(),
        name: "Anna Smith".into(),
        job_title: "Head of Procurement".into(),
        role: "key decision maker".into(),
        account: "Moore-Powell".into(),
        email: "anna.smith@moore-powell.example".into(),
        since: "Mon 1 Feb, 10:02".into(),
        what: in_plain_words(SAID).into(),
        said: SAID.into(),
        proposed: Vec::new(),
        forms: vec![
            form(
                "correct",
                "Correct the address",
                "The same person at another address. The account director signs the changed list before anything goes out.",
                correct,
                false,
            ),
            form(
                "replace",
                "Name a successor",
                "Somebody else who is asked in the place of Anna Smith.",
                successor(""),
                false,
            ),
            form(
                "drop",
                "Nobody is to be asked",
                "The name comes off the list, and nobody is asked in this place.",
                vec![
                    Field::select("why", "Why?", "", vec![Choice::new("", "Choose a reason")]),
                    Field::text("reason", "In a few words", "").error(drop),
                ],
                true,
            ),
            form(
                "fine",
                "The address is right",
                "For a mailbox that was mended. What it refused goes out again.",
                vec![Field::text("reason", "How do you know?", "")],
                false,
            ),
        ],
    }
}

fn gone() -> RepairCard {
    let proposed = "petra.lang@hansa.example";
    RepairCard {
        id: "c2".into(),
        name: "Bernd Ōkubo-Ferreira".into(),
        job_title: String::new(),
        account: "Hansa Werke & Söhne Holding".into(),
        email: "bernd.oekubo-ferreira@hansa.example".into(),
        what: "An automatic reply says that this person has left the company.".into(),
        said: "Ich bin nicht mehr für die Hansa Werke tätig. Bitte wenden Sie sich an Petra Lang.".into(),
        proposed: vec![proposed.into()],
        forms: vec![
            form(
                "replace-2",
                "Name a successor",
                "Somebody else who is asked in the place of Bernd Ōkubo-Ferreira.",
                successor(proposed),
                false,
            ),
            form(
                "drop-2",
                "Nobody is to be asked",
                "The name comes off the list.",
                vec![Field::text("reason", "In a few words", "")],
                true,
            ),
            form(
                "fine-2",
                "Has not left",
                "For a reply that was misread.",
                vec![Field::text("reason", "How do you know?", "")],
                false,
            ),
        ],
        ..bounced(false)
    }
}

fn successor(email: &str) -> Vec<Field> {
    vec![
        Field::text("first_name", "First name", ""),
        Field::text("last_name", "Last name", ""),
        Field::email("email", "E-mail", email),
        Field::text("job_title", "Job title", "Head of Procurement").optional(),
        Field::select("role", "Role", "influencer", vec![Choice::new("influencer", "influencer")]),
    ]
}

fn form(id: &str, label: &str, explain: &str, fields: Vec<Field>, danger: bool) -> ActionForm {
    ActionForm {
        id: id.into(),
        action: "/repair/8Zt0q3v4u9o1Vb7Jx2mGk5".into(),
        act: "correct_address",
        label: label.into(),
        explain: explain.into(),
        button: format!("{label} now"),
        fields,
        danger,
        ..ActionForm::default()
    }
}
