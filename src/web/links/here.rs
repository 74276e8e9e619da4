//! In which words a page behind a mailed link speaks, and how it tells days and times.

use chrono::{Datelike, NaiveDate, Timelike};

use crate::base::clock::Ts;
use crate::rules::calendar::zone::Zone;
use crate::steps::Live;
use crate::steps::signoff::SignOffSheet;
use crate::web::kit::frames::home;
use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::kit::views::phrases::Phrases;
use crate::web::kit::views::repair_phrases::RepairPhrases;
use crate::web::kit::views::team_phrases::TeamPhrases;

/// The words of a page, and when and where it is shown.
pub struct Here<W: 'static = DirectorPhrases> {
    pub words: &'static W,
    code: &'static str,
    pub now: Ts,
    pub zone: Zone,
}

impl Here {
    pub fn new(sheet: &SignOffSheet, now: Ts) -> Here {
        let words = DirectorPhrases::of(&sheet.live.spec.language);
        Here { words, code: words.code, now, zone: home(&sheet.live) }
    }
}

impl Here<TeamPhrases> {
    pub fn of_team(live: &Live, now: Ts) -> Here<TeamPhrases> {
        let words = TeamPhrases::of(&live.spec.language);
        Here { words, code: words.code, now, zone: home(live) }
    }
}

impl Here<RepairPhrases> {
    pub fn of_repair(live: &Live, now: Ts) -> Here<RepairPhrases> {
        let words = RepairPhrases::of(&live.spec.language);
        Here { words, code: words.code, now, zone: home(live) }
    }
}

impl<W: 'static> Here<W> {
    /// "Tue 9 Feb", "Di., 9. Feb.": with its year where that is another one.
    pub fn day(&self, date: NaiveDate) -> String {
        let day = Phrases::of(self.code).date(date);
        if date.year() == self.zone.local(self.now).year() { day } else { format!("{day} {}", date.year()) }
    }

    /// The same with the time of day.
    pub fn moment(&self, at: Ts) -> String {
        let then = self.zone.local(at);
        format!("{}, {:02}:{:02}", self.day(then.date()), then.hour(), then.minute())
    }
}
