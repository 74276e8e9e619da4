//! Sets of phrases: the words of a page as values with names, the same names in every language (decision 0051).

/// A struct with these phrases, each a text.
macro_rules! phrase_set {
    ($(#[$meta:meta])* $set:ident: $($name:ident)*) => {
        $(#[$meta])*
        pub struct $set {
            /// ISO 639.
            pub code: &'static str,
            $(pub $name: &'static str,)*
        }

        impl $set {
            /// Every phrase with its name, so that none of a language is forgotten.
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)*]
            }

            /// The phrase for one or for several of a thing, with the number in it. In French none is one.
            pub fn counted(&self, n: usize, one: &'static str, many: &'static str) -> String {
                let single = n == 1 || (n == 0 && self.code == "fr");
                $crate::web::kit::views::phrases::fill(if single { one } else { many }, &[("n", &n.to_string())])
            }
        }
    };
}

pub(crate) use phrase_set;

#[cfg(test)]
pub(crate) mod tests {
    /// The phrases of one language: its code, then each with its name.
    pub type Phrases = (&'static str, Vec<(&'static str, &'static str)>);

    fn places(text: &str) -> Vec<&str> {
        let mut all: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// English first: the others have the same places in every phrase, and words of their own; none has the banned word in it.
    pub fn are_words_of_their_own(all: &[Phrases]) {
        let codes: Vec<&str> = all.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, crate::rules::round::PAGE_LANGUAGES);
        let english = &all[0].1;
        for (code, phrases) in &all[1..] {
            for ((name, english), (_, own)) in english.iter().zip(phrases) {
                assert!(!own.trim().is_empty() && own != english, "{code}: {name} is {own}");
                assert_eq!(places(own), places(english), "{code}: {name}");
            }
        }
        for (code, phrases) in all {
            for (name, text) in phrases {
                let text = text.to_lowercase();
                let banned = crate::rules::round::says_banned_word(&text);
                let sister = crate::rules::round::SISTERS.iter().any(|word| text.contains(word));
                assert!(!banned && !sister, "{code}: {name}");
            }
        }
    }
}
