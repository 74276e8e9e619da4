//! What goes wrong, told in one place: a problem becomes a status, a page for people and a document for programs.
//!
//! Handlers return [`Failure`]; the guard turns what it leaves in the answer into a page once it knows who is asking.
//! Causes are logged there, once, and never shown.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::base::problem::{Kind, Problem};

use super::problem_document;
use super::state::Web;
use super::urls;
use super::views::frame::{Letter, Link};
use super::views::notice::Notice;
use super::views::page::respond;
use super::views::phrases::wording::Phrases;
use super::views::problem::ProblemPage;

/// What every handler returns.
pub type Answer = Result<Response, Failure>;

#[derive(Debug)]
pub enum Failure {
    /// Told by the guard.
    Problem(StatusCode, Problem),
    /// A page of its own says what it is.
    Page(Box<Response>),
}

impl Failure {
    pub fn new(status: StatusCode, kind: Kind, what: &str, next: &str) -> Failure {
        Failure::Problem(status, Problem::new(kind, what, next))
    }

    /// The same for what does not exist and for what belongs to somebody else (S11).
    pub fn unknown() -> Failure {
        Problem::not_found("There is nothing at this address.", "Go back, or start from the list of rounds.").into()
    }

    pub fn forbidden(what: &str, next: &str) -> Failure {
        Problem::new(Kind::Forbidden, what, next).into()
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure::Problem(status(problem.kind), problem)
    }
}

impl From<Response> for Failure {
    fn from(page: Response) -> Failure {
        Failure::Page(Box::new(page))
    }
}

/// The one table.
pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Unusable => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Gone => StatusCode::GONE,
        Kind::Refused => StatusCode::CONFLICT,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Why a form was refused whose handler has no page for that: said on the page from which it came, as that page is now.
#[derive(Clone)]
pub struct Sentence(pub String);

/// Left in the answer for [`told`].
#[derive(Clone)]
struct Untold(Arc<Problem>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Failure::Problem(status, problem) => {
                let mut response = status.into_response();
                response.extensions_mut().insert(Untold(Arc::new(problem)));
                response
            }
            Failure::Page(page) => *page,
        }
    }
}

/// Puts the page, or the document, into an answer that a failure has left empty. `language`: that of the page or the browser.
/// `form`: of a POST, whether it says where on a page of ours it stood.
pub fn told(web: &Web, path: &str, language: &str, form: Option<bool>, mut response: Response) -> Response {
    let Some(Untold(problem)) = response.extensions_mut().remove::<Untold>() else {
        let is_bare = urls::is_of_the_api(path) && problem_document::is_missing(&response);
        return if is_bare { problem_document::of_status(response.status()) } else { response };
    };
    // Which methods an address takes instead.
    let allow = response.headers_mut().remove(header::ALLOW);
    let status = response.status();
    let posted = form.is_some();
    let refused = posted
        && urls::is_of_the_console(path)
        && match status {
            StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => true,
            // It was there when the page was made.
            StatusCode::NOT_FOUND => form == Some(true),
            _ => false,
        };
    let reference = match problem.kind {
        Kind::Internal | Kind::Unavailable => {
            let reference = web.ctx.ids.new_id(web.ctx.clock.now());
            let cause = problem.cause.as_ref().map(ToString::to_string).unwrap_or_default();
            tracing::error!(%reference, what = problem.what, cause, "a page could not be served");
            reference
        }
        _ => String::new(),
    };
    let mut told = if urls::is_of_the_api(path) {
        problem_document::of(status, &problem, &reference)
    } else if problem.kind == Kind::NotFound && !posted && !urls::is_behind_the_log_in(path) {
        // Whoever came here by a link that was cut or mistyped reads his own language.
        respond(status, &Notice::unknown_link(language))
    } else if problem.kind.is_ours() && urls::is_of_a_visitor(path) {
        // What it is with our disks is nothing that they could mend.
        let words = Phrases::of(language);
        let letter = Letter { lang: words.code.into(), ..Letter::default() };
        let page = ProblemPage {
            letter,
            status: status.as_u16(),
            what: if problem.may_be_saved { words.may_be_saved } else { words.later }.into(),
            next: String::new(),
            links: Vec::new(),
            reference,
        };
        respond(status, &page)
    } else if urls::is_of_a_contact(path) && Phrases::of(language).code != "en" {
        // What exactly a browser has sent matters less than that it is said in his own language, title and all.
        let words = Phrases::of(language);
        let page = ProblemPage {
            letter: Letter { lang: words.code.into(), ..Letter::default() },
            status: status.as_u16(),
            what: words.later.into(),
            next: words.unknown_next.into(),
            links: Vec::new(),
            reference,
        };
        respond(status, &page)
    } else {
        let page = ProblemPage {
            letter: Letter { lang: "en".into(), ..Letter::default() },
            status: status.as_u16(),
            what: problem.what.clone(),
            next: problem.page_next(),
            links: links(path, posted && leads_back(status)),
            reference,
        };
        respond(status, &page)
    };
    // The page from which the form came says it.
    if refused {
        told.extensions_mut().insert(Sentence(problem.for_page()));
    }
    if status == StatusCode::UNAUTHORIZED {
        told.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
    }
    if let Some(allow) = allow {
        told.headers_mut().insert(header::ALLOW, allow);
    }
    told
}

/// Whether the page of a refused form is still there.
fn leads_back(status: StatusCode) -> bool {
    status.is_client_error() && !matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE)
}

/// Contacts and directors have no list of rounds to go back to. `form`: a form of the page at this path was refused.
fn links(path: &str, form: bool) -> Vec<Link> {
    let console = urls::is_of_an_operator(path);
    let page = Some(Link::new("Back to the page", path)).filter(|_| form && !urls::is_of_the_log_in(path));
    page.into_iter().chain(console.then(|| Link::new("All rounds", urls::ROUNDS))).collect()
}
