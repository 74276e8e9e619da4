//! Filters of lists that an operator keeps under a name, for himself alone.
//!
//! What is kept is what a page itself makes of an address, so nothing but its own filters can stand there. Nothing of it is in the journal:
//! it says nothing about what was done.

use crate::base::ids::SavedViewId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::typed::fitting;
use crate::store::Tx;
use crate::store::installation::saved_views::{self as store, SavedView};

/// So many are kept of a round; more are no help.
const MOST: usize = 40;
/// Longer than any filter of ours, also in a writing of which each sign takes twelve in an address.
const LONGEST: usize = 4_000;

/// A list whose filters are kept. Contract: the words stand in databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedList {
    Contacts,
    Accounts,
    Outbox,
    Calls,
}

impl SavedList {
    pub const ALL: [SavedList; 4] = [SavedList::Contacts, SavedList::Accounts, SavedList::Outbox, SavedList::Calls];

    pub fn as_str(self) -> &'static str {
        match self {
            SavedList::Contacts => "contacts",
            SavedList::Accounts => "accounts",
            SavedList::Outbox => "outbox",
            SavedList::Calls => "calls",
        }
    }

    pub fn parse(text: &str) -> Option<SavedList> {
        SavedList::ALL.into_iter().find(|list| list.as_str() == text)
    }
}

/// Keeps the filter of a list under a name; one of that name is the new one from then on.
pub struct SaveView {
    /// The round's name in addresses.
    pub round: String,
    pub list: SavedList,
    pub name: String,
    /// As the page of the list makes it of what was asked, with its question mark.
    pub query: String,
}

impl Order for SaveView {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let name = fitting("The name", &self.name)?;
        if name.is_empty() {
            return Err(Problem::unusable(
                "The view has no name.",
                "Write one, such as \u{201c}silent, strategic\u{201d}.",
            ));
        }
        if self.query.is_empty() {
            return Err(Problem::unusable("This list shows everything.", "Choose a filter first, then keep it."));
        }
        if self.query.len() > LONGEST {
            let what =
                format!("The filter takes {} signs in an address, and at most {LONGEST} are kept.", self.query.len());
            return Err(Problem::unusable(what, "Look for fewer or shorter words, then keep it."));
        }
        let live = ctx.live_by_slug(tx, &self.round).await?;
        tx.in_round(&live.id);
        let known = store::of_operator(tx, &live.id, by.as_str()).await?;
        let is_new = !known.iter().any(|view| view.list == self.list.as_str() && view.name == name);
        if is_new && known.len() >= MOST {
            let what = format!("You keep {MOST} views of this round already.");
            return Err(Problem::unusable(what, "Remove one under \u{201c}Your views\u{201d} first."));
        }
        let now = ctx.clock.now();
        let id: SavedViewId = ctx.ids.id(now);
        let (round_id, list) = (live.id.clone(), self.list.as_str().to_string());
        store::save(tx, &SavedView { id, round_id, operator: by.into(), list, name, query: self.query, at: now }).await
    }
}

/// Keeps it no more. Done twice, or to somebody else's, it changes nothing.
pub struct RemoveView {
    pub round: String,
    pub view: SavedViewId,
}

impl Order for RemoveView {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let live = ctx.live_by_slug(tx, &self.round).await?;
        tx.in_round(&live.id);
        store::remove(tx, &live.id, by.as_str(), &self.view).await
    }
}
