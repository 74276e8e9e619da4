//! A phrase with values in its places.

use crate::base::sentence::ends_a_sentence;

/// Puts values in the places of a phrase: `fill("{n} of {m}", &[("n", "3"), ("m", "5")])`. What is put in is never read again,
/// so that a name with braces in it stays a name.
pub fn fill(phrase: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(phrase.len() + 24);
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        rest = tail;
        match values.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => {
                out.push_str(value);
                // A name that ends with a full stop ends the sentence.
                let doubled = ends_a_sentence(value) && rest.starts_with('.') && !rest.starts_with("..");
                rest = if doubled { rest.get(1..).unwrap_or_default() } else { rest };
            }
            None => out.push_str(&format!("{{{name}}}")),
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s04_a_value_is_never_read_as_a_phrase() {
        assert_eq!(fill("{a}{b}", &[("a", "{b}"), ("b", "x")]), "{b}x");
        assert_eq!(fill("{oops} {", &[]), "{oops} {");
    }

    #[test]
    fn a_name_with_a_full_stop_ends_the_sentence() {
        let of = |phrase: &str| fill(phrase, &[("client", "Acme Inc.")]);
        assert_eq!(of("It goes to {client}. Thanks"), "It goes to Acme Inc. Thanks");
        assert_eq!(
            (of("{client}."), of("{client}, and"), of("{client}...")),
            ("Acme Inc.".into(), "Acme Inc., and".into(), "Acme Inc....".into())
        );
    }
}
