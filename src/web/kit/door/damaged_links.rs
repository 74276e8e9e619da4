//! Links as they come back from mail programs: with signs behind them, encoded once more, cut off. The page opens all the same, and where
//! it cannot, it says which of the two it is, a link that was cut or one that is unknown, in the language of whoever reads it.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::base::tokens;
use crate::steps::context::Purpose;
use crate::web::kit::problem::Failure;
use crate::web::kit::views::notice::Notice;
use crate::web::kit::views::page::respond;
use crate::web::kit::views::phrases::wording::Phrases;

/// In the place of a secret that is none.
const NONE: &str = "-";

/// Before the router sees it: the path as we would have written it.
pub async fn straighten(mut request: Request, next: Next) -> Response {
    if let Some(straight) = straight(request.uri()) {
        *request.uri_mut() = straight;
    }
    next.run(request).await
}

/// Of a path behind a mailed link: the door, and what stands behind it. A link may have been cut within its door, too.
fn behind_a_door(path: &str) -> Option<(&'static str, &str)> {
    let path = path.trim_start_matches('/');
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let is_cut = |door: &str| rest.is_empty() && !first.is_empty() && door.starts_with(first);
    Purpose::ALL.map(Purpose::word).into_iter().find(|door| *door == first || is_cut(door)).map(|door| (door, rest))
}

fn straight(uri: &Uri) -> Option<Uri> {
    let (door, rest) = behind_a_door(uri.path())?;
    let rest = rest.trim_start_matches('/');
    let (said, below) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let secret = tokens::read(&decoded(said)).map_or(NONE.into(), |secret| secret.text());
    // A page below this one keeps its name. A slash alone names none, nor does one among other signs: `</a>`.
    let is_page = said == secret && decoded(below).contains(|c: char| c.is_ascii_alphanumeric());
    let below = if is_page { below } else { "" };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(format!("/{door}/{secret}{below}{query}").parse().ok()?);
    Uri::from_parts(parts).ok()
}

/// What is percent-encoded, as it was meant.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        if let (b'%', Some(high), Some(low)) = (*byte, hex(at + 1), hex(at + 2)) {
            out.push((high * 16 + low) as u8);
            at += 3;
        } else {
            out.push(*byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Left in the answer for [`told`].
#[derive(Clone)]
struct Unknown;

/// What a page behind a link answers when it knows no such link.
pub fn unknown() -> Failure {
    let mut response = StatusCode::NOT_FOUND.into_response();
    response.extensions_mut().insert(Unknown);
    response.into()
}

/// Whether the link in this path is whole. A cut one can only be opened from the mail again.
pub fn is_whole(path: &str) -> bool {
    behind_a_door(path).is_some_and(|(_, secret)| tokens::read(secret).is_some())
}

/// Puts the page into an answer that [`unknown`] has left empty.
pub fn told(path: &str, reader: &Phrases, mut response: Response) -> Response {
    if response.extensions_mut().remove::<Unknown>().is_none() {
        return response;
    }
    let notice = if is_whole(path) { Notice::unknown_link(reader.code) } else { Notice::cut_link(reader.code) };
    respond(StatusCode::NOT_FOUND, &notice)
}

/// In whose words to speak to somebody of whom nothing is known: what was chosen on the page, else what the browser asks for.
pub fn language(uri: &Uri, headers: &HeaderMap) -> &'static Phrases {
    let chosen = uri.query().unwrap_or("").split('&').find_map(|pair| pair.strip_prefix("language="));
    let stated = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let stated = stated.collect::<Vec<_>>().join(",");
    Phrases::preferred(chosen.filter(|code| Phrases::of(code).is(code)).unwrap_or(&stated))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::Ids;
    use crate::base::seal::SecretKey;

    fn path(of: &str) -> Option<String> {
        straight(&of.parse().unwrap()).map(|uri| uri.to_string())
    }

    #[test]
    fn whatever_stands_behind_a_link_the_path_is_the_one_that_we_wrote() {
        let secret = SecretKey::draw(&Ids::seeded(1)).secret("x", "y");
        for door in Purpose::ALL.map(Purpose::word) {
            let ours = format!("/{door}/{}", secret.text());
            for behind in [
                "",
                "/",
                "//",
                ".",
                ",",
                ")",
                "]",
                "'",
                "%22",
                "%3E",
                "%3e",
                "%5D",
                "%29",
                "%2E",
                "%2C",
                "%2F",
                "%C2%A0",
                "%E2%80%8B",
                "%EF%BB%BF",
                "%253E",
                "%A0",
                "%",
                "%2",
                "%0D%0A",
                "%20and%20more",
                "/.",
                "/)",
                "&gt;",
                "*",
                ";",
                "=",
                "./",
            ] {
                for text in [secret.text(), secret.text_before()] {
                    let asked = format!("/{door}/{text}{behind}");
                    assert_eq!(path(&asked).as_deref(), Some(ours.as_str()), "{asked}");
                    assert_eq!(path(&format!("{asked}?page=2")), Some(format!("{ours}?page=2")), "{asked}");
                }
            }
            assert_eq!(path(&format!("{ours}/names")), Some(format!("{ours}/names")));
            let absolute = format!("http://x.example{ours}");
            assert_eq!(path(&format!("{absolute}.")), Some(absolute));
        }
    }

    #[test]
    fn somebody_of_whom_nothing_is_known_is_spoken_to_in_his_browsers_language() {
        let said = |stated: &str, chosen: &str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, stated.parse().unwrap())]);
            language(&format!("/x?language={chosen}").parse().unwrap(), &headers).code
        };
        assert_eq!(said("de-AT,de;q=0.9,en;q=0.8", ""), "de");
        assert_eq!(said("nl-NL, fr;q=0.7, en;q=0.3", ""), "fr");
        assert_eq!(said("en;q=0.2,FR-CH;q=0.9", ""), "fr");
        assert_eq!(said("de;q=0, fr", ""), "fr");
        assert_eq!(said("xx, *;q=0.5", ""), "en");
        assert_eq!(said(";;;q=,", ""), "en");
        assert_eq!(said("de", "fr"), "fr");
        assert_eq!(said("de", "../x"), "de");
    }

    #[test]
    fn a_link_without_a_secret_still_leads_to_its_door_and_other_paths_are_left_alone() {
        for asked in ["/assessment", "/assessment/", "/assessment/x", "/assessment/%FF%FE", "//assessment/%2F"] {
            assert_eq!(path(asked).as_deref(), Some("/assessment/-"), "{asked}");
        }
        for (cut, door) in
            [("/assess", "assessment"), ("/opt-", "opt-out"), ("/s", "sign-off"), ("/repair?x", "repair")]
        {
            let query = if cut.ends_with("?x") { "?x" } else { "" };
            assert_eq!(path(cut), Some(format!("/{door}/-{query}")), "{cut}");
        }
        for other in [
            "/",
            "/rounds",
            "/rounds/x",
            "/assessments/x",
            "/assess/x",
            "/log-in",
            "/log-out",
            "/style.css",
            "/sending",
            "/api/v1/rounds",
        ] {
            assert_eq!(path(other), None, "{other}");
        }
    }
}
