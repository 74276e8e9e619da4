//! What stands behind the link of somebody who looks after accounts, while its round is open; else the page that says why there is nothing.

use axum::http::StatusCode;

use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::web::kit::door::damaged_links;
use crate::web::kit::frames::letter;
use crate::web::kit::problem::Failure;
use crate::web::kit::views::notice::Notice;
use crate::web::kit::views::page::respond;

/// `over`: what need not be done any more, in a sentence.
pub fn opened<S>(sheet: Option<S>, round: impl Fn(&S) -> &Live, over: &str) -> Result<S, Failure> {
    let sheet = sheet.ok_or_else(damaged_links::unknown)?;
    let live = round(&sheet);
    if live.state != RoundState::Closed {
        return Ok(sheet);
    }
    let lines = [over, "Thank you for your help."];
    let notice = Notice::director_link(letter(&live.spec, "en"), "This round is closed", &lines);
    Err(respond(StatusCode::GONE, &notice).into())
}
