//! What kind of file this is by its content. What it is called says nothing: programs of others send anything as .xls.

use crate::base::problem::Problem;
use crate::intake::list::rows::Kind;
use crate::rules::contacts::row::cells::quoted;

use super::archive::Archive;

/// What is to be done with a file that is no list.
const SAVE: &str = "Open it in your spreadsheet program and save it as .xlsx, .ods or CSV (UTF-8).";

/// The kind of a workbook, none for a text; or what it is that cannot be read.
pub fn kind(bytes: &[u8], name: &str) -> Result<Option<Kind>, Problem> {
    let is = |what: &str, next: &str| Err(Problem::unusable(format!("{name} is {what}."), next));
    match bytes {
        [b'P', b'K', 3 | 5 | 7, ..] => return zipped(&Archive::open(bytes, name)?).map(Some),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Ok(Some(Kind::Xls)),
        [9, 0 | 2 | 4 | 8, 4 | 6 | 8 | 16, 0, ..] => return is("a workbook of a very old Excel", SAVE),
        [b'%', b'P', b'D', b'F', ..] => {
            return is("a PDF document", "Ask for the list itself, as .xlsx, .ods or CSV (UTF-8).");
        }
        [0x1f, 0x8b, ..] | [b'7', b'z', 0xbc, 0xaf, ..] | [b'R', b'a', b'r', b'!', ..] | [b'B', b'Z', b'h', ..] => {
            return is("a compressed file", "Unpack it, and name the list in it.");
        }
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => {
            return is("a picture", "Ask for the list itself, as .xlsx, .ods or CSV (UTF-8).");
        }
        [b'{', b'\\', b'r', b't', b'f', ..] => return is("a text document", SAVE),
        _ => {}
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(8192)]).replace('\0', "").to_lowercase();
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{fffd}');
    if head.starts_with("begin:vcard") {
        return is(
            "a file of address cards (vCard)",
            "Import it into an address book, and export a list as CSV (UTF-8) there.",
        );
    }
    let mime = head.starts_with("mime-version:") || head.starts_with("content-type: multipart/");
    if !head.starts_with('<') && !mime {
        return Ok(None);
    }
    if head.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return is("a spreadsheet in the XML of Excel 2003", SAVE);
    }
    if head.contains("office:document") {
        return is("a spreadsheet in flat XML", SAVE);
    }
    let page = ["<html", "<!doctype html", "<table", "<body", "<meta", "<tr", "<head", "<style"];
    if mime || page.iter().any(|tag| head.contains(tag)) {
        return is("a web page with a table in it, as some programs export for Excel", SAVE);
    }
    if head.starts_with("<?xml") || head.starts_with("<!doctype") || head.contains("</") || head.contains("/>") {
        return is("an XML document", SAVE);
    }
    Ok(None)
}

fn zipped(archive: &Archive<'_>) -> Result<Kind, Problem> {
    let name = archive.name();
    let has = |path: &str| archive.find(path).is_some();
    let any = |is: &dyn Fn(&str) -> bool| archive.paths().any(|path| is(&path.to_ascii_lowercase()));
    let is = |what: &str, next: &str| Err(Problem::unusable(format!("{name} is {what}."), next));
    if any(&|path| path.ends_with("workbook.bin")) {
        return is("a binary workbook (.xlsb)", "Open it in Excel and save it as .xlsx.");
    }
    if has("[Content_Types].xml") {
        return match () {
            () if any(&|path| path.starts_with("word/")) => is("a text document", SAVE),
            () if any(&|path| path.starts_with("ppt/")) => is("a presentation", SAVE),
            () => Ok(Kind::Xlsx),
        };
    }
    if has("content.xml") && (has("mimetype") || has("META-INF/manifest.xml")) {
        return Ok(Kind::Ods);
    }
    if any(&|path| path.ends_with(".iwa")) {
        return is("a document of Apple Numbers", "Export it from Numbers as Excel or CSV.");
    }
    let first = archive.paths().next().map(|path| format!(" with “{}” in it", quoted(path))).unwrap_or_default();
    is(&format!("a ZIP archive{first}"), "Unpack it, and name the list in it.")
}
