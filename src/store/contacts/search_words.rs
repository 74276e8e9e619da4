//! By which words people and accounts are found, written with what they are made of, in the same transaction; and filled in once for the
//! rows of older versions.

use std::collections::HashMap;

use serde::Serialize;

use crate::base::folding::{Findable, findable, person_key, sort_key};
use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, json};

use super::new_contact::NewContact;

const DONE: &str = "words to search by";
const DIRECTORS_DONE: &str = "words to search directors by";

/// As many rows of an older version are filled in at once.
const AT_ONCE: i64 = 2_000;

/// Word, round, id: as arrays, which SQLite takes apart faster than objects.
#[derive(Serialize)]
struct Word<'a>(&'a str, &'a RoundId, &'a str);

/// In the order of the words: so the index grows at few places.
fn in_order<'a>(found_by: impl Iterator<Item = ((&'a RoundId, &'a str), &'a Findable)>) -> Result<String> {
    let each = |((round, id), found_by): ((&'a RoundId, &'a str), &'a Findable)| {
        found_by.words.iter().map(move |word| Word(word, round, id))
    };
    let mut words: Vec<Word<'_>> = found_by.flat_map(each).collect();
    words.sort_unstable_by(|a, b| (a.1, a.0, a.2).cmp(&(b.1, b.0, b.2)));
    json(&words)
}

/// Of contacts that are written: round and id with what they are found by.
pub(crate) async fn add<'a>(
    tx: &mut Tx,
    found_by: impl Iterator<Item = ((&'a RoundId, &'a ContactId), &'a Findable)>,
) -> Result<()> {
    run!(
        tx,
        "INSERT INTO contact_word (round_id, word, contact_id)
         SELECT value ->> 1, value ->> 0, value ->> 2 FROM json_each($1) WHERE 1 = 1 ON CONFLICT DO NOTHING",
        in_order(found_by.map(|((round, id), found_by)| ((round, id.as_str()), found_by)))?
    )?;
    Ok(())
}

/// By which words the people of a list are found, gathered piece by piece: eight bytes for each, whatever its letters.
#[derive(Default)]
pub struct Gathered {
    numbers: HashMap<String, u32>,
    /// The number of a word, and the place of a person in the list.
    entries: Vec<(u32, u32)>,
    people: u32,
}

impl Gathered {
    /// The words of the people who come next.
    pub fn add(&mut self, words: Vec<Vec<String>>) {
        for of_one in words {
            for word in of_one {
                let next = self.numbers.len() as u32;
                let number = *self.numbers.entry(word).or_insert(next);
                self.entries.push((number, self.people));
            }
            self.people += 1;
        }
    }

    /// In the order in which the index keeps them, by word and id: entered in this order, each of its pages is written once. Ids of one
    /// instant are in no order of their own, so the place of a person in the list is none. `contacts`: as they were gathered.
    pub fn in_order(self, contacts: &[NewContact]) -> Entries {
        let mut words: Vec<(String, u32)> = self.numbers.into_iter().collect();
        words.sort_unstable();
        let mut places = vec![0; words.len()];
        for (place, (_, number)) in words.iter().enumerate() {
            places[*number as usize] = place as u32;
        }
        let mut people: Vec<u32> = (0..contacts.len() as u32).collect();
        people.sort_unstable_by_key(|person| contacts[*person as usize].id.as_str());
        let mut ranks = vec![0; people.len()];
        for (rank, person) in people.iter().enumerate() {
            ranks[*person as usize] = rank as u32;
        }
        let mut entries = self.entries;
        entries.retain(|(_, person)| (*person as usize) < ranks.len());
        entries.iter_mut().for_each(|(word, person)| {
            (*word, *person) = (places[*word as usize], ranks[*person as usize]);
        });
        entries.sort_unstable();
        Entries { words: words.into_iter().map(|(word, _)| word).collect(), people, entries }
    }
}

/// The words of all people of a list, in order.
pub struct Entries {
    words: Vec<String>,
    /// Places in the list, by the order of ids.
    people: Vec<u32>,
    /// The place of a word, and of a person in `people`.
    entries: Vec<(u32, u32)>,
}

impl Entries {
    /// In pieces of so many, each as [`enter`] takes it. `contacts` are the people whose words were gathered, in the same order.
    pub fn pieces<'a>(&'a self, contacts: &'a [NewContact], many: usize) -> impl Iterator<Item = Result<String>> + 'a {
        let each = |(word, person): &(u32, u32)| -> Option<(&'a str, &'a str)> {
            let person = *self.people.get(*person as usize)? as usize;
            Some((self.words.get(*word as usize)?, contacts.get(person)?.id.as_str()))
        };
        self.entries.chunks(many).map(move |chunk| json(&chunk.iter().filter_map(each).collect::<Vec<_>>()))
    }
}

/// Enters words of contacts who are written; what is there already stays, and whoever was cleared away meanwhile gets none.
pub async fn enter(tx: &mut Tx, round: &RoundId, entries: &str) -> Result<()> {
    run!(
        tx,
        "INSERT INTO contact_word (round_id, word, contact_id)
         SELECT $1, value ->> 0, c.id FROM json_each($2) JOIN contact c ON c.id = value ->> 1 WHERE 1 = 1 ON CONFLICT DO NOTHING",
        round,
        entries
    )?;
    Ok(())
}

row! {
    pub struct Text {
        pub text: String,
    }
}

/// A contact is called or reached otherwise now.
pub(crate) async fn change(tx: &mut Tx, round: &RoundId, contact: &ContactId, found_by: &Findable) -> Result<()> {
    let before = text_of(tx, contact).await?;
    if before == found_by.text {
        return Ok(());
    }
    take_away(tx, round, contact, &before).await?;
    run!(tx, "UPDATE contact SET words = $2 WHERE id = $1", contact, &found_by.text)?;
    add(tx, std::iter::once(((round, contact), found_by))).await
}

/// A contact is not there any more.
pub(crate) async fn forget(tx: &mut Tx, round: &RoundId, contact: &ContactId) -> Result<()> {
    let text = text_of(tx, contact).await?;
    take_away(tx, round, contact, &text).await
}

async fn text_of(tx: &mut Tx, contact: &ContactId) -> Result<String> {
    let text: Option<Text> = maybe!(tx, "SELECT words AS text FROM contact WHERE id = $1", contact)?;
    Ok(text.map(|text| text.text).unwrap_or_default())
}

async fn take_away(tx: &mut Tx, round: &RoundId, contact: &ContactId, text: &str) -> Result<()> {
    let gone: Vec<_> = text.split(' ').map(|word| serde_json::json!({ "word": word })).collect();
    run!(
        tx,
        "DELETE FROM contact_word WHERE round_id = $1 AND contact_id = $2 AND word IN (SELECT value ->> 'word' FROM json_each($3))",
        round,
        contact,
        json(&gone)?
    )?;
    Ok(())
}

/// These accounts are forgotten. `gone`: JSON of their ids.
pub(crate) async fn of_no_account(tx: &mut Tx, round: &RoundId, gone: &str) -> Result<()> {
    run!(
        tx,
        "DELETE FROM account_word WHERE round_id = $1 AND account_id IN (SELECT value ->> 'id' FROM json_each($2))",
        round,
        gone
    )?;
    Ok(())
}

/// An account has this name now.
pub(crate) async fn of_account(tx: &mut Tx, round: &RoundId, id: &AccountId, name: &str) -> Result<()> {
    let found_by = findable(&[name], "");
    let before: Option<Text> = maybe!(tx, "SELECT words AS text FROM account WHERE id = $1", id)?;
    let Some(before) = before.filter(|before| before.text != found_by.text) else { return Ok(()) };
    if !before.text.is_empty() {
        let gone: Vec<_> = before.text.split(' ').map(|word| serde_json::json!({ "word": word })).collect();
        run!(
            tx,
            "DELETE FROM account_word WHERE round_id = $1 AND account_id = $2 AND word IN (SELECT value ->> 'word' FROM json_each($3))",
            round,
            id,
            json(&gone)?
        )?;
    }
    run!(tx, "UPDATE account SET words = $2 WHERE id = $1", id, &found_by.text)?;
    of_new_accounts(tx, std::iter::once(((round, id), &found_by))).await
}

/// Of accounts that are written with their `words`: round and id with what they are found by.
pub(crate) async fn of_new_accounts<'a>(
    tx: &mut Tx,
    found_by: impl Iterator<Item = ((&'a RoundId, &'a AccountId), &'a Findable)>,
) -> Result<()> {
    run!(
        tx,
        "INSERT INTO account_word (round_id, word, account_id)
         SELECT value ->> 1, value ->> 0, value ->> 2 FROM json_each($1) WHERE 1 = 1 ON CONFLICT DO NOTHING",
        in_order(found_by.map(|((round, id), found_by)| ((round, id.as_str()), found_by)))?
    )?;
    Ok(())
}

row! {
    /// A contact of an older version.
    pub struct Unfound {
        pub id: ContactId,
        pub round_id: RoundId,
        pub first_name: String,
        pub last_name: String,
        pub email: String,
    }
}

row! {
    pub struct Unsorted {
        pub id: AccountId,
        pub round_id: RoundId,
        pub name: String,
        pub director_name: String,
    }
}

row! {
    /// An account director of an older version.
    pub struct DirectorUnfound {
        pub round_id: RoundId,
        pub director_name: String,
        pub director_email: String,
    }
}

async fn fill_directors(tx: &mut Tx) -> Result<()> {
    let done: Count = one!(tx, "SELECT count(*) AS n FROM upgrade WHERE name = $1", DIRECTORS_DONE)?;
    if done.n > 0 {
        return Ok(());
    }
    let directors: Vec<DirectorUnfound> = all!(
        tx,
        "SELECT DISTINCT round_id, director_name, director_email FROM account WHERE director_words = ''
         ORDER BY round_id, director_email, director_name"
    )?;
    for d in directors {
        run!(
            tx,
            // By round, or each director would cost all accounts there are.
            "UPDATE account SET director_words = $4 WHERE round_id = $1 AND director_email = $2 AND director_name = $3",
            &d.round_id,
            &d.director_email,
            &d.director_name,
            findable(&[&d.director_name], &d.director_email).text
        )?;
    }
    run!(tx, "INSERT INTO upgrade (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", DIRECTORS_DONE)?;
    Ok(())
}

/// Once per database, at the start after its schema was brought up to date. What an interrupted start has filled in is there.
pub async fn run(tx: &mut Tx) -> Result<()> {
    fill_directors(tx).await?;
    let done: Count = one!(tx, "SELECT count(*) AS n FROM upgrade WHERE name = $1", DONE)?;
    if done.n > 0 {
        return Ok(());
    }
    let mut after = AccountId::default();
    loop {
        let some: Vec<Unsorted> = all!(
            tx,
            "SELECT id, round_id, name, director_name FROM account WHERE sort_key = '' AND id > $1 ORDER BY id LIMIT $2",
            &after,
            AT_ONCE
        )?;
        if let Some(last) = some.last() {
            after.clone_from(&last.id);
        }
        for account in &some {
            of_account(tx, &account.round_id, &account.id, &account.name).await?;
            run!(
                tx,
                "UPDATE account SET sort_key = $2, director_key = $3 WHERE id = $1",
                &account.id,
                // A name of signs only has no key, and is not looked at for ever.
                Some(sort_key(&account.name)).filter(|key| !key.is_empty()).unwrap_or_else(|| account.name.clone()),
                sort_key(&account.director_name)
            )?;
        }
        if some.len() < AT_ONCE as usize {
            break;
        }
    }
    let mut after = ContactId::from("");
    loop {
        let some: Vec<Unfound> = all!(
            tx,
            "SELECT id, round_id, first_name, last_name, email FROM contact WHERE id > $1 ORDER BY id LIMIT $2",
            &after,
            AT_ONCE
        )?;
        let Some(last) = some.last() else { break };
        after.clone_from(&last.id);
        fill(tx, &some).await?;
    }
    run!(tx, "INSERT INTO upgrade (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", DONE)?;
    Ok(())
}

async fn fill(tx: &mut Tx, contacts: &[Unfound]) -> Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        id: &'a ContactId,
        words: &'a str,
        sort_key: String,
    }
    let found_by: Vec<Findable> = contacts.iter().map(|c| findable(&[&c.first_name, &c.last_name], &c.email)).collect();
    let each = contacts.iter().zip(&found_by);
    let rows: Vec<Row<'_>> = each
        .map(|(c, f)| Row { id: &c.id, words: &f.text, sort_key: person_key(&c.first_name, &c.last_name) })
        .collect();
    run!(
        tx,
        "UPDATE contact SET words = found_by.words, sort_key = found_by.sort_key
         FROM (SELECT value ->> 'id' AS id, value ->> 'words' AS words, value ->> 'sort_key' AS sort_key FROM json_each($1)) AS found_by
         WHERE contact.id = found_by.id",
        json(&rows)?
    )?;
    add(tx, contacts.iter().map(|c| (&c.round_id, &c.id)).zip(&found_by)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::address::EmailAddress;
    use crate::rules::contacts::Role;

    fn contact(id: &str) -> NewContact {
        let none = String::new;
        NewContact {
            id: ContactId::from(id),
            round_id: RoundId::from("r"),
            account_id: AccountId::from("a"),
            line: 2,
            email: EmailAddress::parse("ann@one.example").unwrap(),
            first_name: none(),
            last_name: none(),
            job_title: none(),
            role: Role::Unknown,
            language: none(),
            country: none(),
            region: none(),
            time_zone: none(),
            findings: none(),
            client_key: none(),
            more: none(),
            link_hash: none(),
            opt_out_hash: none(),
        }
    }

    #[test]
    fn words_are_entered_in_the_order_of_the_index_whatever_the_order_of_ids() {
        let contacts = ["c", "a", "d", "b"].map(contact);
        let mut gathered = Gathered::default();
        for words in [["lee", "ann"], ["lee", "ben"], ["lee", "ann"], ["lee", "ben"]] {
            gathered.add(vec![words.map(String::from).to_vec()]);
        }
        let pieces: Vec<String> = gathered.in_order(&contacts).pieces(&contacts, 3).collect::<Result<_>>().unwrap();
        let entered: Vec<(String, String)> =
            pieces.iter().flat_map(|piece| serde_json::from_str::<Vec<(String, String)>>(piece).unwrap()).collect();
        let mut in_order = entered.clone();
        in_order.sort();
        assert_eq!((entered.len(), &entered), (8, &in_order));
        assert!(entered.contains(&("ann".into(), "d".into())) && entered.contains(&("ben".into(), "a".into())));
        assert!(!entered.contains(&("ben".into(), "c".into())), "nobody is found by another one's words");
    }
}
