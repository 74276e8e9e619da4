//! On whom a letter is tried: the readers of a round whose names and data ask most of it.

use crate::base::ids::ContactId;
use crate::base::language::right_to_left;

/// As much of a contact as a letter says.
#[derive(Clone, Debug, Default)]
pub struct Face {
    pub id: ContactId,
    pub first_name: String,
    pub last_name: String,
    pub language: String,
    pub account: String,
    pub manager_name: String,
}

impl Face {
    fn length(&self) -> usize {
        self.first_name.chars().count() + self.last_name.chars().count() + self.account.chars().count()
    }

    fn lacks(&self) -> usize {
        [&self.first_name, &self.last_name, &self.manager_name].iter().filter(|part| part.is_empty()).count()
    }

    fn is_right_to_left(&self) -> bool {
        // Hebrew, Arabic and their neighbours, with their forms for display.
        let written =
            |c: char| matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}');
        right_to_left(&self.language) || [&self.first_name, &self.last_name].iter().any(|name| name.contains(written))
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }
}

/// The readers who ask most; each stands once.
#[derive(Clone, Debug, Default)]
pub struct Faces {
    pub longest: Option<Face>,
    /// Whoever lacks most of what a letter may say.
    pub lacking: Option<Face>,
    pub right_to_left: Option<Face>,
}

/// Of two who are alike, the one who stands first.
pub fn faces(all: Vec<Face>) -> Faces {
    let mut faces = Faces::default();
    let mut rest = Vec::with_capacity(all.len());
    let mut found = None;
    for face in all {
        if found.is_none() && face.is_right_to_left() {
            found = Some(face);
        } else {
            rest.push(face);
        }
    }
    faces.right_to_left = found;
    let lacking = (0..rest.len()).rev().max_by_key(|at| rest.get(*at).map_or(0, Face::lacks));
    let lacking = lacking.filter(|at| rest.get(*at).is_some_and(|face| face.lacks() > 0));
    faces.lacking = lacking.map(|at| rest.remove(at));
    let longest = (0..rest.len()).rev().max_by_key(|at| rest.get(*at).map_or(0, Face::length));
    faces.longest = longest.map(|at| rest.swap_remove(at));
    faces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(first: &str, last: &str, language: &str, manager: &str) -> Face {
        Face {
            first_name: first.into(),
            last_name: last.into(),
            language: language.into(),
            manager_name: manager.into(),
            ..Face::default()
        }
    }

    #[test]
    fn those_who_ask_most_are_found_once_each() {
        let all = vec![
            face("Ann", "Lee", "en", "M"),
            face("Maximiliane", "von Hohenstein-Wittelsbach", "de", "M"),
            face("", "Ng", "en", ""),
            face("ليلى", "حداد", "ar", "M"),
            face("Bo", "", "en", "M"),
        ];
        let found = faces(all);
        assert_eq!(found.longest.unwrap().first_name, "Maximiliane");
        assert_eq!(found.lacking.unwrap().last_name, "Ng");
        assert_eq!(found.right_to_left.unwrap().name(), "ليلى حداد");
    }

    #[test]
    fn who_lacks_nothing_is_not_shown_as_if_he_did() {
        let found = faces(vec![face("Ann", "Lee", "en", "M")]);
        assert_eq!(found.longest.map(|f| f.name()), Some("Ann Lee".into()));
        assert!(found.lacking.is_none() && found.right_to_left.is_none());
        assert!(faces(Vec::new()).longest.is_none());
    }
}
