//! What waits for somebody's signature, since when, and how many mails have asked for it.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::signoff::rows::waiting;
use crate::rules::signoff::{Change, SignLevel};
use crate::store::contacts;
use crate::store::contacts::accounts::{self, Account};
use crate::store::signoff::{Request, Signature};
use crate::store::{Tx, signoff as requests};

use crate::steps::signoff::changes::changes_of;
use crate::steps::signoff::delegating::on_behalf::{OnBehalf, on_behalf};

/// What waits for somebody's signature at one account.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub account: Account,
    /// How many of its names wait.
    pub names: usize,
    /// From then on it waits: mails that left later were about it.
    pub since: Ts,
    /// It was signed by this person before, and this has changed.
    pub changes: Option<Vec<Change>>,
    /// For whom it is signed, where it is not the reader's own.
    pub behalf: Option<OnBehalf>,
    /// Whose signature it has, where it waits for the second.
    pub signed: Option<(String, Ts)>,
}

/// What waits for this person, account by account.
pub(crate) async fn waiting_for(tx: &mut Tx, request: &Request, accounts: Vec<Account>) -> Result<Vec<Waiting>> {
    let mut all = Vec::new();
    let mut behalf = on_behalf(tx, request, &accounts).await?;
    for account in accounts {
        let signatures = requests::of_account(tx, &account.id).await?;
        let own = last_signed(&signatures, request.level);
        // Whoever has the account only since then has signed nothing of it.
        let theirs = match own {
            Some(since) if request.level == SignLevel::Director => {
                !accounts::has_another_director_since(tx, &account.id, since).await?
            }
            Some(_) => true,
            None => false,
        };
        let changes = if theirs { Some(changes_of(tx, &account, request.level).await?) } else { None };
        let director = signatures.iter().rev().find(|s| s.level == SignLevel::Director);
        let signed = director.filter(|_| request.level == SignLevel::SalesDirector);
        let signed = signed.map(|s| (s.signed_by.split(" <").next().unwrap_or_default().to_string(), s.at));
        let since = signed.as_ref().map(|(_, at)| *at).or(own.filter(|_| theirs)).unwrap_or(request.created_at);
        // A list that came later, or from another director, begins anew with him.
        let since = match request.level {
            SignLevel::Director => account.waits_since.map_or(since, |waits| since.max(waits)),
            SignLevel::SalesDirector => since,
        };
        let behalf = behalf.remove(&account.id);
        // Before he was asked to sign for somebody else, no mail was about it.
        let since = behalf.as_ref().map_or(since, |behalf| since.max(behalf.since));
        let people = contacts::of_account(tx, &account.id).await?;
        let on_the_list = people.iter().filter(|p| p.removed_at.is_none());
        let names = waiting(request.level, on_the_list.map(|p| p.standing));
        all.push(Waiting { account, names, since, changes, behalf, signed });
    }
    Ok(all)
}

/// When this level last signed one of the account's lists; what stands from the round before was signed by nobody in this one.
fn last_signed(signatures: &[Signature], level: SignLevel) -> Option<Ts> {
    signatures.iter().filter(|s| s.level == level && s.how != "carried").map(|s| s.at).max()
}

/// How many of the mails that left were about what has waited longest.
pub(crate) fn asked_before(waiting: &[Waiting], left: &[(i64, Ts)]) -> u32 {
    mails_about(waiting, left).max().unwrap_or(0)
}

pub(in crate::signoff) fn mails_about<'w>(
    waiting: &'w [Waiting],
    left: &'w [(i64, Ts)],
) -> impl Iterator<Item = u32> + 'w {
    waiting.iter().map(|w| left.iter().filter(|(_, at)| *at >= w.since).count() as u32)
}
