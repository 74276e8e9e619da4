//! A form that was refused, as its page shows it once more: what was typed stays, and each field says what is wrong with it.

use crate::base::address::EmailAddress;
use crate::web::kit::views::form::Field;

use super::fields::Fields;

pub struct Refused<'f> {
    fields: &'f Fields,
    /// By the names of the fields.
    errors: Vec<(&'static str, String)>,
}

impl<'f> Refused<'f> {
    /// What is wrong with a form before anybody is asked: so far, lines that are too long.
    pub fn of(fields: &'f Fields) -> Refused<'f> {
        Refused { fields, errors: fields.too_long().collect() }
    }

    /// A field that must not be empty, and what is said where it is.
    pub fn needs(&mut self, field: &'static str, otherwise: &str) {
        if self.get(field).is_empty() {
            self.errors.push((field, otherwise.into()));
        }
    }

    /// A field that must be an address.
    pub fn needs_address(&mut self, field: &'static str) {
        match self.get(field) {
            "" => self.errors.push((field, "Write the address.".into())),
            typed => {
                if let Err(why) = EmailAddress::parse(typed) {
                    self.errors.push((field, format!("The address {typed} {why}. Correct it.")));
                }
            }
        }
    }

    pub fn wrong(&mut self, field: &'static str, sentence: String) {
        self.errors.push((field, sentence));
    }

    pub fn is_refused(&self) -> bool {
        !self.errors.is_empty()
    }

    pub fn get(&self, field: &str) -> &'f str {
        self.fields.get(field)
    }

    /// Under the field, with what was typed.
    pub fn shown(&self, name: &'static str, label: &str) -> Field {
        let said: Vec<&str> = self.errors.iter().filter(|(field, _)| *field == name).map(|(_, s)| s.as_str()).collect();
        Field::text(name, label, self.get(name)).error((!said.is_empty()).then(|| said.join(" ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_stands_at_its_own_field_beside_what_was_typed() {
        let fields = Fields::of([("name", " "), ("email", "sam@"), ("reason", "because")]);
        let mut refused = Refused::of(&fields);
        assert!(!refused.is_refused());
        refused.needs("name", "Write a name.");
        refused.needs_address("email");
        refused.needs("reason", "Write why.");
        let shown = |name| {
            let field = refused.shown(name, "Label");
            (field.value, field.error.unwrap_or_default())
        };
        assert_eq!(shown("name"), (String::new(), "Write a name.".into()));
        assert_eq!(shown("reason"), ("because".into(), String::new()));
        let (typed, error) = shown("email");
        assert!(
            typed == "sam@" && error.starts_with("The address sam@ ") && error.ends_with(" Correct it."),
            "{error}"
        );
        let long = "x".repeat(300);
        let fields = Fields::of([("name", long.as_str()), ("email", "")]);
        let mut refused = Refused::of(&fields);
        refused.needs_address("email");
        let of = |name| refused.shown(name, "").error.unwrap_or_default();
        assert!(of("name").contains("300 characters") && of("email") == "Write the address.", "{}", of("name"));
    }
}
