//! Reading an uploaded list for a page: beside the server's own work and one at a time, whatever the size of the file.

use std::future::Future;

use tokio::runtime::Handle;

use crate::base::ids::UploadId;
use crate::base::problem::{Kind, Problem, Result};
use crate::intake::list::{self, CheckedList, Choice, FileLook};
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::contacts::uploads::{self, Upload};
use crate::steps::contacts::{column_choices, upload_choice};
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;

/// The list of an address. One that was applied or taken away meanwhile is told as that.
pub async fn find(web: &Web, live: &Live, id: &str) -> std::result::Result<Upload, Failure> {
    let found = uploads::find(&web.ctx, &live.id, &UploadId::from(id)).await?;
    if live.state == RoundState::Closed {
        return Err(closed(live).into());
    }
    found.ok_or_else(|| uploads::gone().into())
}

/// No list goes into a round that is over; those that waited for it went with its close.
fn closed(live: &Live) -> Problem {
    Problem::new(
        Kind::Gone,
        format!("Round {} is closed, so no list can be loaded into it.", live.slug),
        "Upload the list to a round that is open.",
    )
}

/// Runs `read` with the bytes of the file, when its turn has come.
async fn with_bytes<T: Send + 'static>(
    web: &Web,
    upload: &Upload,
    read: impl FnOnce(&[u8], &str) -> Result<T> + Send + 'static,
) -> Result<T> {
    let stopped = |e: String| Problem::internal("The list could not be read.").because(e);
    let turn = web.reading.clone().acquire_owned().await.map_err(|e| stopped(e.to_string()))?;
    let bytes = uploads::bytes(&web.ctx, upload).await?;
    let name = upload.file_name.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let read = read(&bytes, &name);
        drop(turn);
        read
    });
    reading.await.map_err(|e| stopped(e.to_string()))?
}

/// How the file would be read by this choice; of columns about which it says nothing, by what is remembered of the client.
pub async fn look(web: &Web, live: &Live, upload: &Upload, choice: Choice) -> Result<(Choice, FileLook)> {
    let asked = choice.clone();
    let first = with_bytes(web, upload, move |bytes, name| list::look(bytes, name, &asked)).await?;
    let completed = column_choices::completed(&web.ctx, &live.slug, choice.clone(), &first).await?;
    if completed == choice {
        return Ok((choice, first));
    }
    let (choice, asked) = (completed.clone(), completed);
    let look = with_bytes(web, upload, move |bytes, name| list::look(bytes, name, &asked)).await?;
    Ok((choice, look))
}

/// The list, read as its owner has said.
pub async fn read(web: &Web, live: &Live, upload: &Upload) -> Result<CheckedList> {
    let (choice, _) = look(web, live, upload, upload_choice::choice(upload)).await?;
    let list = with_bytes(web, upload, move |bytes, name| list::read_with(bytes, name, &choice)).await?;
    Ok(upload_choice::repaired(upload, list))
}

/// Does `work` when its turn has come, on a thread that nobody waits for; to its end, also when its page is waited for no longer.
pub async fn in_turn<T: Send + 'static, F: Future<Output = Result<T>>>(
    web: &Web,
    work: impl FnOnce(Web) -> F + Send + 'static,
) -> Result<T> {
    let stopped = |e: String| Problem::internal("The list could not be read.").because(e);
    let turn = web.reading.clone().acquire_owned().await.map_err(|e| stopped(e.to_string()))?;
    let (web, here) = (web.clone(), Handle::current());
    let working = tokio::task::spawn_blocking(move || {
        let done = here.block_on(work(web));
        drop(turn);
        done
    });
    working.await.map_err(|e| stopped(e.to_string()))?
}
