//! Every page in every state, with sample data: to be looked at, and checked by machine for what no page may have.
//!
//! Used by the command `preview`. The files stand beside each other and find their style sheet there, so that they open without a server.

mod contact;
mod director;
mod repair;
mod desk;
mod plan;
mod flow;
mod replies;
mod people;
mod access;
mod board;

use askama::Template;

use crate::web::kit::views::accent::accent_css;
use crate::web::kit::views::assets;
use crate::web::kit::views::frame::{Console, Count, Letter, RoundNav, Status, When};

/// File name and HTML of each page.
pub fn pages() -> Vec<(String, String)> {
    let mut all = Vec::new();
    all.extend(contact::pages());
    all.extend(director::pages());
    all.extend(repair::pages());
    all.extend(desk::pages());
    all.extend(people::pages());
    all.extend(access::pages());
    all.extend(board::pages());
    all.extend(plan::pages());
    all.extend(flow::pages());
    all.extend(replies::pages());
    let index = index(&all);
    all.push(("index.html".into(), index));
    all
}

/// What the pages ask for, under the names that they ask for it by.
pub fn assets() -> Vec<(String, String)> {
    vec![
        ("style.css".into(), assets::STYLE.into()),
        ("console.js".into(), assets::CONSOLE_SCRIPT.into()),
        ("assessment.js".into(), assets::ASSESSMENT_SCRIPT.into()),
        (format!("accent-{ACCENT}.css"), accent_css(ACCENT).unwrap_or_default()),
    ]
}

const ACCENT: &str = "0a7d5a";

/// A page as a file: its assets beside it.
fn page(name: &str, page: &impl Template) -> (String, String) {
    let html = page.render().unwrap_or_else(|why| format!("This page could not be rendered: {why}"));
    let html = html.replace("=\"/style.css\"", "=\"style.css\"").replace("=\"/console.js\"", "=\"console.js\"");
    let html = html.replace("=\"/assessment.js\"", "=\"assessment.js\"").replace("=\"/accent/", "=\"accent-");
    (format!("{name}.html"), html)
}

#[derive(Template)]
#[template(path = "pages/frame/index.html")]
struct Index<'a> {
    letter: Letter,
    names: Vec<&'a str>,
}

fn index(all: &[(String, String)]) -> String {
    page(
        "index",
        &Index {
            letter: Letter { lang: "en".into(), ..Letter::default() },
            names: all.iter().map(|(name, _)| name.as_str()).collect(),
        },
    )
    .1
}

fn letter(lang: &str) -> Letter {
    Letter {
        lang: lang.into(),
        client: "Nordwind Logistics".into(),
        logo: None,
        accent: ACCENT.into(),
        team_email: "team@nordwind.example".into(),
    }
}

fn console(here: &'static str) -> Console {
    Console {
        operator: "olga@soundings.example".into(),
        csrf: "c5rf".into(),
        round: Some(RoundNav {
            id: "nordwind-2027".into(),
            client: "Nordwind Logistics".into(),
            title: "Relationship assessment 2027".into(),
            state: Status::good("running"),
            waiting: Count(2),
        }),
        here,
        flash: None,
        notice: None,
    }
}

fn when(text: &str, exact: &str) -> When {
    When::new(text, exact, "2027-02-09T09:00:00Z")
}

/// Where the pages of the sample round live.
fn at(path: &str) -> String {
    format!("/rounds/nordwind-2027{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_whole_and_clean() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/preview");
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in assets() {
            std::fs::write(folder.join(name), text).unwrap();
        }
        // In two halves, so that this file does not say it either.
        let banned = ["sur\u{76}ey", "umfrage", "befragung", "enquête", "sondage"];
        for (name, html) in pages() {
            std::fs::write(folder.join(&name), &html).unwrap();
            assert!(html.trim_end().ends_with("</html>"), "{name} is not whole");
            let lower = html.to_lowercase();
            assert!(!banned.iter().any(|word| lower.contains(word)), "{name} has a banned word");
            for bad in [" style=", "<style", "<script>", "javascript:", " onclick", "http://", "src=\"//"] {
                assert!(!html.contains(bad), "{name} has {bad}, which the content security policy forbids");
            }
            if name.starts_with("assessment") || name.starts_with("opt-out") {
                assert!(!html.contains("name=\"csrf\""), "{name}: contacts have no session");
                assert!(
                    html.len() + assets::STYLE.len() + assets::ASSESSMENT_SCRIPT.len() < 50_000,
                    "{name} is heavier than 50 kB"
                );
            }
            for form in
                html.split("<form").skip(1).filter(|f| name.starts_with("console") && f.contains("method=\"post\""))
            {
                let form = form.split("</form>").next().unwrap();
                assert!(form.contains("name=\"csrf\" value=\"c5rf\""), "{name}: a form without its csrf field");
            }
        }
    }

    #[test]
    fn no_two_pages_have_one_name() {
        let mut names: Vec<String> = pages().into_iter().map(|(name, _)| name).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
