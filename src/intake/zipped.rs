//! A zip from outside, looked at before anything of it is unpacked (S09, S10): a workbook, or the folder of a round.

use std::collections::BTreeSet;
use std::io::Cursor;

use zip::ZipArchive;

use crate::rules::contacts::row::cells::quoted;

pub type Zip<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Why nothing of it is unpacked.
pub enum Refused {
    Damaged(Box<dyn std::error::Error + Send + Sync>),
    /// It has what nothing honest writes: "two parts of one name".
    Has(String),
    /// It has more files than this.
    TooMany(usize),
    Locked,
}

fn damaged(e: zip::result::ZipError) -> Refused {
    Refused::Damaged(e.into())
}

/// Their directory alone would fill a memory.
const PARTS: usize = 100_000;

/// The zip, with the paths of what is in it and `wanted`: at most `most`, none leading out of it, none twice whatever the case. What is
/// not wanted is not looked at.
pub fn open(bytes: &[u8], most: usize, wanted: fn(&str) -> bool) -> Result<(Zip<'_>, BTreeSet<String>), Refused> {
    let parts = bytes.iter().enumerate().filter(|(at, b)| **b == b'P' && bytes[*at..].starts_with(b"PK\x01\x02"));
    if parts.take(PARTS + 1).count() > PARTS {
        return Err(Refused::TooMany(PARTS));
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let (mut paths, mut folded) = (BTreeSet::new(), BTreeSet::new());
    let twice = zip.has_duplicate_names();
    for at in 0..zip.len() {
        let part = zip.by_index_raw(at).map_err(damaged)?;
        let path = part.name().map_err(damaged)?.into_owned();
        if !wanted(&path) {
            continue;
        }
        if paths.len() == most {
            return Err(Refused::TooMany(most));
        }
        let leads_out = path.starts_with('/')
            || path.contains(['\\', '\0', ':'])
            || path.split('/').any(|step| step == "..")
            || part.is_symlink();
        if leads_out {
            return Err(Refused::Has(format!("a part by the name “{}”", quoted(&path))));
        }
        if part.encrypted() {
            return Err(Refused::Locked);
        }
        if twice || !folded.insert(path.to_lowercase()) {
            return Err(Refused::Has("two parts of one name".into()));
        }
        paths.insert(path);
    }
    Ok((zip, paths))
}
