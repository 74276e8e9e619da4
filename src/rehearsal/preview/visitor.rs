//! A browser in this process: asks the router for pages, keeps cookies, follows redirects, fills in forms.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

use crate::base::problem::{Problem, Result};

use super::forms::{Form, attribute};

/// Larger than any page.
const LARGEST: usize = 4 << 20;
const MOST_REDIRECTS: usize = 4;
const FORM: &str = "application/x-www-form-urlencoded";
/// Between the parts of a form that brings a file.
const EDGE: &str = "edge-of-a-part";

pub struct Visitor {
    pages: TowerToHyperService<Router>,
    host: String,
    cookies: BTreeMap<String, String>,
}

/// A page as it came.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// With what stands behind the `?`.
    pub path: String,
    /// What the server said on the way to this page, redirects included: a refused form is 303, then 200.
    pub statuses: Vec<u16>,
    pub html: String,
}

impl Seen {
    /// The first link on this page that begins so and has these words on it.
    pub fn link(&self, words: &str, begins: &str) -> Result<String> {
        let links = self.html.split("<a ").skip(1).filter_map(|link| link.split("</a>").next());
        let href = |link: &str| attribute(&format!(" {link}"), "href");
        let mut found = links.filter(|link| link.contains(words)).map(href).filter(|href| href.starts_with(begins));
        let missing = || Problem::internal(format!("{} has no link to {begins} with {words}.", self.path));
        found.next().map(|href| href.split('#').next().unwrap_or_default().to_string()).ok_or_else(missing)
    }
}

impl Visitor {
    pub fn new(router: Router, base_url: &str) -> Visitor {
        let host = base_url.split_once("://").map_or(base_url, |(_, host)| host).to_string();
        Visitor { pages: TowerToHyperService::new(router), host, cookies: BTreeMap::new() }
    }

    pub async fn open(&mut self, path: &str) -> Result<Seen> {
        self.ask(Method::GET, path.to_string(), FORM, String::new()).await
    }

    /// Fills in the form near these words and presses its button.
    pub async fn press(&mut self, on: &Seen, near: &str, act: &str, typed: &[(&str, &str)]) -> Result<Seen> {
        let form = Form::find(&on.html, near, act)?;
        self.ask(Method::POST, form.action(act), FORM, form.filled(act, typed)).await
    }

    /// Chooses a file in the form of a page that takes one, and presses its button.
    pub async fn send_file(&mut self, on: &Seen, name: &str, content: &str) -> Result<Seen> {
        let csrf = on.html.split("data-upload").nth(1).map_or_else(String::new, |form| attribute(form, "value"));
        let part =
            |head: &str, body: &str| format!("--{EDGE}\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
        let file = part(&format!("name=\"file\"; filename=\"{name}\""), content);
        let body = format!("{}{file}--{EDGE}--\r\n", part("name=\"csrf\"", &csrf));
        self.ask(Method::POST, on.path.clone(), &format!("multipart/form-data; boundary={EDGE}"), body).await
    }

    async fn ask(&mut self, mut method: Method, mut path: String, kind: &str, mut body: String) -> Result<Seen> {
        let mut statuses = Vec::new();
        for _ in 0..MOST_REDIRECTS {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = Request::builder()
                .method(method)
                .uri(&path)
                .header(header::HOST, &self.host)
                .header(header::COOKIE, cookies.join("; "))
                .header(header::CONTENT_TYPE, kind)
                .body(Body::from(body))
                .map_err(|why| Problem::internal(format!("{path} is no address: {why}.")))?;
            let Ok(response) = self.pages.call(request).await;
            let status = response.status();
            if status.is_server_error() {
                return Err(Problem::internal(format!("{path} was answered with {status}.")));
            }
            statuses.push(status.as_u16());
            let header = |name| response.headers().get_all(name).iter().filter_map(|value| value.to_str().ok());
            for cookie in header(header::SET_COOKIE) {
                let pair = cookie.split(';').next().unwrap_or_default();
                if let Some((name, value)) = pair.split_once('=') {
                    self.cookies.insert(name.into(), value.into());
                }
            }
            let there = header(header::LOCATION).next().map(|to| to.split('#').next().unwrap_or_default().to_string());
            let Some(there) = there else {
                let bytes = to_bytes(response.into_body(), LARGEST).await;
                let bytes = bytes.map_err(|why| Problem::internal(format!("{path} broke off: {why}.")))?;
                return Ok(Seen { path, statuses, html: String::from_utf8_lossy(&bytes).into_owned() });
            };
            (method, path, body) = (Method::GET, there, String::new());
        }
        Err(Problem::internal(format!("{path} leads round in a circle.")))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::response::Redirect;
    use axum::routing::{get, post};

    use super::*;

    #[tokio::test]
    async fn what_the_server_says_is_kept_and_a_fault_of_it_is_no_page() {
        let page = "<form method=\"post\" action=\"/sent\"><button name=\"act\" value=\"go\"></form>";
        let router = Router::new()
            .route("/form", get(async move || page))
            .route("/sent", post(async || Redirect::to("/gone")))
            .route("/gone", get(async || (StatusCode::GONE, "It is over.")))
            .route("/refused", get(async || StatusCode::UNPROCESSABLE_ENTITY))
            .route("/broken", get(async || (StatusCode::INTERNAL_SERVER_ERROR, "<html></html>")))
            .route("/leads-there", get(async || Redirect::to("/broken")));
        let mut visitor = Visitor::new(router, "https://soundings.example");
        let form = visitor.open("/form").await.unwrap();
        let gone = visitor.press(&form, "<form", "go", &[]).await.unwrap();
        assert_eq!((form.statuses, gone.statuses, gone.html.as_str()), (vec![200], vec![303, 410], "It is over."));
        assert_eq!(visitor.open("/refused").await.unwrap().statuses, [422]);
        for path in ["/broken", "/leads-there"] {
            let problem = visitor.open(path).await.unwrap_err().to_string();
            assert!(problem.contains("/broken was answered with 500"), "{problem}");
        }
    }
}
