//! The other server's own answers inside the words of the report around them.
//!
//! Promise: what the server itself said outweighs every frame; a report that calls an address undeliverable in its own words quotes, a line
//! below, why it was refused.

use crate::mail::incoming::excerpt::beginning;
use crate::rules::sending::refusal::{self, Evidence, RefusedAt, codes};
use crate::rules::text::word_tables::one_line;

use super::limits::{LONGEST_WORDS, MOST_AROUND};

/// A number of these units is no answer.
const UNITS: [&str; 8] = ["hour", "day", "minute", "second", "byte", "kb", "mb", "times"];

/// From its code to the end of its paragraph, on one line; of several paragraphs each has its own.
pub fn answers(prose: &str) -> Vec<String> {
    let prose = beginning(prose, MOST_AROUND);
    let mut found = Vec::new();
    let mut paragraph = String::new();
    for line in prose.lines().chain([""]) {
        if line.trim().is_empty() {
            if let Some(answer) = of_transcript(&paragraph).or_else(|| from_code(&paragraph)) {
                found.push(one_line(beginning(&answer, LONGEST_WORDS)));
            }
            paragraph.clear();
        } else {
            paragraph.push_str(line);
            paragraph.push('\n');
        }
    }
    found
}

fn from_code(paragraph: &str) -> Option<String> {
    code_in(paragraph).map(|at| paragraph[at..].to_owned())
}

/// Of a conversation line by line, what the last server said first: with pipelining, what comes after a refused recipient only says that
/// nobody is left to write to.
fn of_transcript(paragraph: &str) -> Option<String> {
    let said = |line: &str| line.trim_start().strip_prefix("<<<").map(|said| said.trim().to_owned());
    let talk = paragraph.rfind("while talking to").map_or(paragraph, |at| &paragraph[at..]);
    let refused = |line: &String| line.starts_with(['4', '5']);
    let lines = talk.lines().skip_while(|line| !said(line).as_ref().is_some_and(refused));
    let answer: Vec<String> = lines.map_while(said).take_while(refused).collect();
    let continued = answer.iter().take_while(|line| line.as_bytes().get(3) == Some(&b'-')).count();
    (!answer.is_empty()).then(|| answer.into_iter().take(continued + 1).collect::<Vec<_>>().join(" "))
}

/// Where the first reply code of a refusal stands.
fn code_in(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = |at: usize| bytes.get(at..at + 3).is_some_and(|b| b.iter().all(u8::is_ascii_digit));
    (0..bytes.len()).filter(|at| digits(*at)).find(|at| {
        let before = at.checked_sub(1).map_or(b' ', |i| bytes[i]);
        let after = &text[at + 3..];
        let unit = after.trim_start().to_ascii_lowercase();
        let apart = !before.is_ascii_alphanumeric() && !b"._@[/#".contains(&before);
        apart
            && after.starts_with([' ', '-', '\n'])
            && codes::read(&text[*at..at + 4]).reply.is_some()
            && !UNITS.iter().any(|u| unit.starts_with(u))
    })
}

/// The first answer in it that says anything, and how far the conversation was.
pub fn telling(prose: &str) -> Option<String> {
    let told = |answer: &String| refusal::judge(Evidence { said: answer, ..Evidence::default() }).status.is_some();
    let mut all = answers(prose);
    // One that speaks against a dead address counts for all of them.
    let at = all.iter().position(|a| refusal::speaks_against(a)).or_else(|| all.iter().position(told))?;
    Some(all.swap_remove(at))
}

/// What the words beside an address say of the stage, where they say it.
pub fn stage(prose: &str) -> Option<RefusedAt> {
    Some(codes::stage(&prose.to_lowercase())).filter(|stage| *stage != RefusedAt::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_goes_from_its_code_to_the_end_of_its_paragraph() {
        let exim = "kim@acme.example\n    host mx.acme.example [192.0.2.5]\n    SMTP error after RCPT TO:<kim@acme.example>:\n    550 5.1.1 User\n    unknown\n\nBye";
        assert_eq!(answers(exim), ["550 5.1.1 User unknown"]);
        assert_eq!(
            answers("Google tried, but it was rejected. The error was:\n554 5.7.1 No relaying (state 13).\n"),
            ["554 5.7.1 No relaying (state 13)."]
        );
        let sendmail = "while talking to mx0:\n<<< 450 busy\n... while talking to mx1:\n>>> DATA\n<<< 550-5.1.1 no\n<<< 550 5.1.1 such user\n<<< 503 Need RCPT\n";
        assert_eq!(answers(sendmail), ["550-5.1.1 no 550 5.1.1 such user"]);
    }

    #[test]
    fn numbers_that_are_no_answers_are_left_alone() {
        for text in [
            "after 500 hours",
            "from [192.0.2.550]",
            "port 25",
            "mx550.example said no",
            "551 bytes",
            "Status: 5.5.0",
            "",
        ] {
            assert_eq!(answers(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn the_answer_that_speaks_against_it_counts() {
        let two = "550 5.1.1 User unknown\n\n552 mailbox full\n";
        assert_eq!(telling(two).as_deref(), Some("552 mailbox full"));
        assert_eq!(telling("550 \n\n550 5.1.1 User unknown").as_deref(), Some("550 5.1.1 User unknown"));
        assert_eq!(telling("Nothing of the kind"), None);
    }
}
