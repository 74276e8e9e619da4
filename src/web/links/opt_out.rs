//! Not being asked: the page with a choice for people, this round or never again, and the one-click POST of RFC 8058 for mail programs,
//! which means never again.
//!
//! The one click needs no page, no cookie and no session, answers 200 without a redirect, and may come as often as it likes. The page
//! itself does nothing before a choice is made, because scanners open links and press buttons.

use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::rules::journal::Actor;
use crate::rules::questionnaire::chosen_language;
use crate::steps::contacts::opt_out::{Length, OptOut, OptOutLink, opt_out_page};
use crate::web::kit::door::{damaged_links, guard};
use crate::web::kit::forms::fields::{Fields, LARGEST_BODY, Words, too_large};
use crate::web::kit::frames::letter;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::notice::{Notice, OptOutPage, every_language};
use crate::web::kit::views::page::respond;
use crate::web::kit::views::phrases::wording::Phrases;

pub async fn page(State(web): State<Web>, Path(secret): Path<String>, Words(words): Words) -> Answer {
    let asked = opt_out_page(&web.ctx, &secret).await?.ok_or_else(damaged_links::unknown)?;
    let p = phrases(&asked, &words);
    let letter = letter(&asked.live.spec, p.code);
    Ok(match asked.chosen {
        Some(Length::NeverAgain) => respond(StatusCode::OK, &Notice::opted_out(letter, p).in_every_language("")),
        // Who has chosen this round only may still choose for good.
        Some(Length::ThisRound) | None => respond(StatusCode::OK, &choice(&asked, p, &secret, false)),
    })
}

/// GET `/test-letter`: where the links of a letter lead that an operator has sent to himself.
pub async fn test_letter() -> Response {
    respond(StatusCode::OK, &Notice::test_letter())
}

fn phrases(asked: &OptOutLink, words: &Fields) -> &'static Phrases {
    if let Some(phrases) = Phrases::asked(words.get("language")) {
        return phrases;
    }
    let wanted = ["", asked.language.as_str(), asked.person.language.as_str()];
    Phrases::of(&chosen_language(&asked.live.questionnaire, wanted, &asked.live.spec.language))
}

fn choice(asked: &OptOutLink, p: &'static Phrases, secret: &str, refused: bool) -> OptOutPage {
    OptOutPage {
        letter: letter(&asked.live.spec, p.code),
        phrases: p,
        action: urls::opt_out(secret),
        languages: every_language(p, ""),
        refused,
        out_of_this_round: asked.chosen == Some(Length::ThisRound),
        former: asked.former.as_ref().map(|email| email.to_string()),
    }
}

pub async fn act(State(web): State<Web>, Path(secret): Path<String>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await.map_err(|_| too_large())?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_string();
    if is_one_click(&kind, &body) {
        return Ok(
            match web
                .ctx
                .order(&Actor::Visitor, OptOut { secret: secret.clone(), length: Length::NeverAgain, how: "one click" })
                .await?
            {
                true => (StatusCode::OK, "You get no more of these messages.\n").into_response(),
                false => return Err(damaged_links::unknown()),
            },
        );
    }
    if guard::is_foreign(&web, &parts.headers) {
        return Err(guard::foreign());
    }
    let request = Request::from_parts(parts, axum::body::Body::from(body));
    let fields = <Fields as axum::extract::FromRequest<Web>>::from_request(request, &web).await?;
    choose(&web, &secret, &fields).await
}

async fn choose(web: &Web, secret: &str, fields: &Fields) -> Result<Response, Failure> {
    let asked = opt_out_page(&web.ctx, secret).await?.ok_or_else(damaged_links::unknown)?;
    let p = phrases(&asked, fields);
    let letter = letter(&asked.live.spec, p.code);
    Ok(match fields.get("choice") {
        "stop" => {
            web.ctx
                .order(
                    &Actor::Visitor,
                    OptOut { secret: secret.to_string(), length: Length::NeverAgain, how: "on the page" },
                )
                .await?;
            respond(StatusCode::OK, &Notice::stopped(letter, p).in_every_language(""))
        }
        "round" if asked.chosen == Some(Length::NeverAgain) => respond(StatusCode::OK, &Notice::opted_out(letter, p)),
        "round" => {
            web.ctx
                .order(
                    &Actor::Visitor,
                    OptOut { secret: secret.to_string(), length: Length::ThisRound, how: "on the page" },
                )
                .await?;
            respond(StatusCode::OK, &Notice::paused(letter, p))
        }
        // Only a person takes an opt-out back: the page says what holds.
        "keep" => match asked.chosen {
            Some(Length::NeverAgain) => respond(StatusCode::OK, &Notice::opted_out(letter, p)),
            Some(Length::ThisRound) => respond(StatusCode::OK, &Notice::paused(letter, p)),
            None => respond(StatusCode::OK, &Notice::kept(letter, p)),
        },
        _ => respond(StatusCode::UNPROCESSABLE_ENTITY, &choice(&asked, p, secret, true)),
    })
}

const NAME: &str = "List-Unsubscribe";
const VALUE: &str = "One-Click";

/// Whether the body is the one field of RFC 8058. Mail programs differ in how they label and wrap it; nobody sends it by mistake, so the
/// label is not asked.
fn is_one_click(kind: &str, body: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(body) else { return false };
    let text = text.trim_start_matches('\u{feff}').trim();
    let parts = kind.split_once(';').and_then(|(_, rest)| boundary(rest));
    // Some name another boundary than they use, or none: the first line is one.
    let used = text.strip_prefix("--").and_then(|rest| rest.lines().next()).map(|line| line.trim_end().to_string());
    let in_part = parts.into_iter().chain(used).any(|boundary| !boundary.is_empty() && has_part(text, &boundary));
    in_part || text.split(['&', '\n']).any(is_the_pair)
}

fn is_the_pair(pair: &str) -> bool {
    let Some((name, value)) = pair.split_once('=') else { return false };
    decoded(name).eq_ignore_ascii_case(NAME) && decoded(value).eq_ignore_ascii_case(VALUE)
}

/// One word of a form, whether its signs are escaped or not.
fn decoded(word: &str) -> String {
    let word = word.trim().replace("%2D", "-").replace("%2d", "-");
    word.trim_matches('"').to_string()
}

fn boundary(parameters: &str) -> Option<String> {
    let named = parameters.split(';').find_map(|p| {
        let (name, value) = p.trim().split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"').to_string())
    });
    named.filter(|b| !b.is_empty())
}

fn has_part(text: &str, boundary: &str) -> bool {
    let edge = format!("--{boundary}");
    let mut parts = text.split(edge.as_str()).map(|part| part.replace("\r\n", "\n"));
    parts.any(|part| {
        part.trim_start_matches('\n').split_once("\n\n").is_some_and(|(head, value)| {
            let named = head.to_ascii_lowercase().lines().any(|line| {
                let line: String = line.split_whitespace().collect();
                let mut words = line.split(';');
                words.next() == Some("content-disposition:form-data")
                    && words.any(|w| w == "name=\"list-unsubscribe\"" || w == "name=list-unsubscribe")
            });
            named && value.trim().eq_ignore_ascii_case(VALUE)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m04_the_one_click_is_known_however_it_is_labelled_and_wrapped() {
        let said = |kind: &str, body: &str| is_one_click(kind, body.as_bytes());
        let plain = "List-Unsubscribe=One-Click";
        for kind in [
            "application/x-www-form-urlencoded",
            "text/plain; charset=utf-8",
            "",
            "application/octet-stream",
            "nonsense",
        ] {
            for body in [
                plain,
                "List-Unsubscribe=One-Click\r\n",
                "\r\nList-Unsubscribe=One-Click\r\n\r\n",
                "\u{feff}List-Unsubscribe=One-Click",
            ] {
                assert!(said(kind, body), "{kind} {body:?}");
            }
            assert!(said(kind, "list-unsubscribe=one-click") && said(kind, "List%2DUnsubscribe=One%2dClick"), "{kind}");
            assert!(said(kind, "a=b&List-Unsubscribe=One-Click"), "{kind}");
        }
        let part = |edge: &str, end: &str| {
            format!(
                "--{edge}{end}Content-Disposition: form-data; name=\"List-Unsubscribe\"{end}{end}One-Click{end}--{edge}--{end}"
            )
        };
        for end in ["\r\n", "\n"] {
            for kind in [
                "multipart/form-data; boundary=x",
                "Multipart/Form-Data; charset=utf-8; boundary=\"x\"",
                "multipart/form-data",
                "",
                "multipart/form-data; boundary=y",
                "text/plain",
            ] {
                assert!(said(kind, &part("x", end)), "{kind}");
            }
        }
        let unquoted = "--x\r\ncontent-type: text/plain\r\nContent-Disposition:form-data;name=List-Unsubscribe\r\n\r\nOne-Click\r\n--x--";
        assert!(said("multipart/form-data; boundary=x", unquoted));
    }

    #[test]
    fn m04_twin_nothing_else_is_one() {
        let said = |kind: &str, body: &str| is_one_click(kind, body.as_bytes());
        for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""] {
            for body in [
                "",
                "choice=keep",
                "One-Click",
                "List-Unsubscribe",
                "List-Unsubscribe=",
                "List-Unsubscribe=Two-Clicks",
                "x=List-Unsubscribe=One-Click",
                "--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nOne-Click\r\n--x--",
                "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nno\r\n--x--",
                "--",
                "--\r\n\r\nOne-Click",
            ] {
                assert!(!said(kind, body), "{kind} {body:?}");
            }
        }
        assert!(!is_one_click("", b"List-Unsubscribe=One-Click\xff"));
    }
}
