//! A text with conditions as its readers get it: one arm of each, never both.

/// The text that those get for whom each condition takes the arm of this number, or its last one; with the place of every letter in the
/// source.
pub fn reading(text: &str, arm: usize) -> Vec<(usize, char)> {
    let mut out = Vec::with_capacity(text.len());
    let arms = arms(text);
    let mut opened = 0;
    // Of each condition that is open: which arm is read now, and which one this reader gets.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Said(from, said) if open.iter().all(|(now, wanted)| now == wanted) => {
                out.extend(said.char_indices().map(|(at, c)| (from + at, c)));
            }
            Piece::Said(..) => {}
            Piece::If => {
                let last = arms.get(opened).copied().unwrap_or(1) - 1;
                open.push((0, arm.min(last)));
                opened += 1;
            }
            Piece::Else => open.iter_mut().rev().take(1).for_each(|(now, _)| *now += 1),
            Piece::End => _ = open.pop(),
        }
    }
    out
}

/// The first reading, on one line: for a link or a heading.
pub fn in_a_line(text: &str) -> String {
    let said: String = reading(text, 0).into_iter().map(|(_, c)| c).collect();
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many readings differ at most.
pub fn most_arms(text: &str) -> usize {
    arms(text).into_iter().max().unwrap_or(1)
}

/// Of each condition in order of appearance.
fn arms(text: &str) -> Vec<usize> {
    let (mut arms, mut open) = (Vec::new(), Vec::new());
    for piece in pieces(text) {
        match piece {
            Piece::Said(..) => {}
            Piece::If => {
                open.push(arms.len());
                arms.push(1);
            }
            Piece::Else => {
                if let Some(count) = open.last().and_then(|at| arms.get_mut(*at)) {
                    *count += 1;
                }
            }
            Piece::End => _ = open.pop(),
        }
    }
    arms
}

enum Piece<'a> {
    Said(usize, &'a str),
    If,
    Else,
    End,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
        let Some((said, after)) = rest.split_once("{%") else {
            all.push(Piece::Said(from, rest));
            break;
        };
        all.push(Piece::Said(from, said));
        let tag = after.split_once("%}").map_or(after, |(tag, _)| tag);
        match tag.trim_matches(['-', '+', ' ', '\n', '\t']).split_whitespace().next() {
            Some("if") => all.push(Piece::If),
            Some("else" | "elif") => all.push(Piece::Else),
            Some("endif") => all.push(Piece::End),
            _ => {}
        }
        from += said.len() + 2 + tag.len() + 2;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, arm: usize) -> String {
        reading(text, arm).into_iter().map(|(_, c)| c).collect()
    }

    #[test]
    fn each_reader_gets_one_arm() {
        let text =
            "Hi. {% if a %}A{% elif b %}B{% if c %}+{% endif %}{%- else -%}C{% endif %}, ä{% if d %}!{% endif %}";
        assert_eq!(said(text, 0), "Hi. A, ä!");
        assert_eq!(said(text, 1), "Hi. B+, ä!");
        assert_eq!(said(text, 2), "Hi. C, ä!");
        assert_eq!((most_arms(text), most_arms("plain"), said("plain", 3)), (3, 1, "plain".into()));
        assert_eq!(
            in_a_line("{% if names == 1 %}One name\n{% else %}{{ names }} names{% endif %} to sign"),
            "One name to sign"
        );
    }

    #[test]
    fn every_letter_knows_its_place_whatever_the_tags() {
        for text in ["a{% if x %}b{% else %}ü{% endif %}c", "{% if", "x{%%}y", "{% endif %}z", "{% else %}é"] {
            for arm in 0..3 {
                for (at, c) in reading(text, arm) {
                    assert!(text.get(at..).unwrap().starts_with(c), "{text} {at}");
                }
            }
        }
    }
}
