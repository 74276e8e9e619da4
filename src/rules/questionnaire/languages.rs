//! In which language somebody is asked.

use std::collections::BTreeSet;

use super::items::Questionnaire;

/// The languages that the questions are written in.
pub fn offered_languages(questionnaire: &Questionnaire) -> BTreeSet<&str> {
    questionnaire.groups.iter().flat_map(|g| g.title.keys()).map(String::as_str).collect()
}

/// Every language in which anything of the questions is written.
pub fn all_languages(questionnaire: &Questionnaire) -> BTreeSet<&str> {
    let of_items = questionnaire.items().flat_map(|item| {
        let labels = item.options.iter().map(|option| &option.label);
        [&item.text, &item.low, &item.high].into_iter().chain(labels)
    });
    let titles = questionnaire.groups.iter().map(|group| &group.title);
    titles.chain(of_items).flat_map(|texts| texts.keys()).map(String::as_str).collect()
}

/// The first of these languages that the questions are written in: the one that was asked for, the one that the answers were begun in, the contact's own.
pub fn chosen_language(questionnaire: &Questionnaire, wanted: [&str; 3], otherwise: &str) -> String {
    let offered = offered_languages(questionnaire);
    let primary = |l: &str| l.split(['-', '_']).next().unwrap_or("").to_string();
    let [asked, begun, own] = wanted;
    let wanted = [asked.to_string(), begun.to_string(), primary(own)];
    wanted.into_iter().find(|l| offered.contains(l.as_str())).unwrap_or_else(|| otherwise.to_string())
}
