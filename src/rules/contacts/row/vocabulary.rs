//! Words that mean something in a list: roles, yes and no, "has left the company".
//!
//! Each in the spellings that CRM exports in English, German and French have. What is not listed is unknown, never guessed.

use super::cells::folded;
use crate::rules::contacts::Role;

/// The contact role; `None` when the text is empty or not a role we know.
pub fn role(text: &str) -> Option<Role> {
    match folded(text).as_str() {
        "keydecisionmaker"
        | "decisionmaker"
        | "kdm"
        | "economicbuyer"
        | "economicdecisionmaker"
        | "executivesponsor"
        | "budgetholder"
        | "entscheider"
        | "entscheidungstrager"
        | "hauptentscheider"
        | "decideur"
        | "decideurcle"
        | "decisionnaire" => Some(Role::KeyDecisionMaker),
        "influencer" | "keyinfluencer" | "beeinflusser" | "einflussnehmer" | "influenceur" | "prescripteur" => {
            Some(Role::Influencer)
        }
        "operationalcontact"
        | "operational"
        | "operations"
        | "dailycontact"
        | "daytodaycontact"
        | "enduser"
        | "operativerkontakt"
        | "operativeransprechpartner"
        | "ansprechpartner"
        | "contactoperationnel"
        | "operationnel"
        | "utilisateur" => Some(Role::OperationalContact),
        _ => None,
    }
}

/// Yes or no; `None` when the text is neither. A lone dash or sign is no.
pub fn yes(text: &str) -> Option<bool> {
    match folded(text).as_str() {
        "" if text.contains(['✓', '✔', '☑']) => Some(true),
        "yes" | "y" | "true" | "1" | "x" | "ja" | "j" | "wahr" | "oui" | "o" | "vrai" | "strategic" | "strategisch"
        | "strategique" => Some(true),
        "" | "no" | "n" | "false" | "0" | "nein" | "falsch" | "non" | "faux" | "none" => Some(false),
        _ => None,
    }
}

/// A whole amount of money: signs, spaces and thousands separators fall away, decimals too.
pub fn amount(text: &str) -> Option<i64> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && !"€$£¥'’".contains(*c)).collect();
    let digits =
        digits.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_end_matches(|c: char| c.is_ascii_uppercase());
    let separators = |c: char| c == ',' || c == '.';
    if !digits.chars().all(|c| c.is_ascii_digit() || separators(c) || c == '-') {
        return None;
    }
    // Three digits after the last sign are thousands, any other number of them decimals.
    let whole = match digits.rfind(separators) {
        Some(at) if digits.len() - at - 1 != 3 => &digits[..at],
        _ => digits,
    };
    whole.replace(separators, "").parse().ok()
}

/// The words by which account teams note that someone is gone.
pub fn left_company_note(text: &str) -> bool {
    const NOTES: [&str; 26] = [
        "(left",
        "[left",
        "- left",
        "left the company",
        "left company",
        "has left",
        "left in ",
        "left 19",
        "left 20",
        "no longer",
        "(retired",
        "retired 20",
        "has retired",
        "(deceased",
        "deceased",
        "resigned",
        "(former",
        "ex-employee",
        "do not contact",
        "ausgeschieden",
        "nicht mehr im",
        "im ruhestand",
        "a quitté",
        "parti en ",
        "n'est plus",
        "retraité",
    ];
    if text.len() < 8 {
        return false;
    }
    let lower = text.to_lowercase();
    NOTES.iter().any(|note| lower.contains(note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_of_three_languages() {
        assert_eq!(role("Key Decision-Maker"), Some(Role::KeyDecisionMaker));
        assert_eq!(role("DECISION_MAKER"), Some(Role::KeyDecisionMaker));
        assert_eq!(role("Entscheidungsträger"), Some(Role::KeyDecisionMaker));
        assert_eq!(role("Champion"), None);
        assert_eq!(role("??"), None);
    }

    #[test]
    fn amounts_as_spreadsheets_write_them() {
        for (text, whole) in [
            ("1,728,454", 1_728_454),
            ("1.728.454", 1_728_454),
            ("EUR 12 500,75", 12_500),
            ("-5", -5),
            ("22798.0", 22_798),
        ] {
            assert_eq!(amount(text), Some(whole), "{text}");
        }
        assert_eq!(amount("plenty"), None);
        assert_eq!(amount("1.2m"), None);
    }

    #[test]
    fn notes_about_people_who_left() {
        assert!(
            left_company_note("Buyer (left 2023)")
                && left_company_note("Head of IT - left the company")
                && left_company_note("ausgeschieden")
        );
        assert!(!left_company_note("Left Bank Manager") && !left_company_note("Leftwich"));
    }
}
