//! The plan of the sample round: as it looks, and the pages that pause and change it.

use crate::web::console::views::plan::*;
use crate::web::kit::views::form::{ActionForm, Choice, Control, Field, Mistake};
use crate::web::kit::views::frame::{Count, Link};

use super::{at, console, page, when};

pub fn pages() -> Vec<(String, String)> {
    let none = PlanPage {
        headline: String::new(),
        notes: Vec::new(),
        pauses: Vec::new(),
        days: Vec::new(),
        hours: Vec::new(),
        domains: Vec::new(),
        left: Vec::new(),
        withheld: Vec::new(),
        ..plan()
    };
    let mut large = PlanPage { as_of: "Tue 9 Feb, 09:41 in Dublin".into(), ..plan() };
    for day in large.days.iter_mut().filter(|day| day.more.is_none() && !day.messages.is_empty()) {
        day.href = Some(at("/plan?day=2027-02-08#day"));
        day.messages.clear();
    }
    vec![
        page("console-plan", &plan()),
        page("console-plan-empty", &none),
        page("console-plan-large", &large),
        page("console-plan-pause", &pause(None)),
        page("console-plan-pause-refused", &pause(Some("Choose what is to be paused."))),
        page("console-plan-pause-confirm", &pausing()),
        page("console-plan-change", &change(None)),
        page(
            "console-plan-change-refused",
            &change(Some("Touch 2, invitation: 25:00 is not a time of day; write at = \"10:00\".")),
        ),
        page("console-plan-change-confirm", &changing()),
        page("console-plan-words", &words()),
        page("console-plan-text", &text(Vec::new())),
        page(
            "console-plan-text-refused",
            &text(vec!["Reminder-2 in de: The placeholder {{ nme }} is not known; did you mean {{ name }}?".into()]),
        ),
    ]
}

fn plan() -> PlanPage {
    let message = |local: &str, name: &str, account: &str, kind: &str, why: &str| PlannedMessage {
        local: local.into(),
        name: name.into(),
        href: at("/contacts/01946f3a"),
        account: account.into(),
        kind: kind.into(),
        why: why.into(),
    };
    let some = || {
        vec![
            message("09:00 in Dublin", "Anna Smith", "Moore-Powell", "reminder 1", ""),
            message(
                "09:00 in Vienna",
                "Bernd Ōkubo-Ferreira",
                "Moore-Powell",
                "reminder 1",
                "As if its list were signed off now",
            ),
            message(
                "09:15 in Shanghai",
                "Li Wei",
                "Kline & Daughters",
                "invitation",
                "The account has had as many messages as it may have on one day.",
            ),
        ]
    };
    let day = |label: &str, notes: &[&str], kinds: &[(&str, u64)], hours: &str, more| PlanDay {
        label: label.into(),
        notes: notes.iter().map(|n| (*n).into()).collect(),
        kinds: kinds.iter().map(|(kind, n)| ((*kind).into(), Count(*n))).collect(),
        hours: hours.into(),
        messages: if kinds.is_empty() { Vec::new() } else { some() },
        href: None,
        open: false,
        more,
    };
    let lift = |what: &str| ActionForm {
        id: format!("lift-{}", what.len()),
        action: at("/plan"),
        act: "lift",
        csrf: "c5rf".into(),
        hidden: vec![("pause", "01946f3a".into())],
        label: "Lift".into(),
        about: format!("the pause of {what}"),
        explain: "Messages to 12 contacts are planned anew as far as they are still right; nothing goes twice.".into(),
        button: format!("Lift the pause of {what}"),
        ..ActionForm::default()
    };
    let paused = |what: &str, spoken: &str, why: &str, until: &str| PauseRow {
        place: format!("pause-{what}"),
        what: what.into(),
        why: why.into(),
        by: "olga@soundings.example".into(),
        since: when("yesterday, 14:05", "Tue 9 Feb, 14:05 in Dublin"),
        until: until.into(),
        lift: lift(spoken),
    };
    let people = |n: usize| (0..n).map(|_| Link::new("Anna Smith", at("/contacts/01946f3a"))).collect();
    PlanPage {
        console: console("plan"),
        counting: false,
        as_of: String::new(),
        headline: "1,204 messages to 306 people are planned, Mon 1 Feb to Thu 25 Feb".into(),
        notes: vec![
            Note {
                text: "92 of them to 23 people whose names are not signed off: planned as if they were signed now, and not sent before they are.".into(),
                link: Some(Link::new("See who", at("/contacts?stage=unsigned"))),
            },
            Note { text: "14 messages move to a later day: the account has had its 4 of the day.".into(), link: None },
            Note {
                text: "The busiest hour: 298 messages from Mon 8 Feb, 09:00 in Dublin.".into(),
                link: Some(Link::new("By hour", "#hours-title")),
            },
            Note {
                text: "41 messages of the sequence will not reach 12 contacts. It could only go after the round has closed for this contact.".into(),
                link: Some(Link::new("See who", "#left-title")),
            },
        ],
        pauses: vec![
            paused("Germany", "Germany", "Strike at the railways; nobody is in the office", "until the end of Fri 12 Feb"),
            paused("The account Moore-Powell", "the account Moore-Powell", "Complaint <b>open</b>", "until it is lifted"),
        ],
        days: vec![
            day("Mon 1 Feb", &["public holiday in Ireland: Saint Brigid’s Day"], &[("warm-ups", 306)], "09:00 to 10:40", Some(at("/plan.csv?day=2027-02-01"))),
            day("Mon 8 Feb", &["the round opens"], &[("invitations", 298)], "09:00 to 10:35", None),
            day("Tue 9 Feb", &["today"], &[("invitations", 8)], "09:00 to 09:15", None),
            day("Thu 11 Feb", &[], &[("reminders", 261), ("thank-yous", 12)], "09:00 to 16:30", None),
            day("Mon 15 Feb", &["Nordwind Logistics has a day off", "public holiday in the United States: Washington’s Birthday"], &[], "", None),
            day("Thu 25 Feb", &["the round closes"], &[("reminders", 220)], "09:00 to 10:10", None),
        ],
        hours: [298, 261, 220, 46, 8].into_iter().map(|n| Busy { from: format!("Mon {} Feb, 09:00", n % 28), messages: Count(n) }).collect(),
        zone: "in Dublin".into(),
        domains: [("moore-powell.example", 402), ("inbound-logistics.hansa-werke-und-soehne.example", 61)]
            .into_iter()
            .map(|(name, n)| Domain {
                name: name.into(),
                messages: Count(n),
                in_busiest_hour: Count(n / 3),
                busiest_hour: "Mon 8 Feb, 09:00".into(),
            })
            .collect(),
        left: vec![
            LeftOver { reason: "The contact has had as many messages as the round allows.".into(), contacts: Count(9), touches: Count(27), people: people(9) },
            LeftOver { reason: "The contact is away.".into(), contacts: Count(83), touches: Count(90), people: people(50) },
        ],
        withheld: vec![
            Withheld { reason: "Has answered".into(), count: Count(123), href: at("/contacts?stage=completed") },
            Withheld { reason: "Asked for no more messages".into(), count: Count(2), href: at("/contacts?stage=opted_out") },
        ],
        open: true,
    }
}

fn pause(error: Option<&str>) -> PausePage {
    PausePage {
        console: console("plan"),
        id: "pause",
        scopes: vec![
            (
                "Account",
                vec![
                    Choice::new("account:1", "Moore-Powell"),
                    Choice::new("account:2", "Wilhelmina-Charlotte von Hohenstein-Bartenberg & Söhne Holding"),
                ],
            ),
            ("Country", vec![Choice::new("country:DE", "Germany (61 contacts)")]),
            ("Message", vec![Choice::new("touch:reminder", "all reminders")]),
        ],
        scope: "country:DE".into(),
        scope_error: error.map(Into::into),
        scope_hint: String::new(),
        fields: vec![
            Field::text("why", "Why", "Strike at the railways").hint("In a few words, for example: complaint open."),
            Field::text("from", "First day", "").control(Control::Date).hint("In Dublin. Empty: at once.").optional(),
            Field::text("until", "Last day", "")
                .control(Control::Date)
                .hint("Empty: until somebody lifts it.")
                .optional(),
        ],
        refused: None,
    }
}

fn confirm(title: &str, notes: &[&str], button: &str) -> ConfirmPage {
    ConfirmPage {
        console: console("plan"),
        title: title.into(),
        refused: None,
        notes: notes.iter().map(|n| (*n).into()).collect(),
        rows: Vec::new(),
        more: String::new(),
        action: at("/plan/pause"),
        hidden: vec![("scope".into(), "country:DE".into())],
        button: button.into(),
        danger: false,
    }
}

fn pausing() -> ConfirmPage {
    let notes = [
        "It holds 61 contacts; 52 messages are taken back, the next one of Wed 10 Feb, 09:00 in Dublin.",
        "From now to the end of Fri 12 Feb.",
        "Why: Strike at the railways",
        "What is still right goes afterwards, once; what is on its way to a mail server at this moment may still arrive.",
    ];
    ConfirmPage { danger: true, ..confirm("Pause Germany?", &notes, "Pause Germany") }
}

fn changing() -> ConfirmPage {
    let row = |name: &str, before: &str, after: &str| Affected {
        name: name.into(),
        href: at("/contacts/01946f3a"),
        account: "Hansa Werke & Söhne Holding".into(),
        message: "reminder 1".into(),
        before: before.into(),
        after: after.into(),
    };
    let notes = [
        "61 messages move to another time.",
        "4 messages do not go any more.",
        "412 messages go when they did.",
        "305 messages to come read differently.",
        "An invitation sent to 120 people named Fri 5 Mar as the last day.",
        "Reminder 1 sent to 1 person named Fri 26 Feb as the last day.",
        "Texts that change: en/reminder.",
    ];
    ConfirmPage {
        refused: Some("Round nordwind-2027 has changed since you looked, so nothing was done. Look at the change once more, then confirm it.".into()),
        rows: vec![
            row("Anna Smith", "Thu 11 Feb, 09:00 in Dublin", "Thu 11 Feb, 14:00 in Dublin"),
            row("Li Wei", "Thu 11 Feb, 09:00 in Shanghai", "does not go"),
        ],
        more: "And 63 more messages.".into(),
        ..confirm("65 messages change, 412 stay", &notes, "Make this change")
    }
}

fn change(fault: Option<&str>) -> ChangePage {
    let short =
        |name: &'static str, label: &str, value: &str, control| Field::text(name, label, value).control(control);
    let touch = |number: usize, summary: &str, errors: Vec<String>| TouchCard {
        number,
        summary: summary.into(),
        open: !errors.is_empty(),
        errors,
        fields: vec![
            (
                "",
                Field::select(
                    format!("touch-{number}-when"),
                    "When",
                    "cron",
                    vec![
                        Choice::new("working_days", "working days from the opening"),
                        Choice::new("cron", "by a cron expression"),
                    ],
                ),
            ),
            ("by-days", Field::text(format!("touch-{number}-working_days"), "Working days from the opening", "")),
            ("by-date", Field::text(format!("touch-{number}-date"), "Day", "").control(Control::Date)),
            (
                "by-cron",
                Field::text(format!("touch-{number}-cron"), "Cron expression", "30 9 * * THU")
                    .hint("minute hour day month weekday: 30 9 * * THU"),
            ),
            ("by-day", Field::text(format!("touch-{number}-at"), "Time of day", "25:00").control(Control::Time)),
        ],
        roles: vec![
            Field::check(format!("touch-{number}-influencer"), "influencer"),
            Field { value: "yes".into(), ..Field::check(format!("touch-{number}-key"), "key decision maker") },
        ],
        remove: Field::check(format!("touch-{number}-remove"), "Take this message out of the sequence"),
    };
    let errors: Vec<String> = fault.into_iter().map(Into::into).collect();
    ChangePage {
        console: console("plan"),
        id: "plan",
        version: 3,
        mistakes: errors.iter().map(|e| Mistake { field: "touch-2".into(), message: e.clone() }).collect(),
        schedule: vec![
            short("opens", "Opens", "2027-02-08", Control::Date),
            short("closes", "Closes", "2027-03-05", Control::Date),
            short("send_from", "Messages leave from", "09:00", Control::Time),
            short("send_until", "Messages leave until", "16:30", Control::Time)
                .error(fault.map(|_| "“25:00” is not a time of day such as 09:30. Write it like that.".into())),
            short("quiet_hours", "Quiet hours", "12:00-13:00", Control::Text)
                .hint("For example 12:00-13:00, 15:30-16:00.")
                .optional(),
            short("days_off", "Days off", "2027-02-15\n2027-02-16", Control::Area).optional(),
            short("minimum_gap_days", "Days between two messages to one contact", "2", Control::Number)
                .hint("At least."),
        ],
        targets: vec![short("individual", "Of the contacts, in percent", "50, 75", Control::Text)],
        touches: vec![
            touch(1, "Warm-up, 5 working days before the opening, at 09:30", Vec::new()),
            touch(2, "Invitation, on the opening day, at 25:00", errors),
            touch(3, "Reminder, by 30 9 * * THU, at most 3 times", Vec::new()),
        ],
    }
}

fn words() -> WordsPage {
    let there = at("/plan/words?language=en&name=reminder");
    let row = |label: &str, subject: &str, german: bool| WordsRow {
        label: label.into(),
        texts: vec![
            (Some(subject.into()), Some(there.clone())),
            (german.then(|| "Haben Sie sechs Minuten?".into()), Some(there.clone())),
        ],
    };
    WordsPage {
        console: console("plan"),
        languages: vec!["English".into(), "German".into()],
        rows: vec![
            row("warm-up", "{{ client }} would like to hear from you", true),
            row("reminder 2", "<b>Two</b> weeks left", false),
        ],
        choices: vec![Choice::new("en", "English"), Choice::new("de", "German")],
        open: true,
    }
}

fn text(faults: Vec<String>) -> TextPage {
    TextPage {
        console: console("plan"),
        id: "text",
        version: 3,
        title: "Reminder 2 in German".into(),
        note: "It is not there yet: contacts who read German get the text in English.".into(),
        language: "de".into(),
        name: "reminder-2".into(),
        fields: vec![
            Field::text("subject", "Subject", "Haben Sie sechs Minuten?"),
            Field::text("body", "Text", "Guten Tag {{ name }},\n\n{{ link }}\n").control(Control::Letter).hint(
                "Markdown. Words in double braces are filled in for each contact; a link stands alone on its line.",
            ),
        ],
        faults,
    }
}
