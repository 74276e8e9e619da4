//! What became of whoever was invited, by the codes of researchers, with the outcome rates and how each is worked out.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::rules::completion::aapor::{Aapor, Disposition, OutcomeRate};
use crate::steps::completion::aapor::aapor_of;
use crate::web::console::views::rounds::aapor::{AaporPage, DispositionRow, RateRow};
use crate::web::kit::door::session::Operator;
use crate::web::kit::figures::{count, rate};
use crate::web::kit::forms::fields::Words;
use crate::web::kit::frames::{console, round};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;
use crate::web::kit::views::page::respond;

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let found = {
        let mut tx = web.ctx.db.read().await?;
        aapor_of(&web.ctx, &mut tx, &live).await?
    };
    let page = AaporPage {
        console: console(&web, &by, Some(&live), "overview", &words),
        dispositions: Disposition::ALL.into_iter().map(|one| disposition(&found, one)).collect(),
        rates: OutcomeRate::ALL.into_iter().map(|of| rate_row(&found, of)).collect(),
    };
    Ok(respond(StatusCode::OK, &page))
}

pub(super) fn disposition(found: &Aapor, one: Disposition) -> DispositionRow {
    let people = found.dispositions.get(one.code()).copied().flatten();
    DispositionRow {
        code: one.code(),
        label: one.label(),
        meaning: one.meaning(),
        people: people.map_or_else(|| "not told".into(), |n| count(n).to_string()),
    }
}

pub(super) fn rate_row(found: &Aapor, of: OutcomeRate) -> RateRow {
    let share = found.outcomes.as_ref().map(|outcomes| {
        let (part, base) = of.parts(outcomes);
        rate(part, base).to_string()
    });
    RateRow {
        name: of.name(),
        meaning: of.meaning(),
        formula: of.formula(),
        share: share.unwrap_or_else(|| "not told".into()),
    }
}
