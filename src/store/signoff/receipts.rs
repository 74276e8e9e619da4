//! Receipts: the mails that tell somebody what he has signed, and of which signatures each tells.

use crate::base::clock::Ts;
use crate::base::ids::{ReceiptId, RequestId, SignatureId};
use crate::base::problem::Result;
use crate::store::database::tx::Tx;

row! {
    pub struct Receipt {
        pub id: ReceiptId,
        pub request_id: RequestId,
        /// When its mail goes; what is signed before stands in it.
        pub due_at: Ts,
    }
}

pub async fn add(tx: &mut Tx, id: &ReceiptId, request: &RequestId, due_at: Ts) -> Result<()> {
    run!(tx, "INSERT INTO receipt (id, request_id, due_at) VALUES ($1, $2, $3)", id, request, due_at)?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, id: &ReceiptId) -> Result<Option<Receipt>> {
    maybe!(tx, "SELECT id, request_id, due_at FROM receipt WHERE id = $1", id)
}

/// The one to this person whose mail is still to go.
pub async fn gathering(tx: &mut Tx, request: &RequestId, now: Ts) -> Result<Option<Receipt>> {
    maybe!(
        tx,
        "SELECT id, request_id, due_at FROM receipt WHERE request_id = $1 AND due_at > $2 ORDER BY due_at DESC, id DESC LIMIT 1",
        request,
        now
    )
}

pub async fn add_line(tx: &mut Tx, receipt: &ReceiptId, signature: &SignatureId) -> Result<()> {
    run!(tx, "INSERT INTO receipt_line (signature_id, receipt_id) VALUES ($1, $2)", signature, receipt)?;
    Ok(())
}

/// A signature of which this receipt shall not tell any more. How many it still tells of.
pub async fn forget_line(tx: &mut Tx, receipt: &ReceiptId, signature: &SignatureId) -> Result<i64> {
    run!(tx, "DELETE FROM receipt_line WHERE receipt_id = $1 AND signature_id = $2", receipt, signature)?;
    let left: (i64,) = one!(tx, "SELECT count(*) AS id FROM receipt_line WHERE receipt_id = $1", receipt)?;
    Ok(left.0)
}
