//! How the command line speaks: results to standard output, problems as one sentence to standard error.

use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

use crate::base::problem::{Kind, Problem, Result};

/// Prints one value as one line of JSON.
pub fn json<T: Serialize>(value: &T) -> Result<()> {
    let text = serde_json::to_string(value)
        .map_err(|e| Problem::internal("The result could not be written as JSON.").because(e))?;
    line(&text);
    Ok(())
}

/// Prints a line; a reader that has gone away (`| head`) is no error.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// After a list was loaded: whom it names who is not written to.
pub fn kept_out(people: u64) {
    if people > 0 {
        line(&format!(
            "{people} of them opted out for good, complained or left in another round of this client: nothing is sent to them. The list of \
             contacts on the console names them."
        ));
    }
}

/// Prints pieces that follow each other, as they come.
pub fn pieces(pieces: impl Iterator<Item = Result<String>>) -> Result<()> {
    let mut out = std::io::stdout().lock();
    for piece in pieces {
        let _ = out.write_all(piece?.as_bytes());
    }
    let _ = out.flush();
    Ok(())
}

/// Says what is wrong and what to do, and which exit status that is.
pub fn tell(problem: &Problem) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{problem}");
    if let Some(cause) = &problem.cause {
        let _ = writeln!(std::io::stderr(), "(cause: {cause})");
    }
    match problem.kind {
        Kind::Unusable => ExitCode::from(2),
        _ => ExitCode::from(1),
    }
}

/// 0 when there are no findings, else 1.
pub fn found(findings: bool) -> ExitCode {
    ExitCode::from(u8::from(findings))
}
