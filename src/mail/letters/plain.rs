//! Markdown to plain text for readers without HTML: lines of at most 78 characters, every link alone on its line.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::markdown::events;

const WIDTH: usize = 78;

/// `fill` puts in the values, after Markdown and before the lines are broken.
pub fn to_text(source: &str, fill: impl Fn(&str) -> String) -> String {
    let mut page = Page {
        fill,
        out: String::new(),
        block: String::new(),
        prefixes: Vec::new(),
        mark: None,
        tight: false,
        numbers: Vec::new(),
        links: Vec::new(),
    };
    for event in events(source) {
        page.take(event);
    }
    page.flush();
    page.out.truncate(page.out.trim_end().len());
    page.out.push('\n');
    page.out
}

/// One paragraph that is no Markdown, in lines.
pub fn wrapped(paragraph: &str) -> String {
    let mut out = String::new();
    wrap(paragraph, "", "", &mut out);
    out
}

struct Page<F> {
    fill: F,
    out: String,
    /// The paragraph being gathered.
    block: String,
    /// What stands before each line of it, outermost first.
    prefixes: Vec<&'static str>,
    /// The bullet or number before the first line of a list item.
    mark: Option<String>,
    /// Whether the next item follows the last one without an empty line.
    tight: bool,
    /// What the next item of each open list is called; bullets have no number.
    numbers: Vec<Option<u64>>,
    /// Addresses of open links, with where their text began.
    links: Vec<(String, usize)>,
}

impl<F: Fn(&str) -> String> Page<F> {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.block.push_str(&text),
            Event::SoftBreak => self.block.push(' '),
            Event::HardBreak => self.block.push('\n'),
            Event::Rule => {
                self.flush();
                self.block.push_str("* * *");
                self.flush();
            }
            Event::Start(Tag::Link { dest_url, .. }) => self.links.push((dest_url.into_string(), self.block.len())),
            Event::End(TagEnd::Link) => self.end_link(),
            Event::Start(Tag::BlockQuote(_)) => self.begin("> "),
            Event::Start(Tag::List(first)) => {
                self.flush();
                self.tight = !self.numbers.is_empty();
                self.numbers.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                self.numbers.pop();
                self.tight = false;
            }
            Event::Start(Tag::Item) => self.begin_item(),
            Event::End(end @ (TagEnd::BlockQuote(_) | TagEnd::Item)) => {
                self.flush();
                self.prefixes.pop();
                self.mark = None;
                self.tight = end == TagEnd::Item;
            }
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_))
            | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock) => self.flush(),
            _ => {}
        }
    }

    fn begin(&mut self, prefix: &'static str) {
        self.flush();
        self.prefixes.push(prefix);
    }

    fn begin_item(&mut self) {
        let mark = match self.numbers.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "- ".into(),
        };
        self.begin(if mark == "- " { "  " } else { "   " });
        self.mark = Some(mark);
    }

    /// The address follows the words, unless they are the same.
    fn end_link(&mut self) {
        let Some((address, from)) = self.links.pop() else { return };
        let shown = self.block.get(from..).unwrap_or_default();
        let address = address.strip_prefix("mailto:").unwrap_or(&address);
        if shown != address {
            self.block.push('\n');
            self.block.push_str(address);
            self.block.push('\n');
        }
    }

    fn flush(&mut self) {
        if self.block.trim().is_empty() {
            self.block.clear();
            return;
        }
        let block = (self.fill)(&std::mem::take(&mut self.block));
        let indent: String = self.prefixes.concat();
        let mark = self.mark.take();
        if std::mem::take(&mut self.tight) && mark.is_some() && self.out.ends_with("\n\n") {
            self.out.pop();
        }
        let first = match &mark {
            Some(mark) => format!("{}{mark}", self.prefixes[..self.prefixes.len().saturating_sub(1)].concat()),
            None => indent.clone(),
        };
        let mut before = first.as_str();
        for line in block.lines().filter(|l| !l.trim().is_empty()) {
            wrap(line, before, &indent, &mut self.out);
            before = &indent;
        }
        self.out.push('\n');
    }
}

fn is_link(word: &str) -> bool {
    word.starts_with("https://") || word.starts_with("http://")
}

/// Breaks one line into several; a link gets a line of its own, from its very beginning.
fn wrap(line: &str, first: &str, others: &str, out: &mut String) {
    let mut width = 0;
    let mut before = first;
    for word in line.split_whitespace() {
        if is_link(word) {
            if width > 0 {
                out.push('\n');
            }
            out.push_str(word.trim_end_matches(['.', ',', ';', ')']));
            out.push('\n');
            (width, before) = (0, others);
            continue;
        }
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            out.push('\n');
            (width, before) = (0, others);
        }
        if width == 0 {
            out.push_str(before);
            width = before.chars().count();
        } else {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
    }
    if width > 0 {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        to_text(source, str::to_string)
    }

    #[test]
    fn reads_like_a_letter() {
        let long = "word ".repeat(40);
        let source = format!(
            "# Hello\n\nDear **Anna**,\n{long}\n\n- one\n- two\n\n> said\n\n1  \n2\n\n[our page](https://a.example/x), and <b>no</b>."
        );
        let out = text(&source);
        assert!(out.starts_with("Hello\n\nDear Anna, word"), "{out}");
        assert!(out.lines().all(|l| l.chars().count() <= WIDTH), "{out}");
        assert!(out.contains("\n\n- one\n- two\n\n> said\n\n1\n2\n\nour page\nhttps://a.example/x\n"), "{out}");
        assert!(out.contains("<b>no</b>"));
    }

    #[test]
    fn lists_keep_their_numbers_and_levels() {
        assert_eq!(
            text("a\n\n3. x\n4. y\n   - z\n   - w\n\nb\n\n- c\n- d"),
            "a\n\n3. x\n4. y\n   - z\n   - w\n\nb\n\n- c\n- d\n"
        );
    }

    #[test]
    fn links_stand_alone_on_their_line() {
        let out = text("Here: https://a.example/1. Or <https://a.example/2> or\n\n- https://a.example/3\n\nend");
        for n in 1..=3 {
            assert!(out.lines().any(|l| l == format!("https://a.example/{n}")), "{out}");
        }
        let long = format!("https://a.example/{}", "x".repeat(200));
        assert!(text(&long).lines().any(|l| l == long));
    }
}
