//! Lists on their way from a browser into a round: kept in the database in parts until they are loaded, taken away or a day old.
//!
//! Nothing of them is on disk elsewhere, and the file's own name is shown and used for nothing. Several lists of one operator wait beside
//! each other; one more than [`WAITING`] takes the place of the oldest, once it is known to be a list.

pub mod incoming;
pub mod upload_choice;
pub mod column_choices;
pub mod upload_end;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base::clock::{DAY, MINUTE, SECOND, Ts};
use crate::base::ids::{RoundId, UploadId};
use crate::base::problem::{Kind, Problem, Result};
use crate::intake::list;
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::contacts::uploads;

pub use crate::store::contacts::uploads::Upload;

/// As long as somebody comes back to a list.
const LASTS: i64 = DAY;
/// So many lists of one operator wait in a round, and so many are on their way.
pub const WAITING: usize = 5;
/// Bytes in a second: whoever sends less is not waited for.
pub const SLOWEST: u64 = 8 * 1024;
/// Longer than any upload takes.
const ON_ITS_WAY: i64 = list::LARGEST as i64 / SLOWEST as i64 * SECOND + 10 * MINUTE;

pub fn too_large() -> Problem {
    let most = list::LARGEST / 1024 / 1024;
    Problem::new(
        Kind::TooLarge,
        format!("The file has more than {most} MB; lists of up to {most} MB are taken."),
        "Split it, or remove the columns that are not needed.",
    )
}

/// Takes one away, with a line in the journal.
pub(in crate::contacts) async fn took_away(
    ctx: &Ctx,
    tx: &mut Tx,
    by: &Actor,
    upload: &Upload,
    detail: &str,
) -> Result<()> {
    let round = &upload.round_id;
    uploads::remove(tx, std::slice::from_ref(&upload.id)).await?;
    ctx.journal(tx, by, Action::TookUploadAway, Some(round), round.as_str(), detail).await
}

/// A list with who uploaded it, where that is somebody else.
pub(in crate::contacts) fn named(upload: &Upload, by: &Actor) -> String {
    match upload.uploaded_by == by.as_str() {
        true => upload.file_name.clone(),
        false => format!("{}, uploaded by {}", upload.file_name, upload.uploaded_by),
    }
}

/// Writes down that somebody acts on a list that he did not upload himself; what he does with his own is nobody's news.
pub(in crate::contacts) async fn told_of_another(
    ctx: &Ctx,
    tx: &mut Tx,
    by: &Actor,
    upload: &Upload,
    (action, what): (Action, &str),
) -> Result<()> {
    if upload.uploaded_by == by.as_str() {
        return Ok(());
    }
    let detail = if what.is_empty() { named(upload, by) } else { format!("{}: {what}", named(upload, by)) };
    ctx.journal(tx, by, action, Some(&upload.round_id), upload.round_id.as_str(), &detail).await
}

/// Nobody comes back to them, or they never were whole.
pub struct RemoveUploads {
    pub uploads: Vec<UploadId>,
}

impl Order for RemoveUploads {
    type Done = ();
    const BY: Giver = Giver::OperatorOrProgram;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        uploads::remove(tx, &self.uploads).await
    }
}

/// A list of this round that waits to be applied.
pub async fn find(ctx: &Ctx, round: &RoundId, upload: &UploadId) -> Result<Option<Upload>> {
    uploads::by_id(&mut ctx.db.read().await?, round, upload).await
}

/// The file as it came.
pub async fn bytes(ctx: &Ctx, upload: &Upload) -> Result<Vec<u8>> {
    let size = usize::try_from(upload.size).unwrap_or(0).min(list::LARGEST);
    let mut file = Vec::with_capacity(size);
    let mut tx = ctx.db.read().await?;
    for part in 0.. {
        let Some((content,)) = uploads::part(&mut tx, &upload.id, part).await? else { break };
        let broken = |e: base64::DecodeSliceError| Problem::internal("An uploaded list cannot be read.").because(e);
        let from = file.len();
        file.resize(from + content.len() / 4 * 3, 0);
        let room = file.get_mut(from..).unwrap_or_default();
        let read = STANDARD.decode_slice(content.as_bytes(), room).map_err(broken)?;
        file.truncate(from + read);
    }
    if file.len() != size {
        return Err(gone());
    }
    Ok(file)
}

/// Removes what nobody comes back to any more.
pub async fn forget(ctx: &Ctx) -> Result<u64> {
    let now: Ts = ctx.clock.now();
    let over = uploads::over(&mut ctx.db.read().await?, now.plus(-LASTS), now.plus(-ON_ITS_WAY)).await?;
    if over.is_empty() {
        return Ok(0);
    }
    let uploads: Vec<UploadId> = over.into_iter().map(|upload| upload.id).collect();
    let n = uploads.len() as u64;
    ctx.order(&Actor::Program, RemoveUploads { uploads }).await?;
    Ok(n)
}

/// The list is in the round: its file goes. That it was loaded is known as long as somebody may press the button again.
pub(in crate::contacts) async fn end(tx: &mut Tx, round: &RoundId, upload: &UploadId) -> Result<()> {
    match uploads::end(tx, round, upload).await? {
        0 => Err(gone()),
        _ => Ok(()),
    }
}

/// Whether a list that is not there any more was loaded.
pub async fn was_loaded(ctx: &Ctx, round: &RoundId, upload: &UploadId) -> Result<bool> {
    uploads::was_loaded(&mut ctx.db.read().await?, round, upload).await
}

pub fn gone() -> Problem {
    Problem::new(
        Kind::Gone,
        "This list is not here any more: it was loaded, taken away, or is a day old.",
        "Upload it again.",
    )
}
