//! The contacts of the sample round and one person's story.

use crate::rules::contacts::Role;
use crate::web::console::views::contacts::*;
use crate::web::kit::views::form::{ActionForm, Choice, Control, Field};
use crate::web::kit::views::frame::{Count, Paging, Status, Tone};

use super::{at, console, page, when};

pub fn pages() -> Vec<(String, String)> {
    let none = |q: &str| ContactsPage {
        console: console("contacts"),
        q: q.into(),
        filters: filters(""),
        rows: Vec::new(),
        vague: String::new(),
        paging: Paging::default(),
        listed: Count(0),
    };
    vec![
        page("console-contacts", &list()),
        page("console-contacts-none", &none("zzz")),
        page("console-contacts-empty", &none("")),
        page("console-contact", &contact(None)),
        page("console-contact-refused", &contact(Some("The address anna.smith@ has no domain after the @. Add it."))),
    ]
}

fn filters(stage: &str) -> Vec<Filter> {
    let stages = [
        "",
        "listed",
        "signed",
        "invited",
        "reachable",
        "started",
        "completed",
        "not_answered",
        "opted_out",
        "undeliverable",
    ];
    let label = |s: &&str| if s.is_empty() { "any".into() } else { s.replace('_', " ") };
    vec![
        Filter {
            name: "stage",
            label: "Stands at",
            value: stage.into(),
            choices: stages.iter().map(|s| Choice::new(*s, label(s))).collect(),
        },
        Filter {
            name: "role",
            label: "Role",
            value: String::new(),
            choices: [Choice::new("", "any")]
                .into_iter()
                .chain(Role::ALL.iter().map(|r| Choice::new(r.as_str(), r.label())))
                .collect(),
        },
    ]
}

fn list() -> ContactsPage {
    let row = |name: &str,
               job: &str,
               account: &str,
               role: &str,
               standing,
               last: Option<(&str, &str)>,
               next: Option<(&str, &str)>| ContactRow {
        href: at("/contacts/01946f3a"),
        name: name.into(),
        job_title: job.into(),
        account: account.into(),
        account_href: at("/contacts?account=a1"),
        role: role.into(),
        paused: next.is_none() && last.is_some(),
        standing,
        last: last.map(|(kind, text)| (kind.into(), when(text, "Tue 9 Feb, 09:00 in Dublin"))),
        next: next.map(|(kind, text)| (kind.into(), when(text, text))),
    };
    ContactsPage {
        console: console("contacts"),
        q: String::new(),
        filters: filters("invited"),
        vague: String::new(),
        listed: Count(306),
        rows: vec![
            row(
                "Anna Smith",
                "Head of Procurement",
                "Moore-Powell",
                "key decision maker",
                Status::waiting("invited"),
                Some(("invitation", "yesterday")),
                Some(("reminder 1", "Thu 11 Feb, 09:00 in Dublin")),
            ),
            row(
                "Bernd Ōkubo-Ferreira",
                "Plant manager",
                "Moore-Powell",
                "influencer",
                Status::good("completed"),
                Some(("invitation", "yesterday")),
                None,
            ),
            row(
                "Wilhelmina-Charlotte von Hohenstein-Bartenberg",
                "Deputy Vice President, Inbound Logistics",
                "Hansa Werke & Söhne Holding",
                "key decision maker",
                Status::attention("not signed"),
                None,
                None,
            ),
            row(
                "Mary O’Hara <b>",
                "",
                "Kline & Daughters",
                "operational contact",
                Status::wrong("undeliverable"),
                Some(("warm-up", "Mon 1 Feb")),
                None,
            ),
            row(
                "Li Wei",
                "Controller",
                "Kline & Daughters",
                "influencer",
                Status::waiting("started"),
                Some(("invitation", "yesterday")),
                Some(("reminder 1", "Thu 11 Feb, 09:15 in Shanghai")),
            ),
        ],
        paging: Paging {
            first: Count(51),
            last: Count(100),
            total: Count(1_306),
            previous: Some("?page=1".into()),
            next: Some("?page=3".into()),
        },
    }
}

fn form(act: &'static str, label: &str, explain: &str, fields: Vec<Field>, button: &str, danger: bool) -> ActionForm {
    ActionForm {
        id: act.into(),
        action: at("/contacts/01946f3a"),
        act,
        csrf: "c5rf".into(),
        label: label.into(),
        explain: explain.into(),
        fields,
        button: button.into(),
        danger,
        ..ActionForm::default()
    }
}

fn contact(error: Option<&str>) -> ContactPage {
    let event = |tone, what: &str, at, by: &str, why: &str, details: &[(&str, &str)]| Event {
        tone,
        what: what.into(),
        when: at,
        by: by.into(),
        why: why.into(),
        letter: details.iter().any(|(a, _)| *a == "Message").then(|| super::at("/messages/m1")),
        details: details.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect(),
    };
    let typed = if error.is_some() { "anna.smith@" } else { "anna.smith@moore-powell.example" };
    ContactPage {
        console: console("contacts"),
        name: "Anna Smith".into(),
        standing: Status::waiting("invited, not answered"),
        findings: vec![
            "Her address bounced on Tue 9 Feb and was corrected the same day; the new one has not bounced.".into(),
        ],
        facts: vec![
            Fact::link("Account", "Moore-Powell", at("/contacts?account=a1")),
            Fact::new("Job title", "Head of Procurement"),
            Fact::new("Role", "key decision maker"),
            Fact::new("E-mail", "anna.smith@moore-powell.example"),
            Fact::new("Language", "English"),
            Fact::new("Local time", "08:31 in Dublin, a working day"),
            Fact::new("Account director", "Carol Reed"),
            Fact::new("Account manager", "Tom Byrne"),
            Fact::new("Signed off", "Carol Reed, Tue 2 Feb; Sven Lund, Wed 3 Feb"),
        ],
        actions: vec![
            form(
                "correct",
                "Correct the address",
                "The name is signed off again by its directors only if the person changes, not the address.",
                vec![
                    Field::email("email", "E-mail", typed).error(error.map(String::from)),
                    Field::text("reason", "Why", ""),
                ],
                "Save the address",
                false,
            ),
            form(
                "hold",
                "Hold messages",
                "Nothing is sent to Anna Smith until you let it go.",
                vec![Field::text("reason", "Why", "")],
                "Hold messages",
                false,
            ),
            form(
                "interviewed",
                "Record an interview",
                "For a person who answered by phone: counts as completed.",
                vec![
                    Field::text("when", "On which day", "").control(Control::Date),
                    Field::text("by", "Who asked", ""),
                ],
                "Record the interview",
                false,
            ),
            form(
                "withdraw",
                "Take off the list",
                "Nothing more is sent. The account’s list changes, so it is signed again.",
                vec![Field::text("reason", "Why", "")],
                "Take Anna Smith off the list",
                true,
            ),
            form(
                "opt_out_round",
                "Not in this round",
                "For somebody who asked us so by mail or phone. Nothing more is sent in this round; the next one asks again.",
                vec![Field::text("reason", "How we were asked", "")],
                "Leave Anna Smith out of this round",
                true,
            ),
            form(
                "opt_out",
                "Never write again",
                "For somebody who asked us so by mail or phone. It holds in this and every later round of Nordwind.",
                vec![Field::text("reason", "How we were asked", "")],
                "Never write to Anna Smith again",
                true,
            ),
        ],
        pause_account: Some(at("/plan/pause?account=a1")),
        upcoming: vec![event(
            Tone::Waiting,
            "Reminder 1 planned",
            when("Thu 11 Feb, 09:00 in Dublin", "Thu 11 Feb, 09:00 in Dublin"),
            "",
            "Two working days after the invitation.",
            &[],
        )],
        history: vec![
            event(
                Tone::Good,
                "Invitation sent",
                when("yesterday, 11:20", "Tue 9 Feb, 11:20 in Dublin"),
                "",
                "",
                &[
                    ("Message", "01946f3a-7c11-7aa0-8f7e-2a33c5d0e921"),
                    ("Server said", "250 2.0.0 Ok: queued as 4F2A9"),
                ],
            ),
            event(
                Tone::Good,
                "Address corrected",
                when("yesterday, 11:02", "Tue 9 Feb, 11:02 in Dublin"),
                "olga@soundings.example",
                "New company domain.",
                &[("Before", "anna.smith@moorepowell.example")],
            ),
            event(
                Tone::Wrong,
                "Invitation bounced",
                when("yesterday, 09:01", "Tue 9 Feb, 09:01 in Dublin"),
                "",
                "The mailbox does not exist.",
                &[("Server said", "550 5.1.1 <script>alert(1)</script> User unknown")],
            ),
            event(
                Tone::Good,
                "Warm-up sent",
                when("Mon 1 Feb, 09:00", "Mon 1 Feb, 09:00 in Dublin"),
                "",
                "",
                &[("Message", "01946f3a-7c11-7aa0-8f7e-2a33c5d0e920")],
            ),
            event(
                Tone::Good,
                "Counter-signed",
                when("Wed 3 Feb, 08:12", "Wed 3 Feb, 08:12 in Dublin"),
                "Sven Lund",
                "",
                &[("List", "9f2c41d07be3")],
            ),
            event(
                Tone::Attention,
                "Listed with a finding",
                when("Mon 25 Jan, 16:40", "Mon 25 Jan, 16:40 in Dublin"),
                "olga@soundings.example",
                "Row 17: the job title is missing.",
                &[],
            ),
        ],
    }
}
