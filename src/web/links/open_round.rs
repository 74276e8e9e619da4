//! What stands behind the link of somebody who looks after accounts, while its round is open; else the page that says why there is nothing.

use axum::http::StatusCode;

use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::web::kit::door::damaged_links;
use crate::web::kit::frames::letter;
use crate::web::kit::problem::Failure;
use crate::web::kit::views::notice::Notice;
use crate::web::kit::views::page::respond;

/// What is said of a round that is over.
pub struct Over {
    /// Of the words.
    pub language: &'static str,
    pub title: &'static str,
    pub lines: [&'static str; 2],
}

pub fn opened<S>(sheet: Option<S>, round: impl Fn(&S) -> &Live, over: impl Fn(&Live) -> Over) -> Result<S, Failure> {
    let sheet = sheet.ok_or_else(damaged_links::unknown)?;
    let live = round(&sheet);
    if live.state != RoundState::Closed {
        return Ok(sheet);
    }
    let Over { language, title, lines } = over(live);
    let notice = Notice::director_link(letter(&live.spec, language), title, &lines);
    Err(respond(StatusCode::GONE, &notice).into())
}
