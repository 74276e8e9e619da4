//! The reply desk: what people wrote back and nobody has seen to yet, by whose it is; and what is done.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::base::ids::ReplyId;
use crate::base::problem::Result;
use crate::rules::replies::desk::Shown;
use crate::steps::Live;
use crate::steps::installation::operators;
use crate::store::replies::{self, desk};
use crate::web::console::views::replies::RepliesPage;
use crate::web::kit::door::session::Operator;
use crate::web::kit::figures::count;
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::{query, with};
use crate::web::kit::frames::{console, round};
use crate::web::kit::paging::{self, COUNTED};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::in_rows;
use crate::web::kit::views::frame::Tab;
use crate::web::kit::views::page::respond;

use super::cards::Cards;
use super::forms::Refused;

/// As many mails as one reads at a time.
const ROWS: i64 = 20;

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    show(&web, &live, &by, &words, None).await
}

pub(super) async fn show(
    web: &Web,
    live: &std::sync::Arc<Live>,
    by: &Operator,
    words: &Fields,
    refused: Option<Refused<'_>>,
) -> Result<Response, Failure> {
    let (number, shown) = (paging::number(words), Shown::of(words.get("show")));
    let (now, path) = (web.ctx.clock.now(), urls::replies(&live.slug));
    let at_page = if number > 1 { number.to_string() } else { String::new() };
    let here = format!("{path}{}", query(&[("show", shown.as_str()), ("page", &at_page)]));
    let operators = operators::all(&web.ctx).await?.into_iter().map(|o| o.email.as_str().to_string()).collect();
    let mut tx = web.ctx.db.read().await?;
    let counts = desk::counts(&mut tx, &live.id, &by.email, now).await?;
    let done = desk::done(&mut tx, &live.id, COUNTED + 1).await?;
    let of = |shown: Shown| match shown {
        Shown::Waiting => counts.waiting,
        Shown::Mine => counts.mine,
        Shown::Nobodys => counts.nobodys,
        Shown::Later => counts.later,
        Shown::Done => done,
    };
    let (filter, at) = ((shown.as_str(), by.email.as_str()), (number - 1) * ROWS);
    let (mails, strays) = match shown {
        Shown::Done => (replies::done_page(&mut tx, &live.id, ROWS, at).await?, Vec::new()),
        _ => (
            replies::open_page(&mut tx, &live.id, filter, now, ROWS, at).await?,
            replies::strays(&mut tx, filter, now, ROWS).await?,
        ),
    };
    let ids: Vec<&ReplyId> = mails.iter().chain(&strays).map(|mail| &mail.id).collect();
    let acts = desk::of_replies(&mut tx, &ids).await?;
    let cards = Cards { web, live, by, here, operators, acts, refused: refused.as_ref() };
    let (mut rows, mut others) = (Vec::new(), Vec::new());
    for mail in mails {
        rows.push(cards.card(&mut tx, mail).await?);
    }
    for mail in strays {
        others.push(cards.card(&mut tx, mail).await?);
    }
    drop(tx);
    // Both lists, as they stand under each other.
    let all = rows.iter_mut().chain(&mut others);
    in_rows("main", all.map(|card| (card.place(), card.actions.iter_mut())));
    let tabs = Shown::ALL.iter().map(|s| Tab {
        label: s.label().into(),
        href: with(path.clone(), "show", s.as_str()),
        count: count(if *s == Shown::Done { done.min(COUNTED) } else { of(*s) }),
        current: *s == shown,
    });
    let paging = paging::by(ROWS, number, rows.len(), of(shown), &path, &[("show", shown.as_str())]);
    let page = RepliesPage {
        console: console(web, by, Some(live), "replies", words),
        reads: web.ctx.replies.is_some(),
        shown,
        tabs: tabs.collect(),
        paging: if shown == Shown::Done { paging.cut_at(COUNTED) } else { paging },
        replies: rows,
        strays: others,
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(respond(status, &page))
}
