//! What a request says in its query or in its form: names and values, nothing more.
//!
//! Forms are taken in one encoding only, so that no other page can make a browser send one of ours without asking first (S14).
//! Fields that a page does not ask for are not looked at (S23).

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::base::problem::{Kind, Problem};
use crate::rules::text::typed::too_long;
use crate::web::kit::problem::{Failure, Sentence};
use crate::web::kit::state::Web;
use crate::web::kit::views::form::LINES;

/// As much as a page is ever sent.
pub const LARGEST_BODY: usize = 256 * 1024;
/// The settings of a round have a row for each of up to a thousand who sign.
pub const LARGEST_SETTINGS: usize = 1024 * 1024;

#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>, Option<String>);

impl Fields {
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Fields {
        Fields(pairs.into_iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(), None)
    }

    /// Why a form of this page was refused that has no other place to say it.
    pub fn refusal(&self) -> Option<&str> {
        self.1.as_deref()
    }

    /// The same, with why a form was refused.
    pub fn with_refusal(self, sentence: String) -> Fields {
        Fields(self.0, Some(sentence))
    }

    /// The same, with what `words` say of a refusal.
    pub fn refused_as(self, words: &Fields) -> Fields {
        Fields(self.0, words.1.clone())
    }

    /// The first of that name, trimmed; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// All names and values, as they were sent.
    pub fn pairs(&self) -> impl DoubleEndedIterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Which lines are longer than what is kept, each with a sentence for the place beside it.
    pub fn too_long(&self) -> impl Iterator<Item = (&'static str, String)> {
        LINES.into_iter().filter_map(|name| Some((name, too_long(self.get(name))?)))
    }

    /// Everything called `prefix.NAME`, by NAME, as it was typed.
    pub fn under(&self, prefix: &str) -> BTreeMap<String, String> {
        let named = |(key, value): &(String, String)| {
            key.strip_prefix(prefix)
                .and_then(|rest| rest.strip_prefix('.'))
                .map(|name| (name.to_string(), value.clone()))
        };
        self.0.iter().filter_map(named).collect()
    }
}

/// What stands behind the question mark. Unreadable: as if nothing stood there.
pub struct Words(pub Fields);

impl<S: Sync> FromRequestParts<S> for Words {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Words, Infallible> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|Query(pairs)| pairs);
        let refusal = parts.extensions.get::<Sentence>().map(|Sentence(text)| text.clone());
        Ok(Words(Fields(pairs.unwrap_or_default(), refusal)))
    }
}

impl FromRequest<Web> for Fields {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Web) -> Result<Fields, Failure> {
        match Form::<Vec<(String, String)>>::from_request(request, web).await {
            Ok(Form(pairs)) => Ok(Fields(pairs, None)),
            Err(rejection) => Err(refused(rejection)),
        }
    }
}

fn refused(rejection: FormRejection) -> Failure {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Failure::forbidden(
            "This form did not come from one of our pages.",
            "Go back, reload the page and try again. Nothing was changed.",
        ),
        _ => Failure::new(
            StatusCode::BAD_REQUEST,
            Kind::Unusable,
            "The form arrived in a way that cannot be read.",
            "Go back, reload the page and try again. Nothing was changed.",
        ),
    }
}

pub fn too_large() -> Failure {
    Problem::new(Kind::TooLarge, "What was sent is larger than a page of ours can be.", "Shorten it and send it again.")
        .into()
}

pub fn settings_too_large() -> Failure {
    Problem::new(
        Kind::TooLarge,
        "These settings are longer than one page of ours can be (1 MB), so nothing was changed.",
        "Take out whoever needs no row under “Who signs”, or shorten the texts, then save them again.",
    )
    .into()
}
