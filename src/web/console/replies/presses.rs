//! The presses by which the desk works a mail through, from the form to the order: take, give, note, put off, answer, forward, call, what
//! the mail says of its contact, seen to. Each says which state of the mail was seen.

use chrono::NaiveDate;

use crate::base::ids::{MessageId, is_id};
use crate::base::problem::Kind;
use crate::rules::calling::Outcome;
use crate::rules::journal::Actor;
use crate::steps::Live;
use crate::steps::calling::RecordCall;
use crate::steps::replies::desk::{
    AnswerReply, CallAboutReply, DecideReply, Decision, ForwardReply, GiveReply, LookedAfterBy, NoteOnReply,
    PutReplyOff, SettleDeskMail,
};
use crate::store::replies::Reply;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;

/// In place of an operator: everybody's again.
pub(super) const NOBODY: &str = "nobody";

/// What somebody says of a mail in doubt.
pub(super) const ARRIVED: &str = "mail_arrived";
pub(super) const NOT_ARRIVED: &str = "mail_again";

/// What is typed and not chosen, by its fields, and what it is called where its form is gone.
pub(super) const TYPED: [(&str, &str); 4] =
    [("words", "Your text"), ("note", "Your note"), ("until", "Day"), ("day", "Day")];

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
    let decide = |decision| DecideReply { reply: mail.id.clone(), known, decision };
    let (field, done) = match act {
        "take" => ("", ctx.order(who, GiveReply { reply, known, to: Some(who.as_str().into()) }).await),
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
        "call" => match called(mail, fields)? {
            Err(refused) => return Ok(Some(refused)),
            Ok(call) => ("day", ctx.order(who, CallAboutReply { reply, known, call }).await),
        },
        ARRIVED | NOT_ARRIVED => {
            let message = Some(fields.get("message")).filter(|id| is_id(id)).ok_or_else(Failure::unknown)?;
            let (message, arrived) = (MessageId::from(message), act == ARRIVED);
            ("", ctx.order(who, SettleDeskMail { reply, message, arrived }).await)
        }
        "handled" => ("note", ctx.order(who, decide(Decision::SeenTo(fields.get("note").into()))).await),
        "away" => match fields.get("until").parse::<NaiveDate>() {
            Err(_) => return Ok(Some(("until", "Write the last day away, such as 2027-02-15.".into()))),
            Ok(until) => ("until", ctx.order(who, decide(Decision::Away(until))).await),
        },
        "ignore" => ("", ctx.order(who, decide(Decision::Ignored)).await),
        "accept_absence" => ("", ctx.order(who, decide(Decision::ProposedAbsence)).await),
        "accept_address" => ("", ctx.order(who, decide(Decision::ProposedAddress)).await),
        "left" => ("", ctx.order(who, decide(Decision::Left)).await),
        "opt_out" => ("", ctx.order(who, decide(Decision::OptedOut)).await),
        _ => return Err(Failure::unknown()),
    };
    let is_typed = TYPED.iter().any(|(name, _)| !fields.get(name).is_empty());
    match done {
        Ok(()) => Ok(None),
        // What was typed is not lost where somebody else was faster, or what is asked for cannot be.
        Err(problem) if stays(problem.kind, is_typed) && !field.is_empty() => Ok(Some((field, problem.for_page()))),
        Err(problem) => Err(problem.into()),
    }
}

/// Whether it is said in the form: what is wrong with what was typed, and what was typed for nothing.
fn stays(kind: Kind, is_typed: bool) -> bool {
    kind == Kind::Unusable || (kind == Kind::Refused && is_typed)
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
