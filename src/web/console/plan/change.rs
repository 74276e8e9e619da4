//! Changing the schedule, the targets and the sequence of a round: the form, what the change would do, and the change.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::sentence::capitalised;
use crate::rules::calendar::weekly::{WEEKDAYS, Weekly};
use crate::rules::contacts::Role;
use crate::rules::message::MessageKind;
use crate::rules::plan::OpeningDoubt;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::plan::change::{self, Change};
use crate::steps::round::making;
use crate::web::console::rounds::opening;
use crate::web::console::views::plan::{ChangePage, TouchCard};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::frames::{console, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::{Choice, Control, Field, Mistake};
use crate::web::kit::views::page::respond;

use super::effects::{self, Look};
use super::on_the_form::on_the_form;
use super::settings::{Typed, Wrong, get, name};

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let form = Form::new(Typed::of(&live.spec), live.version);
    form.show(&web, &live, &by, &words, StatusCode::OK)
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let opened = fields.get("version").parse().unwrap_or(live.version);
    let mut form = Form::new(Typed::from(&fields), opened);
    let act = fields.get("act");
    match act {
        "edit" => return form.show(&web, &live, &by, &Fields::default(), StatusCode::OK),
        "add" => {
            form.typed.add();
            return form.show(&web, &live, &by, &Fields::default(), StatusCode::OK);
        }
        "look" | "confirm" => {}
        _ => return Err(Failure::unknown()),
    }
    form.typed = form.typed.settled();
    let refuse = |form: Form| form.show(&web, &live, &by, &Fields::default(), StatusCode::UNPROCESSABLE_ENTITY);
    let spec = match form.typed.read(&live.spec) {
        Ok(spec) => spec,
        Err(wrong) => return refuse(Form { wrong, ..form }),
    };
    if spec.schedule.opens != live.spec.schedule.opens {
        let doubt = making::doubt(&web.ctx, &spec.schedule);
        let meant = get(&form.typed.schedule, opening::MEANT) == "yes";
        if let Some(sentence) = opening::refusal(doubt.as_ref(), spec.schedule.opens, meant) {
            return refuse(Form { wrong: vec![("opens".into(), sentence)], doubt, ..form });
        }
        form.doubt = doubt;
    }
    let change = Change { spec, words: live.words.clone() };
    let mut faults: Vec<String> =
        change::faults(&web.ctx, &live, &change).iter().map(|fault| on_the_form(fault)).collect();
    if faults.is_empty() && change.spec == live.spec {
        faults.push("Nothing is different yet. Change a field, then look at what it does.".into());
    }
    if !faults.is_empty() {
        return refuse(Form { faults, ..form });
    }
    let path = urls::plan_change(&live.slug);
    let look = Look { change: &change, path, hidden: form.typed.hidden(), opened, refused: None };
    effects::answer(&web, &live, &by, look, act == "confirm", (&urls::plan(&live.slug), "change")).await
}

struct Form {
    typed: Typed,
    /// The version that the form was opened with.
    opened: i64,
    /// By field.
    wrong: Wrong,
    /// What the rules say about the whole.
    faults: Vec<String>,
    /// About the day of the opening.
    doubt: Option<OpeningDoubt>,
}

impl Form {
    fn new(typed: Typed, opened: i64) -> Form {
        Form { typed, opened, wrong: Vec::new(), faults: Vec::new(), doubt: None }
    }

    fn show(self, web: &Web, live: &Live, by: &Operator, words: &Fields, status: StatusCode) -> Answer {
        if live.state == RoundState::Closed {
            return Err(Failure::unknown());
        }
        let page = ChangePage {
            console: console(web, by, Some(live), "plan", words),
            id: "plan",
            version: self.opened,
            draft: live.state == RoundState::Draft,
            mistakes: self.mistakes(),
            schedule: self.schedule(live),
            targets: self.targets(),
            touches: (1..=self.typed.touches.len()).map(|number| self.touch(live, number)).collect(),
        };
        Ok(respond(status, &page))
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let fields = self.wrong.iter().map(|(field, sentence)| (format!("plan-{field}"), sentence));
        let whole = self.faults.iter().map(|sentence| {
            let touch = (1..=self.typed.touches.len()).find(|n| is_about(sentence, *n));
            (touch.map_or("schedule".to_string(), |n| format!("touch-{n}")), sentence)
        });
        fields.chain(whole).map(|(field, message)| Mistake { field, message: capitalised(message) }).collect()
    }

    fn error(&self, name: &str) -> Option<String> {
        self.wrong.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence.clone())
    }

    fn field(&self, key: &'static str, label: &str, hint: &str, control: Control) -> Field {
        Field::text(key, label, get(&self.typed.schedule, key)).hint(hint).control(control).error(self.error(key))
    }

    fn schedule(&self, live: &Live) -> Vec<Field> {
        let own = "In each contact’s own time.";
        let opens = self.field("opens", "Opens", "The day of the invitations.", Control::Date);
        let ticked = || get(&self.typed.schedule, opening::MEANT).to_string();
        let meant = opening::field(self.doubt.as_ref()).map(|field| Field { value: ticked(), ..field });
        let others = vec![
            self.field("closes", "Closes", "The last day of answers.", Control::Date),
            self.field(
                "time_zone",
                "Time zone of the round",
                "For contacts whose own is not known, for example Europe/Dublin.",
                Control::Text,
            ),
            self.field("send_from", "Messages leave from", own, Control::Time),
            self.field("send_until", "Messages leave until", own, Control::Time),
            self.field("quiet_hours", "Quiet hours", "For example 12:00-13:00, 15:30-16:00.", Control::Text).optional(),
            self.field(
                "days_off",
                "Days off",
                &format!("Days of {} on which nothing is sent, one a line: 2027-02-15.", live.spec.client),
                Control::Area,
            )
            .optional(),
            self.field("minimum_gap_days", "Days between two messages to one contact", "At least.", Control::Number),
            self.field("maximum_messages", "Messages to one contact", "At most, in this round.", Control::Number),
            self.field(
                "maximum_per_account_per_day",
                "Messages to one account on a day",
                "At most. Empty: no limit.",
                Control::Number,
            )
            .optional(),
            self.field(
                "spread_minutes",
                "Minutes over which one message is spread",
                "So that the people of an account do not all get it at once. 0: all at the same time.",
                Control::Number,
            )
            .optional(),
            self.field(
                "maximum_per_hour",
                "Messages of this round in an hour",
                "At most. Empty: no limit of its own.",
                Control::Number,
            )
            .optional(),
        ];
        [opens].into_iter().chain(meant).chain(others).collect()
    }

    fn targets(&self) -> Vec<Field> {
        vec![
            self.field("individual", "Of the contacts, in percent", "One or more, for example 50, 75.", Control::Text)
                .optional(),
            self.field("accounts", "Of the accounts, in percent", "With at least one answer.", Control::Text)
                .optional(),
        ]
    }

    fn touch(&self, live: &Live, number: usize) -> TouchCard {
        let empty = std::collections::BTreeMap::new();
        let texts = self.typed.touches.get(number - 1).unwrap_or(&empty);
        let text = |key: &str, label: &str, hint: &str| {
            let field = name(number, key);
            Field::text(field.clone(), label, get(texts, key)).hint(hint).optional().error(self.error(&field))
        };
        let must = |field: Field| Field { required: true, ..field };
        let select = |key: &str, label: &str, choices: &[(&str, &str)]| {
            let choices = choices.iter().map(|(value, label)| Choice::new(*value, *label)).collect();
            must(text(key, label, "").control(Control::Select(choices)))
        };
        let words: Vec<&str> =
            live.words.get(&live.spec.language).into_iter().flatten().map(|(name, _)| &**name).collect();
        let usual = [("", "that of its kind and number")];
        let words: Vec<(&str, &str)> = usual.into_iter().chain(words.into_iter().map(|name| (name, name))).collect();
        let at_hint = "Empty: when messages begin to leave; with days of the week it is needed.";
        let fields = vec![
            ("", select("kind", "Kind", &KINDS)),
            ("", select("when", "When", &WHENS)),
            (
                "by-days",
                must(text(
                    "working_days",
                    "Working days from the opening",
                    "0: the opening day; -5: five before it. A thank-you counts from the answer.",
                )),
            ),
            ("by-date", must(text("date", "Day", "").control(Control::Date))),
            ("by-cron", must(text("cron", "Pattern of times", PATTERN))),
            ("by-day", text("at", "Time of day", at_hint).control(Control::Time)),
            ("by-times", text("times", "How often at most", "").control(Control::Number)),
            ("", select("for", "For", &AUDIENCES)),
            ("", select("from", "In the name of", &AUTHORS)),
            ("", select("words", "Words", &words)),
        ];
        let role = |role: Role| Field {
            value: get(texts, role.as_str()).into(),
            ..Field::check(name(number, role.as_str()), role.label())
        };
        let day = |(code, label): (&'static str, &'static str)| {
            let field = Field::check(name(number, code), label).error(self.error(&name(number, code)));
            Field { value: get(texts, code).into(), ..field }
        };
        let errors: Vec<String> = self.faults.iter().filter(|f| is_about(f, number)).map(|f| capitalised(f)).collect();
        let wrong = self.wrong.iter().any(|(field, _)| field.starts_with(&name(number, "")));
        let blank = get(texts, "when") == "working_days" && get(texts, "working_days").is_empty();
        TouchCard {
            number,
            summary: summary(texts),
            open: wrong || blank || !errors.is_empty(),
            errors,
            fields,
            days: WEEKDAYS.into_iter().map(day).collect(),
            roles: Role::ALL.into_iter().map(role).collect(),
            remove: Field {
                value: get(texts, "remove").into(),
                ..Field::check(name(number, "remove"), "Take this message out of the sequence")
            },
        }
    }
}

const PATTERN: &str = "Minute, hour, day of the month, month and day of the week, as in 30 9 1 * *: at 09:30 on the first of each month. \
     Days of the week are easier to pick.";
const KINDS: [(&str, &str); 4] =
    [("warm_up", "warm-up"), ("invitation", "invitation"), ("reminder", "reminder"), ("thank_you", "thank-you")];
const WHENS: [(&str, &str); 4] = [
    ("working_days", "working days from the opening"),
    ("weekly", "on days of the week"),
    ("date", "on a day"),
    ("cron", "by a pattern of times"),
];
const AUDIENCES: [(&str, &str); 4] = [
    ("everybody", "everybody who has not answered"),
    ("not_started", "those who have not begun"),
    ("not_finished", "those who have begun and not finished"),
    ("account_silent", "those from whose account nobody has answered"),
];
const AUTHORS: [(&str, &str); 4] = [
    ("", "the usual: the CEO for the warm-up, the team for the rest"),
    ("team", "the team"),
    ("ceo", "the CEO or the country manager"),
    ("account_manager", "the account manager"),
];

/// "touch 3, reminder: ..." is about the third.
fn is_about(fault: &str, number: usize) -> bool {
    fault.starts_with(&format!("touch {number},"))
}

/// "Reminder, by 30 9 * * THU, 3 times at most".
fn summary(texts: &std::collections::BTreeMap<&'static str, String>) -> String {
    let kind = MessageKind::parse(get(texts, "kind")).map_or("message", MessageKind::label);
    let at = match get(texts, "at") {
        "" => String::new(),
        at => format!(", at {at}"),
    };
    let days = get(texts, "working_days");
    let most = match get(texts, "times") {
        "" => String::new(),
        "1" => ", once".into(),
        n => format!(", at most {n} times"),
    };
    let when = match (get(texts, "when"), days.trim_start_matches('-')) {
        ("cron", _) => format!("by {}{most}", get(texts, "cron")),
        ("weekly", _) => {
            let days = WEEKDAYS.map(|(code, _)| get(texts, code) == "yes");
            format!("{}{at}{most}", Weekly { days, at: chrono::NaiveTime::MIN }.days())
        }
        ("date", _) => format!("on {}{at}", get(texts, "date")),
        (_, "") => "when is not said yet".into(),
        (_, "0") if kind == MessageKind::ThankYou.label() => format!("on the day of the answer{at}"),
        (_, "0") => format!("on the opening day{at}"),
        (_, n) => {
            let from = match (kind == MessageKind::ThankYou.label(), days.starts_with('-')) {
                (true, _) => "after the answer",
                (false, true) => "before the opening",
                (false, false) => "after the opening",
            };
            format!("{n} working {} {from}{at}", if n == "1" { "day" } else { "days" })
        }
    };
    capitalised(&format!("{kind}, {when}"))
}
