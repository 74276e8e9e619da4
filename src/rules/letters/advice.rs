//! What a writer is told beside the preview of a letter, of the letter as it is made for one reader: words, links, gaps, lengths, and what
//! mail programs do not show.

use crate::rules::round::{BANNED_WORD, SISTERS, says_banned_word};

use super::markup::Markup;
use super::support::{FEATURES, Without};

/// A letter as it would leave.
#[derive(Clone, Copy, Debug)]
pub struct MadeLetter<'a> {
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
    /// Where our own links lead to.
    pub own_pages: &'a str,
}

/// What was found, a sentence each that says what to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// To be put right before it is sent.
    pub wrong: Vec<String>,
    /// To be thought about.
    pub better: Vec<String>,
}

/// What phones show of a subject: 33 to 48 characters were measured, by program
/// (<https://www.emailtooltester.com/en/blog/email-subject-lines-character-limit/>).
const SHOWN_OF_A_SUBJECT: usize = 40;
/// Some three screens of a phone; whoever has to scroll further presses no button at the end.
const LONGEST_BODY: usize = 250;
/// Gmail cuts the HTML off after so many bytes and hides the rest, the way out among it (<https://github.com/hteumeuleu/email-bugs/issues/41>).
const GMAIL_SHOWS: usize = 102 * 1024;

pub fn advice(letter: &MadeLetter<'_>) -> Advice {
    let mut advice = Advice::default();
    let markup = Markup::read(letter.html);
    words(letter, &mut advice);
    links(letter, &markup, &mut advice);
    gaps(letter, &mut advice);
    lengths(letter, &mut advice);
    programs(&markup, &mut advice);
    advice
}

fn words(letter: &MadeLetter<'_>, advice: &mut Advice) {
    let said = format!("{}\n{}", letter.subject, letter.text).to_lowercase();
    if says_banned_word(&said) {
        advice.wrong.push(format!("It says “{BANNED_WORD}”. Write “assessment”, or what it is about."));
    }
    for word in SISTERS.iter().filter(|word| said.contains(**word)) {
        advice.better.push(format!("It says “{word}”, which readers answer less. Write what it is about."));
    }
}

fn links(letter: &MadeLetter<'_>, markup: &Markup<'_>, advice: &mut Advice) {
    let foreign = markup.links.iter().filter(|link| !link.starts_with("mailto:") && !is_under(link, letter.own_pages));
    for link in foreign {
        if link.starts_with("https://") {
            advice.better.push(format!(
                "{link} leads to pages that are not ours. A letter with the reader’s own link alone is trusted more."
            ));
        } else {
            advice.wrong.push(format!("{link} is not a safe address. Begin it with https://, or leave it out."));
        }
    }
}

fn is_under(link: &str, pages: &str) -> bool {
    link.strip_prefix(pages).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// Where a reader has no such value, a stop stands alone: "Dear ,".
fn gaps(letter: &MadeLetter<'_>, advice: &mut Advice) {
    let gap = |line: &&str| {
        let line = line.trim();
        line.starts_with(',')
            || line.contains(" ,")
            || line.contains(" . ")
            || line.ends_with(" .")
            || line.contains("  ")
    };
    for line in [letter.subject].into_iter().chain(letter.text.lines()).filter(gap) {
        advice.better.push(format!(
            "“{}” has a gap where this reader has no value. Put `{{% if … %}}` around what needs it.",
            line.trim()
        ));
    }
}

fn lengths(letter: &MadeLetter<'_>, advice: &mut Advice) {
    let subject = letter.subject.chars().count();
    if subject > SHOWN_OF_A_SUBJECT {
        advice.better.push(format!(
            "The subject has {subject} characters for this reader; phones show about {SHOWN_OF_A_SUBJECT}. \
             Put what matters first, or shorten it."
        ));
    }
    let body = letter.text.split_whitespace().count();
    if body > LONGEST_BODY {
        advice.better.push(format!(
            "The text has {body} words, with what stands below it. Up to {LONGEST_BODY} are read to their end."
        ));
    }
    if letter.html.len() > GMAIL_SHOWS {
        let size = letter.html.len() / 1024;
        advice.wrong.push(format!("The letter has {size} KB; Gmail hides what stands after 102 KB. Shorten it."));
    }
}

fn programs(markup: &Markup<'_>, advice: &mut Advice) {
    for feature in FEATURES.iter().filter(|feature| feature.is_in(markup)) {
        if let Without::Instead(what) = feature.without {
            let (title, programs) = (feature.title, feature.lost_in);
            advice.better.push(format!("{title} is not shown by {programs}. Use instead: {what}."));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGES: &str = "https://soundings.example";

    fn said(subject: &str, text: &str, html: &str) -> Advice {
        advice(&MadeLetter { subject, text, html, own_pages: PAGES })
    }

    #[test]
    fn a_plain_letter_needs_no_advice() {
        let html = "<p>Dear Ann, <a href=\"https://soundings.example/assessment/x\">go</a> <a href=\"mailto:a@b.example\">m</a></p>";
        assert_eq!(said("Your view, Ann", "Dear Ann,\n\nplease answer: it helps. Truly!\n", html), Advice::default());
    }

    #[test]
    fn words_and_links_are_named() {
        let one = said("Our SUR\u{76}EY", "Eine Umfrage", "");
        assert_eq!((one.wrong.len(), one.better.len()), (1, 1), "{one:?}");
        for (link, wrong, better) in [
            ("https://soundings.example/opt-out/x", 0, 0),
            ("https://soundings.example.evil.example/x", 0, 1),
            ("https://other.example", 0, 1),
            ("http://other.example", 1, 0),
            ("ftp://other.example", 1, 0),
        ] {
            let found = said("x", "y", &format!("<a href=\"{link}\">z</a>"));
            assert_eq!((found.wrong.len(), found.better.len()), (wrong, better), "{link}: {found:?}");
        }
    }

    #[test]
    fn gaps_are_shown_and_french_spaces_are_none() {
        for gap in ["Dear ,", "at  we", ", hello", "in place of .", "with you at . We"] {
            assert_eq!(said("x", gap, "").better.len(), 1, "{gap}");
        }
        for fine in ["Bonjour : oui !", "  indented", "a, b", "12.5 %", "e.g. this", "wait ..."] {
            assert_eq!(said("x", fine, ""), Advice::default(), "{fine}");
        }
    }

    #[test]
    fn lengths_on_both_sides_of_their_limits() {
        assert_eq!(said(&"x".repeat(40), "y", ""), Advice::default());
        assert_eq!(said(&"é".repeat(41), "y", "").better.len(), 1);
        assert_eq!(said("x", &"y ".repeat(250), ""), Advice::default());
        assert_eq!(said("x", &"y ".repeat(251), "").better.len(), 1);
        assert_eq!(said("x", "y", &"z".repeat(GMAIL_SHOWS)), Advice::default());
        assert_eq!(said("x", "y", &"z".repeat(GMAIL_SHOWS + 1)).wrong.len(), 1);
    }

    #[test]
    fn what_programs_do_not_show_is_said_with_the_programs_and_what_to_write() {
        let found = said("x", "y", "<p style=\"display:flex\">z</p>");
        assert_eq!(
            found.better,
            ["display:flex is not shown by Outlook on Windows, GMX, WEB.DE, Orange. Use instead: a table."]
        );
        // The twin: what can be done without is no advice.
        assert_eq!(said("x", "y", "<p style=\"border-radius:4px\">z</p>"), Advice::default());
    }
}
