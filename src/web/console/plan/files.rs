//! The plan as files, a table and JSON: written while they are read, whatever the size of the round.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use futures_util::stream;

use crate::base::problem::Problem;
use crate::intake::folder::export::table;
use crate::steps::Live;
use crate::steps::plan::forecast::{self, Line};
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::frames::round;
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;

/// The plan as a table; with `day`, that day of the contacts' own calendars only.
pub async fn csv(State(web): State<Web>, Path(slug): Path<String>, _: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let day: Option<NaiveDate> = words.get("day").parse().ok();
    let forecast = forecast::plan_of(&web.ctx, &live.slug).await?;
    let cells = (0..forecast.messages.len()).filter_map(move |n| {
        let line = forecast.line(forecast.messages.get(n)?)?;
        day.is_none_or(|day| line.local.date() == day).then(|| line.cells())
    });
    Ok(download(&live, "csv", "text/csv; charset=utf-8", table(Line::COLUMNS, cells)))
}

pub async fn json(State(web): State<Web>, Path(slug): Path<String>, _: Operator) -> Answer {
    let live = round(&web, &slug).await?;
    let pieces = forecast::plan_of(&web.ctx, &live.slug).await?.json(&live.slug);
    Ok(download(&live, "json", "application/json", pieces))
}

fn download(
    live: &Live,
    ending: &str,
    kind: &'static str,
    pieces: impl Iterator<Item = Result<String, Problem>> + Send + 'static,
) -> Response {
    let name = format!("attachment; filename=\"{}-plan.{ending}\"", live.slug);
    let headers = [(header::CONTENT_TYPE, kind.to_string()), (header::CONTENT_DISPOSITION, name)];
    (headers, Body::from_stream(stream::iter(pieces))).into_response()
}
