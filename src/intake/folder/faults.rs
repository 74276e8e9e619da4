//! What is wrong with a round folder, told all at once: file, line, what is wrong and what to write instead.

use std::fmt;

use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// Path inside the folder, with `/`.
    pub file: String,
    pub line: Option<u64>,
    pub message: String,
}

impl Fault {
    pub fn new(file: &str, line: Option<u64>, message: impl Into<String>) -> Fault {
        Fault { file: file.into(), line, message: message.into() }
    }

    /// The key of the setting that it is about, and the rest of the sentence; such a sentence begins with its key.
    pub fn key(&self) -> Option<(&str, &str)> {
        self.message.strip_prefix('`')?.split_once("` ")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// The known word nearest to a wrong one, when it is near enough to be meant.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase().replace([' ', '-'], "_");
    known
        .into_iter()
        .map(|k| (distance(&word, &k.replace('-', "_")), k))
        .filter(|(d, k)| *d <= 1 + k.len() / 4)
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| k)
}

/// Letters to add, drop or change to get from one word to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(80).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(80).enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_could_be_meant() {
        let known = ["warm_up", "invitation", "reminder"];
        assert_eq!(nearest("warmup", known), Some("warm_up"));
        assert_eq!(nearest("Warm Up", known), Some("warm_up"));
        assert_eq!(nearest("invitaton", known), Some("invitation"));
        assert_eq!(nearest("letter", known), None);
    }
}
