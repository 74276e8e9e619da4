//! The lines of the lists in mails to people of the client, in the language of the round: what waits, whose it is, since when.

use crate::rules::repair::TaskKind;

fn code(language: &str) -> &str {
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
        "de" => format!(", gezeichnet von {who} am {day}"),
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

/// What is said of somebody who has left, and of a dead address.
pub fn unreachable(language: &str, kind: TaskKind) -> &'static str {
    match (code(language), kind) {
        ("de", TaskKind::Replace) => "hat das Unternehmen verlassen",
        ("de", TaskKind::Correct) => "die Adresse nimmt keine Post an",
        ("fr", TaskKind::Replace) => "a quitté l'entreprise",
        ("fr", TaskKind::Correct) => "l'adresse n'accepte pas de courrier",
        (_, TaskKind::Replace) => "has left the company",
        (_, TaskKind::Correct) => "the address takes no mail",
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

pub fn invited(language: &str, day: &str) -> String {
    match code(language) {
        "de" => format!("eingeladen am {day}"),
        "fr" => format!("invitation du {day}"),
        _ => format!("invited on {day}"),
    }
}

pub fn begun(language: &str) -> &'static str {
    match code(language) {
        "de" => " (hat begonnen)",
        "fr" => " (a commencé)",
        _ => " (has begun)",
    }
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
}
