//! Lists on their way from a browser into a round: kept in the database in parts until they are applied, replaced or a day old.
//!
//! Nothing of them is on disk elsewhere, and the file's own name is shown and used for nothing. Whoever uploads a list into a round again
//! replaces his former one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base::clock::{DAY, MINUTE, Ts};
use crate::base::ids::{RoundId, UploadId};
use crate::base::problem::{Kind, Problem, Result};
use crate::intake::list;
use crate::rules::journal::Actor;
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::store::Tx;
use crate::store::contacts::uploads;
use crate::store::round::rounds;

pub use crate::store::contacts::uploads::Upload;

/// What one part holds, in bytes; a multiple of three, so that Base64 fills nothing up.
const PART: usize = 192 * 1024;
/// As long as somebody comes back to a list.
const LASTS: i64 = DAY;
/// Longer than any upload takes.
const ON_ITS_WAY: i64 = 30 * MINUTE;
/// Of a file's name, in letters.
const LONGEST_NAME: usize = 120;

/// A list that is being uploaded. What is dropped before [`Incoming::finish`] is never shown and soon forgotten.
pub struct Incoming {
    ctx: Ctx,
    by: Actor,
    id: UploadId,
    part: Vec<u8>,
    parts: i64,
    size: usize,
}

impl Incoming {
    pub async fn begin(ctx: &Ctx, by: &Actor, slug: &str, file_name: &str) -> Result<Incoming> {
        let order = BeginUpload { slug: slug.into(), file_name: shown(file_name) };
        let id = ctx.order(by, order).await?;
        Ok(Incoming { ctx: ctx.clone(), by: by.clone(), id, part: Vec::with_capacity(PART), parts: 0, size: 0 })
    }

    /// The next bytes of the file.
    pub async fn take(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.size += bytes.len();
        if self.size > list::LARGEST {
            return Err(too_large());
        }
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PART - self.part.len()));
            self.part.extend_from_slice(now);
            bytes = later;
            if self.part.len() == PART {
                self.keep().await?;
            }
        }
        Ok(())
    }

    async fn keep(&mut self) -> Result<()> {
        let content = STANDARD.encode(&self.part);
        self.part.clear();
        self.ctx.order(&self.by, KeepPart { upload: self.id.clone(), part: self.parts, content }).await?;
        self.parts += 1;
        Ok(())
    }

    pub async fn finish(&mut self) -> Result<UploadId> {
        if self.size == 0 {
            return Err(Problem::unusable("No file was chosen, or it is empty.", "Choose the file of the list."));
        }
        if !self.part.is_empty() {
            self.keep().await?;
        }
        self.ctx.order(&self.by, FinishUpload { upload: self.id.clone(), size: self.size as i64 }).await?;
        Ok(self.id.clone())
    }

    /// Takes away what has come so far.
    pub async fn give_up(self) -> Result<()> {
        self.ctx.order(&self.by, RemoveUploads { uploads: vec![self.id] }).await
    }
}

pub fn too_large() -> Problem {
    let most = list::LARGEST / 1024 / 1024;
    Problem::new(
        Kind::TooLarge,
        format!("The file has more than {most} MB; lists of up to {most} MB are taken."),
        "Split it, or remove the columns that are not needed.",
    )
}

/// A name without folders and signs that steer anything.
fn shown(file_name: &str) -> String {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or("").trim();
    let clean: String = base.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if clean.is_empty() { "the list".into() } else { clean }
}

struct BeginUpload {
    slug: String,
    file_name: String,
}

impl Order for BeginUpload {
    type Done = UploadId;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<UploadId> {
        let round = rounds::by_slug(tx, &self.slug).await?.ok_or_else(|| unknown(&self.slug))?;
        if round.state == RoundState::Closed {
            let what = format!("Round {} is closed.", self.slug);
            return Err(Problem::refused(what, "Lists can be loaded into open rounds only."));
        }
        let now = ctx.clock.now();
        let former = uploads::by_uploader(tx, &round.id, by.as_str()).await?;
        uploads::remove(tx, &former.into_iter().map(|u| u.id).collect::<Vec<_>>()).await?;
        let upload = Upload {
            id: ctx.ids.id(now),
            round_id: round.id,
            file_name: self.file_name,
            uploaded_by: by.as_str().into(),
            uploaded_at: now,
            size: 0,
            choice: "{}".into(),
        };
        uploads::begin(tx, &upload).await?;
        Ok(upload.id)
    }
}

struct KeepPart {
    upload: UploadId,
    part: i64,
    content: String,
}

impl Order for KeepPart {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        uploads::keep_part(tx, &self.upload, self.part, &self.content).await
    }
}

struct FinishUpload {
    upload: UploadId,
    size: i64,
}

impl Order for FinishUpload {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        match uploads::finish(tx, &self.upload, self.size).await? {
            0 => Err(Problem::refused("This upload was replaced by a later one.", "Go on with that one.")),
            _ => Ok(()),
        }
    }
}

/// They were applied, or nobody wants them any more.
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
pub(super) async fn end(tx: &mut Tx, round: &RoundId, upload: &UploadId) -> Result<()> {
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
        "This list is not here any more: it was loaded, replaced, or is a day old.",
        "Upload it again.",
    )
}
