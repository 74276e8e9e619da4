//! Files that are made to hurt, or broken: one sentence, in time, and no more memory than promised (S09, S10, S25).

use std::io::{Cursor, Write};
use std::process::Command;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::intake::list::{Choice, look, read};

use super::made::{compound, contact, list, ods, sheet, table, xls, xlsx, zip};

/// Of a processor's time, in an unoptimised build: a slow machine needs a third of it.
const SECONDS: u64 = 40;
const MEGABYTES: u64 = 256;

const NAMED: &str = "SOUNDINGS_HOSTILE_FILE";

/// Reads the file that is named, in a process of its own, and says what came of it.
#[test]
fn read_in_a_process_of_its_own() {
    let Some(path) = std::env::var_os(NAMED) else { return };
    let bytes = std::fs::read(path).unwrap();
    let told = match read(&bytes, "list.xlsx") {
        Ok(list) => format!("{} rows", list.rows),
        Err(problem) => problem.to_string(),
    };
    let took = worked();
    let _ = look(&bytes, "list.xlsx", &Choice::default());
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap().trim().trim_end_matches(" kB");
    println!("<<{}|{}|{told}>>", took, peak.trim().parse::<u64>().unwrap() / 1024);
}

/// The milliseconds that this process has worked.
fn worked() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let numbers = stat.rsplit_once(')').unwrap().1.split_whitespace().skip(11).take(2);
    numbers.map(|ticks| ticks.parse::<u64>().unwrap()).sum::<u64>() * 10
}

/// What is said of these bytes, after a check of time and memory.
fn told(what: &str, bytes: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "workbook::hostile_tests::read_in_a_process_of_its_own", "--nocapture"])
        .env(NAMED, file.path())
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&child.stdout).into_owned();
    let said = out.split_once("<<").and_then(|(_, rest)| rest.split_once(">>"));
    assert!(said.is_some(), "{what}: {out}{}", String::from_utf8_lossy(&child.stderr));
    let said = said.unwrap().0.to_owned();
    println!("{what}, {} kB: {said}", bytes.len() / 1024);
    let mut parts = said.splitn(3, '|');
    let (took, peak): (u64, u64) = (parts.next().unwrap().parse().unwrap(), parts.next().unwrap().parse().unwrap());
    assert!(took < SECONDS * 1000, "{what} took {took} ms");
    assert!(peak < MEGABYTES, "{what} took {peak} MB");
    parts.next().unwrap().to_owned()
}

/// A workbook of which one part is this beginning, a piece so many times, and this end.
fn bomb(path: &str, begin: &str, piece: &str, times: usize, end: &str) -> Vec<u8> {
    let whole = xlsx(&[("S", &sheet(&list(3)))], &[]);
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let how = SimpleFileOptions::default();
    for (other, bytes) in super::made::unzip(&whole).into_iter().filter(|(other, _)| other != path) {
        out.start_file(other, how).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.start_file(path, how.large_file(true)).unwrap();
    out.write_all(begin.as_bytes()).unwrap();
    let many = piece.repeat((1 << 16) / piece.len() + 1);
    let per_write = many.len() / piece.len();
    for _ in 0..times / per_write {
        out.write_all(many.as_bytes()).unwrap();
    }
    out.write_all(end.as_bytes()).unwrap();
    out.finish().unwrap().into_inner()
}

const SHEET: &str = "xl/worksheets/s0.xml";
const STRINGS: &str = "xl/sharedStrings.xml";

#[test]
fn s10_bombs_are_refused_before_they_go_off() {
    let head = sheet(&list(3)).replace("</sheetData></worksheet>", "");
    let large = "list.xlsx is larger inside than a list of contacts can be.";
    for (what, bytes, said) in [
        ("256 MB of shared texts", bomb(STRINGS, "<sst>", "<si><t>aaaaaaaaaa</t></si>", 10_000_000, "</sst>"), large),
        (
            "256 MB of empty shared texts",
            bomb(STRINGS, "<sst>", "<si/>", 50_000_000, "</sst>"),
            "more than four million texts",
        ),
        ("one text of 256 MB", bomb(STRINGS, "<sst><si><t>", "aaaaaaaaaa", 25_000_000, ""), "a text without end"),
        ("600 MB of rows", bomb(SHEET, &head, "<row><c><v>1</v></c></row>", 24_000_000, ""), "More than 100000 things"),
        (
            "200 MB of styles",
            bomb("xl/styles.xml", "<styleSheet><cellXfs>", "<xf numFmtId=\"1\"/>", 12_000_000, ""),
            large,
        ),
        ("tags within tags", bomb(SHEET, "<worksheet>", "<a>", 30_000_000, ""), "tags without end"),
    ] {
        let told = told(what, &bytes);
        assert!(told.contains(said), "{what}: {told}");
    }
}

#[test]
fn s10_no_more_is_kept_than_a_list_needs() {
    let long = "x".repeat(30_000);
    let strings = format!("<sst uniqueCount=\"99999999999\"><si><t>{long}</t></si></sst>");
    let row = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>0</v></c></row>".repeat(400_000);
    let rows = sheet(&list(3)).replace("</sheetData>", &format!("{row}</sheetData>"));
    let shared = xlsx(&[("S", &rows)], &[(STRINGS, strings.as_bytes())]);
    assert!(told("one text that a million cells name", &shared).contains("larger inside"));
    let junk = format!("account,last_name,email,account_director_email\n{}", "a,b,c\n".repeat(7_000_000));
    assert!(told("millions of rows that are none", junk.as_bytes()).contains("More than 100000 things"));
    let quotes = format!("account,last_name,email,account_director_email\n\"{}", "a,\n\"\"".repeat(8_000_000));
    assert!(told("a quotation mark that nobody closed", quotes.as_bytes()).contains("does not end"));
    let boxes = [&b"account,last_name,email,account_director_email\n"[..], &vec![0xdb; 45_000_000]].concat();
    assert!(told("a file of one letter", &boxes).contains("does not end"));
    let corner = table("S", &list(3)).replace(
        "</table:table>",
        "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"900\">\
         <text:p>x</text:p></table:table-cell></table:table-row></table:table>",
    );
    assert!(told("a document that repeats all of its cells", &ods(&corner)).contains("More than 100000"));
    let mut rows = list(3);
    rows.resize(65_536, Vec::new());
    rows[65_535] = vec![String::new(); 256];
    rows[65_535][255] = "x".into();
    let sizes =
        [&0_u32.to_le_bytes()[..], &u32::MAX.to_le_bytes(), &0_u16.to_le_bytes(), &256_u16.to_le_bytes(), &[0, 0]];
    let lie = [&[0, 2, 14, 0][..], &sizes.concat()].concat();
    assert_eq!(told("cells in the far corners", &xls(&rows, &[], &lie)), "3 rows");
    let far = sheet(&list(3))
        .replace("</sheetData>", "<row r=\"1048576\"><c r=\"XFD1048576\" t=\"str\"><v>x</v></c></row></sheetData>");
    assert!(told("a cell in the last column", &xlsx(&[("S", &far)], &[])).contains("more than 1000 columns"));
    let styled = format!("<row r=\"9\">{}</row></sheetData>", "<c s=\"5\"/>".repeat(1_000_000));
    let styled = sheet(&list(3)).replace("</sheetData>", &styled);
    assert_eq!(told("a million empty cells in a row", &xlsx(&[("S", &styled)], &[])), "3 rows");
}

#[test]
fn s10_what_is_repeated_counts_as_often_as_it_comes() {
    let row = |times: usize, cells: &str| {
        let row = format!("<table:table-row table:number-rows-repeated=\"{times}\">{cells}</table:table-row>");
        ods(&table("S", &list(3)).replace("</table:table>", &format!("{row}</table:table>")))
    };
    let cell = |letters: usize, times: usize| {
        format!(
            "<table:table-cell table:number-columns-repeated=\"{times}\"><text:p>{}</text:p></table:table-cell>",
            "x".repeat(letters)
        )
    };
    let wide = format!("{}{}", cell(1_000, 18), cell(500, 40));
    for (what, bytes) in [
        ("a row of 38 kB a million times", row(1_048_576, &wide)),
        ("a row of 29 MB ten times", row(10, &cell(30_000, 900))),
        ("ten rows of 29 MB", row(1, &cell(30_000, 900).repeat(10))),
    ] {
        let said = told(what, &bytes);
        assert!(said.contains("larger inside") || said.contains("more than 1000 columns"), "{what}: {said}");
    }
    let large = table("S", &[vec!["x".repeat(30_000); 900]])
        .replace("<table:table-row>", "<table:table-row table:number-rows-repeated=\"3\">");
    assert!(told("forty tables of 90 MB", &ods(&large.repeat(40))).contains("larger inside"));
    // Twin: what people repeat is read.
    assert!(told("a row that stands three times", &row(3, &cell(5, 5))).starts_with("6 rows"));
}

#[test]
fn s10_definitions_and_endless_tags_are_refused() {
    let bad = "<!DOCTYPE x [<!ENTITY a \"b\"><!ENTITY c SYSTEM \"http://127.0.0.1:9/\">]>";
    let attributes = "a=\"b\" ".repeat(800_000);
    for (path, xml) in [
        ("xl/workbook.xml", format!("{bad}<workbook><sheets/></workbook>")),
        (STRINGS, format!("<?xml version=\"1.0\"?>{bad}<sst><si><t>&a;</t></si></sst>")),
        (SHEET, format!("{bad}{}", sheet(&list(3)))),
        (SHEET, format!("<worksheet {attributes}><sheetData/></worksheet>")),
        ("_rels/.rels", format!("<Relationships {attributes}/>")),
    ] {
        let told = told(path, &xlsx(&[("S", &sheet(&list(3)))], &[(path, xml.as_bytes())]));
        assert!(
            told.contains("is refused: it has a ") && told.contains("no spreadsheet program writes"),
            "{path}: {told}"
        );
    }
    let names: Vec<String> = (0..10_000).map(|n| format!("S{n}")).collect();
    let many: Vec<(&str, &str)> =
        names.iter().map(|name| (name.as_str(), "<worksheet><sheetData/></worksheet>")).collect();
    assert!(told("10,000 sheets", &xlsx(&many, &[])).contains("is refused"));
    let tables: String = names.iter().map(|name| format!("<table:table table:name=\"{name}\"/>")).collect();
    assert!(told("10,000 tables", &ods(&tables)).contains("more than 1000 sheets"));
}

#[test]
fn s09_parts_lead_nowhere_and_stand_once() {
    let read_with = |path: &str| {
        let bytes = xlsx(&[("S", &sheet(&list(3)))], &[(path, b"<x/>")]);
        read(&bytes, "x.xlsx").map_or_else(|e| e.to_string(), |list| list.rows.to_string())
    };
    for path in ["../../etc/cron.d/x", "/etc/x", "a\\..\\x", "C:x", "xl/../../x"] {
        assert!(read_with(path).contains("a part by the name"), "{path}: {}", read_with(path));
    }
    assert!(read_with("XL/Workbook.xml").contains("two parts of one name"));
    for harmless in ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "a..b/c.xml", "xl/media/x.zip"] {
        assert_eq!(read_with(harmless), "3", "{harmless}");
    }
    let twice = xlsx(&[("S", &sheet(&list(3)))], &[("xl/a.xml", b"<x/>"), ("xl/b.xml", b"<x/>")]);
    let mut renamed = twice;
    while let Some(at) = renamed.windows(8).position(|w| w == b"xl/b.xml") {
        renamed[at + 3] = b'a';
    }
    assert!(read(&renamed, "x.xlsx").unwrap_err().to_string().contains("two parts of one name"));
    let inner = zip(&[("list.xlsx", &xlsx(&[("S", &sheet(&list(1)))], &[]))]);
    let nested = read(&zip(&[("0.zip", &inner), ("1.zip", &inner)]), "x.xlsx").unwrap_err().to_string();
    assert_eq!(nested, "x.xlsx is a ZIP archive with “0.zip” in it. Unpack it, and name the list in it.");
}

#[test]
fn what_is_no_list_is_named_for_what_it_is() {
    let html = "\u{feff}\r\n <html xmlns:o=\"x\"><head><meta charset=\"utf-8\"></head><table><tr><td>Email</td></tr></table></html>";
    let old = "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"></Workbook>";
    let filepass = [0x2f, 0, 6, 0, 1, 0, 1, 0, 1, 0];
    let locked =
        "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let document: [(&str, &[u8]); 2] = [("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")];
    for (bytes, said) in [
        (html.as_bytes().to_vec(), "a web page with a table in it"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n".to_vec(), "a web page"),
        (html.encode_utf16().flat_map(u16::to_le_bytes).collect(), "a web page"),
        (old.as_bytes().to_vec(), "the XML of Excel 2003"),
        (b"BEGIN:VCARD\nFN:Ann Lee\n".to_vec(), "address cards"),
        (b"%PDF-1.7".to_vec(), "a PDF document"),
        (zip(&[("xl/workbook.bin", b"x"), ("[Content_Types].xml", b"x")]), "a binary workbook"),
        (zip(&document), "a text document"),
        (zip(&[("Index/Document.iwa", b"x")]), "Apple Numbers"),
        (compound("/EncryptedPackage", b"x"), "is locked with a password"),
        (compound("/WordDocument", b"x"), "a text document"),
        (compound("/Other", b"x"), "not a workbook"),
        (xls(&list(1), &filepass, &[]), "is locked with a password"),
        (
            zip(&[("mimetype", b"x"), ("content.xml", b"\x01\x02"), ("META-INF/manifest.xml", locked.as_bytes())]),
            "is locked",
        ),
        (b"PK\x03\x04rest".to_vec(), "is damaged or was not sent whole"),
        (vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], "is damaged or was not sent whole"),
    ] {
        let told = read(&bytes, "x.xls").unwrap_err().to_string();
        assert!(told.contains(said) && told.matches(". ").count() == 1, "{said}: {told}");
    }
    assert_eq!(contact(1).len(), 5);
}

#[test]
fn f22_files_that_are_cut_off_say_so() {
    let many = list(200);
    for bytes in [xlsx(&[("S", &sheet(&many))], &[]), xls(&many, &[], &[]), ods(&table("S", &many))] {
        let whole = read(&bytes, "x").unwrap().rows;
        for cut in (0..40).map(|n| bytes.len() * n / 40) {
            match read(&bytes[..cut], "x") {
                Ok(list) => assert!(list.rows <= whole),
                Err(problem) => assert!(problem.to_string().starts_with('x'), "{problem}"),
            }
        }
    }
}

#[test]
fn s10_a_cell_that_does_not_end_is_refused_while_it_comes() {
    let mut row = list(1)[0].clone();
    row[0].push_str("SPACES");
    let spaces = "<text:s text:c=\"1000\"/>".repeat(60_000);
    let content = table("S", &[row]).replace("SPACES", &spaces);
    let told = read(&ods(&content), "x.ods").unwrap_err().to_string();
    assert!(told.contains("larger inside"), "{told}");
}

#[test]
fn s10_sheets_that_are_one_are_refused_and_many_that_are_large_are_not_read_to_their_ends() {
    let one = sheet(&list(3));
    let names: Vec<String> = (0..60).map(|n| format!("S{n}")).collect();
    let same: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), one.as_str())).collect();
    let mut parts = super::made::unzip(&xlsx(&same, &[]));
    for (path, bytes) in &mut parts {
        if path == "xl/_rels/workbook.xml.rels" {
            let text = String::from_utf8(bytes.clone()).unwrap();
            let all = (0..60).fold(text, |text, n| text.replace(&format!("worksheets/s{n}.xml"), "worksheets/s0.xml"));
            *bytes = all.into_bytes();
        }
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    assert!(told("sixty sheets of one part", &zip(&parts)).contains("two sheets in one place"));
    // Each has a part of its own: forty megabytes of rows in which nothing stands.
    let empty = format!("<worksheet><sheetData>{}</sheetData></worksheet>", "<row r=\"1\"/>".repeat(40 * 80_000));
    let mut large: Vec<(&str, &str)> = names.iter().take(20).map(|name| (name.as_str(), empty.as_str())).collect();
    large.push(("People", &one));
    let said = told("twenty large sheets", &xlsx(&large, &[]));
    assert!(said == "3 rows" || said.contains("No sheet of list.xlsx names a column"), "{said}");
    let rows = format!("<row r=\"1\"/>{}", "<row/>".repeat(2_000_000));
    let below = one.replace("</sheetData>", &format!("{rows}</sheetData>"));
    assert!(told("millions of empty rows", &xlsx(&[("S", &below)], &[])).contains("rows below the last"));
    let begin = xls(&list(3), &[], &[]);
    assert_eq!(told("one sheet of the older kind", &begin), "3 rows");
}

#[test]
fn s10_merged_ranges_without_end_cost_nothing() {
    let ranges: String = (0..400_000).map(|n| format!("<mergeCell ref=\"A{}:XFD1048576\"/>", n % 1_000 + 1)).collect();
    let rows = sheet(&list(3)).replace("</sheetData>", &format!("</sheetData><mergeCells>{ranges}</mergeCells>"));
    assert_eq!(told("ranges over everything", &xlsx(&[("S", &rows)], &[])), "3 rows");
    let wide: String = (0..900).map(|n| format!("<c t=\"str\"><v>{}</v></c>", if n < 5 { "a" } else { "x" })).collect();
    let ranges: String = (0..900).map(|n| format!("<mergeCell ref=\"{}2:{}1048576\"/>", name(n), name(n))).collect();
    let many = format!("<row>{wide}</row>{}", "<row><c><v>1</v></c></row>".repeat(300_000));
    let rows = sheet(&list(0)).replace("</sheetData>", &format!("{many}</sheetData><mergeCells>{ranges}</mergeCells>"));
    let said = told("a row that stands for all others", &xlsx(&[("S", &rows)], &[]));
    assert!(said.contains("More than 100000 things") || said.contains("larger inside"), "{said}");
}

/// "AB", as spreadsheets count from A.
fn name(at: usize) -> String {
    crate::intake::list::head::column_name(at).replace("Column ", "")
}
