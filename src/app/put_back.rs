//! Whether the SQLite file is the one that the program left here, asked before SQLite opens it.
//!
//! After a kill the last commits are in the file's log (`-wal`), and SQLite brings them into whatever file lies beside it: into a restored
//! backup too, which is damaged or undone by it. So every start of the daemon writes a fresh mark into the head of the file and into the
//! folder of the outbound journal. A file with another mark was put in place of ours: its log is set aside unread, and sending is held.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tracing::warn;

use crate::base::clock::Clock;
use crate::base::ids::Ids;
use crate::base::problem::{Problem, Result};
use crate::base::whole_file;
use crate::config::Settings;
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::sending::senders;

use super::database_file::behind_links;

/// In the folder of the outbound journal, which is never restored together with the database.
const NAME: &str = "database";
/// The head of a SQLite file: what it begins with, and where its `application_id` stands.
const MAGIC: &[u8] = b"SQLite format 3\0";
const MARK_AT: usize = 68;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct LeftFile {
    /// The file, behind all links.
    file: PathBuf,
    /// The marks that it may have; two between the new one's being chosen and its being in the file.
    marks: Vec<u32>,
    /// Why sending is to be held, until the database itself says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hold: Option<String>,
}

/// Asked by whatever opens the database beside the daemon: of another file it changes nothing, for only the daemon knows that nobody is at
/// work on it.
pub fn check(settings: &Settings) -> Result<()> {
    let Some((place, file, _, _)) = stranger(settings)? else { return Ok(()) };
    Err(Problem::refused(
        format!(
            "{} is not the file that soundings left here, as {} has it, so it was not opened.",
            file.display(),
            place.display()
        ),
        "If it was restored, start `serve`: it holds sending and says what it found. If the outbound journal was moved, name \
         its folder here as the daemon has it.",
    ))
}

/// Looks before the daemon opens the database, which it has locked. What was put in place of our file loses the log that is not its own.
pub fn look(settings: &Settings) -> Result<()> {
    let Some((place, file, known, mark)) = stranger(settings)? else { return Ok(()) };
    let log = beside(&file, "-wal");
    let has_log = fs::metadata(&log).is_ok_and(|m| m.len() > 0);
    let mut why = format!(
        "{} is not the file that soundings left here: it was restored from a backup or put in its place.",
        file.display()
    );
    if has_log && known.file == file {
        let aside = set_aside(&log).map_err(|e| unmoved(&log, e))?;
        let index = beside(&file, "-shm");
        if let Err(e) = fs::remove_file(&index)
            && e.kind() != io::ErrorKind::NotFound
        {
            return Err(unmoved(&index, e));
        }
        why.push_str(&format!(
            " The log of the former file lay beside it and was set aside as {}; if it came with the file, as in a snapshot of \
             both, stop, put it back under its name and start again.",
            aside.display()
        ));
    }
    why.push_str(
        " What left since is settled as the outbound journal says; answers, opt-outs and changes of that time are lost unless \
         you enter them again.",
    );
    warn!("sending is held: {why}");
    let adopted = LeftFile { file, marks: vec![mark], hold: Some(why) };
    write(&place, &adopted).map_err(|e| unwritten(&place, e))
}

/// A file with a mark that ours does not have: where ours is known, the file, what is known, and its mark.
fn stranger(settings: &Settings) -> Result<Option<(PathBuf, PathBuf, LeftFile, u32)>> {
    let Some(file) = settings.database.sqlite_file().map(|file| behind_links(&file)) else { return Ok(None) };
    let place = place(settings);
    let (Some(known), Some(mark)) = (read(&place)?, mark_of(&file).map_err(|e| unreadable(&file, e))?) else {
        return Ok(None);
    };
    Ok((!known.marks.contains(&mark)).then_some((place, file, known, mark)))
}

/// Holds sending in the database itself where [`look`] has found that it was put back. For the daemon, while it has the lock.
pub async fn hold(settings: &Settings, ctx: &Ctx) -> Result<()> {
    let place = place(settings);
    let Some(known) = (if ctx.db.is_sqlite() { read(&place)? } else { None }) else { return Ok(()) };
    let Some(why) = known.hold.clone() else { return Ok(()) };
    let now = Clock::system().now();
    let hold = senders::Hold { id: ctx.ids.id(now), instance: String::new(), why, messages: "[]".into(), at: now };
    ctx.order(&Actor::Program, HoldRestored { hold }).await?;
    write(&place, &LeftFile { hold: None, ..known }).map_err(|e| unwritten(&place, e))
}

/// Holds all sending from a database that was put back, until somebody has seen to it.
struct HoldRestored {
    hold: senders::Hold,
}

impl Order for HoldRestored {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        senders::hold(tx, &self.hold).await
    }
}

/// A fresh mark for the file of a daemon that begins: what was copied before does not have it.
pub async fn mark(settings: &Settings, ctx: &Ctx) -> Result<()> {
    let Some(file) = settings.database.sqlite_file().map(|file| behind_links(&file)) else { return Ok(()) };
    let place = place(settings);
    let fresh = drawn(&ctx.ids);
    let mut marks = read(&place)?.map(|known| known.marks).unwrap_or_default();
    marks.extend(mark_of(&file).map_err(|e| unreadable(&file, e))?);
    marks.push(fresh);
    let keep = |marks: Vec<u32>| {
        write(&place, &LeftFile { file: file.clone(), marks, hold: None }).map_err(|e| unwritten(&place, e))
    };
    keep(marks)?;
    // Where somebody still reads, the file has the former mark until the log is brought into it, and both stay good.
    if ctx.db.mark_file(fresh).await? { keep(vec![fresh]) } else { Ok(()) }
}

/// For a copy: no file that a daemon left has it.
pub fn drawn(ids: &Ids) -> u32 {
    1 + ids.below(i32::MAX as u64 - 1) as u32
}

fn place(settings: &Settings) -> PathBuf {
    settings.outbound_journal_path().join(NAME)
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// The mark in the head of the file itself, whatever its log says; none where there is no whole head yet.
fn mark_of(file: &Path) -> io::Result<Option<u32>> {
    let mut head = [0; MARK_AT + 4];
    let mut open = match fs::File::open(file) {
        Ok(open) => open,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    match open.read_exact(&mut head) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(e) => return Err(e),
    }
    let [.., a, b, c, d] = head;
    Ok(head.starts_with(MAGIC).then(|| u32::from_be_bytes([a, b, c, d])))
}

/// A name that nobody has, so that nothing is lost.
fn set_aside(log: &Path) -> io::Result<PathBuf> {
    let mut to = beside(log, ".set-aside");
    let mut n = 1;
    while to.exists() {
        n += 1;
        to = beside(log, &format!(".set-aside.{n}"));
    }
    fs::rename(log, &to)?;
    Ok(to)
}

/// What says nothing any more is treated like what was never there.
fn read(place: &Path) -> Result<Option<LeftFile>> {
    match fs::read(place) {
        Ok(text) => Ok(serde_json::from_slice(&text).ok()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(unreadable(place, e)),
    }
}

fn write(place: &Path, known: &LeftFile) -> io::Result<()> {
    whole_file::replace(place, &serde_json::to_vec(known).map_err(io::Error::other)?)
}

fn unreadable(file: &Path, e: io::Error) -> Problem {
    Problem::unusable(
        format!("{} cannot be read.", file.display()),
        "Check that you may read it; whether the database is the one that was left here must be known before it is opened.",
    )
    .because(e)
}

fn unwritten(place: &Path, e: io::Error) -> Problem {
    Problem::unusable(
        format!("{} cannot be written; it tells a restored database from the one that was left here.", place.display()),
        "Check the rights on its folder, and that its disk is not full.",
    )
    .because(e)
}

fn unmoved(log: &Path, e: io::Error) -> Problem {
    Problem::unusable(
        format!("{} does not belong to the database beside it, and cannot be set aside.", log.display()),
        "Move it away, then start again: SQLite would bring it into the restored database and damage it.",
    )
    .because(e)
}
