//! What became of a press for many contacts: to how many it was done, who was left as he was and why; and taking it back.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use crate::base::ids::{BulkId, ContactId};
use crate::base::sentence::{capitalised, with_stop};
use crate::rules::contacts::bulk::{Act, WhyNot, told};
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::contacts::bulk::undo;
use crate::store::Tx;
use crate::store::contacts::bulk::{self as store, Bulk};
use crate::store::contacts::persons;
use crate::web::console::views::bulk::{BulkDonePage, BulkRow};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::figures::count;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::frames::{console, home, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::exact;
use crate::web::kit::urls;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::Link;
use crate::web::kit::views::page::respond;

/// As many who were left as they were are named.
const NAMED: i64 = 200;

/// S11: what was done in another round is as unknown as what never was.
async fn known(tx: &mut Tx, live: &Live, id: &BulkId) -> Result<(Bulk, Act), Failure> {
    let bulk = store::by_id(tx, id).await?.filter(|bulk| bulk.round_id == live.id).ok_or_else(Failure::unknown)?;
    let act =
        Act::parse(&bulk.act).filter(|act| act.is_offered(live.spec.participation)).ok_or_else(Failure::unknown)?;
    Ok((bulk, act))
}

/// A press of a time when names were told.
fn why_told(live: &Live, word: &str) -> WhyNot {
    match WhyNot::parse(word) {
        WhyNot::Answered if !live.spec.participation.names() => WhyNot::Unknown,
        why => why,
    }
}

pub async fn page(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, BulkId)>,
    by: Operator,
    Words(words): Words,
) -> Answer {
    let live = round(&web, &slug).await?;
    let mut tx = web.ctx.db.read().await?;
    let (bulk, act) = known(&mut tx, &live, &id).await?;
    let outcomes = store::outcomes(&mut tx, &id).await?;
    let left = store::left(&mut tx, &id, NAMED).await?;
    let undone = store::undone_by(&mut tx, &id).await?;
    let ids: Vec<&ContactId> = left.iter().map(|(id, _)| id).collect();
    let others = persons(&mut tx, &ids).await?;
    drop(tx);
    let (mut done, mut why) = (0_usize, BTreeMap::new());
    for (word, n) in outcomes {
        let n = n.max(0) as usize;
        if word.is_empty() { done += n } else { *why.entry(why_told(&live, &word)).or_insert(0) += n }
    }
    let others_in_all: usize = why.values().sum();
    let stopped = (bulk.chosen.max(0) as usize).saturating_sub(done + others_in_all);
    let notes = (stopped > 0).then(|| {
        format!(
            "It stopped before the last {} of those who were chosen. Choose them again to go on.",
            count(stopped as i64)
        )
    });
    let (now, zone) = (web.ctx.clock.now(), home(&live));
    let of_each = |(id, word): &(ContactId, String)| {
        let p = others.iter().find(|p| p.id == *id)?;
        Some(BulkRow {
            href: urls::contact(&live.slug, &p.id),
            name: p.full_name(),
            account: p.account.clone(),
            why: why_told(&live, word).of(1).into(),
        })
    };
    let may_undo = live.state != RoundState::Closed && undone.is_none() && done > 0;
    let page = BulkDonePage {
        console: console(&web, &by, Some(&live), "contacts", &words),
        title: with_stop(&told(act, done, &why)),
        by: capitalised(&format!("by {}, {}", bulk.by_whom, exact(bulk.at, now, &zone))),
        reason: bulk.reason,
        notes: notes.into_iter().collect(),
        undone: undone.map(|u| Link::new(format!("Undone by {}", u.by_whom), urls::bulk_done(&live.slug, &u.id))),
        undo: act.undone_by().filter(|_| may_undo).map(|undoing| ActionForm {
            id: "undo".into(),
            action: urls::bulk_done(&live.slug, &id),
            act: "undo",
            csrf: by.csrf.clone(),
            label: "Undo".into(),
            explain: undoing.explain().into(),
            button: undoing.button(done),
            ..ActionForm::default()
        }),
        more_others: others_in_all.saturating_sub(left.len()),
        others: left.iter().filter_map(of_each).collect(),
        back: urls::contacts(&live.slug),
    };
    Ok(respond(StatusCode::OK, &page))
}

pub async fn act(State(web): State<Web>, Path((slug, id)): Path<(String, BulkId)>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    known(&mut web.ctx.db.read().await?, &live, &id).await?;
    if posted.fields.get("act") != "undo" {
        return Err(Failure::unknown());
    }
    let undone = undo(&web.ctx, &posted.by.actor(), &live.slug, &id).await?;
    Ok(Redirect::to(&urls::bulk_done(&live.slug, &undone)).into_response())
}
