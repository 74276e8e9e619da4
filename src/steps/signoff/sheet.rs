//! Everything on the page behind a sign-off link.

use crate::base::ids::AccountId;
use crate::base::problem::Result;
use crate::base::tokens;
use crate::rules::evidence::Head;
use crate::rules::plan::Deadline;
use crate::rules::signoff as rule;
use crate::rules::signoff::{Change, SignLevel};
use crate::steps::contacts::left_out;
use crate::steps::context::{Ctx, Live};
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::{self, Person};
use crate::store::journal::round_chain;
use crate::store::replies;
use crate::store::signoff as requests;
use crate::store::signoff::{Request, name_changes, withdrawals};

use crate::steps::signoff::asking::deadline;
use crate::steps::signoff::asking::requests::accounts_of;
use crate::steps::signoff::changes::changes_of;
use crate::steps::signoff::delegating::colleagues::{Colleagues, colleagues, signed_no_more};
use crate::steps::signoff::names::directors_changes;
use crate::steps::signoff::names::taking_back::{LastChange, offered};
use crate::steps::signoff::round_before::{self, RoundBefore};
use crate::steps::signoff::signing::human_step::{self, GoodCode};

/// What a director sees: his accounts with all their names.
pub struct SignOffSheet {
    pub request: Request,
    pub live: std::sync::Arc<Live>,
    pub accounts: Vec<SheetAccount>,
    /// Accounts that were this director's, or that he signed for somebody, and that somebody else signs now.
    pub handed_over: Vec<Account>,
    pub colleagues: Colleagues,
    /// Who stands in the list and could not be read, one a line.
    pub left_out: Vec<String>,
    /// By when to sign what is left; none when no letter waits for it.
    pub deadline: Option<Deadline>,
    /// When the first letter goes to these people, while none has gone.
    pub first_letter: Option<Deadline>,
    /// Where the journal of the round ends, once its reader has signed: whoever keeps it can tell later that nothing was changed.
    pub record: Option<Head>,
    /// The code that its reader may type, if one was sent and is good.
    pub code: Option<GoodCode>,
    /// What came of the names in the round before.
    pub before: RoundBefore,
}

pub struct SheetAccount {
    pub account: Account,
    pub names: Vec<Person>,
    pub removed: Vec<Person>,
    pub signatures: Vec<requests::Signature>,
    /// Since the account director last signed; for who counter-signs, since he did.
    pub changes: Vec<Change>,
    /// What its director has changed on his page before anybody counter-signed it, for who counter-signs.
    pub by_director: Vec<Change>,
    pub to_sign: bool,
    /// How many of the names wait for the reader: the number that is typed.
    pub to_count: usize,
    /// A letter to somebody there has left, so a signature stays.
    pub written_to: bool,
    /// What its director has changed last, while he can take it back.
    pub last_change: Option<LastChange>,
    /// What he has asked about it and nobody has answered yet.
    pub asked: Vec<String>,
}

/// Everything on the page behind a sign-off link; `None` when there is no such link.
pub async fn sheet(ctx: &Ctx, secret: &str) -> Result<Option<SignOffSheet>> {
    let mut tx = ctx.db.read().await?;
    let Some(request) = requests::by_link(&mut tx, &tokens::hash(secret)).await? else { return Ok(None) };
    let live = ctx.live_by_id(&mut tx, &request.round_id).await?;
    let mut sheet = Vec::new();
    let accounts = accounts_of(&mut tx, &request).await?;
    let colleagues = colleagues(&mut tx, &live, &request, &accounts).await?;
    let mut no_more = signed_no_more(&mut tx, &request, &accounts).await?;
    let ids: Vec<&AccountId> = accounts.iter().map(|a| &a.id).collect();
    let last_changes = name_changes::last_of(&mut tx, &ids).await?;
    let name_changes = match request.level {
        SignLevel::SalesDirector => name_changes::that_hold(&mut tx, &ids).await?,
        SignLevel::Director => Vec::new(),
    };
    let questions = replies::open_questions(&mut tx, &request.id).await?;
    for account in accounts {
        let people = contacts::of_account(&mut tx, &account.id).await?;
        let signatures = requests::of_account(&mut tx, &account.id).await?;
        let to_sign = account.listed > 0 && rule::may_sign(request.level, account.standing);
        let changes = match request.level {
            SignLevel::SalesDirector if !to_sign => Vec::new(),
            level => changes_of(&mut tx, &account, level).await?,
        };
        let counter_signed = signatures.iter().any(|s| s.level == SignLevel::SalesDirector);
        let by_director = match to_sign && !counter_signed {
            true => {
                let own: Vec<_> = name_changes.iter().filter(|c| c.account_id == account.id).collect();
                directors_changes::since_it_was_loaded(&own, &people)
            }
            false => Vec::new(),
        };
        let (removed, names): (Vec<Person>, Vec<Person>) = people.into_iter().partition(|p| p.removed_at.is_some());
        let to_count = rule::rows::waiting(request.level, names.iter().map(|p: &Person| p.standing));
        let written_to = withdrawals::written_to(&mut tx, &account.id).await?;
        let last_change = offered(&last_changes, &request, &account, &signatures);
        let asked = questions.iter().filter(|q| q.account_id == account.id).map(|q| q.words.clone()).collect();
        sheet.push(SheetAccount {
            account,
            names,
            removed,
            signatures,
            changes,
            by_director,
            to_sign,
            to_count,
            written_to,
            last_change,
            asked,
        });
    }
    let mut handed_over = match request.level {
        SignLevel::Director => accounts::no_longer_of(&mut tx, &request.round_id, &request.email).await?,
        SignLevel::SalesDirector => Vec::new(),
    };
    no_more.retain(|a| handed_over.iter().all(|other| other.id != a.id));
    handed_over.append(&mut no_more);
    let own: Vec<Account> = sheet.iter().map(|a: &SheetAccount| a.account.clone()).collect();
    let left_out = match request.level {
        SignLevel::Director => left_out::of_director(&mut tx, &request, &own).await?,
        SignLevel::SalesDirector => Vec::new(),
    };
    let now = ctx.clock.now();
    let left: Vec<&AccountId> = sheet.iter().filter(|a| a.to_sign).map(|a| &a.account.id).collect();
    let deadline = deadline::of_accounts(&mut tx, &live, &left, now).await?;
    let has_signed = |a: &SheetAccount| a.signatures.iter().any(|s| s.level == request.level);
    let record = match sheet.iter().any(has_signed) {
        true => round_chain::head(&mut tx, &request.round_id).await?,
        false => None,
    };
    let code = human_step::good_code(&mut tx, &request, now).await?;
    let names: Vec<&Person> = sheet.iter().flat_map(|a| &a.names).collect();
    let first_letter = deadline::first_letter(&live, &names, now).filter(|first| first.before().is_some());
    let before = round_before::of_names(ctx, &mut tx, &live, &names).await?;
    Ok(Some(SignOffSheet {
        request,
        live,
        accounts: sheet,
        handed_over,
        colleagues,
        left_out,
        deadline,
        first_letter,
        record,
        code,
        before,
    }))
}
