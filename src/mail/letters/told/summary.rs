//! The sentences of the mail that tells a sponsor where the signatures of a round stand, in the language of the round.

use crate::rules::completion::percent;
use crate::rules::round::{Level, Target};
use crate::rules::signoff::loss::{AtStake, Share};

use super::code;

/// With its thousands as the language groups them.
pub fn grouped(language: &str, n: i64) -> String {
    let between = match code(language) {
        "de" => ".",
        "fr" => "\u{202f}",
        _ => ",",
    };
    let digits = n.max(0).to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push_str(between);
        }
        out.push(digit);
    }
    out
}

/// "12 of 30 accounts (40 %)".
pub fn signed_so_far(language: &str, signed: i64, all: i64) -> String {
    let (part, whole, share) = (grouped(language, signed), grouped(language, all), percent(signed, all));
    match (code(language), all) {
        ("de", _) => format!("{part} von {whole} Kunden ({share})"),
        ("fr", 1) => format!("{part} client sur {whole} ({share})"),
        ("fr", _) => format!("{part} clients sur {whole} ({share})"),
        (_, 1) => format!("{part} of {whole} account ({share})"),
        _ => format!("{part} of {whole} accounts ({share})"),
    }
}

fn named(language: &str, n: i64, words: [(&str, &str); 3]) -> String {
    let [english, german, french] = words;
    let (one, many) = match code(language) {
        "de" => german,
        "fr" => french,
        _ => english,
    };
    format!("{} {}", grouped(language, n), if n == 1 { one } else { many })
}

fn people(language: &str, n: i64) -> String {
    named(language, n, [("name", "names"), ("Name", "Namen"), ("nom", "noms")])
}

fn accounts(language: &str, n: i64) -> String {
    named(language, n, [("account", "accounts"), ("Kunden", "Kunden"), ("client", "clients")])
}

fn working_days(language: &str, n: u32) -> String {
    let words = [("working day", "working days"), ("Arbeitstag", "Arbeitstagen"), ("jour ouvré", "jours ouvrés")];
    named(language, i64::from(n), words)
}

fn deciders(language: &str, n: i64) -> String {
    let words =
        [("key decision maker", "key decision makers"), ("Entscheider", "Entscheider"), ("décideur", "décideurs")];
    named(language, n, words)
}

/// Somebody who is late: "Ann Lee: 14 names at 3 accounts, waiting for 6 working days, late by 3 working days; 2 key decision makers".
pub fn late(language: &str, name: &str, open: i64, stake: &AtStake, waiting: u32, late: u32) -> String {
    let (names, accounts) = (people(language, stake.names), accounts(language, open));
    let (waited, by) = (working_days(language, waiting), working_days(language, late));
    let mut line = match (code(language), late) {
        ("de", 0) => format!("{name}: {names} bei {accounts}, offen seit {waited}, in Verzug seit heute"),
        ("de", _) => format!("{name}: {names} bei {accounts}, offen seit {waited}, in Verzug seit {by}"),
        ("fr", 0) => {
            format!("{name} : {names} chez {accounts}, en attente depuis {waited}, en retard depuis aujourd'hui")
        }
        ("fr", _) => format!("{name} : {names} chez {accounts}, en attente depuis {waited}, en retard de {by}"),
        (_, 0) => format!("{name}: {names} at {accounts}, waiting for {waited}, late since today"),
        _ => format!("{name}: {names} at {accounts}, waiting for {waited}, late by {by}"),
    };
    if stake.deciders > 0 {
        let between = if code(language) == "fr" { " ; " } else { "; " };
        line.push_str(between);
        line.push_str(&deciders(language, stake.deciders));
    }
    line
}

/// What is lost where the missing signatures do not come; empty where none is missing.
pub fn lost(language: &str, stake: &AtStake, share: Option<Share>, out_of_reach: &[Target]) -> String {
    if stake.names == 0 {
        return String::new();
    }
    let (n, who) = (people(language, stake.names), accounts(language, stake.accounts));
    let decide = (stake.deciders > 0).then(|| deciders(language, stake.deciders));
    let mut said = match code(language) {
        "de" => format!(
            "Ohne die fehlenden Unterschriften {} nicht angeschrieben{}",
            if stake.names == 1 { format!("wird {n}") } else { format!("werden {n}") },
            decide.map(|d| format!(", darunter {d}")).unwrap_or_default()
        ),
        "fr" => format!(
            "Sans les signatures manquantes, {n} {} sollicité{}{}",
            if stake.names == 1 { "n'est pas" } else { "ne sont pas" },
            if stake.names == 1 { "" } else { "s" },
            decide.map(|d| format!(", dont {d}")).unwrap_or_default()
        ),
        _ => format!(
            "Without the missing signatures {n} {} not asked{}",
            if stake.names == 1 { "is" } else { "are" },
            decide.map(|d| format!(", {d} among them")).unwrap_or_default()
        ),
    };
    if stake.accounts > 0 {
        let worth = share.filter(|_| stake.revenue > 0).map(|s| worth(language, s)).unwrap_or_default();
        said.push_str(&match code(language) {
            "de" => format!("; bei {who} niemand{worth}"),
            "fr" => format!(" ; chez {who}, personne{worth}"),
            _ => format!("; at {who} nobody is{worth}"),
        });
    }
    said.push('.');
    if !out_of_reach.is_empty() {
        let (targets, and) = (out_of_reach.iter().map(|t| target(language, t)), joint(language));
        let targets = targets.collect::<Vec<_>>().join(and);
        said.push_str(&match code(language) {
            "de" => {
                format!(" Auf die ganze Liste gerechnet sind Antworten von {targets} dann nicht mehr zu erreichen.")
            }
            "fr" => format!(" Sur toute la liste, les réponses de {targets} ne peuvent alors plus être obtenues."),
            _ => format!(" Counted on the whole list, answers from {targets} are then out of reach."),
        });
    }
    said
}

fn joint(language: &str) -> &'static str {
    match code(language) {
        "de" => " und ",
        "fr" => " et ",
        _ => " and ",
    }
}

/// "90 % of accounts".
fn target(language: &str, target: &Target) -> String {
    let percent = (target.target * 100.0).round();
    match (code(language), target.level) {
        ("de", Level::Accounts) => format!("{percent} % der Kunden"),
        ("de", Level::Individual) => format!("{percent} % der Namen"),
        ("fr", Level::Accounts) => format!("{percent} % des clients"),
        ("fr", Level::Individual) => format!("{percent} % des noms"),
        (_, Level::Accounts) => format!("{percent} % of accounts"),
        (_, Level::Individual) => format!("{percent} % of names"),
    }
}

fn worth(language: &str, share: Share) -> String {
    let percent = share.percent;
    match (code(language), share.of_the_client) {
        ("de", true) => format!(", das sind {percent} % des Umsatzes"),
        ("de", false) => format!(", das sind {percent} % des Umsatzes der Liste"),
        ("fr", true) => format!(", soit {percent} % du chiffre d'affaires"),
        ("fr", false) => format!(", soit {percent} % du chiffre d'affaires de la liste"),
        (_, true) => format!(", which stands for {percent} % of revenue"),
        (_, false) => format!(", which stands for {percent} % of the revenue on the list"),
    }
}

/// What the round does by itself.
#[derive(Clone, Debug, Default)]
pub struct Next {
    /// The day of the next reminder.
    pub asks_on: Option<String>,
    pub every: u32,
    pub at_most: u32,
    /// The day on which the first letter goes to somebody who is not signed.
    pub letter_on: Option<String>,
    /// That day has passed.
    pub letter_passed: bool,
}

/// What the round does by itself, and when; empty where nothing is left to do.
pub fn next(language: &str, next: &Next) -> String {
    let mut said = Vec::new();
    let often = working_days(language, next.every);
    if let Some(day) = &next.asks_on {
        said.push(match code(language) {
            "de" => format!(
                "Wer nicht unterschrieben hat, wird von selbst wieder gefragt, das nächste Mal am {day}, danach nach je {often}, \
                 höchstens {}-mal.",
                next.at_most
            ),
            "fr" => format!(
                "Qui n'a pas signé est relancé de lui-même, la prochaine fois le {day}, puis tous les {often}, {} fois au plus.",
                next.at_most
            ),
            _ => format!(
                "Whoever has not signed is asked again by itself, next on {day}, then every {often}, {} times at most.",
                next.at_most
            ),
        });
    }
    if let Some(day) = &next.letter_on {
        said.push(match code(language) {
            "de" => format!("Der erste Brief geht am {day} ab; wessen Name bis dahin nicht unterschrieben ist, bekommt ihn erst danach."),
            "fr" => format!("La première lettre part le {day} ; un nom qui n'est pas signé d'ici là ne la reçoit qu'une fois signé."),
            _ => format!("The first letter goes on {day}; whoever is not signed by then gets it only once he is."),
        });
    } else if next.letter_passed {
        let passed = match code(language) {
            "de" => {
                "Die ersten Briefe sind abgegangen; wessen Name jetzt noch unterschrieben wird, bekommt seinen gleich danach."
            }
            "fr" => {
                "Les premières lettres sont parties ; un nom signé à partir de maintenant reçoit la sienne aussitôt."
            }
            _ => "The first letters have gone; whoever is signed from now on gets his as soon as he is.",
        };
        said.push(passed.into());
    }
    said.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stake(accounts: i64, names: i64, deciders: i64, revenue: i64) -> AtStake {
        AtStake { accounts, names, deciders, revenue, without_revenue: 0 }
    }

    #[test]
    fn one_is_said_as_one_in_each_language() {
        let one = stake(1, 1, 1, 0);
        for (language, line) in [
            ("en", "Ann Lee: 1 name at 1 account, waiting for 1 working day, late since today; 1 key decision maker"),
            ("de", "Ann Lee: 1 Name bei 1 Kunden, offen seit 1 Arbeitstag, in Verzug seit heute; 1 Entscheider"),
            (
                "fr",
                "Ann Lee : 1 nom chez 1 client, en attente depuis 1 jour ouvré, en retard depuis aujourd'hui ; 1 décideur",
            ),
        ] {
            assert_eq!(late(language, "Ann Lee", 1, &one, 1, 0), line);
        }
        assert_eq!(lost("en", &stake(0, 1, 0, 0), None, &[]), "Without the missing signatures 1 name is not asked.");
        assert_eq!(lost("en", &AtStake::default(), None, &[]), "");
    }

    #[test]
    fn what_is_lost_says_people_worth_and_targets() {
        let share = Some(Share { percent: 12, of_the_client: true });
        let target = [Target { level: Level::Accounts, target: 0.9 }];
        let lost = |language| lost(language, &stake(5, 1_240, 8, 4_000_000), share, &target);
        assert_eq!(
            lost("en"),
            "Without the missing signatures 1,240 names are not asked, 8 key decision makers among them; at 5 accounts nobody is, \
             which stands for 12 % of revenue. Counted on the whole list, answers from 90 % of accounts are then out of reach."
        );
        assert!(lost("de").starts_with(
            "Ohne die fehlenden Unterschriften werden 1.240 Namen nicht angeschrieben, darunter 8 Entscheider"
        ));
        assert!(lost("fr").contains(
            "ne sont pas sollicités, dont 8 décideurs ; chez 5 clients, personne, soit 12 % du chiffre d'affaires."
        ));
    }

    #[test]
    fn what_comes_next_says_days_or_nothing() {
        let both = Next {
            asks_on: Some("Tuesday 26 January".into()),
            every: 3,
            at_most: 4,
            letter_on: Some("Friday 29 January".into()),
            letter_passed: false,
        };
        assert_eq!(
            next("en", &both),
            "Whoever has not signed is asked again by itself, next on Tuesday 26 January, then every 3 working days, 4 times at most. \
             The first letter goes on Friday 29 January; whoever is not signed by then gets it only once he is."
        );
        assert_eq!(next("en", &Next::default()), "");
        assert!(next("de", &Next { letter_passed: true, ..Next::default() }).starts_with("Die ersten Briefe"));
    }
}
