//! The languages in which something of a round can be written: those in which anything of it is, and those that people on its list read.
//! A form has a field for each, so that nothing that stands there is lost by saving it.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::questionnaire::all_languages;
use crate::steps::Live;
use crate::steps::round::notices::readers;
use crate::web::kit::names;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;
use crate::web::kit::views::frame::plural;

/// That of the round first.
#[derive(Clone, Debug, Default)]
pub struct Languages(Vec<(String, u64)>);

impl Languages {
    /// All languages of a round, with how many people on its list read each.
    pub async fn of(web: &Web, live: &Live) -> Result<Languages, Failure> {
        let people = readers(&mut web.ctx.db.read().await?, live).await?;
        let asked = all_languages(&live.questionnaire);
        let own = live.spec.language.as_str();
        let changed = live.spec.changed_since_last_year.texts(own).map(|(language, _)| language);
        let written = live.words.keys().map(String::as_str).chain(asked).chain(changed);
        Ok(Languages::gathered(own, written, &people))
    }

    pub fn gathered<'l>(
        own: &str,
        written: impl Iterator<Item = &'l str>,
        people: &'l BTreeMap<String, u64>,
    ) -> Languages {
        let all: BTreeSet<&str> = written.chain(people.keys().map(String::as_str)).collect();
        let others = all.into_iter().filter(|language| *language != own && !language.is_empty());
        let readers = |language: &str| (language.to_string(), people.get(language).copied().unwrap_or(0));
        Languages(std::iter::once(own).chain(others).map(readers).collect())
    }

    /// The same; behind that of the round those in which it is missing although people read them, most people first.
    pub fn missing_first(&self, is_there: impl Fn(&str) -> bool) -> Languages {
        let mut all = self.0.clone();
        let waits = |(language, people): &(String, u64)| if is_there(language) { 0 } else { *people };
        if let Some((_, others)) = all.split_first_mut() {
            others.sort_by_key(|one| std::cmp::Reverse(waits(one)));
        }
        Languages(all)
    }

    pub fn own(&self) -> &str {
        self.0.first().map_or("", |(language, _)| language)
    }

    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(language, _)| language.as_str())
    }

    /// "Italian, 92 people"; only its name where nobody reads it.
    pub fn label(&self, code: &str) -> String {
        let people = self.0.iter().find(|(language, _)| language == code).map_or(0, |(_, people)| *people);
        match people {
            0 => names::language(code).to_string(),
            n => format!("{}, {}", names::language(code), plural(n as usize, "person", "people")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_of_the_round_and_of_its_people_is_there_and_those_that_people_miss_come_first() {
        let people = [("en", 5), ("it", 92), ("es", 65), ("de", 1), ("", 3)];
        let people: BTreeMap<String, u64> = people.map(|(language, n)| (language.to_string(), n)).into();
        let all = Languages::gathered("en", ["de", "pl", "en"].into_iter(), &people);
        assert_eq!(all.codes().collect::<Vec<_>>(), ["en", "de", "es", "it", "pl"]);
        let first = all.missing_first(|language| ["en", "de", "pl"].contains(&language));
        assert_eq!(first.codes().collect::<Vec<_>>(), ["en", "it", "es", "de", "pl"]);
        assert_eq!(
            (first.own(), first.label("it").as_str(), first.label("pl").as_str()),
            ("en", "Italian, 92 people", "Polish")
        );
        assert_eq!(first.label("de"), "German, 1 person");
    }
}
