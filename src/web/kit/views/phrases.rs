//! The frame's own words on the pages of a contact, in each language we have. The questions come from the round's questionnaire.
//!
//! `{name}` and the like are filled by [`fill`]; the banned word and its sisters (`Umfrage`, `enquête`, `sondage`) appear in none.

use chrono::{Datelike, NaiveDate};

use crate::base::sentence::ends_a_sentence;

mod de;
mod en;
mod fr;

pub struct Phrases {
    /// ISO 639.
    pub code: &'static str,
    /// The language's own name.
    pub language: &'static str,
    weekdays: [&'static str; 7],
    months: [&'static str; 12],

    pub hello: &'static str,
    pub asks: &'static str,
    pub takes: &'static str,
    pub who_reads: &'static str,
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
    /// The frame in this language, else in English. Takes `de`, `de-AT`, `DE`.
    pub fn of(language: &str) -> &'static Phrases {
        ALL.iter().find(|p| p.is(language)).copied().unwrap_or(&en::EN)
    }

    /// The frame that was asked for by its language, if there is one.
    pub fn asked(language: &str) -> Option<&'static Phrases> {
        ALL.iter().find(|p| p.is(language)).copied()
    }

    /// Whether this is the frame for such a language.
    pub fn is(&self, language: &str) -> bool {
        language.trim().split(['-', '_']).next().unwrap_or("").eq_ignore_ascii_case(self.code)
    }

    /// The frame in the language that a browser says its reader likes best, of those we have; else in English. Takes `de-AT,fr;q=0.8,*;q=0.1`.
    pub fn preferred(languages: &str) -> &'static Phrases {
        let mut best: Option<(f32, &'static Phrases)> = None;
        for said in languages.split(',') {
            let (tag, parameters) = said.split_once(';').unwrap_or((said, ""));
            let weight = parameters.trim().strip_prefix("q=").and_then(|q| q.trim().parse().ok()).unwrap_or(1.0);
            let Some(ours) = ALL.iter().find(|p| p.is(tag)) else { continue };
            if weight > best.map_or(0.0, |(weight, _)| weight) {
                best = Some((weight, ours));
            }
        }
        best.map_or(&en::EN, |(_, ours)| ours)
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

pub static ALL: [&Phrases; 3] = [&en::EN, &de::DE, &fr::FR];

/// Puts values in the places of a phrase: `fill("{n} of {m}", &[("n", "3"), ("m", "5")])`. What is put in is never read again,
/// so that a name with braces in it stays a name.
pub fn fill(phrase: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(phrase.len() + 24);
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        rest = tail;
        match values.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => {
                out.push_str(value);
                // A name that ends with a full stop ends the sentence.
                let doubled = ends_a_sentence(value) && rest.starts_with('.') && !rest.starts_with("..");
                rest = if doubled { rest.get(1..).unwrap_or_default() } else { rest };
            }
            None => out.push_str(&format!("{{{name}}}")),
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_that_are_counted_as_pages_are_those_that_there_are() {
        let codes: Vec<&str> = ALL.iter().map(|phrases| phrases.code).collect();
        assert_eq!(codes, crate::rules::round::PAGE_LANGUAGES);
    }

    #[test]
    fn unknown_languages_get_english_and_regions_do_not_matter() {
        assert_eq!(Phrases::of("de-AT").code, "de");
        assert_eq!(Phrases::of("FR").code, "fr");
        assert_eq!(Phrases::of("nl").code, "en");
        assert_eq!(Phrases::of("").code, "en");
    }

    #[test]
    fn a_browser_gets_the_language_that_it_likes_best_of_those_we_have() {
        for (said, code) in [
            ("de", "de"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("nl,fr;q=0.5,de;q=0.7", "de"),
            ("en;q=0.2, fr;q=0.8", "fr"),
            ("FR-ca", "fr"),
            ("de;q=0,fr;q=0.1", "fr"),
            ("fr , de", "fr"),
            ("ja,*;q=0.5", "en"),
            ("de;q=x", "de"),
            ("", "en"),
            (";;;,,q=", "en"),
        ] {
            assert_eq!(Phrases::preferred(said).code, code, "{said}");
        }
    }

    #[test]
    fn s04_a_value_is_never_read_as_a_phrase() {
        assert_eq!(fill("{a}{b}", &[("a", "{b}"), ("b", "x")]), "{b}x");
        assert_eq!(fill("{oops} {", &[]), "{oops} {");
    }

    #[test]
    fn a_name_with_a_full_stop_ends_the_sentence() {
        let of = |phrase: &str| fill(phrase, &[("client", "Acme Inc.")]);
        assert_eq!(of("It goes to {client}. Thanks"), "It goes to Acme Inc. Thanks");
        assert_eq!(
            (of("{client}."), of("{client}, and"), of("{client}...")),
            ("Acme Inc.".into(), "Acme Inc., and".into(), "Acme Inc....".into())
        );
    }

    #[test]
    fn dates_are_written_as_each_language_does() {
        let day = NaiveDate::from_ymd_opt(2027, 2, 26).unwrap();
        let written: Vec<String> = ALL.iter().map(|p| p.date(day)).collect();
        assert_eq!(written, ["Fri 26 Feb", "Fr., 26. Feb.", "ven. 26 févr."]);
    }
}
