//! All account directors of a round: what each has signed, since when he is waited for, and what is lost without him.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::counted::form;
use crate::base::folding::sought;
use crate::rules::signoff::SignLevel;
use crate::steps::Live;
use crate::steps::signoff::progress::{self, Progress};
use crate::store::signoff::delegations::{self, Delegation};
use crate::store::signoff::director_tally::{self as store, Director, Order, Search};
use crate::store::signoff::{self, Request};
use crate::web::console::ask_again;
use crate::web::console::views::contacts::{Filter, SORT};
use crate::web::console::views::signoff::directors::{DirectorLine, DirectorsPage};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::figures::count;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::{back, console, round};
use crate::web::kit::paging::{self, ROWS};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::form::Choice;
use crate::web::kit::views::frame::Status;
use crate::web::kit::views::page::respond;

use super::{board, standing};

const SHOWN: [(&str, &str); 4] = [
    ("", "all"),
    ("late", "who are late"),
    ("open", "who have something to sign"),
    ("done", "who have signed everything"),
];

const SORTED: [(&str, &str, Order); 4] = [
    ("", "name", Order::Name),
    ("late", "longest waiting", Order::Wait),
    ("names", "most names left", Order::NamesLeft),
    ("revenue", "most revenue left", Order::Revenue),
];

/// GET `/rounds/{round}/sign-off/directors`.
pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let q: String = words.get("q").chars().take(100).collect();
    let filter = SHOWN.iter().map(|(filter, _)| *filter).find(|f| *f == words.get("show")).unwrap_or("");
    let (sort, _, order) = *SORTED.iter().find(|(sort, ..)| *sort == words.get(SORT)).unwrap_or(&SORTED[0]);
    let page = paging::number(&words);
    let mut tx = web.ctx.db.read().await?;
    let progress = progress::of_round(&web.ctx, &mut tx, &live).await?;
    let search = Search { words: sought(&q).all, filter, late_before: progress.late_before, order };
    let found = store::page(&mut tx, &live.id, &search, ROWS, paging::offset(page)).await?;
    let total = store::count(&mut tx, &live.id, &search).await?;
    let all = store::count(&mut tx, &live.id, &Search::default()).await?;
    let done = store::count(&mut tx, &live.id, &Search { filter: "done", ..Search::default() }).await?;
    let emails: Vec<&str> = found.iter().map(|d| d.email.as_str()).collect();
    let requests = signoff::of_people(&mut tx, &live.id, SignLevel::Director, &emails).await?;
    let given = delegations::given(&mut tx, &live.id, SignLevel::Director, &emails).await?;
    drop(tx);
    let kept = [("show", filter), (SORT, sort), ("q", q.as_str())];
    let own = urls::directors(&live.slug);
    let number = if page > 1 { page.to_string() } else { String::new() };
    let here = format!("{own}{}", query(&[kept[0], kept[1], kept[2], ("page", &number)]));
    let calendar = live.sequence.home();
    let now = web.ctx.clock.now();
    let line = |d: &Director| {
        let waits = standing::waiting(progress.waits(&live, &calendar, d.waits_since, now));
        let request = requests.iter().find(|r| r.email == d.email && r.asked > 0);
        let ask = request.filter(|_| d.open > 0);
        DirectorLine {
            waits,
            stand_ins: standing::stand_ins(&live, given.iter().filter(|g| g.of_email == d.email), |_: &Delegation| {
                None
            }),
            ask_again: ask.map(|r| ask_again::form(r.id.as_str(), (&here, &by.csrf), &r.id, &r.name)),
            ..told(&live, &progress, d, request)
        }
    };
    let rows: Vec<DirectorLine> = found.iter().map(line).collect();
    let filters = [
        ("show", "Show", filter, SHOWN.map(|(value, label)| Choice::new(value, label)).to_vec()),
        (SORT, "Sort by", sort, SORTED.map(|(value, label, _)| Choice::new(value, label)).to_vec()),
    ];
    let page = DirectorsPage {
        console: console(&web, &by, Some(&live), "sign-off", &words),
        headline: match all {
            0 => "There is no account director yet".into(),
            all if all == done => "Every account director has signed everything".into(),
            all => format!(
                "{} of {} {} signed everything",
                count(done),
                count(all).of("account director", "account directors"),
                form(done, "has", "have")
            ),
        },
        standing: standing::of_round(&live, &progress, &here, &by.csrf),
        filters: filters
            .into_iter()
            .map(|(name, label, value, choices)| Filter { name, label, value: value.into(), choices })
            .collect(),
        paging: paging::of(page, rows.len(), total, &own, &kept),
        rows,
        q: q.clone(),
    };
    Ok(respond(StatusCode::OK, &page))
}

/// What a director has signed and what is lost without him.
fn told(live: &Live, progress: &Progress, d: &Director, request: Option<&Request>) -> DirectorLine {
    let (stake, signed) = (d.at_stake(), d.accounts - d.open);
    let counts = format!("{} of {} signed", count(signed), count(d.accounts));
    let share = progress.listed.share(&stake).filter(|_| stake.revenue > 0);
    let share = share.map(|s| format!(" ({} %)", s.percent)).unwrap_or_default();
    let lost = standing::out_of_reach(&progress.listed.out_of_reach(&live.spec.targets, &stake));
    DirectorLine {
        id: request.map(|r| format!("director-{}", r.id)).unwrap_or_default(),
        name: d.name.clone(),
        email: d.email.as_str().into(),
        href: standing::found(live, d.email.as_str()),
        signed: if d.open == 0 { Status::good(counts) } else { Status::waiting(counts) },
        waits: None,
        names: count(stake.names),
        deciders: count(stake.deciders),
        revenue: match stake.without_revenue {
            0 => format!("{}{share}", count(stake.revenue)),
            all if all == stake.accounts => "not known".into(),
            some => {
                format!("{}{share}, and of {} not known", count(stake.revenue), count(some).of("account", "accounts"))
            }
        },
        targets: match lost {
            _ if stake.names == 0 => "nothing is missing".into(),
            _ if live.spec.targets.is_empty() => "the round has no targets".into(),
            lost if lost.is_empty() => "every target can be reached".into(),
            lost => format!("out of reach: {lost}"),
        },
        stand_ins: Vec::new(),
        ask_again: None,
    }
}

/// POST `/rounds/{round}/sign-off/directors`: asks again.
pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    match fields.get("act") {
        "ask_again" | "ask_late" => {
            let done = board::ask(&web, &live, &by, &fields).await?;
            Ok(back(&urls::directors(&live.slug), done))
        }
        _ => Err(Failure::unknown()),
    }
}
