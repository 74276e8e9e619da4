//! The first page of a list: its file, and the lists that were uploaded and wait to be loaded.

use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use crate::base::ids::UploadId;
use crate::intake::list;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::contacts::upload::incoming::Incoming;
use crate::steps::contacts::upload::upload_choice;
use crate::steps::contacts::upload::{Upload, WAITING};
use crate::store::contacts::uploads as store;
use crate::web::console::views::lists::{UploadPage, WaitingList, size};
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::files::{self, Progress};
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::page::respond;

use super::reading;

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    show(&web, &live, &by, &words, None).await
}

/// `refused`: what was wrong with the file.
async fn show(web: &Web, live: &Live, by: &Operator, words: &Fields, refused: Option<String>) -> Answer {
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let waiting = store::of_round(&mut web.ctx.db.read().await?, &live.id).await?;
    let page = UploadPage {
        console: console(web, by, Some(live), "contacts", words),
        open: live.state != RoundState::Closed,
        refused,
        largest: list::LARGEST as u64,
        most: WAITING,
        waiting: waiting.iter().map(|upload| waiting_list(web, live, upload)).collect(),
    };
    Ok(respond(status, &page))
}

fn waiting_list(web: &Web, live: &Live, upload: &Upload) -> WaitingList {
    WaitingList {
        name: upload.file_name.clone(),
        size: size(upload.size.max(0) as u64),
        by: upload.uploaded_by.clone(),
        at: when(upload.uploaded_at, web.ctx.clock.now(), &home(live)),
        href: urls::upload(&live.slug, &upload.id),
    }
}

/// Takes a file in and leads to the page of its columns. One that is no list leaves nothing behind, and takes nothing away.
pub async fn receive(
    State(web): State<Web>,
    Path(slug): Path<String>,
    by: Operator,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let live = round(&web, &slug).await?;
    let mut form = files::form(form)?;
    match take(&web, &live, &by, &mut form).await {
        Ok((id, 0)) => Ok(Redirect::to(&urls::upload(&live.slug, &id)).into_response()),
        Ok((id, _)) => Ok(back(&urls::upload(&live.slug, &id), "oldest_list")),
        Err(Failure::Problem(StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT, problem)) => {
            show(&web, &live, &by, &Fields::default(), Some(problem.for_page())).await
        }
        Err(failure) => Err(failure),
    }
}

/// The list, and how many older ones had to go for it.
async fn take(web: &Web, live: &Live, by: &Operator, form: &mut Multipart) -> Result<(UploadId, usize), Failure> {
    let mut progress = Progress::begin(web.patience);
    let Some(mut file) = progress.file(form, by).await? else {
        return Err(files::no_file("Choose the file of the list."));
    };
    let name = file.file_name().unwrap_or("").to_string();
    let mut incoming = Incoming::begin(&web.ctx, &by.actor(), &live.slug, &name).await?;
    let taken = async {
        while let Some(bytes) = progress.next(&mut file).await? {
            incoming.take(&bytes).await?;
        }
        let id = incoming.finish().await?;
        let upload = reading::find(web, live, id.as_str()).await?;
        reading::look(web, live, &upload, upload_choice::choice(&upload)).await?;
        Ok((id, incoming.take_in().await?))
    };
    let taken: Result<(UploadId, usize), Failure> = taken.await;
    if taken.is_err() {
        incoming.give_up().await;
    }
    taken
}
