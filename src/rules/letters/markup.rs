//! What the HTML of a letter is made of: its elements, attributes, links and declarations. Written by us, so no more of HTML is understood
//! than we write: lower-case names and values in double quotes.

use std::collections::BTreeSet;

/// What stands in a document, each once.
#[derive(Debug, Default)]
pub(super) struct Markup<'h> {
    pub elements: BTreeSet<&'h str>,
    pub attributes: BTreeSet<&'h str>,
    /// Properties with their values, of attributes and of rules.
    pub declarations: BTreeSet<(&'h str, &'h str)>,
    /// What stands in front of the braces of a style sheet: selectors and at-rules.
    pub heads: BTreeSet<&'h str>,
    pub links: BTreeSet<&'h str>,
    /// What the head of the document says by name.
    pub metas: BTreeSet<&'h str>,
}

impl<'h> Markup<'h> {
    pub fn read(html: &'h str) -> Markup<'h> {
        let mut markup = Markup::default();
        let mut rest = html;
        while let Some((_, tag)) = rest.split_once('<') {
            // What stands in a comment is for Word, which is told by it to draw a table.
            if let Some(comment) = tag.strip_prefix("!--") {
                rest = comment.split_once("-->").map_or("", |(_, after)| after);
                continue;
            }
            let (inside, after) = tag.split_once('>').unwrap_or((tag, ""));
            rest = after;
            if inside.starts_with(['/', '!']) {
                continue;
            }
            let name = inside.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
            markup.elements.insert(name);
            markup.attributes_of(name, inside.get(name.len()..).unwrap_or_default());
            if name == "style" {
                let (sheet, after) = rest.split_once("</style>").unwrap_or((rest, ""));
                markup.sheet(sheet);
                rest = after;
            }
        }
        markup
    }

    fn attributes_of(&mut self, element: &str, mut inside: &'h str) {
        while let Some((name, value)) = inside.split_once("=\"") {
            let (value, after) = value.split_once('"').unwrap_or((value, ""));
            inside = after;
            // Others without a value may stand before it.
            self.attributes.extend(name.split_whitespace());
            match name.split_whitespace().next_back().unwrap_or_default() {
                "style" => self.declared(value),
                "href" if element == "a" => _ = self.links.insert(value),
                "name" if element == "meta" => _ = self.metas.insert(value),
                _ => {}
            }
        }
        self.attributes.extend(inside.split_whitespace().filter(|rest| *rest != "/"));
    }

    fn sheet(&mut self, sheet: &'h str) {
        for piece in sheet.split('}') {
            let mut parts = piece.rsplitn(2, '{');
            let (declared, heads) = (parts.next().unwrap_or_default(), parts.next());
            if let Some(heads) = heads {
                self.heads.extend(heads.split('{').map(str::trim).filter(|head| !head.is_empty()));
                self.declared(declared);
            } else {
                // Rules without braces, with nothing behind them.
                self.heads.extend(declared.split(';').map(str::trim).filter(|rule| rule.starts_with('@')));
            }
        }
    }

    fn declared(&mut self, text: &'h str) {
        let each = text.split(';').filter_map(|one| one.split_once(':'));
        self.declarations.extend(each.map(|(name, value)| (name.trim(), value.trim())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_taken_apart() {
        let html = "<!DOCTYPE html><html lang=\"en\"><style>a { color: red; } @media (x) { .b a { margin: 0 } }</style>\
                    <!--[if mso]><table><![endif]--><p style=\"color:#fff; width:1px\" hidden>x <a href=\"https://a.example\">y</a><br/></p>";
        let read = Markup::read(html);
        assert_eq!(read.elements.into_iter().collect::<Vec<_>>(), ["a", "br", "html", "p", "style"]);
        assert_eq!(read.attributes.into_iter().collect::<Vec<_>>(), ["hidden", "href", "lang", "style"]);
        assert_eq!(read.heads.into_iter().collect::<Vec<_>>(), [".b a", "@media (x)", "a"]);
        assert_eq!(read.links.into_iter().collect::<Vec<_>>(), ["https://a.example"]);
        let declared = [("color", "#fff"), ("color", "red"), ("margin", "0"), ("width", "1px")];
        assert_eq!(read.declarations.into_iter().collect::<Vec<_>>(), declared);
    }

    #[test]
    fn a_rule_without_braces_is_seen_with_others_behind_it_and_alone() {
        for sheet in ["@import url(x);", "a { color: red } @import url(x)", "@import url(x); a { color: red }"] {
            let html = format!("<style>{sheet}</style>");
            let found = Markup::read(&html).heads.iter().filter(|head| head.starts_with("@import url(x)")).count();
            assert_eq!(found, 1, "{sheet}");
        }
    }

    #[test]
    fn what_breaks_off_ends_there() {
        for html in ["<", "<p", "<p style=\"color:red", "<style>a {", "<!--", ""] {
            Markup::read(html);
        }
    }
}
