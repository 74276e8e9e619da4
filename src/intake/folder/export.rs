//! Writes a round back as a folder: what is read from it again is what was written.
//!
//! The list is harmless to spreadsheet programs (S05) and comes back unchanged. Names that come from the database are
//! checked before they become file names (S09).

use std::collections::BTreeSet;
use std::path::Path;

use crate::base::problem::Problem;
use crate::intake::columns;
use crate::intake::files::{self, CONTACTS, Files, QUESTIONNAIRE, ROUND};
use crate::rules::contacts::row::cells::neutralised;
use crate::rules::contacts::{ListedContact, row::whereabouts::places};
use crate::rules::export::contacts::{fields, listed};
use crate::rules::questionnaire::Questionnaire;
use crate::rules::round::{RoundSpec, Words};

use super::{text_names, texts};

/// Writes the four parts of a round into `dir`. Files of these names are replaced, and mail texts that the round no longer has
/// are removed; other files stay.
pub fn write(
    dir: &Path,
    spec: &RoundSpec,
    contacts: &[ListedContact],
    questionnaire: &Questionnaire,
    words: &Words,
) -> Result<(), Problem> {
    let mut files = content(spec, questionnaire, words)?;
    files.insert(CONTACTS.into(), list(contacts)?);
    stale(dir, spec, words)?;
    for (file, bytes) in &files {
        files::write(dir, file, bytes)?;
    }
    Ok(())
}

/// The files of a round but for its list.
pub fn content(spec: &RoundSpec, questionnaire: &Questionnaire, words: &Words) -> Result<Files, Problem> {
    let unwritable = |e: toml::ser::Error| Problem::internal("The round cannot be written as TOML.").because(e);
    let mut files = Files::from([
        (ROUND.to_owned(), toml::to_string(spec).map_err(unwritable)?.into()),
        (QUESTIONNAIRE.to_owned(), toml::to_string(questionnaire).map_err(unwritable)?.into()),
    ]);
    for (language, by_name) in words {
        if let Some(name) = by_name.keys().find(|n| !places::is_language_code(language) || text_names::name(n).is_err())
        {
            return Err(Problem::unusable(
                format!("The mail text {language}/{name} cannot become a file."),
                "Rename it in the console.",
            ));
        }
        // A text that no touch asks for any more could not be read again.
        for (name, text) in by_name.iter().filter(|(name, _)| text_names::is_name(name, spec)) {
            files.insert(format!("mail/{language}/{name}.md"), texts::format(text).into());
        }
    }
    Ok(files)
}

/// Removes the texts of an earlier export that would otherwise be read as part of this one.
fn stale(dir: &Path, spec: &RoundSpec, words: &Words) -> Result<(), Problem> {
    let mut links = Vec::new();
    for (language, _) in
        files::entries(dir, "mail", &mut links).into_iter().filter(|(l, folder)| *folder && places::is_language_code(l))
    {
        for (file, _) in files::entries(dir, &format!("mail/{language}"), &mut links) {
            let Some(name) = file.strip_suffix(".md").filter(|n| text_names::is_name(n, spec)) else { continue };
            if !words.get(&language).is_some_and(|texts| texts.contains_key(name)) {
                files::remove(dir, &format!("mail/{language}/{file}"))?;
            }
        }
    }
    Ok(())
}

/// The list in the native layout, as CSV in UTF-8.
pub fn list(contacts: &[ListedContact]) -> Result<Vec<u8>, Problem> {
    let failed = |e: csv::Error| Problem::internal("The list cannot be written as CSV.").because(e);
    let mut out = csv::Writer::from_writer(Vec::new());
    // The client's key only where there is one, and then the columns that are none of ours.
    let ours = fields(contacts.iter().any(|contact| !contact.key.is_empty()));
    let more: BTreeSet<&str> =
        contacts.iter().flat_map(|contact| contact.more.keys()).map(String::as_str).filter(|h| is_kept(h)).collect();
    out.write_record(ours.iter().map(|field| field.as_str()).chain(more.iter().copied())).map_err(failed)?;
    for contact in contacts {
        let own = ours.iter().map(|field| listed(contact, *field));
        let others = more.iter().map(|header| contact.more.get(*header).cloned().unwrap_or_default());
        out.write_record(own.chain(others).map(|text| neutralised(&text).into_owned())).map_err(failed)?;
    }
    out.into_inner().map_err(|e| Problem::internal("The list cannot be written as CSV.").because(e.to_string()))
}

/// Whether a column that is none of ours is written: one whose header would be read as one of ours is left out; loaded again, what is known
/// stays.
pub fn is_kept(header: &str) -> bool {
    columns::field(header).is_none() && neutralised(header) == *header
}

/// A table as CSV in UTF-8 in pieces that follow each other, its header first; harmless to spreadsheet programs.
pub fn table<const N: usize>(
    header: [&'static str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> impl Iterator<Item = Result<String, Problem>> {
    std::iter::once(header.map(str::to_owned)).chain(rows).map(|row| {
        let failed = |e: csv::Error| Problem::internal("The table cannot be written as CSV.").because(e);
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(row.iter().map(|cell| neutralised(cell).into_owned())).map_err(failed)?;
        let bytes = out.into_inner().map_err(|e| failed(e.into_error().into()))?;
        String::from_utf8(bytes).map_err(|e| Problem::internal("The table cannot be written as CSV.").because(e))
    })
}
