//! Markdown to the HTML that mail programs agree on: raw HTML becomes text, images their description, and links go to web pages and
//! mailboxes only. How deep quotations, lists and emphases stand in each other has a bound ([`is_deep`]).

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};

use super::placeholders::is_sign;

/// What a Markdown text consists of, with everything removed that a mail must not have. What stands deeper than [`DEEPEST`] stands there
/// as plain words: every line of it would begin with all that it stands in.
pub fn events(source: &str) -> impl Iterator<Item = Event<'_>> {
    let mut depth = 0_usize;
    permitted(source).filter_map(move |event| match event {
        Event::Start(_) => {
            depth += 1;
            Some(if depth > DEEPEST { Event::SoftBreak } else { event })
        }
        Event::End(_) => {
            depth = depth.saturating_sub(1);
            (depth < DEEPEST).then_some(event)
        }
        _ => Some(event),
    })
}

fn permitted(source: &str) -> impl Iterator<Item = Event<'_>> {
    // Ends of links carry no address; what was done at the start is remembered.
    let mut kept = Vec::new();
    Parser::new_ext(source, Options::empty()).filter_map(move |event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
            let dest_url = match link_type {
                LinkType::Email if !dest_url.starts_with("mailto:") => CowStr::from(format!("mailto:{dest_url}")),
                _ => dest_url,
            };
            let fine = is_allowed(&dest_url);
            kept.push(fine);
            let link_type = if link_type == LinkType::Email { LinkType::Inline } else { link_type };
            fine.then_some(Event::Start(Tag::Link { link_type, dest_url, title: CowStr::Borrowed(""), id }))
        }
        Event::End(TagEnd::Link) => kept.pop().unwrap_or(false).then_some(Event::End(TagEnd::Link)),
        other => Some(other),
    })
}

fn is_allowed(address: &str) -> bool {
    let lower = address.trim().to_ascii_lowercase();
    // A value inside an address could lead anywhere; only the links we make ourselves do, and they stand alone.
    ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme)) && !address.contains(is_sign)
}

/// What a mail program still shows on a phone is a handful.
pub const DEEPEST: usize = 20;

/// Whether more than [`DEEPEST`] quotations, list items, links and emphases stand in each other.
pub fn is_deep(source: &str) -> bool {
    let mut depth = 0_usize;
    permitted(source).any(|event| {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    })
}

pub fn to_html(source: &str) -> String {
    let mut out = String::with_capacity(source.len() * 2);
    html::push_html(&mut out, events(source));
    out
}

/// For text between tags and inside double-quoted attributes.
pub fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s03_raw_html_images_and_other_schemes_are_text() {
        for (source, wanted) in [
            ("a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n"),
            ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"),
            ("[x](javascript:alert(1))", "<p>x</p>\n"),
            ("[x](https://a.example \"t\")", "<p><a href=\"https://a.example\">x</a></p>\n"),
            ("<a@b.example>", "<p><a href=\"mailto:a@b.example\">a@b.example</a></p>\n"),
            ("![alt](https://a.example/x.png)", "<p>alt</p>\n"),
            ("[x](data:text/html,y) [z](https://z.example)", "<p>x <a href=\"https://z.example\">z</a></p>\n"),
        ] {
            assert_eq!(to_html(source), wanted, "{source}");
        }
    }
}
