//! Letters as their readers have them: each on a phone and on a desk, by day and in the dark, and as text; with what is to be said of it.

use askama::Template;

/// A document for a frame.
#[derive(Default, Template)]
#[template(path = "pages/plan/letters.html")]
pub struct LettersPage {
    pub title: String,
    /// Instead of letters, or above them.
    pub said: Option<String>,
    pub letters: Vec<ShownLetter>,
}

pub struct ShownLetter {
    /// "Reminder 2 in German".
    pub title: String,
    /// "From", "Laura Whitcombe <laura@client.example>".
    pub facts: Vec<(&'static str, String)>,
    /// ISO 639 code of its words.
    pub language: String,
    pub wrong: Vec<String>,
    pub better: Vec<String>,
    /// Nobody is given advice on letters that he approves.
    pub advised: bool,
    pub views: Vec<View>,
    /// None where the letter cannot be made.
    pub text: Option<String>,
}

/// The letter in one window.
pub struct View {
    /// "On a phone, in the dark".
    pub name: &'static str,
    pub width: u32,
    pub height: u32,
    pub html: String,
}

/// A phone of the usual width, and a desk at which a letter has all the room it takes.
const WINDOWS: [(&str, u32, bool); 4] = [
    ("On a phone, light", 360, false),
    ("On a phone, dark", 360, true),
    ("On a desk, light", 760, false),
    ("On a desk, dark", 760, true),
];
const HEIGHT: u32 = 640;

/// In every window.
pub fn everywhere(html: &str) -> Vec<View> {
    let view = |(name, width, dark)| View { name, width, height: HEIGHT, html: in_scheme(html, dark) };
    WINDOWS.map(view).into()
}

/// On a phone and on a desk.
pub fn in_the_light(html: &str) -> Vec<View> {
    everywhere(html).into_iter().filter(|view| view.name.ends_with("light")).collect()
}

/// What the frame of every letter asks of the program that shows it.
const ASKS: &str = "@media (prefers-color-scheme: dark)";

/// As a program shows it that has been set to this. What the browser is set to does not count: both are shown side by side.
fn in_scheme(html: &str, dark: bool) -> String {
    html.replacen(ASKS, if dark { "@media all" } else { "@media not all" }, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_shown_in_both_schemes_whatever_the_browser_is_set_to() {
        let letter = include_str!("../../../../templates/mails/frame/document.html");
        assert_eq!(letter.matches(ASKS).count(), 1);
        assert!(
            in_scheme(letter, true).contains("@media all {") && in_scheme(letter, false).contains("@media not all {")
        );
        assert_eq!(in_scheme(letter, true).replace("@media all", ASKS), letter);
        assert_eq!((everywhere("x").len(), in_the_light("x").len()), (4, 2));
    }

    #[test]
    fn nothing_of_a_letter_gets_out_of_its_frame() {
        let html = "<p>\"></iframe><script>x</script></p>";
        let shown = ShownLetter {
            title: "Letter".into(),
            facts: vec![("Subject", "<b>".into())],
            language: "en".into(),
            wrong: Vec::new(),
            better: Vec::new(),
            advised: true,
            views: everywhere(html),
            text: Some("</pre><script>".into()),
        };
        let page = LettersPage { letters: vec![shown], ..LettersPage::default() }.render().unwrap();
        assert_eq!((page.matches("</iframe>").count(), page.matches("<script").count()), (4, 0));
        assert!(!page.contains("<b>"));
    }
}
