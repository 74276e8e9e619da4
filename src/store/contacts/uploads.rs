//! Lists that were uploaded and are not applied yet, in parts of Base64; and which column of a client's lists is which.

use crate::base::clock::Ts;
use crate::base::ids::{RoundId, UploadId};
use crate::base::problem::Result;
use crate::store::database::tx::{Tx, ids};

row! {
    pub struct Upload {
        pub id: UploadId,
        pub round_id: RoundId,
        /// As its owner calls it; for showing only.
        pub file_name: String,
        pub uploaded_by: String,
        pub uploaded_at: Ts,
        /// In bytes; 0 while it is on its way.
        pub size: i64,
        /// JSON: what was said about how it is to be read.
        pub choice: String,
    }
}

row! {
    pub struct ColumnChoice {
        pub header_key: String,
        /// The name of our column; empty: none of ours.
        pub field: String,
    }
}

/// The columns of [`Upload`], then what narrows them down.
macro_rules! uploads {
    ($rest:literal) => {
        concat!("SELECT id, round_id, file_name, uploaded_by, uploaded_at, size, choice FROM list_upload ", $rest)
    };
}

pub async fn begin(tx: &mut Tx, upload: &Upload) -> Result<()> {
    run!(
        quiet tx,
        "INSERT INTO list_upload (id, round_id, file_name, uploaded_by, uploaded_at, size, choice)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &upload.id,
        &upload.round_id,
        &upload.file_name,
        &upload.uploaded_by,
        upload.uploaded_at,
        upload.size,
        &upload.choice
    )?;
    Ok(())
}

pub async fn keep_part(tx: &mut Tx, upload: &UploadId, part: i64, content: &str) -> Result<()> {
    run!(
        quiet tx,
        "INSERT INTO list_upload_part (upload_id, part, content) VALUES ($1, $2, $3)",
        upload,
        part,
        content
    )?;
    Ok(())
}

/// All of it is there.
pub async fn finish(tx: &mut Tx, upload: &UploadId, size: i64) -> Result<u64> {
    run!(quiet tx, "UPDATE list_upload SET size = $2 WHERE id = $1", upload, size)
}

/// Of a whole one of this round.
pub async fn choose(tx: &mut Tx, round: &RoundId, upload: &UploadId, choice: &str) -> Result<u64> {
    run!(
        quiet tx,
        "UPDATE list_upload SET choice = $3 WHERE id = $1 AND round_id = $2 AND size > 0",
        upload,
        round,
        choice
    )
}

/// A whole one of this round.
pub async fn by_id(tx: &mut Tx, round: &RoundId, upload: &UploadId) -> Result<Option<Upload>> {
    maybe!(tx, uploads!("WHERE id = $1 AND round_id = $2 AND size > 0"), upload, round)
}

/// The whole ones of a round, the newest first.
pub async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<Upload>> {
    all!(tx, uploads!("WHERE round_id = $1 AND size > 0 ORDER BY uploaded_at DESC, id DESC"), round)
}

/// Of a round, by whom: also those on their way.
pub async fn by_uploader(tx: &mut Tx, round: &RoundId, who: &str) -> Result<Vec<Upload>> {
    all!(tx, uploads!("WHERE round_id = $1 AND uploaded_by = $2 ORDER BY id"), round, who)
}

/// Those that nobody comes back to: whole ones from before `whole`, and those that began before `begun` and were never whole.
pub async fn over(tx: &mut Tx, whole: Ts, begun: Ts) -> Result<Vec<Upload>> {
    all!(tx, uploads!("WHERE uploaded_at < $1 OR (size = 0 AND uploaded_at < $2) ORDER BY id"), whole, begun)
}

pub async fn part(tx: &mut Tx, upload: &UploadId, part: i64) -> Result<Option<(String,)>> {
    maybe!(tx, "SELECT content FROM list_upload_part WHERE upload_id = $1 AND part = $2", upload, part)
}

pub async fn remove(tx: &mut Tx, uploads: &[UploadId]) -> Result<()> {
    let all = ids(uploads)?;
    run!(
        quiet tx,
        "DELETE FROM list_upload_part WHERE upload_id IN (SELECT value ->> 'id' FROM json_each($1))",
        &all
    )?;
    run!(quiet tx, "DELETE FROM list_upload WHERE id IN (SELECT value ->> 'id' FROM json_each($1))", &all)?;
    Ok(())
}

pub async fn columns_of(tx: &mut Tx, client: &str) -> Result<Vec<ColumnChoice>> {
    all!(tx, "SELECT header_key, field FROM column_choice WHERE client = $1 ORDER BY header_key", client)
}

/// Takes the place of what was said about this column before.
pub async fn remember_column(tx: &mut Tx, client: &str, column: &ColumnChoice, by: &str, now: Ts) -> Result<()> {
    run!(
        quiet tx,
        "DELETE FROM column_choice WHERE client = $1 AND header_key = $2",
        client,
        &column.header_key
    )?;
    run!(
        quiet tx,
        "INSERT INTO column_choice (client, header_key, field, chosen_by, chosen_at) VALUES ($1, $2, $3, $4, $5)",
        client,
        &column.header_key,
        &column.field,
        by,
        now
    )?;
    Ok(())
}
