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
        self.ask(Method::GET, path.to_string(), String::new()).await
    }

    /// Fills in the form near these words and presses its button.
    pub async fn press(&mut self, on: &Seen, near: &str, act: &str, typed: &[(&str, &str)]) -> Result<Seen> {
        let form = Form::find(&on.html, near, act)?;
        self.ask(Method::POST, form.action(), form.filled(act, typed)).await
    }

    async fn ask(&mut self, mut method: Method, mut path: String, mut body: String) -> Result<Seen> {
        for _ in 0..MOST_REDIRECTS {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = Request::builder()
                .method(method)
                .uri(&path)
                .header(header::HOST, &self.host)
                .header(header::COOKIE, cookies.join("; "))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(body))
                .map_err(|why| Problem::internal(format!("{path} is no address: {why}.")))?;
            let Ok(response) = self.pages.call(request).await;
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
                return Ok(Seen { path, html: String::from_utf8_lossy(&bytes).into_owned() });
            };
            (method, path, body) = (Method::GET, there, String::new());
        }
        Err(Problem::internal(format!("{path} leads round in a circle.")))
    }
}
