//! What holds sending: read by anybody who is logged in, confirmed by a button that says what it does.

use axum::extract::State;
use axum::http::StatusCode;

use crate::base::clock::Ts;
use crate::base::problem::Problem;
use crate::base::sentence::capitalised;
use crate::rules::alarm::told_at;
use crate::rules::sending::meaning::meaning;
use crate::steps::duties::round_names::titled;
use crate::steps::sending::answers::{self, ServerAnswer};
use crate::steps::sending::outbound::holds::{self, Held};
use crate::steps::sending::{standstill, trouble};
use crate::store::Tx;
use crate::store::sending::due;
use crate::web::console::next_mail::{self, RELEASED, say};
use crate::web::console::views::sending::page::{AnswerRow, FailingRow, HoldCard, LostRow, SendingPage};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::figures::count;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::frames::{back, console};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls::SENDING;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::page::respond;

use super::incidents::{self, CONFIRM, RETRY};
use super::{alarms, events, gateways};

pub async fn page(State(web): State<Web>, by: Operator, Words(words): Words) -> Answer {
    let holds = holds::all(&web.ctx).await?;
    let open = trouble::alarms(&mut web.ctx.db.read().await?).await?;
    let damage = web.ctx.db.damage();
    let held = damage.is_some() || !holds.is_empty() || open.iter().any(|alarm| alarm.holds());
    let all = damage.is_some() || !holds.is_empty() || open.iter().any(|alarm| alarm.holds() && alarm.is_about_all());
    let explain = match holds.is_empty() {
        _ if damage.is_some() => {
            "A damaged database is not sent from, whatever is confirmed here: it goes on after a start on a sound one."
        }
        true => {
            "Whatever is due leaves from then on. If the trouble lasts, it is refused again, a few messages at the \
                most, and held again. What \
             was refused before waits until you have said whose trouble it was."
        }
        false => {
            "Whatever is due leaves from then on. If another installation still sends from a copy of this database, stop it first: \
             people would be written to twice."
        }
    };
    let resume = ActionForm {
        id: "resume".into(),
        action: SENDING.into(),
        act: "resume",
        csrf: by.csrf.clone(),
        label: "Let sending go on".into(),
        explain: explain.into(),
        button: "I have read this; go on".into(),
        danger: true,
        ..ActionForm::default()
    };
    let now = web.ctx.clock.now();
    let (still, answers, gateways, failing) = {
        let mut tx = web.ctx.db.read().await?;
        let still = standstill::now(&web.ctx, &mut tx).await?;
        let answers = answers::of_all(&mut tx, now).await?;
        (still, answers, gateways::held(&mut tx, &by.csrf, now).await?, failing(&web, &mut tx, now).await?)
    };
    let due = due::next_of_all(&mut web.ctx.db.read().await?).await?;
    let mut console = console(&web, &by, None, "", &words);
    say(&mut console, &words, &RELEASED, &next_mail::of_all(due, now, all || still.is_some()));
    let page = SendingPage {
        console,
        holds: damage.into_iter().map(|why| damaged(why, now)).chain(holds.into_iter().map(card)).collect(),
        incidents: incidents::cards(&mut web.ctx.db.read().await?, &by.csrf, SENDING).await?,
        held,
        all,
        resume,
        still: still.map(|still| format!("{} {}", still.what, still.next)).unwrap_or_default(),
        events: events::card(&web.ctx, &mut web.ctx.db.read().await?, &by.csrf).await?,
        answers: answers.into_iter().map(answered).collect(),
        gateways,
        failing,
        alarms: alarms::rows(&mut web.ctx.db.read().await?, &by.csrf, now).await?,
    };
    Ok(respond(StatusCode::OK, &page))
}

fn answered(answer: ServerAnswer) -> AnswerRow {
    AnswerRow {
        means: meaning(&answer.said),
        messages: answer.is_told.then(|| count(answer.messages)),
        since: answer.since.map(told_at).unwrap_or_default(),
        again: told_at(answer.again),
        said: answer.said,
    }
}

/// Rounds are named by their titles.
async fn failing(web: &Web, tx: &mut Tx, now: Ts) -> Result<Vec<FailingRow>, Problem> {
    let mut all = Vec::new();
    for t in web.ctx.failures.now(now) {
        let name = capitalised(&titled(tx, &t.name).await?);
        all.push(FailingRow { name, what: t.what, since: told_at(t.since), last: told_at(t.last) });
    }
    Ok(all)
}

/// No word of an operator lets mail go from a damaged file.
fn damaged(why: String, now: Ts) -> HoldCard {
    HoldCard { since: told_at(now), why, messages: Vec::new() }
}

fn card(held: Held) -> HoldCard {
    let messages =
        held.messages.into_iter().map(|m| LostRow { to: m.to, kind: m.kind, at: told_at(Ts(m.at)), became: m.became });
    HoldCard { since: told_at(held.hold.at), why: held.hold.why, messages: messages.collect() }
}

pub async fn act(State(web): State<Web>, posted: Posted) -> Answer {
    match posted.fields.get("act") {
        "resume" if let Some(damage) = web.ctx.db.damage() => {
            Err(Problem::refused(damage, "Only a start on a sound file lets sending go on.").into())
        }
        "resume" => {
            web.ctx.order(&posted.by.actor(), holds::ResumeSending).await?;
            Ok(back(SENDING, "sending"))
        }
        word @ (gateways::HOLD | gateways::RELEASE) => {
            gateways::act(&web, &posted, word).await?;
            Ok(back(SENDING, word))
        }
        word @ (RETRY | CONFIRM) => {
            incidents::act(&web, &posted, word).await?;
            Ok(back(SENDING, word))
        }
        alarms::END => {
            alarms::act(&web, &posted).await?;
            Ok(back(SENDING, alarms::END))
        }
        word @ (events::AGAIN | events::LEAVE_OUT) => {
            events::act(&web, &posted, word).await?;
            Ok(back(SENDING, word))
        }
        _ => Err(Failure::unknown()),
    }
}
