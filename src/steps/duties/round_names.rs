//! What a failing duty is called where people read it: pages and alarms name a round by its title, the log by its slug or its id.

use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::store::Tx;
use crate::store::round::rounds::{self, Called};

/// "round “Assessment 2027”: planning" of "round northwind-2027: planning"; any other name as it is.
pub async fn titled(tx: &mut Tx, name: &str) -> Result<String> {
    let Some((round, work)) = name.strip_prefix("round ").and_then(|rest| rest.split_once(": ")) else {
        return Ok(name.to_string());
    };
    let called = rounds::called(tx, round).await?;
    Ok(called.map_or_else(|| name.to_string(), |of| format!("round \u{201c}{}\u{201d}: {work}", title(&of))))
}

/// "“Assessment 2027”" of a round by its id.
pub async fn quoted(tx: &mut Tx, round: &RoundId) -> Result<String> {
    let called = rounds::called(tx, round.as_str()).await?;
    Ok(called.map_or_else(|| round.to_string(), |of| format!("\u{201c}{}\u{201d}", title(&of))))
}

/// Also of a round whose settings cannot be read any more.
fn title(of: &Called) -> String {
    let spec: serde_json::Value = serde_json::from_str(&of.spec).unwrap_or_default();
    match spec.get("title").and_then(serde_json::Value::as_str) {
        Some(title) if !title.is_empty() => title.to_string(),
        _ => of.client.clone(),
    }
}
