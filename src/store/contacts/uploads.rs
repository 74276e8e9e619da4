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
        /// In bytes; 0 while it is on its way, -1 after it was loaded.
        pub size: i64,
        /// JSON: what was said about how it is to be read.
        pub choice: String,
    }
}

row! {
    pub struct ColumnChoice {
        /// The header as columns are compared.
        pub header_key: String,
        /// As it stood in the list.
        pub header: String,
        /// The name of our column; empty: none of ours.
        pub field: String,
        pub chosen_by: String,
        pub chosen_at: Ts,
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

/// The next part of one that is on its way; nothing where it is not there any more.
pub async fn keep_part(tx: &mut Tx, of: &Upload, part: i64, content: &str) -> Result<u64> {
    run!(
        quiet tx,
        "INSERT INTO list_upload_part (upload_id, part, content)
         SELECT id, CAST($3 AS BIGINT), CAST($4 AS TEXT) FROM list_upload WHERE id = $1 AND round_id = $2 AND size = 0",
        &of.id,
        &of.round_id,
        part,
        content
    )
}

/// All of it is there.
pub async fn finish(tx: &mut Tx, of: &Upload, size: i64) -> Result<u64> {
    run!(
        quiet tx,
        "UPDATE list_upload SET size = $3 WHERE id = $1 AND round_id = $2 AND size = 0",
        &of.id,
        &of.round_id,
        size
    )
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

/// Of a round, by whom: also those on their way, and not those that were loaded; the newest first.
pub async fn by_uploader(tx: &mut Tx, round: &RoundId, who: &str) -> Result<Vec<Upload>> {
    all!(
        tx,
        uploads!("WHERE round_id = $1 AND uploaded_by = $2 AND size >= 0 ORDER BY uploaded_at DESC, id DESC"),
        round,
        who
    )
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

/// It was loaded: of it stays that it was.
pub async fn end(tx: &mut Tx, round: &RoundId, upload: &UploadId) -> Result<u64> {
    let ended = run!(
        quiet tx,
        "UPDATE list_upload SET size = -1, file_name = '', choice = '{}' WHERE id = $1 AND round_id = $2 AND size > 0",
        upload,
        round
    )?;
    run!(quiet tx, "DELETE FROM list_upload_part WHERE upload_id = $1", upload)?;
    Ok(ended)
}

pub async fn was_loaded(tx: &mut Tx, round: &RoundId, upload: &UploadId) -> Result<bool> {
    let found = maybe!(tx, uploads!("WHERE id = $1 AND round_id = $2 AND size < 0"), upload, round)?;
    let found: Option<Upload> = found;
    Ok(found.is_some())
}

/// All of a round, wherever they are on their way.
pub async fn remove_of_round(tx: &mut Tx, round: &RoundId) -> Result<()> {
    run!(
        quiet tx,
        "DELETE FROM list_upload_part WHERE upload_id IN (SELECT id FROM list_upload WHERE round_id = $1)",
        round
    )?;
    run!(quiet tx, "DELETE FROM list_upload WHERE round_id = $1", round)?;
    Ok(())
}

pub async fn columns_of(tx: &mut Tx, client: &str) -> Result<Vec<ColumnChoice>> {
    all!(
        tx,
        "SELECT header_key, header, field, chosen_by, chosen_at FROM column_choice WHERE client = $1 ORDER BY header_key",
        client
    )
}

/// Takes the place of what was said about this column before.
pub async fn remember_column(tx: &mut Tx, client: &str, column: &ColumnChoice) -> Result<()> {
    forget_column(tx, client, &column.header_key).await?;
    run!(
        quiet tx,
        "INSERT INTO column_choice (client, header_key, header, field, chosen_by, chosen_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        client,
        &column.header_key,
        &column.header,
        &column.field,
        &column.chosen_by,
        column.chosen_at
    )?;
    Ok(())
}

pub async fn forget_column(tx: &mut Tx, client: &str, header_key: &str) -> Result<u64> {
    run!(quiet tx, "DELETE FROM column_choice WHERE client = $1 AND header_key = $2", client, header_key)
}
