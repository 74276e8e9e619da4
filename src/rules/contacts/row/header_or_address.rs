//! What stands in a cell and is the line of a mail: a header (`Bcc: ...`), or an address. Nobody is called so, and no customer.
//!
//! Names go into the headers and greetings of letters, so that neither is taken from a list or proposed as a name. A colon or an @ alone
//! proves nothing: “S:t Eriks AB” and “Mail@Work” are companies.

use super::cells::breaks_line;
use crate::base::spelling::plain;

/// Headers whose names are no words: wherever they stand.
const HEADERS: [&str; 11] = [
    "bcc",
    "reply-to",
    "return-path",
    "message-id",
    "in-reply-to",
    "mime-version",
    "delivered-to",
    "errors-to",
    "dkim-signature",
    "envelope-to",
    "disposition-notification-to",
];

/// The same, by how they begin.
const BEGINNINGS: [&str; 4] = ["x-", "content-", "list-", "resent-"];

/// Headers whose names are words of people too: at the beginning of a line only.
const WORDS: [&str; 12] = [
    "to",
    "cc",
    "from",
    "date",
    "sender",
    "subject",
    "received",
    "importance",
    "priority",
    "comments",
    "keywords",
    "references",
];

/// Whether a header of a mail stands in the text, or something that has the form of an address.
pub fn is_header_or_address(text: &str) -> bool {
    let text = plain(text);
    has_address(&text) || has_header(&text)
}

/// Whether a header of a mail stands in the text, in letters of any width.
pub fn is_header(text: &str) -> bool {
    has_header(&plain(text))
}

/// The same for the name of a person, in which no @ stands at all.
pub fn is_nobody(text: &str) -> bool {
    let text = plain(text);
    text.contains('@') || has_header(&text)
}

fn has_header(text: &str) -> bool {
    if !text.contains(':') {
        return false;
    }
    let breaks = |c: char| breaks_line(c.encode_utf8(&mut [0; 4]));
    text.split(breaks).enumerate().any(|(line, said)| {
        said.match_indices(':').any(|(at, _)| {
            let before = said.get(..at).unwrap_or_default().trim_end();
            let begins = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).map_or(0, |at| at + 1);
            let word = before.get(begins..).unwrap_or_default().to_ascii_lowercase();
            let alone = before.get(..begins).is_some_and(|rest| rest.trim().is_empty());
            HEADERS.contains(&word.as_str())
                || BEGINNINGS.iter().any(|begin| word.len() > begin.len() && word.starts_with(begin))
                || alone && (WORDS.contains(&word.as_str()) || line > 0 && !word.is_empty())
        })
    })
}

fn has_address(text: &str) -> bool {
    let ends = |c: char| c.is_whitespace() || "<>()[]{}\"“”,;|".contains(c);
    text.contains('@')
        && text.split(ends).filter_map(|word| word.trim_matches(['.', '\'']).rsplit_once('@')).any(|(local, domain)| {
            !local.is_empty() && domain.split_once('.').is_some_and(|(name, end)| !name.is_empty() && !end.is_empty())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::row::judge::judge;
    use crate::rules::contacts::row::{Field, Row};

    const LINES: [&str; 12] = [
        "Bcc: everyone@evil.example",
        "Anna Bcc: everyone",
        "BCC : EVERYONE@X",
        "Ｂｃｃ：everyone",
        "Cc: x",
        "Subject: free",
        "X-Priority: 1",
        "Anna\r\nWhatever: 1",
        "Anna\u{2028}To: x",
        "a@b.c",
        "Anna <a@b.c>",
        "anna＠acme.example",
    ];

    #[test]
    fn headers_and_addresses_are_told_from_names() {
        for text in LINES {
            assert!(is_header_or_address(text), "{text:?}");
        }
        for text in [
            "Sven H:son Wijk",
            "S:t Eriks AB",
            "Mail@Work GmbH",
            "@properties",
            "Acme: the company",
            "Head of IT: EMEA",
            "Smith Trading CC: Durban",
            "Reports to: CEO",
            "Bccdata",
            "10:30 Media",
            ":",
            "@",
            "Ägypten: Süd",
            "",
        ] {
            assert!(!is_header_or_address(text), "{text:?}");
        }
        assert!(is_nobody("Anna@Home") && !is_nobody("Sven H:son") && !is_nobody("Müller"));
    }

    /// A row that can be used, with this cell; the codes of its findings, and whether it is in.
    fn told(field: Field, text: &str) -> (Vec<String>, bool) {
        let mut row = Row::new(2);
        for (field, text) in [
            (Field::Account, "Acme"),
            (Field::FirstName, "Ann"),
            (Field::LastName, "Lee"),
            (Field::Email, "a@acme.example"),
            (Field::Director, "Dora Dean"),
            (Field::DirectorEmail, "d@client.example"),
        ] {
            row.set(field, text);
        }
        if field == Field::FullName {
            row.set(Field::FirstName, "");
            row.set(Field::LastName, "");
        }
        row.set(field, text);
        let judged = judge(row, &[]);
        (judged.findings.into_iter().map(|f| f.code).collect(), judged.contact.is_some())
    }

    #[test]
    fn no_line_of_a_mail_comes_in_as_a_name() {
        for text in LINES {
            for field in [Field::FirstName, Field::LastName, Field::FullName, Field::Account] {
                let (codes, is_in) = told(field, text);
                assert!(!is_in, "{text:?} as {}: {codes:?}", field.as_str());
                let code = if field == Field::Account { "account_missing" } else { "name_is_placeholder" };
                // A line break is told alone where the name is parted at it.
                let told = codes.iter().any(|told| told == code || told == "line_break_in_cell");
                assert!(told, "{text:?} as {}: {codes:?}", field.as_str());
            }
        }
        // Twin: where a row may do without, the cell counts as empty.
        for field in [Field::JobTitle, Field::Director, Field::Manager] {
            let (codes, is_in) = told(field, "Bcc: everyone@evil.example");
            assert!(is_in && codes.iter().any(|told| told == "value_is_placeholder"), "{}: {codes:?}", field.as_str());
        }
        assert_eq!(told(Field::Director, "d@client.example"), (Vec::new(), true));
        assert_eq!(told(Field::LastName, "H:son Wijk"), (Vec::new(), true));
        assert_eq!(told(Field::Account, "Mail@Work GmbH"), (Vec::new(), true));
    }
}
