//! Whom a clause of an automatic reply speaks of: its writer, or somebody and something else.

use crate::mail::incoming::letter::IncomingMail;
use crate::mail::incoming::words;

use super::clauses;

/// Whom the words before a statement name as its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Writer,
    Other,
    /// He, she, they: whoever was named last.
    Third,
    /// "Out of office until ...": a statement without a subject.
    Nobody,
}

/// What is known of who wrote the mail.
#[derive(Debug)]
pub struct NoticeWriter {
    /// Parts of the name, in lower case.
    names: Vec<String>,
    /// The name is one that people have: more than one word.
    personal: bool,
    /// The first label of the domain: how the firm is called.
    pub firm: String,
}

impl NoticeWriter {
    pub fn of(letter: &IncomingMail) -> NoticeWriter {
        let parts = |text: &str| -> Vec<String> {
            let lower = text.to_lowercase();
            lower.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 2).map(String::from).collect()
        };
        let mut names = parts(&letter.from_name);
        let personal = names.len() > 1;
        let (local, domain) = letter.from_email.split_once('@').unwrap_or((&letter.from_email, ""));
        names.extend(parts(local));
        let firm = domain.split('.').next().unwrap_or("").to_lowercase();
        NoticeWriter { names, personal, firm }
    }

    pub fn is_named_in(&self, text: &str) -> bool {
        self.end_of_name(text).is_some()
    }

    fn end_of_name(&self, text: &str) -> Option<usize> {
        let ends =
            self.names.iter().flat_map(|name| text.match_indices(name.as_str()).map(|(at, n)| (at, at + n.len())));
        let whole = ends.filter(|(at, end)| {
            !text[..*at].ends_with(char::is_alphanumeric) && !text[*end..].starts_with(char::is_alphanumeric)
        });
        // "Ann's assistant" is not Ann.
        let own = whole.filter(|(_, end)| !text[*end..].starts_with("'s ") || text[*end..].trim() == "'s");
        own.map(|(_, end)| end).max()
    }

    /// The subject of a statement, by the words of its clause before it. A department that writes under no person's name may tell of
    /// anybody's departure.
    pub fn subject(&self, before: &str) -> Whose {
        let before = format!("{} ", before.trim_start());
        let last = |section| words::places(section, &before).into_iter().map(|span| span.end).max();
        let house = words::places("house", &before).into_iter().map(|span| span.end);
        // "The office" is the writer's, "the office lift" is a lift.
        let house =
            house.filter(|end| clauses::telling(without_verbs(&before[*end..]).as_str()).next().is_none()).max();
        let named = [
            (last("first"), Whose::Writer),
            (last("first_many"), Whose::Writer),
            (last("owner"), Whose::Writer),
            (house, Whose::Writer),
            (self.end_of_name(&before), Whose::Writer),
            (last("third"), Whose::Third),
            (last("colleague"), Whose::Other),
        ];
        let nearest =
            named.into_iter().filter_map(|(end, whose)| end.map(|end| (end, whose))).max_by_key(|(end, _)| *end);
        if let Some((_, whose)) = nearest {
            return whose;
        }
        let verb = words::places("third_verbs", &before).into_iter().next().is_some();
        let named = clauses::telling(without_verbs(&before).as_str()).next().is_some();
        if named && (verb || begins_with_article(&before)) { Whose::Other } else { Whose::Nobody }
    }

    /// Whether a departure that is told of somebody by another name can be the writer's: a role's mailbox tells of people.
    pub fn may_be_another(&self) -> bool {
        self.personal
    }
}

/// "The lift", "unser Angebot", "nos bureaux": something has been named.
fn begins_with_article(text: &str) -> bool {
    let articles = [
        "the ", "our ", "this ", "these ", "der ", "die ", "das ", "unser", "le ", "la ", "les ", "l'", "notre ",
        "nos ",
    ];
    articles.iter().any(|a| text.starts_with(a))
}

fn without_verbs(text: &str) -> String {
    let verbs = words::list("third_verbs");
    let kept = text.split_whitespace().filter(|word| !verbs.iter().any(|v| v.trim() == *word));
    kept.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_subject_is_the_subject() {
        let ann = NoticeWriter { names: vec!["ann".into(), "lee".into()], personal: true, firm: "acme".into() };
        for (before, whose) in [
            ("i am ", Whose::Writer),
            ("ann lee is ", Whose::Writer),
            ("please note that our office is ", Whose::Writer),
            ("bis zum 13. märz bin ich ", Whose::Writer),
            ("until 13 march ", Whose::Nobody),
            ("the office lift is ", Whose::Other),
            ("my colleague bo is ", Whose::Other),
            ("bo li is ", Whose::Other),
            ("ann's assistant is ", Whose::Other),
            ("vom 8. bis 19. februar befindet sich herr meier ", Whose::Other),
            ("she is ", Whose::Third),
            ("my colleague bo takes over while i am ", Whose::Writer),
        ] {
            assert_eq!(ann.subject(before), whose, "{before}");
        }
    }
}
