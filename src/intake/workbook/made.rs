//! Workbooks made for tests, part by part.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

pub const HEADER: [&str; 5] = ["account", "last_name", "email", "role", "account_director_email"];

/// A contact of Acme as the cells of [`HEADER`].
pub fn contact(n: usize) -> Vec<String> {
    let own = [format!("Lee{}", letters(n)), format!("a{n}@acme.example")];
    ["Acme".into(), own[0].clone(), own[1].clone(), "influencer".into(), "dora@client.example".into()].into()
}

fn letters(n: usize) -> String {
    n.to_string().bytes().map(|b| char::from(b - b'0' + b'a')).collect()
}

/// A zip of these parts.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let how = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (path, bytes) in parts {
        out.start_file(*path, how).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The parts of a zip.
pub fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let (name, mut bytes) = (file.name().unwrap().into_owned(), Vec::new());
            file.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

pub fn sheet(rows: &[Vec<String>]) -> String {
    let mut out = String::from("<worksheet><sheetData>");
    for (at, row) in rows.iter().enumerate() {
        out.push_str(&format!("<row r=\"{}\">", at + 1));
        for cell in row {
            out.push_str(&format!("<c t=\"inlineStr\"><is><t>{cell}</t></is></c>"));
        }
        out.push_str("</row>");
    }
    out + "</sheetData></worksheet>"
}

pub fn list(contacts: usize) -> Vec<Vec<String>> {
    let header = HEADER.iter().map(|h| (*h).to_owned()).collect();
    std::iter::once(header).chain((0..contacts).map(contact)).collect()
}

/// An XLSX workbook of these sheets with these further parts, which stand before others of their name.
pub fn xlsx(sheets: &[(&str, &str)], more: &[(&str, &[u8])]) -> Vec<u8> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!(
            "<Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/>"
        )
    };
    let names: String = (0..sheets.len())
        .map(|at| format!("<sheet name=\"{}\" sheetId=\"{at}\" r:id=\"r{at}\"/>", sheets[at].0))
        .collect();
    let mut relations: String = (0..sheets.len())
        .map(|at| relation(&format!("r{at}"), "worksheet", &format!("worksheets/s{at}.xml")))
        .collect();
    relations += &relation("x", "sharedStrings", "sharedStrings.xml");
    relations += &relation("y", "styles", "styles.xml");
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        ("[Content_Types].xml".into(), b"<Types/>".to_vec()),
        (
            "_rels/.rels".into(),
            format!("<Relationships>{}</Relationships>", relation("b", "officeDocument", "xl/workbook.xml")).into(),
        ),
        ("xl/workbook.xml".into(), format!("<workbook><sheets>{names}</sheets></workbook>").into()),
        ("xl/_rels/workbook.xml.rels".into(), format!("<Relationships>{relations}</Relationships>").into()),
    ];
    parts.extend(sheets.iter().enumerate().map(|(at, (_, xml))| (format!("xl/worksheets/s{at}.xml"), (*xml).into())));
    parts.retain(|(path, _)| more.iter().all(|(other, _)| other != path));
    let all = parts.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).chain(more.iter().copied());
    zip(&all.collect::<Vec<_>>())
}

pub fn ods(content: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_bytes())])
}

pub fn table(name: &str, rows: &[Vec<String>]) -> String {
    let cells = |row: &Vec<String>| -> String {
        row.iter()
            .map(|c| format!("<table:table-cell office:value-type=\"string\"><text:p>{c}</text:p></table:table-cell>"))
            .collect()
    };
    let rows: String = rows.iter().map(|row| format!("<table:table-row>{}</table:table-row>", cells(row))).collect();
    format!("<table:table table:name=\"{name}\">{rows}</table:table>")
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

/// An XLS workbook of one sheet, with further records of the sheet before its cells and these globals.
pub fn xls(rows: &[Vec<String>], globals: &[u8], records: &[u8]) -> Vec<u8> {
    let bof = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0]);
    let eof = record(0x000a, &[]);
    let begin = bof.len() + globals.len() + 4 + 8 + 1 + eof.len();
    let sheet = record(0x0085, &[&(begin as u32).to_le_bytes()[..], &[0, 0, 1, 0, b'S']].concat());
    let mut stream = [&bof[..], globals, &sheet, &eof, &bof, records].concat();
    for (y, row) in rows.iter().enumerate() {
        for (x, cell) in row.iter().enumerate() {
            let units: Vec<u8> = cell.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let place = [(y as u16).to_le_bytes(), (x as u16).to_le_bytes(), [0, 0]].concat();
            let count = (cell.encode_utf16().count() as u16).to_le_bytes();
            stream.extend(record(0x0204, &[&place[..], &count, &[1], &units].concat()));
        }
    }
    stream.extend(eof);
    compound("/Workbook", &stream)
}

pub fn compound(path: &str, stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(path).unwrap().write_all(stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}
