//! Names in capitals, and the case in which people write them.

/// Letters of a word that has a case of its own.
fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_lowercase() || c.is_uppercase()).count()
}

/// Every letter that could be small is a capital. Two or three letters may be initials, or a short name.
fn is_capitals(text: &str, from: usize) -> bool {
    letters(text) >= from && text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

/// Whether a name was typed in capitals: both of its parts, or one that is too long for initials.
pub fn in_capitals(first: &str, last: &str) -> bool {
    let both = is_capitals(first, 2) && is_capitals(last, 2) && letters(first) + letters(last) > 4;
    both || is_capitals(first, 4) || is_capitals(last, 4)
}

/// Words inside a last name that are written small.
const PARTICLES: &str =
    " van von der den de del della di da do dos das du la le ter ten zu zur af av el al bin ibn y e i ";

/// The part of a name in the case in which people write it; as it is where it is not in capitals.
pub fn usual_case(text: &str) -> String {
    if !is_capitals(text, 2) {
        return text.to_owned();
    }
    let words: Vec<&str> = text.split(' ').collect();
    let count = words.len();
    let word = |(at, word): (usize, &&str)| {
        let small = word.to_lowercase();
        if at + 1 < count && PARTICLES.contains(&format!(" {small} ")) { small } else { capitalised(&small) }
    };
    words.iter().enumerate().map(word).collect::<Vec<_>>().join(" ")
}

/// Large at the beginning and after a hyphen, an apostrophe or a Scottish Mc.
fn capitalised(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut large = true;
    for c in word.chars() {
        if large {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        large = matches!(c, '-' | '\'' | '’' | '.' | '‐' | '‑') || out == "Mc" && word.len() > 4;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_are_told_from_initials_and_short_names() {
        for (first, last) in
            [("ANNA", "SMITH"), ("Jean", "DUPONT"), ("ANNA", "Smith"), ("JÖRG", "MÜLLER"), ("LI", "WEI")]
        {
            assert!(in_capitals(first, last), "{first} {last}");
        }
        for (first, last) in
            [("AJ", "Lee"), ("Kim", "NG"), ("J.", "WU"), ("Anna", "McDonald"), ("小明", "李"), ("I", "NG"), ("", "")]
        {
            assert!(!in_capitals(first, last), "{first} {last}");
        }
    }

    #[test]
    fn names_get_their_usual_case() {
        for (text, usual) in [
            ("SMITH", "Smith"),
            ("O'BRIEN", "O'Brien"),
            ("ANNA-MARIA", "Anna-Maria"),
            ("VAN DER BERG", "van der Berg"),
            ("MCDONALD", "McDonald"),
            ("MÜLLER", "Müller"),
            ("LA", "La"),
            ("Dupont", "Dupont"),
            ("李", "李"),
        ] {
            assert_eq!(usual_case(text), usual);
        }
    }
}
