//! Reading an uploaded list for a page, and all that looks at the whole of it: one list at a time and beside the threads that answer others,
//! whatever the size of the file.

use std::future::Future;
use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};

use crate::base::ids::UploadId;
use crate::base::problem::{Kind, Problem, Result};
use crate::intake::list::{self, CheckedList, Choice, FileLook};
use crate::rules::contacts::row::cells::quoted;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::contacts::upload::upload_choice::ReadAs;
use crate::steps::contacts::upload::{self, Upload};
use crate::steps::contacts::{upload::column_choices, upload::upload_choice};
use crate::store::contacts::left_out;
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::LEFT_OUT;
use crate::web::kit::in_turn::in_turn;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;
use crate::web::kit::urls;

/// The list of an address. One that is in the round by an earlier press leads to where that press led; one that was taken away meanwhile is
/// told as that.
pub async fn find(web: &Web, live: &Live, id: &str) -> std::result::Result<Upload, Failure> {
    let found = upload::find(&web.ctx, &live.id, &UploadId::from(id)).await?;
    if live.state == RoundState::Closed {
        return Err(closed(live).into());
    }
    match found {
        Some(upload) => Ok(upload),
        None => Err(loaded_already(web, live, &UploadId::from(id), upload::gone().into()).await?),
    }
}

/// Where the press led that has loaded a list; `otherwise` where nobody has.
pub async fn loaded_already(web: &Web, live: &Live, id: &UploadId, otherwise: Failure) -> Result<Failure> {
    let loaded = live.state != RoundState::Closed && upload::was_loaded(&web.ctx, &live.id, id).await?;
    Ok(if loaded { loaded_page(web, live).await?.into() } else { otherwise })
}

/// After a load: where its names are signed, with how many rows are not among them.
pub async fn loaded_page(web: &Web, live: &Live) -> Result<Response> {
    let n = left_out::count(&mut web.ctx.db.read().await?, &live.id).await?;
    let n = if n > 0 { n.to_string() } else { String::new() };
    let said = query(&[("done", "load_list"), (LEFT_OUT, &n)]);
    Ok(Redirect::to(&format!("{}{said}", urls::board(&live.slug))).into_response())
}

/// A form that was made while the list was read otherwise would do something to other cells than its reader saw.
pub fn read_otherwise() -> Problem {
    Problem::refused(
        "This list is read otherwise than the page showed from which you pressed, so nothing was changed.",
        "Look at the page as it is now, and press again what is right.",
    )
}

/// No list goes into a round that is over; those that waited for it went with its close.
fn closed(live: &Live) -> Problem {
    Problem::new(
        Kind::Gone,
        format!("Round {} is closed, so no list can be loaded into it.", live.slug),
        "Upload the list to a round that is open.",
    )
}

/// A list as it is read, and as what.
pub struct ReadList {
    pub list: CheckedList,
    pub read_as: ReadAs,
    /// Contacts in other sheets of the file, in a sentence.
    pub other_sheets: String,
}

/// How the file would be read by this choice; of columns about which it says nothing, by what is remembered of the client.
async fn looked(web: &Web, slug: &str, (bytes, name): (&[u8], &str), choice: Choice) -> Result<(Choice, FileLook)> {
    let first = list::look(bytes, name, &choice)?;
    let completed = column_choices::completed(&web.ctx, slug, choice.clone(), &first).await?;
    if completed == choice {
        return Ok((choice, first));
    }
    let look = list::look(bytes, name, &completed)?;
    Ok((completed, look))
}

pub async fn look(web: &Web, live: &Live, upload: &Upload, choice: Choice) -> Result<(Choice, FileLook)> {
    let (slug, upload) = (live.slug.clone(), upload.clone());
    in_turn(web, move |web| async move {
        let bytes = upload::bytes(&web.ctx, &upload).await?;
        looked(&web, &slug, (&bytes, &upload.file_name), choice).await
    })
    .await
}

/// The list, read as its owner has said and with what was repaired in it, and what `then` makes of it: all of that in one turn.
pub async fn with_list<T: Send + 'static, F: Future<Output = Result<T>>>(
    web: &Web,
    live: &Arc<Live>,
    upload: &Upload,
    then: impl FnOnce(Web, Arc<Live>, Upload, ReadList) -> F + Send + 'static,
) -> Result<T> {
    let (live, upload) = (live.clone(), upload.clone());
    in_turn(web, move |web| async move {
        let read = read_now(&web, &live.slug, &upload).await?;
        then(web, live, upload, read).await
    })
    .await
}

async fn read_now(web: &Web, slug: &str, upload: &Upload) -> Result<ReadList> {
    let bytes = upload::bytes(&web.ctx, upload).await?;
    let name = upload.file_name.as_str();
    let (choice, look) = looked(web, slug, (&bytes, name), upload_choice::choice(upload)).await?;
    let read_as = ReadAs::of(&look);
    let repairs = upload_choice::repairs(upload, &read_as);
    let list = list::read_repaired(&bytes, name, &choice, &repairs)?;
    Ok(ReadList { list, read_as, other_sheets: other_sheets(&look) })
}

/// What to do with contacts in other sheets of the file; empty where there are none.
pub fn other_sheets(look: &FileLook) -> String {
    let names: Vec<String> = look.other_sheets.iter().map(|sheet| format!("“{}”", quoted(sheet))).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!(
            "{one} has contacts, too. Load this sheet, upload the file again, choose {one}, and say that it is one of several lists."
        ),
        [rest @ .., last] => format!(
            "{} and {last} have contacts, too. Load this sheet; then upload the file again for each of them, choose it, and say that it is one of several lists.",
            rest.join(", ")
        ),
    }
}

/// The list alone.
pub async fn read(web: &Web, live: &Live, upload: &Upload) -> Result<CheckedList> {
    let (slug, upload) = (live.slug.clone(), upload.clone());
    let read = in_turn(web, move |web| async move { read_now(&web, &slug, &upload).await });
    Ok(read.await?.list)
}
