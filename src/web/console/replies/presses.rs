//! The presses by which the desk works a mail through: take, give, note, put off, answer, forward, call.

use chrono::NaiveDate;

use crate::base::problem::{Kind, Result};
use crate::rules::calling::Outcome;
use crate::rules::journal::Actor;
use crate::steps::Live;
use crate::steps::calling::RecordCall;
use crate::steps::replies::desk::{AnswerReply, ForwardReply, GiveReply, LookedAfterBy, NoteOnReply, PutReplyOff};
use crate::store::replies::Reply;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;

/// In place of an operator: everybody's again.
pub(super) const NOBODY: &str = "nobody";

const ALL: [&str; 8] = ["take", "give", "note", "put_off", "put_on", "answer", "forward", "call"];

pub(super) fn is_one(act: &str) -> bool {
    ALL.contains(&act)
}

/// None: done. Else beside which field it is said why not.
pub(super) async fn press(
    web: &Web,
    live: &Live,
    who: &Actor,
    mail: &Reply,
    fields: &Fields,
) -> Result<Option<(&'static str, String)>, Failure> {
    if let Some(refused) = fields.too_long().next() {
        return Ok(Some(refused));
    }
    let (ctx, act) = (&web.ctx, fields.get("act"));
    let (reply, known) = (mail.id.clone(), fields.get("known").parse().unwrap_or(-1));
    let (field, done) = match act {
        "take" => ("to", ctx.order(who, GiveReply { reply, known, to: Some(who.as_str().into()) }).await),
        "give" => {
            let to = match fields.get("to") {
                "" => return Ok(Some(("to", "Choose who is to have it.".into()))),
                NOBODY => None,
                to => Some(to.to_string()),
            };
            ("to", ctx.order(who, GiveReply { reply, known, to }).await)
        }
        "note" => {
            let note = fields.get("note").to_string();
            ("note", ctx.order(who, NoteOnReply { reply, known, note }).await)
        }
        "put_off" | "put_on" => {
            let day = match (act, fields.get("until").parse::<NaiveDate>()) {
                ("put_on", _) => None,
                (_, Ok(day)) => Some(day),
                (_, Err(_)) => return Ok(Some(("until", "Write the day, such as 2027-02-15.".into()))),
            };
            let round = live.slug.clone();
            ("until", ctx.order(who, PutReplyOff { reply, known, round, day }).await)
        }
        "answer" => {
            let (words, keep) = (fields.get("words").to_string(), fields.get("keep") == "yes");
            ("words", ctx.order(who, AnswerReply { reply, known, words, keep }).await)
        }
        "forward" => {
            let Some(to) = LookedAfterBy::parse(fields.get("to")) else {
                return Ok(Some(("to", "Choose to whom it goes.".into())));
            };
            let words = fields.get("words").to_string();
            ("words", ctx.order(who, ForwardReply { reply, known, to, words }).await)
        }
        _ => match called(mail, fields)? {
            Err(refused) => return Ok(Some(refused)),
            Ok(call) => ("day", ctx.order(who, call).await),
        },
    };
    match done {
        Ok(()) => Ok(None),
        Err(problem) if problem.kind == Kind::Unusable => Ok(Some((field, problem.for_page()))),
        Err(problem) => Err(problem.into()),
    }
}

/// What became of a call, as on the call list; else beside which field it is said what is missing.
fn called(mail: &Reply, fields: &Fields) -> Result<Result<RecordCall, (&'static str, String)>, Failure> {
    let contact = mail.contact_id.clone().ok_or_else(Failure::unknown)?;
    let Some(outcome) = Outcome::parse(fields.get("outcome")) else {
        return Ok(Err(("outcome", "Choose what became of it.".into())));
    };
    let day = match (fields.get("day"), fields.get("day").parse::<NaiveDate>()) {
        ("", _) => None,
        (_, Ok(day)) => Some(day),
        (_, Err(_)) => return Ok(Err(("day", "Write the day, such as 2027-02-15.".into()))),
    };
    let (known, note) = (fields.get("calls").parse().unwrap_or_default(), fields.get("note").to_string());
    Ok(Ok(RecordCall { contact, outcome, day, note, known }))
}
