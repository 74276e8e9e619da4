//! The whole journal against the ledger, after a run that did not end in good order.
//!
//! The count of groups tells lost commits where the database is whole. It tells nothing of one that is old in some pages and new in others:
//! a backup into which the log of another file was brought. So after a kill every dot is looked up: its row must know the attempt.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::base::ids::{ContactId, MessageId, RoundId};
use crate::base::problem::Result;
use crate::rules::message::MessageKind;
use crate::steps::context::Ctx;
use crate::store::round::rounds;
use crate::store::sending::senders::{self, Attempted};
use crate::store::{Tx, contacts};

use super::records::{self, Became, Gone, Record, unreadable};

/// As many rows are looked up at once.
const BATCH: usize = 500;

/// Dots of one file, by row and attempt.
type Dots = HashMap<(MessageId, i64), Gone>;

/// Whether the last run wrote that it ended in good order. A journal without a run says nothing against it.
pub(super) fn ended_well(path: &Path) -> Result<bool> {
    for (_, file) in records::files(path).map_err(|e| unreadable(path, &e))?.iter().rev() {
        let (mut any, mut closed) = (false, false);
        records::read(file, |record| (any, closed) = (true, matches!(record, Record::Closed { .. })))
            .map_err(|e| unreadable(path, &e))?;
        if any {
            return Ok(closed);
        }
    }
    Ok(true)
}

/// What has left, or may have, by an attempt that the ledger does not know.
pub(super) async fn unknown(ctx: &Ctx, path: &Path) -> Result<Vec<Gone>> {
    let mut tx = ctx.db.read().await?;
    let mut unknown = Vec::new();
    // What belongs to a dot stands in the same file or in the next.
    let (mut before, mut went_before) = (Dots::new(), HashSet::new());
    for (_, file) in records::files(path).map_err(|e| unreadable(path, &e))? {
        let (mut dots, mut went) = (Dots::new(), HashSet::new());
        records::read(&file, |record| match record {
            Record::Dot(dot) => _ = dots.insert((dot.dot.clone(), dot.n), Gone { dot, answer: None }),
            Record::Go { go } => _ = went.insert(go),
            Record::Answered(answered) => {
                let attempt = (answered.answered.clone(), answered.n);
                let asked = if dots.contains_key(&attempt) { dots.get_mut(&attempt) } else { before.get_mut(&attempt) };
                if let Some(gone) = asked {
                    gone.answer = Some(answered);
                }
            }
            Record::Opened { .. } | Record::Closed { .. } => {}
        })
        .map_err(|e| unreadable(path, &e))?;
        went_before.extend(went.iter().copied());
        add_unknown(&mut tx, before, &went_before, &mut unknown).await?;
        (before, went_before) = (dots, went);
    }
    add_unknown(&mut tx, before, &went_before, &mut unknown).await?;
    Ok(unknown)
}

async fn add_unknown(tx: &mut Tx, dots: Dots, went: &HashSet<u64>, unknown: &mut Vec<Gone>) -> Result<()> {
    // Of several attempts the last one says what became of the message.
    let mut last: HashMap<String, Gone> = HashMap::new();
    for gone in dots.into_values().filter(|gone| may_have_left(gone, went)) {
        match last.get(&gone.dot.key) {
            Some(later) if later.dot.n >= gone.dot.n => {}
            _ => _ = last.insert(gone.dot.key.clone(), gone),
        }
    }
    let mut last: Vec<Gone> = last.into_values().collect();
    last.sort_by(|a, b| (a.dot.group, &a.dot.dot).cmp(&(b.dot.group, &b.dot.dot)));
    let mut rest = last.into_iter().peekable();
    while rest.peek().is_some() {
        let batch: Vec<Gone> = rest.by_ref().take(BATCH).collect();
        let keys: Vec<&str> = batch.iter().map(|gone| gone.dot.key.as_str()).collect();
        let rows = senders::attempted(tx, &keys).await?;
        let rows: HashMap<&str, &Attempted> = rows.iter().map(|row| (row.key.as_str(), row)).collect();
        for gone in batch {
            let lost = match rows.get(gone.dot.key.as_str()) {
                Some(row) => !row.knows(gone.dot.n),
                // Of a round or person that this database never had nothing can leave either.
                None => is_known(tx, &gone.dot.key).await?,
            };
            if lost {
                unknown.push(gone);
            }
        }
    }
    Ok(())
}

fn may_have_left(gone: &Gone, went: &HashSet<u64>) -> bool {
    match gone.answer.as_ref().map(|a| a.became) {
        Some(Became::Deferred | Became::NotSent) => false,
        Some(_) => true,
        None => went.contains(&gone.dot.group),
    }
}

/// Whether the database has the round, and the person, that a message of this key is for.
pub(super) async fn is_known(tx: &mut Tx, key: &str) -> Result<bool> {
    let mut parts = key.split('/');
    let (Some(lane), Some(recipient), Some(kind)) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(false);
    };
    match MessageKind::parse(kind) {
        Some(kind) if kind.to_contact() => Ok(contacts::person(tx, &ContactId::from(recipient)).await?.is_some()),
        Some(_) => Ok(rounds::brief_by_id(tx, &RoundId::from(lane)).await?.is_some()),
        None => Ok(false),
    }
}
