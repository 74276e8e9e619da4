//! The languages' own names, for the menu by which a contact changes the language of a page.

const OWN: &str = "ar العربية|bg Български|bs Bosanski|ca Català|cs Čeština|cy Cymraeg|da Dansk|de Deutsch|\
    el Ελληνικά|en English|es Español|et Eesti|eu Euskara|fa فارسی|fi Suomi|fr Français|ga Gaeilge|gl Galego|\
    he עברית|hi हिन्दी|hr Hrvatski|hu Magyar|hy Հայերեն|id Bahasa Indonesia|is Íslenska|it Italiano|ja 日本語|\
    ka ქართული|kk Қазақ тілі|ko 한국어|lb Lëtzebuergesch|lt Lietuvių|lv Latviešu|mk Македонски|ms Bahasa Melayu|\
    mt Malti|nb Norsk bokmål|nl Nederlands|nn Norsk nynorsk|no Norsk|pl Polski|pt Português|ro Română|ru Русский|\
    sk Slovenčina|sl Slovenščina|sq Shqip|sr Српски|sv Svenska|th ไทย|tr Türkçe|uk Українська|ur اردو|vi Tiếng Việt|\
    zh 中文";

/// "Deutsch" for `de`, also for `de-AT`; the code itself where we have no name for it.
pub fn own_name(code: &str) -> &str {
    let primary = code.split(['-', '_']).next().unwrap_or("");
    let found = OWN.split('|').filter_map(|entry| entry.split_once(' ')).find(|(known, _)| *known == primary);
    found.map_or(code, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use crate::web::kit::views::phrases::choice::ALL;

    use super::*;

    #[test]
    fn languages_are_named_in_their_own_words() {
        assert_eq!((own_name("nl"), own_name("de-AT"), own_name("xx")), ("Nederlands", "Deutsch", "xx"));
        for phrases in ALL {
            assert_eq!(own_name(phrases.code), phrases.language);
        }
    }
}
