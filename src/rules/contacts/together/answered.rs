//! What an answer to "the same person?" does, worked out in one place: it is shown before it is given, and done as it was shown.
//!
//! Nobody leaves the list, and nobody gets an address or a name of somebody else, but as it stands here.

use crate::base::ids::ContactId;
use crate::rules::contacts::ListedContact;

use super::identity::{Holder, Whose, whose};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    SamePerson,
    SomebodyElse,
}

/// Where somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    OnTheList,
    /// A list that has the person again puts him back.
    OffByAList,
    /// Somebody here has taken him off, and no list puts him back.
    TakenOff,
}

/// Somebody whom a question touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    pub id: ContactId,
    pub first_name: String,
    pub last_name: String,
    /// What the client's own system calls the person; may be empty.
    pub key: String,
    pub stands: Stands,
    /// By a person here: a list does not change his name.
    pub edited: bool,
}

impl Touched {
    fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    pub fn as_holder(&self) -> Holder<'_> {
        Holder { id: &self.id, first_name: &self.first_name, last_name: &self.last_name, key: &self.key }
    }
}

/// A question with everybody whom an answer to it may touch.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub row: &'a ListedContact,
    /// The row's key, address and name do not agree on one person.
    pub keyed: bool,
    pub about: &'a Touched,
    /// The person is known from an earlier round only.
    pub earlier: bool,
    /// Who has the address of the row now.
    pub at: Option<&'a Touched>,
    /// Whom the key of the row means, where nobody has said that the row is not about him.
    pub by_key: Option<&'a Touched>,
}

/// Who has the address of the row in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// A third person has it, and nothing is done.
    Nothing,
    Has(ContactId),
    /// Nobody before somebody has said whether it is this one.
    Asks(ContactId),
    /// A new contact; where the row may be one more person of its name, that is asked first.
    NewName,
}

/// What an answer does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequence {
    /// Who has the address and gives it up.
    pub gives_up: Option<ContactId>,
    /// Whether he is on the list, and leaves it.
    pub leaves: bool,
    pub then: Then,
}

impl Asked<'_> {
    pub fn consequence(&self, answer: Answer) -> Consequence {
        let stays = |then| Consequence { gives_up: None, leaves: false, then };
        if self.at.is_some_and(|at| at.id != self.about.id) {
            return stays(Then::Nothing);
        }
        match answer {
            Answer::SamePerson if self.earlier => stays(Then::NewName),
            Answer::SamePerson => stays(Then::Has(self.about.id.clone())),
            Answer::SomebodyElse if !self.keyed => stays(Then::NewName),
            Answer::SomebodyElse => Consequence {
                gives_up: self.at.map(|at| at.id.clone()),
                leaves: self.at.is_some_and(|at| at.stands == Stands::OnTheList),
                then: self.not_he(),
            },
        }
    }

    /// Not the one who was asked about: then the one who has the key. Where the name says otherwise, that is asked, and so it is where
    /// somebody here has taken him off: a list does not put him at an address by itself.
    fn not_he(&self) -> Then {
        let Some(holder) = self.by_key.filter(|holder| holder.id != self.about.id) else { return Then::NewName };
        let is_he = matches!(whose(self.row, Some(holder.as_holder()), None), Whose::Is(_));
        match is_he && holder.stands != Stands::TakenOff {
            true => Then::Has(holder.id.clone()),
            false => Then::Asks(holder.id.clone()),
        }
    }

    /// What an answer does, in a sentence.
    pub fn sentence(&self, answer: Answer) -> String {
        let (known, row) = (self.about.name(), self.row_name());
        let done = self.consequence(answer);
        if done.then == Then::Nothing {
            let holder = self.at.map(Touched::name).unwrap_or_default();
            return format!("{} is the address of {holder} by now: correct that contact first.", self.row.email);
        }
        match answer {
            Answer::SamePerson if self.earlier => {
                "For the same person, what was said then holds for the new address: nothing is sent to it.".into()
            }
            Answer::SamePerson if self.about.stands == Stands::TakenOff => {
                format!("The same person stays off the list: somebody here has taken {known} off.")
            }
            Answer::SamePerson => {
                let again = if self.about.stands == Stands::OffByAList { "is on the list again, " } else { "" };
                let address =
                    if self.at.is_some() { "keeps the address and" } else { "gets the new address and keeps" };
                let renamed = self.renamed();
                format!("The same person {again}{address} what is known: answers, opt-out, history.{renamed}")
            }
            Answer::SomebodyElse => {
                let holder = self.by_key.map(Touched::name).unwrap_or_default();
                let then = match &done.then {
                    Then::Has(_) => format!("{holder}, whom the client’s key means, gets the address"),
                    Then::Asks(_) => format!("it is asked next whether {row} is {holder}, whom the client’s key means"),
                    Then::NewName | Then::Nothing => format!("{row} is a new name"),
                };
                match (done.leaves, &done.then) {
                    (true, _) => format!(
                        "Somebody else has the address now: {known} leaves the list until a list has another address, and {then}."
                    ),
                    (false, Then::NewName) => "Somebody else is a new name.".into(),
                    (false, _) => format!("If it is somebody else, {then}."),
                }
            }
        }
    }

    fn row_name(&self) -> String {
        format!("{} {}", self.row.first_name, self.row.last_name).trim().to_owned()
    }

    /// Whose name is another one afterwards.
    fn renamed(&self) -> String {
        let (known, row) = (self.about.name(), self.row_name());
        if self.keyed && !self.about.edited && known != row {
            format!(" {known} is called {row} from then on.")
        } else {
            String::new()
        }
    }
}

#[cfg(test)]
#[path = "answered_tests.rs"]
mod tests;
