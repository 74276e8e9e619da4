//! How the command line speaks: results to standard output, problems as one sentence to standard error.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;

use crate::base::problem::{Kind, Problem, Result};
use crate::base::visible::{visible, visible_json};

/// Prints one value as one line of JSON.
pub fn json<T: Serialize>(value: &T) -> Result<()> {
    let text = serde_json::to_string(value)
        .map_err(|e| Problem::internal("The result could not be written as JSON.").because(e))?;
    let _ = writeln!(std::io::stdout(), "{}", visible_json(&text));
    Ok(())
}

/// Prints a line; a reader that has gone away (`| head`) is no error.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{}", visible(text));
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

/// Prints pieces that follow each other, as they come. Only on a terminal are they made visible: a file gets them as they are.
pub fn pieces(pieces: impl Iterator<Item = Result<String>>) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let on_terminal = out.is_terminal();
    for piece in pieces {
        let piece = piece?;
        let shown = if on_terminal { visible(&piece) } else { piece.as_str().into() };
        let _ = out.write_all(shown.as_bytes());
    }
    let _ = out.flush();
    Ok(())
}

/// Says what is wrong and what to do, and which exit status that is.
pub fn tell(problem: &Problem) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{}", visible(&problem.to_string()));
    if let Some(cause) = &problem.cause {
        let _ = writeln!(std::io::stderr(), "(cause: {})", visible(&cause.to_string()));
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
