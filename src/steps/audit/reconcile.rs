//! Does the ledger say what the outbound journal and the relay say? Differences are told by person.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;

use crate::base::ids::{MessageId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::intake::maillog::{self, Relayed};
use crate::rules::message::MessageState;
use crate::steps::context::Ctx;
use crate::steps::sending::outbound::records::{self, Became, Record};
use crate::store::sending::outbox::{self, Left};

/// Ledger rows that are read at once.
const PAGE: i64 = 2_000;

/// One message about which two sides differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub person: String,
    pub email: String,
    pub kind: String,
    /// What the ledger says: "sent", "in doubt", ..., "unknown".
    pub here: String,
    /// What the other side says.
    pub there: String,
}

/// The ledger beside one other record of what left.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Compared {
    /// Messages of the round that left, or may have.
    pub left_here: usize,
    pub known_there: usize,
    pub differences: Vec<Difference>,
    /// Lines of the other side that could not be read.
    pub unreadable_lines: u64,
}

struct Journalled {
    to: String,
    kind: String,
    became: Option<Became>,
    went: bool,
    group: u64,
}

/// The ledger of a round beside the outbound journal in this folder.
pub async fn with_journal(ctx: &Ctx, slug: &str, folder: &Path) -> Result<Compared> {
    let (round, left) = left(ctx, slug).await?;
    let senders = crate::store::sending::senders::all(&mut ctx.db.read().await?).await?.len();
    let (mut journal, began, unreadable_lines) = read_journal(folder, &round)?;
    let mut compared = Compared { left_here: left.len(), unreadable_lines, ..Compared::default() };
    compared.known_there = journal.values().filter(|j| j.went).count();
    for row in left {
        let there = match journal.remove(&row.id).filter(|j| j.went) {
            // What another daemon sent, or what left before there was a journal, is in another one or in none.
            None if senders > 1 || began.is_none_or(|began| row.marked_at.0 < began) => continue,
            None => "not in the journal",
            Some(Journalled { became: Some(Became::Sent), .. }) if !row.was_taken() => "sent",
            Some(Journalled { became: Some(Became::Refused), .. }) if row.was_taken() => "refused",
            Some(_) => continue,
        };
        compared.differences.push(difference(&row, there));
    }
    // What is left over has left by the journal and not by the ledger; a later try may have been put off again since.
    let mut unknown: Vec<(MessageId, Journalled)> = journal
        .into_iter()
        .filter(|(_, j)| j.went && !matches!(j.became, Some(Became::Deferred | Became::NotSent | Became::Refused)))
        .collect();
    unknown.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut tx = ctx.db.read().await?;
    for (id, j) in unknown {
        let here = outbox::by_id(&mut tx, &id).await?;
        // Decided by a person or a policy since: planned again under the same Message-ID.
        if here.as_ref().is_some_and(|m| m.settled_at.is_some() || m.attempt > 0) {
            continue;
        }
        compared.differences.push(Difference {
            person: here.as_ref().map(|m| m.to_name.clone()).unwrap_or_default(),
            email: j.to,
            kind: j.kind,
            here: here.map_or("unknown".into(), |m| m.state.as_str().replace('_', " ")),
            there: if j.became == Some(Became::Sent) { "sent" } else { "may have left" }.into(),
        });
    }
    Ok(compared)
}

/// The ledger of a round beside a relay's log.
pub async fn with_relay(ctx: &Ctx, slug: &str, log: &Path) -> Result<Compared> {
    let (_, left) = left(ctx, slug).await?;
    // A Message-ID begins with the ledger's id.
    let relayed: HashMap<MessageId, Relayed> = maillog::read(log)?
        .into_iter()
        .filter_map(|(id, relayed)| Some((id.split_once('@')?.0.into(), relayed)))
        .collect();
    let mut compared = Compared { left_here: left.len(), ..Compared::default() };
    for row in left {
        let known = relayed.get(&row.id);
        compared.known_there += usize::from(known.is_some());
        let there = match (known, row.state) {
            (None, MessageState::Sent) => "not in the log".to_string(),
            (None, _) => continue,
            (Some(r), MessageState::Sent) if r.status == "bounced" || r.status == "expired" => {
                format!("{}: {}", r.status, r.said)
            }
            (Some(_), _) if row.was_taken() => continue,
            (Some(r), _) => format!("{} {}", r.status, r.said).trim_end().to_string(),
        };
        compared.differences.push(difference(&row, &there));
    }
    Ok(compared)
}

fn difference(row: &Left, there: &str) -> Difference {
    Difference {
        person: row.to_name.clone(),
        email: row.to_email.as_str().into(),
        kind: row.kind.label().into(),
        here: row.state.as_str().replace('_', " "),
        there: there.into(),
    }
}

/// The round's id, and its messages that left, or may have, or were refused.
async fn left(ctx: &Ctx, slug: &str) -> Result<(RoundId, Vec<Left>)> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let mut all: Vec<Left> = Vec::new();
    loop {
        let after = all.last().map_or_else(|| MessageId::from(""), |row| row.id.clone());
        let page = outbox::that_left(&mut tx, &live.id, &after, PAGE).await?;
        if page.is_empty() {
            return Ok((live.id.clone(), all));
        }
        all.extend(page);
    }
}

/// By ledger id, the last attempt; when the journal began; how many lines could not be read.
fn read_journal(folder: &Path, round: &RoundId) -> Result<(HashMap<MessageId, Journalled>, Option<i64>, u64)> {
    let unreadable = |e: std::io::Error| {
        Problem::unusable(
            format!("The outbound journal in {} cannot be read.", folder.display()),
            "Name its folder in outbound_journal, and check the rights on it.",
        )
        .because(e.to_string())
    };
    let (mut known, mut began, mut damaged) = (HashMap::<MessageId, Journalled>::new(), None, 0);
    for (_, file) in records::files(folder).map_err(unreadable)? {
        let mut of_group: Vec<(u64, MessageId)> = Vec::new();
        damaged += records::read(&file, |record| match record {
            Record::Opened { at, .. } => began = Some(began.map_or(at, |b: i64| b.min(at))),
            Record::Dot(dot) => {
                let mut parts = dot.key.split('/');
                if parts.next() == Some(round.as_str()) {
                    of_group.push((dot.group, dot.dot.clone()));
                    let kind = parts.nth(1).unwrap_or_default().replace('_', " ");
                    let to = dot.to;
                    known.insert(dot.dot, Journalled { to, kind, became: None, went: false, group: dot.group });
                }
            }
            Record::Closed { .. } => {}
            Record::Go { go } => {
                for (_, id) in of_group.iter().filter(|(group, _)| *group == go) {
                    if let Some(j) = known.get_mut(id) {
                        j.went = j.group == go;
                    }
                }
                of_group.retain(|(group, _)| *group > go);
            }
            Record::Answered(a) => {
                if let Some(j) = known.get_mut(&a.answered) {
                    j.became = Some(a.became);
                    j.went = true;
                }
            }
        })
        .map_err(unreadable)?;
    }
    Ok((known, began, damaged))
}
