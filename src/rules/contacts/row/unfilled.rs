//! Text that a program left where a value should stand: error values of spreadsheets, empty fields of databases, template remains.
//!
//! None of it may reach a letter. Some of these words are names of people too (Jennifer Null, Nan White): what decides is their case
//! beside that of the other name (docs/decisions/0022).

/// What `#N/A` is called in spreadsheets that do not write a mark after it; the others end in `!` or `?` and are told by that.
const NOT_AVAILABLE: &str = "n/a|na|n/d|nd|n/v|nv|n/b|i/t|н/д|yok|hiányzik|saknas|puuttuu|není_k_dispozici|nedostupný|\
    gettingdata|getting_data|n.a.|n/t";

/// Words in brackets, and without, that stand for an empty field.
const EMPTY: &str = "null|nan|none|nil|undefined|n/a|n.a.|n. a.|n/d|n.d.|k.a.|k. a.|blank|empty|leer|vide|vacío|vuoto|\
    puste|пусто|na|not set|no value|no data";

/// What a template calls the fields of a letter.
const FIELDS: &str = "name|firstname|first|lastname|last|surname|fullname|vorname|nachname|prenom|nom|nombre|apellido|\
    nome|cognome|imie|nazwisko|contact|contactname|company|companyname|account|accountname|firma|entreprise|title|\
    jobtitle|salutation|anrede|fname|lname|email|customer";

fn is_one_of(list: &str, text: &str) -> bool {
    list.split('|').any(|word| word.trim() == text)
}

/// `#REF!`, `#BEZUG!`, `#¿NOMBRE?`, `Err:508`, `####`, in whatever language.
pub fn is_error_value(text: &str) -> bool {
    let text = text.trim();
    if text == "Loading..." || text == "Loading…" {
        return true;
    }
    if let Some((word, number)) = text.split_once(':') {
        let number = number.trim();
        return matches!(word.trim().to_lowercase().as_str(), "err" | "fehler" | "erreur" | "error")
            && number.len() == 3
            && number.bytes().all(|b| b.is_ascii_digit());
    }
    let Some(rest) = text.strip_prefix(['#', '＃']) else { return false };
    if rest.chars().all(|c| c == '#') {
        return !rest.is_empty();
    }
    let lower = rest.to_lowercase();
    if is_one_of(NOT_AVAILABLE, lower.trim_end_matches(['!', '?'])) {
        return true;
    }
    let marked = rest.ends_with(['!', '?']) && rest.chars().count() > 2;
    let one_case = rest == lower || rest == rest.to_uppercase();
    marked && one_case && rest.chars().all(|c| c.is_alphanumeric() || "/_!?¡¿. ".contains(c))
}

/// `{{contact.firstname}}`, `%FIRSTNAME%`, `[First Name]`, `<<name>>`, `*|FNAME|*`.
pub fn is_template(text: &str) -> bool {
    let text = text.trim();
    let inside = |open: &str, close: &str| {
        text.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .map(str::trim)
            .filter(|inner| !inner.is_empty())
    };
    if ["{{", "}}", "${", "*|", "|*", "<<", "{%", "[[", "{!"].iter().any(|mark| text.contains(mark)) {
        return true;
    }
    let word = |inner: &str| !inner.contains(char::is_whitespace) && inner.chars().any(char::is_alphabetic);
    if [("%", "%"), ("{", "}"), ("##", "##"), ("@@", "@@"), ("%%", "%%"), ("__", "__")]
        .iter()
        .any(|(open, close)| inside(open, close).is_some_and(word))
    {
        return true;
    }
    let field = |inner: &str| {
        // A field's name, and not whatever else stands in brackets.
        if !inner.chars().all(|c| c.is_alphanumeric() || "_. -".contains(c)) {
            return false;
        }
        let plain: String = super::cells::folded(inner);
        is_one_of(FIELDS, &plain) || inner.contains('_') || inner.contains('.') && word(inner)
    };
    [("[", "]"), ("<", ">"), ("«", "»"), ("{", "}"), ("(", ")")]
        .iter()
        .any(|(open, close)| inside(open, close).is_some_and(field))
}

/// `(null)`, `<NA>`, `\N`, `n/a`, `n.a.`: written by programs or for want of anything, and nobody's name in any case of letters.
pub fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(|c| "()[]<>{}".contains(c));
    matches!(text, "\\N" | "NaN" | "n. a." | "k. A." | "k. a." | "k.A." | "n.a." | "n.d.")
        || matches!(lower.as_str(), "n/a" | "n / a" | "n/d" | "undefined" | "not set" | "no value" | "no data")
        || bare.len() < lower.len() && is_one_of(EMPTY, bare)
}

/// A word that is an empty field of a database and may be a name: null, nan, none, nil.
pub fn is_empty_word(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "null" | "nan" | "none" | "nil")
}

/// Whether a cell that is no name of a person says nothing.
pub fn says_nothing(text: &str) -> bool {
    let text = text.trim();
    is_error_value(text) || is_template(text) || is_nothing(text) || is_empty_word(text) || only_signs(text)
}

/// A dash or a dot where something should stand.
pub fn only_signs(text: &str) -> bool {
    !text.is_empty()
        && !text.chars().any(|c| c.is_alphanumeric() || c == '?' || c == '\u{fffd}' || c == '✓' || c == '✔' || c == '☑')
}

/// How people are addressed, where a name or a job title should stand.
pub fn is_form_of_address(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let plain: String = lower.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(
        plain.as_str(),
        "mr" | "mr."
            | "mrs"
            | "mrs."
            | "ms"
            | "ms."
            | "miss"
            | "mx"
            | "mx."
            | "dr"
            | "dr."
            | "prof"
            | "prof."
            | "professor"
            | "prof.dr."
            | "dr.med."
            | "dr.-ing."
            | "dr.ing."
            | "dipl.-ing."
            | "dipl.ing."
            | "ing."
            | "mag."
            | "herr"
            | "frau"
            | "hr."
            | "fr."
            | "herrn"
            | "mme"
            | "mme."
            | "mlle"
            | "mlle."
            | "monsieur"
            | "madame"
            | "mademoiselle"
            | "sr."
            | "sra."
            | "srta."
            | "señor"
            | "señora"
            | "sig."
            | "sig.ra"
            | "signor"
            | "signora"
            | "dott."
            | "dott.ssa"
            | "dhr."
            | "mevr."
            | "mevrouw"
            | "pani"
            | "p."
            | "sir"
            | "madam"
            | "sir/madam"
            | "mr/mrs"
            | "mr./mrs."
            | "herr/frau"
            | "г-н"
            | "г-жа"
            | "g-n"
            | "κ."
            | "bay"
            | "bayan"
            | "様"
    )
}

/// What a word for an empty field is in one of the two name cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyWord {
    Empty,
    /// "Jennifer Null": a name, or an empty field.
    Either,
    Name,
}

/// The word beside the other name: a program's word stands out by its case, a person's name has the case of the other.
pub fn word_beside(text: &str, other: &str) -> EmptyWord {
    #[derive(PartialEq)]
    enum Case {
        Upper,
        Lower,
        Title,
    }
    let text = text.trim();
    if is_error_value(text) || is_template(text) || is_nothing(text) {
        return EmptyWord::Empty;
    }
    if !is_empty_word(text) {
        return EmptyWord::Name;
    }
    let case = |text: &str| match (text.chars().any(char::is_uppercase), text.chars().any(char::is_lowercase)) {
        (true, false) => Case::Upper,
        (false, _) => Case::Lower,
        _ => Case::Title,
    };
    if other.trim().is_empty() || only_signs(other) || is_empty_word(other) {
        return if text == "Nan" && !is_empty_word(other) { EmptyWord::Name } else { EmptyWord::Empty };
    }
    match (case(text), case(other)) {
        // Scripts without case say nothing about it.
        _ if !other.chars().any(|c| c.is_uppercase() || c.is_lowercase()) => EmptyWord::Empty,
        (Case::Title, _) if text == "Nan" => EmptyWord::Name,
        (Case::Title, _) => EmptyWord::Either,
        (own, beside) if own == beside => EmptyWord::Either,
        _ => EmptyWord::Empty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_values_in_the_languages_of_spreadsheets() {
        for text in [
            "#N/A",
            "#n/a",
            "#REF!",
            "#VALUE!",
            "#NAME?",
            "#DIV/0!",
            "#NULL!",
            "#NUM!",
            "#SPILL!",
            "#CALC!",
            "#GETTING_DATA",
            "#NV",
            "#BEZUG!",
            "#WERT!",
            "#ZAHL!",
            "#ÜBERLAUF!",
            "#NOM?",
            "#VALEUR!",
            "#NOMBRE!",
            "#¡REF!",
            "#¿NOMBRE?",
            "#¡VALOR!",
            "#¡DIV/0!",
            "#VALOR!",
            "#N/D",
            "#RIF!",
            "#VALORE!",
            "#NOME?",
            "#N/B",
            "#VERW!",
            "#WAARDE!",
            "#NAAM?",
            "#DEEL/0!",
            "#GETAL!",
            "#N/D!",
            "#ADR!",
            "#ARG!",
            "#NAZWA?",
            "#DZIEL/0!",
            "#LICZBA!",
            "#SAKNAS!",
            "#REFERENS!",
            "#VÄRDEFEL!",
            "#NAMN?",
            "#I/T",
            "#REFERENCE!",
            "#VÆRDI!",
            "#NAVN?",
            "#Н/Д",
            "#ССЫЛКА!",
            "#ЗНАЧ!",
            "#ИМЯ?",
            "#ДЕЛ/0!",
            "#ODKAZ!",
            "#HODNOTA!",
            "#YOK",
            "#DEĞER!",
            "Err:508",
            "err: 502",
            "Fehler:522",
            "#ERROR!",
            "#####",
            "Loading...",
        ] {
            assert!(is_error_value(text) && says_nothing(text), "{text}");
        }
        for text in ["#1 Plumbing", "#", "Go!", "#hashtag", "Error Ltd", "C#", "Team #4!", "Yahoo!", "Terr:508"] {
            assert!(!is_error_value(text), "{text}");
        }
    }

    #[test]
    fn template_remains_and_nothing() {
        for text in [
            "{{contact.firstname}}",
            "Dear {{ first }}",
            "%FIRSTNAME%",
            "[First Name]",
            "<<name>>",
            "«Vorname»",
            "${user.name}",
            "*|FNAME|*",
            "{!Contact.Name}",
            "{first_name}",
            "##NAME##",
            "[contact.company]",
            "<Nachname>",
        ] {
            assert!(is_template(text), "{text}");
        }
        for text in ["Anna [Ann]", "(Bob)", "100% Ltd", "A & B", "<3", "Acme (UK)", "[Acme]", "«Звезда»"] {
            assert!(!is_template(text), "{text}");
        }
        for text in [
            "(null)",
            "<NA>",
            "\\N",
            "n/a",
            "N/A",
            "n.a.",
            "k.A.",
            "undefined",
            "(blank)",
            "(Leer)",
            "[empty]",
            "-",
            "–",
            "...",
            "NaN",
            "null",
            "None",
        ] {
            assert!(says_nothing(text), "{text}");
        }
        for text in ["Nil Desperandum Ltd", "N.A. Krishnan", "A", "3", "Nothing", "李"] {
            assert!(!says_nothing(text), "{text}");
        }
    }

    #[test]
    fn a_persons_name_has_the_case_of_the_other() {
        for (text, other, word) in [
            ("NULL", "Brown", EmptyWord::Empty),
            ("nan", "White", EmptyWord::Empty),
            ("NaN", "White", EmptyWord::Empty),
            ("None", "White", EmptyWord::Either),
            ("Null", "Jennifer", EmptyWord::Either),
            ("NULL", "JENNIFER", EmptyWord::Either),
            ("null", "jennifer", EmptyWord::Either),
            ("Nan", "White", EmptyWord::Name),
            ("#N/A", "Smith", EmptyWord::Empty),
            ("null", "", EmptyWord::Empty),
            ("Null", "Null", EmptyWord::Empty),
            ("NULL", "李", EmptyWord::Empty),
            ("Anna", "Null", EmptyWord::Name),
            ("undefined", "undefined", EmptyWord::Empty),
        ] {
            assert_eq!(word_beside(text, other), word, "{text} beside {other}");
        }
    }
}
