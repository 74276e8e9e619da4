//! What stands on the one button of a mail: what pressing it is for, in the language of the words.

use crate::rules::message::MessageKind;

use super::placeholders::Values;

/// The languages of buttons; others have the English ones.
const LANGUAGES: [&str; 6] = ["en", "de", "fr", "es", "it", "nl"];

/// By language: for one name and for several, where it can be counted; `{n}` is the number.
type Words = [(&'static str, &'static str); 6];

const SIGN_OFF: Words = [
    ("Sign off 1 name", "Sign off {n} names"),
    ("1 Namen unterschreiben", "{n} Namen unterschreiben"),
    ("Signer 1 nom", "Signer {n} noms"),
    ("Firmar 1 nombre", "Firmar {n} nombres"),
    ("Firma 1 nome", "Firma {n} nomi"),
    ("1 naam goedkeuren", "{n} namen goedkeuren"),
];
const COUNTER_SIGN: Words = [
    ("Counter-sign 1 name", "Counter-sign {n} names"),
    ("1 Namen mitunterschreiben", "{n} Namen mitunterschreiben"),
    ("Contresigner 1 nom", "Contresigner {n} noms"),
    ("Refrendar 1 nombre", "Refrendar {n} nombres"),
    ("Controfirma 1 nome", "Controfirma {n} nomi"),
    ("1 naam medeondertekenen", "{n} namen medeondertekenen"),
];
const REPAIR: Words = [
    ("Correct or replace 1 contact", "Correct or replace {n} contacts"),
    ("1 Kontakt berichtigen", "{n} Kontakte berichtigen"),
    ("Corriger ou remplacer 1 contact", "Corriger ou remplacer {n} contacts"),
    ("Corregir o sustituir 1 contacto", "Corregir o sustituir {n} contactos"),
    ("Correggi o sostituisci 1 contatto", "Correggi o sostituisci {n} contatti"),
    ("1 contact verbeteren", "{n} contacten verbeteren"),
];
const ANSWER: [&str; 6] = [
    "Give your view",
    "Ihre Sicht schildern",
    "Donner votre avis",
    "Dar su opinión",
    "Dia il suo parere",
    "Geef uw mening",
];
const OPEN: [&str; 6] = [
    "Open your page",
    "Ihre Seite öffnen",
    "Ouvrir votre page",
    "Abrir su página",
    "Apra la sua pagina",
    "Uw pagina openen",
];

/// The label for a mail of this kind; `values` say how many names it is about.
pub fn label(kind: MessageKind, language: &str, values: &Values) -> String {
    let place = language.get(..2).and_then(|code| LANGUAGES.iter().position(|l| *l == code)).unwrap_or(0);
    let counted = match kind {
        MessageKind::SignOff => Some(&SIGN_OFF),
        MessageKind::CounterSign => Some(&COUNTER_SIGN),
        MessageKind::Repair => Some(&REPAIR),
        _ => None,
    };
    let names = values.get("names").and_then(|n| n.parse::<u64>().ok()).filter(|n| *n > 0);
    match (kind, counted.and_then(|words| words.get(place)), names) {
        (_, Some((one, _)), Some(1)) => (*one).to_string(),
        (_, Some((_, several)), Some(n)) => several.replace("{n}", &n.to_string()),
        (MessageKind::Invitation | MessageKind::Reminder, _, _) => said(&ANSWER, place),
        _ => said(&OPEN, place),
    }
}

fn said(words: &[&str; 6], place: usize) -> String {
    words.get(place).map_or(String::new(), |label| (*label).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: MessageKind, language: &str, names: &str) -> String {
        label(kind, language, &Values::from([("names", names.to_string())]))
    }

    #[test]
    fn a_button_says_what_it_does_and_to_how_many() {
        assert_eq!(of(MessageKind::SignOff, "en", "17"), "Sign off 17 names");
        assert_eq!(of(MessageKind::SignOff, "en", "1"), "Sign off 1 name");
        assert_eq!(of(MessageKind::CounterSign, "de-AT", "3"), "3 Namen mitunterschreiben");
        assert_eq!(of(MessageKind::Repair, "fr", "1"), "Corriger ou remplacer 1 contact");
        assert_eq!(of(MessageKind::Invitation, "pl", ""), "Give your view");
        assert_eq!(of(MessageKind::Reminder, "nl", "9"), "Geef uw mening");
        // Nothing to count: the page all the same.
        for none in ["", "0", "x"] {
            assert_eq!(of(MessageKind::SignOff, "en", none), "Open your page", "{none:?}");
        }
        assert_eq!(of(MessageKind::Digest, "é", "4"), "Open your page");
    }

    #[test]
    fn every_language_counts_and_none_leaves_its_mark() {
        for language in LANGUAGES {
            for kind in MessageKind::ALL {
                for n in ["1", "2", "1200"] {
                    let label = of(kind, language, n);
                    assert!(!label.contains('{') && !label.is_empty() && label.chars().count() < 40, "{label}");
                }
            }
            assert_ne!(of(MessageKind::SignOff, language, "1"), of(MessageKind::SignOff, language, "2"));
        }
    }
}
