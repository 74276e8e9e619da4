//! The outbox and the hand-over of the sample round.

use crate::web::console::views::gateways::*;
use crate::web::console::views::handover::*;
use crate::web::console::views::incident::*;
use crate::web::console::views::outbox::*;
use crate::web::console::views::sending::*;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Count, Paging, Status, Tab, Tone};

use super::{at, console, page, when};

pub fn pages() -> Vec<(String, String)> {
    vec![
        page("console-outbox", &outbox()),
        page(
            "console-outbox-empty",
            &OutboxPage {
                console: console("outbox"),
                tabs: tabs("/outbox", &[("failed", 0)]),
                doubts: Vec::new(),
                rows: Vec::new(),
                gateways: Gateways::default(),
                paging: Paging::default(),
            },
        ),
        page("console-sending", &sending()),
        page(
            "console-sending-incident",
            &SendingPage { holds: Vec::new(), incidents: vec![incident()], all: false, ..sending() },
        ),
        page("console-hand-over", &handoff()),
        page(
            "console-hand-over-empty",
            &HandoffPage {
                rows: Vec::new(),
                actions: Vec::new(),
                agreement: "Nothing has been completed yet.".into(),
                agrees: Tone::Waiting,
                tabs: tabs("/hand-over", &[("all", 0)]),
                ..handoff()
            },
        ),
    ]
}

fn incident() -> IncidentCard {
    let refused = |name: &str, email: &str| RefusedRow {
        name: name.into(),
        email: email.into(),
        kind: "invitation".into(),
        became: "taken for dead".into(),
    };
    let order = |act: &'static str, label: &str, danger: bool| ActionForm {
        id: act.into(),
        action: "/sending".into(),
        act,
        csrf: "c5rf".into(),
        label: label.into(),
        explain: "What was refused is planned again as the same messages.".into(),
        button: label.into(),
        danger,
        ..ActionForm::default()
    };
    IncidentCard {
        place: "incident-1".into(),
        title: "Mail to contoso.example is held".into(),
        since: "Thu 11 Feb 2027, 09:30 UTC".into(),
        what: "The same refusal came for 5 addresses, one after the other (5 messages). That is likely the gateway or how it stands with us, \
               not the addresses. 5 addresses were taken for dead."
            .into(),
        said: "550 5.1.1 <anna.smith@contoso.example>: Recipient address rejected: User unknown in virtual mailbox table".into(),
        advice: "Ask somebody at the company or its postmaster what has happened there, then say here whose trouble it was.".into(),
        try_at: "Thu 11 Feb 2027, 09:45 UTC".into(),
        people: vec![
            refused("Anna Smith", "anna.smith@contoso.example"),
            refused("Benjamin Featherstonehaugh-Jones", "benjamin.featherstonehaugh-jones@contoso.example"),
        ],
        more: "and 3 more".into(),
        actions: vec![
            order("retry_incident", "It was not the addresses", false),
            order("confirm_incident", "The refusals are right", true),
        ],
    }
}

fn sending() -> SendingPage {
    let lost = |to: &str, kind: &str, became: &str| LostRow {
        to: to.into(),
        kind: kind.into(),
        at: "Wed 10 Feb 2027, 09:12 UTC".into(),
        became: became.into(),
    };
    SendingPage {
        console: crate::web::kit::views::frame::Console { round: None, ..console("") },
        holds: vec![HoldCard {
            since: "Thu 11 Feb 2027, 07:30 UTC".into(),
            why: "The database does not know what has left: 2 messages that are in the outbound journal are missing in it.".into(),
            messages: vec![
                lost("anna.smith@contoso.example", "invitation", "sent"),
                lost("ben.jones@contoso.example", "invitation", "in doubt"),
            ],
        }],
        incidents: Vec::new(),
        held: true,
        all: true,
        resume: ActionForm {
            id: "resume".into(),
            action: "/sending".into(),
            act: "resume",
            csrf: "c5rf".into(),
            label: "Let sending go on".into(),
            explain: "Whatever is due leaves from then on.".into(),
            button: "I have read this; go on".into(),
            danger: true,
            ..ActionForm::default()
        },
    }
}

fn tabs(path: &str, all: &[(&str, u64)]) -> Vec<Tab> {
    let tab = |(n, (label, count)): (usize, &(&str, u64))| Tab {
        label: (*label).into(),
        href: at(&format!("{path}?state={label}")),
        count: Count(*count),
        current: n == 0,
    };
    all.iter().enumerate().map(tab).collect()
}

fn gateways() -> Gateways {
    let action = |act: &'static str, label: &str, name: &str| ActionForm {
        action: at("/outbox"),
        act,
        csrf: "c5rf".into(),
        hidden: vec![("gateway", name.into())],
        label: label.into(),
        about: format!("the mail to {name}"),
        ..ActionForm::default()
    };
    let row = |name: &str, domains: &str, waiting, today, state, why: &str| GatewayRow {
        name: name.into(),
        domains: domains.into(),
        waiting: Count(waiting),
        today: Count(today),
        state,
        why: why.into(),
        action: action("hold_gateway", "Hold", name),
    };
    let said = "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a block list";
    Gateways {
        incidents: Vec::new(),
        alarms: vec![AlarmCard {
            title: "Mail to mimecast.com is held".into(),
            what: format!("mimecast.com refuses our mail, so nothing more goes there for now. It said: {said}"),
            next: "Look up what it names (a block list, a policy, the sender’s SPF or DKIM), mend it or ask its postmaster, then release it. Mail to other gateways goes on.",
            waiting: "43 messages wait".into(),
            until: Some(when("in 50 minutes", "Thu 11 Feb, 10:12 in Dublin")),
            release: action("release_gateway", "Release now", "mimecast.com"),
        }],
        rows: vec![
            row(
                "outlook.com",
                "adler-maschinenbau.example, hansa-werke-und-soehne-holding.example, moore-powell.example and 31 more",
                112,
                286,
                Status::attention("slowed"),
                "to 1/2 of its pace: 451 4.7.500 Server busy",
            ),
            GatewayRow {
                action: action("release_gateway", "Release now", "mimecast.com"),
                ..row("mimecast.com", "ostend-foods.example", 43, 1, Status::wrong("refuses"), said)
            },
            row("google.com", "", 6, 1, Status::waiting("first message out"), "the others go when it was accepted"),
            row("umbra.example", "", 0, 3, Status::good("good"), ""),
        ],
    }
}

fn outbox() -> OutboxPage {
    let path = at("/outbox");
    let act = |act, id: &str, name: &str| row_action(&path, "c5rf", act, id, &format!("the message to {name}"));
    let row =
        |id: &str, name: &str, kind: &str, state, at_: &str, attempts, why: &str, acts: &[&'static str]| MessageRow {
            id: id.into(),
            name: name.into(),
            href: at("/contacts/01946f3a"),
            account: "Moore-Powell".into(),
            kind: kind.into(),
            state,
            when: when(at_, "Thu 11 Feb, 09:00 in Dublin"),
            why: why.into(),
            attempts,
            actions: acts.iter().map(|a| act(a, id, name)).collect(),
        };
    OutboxPage {
        gateways: gateways(),
        console: console("outbox"),
        tabs: tabs("/outbox", &[("all", 1_319), ("planned", 512), ("due", 0), ("sent", 804), ("in doubt", 1), ("held", 2), ("failed", 1), ("withdrawn", 12)]),
        doubts: vec![
            DoubtRow {
                here: at("/outbox"),
                next: String::new(),
                id: "m1".into(),
                name: "Anna Smith".into(),
                href: at("/contacts/01946f3a"),
                account: "Moore-Powell".into(),
                kind: "invitation".into(),
                when: when("2 hours ago", "Tue 9 Feb, 09:00 in Dublin"),
                policy: "By itself: sent again tomorrow at 09:00 in Dublin as the same message, unless there is a sign of arrival before.".into(),
            },
            DoubtRow {
                here: at("/outbox"),
                next: String::new(),
                id: "m2".into(),
                name: "Bernd Ōkubo-Ferreira".into(),
                href: at("/contacts/01946f3a"),
                account: "Moore-Powell".into(),
                kind: "warm-up".into(),
                when: when("yesterday", "Mon 8 Feb, 09:00 in Vienna"),
                policy: "By itself: never sent again. The CEO’s letter goes twice only if a person decides so.".into(),
            },
        ],
        rows: vec![
            row("m3", "Li Wei", "reminder 1", Status::waiting("planned"), "tomorrow, 09:15 in Shanghai", 0, "", &["hold"]),
            row("m4", "Ngozi Adeyemi", "invitation", Status::good("sent"), "2 hours ago", 1, "250 2.0.0 Ok: queued as 4F2A9", &[]),
            row("m5", "José Núñez", "invitation", Status::attention("held"), "since yesterday", 0, "Held by olga@soundings.example: on leave until Monday.", &["release"]),
            row("m6", "Mary O’Hara <b>", "invitation", Status::wrong("failed"), "yesterday, 09:01", 3, "550 5.1.1 <script>alert(1)</script> Recipient address rejected: User unknown in virtual mailbox table", &["retry"]),
            row("m7", "Peter Lang", "reminder 1", Status::waiting("withdrawn"), "Mon 8 Feb", 0, "Has answered.", &[]),
        ],
        paging: Paging { first: Count(1), last: Count(50), total: Count(1_319), previous: None, next: Some("?page=2".into()) },
    }
}

fn handoff() -> HandoffPage {
    let act = |id: &str, label: &str| ActionForm {
        id: format!("retry-{id}"),
        action: at("/hand-over"),
        act: "retry",
        csrf: "c5rf".into(),
        hidden: vec![("response", id.into())],
        label: label.into(),
        about: format!("response {id}"),
        ..ActionForm::default()
    };
    let row = |n: u64, name: &str, state, attempts, answer: &str, next: Option<&str>, retry: bool| HandoffRow {
        sequence: n,
        name: name.into(),
        href: at("/contacts/01946f3a"),
        account: "Moore-Powell".into(),
        completed: when("yesterday, 14:05", "Tue 9 Feb, 14:05 in Dublin"),
        state,
        attempts,
        answer: answer.into(),
        next_try: next.map(|n| when(n, n)),
        actions: if retry { vec![act(&n.to_string(), "Try again")] } else { Vec::new() },
    };
    HandoffPage {
        console: console("hand-over"),
        tabs: tabs("/hand-over", &[("all", 123), ("confirmed", 119), ("pending", 1), ("failed", 3)]),
        agreement: "123 completed here, 119 confirmed there: 4 to go".into(),
        agrees: Tone::Attention,
        whereto: "Delivered to https://scores.example/hooks/soundings, signed, at least once.".into(),
        rows: vec![
            row(123, "Li Wei", Status::waiting("pending"), 2, "503 Service Unavailable", Some("in 4 minutes"), true),
            row(122, "Ngozi Adeyemi", Status::wrong("failed"), 9, "422 {\"error\":\"unknown item <b>future</b>\"}", None, true),
            row(121, "Bernd Ōkubo-Ferreira", Status::good("confirmed"), 1, "200 OK", None, false),
        ],
        paging: Paging { first: Count(1), last: Count(3), total: Count(123), previous: None, next: None },
        actions: vec![ActionForm { id: "retry-all".into(), act: "retry_failed", explain: "The 3 failed responses are handed over again under their old keys; the scoring module keeps one of each.".into(), button: "Try them all again".into(), hidden: Vec::new(), about: String::new(), ..act("", "Try all failed again") }],
    }
}
