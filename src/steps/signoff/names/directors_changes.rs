//! What account directors have changed on their pages, for who counter-signs: the list as it was before them against the list as it is.

use std::collections::HashMap;

use crate::base::ids::ContactId;
use crate::rules::signoff::{Change, Listed, changes};
use crate::store::contacts::Person;
use crate::store::signoff::name_changes::NameChange;

use super::taking_back::{Row, rows};
use crate::steps::signoff::signing::covered::listed;

/// `all`: those changes of the account that hold, the oldest first; `people`: everybody who is or was on its list.
pub(in crate::signoff) fn since_it_was_loaded(all: &[&NameChange], people: &[Person]) -> Vec<Change> {
    let now = listed(people);
    let mut before = now.clone();
    let known: HashMap<&ContactId, &Person> = people.iter().map(|p| (&p.id, p)).collect();
    for change in all.iter().rev() {
        let (was, is) = (rows(&change.rows_before), rows(&change.rows_after));
        let comes_back = |row: &Row| is.iter().any(|other| other.id == row.id);
        // Where a name stays its place stays.
        before.retain(|l| !is.iter().any(|row| row.id == l.id) || was.iter().any(|row| row.id == l.id));
        for row in was {
            let Some(then) = as_it_was(&row, &known) else { continue };
            match before.iter_mut().find(|l| l.id == row.id) {
                Some(place) if comes_back(&row) => *place = then,
                Some(_) => {}
                None => before.push(then),
            }
        }
    }
    changes(&before, &now)
}

/// What a director cannot change is as it is now.
fn as_it_was(row: &Row, known: &HashMap<&ContactId, &Person>) -> Option<Listed> {
    let person = known.get(&row.id)?;
    let mut on = (*person).clone();
    on.removed_at = None;
    let mut listed = listed(std::slice::from_ref(&on)).pop()?;
    listed.name.first_name.clone_from(&row.first_name);
    listed.name.last_name.clone_from(&row.last_name);
    listed.name.email.clone_from(&row.email);
    listed.name.job_title.clone_from(&row.job_title);
    listed.name.role = row.role;
    Some(listed)
}
