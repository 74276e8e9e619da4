//! The report of a round as a page of the console and as a file to take away; both say what the overview says, at one instant.
//!
//! Who takes the file away is noted. A page that is printed is no file of ours: nobody can know of it.

mod made;
mod style;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::base::problem::Result;
use crate::steps::export::{RecordExport, Taken};
use crate::steps::{Ctx, Live};
use crate::web::console::views::rounds::report::{ReportFile, ReportPage};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::Words;
use crate::web::kit::frames::{console, round};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::assets::STYLE;
use crate::web::kit::views::page::respond;

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let page = ReportPage {
        console: console(&web, &by, Some(&live), "overview", &words),
        style: urls::report_style(&live.slug),
        save: urls::report(&live.slug),
        report: made::report(&web.ctx, &live).await?,
    };
    Ok(respond(StatusCode::OK, &page))
}

/// `/rounds/{round}/report.css`: the running head is the round's own.
pub async fn sheet(State(web): State<Web>, Path(slug): Path<String>, _: Operator) -> Answer {
    let live = round(&web, &slug).await?;
    Ok(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], style::of(&live)).into_response())
}

pub async fn save(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let html = file(&web.ctx, &live).await?;
    let what = Taken::Report;
    web.ctx.order(&posted.by.actor(), RecordExport { slug: live.slug.clone(), what }).await?;
    let name = format!("attachment; filename=\"{}-report.html\"", live.slug);
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8".to_string()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, html).into_response())
}

/// Whole in itself: it asks nobody for anything.
pub async fn file(ctx: &Ctx, live: &Arc<Live>) -> Result<String> {
    ReportFile { style: STYLE, own_style: style::of(live), report: made::report(ctx, live).await? }.html()
}
