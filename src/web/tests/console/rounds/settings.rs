//! The settings of a large round: Enter saves, hundreds who sign have a row each, and what is too long is told in one sentence.

use std::fs;
use std::path::{Path, PathBuf};

use axum::http::StatusCode;

use crate::web::kit::forms::fields::{LARGEST_BODY, LARGEST_SETTINGS};
use crate::web::kit::forms::query::escape;
use crate::web::tests::fixture::*;

use super::making::Desk;

/// The buttons of the form that has this attribute, as they stand on the page.
fn buttons<'b>(body: &'b str, form: &str) -> Vec<&'b str> {
    let form = body.split("<form ").find(|f| f.split('>').next().unwrap().contains(form)).unwrap();
    form.split("</form>")
        .next()
        .unwrap()
        .split("<button")
        .skip(1)
        .map(|b| b.split("</button>").next().unwrap())
        .collect()
}

#[tokio::test]
async fn enter_in_a_field_of_the_settings_saves_them() {
    let d = Desk::open().await;
    d.make(&[]).await;
    let draft = d.get("/rounds/acme-2028/settings").await.body;
    let running = d.get(&format!("/rounds/{FIRST}/settings")).await.body;
    for (body, saves) in [(&draft, "confirm"), (&running, "look")] {
        // The first button of a form is the one that Enter presses.
        let all = buttons(body, "class=\"plan\"");
        assert!(all.len() > 2 && all[0].contains(&format!("value=\"{saves}\"")), "{all:?}");
    }
    // Who adds a row stands at it afterwards.
    let there = "formaction=\"/rounds/acme-2028/settings#settings-director-1-email\"";
    assert!(draft.contains(there), "{draft}");
    let more = d.save("/rounds/acme-2028/settings", "add_director", &[]).await.body;
    assert!(more.contains("id=\"settings-director-1-email\"") && more.contains("#settings-director-2-email"), "{more}");
}

/// A list of several answers asks what a list would do before it is loaded: of its two buttons the first one does nothing yet.
const LOOKS_FIRST: &str = "difference.html";

#[test]
fn of_several_buttons_of_a_form_the_first_is_the_one_that_does_it() {
    fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { pages(&path, found) } else { found.push(path) }
        }
    }
    let (mut all, mut several) = (Vec::new(), 0);
    pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/pages"), &mut all);
    for path in all {
        let text = fs::read_to_string(&path).unwrap();
        for form in text.split("<form ").skip(1).map(|f| f.split("</form>").next().unwrap()) {
            let tags = form.split("<button").skip(1).map(|b| b.split('>').next().unwrap());
            let named: Vec<&str> = tags.filter(|tag| tag.contains(" name=\"")).collect();
            if named.len() < 2 || path.ends_with(LOOKS_FIRST) {
                continue;
            }
            several += 1;
            let lesser = |tag: &str| tag.contains("class=\"quiet\"") || tag.contains("class=\"link\"");
            assert!(!lesser(named[0]), "{}: {named:?}", path.display());
        }
    }
    assert!(several >= 4, "only {several} forms with several buttons were found");
}

#[tokio::test]
async fn three_hundred_who_sign_have_a_row_each_and_more_than_fits_is_told() {
    let d = Desk::open().await;
    d.make(&[]).await;
    let path = "/rounds/acme-2028/settings";
    let row = |n: usize| {
        let name = format!("Константин Александрович Преображенский-Воскресенский {n}");
        let email = |who: &str| format!("{who}.konstantin.preobrazhenskij.{n}@acme-subsidiaries.example");
        [
            ("email", email("director")),
            ("country", "DE".into()),
            ("region", "BY".into()),
            ("deputy", name.clone()),
            ("deputy_email", email("deputy")),
            ("regional_head", name),
            ("regional_head_email", email("head")),
        ]
        .map(|(key, value)| (format!("director-{n}-{key}"), value))
    };
    let rows: Vec<(String, String)> = (1..=300).flat_map(row).collect();
    let mut typed: Vec<(&str, &str)> = rows.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    typed.push(("directors", "300"));
    let size: usize = typed.iter().map(|(name, value)| escape(name).len() + escape(value).len() + 2).sum();
    assert!(size > LARGEST_BODY && size < LARGEST_SETTINGS, "{size}");
    let manager = [("senders.team.name", "Kim Lee"), ("senders.team.email", "kim@acme.test")];
    typed.extend(manager);
    let said = d.save(path, "confirm", &typed).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let page = d.get(path).await.body;
    assert!(page.contains("name=\"director-300-email\"") && page.contains("name=\"directors\" value=\"300\""));
    // What stands there and is wrong is told for each, and nothing is lost.
    let wrong =
        d.save(path, "confirm", &[("director-7-deputy_email", "nobody"), ("director-299-country", "Bavaria")]).await;
    assert!(wrong.body.contains("id=\"settings-director-7-deputy_email-error\""), "{}", wrong.status);
    assert!(wrong.body.contains("#settings-director-299-country"), "{}", wrong.status);
    // Beyond: one sentence.
    let length = (LARGEST_SETTINGS + 1).to_string();
    let headers = [("content-length", length.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let said = d.house.send(axum::http::Method::POST, path, &headers, "x").await;
    assert_eq!(said.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(said.body.contains("These settings are longer than one page of ours can be (1 MB)"), "{}", said.body);
    let elsewhere = d.house.send(axum::http::Method::POST, "/rounds/acme-2028/questions", &headers, "x").await;
    assert!(!elsewhere.body.contains("These settings"), "{}", elsewhere.body);
}
