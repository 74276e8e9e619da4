//! Accounts that a list has under another legal form than one that is known: one account, or two? One press each.

use crate::base::ids::AccountQuestionId;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::contacts::account_questions::{self, AnswerAboutAccounts, WhichAccounts};
use crate::steps::contacts::identity::Answer as Word;
use crate::web::console::views::board::AccountPair;
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::frames::back;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::ActionForm;

pub const HEAD: &str = "accounts-asked";

pub async fn rows(web: &Web, live: &Live, here: &str, csrf: &str) -> Result<Vec<AccountPair>, Failure> {
    if live.state == RoundState::Closed {
        return Ok(Vec::new());
    }
    let all = account_questions::of_round(&web.ctx, &live.slug).await?;
    let row = |q: &_| {
        let q: &crate::store::contacts::account_questions::AccountQuestion = q;
        let press = |answer: &str, label: &str| ActionForm {
            action: here.into(),
            act: "accounts",
            csrf: csrf.into(),
            hidden: vec![("pair", q.id.to_string()), ("answer", answer.into())],
            label: label.into(),
            about: format!("{} and {}", q.account, q.known),
            places: vec![HEAD.into()],
            ..ActionForm::default()
        };
        AccountPair {
            sentence: account_questions::sentence(q),
            same: press("same", "One account"),
            other: press("other", "Two accounts"),
        }
    };
    Ok(all.iter().map(row).collect())
}

pub async fn answer(web: &Web, live: &Live, by: &Operator, fields: &Fields) -> Answer {
    let answer = match fields.get("answer") {
        "same" => Word::SamePerson,
        "other" => Word::SomebodyElse,
        _ => return Err(Failure::unknown()),
    };
    let which = WhichAccounts::One(AccountQuestionId::from(fields.get("pair")));
    web.ctx.order(&by.actor(), AnswerAboutAccounts { slug: live.slug.clone(), which, answer }).await?;
    let said = if answer == Word::SamePerson { "same_account" } else { "two_accounts" };
    Ok(back(&urls::board(&live.slug), said))
}
