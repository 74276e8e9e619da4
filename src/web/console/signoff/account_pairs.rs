//! Accounts that a list has under another name than one that is known: one account, or two? One press each, and an answer can be taken back.

use crate::base::ids::AccountQuestionId;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::contacts::accounts::account_questions::{self, AnswerAboutAccounts, TakeAnswersBack, WhichAccounts};
use crate::steps::contacts::people::identity::Answer as Word;
use crate::store::contacts::account_questions::AccountQuestion;
use crate::web::console::views::signoff::board::{AccountPair, AccountPairs, AnsweredPair};
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::frames::back;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::ActionForm;

pub const HEAD: &str = "accounts-asked";

/// As many of each have a form on the page.
const SHOWN: usize = 50;

pub async fn rows(web: &Web, live: &Live, here: &str, csrf: &str) -> Result<AccountPairs, Failure> {
    if live.state == RoundState::Closed {
        return Ok(AccountPairs::default());
    }
    let open = account_questions::of_round(&web.ctx, &live.slug).await?;
    let answered = account_questions::answered(&web.ctx, &live.slug).await?;
    let form = |q: &AccountQuestion| ActionForm {
        action: here.into(),
        act: "accounts",
        csrf: csrf.into(),
        about: format!("{} and {}", q.account, q.known),
        places: vec![HEAD.into()],
        ..ActionForm::default()
    };
    let press = |q: &AccountQuestion, answer: &str, label: &str| ActionForm {
        hidden: vec![("pair", q.id.to_string()), ("answer", answer.into())],
        label: label.into(),
        ..form(q)
    };
    let asked = |q: &AccountQuestion| AccountPair {
        sentence: account_questions::sentence(q),
        same: press(q, "same", "One account"),
        other: press(q, "other", "Two accounts"),
    };
    let said = |q: &AccountQuestion| {
        AnsweredPair {
        sentence: account_questions::answer_sentence(q),
        take_back: ActionForm {
            id: format!("take-back-{}", q.id),
            explain: "Whoever went to the other account by this answer goes back, and it is asked again. Names that change are signed again.".into(),
            button: "Take the answer back".into(),
            ..press(q, "back", "Take back")
        },
    }
    };
    Ok(AccountPairs {
        open: open.iter().take(SHOWN).map(asked).collect(),
        more_open: open.len().saturating_sub(SHOWN),
        answered: answered.iter().take(SHOWN).map(said).collect(),
        more_answered: answered.len().saturating_sub(SHOWN),
    })
}

pub async fn answer(web: &Web, live: &Live, by: &Operator, fields: &Fields) -> Answer {
    let which = WhichAccounts::One(AccountQuestionId::from(fields.get("pair")));
    let slug = live.slug.clone();
    let (answer, said) = match fields.get("answer") {
        "same" => (Word::SamePerson, "same_account"),
        "other" => (Word::SomebodyElse, "two_accounts"),
        "back" => {
            web.ctx.order(&by.actor(), TakeAnswersBack { slug, which }).await?;
            return Ok(back(&urls::board(&live.slug), "accounts_open"));
        }
        _ => return Err(Failure::unknown()),
    };
    web.ctx.order(&by.actor(), AnswerAboutAccounts { slug, which, answer }).await?;
    Ok(back(&urls::board(&live.slug), said))
}
