//! What answers to the questions of a list will do once it is loaded, told before it is.

use std::collections::HashMap;

use crate::base::address::EmailAddress;
use crate::base::ids::ContactId;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::together::answered::{Answer, Asked, Stands, Touched};
use crate::rules::contacts::together::identity::may_be_meant;
use crate::rules::contacts::together::meant::Conflict;
use crate::store::contacts::listing::{Known, Listed};

use super::touched::stands;
use crate::steps::contacts::load::rows::stays_as_edited;

/// The people of a round as they are once a list is loaded, as far as that is sure.
pub(super) struct Told<'a> {
    there: HashMap<&'a ContactId, &'a Listed>,
    by_address: HashMap<&'a str, &'a Listed>,
    /// Whom the list has by another row, and the address that he gets by it.
    moves: HashMap<&'a ContactId, Option<&'a EmailAddress>>,
}

impl<'a> Told<'a> {
    pub fn of(everybody: &'a [Listed], rows: &'a [ListedContact], known: &'a HashMap<String, Known>) -> Told<'a> {
        let by_row = rows.iter().filter_map(|row| known.get(&row.email.key()).map(|known| (row, known)));
        Told {
            there: everybody.iter().map(|person| (&person.id, person)).collect(),
            by_address: everybody.iter().map(|person| (person.email_key.as_str(), person)).collect(),
            moves: by_row.map(|(row, k)| (&k.id, (!stays_as_edited(k)).then_some(&row.email))).collect(),
        }
    }

    /// The address that somebody of the round has then.
    pub fn address(&self, id: &ContactId) -> Option<&'a EmailAddress> {
        let person = self.there.get(id)?;
        Some(self.moves.get(id).copied().flatten().unwrap_or(&person.email))
    }

    /// What both answers do. `not_he`: whether somebody has said so of the row.
    pub fn does(
        &self,
        row: &ListedContact,
        about: &ContactId,
        conflict: Option<&Conflict>,
        not_he: impl Fn(&ContactId) -> bool,
        earlier: bool,
    ) -> [String; 2] {
        let key = row.email.key();
        let has_it = |person: &&&Listed| self.address(&person.id).is_some_and(|email| email.key() == key);
        let at = self.by_address.get(key.as_str()).filter(has_it).map(|person| self.touched(person));
        let holder = conflict.and_then(|conflict| conflict.holder.as_ref()).and_then(|id| self.there.get(id));
        let holder = holder.map(|person| self.touched(person));
        let by_key = holder.filter(|holder| may_be_meant(row, holder.as_holder(), not_he(&holder.id)));
        let somebody = Touched {
            id: about.clone(),
            first_name: row.first_name.clone(),
            last_name: row.last_name.clone(),
            key: String::new(),
            stands: Stands::OnTheList,
            edited: false,
        };
        let about = self.there.get(about).map_or(somebody, |person| self.touched(person));
        let keyed = conflict.is_some();
        let asked = Asked { row, keyed, about: &about, earlier, at: at.as_ref(), by_key: by_key.as_ref() };
        [Answer::SamePerson, Answer::SomebodyElse].map(|answer| asked.sentence(answer))
    }

    fn touched(&self, person: &Listed) -> Touched {
        let stands = match stands(person.removed_at, person.removed_reason.as_deref()) {
            // The list has him by another row.
            Stands::OffByAList if self.moves.contains_key(&person.id) => Stands::OnTheList,
            stands => stands,
        };
        Touched {
            id: person.id.clone(),
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            key: person.client_key.clone(),
            stands,
            edited: person.edited_at.is_some(),
        }
    }
}
