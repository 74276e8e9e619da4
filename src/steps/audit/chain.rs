//! Whether the journal and the signatures are what soundings wrote: every record is read again and its code made again, from the first to
//! the last.
//!
//! How far a chain went is remembered in a file beside the key, so that a cut end is seen also by whoever could put an earlier end into the
//! database.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use serde::{Deserialize, Serialize};
use tracing::error;

use crate::base::counted::counted;
use crate::base::problem::{Problem, Result};
use crate::base::whole_file;
use crate::rules::journal::Actor;
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::journal::chain;
use crate::store::journal::records::{self, ALL, Chain, Record};
use crate::store::round::rounds;

use super::beginning::BeginChains;
use super::evidence;

/// What is said of one chain.
#[derive(Clone, Debug)]
pub struct Finding {
    pub about: &'static str,
    pub ok: bool,
    pub says: String,
}

/// A record that was there once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    n: i64,
    mac: String,
}

type Seen = BTreeMap<String, Place>;

/// What an earlier version beside this one has written is covered at a start; records that were shown before stay what they are.
const COVER: &str =
    "Stop every earlier version that still runs on this database, and start this one again: it covers them.";
const NEXT: &str = "Compare it with the last backup, and see who may write to the database.";

/// Begins the chains where an earlier version had none, and says in the log where one goes less far than it went.
pub async fn at_the_start(ctx: &Ctx, seen: &Path) -> Result<()> {
    ctx.order(&Actor::Program, BeginChains).await?;
    let known = match read(seen) {
        Ok(known) => known,
        Err(problem) => {
            error!("{problem}");
            return Ok(());
        }
    };
    let mut tx = ctx.db.read().await?;
    for chain in ALL {
        if let Some(wrong) = behind(&mut tx, chain, known.get(chain.name()), seen).await? {
            error!("{wrong}");
        }
    }
    Ok(())
}

/// Reads both chains from end to end, and the journal of each round.
pub async fn check(ctx: &Ctx, seen: &Path) -> Result<Vec<Finding>> {
    let mut tx = ctx.db.read().await?;
    let (known, lost) = match read(seen) {
        Ok(known) => (known, None),
        Err(problem) => (Seen::default(), Some(problem.to_string())),
    };
    let mut found = Vec::new();
    for chain in ALL {
        let read = match whole(ctx, &mut tx, chain).await? {
            Ok(n) => match behind(&mut tx, chain, known.get(chain.name()), seen).await? {
                None => Ok(format!("{} {}, unbroken", n, if n == 1 { words(chain).0 } else { words(chain).1 })),
                Some(wrong) => Err(wrong),
            },
            Err(wrong) => Err(format!("{wrong} {NEXT}")),
        };
        let read = match &lost {
            Some(lost) => read.and(Err(lost.clone())),
            None => read,
        };
        let about = if chain == Chain::Journal { "journal" } else { "signatures" };
        found.push(Finding { about, ok: read.is_ok(), says: read.unwrap_or_else(|wrong| wrong) });
    }
    found.push(of_rounds(&mut tx).await?);
    Ok(found)
}

/// Whether the journal of each round leads to the end that its pages show, and all of it has a place there.
async fn of_rounds(tx: &mut Tx) -> Result<Finding> {
    let (all, mut changed, mut waiting) = (rounds::list(tx).await?, Vec::new(), Vec::new());
    for round in &all {
        let amiss = evidence::amiss(tx, &round.id).await?;
        changed.extend(amiss.changed.map(|says| format!("The journal of {} was changed: {says}", round.slug)));
        if amiss.waiting > 0 {
            waiting.push(format!("{} of {}", counted(amiss.waiting, "entry", "entries"), round.slug));
        }
    }
    let mut says = Vec::new();
    if !changed.is_empty() {
        says.push(format!("{} {NEXT}", changed.join(" ")));
    }
    if !waiting.is_empty() {
        says.push(format!("No record covers {}: an earlier version has written them. {COVER}", waiting.join(", ")));
    }
    let ok = says.is_empty();
    if ok {
        says.push(format!("{}, each as its pages have shown it", counted(all.len(), "journal", "journals")));
    }
    Ok(Finding { about: "journals of rounds", ok, says: says.join(" ") })
}

fn words(chain: Chain) -> (&'static str, &'static str) {
    match chain {
        Chain::Journal => ("entry", "entries"),
        Chain::Signatures => ("signature", "signatures"),
    }
}

/// How many records there are, or what is wrong with the first that is not what was written.
async fn whole(ctx: &Ctx, tx: &mut Tx, chain: Chain) -> Result<Result<i64, String>> {
    let (one, many) = words(chain);
    let end = chain::end(tx, chain).await?;
    let (mut last, mut mac, mut at_end) = (0, String::new(), String::new());
    loop {
        let records = records::after(tx, chain, last).await?;
        if records.is_empty() {
            break;
        }
        for record in records {
            let n = record.n.unwrap_or_default();
            if n != last + 1 {
                return Ok(Err(format!("The {one} number {} is gone: somebody has removed it.", last + 1)));
            }
            let fields: Vec<&str> = record.fields.iter().map(String::as_str).collect();
            let ours = ctx.chain.link(chain.name(), n, &mac, &fields);
            if record.mac.as_deref() != Some(ours.as_str()) {
                return Ok(Err(format!(
                    "The {one} number {n} ({}) is not what was written: {}.",
                    told(&record),
                    "it was changed or put in by somebody else"
                )));
            }
            (last, mac) = (n, ours);
            if end.as_ref().is_some_and(|end| end.n == n) {
                at_end.clone_from(&mac);
            }
        }
    }
    let beside = records::unchained(tx, chain, "").await?;
    if let (Some(first), true) = (beside.first(), end.is_some()) {
        return Ok(Err(format!("{} of the {many} were put in by somebody else, first {}.", beside.len(), told(first))));
    }
    let Some(end) = end else {
        // Nothing was written since the version that had no chain.
        return Ok(if last == 0 {
            Ok(0)
        } else {
            Err(format!("Where the {many} end is not known any more: somebody has removed it."))
        });
    };
    if end.n > last {
        return Ok(Err(format!(
            "The {many} end with number {last}, and {} were written: somebody has cut their end.",
            end.n
        )));
    }
    if end.mac != at_end || end.seal != ctx.chain.seal(chain.name(), end.n, &end.mac) {
        return Ok(Err(format!("Where the {many} end is not what was written: somebody has cut their end.")));
    }
    // What was added while this was read moved the end along.
    match chain::end(tx, chain).await? {
        Some(now) if now.n >= last => Ok(Ok(last)),
        _ => Ok(Err(format!("The {many} go on behind their end: somebody has put some in."))),
    }
}

/// Enough to find it: its id and what it says first.
fn told(record: &Record) -> String {
    record.fields.iter().take(4).map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// What is wrong where a chain has been further than it goes now.
async fn behind(tx: &mut Tx, chain: Chain, seen: Option<&Place>, file: &Path) -> Result<Option<String>> {
    let Some(seen) = seen.filter(|seen| seen.n > 0) else { return Ok(None) };
    let there = records::after(tx, chain, seen.n - 1).await?.into_iter().next();
    if there.is_some_and(|r| r.n == Some(seen.n) && r.mac.as_deref() == Some(seen.mac.as_str())) {
        return Ok(None);
    }
    let (one, many) = words(chain);
    Ok(Some(format!(
        "The {one} number {} that {} remembers is not there: the end of the {many} was cut, or a backup was restored. If it was a backup, remove that file.",
        seen.n,
        file.display()
    )))
}

/// Remembers how far the chains go, unless one of them has been further.
pub async fn remember(ctx: &Ctx, file: &Path) -> Result<()> {
    let mut tx = ctx.db.read().await?;
    let known = read(file)?;
    let mut now = known.clone();
    for chain in ALL {
        let before = known.get(chain.name());
        if let Some(end) = chain::end(&mut tx, chain).await?
            && before.is_none_or(|seen| seen.n < end.n)
            && behind(&mut tx, chain, before, file).await?.is_none()
        {
            now.insert(chain.name().into(), Place { n: end.n, mac: end.mac });
        }
    }
    drop(tx);
    if now == known {
        return Ok(());
    }
    // The disk is waited for, and nobody else is to wait meanwhile.
    let (to, seen) = (file.to_path_buf(), now);
    let written = tokio::task::spawn_blocking(move || write(&to, &seen)).await.map_err(io::Error::other);
    written.flatten().map_err(|e| unwritten(file, e))
}

/// A file that says nothing any more is no file that was never there: whoever cuts the end of the journal would begin with it.
fn read(file: &Path) -> Result<Seen> {
    let unreadable = |why: String| {
        Problem::unusable(
            format!("The file {} cannot be read; it remembers how far the journal goes.", file.display()),
            "Put it back from the backup, or remove it once you know who has changed it.",
        )
        .because(why)
    };
    match fs::read(file) {
        Ok(text) => serde_json::from_slice(&text).map_err(|e| unreadable(e.to_string())),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Seen::default()),
        Err(e) => Err(unreadable(e.to_string())),
    }
}

fn write(file: &Path, seen: &Seen) -> io::Result<()> {
    whole_file::replace(file, &serde_json::to_vec(seen).map_err(io::Error::other)?)
}

fn unwritten(file: &Path, e: io::Error) -> Problem {
    Problem::unusable(
        format!("The file {} cannot be written; it remembers how far the journal goes.", file.display()),
        "Check the rights on its folder.",
    )
    .because(e)
}
