//! The lines of the weekly mails to account managers, account directors and the sponsor, in the language of the round: whom to call and
//! why, where accounts and the round stand, what is needed.

use chrono::NaiveDate;

use crate::base::sentence::{capitalised, with_stop};
use crate::mail::dates::day;
use crate::rules::calling::{Stopped, Telephone, Why, sentence};
use crate::rules::completion::week::points;
use crate::rules::completion::{percent, percent_of_rate, whole_percent};

use super::summary::grouped;
use super::{code, role_name};

/// Why somebody is to be called, as a sentence. In English as the call list says it.
pub fn reason(language: &str, all: &[Why], account: &str, stopped: Option<&Stopped>) -> String {
    let (told, between): (Vec<String>, &str) = match code(language) {
        "de" => (all.iter().flat_map(|why| german(*why, account, stopped)).collect(), "; "),
        "fr" => (all.iter().flat_map(|why| french(*why, account, stopped)).collect(), " ; "),
        _ => return sentence(all, account, stopped),
    };
    format!("{}.", capitalised(&told.join(between)))
}

fn german(why: Why, account: &str, stopped: Option<&Stopped>) -> Vec<String> {
    match why {
        Why::Silent { strategic, revenue, of } => {
            let mut all = vec![format!("bei {account} hat niemand geantwortet")];
            if strategic {
                all.push("ein strategischer Kunde".into());
            }
            all.extend(worth(revenue, of).map(|share| format!("{share} % des Umsatzes")));
            all
        }
        Why::NobodyOfRole(role) => {
            vec![format!("kein {} von {account} hat geantwortet", role_name("de", role))]
        }
        Why::Promised(date) => vec![format!("wollte bis {} antworten", day(date, "de"))],
        Why::Began => vec![match stopped {
            None => "hat begonnen und ist nicht fertig".into(),
            Some(Stopped { day: date, page, pages }) => {
                format!("hat am {} begonnen und auf Seite {page} von {pages} aufgehört", day(*date, "de"))
            }
        }],
        Why::AnsweredLastTime => vec!["hat in der vorigen Runde geantwortet".into()],
        Why::BeganLastTime => vec!["hat in der vorigen Runde begonnen und ist nicht fertig geworden".into()],
        Why::OneMore => vec!["eine Antwort mehr".into()],
    }
}

fn french(why: Why, account: &str, stopped: Option<&Stopped>) -> Vec<String> {
    match why {
        Why::Silent { strategic, revenue, of } => {
            let mut all = vec![format!("personne chez {account} n'a répondu")];
            if strategic {
                all.push("un client stratégique".into());
            }
            all.extend(worth(revenue, of).map(|share| format!("{share} % du chiffre d'affaires")));
            all
        }
        Why::NobodyOfRole(role) => vec![format!("aucun {} de {account} n'a répondu", role_name("fr", role))],
        Why::Promised(date) => vec![format!("voulait répondre avant le {}", day(date, "fr"))],
        Why::Began => vec![match stopped {
            None => "a commencé sans terminer".into(),
            Some(Stopped { day: date, page, pages }) => {
                format!("a commencé le {} et s'est arrêté à la page {page} sur {pages}", day(*date, "fr"))
            }
        }],
        Why::AnsweredLastTime => vec!["a répondu lors de la campagne précédente".into()],
        Why::BeganLastTime => vec!["a commencé lors de la campagne précédente sans terminer".into()],
        Why::OneMore => vec!["une réponse de plus".into()],
    }
}

/// In whole percent, where it is one at least.
fn worth(revenue: i64, of: i64) -> Option<u64> {
    let share = whole_percent(revenue.max(0) as u64, of.max(0) as u64);
    (revenue > 0 && share > 0).then_some(share)
}

/// Somebody to call.
#[derive(Clone, Copy, Debug)]
pub struct ToCall<'a> {
    pub name: &'a str,
    pub job_title: &'a str,
    pub account: &'a str,
    /// A sentence.
    pub reason: &'a str,
    /// The nearest to the person first.
    pub telephones: &'a [Telephone],
    pub email: &'a str,
}

/// As many numbers stand in a line.
const NUMBERS: usize = 2;

/// "Ann Lee, Head of Quality, Globex. Nobody of Globex has answered. Direct line +44 20 7946 0018."
pub fn to_call(who: &ToCall<'_>) -> String {
    let parts = [who.name, who.job_title, who.account];
    let named: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let numbers = who.telephones.iter().take(NUMBERS).map(|t| format!("{} {}", t.label, t.number));
    let numbers: Vec<String> = numbers.collect();
    // An address is copied as it stands.
    let reached = if numbers.is_empty() { who.email.to_owned() } else { with_stop(&numbers.join(", ")) };
    format!("{} {} {reached}", with_stop(&named.join(", ")), who.reason)
}

/// "40 % (2 of 5)".
pub fn rate(language: &str, completed: i64, reachable: i64) -> String {
    let (part, whole) = (grouped(language, completed), grouped(language, reachable));
    let of = match code(language) {
        "de" => "von",
        "fr" => "sur",
        _ => "of",
    };
    format!("{} ({part} {of} {whole})", percent(completed, reachable))
}

/// Where counts may not be told.
pub fn untold(language: &str) -> &'static str {
    match code(language) {
        "de" => "nicht genannt",
        "fr" => "non communiqué",
        _ => "not told",
    }
}

/// How many of the accounts are silent, as a sentence; empty where none is asked yet.
pub fn silent_accounts(language: &str, silent: i64, of: i64) -> String {
    let (n, all) = (grouped(language, silent), grouped(language, of));
    match (code(language), silent, of) {
        (_, _, ..1) => String::new(),
        ("de", ..1, _) => "Von jedem Kunden hat jemand geantwortet.".into(),
        ("de", ..) => format!("Bei {n} von {all} Kunden hat noch niemand geantwortet."),
        ("fr", ..1, _) => "Quelqu'un a répondu chez chaque client.".into(),
        ("fr", ..) => format!("Chez {n} clients sur {all}, personne n'a encore répondu."),
        (_, ..1, _) => "Somebody of every account has answered.".into(),
        (_, 1, 1) => "Nobody of the account has answered yet.".into(),
        _ => format!("At {n} of {all} accounts nobody has answered yet."),
    }
}

/// "3 of your contacts cannot be reached; the page says who."
pub fn to_repair(language: &str, n: usize) -> String {
    match (code(language), n) {
        ("de", 1) => "1 Ihrer Kontakte ist nicht zu erreichen; wer, steht auf der Seite".into(),
        ("de", n) => format!("{n} Ihrer Kontakte sind nicht zu erreichen; wer, steht auf der Seite"),
        ("fr", 1) => "1 de vos contacts est injoignable ; la page dit lequel".into(),
        ("fr", n) => format!("{n} de vos contacts sont injoignables ; la page dit lesquels"),
        (_, 1) => "1 of your contacts cannot be reached; the page says who".into(),
        (_, n) => format!("{n} of your contacts cannot be reached; the page says who"),
    }
}

/// "Globex: 4 people, account manager Max Mann".
pub fn silent_account(language: &str, name: &str, people: i64, manager: &str) -> String {
    let n = grouped(language, people);
    let (said, by) = match (code(language), people) {
        ("de", 1) => (format!("{name}: 1 Person"), format!(", betreut von {manager}")),
        ("de", _) => (format!("{name}: {n} Personen"), format!(", betreut von {manager}")),
        ("fr", 1) => (format!("{name} : 1 personne"), format!(", suivi par {manager}")),
        ("fr", _) => (format!("{name} : {n} personnes"), format!(", suivi par {manager}")),
        (_, 1) => (format!("{name}: 1 person"), format!(", account manager {manager}")),
        _ => (format!("{name}: {n} people"), format!(", account manager {manager}")),
    };
    if manager.is_empty() { said } else { format!("{said}{by}") }
}

/// "Globex: 1 of 4 have answered": where no names may be told; "Globex: 4 asked" where how many is not told either.
pub fn counted_account(language: &str, name: &str, completed: Option<i64>, reachable: i64) -> String {
    let whole = grouped(language, reachable);
    match (code(language), completed.map(|n| grouped(language, n))) {
        ("de", Some(part)) => format!("{name}: {part} von {whole} haben geantwortet"),
        ("de", None) => format!("{name}: {whole} gefragt"),
        ("fr", Some(part)) => format!("{name} : {part} sur {whole} ont répondu"),
        ("fr", None) => format!("{name} : {whole} personnes interrogées"),
        (_, Some(part)) => format!("{name}: {part} of {whole} have answered"),
        (_, None) => format!("{name}: {whole} asked"),
    }
}

/// "41 % (123 of 300), 6 points more than a week ago". `before`: who had answered then; none where nobody was invited by then.
pub fn direction(language: &str, completed: i64, reachable: i64, before: Option<i64>) -> String {
    let now = rate(language, completed, reachable);
    let Some(risen) = before.map(|before| points(completed, before, reachable)) else { return now };
    let n = risen.abs();
    let told = match (code(language), risen) {
        ("de", 0) => "so viel wie vor einer Woche".into(),
        ("de", 1..) => format!("{n} Prozentpunkt{} mehr als vor einer Woche", if n == 1 { "" } else { "e" }),
        ("de", _) => format!("{n} Prozentpunkt{} weniger als vor einer Woche", if n == 1 { "" } else { "e" }),
        ("fr", 0) => "autant qu'il y a une semaine".into(),
        ("fr", 1..) => format!("{n} point{} de plus qu'il y a une semaine", if n == 1 { "" } else { "s" }),
        ("fr", _) => format!("{n} point{} de moins qu'il y a une semaine", if n == 1 { "" } else { "s" }),
        (_, 0) => "as much as a week ago".into(),
        (_, 1..) => format!("{n} point{} more than a week ago", if n == 1 { "" } else { "s" }),
        _ => format!("{n} point{} less than a week ago", if n == 1 { "" } else { "s" }),
    };
    format!("{now}, {told}")
}

/// What a round needs from its sponsor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needed {
    /// Answers and accounts to the next targets that are missed; none where none is.
    pub answers: Option<i64>,
    pub accounts: Option<i64>,
    /// The round has no targets, or does not tell how far they are: that all are met is not said.
    pub without_targets: bool,
    /// The ends of where the rate goes, as shares, and the day of the close.
    pub goes_to: Option<(f64, f64, NaiveDate)>,
    /// Account directors whose accounts answer least: name, silent accounts, all of them.
    pub directors: Vec<(String, i64, i64)>,
}

/// In some sentences.
pub fn needed(language: &str, of: &Needed) -> String {
    let mut said = Vec::new();
    if let Some((low, high, closes)) = of.goes_to {
        let (low, high, closes) = (percent_of_rate(low), percent_of_rate(high), day(closes, language));
        let span = if low == high { format!("{low} %") } else { span(language, low, high) };
        said.push(match code(language) {
            "de" => format!("Ändert sich nichts, sind es am {closes} {span}."),
            "fr" => format!("Si rien ne change, ce sera {span} le {closes}."),
            _ => format!("If nothing changes, it ends at {span} on {closes}."),
        });
    }
    let missing = missing(language, of);
    if missing.is_empty() {
        if !of.without_targets {
            said.push(
                match code(language) {
                    "de" => "Von Ihnen wird nichts gebraucht: Jedes Ziel ist erreicht.",
                    "fr" => "Rien n'est attendu de vous : chaque objectif est atteint.",
                    _ => "Nothing is needed from you: every target is met.",
                }
                .to_owned(),
            );
        }
        return said.join(" ");
    }
    said.push(missing);
    let directors: Vec<String> =
        of.directors.iter().map(|(name, silent, all)| silent_of(language, name, *silent, *all)).collect();
    if !directors.is_empty() {
        let (and, who) = match code(language) {
            "de" => (" und ", "Am meisten hilft ein Wort von Ihnen an"),
            "fr" => (" et ", "Un mot de votre part aide le plus auprès de"),
            _ => (" and ", "A word from you helps most with"),
        };
        said.push(format!("{who} {}.", directors.join(and)));
    }
    said.join(" ")
}

fn span(language: &str, low: u64, high: u64) -> String {
    match code(language) {
        "de" => format!("{low} bis {high} %"),
        "fr" => format!("{low} à {high} %"),
        _ => format!("{low} to {high} %"),
    }
}

fn missing(language: &str, of: &Needed) -> String {
    let named = |n: i64, one: &str, many: &str| format!("{} {}", grouped(language, n), if n == 1 { one } else { many });
    let (answers, accounts) = match code(language) {
        "de" => (("Antwort", "Antworten"), ("Kunde", "Kunden")),
        "fr" => (("réponse", "réponses"), ("client", "clients")),
        _ => (("answer", "answers"), ("account", "accounts")),
    };
    let all =
        [of.answers.map(|n| named(n, answers.0, answers.1)), of.accounts.map(|n| named(n, accounts.0, accounts.1))];
    let all: Vec<String> = all.into_iter().flatten().collect();
    match (code(language), all.is_empty()) {
        (_, true) => String::new(),
        ("de", _) => format!("Zum nächsten Ziel fehlen {}.", all.join(" und ")),
        ("fr", _) => format!("Il manque {} pour l'objectif suivant.", all.join(" et ")),
        _ => format!("The next target needs {} more.", all.join(" and ")),
    }
}

fn silent_of(language: &str, name: &str, silent: i64, all: i64) -> String {
    match code(language) {
        "de" => format!("{name} ({silent} von {all} Kunden ohne Antwort)"),
        "fr" => format!("{name} ({silent} clients sur {all} sans réponse)"),
        _ => format!("{name} ({silent} of {all} accounts silent)"),
    }
}

/// What an account manager sends in his own name, under whom it is for: lines of a mail, where nothing stands between paragraphs.
pub fn ready_lines(name: &str, email: &str, subject: &str, text: &str) -> String {
    let words = text.lines().filter(|line| !line.trim().is_empty());
    let head = format!("\u{2013} {name}, {email}: {subject} \u{2013}");
    [head.as_str()].into_iter().chain(words).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
#[path = "team_tests.rs"]
mod tests;
