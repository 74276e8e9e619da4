//! The same list from every kind of workbook, and what people do to workbooks.

use std::path::PathBuf;

use crate::intake::list::{Choice, Kind, look, read, read_with};
use crate::rules::contacts::Severity;
use crate::rules::contacts::check::CheckedList;

use super::made::{HEADER, contact, list, ods, sheet, table, xls, xlsx};

fn file(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/lists/files").join(name)).unwrap()
}

fn codes(list: &CheckedList) -> Vec<(u64, &str)> {
    list.findings.iter().map(|f| (f.line, f.code.as_str())).collect()
}

#[test]
fn the_same_list_is_the_same_from_every_program_and_in_every_kind_of_file() {
    let csv = read(&file("same.csv"), "list").unwrap();
    assert_eq!((csv.rows, csv.accepted.len()), (24, 23), "{:?}", csv.findings);
    let told = codes(&csv);
    for wanted in [(1, "preamble"), (8, "value_is_placeholder"), (10, "address_invalid"), (30, "report_footer")] {
        assert!(told.contains(&wanted), "{wanted:?} in {told:?}");
    }
    let more = &csv.accepted[1].more;
    assert_eq!((more["Member since"].as_str(), more["Notes"].as_str()), ("2016-02-02", "call first"), "{more:?}");
    assert_eq!(csv.accepted[3].more["Notes"], "=1+1");
    for (name, kind) in [
        ("same.xlsx", Kind::Xlsx),
        ("same-openpyxl.xlsx", Kind::Xlsx),
        ("same.xls", Kind::Xls),
        ("same.ods", Kind::Ods),
    ] {
        let list = read(&file(name), "list").unwrap();
        assert_eq!(list.findings, csv.findings, "{name}");
        for (one, other) in list.accepted.iter().zip(&csv.accepted) {
            assert_eq!(one, other, "{name}");
        }
        assert_eq!(list, csv, "{name}");
        let look = look(&file(name), name, &Choice::default()).unwrap();
        assert_eq!((look.kind, look.sheet.as_deref(), look.header_row), (kind, Some("Contacts"), 4), "{name}");
        assert_eq!(look.sheets, ["Read me", "Contacts", "Old contacts"], "{name}");
        let hidden = Choice { sheet: Some("old CONTACTS".into()), ..Choice::default() };
        assert!(read_with(&file(name), name, &hidden).unwrap_err().to_string().contains("no contacts"), "{name}");
    }
}

#[test]
fn what_a_file_is_called_says_nothing() {
    for bytes in [xlsx(&[("S", &sheet(&list(3)))], &[]), xls(&list(3), &[], &[]), ods(&table("S", &list(3)))] {
        for name in ["x.csv", "x.xlsx", "x", "x.html"] {
            assert_eq!(read(&bytes, name).unwrap().accepted.len(), 3);
        }
    }
    let csv: String = list(3).iter().map(|row| row.join("\t") + "\n").collect();
    assert_eq!(read(csv.as_bytes(), "x.xlsx").unwrap().accepted.len(), 3);
    assert_eq!(look(csv.as_bytes(), "x.xls", &Choice::default()).unwrap().kind, Kind::Tsv);
}

#[test]
fn the_sheet_with_the_clearest_header_is_read_and_two_of_them_are_told() {
    let (notes, small) = (sheet(&[vec!["Company".into()], vec!["x".into()]]), sheet(&list(1)));
    let big = sheet(&list(2));
    let read_it = |sheets: &[(&str, &str)], sheet: Option<&str>| {
        let choice = Choice { sheet: sheet.map(str::to_owned), ..Choice::default() };
        read_with(&xlsx(sheets, &[]), "x.xlsx", &choice)
    };
    let one = read_it(&[("Notes", &notes), ("People", &big)], None).unwrap();
    assert_eq!(one.accepted.len(), 2);
    assert!(one.findings.iter().all(|f| f.code != "sheet_chosen"), "{:?}", one.findings);
    let two = read_it(&[("Notes", &notes), ("2026", &small), ("2027", &big)], None).unwrap();
    let said = two.findings.iter().find(|f| f.code == "sheet_chosen").unwrap();
    assert_eq!(
        said.message,
        "Of x.xlsx the sheet “2026” is read. There is a header of contacts in “2027” too; if that is meant, choose it \
        on the page “Columns” or with --sheet \"2027\"."
    );
    assert_eq!(read_it(&[("2026", &small), ("2027", &big)], Some("2027")).unwrap().accepted.len(), 2);
    let none = read_it(&[("2026", &small), ("2027", &big)], Some("2028")).unwrap_err().to_string();
    assert_eq!(none, "x.xlsx has no sheet “2028”. Name one of “2026”, “2027”.");
    let none =
        read_it(&[("A", "<worksheet><sheetData/></worksheet>"), ("B", "<worksheet><sheetData/></worksheet>")], None);
    assert!(none.unwrap_err().to_string().starts_with("No sheet of x.xlsx names a column that is known: “A”, “B”."));
}

#[test]
fn what_stands_in_cells_is_what_people_see() {
    let header: String = HEADER.iter().map(|h| format!("<c t=\"str\"><v>{h}</v></c>")).collect();
    let extra = "<c t=\"str\"><v>Since</v></c><c t=\"str\"><v>Vip</v></c><c t=\"str\"><v>Ratio</v></c>";
    let cells = "<c t=\"inlineStr\"><is><r><t>Ac</t></r><r><rPr><b/></rPr><t>me &amp; Co</t></r><rPh><t>spoken</t></rPh></is></c>\
        <c t=\"s\"><v>1</v></c><c t=\"str\"><f>A1&amp;\"x\"</f><v>a@acme.example</v></c><c t=\"e\"><v>#ERROR!</v></c>\
        <c t=\"s\"><v>0</v></c><c s=\"1\"><v>46419</v></c><c t=\"b\"><v>1</v></c><c><f>1/3</f><v>0.33333333333333331</v></c>";
    let sheet = format!(
        "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row>{header}{extra}</row><row>{cells}</row></sheetData></worksheet>"
    );
    let strings = "<sst uniqueCount=\"4000000000\"><si><t>dora@client.example</t></si><si><t xml:space=\"preserve\"> \
        M&#252;ller </t></si></sst>";
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"d/m/yy\"/></numFmts><cellStyleXfs><xf \
        numFmtId=\"9\"/></cellStyleXfs>\
        <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>";
    let more: [(&str, &[u8]); 2] = [("xl/sharedStrings.xml", strings.as_bytes()), ("xl/styles.xml", styles.as_bytes())];
    let list = read(&xlsx(&[("S", &sheet)], &more), "x").unwrap();
    let one = &list.accepted[0];
    assert_eq!((one.account.as_str(), one.last_name.as_str(), one.line), ("Acme & Co", "Müller", 2));
    assert_eq!(one.director.email.as_str(), "dora@client.example");
    assert_eq!((one.more["Since"].as_str(), one.more["Vip"].as_str()), ("2027-02-01", "TRUE"));
    assert_eq!(one.more["Ratio"], "0.333333333333333");
    assert!(codes(&list).contains(&(2, "role_unknown")), "{:?}", list.findings);
}

#[test]
fn rows_are_named_by_the_row_of_the_sheet() {
    let mut rows = list(3);
    rows[2][2] = "b1@acme".into();
    rows.insert(1, vec![String::new()]);
    rows.insert(0, vec!["Our contacts".into()]);
    for bytes in [xlsx(&[("S", &sheet(&rows))], &[]), xls(&rows, &[], &[]), ods(&table("S", &rows))] {
        let list = read(&bytes, "x").unwrap();
        let bad: Vec<u64> = list.findings.iter().filter(|f| f.severity == Severity::Error).map(|f| f.line).collect();
        assert_eq!((bad, codes(&list).contains(&(1, "preamble"))), (vec![5], true), "{:?}", list.findings);
    }
}

#[test]
fn a_document_may_repeat_rows_and_cells() {
    let row = |cells: &[String], how: &str| {
        let cells: String =
            cells.iter().map(|c| format!("<table:table-cell><text:p>{c}</text:p></table:table-cell>")).collect();
        format!("<table:table-row {how}>{cells}</table:table-row>")
    };
    let content = [
        "<table:tracked-changes><table:table-cell><text:p>old</text:p></table:table-cell></table:tracked-changes>",
        "<table:table table:name=\"empty\"/><table:table table:name=\"S\">",
        &row(&list(0)[0], ""),
        "<table:table-row table:number-rows-repeated=\"7\"/>",
        &row(&contact(1), "table:number-rows-repeated=\"2\""),
        "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell \
        table:number-columns-repeated=\"16384\"/></table:table-row>",
        "</table:table>",
    ];
    let list = read(&ods(&content.concat()), "x").unwrap();
    assert_eq!((list.rows, list.accepted[0].line), (2, 9));
    assert!(codes(&list).contains(&(10, "duplicate_address")));
}

#[test]
fn workbooks_of_before_97_are_read_in_their_code_page() {
    let record = |kind: u16, data: &[u8]| [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat();
    let bof = record(0x0809, &[0, 5, 5, 0, 0, 0, 0, 0]);
    let page = record(0x0042, &1250_u16.to_le_bytes());
    let begin = (bof.len() + page.len() + 12 + 4) as u32;
    let bound = record(0x0085, &[&begin.to_le_bytes()[..], &[0, 0, 1, b'S']].concat());
    let mut stream = [&bof[..], &page, &bound, &record(10, &[]), &bof].concat();
    let mut rows = list(1);
    rows[1][1] = "Wiśniewski".into();
    for (y, row) in rows.iter().enumerate() {
        for (x, cell) in row.iter().enumerate() {
            let text = encoding_rs::WINDOWS_1250.encode(cell).0.into_owned();
            let place = [(y as u16).to_le_bytes(), (x as u16).to_le_bytes(), [0, 0], (text.len() as u16).to_le_bytes()];
            stream.extend(record(0x0204, &[&place.concat()[..], &text].concat()));
        }
    }
    stream.extend(record(10, &[]));
    let list = read(&super::made::compound("/Book", &stream), "x.xls").unwrap();
    assert_eq!(list.accepted[0].last_name, "Wiśniewski");
}

#[test]
fn hubspots_export_has_no_false_findings() {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let places = ["../../../shared/lists/hubspot.xlsx", "../../../../shared/lists/hubspot.xlsx"];
    let Some(path) = places.iter().map(|p| manifest.join(p)).find(|p| p.is_file()) else {
        println!("skipped: no hubspot.xlsx beside the checkout");
        return;
    };
    let list = read(&std::fs::read(path).unwrap(), "hubspot.xlsx").unwrap();
    println!(
        "{} rows, {:?}",
        list.rows,
        list.findings.iter().map(|f| &f.code).collect::<std::collections::BTreeSet<_>>()
    );
    assert_eq!((list.errors(), list.accepted.len() as u64), (0, list.rows));
}

/// Two accounts whose names stand in the first of their rows only, merged over the others; the second row of the header column too.
fn grouped() -> Vec<Vec<String>> {
    let mut rows = list(6);
    for (at, account) in [(1, "Acme"), (2, ""), (3, ""), (4, "Bolt"), (5, ""), (6, "")] {
        rows[at][0] = account.into();
    }
    rows
}

fn accounts(bytes: &[u8]) -> Vec<String> {
    let list = read(bytes, "x").unwrap();
    list.accepted.iter().map(|c| format!("{} {}", c.line, c.account)).collect()
}

#[test]
fn what_is_merged_over_rows_stands_for_each_of_them() {
    let rows = grouped();
    let merges = "<mergeCells count=\"3\"><mergeCell ref=\"A2:A4\"/><mergeCell ref=\"A5:B6\"></mergeCell><mergeCell \
        ref=\"A1:E1\"/></mergeCells>";
    let x = xlsx(&[("S", &sheet(&rows).replace("</sheetData>", &format!("</sheetData>{merges}")))], &[]);
    let ranges: [[u16; 4]; 3] = [[1, 3, 0, 0], [4, 5, 0, 1], [0, 0, 0, 4]];
    let said: Vec<u8> = ranges.iter().flatten().flat_map(|n| n.to_le_bytes()).collect();
    let record =
        [&0x00e5_u16.to_le_bytes()[..], &(2 + said.len() as u16).to_le_bytes(), &3_u16.to_le_bytes(), &said].concat();
    let l = xls(&rows, &[], &record);
    let cell = |text: &str, more: &str| {
        format!("<table:table-cell{more} office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let o = table("S", &rows)
        .replace(
            &cell("Acme", ""),
            &cell("Acme", " table:number-rows-spanned=\"3\" table:number-columns-spanned=\"1\""),
        )
        .replace(
            &cell("Bolt", ""),
            &cell("Bolt", " table:number-rows-spanned=\"2\" table:number-columns-spanned=\"2\""),
        )
        .replacen(&cell("", ""), "<table:covered-table-cell/>", 2);
    for (kind, bytes) in [("xlsx", x), ("xls", l), ("ods", ods(&o))] {
        assert_eq!(
            accounts(&bytes),
            ["2 Acme", "3 Acme", "4 Acme", "5 Bolt", "6 Bolt"],
            "{kind}: the last is in no range"
        );
        assert!(codes(&read(&bytes, "x").unwrap()).contains(&(7, "account_missing")), "{kind}");
    }
    // Twin: nothing is merged.
    for bytes in [xlsx(&[("S", &sheet(&rows))], &[]), xls(&rows, &[], &[]), ods(&table("S", &rows))] {
        assert_eq!(accounts(&bytes), ["2 Acme", "5 Bolt"]);
    }
}

#[test]
fn no_two_rows_have_one_number_and_none_stands_below_the_last() {
    let rows = list(3);
    let numbered = |numbers: [&str; 4]| {
        let mut text = sheet(&rows);
        for (at, number) in numbers.into_iter().enumerate() {
            text = text.replacen(&format!("<row r=\"{}\">", at + 1), &format!("<row n=\"{at}\" r=\"{number}\">"), 1);
        }
        read(&xlsx(&[("S", &text)], &[]), "x")
    };
    let lines = |numbers| numbered(numbers).unwrap().accepted.iter().map(|c| c.line).collect::<Vec<_>>();
    assert_eq!(lines(["1", "5", "7", "1048576"]), [5, 7, 1_048_576]);
    assert_eq!(lines(["1", "5", "5", "2"]), [5, 6, 7]);
    assert_eq!(lines(["0", "x", "-4", "99999999999999999999999"]), [2, 3, 4]);
    for large in ["1048577", "18446744073709551615"] {
        let told = numbered(["1", "2", "3", large]).unwrap_err().to_string();
        assert!(told.contains("rows below the last"), "{told}");
    }
}
