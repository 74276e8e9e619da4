//! What commands share: the bytes of a file that is named.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::base::problem::{Kind, Problem, Result};

/// The bytes of a file of up to `most`; what is larger, or is no file, is not read at all.
pub(super) fn bytes_of(file: &Path, most: u64) -> Result<Vec<u8>> {
    let shown = file.display();
    let unreadable = |e: std::io::Error| {
        Problem::unusable(format!("The file {shown} cannot be read."), "Check its name and that you may read it.")
            .because(e)
    };
    let too_large = || {
        let what = format!("The file {shown} is larger than {} MB.", most / (1024 * 1024));
        Problem::new(Kind::TooLarge, what, "Split it, or name another file.")
    };
    let opened = fs::metadata(file).map_err(unreadable)?;
    // Pipes have no size (`list check <(...)`); a folder or a device has no list.
    let is_pipe = std::os::unix::fs::FileTypeExt::is_fifo(&opened.file_type());
    if !opened.is_file() && !is_pipe {
        return Err(Problem::unusable(format!("{shown} is no file."), "Name a file."));
    }
    if opened.len() > most {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let read = fs::File::open(file).and_then(|opened| opened.take(most + 1).read_to_end(&mut bytes));
    read.map_err(unreadable)?;
    if bytes.len() as u64 > most { Err(too_large()) } else { Ok(bytes) }
}
