//! An address to write to. On a narrow screen it is broken before its signs, where one still reads it, and not inside a name.

use askama::Template;
use askama::filters::HtmlSafe;

#[derive(Clone, Copy, Debug, Template)]
#[template(path = "pages/frame/address_link.html")]
pub struct AddressLink<'a>(pub &'a str);

impl HtmlSafe for AddressLink<'_> {}

impl<'a> AddressLink<'a> {
    fn address(&self) -> &'a str {
        self.0
    }

    /// What stays together: each but the first begins with an "@" or a dot.
    fn pieces(&self) -> Vec<&'a str> {
        let (mut rest, mut pieces) = (self.0, Vec::new());
        while let Some(at) = rest.rfind(['@', '.']).filter(|at| *at > 0) {
            let (before, piece) = rest.split_at(at);
            pieces.push(piece);
            rest = before;
        }
        if !rest.is_empty() {
            pieces.push(rest);
        }
        pieces.reverse();
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_broken_before_its_signs_and_stays_itself() {
        let shown = |address: &str| AddressLink(address).to_string();
        assert_eq!(
            shown("conversation@northwind.example"),
            r#"<a href="mailto:conversation@northwind.example">conversation<wbr>@northwind<wbr>.example</a>"#
        );
        assert_eq!(AddressLink("jö.o'neil@x.example").pieces(), ["jö", ".o'neil", "@x", ".example"]);
        for odd in ["", "@", "..", "ö", "a@", "no sign"] {
            assert_eq!(AddressLink(odd).pieces().concat(), odd);
        }
        // Twin: what is no address is escaped all the same.
        assert!(!shown("<b>@x.example").contains("<b>"));
    }
}
