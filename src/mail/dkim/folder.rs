//! The folder of keys: `DOMAIN/SELECTOR.pem`. Its names say all there is to say, so a key needs no line in the settings.

use std::fs;
use std::path::{Path, PathBuf};

use crate::base::problem::{Problem, Result};
use crate::base::signing_key::SigningKey;
use crate::mail::domains::ascii::a_label;

use super::signing::{DkimKey, Signer};

/// Where the key of a domain and selector lies.
pub fn key_file(folder: &Path, domain: &str, selector: &str) -> PathBuf {
    folder.join(domain).join(format!("{selector}.pem"))
}

/// Letters, digits and hyphens, in labels with dots between them.
pub fn selector_ok(selector: &str) -> bool {
    let label = |l: &str| (1..=63).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    selector.split('.').all(label)
}

/// Every key in the folder. Files that do not end with `.pem` are left alone.
pub fn read(folder: &Path) -> Result<Signer> {
    let mut keys = Vec::new();
    for (domain, dir) in entries(folder)?.into_iter().filter(|(_, path)| path.is_dir()) {
        let files: Vec<_> =
            entries(&dir)?.into_iter().filter_map(|(n, p)| Some((n.strip_suffix(".pem")?.to_string(), p))).collect();
        if files.is_empty() {
            continue;
        }
        let known = a_label(&domain).filter(|d| d.contains('.'));
        let domain =
            known.ok_or_else(|| unusable(&dir, "is not named like a domain, as its folder of keys must be"))?;
        for (selector, file) in files {
            if !selector_ok(&selector) {
                return Err(unusable(&file, "is not named like a selector (letters, digits, hyphens)"));
            }
            let text = fs::read_to_string(&file).map_err(|e| unusable(&file, "cannot be read").because(e))?;
            let key = SigningKey::from_pem(&text).map_err(|why| unusable(&file, why))?;
            keys.push((domain.clone(), DkimKey { selector, key }));
        }
    }
    Ok(Signer::new(keys))
}

fn entries(dir: &Path) -> Result<Vec<(String, PathBuf)>> {
    let cannot = |e: std::io::Error| unusable(dir, "cannot be read").because(e);
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        found.extend(entry.file_name().to_str().map(|name| (name.to_string(), entry.path())));
    }
    found.sort();
    Ok(found)
}

/// Nothing of what is in a file is repeated.
fn unusable(path: &Path, why: &str) -> Problem {
    Problem::unusable(
        format!("The DKIM key {} (in the folder of the setting dkim.folder) {why}.", path.display()),
        "`soundings dkim new DOMAIN SELECTOR` makes a key that can be used.",
    )
}
