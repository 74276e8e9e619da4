//! A list read by another sheet or in other letters, as somebody says on its page.

use std::io::{Cursor, Write};

use axum::body::Body;
use axum::http::{Method, StatusCode};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::web::tests::fixture::*;

use crate::web::tests::console::lists::{USUAL, form_of_bytes, list, read_as, send};
use crate::web::tests::console::rounds::making::plain;

const HEADER: [&str; 6] = ["account", "first_name", "last_name", "email", "account_director", "account_director_email"];

/// A spreadsheet with these sheets, each with one contact of that last name.
fn sheets(all: &[(&str, &str)]) -> Vec<u8> {
    let row = |cells: &[&str]| {
        let cell = |c: &&str| {
            format!("<table:table-cell office:value-type=\"string\"><text:p>{c}</text:p></table:table-cell>")
        };
        format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
    };
    let table = |(name, last): &(&str, &str)| {
        let email = format!("{}@globex.example", last.to_lowercase());
        let contact = ["Globex", "Kim", last, &email, "Dora Dean", "dora@client.example"];
        format!("<table:table table:name=\"{name}\">{}{}</table:table>", row(&HEADER), row(&contact))
    };
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>",
        all.iter().map(table).collect::<String>()
    );
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)] {
        out.start_file(path, SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The value that is chosen, and the others.
fn choices(body: &str, name: &str) -> (String, Vec<String>) {
    let select = body.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</select>").next().unwrap();
    let value = |option: &str| plain(option.split('"').next().unwrap());
    let options = || select.split("<option value=\"").skip(1);
    let chosen = options().find(|option| option.contains(" selected")).map(value).unwrap();
    let others = options().map(value).filter(|option| *option != chosen).collect();
    (chosen, others)
}

async fn uploaded(h: &House, cookie: &str, csrf: &str, file: &str, bytes: &[u8]) -> String {
    let said = send(h, cookie, Body::from(form_of_bytes(csrf, file, bytes)), &[]).await;
    assert!(said.header("location").starts_with(&list()), "{} {}", said.status, said.body);
    said.header("location").to_string()
}

#[tokio::test]
async fn another_sheet_is_another_list() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let page = async |path: &str| h.send(Method::GET, path, &with, "").await.body;
    let workbook = sheets(&[("Contacts", "Nowlee"), ("Before", "Thenroe")]);
    let path = uploaded(&h, &cookie, &csrf, "two.ods", &workbook).await;
    let shown = page(&path).await;
    let first = read_as(&shown);
    let too = |sheet: &str| {
        format!("“{sheet}” has contacts, too. Load this sheet, upload the file again, choose “{sheet}”, and say")
    };
    assert!(shown.contains(&too("Before")), "{shown}");
    assert!(page(&format!("{path}/findings")).await.contains(&too("Before")));
    let (chosen, others) = choices(&shown, "sheet");
    assert!(shown.contains("Nowlee") && !shown.contains("Thenroe"), "{shown}");
    assert_eq!((chosen.as_str(), others.as_slice()), ("Contacts", ["Before".to_string()].as_slice()));
    // A sheet that is not there leaves it as it was.
    let said = h.post_with(&path, &with, &[("act", "read"), ("csrf", &csrf), ("sheet", "Nothing")]).await;
    assert!(said.refused && said.body.contains("The list was not read yet"), "{} {}", said.status, said.body);
    assert!(page(&path).await.contains("Nowlee"));
    let said = h.post_with(&path, &with, &[("act", "read"), ("csrf", &csrf), ("sheet", "Before")]).await;
    assert_eq!(said.header("location"), path, "{}", said.body);
    let shown = page(&path).await;
    assert!(shown.contains("Thenroe") && !shown.contains("Nowlee"), "{shown}");
    assert_eq!(choices(&shown, "sheet").0, "Before");
    // Chosen or not, the other one is named.
    for of in ["", "/findings"] {
        let shown = page(&format!("{path}{of}")).await;
        assert!(shown.contains(&too("Contacts")) && !shown.contains(&too("Before")), "{shown}");
    }
    // A form of the other sheet says nothing about this one.
    let form = [("act", "choose"), ("csrf", csrf.as_str()), ("read_as", first.as_str())];
    let said = h.post_with(&path, &with, &[&form[..], &USUAL].concat()).await;
    assert!(said.refused && said.body.contains("read otherwise than the page showed"), "{}", said.body);
    assert!(said.body.contains("Thenroe"), "as it is now: {}", said.body);
    // What is loaded is what was chosen.
    let difference = page(&format!("{path}/difference")).await;
    assert!(difference.contains("thenroe@globex.example") && !difference.contains("nowlee"), "{difference}");
}

#[tokio::test]
async fn other_letters_are_chosen_by_the_line_that_reads_right() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let page = async |path: &str| h.send(Method::GET, path, &with, "").await.body;
    let header = HEADER.join(";");
    let mut bytes = format!("{header}\nGlobex;J").into_bytes();
    bytes.push(0xfc);
    bytes.extend(b"rgen;M");
    bytes.push(0xfc);
    bytes.extend(b"ller;jm@globex.example;Dora Dean;dora@client.example\n");
    let path = uploaded(&h, &cookie, &csrf, "german.csv", &bytes).await;
    let shown = page(&path).await;
    assert!(shown.contains("Müller"), "{shown}");
    let (chosen, others) = choices(&shown, "encoding");
    let other = others.first().expect("another encoding is possible");
    let said = h.post_with(&path, &with, &[("act", "read"), ("csrf", &csrf), ("encoding", other)]).await;
    assert_eq!(said.header("location"), path, "{}", said.body);
    let shown = page(&path).await;
    assert_eq!(choices(&shown, "encoding").0, *other);
    let samples =
        shown.split("class=\"sample\"").skip(1).map(|s| s.split("</span>").next().unwrap()).collect::<String>();
    assert!(!samples.contains("Müller"), "{samples}");
    // And back; an encoding that nobody knows leaves it as it was.
    let said = h.post_with(&path, &with, &[("act", "read"), ("csrf", &csrf), ("encoding", "ebcdic-9")]).await;
    assert!(said.refused, "{} {}", said.status, said.body);
    h.post_with(&path, &with, &[("act", "read"), ("csrf", &csrf), ("encoding", &chosen)]).await;
    assert!(page(&path).await.contains("Müller"));
    let gone = h.post_with(&format!("{path}x"), &with, &[("act", "read"), ("csrf", &csrf)]).await;
    assert_eq!(gone.status, StatusCode::GONE);
}
