//! Hand-over by file: one body a line, appended and on disk before it counts as confirmed.
//!
//! The line is exactly what a webhook would carry. A line that a power cut tore in two is left as it is and the next one starts afresh
//! below; its response was not confirmed and is handed over again, so a reader goes by `data.response.id`, as with the webhook.

use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use crate::base::ids::ResponseId;
use crate::base::problem::Problem;
use crate::rules::handover::Counted;

use super::delivered::Delivered;

#[derive(Clone, Debug)]
pub struct File {
    path: PathBuf,
    /// One append at a time in this process; `File::lock` keeps other processes out.
    turn: Arc<Mutex<()>>,
}

impl File {
    pub fn new(path: &Path) -> File {
        File { path: path.to_owned(), turn: Arc::default() }
    }

    pub async fn deliver(&self, body: &str) -> Delivered {
        let (file, body) = (self.clone(), body.to_owned());
        let done = tokio::task::spawn_blocking(move || {
            let _turn = file.turn.lock().unwrap_or_else(PoisonError::into_inner);
            append(&file.path, &body).map_err(|e| format!("{} could not be written: {e}", file.path.display()))
        });
        match done.await {
            Ok(Ok(())) => {
                let text = format!("written to {}", self.path.display());
                Delivered { confirmed: true, text, ..Delivered::default() }
            }
            Ok(Err(text)) => Delivered { text, ..Delivered::default() },
            Err(_) => Delivered { text: "writing was broken off".into(), ..Delivered::default() },
        }
    }
}

fn append(path: &Path, body: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Answers are their owner's alone, whatever the umask; a file that is there keeps its mode.
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    file.lock()?;
    let mut line = Vec::with_capacity(body.len() + 2);
    if is_torn(&mut file)? {
        line.push(b'\n');
    }
    // Line breaks between the tokens of JSON are white space; inside its texts they are escaped.
    line.extend(body.bytes().map(|b| if b == b'\n' || b == b'\r' { b' ' } else { b }));
    line.push(b'\n');
    let is_new = file.metadata()?.len() == 0;
    file.write_all(&line)?;
    file.sync_data()?;
    if is_new {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Whether the last line lacks its end.
fn is_torn(file: &mut fs::File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// What a file holds, for reconciling.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileIds {
    /// In the order of the file, repeated as often as they stand there.
    pub ids: Vec<Counted>,
    /// Numbers of the lines that are not a hand-over: torn, or put there by someone else.
    pub unreadable: Vec<u64>,
}

#[derive(Deserialize)]
struct Line {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    sequence: i64,
    round: String,
    response: Response,
}

#[derive(Deserialize)]
struct Response {
    id: ResponseId,
}

/// The responses of `round` in the file; a file that is not there holds none.
pub fn read_ids(path: &Path, round: &str) -> Result<FileIds, Problem> {
    let refuse = |e: io::Error| {
        Problem::unusable(format!("The hand-over file {} cannot be read.", path.display()), "Make it readable.")
            .because(e)
    };
    let file = match fs::File::open(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(FileIds::default()),
        opened => opened.map_err(refuse)?,
    };
    let mut found = FileIds::default();
    for (number, line) in (1..).zip(BufReader::new(file).split(b'\n')) {
        let line = line.map_err(refuse)?;
        match serde_json::from_slice::<Line>(&line) {
            Ok(Line { data }) if data.round == round => found.ids.push((data.sequence, data.response.id)),
            Ok(_) => {}
            Err(_) => found.unreadable.push(number),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(sequence: i64, id: &str) -> String {
        format!("{{\"data\":{{\"sequence\":{sequence},\"round\":\"r\",\"response\":{{\"id\":\"{id}\"}}}}}}")
    }

    #[tokio::test]
    async fn f04_a_torn_line_costs_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/folder/scoring.jsonl");
        let file = File::new(&path);
        assert!(file.deliver(&body(1, "a")).await.confirmed);
        let mut torn = OpenOptions::new().append(true).open(&path).unwrap();
        torn.write_all(b"{\"data\":{\"sequ").unwrap();
        assert!(file.deliver(&body(2, "b\u{fc}")).await.confirmed);
        assert!(file.deliver("{\n\"data\": 1}").await.confirmed);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 4);
        let found = read_ids(&path, "r").unwrap();
        assert_eq!(found.ids, [(1, "a".into()), (2, "b\u{fc}".into())]);
        assert_eq!(found.unreadable, [2, 4]);
        assert_eq!(read_ids(&path, "other").unwrap().ids, []);
    }

    #[tokio::test]
    async fn c08_a_new_file_is_its_owners_alone_and_one_that_was_opened_to_others_stays_open() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, plain) = (folder.path().join("scoring.jsonl"), folder.path().join("plain"));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert!(File::new(&path).deliver(&body(1, "a")).await.confirmed);
        assert_eq!(mode(&path), 0o600);
        // Twin: what is written without a thought is as wide as the umask of whoever runs the tests lets it be.
        fs::write(&plain, "").unwrap();
        assert_eq!(mode(&plain) & 0o600, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(File::new(&path).deliver(&body(2, "b")).await.confirmed);
        assert_eq!(mode(&path), 0o640);
    }

    #[tokio::test]
    async fn many_at_once_each_get_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = File::new(&folder.path().join("s.jsonl"));
        let all = (0..50).map(|n| {
            let file = file.clone();
            tokio::spawn(async move { file.deliver(&body(n, &n.to_string())).await.confirmed })
        });
        for one in all.collect::<Vec<_>>() {
            assert!(one.await.unwrap());
        }
        let found = read_ids(&folder.path().join("s.jsonl"), "r").unwrap();
        assert_eq!((found.ids.len(), found.unreadable.len()), (50, 0));
    }

    #[tokio::test]
    async fn f13_what_cannot_be_written_is_not_confirmed() {
        let done = File::new(Path::new("/dev/null/x/s.jsonl")).deliver("{}").await;
        assert!(!done.confirmed && done.text.contains("/dev/null/x/s.jsonl could not be written"), "{done:?}");
        assert_eq!(read_ids(Path::new("/no/such"), "r").unwrap(), FileIds::default());
    }
}
