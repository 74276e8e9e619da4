//! Why somebody is asked to sign what is not his: the one whose account it is does not answer, or is away.

/// "Ann Weiss has been asked 3 times since Monday 11 January."
pub fn asked_in_vain(language: &str, who: &str, times: usize, since: &str) -> String {
    match (language.get(..2).unwrap_or_default(), times) {
        ("de", 1) => format!("{who} wurde am {since} um die Unterschrift gebeten."),
        ("de", _) => format!("{who} wurde seit {since} {times}-mal um die Unterschrift gebeten."),
        ("fr", 1) => format!("La signature de {who} a été demandée le {since}."),
        ("fr", _) => format!("La signature de {who} a été demandée {times} fois depuis le {since}."),
        (_, 1) => format!("{who} was asked on {since}."),
        _ => format!("{who} has been asked {times} times since {since}."),
    }
}

/// "Ann Weiss is away until Friday 15 January." `until`: the last day.
pub fn away(language: &str, who: &str, until: &str) -> String {
    match language.get(..2).unwrap_or_default() {
        "de" => format!("{who} ist bis {until} abwesend."),
        "fr" => format!("{who} est absent(e) jusqu'au {until}."),
        _ => format!("{who} is away until {until}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_says_how_often_and_since_when_or_until_when() {
        assert_eq!(asked_in_vain("en-GB", "Ann Weiss", 3, "D"), "Ann Weiss has been asked 3 times since D.");
        assert_eq!(asked_in_vain("en", "Ann Weiss", 1, "D"), "Ann Weiss was asked on D.");
        assert_eq!(
            asked_in_vain("de", "Ann Weiss", 3, "D"),
            "Ann Weiss wurde seit D 3-mal um die Unterschrift gebeten."
        );
        assert_eq!(away("fr", "Ann Weiss", "D"), "Ann Weiss est absent(e) jusqu'au D.");
    }
}
