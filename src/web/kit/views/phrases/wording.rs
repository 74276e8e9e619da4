//! Which words the frame of a contact's page needs, in whatever language; and how that language writes a day.

use chrono::{Datelike, NaiveDate};

pub struct Phrases {
    /// ISO 639.
    pub code: &'static str,
    /// The language's own name.
    pub language: &'static str,
    pub(super) weekdays: [&'static str; 7],
    pub(super) months: [&'static str; 12],

    pub hello: &'static str,
    pub asks: &'static str,
    pub takes: &'static str,
    pub who_reads: &'static str,
    /// Who is told that somebody has answered, by what the round tells.
    pub told_names: &'static str,
    pub told_counts: &'static str,
    pub told_counts_from: &'static str,
    pub saved_as_you_go: &'static str,
    pub last_year: &'static str,
    pub purpose: &'static str,

    pub progress: &'static str,
    pub optional: &'static str,
    pub cannot_say: &'static str,
    pub up_to: &'static str,
    pub left: &'static str,
    pub too_long: &'static str,
    pub proceed: &'static str,
    pub back: &'static str,
    pub mistakes: &'static str,
    pub error: &'static str,
    pub saved: &'static str,
    pub saving: &'static str,
    pub not_saved: &'static str,

    pub check_title: &'static str,
    pub check_lead: &'static str,
    pub change: &'static str,
    pub not_answered: &'static str,
    pub missing: &'static str,
    pub send: &'static str,

    pub thanks_title: &'static str,
    pub thanks_lead: &'static str,
    pub next_title: &'static str,
    pub next_heard: &'static str,
    pub next_read: &'static str,
    pub next_no_more: &'static str,
    pub already_title: &'static str,
    pub already_lead: &'static str,
    pub closed_title: &'static str,
    pub closed_lead: &'static str,
    pub withdrawn_title: &'static str,
    pub withdrawn_lead: &'static str,
    pub closed_still: &'static str,
    pub unknown_title: &'static str,
    pub unknown_lead: &'static str,
    pub unknown_next: &'static str,
    pub cut_lead: &'static str,
    pub cut_next: &'static str,
    pub moved_title: &'static str,
    pub moved_lead: &'static str,
    pub moved_next: &'static str,
    pub opted_title: &'static str,
    pub opted_lead: &'static str,
    pub questions: &'static str,

    pub rather_not: &'static str,
    pub stop_title: &'static str,
    pub stop_lead: &'static str,
    pub stop_legend: &'static str,
    pub stop_round: &'static str,
    pub stop_round_hint: &'static str,
    pub stop_yes: &'static str,
    pub stop_yes_hint: &'static str,
    pub stop_chosen: &'static str,
    pub stop_former: &'static str,
    pub stop_no: &'static str,
    pub stop_button: &'static str,
    pub stop_missing: &'static str,
    pub stopped_title: &'static str,
    pub stopped_lead: &'static str,
    pub paused_title: &'static str,
    pub paused_lead: &'static str,
    pub undo: &'static str,
    pub kept_title: &'static str,
    pub kept_lead: &'static str,

    /// When something fails on our side: what it is with our disks is nothing that they could mend.
    pub later: &'static str,
    /// When nobody can know whether what was sent has been saved.
    pub may_be_saved: &'static str,
}

impl Phrases {
    /// Whether this is the frame for such a language.
    pub fn is(&self, language: &str) -> bool {
        language.trim().split(['-', '_']).next().unwrap_or("").eq_ignore_ascii_case(self.code)
    }

    /// "Fri 26 Feb", "Fr., 26. Feb.", "ven. 26 févr.".
    pub fn date(&self, day: NaiveDate) -> String {
        let weekday = self.weekdays[day.weekday().num_days_from_monday() as usize];
        let month = self.months[day.month0() as usize];
        match self.code {
            "de" => format!("{weekday}, {}. {month}", day.day()),
            _ => format!("{weekday} {} {month}", day.day()),
        }
    }
}
