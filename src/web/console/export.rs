//! What a list of the console shows, as a file: written while it is read, whatever the size of the round.
//!
//! A press of a button takes it away, for it is noted who took what; the address by itself leads to the list.

use std::io::Seek;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use crate::base::problem::{Kind, Problem};
use crate::intake::export::{Lines, Sheets};
use crate::rules::export::{Format, Table, named};
use crate::steps::Live;
use crate::steps::export::{Of, RecordExport, Source, Taken};
use crate::store::contacts::search::LOOKED_THROUGH;
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::round;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Count, Link};

use super::accounts::part::Part as OfAccounts;
use super::contacts::part::Part as OfContacts;
use super::sending::part::Part as OfOutbox;

/// So much of a workbook is sent at once.
const A_PIECE: usize = 64 * 1024;

/// Where a list is to be had as a file, of each kind. `kept`: what it is narrowed down to.
pub fn files(live: &Live, table: Table, kept: &[(&str, &str)]) -> Vec<Link> {
    let file = |format: Format| {
        let label = match format {
            Format::Csv => "CSV",
            Format::Xlsx => "Excel",
            Format::Jsonl => "JSON lines",
        };
        let name = format!("{}.{}", table.as_str(), format.ending());
        Link::new(label, format!("{}{}", urls::export(&live.slug, &name), query(kept)))
    };
    Format::ALL.map(file).into()
}

/// To the list that the file is of, narrowed down as it would be.
pub async fn list(
    State(web): State<Web>,
    Path((slug, file)): Path<(String, String)>,
    _: Operator,
    Words(words): Words,
) -> Answer {
    let live = round(&web, &slug).await?;
    let (table, _) = named(&file).ok_or_else(Failure::unknown)?;
    // Why a file was refused, where its button has led here.
    if let Some(why) = words.refusal() {
        return Err(Failure::new(StatusCode::CONFLICT, Kind::Refused, why, ""));
    }
    let told = live.spec.participation;
    let list = match table {
        Table::Contacts => urls::contacts(&live.slug) + &query(&OfContacts::of(&words, told).kept()),
        Table::Accounts => urls::accounts(&live.slug) + &query(&OfAccounts::of(&words, told).kept()),
        Table::Messages => urls::outbox(&live.slug) + &query(&[("state", OfOutbox::of(&words, told).state)]),
        Table::Responses => urls::hand_over(&live.slug),
    };
    Ok(Redirect::to(&list).into_response())
}

pub async fn file(
    State(web): State<Web>,
    Path((slug, file)): Path<(String, String)>,
    Words(words): Words,
    posted: Posted,
) -> Answer {
    let live = round(&web, &slug).await?;
    let (table, format) = named(&file).ok_or_else(Failure::unknown)?;
    let of = asked(&web, &live, table, &words).await?;
    let what = if of.is_part() { Taken::PartOf(table, format) } else { Taken::Table(table, format) };
    let source = Source::open(&web.ctx, &live, of).await?;
    web.ctx.order(&posted.by.actor(), RecordExport { slug: live.slug.clone(), what }).await?;
    let name = format!("attachment; filename=\"{}-{}.{}\"", live.slug, table.as_str(), format.ending());
    let headers = [(header::CONTENT_TYPE, format.media_type().to_string()), (header::CONTENT_DISPOSITION, name)];
    if format == Format::Xlsx {
        let begun = Book::Asked(table, Box::new(source));
        let bytes = stream::try_unfold(begun, next_bytes).inspect_err(broken_off);
        return Ok((headers, Body::from_stream(bytes)).into_response());
    }
    let lines = Lines::of(format, source.columns())?;
    let head = lines.head(source.columns())?;
    let rows = stream::try_unfold((lines, source), next_lines);
    let all = stream::once(async move { Ok(head) }).chain(rows).inspect_err(broken_off);
    Ok((headers, Body::from_stream(all)).into_response())
}

/// The answer has begun: whoever waits for the rest sees only that it does not come.
fn broken_off(problem: &Problem) {
    tracing::error!(cause = ?problem.cause, "a file to take away was broken off: {problem}");
}

/// What the list shows whose words these are.
async fn asked(web: &Web, live: &Live, table: Table, words: &Fields) -> Result<Of, Failure> {
    let told = live.spec.participation;
    let mut tx = web.ctx.db.read().await?;
    Ok(match table {
        Table::Contacts => {
            let part = OfContacts::of(words, told);
            let search = if part.is_narrow() { Some(part.search(&mut tx, &live.id).await?) } else { None };
            let words = search.as_ref().and_then(|search| search.words.as_ref());
            complete(words.is_some_and(|words| words.is_vague))?;
            Of::Contacts(search)
        }
        Table::Accounts => {
            let part = OfAccounts::of(words, told);
            let search = if part.is_narrow() { Some(part.search(&mut tx, &live.id).await?) } else { None };
            let words = search.as_ref().and_then(|search| search.words.as_ref());
            complete(words.is_some_and(|words| words.is_vague))?;
            Of::Accounts(search)
        }
        Table::Messages => Of::Messages(OfOutbox::of(words, told).state.into()),
        Table::Responses => Of::Responses,
    })
}

/// A file that lacks some of those who were meant would be taken for all of them.
fn complete(is_vague: bool) -> Result<(), Problem> {
    if !is_vague {
        return Ok(());
    }
    let what =
        format!("More than {} have these words, so the file would lack some of them.", Count(LOOKED_THROUGH as u64));
    Err(Problem::refused(what, "Type more of the name, or take everybody away."))
}

async fn next_lines((lines, mut source): (Lines, Source)) -> Result<Option<(String, (Lines, Source))>, Problem> {
    let Some(rows) = source.piece().await? else { return Ok(None) };
    let text = lines.rows(&rows)?;
    Ok(Some((text, (lines, source))))
}

/// A workbook is whole before its first byte can be sent.
enum Book {
    Asked(Table, Box<Source>),
    Made(File),
}

async fn next_bytes(book: Book) -> Result<Option<(Vec<u8>, Book)>, Problem> {
    let mut file = match book {
        Book::Asked(table, source) => made(table, *source).await?,
        Book::Made(file) => file,
    };
    let mut bytes = vec![0; A_PIECE];
    let read = file.read(&mut bytes).await.map_err(|e| unmade().because(e))?;
    bytes.truncate(read);
    Ok((read > 0).then_some((bytes, Book::Made(file))))
}

async fn made(table: Table, mut source: Source) -> Result<File, Problem> {
    let mut sheets = Sheets::new(table.title(), source.columns())?;
    while let Some(rows) = source.piece().await? {
        sheets.rows(&rows)?;
    }
    // Putting it together takes seconds where it is large.
    let put_together = tokio::task::spawn_blocking(move || -> Result<std::fs::File, Problem> {
        let mut file = tempfile::tempfile().map_err(|e| unmade().because(e))?;
        sheets.finish(&mut file)?;
        file.rewind().map_err(|e| unmade().because(e))?;
        Ok(file)
    });
    let file = put_together.await.map_err(|e| unmade().because(e))??;
    Ok(File::from_std(file))
}

fn unmade() -> Problem {
    Problem::internal("The workbook cannot be made.")
}
