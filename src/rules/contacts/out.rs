//! Why a contact is out: off the list, or not to be reached. Each reason has its words here and nowhere else.
//!
//! Contract: the words stand in databases and are never changed. What a person or a server said is kept as it is.

use std::fmt;

/// Why a name was taken off the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removal {
    /// A list did not have the person any more; a list that has him again puts him back.
    OffTheList,
    /// By the person of this name and address.
    ReplacedBy(String),
    /// The mailbox is that of this person now; a list that has the former holder under another address puts him back.
    AddressOf(String),
    /// Nobody has signed the name, and an operator or the round's rule has decided, for this reason.
    LeftOut(String),
    Said(String),
}

const OFF_THE_LIST: &str = "no longer on the list";
const REPLACED_BY: &str = "replaced by ";
const ADDRESS_OF: &str = "the address is now that of ";
const LEFT_OUT: &str = "left out: ";

impl Removal {
    pub fn read(text: &str) -> Removal {
        if let Some(why) = text.strip_prefix(LEFT_OUT) {
            return Removal::LeftOut(why.into());
        }
        match (text.strip_prefix(REPLACED_BY), text.strip_prefix(ADDRESS_OF)) {
            _ if text == OFF_THE_LIST => Removal::OffTheList,
            (Some(whom), _) => Removal::ReplacedBy(whom.into()),
            (None, Some(whom)) => Removal::AddressOf(whom.into()),
            (None, None) => Removal::Said(text.into()),
        }
    }

    /// Whether a list that has the person again puts him back: nobody here has said that he is to be off.
    pub fn ends_with_a_list(&self) -> bool {
        matches!(self, Removal::OffTheList | Removal::AddressOf(_))
    }
}

impl fmt::Display for Removal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Removal::OffTheList => f.write_str(OFF_THE_LIST),
            Removal::ReplacedBy(whom) => write!(f, "{REPLACED_BY}{whom}"),
            Removal::AddressOf(whom) => write!(f, "{ADDRESS_OF}{whom}"),
            Removal::LeftOut(why) => write!(f, "{LEFT_OUT}{why}"),
            Removal::Said(text) => f.write_str(text),
        }
    }
}

/// Why somebody cannot be reached, where no server said so.
pub const HAS_LEFT: &str = "has left the company";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removal_is_read_back_from_its_words() {
        let all = [
            (Removal::OffTheList, "no longer on the list"),
            (Removal::ReplacedBy("Tim New <tim@acme.example>".into()), "replaced by Tim New <tim@acme.example>"),
            (Removal::AddressOf("Zoe Zimmer".into()), "the address is now that of Zoe Zimmer"),
            (Removal::LeftOut("Dora has left us.".into()), "left out: Dora has left us."),
            (Removal::Said("No longer on the list, says Ann".into()), "No longer on the list, says Ann"),
            (Removal::Said(String::new()), ""),
        ];
        for (removal, text) in all {
            assert_eq!(removal.to_string(), text);
            assert_eq!(Removal::read(text), removal);
        }
    }
}
