//! The lines of the lists in mails to people of the client, in the language of the round: what waits, whose it is, since when.

pub mod summary;
pub mod team;

use crate::rules::contacts::Role;
use crate::rules::repair::TaskKind;

pub(super) fn code(language: &str) -> &str {
    language.get(..2).unwrap_or_default()
}

/// "Globex: 2 names, signed by Erik Holm on Tuesday 19 January, asked for since Monday 18 January".
pub fn counted(
    language: &str,
    account: &str,
    names: i64,
    signed: Option<(&str, String)>,
    asked: Option<&str>,
) -> String {
    let number = match (code(language), names) {
        ("de", 1) => "1 Name".into(),
        ("de", n) => format!("{n} Namen"),
        ("fr", 1) => "1 nom".into(),
        ("fr", n) => format!("{n} noms"),
        (_, 1) => "1 name".into(),
        (_, n) => format!("{n} names"),
    };
    let signed = signed.map(|(who, day)| match code(language) {
        "de" => format!(", unterschrieben von {who} am {day}"),
        "fr" => format!(", signé par {who} le {day}"),
        _ => format!(", signed by {who} on {day}"),
    });
    let asked = asked.map(|day| match code(language) {
        "de" => format!(", erbeten seit {day}"),
        "fr" => format!(", demandé depuis le {day}"),
        _ => format!(", asked for since {day}"),
    });
    let colon = if code(language) == "fr" { " :" } else { ":" };
    format!("{account}{colon} {number}{}{}", signed.unwrap_or_default(), asked.unwrap_or_default())
}

/// "Globex (for Ann Weiss, who has asked you)": an account that its reader signs for somebody else. `asked`: by that one's own word.
pub fn for_another(language: &str, account: &str, who: &str, asked: bool) -> String {
    match (code(language), asked) {
        ("de", true) => format!("{account} (im Auftrag von {who})"),
        ("de", false) => format!("{account} (für {who})"),
        ("fr", true) => format!("{account} (pour {who}, qui vous le demande)"),
        ("fr", false) => format!("{account} (pour {who})"),
        (_, true) => format!("{account} (for {who}, who has asked you)"),
        (_, false) => format!("{account} (for {who})"),
    }
}

/// Who may sign for somebody: "Cara Lee, cara.lee@p.example: Globex". `accounts`: none where it is all of them.
pub fn may_sign(language: &str, name: &str, email: &str, account: Option<&str>) -> String {
    let (colon, all) = match code(language) {
        "de" => (":", "alle Ihre Kunden, auch solche, die noch dazukommen"),
        "fr" => (" :", "tous vos clients, même ceux qui s'ajouteront"),
        _ => (":", "all your accounts, also those still to come"),
    };
    format!("- {name}, {email}{colon} {}", account.unwrap_or(all))
}

/// What is said of somebody who has left, of somebody who is not whom to ask, and of a dead address.
pub fn unreachable(language: &str, kind: TaskKind, left: bool) -> &'static str {
    match (code(language), kind, left) {
        ("de", TaskKind::Replace, true) => "hat das Unternehmen verlassen",
        ("de", TaskKind::Replace, false) => "ist nicht die richtige Person",
        ("de", TaskKind::Correct, _) => "die Adresse nimmt keine Post an",
        ("fr", TaskKind::Replace, true) => "a quitté l'entreprise",
        ("fr", TaskKind::Replace, false) => "n'est pas la bonne personne",
        ("fr", TaskKind::Correct, _) => "l'adresse n'accepte pas de courrier",
        (_, TaskKind::Replace, true) => "has left the company",
        (_, TaskKind::Replace, false) => "is not whom to ask",
        (_, TaskKind::Correct, _) => "the address takes no mail",
    }
}

/// Since when we know it.
pub fn since(language: &str, day: &str) -> String {
    match code(language) {
        "de" => format!("bekannt seit {day}"),
        "fr" => format!("connu depuis le {day}"),
        _ => format!("known since {day}"),
    }
}

/// What one signature of a receipt is: where, how many names, when, and how it was given.
#[derive(Clone, Copy, Debug)]
pub struct SignedLine<'a> {
    pub account: &'a str,
    pub names: i64,
    /// "Tuesday 19 January, 14:03".
    pub at: &'a str,
    /// As signatures keep it: `count`, `code`, `link`, `recorded` or `carried`.
    pub how: &'a str,
    /// Of what was given elsewhere: who gave it.
    pub given_by: &'a str,
    pub whose: Whose<'a>,
}

/// Whose signature the reader of a receipt reads of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose<'a> {
    /// His own, of his own account.
    Own,
    /// That of somebody who has signed for him.
    ForYou(&'a str),
    /// His own, for somebody else.
    For(&'a str),
}

/// "Globex: 2 names, signed on Tuesday 19 January, 14:03, by a mailed code".
pub fn signed(language: &str, line: &SignedLine<'_>) -> String {
    let begins = counted(language, line.account, line.names, None, None);
    let (at, by) = (line.at, line.given_by);
    let is_signed = match (code(language), line.whose) {
        ("de", Whose::Own) => format!("unterschrieben am {at}"),
        ("de", Whose::ForYou(who)) => format!("für Sie unterschrieben von {who} am {at}"),
        ("de", Whose::For(who)) => format!("für {who} unterschrieben am {at}"),
        ("fr", Whose::Own) => format!("signé le {at}"),
        ("fr", Whose::ForYou(who)) => format!("signé pour vous par {who} le {at}"),
        ("fr", Whose::For(who)) => format!("signé pour {who} le {at}"),
        (_, Whose::Own) => format!("signed on {at}"),
        (_, Whose::ForYou(who)) => format!("signed by {who} for you on {at}"),
        (_, Whose::For(who)) => format!("signed for {who} on {at}"),
    };
    let how = match (code(language), line.how) {
        ("de", "recorded") => format!("unterschrieben von {by}, von uns eingetragen am {at}"),
        ("de", "carried") => {
            format!("unterschrieben von {by} in der vorigen Runde; diese Liste gilt, eingetragen am {at}")
        }
        ("de", "code") => format!("{is_signed}, mit einem zugesandten Code"),
        ("de", _) => format!("{is_signed}, mit der Zahl der Namen"),
        ("fr", "recorded") => format!("signé par {by}, enregistré par nous le {at}"),
        ("fr", "carried") => {
            format!("signé par {by} lors de la campagne précédente ; cette liste vaut, enregistré le {at}")
        }
        ("fr", "code") => format!("{is_signed}, avec un code envoyé par e-mail"),
        ("fr", _) => format!("{is_signed}, avec le nombre de noms"),
        (_, "recorded") => format!("signed by {by}, recorded by us on {at}"),
        (_, "carried") => format!("signed by {by} in the round before; that list stands, recorded on {at}"),
        (_, "code") => format!("{is_signed}, with a mailed code"),
        _ => format!("{is_signed}, with the number of names"),
    };
    format!("{begins}, {how}")
}

fn role_name(language: &str, role: Role) -> &'static str {
    match (code(language), role) {
        ("de", Role::KeyDecisionMaker) => "Entscheider",
        ("de", Role::Influencer) => "Mitentscheider",
        ("de", Role::OperationalContact) => "Ansprechpartner im Tagesgeschäft",
        ("de", Role::Unknown) => "Rolle nicht bekannt",
        ("fr", Role::KeyDecisionMaker) => "décideur",
        ("fr", Role::Influencer) => "prescripteur",
        ("fr", Role::OperationalContact) => "contact opérationnel",
        ("fr", Role::Unknown) => "rôle inconnu",
        (_, role) => role.label(),
    }
}

/// "Ann Lee, Head of Purchasing, key decision maker, ann.lee@globex.example".
pub fn listed(language: &str, name: &str, job_title: &str, role: Role, email: &str) -> String {
    let role = role_name(language, role);
    [name, job_title, role, email].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Lines of one list at most; the last one says how many more there are.
const LONGEST_LIST: usize = 60;

/// A list, cut at a bound that a mail can carry.
pub fn shortened(mut lines: Vec<String>, language: &str) -> String {
    if lines.len() > LONGEST_LIST {
        let rest = more(language, lines.len() - LONGEST_LIST);
        lines.truncate(LONGEST_LIST);
        lines.push(rest);
    }
    lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
}

/// The last line of a list that was cut.
pub fn more(language: &str, n: usize) -> String {
    match code(language) {
        "de" => format!("und {n} weitere"),
        "fr" => format!("et {n} de plus"),
        _ => format!("and {n} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_waits_whose_it_is_and_since_when() {
        let signed = || Some(("Erik Holm", "Tuesday 19 January".to_string()));
        assert_eq!(
            counted("en", "Globex", 2, signed(), Some("Monday 18 January")),
            "Globex: 2 names, signed by Erik Holm on Tuesday 19 January, asked for since Monday 18 January"
        );
        assert_eq!(counted("en-GB", "Globex", 1, None, None), "Globex: 1 name");
        assert_eq!(
            counted("de", "Globex", 1, None, Some("Montag, 18. Januar")),
            "Globex: 1 Name, erbeten seit Montag, 18. Januar"
        );
        assert_eq!(counted("fr", "Globex", 3, None, None), "Globex : 3 noms");
        assert_eq!(
            (more("en", 12), more("de", 12), more("fr", 12)),
            ("and 12 more".into(), "und 12 weitere".into(), "et 12 de plus".into())
        );
    }

    #[test]
    fn a_receipt_says_how_each_list_was_signed_and_who_is_on_it() {
        let line = |how| SignedLine {
            account: "Globex",
            names: 2,
            at: "D, 14:03",
            how,
            given_by: "Dora Fields",
            whose: Whose::Own,
        };
        assert_eq!(signed("en", &line("code")), "Globex: 2 names, signed on D, 14:03, with a mailed code");
        assert_eq!(signed("de", &line("count")), "Globex: 2 Namen, unterschrieben am D, 14:03, mit der Zahl der Namen");
        assert_eq!(
            signed("fr", &line("recorded")),
            "Globex : 2 noms, signé par Dora Fields, enregistré par nous le D, 14:03"
        );
        let for_you = SignedLine { whose: Whose::ForYou("Cara Lee"), ..line("code") };
        let for_ann = SignedLine { whose: Whose::For("Ann Weiss"), ..line("count") };
        assert_eq!(
            signed("en", &for_you),
            "Globex: 2 names, signed by Cara Lee for you on D, 14:03, with a mailed code"
        );
        assert_eq!(
            signed("de", &for_ann),
            "Globex: 2 Namen, für Ann Weiss unterschrieben am D, 14:03, mit der Zahl der Namen"
        );
        assert_eq!(
            listed("en-GB", "Ann Lee", "", Role::KeyDecisionMaker, "ann@globex.example"),
            "Ann Lee, key decision maker, ann@globex.example"
        );
    }
}
