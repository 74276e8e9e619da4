//! The reply desk: what people wrote back and nobody has seen to yet, by whose it is; and what is done.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::base::ids::ContactId;
use crate::rules::replies::desk::Shown;
use crate::steps::Live;
use crate::steps::installation::operators;
use crate::steps::replies::desk::Beside;
use crate::store::calling;
use crate::store::replies::{self, Reply, desk};
use crate::web::console::views::replies::{RepliesPage, ReplyCard};
use crate::web::kit::door::session::Operator;
use crate::web::kit::figures::count;
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::{query, with};
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{console, round};
use crate::web::kit::paging::{self, COUNTED};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::astray::Astray;
use crate::web::kit::views::form::in_rows;
use crate::web::kit::views::frame::Tab;
use crate::web::kit::views::page::respond;

use super::cards::Cards;
use super::forms::Refused;
use super::presses::TYPED;

/// As many mails as one reads at a time.
const ROWS: i64 = 20;

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    show(&web, &live, &by, &words, None).await
}

pub(super) async fn show(
    web: &Web,
    live: &Arc<Live>,
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
    let mut mails = match shown {
        Shown::Done => replies::done_page(&mut tx, &live.id, ROWS, at).await?,
        _ => replies::open_page(&mut tx, &live.id, filter, now, ROWS, at).await?,
    };
    let on_page = mails.len();
    // What was refused is answered beside its mail, wherever that stands by now.
    if let Some(refused) = refused.as_ref().filter(|r| !mails.iter().any(|mail| mail.id == *r.reply)) {
        mails.extend(replies::by_id(&mut tx, refused.reply).await?);
    }
    let beside = Beside::of(&web.ctx, &mut tx, live, &mails.iter().collect::<Vec<_>>()).await?;
    let people: Vec<&ContactId> = mails.iter().filter_map(|mail| mail.contact_id.as_ref()).collect();
    let mut calls: HashMap<ContactId, usize> = HashMap::new();
    for call in calling::of_contacts(&mut tx, &people).await? {
        *calls.entry(call.contact_id).or_default() += 1;
    }
    drop(tx);
    let cards = Cards { web, live, by, here, operators, beside: &beside, calls, refused: refused.as_ref() };
    let mut elsewhere: Vec<ReplyCard> = mails.split_off(on_page).into_iter().map(|mail| cards.card(mail)).collect();
    let (others, mails): (Vec<Reply>, Vec<Reply>) =
        mails.into_iter().partition(|mail| mail.round_id.is_none() && shown != Shown::Done);
    let mut rows: Vec<ReplyCard> = mails.into_iter().map(|mail| cards.card(mail)).collect();
    let mut others: Vec<ReplyCard> = others.into_iter().map(|mail| cards.card(mail)).collect();
    // All lists, as they stand under each other.
    let all = elsewhere.iter_mut().chain(&mut rows).chain(&mut others);
    in_rows("main", all.map(|card| (card.place(), card.actions.iter_mut())));
    let astray = refused.as_ref().and_then(|r| {
        let is_its_form = |card: &ReplyCard| card.id == *r.reply && card.actions.iter().any(|form| form.act == r.act);
        let is_there = elsewhere.iter().chain(&rows).chain(&others).any(is_its_form);
        let typed = TYPED.iter().map(|(name, label)| (*label, r.typed.get(name)));
        (!is_there).then(|| Astray::of(r.why.clone(), typed))
    });
    let tabs = Shown::ALL.iter().map(|s| Tab {
        label: s.label().into(),
        href: with(path.clone(), "show", s.as_str()),
        count: count(if *s == Shown::Done { done.min(COUNTED) } else { of(*s) }),
        current: *s == shown,
    });
    let paging = paging::by(ROWS, number, on_page, of(shown), &path, &[("show", shown.as_str())]);
    let page = RepliesPage {
        console: console(web, by, Some(live), "replies", words),
        reads: web.ctx.replies.is_some(),
        shown,
        tabs: tabs.collect(),
        paging: if shown == Shown::Done { paging.cut_at(COUNTED) } else { paging },
        astray,
        elsewhere,
        replies: rows,
        strays: others,
    };
    let Some(refused) = &refused else { return Ok(respond(StatusCode::OK, &page)) };
    let place = page.astray.as_ref().map_or_else(|| format!("{}-{}", refused.act, refused.reply), |a| a.place().into());
    Ok(refused_forms::at(place, respond(StatusCode::UNPROCESSABLE_ENTITY, &page)))
}
