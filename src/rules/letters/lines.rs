//! What is different between two versions of a text, line by line.

/// A line of one of them, or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'t> {
    Same(&'t str),
    Gone(&'t str),
    New(&'t str),
}

/// Beyond so many pairs of lines nothing is compared: everything is gone and new.
const MOST_PAIRS: usize = 4_000_000;

/// The lines of both in order, as many as possible being the same.
pub fn line_difference<'t>(before: &'t str, after: &'t str) -> Vec<Line<'t>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return old.into_iter().map(Line::Gone).chain(new.into_iter().map(Line::New)).collect();
    }
    let common = common(&old, &new);
    let length = |o: usize, n: usize| common.get(o * (new.len() + 1) + n).copied().unwrap_or(0);
    let (mut o, mut n, mut lines) = (0, 0, Vec::with_capacity(old.len().max(new.len())));
    loop {
        match (old.get(o).copied(), new.get(n).copied()) {
            (Some(a), Some(b)) if a == b => {
                lines.push(Line::Same(a));
                (o, n) = (o + 1, n + 1);
            }
            (Some(a), Some(_)) if length(o + 1, n) >= length(o, n + 1) => {
                lines.push(Line::Gone(a));
                o += 1;
            }
            (_, Some(b)) => {
                lines.push(Line::New(b));
                n += 1;
            }
            (Some(a), None) => {
                lines.push(Line::Gone(a));
                o += 1;
            }
            (None, None) => return lines,
        }
    }
}

/// How many lines the rests have in common, from each pair of places on.
fn common(old: &[&str], new: &[&str]) -> Vec<u32> {
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for (o, a) in old.iter().enumerate().rev() {
        for (n, b) in new.iter().enumerate().rev() {
            let at = |o: usize, n: usize| lengths.get(o * width + n).copied().unwrap_or(0);
            let length = if a == b { at(o + 1, n + 1) + 1 } else { at(o + 1, n).max(at(o, n + 1)) };
            if let Some(place) = lengths.get_mut(o * width + n) {
                *place = length;
            }
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::Line::{Gone, New, Same};
    use super::*;

    #[test]
    fn lines_that_stay_stand_between_those_that_come_and_go() {
        assert_eq!(line_difference("a\nb\nc", "a\nx\nc"), [Same("a"), Gone("b"), New("x"), Same("c")]);
        assert_eq!(line_difference("", "a"), [New("a")]);
        assert_eq!(line_difference("a", ""), [Gone("a")]);
        assert_eq!(line_difference("a\nb", "b\na"), [Gone("a"), Same("b"), New("a")]);
        assert!(line_difference("", "").is_empty());
    }

    #[test]
    fn both_texts_can_be_read_out_of_it() {
        let texts = ["a\nb\nb\nc", "b\nc\na\nb", "c", "", "a\n\n\nb"];
        for (before, after) in texts.iter().flat_map(|before| texts.map(|after| (*before, after))) {
            let lines = line_difference(before, after);
            let old = lines.iter().filter_map(|l| if let Same(t) | Gone(t) = l { Some(*t) } else { None });
            let new = lines.iter().filter_map(|l| if let Same(t) | New(t) = l { Some(*t) } else { None });
            assert_eq!(old.collect::<Vec<_>>(), before.lines().collect::<Vec<_>>());
            assert_eq!(new.collect::<Vec<_>>(), after.lines().collect::<Vec<_>>());
        }
    }
}
