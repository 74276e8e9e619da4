//! A list that was saved in another encoding has lost letters: what the round knows with its letters is never replaced by such a name.
//!
//! The finding stays with the contact and is counted; the list corrected and loaded again takes it away.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::base::ids::{AccountId, ContactId};
use crate::rules::contacts::row::name::{is_what_is_left_of, loses_letters};
use crate::rules::contacts::{Colleague, LETTERS_LOST, ListedContact};
use crate::store::contacts::accounts::Account;
use crate::store::contacts::listing::{Known, Listed};

use super::changes::{Changes, Named};

/// Puts back into the rows what they have lost.
pub(in crate::contacts) fn put_back(
    rows: &mut Cow<'_, [ListedContact]>,
    known: &HashMap<String, Known>,
    there: &HashMap<&ContactId, &Listed>,
    all: &[Account],
    changes: &mut Changes,
) {
    let accounts: HashMap<&AccountId, &Account> = all.iter().map(|a| (&a.id, a)).collect();
    let mut people: HashMap<String, &str> = HashMap::new();
    for a in all {
        people.insert(a.manager_email.clone(), &a.manager_name);
        people.insert(a.director_email.key(), &a.director_name);
    }
    // What an account of the round is called in this list, told by people who are known. None: by two accounts.
    let mut called: HashMap<String, Option<String>> = HashMap::new();
    for row in rows.iter() {
        let person = known.get(&row.email.key()).and_then(|known| there.get(&known.id));
        let Some(account) = person.and_then(|p| accounts.get(&p.account_id)) else { continue };
        if loses_letters(&row.account, &account.name) && is_what_is_left_of(&row.account, &account.name) {
            let name = called.entry(row.account.clone()).or_insert_with(|| Some(account.name.clone()));
            if name.as_ref().is_some_and(|name| *name != account.name) {
                *name = None;
            }
        }
    }
    for at in 0..rows.len() {
        let Some(row) = rows.get(at) else { continue };
        let person = known.get(&row.email.key()).and_then(|known| there.get(&known.id));
        let account = person.and_then(|p| accounts.get(&p.account_id));
        let better =
            |said: &str, known: Option<&str>| known.filter(|known| loses_letters(said, known)).map(str::to_string);
        let colleague = |said: &Colleague| better(&said.name, people.get(&said.email.key()).copied());
        let mut first = better(&row.first_name, person.map(|p| p.first_name.as_str()));
        let mut last = better(&row.last_name, person.map(|p| p.last_name.as_str()));
        // A name of signs only was not taken apart: it stands for both.
        if last.is_some() && row.first_name.is_empty() {
            first = person.map(|p| p.first_name.clone());
        } else if first.is_some() && row.last_name.is_empty() {
            last = person.map(|p| p.last_name.clone());
        }
        let own = account.map(|a| a.name.as_str()).filter(|name| is_what_is_left_of(&row.account, name));
        // Whoever is new in the list is at the same account as those who are known: a second one of its name would ask nobody who he is.
        let others = || called.get(&row.account).and_then(Option::as_deref);
        let place = better(&row.account, if account.is_some() { own } else { others() });
        let director = colleague(&row.director);
        let manager = row.manager.as_ref().and_then(colleague);
        let about_the_person = first.is_some() || last.is_some() || place.is_some();
        if !about_the_person && director.is_none() && manager.is_none() {
            continue;
        }
        let Some(row) = rows.to_mut().get_mut(at) else { continue };
        first.into_iter().for_each(|name| row.first_name = name);
        last.into_iter().for_each(|name| row.last_name = name);
        place.into_iter().for_each(|name| row.account = name);
        director.into_iter().for_each(|name| row.director.name = name);
        row.manager.iter_mut().zip(manager).for_each(|(m, name)| m.name = name);
        if !about_the_person {
            continue;
        }
        let name = format!("{} {}", row.first_name, row.last_name).trim().to_string();
        let stays = format!(" Until then {name} at {} stays.", row.account);
        row.findings.iter_mut().filter(|f| f.code == LETTERS_LOST).for_each(|f| f.message.push_str(&stays));
        changes.letters_lost.push(Named { name, account: row.account.clone(), email: row.email.to_string() });
    }
}
