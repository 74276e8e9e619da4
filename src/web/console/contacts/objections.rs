//! What was said for good about a person's address, and what an operator records about it: not this round, never again, a new consent.

use chrono::NaiveDate;

use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::contacts::objection::sentence;
use crate::rules::journal::Actor;
use crate::steps::Ctx;
use crate::steps::contacts::objections;
use crate::steps::contacts::opt_out::{Length, OptOutAsTold};
use crate::store::Tx;
use crate::store::contacts::{Person, objections as known};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::times::day;

/// What is in force for the address at the client, in whatever round it was said.
pub async fn notes(tx: &mut Tx, p: &Person) -> Result<Vec<String>> {
    let (client, key) = (known::client_of(tx, &p.round_id).await?, p.email_key.clone());
    let said = known::of_keys(tx, &client, std::slice::from_ref(&key)).await?.remove(&key).unwrap_or_default();
    Ok(said.iter().map(|o| sentence(o.kind, o.since, &o.evidence)).collect())
}

/// What is missing from the record of a new consent: who, how and when are its evidence.
pub fn wrong_consent(fields: &Fields) -> Vec<(&'static str, String)> {
    let mut errors = Vec::new();
    if fields.get("who").is_empty() {
        errors.push(("who", "Write who has said so.".to_string()));
    }
    if fields.get("when").parse::<NaiveDate>().is_err() {
        errors.push(("when", "Write the day on which it was said, such as 2027-02-15.".to_string()));
    }
    errors
}

/// Records what an operator was told.
pub async fn record(ctx: &Ctx, operator: &Actor, contact: &ContactId, fields: &Fields) -> Result<()> {
    let how = fields.get("reason");
    if fields.get("act") == "consent" {
        let when = fields.get("when").parse::<NaiveDate>().map(day).unwrap_or_default();
        let evidence = format!("{}, {when}: {how}", fields.get("who"));
        return ctx.order(operator, objections::RecordConsent { contact: contact.clone(), evidence }).await;
    }
    ctx.order(operator, OptOutAsTold { contact: contact.clone(), length: Length::ThisRound, how: how.to_string() })
        .await
        .map(|_| ())
}
