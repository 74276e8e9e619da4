//! Who stands in a list and could not be read: kept beside the round, and shown to the director whose names they are.

use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::rules::contacts::account::key;
use crate::rules::contacts::check::Unread;
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::store::Tx;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::left_out::{self, LeftOut};
use crate::store::round::rounds;
use crate::store::signoff::Request;

/// As many are kept; who has more of them loads another list first.
const KEPT: usize = 1_000;

/// Those of this list take the place of those of the list before.
pub(crate) async fn keep(tx: &mut Tx, round: &RoundId, unread: &[Unread]) -> Result<()> {
    let row = |u: &Unread| LeftOut {
        line: u.line as i64,
        who: u.who.clone(),
        account: u.account.clone(),
        account_key: key(&u.account),
        director_key: u.director.clone(),
        why: u.why.clone(),
    };
    let rows: Vec<LeftOut> = unread.iter().take(KEPT).map(row).collect();
    left_out::replace(tx, round, &rows).await
}

/// The same for a list that was loaded into a round.
pub struct NoteLeftOut {
    pub slug: String,
    pub unread: Vec<Unread>,
}

impl Order for NoteLeftOut {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        let round = rounds::by_slug(tx, &self.slug).await?.ok_or_else(|| unknown(&self.slug))?;
        keep(tx, &round.id, &self.unread).await
    }
}

/// Of a director's own accounts, one a line: "Anna Smith at Globex: the e-mail address cannot be used (anna@)".
pub(crate) async fn of_director(tx: &mut Tx, request: &Request, own: &[Account]) -> Result<Vec<String>> {
    #[derive(serde::Serialize)]
    struct Id {
        id: String,
    }
    let keys: Vec<Id> = own.iter().map(|a| Id { id: key(&a.name) }).collect();
    let keys = serde_json::to_string(&keys)
        .map_err(|e| crate::base::problem::Problem::internal("Accounts could not be written as JSON.").because(e))?;
    let found = left_out::of_director(tx, &request.round_id, &request.email.key(), &keys).await?;
    let line = |l: LeftOut| {
        let at = if l.account.is_empty() { String::new() } else { format!(" at {}", l.account) };
        format!("{}{at}: {}", l.who, l.why)
    };
    Ok(found.into_iter().map(line).collect())
}
