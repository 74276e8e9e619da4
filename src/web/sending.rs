//! What holds sending: read by anybody who is logged in, confirmed by a button that says what it does.

use axum::extract::State;
use axum::http::StatusCode;

use crate::base::clock::Ts;
use crate::steps::outbound::holds::{self, Held};

use super::Web;
use super::fields::Words;
use super::frames::{back, console};
use super::problem::{Answer, Failure};
use super::session::{Operator, Posted};
use super::views::form::ActionForm;
use super::views::respond;
use super::views::sending::{HoldCard, LostRow, SendingPage};

const HERE: &str = "/sending";

pub async fn page(State(web): State<Web>, by: Operator, Words(words): Words) -> Answer {
    let holds = holds::all(&web.ctx).await?;
    let resume = ActionForm {
        id: "resume".into(),
        action: HERE.into(),
        act: "resume",
        csrf: by.csrf.clone(),
        label: "Let sending go on".into(),
        explain: "Whatever is due leaves from then on. If another installation still sends from a copy of this database, stop it first: \
                  people would be written to twice."
            .into(),
        button: "I have read this; go on".into(),
        danger: true,
        ..ActionForm::default()
    };
    let page = SendingPage {
        console: console(&web, &by, None, "", &words),
        holds: holds.into_iter().map(card).collect(),
        resume,
    };
    Ok(respond(StatusCode::OK, &page))
}

fn card(held: Held) -> HoldCard {
    let messages = held.messages.into_iter().map(|m| LostRow {
        to: m.to,
        kind: m.kind,
        at: Ts(m.at).to_string(),
        became: m.became,
    });
    HoldCard { since: held.hold.at.to_string(), why: held.hold.why, messages: messages.collect() }
}

pub async fn act(State(web): State<Web>, posted: Posted) -> Answer {
    match posted.fields.get("act") {
        "resume" => {
            holds::resume(&web.ctx, &posted.by.email).await?;
            Ok(back(HERE, "sending"))
        }
        _ => Err(Failure::unknown()),
    }
}
