//! A list that is being uploaded, kept in parts as it comes. A former list of its owner stays until this one is known to be a list.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base::ids::UploadId;
use crate::base::problem::{Problem, Result};
use crate::intake::list;
use crate::rules::journal::Actor;
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::store::Tx;
use crate::store::contacts::uploads;
use crate::store::round::rounds;

use crate::steps::contacts::upload::{RemoveUploads, Upload, WAITING, too_large, took_away};

/// What one part holds, in bytes; a multiple of three, so that Base64 fills nothing up.
const PART: usize = 192 * 1024;
/// Of a file's name, in letters.
const LONGEST_NAME: usize = 120;

/// A list that is being uploaded. What is dropped before [`Incoming::finish`] is never shown and soon forgotten.
pub struct Incoming {
    ctx: Ctx,
    by: Actor,
    upload: Upload,
    part: Vec<u8>,
    parts: i64,
    size: usize,
}

impl Incoming {
    pub async fn begin(ctx: &Ctx, by: &Actor, slug: &str, file_name: &str) -> Result<Incoming> {
        let order = BeginUpload { slug: slug.into(), file_name: shown(file_name) };
        let upload = ctx.order(by, order).await?;
        Ok(Incoming { ctx: ctx.clone(), by: by.clone(), upload, part: Vec::with_capacity(PART), parts: 0, size: 0 })
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
        self.ctx.order(&self.by, KeepPart { upload: self.upload.clone(), part: self.parts, content }).await?;
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
        self.ctx.order(&self.by, FinishUpload { upload: self.upload.clone(), size: self.size as i64 }).await?;
        Ok(self.upload.id.clone())
    }

    /// It is a list: where more than [`WAITING`] of its owner wait now, the oldest goes. Says how many went.
    pub async fn take_in(&self) -> Result<usize> {
        self.ctx.order(&self.by, MakeRoom { upload: self.upload.clone() }).await
    }

    /// Takes away what has come so far. A fault of that is for the log: whoever uploaded is told why the file was not taken.
    pub async fn give_up(self) {
        let order = RemoveUploads { uploads: vec![self.upload.id] };
        if let Err(problem) = self.ctx.order(&self.by, order).await {
            tracing::warn!(cause = ?problem.cause, "an upload that was given up is still there: {problem}");
        }
    }
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
    type Done = Upload;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<Upload> {
        let round = rounds::by_slug(tx, &self.slug).await?.ok_or_else(|| unknown(&self.slug))?;
        if round.state == RoundState::Closed {
            let what = format!("Round {} is closed.", self.slug);
            return Err(Problem::refused(what, "Lists can be loaded into open rounds only."));
        }
        // Some of them nobody sends any more: a line that broke leaves them until they are forgotten. So the oldest gives way.
        let own = uploads::by_uploader(tx, &round.id, by.as_str()).await?;
        let on_their_way = own.into_iter().filter(|upload| upload.size == 0).map(|upload| upload.id);
        uploads::remove(tx, &on_their_way.skip(WAITING - 1).collect::<Vec<_>>()).await?;
        let now = ctx.clock.now();
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
        Ok(upload)
    }
}

struct KeepPart {
    upload: Upload,
    part: i64,
    content: String,
}

impl Order for KeepPart {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        still_there(uploads::keep_part(tx, &self.upload, self.part, &self.content).await?)
    }
}

struct FinishUpload {
    upload: Upload,
    size: i64,
}

impl Order for FinishUpload {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        still_there(uploads::finish(tx, &self.upload, self.size).await?)
    }
}

fn still_there(written: u64) -> Result<()> {
    match written {
        0 => {
            Err(Problem::refused("This file was taken away while it came; nothing of it was kept.", "Upload it again."))
        }
        _ => Ok(()),
    }
}

struct MakeRoom {
    upload: Upload,
}

impl Order for MakeRoom {
    type Done = usize;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<usize> {
        let own = uploads::by_uploader(tx, &self.upload.round_id, by.as_str()).await?;
        let waiting = own.into_iter().filter(|upload| upload.size > 0 && upload.id != self.upload.id);
        let oldest: Vec<Upload> = waiting.skip(WAITING - 1).collect();
        for upload in &oldest {
            let detail = format!("{}, the oldest of more than {WAITING}", upload.file_name);
            took_away(ctx, tx, by, upload, &detail).await?;
        }
        Ok(oldest.len())
    }
}
