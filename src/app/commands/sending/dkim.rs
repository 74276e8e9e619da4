//! `dkim new`: draws a key that signs the mail of a domain, and says what to publish.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use crate::app::{open, output};
use crate::base::problem::{Problem, Result};
use crate::base::signing_key::{Algorithm, SigningKey};
use crate::mail::dkim::{key_file, selector_ok};
use crate::mail::domains::ascii::a_label;
use crate::rules::sending::alignment::DnsRecord;

/// A text record is made of pieces of at most so many bytes.
const PIECE: usize = 255;

pub fn new(config: Option<&Path>, domain: &str, selector: &str, algorithm: Algorithm, json: bool) -> Result<ExitCode> {
    let settings = open::settings(config)?;
    let ascii = a_label(domain).filter(|d| d.contains('.') && d.split('.').all(selector_ok)).ok_or_else(|| {
        Problem::unusable(
            format!("{domain} is not a domain."),
            "Write what stands behind the @ of the sender, such as acme.example.",
        )
    })?;
    if !selector_ok(selector) {
        let next = "Use letters, digits and hyphens, such as s2027.";
        return Err(Problem::unusable(format!("{selector} cannot be a selector."), next));
    }
    let (key, pem) = SigningKey::draw(algorithm).map_err(|e| Problem::internal("No key could be drawn.").because(e))?;
    let value = key.public().map_err(|e| Problem::internal("The key has no public half.").because(e))?;
    let file = key_file(&settings.dkim_folder(), &ascii, selector);
    write(&file, &pem)?;
    let record = DnsRecord {
        name: format!("{selector}._domainkey.{ascii}"),
        kind: "TXT",
        value: format!("v=DKIM1; k={}; p={value}", algorithm.word()),
    };
    if json {
        output::json(&record)?;
        return Ok(ExitCode::SUCCESS);
    }
    let pieces: Vec<String> =
        record.value.as_bytes().chunks(PIECE).map(|piece| format!("\"{}\"", String::from_utf8_lossy(piece))).collect();
    output::line(&format!(
        "Wrote {}. Keep it secret. It signs from the next start of `serve`; publish before that:",
        file.display()
    ));
    output::line(&format!("  name   {}", record.name));
    output::line(&format!("  type   {}", record.kind));
    output::line(&format!("  value  {}", record.value));
    output::line(&format!("As a line of a zone file: {}. IN TXT {}", record.name, pieces.join(" ")));
    output::line("`soundings doctor` says when it can be seen.");
    Ok(ExitCode::SUCCESS)
}

/// Never over a key that is there: mail on its way is checked with it.
fn write(file: &Path, pem: &str) -> Result<()> {
    let cannot = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Problem::refused(
            format!("{} is there already.", file.display()),
            "Take another selector; old and new keys sign side by side.",
        ),
        _ => Problem::unusable(
            format!("{} cannot be written.", file.display()),
            "Check the folder of the setting dkim.folder.",
        )
        .because(e),
    };
    fs::create_dir_all(file.parent().unwrap_or(Path::new("."))).map_err(cannot)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(file).map_err(cannot)?;
    written.write_all(pem.as_bytes()).and_then(|()| written.sync_all()).map_err(cannot)
}
