//! Where a page of rows begins, as the page before has named it: opaque to programs, and nothing that they could not read in its rows.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};

/// So many rows are read at once.
pub(super) const PIECE: i64 = 500;

/// Longer than any that we make, and about as long as an address can be: names have up to a thousand characters, of several bytes each and
/// with numbers written out for their order.
const LONGEST: usize = 60_000;

/// Behind which row: by what rows stand in order (a name, an instant, a number), and its id among those that are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    pub key: String,
    pub id: String,
}

impl Position {
    pub fn new(key: impl ToString, id: impl ToString) -> Position {
        Position { key: key.to_string(), id: id.to_string() }
    }

    /// For a program, which sends it back.
    pub fn encoded(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::json!([self.key, self.id]).to_string())
    }

    /// None for what is no position of ours.
    pub fn decoded(text: &str) -> Option<Position> {
        if text.len() > LONGEST {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (key, id) = serde_json::from_slice::<(String, String)>(&bytes).ok()?;
        // No database keeps such a text.
        let holds_nul = key.contains('\0') || id.contains('\0');
        (!holds_nul).then_some(Position { key, id })
    }

    /// Of rows that stand in order of a number.
    pub fn number(&self) -> Result<i64> {
        let of_another_list = |_| {
            let next = "Begin at the first page, and go on with the `next` of each page.";
            Problem::unusable("This cursor is of another list.", next)
        };
        self.key.parse().map_err(of_another_list)
    }

    /// Of rows that stand in order of time.
    pub fn instant(&self) -> Result<Ts> {
        self.number().map(Ts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_reads_back_and_nothing_else_is_one() {
        let name = "川".repeat(1_000);
        for (key, id) in
            [("", ""), ("müller ann\u{1}x", "0191f3c4"), ("1800867600000", "m\"1"), (name.as_str(), "0191f3c4")]
        {
            let at = Position::new(key, id);
            assert_eq!(Position::decoded(&at.encoded()), Some(at));
        }
        let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let long = Position::new("x".repeat(LONGEST), "").encoded();
        for none in ["", "x", "[]", "!", &encoded("[]"), &encoded("[1,2]"), &encoded("[\"a\\u0000\",\"b\"]"), &long] {
            assert_eq!(Position::decoded(none), None, "{none}");
        }
        assert!(Position::new("ann", "c1").instant().is_err());
        assert_eq!(Position::new(5, "c1").instant().unwrap(), Ts(5));
    }
}
