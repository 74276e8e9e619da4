//! What was typed into a form that is not on its page any more, because its row has moved on: said, and shown to be copied. Nothing that
//! somebody has typed is lost by being refused.

use super::form::Mistake;

/// The place on the page; the top of it where nothing was typed.
const PLACE: &str = "astray";

#[derive(Clone, Debug)]
pub struct Astray {
    /// Why it was refused.
    pub why: String,
    /// What was typed, under the labels of its fields.
    pub typed: Vec<(&'static str, String)>,
}

impl Astray {
    /// `typed`: by the labels of the fields; those that were left empty are not shown.
    pub fn of<'t>(why: String, typed: impl IntoIterator<Item = (&'static str, &'t str)>) -> Astray {
        let typed = typed.into_iter().filter(|(_, text)| !text.trim().is_empty());
        Astray { why, typed: typed.map(|(label, text)| (label, text.to_string())).collect() }
    }

    /// Where its reader stands.
    pub fn place(&self) -> &'static str {
        if self.typed.is_empty() { "main" } else { PLACE }
    }

    pub fn mistake(&self) -> Mistake {
        Mistake { field: self.place().into(), message: self.why.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_shown_and_what_was_not_is_no_place() {
        let some = Astray::of("Gone.".into(), [("Note", "call her"), ("Day", " ")]);
        assert_eq!((some.place(), some.typed.clone()), ("astray", vec![("Note", "call her".to_string())]));
        let none = Astray::of("Gone.".into(), [("Note", "")]);
        assert_eq!((none.place(), none.mistake().message.as_str()), ("main", "Gone."));
    }
}
