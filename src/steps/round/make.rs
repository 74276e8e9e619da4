//! A round made without a folder: from the template that the program has, or from a round of before, a year later.
//!
//! What is invented in the template is left out of it, so that nobody sends it by mistake; `notices` names what is left of it in the letters.

use std::path::PathBuf;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};

use crate::base::problem::{Kind, Problem, Result};
use crate::intake::demo;
use crate::intake::folder::RoundFolder;
use crate::intake::list::CheckedList;
use crate::rules::journal::Actor;
use crate::rules::message::MessageKind;
use crate::rules::plan as rule;
use crate::rules::questionnaire::Questionnaire;
use crate::rules::round::{ByLanguage, RoundSpec, Touch, Words};
use crate::steps::contacts::prepare::Allowed;
use crate::steps::context::{Ctx, Live};
use crate::store::round::rounds;

use super::folder;
use super::load::{Loaded, load_as};
use super::reload::Replace;

/// The same weekday of the next year.
const YEAR: Days = Days::new(364);

/// A round that is to be made: all but its people.
#[derive(Clone, Debug)]
pub struct NewRound {
    pub spec: RoundSpec,
    pub questionnaire: Questionnaire,
    pub words: Words,
}

/// The template. Its people, its dates and what it says of last year are to be written anew.
pub fn from_template() -> Result<NewRound> {
    let demo::Template { mut spec, questionnaire, words } = demo::template()?;
    spec.changed_since_last_year = ByLanguage::default();
    spec.senders.country.clear();
    Ok(NewRound { spec, questionnaire, words })
}

/// A round of before, a year later: its dates on the same weekdays, the year in its name and title one more. Days off are those of a year.
pub fn a_year_later(live: &Live) -> NewRound {
    let mut spec = live.spec.clone();
    let year = spec.schedule.opens.year();
    let later = |day: NaiveDate| day.checked_add_days(YEAR).unwrap_or(day);
    let renamed = |text: &str| text.replace(&year.to_string(), &(year + 1).to_string());
    spec.round = renamed(&spec.round);
    spec.title = renamed(&spec.title);
    spec.schedule.opens = later(spec.schedule.opens);
    spec.schedule.closes = later(spec.schedule.closes);
    spec.schedule.days_off.clear();
    for touch in &mut spec.touches {
        touch.date = touch.date.map(later);
    }
    spec.changed_since_last_year = ByLanguage::default();
    NewRound { spec, questionnaire: (*live.questionnaire).clone(), words: live.words.clone() }
}

/// The template's last reminder goes on a Tuesday of a certain month: in a round of other dates, on the last Tuesday before its end.
pub fn fitted(mut spec: RoundSpec) -> RoundSpec {
    let last =
        spec.schedule.closes.iter_back().find(|day| day.weekday() == Weekday::Tue && *day < spec.schedule.closes);
    let of_a_month = |touch: &Touch| {
        let month = touch.cron.as_deref().and_then(|cron| cron.split_whitespace().nth(3));
        touch.kind == MessageKind::Reminder && month.is_some_and(|month| month != "*")
    };
    for touch in spec.touches.iter_mut().filter(|touch| of_a_month(touch)) {
        touch.cron = None;
        touch.times = None;
        touch.date = last;
        touch.at = NaiveTime::from_hms_opt(14, 0, 0);
    }
    spec
}

/// Why this round cannot be made as it is, a sentence each: what `round check` says of its schedule and its letters.
pub fn faults(ctx: &Ctx, new: &NewRound) -> Vec<String> {
    let mut wrong = rule::check(&new.spec, &ctx.almanac);
    let unusable = folder::unusable(&new.spec, &new.words).into_iter();
    wrong.extend(unusable.map(|(language, name, sentence)| format!("{name} in {language}: {sentence}")));
    wrong
}

/// Makes it, as a draft without anybody on its list.
pub async fn make(ctx: &Ctx, new: NewRound, actor: &Actor) -> Result<Loaded> {
    let slug = &new.spec.round;
    if rounds::by_slug(&mut ctx.db.read().await?, slug).await?.is_some() {
        let what = format!("There is a round called {slug} already.");
        return Err(Problem::new(Kind::Refused, what, "Give this one another short name."));
    }
    let wrong = faults(ctx, &new);
    if !wrong.is_empty() {
        return Err(Problem::unusable(wrong.join(" "), "Correct it, then make the round."));
    }
    let NewRound { spec, questionnaire, words } = new;
    let folder = RoundFolder { dir: PathBuf::new(), spec, list: CheckedList::default(), questionnaire, words };
    // Nobody is on the list, and that is meant.
    let allowed = Allowed { removing_everybody: true, ..Allowed::default() };
    load_as(ctx, folder, allowed, Replace::No, actor).await
}

trait Back {
    fn iter_back(self) -> impl Iterator<Item = NaiveDate>;
}

impl Back for NaiveDate {
    fn iter_back(self) -> impl Iterator<Item = NaiveDate> {
        std::iter::successors(Some(self), |day| day.pred_opt()).take(14)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::calendar::Almanac;

    #[test]
    fn the_template_fits_rounds_of_any_month_and_says_nothing_invented_of_last_year() {
        for (opens, closes) in
            [("2027-09-06", "2027-10-01"), ("2027-02-08", "2027-03-05"), ("2027-05-10", "2027-06-11")]
        {
            let mut new = from_template().unwrap();
            new.spec.schedule.opens = opens.parse().unwrap();
            new.spec.schedule.closes = closes.parse().unwrap();
            let spec = fitted(new.spec);
            assert_eq!(rule::check(&spec, &Almanac::built_in()), Vec::<String>::new(), "{opens}");
            assert!(spec.changed_since_last_year.is_empty() && spec.senders.country.is_empty());
        }
        // Twin: as it stands in the demo, in autumn.
        let mut spec = from_template().unwrap().spec;
        spec.schedule.opens = "2027-09-06".parse().unwrap();
        spec.schedule.closes = "2027-10-01".parse().unwrap();
        assert!(!rule::check(&spec, &Almanac::built_in()).is_empty());
    }
}
