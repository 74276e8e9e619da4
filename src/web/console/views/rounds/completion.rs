//! A round on one screen: what needs doing today, how far it is and where it goes, and where the answers are missing.
//!
//! Every number leads to the people behind it, and no rate is shown without its base.

use askama::Template;

use crate::base::counted::form;
use crate::web::kit::forms::query::with;
use crate::web::kit::urls;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Bar, Console, Count, Link, Mark, Rate, Tone, plural};

use super::course::CoursePart;
use super::missing::MissingPart;

/// GET `/rounds/{id}`.
#[derive(Template)]
#[template(path = "pages/completion/dashboard.html")]
pub struct DashboardPage {
    pub console: Console,
    /// "Open since Mon 8 Feb, closes Fri 26 Feb, in 12 days."
    pub stands: String,
    /// What somebody has to do, most urgent first.
    pub today: Vec<ToDo>,
    /// Where there is nothing.
    pub idle: &'static str,
    /// Nothing runs before somebody presses Start.
    pub draft: Option<Draft>,
    /// Who signs, while lists wait for signatures.
    pub signing: Option<SigningPart>,
    /// What the program does next by itself: "43 reminders, Thu 11 Feb from 09:00 in each contact's own time".
    pub next: String,
    /// It is told by name who has answered.
    pub names: bool,
    pub individual: Rate,
    pub accounts_rate: Rate,
    pub targets: Vec<TargetRow>,
    /// The revenue that has answered.
    pub worth: Option<Worth>,
    /// How it goes on, once somebody was invited.
    pub course: Option<CoursePart>,
    /// Where the answers are missing.
    pub missing: MissingPart,
    /// From listed to completed.
    pub funnel: Vec<Step>,
    /// Those who left the funnel: opted out, undeliverable.
    pub lost: Vec<Number>,
    pub roles: Vec<RoleRow>,
    /// Where the accounts that are not shown are.
    pub all_accounts: Option<Link>,
    pub outbox: Vec<Number>,
    pub handoff: Vec<Number>,
    /// Start, pause, resume, close: those that are possible now.
    pub actions: Vec<ActionForm>,
    /// What follows a round that has started.
    pub next_round: Option<Link>,
    /// What is told of a round that has started.
    pub report: Option<Link>,
}

pub struct ToDo {
    pub tone: Tone,
    pub text: String,
    /// What waiting costs, in a phrase; empty before the start.
    pub costs: String,
    pub link: Link,
}

/// What stands before the start.
pub struct Draft {
    /// What is missing, in the order in which it is to be done.
    pub open: Vec<ToDo>,
    /// What is done, each with its place.
    pub done: Vec<Link>,
    /// Where a draft is made ready.
    pub prepare: Vec<Link>,
    /// What the start does by itself; empty while there is nobody to ask.
    pub start_does: String,
}

/// How far the signatures of a round are.
pub struct SigningPart {
    /// A sentence or two each.
    pub says: Vec<String>,
    /// Where one person gives both signatures; empty where nobody does.
    pub both: String,
    pub is_late: bool,
    pub board: Link,
}

pub struct TargetRow {
    /// `individual` or `accounts`, for people.
    pub level: &'static str,
    pub percent: u64,
    pub met: bool,
    /// How far it is may be told.
    pub told: bool,
    /// "27 answers", "3 accounts"; not shown when met.
    pub missing: String,
    /// "to go"; of a round that is over "short".
    pub left: &'static str,
    /// Those of whom it is missing.
    pub href: String,
    /// "about Thu 18 Feb", "not before the close if nothing changes"; empty where nothing is known.
    pub when: String,
}

/// What the accounts that have answered are worth in a year, of what the invited ones are.
pub struct Worth {
    pub rate: Rate,
    /// Invited accounts of which the list does not say it.
    pub without: Count,
    /// It says it of one at least.
    pub is_known: bool,
}

pub struct Step {
    pub label: &'static str,
    pub count: Count,
    /// Of whom, in a word.
    pub share: Option<(Rate, &'static str)>,
    pub href: String,
}

/// A number that leads somewhere.
pub struct Number {
    pub label: String,
    pub count: Count,
    pub href: String,
    /// Only where the number needs an act.
    pub tone: Option<Tone>,
}

pub struct RoleRow {
    pub label: String,
    pub rate: Rate,
    /// "12 more for 50 %": answers that are missing to a target.
    pub short: String,
    pub href: String,
}

pub const INDIVIDUAL: &str = "contacts";
pub const ACCOUNTS: &str = "accounts";

impl DashboardPage {
    /// Nothing is to be done.
    fn is_idle(&self) -> bool {
        self.today.is_empty() && self.draft.as_ref().is_none_or(|draft| draft.open.is_empty())
    }

    fn listed(&self) -> u64 {
        self.funnel.first().map_or(0, |step| step.count.0)
    }

    /// Of a draft: what is to be done next.
    fn first_title(&self) -> &'static str {
        if self.listed() == 0 { "Load the list of contacts" } else { "Start the round" }
    }

    fn first_step(&self) -> String {
        match self.listed() {
            0 => "Nobody is on the list yet. Any spreadsheet will do.".into(),
            n => format!(
                "{} on the list. Nobody is asked and nothing is sent before you start.",
                plural(n as usize, "name is", "names are")
            ),
        }
    }

    /// Those who have answered; everybody where that is not told.
    fn answered(&self) -> String {
        let of = |contacts: String| if self.names { with(contacts, "stage", "completed") } else { contacts };
        self.console.round.as_ref().map_or_else(String::new, |r| of(urls::contacts(&r.id)))
    }

    /// All of them, in this order; empty: by name.
    fn accounts(&self, sort: &str) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| with(urls::accounts(&r.id), "sort", sort))
    }

    fn outcomes(&self) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| urls::outcomes(&r.id))
    }

    fn list(&self) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| urls::list(&r.id))
    }

    fn headline(&self) -> String {
        if self.individual.base == 0 {
            return "Nobody has been invited yet".into();
        }
        if self.individual.hidden {
            return format!("How many of {} contacts have answered is not told", Count(self.individual.base));
        }
        let next = self.targets.iter().find(|t| t.level == INDIVIDUAL && !t.met);
        match next {
            Some(t) => {
                format!("{} have answered, {} short of {}\u{a0}%", self.individual.short(), t.missing, t.percent)
            }
            None => format!("{} have answered", self.individual.short()),
        }
    }

    fn bar(&self, level: &str, rate: &Rate) -> Bar {
        bar(&self.targets, level, rate)
    }

    fn step_bar(&self, step: &Step) -> Bar {
        step_bar(&self.funnel, step)
    }
}

/// With a line at each target of this level.
pub(super) fn bar(targets: &[TargetRow], level: &str, rate: &Rate) -> Bar {
    let marks = targets.iter().filter(|t| t.level == level);
    Bar {
        rate: *rate,
        marks: marks.map(|t| Mark { percent: t.percent, label: format!("{}\u{a0}%", t.percent) }).collect(),
    }
}

/// Every step against the widest.
pub(super) fn step_bar(funnel: &[Step], step: &Step) -> Bar {
    Bar::of(Rate::new(step.count.0, funnel.iter().map(|s| s.count.0).max().unwrap_or(0)))
}

impl Step {
    /// "97 % of invited"; empty before there is anybody.
    pub(super) fn of(&self) -> String {
        match self.share {
            Some((rate, of)) if rate.base > 0 => format!("{} of {of}", rate.short()),
            _ => String::new(),
        }
    }
}

impl Worth {
    pub(super) fn bar(&self) -> Bar {
        Bar::of(self.rate)
    }

    pub(super) fn verb(&self) -> &'static str {
        form(self.without.0, "is", "are")
    }
}

impl RoleRow {
    pub(super) fn bar(&self) -> Bar {
        Bar::of(self.rate)
    }
}
