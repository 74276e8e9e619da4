//! Pages as files that open without a server: what they ask for is written beside them, and an index names them by moments.
//! Links on them lead to the server that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::base::problem::{Problem, Result};

use super::book::{Book, Page, UNSEEN};

/// A file of the preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What the server said on the way to this page, for who compares pages; nothing for what is no page.
    pub statuses: Vec<u16>,
    pub text: String,
}

/// By file name.
pub type Files = BTreeMap<String, File>;

pub async fn files(book: &mut Book, pages: Vec<Page>) -> Result<Files> {
    let (mut files, mut asked) = (BTreeMap::new(), BTreeSet::new());
    let beside_pages = |text: String| File { statuses: Vec::new(), text };
    files.insert("index.html".to_string(), beside_pages(index(&pages)));
    for page in &pages {
        let name = page.file();
        let mut html = without_events(&page.text);
        for asset in assets(&html) {
            html = html.replace(&format!("=\"{asset}\""), &format!("=\"{}\"", beside(&asset)));
            asked.insert(asset);
        }
        // The letter in its frame.
        let framed =
            pages.iter().find(|other| !other.path.is_empty() && html.contains(&format!("src=\"{}\"", other.path)));
        if let Some(framed) = framed {
            html = html.replace(&format!("src=\"{}\"", framed.path), &format!("src=\"{}\"", framed.file()));
        }
        if files.insert(name.clone(), File { statuses: page.statuses.clone(), text: html }).is_some() {
            return Err(Problem::internal(format!("Two pages are called {name}.")));
        }
    }
    for asset in asked {
        let seen = book.open(UNSEEN, &asset).await?;
        if seen.statuses != [200] {
            return Err(Problem::internal(format!("A page asks for {asset}: {:?}.", seen.statuses)));
        }
        files.insert(beside(&asset), beside_pages(seen.html));
    }
    Ok(files)
}

/// A page as it would be where nothing is told while it is open: no server is there to tell it, and up to which change the page is would
/// be another number each time.
fn without_events(html: &str) -> String {
    let mut html = html.to_string();
    for attribute in [" data-events=\"", " data-change=\""] {
        if let Some((before, rest)) = html.split_once(attribute)
            && let Some((_, after)) = rest.split_once('"')
        {
            html = format!("{before}{after}");
        }
    }
    html
}

/// `/accent/14595c.css` as a file.
fn beside(asset: &str) -> String {
    asset.trim_start_matches('/').replace('/', "-")
}

/// Style sheets and scripts.
fn assets(html: &str) -> Vec<String> {
    let asked = html.split("=\"/").skip(1).filter_map(|rest| rest.split('"').next());
    let mut assets: Vec<String> =
        asked.filter(|path| path.ends_with(".css") || path.ends_with(".js")).map(|path| format!("/{path}")).collect();
    assets.sort_unstable();
    assets.dedup();
    assets
}

fn index(pages: &[Page]) -> String {
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Every page and mail</title>\n<link rel=\"stylesheet\" href=\"style.css\">\n</head>\n<body class=\"letter\">\n<main>\n\
         <h1>Every page and mail of a round</h1>\n",
    );
    let mut moment = "";
    for page in pages {
        if page.moment != moment {
            let close = if moment.is_empty() { "" } else { "</ul>\n" };
            moment = &page.moment;
            let _ = writeln!(out, "{close}<h2>{moment}</h2>\n<ul>");
        }
        let file = page.file();
        let _ = writeln!(out, "<li><a href=\"{file}\">{file}</a></li>");
    }
    out.push_str("</ul>\n</main>\n</body>\n</html>\n");
    out
}
