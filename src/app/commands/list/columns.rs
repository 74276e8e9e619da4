//! `list columns`: what was said of the columns of a client's lists, looked at and forgotten.

use std::path::Path;
use std::process::ExitCode;

use crate::app::{open, output};
use crate::base::problem::Result;
use crate::rules::journal::Actor;
use crate::steps::contacts::upload::column_choices::{self, ColumnChoice, ForgetColumn, meaning};

fn line(column: &ColumnChoice) -> String {
    let day = column.chosen_at.utc().date_naive();
    format!("“{}” is {}, as {} said on {day}", column.header, meaning(&column.field), column.chosen_by)
}

fn as_json(column: &ColumnChoice) -> serde_json::Value {
    serde_json::json!({
        "header": column.header, "field": column.field, "by": column.chosen_by, "at": column.chosen_at,
    })
}

pub async fn columns(config: Option<&Path>, client: String, forget: Option<String>, json: bool) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let forgotten = match forget {
        None => None,
        Some(header) => {
            let order = ForgetColumn { client: client.clone(), header };
            Some(ctx.order(&Actor::CommandLine, order).await?)
        }
    };
    let known = column_choices::of_client(&ctx, &client).await?;
    if json {
        output::json(&serde_json::json!({
            "forgotten": forgotten.as_ref().map(as_json),
            "columns": known.iter().map(as_json).collect::<Vec<_>>(),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(column) = forgotten {
        output::line(&format!("Forgotten: {}.", line(&column)));
    }
    if known.is_empty() {
        output::line(&format!("Nothing is remembered of the columns of lists of {client}."));
    }
    for column in &known {
        output::line(&format!("{}.", line(column)));
    }
    Ok(ExitCode::SUCCESS)
}
