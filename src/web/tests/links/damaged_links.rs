//! Links as mail programs hand them back.

use axum::http::{Method, StatusCode};

use crate::base::tokens;
use crate::steps::context::Purpose;
use crate::web::tests::fixture::*;

/// What stands behind a link, as a browser would ask for it.
const BEHIND: [&str; 14] =
    ["/", ".", ")", "]", "'", ",", "%22", "%3E", "%5D", "%2E", "%C2%A0", "%E2%80%8B", "%E2%80%9D", "%3Cbr%3E"];

async fn doors(h: &House) -> Vec<String> {
    let person = &h.people(FIRST).await[0];
    let request = &h.requests(FIRST).await[0].0;
    vec![
        h.link(Purpose::SignOff, &request.id),
        h.link(Purpose::Assessment, &person.id),
        h.link(Purpose::OptOut, &person.id),
        h.login_link().await,
    ]
}

#[tokio::test]
async fn every_link_opens_whatever_a_mail_program_leaves_behind_it_in_both_ways_of_writing() {
    let h = house().await;
    for ours in doors(&h).await {
        let page = h.get(&ours).await;
        assert_eq!(page.status, StatusCode::OK, "{ours}");
        let (door, secret) = ours.rsplit_once('/').unwrap();
        let before = tokens::read(secret).unwrap().text_before();
        for text in [secret, &before] {
            for behind in std::iter::once("").chain(BEHIND) {
                let said = h.get(&format!("{door}/{text}{behind}")).await;
                assert_eq!((said.status, &said.body), (StatusCode::OK, &page.body), "{door}/{text}{behind}");
            }
        }
        // The twin: one letter more or less is no link.
        for wrong in [format!("{ours}x"), format!("{ours}%41"), ours[..ours.len() - 1].to_string()] {
            assert!(h.get(&wrong).await.status.is_client_error(), "{wrong}");
        }
    }
}

#[tokio::test]
async fn one_click_is_taken_at_a_link_with_a_sign_behind_it() {
    let h = house().await;
    let person = &h.people(FIRST).await[0];
    let said =
        h.post(&format!("{}%3E", h.link(Purpose::OptOut, &person.id)), &[("List-Unsubscribe", "One-Click")]).await;
    assert_eq!(said.status, StatusCode::OK);
    assert!(said.header("location").is_empty() && h.person(&person.id).await.opted_out_at.is_some());
}

#[tokio::test]
async fn a_cut_link_is_told_from_an_unknown_one_in_the_language_of_the_browser() {
    let h = house().await;
    let unknown = h.ctx.key.link("assessment", "nobody");
    let links = doors(&h).await;
    for ours in links.iter().take(3) {
        let door = ours.rsplit_once('/').unwrap().0;
        for (languages, code, cut, replaced) in [
            ("de-CH,en;q=0.5", "de", "abgeschnitten", "ersetzt"),
            ("fr", "fr", "coupé", "remplacé"),
            ("ja", "en", "may have cut the link", "was replaced"),
            ("", "en", "may have cut the link", "was replaced"),
        ] {
            let with = [("accept-language", languages)];
            for short in [&ours[..ours.len() - 1], &ours[..ours.len() - 20], door, &format!("{door}/")] {
                let said = h.send(Method::GET, short, &with, "").await;
                assert_eq!(said.status, StatusCode::NOT_FOUND, "{short}");
                assert!(
                    said.body.contains(&format!("lang=\"{code}\"")) && said.body.contains(cut),
                    "{short}: {}",
                    said.body
                );
            }
            let chosen = h.send(Method::GET, &format!("{door}?language=fr"), &with, "").await;
            assert!(chosen.body.contains("lang=\"fr\"") && chosen.body.contains("coupé"), "{}", chosen.body);
            let said = h.send(Method::GET, &format!("{door}/{unknown}"), &with, "").await;
            assert_eq!(said.status, StatusCode::NOT_FOUND);
            assert!(said.body.contains(replaced) && !said.body.contains(cut), "{}", said.body);
        }
    }
    let login = links.last().unwrap();
    let said = h.get(&login[..login.len() - 1]).await;
    assert!(said.status == StatusCode::GONE && said.body.contains("may have cut it"), "{}", said.body);
}
