//! What mail programs do not show, of all that a letter of ours has or could come to have, and what becomes of it there (M13). The table is
//! `support.txt`, which says where it is from.

use std::sync::LazyLock;

use super::markup::Markup;

/// How a feature is known in a document.
#[derive(Clone, Copy, Debug)]
enum Mark {
    Element(&'static str),
    Attribute(&'static str),
    Property(&'static str),
    Declared(&'static str, &'static str),
    /// A part of any value.
    Value(&'static str),
    /// Some value is a number of it.
    Unit(&'static str),
    /// A part of a selector or an at-rule.
    Head(&'static str),
    Selector(Part),
    /// The name of a line in the head of the document.
    Meta(&'static str),
    /// The beginning of an address to which something leads.
    Link(&'static str),
}

/// What a selector is made of.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// The name of an element.
    Type,
    Class,
    /// One that stands within another.
    Descendant,
}

/// What becomes of a letter where the feature is lost.
#[derive(Clone, Copy, Debug)]
pub(super) enum Without {
    /// Nothing that has to be read.
    Harmless,
    /// It must not be relied upon; what to write.
    Instead(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Feature {
    /// As caniemail.com calls it.
    pub title: &'static str,
    mark: Mark,
    pub without: Without,
    /// The programs that do not show it.
    pub lost_in: &'static str,
}

/// Every line of the table.
pub(super) static FEATURES: LazyLock<Vec<Feature>> = LazyLock::new(|| lines().filter_map(feature).collect());

fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("support.txt").lines().filter(|line| !line.starts_with('#'))
}

fn feature(line: &'static str) -> Option<Feature> {
    let mut parts = line.split('|').map(str::trim);
    let (Some(_), Some(title), Some(mark), Some(without), Some(lost_in), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let (without, what) = without.split_once(": ")?;
    let without = match without {
        "harmless" => Without::Harmless,
        "instead" => Without::Instead(what),
        _ => return None,
    };
    Some(Feature { title, mark: self::mark(mark)?, without, lost_in })
}

fn mark(text: &'static str) -> Option<Mark> {
    let (kind, what) = text.split_once(' ')?;
    Some(match kind {
        "element" => Mark::Element(what),
        "attribute" => Mark::Attribute(what),
        "property" => Mark::Property(what),
        "declared" => what.split_once(": ").map(|(property, value)| Mark::Declared(property, value))?,
        "value" => Mark::Value(what),
        "unit" => Mark::Unit(what),
        "head" => Mark::Head(what),
        "selector" => Mark::Selector(part(what)?),
        "meta" => Mark::Meta(what),
        "link" => Mark::Link(what),
        _ => return None,
    })
}

fn part(text: &str) -> Option<Part> {
    Some(match text {
        "type" => Part::Type,
        "class" => Part::Class,
        "descendant" => Part::Descendant,
        _ => return None,
    })
}

impl Feature {
    pub fn is_in(&self, markup: &Markup<'_>) -> bool {
        let mut declared = markup.declarations.iter();
        match self.mark {
            Mark::Element(name) => markup.elements.contains(name),
            Mark::Attribute(name) => markup.attributes.contains(name),
            Mark::Property(name) => declared.any(|(property, _)| *property == name),
            Mark::Declared(name, value) => markup.declarations.contains(&(name, value)),
            Mark::Value(part) => declared.any(|(_, value)| value.contains(part)),
            Mark::Unit(unit) => declared.any(|(_, value)| value.split([' ', ',']).any(|part| is_number_of(part, unit))),
            Mark::Head(part) => markup.heads.iter().any(|head| head.contains(part)),
            Mark::Selector(part) => {
                let mut selectors =
                    markup.heads.iter().filter(|head| !head.starts_with('@')).flat_map(|head| head.split(','));
                selectors.any(|selector| part.is_in(selector))
            }
            Mark::Meta(name) => markup.metas.contains(name),
            Mark::Link(beginning) => markup.links.iter().any(|link| link.starts_with(beginning)),
        }
    }
}

impl Part {
    fn is_in(self, selector: &str) -> bool {
        let pieces: Vec<&str> = selector.split_whitespace().collect();
        match self {
            Part::Type => pieces.iter().any(|piece| piece.starts_with(|c: char| c.is_ascii_alphabetic())),
            Part::Class => selector.contains('.'),
            Part::Descendant => pieces.windows(2).any(|two| two.iter().all(|piece| !matches!(*piece, ">" | "+" | "~"))),
        }
    }
}

fn is_number_of(text: &str, unit: &str) -> bool {
    text.strip_suffix(unit).is_some_and(|number| number.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_can_be_read() {
        for line in lines() {
            assert!(feature(line).is_some_and(|feature| !feature.lost_in.is_empty()), "{line}");
        }
        assert!(FEATURES.len() > 50);
        for broken in
            ["x | y | element p | instead: z", "x | y | thing p | instead: z | Gmail", "x | y | element p | z | Gmail"]
        {
            assert!(feature(broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn every_kind_of_mark_is_found_where_it_stands_and_nowhere_else() {
        let found = |html: &str| -> Vec<&str> {
            let markup = Markup::read(html);
            FEATURES.iter().filter(|f| f.is_in(&markup)).map(|f| f.title).collect()
        };
        for (html, title) in [
            ("<video src=\"x\">", "<video> element"),
            ("<p hidden>", "hidden attribute"),
            ("<p style=\"box-shadow:0 0 1px red\">", "box-shadow"),
            ("<p style=\"display: flex\">", "display:flex"),
            ("<p style=\"width: calc(1px + 2px)\">", "CSS calc() function"),
            ("<p style=\"margin: 0 1.5rem\">", "rem unit"),
            ("<style>a:hover { color: red }</style>", ":hover"),
            ("<style>@media x { .y, pre { color: red } }</style>", "Type selector"),
            ("<style>.y { color: red }</style>", "Class selector"),
            ("<style>a > .y p { color: red }</style>", "Descendant combinator"),
            ("<meta name=\"color-scheme\" content=\"dark\">", "color-scheme meta tag"),
            ("<a href=\"#top\">x</a>", "Local anchors"),
        ] {
            assert!(found(html).contains(&title), "{html}: {:?}", found(html));
        }
        assert_eq!(
            found("<style>p > a { color: red }</style>"),
            ["Child combinator", "Type selector", "<style> element"]
        );
        assert_eq!(found("<p style=\"display:block; margin:0 1px\" class=\"theorem\">5rem</p>"), Vec::<&str>::new());
    }
}
