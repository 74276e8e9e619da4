//! What operations see first: logging in, the rounds, a round on one screen, and the page for what cannot be done.

use crate::web::console::views::completion::*;
use crate::web::console::views::login::*;
use crate::web::console::views::rounds::*;
use crate::web::kit::views::form::{ActionForm, Field};
use crate::web::kit::views::frame::{Console, Count, Flash, Link, Rate, RoundNav, Status, Tone};
use crate::web::kit::views::problem::ProblemPage;

use super::{at, console, letter, page, when};

pub fn pages() -> Vec<(String, String)> {
    let nobody = Console::default;
    let somebody = || Console { round: None, ..console("") };
    let confirm = |ask_address, error: Option<&str>| LoginConfirmPage {
        console: nobody(),
        action: "/log-in/8Zt0q3v4u9o1Vb7Jx2mGk5".into(),
        ask_address,
        email: String::new(),
        error: error.map(String::from),
    };
    let problem = |status, what: &str, next: &str, links: Vec<Link>, reference: &str| ProblemPage {
        letter: crate::web::kit::views::frame::Letter { client: String::new(), accent: String::new(), ..letter("en") },
        status,
        what: what.into(),
        next: next.into(),
        links,
        reference: reference.into(),
    };
    vec![
        page("log-in", &LoginPage { console: nobody(), email: String::new(), error: None }),
        page(
            "log-in-refused",
            &LoginPage {
                console: nobody(),
                email: "olga@".into(),
                error: Some("The address olga@ has no domain after the @. Type all of it.".into()),
            },
        ),
        page("log-in-sent", &LoginSentPage { console: nobody(), email: "olga@soundings.example".into(), minutes: 15 }),
        page("log-in-confirm", &confirm(false, None)),
        page("log-in-confirm-address", &confirm(true, Some("This link was sent to another address."))),
        page(
            "console-rounds",
            &RoundsPage {
                console: somebody(),
                held: true,
                damage: Vec::new(),
                trouble: vec!["Mail to contoso.example is held".into()],
                rounds: rounds(),
            },
        ),
        page(
            "console-rounds-empty",
            &RoundsPage {
                console: somebody(),
                held: false,
                damage: Vec::new(),
                trouble: Vec::new(),
                rounds: Vec::new(),
            },
        ),
        page("console-round", &running()),
        page("console-round-before", &before()),
        page(
            "problem-404",
            &problem(
                404,
                "There is no round called nordwind-2072.",
                "Look it up in the list of rounds.",
                vec![Link::new("All rounds", "/")],
                "",
            ),
        ),
        page(
            "problem-403",
            &problem(
                403,
                "This form was sent from another page than ours, or was open for too long.",
                "Go back, reload the page and try again. Nothing was changed.",
                vec![Link::new("Back to the round", at(""))],
                "",
            ),
        ),
        page(
            "problem-500",
            &problem(
                500,
                "The page could not be made.",
                "The details are in the log; please report them with the reference below.",
                vec![],
                "01946f3a-7c11",
            ),
        ),
        page(
            "problem-503",
            &problem(
                503,
                "The database does not answer.",
                "Nothing was lost. Try again in a minute.",
                vec![],
                "01946f3a-7c12",
            ),
        ),
    ]
}

fn rounds() -> Vec<RoundRow> {
    let row = |id: &str, client: &str, state, open: &str, signed, individual, to_do| RoundRow {
        id: id.into(),
        client: client.into(),
        title: "Relationship assessment 2027".into(),
        state,
        open: open.into(),
        signed,
        individual,
        to_do: Count(to_do),
    };
    vec![
        row(
            "nordwind-2027",
            "Nordwind Logistics",
            Status::good("running"),
            "Mon 8 Feb to Fri 26 Feb",
            Rate::new(48, 50),
            Rate::new(123, 300),
            3,
        ),
        row(
            "orbis-2027",
            "Orbis Packaging International",
            Status::waiting("signing"),
            "Mon 1 Mar to Fri 19 Mar",
            Rate::new(12, 61),
            Rate::default(),
            1,
        ),
        row(
            "kestrel-2027",
            "Kestrel",
            Status::attention("paused"),
            "Mon 1 Feb to Fri 19 Feb",
            Rate::new(20, 20),
            Rate::new(61, 80),
            0,
        ),
        row(
            "adler-2026",
            "Adler",
            Status::waiting("closed"),
            "Mon 2 Nov to Fri 20 Nov 2026",
            Rate::new(1_204, 1_300),
            Rate::new(4_031, 8_211),
            0,
        ),
    ]
}

fn action(act: &'static str, label: &str, explain: &str, danger: bool) -> ActionForm {
    ActionForm {
        id: act.into(),
        action: at(""),
        act,
        csrf: "c5rf".into(),
        label: label.into(),
        explain: explain.into(),
        button: format!("{label} now"),
        danger,
        ..ActionForm::default()
    }
}

fn number(label: &str, n: u64, href: &str, tone: Option<Tone>) -> Number {
    Number { label: label.into(), count: Count(n), href: at(href), tone }
}

fn running() -> DashboardPage {
    let to_do =
        |tone, text: &str, link: &str, href: &str| ToDo { tone, text: text.into(), link: Link::new(link, at(href)) };
    let step = |label, n, stage: &str, share: Option<(u64, &'static str)>| Step {
        label,
        count: Count(n),
        share: share.map(|(base, of)| (Rate::new(n, base), of)),
        href: at(&format!("/contacts?stage={stage}")),
    };
    let role = |label: &str, value: &str, part, base| RoleRow {
        label: label.into(),
        rate: Rate::new(part, base),
        href: at(&format!("/contacts?role={value}")),
    };
    let account = |name: &str, strategic, director: &str, signed, part, base| AccountRow {
        name: name.into(),
        href: at("/contacts?account=a1"),
        strategic,
        director: director.into(),
        signed,
        rate: Rate::new(part, base),
    };
    let close = ActionForm {
        fields: vec![Field::check("confirm", "Yes, close this round for good")],
        ..action(
            "close",
            "Close",
            "No more answers are taken and nothing more is sent. 177 people who have not answered get no reminder. A closed round is not opened again.",
            true,
        )
    };
    DashboardPage {
        console: console("overview"),
        as_of: when("just now", "Wed 10 Feb, 08:31 in Dublin"),
        draft: false,
        stands: "Open since Mon 8 Feb; closes Fri 26 Feb, in 16 days.".into(),
        today: vec![
            to_do(Tone::Wrong, "3 responses were refused by the scoring module", "See why", "/hand-over?state=failed"),
            to_do(
                Tone::Attention,
                "1 invitation may not have arrived: Anna Smith, Moore-Powell",
                "Settle it",
                "/outbox?state=in_doubt",
            ),
            to_do(Tone::Attention, "4 addresses bounced", "Correct them", "/contacts?stage=undeliverable"),
            to_do(
                Tone::Waiting,
                "2 accounts are not signed off: 23 people cannot be invited",
                "Ask again",
                "/sign-off",
            ),
        ],
        next: "43 reminders, Thu 11 Feb, 09:00 to 16:30 in each contact’s own time".into(),
        individual: Rate::new(123, 300),
        accounts_rate: Rate::new(36, 48),
        targets: vec![
            TargetRow { level: INDIVIDUAL, percent: 35, met: true, missing: String::new() },
            TargetRow { level: INDIVIDUAL, percent: 50, met: false, missing: "27 answers".into() },
            TargetRow { level: INDIVIDUAL, percent: 75, met: false, missing: "102 answers".into() },
            TargetRow { level: ACCOUNTS, percent: 90, met: false, missing: "8 accounts".into() },
        ],
        funnel: vec![
            step("listed", 331, "listed", None),
            step("signed off", 308, "signed", Some((331, "listed"))),
            step("invited", 306, "invited", None),
            step("reachable", 300, "reachable", Some((306, "invited"))),
            step("started", 141, "started", Some((306, "invited"))),
            step("completed", 123, "completed", Some((300, "reachable"))),
        ],
        lost: vec![
            number("opted out", 2, "/contacts?stage=opted_out", None),
            number("undeliverable", 4, "/contacts?stage=undeliverable", Some(Tone::Attention)),
        ],
        roles: vec![
            role("key decision maker", "key_decision_maker", 21, 74),
            role("influencer", "influencer", 44, 98),
            role("operational contact", "operational_contact", 58, 128),
            role("role not known", "unknown", 0, 0),
        ],
        accounts: vec![
            account("Moore-Powell", true, "Carol Reed", Status::good("signed"), 2, 14),
            account("Hansa Werke & Söhne Holding", true, "Carol Reed", Status::waiting("waiting for Sven Lund"), 0, 0),
            account("Ostend Foods", false, "Marc Dubois", Status::attention("not signed"), 0, 0),
            account("Kline & Daughters", false, "Marc Dubois", Status::good("signed"), 4, 4),
            account("Adler Maschinenbau", false, "Carol Reed", Status::good("signed"), 5, 6),
        ],
        all_accounts: Some(Link::new("All 50 accounts", at("/sign-off"))),
        outbox: vec![
            number("planned", 512, "/outbox?state=planned", None),
            number("due", 0, "/outbox?state=due", None),
            number("sent", 804, "/outbox?state=sent", None),
            number("in doubt", 1, "/outbox?state=in_doubt", Some(Tone::Attention)),
            number("held", 2, "/outbox?state=held", None),
            number("failed", 0, "/outbox?state=failed", None),
        ],
        handoff: vec![
            number("completed", 123, "/hand-over", None),
            number("confirmed", 119, "/hand-over?state=confirmed", None),
            number("pending", 1, "/hand-over?state=pending", None),
            number("failed", 3, "/hand-over?state=failed", Some(Tone::Wrong)),
        ],
        actions: vec![
            action("pause", "Pause", "Nothing is sent until you resume. Answers are still taken.", false),
            close,
        ],
    }
}

fn before() -> DashboardPage {
    let mut funnel = running().funnel;
    funnel.iter_mut().skip(1).for_each(|step| step.count = Count(0));
    let none =
        |numbers: Vec<Number>| numbers.into_iter().map(|n| Number { count: Count(0), tone: None, ..n }).collect();
    let not_yet = |a: AccountRow| AccountRow { signed: Status::attention("not signed"), rate: Rate::default(), ..a };
    let base = console("overview");
    let round = base.round.map(|r| RoundNav { state: Status::waiting("draft"), ..r });
    DashboardPage {
        console: Console {
            round,
            flash: Some(Flash { tone: Tone::Good, text: "The list was loaded: 331 names in 50 accounts.".into() }),
            notice: Some("Rehearsal: no mail leaves this machine.".into()),
            ..console("overview")
        },
        stands: "Opens Mon 8 Feb, in 12 days.".into(),
        draft: true,
        today: Vec::new(),
        next: String::new(),
        individual: Rate::default(),
        accounts_rate: Rate::default(),
        targets: running().targets.into_iter().map(|t| TargetRow { met: false, missing: "all".into(), ..t }).collect(),
        funnel,
        lost: none(running().lost),
        roles: running().roles.into_iter().map(|r| RoleRow { rate: Rate::default(), ..r }).collect(),
        accounts: running().accounts.into_iter().map(not_yet).collect(),
        outbox: none(running().outbox),
        handoff: none(running().handoff),
        actions: vec![action(
            "start",
            "Start",
            "11 account directors are asked to sign their names. Contacts get nothing before their names are signed.",
            false,
        )],
        ..running()
    }
}
